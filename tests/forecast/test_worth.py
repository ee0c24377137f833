"""The worth of mechanisms is judged against controls, and no verdict is given on too little."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hidra.forecast import explanations, mechanistic
from hidra.forecast.backtest import protocol
from hidra.forecast.history import month
from hidra.forecast.models import ALL, weights
from hidra.forecast.scores import FEWEST, NAMES, difference

ORIGINS = tuple(f"{year}-10" for year in range(2014, 2022))


@pytest.fixture
def anywhere(monkeypatch):
    """The mechanisms start from any record, and families cost nothing."""
    monkeypatch.setattr("hidra.forecast.course.starts", lambda history: True)
    monkeypatch.setattr("hidra.forecast.models.FAMILIES", ("seasonal-ewm2", "regression"))


def test_a_drift_is_what_came_over_what_was_said_before_the_origin(anywhere, ask):
    asked = ask("2016-10")
    said, came = asked.hindcasts.with_outcomes(("ewm2",), asked.history, asked.horizons)
    found = mechanistic.drift(asked, ("ewm2",))
    assert found.shape == (14, 1)
    at = 13  # the longest horizon: some outcomes of late origins are not known yet
    known = ~np.isnan(came[:, at])
    assert 0 < known.sum() < known.size
    assert found[at, 0] == pytest.approx(came[:, at][known].sum() / said[:, at][known].sum())


def test_a_drift_knows_nothing_of_what_came_after(anywhere, ask, noise_after):
    asked = ask("2016-10")
    noisy = dataclasses.replace(asked, history=noise_after("2016-10").until(month("2016-10")))
    assert np.array_equal(mechanistic.drift(asked, ("ewm2",)), mechanistic.drift(noisy, ("ewm2",)))


def test_where_the_mechanisms_cannot_start_the_drift_is_none(ask):
    assert (mechanistic.drift(ask("2016-10"), ("ewm2",)) == 1).all()


def test_a_national_course_forgets_which_state_rises(anywhere, ask, monkeypatch):
    def course(hindcasts, name, history, months):
        up = np.array([2.0, 0.5] * (len(history.places) // 2))
        return np.tile(up * 1.1, (months, 1))

    monkeypatch.setattr("hidra.forecast.mechanistic.course", course)
    found = mechanistic.national("V5", ask("2016-10"))
    np.testing.assert_allclose(found, np.full((14, 1), 1.1))


def test_controls_move_the_mean_of_the_same_forecast(anywhere, ask, monkeypatch):
    monkeypatch.setattr(
        "hidra.forecast.mechanistic.course",
        lambda hindcasts, name, history, months: np.full((months, len(history.places)), 2.0),
    )
    asked = ask("2016-10", draws=400)
    plain = ALL["hidra-log-t"].draw(asked)
    doubled = mechanistic.EXPLANATIONS["V5-national"].draw(asked)
    assert doubled.mean() == pytest.approx(2 * plain.mean(), rel=0.03)
    drifted = mechanistic.EXPLANATIONS["V6-drift"].draw(asked)
    expected = mechanistic.drift(asked, ("seasonal-ewm2", "regression")).mean()
    assert drifted.mean() / plain.mean() == pytest.approx(expected, rel=0.05)


def test_no_verdict_from_fewer_origins_than_could_all_agree_by_luck():
    base = np.full((13, 6, 2, 3), 10.0)
    better = base.copy()
    better[: FEWEST - 1, 0] -= 1
    found = difference(better, base, block=2)
    assert found["origins"] == FEWEST - 1
    assert found["words"] == "too_few"
    better[:FEWEST, 0] -= 1
    assert difference(better, base, block=1)["words"] == "better"
    assert 2 * 0.5**FEWEST < 0.05 < 2 * 0.5 ** (FEWEST - 1)
    assert difference(base, base, block=2)["words"] == "indistinguishable"


@pytest.fixture
def plan():
    return dataclasses.replace(protocol("inegi_homicides", "state"), origins=ORIGINS)


def scored(plan, ign):
    """Scores of a forecast that gave every outcome of an origin this ignorance."""
    found = np.ones((len(plan.origins), len(NAMES), len(plan.horizons), 3))
    found[:, NAMES.index("ign")] = np.asarray(ign)[:, None, None]
    return found


def test_weights_learnt_before_an_origin_do_not_hear_of_it(plan):
    """V0 is right until 2017 and wrong afterwards; V6 the other way round."""
    late = np.array([o > "2017-10" for o in plan.origins])
    found = {
        "V0": scored(plan, np.where(late, 3.0, 1.0)),
        "V6": scored(plan, np.where(late, 1.0, 3.0)),
    }
    rows = explanations.prequential(plan, found, plan.origins)
    share = {row["origin"]: row["weights"]["V0"] for row in rows}
    assert share["2014-10"] == pytest.approx(0.5), "nothing had come yet"
    assert share["2015-10"] > 0.99
    assert share["2018-10"] > 0.99, "that it would be wrong was not known"
    assert share["2018-10"] >= share["2019-10"] > share["2021-10"]
    changed = {name: rows.copy() for name, rows in found.items()}
    for rows_ in changed.values():
        rows_[4:] = 7.0
    again = explanations.prequential(plan, changed, plan.origins)
    assert [r["weights"] for r in again[:5]] == [r["weights"] for r in rows[:5]]


def test_months_that_had_not_come_by_an_origin_teach_it_nothing(plan):
    """From October, November and December of the next year lie beyond the next October."""
    found = {"V0": scored(plan, np.ones(8)), "V6": scored(plan, np.full(8, 3.0))}
    ahead = np.array(plan.horizons)
    found["V0"][:, :, ahead > 12], found["V6"][:, :, ahead > 12] = 9.0, 0.1
    share = explanations.prequential(plan, found, plan.origins)[1]["weights"]["V0"]
    assert share > 0.99


def test_the_mixture_is_scored_with_the_weights_it_had(plan):
    found = {"V0": scored(plan, np.ones(8)), "V6": scored(plan, np.full(8, 3.0))}
    rows = explanations.prequential(plan, found, plan.origins)
    assert rows[0]["mixture"].mean() == pytest.approx(-np.log2((0.5 + 0.125) / 2))
    gained = explanations.gains(plan, rows)
    assert gained["mixture"]["mean"] < gained["equal"]["mean"] < 0
    assert gained["mixture"]["words"] == "better"


def test_stacking_weights_are_those_of_the_mixture_that_made_the_data():
    rng = np.random.default_rng(8)
    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    from_first = rng.random(20_000) < 0.3
    outcome = np.where(
        from_first,
        rng.choice(3, 20_000, p=probabilities[0]),
        rng.choice(3, 20_000, p=probabilities[1]),
    )
    assert weights(probabilities[:, outcome].T)[0] == pytest.approx(0.3, abs=0.02)


def test_explanations_are_set_against_the_drifts(plan):
    base = np.full((8, 6, 12, 32), 10.0)
    found = {"V6": base, "V6-drift": base - 0.5, "V5-national": base - 0.4, "V5": base - 0.7}
    rows = {(r["one"], r["other"]): r for r in explanations.beyond_drift(plan, found)}
    assert rows["V5", "V6-drift"]["started"]["mean"] == pytest.approx(-0.2)
    assert rows["V5", "V5-national"]["started"]["mean"] == pytest.approx(-0.3)
    assert rows["V5-national", "V6-drift"]["started"]["words"] == "worse"
    assert ("V0", "V6-drift") not in rows, "what was not scored is not compared"
