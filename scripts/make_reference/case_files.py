"""Case files and victims as SESNSP told them last: by year, from 2026 on, and federal crimes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .layout import MONTHS, STATES, long, wide

# the names of `hidra.data.sources.sesnsp`
CRIMES = {
    "Homicidio doloso": "homicide", "Feminicidio": "femicide", "Homicidio culposo": "manslaughter",
    "Lesiones dolosas": "injury", "Secuestro": "kidnapping", "Extorsión": "extortion",
    "Trata de personas": "trafficking",
}  # fmt: skip
OF_STATES = ("homicide", "manslaughter", "femicide", "extortion", "kidnapping", "drug_dealing")
OF_STATE_MONTHS = {
    "homicide": "homicide", "homicide_firearm": "firearm_homicide", "femicide": "femicide",
    "manslaughter": "manslaughter", "injury": "injury", "kidnapping": "kidnapping",
    "extortion": "extortion", "trafficking": "trafficking", "drug_dealing": "drug_dealing",
    "attempted_homicide": "attempted_homicide", "attempted_femicide": "attempted_femicide",
    "attempted_extortion": "attempted_extortion",
}  # fmt: skip
OF_NATION_MONTHS = ("homicide", "manslaughter", "injury", "attempted_femicide")  # whole crimes only
LAWS = {
    "drug_offences": "federal_drug_files", "firearms_law": "federal_firearms_files",
    "organised_crime_law": "federal_organised_crime_files",
    "hydrocarbons_law": "federal_hydrocarbons_files",
}  # fmt: skip
FEDERAL_LAST = (2025, 7)
ABROAD = "33"


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of case files and of the victims in them."""
    return {
        "sesnsp_state_year": _by_year(shared),
        "rnid_national_month": _rnid_nation(shared),
        "rnid_state_month": _rnid_states(shared),
        "rnid_sum": _rnid_sums(shared),
        "federal_files_state_month": _federal(shared),
    }


def national(shared: Path, counted: str) -> pd.DataFrame:
    """Return ``case_files`` or ``victims`` of the nation of 2015-2025, by year and crime."""
    source = _told(shared)
    source = source[source["period"].str.fullmatch(r"\d{4}")]
    source = source.assign(year=source["period"].astype(int))
    return source.pivot(index="year", columns="crime", values=counted)


def _told(shared: Path) -> pd.DataFrame:
    file = "sesnsp_national_year_cases_victims_2015_2026-08.csv"
    return pd.read_csv(shared / "found2026" / file, dtype={"period": str})


def _of_nation(table: pd.DataFrame, name: str) -> pd.DataFrame:
    table = table.assign(place="00").set_index("place", append=True).swaplevel()
    return long(table, {crime: name.format(one) for crime, one in CRIMES.items()})


def _by_year(shared: Path) -> pd.DataFrame:
    """States as far as told and the nation; never both added."""
    source = pd.read_csv(
        shared / "found2026" / "sesnsp_cases_state_year_2015_2025.csv", dtype={"cve_ent": str}
    )
    states = pd.DataFrame(
        {
            "measure": "sesnsp_" + source["crime"] + "_files_annual",
            "place": source["cve_ent"], "year": source["year"], "value": source["case_files"],
        }
    )  # fmt: skip
    parts = [
        states,
        _of_nation(national(shared, "case_files"), "sesnsp_{}_files_annual"),
        _of_nation(national(shared, "victims"), "sesnsp_{}_victims_annual"),
    ]
    named = {"sesnsp_homicide_files_annual": "sesnsp_homicide_files"}
    table = pd.concat(parts)
    table["measure"] = table["measure"].replace(named)
    return table.sort_values(["measure", "place", "year"])


def _rnid_nation(shared: Path) -> pd.DataFrame:
    source = pd.read_csv(shared / "found2026" / "sesnsp_rnid_cases_national_month_2026-01_08.csv")
    source = source.assign(place="00").set_index(["place", "year", "month"])
    return _months(source, {one: f"rnid_{one}_files" for one in OF_NATION_MONTHS}, ["00"], 2026, 8)


def _rnid_states(shared: Path) -> pd.DataFrame:
    file = shared / "found2026" / "sesnsp_rnid_cases_state_month_2026-01_03.csv"
    source = pd.read_csv(file, dtype={"cve_ent": str}).set_index(["cve_ent", "year", "month"])
    measures = {column: f"rnid_{one}_files" for column, one in OF_STATE_MONTHS.items()}
    return _months(source, measures, STATES, 2026, 3)


def _months(
    source: pd.DataFrame, measures: dict[str, str], places: list[str], year: int, last: int
) -> pd.DataFrame:
    """Return one year of several measures, months wide; those after `last` are unknown."""
    parts = []
    for column, measure in measures.items():
        part = wide(source[column], places, range(year, year + 1))
        part[MONTHS[last:]] = pd.NA
        part.insert(0, "measure", measure)
        parts.append(part)
    return pd.concat(parts).sort_values(["measure", "place", "year"])


def _rnid_sums(shared: Path) -> pd.DataFrame:
    """January to August of 2026 in one sum: files by state, files and victims of the nation."""
    file = shared / "found2026" / "sesnsp_rnid_cases_state_2026-01_08_sum.csv"
    states = pd.read_csv(file, dtype={"cve_ent": str}).assign(year=2026)
    told = _told(shared)
    told = told[told["period"] == "2026-01/2026-08"].assign(year=2026)
    parts = [
        long(states.set_index(["cve_ent", "year"]), {one: _sum(one, "files") for one in OF_STATES})
    ]
    for column, thing in (("case_files", "files"), ("victims", "victims")):
        nation = told.pivot(index="year", columns="crime", values=column)
        parts.append(_of_nation(nation, _sum("{}", thing)))
    return pd.concat(parts).sort_values(["measure", "place", "year"])


def _sum(crime: str, thing: str) -> str:
    return f"rnid_{crime}_{thing}_sum"


def _federal(shared: Path) -> pd.DataFrame:
    """Federal case files; those of the hydrocarbons law stand apart from 2019 on only."""
    source = pd.read_parquet(
        shared / "found2026" / "sesnsp_federal_state_month_2012_2025-07.parquet"
    ).set_index(["cve_ent", "year", "month"])
    year, month = FEDERAL_LAST
    parts = []
    for column, measure in LAWS.items():
        told = source[column].dropna()
        first = int(told.index.get_level_values("year").min())
        part = wide(told, [*STATES, ABROAD], range(first, year + 1))
        part.loc[part["year"] == year, MONTHS[month:]] = pd.NA
        part.insert(0, "measure", measure)
        parts.append(part)
    return pd.concat(parts).sort_values(["measure", "place", "year"])
