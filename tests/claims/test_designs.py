"""Designs: our descriptive table to its digits, published windows, and estimators that find what is put in."""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from hidra.claims.claim import claims
from hidra.claims.designs import event, exposure, published, removals
from hidra.claims.designs.event import ESTIMATORS
from hidra.claims.designs.rules import Estimate, as_published, by_rule

sys.path.insert(0, str(Path(__file__).parents[2]))  # the scripts stand beside the package

from scripts.make_design_check import IMPOSED, recover, simulated

pytestmark = pytest.mark.filterwarnings("default")  # the estimators' own remarks
RECOVERY = Path(__file__).parent / "recovery.csv"


@pytest.fixture(scope="module")
def windows():
    return removals.windows()


def test_31_removals_before_2015_have_a_known_municipality():
    events = removals.municipal_removals()
    assert len(events) == 31
    assert (events["killed"].sum(), (events["date"] < "2011").sum()) == (7, 11)


@pytest.mark.parametrize(
    ("name", "n", "ratio"),
    [("all, months 1-6", 31, 1.20), ("all, months 7-12", 31, 1.02), ("killed, months 1-6", 7, 1.45),
     ("killed, months 7-12", 7, 1.77), ("captured, months 1-6", 24, 1.18), ("captured, months 7-12", 24, 0.96),
     ("2008-2010, months 1-6", 11, 1.60)],
)  # fmt: skip
def test_the_descriptive_table_of_removals(windows, name, n, ratio):
    found = windows[name]
    assert (found.n, round(found.ratio, 2)) == (n, ratio)


def test_random_dates_do_as_well_often_enough_to_doubt(windows):
    found = windows
    assert found["all, months 1-6"].placebo == pytest.approx(0.13, abs=0.04)
    assert found["killed, months 1-6"].placebo == pytest.approx(0.07, abs=0.02)
    assert found["2008-2010, months 1-6"].placebo == pytest.approx(0.04, abs=0.02)


def test_states_hide_what_municipalities_show():
    found = removals.at_state_level()
    assert abs(found["log_change"]) < 0.01
    assert found["standard_error"] == pytest.approx(0.041, abs=0.002)
    assert found["placebo_sd"] == pytest.approx(0.038, abs=0.003)


def test_the_ratio_is_one_where_the_place_follows_the_nation():
    nation = np.linspace(1000, 2000, 60)
    places = np.stack([nation / 50, nation / 20])
    value, each = removals.ratio(places, nation, np.array([20, 30]), range(1, 7))
    assert value == pytest.approx(1) and each == pytest.approx([1, 1])


def test_places_of_removal_rise_in_the_first_half_year_by_poisson():
    # Published: +80 % for a year (Lindo & Padilla-Romo), +36.5 % in six months (Calderón et al.).
    found = {one.name: one for one in event.quiet(event.poisson, removals.panel())}
    first = found["Poisson FE, months 0-5"]
    lead = found["Poisson FE, months -12 to -7"]
    assert first.low > 0 and lead.low < 0 < lead.high
    assert first.low <= np.log(1.365) <= first.high and first.low <= np.log(1.80) <= first.high
    assert found["Poisson FE, months 6-11"].low < 0


def test_dickenson_on_32_states_by_49_months():
    found = published.negative_binomial()
    assert found["rows"] == 32 * 49
    assert found["killed_log"] > found["captured_log"]  # killing is worse than capture
    low, high = found["attributed_interval"]
    assert low < found["published"] < high and low < 0  # 415 lies in it, and so does none


def test_operations_went_where_violence_was_already_moving():
    lead, first, *_ = published.operation_effects()
    assert first.low > 0 and lead.low > 0
    assert by_rule(first, [], 0.0, [lead]) == "not testable with these data"


def test_the_rule_of_verdicts():
    up, none, down = (
        Estimate(n, v, v - 0.1, v + 0.1, 9) for n, v in (("u", 0.3), ("n", 0), ("d", -0.3))
    )
    assert by_rule(up, [up, up, none], 0.01, [none]) == "supported"
    assert by_rule(up, [none, none], 0.01, [none]) == "partly"
    assert by_rule(none, [none], 0.5, [none]) == "not supported"
    assert by_rule(none, [up, none], 0.10, [none]) == "partly"
    assert by_rule(none, [up, up], 0.70, [none]) == "not supported"  # random dates do as much
    assert by_rule(none, [up, none], np.nan, [none]) == "partly"  # none were drawn
    assert by_rule(up, [none], np.nan, [none]) == "partly"
    assert by_rule(up, [], 0.0, [none]) == by_rule(up, [up], np.nan, [none]) == "partly"
    assert by_rule(down, [none], 0.9, [none]) == "contradicted"
    assert by_rule(up, [up], 0.0, [up]) == "not testable with these data"


def test_simulated_panels_repeat_and_carry_the_effect():
    rows = simulated((1, 2), IMPOSED)
    assert rows.equals(simulated((1, 2), IMPOSED)) and not rows.equals(simulated((1, 3), IMPOSED))
    found = recover("poisson", IMPOSED, 5)
    assert found.mean == pytest.approx(IMPOSED, abs=0.08)


def test_recorded_intervals_hold_the_truth_as_often_as_they_say():
    # 500 replicates each, fixed seed; made by scripts/make_design_check.py.
    rows = list(csv.DictReader(RECOVERY.read_text("utf-8").splitlines()))
    assert {row["replicates"] for row in rows} == {"500"}
    assert {(row["estimator"], float(row["imposed"]) > 0) for row in rows} == {
        (name, effect) for name in ESTIMATORS for effect in (True, False)
    }
    for row in rows:
        assert abs(float(row["mean"]) - float(row["imposed"])) < 0.02, row
        assert 0.85 <= float(row["coverage"]) <= 0.95, row


@pytest.mark.slow
@pytest.mark.parametrize("effect", [IMPOSED, 0.0])
@pytest.mark.parametrize("name", list(ESTIMATORS))
def test_estimators_recover_what_is_put_in(name, effect):
    found = recover(name, effect, 500)
    assert 0.85 <= found.coverage <= 0.95


@pytest.fixture(scope="module")
def rows_of_strip():
    return {row["en"]: row for row in removals.strip()}


def test_the_strip_asks_by_unit_source_period_kind_and_window(rows_of_strip):
    told = " ".join(rows_of_strip)
    for words in ("municipality", "state", "INEGI", "SESNSP", "2008-2010", "2011-2014", "killings", "captures",
                  "months 0-5", "months 6-11", "months 1-6", "months 7-12", "Conley", "synthetic control"):  # fmt: skip
        assert words in told
    assert [row["main"] for row in rows_of_strip.values()].count(True) == 1
    assert all(
        row["low"] < row["estimate"] < row["high"] and row["n"] > 4
        for row in rows_of_strip.values()
    )
    assert all(row["es"] and row["es"] != row["en"] for row in rows_of_strip.values())


def test_what_municipalities_show_the_strip_does_not_show_in_states(rows_of_strip):
    place = next(row for row in rows_of_strip.values() if row["main"])
    near = rows_of_strip["municipality of removal, errors shared up to 300 km (Conley)"]
    assert place["low"] > 0 and near["low"] > 0
    assert near["estimate"] == place["estimate"]  # the same estimate, other errors
    assert all(
        row["low"] < 0 < row["high"]
        for name, row in rows_of_strip.items()
        if name.startswith("state")
    )
    assert rows_of_strip["municipality of removal, 2008-2010"]["estimate"] > place["estimate"]


def test_sources_agree_where_both_count(rows_of_strip):
    inegi = rows_of_strip["state of removal, INEGI 2015-2022, months 1-6"]
    sesnsp = rows_of_strip["state of removal, SESNSP 2015-2022, months 1-6"]
    assert inegi["n"] == sesnsp["n"]
    assert inegi["estimate"] == pytest.approx(sesnsp["estimate"], abs=0.05)


def test_a_synthetic_control_finds_what_was_put_in_and_says_how_many_places_it_stands_on():
    [found] = event.synthetic(simulated((500, 0), IMPOSED), halves={0: "months 0-5"})
    assert found.low < IMPOSED < found.high
    assert found.n == 40  # the twenty treated last have no control of their own
    [nothing] = event.synthetic(simulated((500, 1), 0.0), halves={0: "months 0-5"})
    assert nothing.low < 0 < nothing.high


def test_a_place_alone_has_no_synthetic_control():
    rows = simulated((500, 0), IMPOSED)
    assert event.synthetic(rows[rows["unit"] < 6]) == []


def test_conley_without_neighbours_or_memory_is_the_robust_error(monkeypatch):
    rows = simulated((500, 2), IMPOSED)
    monkeypatch.setattr(event, "REACH", 1.0)
    monkeypatch.setattr(event, "MEMORY", 0)
    alone = event.conley(rows)
    import pyfixest as pf

    fit = pf.fepois("deaths ~ w0 + w1 + w2 + w3 | unit + month", rows, vcov="hetero")
    widths = [(one.high - one.low) / 2 / 1.645 for one in alone]
    assert widths == pytest.approx(fit.se().to_numpy(), rel=0.05)


def test_published_windows_lie_beside_ours_with_their_differences_said():
    wide = published.published("lindo_padilla_romo")
    low, high = wide.figures["change, months 0-11"][1:]
    assert (
        low < 0 < high and wide.verdict == "not supported"
    )  # the published +80 % is not seen here
    short = published.published("calderon_et_al")
    low, high = short.figures["change, months 0-5"][1:]
    assert 0 < low < 36.5 < high
    assert short.verdict == "partly"  # it holds, but random dates do as well too often
    assert all("by month of registration" in one.why["en"] for one in (wide, short))


def test_the_rule_of_published_figures():
    up, wide, down = (
        Estimate("x", v, lo, hi, 9)
        for v, lo, hi in ((0.3, 0.1, 0.5), (0.3, -0.1, 0.7), (-0.3, -0.5, -0.1))
    )
    assert as_published(up, 0.31, 0.01) == "supported"
    assert as_published(up, 0.31, 0.20) == "partly"
    assert as_published(up, 0.60, 0.01) == "partly"
    assert as_published(wide, 0.31, 0.01) == "partly"
    assert as_published(wide, 0.90, 0.01) == "not supported"
    assert as_published(down, 0.31, 0.01) == "contradicted"


def test_operations_are_followed_by_the_direction_espinosa_and_rubin_found():
    rate = published.operation_rate()
    assert 0 < rate.value < 11.0  # same sign; states dilute what their 18 regions show


@pytest.fixture
def few_draws(monkeypatch):
    """Fewer random assignments than the design itself makes: enough to tell often from seldom."""
    monkeypatch.setattr(exposure, "DRAWS", 19)


def test_the_border_rises_after_the_ban_ends_and_not_before(few_draws):
    rows = exposure.border()
    found = exposure.within(rows)
    assert found.main.low > 0 and found.lead.low < 0 < found.lead.high
    assert found.placebo > 0.05  # five states: random ones do as well too often
    assert set(rows.loc[rows["own"] == 1, "place"]) == {"05", "08", "19", "26", "28"}


def test_an_exposure_that_does_nothing_is_not_found(few_draws):
    rng = np.random.default_rng(7)
    rows = exposure.border().assign(
        own=lambda f: f["place"].map(
            dict(zip(sorted(set(f["place"])), rng.normal(size=32), strict=True))
        )
    )
    found = exposure.within(rows.assign(deaths=rng.poisson(40, len(rows)).astype(float)))
    assert found.main.low < 0 < found.main.high and found.placebo > 0.05
    assert found.lowest <= found.main.value <= found.highest


def test_no_state_is_left_with_the_price_of_its_own_making():
    rows = exposure.mining()
    assert (
        rows.groupby("time")["price"].nunique().max() == 1
    )  # the nation's price, the same for all
    assert rows.groupby("place")["own"].nunique().max() == 1
    assert rows["own"].max() < 10  # hundredths of a state's product


@pytest.mark.parametrize("path", ["en/explanation/findings.md", "es/explicacion/hallazgos.md"])
def test_the_page_of_findings_tells_what_the_designs_find(path, windows, rows_of_strip):
    # written by scripts/make_findings_pages.py
    text = (Path(__file__).parents[2] / "docs" / path).read_text("utf-8")
    designed = {one.id for one in claims() if "design" in one.test}
    assert all(f"| `{name}`:" in text for name in designed)
    for one in windows.values():
        assert f"| {one.n} | {one.ratio:.2f} | {one.geometric:.2f} | {one.placebo:.2f} |" in text
    lang = path[:2]
    for row in rows_of_strip.values():
        assert f"| {row[lang]} | {row['n']} | {100 * row['estimate']:+.0f} % (" in text
