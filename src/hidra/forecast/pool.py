"""The forecast of hidra: a linear pool of two, each draw coming whole from one of them.

One is statistical: the geometric mean of the families with a Student t of log errors learnt from
earlier origins, its deviates shared by months and places as errors were. The other is a state-space
model in closed form (`statespace`). Both keep their mean: noise is log normal without drift.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hidra.forecast import baselines, nowcast, statespace
from hidra.forecast.combination import MANY, kept
from hidra.forecast.dependence import deviates, log_errors, shares
from hidra.forecast.dispersion import Dispersion, PoissonLogT
from hidra.forecast.hindcasts import LONGEST, Hindcasts, cache_folder, digest
from hidra.forecast.model import LEAST, Ask, generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.history import Counts

NAME = "hidra"
SECOND = 0.5  # share of draws of the state-space model
WIDE = Dispersion(PoissonLogT(), horizon=True, level=True, place=True, by_level=True)


class Baseline(NamedTuple):
    """Draws of what comes if things go on.

    Attributes
    ----------
    draws : integer array (D, M, P)
        Persons a month; a draw is one course of the whole country, so months and places may be
        summed.
    places, months : lists
        INEGI codes; ``YYYY-MM``, the first being the month after the origin.
    origin : str
        The last month of data.
    member : integer array (D,)
        Which model a draw comes from: 0 statistical, 1 state-space (a hurdle where places are
        many).
    """

    draws: NDArray[np.int64]
    places: list[str]
    months: list[str]
    origin: str
    member: NDArray[np.int64]


def baseline(
    measure: str,
    origin: str | None,
    months: int,
    draws: int,
    seed: int,
    *,
    level: str = "state",
    hindcasts: Hindcasts | None = None,
) -> Baseline:
    """Forecast the months after an origin, knowing nothing later.

    Parameters
    ----------
    measure : str
        ``inegi_homicides`` or ``sesnsp_homicide_victims``.
    origin : str or None
        Last month of data, ``YYYY-MM``; the newest there is if none.
    months, draws, seed : int
        The first draws, and the first months, of a larger request are those of a smaller one.
    level : str
        ``state`` or ``municipality``.
    hindcasts : Hindcasts or None
        Where means of earlier origins are kept; under ``HIDRA_HOME`` if none.

    Raises
    ------
    SpecError
        Unknown measure or level, an origin without enough data, a number out of range.
    """
    from hidra.forecast.table import checked, known_at

    checked(months, draws, seed)
    history = nowcast.completed(known_at(origin, measure, level), level).history
    ask = Ask(
        history, tuple(range(1, months + 1)), draws, seed, hindcasts or Hindcasts(cache_folder())
    )
    after = [str(history.origin + np.timedelta64(ahead, "M")) for ahead in ask.horizons]
    return Baseline(
        pooled(ask).astype(np.int64),
        list(history.places),
        after,
        str(history.origin),
        members(draws),
    )


def members(draws: int, share: float = SECOND) -> NDArray[np.int64]:
    """Return which model each draw comes from, (D,): of the first draws, too, `share` are 1."""
    return np.diff(np.floor(np.arange(draws + 1) * share)).astype(np.int64)


def pooled(ask: Ask) -> Counts:
    """Return draws (D, H, P), each whole from one of the two models."""
    which = members(ask.draws)
    second = baselines.hurdle if len(ask.history.places) > MANY else statespace.draws
    found = np.empty((ask.draws, len(ask.horizons), len(ask.history.places)))
    for member, draw in enumerate((statistical, second)):
        if count := int((which == member).sum()):
            found[which == member] = draw(replace(ask, draws=count))
    return found


def statistical(ask: Ask) -> Counts:
    """Return draws (D, H, P) around the mean of the families, months and places joined."""
    known, history = ask.hindcasts, ask.history
    learnt = tuple(range(1, LONGEST + 1))  # however many are asked for
    means = kept(replace(ask, horizons=learnt))
    said, came = known.with_outcomes(means, history, learnt)
    fitted, common = known.once(
        (NAME, means, digest(history)),
        lambda: (WIDE.fit(said, came, learnt), shares(log_errors(said, came))),
    )
    mean = np.maximum(known.pooled(means, history, max(ask.horizons)), LEAST)[ask.rows]
    rate = mean * np.exp(WIDE.density.off(deviates(ask, common), fitted.eta(mean, ask.horizons)))
    found = np.empty(rate.shape)
    for column, code in enumerate(history.places):
        for row, ahead in enumerate(ask.horizons):
            rng = generator(ask.seed, NAME, history, code, ahead)
            found[:, row, column] = rng.poisson(rate[:, row, column])
    return found
