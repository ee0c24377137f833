"""Synthetic control: each place against the mix of untouched places that went its way before.

The library's estimator takes one place at a time (Abadie, Diamond & Hainmueller 2010). Here every
place of an event has its own, of places without an event until after the window; outcomes are asinh
deaths in half-years less the place's mean before. The estimate is the mean gap. Its error comes
from the placebos in space: the same fit for every untouched place, as if it had had the event; that
mixes of several places share untouched ones is counted in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.designs.event import HALVES, Estimate, halves_of

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 8  # untouched places a mix is made of, at least
SHORTEST = 4  # half-years before the event, at least
NAME = "synthetic control (asinh, half-years)"


def synthetic(
    rows: pd.DataFrame, cluster: str = "state", halves: Mapping[int, str] = HALVES
) -> list[Estimate]:
    """Return the mean gap to synthetic controls by window, with placebo intervals.

    `n` of an estimate is the number of places that have a control.
    """
    del cluster  # placebos in space stand in for clustered errors
    frame = halves_of(rows)
    found = []
    for window, label in halves.items():
        cohorts = list(_cohorts(frame, window))
        gaps = [gap for some, _ in cohorts for gap in some]
        if gaps:
            error = float(np.sqrt(sum(variance for _, variance in cohorts))) / len(gaps)
            value, reach = float(np.mean(gaps)), 1.645 * error
            name = f"{NAME}, {label}"
            found.append(Estimate(name, value, value - reach, value + reach, len(gaps)))
    return found


def _cohorts(frame: pd.DataFrame, window: int) -> Iterator[tuple[list[float], float]]:
    """Yield, for events of one half-year, the places' gaps and the variance of their sum."""
    start = frame.groupby("unit")["start"].first()
    for first in sorted(start.unique()):
        at = first + window
        untouched = list(start.index[start > at])
        before = frame[frame["time"] < first]
        if len(untouched) < FEWEST or before["time"].nunique() < SHORTEST:
            continue
        held = frame[(frame["time"] < first) | (frame["time"] == at)]
        if at not in set(held["time"]):
            continue
        level = before.groupby("unit")["logged"].mean()
        held = held.assign(gap=held["logged"] - held["unit"].map(level))
        fits = [
            _fit(held[held["unit"].isin([one, *untouched])], one, at)
            for one in start.index[start == first]
        ]
        yield [float(fit.att) for fit in fits], _variance(fits, untouched)


def _variance(fits: Sequence[Any], untouched: Sequence[Any]) -> float:
    """Return the variance of the sum of some places' gaps, which share untouched places.

    A gap is a place's own chance less the weighted chances of its mix. The placebos give the
    variance of one gap, and so of one chance; a place that serves several mixes counts for all.
    """
    weights = np.array([[fit.donor_weights.get(one, 0.0) for one in untouched] for fit in fits])
    placebos = fits[0].in_space_placebo()
    one_gap = float(placebos.loc[placebos["status"] == "placebo", "post_mspe"].mean())
    chance = one_gap / (1 + float((weights**2).sum(axis=1).mean()))
    return chance * (len(fits) + float((weights.sum(axis=0) ** 2).sum()))


def _fit(held: pd.DataFrame, unit: Any, at: int) -> Any:
    from diff_diff import SyntheticControl

    inside = (held["unit"] == unit) & (held["time"] == at)
    return SyntheticControl(v_method="inverse_variance").fit(
        held.assign(treated=inside.astype(int)), outcome="gap", treatment="treated",
        unit="unit", time="time", post_periods=[at], treated_unit=unit,
    )  # fmt: skip
