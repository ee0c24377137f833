"""Tables of scores: means, and paired differences with their doubt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.score.rules import NAMES

if TYPE_CHECKING:
    from hidra.forecast.past import Counts

RESAMPLES = 4000


def summary(found: Mapping[str, Counts]) -> list[dict[str, Any]]:
    """Mean scores of each model, best CRPS first: the rows of ``hidra score --json``."""
    rows = []
    for model, scored in found.items():
        mean = np.nanmean(scored, axis=(0, 2, 3))
        values = {n: round(float(v), 4) for n, v in zip(NAMES, mean, strict=True) if n != "pit"}
        rows.append({"model": model, **values, "origins": len(scored)})
    return sorted(rows, key=lambda row: row["crps"])


def difference(one: Counts, other: Counts, block: int, seed: int = 1) -> dict[str, Any]:
    """Paired CRPS difference, one minus other (below zero: one is better).

    Pairs are places at origins; origins are resampled in overlapping blocks, because a stretch of
    history, and not a month, is what one had the luck to forecast. With few origins the
    interval is rough.

    Returns
    -------
    dict with mean, p025, p975, won (origins where one was better) and words.
    """
    gap = np.nanmean(one[:, 0] - other[:, 0], axis=(1, 2))
    means = block_means(gap, block, seed)
    low, high = np.quantile(means, (0.025, 0.975))
    clear = "better" if high < 0 else "worse" if low > 0 else "indistinguishable"
    return {
        "mean": float(gap.mean()),
        "p025": float(low),
        "p975": float(high),
        "won": int((gap < 0).sum()),
        "words": clear,
    }


def block_means(gap: Counts, block: int, seed: int = 1) -> Counts:
    """Means of a series by origin, resampled in circular moving blocks, (RESAMPLES,)."""
    rng = np.random.default_rng(seed)
    origins = len(gap)
    blocks = -(-origins // block)
    start = rng.integers(0, origins, (RESAMPLES, blocks))
    picked = (start[..., None] + np.arange(block)) % origins
    return np.asarray(gap[picked.reshape(RESAMPLES, -1)[:, :origins]].mean(axis=1))
