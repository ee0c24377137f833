"""Extractive corridor (M14): where there is mining, a better price raises rents and draws forces.

The rent acts through M6, the pull through the deployment rule of M8; whether killing follows the
price by itself is left open, as a share of the economy that doubles in value.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from hidra.core.param import HalfNormal, Normal, Param
from hidra.model.mechanism import Contribution, State, mechanism


@mechanism(
    code="M14",
    title="Extractive corridor",
    essay="[000] par. 10: the cycle of violence and the extractive cycle are not separate "
    "phenomena; par. 8: critical minerals; par. 9: mining, land dispossession, criminal "
    "structures",
    grade="contested",
    equation="mining rent_p ← · price_p^a;  pull on forces_p ← · (1 + c · mining share_p · "
    "price_p);  l_p ← l_p e^(v · mining share_p · log₂ price_p)",
    rates=("mining_rent", "deployment_pull", "lethality"),
    drivers=("mining_price", "mining_share"),
    params=(
        Param(
            name="rent",
            value=HalfNormal(loc=1.0, scale=0.3),
            unit="log rent per log price",
            source="weakly informative: rent in proportion to price",
            doc="How much the rent of mining follows its price.",
        ),
        Param(
            name="pull",
            value=HalfNormal(scale=1.0),
            unit="1",
            source="weakly informative",
            doc="How much mining draws forces, where deployment follows the rule of M8.",
        ),
        Param(
            name="fights",
            value=Normal(loc=0.0, scale=1.0),
            unit="log deaths per share of GDP and doubling of the price",
            source="sign free: studies disagree",
            doc="How much deadlier meetings become where mining weighs and its price doubles.",
        ),
    ),
    evidence_for="Mining and export crops go with more violence between municipalities (Herrera & "
    "Martínez-Álvarez 2022); groups and mines share ground in Michoacán, Guerrero and Zacatecas.",
    evidence_against="An earlier version of the same study found no change within "
    "municipalities; mining share and homicide rates of the states are unrelated in 2019-23 "
    "(Spearman 0.02, our count). No open series of deposits or output by municipality exists.",
)
def extractive_corridor(
    state: State, driver: Mapping[str, Array], p: Mapping[str, Array]
) -> Contribution:
    """Raise the rent of mining with its price, and the pull on forces."""
    del state
    price = jnp.maximum(driver["mining_price"], 1e-3)
    fights = p["fights"] * driver["mining_share"] * jnp.log2(price)
    return Contribution(
        rates={
            "mining_rent": price ** p["rent"],
            "deployment_pull": 1.0 + p["pull"] * driver["mining_share"] * price,
            "lethality": jnp.exp(jnp.clip(fights, -1.0, 1.0))[:, None],
        }
    )
