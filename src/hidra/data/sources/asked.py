"""Research data that the user asks the authors for and brings: what their readers share.

The files are neither shipped nor downloaded. Names of persons in them are never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data.sources import tables
from hidra.data.sources.base import Context, Measure, Source, add_rows, note, start
from hidra.data.sources.glance import glance

if TYPE_CHECKING:
    import duckdb

TOWN = ("cvegeo", "cve_mun", "clave_municipio", "mun_code", "code", "mun", "municipality_code")
YEAR = ("year", "ano", "anio")


def town_sql(column: str = "place") -> str:
    """SQL of a five-character code from a number that lost its zero or gained a point."""
    return f"lpad(regexp_replace({column}, '\\.0$', ''), 5, '0')"


def with_sums(
    source: Source, con: duckdb.DuckDBPyConnection, select: str, context: Context
) -> None:
    """Add rows of municipalities (place, month, measure, n) with sums for states and nation."""
    add_rows(
        con,
        source,
        f"""
        WITH towns AS ({select}),
        levels AS (FROM towns UNION ALL SELECT left(place, 2), month, measure, n FROM towns
                   UNION ALL SELECT '00', month, measure, n FROM towns)
        SELECT place, month, measure, sum(n) AS value, 'final' AS status
        FROM levels GROUP BY ALL
        """,
        vintage=context.accessed,
    )


def load(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    columns: Mapping[str, Sequence[str]],
    context: Context,
    *,
    optional: frozenset[str] = frozenset(),
) -> None:
    """Read the columns wanted and refuse rows whose municipality cannot be."""
    start(con)
    tables.text_table(con, glance(file), columns, context, optional=optional)
    empty = con.execute("DELETE FROM source_rows WHERE place IS NULL").fetchall()[0][0]
    if empty:
        note(con, file.name, "rows left out", "rows without a municipality", n=empty)
    tables.refuse_cells(
        con,
        file.name,
        "TRY_CAST(place AS DOUBLE) IS NULL OR TRY_CAST(place AS DOUBLE) NOT BETWEEN 1001 AND 33999"
        if "town" not in columns
        else tables.numbers("place", "town"),
        "place",
        "A code of a municipality that cannot be",
    )


def yearly(name: str, unit: str, concept: str, es: str, en: str) -> Measure:
    """Describe a measure of a year."""
    return Measure(name, unit, concept, es, en, "year")
