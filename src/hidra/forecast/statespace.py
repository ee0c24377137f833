"""Log levels as random walks with a national shock: a Kalman filter (statsmodels) and its draws.

The level of a place is its own walk plus one that all places share; a month's count is a negative
binomial around it. Shocks are log normal without drift: half their variance is taken off the log,
so that the mean of a level stays where it is however far ahead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.hindcasts import digest
from hidra.forecast.means import filtered, season
from hidra.forecast.model import LEAST, generator, normals

if TYPE_CHECKING:
    from hidra.forecast.history import Counts
    from hidra.forecast.model import Ask

NAME = "state-space"  # of its random numbers


def draws(ask: Ask) -> Counts:
    """Counts of the months asked for, (D, H, P): walks from the filtered levels on, then counted.

    A log count lies below the log of its mean by half of the noise, which is put back.
    """
    history, last = ask.history, max(ask.horizons)
    now = ask.hindcasts.once((NAME, digest(history)), lambda: filtered(history, reverts=False))
    own, nation, noise = now.params
    parts = (*history.places, "country")
    spread = now.spread + 1e-10 * np.eye(len(parts))
    # Summed in one order however many draws are asked for: their last bits are counts in the end.
    off = (normals(ask, f"{NAME} start", parts)[:, None] * np.linalg.cholesky(spread)).sum(axis=-1)
    doubt = np.diag(spread)[:-1] + spread[-1, -1] + 2 * spread[:-1, -1]
    start = now.at + off
    logs = start[:, :-1] + start[:, -1:] + (noise - doubt) / 2
    factor, size = season(history)[history.after(last)], 1 / np.expm1(noise)
    found = np.empty((ask.draws, last, len(history.places)))
    for ahead in range(1, last + 1):
        shock = normals(ask, f"{NAME} shock", parts, ahead)
        logs = logs + np.sqrt(own) * shock[:, :-1] + np.sqrt(nation) * shock[:, -1:]
        logs = logs - (own + nation) / 2
        mean = np.maximum(np.exp(logs) * factor[ahead - 1], LEAST)
        for column, code in enumerate(history.places):
            rng = generator(ask.seed, NAME, history, code, ahead)
            share = size / (size + mean[:, column])
            found[:, ahead - 1, column] = rng.negative_binomial(size, share)
    return found[:, ask.rows]
