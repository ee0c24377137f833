"""Controls: the same forecast moved by as little as could be, so that no explanation gets credit.

A course that rises gains in years of rise whatever its cause. What an explanation knows shows only
where it beats one drift for all states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hidra.forecast.model import Ask
    from hidra.forecast.past import Counts
    from hidra.forecast.pool import Factor


def drift(ask: Ask, paths: tuple[str, ...]) -> Counts:
    """Return by what the nation outran these paths before the origin, month by month ahead, (H, 1).

    Deaths that came at the earlier origins over those that the paths had said, of the outcomes
    known by now. One where the mechanisms cannot start, as for every explanation.
    """
    from hidra.forecast.course.run import starts

    if not starts(ask.past):
        return np.ones((len(ask.horizons), 1))
    said, came = ask.recall.earlier(paths, ask.past, ask.horizons)
    known = ~np.isnan(came)
    expected = np.where(known, said, 0).sum(axis=(0, 2))
    seen = np.where(known, came, 0).sum(axis=(0, 2))
    return np.asarray((seen / expected)[:, None])


def national(name: str) -> Factor:
    """Return the course of an explanation, the same for every state: their geometric mean, (H, 1).

    What is left of it is a drift of the nation; which state rises and which falls is forgotten.
    """

    def factor(ask: Ask, paths: tuple[str, ...]) -> Counts:
        del paths
        by_state = ask.recall.course(name, ask.past, max(ask.horizons))[ask.rows]
        return np.asarray(np.exp(np.log(by_state).mean(axis=1, keepdims=True)))

    return factor
