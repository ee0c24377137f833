"""Draws made apart and merged, or taken up after a kill, are those of one run bit for bit."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.unit.test_execute import prior_draws, short

import hidra.inference.calibrate
from hidra.cli import main
from hidra.core.errors import SpecError
from hidra.run import Run
from hidra.run.shard import _all_there
from hidra.scenario import Scenario, ensemble
from hidra.scenario.ensemble import _tasks

ASKED = ("simulate", "half_recruitment", "--posterior", "small", "--end", "2027-01")


@pytest.fixture(autouse=True)
def _english(monkeypatch, quick_forecast):
    monkeypatch.setenv("HIDRA_LANG", "en")
    monkeypatch.setattr(hidra.inference.calibrate, "calibrate", prior_draws)


def numbers(run):
    """Size and hash of all files of a run but those that bear its time or its name."""
    dated = ("report.html", "study.yaml")
    return {
        name: told
        for name, told in run.manifest["files"].items()
        if name not in dated and not name.startswith("posterior/")
    }


@pytest.mark.parametrize(
    ("left", "chunk", "tasks"),
    [
        (range(12), 5, [(0, 5), (5, 10), (10, 12)]),
        (range(3, 12), 5, [(3, 5), (5, 10), (10, 12)]),
        ((0, 1, 4, 5, 9), 5, [(0, 2), (4, 5), (5, 6), (9, 10)]),
        ((), 5, []),
    ],
)
def test_tasks_are_cut_at_the_same_numbers_whoever_has_them(left, chunk, tasks):
    assert [(t.start, t.stop) for t in _tasks(set(left), chunk)] == tasks


@pytest.mark.slow
def test_shards_of_scenarios_merge_into_one_run(tmp_path, monkeypatch, capsys):
    at = {name: str(tmp_path / name) for name in ("one", "a", "b", "both")}
    assert main([*ASKED, "--draws", "7", "--workers", "1", "--out", at["one"]]) == 0
    for name, draws in (("a", "0:4"), ("b", "4:7")):
        assert main([*ASKED, "--draws", draws, "--workers", "1", "--out", at[name]]) == 0

    def never(job):
        raise AssertionError("simulated again")

    monkeypatch.setattr(ensemble, "work", never)
    told = ["--workers", "1", "--json"]
    capsys.readouterr()
    assert main(["merge", at["b"], at["a"], "--out", at["both"], *told]) == 0
    assert json.loads(capsys.readouterr().out)["draws"] == 7
    one, both = Run.open(at["one"]), Run.open(at["both"])
    assert numbers(one) == numbers(both) and len(numbers(one)) > 20
    assert one.manifest["digest"] == both.manifest["digest"]
    assert main(["merge", at["b"], "--out", str(tmp_path / "c")]) == 2
    assert "Draws 0 to 3 are wanting" in capsys.readouterr().err
    assert main(["merge", at["a"], at["b"], "--out", at["a"], "--force"]) == 6
    assert "one of its shards" in capsys.readouterr().err
    for name in ("one", "both"):
        mine = Path(at[name], "tables", "notes.txt")
        mine.write_text("mine", encoding="utf-8")
        again = (
            ["merge", at["a"], at["b"]]
            if name == "both"
            else [*ASKED, "--draws", "7", "--workers", "1"]
        )
        assert main([*again, "--out", at[name]]) == 6
        assert "no run wrote: tables/notes.txt" in capsys.readouterr().err and mine.is_file()
    assert main([*again, "--out", at[name], "--force"]) == 0 and not mine.exists()
    assert not Path(f"{at['one']}.begun").exists()


def test_every_gap_between_shards_is_said():
    found = {Path(name): {"draws": draws} for name, draws in
             (("a", [2, 5]), ("b", [7, 9]), ("c", [4, 6]))}  # fmt: skip
    with pytest.raises(SpecError) as error:
        _all_there(found)
    assert "Draws 0 to 1, 6 to 6 are wanting" in str(error.value)
    assert "--draws 0:2, --draws 6:7" in str(error.value)


@pytest.mark.slow  # that of scenarios takes the same way with one simulation
def test_shards_of_a_study_merge_into_one_run(tmp_path, monkeypatch, capsys):
    """As it is typed: the lines of docs/en/how-to/use-many-machines.md, with fewer draws."""
    monkeypatch.chdir(tmp_path)
    for name, study in (("study", short()), ("other", short(seed=7))):
        Path(f"{name}.yaml").write_text(study.yaml(), encoding="utf-8")
    for line in (
        "run study.yaml --draws 4 --out runs/one", "run study.yaml --draws 0:2 --out shards/a",
        "run study.yaml --draws 2:4 --out shards/b", "merge shards/a shards/b --out runs/study",
        "run other.yaml --draws 2:4 --out shards/other",
    ):  # fmt: skip
        assert main(line.split()) == 0, capsys.readouterr().err
    one, both = Run.open("runs/one"), Run.open("runs/study")
    assert numbers(one) == numbers(both) and len(numbers(one)) > 20
    assert one.manifest["study_digest"] == both.manifest["study_digest"]
    capsys.readouterr()
    assert main(["merge", "shards/a", "shards/other", "--out", "runs/wrong"]) == 2
    assert "different runs" in capsys.readouterr().err
    piece = next(Path("shards/b").glob("draws/*/*.npz"))
    piece.write_bytes(piece.read_bytes()[:-9])
    assert main(["merge", "shards/a", "shards/b", "--out", "runs/hurt"]) == 3


@pytest.mark.parametrize(
    "text",
    [
        "3:3",
        "5:2",
        "-1:2",
        "x",
        "2:",
        "1:2:3",
        "1_000",
        "0:1_0",
        "1e3",
        "٣",
        "٠:٣",
        " 5",
        "",
        "true",
    ],
)
def test_draws_that_are_none_are_refused(text, tmp_path, capsys):
    assert main([*ASKED, f"--draws={text}", "--out", str(tmp_path / "a")]) == 2
    assert "names no draws" in capsys.readouterr().err


def test_a_shard_goes_nowhere_else(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main([*ASKED, "--draws", "0:2", "--out", str(tmp_path)]) != 0
    assert "Choose another folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow  # a fit that is killed, and shards taken up, go on every time
def test_a_killed_run_goes_on_where_it_stood(tmp_path, monkeypatch):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    asked = [*ASKED, "--draws", "30", "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "hidra", *asked, "--out", str(killed)], start_new_session=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    begun = Path(f"{killed}.begun")
    while len(list(begun.glob("draws/*/draws-*.npz"))) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    there = list(begun.glob("draws/*/draws-*.npz"))
    assert not killed.exists()
    done = []
    work = ensemble.work
    monkeypatch.setattr(ensemble, "work", lambda job: done.append(job[1]) or work(job))
    asked[-1] = "1"
    assert main([*asked, "--out", str(killed)]) == 0
    assert len(done) == 6 - len(there) < 6
    assert main([*asked, "--out", str(whole)]) == 0
    assert numbers(Run.open(killed)) == numbers(Run.open(whole))
    assert not begun.exists()


@pytest.mark.parametrize(
    "page", ["en/how-to/use-many-machines.md", "es/como/usar-muchas-maquinas.md"]
)
def test_the_file_for_slurm_asks_for_the_draws_of_its_task(page, tmp_path):
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    script = tmp_path / "shards.sh"
    script.write_text(text.split("```bash\n")[1].split("```")[0])
    subprocess.run(["bash", "-n", str(script)], check=True)
    stand_in = tmp_path / "hidra"
    stand_in.write_text('#!/bin/bash\necho "$@"\n')
    stand_in.chmod(0o755)
    told = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SLURM_ARRAY_TASK_ID": "3"}
    done = subprocess.run(
        ["bash", str(script)], env=told, capture_output=True, text=True, check=True
    )
    assert done.stdout == "run study.yaml --draws 1500:2000 --workers 1 --out shards/3\n"


def test_what_is_done_for_other_parameters_is_not_taken(tmp_path):
    from tests.unit.test_ensemble import SCENARIOS, simulated

    first, again = simulated(kept=[tmp_path]), simulated(kept=[tmp_path])
    xr.testing.assert_identical(first, again)
    less = dict(SCENARIOS) | {
        "half_recruitment": Scenario(start="2012-05", change={"recruitment": 0.7})
    }
    other = simulated(scenarios=less.items(), kept=[tmp_path])
    assert len(list(tmp_path.iterdir())) == 2
    assert not np.array_equal(other["recruits"], first["recruits"])
