"""Community defence (M11): where people organise, groups recruit, extort and enter less."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from hidra.core.param import Beta, Param
from hidra.model.mechanism import Contribution, State, Stock, mechanism


def _protects(name: str, what: str) -> Param:
    return Param(
        name=name,
        value=Beta(a=2, b=4),
        unit="share",
        source="weakly informative; a paired comparison without coefficient (Ley, Mattiace & "
        "Trejo 2019)",
        doc=f"By how much {what} falls where everybody is covered.",
    )


@mechanism(
    code="M11",
    title="Community defence",
    essay="[001] par. 19: community ties to protect ourselves; par. 23: community police in "
    "Guerrero, Zapatista caracoles",
    grade="contested",
    equation="A_p = min(1, listed_p + grown_p);  r ← r (1 − e_1 A);  extortion ← (1 − e_2 A);  "
    "moves in ← (1 − e_3 A);  d grown/dt = g · extortion per 1,000 · (1 − A)",
    reads=("grown",),
    hears={"extortion": 0.0},
    rates=("recruitment", "extortion_rate", "inward"),
    flows=("grown",),
    drivers=("community", "population"),
    states={"grown": Stock(0.0, ("place",), "coverage that grew against extortion, share")},
    params=(
        _protects("recruiting", "recruitment"),
        _protects("extorting", "extortion"),
        _protects("entering", "entry of members from elsewhere"),
        Param(
            name="growth",
            value=0.0,
            unit="share per week and extortion per 1,000 residents",
            source="assumed: off",
            doc="Coverage that grows where people are extorted.",
        ),
    ),
    evidence_for="Regional ethnic autonomy (CRAC-PC, Guerrero) protected against capture (Ley, "
    "Mattiace & Trejo 2019); assemblies in Oaxaca bring better public goods (Magaloni et al. "
    "2019).",
    evidence_against="Paired comparisons, no coefficient; custom alone was not enough; places "
    "choose to organise; the EZLN dissolved its boards in November 2023 citing disputes "
    "between groups. The list covers fifteen places in three states and acts at the level of "
    "municipalities.",
)
def community_defence(
    state: State, driver: Mapping[str, Array], p: Mapping[str, Array]
) -> Contribution:
    """Lower recruitment, extortion and moves in with coverage."""
    covered = jnp.clip(driver["community"] + state["grown"], 0.0, 1.0)
    known = jnp.nan_to_num(state["extortion"])  # nobody organises against what nobody counts
    extorted = 1000.0 * known / driver["population"]
    growth = jnp.minimum(p["growth"] * extorted, 0.5) * (1.0 - covered)
    return Contribution(
        rates={
            "recruitment": (1.0 - p["recruiting"] * covered)[:, None],
            "extortion_rate": 1.0 - p["extorting"] * covered,
            "inward": 1.0 - p["entering"] * covered,
        },
        flows={"grown": growth},
    )
