"""A description of every place x time table of ../shared/data, and which files are something else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("HIDRA_SHARED", Path(__file__).parents[3] / "shared"))
DATA = SHARED / "data"

# Not place x time: these have loaders of their own or are reference tables.
SHAPES = ["geo_estados.geojson", "geo_estados_small.geojson", "geo_fuel_pipelines.geojson",
          "geo_mexico.topojson", "geo_municipios.geojson"]  # fmt: skip
CATALOGUES = ["estados.csv", "municipios.csv", "ocved_actor_codebook.csv", "bacrim2020_groups.csv"]
NETWORKS = ["adjacency_estados.csv", "adjacency_municipios.csv", "bacrim2020_relations.csv"]
EVENTS = ["joint_operations_2005_2010.csv", "leadership_removals.csv", "ocved_events_2000_2018.parquet",
          "ppd_confrontations_aggressions_2006_2011.parquet", "ucdp_ged_mexico_1989_2023.parquet",
          "community_defence_places.csv"]  # fmt: skip

MUN = {"column": "cve_mun", "level": "municipality"}
GEO = {"column": "cvegeo", "level": "municipality"}
ENT = {"column": "cve_ent", "level": "state"}
STATE = {"column": "state_code", "level": "state"}
NATION = {"fixed": "00"}
YEAR = {"year": "year"}
MONTH = {"year": "year", "month": "month"}


def same(*columns: str, unit: str = "persons", prefix: str = "") -> list[dict[str, str]]:
    return [{"column": one, "measure": f"{prefix}{one}", "unit": unit} for one in columns]


def table(place: Any, time: Any, values: Any, **more: Any) -> dict[str, Any]:
    return {"place": place, "time": time, "values": values, **more}


NATIONAL_TOTALS = (
    "inegi_registered_cube", "inegi_registered_quoted", "inegi_occurrence_mun_to2010",
    "inegi_occurrence_state_2000_2022", "inegi_reg_known_sex_age", "sesnsp_files_mun",
    "sesnsp_victims_doloso", "sesnsp_victims_doloso_firearm", "sesnsp_victims_feminicidio",
    "sspc_open_source", "rnpdno_missing_dated", "population",
)  # fmt: skip
CRIMES = ("extorsion", "feminicidio", "homicidio_culposo", "homicidio_doloso", "lesiones_dolosas",
          "otros_vida", "secuestro", "trata", "homicidio_doloso_firearm", "homicidio_doloso_women")  # fmt: skip
MARGINALISATION = (
    "illiterate_15plus_pct", "no_basic_education_pct", "no_drainage_pct", "no_electricity_pct",
    "no_piped_water_pct", "dirt_floor_pct", "overcrowded_pct", "localities_lt_5000_pct",
    "income_le_2_min_wages_pct", "marginalisation_index_dp2", "marginalisation_index_normalised",
)  # fmt: skip
POVERTY = ("poverty_pct", "extreme_poverty_pct", "moderate_poverty_pct", "educational_lag_pct",
           "no_health_access_pct", "no_social_security_pct", "poor_housing_pct",
           "no_basic_services_pct", "food_deprivation_pct", "gini")  # fmt: skip
CONTEXT = ("educational_lag_pct", "no_health_access_pct", "remittances_2020_musd",
           "employed_primary_pct", "precarious_employment_pct", "urban_5000plus_pct")  # fmt: skip
TERRAIN = ("elevation_min_m", "elevation_max_m", "elevation_mean_m", "distance_to_state_capital_km",
           "road_km", "area_km2", "roads_m_per_km2")  # fmt: skip

TABLES: dict[str, dict[str, Any]] = {
    "homicides_inegi_mun_regmonth_1990_2015.parquet": table(
        MUN, {"year": "year_reg", "month": "month_reg"},
        [{"column": "homicides", "measure": "inegi_homicides_registered"}], missing_means="zero",
        concept="deaths by homicide, month of registration"),
    "homicides_inegi_mun_occyear_regyear_sex_1990_2008.parquet": table(
        MUN, {"year": "year_occ", "unknown_years": [0]},
        [{"column": "homicides", "measure": "homicides_by_occurrence"}],
        sum_over=["year_reg"], split_by=["sex"]),
    "homicides_inegi_mun_occyear_age_sex_1994_2010.parquet": table(
        MUN, {"year": "year_occ", "unknown_years": [0]},
        [{"column": "homicides", "measure": "homicides_by_occurrence"}],
        sum_over=["sex"], split_by=["age_band"], missing_means="zero", undercount_from="2010-01"),
    "homicides_inegi_mun_occmonth_1990_2008_some_states.parquet": table(
        MUN, {"year": "year_occ", "month": "month_occ", "unknown_years": [0], "unknown_months": [99]},
        [{"column": "homicides", "measure": "homicides_by_month_of_death"}]),
    "homicides_inegi_state_occmonth_2000_2022.parquet": table(
        ENT, MONTH, [*same("homicides", prefix="state_"),
                     {"column": "pop_interp", "measure": "population_interpolated"}],
        undercount_from="2022-01"),
    "homicides_inegi_state_regmonth_sex_age_1990_2024.parquet": table(
        ENT, {"year": "year_reg", "month": "month_reg"},
        [{"column": "homicides", "measure": "homicides_known_sex_age"}],
        split_by=["sex", "age_band"], missing_means="zero", status="undercount"),
    "national_totals_by_source.csv": table(NATION, YEAR, same(*NATIONAL_TOTALS, prefix="total_")),
    "sesnsp_victims_state_month_2015_2024.parquet": table(
        ENT, MONTH, [{"column": "victims", "measure": "victims", "unit": "victims"}],
        split_by=["crime"], sum_over=["modality", "sex", "age"], missing_means="zero"),
    "sesnsp_victims_state_month_wide.csv": table(
        ENT, MONTH, same(*CRIMES, unit="victims", prefix="victims_")),
    "sesnsp_mun_year_homicide_2011_2019.parquet": table(
        MUN, YEAR, same("homicidio_doloso", unit="case files", prefix="files_")),
    "sesnsp_mun_month_homicide_2024.parquet": table(
        MUN, MONTH, same("homicidio_doloso", "feminicidio", "homicidio_culposo",
                         unit="case files", prefix="files_")),
    "sesnsp_federal_crime_state_month_2012_2024.parquet": table(
        {**ENT, "recode": {"00": "33"}}, MONTH,
        [{"column": "cases", "measure": "federal", "unit": "case files"}],
        split_by=["law"], sum_over=["concept", "type"]),
    "sspc_opensource_mun_month_2019_2021.parquet": table(
        MUN, MONTH, same("homicides", "women_known", prefix="press_"), missing_means="zero"),
    "fuel_taps_mun_year_2007_2019.csv": table(
        MUN, YEAR, [*same("taps", unit="taps"), *same("pop", "homicides", prefix="taps_paper_"),
                    *same("n_cartels", "n_fuel_cartels", "fuel_mentions", unit="mentions")]),
    "population_mun_year_1990_2040.parquet": table(
        MUN, YEAR, same("pop", "pop_m", "pop_f"), provisional_from="2021-01"),
    "population_state_year_1970_2050.csv": table(
        ENT, YEAR, same("pop", "pop_f", "pop_m"), provisional_from="2021-01"),
    "population_mun_year_15_29_1990_2030.parquet": table(
        MUN, YEAR, [*same("pop1529", "pop1529_m", "pop1529_f"), *same("share1529", unit="share")]),
    "population_state_year_15_29_est_1990_2030.csv": table(
        ENT, YEAR, same("pop", "pop1529_est", "pop1529_scaled")),
    "population_national_age_1970_2050.csv": table(
        NATION, YEAR, same("pop", prefix="age_"), split_by=["age_group"]),
    "rnpdno_mun_month_2010_2026.parquet": table(
        MUN, MONTH, [{"column": "n", "measure": "rnpdno"}], split_by=["status"], sum_over=["sex"],
        missing_means="zero", provisional_from="2026-01"),
    "rnpdno_undated_by_state.csv": table(
        ENT, {"fixed": "2010 to 2026-07, without a date"}, [{"column": "n", "measure": "rnpdno_undated"}],
        split_by=["status"]),
    "ucdp_dyad_state_year.csv": table(
        {**STATE, "when_missing": "33"}, YEAR,
        [*same("deaths_best", "deaths_low", "deaths_high", prefix="ucdp_"),
         *same("events", unit="events", prefix="ucdp_")],
        sum_over=["dyad_name"], split_by=["type_of_violence"]),
    "ocved_presence_mun_year.parquet": table(
        GEO, YEAR, [*same("events", unit="events", prefix="ocved_"), *same("days", unit="days", prefix="ocved_")],
        split_by=["actor_main"]),
    "ocved_presence_state_month.csv": table(
        STATE, {**MONTH, "unknown_months": [""]}, same("events", unit="events", prefix="ocved_"),
        split_by=["actor_main"]),
    "coscia_rios_presence_mun_year_1990_2010.parquet": table(
        GEO, YEAR, [{"measure": "coscia_rios", "unit": "groups reported"}],
        count_rows=True, split_by=["group"]),
    "prieto_curiel_trends_2012_2021.csv": table(
        NATION, YEAR, same("homicides_inegi", "missing_persons_reported", "arrests_or_incarcerations", prefix="science2023_")),
    "security_forces_by_state.csv": table(
        STATE, {"period": "period"}, same("personnel"), split_by=["force"]),
    "trejo_ley_attacks_mun_year_2007_2012.parquet": table(
        GEO, YEAR, [*same("attacks_on_officials_candidates_activists", unit="attacks"),
                    *same("juxtaposition_index", unit="index")],
        identical_rows="once"),
    "mayor_party_mun_year_2006_2013.parquet": table(
        GEO, YEAR, [{"measure": "mayor", "unit": "mayors"}], count_rows=True, split_by=["mayor_party"]),
    "blockades_2026_02_22_by_state.csv": table(
        STATE, {"fixed": "2026-02"}, [*same("blockades_reported", unit="events"),
                                      *same("affected", unit="1 = yes")]),
    "conapo_marginalisation_mun_2010_2015_2020.parquet": table(
        GEO, YEAR, same(*MARGINALISATION, unit="percent or index", prefix="conapo_")),
    "conapo_marginalisation_state_2010_2015_2020.csv": table(
        STATE, YEAR, same(*MARGINALISATION, unit="percent or index", prefix="conapo_")),
    "coneval_poverty_mun_2010.parquet": table(
        GEO, {"fixed": "2010"}, same(*POVERTY, unit="percent", prefix="coneval_")),
    "coneval_context_mun_2020.parquet": table(
        GEO, {"fixed": "2020"}, same(*CONTEXT, unit="percent or million USD", prefix="coneval_")),
    "municipal_terrain_roads.csv": table(
        GEO, {"fixed": "2012"}, same(*TERRAIN, unit="m, km or km2", prefix="terrain_")),
    "avocado_mun_year_2003_2023.parquet": table(
        GEO, YEAR, [*same("planted_ha", "harvested_ha", "lost_ha", unit="ha"),
                    *same("production_t", unit="t"), *same("value_mxn", unit="MXN")]),
    "gdp_state_sector_2003_2024.csv": table(
        STATE, YEAR, [{"column": "value_constant_2018_mmxn", "measure": "gdp_constant", "unit": "million MXN of 2018"},
                      {"column": "value_current_mmxn", "measure": "gdp_current", "unit": "million MXN"}],
        split_by=["sector_code"], provisional_from="2023-01"),
    "remittances_state_quarter_2003_2026.csv": table(
        STATE, {"year": "year", "quarter": "quarter"}, same("remittances_usd", unit="USD")),
    "drivers_national.csv": table(
        NATION, {"period": "period"}, [{"column": "value"}], measure_column="indicator",
        unit_column="unit"),
    "drivers_state_partial.csv": table(
        STATE, {"period": "period"}, [{"column": "value"}], measure_column="indicator",
        unit_column="unit"),
    "journalists_killed_by_state_partial.csv": table(
        STATE, {"fixed": "2000 to 2025-11"},
        [{"column": "journalists_killed_2000_2025nov", "measure": "journalists_killed"}]),
}  # fmt: skip


def description(name: str) -> dict[str, Any]:
    """The spec of one table, complete."""
    return {
        "source": Path(name).stem,
        "title": Path(name).stem.replace("_", " "),
        "publisher": "see the manifest of the material",
        "terms": "see the manifest of the material",
        "accessed": "2026-11-21",
        "concept": f"figures of {Path(name).stem}",
        "unit": "persons",
        **TABLES[name],
    }
