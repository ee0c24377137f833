"""Moves between places: a few members a week go where it is near and pays; none is lost."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from hidra.core.param import LogNormal, Param
from hidra.model.mechanism import Contribution, Operator, State, mechanism


def move(state: State, driver: Mapping[str, Array], p: Mapping[str, Array], _: Array) -> State:
    """Send members to other places by nearness x prize x how open the place is to them."""
    members = state["members"]
    open_ = jnp.broadcast_to(state["prize"] * driver["inward"], members.shape[:1])
    open_ = open_.astype(members.dtype)
    whole = driver["nearness"] @ open_  # what draws members away from each place
    share = jnp.where(whole > 0, jnp.minimum(p["rate"], 0.5), 0.0)
    drawn = (share / jnp.where(whole > 0, whole, 1.0)).astype(members.dtype)
    arriving = open_[:, None] * (driver["nearness"].T @ (drawn[:, None] * members))
    return {"members": (members - share[:, None] * members + arriving).astype(members.dtype)}


@mechanism(
    code="moves",
    title="Moves between places",
    essay="[000] par. 6: disputes for territorial control; par. 12: cells vying for control of the "
    "territory",
    grade="assumed",
    equation="C_iq ← C_iq + Σ_p μ C_ip W_pq − μ C_iq,  W_pq ∝ nearness_pq · prize_q · (1 − e_3 "
    "A_q)",
    reads=("members",),
    hears={"prize": 1.0},
    drivers=("nearness",),
    opens={"inward": "multiplier on members who move in, [place]"},
    operators=(Operator("move", "move", ("members",), move, "members move to other places"),),
    params=(
        Param(
            name="rate",
            value=LogNormal(median=0.001, log_sd=1.0),
            unit="1/week",
            source="weakly informative",
            doc="Share of members who move in a week.",
        ),
    ),
    evidence_for="Rises of violence spread to neighbours (Osorio 2015); enforcement diverts "
    "routes (Dell 2015).",
    evidence_against="Declines stay where they are (Lozano 2012); diffusion by contagion is rare "
    "(Ramírez de Garay 2016); moves of members are not observed.",
)
def moves(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Change no rate."""
    del state, driver, p
    return Contribution()
