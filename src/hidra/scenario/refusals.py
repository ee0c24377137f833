"""What is refused in a scenario: each objection with its place and its cure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hidra.core.errors import SpecError, unknown
from hidra.model import series
from hidra.model.drivers import DRIVERS
from hidra.model.equation import POLICIES
from hidra.model.mechanisms import library
from hidra.scenario import Intervention
from hidra.scenario.levers import Setting, bounds, largest, national, resting

PULLED = ("all", "place", "place, sector", "place, group")  # axes of drivers a scenario may move
MONTHS = {f"{n:02d}" for n in range(1, 13)}
OUT = ("enforcement", "lethality", "saturation")  # flows that members leave by


class Objection(NamedTuple):
    """Why a scenario is refused: the keys that lead there, what is wrong, what to do."""

    at: tuple[str, ...]
    what: str
    fix: str


def check(scenarios: Mapping[str, Intervention], setting: Setting) -> None:
    """Refuse scenarios that cannot be run or would change nothing.

    Raises
    ------
    SpecError
        With the scenario and the key, and the cure.
    """
    for name, wanted in scenarios.items():
        for at, what, fix in objections(name, wanted, setting):
            raise SpecError(what, where=f"scenario '{name}', {'.'.join(at)}".rstrip(", "), fix=fix)


def objections(name: str, wanted: Intervention, setting: Setting) -> Iterator[Objection]:
    """Go through a scenario: month, names, values, places."""
    yield from _month(name, wanted.start, setting)
    if wanted.empty:
        fix = "Give it a `change`, `set`, `dose` or `off`, or take it out."
        yield Objection((), "The scenario changes nothing.", fix)
    for key, factor in wanted.change.items():
        at = ("change", key)
        yield from (
            _factor(at, key, factor) if key in POLICIES else _moved(at, key, factor, setting)
        )
    for key, value in wanted.set.items():
        yield from _set(("set", key), key, value, setting, key in wanted.change)
    for key, persons in wanted.dose.items():
        yield from _dose(("dose", key), key, persons, setting)
    for key in wanted.off:
        yield from _off(("off",), key, setting)
    yield from _places(wanted)


def _month(name: str, start: str, setting: Setting) -> Iterator[Objection]:
    year, _, month = start.partition("-")
    if not (len(year) == 4 and year.isdigit() and month in MONTHS):
        yield Objection(
            ("start",), f"'{start}' is not a month.", "Write YYYY-MM, for example 2027-03."
        )
    elif start <= setting.data_end:
        yield Objection(
            ("start",),
            f"The scenario '{name}' starts in {start}, before the data end ({setting.data_end}).",
            f"Start it after {setting.data_end}: the past cannot be changed.",
        )
    elif start > setting.end:
        yield Objection(
            ("start",),
            f"The scenario '{name}' starts in {start}, after the study ends ({setting.end}).",
            f"Start it by {setting.end}, or let the study end later.",
        )


def _factor(at: tuple[str, ...], name: str, factor: float) -> Iterator[Objection]:
    if not 0 <= factor < math.inf:
        yield Objection(
            at,
            f"'{name}' cannot be multiplied by {factor:g}.",
            "Give a factor of zero or more: 0.5 is half, 2 is double.",
        )
    elif factor == 1:
        yield Objection(
            at, f"The factor 1 on '{name}' changes nothing.", "Give another factor, or take it out."
        )


def _moved(at: tuple[str, ...], name: str, factor: float, setting: Setting) -> Iterator[Objection]:
    """Go through a factor on a driver or parameter."""
    yield from _factor(at, name, factor)
    objection = _nobody(at, name, setting, POLICIES)
    if objection:
        yield objection
        return
    if resting(name, setting) == 0:
        yield Objection(
            at,
            f"'{name}' is zero, and so is every multiple of it.",
            "Give it a value under `set`.",
        )
    elif factor > 1 and bounds(name, setting)[1] == 1:
        yield Objection(
            at,
            f"'{name}' is a share: {factor:g} times it may be more than the whole.",
            "Give it a value between 0 and 1 under `set`.",
        )


def _nobody(
    at: tuple[str, ...], name: str, setting: Setting, rates: tuple[str, ...] = ()
) -> Objection | None:
    """Say why a driver or parameter cannot be acted on, or that it can."""
    known = (*setting.parameters, *setting.drivers)
    owner = name.partition(".")[0]
    if name in setting.drivers:
        driver = DRIVERS.get(name)
        if driver is None or driver.axes in PULLED:
            return None
        return Objection(
            at,
            f"'{name}' cannot be moved by a scenario: it goes by {driver.axes}.",
            "Act on what it drives; `hidra mechanisms` lists rates and parameters.",
        )
    if name in setting.parameters:
        return None
    readers = [m.name for m in library().values() if name in m.drivers]
    if readers:
        return Objection(
            at,
            f"No mechanism that is on reads the driver '{name}': the change would do nothing.",
            f"Switch one of these on: {', '.join(readers)}; or leave '{name}' out.",
        )
    if "." in name and owner in library() and owner not in {m.name for m in setting.on}:
        return Objection(
            at,
            f"The mechanism '{owner}' is off: its parameters do nothing.",
            f"Switch '{owner}' on, or leave '{name}' out.",
        )
    error = unknown("rate, driver or parameter", name, (*rates, *known), where="")
    return Objection(at, error.what, error.fix)


def _set(
    at: tuple[str, ...], name: str, value: float, setting: Setting, changed: bool
) -> Iterator[Objection]:
    objection = _nobody(at, name, setting)
    if objection:
        yield objection
        return
    if changed and name not in POLICIES:
        yield Objection(
            at, f"'{name}' is both multiplied and set.", "Keep either its `change` or its `set`."
        )
    low, high = bounds(name, setting)
    if not (low <= value <= high and math.isfinite(value)):
        yield Objection(
            at,
            f"'{name}' lies between {low:g} and {high:g}; {value:g} does not.",
            "Give a value within these bounds.",
        )
    elif value == resting(name, setting):
        yield Objection(
            at, f"'{name}' is {value:g} already: nothing would change.", "Give another value."
        )


def _dose(at: tuple[str, ...], name: str, persons: float, setting: Setting) -> Iterator[Objection]:
    if name not in POLICIES:
        error = unknown("core rate", name, POLICIES, where="")
        yield Objection(at, error.what, error.fix)
        return
    if not (persons and math.isfinite(persons)):
        yield Objection(
            at,
            f"A dose of {persons:g} persons per week on '{name}' says nothing.",
            "Give persons per week, for example -110 or 110.",
        )
        return
    most = largest("members") if persons > 0 and name in OUT else largest(name)
    if (persons < 0 or name in OUT) and abs(persons) > most:
        yield Objection(
            at,
            f"A dose of {persons:g} persons per week on '{name}' is larger than what there is: "
            f"at the most {most:,.0f}.",
            "Give a smaller dose, or a factor under `change`.",
        )


def _off(at: tuple[str, ...], name: str, setting: Setting) -> Iterator[Objection]:
    on = {m.name for m in setting.on}
    if name not in library():
        error = unknown("mechanism", name, on, where="")
        yield Objection(at, error.what, error.fix)
    elif name not in on:
        yield Objection(
            at, f"The mechanism '{name}' is off already.", f"Leave '{name}' out of `off`."
        )


def _places(wanted: Intervention) -> Iterator[Objection]:
    for code in wanted.places:
        if code not in series.states():
            error = unknown("state", code, series.states(), where="")
            yield Objection(("places",), error.what, error.fix)
    if not wanted.places:
        return
    everywhere = [*wanted.dose, *wanted.off]
    everywhere += [n for n in wanted.change if n not in POLICIES and national(n)]
    everywhere += [n for n in wanted.set if national(n)]
    if everywhere:
        yield Objection(
            ("places",),
            f"'{everywhere[0]}' is of the whole country and cannot change in some places only.",
            "Leave `places` out, or make two scenarios.",
        )
