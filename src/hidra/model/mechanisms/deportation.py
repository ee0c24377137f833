"""Deportation (M15): a few of those sent back join the groups of the place where they arrive."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from hidra.core.param import HalfNormal, Param
from hidra.model.mechanism import Contribution, State, mechanism

WEEKS_A_MONTH = 365.25 / 12 / 7


@mechanism(
    code="M15",
    title="Deportation",
    essay="[001] par. 14: precariousness, migration and undeclared work",
    grade="assumed",
    equation="dC_ip/dt ← + j · deported_p · C_ip / Σ_k C_kp",
    reads=("members",),
    flows=("members",),
    drivers=("deported",),
    params=(
        Param(
            name="joining",
            value=HalfNormal(scale=0.001),
            unit="share",
            source="assumed: one in a thousand; sign from Rozo, Anders & Raphael 2021",
            doc="Share of the people deported to a place whom its groups take in.",
        ),
    ),
    evidence_for="Municipalities with repatriation points have more homicides, of young men and "
    "minors above all, when deportations rise (Rozo, Anders & Raphael 2021).",
    evidence_against="An earlier version of the same study finds those deported to be victims of "
    "crime most of all; how many groups take in, by force or not, is not observed.",
)
def deportation(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Add members where people are sent back to, to the groups that are there already."""
    members = state["members"]
    here = members.sum(axis=1, keepdims=True)
    groups = members / jnp.where(here > 0, here, 1.0)
    arriving = jnp.minimum(p["joining"], 1.0) * driver["deported"] / WEEKS_A_MONTH
    return Contribution(flows={"members": arriving[:, None] * groups})
