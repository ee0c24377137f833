"""Run folders: whole or not there at all."""

import errno
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from hidra.core.errors import RunError, SourceError, SpecError
from hidra.run import Run, RunFolder


def write(folder, digest="a", words="first", **more):
    with RunFolder(folder, digest, **more) as run:
        run.text("report.html", words)
        run.table("summary", pd.DataFrame({"place": ["00", "09"], "mean": [1.5, None]}))
        run.results(xr.Dataset({"members": (("place",), [0.0, 1.0])}, {"place": ["01", "32"]}))
        run.manifest({"seed": 1})
    return folder


def beside(folder):
    """Names in the parent that are not the run itself."""
    return sorted(p.name for p in folder.parent.iterdir() if p != folder)


def test_a_run_is_read_back_as_it_was_written(tmp_path):
    run = Run.open(write(tmp_path / "mine"))
    assert run.manifest.items() >= {"study_digest": "a", "seed": 1}.items()
    assert set(run.manifest["files"]) >= {
        "report.html",
        "tables/summary.csv",
        "results.zarr/zarr.json",
    }
    assert list(run.tables) == ["summary"] and len(run.tables) == 1
    assert run.tables["summary"]["place"].tolist() == ["00", "09"]
    assert run.tables["summary"]["mean"].isna().tolist() == [False, True]  # unknown stays unknown
    assert run.results["members"].sel(place="32").item() == 1.0
    assert run.report.read_text() == "first"
    assert (run.folder / "tables" / "summary.csv").read_text().startswith("place,mean\n00,1.5\n")
    assert beside(run.folder) == []


def test_an_unknown_table_offers_the_closest(tmp_path):
    with pytest.raises(SpecError, match="sumary") as error:
        Run.open(write(tmp_path / "mine")).tables["sumary"]
    assert "summary" in error.value.fix


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError, MemoryError])
def test_stopping_half_way_leaves_nothing(tmp_path, stop):
    folder = tmp_path / "mine"
    with pytest.raises(stop), RunFolder(folder, "a") as run:
        run.text("report.html", "half")
        raise stop
    assert list(tmp_path.iterdir()) == []


def test_stopping_half_way_leaves_the_run_before(tmp_path):
    folder = write(tmp_path / "mine")
    with pytest.raises(KeyboardInterrupt), RunFolder(folder, "a") as run:
        run.text("report.html", "second")
        raise KeyboardInterrupt
    assert Run.open(folder).report.read_text() == "first"
    assert beside(folder) == []


def test_the_same_study_replaces_its_run(tmp_path):
    folder = write(tmp_path / "mine")
    write(folder, words="second")
    assert Run.open(folder).report.read_text() == "second"
    assert beside(folder) == []


def test_another_study_is_refused_without_force(tmp_path):
    folder = write(tmp_path / "mine")
    with pytest.raises(RunError, match="another study") as error:
        write(folder, digest="b", words="second")
    assert "--force" in error.value.fix
    assert Run.open(folder).report.read_text() == "first"
    write(folder, digest="b", words="second", force=True)
    assert Run.open(folder).manifest["study_digest"] == "b"


@pytest.mark.parametrize("force", [False, True])
def test_what_is_not_a_run_is_never_replaced(tmp_path, force):
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("years of work")
    (tmp_path / "file").write_text("x")
    for place in (folder, tmp_path / "file"):
        with pytest.raises(RunError, match="not a run"):
            write(place, force=force)
    assert (folder / "chapter.txt").read_text() == "years of work"


def test_an_empty_folder_may_be_used(tmp_path):
    (tmp_path / "mine").mkdir()
    assert Run.open(write(tmp_path / "mine")).manifest["seed"] == 1


def dead_process() -> int:
    """Return the number of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_leftovers_of_dead_processes_go_and_those_of_the_living_stay(tmp_path):
    folder = tmp_path / "mine"
    dead = tmp_path / f"mine.partial-{dead_process()}"
    living = tmp_path / f"mine.partial-{os.getppid()}"
    other = tmp_path / "mine.partial-notes"
    for path in (dead, living, other):
        path.mkdir()
    write(folder)
    assert beside(folder) == sorted([living.name, other.name])


def test_a_run_set_aside_by_a_dead_process_comes_back(tmp_path):
    folder = write(tmp_path / "mine")
    folder.rename(tmp_path / f"mine.old-{dead_process()}")
    with pytest.raises(KeyboardInterrupt), RunFolder(folder, "a"):
        raise KeyboardInterrupt
    assert Run.open(folder).report.read_text() == "first"


def test_too_little_space_is_said_before_beginning(tmp_path):
    with pytest.raises(RunError, match="free"):
        write(tmp_path / "mine", needed=10**18)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_leaves_the_run_before(tmp_path, monkeypatch):
    folder = write(tmp_path / "mine")

    def full(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(RunError, match="disk is full"):
        write(folder, words="second")
    assert Run.open(folder).report.read_text() == "first"
    assert beside(folder) == []


@pytest.fixture
def tiny_disk(tmp_path):
    """A disk of one megabyte; skipped where mounting is not permitted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount command here: a really full disk cannot be tried")
    if done.returncode:
        pytest.skip("mounting is not permitted here: a really full disk cannot be tried")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


NUMBERS = np.random.default_rng(0).random(200_000)
FILLERS = {
    "text": lambda run: run.text("report.html", "x" * 2_000_000),
    "table": lambda run: run.table("summary", pd.DataFrame({"value": NUMBERS})),
    "results": lambda run: run.results(xr.Dataset({"members": (("place",), NUMBERS)})),
}


@pytest.mark.parametrize("what", FILLERS)
def test_a_really_full_disk(tiny_disk, what):
    folder = tiny_disk / "mine"
    with pytest.raises(RunError, match="disk is full") as error, RunFolder(folder, "a") as run:
        FILLERS[what](run)
    assert error.value.exit_code == 6
    assert list(tiny_disk.iterdir()) == []


def test_a_folder_one_may_not_write_to(tmp_path, monkeypatch):
    from pathlib import Path

    def refuse(self, *_args, **_more):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(RunError, match="Permission denied"):
        write(tmp_path / "mine")


def test_nothing_there_is_said(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{half")
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "manifest.json").write_text(json.dumps([1]))
    with pytest.raises(SpecError, match="No finished run"):
        Run.open(tmp_path / "nothing")
    for name in ("broken", "list"):
        with pytest.raises(SourceError, match="none that hidra wrote"):
            Run.open(tmp_path / name)


def test_a_run_may_be_named_by_text(tmp_path):
    folder = write(tmp_path / "mine")
    assert list(Run(str(folder)).tables) == list(Run.open(folder).tables)
    with pytest.raises(SpecError, match="No finished run stands here"):
        _ = Run(str(tmp_path / "nowhere")).tables
