"""The contract of a mechanism: what it reads, what it may change, what it stands on.

A mechanism is a pure function ``(state, driver, p) -> Contribution``. It returns

* ``rates``: non-negative multipliers on named core rates; several mechanisms multiply;
* ``coefficients``: additive terms on named core coefficients, which are zero in the core;
* ``flows``: additive flows (per week) on named states.

Products and sums commute, so the order in which mechanisms are listed cannot matter, and a
mechanism that is off is simply absent. What cannot be said as a flow (a leader is removed, a group
splits, members move) is an *operator*: it maps state to state at the start of a week.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import jax.numpy as jnp
from jax import Array

from hidra.errors import SpecError, unknown
from hidra.param import Param

State = dict[str, Array]
Numbers = Mapping[str, Any]  # parameters or drivers by name: arrays or plain numbers
Grade = Literal["strong", "contested", "assumed"]

RATES = {
    "recruitment": "multiplier on recruitment per member, [place, group]",
    "enforcement": "multiplier on arrests per week, [place, group]",
    "lethality": "multiplier on deaths per meeting of members, [place, group]",
    "rivalry": "multiplier on every tie of a group, as victim and as aggressor, [place, group]",
    "saturation": "multiplier on exit by saturation, [place, group]",
}
COEFFICIENTS = {
    "internal_rivalry": "rivalry of a group with itself, zero in the core, [place, group]",
}
CORE_STATES = {
    "members": "members, persons, [place, group]",
    "rivals": "rivalry weights between groups, states with relation, [group, group]",
    "allies": "total alliance weight of a group, [group]",
}
STAGES = ("removal", "split", "move")


@dataclass(frozen=True)
class Contribution:
    """What one mechanism adds in one week; arrays broadcast to [place, group]."""

    rates: Mapping[str, Array] = field(default_factory=dict)
    coefficients: Mapping[str, Array] = field(default_factory=dict)
    flows: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Operator:
    """A structural change at the start of a week.

    ``apply(state, driver, p, noise) -> state`` where ``noise`` is the key of this mechanism, draw
    and week. Operators run in the order of ``STAGES``, then by name.
    """

    name: str
    stage: str
    changes: tuple[str, ...]
    apply: Callable[[State, Mapping[str, Array], Mapping[str, Array], Array], State]
    doc: str


@dataclass(frozen=True)
class Mechanism:
    """A declared mechanism. See the module docstring and ``@mechanism``."""

    name: str
    function: Callable[[State, Mapping[str, Array], Mapping[str, Array]], Contribution]
    title_es: str
    title_en: str
    essay: str
    grade: Grade
    equation: str
    params: tuple[Param, ...]
    reads: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    coefficients: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    states: Mapping[str, float] = field(default_factory=dict)
    operators: tuple[Operator, ...] = ()
    evidence_for: str = ""
    evidence_against: str = ""

    def __post_init__(self) -> None:
        """Refuse a declaration that names what does not exist."""
        where = f"mechanism '{self.name}'"
        for kind, names, allowed in (
            ("core rate", self.rates, RATES),
            ("core coefficient", self.coefficients, COEFFICIENTS),
            ("state", self.flows, {**CORE_STATES, **self.states}),
            ("stage", tuple(o.stage for o in self.operators), STAGES),
        ):
            for name in names:
                if name not in allowed:
                    raise unknown(kind, name, allowed, where=where)

    def __call__(
        self, state: State, driver: Mapping[str, Array], p: Mapping[str, Array]
    ) -> Contribution:
        """Run the function on what it declared, and check what it returns."""
        given = self.function(
            _Declared(state, self.reads, f"mechanism '{self.name}'", "state"),
            _Declared(driver, self.drivers, f"mechanism '{self.name}'", "driver"),
            p,
        )
        for kind, found, declared in (
            ("rate", given.rates, self.rates),
            ("coefficient", given.coefficients, self.coefficients),
            ("flow", given.flows, self.flows),
        ):
            for name in found:
                if name not in declared:
                    raise SpecError(
                        f"The mechanism returns the {kind} '{name}' without declaring it.",
                        where=f"mechanism '{self.name}'",
                        fix=f"Add '{name}' to its declared {kind}s, or do not return it.",
                    )
        return given


class _Declared(dict[str, Array]):
    """A view of state or drivers that shows only what the mechanism declared it reads."""

    def __init__(
        self, values: Mapping[str, Array], names: tuple[str, ...], where: str, kind: str
    ) -> None:
        super().__init__({name: values[name] for name in names if name in values})
        self._where, self._kind = where, kind

    def __missing__(self, name: str) -> Array:
        raise SpecError(
            f"The mechanism reads the {self._kind} '{name}', which is undeclared or missing.",
            where=self._where,
            fix=f"Declare it, or provide the {self._kind}. Declared and present: "
            f"{', '.join(sorted(self)) or 'none'}.",
        )


def mechanism(**declared: Any) -> Callable[[Callable[..., Contribution]], Mechanism]:
    """Turn a pure function into a Mechanism; its docstring's name is the function's name."""

    def wrap(function: Callable[..., Contribution]) -> Mechanism:
        return Mechanism(name=function.__name__, function=function, **declared)

    return wrap


@dataclass(frozen=True)
class Combined:
    """Product of multipliers and sums of terms of all mechanisms that are on."""

    rates: dict[str, Array]
    coefficients: dict[str, Array]
    flows: dict[str, Array]


def combine(
    mechanisms: tuple[Mechanism, ...],
    state: State,
    driver: Numbers,
    p: Numbers,
) -> Combined:
    """Combine contributions in name order. What nobody touches is absent, not one or zero.

    Parameters are named ``mechanism.parameter`` in `p`; each mechanism sees only its own.
    """
    rates: dict[str, Array] = {}
    coefficients: dict[str, Array] = {}
    flows: dict[str, Array] = {}
    for m in sorted(mechanisms, key=lambda m: m.name):
        given = m(state, driver, own(p, m))
        for name in sorted(given.rates):
            factor = jnp.maximum(given.rates[name], 0.0)
            rates[name] = rates[name] * factor if name in rates else factor
        for target, found in ((coefficients, given.coefficients), (flows, given.flows)):
            for name in sorted(found):
                target[name] = target[name] + found[name] if name in target else found[name]
    return Combined(rates, coefficients, flows)


def own(p: Numbers, m: Mechanism) -> dict[str, Array]:
    """Return the parameters of one mechanism under their short names."""
    return {q.name: p[f"{m.name}.{q.name}"] for q in m.params}
