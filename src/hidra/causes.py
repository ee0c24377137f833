"""The causal diagram as data: what the mechanisms that are on let act on what."""

from __future__ import annotations

from dataclasses import dataclass

from hidra.mechanism import find, package
from hidra.mechanism.base import COEFFICIENTS, CORE_STATES, RATES, Mechanism

ACTS_ON = {
    "recruitment": "recruits",
    "enforcement": "arrests",
    "exposure": "arrests",
    "lethality": "member_deaths",
    "rivalry": "member_deaths",
    "internal_rivalry": "member_deaths",
    "saturation": "departures",
}


@dataclass(frozen=True, order=True)
class Edge:
    """One arrow. `lagged`: through a state of the week before; `through`: the rate or state."""

    kind_from: str
    origin: str
    kind_to: str
    target: str
    through: str
    lagged: bool


def edges(names: tuple[str, ...] | None = None) -> tuple[Edge, ...]:
    """Return the arrows among drivers, mechanisms, flows, states and counts.

    Parameters
    ----------
    names : mechanisms that are on; those of the package when None.
    """
    known = package()
    on = find(tuple(known) if names is None else names, where="causal diagram")
    opener = {name: m.name for m in on for name in m.opens}
    bringer = {name: m.name for m in on for name in (*m.states, *m.counts)}
    found = {edge for m in on for edge in _of(m, opener, bringer)}
    flows = set(ACTS_ON.values())
    found |= {Edge("flow", flow, "state", "members", "core", False) for flow in flows}
    return tuple(sorted(found))


def _of(m: Mechanism, opener: dict[str, str], bringer: dict[str, str]) -> set[Edge]:
    here = ("mechanism", m.name)
    found = {Edge("driver", name, *here, name, False) for name in m.drivers}
    for name in (*m.rates, *m.coefficients):
        if name in {**RATES, **COEFFICIENTS}:
            found.add(Edge(*here, "flow", ACTS_ON[name], name, False))
        elif name in opener:
            found.add(Edge(*here, "mechanism", opener[name], name, False))
    for name in (*m.reads, *m.hears):
        if name in CORE_STATES:
            found.add(Edge("state", name, *here, name, True))
        elif bringer.get(name, m.name) != m.name:
            found.add(Edge("mechanism", bringer[name], *here, name, True))
    changed = {name for o in m.operators for name in o.changes} & set(CORE_STATES)
    found |= {Edge(*here, "state", name, name, False) for name in changed}
    return found | {Edge(*here, "count", name, name, False) for name in m.counts}
