"""The causal diagram as data: what the mechanisms that are on let act on what."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from hidra.core.i18n import columns
from hidra.model.mechanism import COEFFICIENTS, CORE_STATES, RATES, Mechanism
from hidra.model.mechanisms import find, package

if TYPE_CHECKING:
    import pandas as pd

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


def edges(names: tuple[str | Mechanism, ...] | None = None) -> tuple[Edge, ...]:
    """Return the arrows among drivers, mechanisms, flows, states and counts.

    Parameters
    ----------
    names : mechanisms that are on; those of the package when None.
    """
    on = _on(names)
    opener = {name: m.name for m in on for name in m.opens}
    bringer = {name: m.name for m in on for name in (*m.states, *m.counts)}
    found = {edge for m in on for edge in _of(m, opener, bringer)}
    flows = set(ACTS_ON.values())
    found |= {Edge("flow", flow, "state", "members", "core", False) for flow in flows}
    return tuple(sorted(found))


def table(names: tuple[str | Mechanism, ...] | None = None) -> pd.DataFrame:
    """Return the arrows as the table `causes` of a run, one row per arrow.

    Parameters
    ----------
    names : mechanisms that are on; those of the package when None.

    Returns
    -------
    pandas.DataFrame
        The fields of ``Edge``; `code` and `grade` of the mechanism that an arrow starts from;
        names of mechanisms and counts as declared, ``origin_es``, ``target_en``, ... (empty for
        drivers, flows and states, which the page names).
    """
    import pandas as pd

    known = {("mechanism", m.name): m for m in _on(names)}
    titles = {key: m.title for key, m in known.items()}
    titles |= {("count", n): (c.label)
               for m in known.values() for n, c in m.counts.items()}  # fmt: skip

    def row(e: Edge) -> dict[str, object]:
        start, end = (e.kind_from, e.origin), (e.kind_to, e.target)
        origin, target = titles.get(start, ""), titles.get(end, "")
        m = known.get(start)
        words = columns(origin=origin, target=target)
        kind = {"code": m.code if m else "", "grade": m.grade if m else ""}
        return asdict(e) | kind | words

    return pd.DataFrame([row(e) for e in edges(names)])


def _on(names: tuple[str | Mechanism, ...] | None) -> tuple[Mechanism, ...]:
    return find(tuple(package()) if names is None else names, where="causal diagram")


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
