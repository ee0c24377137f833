"""Downloads survive the servers they come from, and nothing held is ever written over."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
import types
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from hidra.core.errors import SourceError
from hidra.data.fetch import RegistryFile, fetch, held

from .server import FlakyServer


def a_zip(seed: int = 1) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        member = zipfile.ZipInfo("datos.csv", (2024, 1, 1, 0, 0, 0))
        archive.writestr(member, random.Random(seed).randbytes(900_000))
    return out.getvalue()


@pytest.fixture
def server() -> Iterator[FlakyServer]:
    with FlakyServer() as running:
        running.bodies = {"/a.zip": a_zip(), "/mirror.zip": a_zip()}
        yield running


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pooch.core.time", types.SimpleNamespace(sleep=lambda seconds: None))


def file(server: FlakyServer, *paths: str, sha256: str | None = None) -> RegistryFile:
    addresses = tuple(server.address + path for path in paths or ("/a.zip",))
    return RegistryFile("inegi_deaths", "a.zip", addresses, sha256, None, 2021, 2021, "")


def get(wanted: RegistryFile, folder: Path, today: str = "2026-11-21", **more: object):
    return fetch([wanted], folder, today=today, timeout=(2, 0.5), **more)[0]  # type: ignore[arg-type]


def test_a_file_arrives_with_its_origin_beside_it(server, tmp_path) -> None:
    seen: list[float | None] = []
    kept = get(file(server), tmp_path, progress=lambda words, share: seen.append(share))
    assert kept.path.read_bytes() == a_zip()
    assert kept.path == tmp_path / "2026-11-21" / "a.zip"
    origin = json.loads((tmp_path / "2026-11-21" / "a.zip.origin.json").read_text())
    assert origin["address"].endswith("/a.zip")
    assert origin["sha256"] == hashlib.sha256(a_zip()).hexdigest()
    assert origin["bytes"] == len(a_zip())
    assert seen[-1] == 1.0


@pytest.mark.parametrize("manner", ["drop", "slow"])
def test_a_broken_download_goes_on_where_it_stopped(server, tmp_path, manner) -> None:
    server.manner["/a.zip"] = [manner]
    kept = get(file(server), tmp_path)
    assert kept.path.read_bytes() == a_zip()
    assert len(server.asked) == 2
    begun = int(server.asked[1][1].removeprefix("bytes=").rstrip("-"))
    assert begun > len(a_zip()) // 2 - 2**16, "the second request asks for the rest only"


def test_the_next_call_resumes_what_a_killed_one_left(server, tmp_path) -> None:
    server.manner["/a.zip"] = ["drop", "busy"]
    with pytest.raises(SourceError):
        get(file(server), tmp_path, retries=1)
    assert held(tmp_path) == {}, "half a file is not held"
    get(file(server), tmp_path)
    assert server.asked[-1][1] is not None
    assert held(tmp_path)["a.zip"].read_bytes() == a_zip()


def test_a_download_killed_outright_is_resumed(server, tmp_path) -> None:
    server.manner["/a.zip"] = ["slow"]
    program = (
        "import sys; from pathlib import Path; from hidra.data.fetch import fetch;"
        "from hidra.data.fetch import RegistryFile as F;"
        "fetch([F('inegi_deaths', 'a.zip', (sys.argv[1],), None, None, 1, 1, '')], Path(sys.argv[2]))"
    )
    running = subprocess.Popen([sys.executable, "-c", program, server.address + "/a.zip", tmp_path])
    part = tmp_path / "arriving" / "a.zip.part"
    until = time.monotonic() + 240
    while not (part.exists() and part.stat().st_size) and time.monotonic() < until:
        time.sleep(0.01)
    running.kill()
    running.wait()
    assert held(tmp_path) == {}
    assert get(file(server), tmp_path).path.read_bytes() == a_zip()
    assert server.asked[-1][1] is not None, "only the rest was asked for"


def test_half_of_an_old_version_is_not_glued_to_a_new_one(server, tmp_path) -> None:
    server.manner["/a.zip"] = ["drop"]
    with pytest.raises(SourceError):
        get(file(server), tmp_path, retries=0)
    server.bodies["/a.zip"] = a_zip(seed=2)
    assert get(file(server), tmp_path).path.read_bytes() == a_zip(seed=2)


def test_a_server_without_ranges_is_asked_for_the_whole(server, tmp_path) -> None:
    server.ranges = False
    server.manner["/a.zip"] = ["drop"]
    assert get(file(server), tmp_path).path.read_bytes() == a_zip()


def test_a_page_with_status_200_is_caught_and_the_archive_is_asked(server, tmp_path) -> None:
    server.manner["/a.zip"] = ["page"] * 9
    kept = get(file(server, "/a.zip", "/mirror.zip"), tmp_path)
    assert kept.path.read_bytes() == a_zip()
    assert kept.address.endswith("/mirror.zip")
    assert [path for path, _ in server.asked] == ["/a.zip", "/mirror.zip"], "a page is not retried"


def test_a_page_everywhere_is_an_error_with_a_cure(server, tmp_path) -> None:
    server.manner["/a.zip"] = ["page"] * 9
    with pytest.raises(SourceError) as caught:
        get(file(server), tmp_path)
    assert "web page" in caught.value.what
    assert "hidra data add" in caught.value.fix
    assert held(tmp_path) == {}


def test_a_cut_zip_without_a_length_is_not_kept(server, tmp_path) -> None:
    server.manner["/a.zip"] = ["short"] * 9
    with pytest.raises(SourceError, match="cut short"):
        get(file(server), tmp_path)
    assert held(tmp_path) == {}


def test_a_missing_file_is_asked_for_once(server, tmp_path) -> None:
    with pytest.raises(SourceError, match="404"):
        get(file(server, "/none.zip"), tmp_path)
    assert len(server.asked) == 1


def test_a_wrong_checksum_is_refused(server, tmp_path) -> None:
    right = hashlib.sha256(a_zip()).hexdigest()
    assert get(file(server, sha256=right), tmp_path / "right").sha256 == right
    with pytest.raises(SourceError, match="SHA-256"):
        get(file(server, sha256="0" * 64), tmp_path / "wrong", retries=1)
    assert held(tmp_path / "wrong") == {}


def test_a_changed_file_is_a_new_vintage_and_an_unchanged_one_is_not(server, tmp_path) -> None:
    first = get(file(server), tmp_path, today="2026-11-21")
    same = get(file(server), tmp_path, today="2026-11-25")
    assert (same.path, same.fresh) == (first.path, False)
    server.bodies["/a.zip"] = a_zip(seed=2)
    changed = get(file(server), tmp_path, today="2026-12-01")
    again = get(file(server), tmp_path, today="2026-12-01")
    server.bodies["/a.zip"] = a_zip(seed=3)
    same_day = get(file(server), tmp_path, today="2026-12-01")
    assert (changed.vintage, changed.fresh, again.fresh) == ("2026-12-01", True, False)
    assert same_day.vintage == "2026-12-01.2"
    assert first.path.read_bytes() == a_zip(), "the old version stays"
    assert held(tmp_path)["a.zip"] == same_day.path


def test_without_network_what_is_held_is_used_and_the_rest_is_named(server, tmp_path) -> None:
    with pytest.raises(SourceError, match="not in the data folder"):
        get(file(server), tmp_path, offline=True)
    get(file(server), tmp_path)
    asked = len(server.asked)
    kept = get(file(server), tmp_path, offline=True)
    assert kept.path.read_bytes() == a_zip()
    assert len(server.asked) == asked, "nothing was asked of the network"
