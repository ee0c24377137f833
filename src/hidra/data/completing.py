"""After the rows: say what could not be placed or dated, and write out declared zeros."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hidra.core.weeks import months
from hidra.data import boundaries
from hidra.data.sources.base import note

if TYPE_CHECKING:
    import duckdb

STEP = {"month": 1, "quarter": 3, "year": 12}


def report_times(con: duckdb.DuckDBPyConnection, file: str) -> None:
    """Note what has no month or no year, with its total."""
    rows = con.execute(
        "SELECT known, count(*), sum(value) FROM cells JOIN time_keys ON key = time_key "
        "WHERE known <> 'all' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for known, rows_, total in rows:
        if known == "year":
            detail = f"Month unknown: {total:g} in all, kept as annual measures _month_unknown."
        else:
            detail = f"Year unknown: {total:g} in all, not in the panel, which needs a date."
        note(con, file, "unknown date", detail, n=rows_)


def report_places(con: duckdb.DuckDBPyConnection, file: str) -> None:
    """Note every code no catalogue knows, and what stands for no municipality or abroad."""
    known = boundaries.known_codes(con)
    places = con.execute(
        "SELECT place, count(*), sum(value) FROM incoming GROUP BY place ORDER BY place"
    ).fetchall()
    apart = {"bucket": [0, 0], "abroad": [0, 0]}
    for place, rows, total in places:
        kind = boundaries.kind_of(place, known)
        if kind == "unknown":
            detail = f"{place} is in no catalogue; kept as it is (total {total or 0:g})."
            note(con, file, "code unknown", detail, n=rows)
        elif kind in apart:
            apart[kind][0] += rows
            apart[kind][1] += total or 0
    words = {"bucket": "in a state, municipality not given", "abroad": "abroad or unknown"}
    for kind, (rows, total) in apart.items():
        if rows:
            note(con, file, "count", f"Total {total:g} {words[kind]}.", n=rows)


def write_zeros(con: duckdb.DuckDBPyConnection, file: str) -> None:
    """Write out the zeros of a sparse table, for the places of every state that stands in it."""
    dated = "FROM incoming WHERE NOT ends_with(measure, '_month_unknown')"
    spans = con.execute(f"SELECT period, min(month), max(month) {dated} GROUP BY 1").fetchall()
    written = [
        (period, month)
        for period, first, last in spans
        for month in months(first, last, STEP[period])
    ]
    seen = dict(con.execute("SELECT place, min(month) FROM incoming GROUP BY 1").fetchall())
    table(con, "grid_month", ["period", "month"], written)
    table(con, "grid_place", ["place", "since"], places_to_fill(seen, boundaries.known_codes(con)))
    before = count(con, "incoming")
    con.execute(
        f"""
        INSERT INTO incoming
        WITH kinds AS (SELECT DISTINCT measure, source, concept, vintage, period, unit {dated}),
             status_then AS (SELECT month, any_value(status) AS status FROM incoming GROUP BY 1)
        SELECT place, month, measure, 0, source, concept, vintage,
               coalesce(status_then.status, 'final'), period, unit
        FROM kinds JOIN grid_month USING (period) CROSS JOIN grid_place
             LEFT JOIN status_then USING (month)
             ANTI JOIN incoming USING (place, month, measure)
        WHERE grid_place.since <= grid_month.month
        """
    )
    filled = count(con, "incoming") - before
    note(con, file, "count", "Absent rows written out as zero (missing_means: zero).", n=filled)


def places_to_fill(seen: dict[str, str], known: frozenset[str]) -> list[tuple[str, str]]:
    """Return places that get zeros and from which month on.

    All municipalities of every state of which the table names one, all states where it names a
    state, and every code it uses. A municipality made by a split gets zeros only from its first
    row on: before it existed its people were counted in another one.

    Parameters
    ----------
    seen : dict
        Codes of the table and their first months.
    known : frozenset of str
        Municipal codes of the catalogue.
    """
    with_municipalities = {code[:2] for code in seen if len(code) == 5}
    wanted = {code for code in known if code[:2] in with_municipalities} | set(seen)
    if any(code in boundaries.LAST_NUMBER for code in seen):
        wanted |= set(boundaries.states())
    return [
        (code, seen.get(code, "9999") if code in boundaries.PARENTS else "")
        for code in sorted(wanted)
    ]


def table(
    con: duckdb.DuckDBPyConnection, name: str, columns: list[str], rows: Sequence[Sequence[object]]
) -> None:
    """Create a temporary table of texts from rows."""
    import pandas as pd

    con.register("rows", pd.DataFrame(rows, columns=columns, dtype="object"))
    kinds = ", ".join(f"{column}::VARCHAR AS {column}" for column in columns)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {kinds} FROM rows")
    con.unregister("rows")


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return the number of rows of a table."""
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
