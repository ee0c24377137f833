"""A source of one's own, from the page of the documentation alone: by plain file and entry point."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import hidra
from hidra.data import sources

from ..sources.server import FlakyServer

PAGE = Path(__file__).parents[2] / "docs" / "en" / "how-to" / "your-own-source.md"


def block(kind: str) -> str:
    """The only block of a kind on the page, as a reader copies it."""
    (found,) = re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[:1]
    return found


@pytest.fixture
def source(folder):
    """The page's source, saved where the page says."""
    file = folder / "sources" / "morgue.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block("python"), "utf-8")
    return file


@pytest.fixture
def bodies(tmp_path):
    file = tmp_path / "bodies.csv"
    file.write_text(block("csv"), "utf-8")
    return file


def seen() -> dict[str, float]:
    rows = hidra.panel("morgue_bodies")
    return dict(zip(rows["name"], rows["value"].astype(object), strict=True))


def test_a_file_of_it_is_known_by_its_content_and_comes_in(source, bodies, answer):
    (receipt,) = answer("data", "add", bodies)
    assert receipt["source"] == "morgue" and receipt["rows"] == 2
    found = seen()
    assert found["Chihuahua"] == 12 and found["Sonora"] != found["Sonora"], "empty is unknown"
    assert "morgue" in {one["name"] for one in answer("data", "status")}


def test_it_is_fetched_from_its_address(source, bodies, answer):
    with FlakyServer() as server:
        server.bodies["/bodies.csv"] = bodies.read_bytes()
        source.write_text(source.read_text().replace("https://example.org", server.address))
        (receipt,) = answer("data", "fetch", "morgue")
    assert receipt["rows"] == 2 and seen()["Chihuahua"] == 12


def test_a_package_names_it_by_entry_point(bodies, answer, tmp_path, monkeypatch):
    package = tmp_path / "our_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "morgue.py").write_text(block("python"), "utf-8")
    info = tmp_path / "our_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: our-package\nVersion: 1.0\n")
    group, line = re.findall(r'entry-points\."(.*?)"\]\n(.*)', block("toml"))[0]
    (info / "entry_points.txt").write_text(f"[{group}]\n{line.replace(chr(34), '')}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert answer("data", "add", bodies)[0]["source"] == "morgue"
    for name in [name for name in sys.modules if name.startswith("our_package")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SOURCES = (", "cannot be read"),
        ("x = 1", "no source in it"),
        ("from hidra.data.sources.events import SOURCES", "is taken by another"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_file(text, said, source, bodies, hidra):
    source.write_text(text, "utf-8")
    code, _, err = hidra("data", "add", bodies)
    assert code != 0 and said in err and "morgue.py" in err


def test_the_built_in_ones_are_all_there():
    assert len(sources.sources()) >= 25 and "inegi_deaths" in sources.sources()
