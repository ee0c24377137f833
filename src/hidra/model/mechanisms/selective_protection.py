"""Selective protection (M10): arrests fall on the unprotected; a new party breaks the deal."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from hidra.core.param import Beta, LogNormal, Normal, Param
from hidra.model.mechanism import Contribution, State, Stock, mechanism


@mechanism(
    code="M10",
    title="Selective protection",
    essay="[001] par. 5: state forces to favour certain cartels to the detriment of others; "
    "par. 13: complicity with the state security forces",
    grade="contested",
    equation="w_ip = 1 − k κ_ip T_p;  dT_p/dt = (1 − T_p)/τ − π · alternation_p · T_p;  "
    "l_p ← l_p e^(b_K B_p), B_p what was broken, fading with τ",
    reads=("trust", "broken"),
    rates=("exposure", "lethality"),
    flows=("trust", "broken"),
    drivers=("protected", "alternation"),
    states={
        "trust": Stock(1.0, ("place",), "how far the deal holds, 0 to 1"),
        "broken": Stock(0.0, ("place",), "protection lost to a change of party"),
    },
    params=(
        Param(
            name="strength",
            value=Beta(a=4, b=2),
            unit="share",
            source="weakly informative",
            doc="Part of the arrests that full protection averts.",
        ),
        Param(
            name="loss",
            value=Beta(a=2, b=2),
            unit="share",
            source="weakly informative",
            doc="Protection lost when another party takes office.",
        ),
        Param(
            name="fights",
            value=Normal(loc=0.3, scale=0.3),
            unit="log deaths",
            source="weakly informative; sign from Trejo & Ley 2018",
            doc="How much deadlier meetings become when protection is lost.",
        ),
        Param(
            name="recovery",
            value=LogNormal(median=104, log_sd=0.5),
            unit="weeks",
            source="weakly informative",
            doc="Time in which a new deal is struck.",
        ),
    ),
    evidence_for="Alternation of parties brought war between groups (Trejo & Ley 2018); "
    "violence was higher where the federal government withheld cooperation (Trejo & Ley 2016);"
    " a former minister was convicted in the United States in February 2023.",
    evidence_against="One conviction is no test of a policy. Removals by group have not been "
    "set against the size of each group; no series of arrests by group is open.",
)
def selective_protection(
    state: State, driver: Mapping[str, Array], p: Mapping[str, Array]
) -> Contribution:
    """Turn arrests of a place away from the protected; let alternation break protection."""
    deal = jnp.clip(driver["protected"], 0.0, 1.0) * jnp.clip(state["trust"], 0.0, 1.0)[:, None]
    lost = p["loss"] * jnp.clip(driver["alternation"], 0.0, 1.0) * state["trust"]
    back = 1.0 / jnp.maximum(p["recovery"], 2.0)
    kept = driver["protected"].max(axis=1)
    return Contribution(
        rates={
            "exposure": 1.0 - jnp.minimum(p["strength"], 1.0) * deal,
            "lethality": jnp.exp(p["fights"] * state["broken"])[:, None],
        },
        flows={
            "trust": (1.0 - state["trust"]) * back - lost,
            "broken": lost * kept - state["broken"] * back,
        },
    )
