"""UCDP Georeferenced Event Dataset: events of organised violence, with their doubt about dates.

Only events dated to the month or better (``date_prec`` 1-3) enter months; all of them enter
years. No event is no report, not absence: a pair of groups is followed only once it has
killed 25 people in a year.
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

WHOLE = (
    *("id", "year", "type_of_violence", "dyad_new_id", "where_prec", "date_prec"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low"),
)
TEXTS = ("conflict_name", "dyad_name", "side_a", "side_b", "adm_1", "adm_2")
COLUMNS = {one: (one,) for one in (*WHOLE, *TEXTS, "latitude", "longitude", "date_start")}
FINEST = 3  # date_prec of an event dated to the month


def _recognise(seen: Glance) -> bool:
    return seen.has("type_of_violence", "dyad_new_id", "date_prec", "best", "low", "high")


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    file = files[0].name
    readers.text_table(
        con,
        glance(files[0]),
        COLUMNS | {"country": ("country",)},
        context,
        optional=frozenset({"country"}),
    )
    con.execute("DELETE FROM source_rows WHERE country IS NOT NULL AND country <> 'Mexico'")
    readers.events_once(con, file, "id")
    readers.refuse_cells(
        con,
        file,
        f"best IS NULL OR year IS NULL OR {readers.numbers(*WHOLE, 'latitude', 'longitude')}"
        " OR TRY_CAST(date_start AS TIMESTAMP) IS NULL",
        "id, year, date_prec, best, date_start",
        _("An event with a number or a date that cannot be"),
    )
    missed = readers.state_codes(con, "adm_1")
    _events(con)
    for name in missed:
        note(con, file, "code unknown", _("state '{name}' is none: 33", name=name))
    undated = con.execute(
        f"SELECT coalesce(sum(best), 0) FROM incoming_events WHERE date_prec > {FINEST}"
    ).fetchall()[0][0]
    note(
        con,
        file,
        "unknown date",
        _("deaths in events dated to the year or less: in the yearly measures only"),
        n=int(undated),
    )
    _panel(con, context)


def _events(con: duckdb.DuckDBPyConnection) -> None:
    whole = ", ".join(f"CAST({readers.number(one)} AS BIGINT) AS {one}" for one in WHOLE)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE incoming_events AS
        SELECT {whole}, {", ".join(TEXTS)}, code AS place,
               {readers.number("latitude")} AS latitude, {readers.number("longitude")} AS longitude,
               CAST(CAST(date_start AS TIMESTAMP) AS DATE) AS date_start
        FROM source_rows JOIN state_names ON coalesce(adm_1, '') = state_names.name
        """
    ).fetchall()


def _panel(con: duckdb.DuckDBPyConnection, context: Context) -> None:
    level = "CASE GROUPING(place) WHEN 0 THEN place ELSE '00' END AS place"
    sets = "GROUP BY GROUPING SETS ((place, month), (month))"
    add_rows(
        con,
        UCDP_GED,
        f"""
        SELECT {level}, month, 'ucdp_deaths_dated' AS measure, sum(best) AS value,
               'undercount' AS status
        FROM (SELECT place, strftime(date_start, '%Y-%m') AS month, best FROM incoming_events
              WHERE date_prec <= {FINEST}) {sets}
        """,
        vintage=context.accessed,
    )
    for measure, column in (
        ("ucdp_deaths", "best"),
        ("ucdp_deaths_low", "low"),
        ("ucdp_deaths_high", "high"),
    ):
        add_rows(
            con,
            UCDP_GED,
            f"""
            SELECT {level}, month, '{measure}' AS measure, sum(n) AS value, 'final' AS status
            FROM (SELECT place, year || '-01' AS month, {column} AS n FROM incoming_events) {sets}
            """,
            vintage=context.accessed,
        )


UCDP_GED = described("ucdp_ged", _recognise, _read, tables=("events",))
SOURCES = (UCDP_GED,)
