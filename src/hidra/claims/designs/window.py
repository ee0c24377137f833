"""The plainest look: six months after a removal against the six before, net of the national trend.

Descriptive. The expected count is the place's sum of months -6 to -1, times the nation's months
+1 to +6 (or +7 to +12) over the nation's months -6 to -1; the ratio is of sums over all removals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hidra.claims.designs.removals import (
    municipal_homicides,
    municipal_removals,
    national_homicides,
    removals,
    state_homicides,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

BEFORE = range(-6, 0)
AFTER = {"1-6": range(1, 7), "7-12": range(7, 13)}
PLACEBOS = 500
REACH = 24  # random dates lie within this many months of the true one
SEED = 20080121


@dataclass(frozen=True)
class Window:
    """Observed over expected homicides in a window, for some removals.

    Attributes
    ----------
    n : int
        Removals.
    ratio : float
        Sum observed over sum expected; 1 = as the nation.
    geometric : float
        Geometric mean of the removals' own ratios.
    placebo : float
        Share of sets of random dates at the same places with a ratio at least as large.
    """

    n: int
    ratio: float
    geometric: float
    placebo: float


def ratio(
    places: NDArray[np.float64], nation: NDArray[np.float64], months: NDArray[np.int64],
    after: range,
) -> tuple[float, NDArray[np.float64]]:  # fmt: skip
    """Return the ratio of sums, and observed over expected of each event.

    Parameters
    ----------
    places : array, shape (events, months)
        Homicides at the place of each event.
    nation : array, shape (months,)
    months : array of int, shape (events,)
        Month of each event.
    after : range
        Months after the event that are looked at.
    """
    events = np.arange(len(months))[:, None]
    back, on = months[:, None] + np.array(BEFORE), months[:, None] + np.array(after)
    own_before, own_after = places[events, back].sum(1), places[events, on].sum(1)
    expected = own_before * nation[on].sum(1) / nation[back].sum(1)
    each = (own_after + 0.5) / (expected + 0.5)
    return float(own_after.sum() / expected.sum()), each


def window(chosen: pd.DataFrame, after: range, seed: int = SEED) -> Window:
    """Return the window of some municipal removals, with its placebos."""
    homicides, nation = municipal_homicides(), national_homicides()
    places = homicides[list(chosen["municipality"])].to_numpy(float).T
    months = chosen["month"].to_numpy(int)
    value, each = ratio(places, nation, months, after)
    rng = np.random.default_rng(seed)
    last = places.shape[1] - 1 - max(AFTER["7-12"])
    beside = []
    for _ in range(PLACEBOS):
        moved = np.clip(months + rng.integers(-REACH, REACH + 1, len(months)), 6, last)
        beside.append(ratio(places, nation, moved, after)[0])
    share = float(np.mean(np.array(beside) >= value))
    return Window(len(chosen), value, float(np.exp(np.log(each).mean())), share)


def windows() -> dict[str, Window]:
    """Return the table: all, killings, captures, 2008-2010, by window."""
    events = municipal_removals()
    sets = {
        "all": events,
        "killed": events[events["killed"]],
        "captured": events[~events["killed"]],
        "2008-2010": events[events["date"] < "2011"],
    }
    return {
        f"{name}, months {key}": window(chosen, after)
        for name, chosen in sets.items()
        for key, after in AFTER.items()
    }


def leave_one_out() -> tuple[float, float]:
    """Return the lowest and highest ratio of months 1-6 when each removal is left out in turn."""
    events = municipal_removals()
    homicides, nation = municipal_homicides(), national_homicides()
    places = homicides[list(events["municipality"])].to_numpy(float).T
    months = events["month"].to_numpy(int)
    found = [
        ratio(np.delete(places, i, 0), nation, np.delete(months, i), AFTER["1-6"])[0]
        for i in range(len(months))
    ]
    return min(found), max(found)


def at_state_level() -> dict[str, float]:
    """Return the mean log change at the state of removal, six months on, net of the nation.

    Returns
    -------
    dict
        ``n``, ``log_change``, ``standard_error`` (naive), and mean and deviation of 200
        random-date placebos.
    """
    events = removals()
    homicides = state_homicides()
    nation = homicides.sum(axis=1).to_numpy(float)
    last = len(nation) - 1
    inside = events["place"].notna() & (events["month"] + 6 <= last)
    chosen = events[inside]
    places = homicides[list(chosen["place"])].to_numpy(float).T
    months = chosen["month"].to_numpy(int)
    _, each = ratio(places, nation, months, AFTER["1-6"])
    logs = np.log(each)
    rng = np.random.default_rng(SEED)
    beside = []
    for _ in range(200):
        moved = np.clip(months + rng.integers(-REACH, REACH + 1, len(months)), 6, last - 6)
        beside.append(float(np.log(ratio(places, nation, moved, AFTER["1-6"])[1]).mean()))
    return {
        "n": float(len(chosen)),
        "log_change": float(logs.mean()),
        "standard_error": float(logs.std(ddof=1) / np.sqrt(len(logs))),
        "placebo_mean": float(np.mean(beside)),
        "placebo_sd": float(np.std(beside, ddof=1)),
    }
