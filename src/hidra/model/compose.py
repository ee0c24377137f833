"""Mechanisms put together: whether they fit, and the product and sum of what they contribute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from hidra.core.errors import SpecError, unknown
from hidra.model.mechanism import (
    COEFFICIENTS,
    CORE_STATES,
    KNOWN,
    RATES,
    Mechanism,
    Numbers,
    Operator,
    State,
    Tally,
)


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
                    f"'{name}' belongs to two: {owner.get(name, 'the core')} and {m.name}.",
                    where=f"mechanism '{m.name}'",
                    fix="Give it another name in one of them.",
                )
            owner[name] = m.name
    opened = {name for m in (*everything, *mechanisms) for name in m.opens}
    for m in mechanisms:
        for name in m.rates:
            if name not in RATES and name not in opened:
                raise unknown("rate", name, (*RATES, *opened), where=f"mechanism '{m.name}'")
        for name in m.reads:
            if name not in CORE_STATES and name not in owner:
                raise _needed(m, name, (*everything, *mechanisms))
    _no_circle(mechanisms, owner)


def _needed(m: Mechanism, name: str, known: tuple[Mechanism, ...]) -> SpecError:
    giving = next((other.name for other in known if name in other.states), None)
    if giving is None:
        states = {s for other in known for s in other.states}
        return unknown("state", name, (*CORE_STATES, *states), where=f"mechanism '{m.name}'")
    return SpecError(
        f"The mechanism '{m.name}' reads the state '{name}', which '{giving}' brings.",
        where=f"mechanism '{m.name}'",
        fix=f"Switch '{giving}' on as well, or declare '{name}' in `hears` with its value at rest.",
    )


def _no_circle(mechanisms: tuple[Mechanism, ...], owner: Mapping[str, str]) -> None:
    """Refuse mechanisms that need one another in a circle: none could then be studied alone."""
    needs = {m.name: {owner[n] for n in m.reads if n in owner} - {m.name} for m in mechanisms}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise SpecError(
            f"Mechanisms need one another in a circle: {circle}.",
            where="mechanisms",
            fix="Declare one of these readings in `hears`, with the value at rest, not in `reads`.",
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
        given, here = m(state, driver, own(p, m)), driver.get(KNOWN + m.name)
        for name in sorted(given.rates):
            factor = where_known(jnp.maximum(given.rates[name], 0.0), here, 1.0)
            found.rates[name] = found.rates[name] * factor if name in found.rates else factor
        _add(found.coefficients, given.coefficients, here, placed)
        _add(found.flows, given.flows, here, placed)
    # Most multipliers are of a place or of a group: a power must not be taken again in every cell.
    return replace(found, rates=jax.lax.optimization_barrier(found.rates))


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
        found = m.tally(m.sees(state), given, m.driven(driver), own(p, m))
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
    changed = operator.apply(m.sees(state, operator.changes), m.driven(driver), own(p, m), luck)
    m.check("change", changed, operator.changes)
    here = driver.get(KNOWN + m.name)
    if here is not None:
        acts = (here > 0).any()
        changed = {name: jnp.where(acts, new, state[name]) for name, new in changed.items()}
    return {**state, **changed}


def opened(mechanisms: tuple[Mechanism, ...], rates: Mapping[str, Array]) -> dict[str, Any]:
    """Return the rates that mechanisms opened, one where nobody multiplied them."""
    return {name: rates.get(name, 1.0) for m in mechanisms for name in m.opens}


def where_known(value: Any, here: Array | None, rest: float) -> Any:
    """Put `rest` where the drivers of a place are unknown; places lead in `value`."""
    value = jnp.asarray(value)
    if here is None or value.ndim == 0:
        return value
    return jnp.where(here.reshape(-1, *[1] * (value.ndim - 1)) > 0, value, rest)


def own(p: Numbers, m: Mechanism) -> dict[str, Array]:
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
