"""Tables of scores: means, and paired differences with their doubt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.forecast.score.rules import NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.past import Counts
    from hidra.forecast.score.aside import Mask

RESAMPLES = 4000
FEWEST = 6  # origins: were all of fewer on one side, that alone would come by luck in over 5 %


def summary(found: Mapping[str, Counts]) -> list[dict[str, Any]]:
    """Mean scores of each model, best CRPS first: the rows of ``hidra score --json``."""
    rows = []
    for model, scored in found.items():
        mean = np.nanmean(scored, axis=(0, 2, 3))
        values = {n: round(float(v), 4) for n, v in zip(NAMES, mean, strict=True) if n != "pit"}
        tenths = [round(float(v), 4) for v in pit_tenths(scored)]
        rows.append({"model": model, **values, "origins": len(scored), "pit": tenths})
    return sorted(rows, key=lambda row: row["crps"])


def pit_tenths(scored: Counts) -> Counts:
    """Share of outcomes in each tenth of the draws, (10,); .10 each when the forecast is right."""
    values = scored[:, NAMES.index("pit")].ravel()
    counts = np.histogram(values[~np.isnan(values)], bins=10, range=(0, 1))[0]
    return np.asarray(counts / counts.sum())


def difference(
    one: Counts, other: Counts, block: int, seed: int = 1, among: Mask | None = None
) -> dict[str, Any]:
    """Paired CRPS difference, one minus other (below zero: one is better).

    Pairs are places at origins; origins are resampled in overlapping blocks, because a stretch of
    history, and not a month, is what one had the luck to forecast. With few origins the
    interval is rough; from fewer than `FEWEST` that differ no verdict is given.

    Parameters
    ----------
    one, other : arrays (O, 6, H, P)
    among : array (O, H, P), only these targets; all if none.

    Returns
    -------
    dict with mean, p025, p975, won (origins where one was better), origins (where the two
    differ), targets and words.
    """
    gap = one[:, 0] - other[:, 0]
    gap = gap if among is None else np.where(among, gap, np.nan)
    total, count = np.nansum(gap, axis=(1, 2)), (~np.isnan(gap)).sum(axis=(1, 2))
    if not count.any():
        nothing = {"mean": np.nan, "p025": np.nan, "p975": np.nan}
        return nothing | {"won": 0, "origins": 0, "targets": 0, "words": "indistinguishable"}
    with np.errstate(invalid="ignore"):  # a resample may hold no such target at all
        means = block_means(total, block, seed) / block_means(count, block, seed)
    low, high = np.nanquantile(means, (0.025, 0.975))
    differing = int((np.nan_to_num(gap) != 0).any(axis=(1, 2)).sum())
    return {
        "mean": float(total.sum() / count.sum()),
        "p025": float(low),
        "p975": float(high),
        "won": int((total < 0).sum()),
        "origins": differing,
        "targets": int(count.sum()),
        "words": _verdict(float(low), float(high), differing),
    }


def _verdict(low: float, high: float, origins: int) -> str:
    """Return what may be said of a difference, a key of ``words.WORDS``."""
    if 0 < origins < FEWEST:
        return "too_few"
    return "better" if high < 0 else "worse" if low > 0 else "indistinguishable"


def block_means(gap: Counts, block: int, seed: int = 1) -> Counts:
    """Means of a series by origin, resampled in circular moving blocks, (RESAMPLES,)."""
    return np.asarray(gap[block_picks(len(gap), block, RESAMPLES, seed)].mean(axis=1))


def block_picks(origins: int, block: int, resamples: int, seed: int = 1) -> NDArray[np.int64]:
    """Origins picked in circular moving blocks, (resamples, origins)."""
    rng = np.random.default_rng(seed)
    blocks = -(-origins // block)
    start = rng.integers(0, origins, (resamples, blocks))
    picked = (start[..., None] + np.arange(block)) % origins
    return np.asarray(picked.reshape(resamples, -1)[:, :origins])
