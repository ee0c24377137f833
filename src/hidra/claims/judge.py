"""One rule for every figure: whether it holds at the precision of its words, and for whom.

supported: holds for a primary source (the one named, if one is named); partly: only with another
base, source, period or release; contradicted: outside every source, with room for the sources we
do not hold; not supported: between them; not testable: no source covers it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hidra.claims.claim import Reading, Stated, Verdict

RELEASE = 0.05  # preliminary and final releases of the same series differ by up to this share
ROOM_BELOW, ROOM_ABOVE = 0.20, 0.10  # case files run 10-16 % below victims, registers grow
SMALL = 5000  # below this, state prosecutors and federal counts lie further apart
POINTS = 1.5  # percentage points a change or share may move between releases
EXACT_UNITS = ("year", "truth", "states", "month")


def bounds(stated: Stated) -> tuple[float, float]:
    """Return the interval a figure's words cover: precise digits, "about", "more than", ..."""
    if stated.upper is not None:
        if stated.words != "between":
            return stated.value, stated.upper
        ends = (replace(stated, value=one) for one in (stated.value, stated.upper))
        below, above = map(tolerance, ends)
        return stated.value - below, stated.upper + above
    slack = tolerance(stated)
    value = stated.value
    low, high = value - slack, value + slack
    if stated.words == "more than":
        return low if stated.unit == "percent" else value - 0.001 * abs(value), math.inf
    if stated.words == "less than":
        return -math.inf, value + 0.001 * abs(value)
    if stated.words == "nearly":
        return value - max(slack, 0.1 * abs(value)), value + slack / 5
    return low, high


def tolerance(stated: Stated) -> float:
    """Return the half-width of a figure at the precision of its words."""
    if stated.unit in EXACT_UNITS:
        return 0.0
    size = abs(stated.value)
    slack = min(stated.place_value / 2, 0.05 * size)
    if stated.unit == "percent":
        slack = max(slack, 0.5)
    elif stated.unit == "per 100,000":
        slack = max(slack, 0.03 * size)  # the population used differs between publishers
    else:
        slack = max(slack, 0.0025 * size)  # re-codings and late records between releases
    return max(2 * slack, 0.05 * size) if stated.words == "about" else slack


def holds(stated: Stated, value: float) -> bool:
    """Tell whether a value lies where the words put it."""
    low, high = bounds(stated)
    return low <= value <= high


def close(stated: Stated, reading: Reading) -> bool:
    """Tell whether a reading is as near as two releases of one series."""
    if stated.unit in EXACT_UNITS or reading.quoted:
        return False
    low, high = bounds(stated)
    value = reading.value
    room = POINTS if stated.unit == "percent" else RELEASE * abs(value)
    above = max(room, reading.room * abs(value))
    return low - above <= value <= high + room


def far(stated: Stated, values: Sequence[float]) -> bool:
    """Tell whether a figure lies outside everything any source says, with room to spare."""
    low, high = bounds(stated)
    least, most = min(values), max(values)
    if stated.unit in EXACT_UNITS:
        return high < least or low > most
    if stated.unit == "percent":
        room = max(5.0, 0.2 * max(abs(least), abs(most)))
        return high < least - room or low > most + room
    above = ROOM_ABOVE if most >= SMALL else 2.5 * ROOM_ABOVE
    return high < least * (1 - ROOM_BELOW) or low > most * (1 + above)


def judge(stated: Stated, readings: Sequence[Reading]) -> tuple[Verdict, Reading | None]:
    """Return the verdict on a figure and the reading it rests on.

    Parameters
    ----------
    stated : Stated
        The figure as said.
    readings : sequence of Reading
        What every source says; empty where none covers the place and period.
    """
    whole = [reading for reading in readings if not reading.floor]
    primary = [reading for reading in readings if reading.rank == "primary"]
    holding = [reading for reading in primary if fits(stated, reading)]
    if holding:
        return "supported", _nearest(stated, holding)
    others = [reading for reading in whole if fits(stated, reading)]
    if others:
        return "partly", _nearest(stated, others)
    usual = {_publisher(reading) for reading in whole if not reading.room}
    near = [
        reading for reading in whole
        if close(stated, replace(reading, room=0.0) if _publisher(reading) in usual else reading)
    ]  # fmt: skip
    if near:
        return "partly", _nearest(stated, near)
    if not whole:
        return "not testable with these data", _nearest(stated, primary or readings)
    best = _nearest(stated, [r for r in whole if r.rank == "primary"] or whole)
    if far(stated, [reading.value for reading in readings]):
        return "contradicted", best
    return "not supported", best


def _publisher(reading: Reading) -> str:
    """Return whose count it is: where its usual one is held, no other need leave room for it."""
    return str(reading.source).partition(",")[0]


def fits(stated: Stated, reading: Reading) -> bool:
    """Tell whether a figure holds by what a source says; a lower bound shows "more than" alone."""
    if reading.floor:  # the truth is at least this: only "more than" can be shown
        return stated.words == "more than" and reading.value >= bounds(stated)[0]
    return holds(stated, reading.value)


def _nearest(stated: Stated, readings: Sequence[Reading]) -> Reading | None:
    if stated.words == "more than":
        return max(readings, key=lambda one: one.value, default=None)
    upper = stated.value if stated.upper is None else stated.upper

    def gap(one: Reading) -> float:
        return max(stated.value - one.value, one.value - upper, 0.0)

    return min(readings, key=gap, default=None)
