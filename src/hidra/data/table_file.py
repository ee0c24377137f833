"""Opening a table somebody brings: CSV, Parquet, Excel or JSON, as text, with its row numbers.

Everything is read as text first, so that codes keep their zeros and every value that cannot be
understood can be shown as it was written, with its row.
"""

from __future__ import annotations

import csv
import datetime
import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.core.errors import SourceError, SpecError, unknown
from hidra.data.panel import quoted
from hidra.data.sources.glance import Glance, glance
from hidra.data.sources.opening import encoding, unpack, workbook
from hidra.data.spec import Spec

if TYPE_CHECKING:
    import duckdb


def identifier(name: str) -> str:
    """Return a column name as SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def open_table(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec, scratch: Path) -> None:
    """Create the temporary table ``raw``: ``file_row`` and the named columns, all text.

    ``file_row`` counts lines as a spreadsheet shows them: the header is row 1 (or
    ``header_row``). For Parquet and JSON, which have no header line, it counts records from 1.

    Raises
    ------
    SourceError
        The file is missing, empty, a web page, cut short or not what its content says.
    SpecError
        A column or sheet of the spec is not in the file.
    """
    seen = glance(path)
    plain = unpack(path, seen.member, scratch)
    first = spec.header_row + 1 if seen.kind in ("csv", "excel") else 1
    if seen.kind == "excel":
        _excel(con, plain, spec)
        query = "SELECT * FROM sheet"
    elif seen.kind in ("csv", "parquet", "json"):
        query = f"SELECT * FROM {_reader(seen, plain, spec)}"
    else:
        raise SourceError(
            f"A file of kind {seen.kind} is not read by import.",
            where=path.name,
            fix="Save it as CSV, Parquet, Excel or JSON.",
        )
    _take(con, query, path, spec, first)


def _reader(seen: Glance, plain: Path, spec: Spec) -> str:
    file = quoted(str(plain))
    if seen.kind == "parquet":
        return f"read_parquet('{file}')"
    if seen.kind == "json":
        return f"read_json('{file}', sample_size = -1, format = 'auto')"
    written = spec.encoding or encoding(plain)
    delimiter = spec.delimiter or seen.delimiter
    # The columns are told, not guessed: a ragged row is then an error with its line.
    columns = ", ".join(
        f"'{quoted(name)}': 'VARCHAR'" for name in _header(plain, written, delimiter, spec)
    )
    return (
        f"read_csv('{file}', columns = {{{columns}}}, auto_detect = false, header = true, "
        f"delim = '{quoted(delimiter)}', quote = '\"', escape = '\"', encoding = '{written}', "
        f"skip = {spec.header_row - 1}, null_padding = false, strict_mode = true)"
    )


def _header(plain: Path, written: str, delimiter: str, spec: Spec) -> list[str]:
    with plain.open(encoding="utf-8-sig" if written == "utf-8" else written, newline="") as file:
        lines = csv.reader(file, delimiter=delimiter)
        names = next(itertools.islice(lines, spec.header_row - 1, None), [])
    if not names or len(set(names)) < len(names):
        twice = next((name for name in names if names.count(name) > 1), "")
        raise SourceError(
            f"The column name '{twice}' stands twice." if twice else "There is no header.",
            where=f"{plain.name}, row {spec.header_row} (header)",
            fix="Give every column its own name, or say header_row in the spec.",
        )
    return names


def _take(con: duckdb.DuckDBPyConnection, query: str, path: Path, spec: Spec, first: int) -> None:
    import duckdb

    try:
        described = con.execute(f"DESCRIBE {query}").fetchall()
        found = {row[0].strip(): row[0] for row in described}
        kinds = {row[0]: row[1] for row in described}
        _require(spec.columns(), list(found), path, spec.header_row)
        taken = ", ".join(
            f"{_as_text(identifier(found[name]), kinds[found[name]])} AS {identifier(name)}"
            for name in spec.columns()
        )
        con.execute(
            "CREATE OR REPLACE TEMP TABLE raw AS "
            f"SELECT row_number() OVER () + {first - 1} AS file_row, {taken or 'NULL AS nothing'} "
            f"FROM ({query})"
        )
    except duckdb.Error as error:
        raise _unreadable(path, str(error)) from error


def _as_text(column: str, kind: str) -> str:
    if kind == "BOOLEAN":
        return f"{column}::INTEGER::VARCHAR"
    return f"{column}::VARCHAR"


def _require(named: Sequence[str], found: Sequence[str], path: Path, header_row: int) -> None:
    for name in named:
        if name not in found:
            error = unknown("column", name, found, where=f"{path.name}, row {header_row} (header)")
            error.fix += f" The columns of the file are: {', '.join(found[:30])}."
            raise error


def _unreadable(path: Path, message: str) -> SourceError:
    """Turn the reader's message into one with the row; the first words say the trouble."""
    line = re.search(r"(?:CSV Error on Line|in line|Line):? (\d+)", message)
    words = [one.strip() for one in message.splitlines() if one.strip()]
    trouble = next(
        (one for one in words if re.match(r"(Expected Number|Value with|Invalid|Malformed)", one)),
        re.sub(r"^[\w ]+Error: ", "", words[0]),
    )
    return SourceError(
        f"The file cannot be read: {trouble.replace(str(path), path.name)[:200]}",
        where=f"{path.name}, row {line.group(1)}" if line else f"{path.name}, row 1 or after",
        fix="Open the file at that row and correct it (a separator, a quote, a cut end), or "
        "export it again; say delimiter, encoding or header_row in the spec if they differ.",
    )


def _excel(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    """Register one sheet as the relation ``sheet``, every cell as text."""
    import pandas as pd

    book = workbook(path)
    names = book.sheet_names
    if spec.sheet and spec.sheet not in names:
        raise unknown("sheet", spec.sheet, names, where=f"{path.name}, row 1")
    rows = book.get_sheet_by_name(spec.sheet or names[0]).to_python(skip_empty_area=False)
    if len(rows) <= spec.header_row:
        raise SpecError(
            f"The sheet '{spec.sheet or names[0]}' has no row after the header.",
            where=f"{path.name}, row {spec.header_row}",
            fix=f"Say sheet (one of: {', '.join(names)}) or header_row in the spec.",
        )
    top = enumerate(rows[spec.header_row - 1])
    header = [str(cell).strip() or f"column_{at}" for at, cell in top]
    cells = [[_cell(cell) for cell in row] for row in rows[spec.header_row :]]
    con.register("sheet", pd.DataFrame(cells, columns=header, dtype="object"))


def _cell(cell: object) -> str | None:
    """Return a cell as text; a whole number has no decimals, a date no midnight."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return str(cell)
