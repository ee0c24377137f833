"""Drug market (M5): demand is inelastic, so scarcity raises the prize fought over.

rent = D^(1/e) q^(1 - 1/e) (1 - legal share), e < 1 the elasticity of demand, q supply, D demand
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from hidra.core.param import Beta, HalfNormal, Param
from hidra.model.mechanism import Contribution, State, mechanism

LIMIT = 3.0  # rents change by no more than a factor of twenty


@mechanism(
    code="M5",
    title="Drug market and scarcity",
    essay="[001] par. 8: the major drug consumption centres; par. 10: the pursuit of maximum "
    "profit",
    grade="contested",
    equation="R = D^(w/e) q^(1−1/e) (1 − legal);  R_p/R_p0 = 1 + b_p (R − 1);  l_p ← l_p "
    "(R_p/R_p0)^ε",
    rates=("lethality", "drug_rent"),
    drivers=("border", "overdose", "drug_supply", "legal_share"),
    params=(
        Param(
            name="demand",
            value=Beta(a=4, b=4),
            unit="elasticity",
            source="weakly informative; below one since Castillo, Mejía & Restrepo 2020",
            doc="Elasticity of demand, without its sign.",
        ),
        Param(
            name="overdose",
            value=Beta(a=1, b=9),
            unit="log demand per log deaths",
            source="assumed: deaths are a poor mark of demand",
            doc="How much of the rise in US overdose deaths is taken as demand.",
        ),
        Param(
            name="prize",
            value=HalfNormal(loc=0.2, scale=0.5),
            unit="log deaths per log rent",
            source="weakly informative",
            doc="How much deadlier meetings become with the rent.",
        ),
    ),
    evidence_for="Cocaine seized in Colombia explains 10-14 % of the rise of 2006-09, more near"
    " the border and where several groups were (Castillo, Mejía & Restrepo 2020); heroin "
    "demand after 2010 drew groups in (Sobrino 2020).",
    evidence_against="There is no open series of quantities or prices by state; US overdose deaths "
    "measure danger as much as volume; proceeds are disputed by a factor of three.",
)
def drug_market(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Raise lethality, and the drug rent that diversification sees, with scarcity and demand."""
    del state
    elasticity = jnp.maximum(p["demand"], 0.05)
    supply, left = jnp.maximum(driver["drug_supply"], 1e-3), 1.0 - driver["legal_share"]
    demanded = p["overdose"] * jnp.log(jnp.maximum(driver["overdose"], 1e-3)) / elasticity
    log_rent = demanded + (1.0 - 1.0 / elasticity) * jnp.log(supply)
    rent = jnp.exp(jnp.clip(log_rent, -LIMIT, LIMIT)) * jnp.maximum(left, 1e-3)
    here = 1.0 + driver["border"] * (rent - 1.0)
    return Contribution(rates={"lethality": (here ** p["prize"])[:, None], "drug_rent": here})
