"""Bins of counts, for scores of probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hidra.forecast.past import Counts

# Persons a month; those of the VIEWS challenge with one edge more (https://arxiv.org/abs/2407.11045).
EDGES = np.array([0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5, np.inf])


def share_in_bin(came: Counts, draws: Counts) -> Counts:
    """Probability of each outcome's bin, (...), from draws (D, ...); every bin gets one count."""
    bin_ = np.searchsorted(EDGES, np.nan_to_num(came), side="right") - 1
    low, high = EDGES[bin_], EDGES[bin_ + 1]
    hits = ((draws >= low) & (draws < high)).sum(axis=0)
    return np.asarray((hits + 1) / (len(draws) + len(EDGES) - 1))
