"""Every source adds up, year by year and to the unit, to what it says of the whole country."""

from __future__ import annotations

import pandas as pd
import pytest

from hidra.data import reference
from hidra.data.checks import check, national_totals
from hidra.data.panel import reading

TOTALS = reference.table("national_totals").set_index("year")
PANEL = reference.panel()
SUMS = {
    "inegi_homicides": "inegi_homicides_annual",
    "sesnsp_homicide_victims": "sesnsp_homicide_victims_annual",
    "sesnsp_firearm_homicide_victims": "sesnsp_firearm_homicide_victims_annual",
    "sesnsp_femicide_victims": "sesnsp_femicide_victims_annual",
    "rnpdno_missing": "rnpdno_missing_annual",
}


def yearly(measure: str, places: str = r"\d\d") -> pd.Series:
    """Return yearly sums of a monthly measure over places; a year with a gap is unknown."""
    rows = PANEL[(PANEL["measure"] == measure) & PANEL["place"].str.fullmatch(places)]
    return rows.groupby(rows["month"].str[:4].astype(int))["value"].sum(min_count=1)


@pytest.mark.parametrize(("measure", "total"), SUMS.items())
def test_states_add_up_to_the_national_total_of_the_same_source(measure: str, total: str) -> None:
    printed = TOTALS[total].dropna()
    assert yearly(measure).loc[printed.index].tolist() == printed.tolist()
    assert len(printed) >= 10


def test_registered_months_add_up_to_registered_years() -> None:
    printed = TOTALS["inegi_homicides_registered_annual"].loc[2000:2015]
    assert yearly("inegi_homicides_registered", "00").tolist() == printed.tolist()


def test_population_of_the_nation_is_the_one_used_for_rates() -> None:
    nation = yearly("population", "00")
    printed = TOTALS["population"].loc[2000:]
    assert nation.loc[printed.index].tolist() == printed.tolist()


def test_missing_persons_by_year_are_the_printed_ones() -> None:
    missing = yearly("rnpdno_missing")
    printed = {
        2010: 4_216,
        2015: 4_142,
        2019: 8_306,
        2022: 8_306,
        2023: 10_342,
        2024: 12_619,
        2025: 12_253,
    }
    assert {year: missing[year] for year in printed} == printed
    assert missing.sum() == 118_605  # dated, to July 2026


def test_the_unknown_state_is_kept_and_undated_records_stay_apart() -> None:
    undated = reference.table("missing_rnpdno_undated")
    assert undated.groupby("measure")["persons"].sum()["rnpdno_missing"] == 10_387
    assert "33" in set(undated["place"])
    dated = reference.table("missing_rnpdno_state_month")
    assert "33" in set(dated["place"])


def test_months_the_register_had_not_reached_have_no_row() -> None:
    rows = PANEL[PANEL["measure"] == "rnpdno_missing"]
    assert rows["month"].max() == "2026-07"
    assert rows["value"].notna().all()
    status = rows.drop_duplicates("month").set_index("month")["status"]
    assert status[["2025-06", "2025-07", "2026-06", "2026-07"]].tolist() == [
        "final", "provisional", "provisional", "undercount",
    ]  # fmt: skip


def test_case_files_before_and_after_the_change_of_method_are_two_measures() -> None:
    old = TOTALS["sesnsp_homicide_files_old_method"].dropna()
    new = TOTALS["sesnsp_homicide_files"].dropna()
    assert old.index.tolist() == [2011, 2012, 2013, 2014]
    assert new.tolist() == [
        16_119, 20_147, 25_031, 29_091, 29_499, 28_839, 28_278, 26_288, 25_311, 25_463, 20_191,
    ]  # fmt: skip
    assert new.index.tolist() == list(range(2015, 2026))


@pytest.mark.parametrize("places", ["00", "(0[1-9]|[12][0-9]|3[0-2])"])
def test_case_files_of_states_and_nation_are_the_printed_totals(places: str) -> None:
    assert yearly("sesnsp_homicide_files", places).tolist() == (
        TOTALS["sesnsp_homicide_files"].dropna().tolist()
    )


def test_registered_homicides_stand_in_three_cuts() -> None:
    final = TOTALS["inegi_homicides_registered_quoted"]
    assert final.loc[2019:2024].tolist() == [36_661, 36_773, 35_700, 33_287, 32_252, 33_550]
    assert final.loc[2019:2024].sum() == 208_223  # as INEGI's bulletin of 10 November 2025 adds it
    counted = TOTALS["inegi_homicides_registered_microdata"]
    assert counted[[2022, 2023]].tolist() == [33_291, 32_253]
    assert pd.isna(counted[2024])
    first = TOTALS["inegi_homicides_first_release"]
    assert first.loc[2022:2024].tolist() == [32_223, 31_062, 33_241]
    assert (first.loc[2022:2024] < final.loc[2022:2024]).all()


def test_what_occurred_and_was_registered_in_2024_is_part_of_what_was_registered() -> None:
    deaths = yearly("inegi_homicides_occurred_and_registered")
    assert deaths.to_dict() == {2024: 32_065}
    assert deaths[2024] < TOTALS["inegi_homicides_registered_quoted"][2024]
    rows = PANEL[PANEL["measure"] == "inegi_homicides_occurred_and_registered"]
    assert set(rows["status"]) == {"undercount"}
    assert rows.set_index("place")["value"]["33"] == 163


def test_victims_of_the_nation_are_of_a_later_cut_and_little_apart() -> None:
    later, earlier = yearly("sesnsp_homicide_victims_annual"), yearly("sesnsp_homicide_victims")
    assert later[[2024, 2025]].tolist() == [30_060, 23_609]
    assert (later - earlier).loc[2015:2024].abs().max() == 14


def test_occurrence_falls_short_of_registration_as_the_catalogue_says() -> None:
    share = TOTALS["inegi_homicides_annual"] / TOTALS["inegi_homicides_registered_quoted"]
    assert share.loc[2012:2022].between(0.93, 1.003).all()
    assert TOTALS["inegi_homicides_annual"][2018] == 34_426
    assert TOTALS["inegi_homicides_registered_quoted"][2018] == 36_687


def test_the_series_of_the_paper_ends_where_it_was_published() -> None:
    annual = reference.table("science2023_annual").set_index("year")
    assert annual.loc[2012].tolist() == [25_967, 10_760, 102_535]
    assert annual.loc[2021].tolist() == [35_625, 22_470, 119_252]
    assert annual.index.tolist() == list(range(2012, 2022))


def test_totals_are_expected_of_the_newest_cut_and_an_older_one_may_be_apart() -> None:
    with reading(exact=True) as con:
        found_rows = [row for row in national_totals(con) if row[4].endswith("_files")]
    found = {(row[3], row[4]): row[1] for row in found_rows}
    older = ("homicide_files_municipality_year", "sesnsp_homicide_files")
    assert found == {("sesnsp_state_year", "sesnsp_homicide_files"): "ok", older: "ok"}
    (said,) = [row[2] for row in found_rows if row[3] == older[0]]
    assert said.endswith("each cut revises the years before it.")
    assert [one for one in check() if one.verdict == "fails"] == []


def test_a_table_cut_short_does_not_pass_for_the_years_it_has() -> None:
    """What is left of a year is looked at, and nothing compared is no agreement."""
    told = {}
    for last in ("2015-12", "2015-09", "1989-12"):
        with reading(frozen=False, exact=True) as con:
            con.execute(f"CREATE TEMP VIEW cut AS FROM panel_all WHERE month <= '{last}'")
            con.execute("CREATE OR REPLACE TEMP VIEW panel_sources AS FROM cut")
            told[last] = {row[4]: row[1:3] for row in national_totals(con)}
    registered = [found["inegi_homicides_registered"] for found in list(told.values())[:2]]
    assert registered == [
        ("ok", "nation: 16 of 16 years equal the published total."),
        ("look", "nation: 15 of 15 years equal the published total; of 2015 there are 9 months."),
    ]
    assert {row[0] for row in told["1989-12"].values()} == {"not run"}
