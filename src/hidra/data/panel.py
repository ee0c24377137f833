"""The panel: one place x month table, the built-in figures and what the user brought.

`reading` opens it: the built-in tables are always there, the user's file (see `hidra.data.home`)
when it exists. The views:

* ``panel``: the newest vintage of every source and measure; ``panel_all``: every vintage;
* ``rates``: counts of persons or events as a rate per 100,000 inhabitants and year;
* ``panel_stable``: counts with split municipalities put back together;
* ``measures``, ``sources``, ``notes``: what is counted, by whom, and what was repaired.

A connection only reads: no statement through it can change a file or open another one.
"""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from hidra.core.errors import PanelError, SpecError
from hidra.data import boundaries, home, reference
from hidra.data.sources.base import NOTE_COLUMNS, PANEL_COLUMNS

if TYPE_CHECKING:
    import duckdb
    import pyarrow

Values = Sequence[object] | Mapping[str, object]
LAYOUT = 1
COLUMNS = ", ".join(PANEL_COLUMNS)
SERIES_COLUMNS = {
    "source": "VARCHAR", "measure": "VARCHAR", "vintage": "VARCHAR", "concept": "VARCHAR",
    "unit": "VARCHAR", "period": "VARCHAR", "level": "VARCHAR", "first_month": "VARCHAR",
    "last_month": "VARCHAR", "row_count": "BIGINT", "total": "DOUBLE", "known": "BIGINT",
}  # fmt: skip
SUPPLY_COLUMNS = {
    "source": "VARCHAR", "vintage": "VARCHAR", "title": "VARCHAR", "publisher": "VARCHAR",
    "terms": "VARCHAR", "citation": "VARCHAR", "address": "VARCHAR", "accessed": "VARCHAR",
    "file": "VARCHAR", "sha256": "VARCHAR", "spec": "VARCHAR",
}  # fmt: skip
TABLES = {
    "added": PANEL_COLUMNS,
    "series": SERIES_COLUMNS,
    "supplies": SUPPLY_COLUMNS,
    "notes": {"source": "VARCHAR", "vintage": "VARCHAR", **NOTE_COLUMNS},
}
LEVEL = """
CREATE OR REPLACE TEMP MACRO level(code) AS CASE
    WHEN code = '00' THEN 'nation' WHEN length(code) = 2 THEN 'state' ELSE 'municipality' END
"""
DAYS = """
CREATE OR REPLACE TEMP MACRO days(first_month, span) AS date_diff('day',
    (first_month || '-01')::DATE,
    CASE span WHEN 'month' THEN (first_month || '-01')::DATE + INTERVAL 1 MONTH
              WHEN 'quarter' THEN (first_month || '-01')::DATE + INTERVAL 3 MONTH
              WHEN 'year' THEN (first_month || '-01')::DATE + INTERVAL 1 YEAR END::DATE)
"""
SERIES_OF = """
SELECT source, measure, vintage, min(concept) AS concept, min(unit) AS unit,
       string_agg(DISTINCT period, ', ' ORDER BY period) AS period,
       string_agg(DISTINCT level, ', ' ORDER BY level) AS level,
       min(first_month) AS first_month, max(last_month) AS last_month,
       sum(row_count)::BIGINT AS row_count, sum(total) AS total, sum(known)::BIGINT AS known
FROM (SELECT source, measure, vintage, concept, unit, period, level(place) AS level,
             min(month) AS first_month, max(month) AS last_month, count(*) AS row_count,
             sum(value) AS total, count(value) AS known
      FROM {rows} GROUP BY ALL)
GROUP BY source, measure, vintage
"""
COUNTED = ("persons", "deaths", "victims", "case files", "events", "attacks", "homicides")
VIEWS = f"""
CREATE TEMP VIEW panel_all AS
    SELECT {COLUMNS} FROM built_in UNION ALL SELECT {COLUMNS} FROM added;
CREATE TABLE newest AS
    SELECT source, measure, max(vintage) AS vintage
    FROM (FROM series_built_in UNION ALL FROM series) GROUP BY source, measure;
CREATE TEMP VIEW panel AS SELECT {COLUMNS} FROM panel_all SEMI JOIN newest
    USING (source, measure, vintage);
CREATE TEMP VIEW sources AS
    SELECT name AS source, title_en AS title, publisher, terms, citation, address, accessed,
           vintage, 'built in' AS state FROM catalogue
    UNION ALL SELECT DISTINCT source, title, publisher, terms, citation, address, accessed,
           vintage, 'added' FROM supplies;
CREATE TEMP VIEW measures AS
    SELECT measure, concept, unit, period, source, level, first_month, last_month, vintage
    FROM (FROM series_built_in UNION ALL FROM series) SEMI JOIN newest
    USING (source, measure, vintage) ORDER BY measure, source;
CREATE TEMP VIEW population AS
    SELECT place, left(month, 4) AS year, arg_max(value, vintage || source) AS persons,
           arg_max(source, vintage || source) AS source
    FROM panel WHERE measure = 'population' AND value > 0 GROUP BY ALL;
CREATE TEMP VIEW rates AS
    SELECT p.place, p.month, p.measure, p.value, p.status, p.period, p.source, p.concept,
           population.persons AS population, population.source AS population_source,
           100000 * p.value / population.persons * days(left(p.month, 4) || '-01', 'year')
               / days(p.month, p.period) AS rate
    FROM panel AS p LEFT JOIN population
        ON population.place = p.place AND population.year = left(p.month, 4)
    WHERE p.unit IN {COUNTED} AND NOT starts_with(p.measure, 'population');
CREATE TEMP VIEW panel_stable AS
    SELECT coalesce(stable.unit, p.place) AS place, p.month, p.measure,
           CASE WHEN count(*) = count(p.value) THEN sum(p.value) END AS value,
           p.source, p.concept, p.vintage, max(p.status) AS status, p.period, p.unit
    FROM panel AS p LEFT JOIN stable ON stable.place = p.place
    WHERE p.unit IN {COUNTED} GROUP BY ALL;
"""


@contextmanager
def reading(*, frozen: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the panel to read it; a writer elsewhere neither waits nor disturbs.

    Parameters
    ----------
    frozen : bool
        Refuse every statement that writes or opens a file, as users' queries need it. An export
        works with more freedom, on tables of its own beside the panel.

    Raises
    ------
    PanelError
        The panel file is damaged or was written by a newer hidra.
    """
    import duckdb

    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as con:
        attach(con)
        con.execute(VIEWS)
        if frozen:
            _freeze(con)
        yield con


def _freeze(con: duckdb.DuckDBPyConnection) -> None:
    for setting in (
        "python_enable_replacements = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        con.execute(f"SET {setting}")
    con.execute("BEGIN TRANSACTION READ ONLY")


def attach(con: duckdb.DuckDBPyConnection) -> None:
    """Create what lies under the views: built in, added, and the boundary changes."""
    con.execute("SET enable_progress_bar = false")  # standard output is for answers
    con.execute(LEVEL)
    con.execute(DAYS)
    for name, rows in _built_in().items():
        con.register(name, rows)
    if not home.panel_file().exists():
        create_tables(con)
        return
    open_file(con)
    kept = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'home'")
    for (table,) in kept.fetchall():
        con.execute(f"CREATE TEMP VIEW {table} AS FROM home.{table}")


@cache
def _built_in() -> dict[str, pyarrow.Table]:
    """Return the built-in tables under the views, made once per process."""
    import duckdb

    tables = {
        "built_in": reference.panel(),
        "catalogue": reference.catalogue().astype(str),
        "stable": boundaries.stable_units(boundaries.frame()),
    }
    with duckdb.connect() as con:
        con.execute(LEVEL)
        for name, frame in tables.items():
            con.register(name, frame)
        con.execute(f"CREATE TABLE series_built_in AS {SERIES_OF.format(rows='built_in')}")
        names = [*tables, "series_built_in"]
        return {name: con.sql(f"FROM {name}").to_arrow_table() for name in names}


def open_file(con: duckdb.DuckDBPyConnection) -> None:
    """Attach the user's panel file, read only, as ``home``."""
    import duckdb

    path = home.panel_file()
    try:
        con.execute(f"ATTACH '{quoted(str(path))}' AS home (READ_ONLY)")
        layout = con.execute("SELECT max(layout) FROM home.made_by").fetchone()
    except duckdb.Error as error:
        if "lock is held" in str(error):
            raise home.busy(path, error) from error
        raise PanelError(
            f"The panel file cannot be read: {str(error).splitlines()[0]}",
            where=str(path),
            fix="Move the file away; the built-in tables work without it, and `hidra data fetch`, "
            "`add` and `import` build it again.",
        ) from error
    if layout is None or layout[0] != LAYOUT:
        raise PanelError(
            f"The panel file has layout {layout and layout[0]}, this hidra reads {LAYOUT}.",
            where=str(path),
            fix="Install the newest hidra, or move the file away and add your data again.",
        )


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of a panel file where they are not there yet."""
    for name, columns in TABLES.items():
        spec = ", ".join(f"{column} {sort}" for column, sort in columns.items())
        con.execute(f"CREATE TABLE IF NOT EXISTS {name} ({spec})")
    con.execute(f"CREATE TABLE IF NOT EXISTS made_by AS SELECT {LAYOUT} AS layout")


def ask(query: str, values: Values = ()) -> list[dict[str, Any]]:
    """Answer one SQL query about the panel as a list of rows.

    Parameters
    ----------
    query : str
        One SELECT (or DESCRIBE, SUMMARIZE, EXPLAIN). ``?`` stands for the ``values``.

    Raises
    ------
    SpecError
        The query is wrong, or would write, or would read anything but the panel.
    """
    with reading() as con:
        return answer(con, query, values)


def answer(con: duckdb.DuckDBPyConnection, query: str, values: Values = ()) -> list[dict[str, Any]]:
    """Answer one query on a connection already open; otherwise as `ask`."""
    import duckdb

    _only_reads(query)
    given = dict(values) if isinstance(values, Mapping) else list(values)
    try:
        result = con.execute(query, given)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, map(plain, row), strict=True)) for row in result.fetchall()]
    except (duckdb.PermissionException, duckdb.TransactionException) as error:
        raise _refused(query) from error
    except duckdb.Error as error:
        raise _wrong(query, error) from error


def _only_reads(query: str) -> None:
    import duckdb

    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise _wrong(query, error) from error
    kinds = [statement.type.name for statement in statements]
    if len(kinds) != 1 or kinds[0] not in ("SELECT", "EXPLAIN"):
        raise _refused(query)


def _refused(query: str) -> SpecError:
    return SpecError(
        "Only one query that reads the panel is answered here: no writing, no second statement, "
        "no other file.",
        where=f"query: {query.strip()[:120]}",
        fix="Ask with one SELECT from panel, panel_all, rates, panel_stable, measures, sources or "
        "notes; to take data out use `hidra data export`, to bring data in `hidra data import`.",
    )


def _wrong(query: str, error: Exception) -> SpecError:
    words = [line for line in str(error).splitlines() if line.strip()]
    hint = next((line for line in words[1:] if line.startswith(("Did you mean", "Candidate"))), "")
    return SpecError(
        f"The query cannot be answered: {words[0] if words else error}",
        where=f"query: {query.strip()[:120]}",
        fix=hint or "See the columns with: hidra data sql 'DESCRIBE panel'.",
    )


def plain(value: object) -> object:
    """Return a value as JSON knows it: dates as text, no decimals, unknown as null."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def quoted(text: str) -> str:
    """Return text safe between single quotes in SQL."""
    return text.replace("'", "''")
