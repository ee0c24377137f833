"""Whatever the records, the panel counts each homicide once, where and when it was recorded."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from hidra.data.sources import Context, source

from .layouts import DEATHS_NEW, DEATHS_OLD, csv_text, death

HOMICIDE = ("X850", "X929", "X954", "X999", "Y09X")
OTHER = ("I219", "Y10X", "Y350", "X84X", "W32", "E149")
records = st.builds(
    death,
    st.sampled_from(("25006", "25012", "01001", "20905", "33840", "99999")),
    st.sampled_from(HOMICIDE + OTHER),
    st.sampled_from(("2020-01", "2020-12", "2021-05", "2021-99", "2019-07", "9999-99")),
    st.sampled_from(("2020-12", "2021-01", "2021-06")),
)


def place(record: dict[str, object]) -> str:
    state, town = str(record["ent_ocurr"]), str(record["mun_ocurr"])
    if not "01" <= state <= "32":
        return "33999"
    return f"{state}999" if town >= "900" else state + town


def month(record: dict[str, object], year: str, number: str) -> str:
    return f"{record[year]}-{record[number]:02d}"


@settings(max_examples=25)
@given(st.lists(records, min_size=1, max_size=40))
def test_each_homicide_is_counted_once(rows: list[dict[str, object]]) -> None:
    rows += [death("01001", "I219", f"{year}-03", f"{year}-03") for year in (2020, 2021)]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        files = []
        for year, columns in ((2020, DEATHS_OLD), (2021, DEATHS_NEW)):
            file = Path(folder) / f"{year}.csv"
            kept = [row for row in rows if row["anio_regis"] == year]
            file.write_text(csv_text(columns, kept), "utf-8", newline="")
            files.append(file)
        source("inegi_deaths").read(con, files, Context("2026-11-21", Path(folder)))
        found = con.execute(
            "SELECT measure, place, month, value FROM incoming WHERE value > 0"
            " AND length(place) = 5 AND measure IN"
            " ('inegi_homicides', 'inegi_homicides_registered', 'inegi_homicides_month_unknown')"
        ).fetchall()
        nation = con.execute(
            "SELECT measure, sum(value) FROM incoming WHERE place = '00' GROUP BY 1"
        ).fetchall()
    killed = [row for row in rows if row["causa_def"] in HOMICIDE]
    expected = Counter(
        ("inegi_homicides_registered", place(row), month(row, "anio_regis", "mes_regis"))
        for row in killed
    )
    for row in killed:
        if row["anio_ocur"] in (2020, 2021):
            known = row["mes_ocurr"] != 99
            expected[
                "inegi_homicides" if known else "inegi_homicides_month_unknown",
                place(row),
                month(row, "anio_ocur", "mes_ocurr") if known else f"{row['anio_ocur']}-01",
            ] += 1
    assert {(measure, where, when): n for measure, where, when, n in found} == dict(expected)
    assert dict(nation)["inegi_homicides_registered"] == len(killed)
