"""The forecast of hidra, and what it is made of: means of families, two models, one linear pool.

One model is statistical: a geometric mean of families, with a Student t of log errors learnt from
the ten earlier origins (6 months apart, 5 years). The other is a state-space model in closed form.
Each draw comes whole from one of them, so that months and places may be summed. Both keep their
mean: their noise is log normal without drift.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.stats import rankdata

from hidra.forecast import statespace
from hidra.forecast.baselines import hurdle
from hidra.forecast.dependence import deviates, shares
from hidra.forecast.dispersion import Dispersion, PoissonLogT
from hidra.forecast.history import digest
from hidra.forecast.model import LEAST, counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.history import Counts, History
    from hidra.forecast.model import Ask

    Factor = Callable[[Ask, tuple[str, ...]], Counts]

# Families enter with equal weight; one plainly worse before the origin stays out.
FAMILIES = ("seasonal-ewm2", "walk", "return", "regression", "boosting", "ets")
LIGHT = ("last-12", "ewm6", "seasonal-ewm2", "regression")
MANY = 100  # places beyond which the joint filter and the series models cost too much
TOO_BAD = 1.25  # times the error of the best family: such a family stays out

LOG_T = PoissonLogT()
WIDE = Dispersion(LOG_T, horizon=True, level=True, place=True, by_level=True, together=0.5)
LEARNT = tuple(range(1, 15))  # months ahead that the dispersion is learnt from; its line goes on
STATISTICAL = "hidra-log-t"
SECOND = 0.5  # share of the draws that come from the second model


def families(history: History) -> tuple[str, ...]:
    """Families that can be had for a record: all, or the light ones where places are many."""
    return LIGHT if len(history.places) > MANY else FAMILIES


def kept(ask: Ask) -> tuple[str, ...]:
    """Families whose mean absolute error at earlier origins is no more than a quarter worse.

    The absolute error of a mean is the CRPS of a forecast without dispersion.
    """
    names = families(ask.history)
    errors = []
    for name in names:
        said, came = ask.hindcasts.with_outcomes((name,), ask.history, ask.horizons)
        errors.append(np.nanmean(np.abs(came - said)))
    return tuple(n for n, e in zip(names, errors, strict=True) if e <= TOO_BAD * min(errors))


def as_it_is(ask: Ask, means: tuple[str, ...]) -> Counts:
    """Leave the mean as it is."""
    del ask, means
    return np.ones(())


def around(means: tuple[str, ...], dispersion: Dispersion, name: str) -> Callable[[Ask], Counts]:
    """Return the forecast that draws around the geometric mean of mean forecasts."""

    def draw(ask: Ask) -> Counts:
        known, history, horizons = ask.hindcasts, ask.history, ask.horizons
        mean = known.pooled(means, history, max(horizons))[ask.rows]
        fitted = known.once(
            (dispersion, means, digest(history), horizons),
            lambda: dispersion.fit(*known.with_outcomes(means, history, horizons), horizons),
        )
        return dispersion.draws(ask, name, mean, fitted)

    return draw


def ordered(ask: Ask, draws: Counts) -> Counts:
    """Put the draws (D, H, P) of every month and place in an order that they share.

    What they share is learnt from errors at the ten earlier origins. The spread of every month and
    place stays as it was (Clark et al. 2004, J. Hydrometeorology 5:243).
    """
    common = shares(*ask.hindcasts.with_outcomes(kept(ask), ask.history, ask.horizons))
    order = rankdata(deviates(ask, common), method="ordinal", axis=0).astype(int) - 1
    return np.asarray(np.take_along_axis(np.sort(draws, axis=0), order, axis=0))


def statistical(ask: Ask, factor: Factor = as_it_is) -> Counts:
    """Return draws (D, H, P) around the geometric mean of the kept families, joined (`dependence`).

    `factor` moves the mean of each month ahead, (H, P); the dispersion stays. What is learnt does
    not depend on how many months are asked for.
    """
    known, history = ask.hindcasts, ask.history
    means = kept(replace(ask, horizons=LEARNT))
    said, came = known.with_outcomes(means, history, LEARNT)
    fitted, common = known.once(
        (STATISTICAL, means, digest(history)),
        lambda: (WIDE.fit(said, came, LEARNT), shares(said, came)),
    )
    mean = known.pooled(means, history, max(ask.horizons))[ask.rows] * factor(ask, means)
    mean = np.maximum(mean, LEAST)
    off = LOG_T.off(deviates(ask, common), fitted.eta(mean, ask.horizons))
    rate = mean * np.exp(off)
    return counted(ask, STATISTICAL, lambda rng, at: rng.poisson(rate[at]))


def pooled(ask: Ask) -> Counts:
    """Return the forecast of hidra, (D, H, P): each draw whole from one of two models (`members`).

    The second is a state-space model; where places are many, a hurdle.
    """
    which = members(ask.draws)
    second = hurdle if len(ask.history.places) > MANY else statespace.draws
    found = np.empty((ask.draws, len(ask.horizons), len(ask.history.places)))
    for member, draw in enumerate((statistical, second)):
        if count := int((which == member).sum()):
            found[which == member] = draw(replace(ask, draws=count))
    return found


def members(draws: int, share: float = SECOND) -> NDArray[np.int64]:
    """Return which model each draw comes from, (D,): 0 `statistical`, 1 the second.

    Shares are right among the first draws, too, so that a longer request begins like a shorter one.
    """
    return np.diff(np.floor(np.arange(draws + 1) * share)).astype(np.int64)


def weights(shares: Counts) -> Counts:
    """Weights (M,) under which a mixture gives outcomes the most, from shares (N, M) given to them.

    Maximises the mean log of the mixed shares; the weights sum to one.
    """
    models = shares.shape[1]

    def cost(logits: Counts) -> tuple[float, Counts]:
        weight = np.exp(logits - logits.max())
        weight /= weight.sum()
        mixed = shares @ weight
        slope = (shares / mixed[:, None]).mean(axis=0)
        return -float(np.log(mixed).mean()), -weight * (slope - weight @ slope)

    logits = minimize(cost, np.zeros(models), jac=True, method="L-BFGS-B").x
    weight = np.exp(logits - logits.max())
    return np.asarray(weight / weight.sum())
