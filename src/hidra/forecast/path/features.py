"""What a learner may look at in each month: recent means, their changes, the nation, neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.path.season import season

if TYPE_CHECKING:
    from hidra.forecast.past import Counts, Past

SCALES = (1.0, 2.0, 4.0, 8.0, 24.0)
BASE = 1  # index of the scale against which everything is a ratio
HALF = 0.5
LONG = 120
LARGEST = 1.0  # log change beyond which an outcome teaches no more


@dataclass(frozen=True)
class Features:
    """Features of every month and place, and the logs they are relative to.

    Attributes
    ----------
    values : array (T, P, F)
    base : array (T, P)
        Log of the 2-month mean freed of season.
    logs : array (T, P)
        Log counts freed of season.
    """

    values: Counts
    base: Counts
    logs: Counts


def features(past: Past) -> Features:
    """Return the features of a record; month t looks at no month after t."""
    factor = season(past)
    free = past.counts / factor[past.calendar][:, None]
    means = np.log(np.stack([_running(free, scale) for scale in SCALES]) + HALF)
    base = means[BASE]
    ratios = means - base
    slow = np.log(_running(free, LONG / 2) + HALF) - base
    nation = np.nanmean(ratios[3], axis=1, keepdims=True) + 0 * base
    near = _neighbours(past.places)
    around = np.nan_to_num(ratios[3]) @ near.T if near is not None else nation
    values = np.stack([*np.delete(ratios, BASE, 0), slow, nation, around, base], axis=-1)
    return Features(values, base, np.log(free + HALF))


def pairs(seen: Features, ahead: int, first: int) -> tuple[Counts, Counts, Counts]:
    """Return features (N, F), log changes (N,) and weights (N,) of all known pairs so far ahead."""
    months = len(seen.base) - ahead
    x = seen.values[first:months].reshape(-1, seen.values.shape[-1])
    change = (seen.logs[first + ahead :] - seen.base[first:months]).ravel()
    weight = np.sqrt(np.exp(seen.base[first:months])).ravel()
    kept = ~np.isnan(change) & ~np.isnan(x).any(axis=1)
    return x[kept], np.clip(change[kept], -LARGEST, LARGEST), weight[kept]


def _running(counts: Counts, scale: float) -> Counts:
    """Exponential mean up to each month, (T, P); unknown months are left out."""
    keep = np.exp(-1 / scale)
    total, weight = np.zeros(counts.shape[1]), np.zeros(counts.shape[1])
    means = []
    for row in counts:
        total = keep * total + np.nan_to_num(row)
        weight = keep * weight + ~np.isnan(row)
        means.append(total / np.where(weight > 0, weight, np.nan))
    return np.array(means)


def _neighbours(places: tuple[str, ...]) -> Counts | None:
    """Mean over adjacent states, (P, P), or None for places whose neighbours are not built in."""
    from hidra.data import reference

    if any(len(code) != 2 for code in places):
        return None
    at = {code: i for i, code in enumerate(places)}
    near = np.zeros((len(places), len(places)))
    for one, other in reference.table("place_neighbour")[["place", "neighbour"]].to_numpy():
        if one in at and other in at:
            near[at[one], at[other]] = near[at[other], at[one]] = 1
    return near / np.maximum(near.sum(axis=1, keepdims=True), 1)
