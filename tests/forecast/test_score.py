"""The harness: known scores come out as published, and luck is not called skill."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hidra.cli import main
from hidra.core.i18n import translate
from hidra.forecast import backtest
from hidra.forecast.backtest import PROTOCOLS, protocol
from hidra.forecast.history import record
from hidra.forecast.model import Model
from hidra.forecast.models import ALL
from hidra.forecast.scores import NAMES, block_means, difference, ignorance, pit, scores, summary

# Acceptance check 14: the first published anchors, 13 origins, 1,000 draws, computed independently.
ANCHORS = {
    "global-bootstrap": (39.79, 322.9, 2.770, 0.88),
    "last-month": (16.28, 225.8, 2.176, 0.52),
    "last-12": (15.07, 150.7, 1.902, 0.71),
    "nb-last-12": (14.98, 135.2, 1.516, 0.93),
    "nb-ewm6": (14.45, 130.2, 1.475, 0.93),
}


@pytest.fixture(scope="module")
def anchors(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HIDRA_HOME", str(tmp_path_factory.mktemp("home")))
        return {
            r["model"]: r
            for r in summary(
                backtest.rolled(protocol("inegi_homicides", "state"), (1,), list(ANCHORS))
            )
        }


@pytest.mark.parametrize("name", ANCHORS)
def test_the_harness_reproduces_the_first_table(name, anchors):
    crps, mis, ign, cover = ANCHORS[name]
    row = anchors[name]
    assert row["origins"] == 13
    assert row["crps"] == pytest.approx(crps, rel=0.02)
    assert row["mis90"] == pytest.approx(mis, rel=0.02)
    assert row["ign"] == pytest.approx(ign, rel=0.02)
    assert row["coverage90"] == pytest.approx(cover, abs=0.01)


def test_a_perfect_forecast_loses_nothing():
    came = np.array([[3.0, 120.0]])
    found = dict(zip(NAMES, scores(came, np.tile(came, (100, 1, 1))), strict=True))
    assert not found["crps"].any()
    assert not found["mis90"].any()
    assert found["coverage90"].all()
    assert (found["pit"] == 0.5).all()


def test_an_unknown_outcome_is_not_scored():
    found = scores(np.array([[np.nan, 2.0]]), np.ones((10, 1, 2)))
    assert np.isnan(found[:, 0, 0]).all()
    assert not np.isnan(found[:, 0, 1]).any()


def test_ignorance_counts_one_in_every_bin():
    # 10 draws, all in the outcome's bin: (10 + 1) of (10 + 11); none there: 1 of 21.
    draws = np.ones((10, 1, 2))
    found = ignorance(np.array([[2.0, 3.0]]), draws)
    np.testing.assert_allclose(found, [[-np.log2(11 / 21), -np.log2(1 / 21)]])


def test_pit_of_a_right_forecast_is_uniform():
    rng = np.random.default_rng(1)
    draws = rng.poisson(200, (500, 1, 3000)).astype(float)
    found = pit(rng.poisson(200, (1, 3000)).astype(float), draws)
    share = np.histogram(found, bins=10, range=(0, 1))[0] / 3000
    assert np.abs(share - 0.1).max() < 0.02


def test_a_difference_made_of_noise_is_indistinguishable_and_a_steady_one_is_not():
    rng = np.random.default_rng(2)
    base = rng.normal(10, 1, (13, 6, 12, 32))
    noisy = base + rng.normal(0, 3, (13, 1, 1, 1))
    noisy -= (noisy - base).mean()
    assert difference(noisy, base, block=2)["words"] == "indistinguishable"
    assert difference(base - 0.5, base, block=2)["words"] == "better"
    assert difference(base - 0.5, base, block=2)["won"] == 13
    assert difference(base, base - 0.5, block=2)["words"] == "worse"


def test_blocks_keep_what_lies_together():
    # Alternating origins: pairs always average out, single ones do not.
    gap = np.array([1.0, -1.0] * 6)
    assert np.abs(block_means(gap, 2)).max() == 0
    assert block_means(gap, 1).std() > 0.1


def test_the_plan_is_the_one_announced():
    plan = protocol("inegi_homicides", "state")
    assert plan.origins[0], plan.origins[-1] == ("2009-10", "2021-10")
    assert len(plan.origins) == 13
    assert plan.horizons == tuple(range(3, 15))
    monthly = protocol("sesnsp_homicide_victims", "state")
    assert len(monthly.origins) == 74
    last = np.datetime64(monthly.origins[-1], "M") + monthly.horizons[-1]
    assert last <= record("sesnsp_homicide_victims", "state").origin


@pytest.fixture
def short(monkeypatch):
    """A plan of two origins and three light forecasts."""
    whole = protocol("inegi_homicides", "state")
    plan = dataclasses.replace(whole, origins=("2012-10", "2013-10"))
    monkeypatch.setitem(PROTOCOLS, ("inegi_homicides", "state"), plan)
    monkeypatch.setitem(ALL, "hidra", Model("hidra", ALL["hurdle"].draw))
    light = [ALL[name] for name in ("last-12", "nb-ewm6", "hidra")]
    monkeypatch.setattr(backtest, "models", lambda history: light)
    # another process would not know the stand-in
    monkeypatch.setattr("hidra.cli.terminal.cores", lambda: 1)
    return plan


def test_the_command_speaks_json_from_its_cache(short, monkeypatch, capsys):
    assert main(["score", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    monkeypatch.setattr(backtest, "scores", None)  # the second time nothing is computed again
    assert main(["score", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert {row["model"] for row in first} == {"last-12", "nb-ewm6", "hidra"}
    names = {"model", "crps", "ign", "mis90", "coverage50", "coverage90", "origins", "pit"}
    assert all(set(row) == names for row in first)


def test_what_is_kept_holds_no_pickle_and_nothing_damaged_is_believed(short, folder, capsys):
    assert main(["score", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    kept = [file for file in folder.rglob("*") if file.is_file()]
    assert {file.suffix for file in kept} == {".json", ".npz"}
    for file in kept:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    assert main(["score", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first


def test_the_pages_say_what_the_run_found(short, tmp_path, capsys):
    assert main(["score", "--pages", str(tmp_path)]) == 0
    found = backtest.rolled(short)
    rows = {row["model"]: row for row in summary(found)}
    for folder in ("en/reference", "es/referencia"):
        text = (tmp_path / folder / "scores.md").read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if line.startswith("| **hidra** |"))
        assert f"| {rows['hidra']['crps']:.2f} |" in line
        assert "2012-10" in text


def test_every_forecast_is_told_in_both_languages():
    assert all(translate(one.what, "es") != one.what for one in ALL.values())


def test_targets_apart_are_those_of_the_events(country):
    plan = protocol("inegi_homicides", "state")
    after = backtest.after_removals(plan, country)
    assert after.shape == (13, 12, 32)
    # Arturo Beltrán Leyva was killed in Morelos in December 2009: all of 2010 comes after it.
    assert after[0, :, country.places.index("17")].all()
    up, down = backtest.jumps(plan, country)
    years = (up | down)[:, 0].sum()
    assert years == pytest.approx(65, abs=3), "state-years that move by more than x1.5"


def test_an_unknown_measure_is_told(capsys):
    assert main(["score", "--measure", "homicides"]) == 2
    assert "inegi_homicides" in capsys.readouterr().err
