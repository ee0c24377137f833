"""Mean paths learnt from all places together: boosted trees, and a shrunk regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.path.features import HALF, features, pairs
from hidra.forecast.path.season import season

if TYPE_CHECKING:
    from hidra.forecast.past import Counts, Past

YEARS = 10
WARM = 12  # months before the first example, so that means are means
FEWEST = 400  # examples below which nothing is learnt and the 2-month mean stays
STRENGTH = 0.05  # of the ridge, as a share of the sum of weights


def boosting(past: Past, months: int) -> Counts:
    """Gradient boosting of the log change from the 2-month mean, any horizon in one model.

    It learns from every third horizon: those between are alike and would only cost time.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    seen = features(past)
    first = max(WARM, len(seen.base) - 12 * YEARS)
    parts = [
        (np.column_stack([x, np.full(len(x), h)]), y, w)
        for h in range(2, months + 1, 3)
        for x, y, w in (pairs(seen, h, first),)
    ]
    x, y, w = (np.concatenate(part) for part in zip(*parts, strict=True))
    if len(x) < FEWEST:
        return _back(past, seen.base[-1], np.zeros((months, len(past.places))))
    trees = HistGradientBoostingRegressor(
        max_iter=100, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=200,
        l2_regularization=10.0, early_stopping=False, random_state=1,
    )  # fmt: skip
    now = seen.values[-1]
    asked = [np.column_stack([now, np.full(len(now), h)]) for h in range(1, months + 1)]
    with threadpool_limits(1):  # trees so small are slower on two threads than on one
        trees.fit(x, y, sample_weight=w)
        change = trees.predict(np.concatenate(asked)).reshape(months, -1)
    return _back(past, seen.base[-1], change)


def regression(past: Past, months: int) -> Counts:
    """Ridge regression of the log change on means, nation and neighbours, one per horizon."""
    from sklearn.linear_model import Ridge

    seen = features(past)
    first = max(WARM, len(seen.base) - 12 * YEARS)
    change = []
    for h in range(1, months + 1):
        x, y, w = pairs(seen, h, first)
        if len(x) < FEWEST:
            change.append(np.zeros(len(past.places)))
            continue
        scale = x[:, :-1].std(axis=0) + 1e-9
        line = Ridge(alpha=STRENGTH * w.sum(), fit_intercept=True)
        line.fit(x[:, :-1] / scale, y, sample_weight=w)
        change.append(line.predict(np.nan_to_num(seen.values[-1, :, :-1]) / scale))
    return _back(past, seen.base[-1], np.array(change))


def _back(past: Past, base: Counts, change: Counts) -> Counts:
    """From log changes (H, P) to counts with season."""
    path = np.maximum(np.exp(base + change) - HALF, 0)
    return np.asarray(path * season(past)[past.after(len(change))][:, None])
