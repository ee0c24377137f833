"""Displacement (M12): people flee killings to near places. The flow is kept small, as studies find.

Residents are a driver, so those who flee do not change population: 25,000 a year against 130
million. They are counted where they leave and where they arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
from jax import Array

from hidra.core.param import LogNormal, Param
from hidra.model.mechanism import Contribution, Count, State, Stock, Tally, mechanism


def count(state: State, given: Any, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Tally:
    """People who flee a place and arrive in others; as many arrive as leave."""
    del state
    leaving = jnp.minimum(p["fleeing"] * given.deaths.sum(axis=1), 0.01 * driver["population"])
    return Tally(
        counts={"displaced": leaving, "arrivals": leaving @ driver["nearness"]},
        flows={"displaced_so_far": leaving},
    )


@mechanism(
    code="M12",
    title="Displacement",
    essay="[001] par. 5: 230,000 people displaced due to violence",
    grade="contested",
    equation="displaced_p = z_D · D_p;  arrivals_q = Σ_p displaced_p · nearness_pq",
    flows=("displaced_so_far",),
    drivers=("population", "nearness"),
    states={"displaced_so_far": Stock(0.0, ("place",), "persons who have fled since the start")},
    counts={
        "displaced": Count("persons", "People displaced"),
        "arrivals": Count("persons", "Arrivals of displaced people"),
    },
    tally=count,
    params=(
        Param(
            name="fleeing",
            value=LogNormal(median=3.5, log_sd=0.7),
            unit="persons per member killed",
            source="CMDPDH: 356,792 in 2006-2020, over the member deaths of the core",
            doc="People who leave their homes for each member killed.",
        ),
    ),
    evidence_for="CMDPDH counts 356,792 people in mass episodes of 2006-2020; IDMC 230,000 by "
    "the end of 2010, half of them believed abroad.",
    evidence_against="Census migration hardly moves with homicides (Basu & Pearlman 2017), and "
    "only within commuting zones (Aldeco Leo et al. 2024). The essay's 230,000 is IDMC's "
    "figure for the end of 2010.",
)
def displacement(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Change no rate of the core."""
    del state, driver, p
    return Contribution()
