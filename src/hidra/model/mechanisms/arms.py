"""Arms (M4): guns sold in the United States pile up where they cross, and make meetings deadlier.

The stock of a place is an index, one where nothing changes after 2012. Only the part that comes
from the United States, larger near the border, follows supply and the ban of 1994-2004.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from hidra.core.param import Beta, HalfNormal, LogNormal, Param
from hidra.model.mechanism import Contribution, State, Stock, mechanism


@mechanism(
    code="M4",
    title="Inflow of arms",
    essay="[001] par. 8: the cartels' weapons were sold by US companies; [001] par. 15: trade "
    "rules let large-calibre weapons in",
    grade="contested",
    equation="dG_p/dt = d (inflow_p − G_p) − seized_p G_p;  "
    "inflow_p = 1 + u b_p (supply · e^(−x · ban_p) − 1);  l_p ← l_p · G_p^ε · inflow_p^φ",
    reads=("arms",),
    rates=("lethality",),
    flows=("arms",),
    drivers=("border", "ban_in_force", "arms_supply", "arms_seizure"),
    states={"arms": Stock(1.0, ("place",), "stock of arms, 1 = as in 2012")},
    params=(
        Param(
            name="decay",
            value=LogNormal(median=0.693147 / 520, log_sd=0.5),
            unit="1/week",
            source="weakly informative: half of the stock is gone in ten years",
            doc="Share of the stock that wears out or is lost in a week.",
        ),
        Param(
            name="elasticity",
            value=HalfNormal(loc=0.2, scale=0.5),
            unit="log deaths per log stock",
            source="weakly informative",
            doc="How much deadlier meetings become with the stock.",
        ),
        Param(
            name="fresh",
            value=HalfNormal(loc=0.3, scale=2.0),
            unit="log deaths per log inflow",
            source="weakly informative; the ban was felt within two years, before the stock turned",
            doc="How much deadlier meetings become with the arms that arrive.",
        ),
        Param(
            name="from_us",
            value=Beta(a=7, b=3),
            unit="share",
            source="ATF traces of 2009-2018: 70 % of traced arms, a selected part of those seized",
            doc="Part of the inflow at the border that comes from the United States.",
        ),
        Param(
            name="expiry",
            value=LogNormal(median=0.4, log_sd=0.5),
            unit="log supply",
            source="weakly informative; sign from Dube, Dube & Garcia-Ponce 2013",
            doc="Rise of US supply when the assault weapons ban ended in September 2004.",
        ),
    ),
    evidence_for="After the US ban ended in 2004 killings rose more near crossings that face "
    "states without their own ban: at least 158-239 extra deaths a year (Dube, Dube & "
    "Garcia-Ponce 2013); Chicoine 2017: firearm homicides only; 2.2 % of US gun sales moved "
    "south in 2010-12 (McDougal).",
    evidence_against="Traced arms are a selected part of seized arms, and seized arms of all. "
    "The essay's 137,000 rounds are all .50-calibre rounds seized; about 47 % came from Lake "
    "City, sold in shops.",
)
def arms(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Let the stock follow its inflow, and lethality the stock."""
    supply = driver["arms_supply"] * jnp.exp(-p["expiry"] * driver["ban_in_force"])
    inflow = 1.0 + p["from_us"] * driver["border"] * (supply - 1.0)
    stock, arriving = jnp.maximum(state["arms"], 1e-6), jnp.maximum(inflow, 1e-6)
    change = p["decay"] * (inflow - stock) - driver["arms_seizure"] * stock
    return Contribution(
        rates={"lethality": (stock ** p["elasticity"] * arriving ** p["fresh"])[:, None]},
        flows={"arms": jnp.maximum(change, -0.5 * stock)},
    )
