"""How readers open files: tables as SQL sources, errors with file and row, progress, places.

DuckDB reads the text, streaming; pyogrio (GDAL) streams DBF as Arrow batches; calamine reads
workbooks. What all of them share is here: every failure names the file, the row and the cure.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core.errors import SourceError, lacking
from hidra.data.sources.base import Context
from hidra.data.sources.glance import Glance
from hidra.data.sources.opening import encoding, unpack

if TYPE_CHECKING:
    import duckdb

DOWNLOAD_AGAIN = "Download the file again from its publisher, then `hidra data add FILE`."


def quoted(text: str | Path) -> str:
    """Quote a text for SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def name(column: str) -> str:
    """Quote a column name for SQL."""
    return '"' + column.replace('"', '""') + '"'


def csv_table(seen: Glance, plain: Path, *, charset: str | None = None) -> str:
    """Return the SQL of a CSV file as text columns; nothing is guessed, nothing is skipped."""
    columns = ", ".join(f"{quoted(one)}: 'VARCHAR'" for one in seen.columns)
    return (
        f"read_csv({quoted(plain)}, auto_detect=false, header=true, delim={quoted(seen.delimiter)},"
        f" quote='\"', escape='\"', encoding={quoted(charset or encoding(plain))},"
        f" max_line_size=1000000, columns={{{columns}}})"
    )


@contextmanager
def rows_named(file: str) -> Iterator[None]:
    """Turn DuckDB's errors on a text file into ones that name file, row and cure."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        text = str(error)
        if not any(one in text for one in ("CSV Error on Line", "Invalid unicode", "CSV Parser")):
            raise
        line = re.search(r"on Line: (\d+)", text)
        row = line.group(1) if line else "unknown (line ends mixed, or a quote left open)"
        reason = re.search(
            r"(Expected Number of Columns[^\n]*|Value with unterminated[^\n]*)", text
        )
        detail = f" ({reason.group(1).strip()})" if reason else ""
        raise SourceError(
            f"A row does not fit the header{detail}: the file is damaged or cut short.",
            where=f"{file}, row {row}",
            fix=DOWNLOAD_AGAIN,
        ) from error


def refuse_rows(
    con: duckdb.DuckDBPyConnection, table: str, wrong: str, shown: str, *, file: str, what: str
) -> None:
    """Raise for the first row where ``wrong`` holds, with the values of ``shown``.

    Called only when a cheap count has found something, so the second pass costs nothing when
    the file is sound.
    """
    found = con.execute(
        f"SELECT row, {shown} FROM (SELECT row_number() OVER () + 1 AS row, * FROM {table})"
        f" WHERE {wrong} LIMIT 1"
    ).fetchall()
    for row, *values in found:
        raise SourceError(
            f"{what}: {', '.join(repr(value) for value in values)}.",
            where=f"{file}, row {row}",
            fix=DOWNLOAD_AGAIN + " If the publisher's file is so, report the row to them.",
        )


def run(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    context: Context,
    words: str,
    span: tuple[float, float] = (0.0, 1.0),
) -> None:
    """Run a long statement, telling its progress; Ctrl-C stops it."""
    failure: list[BaseException] = []

    def work() -> None:
        try:
            con.execute(sql).fetchall()
        except BaseException as error:  # handed to the calling thread below
            failure.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.2)
            share = max(0.0, con.query_progress()) / 100
            context.progress(words, span[0] + (span[1] - span[0]) * min(share, 1.0))
    except KeyboardInterrupt:
        con.interrupt()
        thread.join()
        raise
    if failure:
        raise failure[0]
    context.progress(words, span[1])


@contextmanager
def dbf_relation(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    seen: Glance,
    columns: Sequence[str],
    scratch: Path,
) -> Iterator[None]:
    """Lend columns of a DBF as a relation that streams, once; a zip member is unpacked first."""
    with _dbf_batches(seen, columns, scratch) as batches:
        con.register(relation, batches)
        yield
        con.unregister(relation)


@contextmanager
def _dbf_batches(seen: Glance, columns: Sequence[str], scratch: Path) -> Iterator[Any]:
    try:
        import pyogrio
        from pyogrio.errors import DataSourceError
    except ImportError as error:
        raise lacking("microdata", where=seen.path.name) from error
    plain = unpack(seen.path, seen.member, scratch).resolve()
    if plain.suffix.lower() != ".dbf":
        link = scratch / f"{plain.stem}_table.dbf"
        link.unlink(missing_ok=True)
        link.symlink_to(plain)
        plain = link
    _refuse_short_dbf(plain, seen)
    try:
        with pyogrio.open_arrow(
            plain, columns=list(columns), read_geometry=False, use_pyarrow=True
        ) as (_, reader):
            yield reader
    except DataSourceError as error:
        raise SourceError(
            "The DBF table cannot be read.", where=_where(seen), fix=DOWNLOAD_AGAIN
        ) from error
    finally:
        if seen.member is not None:
            plain.unlink(missing_ok=True)


def _where(seen: Glance) -> str:
    return f"{seen.path.name} > {seen.member}" if seen.member else seen.path.name


def _refuse_short_dbf(plain: Path, seen: Glance) -> None:
    """Compare the rows the header announces with the size: readers stop silently at the end."""
    with plain.open("rb") as file:
        head = file.read(12)
    rows = int.from_bytes(head[4:8], "little")
    start, width = (
        int.from_bytes(head[8:10], "little"),
        int.from_bytes(head[10:12], "little"),
    )
    there = (plain.stat().st_size - start) // max(width, 1)
    if there < rows:
        raise SourceError(
            f"The DBF announces {rows:,} rows and holds {there:,}: it is cut short.",
            where=f"{_where(seen)}, row {there + 1}",
            fix=DOWNLOAD_AGAIN,
        )
