"""Targets scored apart: the year after a dated removal, and years in which the level jumped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.data import reference
from hidra.forecast.past import month
from hidra.forecast.path.ewm import level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.past import Past
    from hidra.forecast.score.protocol import Protocol

    Mask = NDArray[np.bool_]

AFTER = 12  # months after a removal
JUMP = 1.5
HALF = 0.5  # persons a month: from zero to one death is no jump


def after_removals(plan: Protocol, known: Past) -> Mask:
    """Targets in the 12 months after the month of a dated removal in the same state, (O, H, P)."""
    events = reference.table("leadership_removals")
    events = events[events["removal"].astype(bool)]
    when = events["date"].astype(str).str[:7].to_numpy(dtype="datetime64[M]")
    where = events["place"].astype(str).to_numpy()
    target = _targets(plan)
    found = np.zeros((*target.shape, len(known.places)), bool)
    for column, code in enumerate(known.places):
        for event in when[where == code[:2]]:
            gap = (target - event).astype(int)
            found[..., column] |= (gap >= 1) & (gap <= AFTER)
    return found


def nobody(plan: Protocol, known: Past) -> Mask:
    """Targets in which nobody was killed, (O, H, P); known only afterwards."""
    rows = np.array(plan.horizons) - 1
    came = [known.since(month(origin), max(plan.horizons))[rows] for origin in plan.origins]
    return np.asarray(np.stack(came) == 0)


def jumps(plan: Protocol, known: Past) -> tuple[Mask, Mask]:
    """Targets of places whose mean went up, or down, by more than x1.5 from the level before.

    The level is the 2-month exponential mean at the origin. Known only afterwards: it says where a
    forecast fails, never how good it is.

    Returns
    -------
    two arrays (O, H, P): up, down.
    """
    rows = np.array(plan.horizons) - 1
    up, down = [], []
    for origin in plan.origins:
        past = known.until(month(origin))
        came = known.since(month(origin), max(plan.horizons))[rows]
        mean = np.nanmean(came, axis=0)
        change = np.nan_to_num((mean + HALF) / (level(past.counts, 2.0) + HALF), nan=1.0)
        up.append(np.broadcast_to(change > JUMP, came.shape))
        down.append(np.broadcast_to(change < 1 / JUMP, came.shape))
    return np.stack(up), np.stack(down)


def _targets(plan: Protocol) -> NDArray[np.datetime64]:
    origins = np.array(plan.origins, dtype="datetime64[M]")
    return np.asarray(origins[:, None] + np.array(plan.horizons))
