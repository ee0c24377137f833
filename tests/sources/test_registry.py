"""The registry says where files lie, and does not claim what nobody verified."""

import duckdb
import pytest

from hidra.core.errors import SpecError
from hidra.core.i18n import _, translate
from hidra.data import fetch
from hidra.data.sources import base, sources


def test_every_open_source_has_a_primary_and_an_archive_address() -> None:
    listed = {row["source"] for row in fetch._rows()}
    assert listed <= set(sources()), "no file without a source"
    for name in listed:
        assert sources()[name].access == "open"
        for file in fetch.files(name):
            assert len(file.addresses) >= 2 or name == "rnpdno", "a living register has none"
            assert all(one.startswith(("https://", "http://")) for one in file.addresses)
            assert "{" not in "".join((file.name, *file.addresses))


def test_sums_are_whole_or_absent() -> None:
    for row in fetch._rows():
        assert row["sha256"] == "" or len(row["sha256"]) == 64


def test_years_choose_the_files_that_hold_them() -> None:
    names = [one.name for one in fetch.files("inegi_deaths", years=(2016, 2018))]
    assert names == [
        "defunciones_generales_base_datos_2015_2019_dbf.zip",
        "conjunto_de_datos_defunciones_generales_2017_csv.zip",
        "conjunto_de_datos_defunciones_registradas_2018_csv.zip",
    ]


def test_every_year_of_deaths_since_1990_is_listed() -> None:
    covered = {
        year
        for one in fetch.files("inegi_deaths")
        for year in range(one.first_year, one.last_year + 1)
    }
    assert covered == set(range(1990, 2025))


def test_an_unknown_source_is_answered_with_the_closest() -> None:
    with pytest.raises(SpecError, match="inegi_death"):
        fetch.files("inegi_death")


def test_a_note_can_be_told_in_spanish_after_it_lay_in_a_table():
    told = _("tables of the zip that are not of {source}: {names}", source="a", names="b")
    with duckdb.connect() as con:
        base.start(con)
        base.note(con, "file.zip", "rows left out", told, n=1)
        base.note(con, "file.zip", "count", "in the words of another program", row=2)
        first, second = base.notes(con)
    assert first == {"file": "file.zip", "row": None, "kind": "rows left out", "n": 1,
                     "detail": "tables of the zip that are not of a: b"}  # fmt: skip
    assert translate(first["detail"], "es") == translate(told, "es") != first["detail"]
    assert second["detail"] == translate(second["detail"], "es")
