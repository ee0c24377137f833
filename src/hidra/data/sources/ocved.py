"""OCVED 2.0: mentions of criminal groups in the press, coded by machine, 2000-2018.

A month without a row is a month without a report: more press is more presence. "Other" and
"Unidentified Criminal Group" are no groups and are not counted among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data import readers
from hidra.data.readers import Glance, glance
from hidra.data.sources.base import Context, Measure, Source, add_rows, note, start

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    "year": ("year",),
    "month": ("month",),
    "day": ("day",),
    "state": ("state", "state_code"),
    "town": ("mun", "cvegeo"),
    "group_main": ("actor_main",),
    "group_part": ("actor_sub",),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
}
NO_GROUP = "('Other', 'Unidentified Criminal Group')"


def _recognise(seen: Glance) -> bool:
    return seen.has("actor_main", "actor_sub", "year", "month") and bool(
        seen.folded.intersection(COLUMNS["town"])
    )


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    file = files[0].name
    readers.text_table(
        con, glance(files[0]), COLUMNS, context, optional=frozenset({"day", "state"})
    )
    readers.refuse_cells(
        con,
        file,
        "town IS NULL OR group_main IS NULL OR year IS NULL"
        f" OR {readers.numbers('year', 'month', 'town')}",
        "year, month, town, group_main",
        "A mention with a year, a month or a municipality that cannot be",
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE incoming_events AS
        SELECT CAST(year AS INTEGER) AS year,
               CASE WHEN CAST(month AS INTEGER) BETWEEN 1 AND 12 THEN CAST(month AS INTEGER) END
                   AS month,
               lpad(town, 5, '0') AS place, group_main, group_part,
               {readers.number("latitude")} AS latitude, {readers.number("longitude")} AS longitude
        FROM source_rows
        """
    ).fetchall()
    undated = con.execute("SELECT count(*) FROM incoming_events WHERE month IS NULL").fetchall()
    if undated[0][0]:
        note(con, file, "unknown date", "mentions without a month: in no month", n=undated[0][0])
    for measure, value, where in (
        ("ocved_mentions", "count(*)", "true"),
        ("ocved_groups", "count(DISTINCT group_main)", f"group_main NOT IN {NO_GROUP}"),
    ):
        add_rows(
            con,
            OCVED,
            f"""
            WITH dated AS (SELECT place, year || '-' || printf('%02d', month) AS month, group_main
                           FROM incoming_events WHERE month IS NOT NULL AND {where}),
            levels AS (FROM dated UNION ALL SELECT left(place, 2), month, group_main FROM dated
                       UNION ALL SELECT '00', month, group_main FROM dated)
            SELECT place, month, '{measure}' AS measure, {value} AS value, 'final' AS status
            FROM levels GROUP BY place, month
            """,
            vintage=context.accessed,
        )


OCVED = Source(
    name="ocved",
    title_es="OCVED 2.0: grupos criminales mencionados en la prensa",
    title_en="OCVED 2.0: criminal groups mentioned in the press",
    publisher="Javier Osorio and Alejandro Beltrán",
    terms="MIT",
    citation="Osorio & Beltrán (2020), Enhancing the Detection of Criminal Organizations in "
    "Mexico using ML and NLP, OCVED 2.0",
    concept="mentions of a criminal group in the press of a day and municipality, machine coded",
    cadence="closed: 2000-2018",
    access="open",
    holds="cuts",
    level="event",
    measures=(
        Measure(
            "ocved_mentions",
            "mentions",
            "press mentions of criminal groups, month",
            "Menciones de grupos en la prensa",
            "Press mentions of groups",
        ),
        Measure(
            "ocved_groups",
            "groups",
            "distinct criminal groups named in the press, month",
            "Grupos distintos nombrados en la prensa",
            "Distinct groups named in the press",
        ),
    ),
    recognise=_recognise,
    read=_read,
    tables=("events",),
    homepage="https://github.com/javierosorio/OCVED_2.0",
)
SOURCES = (OCVED,)
