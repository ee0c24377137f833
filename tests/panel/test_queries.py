"""SQL for users: everything in the panel, nothing but reading."""

from __future__ import annotations

import json

import pytest

REFUSED = [
    "INSERT INTO panel VALUES ('00')",
    "CREATE TABLE x AS SELECT 1",
    "DROP VIEW panel",
    "COPY panel TO 'x.csv'",
    "ATTACH 'x.db'",
    "EXPORT DATABASE 'x'",
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "PRAGMA database_list",
    "SELECT 1; SELECT 2",
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM glob('{folder}/*')",
    "WITH gone AS (DELETE FROM built_in RETURNING *) SELECT * FROM gone",
    "SELECT * FROM '{file}'",
    "SELECT * FROM query('COPY panel TO ''{folder}/stolen.csv''')",
    "",
]


@pytest.mark.parametrize("query", REFUSED)
def test_only_reading_the_panel_is_possible(query, hidra, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    code, out, err = hidra("data", "sql", query.format(file=secret, folder=tmp_path), "--json")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 3 and "what to do: " in err
    assert [one.name for one in tmp_path.iterdir()] == ["secret.csv"]


def test_python_variables_are_not_read_as_tables(hidra):
    import pandas as pd

    frame = pd.DataFrame({"a": [1]})
    assert hidra("data", "sql", "SELECT * FROM frame")[0] == 2
    assert len(frame) == 1


def test_the_panel_has_the_columns_of_the_architecture(answer):
    names = [row["column_name"] for row in answer("data", "sql", "DESCRIBE panel")]
    assert names == ["place", "month", "measure", "value", "source", "concept", "vintage",
                     "status", "period", "unit"]  # fmt: skip


def test_unknown_is_null_in_json_and_no_nan_stands_in_it(hidra):
    code, out, _ = hidra(
        "data", "sql", "SELECT NULL AS a, 'nan'::DOUBLE AS b, DATE '2024-01-02' AS c", "--json"
    )
    assert code == 0 and json.loads(out) == [{"a": None, "b": None, "c": "2024-01-02"}]


def test_a_misspelt_column_is_answered_with_the_columns(hidra):
    code, _, err = hidra("data", "sql", "SELECT vallue FROM panel")
    assert code == 2 and '"value"' in err.splitlines()[2]


def test_rates_are_annualised_on_the_days_of_the_month(answer):
    (row,) = answer(
        "data", "sql",
        "SELECT value, population, population_source, rate FROM rates "
        "WHERE measure = 'inegi_homicides' AND place = '08' AND month = '2010-06'",
    )  # fmt: skip
    assert row["rate"] == pytest.approx(1e5 * row["value"] / row["population"] * 365 / 30)
    assert row["population_source"] == "population_state_year"
    leap = answer(
        "data", "sql", "SELECT days('2012-02', 'month') AS d, days('2012-01', 'year') AS y"
    )
    assert leap == [{"d": 29, "y": 366}]


def test_without_a_population_a_rate_is_unknown(answer, own):
    table, spec = own("cve_mun,year,month,killed\n8037,1960,1,5\n08019,1960,1,0\n")
    answer("data", "import", table, "--spec", spec)
    rows = answer("data", "sql", "SELECT DISTINCT rate FROM rates WHERE source = 'our_counts'")
    assert rows == [{"rate": None}]


def test_every_built_in_measure_means_one_thing(answer):
    rows = answer(
        "data",
        "sql",
        "SELECT measure FROM measures GROUP BY measure HAVING count(DISTINCT concept) > 1",
    )
    assert rows == []


def test_missing_persons_are_built_in_by_state_only(answer):
    rows = answer(
        "data",
        "sql",
        "SELECT max(length(place)) AS n FROM panel WHERE starts_with(measure, 'rnpdno')",
    )
    assert rows == [{"n": 2}]


def test_provisional_and_undercounted_months_are_flagged(answer):
    rows = answer(
        "data",
        "sql",
        "SELECT min(month) AS first FROM panel WHERE measure = 'inegi_homicides' AND status = 'undercount'",
    )
    assert rows == [{"first": "2022-01"}]


# Printed in the manifests of the material; occurrence, victims, firearm victims, files.
PUBLISHED = {
    "inegi_homicides": {2007: 8837, 2010: 26046, 2018: 34426},
    "inegi_homicides_registered": {2007: 8867, 2008: 14006, 2009: 19803, 2010: 25757, 2011: 27213,
                                   2012: 25967, 2013: 23063, 2014: 20010, 2015: 20762},
    "sesnsp_homicide_victims": dict(zip(range(2015, 2025), (17884, 22541, 28868, 33742, 34723,
                                        34569, 33359, 30979, 29721, 30046), strict=True)),
    "sesnsp_firearm_homicide_victims": {2015: 10455, 2018: 23936, 2024: 21928},
    "rnpdno_missing": {2010: 4216, 2015: 4142, 2019: 8306, 2022: 8306, 2023: 10342, 2024: 12619, 2025: 12253},
}  # fmt: skip


@pytest.mark.parametrize("measure", PUBLISHED)
def test_national_figures_of_the_built_in_tables_are_the_published_ones(measure, answer):
    rows = answer(
        "data", "sql",
        "SELECT left(month, 4)::INTEGER AS year, sum(value) AS total FROM panel "
        f"WHERE measure = '{measure}' AND level(place) <> 'municipality' GROUP BY 1",
    )  # fmt: skip
    found = {row["year"]: row["total"] for row in rows}
    assert {year: found[year] for year in PUBLISHED[measure]} == PUBLISHED[measure]


def test_split_municipalities_are_put_back_together(answer, own):
    text = "cve_mun,year,month,killed\n02001,2024,1,1\n02007,2024,1,2\n02002,2024,1,4\n02004,2024,1,8\n"
    table, spec = own(text)
    answer("data", "import", table, "--spec", spec)
    rows = answer(
        "data",
        "sql",
        "SELECT place, value FROM panel_stable WHERE source = 'our_counts' ORDER BY place",
    )
    assert rows == [{"place": "02001", "value": 7}, {"place": "02004", "value": 8}]
