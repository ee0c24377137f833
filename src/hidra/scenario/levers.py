"""What there is to act on: drivers and parameters of what is on, and their bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from hidra.core.param import Param, Prior
from hidra.model import series
from hidra.model.drivers import DRIVERS, FROM_THE_FUTURE
from hidra.model.equation import CORE
from hidra.model.mechanism import Mechanism
from hidra.scenario import is_parameter

FREE = ("standard", "log")  # first words of units that may be negative
SHARES = ("share", "0")  # and of those that end at one
Overrides = Mapping[str, "float | Prior"]


class Setting(NamedTuple):
    """What scenarios act in.

    Attributes
    ----------
    on : mechanisms that are on. overrides : parameters the study sets.
    data_end : last month of records. end : last month simulated.
    """

    on: tuple[Mechanism, ...]
    overrides: Overrides
    data_end: str
    end: str

    @property
    def parameters(self) -> dict[str, Param]:
        """Parameters of the core and of what is on, under full names, as the study sets them."""
        own = {f"{m.name}.{q.name}": q for m in self.on for q in m.params}
        found = {q.name: q for q in CORE if q.name != "initial_members"} | own
        return {
            n: q.model_copy(update={"value": self.overrides[n]}) if n in self.overrides else q
            for n, q in found.items()
        }

    @property
    def drivers(self) -> dict[str, tuple[str, ...]]:
        """Return what moves the mechanisms that are on: driver -> those that read it."""
        names = sorted({name for m in self.on for name in m.drivers})
        return {name: tuple(m.name for m in self.on if name in m.drivers) for name in names}


def bounds(name: str, setting: Setting) -> tuple[float, float]:
    """Return the lowest and highest value a driver or parameter may take."""
    if is_parameter(name):
        declared = {q.name: q for q in CORE}
        declared |= {f"{m.name}.{q.name}": q for m in setting.on for q in m.params}
        return support(declared[name].value)
    unit = DRIVERS[name].unit if name in DRIVERS else "log"
    low = -math.inf if unit.startswith(FREE) else 0.0
    return low, 1.0 if unit.startswith(SHARES) else math.inf


def resting(name: str, setting: Setting) -> float | None:
    """Return the value a lever or a fixed parameter has while nobody moves it, else None."""
    if is_parameter(name):
        q = setting.parameters[name]
        return None if q.prior else q.centre
    if name in FROM_THE_FUTURE:
        return 1.0
    return DRIVERS[name].rest if name in DRIVERS and name not in series.brought() else None


def support(value: float | Prior) -> tuple[float, float]:
    """Return the lowest and highest number a parameter of this kind may take."""
    if isinstance(value, float):
        return -math.inf, math.inf
    low, high = value.frozen().support()
    return float(low), float(high)


def national(name: str) -> bool:
    """Whether a driver or parameter is of the whole country."""
    return is_parameter(name) or (name in DRIVERS and not DRIVERS[name].axes.startswith("place"))


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
