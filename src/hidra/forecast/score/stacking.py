"""Stacking: how much of a mixture each explanation would have earned, before and after the fact.

Shares are those of the ignorance score: the binned probability a forecast gave to what came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.forecast.choice import weights
from hidra.forecast.mechanistic import CODES, STATISTICAL
from hidra.forecast.score.compare import block_picks, difference
from hidra.forecast.score.rules import NAMES

if TYPE_CHECKING:
    from hidra.forecast.past import Counts
    from hidra.forecast.score.aside import Mask
    from hidra.forecast.score.protocol import Protocol

RESAMPLES = 200


def stacked(found: Mapping[str, Counts]) -> tuple[str, ...]:
    """Explanations that take part; those that know later things do not."""
    return tuple(name for name in (*CODES, STATISTICAL) if name in found)


def hindsight(
    plan: Protocol, found: Mapping[str, Counts], begun: tuple[str, ...]
) -> dict[str, dict[str, float]]:
    """Weights under which the mixture gives all outcomes of these origins the most.

    The range resamples origins in blocks.
    """
    names = stacked(found)
    shares = [part[_known(part)] for part in _shares(plan, found, names, begun)]
    picks = block_picks(len(shares), plan.block, RESAMPLES)
    resampled = [weights(np.concatenate([shares[o] for o in pick])) for pick in picks]
    low, high = np.quantile(resampled, (0.05, 0.95), axis=0)
    best = weights(np.concatenate(shares))
    return {
        name: {"weight": float(best[i]), "p05": float(low[i]), "p95": float(high[i])}
        for i, name in enumerate(names)
    }


def prequential(
    plan: Protocol, found: Mapping[str, Counts], begun: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Weights at each origin, from the outcomes of earlier origins that were known by then.

    Equal where nothing had come yet. Rows: `origin`, `weights` by explanation, and the ignorance
    of the `mixture`, of `equal` weights and of the forecast without mechanisms (`alone`).
    """
    names = stacked(found)
    parts = _shares(plan, found, names, begun)
    rows = []
    for at, origin in enumerate(begun):
        before = [
            part[_known(part) & _came_by(plan, earlier, origin)]
            for earlier, part in zip(begun[:at], parts[:at], strict=True)
        ]
        learnt = np.concatenate([np.zeros((0, len(names))), *before])
        equal = np.full(len(names), 1 / len(names))
        weight = weights(learnt) if len(learnt) else equal
        now = parts[at]
        rows.append({
            "origin": origin,
            "weights": dict(zip(names, map(float, weight), strict=True)),
            "mixture": -np.log2(now @ weight),
            "equal": -np.log2(now @ equal),
            "alone": -np.log2(now[..., names.index(STATISTICAL)]),
        })  # fmt: skip
    return rows


def gains(plan: Protocol, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Ignorance of the mixtures minus that of the forecast without mechanisms, paired."""
    alone = np.stack([row["alone"] for row in rows])[:, None]
    return {
        kind: difference(np.stack([row[kind] for row in rows])[:, None], alone, plan.block)
        for kind in ("mixture", "equal")
    }


def _shares(
    plan: Protocol, found: Mapping[str, Counts], names: tuple[str, ...], begun: tuple[str, ...]
) -> list[Counts]:
    """Share each explanation gave to what came, (H, P, M) for each of the origins."""
    ign = np.stack([found[name][:, NAMES.index("ign")] for name in names], axis=-1)
    return [2.0 ** -ign[plan.origins.index(origin)] for origin in begun]


def _known(shares: Counts) -> Mask:
    return np.asarray(~np.isnan(shares).any(axis=-1))


def _came_by(plan: Protocol, earlier: str, origin: str) -> Mask:
    """Whether the months ahead of an earlier origin had come by a later one, (H, 1)."""
    months = np.datetime64(earlier, "M") + np.array(plan.horizons)
    return np.asarray(months <= np.datetime64(origin, "M"))[:, None]
