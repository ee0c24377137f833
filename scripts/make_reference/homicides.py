"""Homicides as two agencies count them: INEGI (deaths) and SESNSP (victims in case files)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .layout import MONTHS, STATES, long, wide

VICTIMS = {
    "homicidio_doloso": "sesnsp_homicide_victims",
    "homicidio_doloso_firearm": "sesnsp_firearm_homicide_victims",
    "homicidio_doloso_women": "sesnsp_women_homicide_victims",
    "feminicidio": "sesnsp_femicide_victims",
}

LAST_YEAR, LAST_MONTH = 2025, 6  # of the cut of July 2025
OF_2024 = {
    "homicides": "inegi_homicides_occurred_and_registered",
    "women": "inegi_women_homicides_occurred_and_registered",
    "age_15_29": "inegi_homicides_15_29_occurred_and_registered",
}


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the homicide tables."""
    return {
        "homicides_inegi_state_month": _inegi_state_month(shared),
        "homicides_inegi_state_2024": _inegi_state_2024(shared),
        "victims_sesnsp_state_month": _sesnsp_state_month(shared),
        **_registered(shared),
    }


def _inegi_state_month(shared: Path) -> pd.DataFrame:
    source = pd.read_parquet(shared / "homicides_inegi_state_occmonth_2000_2022.parquet")
    counts = source.set_index(["cve_ent", "year", "month"])["homicides"]
    table = wide(counts, STATES, range(2000, 2023))
    table.insert(0, "measure", "inegi_homicides")
    return table


def _inegi_state_2024(shared: Path) -> pd.DataFrame:
    """Return deaths that occurred and were registered in 2024; 33 is a state not stated."""
    file = "inegi_homicides_state_2024_occurred_and_registered.csv"
    source = pd.read_csv(shared / "found2026" / file, dtype={"cve_ent": str})
    return long(source.assign(year=2024).set_index(["cve_ent", "year"]), OF_2024)


def _sesnsp_state_month(shared: Path) -> pd.DataFrame:
    source = pd.read_parquet(
        shared / "found2026" / "sesnsp_victims_state_month_2015_2025-06.parquet"
    )
    source = source.set_index(["cve_ent", "year", "month"])
    parts = []
    for column, measure in VICTIMS.items():
        part = wide(source[column], STATES, range(2015, LAST_YEAR + 1))
        part.loc[part["year"] == LAST_YEAR, MONTHS[LAST_MONTH:]] = pd.NA
        part.insert(0, "measure", measure)
        parts.append(part)
    return pd.concat(parts).sort_values(["measure", "place", "year"])


def _registered(shared: Path) -> dict[str, pd.DataFrame]:
    """Return registered homicides: municipalities of removal, and the nation."""
    source = pd.read_parquet(shared / "homicides_inegi_mun_regmonth_1990_2015.parquet")
    source = source[source.year_reg >= 2000]
    removals = pd.read_csv(shared / "leadership_removals.csv", dtype={"cvegeo": str})
    places = sorted(removals.cvegeo[removals.removal].dropna().unique())
    keys = ["cve_mun", "year_reg", "month_reg"]
    counts = source[source.cve_mun.isin(places)].set_index(keys)["homicides"]
    nation = source.assign(cve_mun="00").groupby(keys)["homicides"].sum()
    result = {
        "homicides_removal_municipality_month": wide(counts, places, range(2000, 2016)),
        "homicides_national_registered_month": wide(nation, ["00"], range(2000, 2016)),
    }
    for table in result.values():
        table.insert(0, "measure", "inegi_homicides_registered")
    return result
