"""Retaliation (M3): blockades and burnings wherever the struck group is, gone in days.

A removal adds an impulse over the group's own territory, not around the place of the arrest. The
impulse decays with a mean life of hours, integrated over the week, so weekly steps lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
from jax import Array

from hidra.core.param import Beta, LogNormal, Param
from hidra.model.mechanism import Contribution, Count, Operator, State, Stock, Tally, mechanism

WEEK = 7.0  # days
AT_WORK, AT_SCHOOL = 0.45, 0.27  # shares of residents, INEGI census 2020, rounded


def ignite(state: State, driver: Mapping[str, Array], p: Mapping[str, Array], _: Array) -> State:
    """Add the impulse of this week's removals, spread as the group's members are."""
    captured = driver["captured"] + state["captured_ahead"]
    killed = driver["killed"] + state["killed_ahead"]
    size = state["members"].sum(axis=0)
    struck = p["wave"] * (p["capture"] * captured + killed)
    echo = 1.0 / (1.0 - jnp.minimum(p["echo"], 0.95))
    here = state["members"] @ (struck / jnp.where(size > 0, size, 1.0))
    return {"unrest": state["unrest"] + echo * here}


def remaining(days: float, mean_life: Any) -> Any:
    """Share of an impulse still to come after so many days."""
    return jnp.exp(-days / jnp.maximum(mean_life, 1e-3))


def count(state: State, given: Any, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Tally:
    """Blockades of the week, agents of the state killed, days of work and school lost."""
    del given
    people = driver["population"]
    blockades = state["unrest"] * (1.0 - remaining(WEEK, p["mean_life"]))
    still = jnp.exp(-blockades * p["reach"] / people)  # share of residents nothing keeps at home
    days = p["closure"] * (1.0 - still)
    return Tally(
        counts={
            "blockades": blockades,
            "agents_killed": p["agents"] * blockades,
            "work_days_lost": AT_WORK * people * days,
            "school_days_lost": AT_SCHOOL * people * days,
        },
        flows={"days_lost": days - state["days_lost"]},
    )


@mechanism(
    code="M3",
    title="Retaliation and blockades",
    essay="[000] par. 1: burning buses, blocked highways; [001] par. 2: members blocking roads, "
    "work and school suspended",
    grade="contested",
    equation="X_p ← X_p + α · Σ_i rank · (φ_c captured + killed)_i · C_ip / C_i / (1 − n);  "
    "dX/dt = −X/τ;  blockades_p = X_p (1 − e^(−7/τ));  agents killed = z · blockades;  "
    "days lost per resident = T (1 − e^(−blockades · reach / N_p))",
    reads=("members", "unrest", "days_lost"),
    hears={"captured_ahead": 0.0, "killed_ahead": 0.0},
    flows=("unrest", "days_lost"),
    drivers=("captured", "killed", "population"),
    states={
        "unrest": Stock(0.0, ("place",), "blockades still to come"),
        "days_lost": Stock(0.0, ("place",), "days a resident lost last week"),
    },
    operators=(Operator("ignite", "removal", ("unrest",), ignite, "a removal sets off a wave"),),
    counts={
        "blockades": Count("events", "Blockades and burnings"),
        "agents_killed": Count("persons", "Agents killed in retaliation"),
        "work_days_lost": Count("person-days", "Days of work lost"),
        "school_days_lost": Count("person-days", "Days of school lost"),
    },
    tally=count,
    params=(
        Param(
            name="wave",
            value=LogNormal(median=40, log_sd=0.7),
            unit="blockades",
            source="earlier waves: 39 vehicles burned (May 2015), 32 blockades (April 2017), 38 "
            "attacks (March 2022), 19 blockades (January 2023); not that of February 2026",
            doc="Blockades after the killing of a top leader.",
        ),
        Param(
            name="capture",
            value=Beta(a=2, b=4),
            unit="ratio",
            source="weakly informative: most captures had no wave reported",
            doc="Wave after a capture relative to that after a killing.",
        ),
        Param(
            name="mean_life",
            value=LogNormal(median=0.5, log_sd=0.7),
            unit="days",
            source="229 of 252 cleared by 20:00 of the day (Gabinete de Seguridad)",
            doc="Mean life of the impulse.",
        ),
        Param(
            name="echo",
            value=0.0,
            unit="events per event",
            source="assumed: no published self-exciting fit for Mexico was found",
            doc="Blockades that each blockade brings forth (below one).",
        ),
        Param(
            name="agents",
            value=LogNormal(median=0.05, log_sd=0.7),
            unit="persons per blockade",
            source="weakly informative: order of the losses reported in the waves of 2019-2026",
            doc="Agents of the state killed per blockade.",
        ),
        Param(
            name="reach",
            value=LogNormal(median=50_000, log_sd=0.7),
            unit="residents per blockade",
            source="assumed: a day without school or work for a town",
            doc="Residents whom one blockade keeps at home.",
        ),
        Param(
            name="closure",
            value=LogNormal(median=1.5, log_sd=0.4),
            unit="days",
            source="assumed: classes suspended for a day or two after the waves of 2023 and 2026",
            doc="Days lost by those kept at home.",
        ),
    ),
    evidence_for="22 February 2026: 252 blockades in 20 states on the day of the killing, 65 in "
    "Jalisco, over nine tenths cleared by the evening; Culiacán in October 2019 and January 2023.",
    evidence_against="Most of the removals since 2008 had no wave reported; few episodes, so "
    "size and trigger are hardly identified. No published self-exciting fit for Mexico was "
    "found.",
)
def retaliation(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Let the wave run off; it changes no core rate."""
    del driver
    gone = 1.0 - remaining(WEEK, p["mean_life"])
    return Contribution(flows={"unrest": -gone * state["unrest"]})
