"""Precarity (M1): poorer places recruit more easily where groups are, until the young run short."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from hidra.core.param import Beta, Normal, Param
from hidra.model.mechanism import Contribution, State, mechanism


@mechanism(
    code="M1",
    title="Precarity",
    essay="[001] par. 14: precariousness led many young people to work for organised crime",
    grade="contested",
    equation="r_p ← r_p · exp(b_U u_p w_p) · max(0, 1 − C_p / (ν Y_p)), u_p with the "
    "strain of M13, w_p = 2 c_p / (c_p + c̄), c_p = C_p / Y_p",
    reads=("members",),
    hears={"strain": 0.0},
    rates=("recruitment",),
    drivers=("precarity", "young_men"),
    params=(
        Param(
            name="slope",
            value=Normal(loc=0.1, scale=0.1),
            unit="log recruitment per standard deviation of precarity",
            source="weakly informative; sign from Dell, Feigenberg & Teshima 2019",
            doc="How much recruitment per member rises with the precarity of a place.",
        ),
        Param(
            name="ceiling",
            value=Beta(a=2, b=8),
            unit="share of men aged 15-29",
            source="weakly informative",
            doc="Share of the young men of a place that groups could hold at the very most.",
        ),
    ),
    evidence_for="Job loss to import competition raised trafficking and violence where "
    "organisations were present (Dell, Feigenberg & Teshima 2019); lower maize prices raised drug "
    "crops and killings (Dube, Garcia-Ponce & Thom 2016).",
    evidence_against="Reported presence of groups follows cities and routes, not poverty: 59 % of "
    "municipalities of very low marginalisation against 14 % of very high (2008-12, our count). "
    "Recruitment itself is not observed.",
)
def precarity(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Raise recruitment with precarity and lower it as the pool of young men is used up."""
    here = state["members"].sum(axis=1, keepdims=True)
    young = jnp.maximum(driver["young_men"], 1.0)[:, None]
    pool = jnp.maximum(p["ceiling"] * young, 1.0)
    room = jnp.maximum(0.0, 1.0 - here / pool)
    density = here / young
    usual = here.sum() / young.sum()
    present = 2.0 * density / jnp.maximum(density + usual, 1e-30)  # one where groups are as usual
    precarity = (driver["precarity"] + state["strain"])[:, None] * present
    return Contribution(rates={"recruitment": jnp.exp(p["slope"] * precarity) * room})
