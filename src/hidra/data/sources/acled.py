"""ACLED: a user's own export, read under the user's own licence; its texts are not kept."""

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
    "event": ("event_id_cnty",),
    "day": ("event_date",),
    "precision": ("time_precision",),
    "kind": ("event_type",),
    "state": ("admin1",),
    "country": ("country",),
    "deaths": ("fatalities",),
}
FORMATS = "['%Y-%m-%d', '%d %B %Y', '%d %b %Y', '%d/%m/%Y']"


def _recognise(seen: Glance) -> bool:
    return seen.has("event_id_cnty", "event_date", "admin1", "fatalities")


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    file = files[0].name
    readers.text_table(
        con, glance(files[0]), COLUMNS, context, optional=frozenset({"precision", "country"})
    )
    con.execute("DELETE FROM source_rows WHERE country IS NOT NULL AND country <> 'Mexico'")
    readers.events_once(con, file, "event")
    readers.refuse_cells(
        con,
        file,
        f"try_strptime(day, {FORMATS}) IS NULL OR {readers.numbers('deaths', 'precision')}",
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
                FROM source_rows JOIN state_names ON coalesce(state, '') = state_names.name
                WHERE coalesce(CAST(precision AS INTEGER), 1) <= 2),
            levels AS (FROM dated UNION ALL SELECT '00', month, deaths FROM dated)
            SELECT place, month, '{measure}' AS measure, {value} AS value, 'final' AS status
            FROM levels GROUP BY place, month
            """,
            vintage=context.accessed,
        )


ACLED = described("acled", _recognise, _read)
SOURCES = (ACLED,)
