"""``hidra calibrate``: tells its cost, keeps both fits, goes on where it was."""

import json
from pathlib import Path

import numpy as np
import pytest

import hidra.inference.calibrate
from hidra.cli import main
from hidra.inference.calibrate import Cost
from hidra.inference.posterior import Posterior
from hidra.run.fitted import reused
from hidra.study import Study

SMALL = Path(__file__).parents[2] / "studies" / "small.yaml"


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Half a year of the core alone; the fit is stood in for by prior draws."""
    monkeypatch.setenv("HIDRA_LANG", "en")
    monkeypatch.setattr(hidra.inference.calibrate, "calibrate", prior_draws)
    monkeypatch.setattr(
        hidra.inference.calibrate, "pilot", lambda *_: Cost(0.02, 0.001, 60.0, 900.0)
    )
    short = Study.load(SMALL).with_(
        start="2018-01",
        end="2019-06",
        mechanisms=[],
        scenarios={},
        fit={"until": "2018-06", "held_out_until": "2018-07", "records_until": "2018-08"},
    )
    file = tmp_path / "short.yaml"
    file.write_text(short.yaml())
    return file


CALLS: list[int] = []


def prior_draws(system, *, seed, steps, kept, progress):
    """Draw from the priors, in two pieces of which the second needs the first."""
    CALLS.append(steps)

    def piece():
        rng = np.random.default_rng(seed)
        params = (*system.dynamics, *system.recording)
        return {q.name: q.prior.quantile(rng.random(9)) for q in params if q.prior}

    progress("sample", 0, 1)
    draws = kept.once("normal", piece)
    if steps == 7:
        raise RuntimeError("the machine goes off")
    told = {"kept": 1.0, "excess": 1.0, "psis_k": 0.3 if steps else 0.9}
    return Posterior(draws, told)


def test_fits_are_kept_and_taken_up_by_a_run(study, tmp_path, capsys):
    CALLS.clear()
    folder = tmp_path / "fits"
    assert main(["calibrate", str(study), "--out", str(folder), "--json"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)["fits"]["check"]
    assert told["psis_k"] == 0.9 and not told["trusted"] and "Pareto k 0.9" in told["doubts"][0]
    assert err.count("1.0 ms a gradient; about 60 s to 15 min") == 2, "the cost is said first"
    assert not (folder / "checkpoint").exists(), "pieces go when the fit is there"
    fits = reused(Study.load(folder / "study.yaml"), folder)
    assert set(fits) == {"check", "projection"}
    assert main(["calibrate", str(study), "--out", str(folder)]) == 0
    out, told = capsys.readouterr()
    assert "linked_share" in out and "The fit does not pass its own checks" in out + told
    assert "Pareto k 0.9" in out + told, "the reason is said"
    assert len(CALLS) == 2, "fits that stand there are not made again"
    assert main(["calibrate", str(study), "--out", str(folder), "--steps", "5"]) == 0
    assert CALLS[2:] == [5, 5], "another number of steps is another fit"
    assert "The fit passes its own checks." in "".join(capsys.readouterr())


def test_a_fit_that_breaks_off_leaves_its_pieces_for_the_next(study, tmp_path, capsys):
    folder = tmp_path / "fits"
    for _ in range(2):
        asked = ["--lang", "es", "calibrate", str(study), "--steps", "7", "--out", str(folder)]
        assert main(asked) == 1
        (piece,) = folder.glob("checkpoint/*/normal.npz")
    assert "ms por gradiente" in capsys.readouterr().err
    assert not (folder / "posterior").exists()
    assert piece.stat().st_size > 0
