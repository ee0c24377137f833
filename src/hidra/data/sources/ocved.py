"""OCVED 2.0: mentions of criminal groups in the press, coded by machine, 2000-2018.

A month without a row is a month without a report: more press is more presence. "Other" and
"Unidentified Criminal Group" are no groups and are not counted among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, glance
from hidra.data.sources.base import Context, add_rows, described, note, start

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
        _("A mention with a year, a month or a municipality that cannot be"),
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
        note(con, file, "unknown date", _("mentions without a month: in no month"), n=undated[0][0])
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


OCVED = described("ocved", _recognise, _read, tables=("events",))
SOURCES = (OCVED,)
