"""INEGI deaths: what is counted, when it is known, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from hidra.core.errors import SourceError

from .layouts import DEATH_FIELDS, dbf_bytes, death, deaths_zip

TWO_YEARS = {
    2021: [
        death("25006", "X959", "2021-03", "2021-03"),
        death("25006", "X990", "2021-03", "2021-04"),
        death("25006", "Y350", "2021-03", "2021-03"),
        death("25006", "I219", "2021-03", "2021-03"),
        death("25012", "I219", "2021-05", "2021-05"),
        death("25006", "X954", "2020-12", "2021-01"),  # late: its own table is not loaded
        death("25006", "X954", "2021-99", "2021-02"),
        death("25006", "X954", "9999-99", "2021-02"),
        death("33840", "X954", "2021-03", "2021-03"),  # killed in the United States
        death("99999", "Y09X", "2021-03", "2021-03"),
    ],
    2022: [
        death("25006", "X95", "2021-03", "2022-01"),  # late registration of March 2021
        death("25006", "X911", "2022-07", "2022-08"),
        death("20905", "X85X", "2022-07", "2022-08"),  # Oaxaca: district known, municipality not
    ],
}


@pytest.fixture
def editions(tmp_path: Path) -> list[Path]:
    return [
        deaths_zip(tmp_path / f"edr{year}.zip", year, rows, upper=year == 2021)
        for year, rows in TWO_YEARS.items()
    ]


def test_a_month_of_occurrence_adds_late_registrations(
    con, read, value, editions, tmp_path
) -> None:
    read(*editions)
    assert value("25006", "2021-03", "inegi_homicides") == 3
    assert value("25006", "2021-03", "inegi_firearm_homicides") == 2
    assert value("25006", "2021-03", "inegi_legal_intervention_deaths") == 1
    assert value("25006", "2022-01", "inegi_homicides_registered") == 1
    assert value("25006", "2022-01", "inegi_homicides") == 0


def test_unknown_is_kept_apart_from_zero(con, read, value, editions, tmp_path) -> None:
    read(*editions)
    assert value("25012", "2021-03", "inegi_homicides") == 0, "its deaths are all natural"
    assert value("20999", "2021-03", "inegi_homicides") == "no row", "not yet seen"
    assert value("25006", "2020-12", "inegi_homicides") == "no row", "its table is missing"
    assert value("25006", "2021-01", "inegi_homicides_month_unknown") == 1
    kinds = dict(con.execute("SELECT kind, sum(n) FROM incoming_notes GROUP BY 1").fetchall())
    assert kinds["rows left out"] == 1
    assert kinds["unknown date"] == 1


def test_levels_add_up_and_abroad_is_part_of_the_nation(
    con, read, value, editions, tmp_path
) -> None:
    read(*editions)
    assert value("33", "2021-03", "inegi_homicides") == 2
    assert value("33999", "2021-03", "inegi_homicides") == 2
    wrong = con.execute(
        """
        SELECT month, measure FROM incoming GROUP BY ALL
        HAVING sum(value) FILTER (place = '00') <> sum(value) FILTER (length(place) = 5)
            OR sum(value) FILTER (place = '00')
               <> sum(value) FILTER (length(place) = 2 AND place <> '00')
        """
    ).fetchall()
    assert wrong == []
    registered = con.execute(
        "SELECT sum(value) FROM incoming WHERE place = '00' AND month < '2022'"
        " AND measure = 'inegi_homicides_registered'"
    ).fetchone()
    assert registered == (7,)


def test_the_newest_year_is_an_undercount(con, read, value, editions, tmp_path) -> None:
    read(*editions)
    found = con.execute(
        "SELECT DISTINCT left(month, 4), status FROM incoming WHERE measure = 'inegi_homicides'"
        " ORDER BY 1"
    ).fetchall()
    assert found == [("2021", "final"), ("2022", "undercount")]


def microdata(path: Path, members: dict[str, list[dict[str, object]]], language: int = 3) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in members.items():
            archive.writestr(name, dbf_bytes(DEATH_FIELDS, rows, language=language))
        catalogue = (("CVE", "C", 4), ("DESCRIP", "C", 60))
        archive.writestr(
            "CATMINDE.DBF",
            dbf_bytes(catalogue, [{"cve": "X95", "descrip": "Agresión"}] * 99, encoding="cp850"),
        )
    return path


def test_microdata_bundles_hold_several_years_and_both_classifications(
    read, value, tmp_path
) -> None:
    bundle = microdata(
        tmp_path / "defunciones_generales_base_datos_1995_1999_dbf.zip",
        {
            "DEFUN97.DBF": [  # two-digit years, ICD-9 without E, three-character codes
                death("08037", "9650", "97-11", "97-12"),
                death("08037", "961X", "97-11", "97-12"),
                death("08037", "966", "97-11", "97-12"),
                death("08037", "978", "97-11", "97-12"),
                death("08037", "8150", "97-11", "97-12"),
                death("08037", "9654", "99-99", "97-12"),  # year unknown
                death("08037", "9655", "97-12", "97-12"),  # explosive: no firearm
            ],
            "DEFUN98.DBF": [
                death("08037", "X954", "1998-01", "1998-02"),
                death("08037", "X850", "1997-11", "1998-02"),
            ],
        },
    )
    read(bundle)
    assert value("08037", "1997-11", "inegi_homicides") == 4
    assert value("08037", "1997-11", "inegi_firearm_homicides") == 1
    assert value("08037", "1997-11", "inegi_legal_intervention_deaths") == 1
    assert value("08037", "1997-12", "inegi_homicides_registered") == 5
    assert value("08037", "1997-12", "inegi_firearm_homicides") == 0
    assert value("08037", "1998-01", "inegi_firearm_homicides") == 1


def test_the_open_edition_stands_where_a_bundle_repeats_its_year(
    con, read, value, editions, tmp_path
) -> None:
    bundle = microdata(
        tmp_path / "bundle.zip",
        {"DEFUN21.dbf": [death("25006", "X959", "2021-03", "2021-03")] * 50},
    )
    read(*editions, bundle)
    assert value("25006", "2021-03", "inegi_homicides") == 3


def test_one_year_in_two_open_editions_is_refused(con, read, value, editions, tmp_path) -> None:
    again = deaths_zip(tmp_path / "again.zip", 2021, TWO_YEARS[2021])
    with pytest.raises(SourceError, match="registered in 2021") as caught:
        read(*editions, again)
    assert "again.zip" in caught.value.where and "edr2021.zip" in caught.value.where


def test_a_code_in_no_catalogue_is_reported(con, read, value, editions, tmp_path) -> None:
    read(*editions, municipalities={"25006": "Culiacán"})
    found = con.execute("SELECT detail, n FROM incoming_notes WHERE kind = 'code unknown'")
    assert found.fetchall() == [("municipality 25012 is in no catalogue", 1)]


@pytest.mark.parametrize(
    ("broken", "row"),
    [
        (death("25006", "X959", "2021-13", "2021-03"), "row 4"),
        (death("25006", "", "2021-03", "2021-03"), "row 4"),
        (death("25006", "X959", "2021-03", "0-03"), "row 4"),
    ],
)
def test_a_record_that_cannot_be_is_named_by_its_row(read, tmp_path, broken, row) -> None:
    sound = death("25006", "X959", "2021-03", "2021-03")
    file = deaths_zip(tmp_path / "edr2021.zip", 2021, [sound, sound, broken, sound])
    with pytest.raises(SourceError) as caught:
        read(file)
    assert "edr2021.zip" in caught.value.where
    assert row in caught.value.where
    assert caught.value.fix
