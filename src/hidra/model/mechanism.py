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

Mechanisms are put together below: whether they fit, and the product and sum of what they add.

Where a driver of a mechanism is unknown (`known.NAME` in the drivers), the mechanism is off there:
its multipliers are one, its terms and flows zero, its counts unknown (NaN), never zero.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal, cast

import cloudpickle
import jax
import jax.numpy as jnp
from jax import Array

from hidra.core import fingerprint
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _
from hidra.core.param import Param
from hidra.model.cells import Cells, cellwise

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
    label: str


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
    title: str
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

    @cached_property
    def fingerprint(self) -> str:
        """What identifies it: the text of its module; of one made in a session, its code."""
        module = self._module()
        if self.built_in:
            return f"hidra {self.name}"  # its code is that of the room
        if module is not None:
            return fingerprint.of([self.name, fingerprint.code(Path(str(module.__file__)))])
        content = [getattr(self, part.name) for part in fields(self)]
        return fingerprint.of([self.name, cloudpickle.dumps(content).hex()])

    @cached_property
    def built_in(self) -> bool:
        """Whether it is of the package; others see arrays (P, G) where the engine holds cells."""
        module = self._module()
        return module is not None and module.__name__.startswith("hidra.")

    def _module(self) -> Any:
        """Return the module that every process can take it from by its name, if there is one."""
        module: Any = sys.modules.get(self.function.__module__)
        there = getattr(module, self.name, None) is self and module.__name__ != "__main__"
        return module if there else None

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to other processes by name, or with all its code where no module there has it."""
        module = self._module()
        if module is not None:
            return _of_module, (module.__name__, self.name)
        content = cloudpickle.dumps([getattr(self, part.name) for part in fields(self)])
        return _of_code, (content, self.fingerprint)

    def marked(self, fingerprint: str) -> Mechanism:
        """Return it with a fingerprint that is known already: that of the file it stands in."""
        self.__dict__["fingerprint"] = fingerprint
        return self

    def __post_init__(self) -> None:
        """Refuse a declaration that names what does not exist."""
        where = _("mechanism '{name}'", name=self.name)
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
        if not self.built_in:
            known = {n: v.dense() if isinstance(v, Cells) else v for n, v in known.items()}
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
                    _(
                        "The mechanism returns the {kind} '{name}' without declaring it.",
                        kind=kind,
                        name=name,
                    ),
                    where=_("mechanism '{name}'", name=self.name),
                    fix=_(
                        "Add '{name}' to its declared {kind}s, or do not return it.",
                        name=name,
                        kind=kind,
                    ),
                )


def _of_module(module: str, name: str) -> Mechanism:
    from importlib import import_module

    found: Mechanism = getattr(import_module(module), name)
    return found


def _of_code(content: bytes, fingerprint: str) -> Mechanism:
    return Mechanism(*cloudpickle.loads(content)).marked(fingerprint)


class _Declared(dict[str, Array]):
    """A view of state or drivers that shows only what the mechanism declared it reads."""

    def __init__(
        self, values: Mapping[str, Array], names: tuple[str, ...], where: str, kind: str
    ) -> None:
        super().__init__({name: values[name] for name in names if name in values})
        self._where, self._kind = where, kind

    def __missing__(self, name: str) -> Array:
        raise SpecError(
            _(
                "The mechanism reads the {kind} '{name}', which is undeclared or missing.",
                kind=self._kind,
                name=name,
            ),
            where=self._where,
            fix=_(
                "Declare it, or provide the {kind}. Declared and present: {self}.",
                kind=self._kind,
                self=", ".join(sorted(self)) or "none",
            ),
        )


def mechanism(**declared: Any) -> Callable[[Callable[..., Contribution]], Mechanism]:
    """Turn a pure function into a Mechanism; its docstring's name is the function's name."""

    def wrap(function: Callable[..., Contribution]) -> Mechanism:
        return Mechanism(name=function.__name__, function=function, **declared)

    return wrap


def check(mechanisms: tuple[Mechanism, ...], everything: tuple[Mechanism, ...] = ()) -> None:
    """Refuse mechanisms that do not fit together, saying how to cure it.

    Parameters
    ----------
    everything : the library; a rate that one of it opens may be multiplied even when it is off.
    """
    owner: dict[str, str] = {}
    for m in mechanisms:
        for name in (*m.states, *m.counts, *m.opens):
            if name in owner or name in (*CORE_STATES, *RATES):
                raise SpecError(
                    _(
                        "'{name}' belongs to two: {get} and {name_2}.",
                        name=name,
                        get=owner.get(name, "the core"),
                        name_2=m.name,
                    ),
                    where=_("mechanism '{name}'", name=m.name),
                    fix=_("Give it another name in one of them."),
                )
            owner[name] = m.name
    opened = {name for m in (*everything, *mechanisms) for name in m.opens}
    for m in mechanisms:
        for name in m.rates:
            if name not in RATES and name not in opened:
                raise unknown(
                    _("rate"), name, (*RATES, *opened), where=_("mechanism '{name}'", name=m.name)
                )
        for name in m.reads:
            if name not in CORE_STATES and name not in owner:
                raise _needed(m, name, (*everything, *mechanisms))
    _no_circle(mechanisms, owner)


def _needed(m: Mechanism, name: str, known: tuple[Mechanism, ...]) -> SpecError:
    giving = next((other.name for other in known if name in other.states), None)
    if giving is None:
        states = {s for other in known for s in other.states}
        return unknown(
            _("state"), name, (*CORE_STATES, *states), where=_("mechanism '{name}'", name=m.name)
        )
    return SpecError(
        _(
            "The mechanism '{name}' reads the state '{name_2}', which '{giving}' brings.",
            name=m.name,
            name_2=name,
            giving=giving,
        ),
        where=_("mechanism '{name}'", name=m.name),
        fix=_(
            "Switch '{giving}' on as well, or declare '{name}' in `hears` with its value at rest.",
            giving=giving,
            name=name,
        ),
    )


def _no_circle(mechanisms: tuple[Mechanism, ...], owner: Mapping[str, str]) -> None:
    """Refuse mechanisms that need one another in a circle: none could then be studied alone."""
    needs = {m.name: {owner[n] for n in m.reads if n in owner} - {m.name} for m in mechanisms}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise SpecError(
            _("Mechanisms need one another in a circle: {circle}.", circle=circle),
            where="mechanisms",
            fix=_(
                "Declare one of these readings in `hears`, with the value at rest, not in `reads`."
            ),
        ) from None


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
    found = Combined({}, {}, {})
    placed = _placed(mechanisms)
    for m in sorted(mechanisms, key=lambda m: m.name):
        given, here = m(state, driver, parameters_of(p, m)), driver.get(KNOWN + m.name)
        for name in sorted(given.rates):
            rate = cellwise(jnp.maximum, given.rates[name], 0.0)
            factor = once(where_known(rate, here, 1.0))
            found.rates[name] = once(found.rates[name] * factor) if name in found.rates else factor
        _add(found.coefficients, given.coefficients, here, placed)
        _add(found.flows, given.flows, here, placed)
    return found


def once(factor: Any) -> Any:
    """Keep what is of places or of groups alone from being computed again in every cell."""
    alone = not isinstance(factor, Cells) and 1 in jnp.shape(factor)
    return jax.lax.optimization_barrier(factor) if alone else factor


def stored(array: Any) -> Any:
    """Keep an array as it is: XLA would compute it again within a sum or a transpose, slowly."""
    return array if isinstance(array, Cells) else jax.lax.optimization_barrier(array)


def tally(
    mechanisms: tuple[Mechanism, ...],
    state: State,
    given: Any,
    driver: Numbers,
    p: Numbers,
) -> Tally:
    """Combine what follows from the flows of the week; `driver` holds the opened rates."""
    counts: dict[str, Array] = {}
    flows: dict[str, Array] = {}
    for m in sorted(mechanisms, key=lambda m: m.name):
        if m.tally is None:
            continue
        found = m.tally(m.sees(state), given, m.driven(driver), parameters_of(p, m))
        here = driver.get(KNOWN + m.name)
        m.check("count", found.counts, m.counts)
        m.check("flow", found.flows, m.flows)
        counts |= {name: where_known(n, here, jnp.nan) for name, n in found.counts.items()}
        _add(flows, found.flows, here, _placed(mechanisms))
    return Tally(counts, flows)


def operate(
    m: Mechanism, operator: Operator, state: State, driver: Numbers, p: Numbers, luck: Any
) -> State:
    """Let an operator change what it declared, and refuse anything else.

    An operator is of the whole country: it rests only where its mechanism is off everywhere.
    """
    changed = operator.apply(
        m.sees(state, operator.changes), m.driven(driver), parameters_of(p, m), luck
    )
    m.check("change", changed, operator.changes)
    here = driver.get(KNOWN + m.name)
    if here is not None:
        acts = (here > 0).any()
        changed = {
            name: cellwise(lambda new, old: jnp.where(acts, new, old), new, state[name])
            for name, new in changed.items()
        }
    return {**state, **changed}


def opened(mechanisms: tuple[Mechanism, ...], rates: Mapping[str, Array]) -> dict[str, Any]:
    """Return the rates that mechanisms opened, one where nobody multiplied them."""
    return {name: rates.get(name, 1.0) for m in mechanisms for name in m.opens}


def where_known(value: Any, here: Array | None, rest: float) -> Any:
    """Put `rest` where the drivers of a place are unknown; places lead in `value`."""
    value = value if isinstance(value, Cells) else jnp.asarray(value)
    if here is None or value.ndim == 0:
        return value
    known = here.reshape(-1, *[1] * (value.ndim - 1)) > 0
    return cellwise(lambda known, value: jnp.where(known, value, rest), known, value)


def parameters_of(p: Numbers, m: Mechanism) -> dict[str, Array]:
    """Return the parameters of one mechanism under their short names."""
    return {q.name: p[f"{m.name}.{q.name}"] for q in m.params}


def _placed(mechanisms: tuple[Mechanism, ...]) -> set[str]:
    """Names of the states and coefficients whose first axis is the place."""
    brought = {n for m in mechanisms for n, stock in m.states.items() if "place" in stock.axes[:1]}
    return {"members", *COEFFICIENTS, *brought}


def _add(
    target: dict[str, Array], found: Mapping[str, Array], here: Array | None, placed: set[str]
) -> None:
    for name in sorted(found):
        term = where_known(found[name], here, 0.0) if name in placed else found[name]
        target[name] = target[name] + term if name in target else term
