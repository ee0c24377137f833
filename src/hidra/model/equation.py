"""The core equation (Science 2023) on groups x places, composed with mechanisms.

    dC_ip/dt = rho r C_ip - eta a_p m C_ip / sum_j C_jp
               - (theta / a_p) l C_ip sum_j S_ijp C_jp - (omega / a_p) C_ip^2

with S_ij = (R_ij + 1) / (a_i + 1), S_ii = 0: everybody fights everybody, rivals more, allies lower
one's own losses. One place with a_p = 1 and no mechanism is the published model exactly.

Shapes: P places lead, G groups follow. Time is in weeks, stocks in persons, flows in persons/week.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.experimental.sparse import BCSR
from scipy.sparse import csr_array

from hidra.core import noise
from hidra.core.param import LogNormal, Param
from hidra.model.cells import Cells, Layout, cellwise, of_pairs, of_slots
from hidra.model.drivers import AMOUNTS, by_place
from hidra.model.mechanism import (
    BEFORE,
    STAGES,
    Combined,
    Mechanism,
    Numbers,
    Operator,
    State,
    check,
    combine,
    once,
    opened,
    operate,
    stored,
    tally,
)
from hidra.model.mechanisms import package
from hidra.model.space import Network, Space, rescale

SCIENCE = "Prieto-Curiel, Campedelli & Hope 2023, Science 381:1312, published code"
CORE = (
    Param(
        name="recruitment",
        value=LogNormal(median=2.527474e-3, log_sd=0.15),
        unit="1/week",
        source=SCIENCE,
        doc="Members recruited per member and week (rho).",
    ),
    Param(
        name="enforcement",
        value=LogNormal(median=110.0, log_sd=0.15),
        unit="persons/week",
        source=SCIENCE,
        doc="Members arrested per week, nationally (eta).",
    ),
    Param(
        name="lethality",
        value=LogNormal(median=1.549231e-8, log_sd=0.3),
        unit="1/(person week)",
        source=SCIENCE,
        doc="Deaths per meeting of two members (theta).",
    ),
    Param(
        name="saturation",
        value=LogNormal(median=4e-8, log_sd=0.5),
        unit="1/(person week)",
        source=SCIENCE,
        doc="Exit that grows with size (omega).",
    ),
    Param(
        name="initial_members",
        value=LogNormal(median=115_000.0, log_sd=0.15),
        unit="persons",
        source=SCIENCE,
        doc="Members of all groups at the start (C0).",
    ),
)
POLICIES = ("recruitment", "enforcement", "lethality", "saturation")  # on the flows, in order


ARRESTED = ("residents", "members")  # by what arrests are shared among places
EMPTY = 1e-6  # members of a group in a municipality below which nobody is left there


class Flows(NamedTuple):
    """Weekly flows of members, each (P, G), persons/week."""

    recruits: Array
    arrests: Array
    deaths: Array
    departures: Array


@dataclass(frozen=True)
class Model:
    """A composed model: where, who, and which mechanisms are on.

    Attributes
    ----------
    network : Network of G groups, spare slots included.
    share : (P,) population share a_p at the start; sums to one.
    spread : (P, G) how each group is spread over places at the start; columns sum to one.
    mechanisms : mechanisms that are on.
    dtype : of the stocks; 32 bits for ensembles, 64 for tests and fits.
    space : where the places lie; those that are parts take drivers and ``local_lethality`` from
        the region they lie in. None where each stands for itself.
    arrests : by what they are shared among places, of ``ARRESTED``.
    sparse : hold only the cells where a group can be, see ``layout``.
    empty : members; of a group with fewer in a place nobody is left there.
    """

    network: Network
    share: np.ndarray
    spread: np.ndarray
    mechanisms: tuple[Mechanism, ...] = ()
    dtype: Any = jnp.float64
    space: Space | None = None
    arrests: str = "residents"
    sparse: bool = False
    empty: float = 0.0

    def __post_init__(self) -> None:
        """Refuse mechanisms that do not fit together."""
        check(self.mechanisms, tuple(package().values()))

    @cached_property
    def operators(self) -> tuple[tuple[Mechanism, Operator], ...]:
        """Structural operators of all mechanisms, in the order they run."""
        found = [(m, o) for m in self.mechanisms for o in m.operators]
        return tuple(
            sorted(found, key=lambda mo: (STAGES.index(mo[1].stage), mo[0].name, mo[1].name))
        )

    @property
    def redrawn(self) -> bool:
        """Whether an operator may redraw the network, so that it is no longer a constant."""
        return any("rivals" in operator.changes for _, operator in self.operators)

    @property
    def settled(self) -> bool:
        """Whether groups stay in the places where they, or those they split from, began."""
        return not self.redrawn and not any(
            "members" in o.changes and not (m.built_in and o.stage == "split")
            for m, o in self.operators
        )

    @cached_property
    def layout(self) -> Layout | None:
        """The cells where a group can be: where it began; in a slot, wherever anybody did."""
        if not self.sparse:
            return None
        there = self.spread * self.network.shares > 0
        if self.network.spare:
            there[:, -self.network.spare :] = there.any(axis=1)[:, None]
        return Layout.of(there)

    @cached_property
    def counts(self) -> tuple[str, ...]:
        """What mechanisms count by place and week; those of the last week stand in the state."""
        return tuple(sorted(name for m in self.mechanisms for name in m.counts))

    @cached_property
    def heard(self) -> tuple[str, ...]:
        """Counts of the week before that a mechanism takes note of."""
        noted = {name for m in self.mechanisms for name in (*m.reads, *m.hears)}
        return tuple(name for name in self.counts if name in noted)

    @cached_property
    def rescale(self) -> tuple[Any, Any]:
        """Factors on lethality and saturation that keep the flows of the start.

        Sparse presence raises local density, and both flows are quadratic in it.
        """
        return rescale(self.network, self.share, self.spread, self.cut)

    @property
    def cut(self) -> Space | None:
        """The space, where its places are parts of larger ones."""
        return None if self.space is None or self.space.whole else self.space

    def local(self, driver: Numbers) -> dict[str, Any]:
        """Return the drivers of the parts: amounts by residents, others by place as they are."""
        cut = self.cut
        if cut is None:
            return dict(driver)
        same = by_place(self.mechanisms)

        def of(name: str, value: Any) -> Any:
            if name in AMOUNTS:
                part = cut.part.reshape(-1, *[1] * (value.ndim - 1)).astype(value.dtype)
                return value[cut.region] * part
            return value[cut.region] if name in same else value

        return {name: of(name, value) for name, value in driver.items()}

    def without(self, *names: str) -> Model:
        """Return the model with some mechanisms off."""
        return replace(self, mechanisms=tuple(m for m in self.mechanisms if m.name not in names))


def national(network: Network, mechanisms: tuple[Mechanism, ...] = ()) -> Model:
    """Return the one-place model: with no mechanism, the published model exactly."""
    return Model(network, np.ones(1), np.ones((1, len(network.ids))), mechanisms)


def start(model: Model, p: Numbers) -> State:
    """Return the state at the start: members spread over places, mechanisms at rest."""
    members = p["initial_members"] * jnp.asarray(model.network.shares) * jnp.asarray(model.spread)
    state = {
        "members": members,
        "rivals": jnp.asarray(model.network.rivals),
        "split_rivals": jnp.zeros((model.network.spare, len(model.network.ids))),
        "allies": jnp.asarray(model.network.allies),
    }
    size = {"place": len(model.share), "group": len(model.network.ids)}
    held = {"members"}
    for m in model.mechanisms:
        for name, stock in m.states.items():
            axes = tuple(size[a] if isinstance(a, str) else a for a in stock.axes)
            state[name] = jnp.broadcast_to(jnp.asarray(stock.value, float), axes)
            held |= {name} if m.built_in and stock.axes == ("place", "group") else set()
    if model.layout is not None:
        state |= {name: model.layout.take(state[name]) for name in held}
    state |= {name: jnp.zeros(size["place"]) for name in model.counts}
    return {name: array.astype(model.dtype) for name, array in state.items()}


def flows(
    model: Model,
    p: Numbers,
    state: State,
    driver: Numbers,
    policy: Numbers | None = None,
) -> tuple[Flows, dict[str, Array]]:
    """Evaluate the right-hand side: flows of members, and flows on the states of mechanisms.

    Parameters
    ----------
    p : core parameters by name, mechanisms' as ``mechanism.parameter``; optional
        ``local_lethality`` (P,), a multiplier per place.
    state : see ``start``. driver : this week's drivers.
    policy : multipliers on national rates, scalars, by name of ``POLICIES``.
    """
    combined = combine(model.mechanisms, state, driver, p)
    return _flows(model, p, state, combined, policy or {}), combined.flows


def _flows(model: Model, p: Numbers, state: State, combined: Combined, policy: Numbers) -> Flows:
    rate, members = combined.rates, state["members"]
    share = jnp.asarray(model.share, members.dtype)[:, None]
    fights, exits = (jnp.asarray(factor, members.dtype) for factor in model.rescale)

    def scaled(name: str, by: Any = 1.0) -> Array:
        """Multiply what is of a place before what is of every cell: it is far less."""
        by = by * p[name]
        by = by * rate[name] if name in rate else by
        return once(by * policy[name] if name in policy else by)

    internal = combined.coefficients.get("internal_rivalry")
    pressure = _pressure(model, state, rate.get("rivalry"), internal)
    fights = fights / share
    if "local_lethality" in p:
        local = p["local_lethality"]
        fights = fights * (local if model.cut is None else local[model.cut.region])[:, None]
    found = Flows(
        recruits=scaled("recruitment") * members,
        arrests=scaled("enforcement")
        * _arrest_shares(
            members, share if model.arrests == "residents" else None, rate.get("exposure")
        ),
        deaths=scaled("lethality", fights) * (members * pressure),
        departures=scaled("saturation", exits / share) * members**2,
    )
    return Flows(*(f.astype(members.dtype) for f in found))


def _pressure(model: Model, state: State, rivalry: Array | None, internal: Array | None) -> Array:
    """Return sum_j S_ij C_j in every place, (P, G): listed rivals plus everybody else."""
    members = state["members"]
    attackers = members if rivalry is None else rivalry * members
    attackers = stored(attackers)
    others = once(attackers.sum(axis=1, keepdims=True)) - attackers
    # Where one group is nearly everybody, a rounded sum can be less than its largest term.
    everybody = cellwise(lambda left: jnp.where(left < 0, 0.0, left), others)
    pressure = (_listed(model, state, attackers) + everybody) / (state["allies"] + 1.0)
    pressure = pressure if rivalry is None else rivalry * pressure
    return pressure if internal is None else pressure + internal * members


def _listed(model: Model, state: State, attackers: Array) -> Array:
    """Return sum_j R_ij C_j in every place, (P, G): rivals in the network, and from splits."""
    spare = model.network.spare
    if isinstance(attackers, Cells):
        met = of_pairs(attackers, model.network.rivals)
        return met + of_slots(attackers, state["split_rivals"]) if spare else met
    rivals = sparse(model.network.rivals, attackers.dtype)
    listed: Array = (state["rivals"] if model.redrawn else rivals) @ attackers.T
    if spare:
        return of_split(listed, attackers, state["split_rivals"])
    return stored(listed.T)


def sparse(rivals: np.ndarray, kind: np.dtype) -> BCSR:
    """Return rivalries as the list of those that are not zero, which multiplies like a matrix.

    92 pairs of 150 groups stay as they are; groups that split off bring a few full rows. So the
    product with members, the dearest of a week, is taken in these two parts.
    """
    return BCSR.from_scipy_sparse(csr_array(rivals.astype(kind)))


def of_split(listed: Array, attackers: Array, ties: Array) -> Array:
    """Add the rivals that came about when groups split to those that were listed, (P, G).

    Nobody has such rivals until a group splits.

    Parameters
    ----------
    listed : (G, P), as their product is. attackers : (P, G).
    ties : (slots, G), of the groups in the last slots with everybody; those among them stand twice,
        mutual like the others.
    """

    def more(listed: Array, attackers: Array, ties: Array) -> Array:
        known = ties.shape[1] - ties.shape[0]
        on_known = attackers[:, known:] @ ties[:, :known]
        return listed.T + jnp.concatenate([on_known, attackers @ ties.T], axis=1)

    return jax.lax.cond((ties != 0).any(), more, lambda met, *_: met.T, listed, attackers, ties)


def _arrest_shares(members: Array, share: Array | None, exposure: Array | None) -> Array:
    """Share of national arrests that falls on each group in each place, (P, G); sums to one.

    By the share of residents where members are, or by members where that is None.
    """
    members = members if exposure is None else exposure * members
    here = members.sum(axis=1, keepdims=True)
    occupied = here if share is None else jnp.where(here > 0, share, 0.0)
    weight = occupied / jnp.maximum(occupied.sum(), 1e-30)
    return weight * members / jnp.where(here > 0, here, 1.0)


def advance(members: Array, given: Flows, empty: float = 0.0) -> tuple[Array, Flows]:
    """Take one Euler week; all outflows of a stock shrink together so that none turns negative.

    A group with less than one member in the whole country dies, and so does, in its place, what is
    left of a group with less than `empty` members there.
    """
    out = given.arrests + given.deaths + given.departures
    fits = cellwise(_fits, out, members)
    taken = Flows(given.recruits, *(f * fits for f in given[1:]))
    left = cellwise(lambda m, new, out: m + new - out, members, taken.recruits, out * fits)
    after = cellwise(lambda one: jnp.where(one >= empty, one, 0.0), left)
    alive = after.sum(axis=0) >= 1.0
    return cellwise(lambda alive, after: jnp.where(alive, after, 0.0), alive, after), taken


def _fits(out: Array, members: Array) -> Array:
    more = out > members  # also within, for gradients: nothing is divided by what underflows
    return jnp.where(more, members / jnp.where(more, out, 1.0), 1.0)


def drawn(model: Model, key: Array, weeks: Array) -> dict[str, Any]:
    """Draw what the operators need, for many weeks at once: (W, ...) by name of the operator."""
    groups = len(model.network.ids)

    def alone(name: str, operator: Operator) -> Any:
        stream = jax.random.fold_in(key, noise.name(name))
        return jax.vmap(lambda week: operator.draws(noise.at(stream, week), groups))(weeks)

    return {name: alone(name, o) for m, o in model.operators for name in (f"{m.name}.{o.name}",)}


def step(
    model: Model,
    p: Numbers,
    state: State,
    driver: Numbers,
    policy: Numbers,
    luck: Numbers,
    dose: Numbers | None = None,
) -> tuple[State, Flows, dict[str, Array]]:
    """Advance one week: operators first, then every flow at once, then moves.

    Parameters
    ----------
    luck : what ``drawn`` gives for this week.
    dose : persons added to national flows this week, by name of ``POLICIES``.

    Returns
    -------
    State
        After the week; its counts stand there under their own names.
    Flows
        What was taken and came.
    dict
        The national flow that each dose was added to, persons.
    """

    def structural(state: State, driver: Numbers, stages: tuple[str, ...]) -> State:
        for m, operator in model.operators:
            if operator.stage in stages:
                state = operate(m, operator, state, driver, p, luck[f"{m.name}.{operator.name}"])
        return state

    if model.cut is not None:
        driver, policy = model.local(driver), model.cut.policy(policy)
    state = structural(state, driver, BEFORE)
    combined = combine(model.mechanisms, state, driver, p)
    given, undosed = _dosed(_flows(model, p, state, combined, policy), dose or {})
    members, taken = advance(state["members"], given, model.empty)
    driver = {**driver, **opened(model.mechanisms, combined.rates)}
    taken = Flows(*map(stored, taken))  # else computed again for whatever is told of them
    told = tally(model.mechanisms, state, taken, driver, p)
    after = {**state, "members": members, **told.counts}
    for extra in (combined.flows, told.flows):
        after |= {name: after[name] + flow for name, flow in extra.items()}
    after = structural(after, driver, ("move",))
    return {name: value.astype(model.dtype) for name, value in after.items()}, taken, undosed


def _dosed(given: Flows, dose: Numbers) -> tuple[Flows, dict[str, Array]]:
    """Add persons to national flows, spread as the flows of this week are; none below zero."""
    flow = dict(zip(POLICIES, given, strict=True))
    whole = {name: flow[name].sum() for name in dose}
    for name, persons in dose.items():
        by = jnp.maximum(0.0, 1.0 + persons / jnp.maximum(whole[name], 1e-9))
        flow[name] = flow[name] * by.astype(flow[name].dtype)
    return Flows(*flow.values()), whole
