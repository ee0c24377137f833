"""Forecasts made of forecasts: pooled means, mixtures of draws, selection and stacking.

Selection and weights follow from what each candidate scored before the origin, never from what came
after: every candidate forecasts again from each of the ten earlier origins (6 months apart, 5
years), knowing only what was known then, and what has come by now is scored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from hidra.forecast.hindcasts import digest, origins_before
from hidra.forecast.model import generator
from hidra.forecast.scores import share_in_bin

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.dispersion import Dispersion
    from hidra.forecast.history import Counts, History
    from hidra.forecast.model import Ask, Model

    Weights = Callable[[Ask, Sequence[Model]], Counts]
    Factor = Callable[[Ask, tuple[str, ...]], Counts]

# The default: families enter with equal weight; one plainly worse before the origin stays out.
FAMILIES = ("seasonal-ewm2", "walk", "return", "regression", "boosting", "ets")
LIGHT = ("last-12", "ewm6", "seasonal-ewm2", "regression")
MANY = 100  # places beyond which the joint filter and the series models cost too much
TOO_BAD = 1.25  # times the error of the best family: such a family stays out


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


def pooled(dispersion: Dispersion, name: str, factor: Factor = as_it_is) -> Callable[[Ask], Counts]:
    """Return the forecast that draws around the geometric mean of the kept families."""

    def draw(ask: Ask) -> Counts:
        return around(kept(ask), dispersion, name, factor)(ask)

    return draw


def around(
    means: tuple[str, ...], dispersion: Dispersion, name: str, factor: Factor = as_it_is
) -> Callable[[Ask], Counts]:
    """Return the forecast that draws around the geometric mean of mean forecasts.

    `factor` moves the mean of each month ahead, (H, P); their dispersion stays.
    """

    def draw(ask: Ask) -> Counts:
        known, history, horizons = ask.hindcasts, ask.history, ask.horizons
        mean = known.pooled(means, history, max(horizons))[ask.rows]
        fitted = known.once(
            (dispersion, means, digest(history), horizons),
            lambda: dispersion.fit(*known.with_outcomes(means, history, horizons), horizons),
        )
        return dispersion.draws(ask, name, mean * factor(ask, means), fitted)

    return draw


def mixture(models: Sequence[Model], weights: Weights, name: str) -> Callable[[Ask], Counts]:
    """Return the forecast whose every draw comes, whole, from one of the models."""

    def draw(ask: Ask) -> Counts:
        share = weights(ask, models)
        which = _members(ask, share, name)
        found = np.empty((ask.draws, len(ask.horizons), len(ask.history.places)))
        for m, model in enumerate(models):
            if (which == m).any():
                found[which == m] = model.draw(ask)[which == m]
        return found

    return draw


def equal(ask: Ask, models: Sequence[Model]) -> Counts:
    """Weigh every model alike, (M,)."""
    del ask
    return np.full(len(models), 1 / len(models))


def _members(ask: Ask, share: Counts, name: str) -> NDArray[np.int64]:
    """Return the model of each draw, (D,): as many as its share, in a keyed order."""
    at = (np.arange(ask.draws) + 0.5) / ask.draws
    which = np.minimum(np.searchsorted(np.cumsum(share), at), len(share) - 1)
    return np.asarray(generator(ask.seed, name, ask.history, "members").permutation(which))


REHEARSAL = 200  # draws of each rehearsed forecast
SEED = 0  # of rehearsals: the choice does not depend on the seed of the forecast
FEW = 3  # of the newest rehearsals say enough where places are many; all would cost minutes
ORIGINS_BEHIND = 2  # earlier origins a rehearsal must itself have to learn a dispersion from


def selected(
    models: Sequence[Model], instead: Sequence[Model] | None = None
) -> Callable[[Ask], Counts]:
    """Return the forecast of the model with the least mean CRPS in rehearsals.

    With `instead`, the model of that list at the same place is drawn: the choice is that of
    `models`, so that the two forecasts differ in nothing else.
    """

    def draw(ask: Ask) -> Counts:
        best = int(np.argmin(hindcast_crps(ask, models)))
        return (instead or models)[best].draw(ask)

    return draw


def hindcast_crps(ask: Ask, models: Sequence[Model]) -> Counts:
    """Sum of the CRPS of each model over its rehearsals, (M,); all zero where there is none."""
    import scoringrules

    totals = np.zeros(len(models))
    for rehearsal, came in _rehearsals(ask):
        known = ~np.isnan(came)
        for m, model in enumerate(models):
            draws = _rehearsed(rehearsal, model)[:, known]
            totals[m] += scoringrules.crps_ensemble(came[known], draws.T.astype(float)).sum()
    return totals


def stacked(ask: Ask, models: Sequence[Model]) -> Counts:
    """Weights under which the mixture would have had the best log score, (M,).

    The log score is that of the binned probabilities, as in the ignorance score.
    """
    rows = [
        np.stack([_bin_share(_rehearsed(rehearsal, model), came) for model in models], axis=-1)
        for rehearsal, came in _rehearsals(ask)
    ]
    if not rows:
        return np.full(len(models), 1 / len(models))
    return weights(np.concatenate(rows))


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


def _rehearsals(ask: Ask) -> list[tuple[Ask, Counts]]:
    """Earlier requests with what has come of them by now, (H, P), NaN where not; newest first."""
    rows, months = ask.rows, max(ask.horizons)
    found = [
        (ask.at(origin), came)
        for origin in origins_before(ask.history)
        if len(origins_before(ask.history.until(origin))) >= ORIGINS_BEHIND
        and not np.isnan(came := ask.history.since(origin, months)[rows]).all()
    ]
    return found[:FEW] if len(ask.history.places) > MANY else found


def _rehearsed(rehearsal: Ask, model: Model) -> Counts:
    """Draws of a rehearsal, (D, H, P); each is made once and kept while the process lives."""
    small = replace(rehearsal, draws=REHEARSAL, seed=SEED)
    key = (model.name, digest(rehearsal.history), rehearsal.horizons)
    return rehearsal.hindcasts.once(key, lambda: model.draw(small).astype(np.float32))


def _bin_share(draws: Counts, came: Counts) -> Counts:
    """Share of draws in the bin of each known outcome, one added to every bin, (N,)."""
    known = ~np.isnan(came)
    return share_in_bin(came[known], draws[:, known])
