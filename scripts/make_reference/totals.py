"""National totals side by side: what each agency says of the whole country, year by year."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

from .case_files import national

COLUMNS = {
    "inegi_registered_cube": "inegi_homicides_registered_annual",
    "inegi_registered_quoted": "inegi_homicides_registered_microdata",
    "inegi_occurrence_mun_to2010": "inegi_homicides_to_2010",
    "inegi_occurrence_state_2000_2022": "inegi_homicides_annual",
    "inegi_reg_known_sex_age": "inegi_homicides_known_sex_age",
    "sesnsp_files_mun": "sesnsp_homicide_files_old_method",
    "sesnsp_victims_doloso": "sesnsp_homicide_victims_annual",
    "sesnsp_victims_doloso_firearm": "sesnsp_firearm_homicide_victims_annual",
    "sesnsp_victims_feminicidio": "sesnsp_femicide_victims_annual",
    "sspc_open_source": "sspc_homicides_open_source",
    "rnpdno_missing_dated": "rnpdno_missing_annual",
    "population": "population",
}
NEW_METHOD = 2015  # SESNSP counts files differently from this year on: two measures, not one
COUNTED_TO = 2023  # last year whose records of deaths were counted; 2024 was a first release


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the national totals.

    INEGI's registered homicides stand there in three cuts: as it published them at last
    (``quoted``; `totals.yaml`, earlier years as counted), as others counted its records of deaths
    (``microdata``), and as it first released them. The municipal sums of SESNSP's case files lack
    what has no municipality: from 2015 the printed totals stand in their place.
    """
    source = pd.read_csv(shared / "national_totals_by_source.csv").rename(columns=COLUMNS)
    source = source.set_index("year")
    counted = source["inegi_homicides_registered_microdata"].where(source.index <= COUNTED_TO)
    source[counted.name] = counted
    text = (Path(__file__).parent / "totals.yaml").read_text(encoding="utf-8")
    quoted: dict[str, dict[int, dict[str, str | int]]] = yaml.safe_load(text)
    told = {
        name: pd.Series({year: one["value"] for year, one in years.items()})
        for name, years in quoted.items()
    }
    position = source.columns.get_loc(counted.name)
    final = told["definitive"].reindex(source.index).fillna(counted)
    source.insert(position, "inegi_homicides_registered_quoted", final)
    first = told["first_release"].reindex(source.index)
    source.insert(position + 2, "inegi_homicides_first_release", first)
    old = source["sesnsp_homicide_files_old_method"].where(source.index < NEW_METHOD)
    source[old.name] = old
    position = source.columns.get_loc(old.name)
    files = national(shared, "case_files")["Homicidio doloso"].reindex(source.index)
    source.insert(position + 1, "sesnsp_homicide_files", files)
    return {"national_totals": source.reset_index().sort_values("year")}
