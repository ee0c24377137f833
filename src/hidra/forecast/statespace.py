"""Log levels as random walks with a national shock: a Kalman filter (statsmodels) and its draws.

The level of a place is its own walk plus one that all places share; a month's count is a negative
binomial around it. Shocks are log normal without drift: half their variance is taken off the log,
so that the mean of a level stays where it is however far ahead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.history import digest
from hidra.forecast.means import filtered, season
from hidra.forecast.model import LEAST, counted, normals

if TYPE_CHECKING:
    from hidra.forecast.history import Counts
    from hidra.forecast.model import Ask

NAME = "state-space"  # of its random numbers
# Variances a month of the own and of the national shock, and of a count beyond counting: those
# under which the pool scored well from origins 2005 to 2011 (`scripts/make_baseline_scores.py`).
# The most likely ones of each origin follow its last jumps, and are too wide in calm years.
SHOCKS = np.array([0.08, 0.05, 0.1]) ** 2


def draws(ask: Ask, shocks: Counts = SHOCKS) -> Counts:
    """Counts of the months asked for, (D, H, P): walks from the filtered levels on, then counted.

    A log count lies below the log of its mean by half of the noise, which is put back.
    """
    history, last = ask.history, max(ask.horizons)
    now = ask.hindcasts.once(
        (NAME, digest(history), *shocks), lambda: filtered(history, reverts=False, given=shocks)
    )
    own, nation, noise = now.params
    parts = (*history.places, "country")
    spread = now.spread + 1e-10 * np.eye(len(parts))
    # Summed in one order however many draws are asked for: their last bits are counts in the end.
    off = (normals(ask, f"{NAME} start", parts)[:, None] * np.linalg.cholesky(spread)).sum(axis=-1)
    doubt = np.diag(spread)[:-1] + spread[-1, -1] + 2 * spread[:-1, -1]
    start = now.at + off
    logs = start[:, :-1] + start[:, -1:] + (noise - doubt) / 2
    levels = np.empty((ask.draws, last, len(history.places)))
    for ahead in range(1, last + 1):
        shock = normals(ask, f"{NAME} shock", parts, ahead)
        logs = logs + np.sqrt(own) * shock[:, :-1] + np.sqrt(nation) * shock[:, -1:]
        logs = logs - (own + nation) / 2
        levels[:, ahead - 1] = logs
    factor, size = season(history)[history.after(last)], 1 / np.expm1(noise)
    mean = np.maximum(np.exp(levels) * factor[:, None], LEAST)[:, ask.rows]
    share = size / (size + mean)
    return counted(ask, NAME, lambda rng, at: rng.negative_binomial(size, share[at]))
