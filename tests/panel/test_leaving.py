"""What leaves the panel says what it is, and small counts of persons are joined."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_an_export_carries_its_dictionary_and_its_sources(answer, tmp_path):
    done = answer("data", "export", "--to", tmp_path / "out", "--measure", "inegi_homicides")
    assert done["rows"] == 8832
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "panel.parquet", "panel.csv", "dictionary.csv", "sources.csv", "manifest.json"}  # fmt: skip
    told = {row["name"] for row in records(tmp_path / "out" / "dictionary.csv")}
    with duckdb.connect() as con:
        rows = con.execute(f"FROM '{tmp_path / 'out' / 'panel.parquet'}'")
        columns = {column[0] for column in rows.description}
        same = con.execute(
            f"SELECT count(*) FROM (FROM '{tmp_path / 'out' / 'panel.parquet'}' EXCEPT "
            f"FROM read_csv('{tmp_path / 'out' / 'panel.csv'}', all_varchar = true))"
        )
        assert same.fetchone() == (0,)
    assert columns | {"inegi_homicides"} == told
    (cited,) = records(tmp_path / "out" / "sources.csv")
    assert cited["publisher"].startswith("INEGI") and cited["terms"] and cited["accessed"]


@pytest.mark.parametrize("name", ["part.parquet", "part.csv"])
def test_one_file_and_its_dictionary_beside(answer, tmp_path, name):
    done = answer("data", "export", "--to", tmp_path / name, "--source", "population_state_year")
    assert done["rows"] == 3366 and (tmp_path / "part.dictionary.csv").exists()


def test_an_export_that_cannot_be_is_told(hidra, tmp_path):
    for words in (
        ("--to", tmp_path / "x.xlsx"),
        ("--to", tmp_path / "x.csv", "--measure", "no_such"),
    ):
        code, out, err = hidra("data", "export", *words)
        assert code == 2 and out == "" and len(err.splitlines()) == 3
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(hidra, tmp_path):
    (tmp_path / "file").write_text("")
    code, out, err = hidra("data", "export", "--to", tmp_path / "file" / "x.csv")
    assert code == 6 and out == "" and "could not be written" in err


MISSING = """cve_mun,year,month,sex,n
08037,2024,1,F,1
08037,2024,1,M,5
08037,2024,2,F,7
08019,2024,1,M,4
08019,2024,2,M,2
08001,2024,1,F,1
08002,2024,1,M,1
"""


def test_small_municipal_counts_of_missing_persons_are_joined_and_no_one_is_lost(
    answer, own, tmp_path
):
    table, spec = own(
        MISSING, values=[{"column": "n", "measure": "rnpdno_missing"}], split_by=["sex"]
    )
    answer("data", "import", table, "--spec", spec)
    done = answer("data", "export", "--to", tmp_path / "out.csv", "--source", "our_counts")
    assert done["joined"] == 4
    rows = records(tmp_path / "out.csv")
    assert [
        (r["place"], r["month"], r["measure"], float(r["value"]), r["period"]) for r in rows
    ] == [
        ("08037", "2024-01", "rnpdno_missing", 13, "year"),  # sexes and months joined
        ("08998", "2024-01", "rnpdno_missing", 8, "year"),  # two with one person, and the next
    ]
    assert sum(float(r["value"]) for r in rows) == 21  # all of them


def test_counts_that_are_said_to_be_open_leave_as_they_are(answer, own, tmp_path):
    table, spec = own("cve_mun,year,month,killed\n08001,2024,1,1\n", persons="open")
    answer("data", "import", table, "--spec", spec)
    answer("data", "export", "--to", tmp_path / "out.csv", "--source", "our_counts")
    (row,) = records(tmp_path / "out.csv")
    assert (row["place"], row["period"], float(row["value"])) == ("08001", "month", 1)


def test_status_tells_every_source_and_its_state(answer, own):
    table, spec = own()
    answer("data", "import", table, "--spec", spec)
    entries = {entry["name"]: entry for entry in answer("data", "status", "--offline")}
    ours = entries["our_counts"]
    assert {key: ours[key] for key in ("concept", "level", "from", "to", "rows", "vintage", "state")} == {
        "concept": "persons killed, documented by the organisation", "level": "municipality",
        "from": "2024-01", "to": "2024-02", "rows": 3, "vintage": "2026-10-01", "state": "added",
    }  # fmt: skip
    assert entries["homicides_inegi_state_month"]["state"] == "built in"
    assert {entry["state"] for entry in entries.values()} <= {
        "built in", "added", "not fetched", "bring your own file"}  # fmt: skip


def test_months_that_go_with_what_is_replaced_are_told(own, hidra):
    """A second slice of a series under the same date wiped out the first without a word."""
    table, spec = own()  # January and February 2024
    hidra("data", "import", table, "--spec", spec)
    table.write_text("cve_mun,year,month,killed\n08001,2025,1,4\n", encoding="utf-8")
    code, _out, error = hidra("data", "import", table, "--spec", spec)
    assert code == 4 and "import all its files at once" in error
    code, *told = hidra("data", "import", table, "--spec", spec, "--replace")
    assert code == 0 and "2 months from 2024-01 to 2024-02 were in what was replaced" in "".join(
        told
    )


def test_places_that_go_with_what_is_replaced_are_told(own, hidra):
    table, spec = own()  # 08019 and 08037
    hidra("data", "import", table, "--spec", spec)
    table.write_text("cve_mun,year,month,killed\n8037,2024,1,5\n8037,2024,2,1\n", encoding="utf-8")
    code, _out, told = hidra("data", "import", table, "--spec", spec, "--replace")
    assert code == 0 and "1 places from 08019 to 08019 were in what was replaced" in told


def test_status_says_in_spanish_what_is_counted(hidra):
    _code, told, _err = hidra("--lang", "es", "data", "status")
    assert (
        "  nivel estado, desde 2000-01" in told
        and "defunciones por homicidio, mes de ocurrencia" in told
    )
    assert "deaths by homicide" not in told


def test_every_source_in_the_panel_is_cited_with_its_terms(answer, own, hidra):
    table, spec = own()
    answer("data", "import", table, "--spec", spec)
    cited = {entry["name"]: entry for entry in answer("data", "cite")}
    used = {row["source"] for row in answer("data", "sql", "SELECT DISTINCT source FROM panel_all")}
    assert used <= set(cited)
    assert all(
        entry["terms"] and entry["publisher"] and entry["citation"] and entry["accessed"]
        for entry in cited.values()
    )
    _, out, _ = hidra("data", "cite")
    assert "An organisation" in out and "terms: internal" in out


def test_no_check_fails_on_the_built_in_tables(answer):
    found = answer("data", "check")
    assert [one for one in found if one["verdict"] == "fails"] == []
    names = {one["name"] for one in found}
    assert {"duplicates", "codes known", "sums of parts", "outliers", "silent shrinking",
            "one concept per measure", "sources have terms"} <= names  # fmt: skip
    totals = [one for one in found if one["name"].startswith("national totals")]
    assert len(totals) >= 8 and {one["verdict"] for one in totals} == {"ok"}


def test_a_total_that_is_not_the_published_one_fails_the_check(hidra, answer, own):
    rows = "".join(
        f"{state:02d}001,{year},{month},1\n"
        for state in range(1, 33)
        for year in (2007, 2008)
        for month in range(1, 13)
    )
    table, spec = own(
        "cve_mun,year,month,killed\n" + rows,
        values=[{"column": "killed", "measure": "inegi_homicides_registered"}],
    )
    answer("data", "import", table, "--spec", spec)
    code, out, err = hidra("data", "check", "--json")
    assert code == 4 and "national totals: inegi_homicides_registered" in err
    (wrong,) = [one for one in json.loads(out) if one["verdict"] == "fails"]
    assert "0 of 2 years" in wrong["detail"] and "−13622 (97 %) in 2008" in wrong["detail"]


def test_parts_that_do_not_add_up_are_said(answer, own):
    rows = "00,2020,100\n" + "".join(f"{state:02d},2020,3\n" for state in range(1, 33))
    table, spec = own(
        "place,year,n\n" + rows, place={"column": "place"}, time={"year": "year"},
        values=[{"column": "n", "measure": "ours"}],
    )  # fmt: skip
    answer("data", "import", table, "--spec", spec)
    (found,) = [f for f in answer("data", "check") if f["name"] == "sums of parts"]
    assert found["verdict"] == "look" and "4 apart" in found["detail"]


def test_a_month_that_no_row_names_is_said(answer, own):
    table, spec = own("cve_mun,year,month,killed\n08037,2023,11,1\n08037,2024,2,1\n")
    answer("data", "import", table, "--spec", spec)
    (found,) = [f for f in answer("data", "check") if f["name"] == "months without rows"]
    assert (found["verdict"], found["detail"][:8]) == ("look", "2 months")


def test_a_vintage_that_is_not_held_is_told(hidra):
    code, out, err = hidra("data", "diff", "2020-01-01", "2021-01-01")
    assert code == 2 and out == "" and "2020-01-01" in err


def test_offline_fetch_of_what_is_not_held_is_told(hidra, content):
    before = content()
    code, out, err = hidra("data", "fetch", "inegi_deaths", "--years", "2024", "--offline")
    assert code == 3 and out == "" and "network" in err
    code, _, err = hidra("data", "fetch", "inegi_deths", "--offline")
    assert code == 2 and "inegi_deaths" in err
    assert content() == before
