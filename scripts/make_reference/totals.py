"""National totals side by side: what each agency says of the whole country, year by year."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

COLUMNS = {
    "inegi_registered_cube": "inegi_homicides_registered_annual",
    "inegi_registered_quoted": "inegi_homicides_registered_quoted",
    "inegi_occurrence_mun_to2010": "inegi_homicides_to_2010",
    "inegi_occurrence_state_2000_2022": "inegi_homicides_annual",
    "inegi_reg_known_sex_age": "inegi_homicides_known_sex_age",
    "sesnsp_files_mun": "sesnsp_homicide_files",
    "sesnsp_victims_doloso": "sesnsp_homicide_victims_annual",
    "sesnsp_victims_doloso_firearm": "sesnsp_firearm_homicide_victims_annual",
    "sesnsp_victims_feminicidio": "sesnsp_femicide_victims_annual",
    "sspc_open_source": "sspc_homicides_open_source",
    "rnpdno_missing_dated": "rnpdno_missing_annual",
    "population": "population",
}
NEW_METHOD = 2015  # SESNSP counts files differently from this year on: two measures, not one


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the national totals."""
    source = pd.read_csv(shared / "national_totals_by_source.csv").rename(columns=COLUMNS)
    files = source["sesnsp_homicide_files"]
    old = source["year"] < NEW_METHOD
    position = source.columns.get_loc("sesnsp_homicide_files")
    source.insert(position, "sesnsp_homicide_files_old_method", files.where(old))
    source["sesnsp_homicide_files"] = files.mask(old)
    return {"national_totals": source.sort_values("year")}
