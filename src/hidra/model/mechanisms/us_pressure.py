"""Pressure of the United States (M9): it makes operations against leaders more frequent.

For scenarios only: the past has its calendar of removals, and too few episodes identify anything.
From the first simulated month on, operations are drawn; without this mechanism nobody is removed in
the future.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jax import Array

from hidra.core.param import Beta, LogNormal, Normal, Param
from hidra.model.mechanism import Contribution, Operator, State, Stock, mechanism


def chance(key: Array, groups: int) -> Array:
    """Draw three numbers: whether an operation happens, against whom, and whether it kills."""
    del groups
    return jax.random.uniform(key, (3,))


def operate(
    state: State, driver: Mapping[str, Array], p: Mapping[str, Array], luck: Array
) -> State:
    """Draw whether an operation happens, against whom (by size), and whether it kills."""
    size = state["members"].sum(axis=0)
    weekly = p["hazard"] * jnp.exp(p["slope"] * driver["us_pressure"]) * driver["may_operate"]
    happens, whom, kills = luck
    upto = jnp.cumsum(size)
    struck = (upto > whom * upto[-1]) & (upto - size <= whom * upto[-1])
    rank = jnp.where(happens < 1.0 - jnp.exp(-weekly), p["rank"], 0.0) * struck
    lethal = kills < p["lethal"]
    kind = state["captured_ahead"].dtype
    return {
        "captured_ahead": jnp.where(lethal, 0.0, rank).astype(kind),
        "killed_ahead": jnp.where(lethal, rank, 0.0).astype(kind),
    }


@mechanism(
    code="M9",
    title="Pressure of the United States",
    essay="[001] par. 1: tariff and military threats applied a lot of pressure to carry out this "
    "operation; [000] par. 5: interference",
    grade="assumed",
    equation="operations per week ~ h_0 · e^(b P(t));  group drawn by size;  killed with chance k",
    reads=("members", "captured_ahead", "killed_ahead"),
    drivers=("may_operate", "us_pressure"),
    states={
        "captured_ahead": Stock(0.0, ("group",), "rank of leaders captured this week, simulated"),
        "killed_ahead": Stock(0.0, ("group",), "rank of leaders killed this week, simulated"),
    },
    operators=(
        Operator(
            "operate", "event", ("captured_ahead", "killed_ahead"), operate,
            "an operation removes a leader", chance,
        ),
    ),
    params=(
        Param(
            name="hazard",
            value=LogNormal(median=0.038, log_sd=0.35),
            unit="operations per week",
            source="10 removals in the five years to February 2026 (our list, not a census)",
            doc="Operations that remove a leader, without more pressure than in the past.",
        ),
        Param(
            name="slope",
            value=Normal(loc=0.3, scale=0.3),
            unit="log hazard per standard deviation of pressure",
            source="weakly informative",
            doc="How much more often under pressure.",
        ),
        Param(
            name="lethal",
            value=Beta(a=13, b=43),
            unit="share",
            source="13 of 56 removals were killings (our list)",
            doc="Chance that the leader is killed.",
        ),
        Param(
            name="rank",
            value=0.8,
            unit="rank, 0 to 1",
            source="mean rank in our list, rounded",
            doc="Rank of the leaders removed.",
        ),
    ),
    evidence_for="The operation of 22 February 2026 followed tariff and military threats and "
    "used US intelligence by official account.",
    evidence_against="A handful of episodes, each with other causes: report as a scenario, "
    "never as an estimate. Removals were frequent under every government since 2008.",
)  # fmt: skip
def us_pressure(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Change no rate: pressure acts through operations."""
    del state, driver, p
    return Contribution()
