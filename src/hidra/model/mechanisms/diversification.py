"""Diversification (M6): members turn to the sectors that pay, and to the places where they pay.

Sectors stand in the table ``SECTORS`` below. Members of a group share them by what each returned;
enforcement against drugs lowers what drugs return and, at first, provokes: rivals take over where
one side is struck. Whether a sector means more killing is left open: each has an effect of free
sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
from jax import Array
from jax.nn import softmax

from hidra.core.i18n import _
from hidra.core.param import Beta, LogNormal, Normal, Param
from hidra.model.mechanism import Contribution, Count, State, Stock, Tally, mechanism, stored
from hidra.model.mechanisms.victims import contested


@dataclass(frozen=True)
class Sector:
    """One sector.

    Attributes
    ----------
    weight : what it yields to groups in the nation of 2012, the drug trade being one. Assumed: no
        open figures exist, and published estimates differ by factors.
    series : ``table.column`` that says where and when; ``trade`` for drugs.
    start : share of members that work in it at the start, assumed.
    """

    name: str
    title: str
    weight: float
    series: str
    start: float
    note: str


SECTORS = (
    Sector(
        "drugs", _("drugs"), 1.0, "trade", 0.70,
        "half by residents, half by residents near the US border; no open series of routes",
    ),
    Sector(
        "extortion", _("extortion"), 0.20, "economy_state_year.lodging_food", 0.12,
        "GDP of lodging and food as what can be extorted; not extortion itself",
    ),
    Sector(
        "fuel", _("fuel"), 0.12, "pipeline_state.km", 0.05,
        "km of fuel pipelines in the state",
    ),
    Sector(
        "mining", _("mining"), 0.08, "economy_state_year.mining_real", 0.04,
        "non-oil mining GDP at constant prices; the price enters through M14",
    ),
    Sector(
        "agriculture", _("agriculture"), 0.06, "economy_state_year.avocado", 0.04,
        "value of avocado at the farm",
    ),
    Sector(
        "persons", _("trafficking of persons"), 0.03,
        "crime_state_mean.persons_trafficked", 0.03,
        "victims of trafficking in case files, mean of 2015-2024: reporting differs by state",
    ),
    Sector(
        "arms", _("arms"), 0.03, "crime_state_mean.arms_cases", 0.02,
        "federal firearms cases, mean of 2012-2024: enforcement as much as trade",
    ),
)  # fmt: skip
NAMES = tuple(sector.name for sector in SECTORS)
START = tuple(sector.start for sector in SECTORS)

OURS = "weakly informative"
MINING, EXTORTION = NAMES.index("mining"), NAMES.index("extortion")


def count(state: State, given: Any, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Tally:
    """Move sector shares toward what pays; count extortion; tell income and prize."""
    del given
    members, sectors = state["members"], state["sectors"]
    size, working = members.sum(axis=0), members @ sectors
    rent = _rent(driver)
    each = stored((rent / (working + 1.0)).T)
    paid = each @ members / jnp.maximum(size, 1.0)  # (K, G)
    target = softmax(p["choice"] * jnp.log(paid + 1e-12), axis=0)
    speed = jnp.where(size >= 1.0, jnp.minimum(p["speed"], 1.0), 0.0)[:, None]
    income = (sectors.T * paid).sum(axis=0)
    base = jnp.where(state["income_base"] > 0, state["income_base"], income)
    relative = jnp.where(base > 0, income / jnp.where(base > 0, base, 1.0), 1.0)
    here = members.sum(axis=1) + 1.0
    prize = rent.sum(axis=1) / here * (here.sum() / jnp.maximum(rent.sum(), 1e-12))
    rivalry = contested(members)
    risk = p["extortion_alone"] + p["extortion_contest"] * rivalry * (1.0 - rivalry)
    extorting = working[:, EXTORTION] / START[EXTORTION]
    return Tally(
        counts={"extortion": jnp.maximum(risk, 0.0) * extorting * driver["extortion_rate"]},
        flows={
            "sectors": speed * (target.T - sectors),
            "income_base": base - state["income_base"],
            "income": jnp.clip(relative, 1e-3, 1e3) - state["income"],
            "prize": jnp.clip(prize, 1e-3, 1e3) - state["prize"],
        },
    )


def _rent(driver: Mapping[str, Array]) -> Array:
    """What sectors yield this week in every place, (P, K), after prices and enforcement."""
    changed = {
        "drugs": driver["drug_rent"] * jnp.exp(-driver["crackdown"]),
        "mining": driver["mining_rent"],
    }
    rents = driver["rents"]
    for name, factor in changed.items():
        column = NAMES.index(name)
        rents = rents.at[:, column].multiply(factor)
    return rents


def _effect(name: str) -> Param:
    return Param(
        name=f"effect_{name}",
        value=Normal(loc=0.0, scale=0.2),
        unit="log deaths per share of members",
        source="sign free: studies disagree",
        doc=f"Effect on lethality of members who work in {name} rather than in drugs.",
    )


@mechanism(
    code="M6",
    title="Diversification",
    essay="[001] par. 11: other sectors, illegal and legal, avocado and rackets; [000] par. 9: "
    "extort money, extractive economies; [001] par. 12: mines and dams",
    grade="contested",
    equation="s_i ← (1 − χ) s_i + χ softmax(b log return_ik),  return_ik = Σ_p (C_ip / C_i) "
    "R_pk / (Σ_j s_jk C_jp + 1);  drug rent falls with the crackdown;  extortion = C_p (e_0 + "
    "e_1 h (1 − h)) · share in extortion;  l_p ← l_p e^(Σ_k v_k (z_pk − z_0k) + g (x_p + d x̄)),  "
    "x the crackdown beyond what groups are used to: dA_p/dt = (crackdown_p − A_p)/τ",
    reads=("members", "sectors", "income", "income_base", "prize", "used_to_crackdown"),
    rates=("lethality",),
    flows=("sectors", "income", "income_base", "prize", "used_to_crackdown"),
    drivers=("rents", "crackdown"),
    opens={
        "drug_rent": "multiplier on the drug rent, [place]",
        "mining_rent": "multiplier on the rent of mining, [place]",
        "extortion_rate": "multiplier on extortion, [place]",
    },
    states={
        "sectors": Stock(START, ("group", len(SECTORS)), "share of members by sector"),
        "income": Stock(1.0, ("group",), "income per member, 1 = at the start"),
        "income_base": Stock(0.0, ("group",), "income per member at the start, drug rent = 1"),
        "prize": Stock(1.0, ("place",), "rent per member, 1 = national mean"),
        "used_to_crackdown": Stock(0.0, ("place",), "crackdown that groups are used to"),
    },
    counts={"extortion": Count("cases", "Cases of extortion")},
    tally=count,
    params=(
        Param(
            name="choice",
            value=LogNormal(median=1.0, log_sd=0.4),
            unit="log odds per log return",
            source=OURS,
            doc="How strongly members choose the sector that pays.",
        ),
        Param(
            name="speed",
            value=LogNormal(median=0.02, log_sd=0.5),
            unit="1/week",
            source=OURS,
            doc="Share of members who choose again in a week.",
        ),
        Param(
            name="extortion_alone",
            value=LogNormal(median=0.01, log_sd=0.7),
            unit="cases per member and week",
            source="assumed: victim surveys count millions of attempts, mostly by telephone",
            doc="Extortion where one group is alone.",
        ),
        Param(
            name="extortion_contest",
            value=Normal(loc=0.04, scale=0.04),
            unit="cases per member and week",
            source="Magaloni et al. 2020: most at moderate contestation",
            doc="More extortion at moderate contestation.",
        ),
        Param(
            name="provocation",
            value=Normal(loc=0.1, scale=0.4),
            unit="log deaths per log cost",
            source="weakly informative; sign from Dell 2015, Osorio 2015",
            doc="How much deadlier meetings become where a crackdown is new.",
        ),
        Param(
            name="diverted",
            value=Beta(a=2, b=4),
            unit="share",
            source="weakly informative; Dell 2015: alternative routes",
            doc="Part of the provocation that a crackdown brings to the other places.",
        ),
        Param(
            name="adaptation",
            value=LogNormal(median=52, log_sd=0.5),
            unit="weeks",
            source="weakly informative",
            doc="Time in which groups get used to a crackdown.",
        ),
        *(_effect(name) for name in NAMES[1:]),
    ),
    evidence_for="After crackdowns challengers entered oil theft (Battiston et al. 2024); "
    "mining and export crops go with more violence between municipalities (Herrera & "
    "Martínez-Álvarez 2022); extortion is higher where groups compete (Magaloni et al. 2020).",
    evidence_against="Oil theft brought no surge of violence (Battiston et al. 2024); the "
    "opening for avocado lowered killings (Erickson & Owen 2020); an earlier version of "
    "Herrera & Martínez-Álvarez found no change within municipalities. Rents by sector are "
    "assumed. No data on organ sales were found.",
)
def diversification(
    state: State, driver: Mapping[str, Array], p: Mapping[str, Array]
) -> Contribution:
    """Let lethality follow the mix of sectors, with effects of free sign, and new crackdowns."""
    working = state["members"] @ state["sectors"]
    mix = working / jnp.maximum(working.sum(axis=1, keepdims=True), 1e-6)
    there = (working.sum(axis=1) > 0)[:, None]
    effects = jnp.stack([jnp.zeros(()), *(p[f"effect_{name}"] for name in NAMES[1:])])
    away = jnp.where(there, mix - jnp.asarray(START, mix.dtype), 0.0)
    fresh = driver["crackdown"] - state["used_to_crackdown"]
    trade = driver["rents"][:, NAMES.index("drugs")]
    elsewhere = (trade * fresh).sum() / jnp.maximum(trade.sum(), 1e-12)
    provoked = p["provocation"] * (fresh + p["diverted"] * elsewhere)
    log_rate = away @ effects.astype(mix.dtype) + jnp.clip(provoked, -5.0, 5.0)
    return Contribution(
        rates={"lethality": jnp.exp(log_rate)[:, None]},
        flows={"used_to_crackdown": fresh / jnp.maximum(p["adaptation"], 1.0)},
    )
