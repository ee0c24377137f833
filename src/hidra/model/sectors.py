"""The sectors groups earn in: what gives their weight in each state, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass


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
    title_es: str
    title_en: str
    weight: float
    series: str
    start: float
    note: str


SECTORS = (
    Sector(
        "drugs", "drogas", "drugs", 1.0, "trade", 0.70,
        "half by residents, half by residents near the US border; no open series of routes",
    ),
    Sector(
        "extortion", "extorsión", "extortion", 0.20, "economy_state_year.lodging_food", 0.12,
        "GDP of lodging and food as what can be extorted; not extortion itself",
    ),
    Sector(
        "fuel", "combustible", "fuel", 0.12, "pipeline_state.km", 0.05,
        "km of fuel pipelines in the state",
    ),
    Sector(
        "mining", "minería", "mining", 0.08, "economy_state_year.mining_real", 0.04,
        "non-oil mining GDP at constant prices; the price enters through M14",
    ),
    Sector(
        "agriculture", "agricultura", "agriculture", 0.06, "economy_state_year.avocado", 0.04,
        "value of avocado at the farm",
    ),
    Sector(
        "persons", "trata de personas", "trafficking of persons", 0.03,
        "crime_state_mean.persons_trafficked", 0.03,
        "victims of trafficking in case files, mean of 2015-2024: reporting differs by state",
    ),
    Sector(
        "arms", "armas", "arms", 0.03, "crime_state_mean.arms_cases", 0.02,
        "federal firearms cases, mean of 2012-2024: enforcement as much as trade",
    ),
)  # fmt: skip
NAMES = tuple(sector.name for sector in SECTORS)
START = tuple(sector.start for sector in SECTORS)
