"""Choosing and weighing forecasts by what they scored before the origin, never by what came after.

The rule: every candidate forecasts again from each of the ten earlier origins (6 months apart, 5
years), knowing only what was known then; what has come by now is scored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from hidra.forecast.bins import share_in_bin
from hidra.forecast.default import MANY
from hidra.forecast.recall import digest, origins_before

if TYPE_CHECKING:
    from hidra.forecast.model import Ask, Model
    from hidra.forecast.past import Counts

REHEARSAL = 200  # draws of each rehearsed forecast
SEED = 0  # of rehearsals: the choice does not depend on the seed of the forecast
FEW = 3  # of the newest rehearsals say enough where places are many; all would cost minutes
ORIGINS_BEHIND = 2  # earlier origins a rehearsal must itself have to learn a spread from


def chosen(
    models: Sequence[Model], instead: Sequence[Model] | None = None
) -> Callable[[Ask], Counts]:
    """Return the forecast of the model with the least mean CRPS in rehearsals.

    With `instead`, the model of that list at the same place is drawn: the choice is that of
    `models`, so that the two forecasts differ in nothing else.
    """

    def draw(ask: Ask) -> Counts:
        best = int(np.argmin(past_crps(ask, models)))
        return (instead or models)[best].draw(ask)

    return draw


def past_crps(ask: Ask, models: Sequence[Model]) -> Counts:
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
        for origin in origins_before(ask.past)
        if len(origins_before(ask.past.until(origin))) >= ORIGINS_BEHIND
        and not np.isnan(came := ask.past.since(origin, months)[rows]).all()
    ]
    return found[:FEW] if len(ask.past.places) > MANY else found


def _rehearsed(rehearsal: Ask, model: Model) -> Counts:
    """Draws of a rehearsal, (D, H, P); each is made once and kept while the process lives."""
    small = replace(rehearsal, draws=REHEARSAL, seed=SEED)
    key = (model.name, digest(rehearsal.past), rehearsal.horizons)
    return rehearsal.recall.once(key, lambda: model.draw(small).astype(np.float32))


def _bin_share(draws: Counts, came: Counts) -> Counts:
    """Share of draws in the bin of each known outcome, one added to every bin, (N,)."""
    known = ~np.isnan(came)
    return share_in_bin(came[known], draws[:, known])
