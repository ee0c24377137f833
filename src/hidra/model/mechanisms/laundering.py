"""Laundering (M7): income becomes usable money, and usable money recruits."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from hidra.core.param import HalfNormal, LogNormal, Param
from hidra.model.mechanism import Contribution, State, Stock, mechanism


@mechanism(
    code="M7",
    title="Laundering and usable money",
    essay="[000] par. 6: banks absorb and launder billions; [001] par. 13: money laundering, "
    "illicit enrichment",
    grade="contested",
    equation="dF_i/dt = (Λ(t) · income_i − F_i) / τ;  r_i ← r_i · F_i^ε",
    reads=("money",),
    hears={"income": 1.0},
    rates=("recruitment",),
    flows=("money",),
    drivers=("laundering",),
    states={"money": Stock(1.0, ("group",), "usable money per member, 1 = at the start")},
    params=(
        Param(
            name="elasticity",
            value=HalfNormal(loc=0.2, scale=0.15),
            unit="log recruitment per log money",
            source="weakly informative",
            doc="How much recruitment follows usable money.",
        ),
        Param(
            name="delay",
            value=LogNormal(median=13, log_sd=0.5),
            unit="weeks",
            source="weakly informative",
            doc="Time in which money is spent and replaced.",
        ),
    ),
    evidence_for="HSBC paid 1.9 billion dollars in 2012 and Wachovia 160 million in 2010; in "
    "June 2025 the US Treasury named CIBanco, Intercam and Vector.",
    evidence_against="These are cases, not a flow: nobody measures laundered money by year. "
    "Share laundered and level of income cannot be told apart; unmonitored transfers are not "
    "criminal money.",
)
def laundering(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Let money follow income, and recruitment money."""
    money = jnp.maximum(state["money"], 1e-6)
    flow = (driver["laundering"] * state["income"] - money) / jnp.maximum(p["delay"], 1.0)
    return Contribution(
        rates={"recruitment": (money ** p["elasticity"])[None, :]},
        flows={"money": flow},
    )
