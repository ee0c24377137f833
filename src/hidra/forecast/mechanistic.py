"""The default forecast with its mean carried along the course of a mechanistic explanation.

Families, choice, spread and random numbers are those of the default forecast without mechanisms: a
difference in score is the worth of the mechanisms and of nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.choice import chosen
from hidra.forecast.control import drift, national
from hidra.forecast.default import pooled
from hidra.forecast.model import Model
from hidra.forecast.models import DEFAULT, SHAPES, TAILS, WIDE

if TYPE_CHECKING:
    from hidra.forecast.model import Ask
    from hidra.forecast.past import Counts
    from hidra.forecast.pool import Factor

CODES = ("V0", "V1", "V2", "V3", "V4", "V5")
STATISTICAL = "V6"
BELIEF = "hidra-core"  # the core, believed as far as it has earned it
CONTROLS = ("V6-drift", "V5-national")  # one drift for all states: from the past, and V5's own
UPPER = tuple(f"{code}-network" for code in ("V0", "V4", "V5"))  # know the ties of 2020 all along
WEIGHTS = (0.0, 0.5, 1.0)  # how far a course may be believed; the first of equals is taken
YEARS = 5
YEAR = 12


def along(name: str) -> Factor:
    """Return the factor of a course, believed in full, (H, P)."""

    def factor(ask: Ask, paths: tuple[str, ...]) -> Counts:
        del paths
        return ask.recall.course(name, ask.past, max(ask.horizons))[ask.rows]

    return factor


def believed(name: str) -> Factor:
    """Return the factor of a course, believed as far as it would have helped in years before."""

    def factor(ask: Ask, paths: tuple[str, ...]) -> Counts:
        return np.asarray(along(name)(ask, paths) ** belief(ask, name, paths))

    return factor


def belief(ask: Ask, name: str, paths: tuple[str, ...]) -> float:
    """Return the weight with the least absolute error at the same month of earlier years.

    Zero where there is no earlier year to judge it by.
    """
    from hidra.forecast.course.run import starts

    months, errors = max(ask.horizons), np.zeros(len(WEIGHTS))
    for years in range(1, YEARS + 1):
        origin = ask.past.origin - np.timedelta64(YEAR * years, "M")
        past = ask.past.until(origin)
        if origin <= past.first or not starts(past):
            break
        said = ask.recall.mean(paths, past, months)[ask.rows]
        factor = ask.recall.course(name, past, months)[ask.rows]
        came = ask.past.since(origin, months)[ask.rows]
        errors += [np.nansum(np.abs(said * factor**w - came)) for w in WEIGHTS]
    return WEIGHTS[int(np.argmin(errors))]


def _carried(name: str, factor: Factor) -> Model:
    drawn = tuple(
        Model(shape.name, pooled(spread, shape.name, factor))
        for shape, spread in zip(SHAPES, (TAILS, WIDE), strict=True)
    )
    return Model(name, chosen(SHAPES, drawn))


RIVALS = {
    **{code: _carried(code, along(code)) for code in CODES},
    STATISTICAL: Model(STATISTICAL, DEFAULT.draw),
    BELIEF: _carried(BELIEF, believed("V0")),
    CONTROLS[0]: _carried(CONTROLS[0], drift),
    CONTROLS[1]: _carried(CONTROLS[1], national("V5")),
    **{name: _carried(name, along(name)) for name in UPPER},
}
