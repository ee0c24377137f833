"""How violence has been remembered, measured on the months before an origin and on no other.

The engine holds these three constants at values once fitted to 2012-2019: before 2020 those are
later knowledge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.model.observe import KNOT

if TYPE_CHECKING:
    from hidra.forecast.history import History

HALF = 0.5  # persons added before logs, so that zero has one
LONGEST = 0.95  # share left after half a year: the discrepancy must stay stationary


def memory(history: History) -> dict[str, float]:
    """Return persistence and innovations of the discrepancy, from counts up to the origin.

    The log of half-yearly means of each state, less its own mean, is parted into what all states
    share and what is their own; both are regressed on the half year before.

    Returns
    -------
    dict with `persistence` (share left after half a year), `discrepancy_nation` and
    `discrepancy_place` (log homicides a half year; of the median state).
    """
    halves = len(history.counts) // KNOT
    means = np.nanmean(history.counts[-halves * KNOT :].reshape(halves, KNOT, -1), axis=1)
    logs = np.log(means + HALF)
    off = logs - logs.mean(axis=0)
    nation = off.mean(axis=1, keepdims=True)
    own = off - nation
    left = min(float((own[1:] * own[:-1]).sum() / (own[:-1] ** 2).sum()), LONGEST)
    return {
        "persistence": left,
        "discrepancy_nation": float((nation[1:] - left * nation[:-1]).std()),
        "discrepancy_place": float(np.median((own[1:] - left * own[:-1]).std(axis=0))),
    }
