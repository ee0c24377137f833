"""Victims (M12): killed, disappeared, searched for and found; journalists and defenders.

Members killed stand for more people killed: bystanders, rivals without a name, people taken. Part
of them is hidden and counted as missing. The missing are found, dead or alive, as fast as families
and authorities can search.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
from jax import Array
from jax.nn import sigmoid

from hidra.core.param import Beta, LogNormal, Normal, Param
from hidra.model.mechanism import Contribution, Count, State, Stock, Tally, mechanism

WEEKS = 365.25 / 7  # a year
OURS = "weakly informative"


def contested(members: Array) -> Array:
    """One minus the concentration of members over groups, 0 where one group is alone, (P,)."""
    size = members.sum(axis=1, keepdims=True)
    share = members / jnp.where(size > 0, size, 1.0)
    return jnp.where(size[:, 0] > 0, 1.0 - (share**2).sum(axis=1), 0.0)


def count(state: State, given: Any, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Tally:
    """Count the victims of the week, and move the missing who are found."""
    people, rivalry = driver["population"], contested(state["members"])
    lethal = p["per_member"] * given.deaths.sum(axis=1)
    odds = jnp.log(p["hidden"]) - jnp.log1p(-p["hidden"])
    hidden = sigmoid(odds + p["dominance"] * (0.5 - rivalry)) * (p["hidden"] > 0)
    taken = p["other_missing"] * people / 1e5 / WEEKS
    alive = state["missing_alive"] * (1.0 - jnp.exp(-p["found_alive"] * driver["search"]))
    dead = state["missing_dead"] * (1.0 - jnp.exp(-p["found_dead"] * driver["search"]))
    mines = p["extractive"] * driver["mining_share"]
    attacks = people / 1e6 / WEEKS * jnp.exp(p["rivalry"] * rivalry)
    return Tally(
        counts={
            "linked_homicides": (1.0 - hidden) * lethal,
            "disappeared": hidden * lethal + taken,
            "found_alive": alive,
            "found_dead": dead,
            "journalists_killed": p["journalists"] * attacks,
            "defenders_killed": p["defenders"] * attacks * jnp.exp(mines),
        },
        flows={
            "missing_dead": hidden * lethal - dead,
            "missing_alive": taken - alive,
        },
    )


def _p(name: str, value: Any, unit: str, source: str, doc: str) -> Param:
    return Param(name=name, value=value, unit=unit, source=source, doc=doc)


PARAMS = (
    _p(
        "per_member", LogNormal(median=3.5, log_sd=0.5), "persons per member killed",
        "weakly informative: with the hidden share, about half of INEGI's homicides",
        "People killed in events linked to groups, for each member killed.",
    ),
    _p(
        "hidden", Beta(a=2, b=6), "share", OURS,
        "Part of those killed whose bodies are hidden, so that they count as missing.",
    ),
    _p(
        "dominance", Normal(loc=0.0, scale=0.5), "log odds",
        "weakly informative, sign free", "More hiding where one group dominates.",
    ),
    _p(
        "other_missing", LogNormal(median=12, log_sd=0.5), "persons per 100,000 and year",
        "RNPDNO 2012-2021: 62 % of those registered were found alive (our count)",
        "People who go missing for other reasons or are taken alive.",
    ),
    _p(
        "found_alive", LogNormal(median=0.05, log_sd=0.7), "1/week", OURS,
        "Hazard that a missing person who lives is found, at the present capacity to search.",
    ),
    _p(
        "found_dead", LogNormal(median=5e-4, log_sd=0.7), "1/week",
        "RNPDNO 2012-2021: 6 % of those registered were found dead (our count)",
        "Hazard that a hidden body is found and named, at the present capacity to search.",
    ),
    _p(
        "journalists", LogNormal(median=0.055, log_sd=0.4), "persons per million and year",
        "Article 19: 47-48 killed in each of the last three terms",
        "Journalists killed where one group is alone.",
    ),
    _p(
        "defenders", LogNormal(median=0.12, log_sd=0.4), "persons per million and year",
        "Global Witness: 222 killed in 2012-2024", "Defenders killed where one group is alone.",
    ),
    _p(
        "rivalry", Normal(loc=0.2, scale=0.1), "log rate",
        "Holland & Rios 2015: rivalry raises the chance of an attack by up to 23 %",
        "More attacks where groups are rivals.",
    ),
    _p(
        "extractive", Normal(loc=0.0, scale=3.0), "log rate per share of GDP",
        "weakly informative, sign free", "More attacks on defenders where mining weighs more.",
    ),
)  # fmt: skip


@mechanism(
    code="M12",
    title="Victims and search",
    essay="[000] par. 13: homicides and missing persons; [001] par. 12: assaults on unionised "
    "workers, journalists, environmental activists; par. 18: mothers of missing persons",
    grade="contested",
    equation="linked homicides = (1 − q_p) Λ D_p;  disappeared = q_p Λ D_p + c N_p;  "
    "logit q_p = logit q + d (½ − h_p);  found = missing · (1 − e^(−hazard · search));  "
    "attacks = rate · N_p · e^(b_R h_p + b_X mining share),  h_p = 1 − Σ_i (C_ip / C_p)²",
    reads=("members", "missing_alive", "missing_dead"),
    flows=("missing_alive", "missing_dead"),
    drivers=("population", "mining_share", "search"),
    states={
        "missing_alive": Stock(0.0, ("place",), "persons missing who live"),
        "missing_dead": Stock(0.0, ("place",), "persons killed and hidden"),
    },
    counts={
        "linked_homicides": Count("persons", "Homicides linked to groups"),
        "disappeared": Count("persons", "People disappeared"),
        "found_alive": Count("persons", "Found alive"),
        "found_dead": Count("persons", "Found dead"),
        "journalists_killed": Count("persons", "Journalists killed"),
        "defenders_killed": Count("persons", "Defenders killed"),
    },
    tally=count,
    params=PARAMS,
    evidence_for="RNPDNO: 118,605 dated cases 2010 to July 2026 still missing; rivalry, not "
    "presence, raises attacks on journalists (Holland & Rios 2015); 154 defenders killed in "
    "2012-2021.",
    evidence_against="The multiplier, the hidden share and the attributed share trade off and "
    "are not identified together. That victims are overwhelmingly poor cannot be tested "
    "without schooling and occupation of the dead. No join of attacks to mines is possible "
    "yet.",
)
def victims(state: State, driver: Mapping[str, Array], p: Mapping[str, Array]) -> Contribution:
    """Change no rate of the core: victims are what follows from it."""
    del state, driver, p
    return Contribution()
