"""What there is to act on in a system, and what is refused in a scenario, with its cure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _
from hidra.model.drivers import DRIVERS, FROM_THE_FUTURE, OWN, outside
from hidra.model.equation import CORE, POLICIES
from hidra.model.mechanisms import package
from hidra.model.series import states
from hidra.model.simulate import is_parameter
from hidra.scenario import Scenario

if TYPE_CHECKING:
    from hidra.core.param import Param
    from hidra.model.system import System

PULLED = ("all", "place", "place, sector", "place, group")  # axes of drivers a scenario may move
OUT = ("enforcement", "lethality", "saturation")  # flows that members leave by

MOST_TIMES = 10_000  # beyond any change that could be meant, and far from where numbers end


def heard(system: System) -> dict[str, tuple[str, ...]]:
    """Return what moves the mechanisms that are on: driver -> those that read it."""
    names = sorted({name for m in system.mechanisms for name in m.drivers})
    return {name: tuple(m.name for m in system.mechanisms if name in m.drivers) for name in names}


def pulled(system: System) -> dict[str, Param]:
    """Return the parameters that may be acted on, under full names, as the system sets them."""
    return {q.name: q for q in system.dynamics if q.name != "initial_members"}


def bounds(name: str, system: System) -> tuple[float, float]:
    """Return the lowest and highest value a driver or parameter may take."""
    if is_parameter(name):
        return pulled(system)[name].limits
    return DRIVERS.get(name, OWN).bounds


def resting(name: str, system: System) -> float | None:
    """Return the value a lever or a fixed parameter has while nobody moves it, else None."""
    if is_parameter(name):
        q = pulled(system)[name]
        return None if q.prior else q.centre
    if name in FROM_THE_FUTURE:
        return 1.0
    return DRIVERS[name].rest if name in DRIVERS and name not in system.drivers.names else None


def national(name: str) -> bool:
    """Whether a driver or parameter is of the whole country."""
    return is_parameter(name) or DRIVERS.get(name, OWN).national


def largest(what: str) -> float:
    """Return the largest stock or weekly flow the priors of the core leave room for."""
    top = {q.name: float(q.prior.quantile(0.999)) for q in CORE if q.prior is not None}
    members = top["initial_members"]
    return {
        "members": members,
        "recruitment": top["recruitment"] * members,
        "enforcement": top["enforcement"],
        "lethality": members,
        "saturation": members,
    }[what]


class Objection(NamedTuple):
    """Why a scenario is refused: the keys that lead there, what is wrong, what to do."""

    at: tuple[str, ...]
    what: str
    fix: str


def check(scenarios: Mapping[str, Scenario], system: System) -> None:
    """Refuse scenarios that cannot be run or would change nothing.

    Raises
    ------
    SpecError
        With the scenario and the key, and the cure.
    """
    for name, wanted in scenarios.items():
        for at, what, fix in objections(name, wanted, system):
            raise SpecError(
                what,
                where=_("scenario '{name}', {key}", name=name, key=".".join(at))
                if at
                else _("scenario '{name}'", name=name),
                fix=fix,
            )


def objections(name: str, wanted: Scenario, system: System) -> Iterator[Objection]:
    """Go through a scenario: month, names, values, places."""
    yield from _month(name, wanted.start, system)
    if wanted.empty:
        fix = _("Give it a `change`, `set`, `dose` or `off`, or take it out.")
        yield Objection((), _("The scenario changes nothing."), fix)
    for key, factor in wanted.change.items():
        at = ("change", key)
        yield from (
            _factor(at, key, factor) if key in POLICIES else _moved(at, key, factor, system)
        )
    for key, value in wanted.set.items():
        yield from _set(("set", key), key, value, system, key in wanted.change)
    for key, persons in wanted.dose.items():
        yield from _dose(("dose", key), key, persons, system)
    for key in wanted.off:
        yield from _off(("off",), key, system)
    yield from _places(wanted)


def _month(name: str, start: str, system: System) -> Iterator[Objection]:
    if start <= str(system.until):
        yield Objection(
            ("start",),
            _(
                "The scenario '{name}' starts in {start}, before the data end ({last}).",
                name=name,
                start=start,
                last=system.until,
            ),
            _("Start it after {last}: the past cannot be changed.", last=system.until),
        )
    elif start > system.end:
        yield Objection(
            ("start",),
            _(
                "The scenario '{name}' starts in {start}, after the study ends ({end}).",
                name=name,
                start=start,
                end=system.end,
            ),
            _("Start it by {end}, or let the study end later.", end=system.end),
        )


def _factor(at: tuple[str, ...], name: str, factor: float) -> Iterator[Objection]:
    if not 0 <= factor < math.inf:
        yield Objection(
            at,
            _("'{name}' cannot be multiplied by {factor:g}.", name=name, factor=factor),
            _("Give a factor of zero or more: 0.5 is half, 2 is double."),
        )
    elif factor > MOST_TIMES:
        yield Objection(
            at,
            _("'{name}' cannot be multiplied by {factor:g}.", name=name, factor=factor),
            _("Give a factor up to {most:,}.", most=MOST_TIMES),
        )
    elif factor == 1:
        yield Objection(
            at,
            _("The factor 1 on '{name}' changes nothing.", name=name),
            _("Give another factor, or take it out."),
        )


def _moved(at: tuple[str, ...], name: str, factor: float, system: System) -> Iterator[Objection]:
    """Go through a factor on a driver or parameter."""
    yield from _factor(at, name, factor)
    objection = _nobody(at, name, system, POLICIES)
    if objection:
        yield objection
        return
    if resting(name, system) == 0:
        yield Objection(
            at,
            _("'{name}' is zero, and so is every multiple of it.", name=name),
            _("Give it a value under `set`."),
        )
    elif factor > 1 and bounds(name, system)[1] == 1:
        yield Objection(
            at,
            _(
                "'{name}' is a share: {factor:g} times it may be more than the whole.",
                name=name,
                factor=factor,
            ),
            _("Give it a value between 0 and 1 under `set`."),
        )


def _nobody(
    at: tuple[str, ...], name: str, system: System, rates: tuple[str, ...] = ()
) -> Objection | None:
    """Say why a driver or parameter cannot be acted on, or that it can."""
    known = (*pulled(system), *heard(system))
    owner = name.partition(".")[0]
    if name in heard(system):
        driver = DRIVERS.get(name)
        if driver is None or driver.axes in PULLED:
            return None
        return Objection(
            at,
            _(
                "'{name}' cannot be moved by a scenario: it goes by {axes}.",
                name=name,
                axes=driver.axes,
            ),
            _("Act on what it drives; `hidra mechanisms` lists rates and parameters."),
        )
    if name in pulled(system):
        return None
    readers = [m.name for m in package().values() if name in m.drivers]
    if readers:
        return Objection(
            at,
            _(
                "No mechanism that is on reads the driver '{name}': the change would do nothing.",
                name=name,
            ),
            _(
                "Switch one of these on: {names}; or leave '{name}' out.",
                names=", ".join(readers),
                name=name,
            ),
        )
    if "." in name and owner in package() and owner not in {m.name for m in system.mechanisms}:
        return Objection(
            at,
            _("The mechanism '{name}' is off: its parameters do nothing.", name=owner),
            _("Switch '{name}' on, or leave '{other}' out.", name=owner, other=name),
        )
    error = unknown(_("rate, driver or parameter"), name, (*rates, *known), where="")
    return Objection(at, error.what, error.fix)


def _set(
    at: tuple[str, ...], name: str, value: float, system: System, changed: bool
) -> Iterator[Objection]:
    objection = _nobody(at, name, system)
    if objection:
        yield objection
        return
    if changed and name not in POLICIES:
        yield Objection(
            at,
            _("'{name}' is both multiplied and set.", name=name),
            _("Keep either its `change` or its `set`."),
        )
    if wrong := outside(name, value, bounds(name, system)):
        yield Objection(at, *wrong)
    elif value == resting(name, system):
        yield Objection(
            at,
            _("'{name}' is {value:g} already: nothing would change.", name=name, value=value),
            _("Give another value."),
        )


def _dose(at: tuple[str, ...], name: str, persons: float, system: System) -> Iterator[Objection]:
    if name not in POLICIES:
        error = unknown(_("core rate"), name, POLICIES, where="")
        yield Objection(at, error.what, error.fix)
        return
    if not (persons and math.isfinite(persons)):
        yield Objection(
            at,
            _(
                "A dose of {persons:g} persons per week on '{name}' says nothing.",
                persons=persons,
                name=name,
            ),
            _("Give persons per week, for example -110 or 110."),
        )
        return
    # Taken away: no more than the flow; led out or in: no more in a week than there are members.
    most = largest("members") if persons > 0 else largest(name)
    if abs(persons) > most:
        yield Objection(
            at,
            _(
                "A dose of {persons:g} persons per week on '{name}' is larger than what "
                "there is: at the most {most:,.0f}.",
                persons=persons,
                name=name,
                most=most,
            ),
            _("Give a smaller dose, or a factor under `change`."),
        )


def _off(at: tuple[str, ...], name: str, system: System) -> Iterator[Objection]:
    on = {m.name for m in system.mechanisms}
    if name not in package():
        error = unknown(_("mechanism"), name, on, where="")
        yield Objection(at, error.what, error.fix)
    elif name not in on:
        yield Objection(
            at,
            _("The mechanism '{name}' is off already.", name=name),
            _("Leave '{name}' out of `off`.", name=name),
        )


def _places(wanted: Scenario) -> Iterator[Objection]:
    for code in wanted.places:
        if code not in states():
            error = unknown(_("state"), code, states(), where="")
            yield Objection(("places",), error.what, error.fix)
    if not wanted.places:
        return
    everywhere = [*wanted.dose, *wanted.off]
    everywhere += [n for n in wanted.change if n not in POLICIES and national(n)]
    everywhere += [n for n in wanted.set if national(n)]
    if everywhere:
        yield Objection(
            ("places",),
            _(
                "'{name}' is of the whole country and cannot change in some places only.",
                name=everywhere[0],
            ),
            _("Leave `places` out, or make two scenarios."),
        )
