"""The default forecast: every family of paths once, averaged in logs, with a learnt spread.

Nothing in it was set by looking at scored years: families enter with equal weight, one that has
been plainly worse before the origin stays out, and the shape of the spread is the one that
scored best before the origin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.pool import around, as_it_is

if TYPE_CHECKING:
    from hidra.forecast.model import Ask
    from hidra.forecast.past import Counts, Past
    from hidra.forecast.pool import Factor
    from hidra.forecast.spread import Spread

FAMILIES = ("seasonal-ewm2", "walk", "return", "regression", "boosting", "ets")
LIGHT = ("last-12", "ewm6", "seasonal-ewm2", "regression")
MANY = 100  # places beyond which the joint filter and the series models cost too much
TOO_BAD = 1.25  # times the error of the best family: such a family stays out


def families(past: Past) -> tuple[str, ...]:
    """Families that can be had for a record: all, or the light ones where places are many."""
    return LIGHT if len(past.places) > MANY else FAMILIES


def kept(ask: Ask) -> tuple[str, ...]:
    """Families whose mean absolute error at earlier origins is no more than a quarter worse.

    The absolute error of a path is the CRPS of a forecast without spread.
    """
    names = families(ask.past)
    errors = []
    for name in names:
        said, came = ask.recall.earlier((name,), ask.past, ask.horizons)
        errors.append(np.nanmean(np.abs(came - said)))
    return tuple(n for n, e in zip(names, errors, strict=True) if e <= TOO_BAD * min(errors))


def pooled(spread: Spread, name: str, factor: Factor = as_it_is) -> Callable[[Ask], Counts]:
    """Return the forecast that puts a spread around the geometric mean of the kept families."""

    def draw(ask: Ask) -> Counts:
        return around(kept(ask), spread, name, factor)(ask)

    return draw
