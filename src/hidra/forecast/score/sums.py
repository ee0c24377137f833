"""Sums of a forecast: national months, years of a state, national years, from draws as they come.

A forecast may be right month by month and far too sure of a year. Here each origin gives sums
whose outcome is known, with the draws each for itself and in the order they share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scoringrules

from hidra.forecast.model import Ask
from hidra.forecast.past import month
from hidra.forecast.together import ordered

if TYPE_CHECKING:
    from hidra.forecast.model import Model
    from hidra.forecast.past import Counts
    from hidra.forecast.recall import Recall
    from hidra.forecast.score.protocol import Protocol

#: What is summed over: axes of (months, places) behind the draws.
SUMS = {"month_nation": (-1,), "year_place": (-2,), "year_nation": (-2, -1)}


def sums(
    plan: Protocol, model: Model, recall: Recall, draws: int = 1000, seed: int = 1
) -> list[dict[str, Any]]:
    """Score sums of a forecast from every origin of a protocol.

    Returns
    -------
    list of dict
        `sum` (a key of `SUMS`), `together` (bool), `n`, `coverage50`, `coverage90`, `crps`.
    """
    known = plan.known()
    said: dict[tuple[str, bool], list[Counts]] = {}
    came: dict[str, list[Counts]] = {}
    for origin in plan.origins:
        ask = Ask(known.until(month(origin)), plan.horizons, draws, seed, recall)
        outcome = known.since(month(origin), max(plan.horizons))[ask.rows]
        apart = model.draw(ask)
        for together, found in ((False, apart), (True, ordered(ask, apart))):
            for name, axes in SUMS.items():
                said.setdefault((name, together), []).append(
                    found.sum(axis=axes).reshape(draws, -1)
                )
        for name, axes in SUMS.items():
            came.setdefault(name, []).append(np.ravel(outcome.sum(axis=axes)))
    return [
        {"sum": name, "together": together} | _scored(came[name], found)
        for (name, together), found in sorted(said.items())
    ]


def _scored(came: list[Counts], said: list[Counts]) -> dict[str, Any]:
    """Scores of outcomes (N,) and draws (D, N) of all origins; what is not known is left out."""
    outcome, draws = np.concatenate(came), np.concatenate(said, axis=1)
    known = ~np.isnan(outcome)
    outcome, draws = outcome[known], draws[:, known]
    inside = {}
    for share in (50, 90):
        low, high = np.percentile(draws, [50 - share / 2, 50 + share / 2], axis=0)
        inside[f"coverage{share}"] = float(np.mean((low <= outcome) & (outcome <= high)))
    crps = scoringrules.crps_ensemble(outcome, draws.T.astype(float)).mean()
    return {"n": len(outcome), **inside, "crps": float(crps)}
