"""Events, one row each: ACLED, UCDP GED and OCVED, in the same few steps.

* ACLED: a user's own export, read under the user's own licence; its texts are not kept. It dates
  every event at least to the month (``time_precision`` 1-3), so all of them enter months.
* OCVED 2.0: mentions of criminal groups in the press, coded by machine, 2000-2018. A month without
  a row is a month without a report: more press is more presence. "Other" and "Unidentified Criminal
  Group" are no groups and are not counted among them.
* UCDP Georeferenced Event Dataset: events of organised violence, with their doubt about dates. Only
  events dated to the month or better (``date_prec`` 1-3) enter months; all of them enter years. No
  event is no report, not absence: a pair of groups is followed only once it has killed 25 people in
  a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, glance
from hidra.data.sources.base import Context, add_rows, at_every_level, described, note, start

if TYPE_CHECKING:
    import duckdb

ACLED_COLUMNS = {
    "event": ("event_id_cnty",),
    "day": ("event_date",),
    "kind": ("event_type",),
    "state": ("admin1",),
    "country": ("country",),
    "deaths": ("fatalities",),
}
FORMATS = "['%Y-%m-%d', '%d %B %Y', '%d %b %Y', '%d/%m/%Y']"


def _acled_recognise(seen: Glance) -> bool:
    return seen.has("event_id_cnty", "event_date", "admin1", "fatalities")


def _acled_read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    file = files[0].name
    readers.text_table(
        con, glance(files[0]), ACLED_COLUMNS, context, optional=frozenset({"country"})
    )
    con.execute("DELETE FROM source_rows WHERE country IS NOT NULL AND country <> 'Mexico'")
    readers.events_once(con, file, "event")
    readers.refuse_cells(
        con,
        file,
        f"try_strptime(day, {FORMATS}) IS NULL OR {readers.numbers('deaths')}",
        "event, day, deaths",
        _("An event with a date or a number that cannot be"),
    )
    for name in readers.state_codes(con, "state"):
        note(con, file, "code unknown", _("state '{name}' is none: 33", name=name))
    for measure, value in (
        ("acled_events", "count(*)"),
        ("acled_fatalities", f"sum({readers.number('deaths')})"),
    ):
        add_rows(
            con,
            ACLED,
            f"""
            WITH dated AS (
                SELECT code AS place, strftime(try_strptime(day, {FORMATS}), '%Y-%m') AS month,
                       deaths
                FROM source_rows JOIN state_names ON coalesce(state, '') = state_names.name),
            levels AS (FROM dated UNION ALL SELECT '00', month, deaths FROM dated)
            SELECT place, month, '{measure}' AS measure, {value} AS value, 'final' AS status
            FROM levels GROUP BY place, month
            """,
            vintage=context.accessed,
        )


ACLED = described("acled", _acled_recognise, _acled_read)


OCVED_COLUMNS = {
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


def _ocved_recognise(seen: Glance) -> bool:
    return seen.has("actor_main", "actor_sub", "year", "month") and bool(
        seen.folded.intersection(OCVED_COLUMNS["town"])
    )


def _ocved_read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    file = files[0].name
    readers.text_table(
        con, glance(files[0]), OCVED_COLUMNS, context, optional=frozenset({"day", "state"})
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
    dated = (
        "SELECT place, year || '-' || printf('%02d', month) AS month, group_main "
        "FROM incoming_events WHERE month IS NOT NULL AND {where}"
    )
    for measure, value, where in (
        ("ocved_mentions", "count(*)", "true"),
        ("ocved_groups", "count(DISTINCT group_main)", f"group_main NOT IN {NO_GROUP}"),
    ):
        add_rows(
            con,
            OCVED,
            f"""
            SELECT place, month, '{measure}' AS measure, {value} AS value, 'final' AS status
            FROM ({at_every_level(dated.format(where=where), "month, group_main")})
            GROUP BY place, month
            """,
            vintage=context.accessed,
        )


OCVED = described("ocved", _ocved_recognise, _ocved_read, tables=("events",))


WHOLE = (
    *("id", "year", "type_of_violence", "dyad_new_id", "where_prec", "date_prec"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low"),
)
TEXTS = ("conflict_name", "dyad_name", "side_a", "side_b", "adm_1", "adm_2")
UCDP_COLUMNS = {one: (one,) for one in (*WHOLE, *TEXTS, "latitude", "longitude", "date_start")}
FINEST = 3  # date_prec of an event dated to the month


def _ucdp_recognise(seen: Glance) -> bool:
    return seen.has("type_of_violence", "dyad_new_id", "date_prec", "best", "low", "high")


def _ucdp_read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    file = files[0].name
    readers.text_table(
        con,
        glance(files[0]),
        UCDP_COLUMNS | {"country": ("country",)},
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
    _ucdp_events(con)
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
    _ucdp_panel(con, context)


def _ucdp_events(con: duckdb.DuckDBPyConnection) -> None:
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


def _ucdp_panel(con: duckdb.DuckDBPyConnection, context: Context) -> None:
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


UCDP_GED = described("ucdp_ged", _ucdp_recognise, _ucdp_read, tables=("events",))


SOURCES = (UCDP_GED, OCVED, ACLED)
