"""Synthetic control: each place against the mix of untouched places that went its way before.

The library's estimator takes one place at a time (Abadie, Diamond & Hainmueller 2010). Here every
place of an event has its own, of places without an event until after the window; outcomes are asinh
deaths in half-years less the place's mean before. The estimate is the mean gap. Its error comes
from the placebos in space: the same fit for every untouched place, as if it had had the event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claim.design.event import HALVES, Estimate, halves_of

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
        gaps = list(_gaps(frame, window))
        if gaps:
            values, variances = np.array(gaps).T
            error = float(np.sqrt(variances.sum())) / len(gaps)
            value = float(values.mean())
            found.append(
                Estimate(
                    f"{NAME}, {label}",
                    value,
                    value - 1.645 * error,
                    value + 1.645 * error,
                    len(gaps),
                )
            )
    return found


def _gaps(frame: pd.DataFrame, window: int) -> Iterator[tuple[float, float]]:
    """Yield the gap of each place in the half-year after its event, and the placebos' variance."""
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
        treated = [
            _fit(held[held["unit"].isin([one, *untouched])], one, at)
            for one in start.index[start == first]
        ]
        placebos = treated[0].in_space_placebo()
        variance = float(placebos.loc[placebos["status"] == "placebo", "post_mspe"].mean())
        yield from ((float(one.att), variance) for one in treated)


def _fit(held: pd.DataFrame, unit: Any, at: int) -> Any:
    from diff_diff import SyntheticControl

    inside = (held["unit"] == unit) & (held["time"] == at)
    return SyntheticControl(v_method="inverse_variance").fit(
        held.assign(treated=inside.astype(int)), outcome="gap", treatment="treated",
        unit="unit", time="time", post_periods=[at], treated_unit=unit,
    )  # fmt: skip
