"""Economy feedback (M13): killings and lost days make places poorer; remittances cushion.

The strain adds to the precarity that M1 reads; alone it changes no rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
from jax import Array

from hidra.core.param import HalfNormal, LogNormal, Normal, Param
from hidra.model.mechanism import Contribution, State, Stock, Tally, mechanism


def count(state: State, given: Any, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Tally:
    """Let the strain follow killings against those of the start, lost days and remittances."""
    deaths = given.deaths.sum(axis=1)
    usual = jnp.where(state["usual_deaths"] > 0, state["usual_deaths"], deaths)
    excess = jnp.where(usual > 0, deaths / jnp.where(usual > 0, usual, 1.0) - 1.0, 0.0)
    sent = jnp.log(jnp.maximum(driver["remittances"], 1e-3))
    target = p["killings"] * jnp.clip(excess, -1.0, 10.0) + p["days"] * state["days_lost"]
    change = (target - p["cushion"] * sent - state["strain"]) / jnp.maximum(p["delay"], 1.0)
    return Tally(flows={"strain": change, "usual_deaths": usual - state["usual_deaths"]})


@mechanism(
    code="M13",
    title="Feedback on the economy",
    essay="[001] par. 14: precariousness, migration and undeclared work, lack of opportunities;"
    " par. 2: the suspension of work and school activities",
    grade="contested",
    equation="τ dU_p/dt = b_E (deaths_p / deaths_p0 − 1) + b_L days lost_p − b_R log "
    "remittances_p − U_p",
    reads=("strain", "usual_deaths"),
    hears={"days_lost": 0.0},
    flows=("strain", "usual_deaths"),
    drivers=("remittances",),
    states={
        "strain": Stock(0.0, ("place",), "precarity added, standard deviations"),
        "usual_deaths": Stock(0.0, ("place",), "members killed in the first week"),
    },
    tally=count,
    params=(
        Param(
            name="killings",
            value=HalfNormal(loc=0.05, scale=0.05),
            unit="standard deviations per doubling",
            source="weakly informative; sign from Robles, Calderón & Magaloni 2013, Utar 2018",
            doc="Precarity added in the end where killings double.",
        ),
        Param(
            name="days",
            value=HalfNormal(scale=0.02),
            unit="standard deviations per day lost",
            source="assumed",
            doc="Precarity added by a day of work and school lost by everybody.",
        ),
        Param(
            name="cushion",
            value=Normal(loc=0.0, scale=0.1),
            unit="standard deviations per log remittances",
            source="weakly informative, sign free",
            doc="Precarity that remittances take away.",
        ),
        Param(
            name="delay",
            value=LogNormal(median=52, log_sd=0.5),
            unit="weeks",
            source="weakly informative",
            doc="Time in which the strain follows.",
        ),
    ),
    evidence_for="Work and business ownership fall with killings (Robles, Calderón & Magaloni "
    "2013); plants lost output and blue-collar workers (Utar 2018).",
    evidence_against="Magnitudes could not be verified. Migration is muted, and wages move by "
    "0.15-0.58 % per 1 % of homicide (Aldeco Leo et al. 2024). That precarity raises "
    "recruitment is itself open.",
)
def economy_feedback(
    state: State, driver: Mapping[str, Array], p: Mapping[str, Array]
) -> Contribution:
    """Change no rate: the strain acts through precarity (M1)."""
    del state, driver, p
    return Contribution()
