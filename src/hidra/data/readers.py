"""The one way to open files, official and own: CSV, DBF, Excel, JSON, Parquet, also inside a zip.

A file is what its content says, never its name: publishers' servers answer a missing file with
status 200 and a web page, encodings alternate between vintages, and users rename files. `glance`
looks at the head; DuckDB reads text, streaming, pyogrio (GDAL) streams DBF as Arrow batches,
calamine reads workbooks. Everything is text at first, so that codes keep their zeros, and every
failure names the file, the row and the cure.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import itertools
import json
import re
import shutil
import struct
import threading
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hidra.core.errors import SourceError, SpecError, lacking, unknown
from hidra.core.i18n import _
from hidra.data.budget import within

if TYPE_CHECKING:
    import duckdb

    from hidra.data.sources.base import Context
    from hidra.data.spec import Spec

TABLES = (".csv", ".dbf", ".xlsx", ".xls", ".json", ".geojson")


def refuse_page(head: bytes, path: Path) -> None:
    """Refuse nothing at all, and a web page in place of data."""
    if not head.strip():
        raise SourceError(
            _("The file is empty."),
            where=_("{name}, row 1", name=path.name),
            fix=_("Download it again, then `hidra data add FILE`."),
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<?xml version")) or (
        b"<html" in start
    ):
        raise SourceError(
            _(
                "This is a web page, not data: the publisher's server answers a missing "
                "file, or a request it does not like, with a page and status 200."
            ),
            where=_("{name}, row 1", name=path.name),
            fix=_(
                "Delete it; download the file in a browser from the source's home "
                "page, then `hidra data add FILE`."
            ),
        )


def broken_zip(path: Path) -> SourceError:
    """Say that a zip cannot be opened, most often because it is cut short."""
    return SourceError(
        _("The zip is broken, most likely cut short in the download."),
        where=path.name,
        fix=_("Run `hidra data fetch` again, or download it again; then `hidra data add FILE`."),
    )


def members(path: Path) -> list[str]:
    """Names of the tables inside a zip, largest first, catalogues and lists last."""
    with zipfile.ZipFile(path) as archive:
        tables = [one for one in archive.infolist() if one.filename.lower().endswith(TABLES)]
    tables.sort(key=lambda one: ("catalogo" in one.filename.lower(), -one.file_size))
    return [one.filename for one in tables]


def workbook(path: Path, member: str | None = None) -> Any:
    """Open a workbook, xls or xlsx, also one inside a zip."""
    import python_calamine as calamine

    try:
        if member is None:
            return calamine.CalamineWorkbook.from_path(str(path))
        with zipfile.ZipFile(path) as archive:
            return calamine.CalamineWorkbook.from_object(io.BytesIO(archive.read(member)))
    except (calamine.CalamineError, zipfile.BadZipFile, zlib.error) as error:
        raise damaged_workbook(path) from error


def sheets(
    path: Path, member: str | None = None, *, first: int | None = None
) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield name and rows of each sheet of a workbook; with ``first``, only so many rows."""
    book = workbook(path, member)
    import python_calamine as calamine

    for name in book.sheet_names:
        try:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False, nrows=first)
        except calamine.CalamineError as error:
            raise damaged_workbook(path) from error
        yield name, rows


def damaged_workbook(path: Path) -> SourceError:
    """Say that a workbook, or a sheet of it, cannot be read."""
    return SourceError(
        _("The workbook cannot be read: it is damaged, or no workbook."),
        where=path.name,
        fix=_("Download it again, or save it as .xlsx and `hidra data add FILE`."),
    )


def encoding(path: Path) -> str:
    """Return "utf-8" or "latin-1", judged by the whole file: accents may come late and mixed."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 22):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def unpack(path: Path, member: str | None, scratch: Path) -> Path:
    """Return a plain file: the path itself, or the member of the zip written to ``scratch``."""
    if member is None:
        return path
    target = scratch / f"{path.stem}_{PurePosixPath(member).name}"
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open(member) as file,
            target.open("wb") as out,
        ):
            shutil.copyfileobj(file, out, 1 << 20)
    except (zipfile.BadZipFile, EOFError, zlib.error, KeyError) as error:
        raise broken_zip(path) from error
    return target


HEAD = 64 * 1024


@dataclass(frozen=True)
class Glance:
    """What a file holds.

    Parameters
    ----------
    kind : str
        "csv", "dbf", "excel", "json" or "parquet".
    columns : tuple of str
        Header as written (JSON: the top keys, and the keys of the first record).
    member : str or None
        Name inside the zip, when the file is one.
    delimiter : str
        For CSV: the separator.
    first_row : tuple of str
        For CSV: the first row under the header.
    """

    path: Path
    kind: str
    columns: tuple[str, ...]
    member: str | None = None
    delimiter: str = ","
    first_row: tuple[str, ...] = ()

    @property
    def folded(self) -> frozenset[str]:
        """Column names in lower case, without accents or spaces around."""
        return frozenset(fold(name) for name in self.columns)

    def has(self, *names: str) -> bool:
        """Whether every one of these (folded) names is a column."""
        return self.folded.issuperset(names)

    def column(self, *names: str) -> str:
        """Return the column as written in the file for the first folded name found."""
        written = {fold(name): name for name in reversed(self.columns)}
        for name in names:
            if name in written:
                return written[name]
        raise SourceError(
            _("Column '{names}' is missing.", names=names[0]),
            where=_(
                "{name}, row 1: {columns}",
                name=self.path.name,
                columns=", ".join(self.columns[:12]),
            ),
            fix=_("Download the file again from its publisher; if the layout changed, report it."),
        )

    def first(self, *names: str) -> str:
        """Return the value of a column in the first row; empty where there is none."""
        try:
            return self.first_row[self.columns.index(self.column(*names))]
        except (SourceError, IndexError):
            return ""

    def words(self) -> str:
        """Say in a few words what was seen, for an error."""
        return f"{self.kind} with columns {', '.join(self.columns[:8]) or '(none)'}"


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: the form in which names are compared."""
    plain = unicodedata.normalize("NFKD", text.replace("\ufeff", ""))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(plain.lower().replace("_", " ").split()).replace(" ", "_")


def glance(path: Path) -> Glance:
    """Look at the head of a file.

    Raises
    ------
    SourceError
        Missing, empty, an HTML page, a broken zip, or a kind that is not read here.
    """
    if not path.is_file():
        raise SourceError(_("There is no such file."), where=str(path), fix=_("Check the path."))
    within(path)
    with path.open("rb") as file:
        head = file.read(HEAD)
    refuse_page(head, path)
    if head[:4] == b"PK\x03\x04" and not _is_workbook(path):
        return _zip(path)
    return _look(path, head, None)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile as error:
        raise broken_zip(path) from error


def _zip(path: Path) -> Glance:
    names = members(path)
    if not names:
        raise SourceError(
            _("The zip holds no table (CSV, DBF, Excel or JSON)."),
            where=path.name,
            fix=_("Unpack it and add the table inside, if there is one."),
        )
    with zipfile.ZipFile(path) as archive, archive.open(names[0]) as file:
        try:
            head = file.read(HEAD)
        except (zipfile.BadZipFile, EOFError, OSError) as error:
            raise broken_zip(path) from error
    return _look(path, head, names[0])


def _look(path: Path, head: bytes, member: str | None) -> Glance:
    name = PurePosixPath(member or path.name).suffix.lower()
    if head[:4] == b"PAR1":
        return Glance(path, "parquet", _parquet_columns(path), member)
    if head[:4] == b"PK\x03\x04" or head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return Glance(path, "excel", _excel_columns(path, member), member)
    if head[:1] in (b"{", b"[") or head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        return Glance(path, "json", _json_columns(head), member)
    if head[0] in (0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x83, 0x8B, 0xF5) and name != ".csv":
        return Glance(path, "dbf", _dbf_columns(head), member)
    return _csv(path, head, member)


def _parquet_columns(path: Path) -> tuple[str, ...]:
    from pyarrow import ArrowInvalid, parquet

    try:
        return tuple(parquet.read_schema(path).names)
    except (ArrowInvalid, OSError) as error:
        raise SourceError(
            _("The Parquet file is broken, most likely cut short."),
            where=_("{name}, its end (a Parquet file has no lines before)", name=path.name),
            fix=_("Get the file again."),
        ) from error


def _excel_columns(path: Path, member: str | None) -> tuple[str, ...]:
    """Return all texts of the first rows of the first sheets: headers of official books sit low."""
    return tuple(
        str(cell)
        for _, rows in sheets(path, member, first=12)
        for row in rows
        for cell in row
        if str(cell).strip()
    )


def _json_columns(head: bytes) -> tuple[str, ...]:
    """Return the keys that occur in the head of a JSON text, which may be cut short."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    pieces = text.split('"')
    keys = [
        pieces[i] for i in range(1, len(pieces) - 1, 2) if pieces[i + 1].lstrip().startswith(":")
    ]
    return tuple(dict.fromkeys(json.loads(f'"{key}"') if "\\" in key else key for key in keys))


def _dbf_columns(head: bytes) -> tuple[str, ...]:
    """Field names of a dBASE header: 32 bytes each after the first 32, closed by 0x0D."""
    size = struct.unpack("<H", head[8:10])[0]
    fields = range(32, min(size, len(head)) - 1, 32)
    return tuple(
        head[at : at + 11].split(b"\0")[0].decode("ascii", "replace")
        for at in fields
        if head[at] != 0x0D
    )


def _csv(path: Path, head: bytes, member: str | None) -> Glance:
    lines = [_line_text(line) for line in head.splitlines()[:2]]
    delimiter = max(",;\t|", key=lines[0].count)
    rows = [tuple(one.strip() for one in row) for row in csv.reader(lines, delimiter=delimiter)]
    return Glance(path, "csv", rows[0], member, delimiter, rows[1] if len(rows) > 1 else ())


def _line_text(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def glances(path: Path) -> list[Glance]:
    """Look at every table of a file: one, or each member of a zip (bundles hold several years)."""
    first = glance(path)
    if first.member is None:
        return [first]
    seen = []
    with zipfile.ZipFile(path) as archive:
        for name in members(path):
            with archive.open(name) as file:
                head = file.read(HEAD)
            if head.strip():
                seen.append(_look(path, head, name))
    return seen


DOWNLOAD_AGAIN = _("Download the file again from its publisher, then `hidra data add FILE`.")


def quoted(text: str | Path) -> str:
    """Quote a text for SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(column: str) -> str:
    """Quote a column name for SQL."""
    return '"' + column.replace('"', '""') + '"'


def csv_table(
    plain: Path,
    columns: Sequence[str],
    delimiter: str = ",",
    *,
    charset: str | None = None,
    skip: int = 0,
) -> str:
    """Return the SQL of a CSV file as text columns; nothing is guessed, nothing is skipped.

    The columns are told, so that a ragged row is an error with its line.
    """
    kinds = ", ".join(f"{quoted(one)}: 'VARCHAR'" for one in columns)
    return (
        f"read_csv({quoted(plain)}, auto_detect=false, header=true, delim={quoted(delimiter)},"
        f" quote='\"', escape='\"', encoding={quoted(charset or encoding(plain))}, skip={skip},"
        f" max_line_size=1000000, columns={{{kinds}}})"
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
            _(
                "A row does not fit the header{detail}: the file is damaged or cut short.",
                detail=detail,
            ),
            where=_("{file}, row {row}", file=file, row=row),
            fix=DOWNLOAD_AGAIN,
        ) from error


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
        ) as (_rest, reader):
            yield reader
    except DataSourceError as error:
        raise SourceError(
            _("The DBF table cannot be read."), where=_where(seen), fix=DOWNLOAD_AGAIN
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
    start, width = (int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little"))
    there = (plain.stat().st_size - start) // max(width, 1)
    if there < rows:
        raise SourceError(
            _(
                "The DBF announces {rows:,} rows and holds {there:,}: it is cut short.",
                rows=rows,
                there=there,
            ),
            where=_("{where}, row {there}", where=_where(seen), there=there + 1),
            fix=DOWNLOAD_AGAIN,
        )


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
        f"nullif(trim(CAST({identifier(seen.column(*forms))} AS VARCHAR)), '') AS {one}"
        if one not in optional or seen.folded.intersection(forms)
        else f"CAST(NULL AS VARCHAR) AS {one}"
        for one, forms in wanted.items()
    )
    plain = unpack(seen.path, seen.member, context.scratch)
    with rows_named(seen.path.name):
        if seen.kind == "parquet":
            source = f"read_parquet({quoted(plain)})"
        else:
            source = csv_table(plain, seen.columns, seen.delimiter)
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
    header = next(rows, ("", 0, []))[2]
    if not header:
        missing = ", ".join(forms[0] for forms in required)
        raise SourceError(
            _("No sheet has a header with {missing}.", missing=missing),
            where=seen.path.name,
            fix=DOWNLOAD_AGAIN,
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
        for *_rest, cells in sheet_rows(seen, lambda cells: set(header) <= set(cells)):
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
    """Return a cell of a workbook as text: a whole number has no decimals, a date no midnight."""
    if isinstance(cell, bool) or (isinstance(cell, float) and cell.is_integer()):
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return ("" if cell is None else str(cell).strip()) or None


def refuse_cells(
    con: duckdb.DuckDBPyConnection,
    file: str,
    wrong: str,
    shown: str,
    what: str,
    table: str = "source_rows",
) -> None:
    """Raise for the first row where ``wrong`` holds, with the values of ``shown``.

    The rows of a ``table`` that is not ``source_rows`` are counted from the line below the header.
    """
    numbered = f"(SELECT row_number() OVER () + 1 AS row, * FROM {table})"
    query = (
        f"SELECT row, {shown} FROM {table if table == 'source_rows' else numbered} WHERE {wrong}"
    )
    found = con.execute(f"{query} ORDER BY row LIMIT 1").fetchall()
    for row, *values in found:
        raise SourceError(
            _("{what}: {values}.", what=what, values=", ".join(map(repr, values))),
            where=_("{file}, row {row}", file=file, row=row),
            fix=_(
                "{download_again} If the publisher's file is so, report the row to them.",
                download_again=DOWNLOAD_AGAIN,
            ),
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
        query = f"SELECT * FROM {_relation(seen, plain, spec)}"
    else:
        raise SourceError(
            _("A file of kind {kind} is not read by import.", kind=seen.kind),
            where=path.name,
            fix=_("Save it as CSV, Parquet, Excel or JSON."),
        )
    _take(con, query, path, spec, first)


def _relation(seen: Glance, plain: Path, spec: Spec) -> str:
    if seen.kind == "parquet":
        return f"read_parquet({quoted(plain)})"
    if seen.kind == "json":
        return f"read_json({quoted(plain)}, sample_size = -1, format = 'auto')"
    written = spec.encoding or encoding(plain)
    delimiter = spec.delimiter or seen.delimiter
    columns = _header(plain, written, delimiter, spec)
    return csv_table(plain, columns, delimiter, charset=written, skip=spec.header_row - 1)


def _header(plain: Path, written: str, delimiter: str, spec: Spec) -> list[str]:
    with plain.open(encoding="utf-8-sig" if written == "utf-8" else written, newline="") as file:
        lines = csv.reader(file, delimiter=delimiter)
        names = next(itertools.islice(lines, spec.header_row - 1, None), [])
    if not names or len(set(names)) < len(names):
        twice = next((name for name in names if names.count(name) > 1), "")
        raise SourceError(
            _("The column name '{twice}' stands twice.", twice=twice)
            if twice
            else _("There is no header."),
            where=_(
                "{name}, row {header_row} (header)", name=plain.name, header_row=spec.header_row
            ),
            fix=_("Give every column its own name, or say header_row in the spec."),
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
            error = unknown(
                _("column"),
                name,
                found,
                where=_("{name}, row {header_row} (header)", name=path.name, header_row=header_row),
            )
            columns = ", ".join(found[:30])
            error.fix = _(
                "{fix} The columns of the file are: {columns}.", fix=error.fix, columns=columns
            )
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
        _(
            "The file cannot be read: {trouble}",
            trouble=trouble.replace(str(path), path.name)[:200],
        ),
        where=_("{name}, row {group}", name=path.name, group=line.group(1))
        if line
        else _("{name}, row 1 or after", name=path.name),
        fix=_(
            "Open the file at that row and correct it (a separator, a quote, a cut "
            "end), or export it again; say delimiter, encoding or header_row in the "
            "spec if they differ."
        ),
    )


def _excel(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    """Register one sheet as the relation ``sheet``, every cell as text."""
    import pandas as pd

    book = workbook(path)
    names = book.sheet_names
    if spec.sheet and spec.sheet not in names:
        raise unknown(_("sheet"), spec.sheet, names, where=_("{name}, row 1", name=path.name))
    rows = book.get_sheet_by_name(spec.sheet or names[0]).to_python(skip_empty_area=False)
    if len(rows) <= spec.header_row:
        raise SpecError(
            _("The sheet '{sheet}' has no row after the header.", sheet=spec.sheet or names[0]),
            where=_("{name}, row {header_row}", name=path.name, header_row=spec.header_row),
            fix=_("Say sheet (one of: {names}) or header_row in the spec.", names=", ".join(names)),
        )
    top = enumerate(rows[spec.header_row - 1])
    header = [str(cell).strip() or f"column_{at}" for at, cell in top]
    cells = [[cell_text(cell) for cell in row] for row in rows[spec.header_row :]]
    con.register("sheet", pd.DataFrame(cells, columns=header, dtype="object"))
