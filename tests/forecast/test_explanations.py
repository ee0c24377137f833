"""The mechanisms enter a forecast knowing only what was known, and are worth what they score."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hidra.cli import main
from hidra.data import reference
from hidra.forecast import backtest, explanations, mechanistic, scores
from hidra.forecast import course as courses
from hidra.forecast.backtest import PROTOCOLS, protocol
from hidra.forecast.course import VARIANTS, Course, course, starts, variant
from hidra.forecast.history import month
from hidra.forecast.model import Model
from hidra.forecast.models import ALL
from hidra.forecast.scores import difference
from hidra.model.series import Known
from hidra.model.space import reported

AT = "2016-10"


def test_tables_within_an_origin_hold_nothing_that_came_later():
    whole = reference.table("leadership_removals")
    known = Known("2014-10")
    removals = known.table("leadership_removals")
    presence = known.table("group_presence_state")
    economy = known.table("economy_state_year")
    forces = known.table("federal_forces_state")
    assert 0 < len(removals) < len(whole)
    assert removals["date"].max()[:7] <= "2014-10"
    assert set(presence["period"]) == {"2009-2013"}
    assert economy["year"].max() == 2012, "a yearly figure comes out after the next year has begun"
    assert forces.empty, "federal forces were counted in July 2019"
    assert len(reference.table("leadership_removals")) == len(whole), "and outside all is there"


def test_without_the_network_of_2020_all_ties_are_equal():
    early, late = reported(Known("2014-10")), reported(Known("2021-10"))
    model = courses.system(variant("V0"), "2014-10").model
    assert set(early.ids) < set(late.ids), "more groups had been reported by then"
    assert not early.rivals.any()
    assert not early.alliances.any()
    assert early.shares.sum() == pytest.approx(1)
    assert model.spread.sum(axis=0) == pytest.approx(1)
    with_ties = courses.system(variant("V0-network"), "2014-10").model
    assert with_ties.network.rivals.any()


def test_every_explanation_with_mechanisms_has_a_course_and_holds_its_sign():
    assert set(mechanistic.CODES) | set(mechanistic.UPPER) <= set(VARIANTS)
    absent, drives = variant("V1").overrides(), variant("V2").overrides()
    name = "militarisation.lethality"
    assert absent[name].quantile(0.9) < 0 < drives[name].quantile(0.1)


def test_an_explanation_whose_drivers_are_unknown_is_the_core():
    assert not courses.acts(variant("V1"), "2018-10"), "federal forces were counted in July 2019"
    assert courses.acts(variant("V1"), "2019-10")
    assert courses.acts(variant("V4"), "2018-10")


def test_the_mechanisms_start_with_two_years_of_the_32_states(country, homicides):
    assert not starts(country.until(month("2013-10")))
    assert starts(country.until(month("2013-12")))
    assert not starts(homicides.until(month("2016-10"))), "eight states are not the country"


@pytest.fixture
def quick(monkeypatch):
    """A fit of few runs of the model; every other step is the real one."""
    monkeypatch.setattr(courses, "RUNS", 60)
    monkeypatch.setattr(courses, "DRAWS", 8)


@pytest.mark.slow  # two fits, half a minute each
def test_what_comes_after_the_origin_changes_no_course(quick, country, monkeypatch):
    """Later counts become noise and later removals are taken away: fragmentation hears of both."""
    counts = country.counts.copy()
    later = len(country.until(month(AT)).counts)
    counts[later:] = np.random.default_rng(3).integers(0, 2000, counts[later:].shape)
    one = course(variant("V4"), country.until(month(AT)), 3).factor
    whole = reference._frame

    def without_later(name):
        frame = whole(name)
        return frame[frame["date"] < "2016-11"] if name == "leadership_removals" else frame

    monkeypatch.setattr(reference, "_frame", without_later)
    noisy = dataclasses.replace(country, counts=counts)
    other = course(variant("V4"), noisy.until(month(AT)), 3).factor
    assert np.array_equal(one, other)
    assert one.shape == (3, 32)
    assert 0.5 < one.min() <= one.max() < 2


@pytest.fixture
def half(monkeypatch):
    """Courses that halve everything, from 2016 on, and families that cost nothing."""

    def course(hindcasts, name, history, months):
        return np.full(
            (months, len(history.places)), 0.5 if history.origin > month("2016-01") else 1.0
        )

    monkeypatch.setattr("hidra.forecast.models.FAMILIES", ("seasonal-ewm2", "regression"))
    monkeypatch.setattr("hidra.forecast.mechanistic.course", course)
    monkeypatch.setattr(courses, "starts", lambda history: history.origin > month("2016-01"))


def test_a_rival_is_the_default_forecast_moved_along_its_course(half, ask):
    asked = ask("2016-10", draws=400)
    plain, moved = ALL["hidra-log-t"].draw(asked), mechanistic.EXPLANATIONS["V0"].draw(asked)
    assert moved.mean() == pytest.approx(plain.mean() / 2, rel=0.03)
    assert np.array_equal(mechanistic.EXPLANATIONS["V6"].draw(asked), plain)


def test_where_the_mechanisms_cannot_start_every_rival_is_the_default(half, ask):
    asked = ask("2015-10", draws=30)
    plain = ALL["hidra-log-t"].draw(asked)
    for code in mechanistic.CODES:
        assert np.array_equal(mechanistic.EXPLANATIONS[code].draw(asked), plain)


def test_a_course_that_was_wrong_before_is_not_believed(half, ask):
    asked = ask("2018-10", draws=30)
    assert mechanistic.belief(asked, "V0", ("ewm2",)) == 0
    assert np.array_equal(
        mechanistic.EXPLANATIONS["hidra-core"].draw(asked), ALL["hidra-log-t"].draw(asked)
    )


def test_the_gain_among_some_targets_is_theirs_alone():
    base = np.full((8, 6, 2, 3), 10.0)
    better = base.copy()
    better[:, 0, :, 0] -= 2
    among = np.zeros((8, 2, 3), bool)
    among[:, :, 0] = True
    assert difference(better, base, block=2, among=among)["mean"] == pytest.approx(-2)
    assert difference(better, base, block=2)["mean"] == pytest.approx(-2 / 3)
    assert difference(better, base, block=2, among=among)["targets"] == 16
    assert difference(better, base, block=2, among=~among)["words"] == "indistinguishable"


@pytest.fixture
def told(monkeypatch):
    """Two origins, courses without a fit, and a light forecast in the place of the default."""
    whole = protocol("inegi_homicides", "state")
    plan = dataclasses.replace(whole, origins=("2012-10", "2016-10", "2017-10", "2018-10"))
    monkeypatch.setitem(PROTOCOLS, ("inegi_homicides", "state"), plan)
    light = dict.fromkeys(explanations.ALL_EXPLANATIONS, ALL["last-12"])
    monkeypatch.setattr(backtest, "EXPLANATIONS", light)
    monkeypatch.setattr(explanations, "RESAMPLES", 20)
    monkeypatch.setattr(scores, "RESAMPLES", 50)
    monkeypatch.setattr(backtest, "DRAWS", 20)
    monkeypatch.setattr(backtest, "SEEDS", (1,))
    monkeypatch.setattr(backtest, "models", lambda history: [ALL[n] for n in ("hidra", "nb-ewm6")])
    for name in ("hidra", "nb-ewm6"):
        monkeypatch.setitem(ALL, name, Model(name, ALL["last-12"].draw))
    made = []

    def instead(variant, history, months):
        made.append((variant.name, str(history.origin)))
        return Course(np.ones((months, len(history.places))), True, "test")

    monkeypatch.setattr("hidra.forecast.course.course", instead)
    monkeypatch.setattr("hidra.forecast.course.acts", lambda one, at: one.name != "V1")
    monkeypatch.setattr("hidra.cli.terminal.cores", lambda: 1)
    return made


def test_the_command_adds_the_rivals_and_takes_up_where_it_stopped(told, tmp_path, capsys):
    plan = protocol("inegi_homicides", "state")
    explanations.prepare(plan, ("V0",), lambda *_: None)
    assert told == [("V0", "2016-10"), ("V0", "2017-10"), ("V0", "2018-10")]
    assert main(["score", "--rivals", "--kept", "--json"]) == 0
    rows = {row["model"] for row in json.loads(capsys.readouterr().out)}
    assert {"V0", "V1", "V6", "V6-drift"} < rows, "V1 is V0 at these origins"
    assert "V5" not in rows
    assert len(told) == 3, "what is kept is scored and nothing fitted"
    asked = ["score", "--rivals", "--json"]
    assert main(asked) == 0
    out, err = capsys.readouterr()
    assert "21 fits" in err, "eight variants from three origins; V1 is V0, which is kept"
    rows = {row["model"]: row for row in json.loads(out)}
    assert set(explanations.ALL_EXPLANATIONS) < set(rows)
    assert rows["V0"]["origins_started"] == 3
    assert rows["V0"]["against_V6"]["all"]["words"] == "indistinguishable"
    assert sum(rows[c]["stacking"]["weight"] for c in (*mechanistic.CODES, "V6")) == pytest.approx(
        1
    )
    assert rows["V0-network"]["knows_later"]
    assert not rows["V0"]["knows_later"]
    assert len(told) == 24
    assert main([*asked, "--pages", str(tmp_path)]) == 0
    assert len(told) == 24, "the second time no course is made"
    for folder, words in (
        ("en/reference", "indistinguishable"),
        ("es/referencia", "indistinguible"),
    ):
        text = (tmp_path / folder / "rivals.md").read_text(encoding="utf-8")
        assert "2016-10, 2017-10, 2018-10" in text
        assert "32 states, 20 draws" in text or "32 estados, 20 extracciones" in text
        assert words in next(line for line in text.splitlines() if line.startswith("| V5 |"))


def test_what_jumps_are_worth_follows_from_the_scores():
    plan = protocol("inegi_homicides", "state")
    some = np.ones((len(plan.origins), 6, len(plan.horizons), 32))
    jumps = explanations.masks(plan)["jumps"]
    flat = explanations.bound(plan, {"V6": some})
    assert flat == pytest.approx(jumps.mean())
    some[:, 0][jumps] = 3.0
    assert explanations.bound(plan, {"V6": some}) == pytest.approx(3 * flat)


def test_rivals_of_victims_are_refused_for_their_counts_begin_too_late(capsys):
    assert main(["score", "--rivals", "--measure", "sesnsp_homicide_victims"]) == 2
    assert "2012" in capsys.readouterr().err


def test_rivals_of_municipalities_are_refused(capsys, monkeypatch):
    plan = dataclasses.replace(protocol("inegi_homicides", "state"), level="municipality")
    monkeypatch.setitem(PROTOCOLS, ("inegi_homicides", "municipality"), plan)
    assert main(["score", "--rivals", "--level", "municipality"]) == 2
    assert "32 states" in capsys.readouterr().err
