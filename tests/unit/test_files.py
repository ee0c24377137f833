"""The one writer: a target is the old content or the new, whole, and drafts never stay."""

import errno
import os
import subprocess
import sys
import threading

import numpy as np
import pandas as pd
import pytest

from hidra.core import files
from hidra.core.errors import RunError


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_a_draft_that_ends_leaves_that_of_a_longer_number_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_number", iter([10, 1]))
    with files.replacing(tmp_path / "t") as later:
        later.write_text("later")
        files.write_text(tmp_path / "t", "first")
    assert (tmp_path / "t").read_text() == "later" and names(tmp_path) == ["t"]


def test_every_kind_is_written_into_folders_that_are_made(tmp_path):
    place = tmp_path / "a" / "b"
    files.write_text(place / "t", "año\n")
    files.write_json(place / "j", {"año": [1, None]}, indent=None)
    files.write_csv(place / "c", pd.DataFrame({"x": [1.5]}))
    files.write_parquet(place / "p", pd.DataFrame({"x": [1.5]}))
    files.write_npz(place / "n", {"x": np.arange(3)})
    assert (place / "t").read_bytes() == "año\n".encode()
    assert (place / "j").read_text("utf-8") == '{"año": [1, null]}\n'
    assert (place / "c").read_bytes() == b"x\n1.5\n"
    assert pd.read_parquet(place / "p")["x"].tolist() == [1.5]
    assert np.load(place / "n", allow_pickle=False)["x"].tolist() == [0, 1, 2]
    assert names(place) == ["c", "j", "n", "p", "t"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError, OSError(errno.ENOSPC, "full")])
@pytest.mark.parametrize("make", [files.replacing, files.replacing_folder])
def test_what_stops_half_way_leaves_what_stood_there(tmp_path, stop, make):
    files.write_text(tmp_path / "t" / "x", "old")
    target = tmp_path / "t" / ("x" if make is files.replacing else "")
    expected = RunError if isinstance(stop, OSError) else stop
    with pytest.raises(expected), make(target) as draft:
        (draft / "x" if draft.is_dir() else draft).write_text("new")
        raise stop
    assert (tmp_path / "t" / "x").read_text() == "old"
    assert names(tmp_path) == ["t"] and names(tmp_path / "t") == ["x"]


def test_objects_that_would_need_pickle_are_refused(tmp_path):
    with pytest.raises(ValueError, match="allow_pickle"):
        files.write_npz(tmp_path / "n", {"x": np.array([{}], object)})
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "Permission denied")]
)
def test_the_disk_speaks_in_three_parts(tmp_path, monkeypatch, number, words):
    def refuse(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", refuse)
    with pytest.raises(RunError, match=words) as error:
        files.write_text(tmp_path / "t", "x")
    assert error.value.where == str(tmp_path / "t") and error.value.fix == files.FIX
    assert names(tmp_path) == []


def test_two_that_write_at_once_do_not_disturb_each_other(tmp_path):
    target, together = tmp_path / "t", threading.Barrier(4)

    def write(letter):
        together.wait()
        for _ in range(20):
            files.write_text(target, letter * 1000)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_text() in {letter * 1000 for letter in "abcd"}
    assert names(tmp_path) == ["t"]


def test_what_a_killed_process_left_goes_with_the_next_write(tmp_path):
    code = (
        "import os, sys; from hidra.core import files\n"
        "with files.replacing(sys.argv[1]) as draft:\n"
        "    draft.write_text('half'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "t")], check=False)
    assert len(names(tmp_path)) == 1
    files.write_text(tmp_path / "t", "whole")
    assert names(tmp_path) == ["t"]


def test_a_new_file_never_takes_the_place_of_another(tmp_path):
    files.write_new(tmp_path / "t", "mine")
    with pytest.raises(RunError, match="already exists"):
        files.write_new(tmp_path / "t", "other")
    assert (tmp_path / "t").read_text() == "mine"
    files.write_new(tmp_path / "none" / "t", "own folder")
    assert (tmp_path / "none" / "t").read_text() == "own folder"
