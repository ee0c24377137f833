"""Leadership removal (M2): a vacuum at the place, succession, rivals' opportunity, splits.

A removal lowers the leadership of a group; leadership recovers in months. While it is low, members
fight each other (succession), rivals fight the group and it them (opportunity), and it may split,
wherever the group is. Where the leader was taken it also leaves a vacuum: meetings there are
deadlier for a while, whoever meets. Setting `succession`, `opportunity`, `split_hazard` or
`vacuum` to zero switches that part off.

Of a state the vacuum takes the part that the place of removal has in its homicides; removals
drawn for the future have no place, and the vacuum lies where the group is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from hidra.core import noise
from hidra.core.param import Beta, LogNormal, Param
from hidra.model.cells import Cells
from hidra.model.mechanism import Contribution, Operator, State, Stock, mechanism

DIVIDED = ("members", "split_rivals", "allies", "leadership")
LEAVING = 1_000_000  # stream of the shares, far from the numbers of groups
OURS = "weakly informative, anchored by the studies listed as evidence"


def remove(state: State, driver: Mapping[str, Array], p: Mapping[str, Array], _: Array) -> State:
    """Lower leadership by the rank of who was removed, more if he was killed; open the vacuum.

    Removals are those of the calendar, and those drawn for the future by ``us_pressure``.
    """
    captured = driver["captured"] + state["captured_ahead"]
    killed = driver["killed"] + state["killed_ahead"]
    blow = p["damage"] * (captured + p["killing"] * killed)
    size = state["members"].sum(axis=0)
    ahead = state["captured_ahead"] + p["vacuum_killing"] * state["killed_ahead"]
    dated = driver["captured_here"] + p["vacuum_killing"] * driver["killed_here"]
    opened = dated + driver["seat"] * (state["members"] @ (ahead / jnp.maximum(size, 1.0)))
    return {
        "leadership": state["leadership"] * jnp.maximum(0.0, 1.0 - blow),
        "power_vacuum": state["power_vacuum"] + opened,
    }


def chance(key: Array, groups: int) -> dict[str, Array]:
    """Draw a number for each group, and the shares of members and alliances that leave."""
    shares = [jax.random.uniform(jax.random.fold_in(key, LEAVING + what), (3,)) for what in (0, 1)]
    middle = jnp.median(jnp.stack(shares), axis=1)  # of three uniform numbers: Beta(2, 2)
    return {"by_group": noise.uniform(key, jnp.arange(groups)), "leaving": middle}


def split(
    state: State, driver: Mapping[str, Array], p: Mapping[str, Array], luck: dict[str, Array]
) -> State:
    """Let at most one group a week split into a free slot; members are conserved."""
    size, by_group = state["members"].sum(axis=0), luck["by_group"]
    weekly = p["background_hazard"] + p["split_hazard"] * (1.0 - state["leadership"])
    splits = jnp.where(size >= 2.0, 1.0 - jnp.exp(-weekly * driver["may_split"]), 0.0)
    parent = jnp.argmax(jnp.where(by_group < splits, size, -1.0))
    known = len(size) - len(state["split_rivals"])
    if known == len(size):
        return {}  # no slot is free for anybody
    child = known + jnp.argmin(size[known:])
    happens = (by_group[parent] < splits[parent]) & (size[child] < 1.0)
    leaving, allied = luck["leaving"].astype(state["members"].dtype)
    return divide(state, parent, child, leaving, p["split_weight"], allied, happens)


def divide(
    state: State,
    parent: Array,
    child: Array,
    share: Array,
    weight: Array,
    allied: Array | float = 0.0,
    happens: Array | bool = True,
) -> State:
    """Move `share` of a group, and `allied` of its alliances, to a free slot.

    The two are rivals with `weight`, and the new group inherits the rivals of its parent. Where
    nothing happens the entries are written as they were: a branch would copy every state.
    """
    members, ties, allies, lead = (state[name] for name in DIVIDED)
    known = len(allies) - len(ties)  # groups of the network; the slots come after them
    of_known = state["rivals"][parent].at[known:].set(ties[:, parent])
    inherited = jnp.where(parent < known, of_known, ties[jnp.maximum(parent - known, 0)])
    own = inherited.at[parent].set(weight).at[child].set(0.0)
    own = jnp.where(happens, own, ties[child - known])
    going = jnp.where(happens, allied * allies[parent], 0.0).astype(allies.dtype)
    whole, put = jnp.where(happens, 1.0, 0.0), jax.lax.dynamic_update_index_in_dim
    if isinstance(members, Cells):
        divided: Any = members.divided(parent, child, jnp.where(happens, share, 0.0))
    else:
        leaving = jnp.where(happens, share * members[:, parent], 0.0).astype(members.dtype)
        divided = members.at[:, parent].add(-leaving).at[:, child].add(leaving)
    return {
        "members": divided,
        "split_rivals": put(put(ties, own, child - known, 0), own[known:], child, 1),
        "allies": allies.at[parent]
        .add(-going)
        .at[child]
        .multiply(1.0 - whole)
        .at[child]
        .add(going),
        "leadership": lead.at[parent].max(whole).at[child].max(whole),
    }


@mechanism(
    code="M2",
    title="Leadership removal",
    essay="[001] par. 6: after a decapitation, power struggles, revenge, rivals' attacks; "
    "[000] par. 6: fragmentation led to bloodier disputes",
    grade="contested",
    equation="L_i ← L_i · max(0, 1 − δ·rank·(φ if killed));  dL_i/dt = (1 − L_i)/τ;  "
    "S_ii ← S_ii + g_in(1 − L_i);  S_ij, S_ji ← ·(1 + g_opp(1 − L_i));  "
    "split hazard h_0 + h_1(1 − L_i);  V_p ← V_p + rank·(φ_V if killed), dV_p/dt = −V_p/τ_V;  "
    "l_p ← l_p (1 + v V_p)",
    reads=("members", "rivals", "leadership", "power_vacuum"),
    rates=("rivalry", "lethality"),
    coefficients=("internal_rivalry",),
    flows=("leadership", "power_vacuum"),
    drivers=("captured", "killed", "captured_here", "killed_here", "seat", "may_split"),
    hears={"captured_ahead": 0.0, "killed_ahead": 0.0},
    states={
        "leadership": Stock(1.0, ("group",), "leadership of a group, 0 to 1"),
        "power_vacuum": Stock(0.0, ("place",), "rank of leaders taken at a place, fading"),
    },
    operators=(
        Operator(
            "remove", "removal", ("leadership", "power_vacuum"), remove,
            "a leader is captured or killed",
        ),
        Operator("split", "split", DIVIDED, split, "a group divides in two", chance),
    ),
    params=(
        Param(
            name="damage",
            value=Beta(a=5, b=5),
            unit="share of leadership lost",
            source=OURS,
            doc="Leadership lost when a top leader is captured.",
        ),
        Param(
            name="killing",
            value=LogNormal(median=1.3, log_sd=0.2),
            unit="ratio",
            source="Phillips 2015; Dickenson 2014 (direction)",
            doc="Damage of a killing relative to a capture.",
        ),
        Param(
            name="recovery",
            value=LogNormal(median=26, log_sd=0.5),
            unit="weeks",
            source=OURS,
            doc="Time in which leadership recovers.",
        ),
        Param(
            name="succession",
            value=LogNormal(median=2, log_sd=1.5),
            unit="rivalry weight",
            source=OURS,
            doc="Fighting inside a leaderless group, on the scale of hostility between two groups.",
        ),
        Param(
            name="opportunity",
            value=LogNormal(median=2, log_sd=1.5),
            unit="ratio minus one",
            source=OURS,
            doc="Rise of every rivalry of a leaderless group.",
        ),
        Param(
            name="split_hazard",
            value=LogNormal(median=0.1, log_sd=0.7),
            unit="1/week",
            source="46 days from the capture of July 2024 to the war of September 2024",
            doc="Weekly hazard that a leaderless group splits.",
        ),
        Param(
            name="background_hazard",
            value=0.0,
            unit="1/week",
            source="assumed",
            doc="Weekly hazard that a group splits without a removal.",
        ),
        Param(
            name="split_weight",
            value=LogNormal(median=7, log_sd=0.5),
            unit="states with relation",
            source="weight of the Sinaloa-CJNG tie in the 2020 network",
            doc="Rivalry weight between a group and the part that left it.",
        ),
        Param(
            name="vacuum",
            value=LogNormal(median=0.4, log_sd=1.0),
            unit="relative lethality per rank",
            source=OURS,
            doc="How much deadlier meetings become at the place where a top leader is captured.",
        ),
        Param(
            name="vacuum_killing",
            value=LogNormal(median=1.5, log_sd=0.7),
            unit="ratio",
            source=OURS,
            doc="Vacuum after a killing relative to that after a capture.",
        ),
        Param(
            name="vacuum_life",
            value=LogNormal(median=40, log_sd=0.7),
            unit="weeks",
            source=OURS,
            doc="Mean life of the vacuum.",
        ),
    ),
    evidence_for="Municipal homicides rise after captures and more after killings (Calderon et al. "
    "2015; Lindo & Padilla-Romo 2018; Dickenson 2014: +415 deaths in four years); Sinaloa after "
    "July 2024: homicides from 30-40 to over 140 a month.",
    evidence_against="At state level 49 removals show no average change; a thesis finds no "
    "difference-in-differences effect; several states fell after a removal. The short run after "
    "arrests of middle ranks can be a fall (Phillips 2015).",
)  # fmt: skip
def leadership_removal(
    state: State, driver: Mapping[str, Array], p: Mapping[str, Array]
) -> Contribution:
    """Raise rivalry while leadership is low, lethality in the vacuum; let both pass."""
    missing, vacuum = 1.0 - state["leadership"], state["power_vacuum"]
    return Contribution(
        rates={
            "rivalry": (1.0 + p["opportunity"] * missing)[None, :],
            "lethality": (1.0 + p["vacuum"] * vacuum)[:, None],
        },
        coefficients={"internal_rivalry": (p["succession"] * missing)[None, :]},
        flows={
            "leadership": missing / jnp.maximum(p["recovery"], 1.0),
            "power_vacuum": -vacuum / jnp.maximum(p["vacuum_life"], 1.0),
        },
    )
