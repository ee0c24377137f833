"""The contract of a mechanism: what it reads, what it may change, what it stands on.

A mechanism is a pure function ``(state, driver, p) -> Contribution``. It returns

* ``rates``: non-negative multipliers on named rates; several mechanisms multiply;
* ``coefficients``: additive terms on named core coefficients, which are zero in the core;
* ``flows``: additive flows (per week) on named states.

Products and sums commute, so the order in which mechanisms are listed cannot matter, and a
mechanism that is off is simply absent. Mechanisms meet only through states of the week before and
through rates that one of them *opens* for others to multiply: so no circle can arise within a week.

What cannot be said as a flow (a leader is removed, a group splits, members move) is an *operator*.
What follows from the flows of the week (people killed make others flee) is a *tally*: it sees the
flows and gives ``counts`` of the week and further flows on states.

Where a driver of a mechanism is unknown (`known.NAME` in the drivers), the mechanism is off there:
its multipliers are one, its terms and flows zero, its counts unknown (NaN), never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from jax import Array

from hidra.core.errors import SpecError, unknown
from hidra.core.param import Param

State = dict[str, Array]
Numbers = Mapping[str, Any]  # parameters or drivers by name: arrays or plain numbers
Grade = Literal["strong", "contested", "assumed"]

RATES: dict[str, str] = {
    "recruitment": "multiplier on recruitment per member, [place, group]",
    "enforcement": "multiplier on arrests per week, [place, group]",
    "lethality": "multiplier on deaths per meeting of members, [place, group]",
    "rivalry": "multiplier on every tie of a group, as victim and as aggressor, [place, group]",
    "saturation": "multiplier on exit by saturation, [place, group]",
    "exposure": "weight with which arrests of a place fall on a group, [place, group]",
}
COEFFICIENTS = {
    "internal_rivalry": "rivalry of a group with itself, zero in the core, [place, group]",
}
CORE_STATES = {
    "members": "members, persons, [place, group]",
    "rivals": "rivalry weights of the network, states with relation, [group, group]",
    "split_rivals": "rivalry weights of groups that split off, [slot, group]",
    "allies": "total alliance weight of a group, [group]",
}
BEFORE = ("event", "removal", "split")
STAGES = (*BEFORE, "move")  # moves come last in a week, after the flows
KNOWN = "known."  # driver `known.NAME`: 1 where all drivers of NAME are known, 0 elsewhere


@dataclass(frozen=True)
class Stock:
    """A state a mechanism adds: its value at rest, and its axes.

    Attributes
    ----------
    value : number everywhere, or one number for each entry of the last axis.
    axes : ``place``, ``group`` or a length.
    doc : what it is, with its unit.
    """

    value: float | tuple[float, ...]
    axes: tuple[str | int, ...]
    doc: str


@dataclass(frozen=True)
class Count:
    """Something a mechanism counts by place and week: expected number, not a draw."""

    unit: str
    label_es: str
    label_en: str


@dataclass(frozen=True)
class Contribution:
    """What one mechanism adds in one week; arrays broadcast to [place, group]."""

    rates: Mapping[str, Array] = field(default_factory=dict)
    coefficients: Mapping[str, Array] = field(default_factory=dict)
    flows: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Operator:
    """A structural change of the state.

    ``apply(state, driver, p, luck) -> changed states``. It sees what its mechanism declares, and
    what it changes; ``move`` sees opened rates among the drivers. Operators run in the order of
    ``STAGES``, then by name.

    ``luck`` is what ``draws(key, groups)`` made of the key of this operator, draw and week: the
    key itself unless it says otherwise. All weeks are drawn at once before the first: inside the
    loop over weeks random numbers would cost more than everything else.
    """

    name: str
    stage: str
    changes: tuple[str, ...]
    apply: Callable[[State, Mapping[str, Array], Mapping[str, Array], Any], State]
    doc: str
    draws: Callable[[Array, int], Any] = lambda key, groups: key


@dataclass(frozen=True)
class Tally:
    """What follows from the flows of a week: counts [place], and flows on states."""

    counts: Mapping[str, Array] = field(default_factory=dict)
    flows: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Mechanism:
    """A declared mechanism. See the module docstring and ``@mechanism``.

    Attributes
    ----------
    code : number in the specification, ``M3``.
    reads : states it needs. hears : states of other mechanisms it takes note of, each with the
        value it takes where that mechanism is off.
    rates : rates it multiplies, of the core or opened by others. opens : rates it lets others
        multiply, with their meaning; one where nobody does.
    flows : states it adds to. drivers : what moves it from outside.
    states : states it brings. counts : what it counts by place and week.
    tally : function ``(state, flows of members, driver, p) -> Tally``, opened rates among the
        drivers.
    """

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
    states: Mapping[str, Stock] = field(default_factory=dict)
    operators: tuple[Operator, ...] = ()
    evidence_for: str = ""
    evidence_against: str = ""
    code: str = ""
    hears: Mapping[str, float] = field(default_factory=dict)
    opens: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, Count] = field(default_factory=dict)
    tally: Callable[..., Tally] | None = None

    def __post_init__(self) -> None:
        """Refuse a declaration that names what does not exist."""
        where = f"mechanism '{self.name}'"
        for kind, names, allowed in (
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
        given = self.function(self.sees(state), self.driven(driver), p)
        self.check("rate", given.rates, self.rates)
        self.check("coefficient", given.coefficients, self.coefficients)
        self.check("flow", given.flows, self.flows)
        return given

    def sees(self, state: State, more: tuple[str, ...] = ()) -> State:
        """Return the states it declared; those it hears of are there even when nobody has them."""
        names = (*self.reads, *self.hears, *more)
        known: State = {**cast(State, self.hears), **state}  # plain numbers broadcast as arrays do
        return _Declared(known, names, f"mechanism '{self.name}'", "state")

    def driven(self, driver: Mapping[str, Array]) -> Mapping[str, Array]:
        """Return the drivers it declared, and the rates it opened."""
        names = (*self.drivers, *self.opens)
        return _Declared(driver, names, f"mechanism '{self.name}'", "driver")

    def check(self, kind: str, found: Mapping[str, Any], declared: Iterable[str]) -> None:
        """Refuse what it returns without having declared it."""
        for name in found:
            if name not in declared:
                raise SpecError(
                    f"The mechanism returns the {kind} '{name}' without declaring it.",
                    where=f"mechanism '{self.name}'",
                    fix=f"Add '{name}' to its declared {kind}s, or do not return it.",
                )


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
