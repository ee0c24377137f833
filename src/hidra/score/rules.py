"""Scores of one forecast: CRPS, ignorance, interval score, coverage and PIT.

Sources: the VIEWS prediction challenge 2023/24 (https://arxiv.org/abs/2407.11045) for the three
scores and their use on monthly counts; CRPS and interval score are those of scoringrules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hidra.forecast.past import Counts

NAMES = ("crps", "ign", "mis90", "coverage50", "coverage90", "pit")
EDGES = np.array(
    [0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5, np.inf]
)  # bins of the ignorance score, persons a month


def scores(came: Counts, draws: Counts) -> Counts:
    """Score draws against outcomes.

    Parameters
    ----------
    came : array (H, P)
        Outcomes; NaN where unknown.
    draws : array (D, H, P)

    Returns
    -------
    array (6, H, P), in the order of `NAMES`; NaN where the outcome is unknown.
    """
    import scoringrules

    low, first, third, high = np.quantile(draws, (0.05, 0.25, 0.75, 0.95), axis=0)
    found = np.stack([
        scoringrules.crps_ensemble(came, np.moveaxis(draws, 0, -1)),
        ignorance(came, draws),
        scoringrules.interval_score(came, low, high, 0.1).reshape(came.shape),
        (first <= came) & (came <= third),
        (low <= came) & (came <= high),
        pit(came, draws),
    ])  # fmt: skip
    return np.where(np.isnan(came), np.nan, found)


def ignorance(came: Counts, draws: Counts) -> Counts:
    """Minus log2 of the probability of the outcome's bin, one count added to every bin, (H, P)."""
    bin_ = np.searchsorted(EDGES, np.nan_to_num(came), side="right") - 1
    low, high = EDGES[bin_], EDGES[bin_ + 1]
    hits = ((draws >= low) & (draws < high)).sum(axis=0)
    return np.asarray(-np.log2((hits + 1) / (len(draws) + len(EDGES) - 1)))


def pit(came: Counts, draws: Counts) -> Counts:
    """Where the outcome falls among the draws, ties in the middle, (H, P); uniform when right."""
    return np.asarray(((draws < came).mean(axis=0) + (draws <= came).mean(axis=0)) / 2)
