"""Designs: our descriptive table to its digits, published windows, and estimators that find what is put in."""

import csv
from pathlib import Path

import numpy as np
import pytest

from hidra.claim.design import event, states, window
from hidra.claim.design.event import Estimate
from hidra.claim.design.removals import municipal_removals
from hidra.claim.design.simulate import IMPOSED, recover, simulated
from hidra.claim.design.verdicts import by_rule

pytestmark = pytest.mark.filterwarnings("default")  # the estimators' own remarks
RECOVERY = Path(__file__).parent / "recovery.csv"


@pytest.fixture(scope="module")
def windows():
    return window.windows()


def test_31_removals_before_2015_have_a_known_municipality():
    events = municipal_removals()
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
    found = window.at_state_level()
    assert abs(found["log_change"]) < 0.01
    assert found["standard_error"] == pytest.approx(0.041, abs=0.002)
    assert found["placebo_sd"] == pytest.approx(0.038, abs=0.003)


def test_the_ratio_is_one_where_the_place_follows_the_nation():
    nation = np.linspace(1000, 2000, 60)
    places = np.stack([nation / 50, nation / 20])
    value, each = window.ratio(places, nation, np.array([20, 30]), range(1, 7))
    assert value == pytest.approx(1) and each == pytest.approx([1, 1])


def test_places_of_removal_rise_in_the_first_half_year_by_poisson():
    # Published: +80 % for a year (Lindo & Padilla-Romo), +36.5 % in six months (Calderón et al.).
    found = {one.name: one for one in event.quiet(event.poisson, event.panel())}
    first = found["Poisson FE, months 0-5"]
    lead = found["Poisson FE, months -12 to -7"]
    assert first.low > 0 and lead.low < 0 < lead.high
    assert first.low <= np.log(1.365) <= first.high and first.low <= np.log(1.80) <= first.high
    assert found["Poisson FE, months 6-11"].low < 0


def test_dickenson_on_32_states_by_49_months():
    found = states.dickenson()
    assert found["rows"] == 32 * 49
    assert found["killed_log"] > found["captured_log"]  # killing is worse than capture
    low, high = found["attributed_interval"]
    assert low < found["published"] < high and low < 0  # 415 lies in it, and so does none


def test_operations_went_where_violence_was_already_moving():
    lead, first, *_ = states.operation_effects()
    assert first.low > 0 and lead.low > 0
    assert by_rule(first, [], 0.0, [lead]) == "not testable with these data"


def test_the_rule_of_verdicts():
    up, none, down = (
        Estimate(n, v, v - 0.1, v + 0.1, 9) for n, v in (("u", 0.3), ("n", 0), ("d", -0.3))
    )
    assert by_rule(up, [up, up, none], 0.01, [none]) == "supported"
    assert by_rule(up, [none, none], 0.01, [none]) == "partly"
    assert by_rule(none, [none], 0.5, [none]) == "not supported"
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
    assert {"poisson", "callaway_santanna"} <= {row["estimator"] for row in rows}
    for row in rows:
        assert abs(float(row["mean"]) - float(row["imposed"])) < 0.02, row
        assert 0.85 <= float(row["coverage"]) <= 0.95, row


@pytest.mark.slow
@pytest.mark.parametrize("effect", [IMPOSED, 0.0])
@pytest.mark.parametrize("name", ["poisson", "linear", "did2s", "callaway_santanna"])
def test_estimators_recover_what_is_put_in(name, effect):
    found = recover(name, effect, 500)
    assert 0.85 <= found.coverage <= 0.95
