"""The one door of the claims to the data: the panel and the built-in tables, for reading only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from hidra.core.errors import SpecError
from hidra.core.i18n import _
from hidra.data import panel, reference

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow

TABLES = (
    "blockades_2026_02_22", "cited_fact", "group", "group_presence_state", "group_relation",
    "homicides_removal_municipality_month", "joint_operations", "leadership_group",
    "leadership_removals", "marginalisation_state", "missing_rnpdno_undated", "national_totals",
    "place", "place_neighbour",
)  # fmt: skip

# Means a day told in press stand beside the counts, times the days of their month.
COUNTED = """
SELECT source, vintage, measure, place, month, period, value, status FROM panel
WHERE regexp_matches(measure, '^(inegi_(women_)?homicides|sesnsp_|sspc_|rnpdno_)')
UNION ALL
SELECT 'cited_fact', date, 'sesnsp_homicide_victims_told', '00', quoted_period, 'month',
       value * day(last_day(CAST(quoted_period || '-01' AS DATE))), 'final'
FROM cited_fact WHERE indicator = 'sesnsp_homicide_victims_daily_mean'
ORDER BY measure, place, month
"""
# A measure that was brought may stand at every level at once: a test that sums asks one of these.
LEVELS = """
CREATE TEMP VIEW states AS FROM panel WHERE place BETWEEN '01' AND '32' AND length(place) = 2;
CREATE TEMP VIEW nation AS
    SELECT measure, period, month,
           coalesce(any_value(value) FILTER (place = '00'),
                    CASE WHEN count(value) FILTER (place BETWEEN '01' AND '32') = 32
                         THEN sum(value) FILTER (place <> '00') END) AS value
    FROM panel WHERE length(place) = 2 GROUP BY measure, period, month;
"""


@contextmanager
def data() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the panel with the built-in tables beside it, under their own names.

    Two views hold one level each, so that their sums count nobody twice: ``states`` (the 32) and
    ``nation`` (the published figure, else the sum of the states where all 32 have one). The
    connection reads only: no statement through it can open or change a file.
    """
    with panel.reading(frozen=False) as con:
        for name, rows in _beside(panel.stamp(), reference.digest()).items():
            _create(con, name, rows)
        con.execute(LEVELS)
        con.execute("CREATE TEMP TABLE made_from AS SELECT ? AS digest", [_digest(con)])
        con.execute("SET python_enable_replacements = false")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        con.execute("BEGIN TRANSACTION READ ONLY")
        yield con


@lru_cache(maxsize=2)
def _beside(_panel: tuple[str, int, int], _built_in: str) -> dict[str, pyarrow.Table]:
    """Return the built-in tables and the counts, made once for each state of the panel."""
    there = set(reference.names())
    with panel.reading(frozen=False) as con:
        for name in TABLES:
            if name in there:
                _create(con, name, reference.table(name))
        found = {one: con.sql(f'FROM "{one}"').to_arrow_table() for one in TABLES if one in there}
        return found | {"counted": panel.in_codes(con.sql(COUNTED).to_arrow_table())}


def _create(con: duckdb.DuckDBPyConnection, name: str, rows: pd.DataFrame | pyarrow.Table) -> None:
    con.register("frame", rows)
    con.execute(f'CREATE TEMP TABLE "{name}" AS FROM frame')
    con.unregister("frame")


def rows(
    con: duckdb.DuckDBPyConnection, query: str, *values: object | Mapping[str, object]
) -> list[dict[str, Any]]:
    """Return the answer of one query as a list of rows; values in order, or one mapping of names.

    Raises
    ------
    SpecError
        The query is wrong or would do more than read.
    """
    import duckdb

    try:
        if [one.type.name for one in duckdb.extract_statements(query)] != ["SELECT"]:
            raise duckdb.PermissionException("only one SELECT is answered")
        named = values[0] if len(values) == 1 and isinstance(values[0], Mapping) else None
        result = con.execute(query, dict(named) if named else list(values))
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, map(panel.plain, row), strict=True)) for row in result.fetchall()]
    except duckdb.Error as error:
        con.execute("ROLLBACK")  # a failed statement ends the transaction: begin a new one
        con.execute("BEGIN TRANSACTION READ ONLY")
        raise SpecError(
            _("A test cannot be run: {splitlines}", splitlines=str(error).splitlines()[0]),
            where=f"query: {query.strip()[:120]}",
            fix=_("Write one SELECT on panel or a built-in table; see `hidra data sql`."),
        ) from error


T = TypeVar("T")
_KEPT: WeakKeyDictionary[object, dict[Any, Any]] = WeakKeyDictionary()


def kept(con: duckdb.DuckDBPyConnection, key: Hashable, make: Callable[[], T]) -> T:
    """Return what was computed on a connection under a key, or what `make` gives, kept now.

    A connection only reads, so an answer stays the answer.
    """
    known = _KEPT.setdefault(con, {})
    if key not in known:
        known[key] = make()
    found: T = known[key]
    return found


def vintage(con: duckdb.DuckDBPyConnection) -> str:
    """Return the name of the data: a digest of every row of every newest cut, 12 characters."""
    return str(rows(con, "SELECT digest FROM made_from")[0]["digest"])


def _digest(con: duckdb.DuckDBPyConnection) -> str:
    marks = reference.catalogue()[["name", "sha256"]].to_csv(index=False)
    return hashlib.sha256((panel.digest_of(con) + marks).encode()).hexdigest()[:12]
