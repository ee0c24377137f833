"""Every place x time table of the shared material comes in by a description, to the unit."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from hidra.data.checks import national_totals
from hidra.data.geography import kind_of
from hidra.data.importing import import_table
from hidra.data.keeping import Receipt
from hidra.data.panel import ask, reading
from hidra.data.spec import make_spec

from .shared_tables import CATALOGUES, DATA, EVENTS, NETWORKS, SHAPES, TABLES, description

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared material is not at {DATA}")


def test_every_file_is_a_table_here_or_has_a_loader_of_its_own():
    papers = {"MANIFEST-base.md", "MANIFEST-actors.md", "SHA256.txt", "claims_seeds.md"}
    files = {path.name for path in DATA.iterdir() if path.is_file()} - papers
    assert files == set(TABLES) | set(SHAPES + CATALOGUES + NETWORKS + EVENTS)
    assert len(TABLES) == 41


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("shared_home")


@pytest.fixture
def bring(shared_home, monkeypatch):
    """Import a table once for all tests of this file, into one panel that grows."""
    monkeypatch.setenv("HIDRA_HOME", str(shared_home))

    def once(name: str) -> Receipt:
        if name not in BROUGHT:
            BROUGHT[name] = import_table(DATA / name, make_spec(description(name)))
        return BROUGHT[name]

    return once


BROUGHT: dict[str, Receipt] = {}


def totals_in_file(name: str) -> dict[str, float]:
    """The sum of every value column, counted apart from the import."""
    spec = make_spec(description(name))
    reader = "read_parquet" if name.endswith("parquet") else "read_csv"
    rows = f"{reader}('{DATA / name}')"
    if spec.identical_rows == "once":
        rows = f"(SELECT DISTINCT {', '.join(spec.columns())} FROM {rows})"
    columns = {
        one.measure or "": f'sum("{one.column}")' if one.column else "count(*)"
        for one in spec.values
    }
    with duckdb.connect() as con:
        row = con.execute(f"SELECT {', '.join(columns.values())} FROM {rows}").fetchone()
    return {measure: total or 0 for measure, total in zip(columns, row, strict=True)}


def totals_of(receipt: Receipt, measures: list[str]) -> dict[str, float]:
    """The same sums in the panel: the parts a value was split into, added up again."""
    totals = dict.fromkeys(measures, 0.0)
    every = "SELECT measure, sum(value) AS total FROM panel_all WHERE source = ? GROUP BY 1"
    for entry in ask(every, [receipt.source], exact=True):
        whole = max((m for m in measures if str(entry["measure"]).startswith(m)), key=len)
        totals[whole] += float(entry["total"] or 0)
    for note in receipt.notes:
        if str(note["detail"]).startswith("Year unknown: "):
            assert len(measures) == 1
            totals[measures[0]] += float(str(note["detail"]).split()[2])
    return totals


LONG = {
    "population_mun_year_1990_2040.parquet",
    "population_mun_year_15_29_1990_2030.parquet",
    "avocado_mun_year_2003_2023.parquet",
    "rnpdno_mun_month_2010_2026.parquet",
    "homicides_inegi_mun_regmonth_1990_2015.parquet",
    "homicides_inegi_mun_occyear_regyear_sex_1990_2008.parquet",
    "homicides_inegi_mun_occyear_age_sex_1994_2010.parquet",
    "homicides_inegi_state_regmonth_sex_age_1990_2024.parquet",
    "conapo_marginalisation_mun_2010_2015_2020.parquet",
}  # seconds each, in layouts that others have too
EVERY = [pytest.param(one, marks=[pytest.mark.slow] * (one in LONG)) for one in sorted(TABLES)]


@pytest.mark.parametrize("name", EVERY)
def test_a_table_comes_in_whole(name, bring):
    expected = totals_in_file(name)
    found = totals_of(bring(name), list(expected))
    counts = {m: t for m, t in expected.items() if float(t).is_integer()}
    assert {m: found[m] for m in counts} == counts  # to the unit
    assert found == pytest.approx(expected, rel=1e-12)  # shares and percents, to rounding


def yearly(name: str, measure: str, exact: bool = True) -> dict[int, float]:
    """National sums per year of the measures that match, as kept or (not exact) as they leave."""
    rows = ask(
        "SELECT left(month, 4)::INTEGER AS year, sum(value) AS total FROM panel_sources "
        "WHERE source = ? AND regexp_full_match(measure, ?) GROUP BY 1 ORDER BY 1",
        [description(name)["source"], measure], exact=exact,
    )  # fmt: skip
    return {row["year"]: row["total"] for row in rows}


JOINED = {"rnpdno_mun_month_2010_2026.parquet"}  # small counts, whose sums stay what they were
FAST = {"homicides_inegi_mun_regmonth_1990_2015.parquet"}  # of the long ones the one others need
# The figures below are printed in the manifests of the material.
MANIFEST = [
    ("homicides_inegi_mun_regmonth_1990_2015.parquet", "inegi_homicides_registered",
     {2007: 8867, 2008: 14006, 2009: 19803, 2010: 25757, 2011: 27213, 2012: 25967, 2013: 23063,
      2014: 20010, 2015: 20762}),
    ("homicides_inegi_mun_occyear_age_sex_1994_2010.parquet", "homicides_by_occurrence_.*",
     {2007: 8833, 2008: 14214, 2009: 19725, 2010: 25000}),
    ("homicides_inegi_state_occmonth_2000_2022.parquet", "state_homicides", {2018: 34426}),
    ("homicides_inegi_state_regmonth_sex_age_1990_2024.parquet", "homicides_known_sex_age_.*",
     {2023: 29928, 2024: 31315}),
    ("sesnsp_victims_state_month_wide.csv", "victims_homicidio_doloso",
     dict(zip(range(2015, 2025), (17884, 22541, 28868, 33742, 34723, 34569, 33359, 30979, 29721,
                                  30046), strict=True))),
    ("sesnsp_mun_year_homicide_2011_2019.parquet", "files_homicidio_doloso",
     {2015: 16032, 2016: 19807, 2017: 24696, 2018: 29038, 2019: 29336}),
    ("sesnsp_mun_month_homicide_2024.parquet", "files_homicidio_doloso", {2024: 25449}),
    ("sspc_opensource_mun_month_2019_2021.parquet", "press_homicides", {2019: 27909}),
    ("rnpdno_mun_month_2010_2026.parquet", "rnpdno_missing",
     {2010: 4216, 2015: 4142, 2019: 8306, 2022: 8306, 2023: 10342, 2024: 12619, 2025: 12253}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "measure", "printed"),
    [pytest.param(*one, id=one[0], marks=[pytest.mark.slow] if one[0] in LONG - FAST else [])
     for one in MANIFEST],
)  # fmt: skip
def test_national_figures_per_year_are_those_of_the_manifest(name, measure, printed, bring):
    bring(name)
    for exact in (True, False) if name in JOINED else (True,):
        found = yearly(name, measure, exact)
        assert {year: found[year] for year in printed} == printed


@pytest.mark.slow
def test_population_is_conapos_to_the_person(bring):
    name = "population_mun_year_1990_2040.parquet"
    bring(name)
    found = yearly(name, "pop")
    printed = {1990: 84502988, 2010: 114756059, 2020: 128209170, 2024: 132274416}
    assert {year: found[year] for year in printed} == printed


def test_registration_equals_inegis_printed_total_in_26_of_26_years(bring):
    bring("homicides_inegi_mun_regmonth_1990_2015.parquet")
    with reading(exact=True) as con:
        (found,) = [
            (verdict, detail)
            for name, verdict, detail, source, _ in national_totals(con)
            if name == "national totals: inegi_homicides_registered" and "_mun_" in source
        ]
    assert found == ("ok", "municipality: 26 of 26 years equal the published total.")


@pytest.mark.parametrize("long", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_municipal_code_is_known_or_reported(bring, long):
    for name, spec in TABLES.items():
        if spec["place"].get("level") == "municipality" and (long or name not in LONG):
            bring(name)
    every = "SELECT DISTINCT place FROM added WHERE length(place) = 5"
    codes = {row["place"] for row in ask(every, exact=True)}
    unknown = {code for code in codes if kind_of(code) == "unknown"}
    every = "SELECT DISTINCT detail FROM notes WHERE kind = 'code unknown'"
    reported = ask(every, exact=True)
    assert unknown == {row["detail"].split()[0] for row in reported}
    assert len(codes) > 2478


def test_quarters_and_years_keep_their_period_and_a_nation_is_00(bring):
    bring("remittances_state_quarter_2003_2026.csv")
    bring("population_national_age_1970_2050.csv")
    rows = ask(
        "SELECT DISTINCT source, period, level(place) AS level FROM added "
        "WHERE regexp_matches(source, '^(remittances_state|population_national)') ORDER BY ALL",
        exact=True,
    )
    assert [(row["period"], row["level"]) for row in rows] == [
        ("year", "nation"),
        ("quarter", "state"),
    ]
