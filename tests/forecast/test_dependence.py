"""Sums of months and places: as wide as errors have been, month by month unchanged."""

from __future__ import annotations

import numpy as np
import pytest

from hidra import forecast
from hidra.forecast.backtest import Protocol, sums
from hidra.forecast.history import month
from hidra.forecast.means import HALF
from hidra.forecast.models import ALL, ordered, shares


def errors(country, by_month, place, own, seed=0, origins=400, months=12, places=20):
    """Errors of logs made of four parts of known variance."""
    draw = np.random.default_rng(seed).standard_normal
    return (
        country**0.5 * draw((origins, 1, 1))
        + by_month**0.5 * draw((origins, months, 1))
        + place**0.5 * draw((origins, 1, places))
        + own**0.5 * draw((origins, months, places))
    ) * np.linspace(0.2, 2.0, places)


def found(errors):
    """What is found in errors, as outcomes of forecasts that said half a person everywhere."""
    said = np.full(errors.shape, 1 - HALF)
    return shares(said, np.exp(errors) - HALF)


@pytest.mark.parametrize("true", [(0.2, 0.1, 0.4, 0.3), (0.0, 0.0, 0.0, 1.0), (0.5, 0.0, 0.5, 0.0)])
def test_what_errors_have_in_common_is_found_again(true):
    assert found(errors(*true)) == pytest.approx(true, abs=0.06)


def test_what_is_not_known_yet_takes_no_part():
    known = errors(0.2, 0.1, 0.4, 0.3)
    some = known.copy()
    some[:100, 6:] = np.nan
    assert found(some) == pytest.approx(found(known), abs=0.06)


def test_nothing_to_learn_from_leaves_every_month_for_itself():
    assert found(np.full((1, 1, 1), np.nan)) == (0, 0, 0, 1)


def test_each_month_and_place_keeps_its_draws_and_sums_are_wider(ask):
    asked = ask("2019-10")
    apart = ALL["nb-ewm2"].draw(asked)
    together = ordered(asked, apart)
    assert np.array_equal(np.sort(together, axis=0), np.sort(apart, axis=0))
    assert together.sum(axis=(1, 2)).std() > 2 * apart.sum(axis=(1, 2)).std()


def test_nothing_after_the_origin_moves_the_order(ask, noise_after):
    asked = ask("2019-10")
    other = ask("2019-10", history=noise_after("2019-10").until(month("2019-10")))
    draws = ALL["nb-ewm2"].draw(asked)
    assert np.array_equal(ordered(asked, draws), ordered(other, draws))


def test_the_table_that_users_get_moves_together(homicides, hindcasts):
    history = homicides.until(month("2019-10"))
    rows = forecast.rows(ALL["nb-ewm2"], forecast.asked(history, 12, 200, 1, hindcasts))
    wide = rows.groupby("draw")["value"].sum().std()
    alone = np.sqrt(rows.groupby(["place", "month"])["value"].var().sum())
    assert wide > 2 * alone


def test_sums_are_scored_apart_and_together(homicides, hindcasts, monkeypatch):
    plan = Protocol("inegi_homicides", "state", ("2018-10", "2019-10"), tuple(range(3, 15)), 2)
    monkeypatch.setattr(Protocol, "known", lambda self: homicides)
    rows = {(r["sum"], r["dependent"]): r for r in sums(plan, ALL["nb-ewm2"], hindcasts, draws=200)}
    assert {n for n, _ in rows} == {"month_nation", "year_place", "year_nation"}
    assert rows["year_nation", True]["n"] == 2
    assert rows["year_place", True]["n"] == 2 * len(homicides.places)
    assert rows["month_nation", True]["coverage90"] >= rows["month_nation", False]["coverage90"]
    assert rows["year_place", True]["crps"] != rows["year_place", False]["crps"]
