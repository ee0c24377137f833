"""No change is the best forecast: noise has mean one, and mechanisms only move what is forecast."""

import json
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import gammaln
from scipy.stats import nbinom

from hidra.charts.words import Words
from hidra.core import noise
from hidra.core.weeks import Weeks
from hidra.inference import posterior
from hidra.model.equation import CORE, national
from hidra.model.observe import KNOT, centred, continued, homicides, second
from hidra.model.series import records
from hidra.model.simulate import Drivers, Policy, run_weeks
from hidra.model.space import network
from hidra.model.system import discrepancy
from hidra.report import plain
from hidra.run.projection import forecasts
from hidra.scenario.anchor import ALONE, EXPECTED, RECORDED, anchored, coupled, ratios


def tables_of(model):
    """Two months held out: the forecast says 100, the model something else, 120 were recorded."""
    months = ["2019-12", "2020-01", "2020-02"]
    rows = [
        {"scenario": "check", "place": "00", "month": month, "measure": measure, "p50": said}
        for measure, said in ((RECORDED, 100.0), (ALONE, model))
        for month in months
    ]
    seen = [
        {"measure": RECORDED, "place": "00", "month": month, "period": "month", "value": came,
         "status": status}
        for month, came, status in zip(months, (1, 120, 9), ("final", "final", "undercount"), strict=True)
    ]  # fmt: skip
    return {"summary": pd.DataFrame(rows), "observed": pd.DataFrame(seen)}


@pytest.mark.parametrize(("model", "weight"), [(80.0, "0"), (144.0, "50"), (120.0, "100")])
def test_the_model_alone_is_believed_as_far_as_it_was_right_where_nothing_was_seen(model, weight):
    meta = {"fit_until": "2019-12", "observed_until": "2020-02"}
    [said] = plain.belief(tables_of(model), meta, Words("en"))
    assert f"earned there: {weight}" in said and "1 months" in said
    assert not plain.belief(tables_of(model), {**meta, "observed_until": "2019-12"}, Words("en"))


SPREADS = ("discrepancy_nation", "discrepancy_place")


@pytest.mark.parametrize("sd", [0.1, 0.27])
def test_noise_ahead_has_mean_one_in_every_month_and_begins_where_the_past_ends(sd):
    knots = jnp.asarray([0.3, -0.1, -0.19])
    past = (len(knots) - 1) * KNOT + 1
    keys = jax.vmap(lambda number: noise.key(1, number, "noise"))(jnp.arange(20_000))
    found = np.exp(jax.vmap(lambda k: continued(knots, past + 72, 0.9, sd, k))(keys))
    np.testing.assert_allclose(found[:, past - 1], np.exp(-0.19), rtol=1e-12)
    spread = found[:, past:].std(axis=0) / np.exp(-0.19) / np.sqrt(len(keys))
    apart = np.abs(found[:, past:].mean(axis=0) / np.exp(-0.19) - 1.0)
    assert (apart < 4 * spread).all() and (np.diff(spread[::12]) > 0).all()
    shorter = jax.vmap(lambda k: continued(knots, past + 20, 0.9, sd, k))(keys[:3])
    np.testing.assert_array_equal(np.exp(shorter), found[:3, : past + 20])


def test_noise_of_the_past_has_mean_one_too():
    fresh = np.random.default_rng(1).standard_normal((9, 40_000))
    assert np.exp(centred(fresh, 0.9, 0.25)).mean(axis=1) == pytest.approx(np.ones(9), abs=0.02)


def test_with_every_mechanism_off_and_the_core_frozen_no_change_does_not_drift():
    """Six years ahead of the last known month: the mean is the same, but for days and residents."""
    fit, weeks = posterior.shipped("small").draws, Weeks("2012-01", "2030-12")
    p = {name: jnp.asarray(fit[name][0]) for name in (*fit,) if "knots" in name}
    p |= {name: jnp.asarray(fit[name][0]) for name in ("persistence", *SPREADS)}
    people = np.full((len(weeks.months), 32), 1e6)
    rates = {"unlinked": jnp.asarray(fit["unlinked"][0]), "linked": jnp.asarray(fit["linked"][0])}

    def draw(number):
        frozen = 10.0 * weeks.days[:, None] * jnp.ones((1, 32))
        delta = discrepancy(p, weeks, 1, number)
        return homicides(rates, frozen, people, weeks.days, delta)[-73:].sum(axis=1)

    found = jax.vmap(draw)(jnp.arange(4000)).mean(axis=0) / weeks.days[-73:]
    assert found / found[0] == pytest.approx(np.ones(73), abs=0.03)


def test_months_that_are_known_to_be_an_undercount_are_no_records():
    seen = records("inegi_homicides", Weeks("2021-12", "2022-01"))
    assert np.isfinite(seen[0]).all() and np.isnan(seen[1]).all()


def made(expected, seed=1):
    """Results over scenario, draw, month, place, and a forecast of their last months."""
    counts, months = (
        expected.shape[1:],
        pd.date_range("2025-01", periods=expected.shape[2], freq="MS"),
    )
    axes, codes = ("scenario", "draw", "month", "place"), [f"{i + 1:02d}" for i in range(counts[2])]
    told = {name: (axes, expected.copy()) for name in (EXPECTED, RECORDED)}
    names = ["no_change", *(f"s{i}" for i in range(1, len(expected)))]
    coords = {"scenario": names, "draw": range(counts[0]), "month": months, "place": codes}
    draws = np.random.default_rng(seed).poisson(40, (counts[0], counts[1] - 2, counts[2]))
    ahead = [str(m)[:7] for m in months[2:]]
    return (
        xr.Dataset(told, coords, {"seed": 7}),
        SimpleNamespace(draws=draws, months=ahead, places=codes, origin="2025-02"),
    )


def test_no_change_is_the_forecast_bit_for_bit_and_the_past_stays_the_models():
    results, found = made(np.random.default_rng(2).gamma(9, 3, (1, 4, 8, 3)).repeat(2, 0))
    given = anchored(results, {RECORDED: found})
    for name in (EXPECTED, RECORDED):
        for scenario in (0, 1):  # the second changes nothing
            ahead = given[name].to_numpy()[scenario, :, 2:]
            np.testing.assert_array_equal(ahead, found.draws)
        np.testing.assert_array_equal(given[name][:, :, :2], results[name][:, :, :2])
    np.testing.assert_array_equal(given[ALONE], results[RECORDED])
    assert json.loads(given.attrs["anchored"]) == {RECORDED: "2025-02"}


def test_a_scenario_thins_or_adds_to_the_forecast_and_stays_paired():
    expected = np.ones((4, 400, 5, 2)) * np.array([1.0, 0.7, 0.7000001, 1.4])[:, None, None, None]
    results, found = made(expected)
    given = anchored(results, {RECORDED: found})
    none, less, hardly_more, more = given[RECORDED].to_numpy()[:, :, 2:]
    assert (given[RECORDED][:, :, 2:] % 1 == 0).all()
    assert (less <= none).all() and (more >= none).all() and (hardly_more >= less).all()
    assert (hardly_more != less).mean() < 1e-3, "the same luck"
    assert less.sum() / none.sum() == pytest.approx(0.7, abs=0.005)
    assert more.sum() / none.sum() == pytest.approx(1.4, abs=0.005)
    spread = np.var(less - 0.7 * none) / none.mean()
    assert spread == pytest.approx(0.7 * 0.3, rel=0.1), "binomial"
    assert np.var(more - 1.4 * none) / none.mean() == pytest.approx(0.4, rel=0.1), "Poisson"
    np.testing.assert_allclose(given[EXPECTED][3, :, 2:], 1.4 * found.draws)


def test_where_nothing_was_expected_or_counted_nothing_moves():
    ratio = ratios(np.array([[0.0, 2.0, 2.0], [0.0, 2.0, 3.0]]))
    np.testing.assert_array_equal(ratio, [[1, 1, 1], [1, 1, 1.5]])
    half = np.full((1, 1, 1), 0.5)
    assert coupled(np.zeros((1, 1, 1)), np.array([0.2, 3.0]).reshape(2, 1, 1, 1), half).sum() == 0


PUBLISHED = {q.name: q.centre for q in CORE}
BEGIN, WEEKS = 40, 300


def dosed(**dose):
    """The published model of one place, with persons a week from a week on."""
    policy = Policy(dose={n: np.where(np.arange(WEEKS) >= BEGIN, v, 0.0) for n, v in dose.items()})
    key = noise.key(1, 0, "model")
    model = national(network())
    (_, least), weekly = run_weeks(model, PUBLISHED, Drivers(), policy, range(WEEKS), key)
    return least, {name: np.asarray(values).sum(axis=1) for name, values in weekly.items()}


def test_a_dose_is_so_many_persons_in_every_week_whatever_it_has_changed_by_then():
    least, found = dosed(recruitment=-110.0)
    usual = PUBLISHED["recruitment"] * found["members"]
    np.testing.assert_allclose(usual[:BEGIN], found["recruits"][:BEGIN])
    np.testing.assert_allclose(usual[BEGIN:] - 110.0, found["recruits"][BEGIN:])
    assert float(least["recruitment"]) == pytest.approx(usual[BEGIN:].min())
    _, found = dosed(enforcement=110.0)
    np.testing.assert_allclose(found["arrests"][BEGIN:], 220.0, rtol=1e-6)
    _, found = dosed(saturation=110.0)
    _, none = dosed(saturation=1e-9)
    grown = found["members"][BEGIN] - none["members"][BEGIN]
    assert grown == pytest.approx(0.0, abs=1e-6)
    assert found["departures"][BEGIN] - none["departures"][BEGIN] == pytest.approx(110.0)


def test_equal_doses_tie_by_construction_where_flows_lie_alike():
    """In one place both take from every group by its size: the course of members is the same."""
    fewer, more = dosed(recruitment=-110.0)[1], dosed(enforcement=110.0)[1]
    np.testing.assert_allclose(fewer["members"], more["members"], rtol=1e-6)
    np.testing.assert_allclose(fewer["member_deaths"], more["member_deaths"], rtol=1e-6)


def test_municipalities_add_up_to_the_forecast_of_their_state_in_whole_years():
    codes, years = ["01001", "01002", "02001"], [2024, 2025, 2026]
    expected = np.random.default_rng(3).gamma(9, 3, (2, 4, 3, 3))
    expected[1] = 0.8 * expected[0]
    coords = {"scenario": ["no_change", "s"], "draw": range(4), "year": years, "place": codes}
    axes = ("scenario", "draw", "year", "place")
    results = xr.Dataset({EXPECTED: (axes, expected)}, coords, {"seed": 7})
    months = [f"{2024 + m // 12}-{m % 12 + 1:02d}" for m in range(6, 36)]  # from July 2024
    draws = np.random.default_rng(4).poisson(30, (4, len(months), 2))
    found = SimpleNamespace(draws=draws, months=months, places=["01", "02"], origin="2024-06")
    given = anchored(results, {RECORDED: found})
    ours = given[EXPECTED].to_numpy()
    np.testing.assert_array_equal(ours[:, :, 0], expected[:, :, 0])  # begun before the origin
    for row in (1, 2):
        whole = draws[:, row * 12 - 6 : row * 12 + 6].sum(axis=1)
        np.testing.assert_allclose(ours[0, :, row, :2].sum(axis=-1), whole[:, 0])
        np.testing.assert_allclose(ours[0, :, row, 2], whole[:, 1])
    np.testing.assert_allclose(ours[1], 0.8 * ours[0])
    np.testing.assert_array_equal(given[ALONE], results[EXPECTED])


def test_both_agencies_count_the_same_deaths():
    """The first, and the second given the first, are the bivariate negative binomial."""
    size, first, other = 7.0, 30.0, 24.0
    mean, more = (float(v) for v in second(other, first, size, 41.0))
    one = nbinom.logpmf(41, size, size / (size + first))
    two = nbinom.logpmf(20, more, more / (more + mean))
    whole = size + first + other
    log_many = gammaln(size + 61) - gammaln(size) - gammaln(42) - gammaln(21)
    powers = size * np.log(size / whole) + 41 * np.log(first / whole) + 20 * np.log(other / whole)
    assert one + two == pytest.approx(log_many + powers)
    mean, more = (float(v) for v in second(other, first, size, np.nan))
    assert (mean, more) == (other, size), "unknown: by itself"


def test_farther_than_a_forecast_is_made_its_last_year_goes_on(quick_forecast):
    found = forecasts("2024-12", "2036-03", 2, 5)[RECORDED]
    said = quick_forecast(RECORDED, "2024-12", 120, 2, 5)
    assert found.months[0] == "2025-01" and found.months[-1] == "2036-03"
    np.testing.assert_array_equal(found.draws[:, :120], said.draws)
    np.testing.assert_array_equal(found.draws[:, 120:132], said.draws[:, 108:])
    np.testing.assert_array_equal(found.draws[:, 132:], said.draws[:, 108:111])
