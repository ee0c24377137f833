"""Militarisation (M8): deployed forces arrest more; whether killing rises or falls is left open.

Deployment is history where there is any. Only in scenarios may it follow a rule (lagged violence,
US pressure, mines): forces go where violence grows, so history must not be read as effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
from jax import Array

from hidra.core.param import HalfNormal, LogNormal, Normal, Param
from hidra.model.mechanism import Contribution, Count, State, Stock, Tally, mechanism
from hidra.model.mechanisms.victims import WEEKS


def count(state: State, given: Any, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Tally:
    """Deaths caused by the state and complaints; reinforcement, where it follows the rule."""
    people, forces = driver["population"], driver["deployment"] + state["reinforcement"]
    violence = given.deaths.sum(axis=1) * WEEKS / people * 1e5
    asked = p["follow_violence"] * violence + p["follow_us"] * driver["us_pressure"]
    asked = asked + p["follow_mines"] * (driver["deployment_pull"] - 1.0)
    wanted = jnp.clip(asked, 0.0, 20.0)
    change = driver["follows_rule"] * (wanted - state["reinforcement"]) / 13.0
    present = 1.0 - jnp.exp(-3.0 * forces / p["usual"])  # the study compares deployed with not
    return Tally(
        counts={
            "state_deaths": p["state_lethality"] * forces * state["members"].sum(axis=1),
            "complaints": p["complaints"] * people / 1e6 / WEEKS * jnp.exp(p["rights"] * present),
        },
        flows={"reinforcement": change},
    )


def _p(name: str, value: Any, unit: str, source: str, doc: str) -> Param:
    return Param(name=name, value=value, unit=unit, source=source, doc=doc)


PARAMS = (
    _p(
        "usual", 1.8, "forces per 1,000 residents", "national mean of July 2019 (our count)",
        "Deployment at which nothing differs from the core.",
    ),
    _p(
        "arrests", HalfNormal(scale=0.1), "relative arrests per force per 1,000",
        "weakly informative", "How much more a place arrests with one more per 1,000 deployed.",
    ),
    _p(
        "lethality", Normal(loc=0.0, scale=0.2), "log deaths per force per 1,000",
        "sign free: Osorio 2015 finds more conflict, others none",
        "How much deadlier meetings between groups become; may be negative.",
    ),
    _p(
        "state_lethality", LogNormal(median=1.6e-5, log_sd=0.7),
        "persons per member, week and force per 1,000",
        "SEDENA: 744 civilians killed in clashes of 2019-2021, the army's own count",
        "People killed by the forces of the state.",
    ),
    _p(
        "complaints", LogNormal(median=4.0, log_sd=0.5), "complaints per million and year",
        "CNDH: 384 against the army in 2007, 836 in 2013", "Complaints where nobody is deployed.",
    ),
    _p(
        "rights", Normal(loc=0.916, scale=0.2), "log complaints",
        "Flores-Macías & Zarkin 2023: +150 %", "More complaints where forces are deployed.",
    ),
    _p(
        "follow_violence", LogNormal(median=0.05, log_sd=0.7),
        "forces per 1,000, per member killed per 100,000 and year", "assumed; scenarios only",
        "Forces sent where violence is.",
    ),
    _p(
        "follow_us", HalfNormal(scale=0.3), "forces per 1,000 per standard deviation",
        "assumed; scenarios only", "Forces sent under US pressure.",
    ),
    _p(
        "follow_mines", HalfNormal(scale=1.0), "forces per 1,000 per share of GDP",
        "assumed; scenarios only", "Forces sent where mining weighs and pays more (needs M14).",
    ),
)  # fmt: skip


@mechanism(
    code="M8",
    title="Militarisation",
    essay="[000] par. 14: consequences of a profound militarisation; par. 12: checkpoints, "
    "permanent patrols, exceptionality; [001] par. 22: security strategies based on the use of"
    " armed forces",
    grade="contested",
    equation="m_p ← m_p max(0, 1 + b_M (M_p − M̄));  l_p ← l_p e^(b_V (M_p − M̄)), b_V of free "
    "sign;  state deaths = z M_p C_p;  complaints = c N_p e^(b_R (1 − e^(−3 M_p / M̄)));  rule: "
    "dM/dt = (m_1 violence + m_2 US + m_3 mines − M) / 13 weeks",
    reads=("members", "reinforcement"),
    rates=("enforcement", "lethality"),
    flows=("reinforcement",),
    drivers=("deployment", "population", "follows_rule", "us_pressure"),
    opens={"deployment_pull": "multiplier on what draws forces to a place, [place]"},
    states={"reinforcement": Stock(0.0, ("place",), "forces per 1,000 beyond those of history")},
    counts={
        "state_deaths": Count("persons", "Deaths caused by the state"),
        "complaints": Count("complaints", "Human rights complaints"),
    },
    tally=count,
    params=PARAMS,
    evidence_for="Operations intensify conflict between groups (Osorio 2015; Dell 2015); "
    "complaints rise by 150 % with federal forces (Flores-Macías & Zarkin 2023); 5.9 dead per "
    "wounded when the army fought alone (2006-2011, our count).",
    evidence_against="Forces are sent where violence grows, so before and after mislead; homicides "
    "fell in 2007, the first year; complaints against the army fell from 2013 to 2020 while "
    "deployment rose. One state snapshot exists, July 2019, without Durango.",
)
def militarisation(
    state: State, driver: Mapping[str, Array], p: Mapping[str, Array]
) -> Contribution:
    """Let arrests and lethality differ with forces deployed."""
    more = driver["deployment"] + state["reinforcement"] - p["usual"]
    return Contribution(
        rates={
            "enforcement": jnp.maximum(0.0, 1.0 + p["arrests"] * more)[:, None],
            "lethality": jnp.exp(jnp.clip(p["lethality"] * more, -5.0, 5.0))[:, None],
        }
    )
