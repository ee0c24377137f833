"""Scores of one forecast: CRPS, ignorance, interval score, coverage and PIT.

Sources: the VIEWS prediction challenge 2023/24 (https://arxiv.org/abs/2407.11045) for the three
scores and their use on monthly counts; CRPS and interval score are those of scoringrules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.bins import share_in_bin

if TYPE_CHECKING:
    from hidra.forecast.past import Counts

NAMES = ("crps", "ign", "mis90", "coverage50", "coverage90", "pit")


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
    return -np.log2(share_in_bin(came, draws))


def pit(came: Counts, draws: Counts) -> Counts:
    """Where the outcome falls among the draws, ties in the middle, (H, P); uniform when right."""
    return np.asarray(((draws < came).mean(axis=0) + (draws <= came).mean(axis=0)) / 2)
