"""Scenarios: from a month on, something differs from no change.

An intervention is a `do`: rates are multiplied or dosed, drivers and parameters multiplied or set,
mechanisms stopped. Everything before the start is shared by all scenarios, and so is the noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hidra.core.weeks import Weeks
from hidra.model.equation import CORE, POLICIES
from hidra.model.mechanism import KNOWN
from hidra.model.series import states
from hidra.model.simulate import Drivers, Policy

NO_CHANGE = "no_change"


@dataclass(frozen=True)
class Intervention:
    """What a scenario changes from `start` on.

    Attributes
    ----------
    start : first month, ``YYYY-MM``.
    change : core rate, driver or parameter -> factor.
    set : driver or parameter -> value it takes, in its own unit.
    dose : core rate -> persons per week, as the flow stood at the start.
    off : mechanisms that stop; their multipliers are one and their states at rest.
    places : codes of states; rates and drivers change only there. Everywhere when empty.
    """

    start: str
    change: Mapping[str, float] = field(default_factory=dict)
    set: Mapping[str, float] = field(default_factory=dict)
    dose: Mapping[str, float] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.change or self.set or self.dose or self.off)


def is_parameter(name: str) -> bool:
    """Whether a name is one of a parameter, of the core or ``mechanism.parameter``."""
    return "." in name or name in {q.name for q in CORE}


def policies(
    scenarios: Mapping[str, Intervention], weeks: Weeks, drivers: Drivers
) -> dict[str, Policy]:
    """Return the weekly policy of each scenario and of ``no_change``, which comes first.

    All have the same shape, factors of one and doses of zero included, so that one compiled model
    serves them all and ``no_change`` is computed like the rest.
    """
    everyone = {NO_CHANGE: Intervention(str(weeks.months[-1])[:7]), **scenarios}
    touched = _Touched(tuple(everyone.values()), weeks, drivers)
    return {name: touched.of(wanted) for name, wanted in everyone.items()}


def branch(scenarios: Mapping[str, Intervention], weeks: Weeks) -> int:
    """Return the week in which the first scenario begins: until then all are one run."""
    begun = [weeks.from_month(wanted.start) for wanted in scenarios.values()]
    return min(begun, default=len(weeks.first_days))


@dataclass(frozen=True)
class _Touched:
    """Whatever any of the scenarios touches: what the policy of each has to name."""

    everyone: tuple[Intervention, ...]
    weeks: Weeks
    drivers: Drivers

    def _names(self, *kinds: str) -> list[str]:
        return sorted(
            {name for one in self.everyone for kind in kinds for name in getattr(one, kind)}
        )

    def of(self, wanted: Intervention) -> Policy:
        """Return the policy of one scenario."""
        later = np.arange(len(self.weeks.first_days)) >= self.weeks.from_month(wanted.start)
        # one rate at least, so that scenarios can be counted where none changes anything
        rates = [name for name in self._names("change") if name in POLICIES] or [POLICIES[0]]
        others = [
            n for n in self._names("change", "set") if n not in rates or n in self._names("set")
        ]
        return Policy(
            change={name: self._rate(wanted, name, later) for name in rates},
            dose={n: np.where(later, wanted.dose.get(n, 0.0), 0.0) for n in self._names("dose")},
            parameter={n: _parameter(wanted, n, later) for n in others if is_parameter(n)},
            driver={n: self._driver(wanted, n, later) for n in others if not is_parameter(n)}
            | self._known(wanted, later),
            on={n: np.where(later & (n in wanted.off), 0.0, 1.0) for n in self._names("off")},
        )

    def _rate(self, wanted: Intervention, name: str, later: np.ndarray) -> np.ndarray:
        """Return the factor on a rate: (W,), or (W, P, 1) where any scenario is of some places."""
        factor = wanted.change.get(name, 1.0)
        if not any(one.places for one in self.everyone):
            return np.where(later, factor, 1.0)
        return np.where(later[:, None] & _here(wanted), factor, 1.0)[:, :, None]

    def _driver(self, wanted: Intervention, name: str, later: np.ndarray) -> np.ndarray:
        """Return a driver with what the scenario makes of it, (W, ...)."""
        if name in self.drivers.weekly:
            base = np.asarray(self.drivers.weekly[name], float)
        else:
            fixed = np.asarray(self.drivers.fixed[name], float)
            base = np.broadcast_to(fixed, (len(later), *fixed.shape))
        now = later.reshape(-1, *[1] * (base.ndim - 1))
        if wanted.places:
            now = now & _here(wanted).reshape(1, -1, *[1] * (base.ndim - 2))
        return np.where(now, wanted.set.get(name, base * wanted.change.get(name, 1.0)), base)

    def _known(self, wanted: Intervention, later: np.ndarray) -> dict[str, np.ndarray]:
        """Return where mechanisms act, (W, P): a driver that is set is known from then on."""
        found, now = {}, later[:, None] & _here(wanted)
        for name, known in self.drivers.gaps.items():
            if set(known) & set(self._names("set")):
                every = [known[driver] | (now & (driver in wanted.set)) for driver in known]
                found[KNOWN + name] = np.prod(every, axis=0).astype(float)
        return found


def _here(wanted: Intervention) -> np.ndarray:
    """Where an intervention acts, (P,)."""
    return np.array([not wanted.places or code in wanted.places for code in states()])


def _parameter(wanted: Intervention, name: str, later: np.ndarray) -> np.ndarray:
    """Return factor and value of a parameter by week, (W, 2); no value is NaN."""
    factor = 1.0 if name in POLICIES else wanted.change.get(name, 1.0)
    factors = np.where(later, factor, 1.0)
    values = np.where(later, wanted.set.get(name, np.nan), np.nan)
    return np.stack([factors, values], axis=1)
