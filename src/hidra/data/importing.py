"""Your own data: a tidy table and its description become rows of the panel.

The table is read as text; every distinct place, moment and measure name is understood once, by
the pure functions of `hidra.data.spelling`; the rest is SQL. The first thing that cannot be
understood stops the import with its file, row and cure, and the panel stays as it was.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.core.errors import SourceError
from hidra.data.completing import count, report_places, report_times, table, write_zeros
from hidra.data.fingerprint import sha256
from hidra.data.keeping import Receipt, Supply, keep, writing
from hidra.data.panel import COUNTED, quoted
from hidra.data.sources.base import note, start
from hidra.data.spec import Spec, Value
from hidra.data.spelling import moment, place_code, slug
from hidra.data.table_file import identifier, open_table

if TYPE_CHECKING:
    import duckdb


def import_table(path: Path, spec: Spec, *, spec_text: str = "", replace: bool = False) -> Receipt:
    """Bring one table into the panel.

    Parameters
    ----------
    path : Path
        CSV (also zipped), Parquet, Excel or JSON.
    spec : Spec
        Its description.
    spec_text : str
        The description as written, kept with the rows.

    Raises
    ------
    SpecError, SourceError, PanelError
        With file, row and cure; nothing was kept.
    """
    with writing() as con, tempfile.TemporaryDirectory() as scratch:
        rows_from_table(con, path, spec, Path(scratch))
        supply = Supply(
            spec.source, spec.cut, spec.title, spec.publisher, spec.terms,
            spec.citation or f"{spec.publisher}: {spec.title}. Accessed {spec.accessed}.",
            spec.address, spec.accessed, path.name, sha256(path), spec_text,
        )  # fmt: skip
        return keep(con, supply, replace=replace)


def rows_from_table(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec, scratch: Path) -> None:
    """Create ``incoming`` and ``incoming_notes`` from a table and its description."""
    start(con)
    open_table(con, path, spec, scratch)
    _filter(con, path, spec)
    _once(con, path, spec)
    _cells(con, spec)
    _understand_places(con, path, spec)
    _understand_times(con, path, spec)
    _understand_measures(con, spec)
    if not (spec.sum_over or spec.count_rows):
        _refuse_twice(con, path)
    _understand_values(con, path, spec)
    _assemble(con, spec)
    report_times(con, path.name)
    report_places(con, path.name)
    if spec.missing_means == "zero":
        write_zeros(con, path.name)


def _filter(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    before = count(con, "raw")
    for column, wanted in spec.where.items():
        con.execute(
            f"DELETE FROM raw WHERE {identifier(column)} IS NULL "
            f"OR NOT list_contains(?, trim({identifier(column)}))",
            [wanted],
        )
    left_out = before - count(con, "raw")
    if left_out:
        words = "; ".join(f"{key} is not {' or '.join(kept)}" for key, kept in spec.where.items())
        note(con, path.name, "rows left out", f"Filtered by the spec: {words}.", n=left_out)


def _once(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    """Take rows that say the same in every named column once, where the spec allows it."""
    if spec.identical_rows != "once":
        return
    before = count(con, "raw")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE raw AS SELECT min(file_row) AS file_row, "
        "* EXCLUDE (file_row) FROM raw GROUP BY ALL"
    )
    if before > count(con, "raw"):
        n = before - count(con, "raw")
        note(con, path.name, "rows left out", "Identical to another row.", n=n)


def _refuse_twice(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """A place, month and measure stands once: otherwise sums would count it twice."""
    twice = con.execute(
        "SELECT place, min(time_key), measure, count(*), min(file_row), max(file_row) FROM cells "
        "JOIN place_keys AS places ON places.key = place_key "
        "JOIN time_keys AS times ON times.key = time_key "
        "JOIN measure_keys AS measures ON measures.key = measure_key WHERE known <> 'nothing' "
        "GROUP BY place, month, period, measure "
        "HAVING count(*) > 1 ORDER BY min(file_row) LIMIT 1"
    ).fetchone()
    if twice:
        place, time, measure, times, first, last = twice
        raise SourceError(
            f"{times} rows give '{measure}' for place {place}, time {time.replace('|', ', ')}.",
            where=f"{path.name}, rows {first} and {last}",
            fix="Say in the spec what tells the rows apart (split_by), or that they are parts of "
            "one figure (sum_over), or, if the file repeats itself, identical_rows: once.",
        )


def _cells(con: duckdb.DuckDBPyConnection, spec: Spec) -> None:
    """Create ``cells``: one row per figure, its keys and value still as written."""
    place = spec.place
    code = f"'{quoted(place.fixed)}'" if place.fixed else _text(place.column or "")
    unit = f"trim({identifier(spec.unit_column)})" if spec.unit_column else "NULL"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE cells (file_row BIGINT, place_key VARCHAR, "
        "time_key VARCHAR, measure_key VARCHAR, written VARCHAR, unit VARCHAR)"
    )
    for at, value in enumerate(spec.values):
        names = ([spec.measure_column] if spec.measure_column else []) + spec.split_by
        measure = " || '|' || ".join([f"'{at}'", *(f"coalesce({_text(one)}, '')" for one in names)])
        for time, column in _times(spec, value):
            written = "'1'" if column is None else _text(column)
            con.execute(
                f"INSERT INTO cells SELECT file_row, coalesce({code}, ''), {time}, {measure}, "
                f"{written}, {unit} FROM raw"
            )


def _times(spec: Spec, value: Value) -> list[tuple[str, str | None]]:
    """Return pairs of the SQL of the time key and the column holding the value."""
    time = spec.time
    if time.fixed:
        return [(f"'{quoted(time.fixed)}'", value.column)]
    if time.months:
        return [
            (f"coalesce({_text(time.year or '')}, '') || '|{number}'", column)
            for number, column in enumerate(time.months, start=1)
        ]
    parts = [time.year, time.month, time.quarter, time.date, time.period]
    named = [f"coalesce({_text(part)}, '')" for part in parts if part]
    return [(" || '|' || ".join(named), value.column)]


def _text(column: str) -> str:
    return f"nullif(trim({identifier(column)}), '')"


def _understand_places(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    level, missing, recode = spec.place.level, spec.place.when_missing, spec.place.recode

    def code(text: str) -> tuple[str]:
        if text == "" and missing is None:
            raise ValueError("the place is missing; place.when_missing: 33 puts such rows apart")
        if text == "" or text in recode:
            return (place_code(recode.get(text, missing or ""), None),)
        return (place_code(text, level),)

    column = spec.place.column or "place.fixed of the spec"
    _understand(con, path, "place", ["place"], code, column)
    repaired = con.execute(
        "SELECT key, place, count(*) OVER () FROM place_keys "
        "WHERE key <> place AND key <> '' ORDER BY key LIMIT 1"
    ).fetchone()
    if repaired:
        detail = f"Codes put right, such as {repaired[0]} -> {repaired[1]}."
        note(con, path.name, "code repaired", detail, n=repaired[2])


def _understand_times(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    def read(text: str) -> tuple[str, str, str]:
        when = moment(text, spec.time)
        return when.month, when.period, when.known

    time = spec.time
    parts = (time.year, time.month, time.quarter, time.date, time.period)
    column = ", ".join(part for part in parts if part) or "time.fixed of the spec"
    _understand(con, path, "time", ["month", "period", "known"], read, column)


def _understand(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    kind: str,
    columns: list[str],
    read: Callable[[str], Sequence[str]],
    written_in: str,
) -> None:
    """Create ``<kind>_keys``: each spelling and its meaning; the first without one is an error."""
    spellings = con.execute(
        f"SELECT {kind}_key, min(file_row) FROM cells GROUP BY ALL ORDER BY 2"
    ).fetchall()
    meanings = []
    for text, row in spellings:
        try:
            meanings.append((text, *read(text)))
        except ValueError as error:
            seen = text.replace("|", ", ") or "(empty)"
            raise SourceError(
                f"The {kind} '{seen}' cannot be understood: {error}.",
                where=f"{path.name}, row {row}, column {written_in}",
                fix="Correct the row in the file, or say in the spec how it is to be read.",
            ) from error
    table(con, f"{kind}_keys", ["key", *columns], meanings)


def _understand_measures(con: duckdb.DuckDBPyConnection, spec: Spec) -> None:
    keys = con.execute("SELECT DISTINCT measure_key FROM cells ORDER BY 1").fetchall()
    meanings = []
    for (key,) in keys:
        at, *words = key.split("|")
        value = spec.values[int(at)]
        name = "_".join([*([value.measure] if value.measure else []), *map(slug, words)])
        columns = ([spec.measure_column] if spec.measure_column else []) + spec.split_by
        pairs = zip(columns, words, strict=True)
        told = [f"{column} {word or 'unknown'}" for column, word in pairs]
        concept = "; ".join([value.concept or spec.concept, *told])
        meanings.append((key, name, concept, value.unit or spec.unit))
    table(con, "measure_keys", ["key", "measure", "concept", "unit"], meanings)


def _understand_values(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    """Add the numbers; what is neither a number nor declared unknown is an error."""
    text = "written"
    if spec.thousands:
        mark = spec.thousands.replace(".", r"\.")
        grouped = f"^-?[0-9]{{1,3}}({mark}[0-9]{{3}})+([.,][0-9]+)?$"
        text = (
            f"CASE WHEN regexp_matches(written, '{grouped}') "
            f"THEN replace(written, '{spec.thousands}', '') ELSE written END"
        )
    unknown = [one.lower() for one in spec.unknown_values] + ["nan", "<na>", "none"]
    con.execute("ALTER TABLE cells ADD COLUMN value DOUBLE")
    con.execute(
        f"UPDATE cells SET value = try_cast({text} AS DOUBLE), "
        "written = CASE WHEN list_contains(?, lower(written)) THEN NULL ELSE written END",
        [unknown],
    )
    con.execute("UPDATE cells SET value = NULL WHERE written IS NULL")
    wrong = con.execute(
        """
        SELECT file_row, written, value < 0 AS negative, keys.measure FROM cells
        JOIN measure_keys AS keys ON keys.key = measure_key
        WHERE written IS NOT NULL AND (value IS NULL OR NOT isfinite(value)
              OR (value < 0 AND list_contains(?, coalesce(cells.unit, keys.unit))))
        ORDER BY file_row LIMIT 1
        """,
        [list(COUNTED)],
    ).fetchone()
    if wrong:
        row, written, negative, measure = wrong
        raise SourceError(
            f"'{written}' is a negative count." if negative else f"'{written}' is no number.",
            where=f"{path.name}, row {row}, value of {measure}",
            fix="Correct the row; for a word that means 'not known' add it to unknown_values, "
            'for 1,234 say thousands: ",".',
        )


def _assemble(con: duckdb.DuckDBPyConnection, spec: Spec) -> None:
    """Fill ``incoming``; a sum with an unknown part is unknown."""
    summed = bool(spec.sum_over or spec.count_rows)
    whole = "CASE WHEN count(*) = count(value) THEN sum(value) END"
    value = whole if summed else "any_value(value)"
    con.execute(
        f"""
        INSERT INTO incoming
        SELECT place, month, name, {value}, ?, concept, ?,
               CASE WHEN month >= ? THEN 'undercount' WHEN month >= ? THEN 'provisional' ELSE ? END,
               period, unit
        FROM (
            SELECT place, month, period, value, coalesce(cells.unit, measures.unit) AS unit,
                   measure || if(known = 'year', '_month_unknown', '') AS name,
                   concept || if(known = 'year', '; month unknown', '') AS concept,
                   {"0" if summed else "row_number() OVER ()"} AS part
            FROM cells JOIN place_keys AS places ON places.key = place_key
                 JOIN time_keys AS times ON times.key = time_key
                 JOIN measure_keys AS measures ON measures.key = measure_key
            WHERE known <> 'nothing'
        ) GROUP BY place, month, name, concept, period, unit, part
        """,
        [spec.source, spec.cut, spec.undercount_from or "9", spec.provisional_from or "9",
         spec.status],
    )  # fmt: skip
