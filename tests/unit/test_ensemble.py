"""An ensemble is the same whatever the chunks and workers, and its scenarios are paired."""

import tracemalloc
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from hidra.core.errors import SpecError
from hidra.model.observe import knots_for
from hidra.model.series import states
from hidra.model.system import System, dynamics, recording
from hidra.scenario import NO_CHANGE, Scenario, ensemble
from hidra.scenario import difference as tables
from hidra.scenario.difference import difference, outcome, summary
from hidra.scenario.ensemble import LABELS, Found

ON = ("leadership_removal", "precarity")
SCENARIOS = (
    ("half_recruitment", Scenario(start="2012-05", change={"recruitment": 0.5})),
    ("more_arrests", Scenario(start="2012-05", dose={"enforcement": 110.0})),
)
DRAWS = 5


def simulated(end="2012-10", scenarios=SCENARIOS, **more):
    system = System(ON, start="2012-01", end=end, until="2012-01")
    return system.simulate(
        draws=DRAWS, posterior=posterior(), scenarios=dict(scenarios), seed=3, **more
    )


def posterior():
    """Prior draws in the shape of a posterior: enough to simulate with."""
    rng = np.random.default_rng(0)
    params = dynamics(ON, {}) + recording({})
    luck = {q.name: rng.random(DRAWS) for q in params}
    kept = {
        q.name: q.prior.quantile(luck[q.name]) if q.prior else np.full(DRAWS, q.value)
        for q in params
    }
    places = (DRAWS, 32)
    return kept | {
        "unlinked": np.full(places, 1e-7),
        "linked": np.full(places, 2.0),
        "size_place": np.full(places, 20.0),
        "reporting": np.full(places, 0.95),
        "knots_nation": np.zeros((DRAWS, knots_for(4))),
        "knots_place": np.zeros((DRAWS, knots_for(4), 32)),
    }


@pytest.fixture(scope="module")
def whole():
    return simulated(chunk=DRAWS)


def test_chunks_and_workers_give_the_same_bits(whole):
    other = simulated(workers=2, chunk=2)
    for name in LABELS:
        np.testing.assert_array_equal(other[name], whole[name])


def test_draws_that_go_to_the_disk_as_they_come_are_the_same(whole, tmp_path, monkeypatch):
    """Blocks of two draws, tasks that cross them, pieces of other sizes, months told by the year."""
    monkeypatch.setattr(ensemble, "BLOCK", 2)
    kept = [tmp_path / "pieces"]
    simulated(chunk=3, kept=kept, into=tmp_path / "first.zarr", first=1)
    stored = simulated(chunk=2, kept=kept, into=tmp_path / "second.zarr")
    assert stored.encoding["source"] == str(tmp_path / "second.zarr")
    xr.testing.assert_identical(stored.load(), whole)
    before = summary(whole), difference(whole)
    monkeypatch.setattr(tables, "AT_ONCE", 1)
    for one in (whole, stored):
        for told, same in zip((summary(one), difference(one)), before, strict=True):
            pd.testing.assert_frame_equal(told, same, check_exact=True)


@dataclass
class Drawn:
    """A plan whose draws cost nothing."""

    numbers: range

    def dataset(self, whole, draws):
        axes = ("scenario", "draw", "month", "place")
        return xr.Dataset({n: (axes, v) for n, v in whole.items()}, {"draw": list(draws)})


def test_memory_does_not_grow_with_draws(tmp_path):
    def peak(draws):
        plan = Drawn(range(draws))
        found = Found(plan, {}, lambda some: some, tmp_path / f"{draws}.zarr")
        tracemalloc.start()
        for first in range(0, draws, 5):
            part = np.zeros((5, 0, 32)), np.full((1, 5, 120, 32), float(first))
            found.lay(range(first, first + 5), {"members": part, "arrests": part})
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        last = found.results()["members"].isel(draw=-1).to_numpy()
        np.testing.assert_array_equal(last, draws - 5.0)
        return highest

    peak(100)  # what is imported and kept by the first
    # Other threads of a session, and cycles not yet collected, may add to one of them.
    assert min(peak(1200) for _ in range(3)) < 1.1 * peak(300)


def test_a_longer_horizon_begins_with_the_same_months(whole):
    longer = simulated(end="2012-12")
    for name in LABELS:
        # the last week of October is whole only in the longer run
        np.testing.assert_allclose(
            longer[name].sel(month=slice(None, "2012-09")),
            whole[name].sel(month=slice(None, "2012-09")),
            rtol=1e-5,
        )


def test_scenarios_share_everything_before_they_start(whole):
    early = whole.sel(month=slice(None, "2012-04"))
    for name in LABELS:
        for scenario, _ in SCENARIOS:
            np.testing.assert_array_equal(
                early[name].sel(scenario=scenario), early[name].sel(scenario=NO_CHANGE)
            )


def test_a_dose_is_persons_per_week(whole):
    gap = whole["arrests"].sel(scenario="more_arrests") - whole["arrests"].sel(scenario=NO_CHANGE)
    june = gap.sel(month="2012-06").sum("place").to_numpy()
    np.testing.assert_allclose(june, 110 * 30 / 7, rtol=1e-3)


def test_half_recruitment_halves_recruits_at_once(whole):
    recruits = whole["recruits"].sel(month="2012-06").sum("place")
    ratio = recruits.sel(scenario="half_recruitment") / recruits.sel(scenario=NO_CHANGE)
    np.testing.assert_allclose(ratio, 0.5, atol=0.01)


def test_tables_of_the_run(whole):
    table = summary(whole)
    nation = table.query("place == '00' and measure == 'recruits' and month == '2012-07'")
    assert len(nation) == 3
    assert (nation["p05"] <= nation["p50"]).all()
    gaps = difference(whole, dict.fromkeys(["half_recruitment"], "2012-05"))
    national = gaps.query("place == '00' and measure == 'recruits'")
    assert (national["p95"] < 0).all()
    assert national["rel_p50"].between(-0.6, -0.4).all()


def test_a_misspelt_rate_is_refused_with_the_closest_name():
    wrong = (("x", Scenario(start="2012-05", change={"recruitmnt": 0.5})),)
    with pytest.raises(SpecError, match="recruitment"):
        simulated(scenarios=wrong)


def test_the_states_of_the_world_keep_national_flows():
    """Sparse presence raises local density; the rescaled start keeps the published flows."""
    model = System().model
    assert model.spread.sum(axis=0) == pytest.approx(np.ones(166))
    fights, exits = model.rescale
    assert 0.9 < fights <= 1.0
    assert 0.3 < exits < 1.0


def test_an_unknown_place_stays_unknown_in_differences_and_the_nation_sums_the_known():
    months = np.arange("2026-01", "2028-01", dtype="datetime64[M]").astype("datetime64[ns]")
    values = np.ones((2, 3, 2, 24))
    values[1] = 0.5  # half as many in the scenario
    values[:, :, 1] = np.nan
    results = xr.Dataset(
        {"complaints": (("scenario", "draw", "place", "month"), values)},
        {"scenario": ["no_change", "half"], "place": ["09", "10"], "month": months},
        {"places": 2},
    )
    rows = difference(results, {"half": "2026-01"}).set_index(["place", "year"])["p50"]
    assert rows.xs("09").tolist() == rows.xs("00").tolist() == [-6.0, -6.0]
    assert rows.xs("10").isna().all()


def many_known(*known, change=0.5):
    """One measure of 32 states, one a month: all known in no change, some in the other scenario."""
    base = np.ones((1, 12, 32))
    other = np.full_like(base, np.nan)
    other[..., list(known)] = change
    return xr.Dataset(
        {"disappeared": (("scenario", "draw", "month", "place"), np.stack([base, other]))},
        coords={
            "scenario": [NO_CHANGE, "other"],
            "draw": [0],
            "month": pd.date_range("2026-01", periods=12, freq="MS"),
            "place": list(states()),
        },
        attrs={"starts": '{"other": "2026-01"}', "places": 32},
    )


def test_what_is_not_known_is_never_a_fall_to_zero():
    """Where a mechanism is stopped, what it counts is unknown: nobody is found fewer for that."""
    nowhere = many_known()
    gap = difference(nowhere).set_index("place").loc["00"]
    assert gap[["p05", "p50", "p95", "rel_p50"]].isna().all()
    told = summary(nowhere).set_index("scenario")
    assert told.loc["other", "mean"].isna().all() and (told.loc[NO_CHANGE, "mean"] == 32).all()
    whole = outcome(nowhere).set_index(["scenario", "year"])
    assert whole.loc["other", ["p50", "diff_p50", "rel_p50"]].isna().all(axis=None)
    assert (whole.loc[NO_CHANGE, "p50"].dropna() == [12 * 32.0] * 2).all()


def test_two_scenarios_are_compared_over_what_both_know():
    some = many_known(0, 1, 2)
    assert difference(some).set_index("place").loc["00", "p50"] == -0.5 * 3 * 12
    assert difference(some).set_index("place").loc["00", "rel_p50"] == -0.5
    row = outcome(some).set_index(["scenario", "year"]).loc[("other", 2026)]
    assert row["p50"] == 0.5 * 3 * 12 and row["diff_p50"] == -0.5 * 3 * 12
    assert row["rel_p50"] == -0.5


def test_a_selection_is_told_as_the_part_of_the_whole_that_it_is(whole):
    """An axis that a selection took away is one of its scenarios, places, draws or months."""
    told = difference(whole)
    pair = difference(whole.sel(scenario=[NO_CHANGE, "more_arrests"]))
    expected = told[told["scenario"] == "more_arrests"].reset_index(drop=True)
    pd.testing.assert_frame_equal(pair, expected)
    units = told.groupby("measure")["unit"].unique().str[0]
    assert units["arrests"] == "persons a year" and units["members"].endswith("mean of the year")
    with pytest.raises(SpecError, match="after the results end"):
        difference(whole, {"more_arrests": "2050-01"})
    one = summary(whole.sel(place="14", scenario="more_arrests"))
    assert {*one["place"]} == {"14"} and {*one["scenario"]} == {"more_arrests"}
    assert len(difference(whole.isel(draw=0))) == len(told)
    alone = whole.sel(scenario="more_arrests")
    for table in (lambda: difference(alone, {"more_arrests": "2026-01"}), lambda: outcome(alone)):
        with pytest.raises(SpecError, match="no scenario called 'no_change'"):
            table()


def test_results_of_some_places_have_no_nation(whole):
    some = whole.sel(place=["14", "25"])
    for table in (summary(some), difference(some)):
        assert {*table["place"]} == {"14", "25"}
    with pytest.raises(SpecError, match="is of the nation; these are 2"):
        outcome(some)
