"""The statistical forecast with its mean carried along the course of a mechanistic explanation.

Families, selection, dispersion and random numbers are those of the same forecast without
mechanisms: a difference in score is the worth of the mechanisms and of nothing else. Controls move
the same forecast by as little as could be: a course that rises gains in years of rise whatever its
cause, so what an explanation knows shows only where it beats one drift for all states.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.history import YEAR, digest
from hidra.forecast.model import Model
from hidra.forecast.models import as_it_is, statistical

if TYPE_CHECKING:
    from hidra.forecast.history import Counts, History
    from hidra.forecast.means import Hindcasts
    from hidra.forecast.model import Ask
    from hidra.forecast.models import Factor

CODES = ("V0", "V1", "V2", "V3", "V4", "V5")
STATISTICAL = "V6"
BELIEF = "hidra-core"  # the core, believed as far as it has earned it
CONTROLS = ("V6-drift", "V5-national")  # one drift for all states: from the past, and V5's own
UPPER = tuple(f"{code}-network" for code in ("V0", "V4", "V5"))  # know the ties of 2020 all along
WEIGHTS = (0.0, 0.5, 1.0)  # how far a course may be believed; the first of equals is taken
YEARS = 5


def course(hindcasts: Hindcasts, name: str, history: History, months: int) -> Counts:
    """Return by what factor a mechanistic variant moves each month ahead, (months, P).

    One where the mechanisms cannot start: there the statistical forecast stands alone.
    """
    from hidra.forecast.course import LONGEST, kept, starts

    if not starts(history):
        return np.ones((months, len(history.places)))
    longest = max(months, LONGEST)
    found = hindcasts.once(
        ("course", name, digest(history), longest),
        lambda: kept(hindcasts.folder)(name, longest, history),
    )
    return found.factor[:months]


def along(name: str, ask: Ask, _means: tuple[str, ...] = ()) -> Counts:
    """Return the factor of a course, believed in full, (H, P)."""
    return course(ask.hindcasts, name, ask.history, max(ask.horizons))[ask.rows]


def believed(name: str, ask: Ask, means: tuple[str, ...]) -> Counts:
    """Return the factor of a course, believed as far as it would have helped in years before."""
    return np.asarray(along(name, ask) ** belief(ask, name, means))


def belief(ask: Ask, name: str, means: tuple[str, ...]) -> float:
    """Return the weight with the least absolute error at the same month of earlier years.

    Zero where there is no earlier year to judge it by.
    """
    from hidra.forecast.course import starts

    months, errors = max(ask.horizons), np.zeros(len(WEIGHTS))
    for years in range(1, YEARS + 1):
        origin = ask.history.origin - np.timedelta64(YEAR * years, "M")
        history = ask.history.until(origin)
        if origin <= history.first or not starts(history):
            break
        said = ask.hindcasts.pooled(means, history, months)[ask.rows]
        factor = course(ask.hindcasts, name, history, months)[ask.rows]
        came = ask.history.since(origin, months)[ask.rows]
        errors += [np.nansum(np.abs(said * factor**w - came)) for w in WEIGHTS]
    return WEIGHTS[int(np.argmin(errors))]


def drift(ask: Ask, means: tuple[str, ...]) -> Counts:
    """Return by what the nation outran these means before the origin, month by month ahead, (H, 1).

    Deaths that came at the earlier origins over those that the means had said, of the outcomes
    known by now. One where the mechanisms cannot start, as for every explanation.
    """
    from hidra.forecast.course import starts

    if not starts(ask.history):
        return np.ones((len(ask.horizons), 1))
    said, came = ask.hindcasts.with_outcomes(means, ask.history, ask.horizons)
    known = ~np.isnan(came)
    expected = np.where(known, said, 0).sum(axis=(0, 2))
    seen = np.where(known, came, 0).sum(axis=(0, 2))
    return np.asarray((seen / expected)[:, None])


def national(name: str, ask: Ask, _means: tuple[str, ...] = ()) -> Counts:
    """Return the course of an explanation, the same for every state: their geometric mean, (H, 1).

    What is left of it is a drift of the nation; which state rises and which falls is forgotten.
    """
    return np.asarray(np.exp(np.log(along(name, ask)).mean(axis=1, keepdims=True)))


def _carried(name: str, factor: Factor) -> Model:
    return Model(name, lambda ask: statistical(ask, factor), joint=True)


EXPLANATIONS = {
    **{code: _carried(code, partial(along, code)) for code in CODES},
    STATISTICAL: _carried(STATISTICAL, as_it_is),
    BELIEF: _carried(BELIEF, partial(believed, "V0")),
    CONTROLS[0]: _carried(CONTROLS[0], drift),
    CONTROLS[1]: _carried(CONTROLS[1], partial(national, "V5")),
    **{name: _carried(name, partial(along, name)) for name in UPPER},
}
