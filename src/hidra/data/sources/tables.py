"""Small tables as text rows, whatever the file: CSV, Parquet or a sheet of a workbook.

Readers name the columns they want; the row number stays with every row, so that a cell that
cannot be is reported with its place in the file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core.errors import SourceError
from hidra.data.sources.base import Context
from hidra.data.sources.glance import Glance, fold, glance
from hidra.data.sources.opening import sheets, unpack
from hidra.data.sources.reading import DOWNLOAD_AGAIN, csv_table, name, quoted, rows_named, run

if TYPE_CHECKING:
    import duckdb


def sheet_rows(
    seen: Glance, wanted: Callable[[list[str]], bool]
) -> Iterator[tuple[str, int, list[Any]]]:
    """Yield (sheet, row number, cells) of each sheet that has a header row for which ``wanted``.

    The header row comes first. Official workbooks put titles above it.
    """
    for sheet, rows in sheets(seen.path, seen.member):
        for number, cells in enumerate(rows[:20], start=1):
            if wanted([fold(str(cell)) for cell in cells]):
                for at, row in enumerate(rows[number - 1 :], start=number):
                    yield sheet, at, row
                break


def text_table(
    con: duckdb.DuckDBPyConnection,
    seen: Glance,
    wanted: Mapping[str, Sequence[str]],
    context: Context,
    *,
    optional: frozenset[str] = frozenset(),
) -> None:
    """Create ``source_rows``: the row number and each column wanted, as trimmed text.

    Parameters
    ----------
    wanted : mapping
        Name to give and the (folded) names the column may have in the file; CSV, Parquet or a
        sheet of a workbook alike.
    optional : frozenset of str
        Names that are null where the file has no such column.
    """
    if seen.kind == "excel":
        _sheet_table(con, seen, wanted, optional)
        return
    chosen = ", ".join(
        f"nullif(trim(CAST({name(seen.column(*forms))} AS VARCHAR)), '') AS {one}"
        if one not in optional or seen.folded.intersection(forms)
        else f"CAST(NULL AS VARCHAR) AS {one}"
        for one, forms in wanted.items()
    )
    plain = unpack(seen.path, seen.member, context.scratch)
    parquet = f"read_parquet({quoted(plain)})"
    with rows_named(seen.path.name):
        source = parquet if seen.kind == "parquet" else csv_table(seen, plain)
        run(
            con,
            f"CREATE OR REPLACE TEMP TABLE source_rows AS"
            f" SELECT row_number() OVER () + 1 AS row, {chosen} FROM {source}",
            context,
            seen.path.name,
        )
    if seen.member is not None:
        plain.unlink()


def _sheet_table(
    con: duckdb.DuckDBPyConnection,
    seen: Glance,
    wanted: Mapping[str, Sequence[str]],
    optional: frozenset[str],
) -> None:
    required = [forms for one, forms in wanted.items() if one not in optional]
    rows = sheet_rows(seen, lambda cells: all(set(forms) & set(cells) for forms in required))
    _, _, header = next(rows, ("", 0, []))
    if not header:
        missing = ", ".join(forms[0] for forms in required)
        raise SourceError(
            f"No sheet has a header with {missing}.", where=seen.path.name, fix=DOWNLOAD_AGAIN
        )
    folded = [fold(str(cell)) for cell in header]
    at = {
        one: next((folded.index(form) for form in forms if form in folded), None)
        for one, forms in wanted.items()
    }
    store_rows(
        con,
        list(wanted),
        (
            (number, [None if i is None else cell_text(cells[i]) for i in at.values()])
            for _, number, cells in rows
        ),
    )


def as_csv(seen: Glance, scratch: Path, header: Sequence[str]) -> Glance:
    """Write the sheet whose header has these names as CSV, for readers that stream text."""
    target = scratch / f"{seen.path.stem}.csv"
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for _, _, cells in sheet_rows(seen, lambda cells: set(header) <= set(cells)):
            writer.writerow([cell_text(cell) or "" for cell in cells])
    return glance(target)


def store_rows(
    con: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str | None]]],
) -> None:
    """Create ``source_rows`` from Python rows of texts (workbooks, JSON, replies)."""
    numbers: list[int] = []
    cells: list[list[str | None]] = [[] for _ in columns]
    for number, texts in rows:
        numbers.append(number)
        for column, text in zip(cells, texts, strict=True):
            column.append(text)
    store(con, "source_rows", row=numbers, **dict(zip(columns, cells, strict=True)))


def store(con: duckdb.DuckDBPyConnection, table: str, **columns: Sequence[Any]) -> None:
    """Create a table from Python columns: whole numbers, floats, truth values, else texts."""
    import pyarrow as arrow

    kinds = {int: arrow.int64(), float: arrow.float64(), bool: arrow.bool_()}
    arrays = {
        one: arrow.array(values, kinds.get(type(values[0]) if values else str, arrow.string()))
        for one, values in columns.items()
    }
    con.register("stored_columns", arrow.table(arrays))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM stored_columns").fetchall()
    con.unregister("stored_columns")


def cell_text(cell: Any) -> str | None:
    """Return the text of a cell of a workbook: whole numbers without their point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "" if cell is None else str(cell).strip()
    return text or None


def refuse_cells(
    con: duckdb.DuckDBPyConnection, file: str, wrong: str, shown: str, what: str
) -> None:
    """Raise for the first row of ``source_rows`` where ``wrong`` holds."""
    found = con.execute(
        f"SELECT row, {shown} FROM source_rows WHERE {wrong} ORDER BY row LIMIT 1"
    ).fetchall()
    for row, *values in found:
        raise SourceError(
            f"{what}: {', '.join(repr(value) for value in values)}.",
            where=f"{file}, row {row}",
            fix=DOWNLOAD_AGAIN + " If the publisher's file is so, report the row to them.",
        )


def numbers(*columns: str) -> str:
    """SQL: some of these texts is neither empty nor a number (thousands commas allowed)."""
    return " OR ".join(
        f"({one} IS NOT NULL AND TRY_CAST(replace({one}, ',', '') AS DOUBLE) IS NULL)"
        for one in columns
    )


def number(column: str) -> str:
    """SQL: the number in a text, null where it is empty."""
    return f"TRY_CAST(replace({column}, ',', '') AS DOUBLE)"


def state_codes(con: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    """Create ``state_names`` (name, code) for the names in a column; return those not known.

    Names are compared as `hidra.core.place.find` does; the words "state of" and "estado de" do not
    count. A name that is none, and an empty one, is 33: unknown.
    """
    from hidra.core.errors import SpecError
    from hidra.core.place import find

    found: list[tuple[str, str]] = []
    missed: list[str] = []
    for (text,) in con.execute(f"SELECT DISTINCT {column} FROM source_rows").fetchall():
        plain = (text or "").removesuffix(" state").removesuffix(" State").strip()
        try:
            code = find(plain).code if plain else "33"
        except SpecError:
            code = "33"
            missed.append(text)
        found.append((text or "", code if len(code) == 2 else "33"))
    con.execute("CREATE OR REPLACE TEMP TABLE state_names (name VARCHAR, code VARCHAR)")
    con.executemany("INSERT INTO state_names VALUES (?, ?)", found or [("", "33")])
    return missed
