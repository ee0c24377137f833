"""Scores of forecasts, their means, and paired differences with their doubt.

Sources: the VIEWS prediction challenge 2023/24 (https://arxiv.org/abs/2407.11045) for CRPS,
ignorance and interval score and their use on monthly counts; CRPS and interval score are those of
scoringrules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core.i18n import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.history import Counts

    Mask = NDArray[np.bool_]

# Persons a month; those of the VIEWS challenge with one edge more (https://arxiv.org/abs/2407.11045).
EDGES = np.array([0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5, np.inf])


def share_in_bin(came: Counts, draws: Counts) -> Counts:
    """Probability of each outcome's bin, (...), from draws (D, ...); every bin gets one count."""
    bin_ = np.searchsorted(EDGES, np.nan_to_num(came), side="right") - 1
    low, high = EDGES[bin_], EDGES[bin_ + 1]
    hits = ((draws >= low) & (draws < high)).sum(axis=0)
    return np.asarray((hits + 1) / (len(draws) + len(EDGES) - 1))


NAMES = ("crps", "ign", "mis90", "coverage50", "coverage90", "pit")


def scores(came: Counts, draws: Counts) -> Counts:
    """Score draws against outcomes.

    Parameters
    ----------
    came : array (H, P)
        Outcomes; NaN where unknown.
    draws : array (D, H, P)

    Returns
    -------
    array (6, H, P), in the order of `NAMES`; NaN where the outcome is unknown.
    """
    import scoringrules

    low, first, third, high = np.quantile(draws, (0.05, 0.25, 0.75, 0.95), axis=0)
    found = np.stack([
        scoringrules.crps_ensemble(came, np.moveaxis(draws, 0, -1)),
        ignorance(came, draws),
        scoringrules.interval_score(came, low, high, 0.1).reshape(came.shape),
        (first <= came) & (came <= third),
        (low <= came) & (came <= high),
        pit(came, draws),
    ])  # fmt: skip
    return np.where(np.isnan(came), np.nan, found)


def ignorance(came: Counts, draws: Counts) -> Counts:
    """Minus log2 of the probability of the outcome's bin, one count added to every bin, (H, P)."""
    return -np.log2(share_in_bin(came, draws))


def pit(came: Counts, draws: Counts) -> Counts:
    """Where the outcome falls among the draws, ties in the middle, (H, P); uniform when right."""
    return np.asarray(((draws < came).mean(axis=0) + (draws <= came).mean(axis=0)) / 2)


RESAMPLES = 4000
#: What may be said of a difference.
VERDICTS = {
    "better": _("better"),
    "worse": _("worse"),
    "indistinguishable": _("indistinguishable"),
    "too_few": _("too few origins to tell"),
}
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
    """Return what may be said of a difference, a key of `VERDICTS`."""
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
