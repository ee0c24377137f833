"""Whatever cells a cut of the SESNSP holds: empty stays unknown, sums of parts are the whole."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from hidra.data.sources import Context, source

from .layouts import sesnsp_text

MANNERS = ("Con arma de fuego", "Con arma blanca")
cells = st.lists(st.sampled_from(["", "0", "1", "7", "1,234"]), min_size=12, max_size=12)
tables = st.dictionaries(
    st.tuples(st.sampled_from((1001, 1999, 25006)), st.sampled_from(MANNERS)), cells, min_size=1
)


def number(cell: str) -> float | None:
    return float(cell.replace(",", "")) if cell else None


@settings(max_examples=25)
@given(tables)
def test_unknown_is_never_zero_and_parts_make_the_whole(rows) -> None:
    rows[25006, "Con otro elemento"] = ["1"] * 12  # every month is published
    text = [
        (
            2024,
            code // 1000,
            "E",
            code,
            "M",
            "La vida",
            "Homicidio",
            "Homicidio doloso",
            manner,
            *months,
        )
        for (code, manner), months in rows.items()
    ]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        file = Path(folder) / "x.csv"
        file.write_text(sesnsp_text(text, municipal=True, victims=False), "utf-8", newline="")
        source("sesnsp_cases").read(con, [file], Context("2026-11-21", Path(folder)))
        found = {
            (place, int(month[5:])): (value, status)
            for place, month, value, status in con.execute(
                "SELECT place, month, value, status FROM incoming"
                " WHERE measure = 'sesnsp_homicide_files'"
            ).fetchall()
        }
    for month in range(1, 13):
        whole: list[float | None] = []
        for code in {code for code, _ in rows}:
            parts = [number(c[month - 1]) for (town, _), c in rows.items() if town == code]
            whole += parts
            check(found[f"{code:05d}", month], parts)
        check(found["00", month], whole)


def check(cell: tuple[float | None, str], parts: list[float | None]) -> None:
    known = [one for one in parts if one is not None]
    assert cell[0] == (sum(known) if known else None)
    assert (cell[1] == "undercount") == (len(known) < len(parts))
