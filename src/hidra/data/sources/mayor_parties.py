"""Parties of mayors by municipality and year; the user brings it, names are never read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data.sources.asked import TOWN, YEAR, load, town_sql, yearly
from hidra.data.sources.base import Context, Source, add_rows, note
from hidra.data.sources.glance import Glance

if TYPE_CHECKING:
    import duckdb


PARTY = ("mayor_party", "party", "partido")


ATTACKS = ("attacks_on_officials_candidates_activists", "event_type")  # another table's


def _is_parties(seen: Glance) -> bool:
    return (
        bool(seen.folded.intersection(PARTY))
        and bool(seen.folded.intersection(TOWN))
        and bool(seen.folded.intersection(YEAR))
        and not seen.folded.intersection(ATTACKS)
    )


def _read_parties(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    load(con, files[0], {"place": TOWN, "year": YEAR, "party": PARTY}, context)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE incoming_parties AS
        SELECT DISTINCT {town_sql()} AS place, CAST(CAST(year AS DOUBLE) AS INTEGER) AS year,
               party
        FROM source_rows
        """
    ).fetchall()
    both = con.execute(
        "SELECT count(*) FROM (SELECT place, year FROM incoming_parties GROUP BY ALL"
        " HAVING count(*) > 1)"
    ).fetchall()[0][0]
    if both:
        note(con, files[0].name, "count", "municipality-years with two parties: kept both", n=both)
    add_rows(
        con,
        PARTIES,
        """
        SELECT place, year || '-01' AS month, 'mayor_parties' AS measure, count(*) AS value,
               'final' AS status
        FROM incoming_parties GROUP BY ALL
        """,
        vintage=context.accessed,
    )


PARTIES = Source(
    name="mayor_parties",
    title_es="Partido del alcalde por municipio y año",
    title_en="Party of the mayor by municipality and year",
    publisher="various compilations",
    terms="ask the compiler; cite",
    citation="as the compiler asks",
    concept="party or coalition in the mayor's office; names of persons are not read",
    cadence="closed",
    access="ask",
    holds="cuts",
    level="municipality",
    measures=(
        yearly(
            "mayor_parties",
            "parties",
            "parties in the mayor's office during the year",
            "Partidos en la alcaldía durante el año",
            "Parties in the mayor's office during the year",
        ),
    ),
    recognise=_is_parties,
    read=_read_parties,
    tables=("parties",),
)
SOURCES = (PARTIES,)
