"""The one way to open files, official and own: text, DBF, workbooks, JSON, Parquet, also packed.

A file is what its content says, never its name: publishers' servers answer a missing file with
status 200 and a web page, encodings alternate between vintages, and users rename files. `glance`
looks at the head; `unpack` gives a plain file, and of text always UTF-8 with one kind of line end.
DuckDB reads official text, streaming, pyogrio (GDAL) streams DBF as Arrow batches, calamine reads
workbooks; own tables, of every kind, become rows of text in `open_table`. Nothing is guessed from
the look of a cell or the name of a folder, so that codes keep their zeros and dates their day, and
every failure names the file, the row and the cure.
"""

from __future__ import annotations

import bz2
import codecs
import csv
import datetime
import gzip
import io
import itertools
import json
import lzma
import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any
from xml.etree import ElementTree

from hidra.core.errors import SourceError, lacking
from hidra.core.i18n import _
from hidra.core.param import NUMBER
from hidra.core.place import unaccented
from hidra.core.workers import aside

if TYPE_CHECKING:
    import duckdb

    from hidra.data.sources.base import Context

TABLES = (".csv", ".txt", ".tsv", ".dbf", ".xlsx", ".xls", ".ods", ".json", ".geojson")
#: How a compressed file begins, and what opens it.
COMPRESSED: Mapping[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
#: How files begin that hold no table, or one that is not read here.
UNREAD = {
    b"%PDF": "PDF", b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"$FL2": "SPSS", b"<stata": "Stata",
    b"SQLite format 3": "SQLite", b"<?xml": "XML", b"{\\rtf": "RTF",
}  # fmt: skip


def refuse_page(head: bytes, path: Path) -> None:
    """Refuse nothing at all, and a web page in place of data."""
    if not head.strip():
        raise SourceError(
            _("The file is empty."),
            where=_("{name}, row 1", name=path.name),
            fix=_("Download it or save it again, then read it in again."),
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script")) or b"<html" in start:
        raise SourceError(
            _(
                "This is a web page, not data: the publisher's server answers a missing "
                "file, or a request it does not like, with a page and status 200."
            ),
            where=_("{name}, row 1", name=path.name),
            fix=_(
                "Delete it and download the file in a browser from the source's home page; if the "
                "page shows the table itself, save that as .xlsx or CSV."
            ),
        )
    kind = next((kind for sign, kind in UNREAD.items() if head.startswith(sign)), None)
    if kind is not None:
        raise SourceError(
            _("A file of kind {kind} is not read here.", kind=kind),
            where=_("{name}, row 1", name=path.name),
            fix=_("Open it in its own program and save the table as CSV, .xlsx, .ods or JSON."),
        )


def broken_zip(path: Path, member: str | None = None) -> SourceError:
    """Say that a zip, or a member of it, cannot be read, most often because it is cut short."""
    return SourceError(
        _("The zip is broken, most likely cut short in the download."),
        where=f"{path.name} > {member}" if member else path.name,
        fix=_("Get the file again (an official one: `hidra data fetch`), then read it in again."),
    )


def members(path: Path) -> list[str]:
    """Names of the tables inside a zip, largest first, catalogues and lists last."""
    with zipfile.ZipFile(path) as archive:
        tables = [
            one
            for one in archive.infolist()
            if one.filename.lower().endswith(TABLES)
            and not any(part.startswith(("__MACOSX", ".")) for part in one.filename.split("/"))
        ]
    tables.sort(key=lambda one: ("catalogo" in one.filename.lower(), -one.file_size))
    return [one.filename for one in tables]


def workbook(path: Path, member: str | None = None) -> Any:
    """Open a workbook, xls or xlsx, also one inside a zip."""
    import python_calamine as calamine

    try:
        with opened(path, member) as file:
            return calamine.CalamineWorkbook.from_object(io.BytesIO(file.read()))
    except calamine.PasswordError as error:
        raise SourceError(
            _("The workbook is locked with a password."),
            where=f"{path.name} > {member}" if member else path.name,
            fix=_("Open it in a spreadsheet, take the password off and save it."),
        ) from error
    except calamine.CalamineError as error:
        raise damaged_workbook(path, member) from error


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
            raise damaged_workbook(path, member) from error
        yield name, rows


def damaged_workbook(path: Path, member: str | None = None) -> SourceError:
    """Say that a workbook, or a sheet of it, cannot be read."""
    return SourceError(
        _("The workbook cannot be read: it is damaged, or no workbook."),
        where=f"{path.name} > {member}" if member else path.name,
        fix=_("Get it again, or open it in a spreadsheet and save it as .xlsx."),
    )


def _latin(error: UnicodeError) -> tuple[str, int]:
    """Read the five bytes that Windows-1252 leaves open as the web does: as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("latin", _latin)


def encoding(path: Path, member: str | None = None) -> str:
    """Return "utf-8", "utf-16..." or "windows-1252", judged by all of a text: accents come late.

    Windows-1252 is what Excel writes in Spanish; Latin-1 reads the same in it.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with opened(path, member) as file:
            block = file.read(HEAD)
            if _utf_16(block):
                return _utf_16(block)
            while block:
                decoder.decode(block)
                block = file.read(1 << 22)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _utf_16(head: bytes) -> str:
    """Return the kind of UTF-16 a text is in (what Excel calls Unicode text); empty: in none."""
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    some = head[:40]
    if len(some) > 3 and not any(some[1::2]) and all(some[::2]):
        return "utf-16-le"
    return "utf-16-be" if len(some) > 3 and not any(some[::2]) and all(some[1::2]) else ""


@contextmanager
def opened(path: Path, member: str | None = None) -> Iterator[IO[bytes]]:
    """Open a file, or a member of a zip, as bytes; what is compressed is read as what it holds."""
    try:
        if member is not None:
            with zipfile.ZipFile(path) as archive, archive.open(member) as file:
                yield file
            return
        with path.open("rb") as file:
            start = file.read(5)
        unpacking = next((how for sign, how in COMPRESSED.items() if start.startswith(sign)), None)
        with unpacking(path) if unpacking else path.open("rb") as file:
            yield file
    except (RuntimeError, NotImplementedError) as error:
        raise SourceError(
            _("A member of the zip needs a password, or is packed in a way that is not read here."),
            where=f"{path.name} > {member}",
            fix=_("Unpack it and read in the table inside."),
        ) from error
    except (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, KeyError) as error:
        raise broken_zip(path, member) from error


def unpack(path: Path, member: str | None, scratch: Path, charset: str | None = None) -> Path:
    """Return a plain file: the path itself, or what it holds written to ``scratch``.

    A text is in UTF-8 there and every line ends alike, whatever it was written in.

    Parameters
    ----------
    charset : str, optional
        Encoding of a text; judged by its content if not given.
    """
    with opened(path, member) as file, path.open("rb") as outside:
        head = file.read(HEAD)
        packed = member is not None or head[:5] != outside.read(5)
    target = scratch / f"{path.stem}_{PurePosixPath(member or path.name).name.removesuffix('.gz')}"
    if _kind(head, member or path.name) not in ("csv", "json"):
        if not packed:
            return path
        with opened(path, member) as file, target.open("wb") as out:
            shutil.copyfileobj(file, out, 1 << 20)
        return target
    written = _written_in(path, member, charset)
    if not packed and written == "utf-8" and not _returns(path):
        return path
    with (
        opened(path, member) as file,
        io.TextIOWrapper(
            file, "utf-8-sig" if written == "utf-8" else written, errors="latin"
        ) as text,
        target.open("w", encoding="utf-8", newline="\n") as out,
    ):
        shutil.copyfileobj(text, out, 1 << 20)
    return target


def _written_in(path: Path, member: str | None, charset: str | None) -> str:
    """Return the encoding to read with; refuse a declared one that the content contradicts."""
    found = encoding(path, member)
    if charset is None or codecs.lookup(charset).name == found:
        return found
    with opened(path, member) as file:
        plain = all(block.isascii() for block in iter(lambda: file.read(1 << 22), b""))
    if plain or (found == "windows-1252" and codecs.lookup(charset).name != "utf-8"):
        return charset
    raise SourceError(
        _("The file is not written in {charset} but in {found}.", found=found, charset=charset),
        where=_("{name}, row 1 or after", name=path.name),
        fix=_("Leave encoding out of the spec: it is found out."),
    )


def _returns(path: Path) -> bool:
    """Tell whether a text has carriage returns: alone or mixed they stop a reader of lines."""
    with path.open("rb") as file:
        return any(b"\r" in block for block in iter(lambda: file.read(1 << 22), b""))


HEAD = 64 * 1024
FIRST_ROWS = 12


@dataclass(frozen=True)
class Glance:
    """What a file holds.

    Parameters
    ----------
    kind : str
        "csv", "dbf", "excel", "json", "parquet", or "damaged" (a member that cannot be read).
    columns : tuple of str
        Header as written (JSON: every key; Excel: all texts of the first rows of the sheets).
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
    return "_".join(unaccented(text).replace("_", " ").split())


def glance(path: Path) -> Glance:
    """Look at the head of a file; of a zip, at that of its largest table.

    Raises
    ------
    SourceError
        Missing, empty, an HTML page, a broken zip, or a kind that is not read here.
    """
    return glances(path)[0]


def glances(path: Path) -> list[Glance]:
    """Look at every table of a file: one, or each member of a zip (bundles hold several years).

    A member that cannot be read is of kind "damaged", the last of them; where all are, the first
    is raised. Raises as `glance` does.
    """
    within(path)
    known = path.stat()
    return list(_glances(path, known.st_mtime_ns, known.st_size))


@lru_cache(maxsize=16)
def _glances(path: Path, _changed: int, _size: int) -> tuple[Glance, ...]:
    with opened(path) as file:
        head = file.read(HEAD)
    refuse_page(head, path)
    if head[:4] != b"PK\x03\x04" or _is_workbook(path):
        return (_look(path, head, None),)
    seen, damaged = [], []
    for name in members(path):
        try:
            with opened(path, name) as file:
                head = file.read(HEAD)
            if head.strip():
                seen.append(_look(path, head, name))
        except SourceError as error:
            damaged.append((Glance(path, "damaged", (error.what,), name), error))
    if not seen and damaged:
        raise damaged[0][1]
    if not seen:
        with zipfile.ZipFile(path) as archive:
            inside = ", ".join(archive.namelist()[:5])
        raise SourceError(
            _("The zip holds no table (CSV, DBF, Excel or JSON)."),
            where=f"{path.name} > {inside}",
            fix=_("Unpack it and read in the table inside, if there is one."),
        )
    return (*seen, *(one for one, _error in damaged))


def table_of(file: Path, recognise: Callable[[Glance], bool]) -> Glance:
    """Return the (largest) table of a file, or of a zip, that is recognised."""
    found = [seen for seen in glances(file) if recognise(seen)]
    if not found:
        raise SourceError(
            _("The file does not hold the table of this source."),
            where=_("{name}, row 1", name=file.name),
            fix=DOWNLOAD_AGAIN,
        )
    return found[0]


def _is_workbook(path: Path) -> bool:
    inside = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
    try:
        with zipfile.ZipFile(path) as archive:
            return not inside.isdisjoint(archive.namelist())
    except zipfile.BadZipFile as error:
        raise broken_zip(path) from error


def _kind(head: bytes, name: str) -> str:
    """Say what the head of a file is of: "parquet", "excel", "json", "dbf" or "csv", any text."""
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:4] == b"PK\x03\x04" or head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "excel"
    if _text_of(head[:200]).lstrip()[:1] in ("{", "["):
        return "json"
    dbase = (0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x83, 0x8B, 0xF5)
    if head[:1] and head[0] in dbase and b"\0" in head[:32] and not _utf_16(head):
        return "csv" if name.lower().endswith(".csv") else "dbf"
    return "csv"


def _text_of(head: bytes) -> str:
    """Return the head of a text, which may end inside a letter."""
    if _utf_16(head):
        return head[: len(head) // 2 * 2].decode(_utf_16(head), "ignore").lstrip("\ufeff")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("windows-1252", "latin")


def _look(path: Path, head: bytes, member: str | None) -> Glance:
    kind = _kind(head, member or path.name)
    if kind == "csv":
        return _csv(path, head, member)
    columns = {
        "parquet": lambda: _parquet_columns(path),
        "excel": lambda: _excel_columns(path, member),
        "json": lambda: _json_columns(path, member),
        "dbf": lambda: _dbf_columns(head),
    }[kind]
    return Glance(path, kind, columns(), member)


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
    """Return all texts of the first rows of the sheets: headers of official books sit low."""
    with opened(path, member) as file:
        data = io.BytesIO(file.read())
    if data.getvalue()[:4] == b"PK\x03\x04":
        try:
            return _xlsx_texts(data)
        except (ElementTree.ParseError, zipfile.BadZipFile, zlib.error, LookupError, ValueError):
            pass  # whatever is odd in it, the library below says
    return tuple(
        str(cell)
        for _, rows in sheets(path, member, first=FIRST_ROWS)
        for row in rows
        for cell in row
        if str(cell).strip()
    )


def _xlsx_texts(data: IO[bytes]) -> tuple[str, ...]:
    """Read the first rows of every sheet of an xlsx and no further.

    A library would read a million rows to say what stands in twelve.
    """
    cells: list[str | int] = []  # a number is an index into the shared texts
    with zipfile.ZipFile(data) as book:
        names = book.namelist()
        for sheet in (one for one in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", one)):
            with book.open(sheet) as file:
                rows = (one for _, one in ElementTree.iterparse(file) if one.tag.endswith("}row"))
                for row in itertools.islice(rows, FIRST_ROWS):
                    cells += map(_xlsx_cell, row)
        wanted = max((one for one in cells if isinstance(one, int)), default=-1)
        shared: list[str] = []
        if wanted >= 0:
            with book.open("xl/sharedStrings.xml") as file:
                texts = (one for _, one in ElementTree.iterparse(file) if one.tag.endswith("}si"))
                shared = ["".join(one.itertext()) for one in itertools.islice(texts, wanted + 1)]
    found = (shared[one] if isinstance(one, int) else one for one in cells)
    return tuple(text for text in found if text.strip())


def _xlsx_cell(cell: ElementTree.Element) -> str | int:
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "s" and value:
        return int(value)
    return value or "".join(text for one in cell.iterfind("{*}is") for text in one.itertext())


KEY = re.compile(rb'"((?:[^"\\]|\\.){1,200})"\s*:')


def _json_columns(path: Path, member: str | None) -> tuple[str, ...]:
    """Return the keys that occur anywhere: official outlines put coordinates before the codes."""
    keys: dict[bytes, None] = {}
    rest = b""
    with opened(path, member) as file:
        while block := file.read(1 << 22):
            keys |= dict.fromkeys(KEY.findall(rest + block))
            rest = (rest + block)[-512:]
    texts = (key.decode("utf-8", "replace") for key in keys)
    return tuple(json.loads(f'"{text}"') if "\\" in text else text for text in texts)


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
    text = _text_of(head)
    if "\0" in text:
        raise SourceError(
            _("The file is no text, and of no kind that is read here."),
            where=_("{name}, row 1", name=path.name),
            fix=_("Open it in its own program and save the table as CSV, .xlsx, .ods or JSON."),
        )
    lines = re.split(r"\r\n|\r|\n", text)[:2]
    delimiter = separator(lines[0])
    rows = [tuple(one.strip() for one in row) for row in csv.reader(lines, delimiter=delimiter)]
    return Glance(path, "csv", rows[0], member, delimiter, rows[1] if len(rows) > 1 else ())


def separator(line: str) -> str:
    """Return what separates the cells of a line: the mark that stands most often in it."""
    return max(",;\t|", key=line.count)


DOWNLOAD_AGAIN = _("Download the file again from its publisher, then `hidra data add FILE`.")


def quoted(text: str | Path) -> str:
    """Quote a text for SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(column: str) -> str:
    """Quote a column name for SQL."""
    return '"' + column.replace('"', '""') + '"'


def csv_table(plain: Path, columns: Sequence[str], delimiter: str = ",") -> str:
    """Return the SQL of a CSV file as text columns; nothing is guessed, nothing is skipped.

    The columns are told, so that a ragged row is an error with its line. ``plain`` is of `unpack`.
    """
    for at, one in enumerate(columns):
        if one in columns[:at]:
            raise SourceError(
                _("Two columns are both '{name}'.", name=one),
                where=plain.name,
                fix=_("Leave one of them."),
            )
    kinds = ", ".join(f"{quoted(one)}: 'VARCHAR'" for one in columns)
    return (
        f"read_csv({quoted(plain)}, auto_detect=false, header=true, delim={quoted(delimiter)},"
        f" quote='\"', escape='\"', hive_partitioning=false, max_line_size=1000000,"
        f" columns={{{kinds}}})"
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
    thread, told = aside(lambda: con.execute(sql).fetchall())
    try:
        while thread.is_alive():
            thread.join(0.2)
            share = max(0.0, con.query_progress()) / 100
            context.progress(words, span[0] + (span[1] - span[0]) * min(share, 1.0))
    except KeyboardInterrupt:
        con.interrupt()
        thread.join()
        raise
    told.result()
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
            _("The DBF table cannot be read."), where=located(seen), fix=DOWNLOAD_AGAIN
        ) from error
    finally:
        if seen.member is not None:
            plain.unlink(missing_ok=True)


def located(seen: Glance) -> str:
    """Say in which file, and which member of it, a table lies."""
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
            where=_("{where}, row {there}", where=located(seen), there=there + 1),
            fix=DOWNLOAD_AGAIN,
        )


def sheet_tables(
    seen: Glance, wanted: Callable[[list[str]], bool]
) -> Iterator[tuple[str, int, list[list[Any]]]]:
    """Yield (sheet, number of the header's row, header and rows below) of each sheet with one.

    The header is the first row for which ``wanted``; official workbooks put titles above it.
    """
    for sheet, rows in sheets(seen.path, seen.member):
        for number, cells in enumerate(rows[:20], start=1):
            if wanted([fold(str(cell)) for cell in cells]):
                yield sheet, number, rows[number - 1 :]
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
            source = f"read_parquet({quoted(plain)}, hive_partitioning=false)"
        else:
            source = csv_table(plain, seen.columns, seen.delimiter)
        run(
            con,
            f"CREATE OR REPLACE TEMP TABLE source_rows AS"
            f" SELECT row_number() OVER () + 1 AS row, {chosen} FROM {source}",
            context,
            seen.path.name,
        )
    if plain.parent == context.scratch:
        plain.unlink()


def _sheet_table(
    con: duckdb.DuckDBPyConnection,
    seen: Glance,
    wanted: Mapping[str, Sequence[str]],
    optional: frozenset[str],
) -> None:
    required = [forms for one, forms in wanted.items() if one not in optional]
    found: dict[tuple[str | None, ...], tuple[int, str]] = {}
    rows: list[tuple[int, tuple[str | None, ...]]] = []
    tables = sheet_tables(seen, lambda cells: all(set(forms) & set(cells) for forms in required))
    for sheet, top, (header, *below) in tables:
        folded = [fold(str(cell)) for cell in header]
        at = [
            next((folded.index(form) for form in forms if form in folded), None)
            for forms in wanted.values()
        ]
        repeated = 0
        for number, cells in enumerate(below, top + 1):
            texts = tuple(None if i is None else cell_text(cells[i]) for i in at)
            if found.setdefault(texts, (number, sheet))[1] != sheet:
                repeated += 1  # official books show the same table twice: with titles and bare
            elif any(texts):
                rows.append((number, texts))
        if repeated:
            _note_repeated(con, seen, sheet, repeated)
    if not rows:
        missing = ", ".join(forms[0] for forms in required)
        raise SourceError(
            _("No sheet has a header with {missing}.", missing=missing),
            where=located(seen),
            fix=DOWNLOAD_AGAIN,
        )
    store_rows(con, list(wanted), rows)


def _note_repeated(con: duckdb.DuckDBPyConnection, seen: Glance, sheet: str, n: int) -> None:
    from hidra.data.sources.base import note

    words = _("rows of sheet '{sheet}' repeat those of an earlier sheet: read once", sheet=sheet)
    note(con, seen.path.name, "rows left out", words, n=n)


def as_csv(seen: Glance, scratch: Path, header: Sequence[str]) -> list[tuple[str, Glance]]:
    """Write each sheet whose header has these names as CSV, for readers that stream text.

    Returns
    -------
    list of (str, Glance)
        Name of the sheet and the CSV; rows of fewer than three cells (blanks, notes) are left out.
    """
    found: list[tuple[str, Glance]] = []
    for sheet, _top, rows in sheet_tables(seen, lambda cells: set(header) <= set(cells)):
        target = scratch / f"{len(found)}_{seen.path.stem}.csv"
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            for cells in rows:
                texts = [cell_text(cell) or "" for cell in cells]
                if len(texts) - texts.count("") > 2:
                    writer.writerow(texts)
        found.append((sheet, glance(target)))
    return found


def store_rows(
    con: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str | None]]],
) -> None:
    """Create ``source_rows`` from Python rows of texts (workbooks, JSON, replies)."""
    store_table(con, "source_rows", ["row", *columns], [(row, *texts) for row, texts in rows])


def store_table(
    con: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Create a table from rows: columns of whole numbers, floats or truth values, else texts."""
    cells = zip(*rows, strict=True) if rows else ([] for _ in columns)
    store(con, name, **dict(zip(columns, map(list, cells), strict=True)))


def store(con: duckdb.DuckDBPyConnection, table: str, **columns: Sequence[Any]) -> None:
    """Create a table from Python columns: whole numbers, floats, truth values, else texts."""
    import pyarrow as arrow

    kinds = {int: arrow.int64(), float: arrow.float64(), bool: arrow.bool_()}
    first = {one: next((v for v in values if v is not None), "") for one, values in columns.items()}
    arrays = {
        one: arrow.array(values, kinds.get(type(first[one]), arrow.string()))
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


def events_once(con: duckdb.DuckDBPyConnection, file: str, key: str) -> None:
    """Keep one row of ``source_rows`` for each event; refuse two that say different things of it.

    Files are joined from downloads that overlap, or hold an event once for every side of it.
    """
    from hidra.data.sources.base import note

    columns = [name for name, *_kind in con.execute("DESCRIBE source_rows").fetchall()]
    said = ", ".join(one for one in columns if one not in ("row", key))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE event_rows AS SELECT row, {key} AS event, "
        f"hash({said}) AS said FROM source_rows WHERE {key} IS NOT NULL"
    )
    different = con.execute(
        "SELECT event, min(row), arg_max(row, said <> first) FROM (SELECT *, first_value(said) "
        "OVER (PARTITION BY event ORDER BY row) AS first FROM event_rows) GROUP BY event "
        "HAVING count(DISTINCT said) > 1 ORDER BY 2 LIMIT 1"
    ).fetchone()
    if different:
        event, first, last = different
        raise SourceError(
            _("The event {event} stands twice and the two rows differ.", event=event),
            where=_("{file}, rows {first} and {last}", file=file, first=first, last=last),
            fix=_("Keep the newer of the two rows, or export the file again from one download."),
        )
    found = con.execute(
        "DELETE FROM source_rows WHERE row IN "
        "(SELECT row FROM event_rows EXCEPT SELECT min(row) FROM event_rows GROUP BY event)"
    ).fetchone()
    if found and found[0]:
        detail = _("The same event again: each is counted once.")
        note(con, file, "rows left out", detail, n=found[0])


def numbers(*columns: str) -> str:
    """SQL: some of these texts is neither empty nor a number (thousands commas allowed)."""
    return " OR ".join(f"({one} IS NOT NULL AND {number(one)} IS NULL)" for one in columns)


def number(column: str) -> str:
    """SQL: the number in a text, null where it is empty."""
    text = f"replace({column}, ',', '')"
    plain = f"regexp_full_match(trim({text}), {quoted(NUMBER.pattern)})"
    found = f"TRY_CAST({text} AS DOUBLE)"
    return f"CASE WHEN {plain} AND isfinite({found}) THEN {found} END"


NATIONS = ("nacional", "total", "estados_unidos_mexicanos", "republica_mexicana")


def state_codes(
    con: duckdb.DuckDBPyConnection, column: str, table: str = "source_rows"
) -> list[str]:
    """Create ``state_names`` (name, code) for the names in a column; return those not known.

    Names are compared as `hidra.core.place.find` does; the words "state of" and "estado de" do not
    count. A total of the nation is 00; a name that is none, and an empty one, is 33: unknown.
    """
    from hidra.core.errors import SpecError
    from hidra.core.place import find

    found: list[tuple[str, str]] = []
    missed: list[str] = []
    for (text,) in con.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall():
        # bullets and wide spaces before a name, footnote marks behind it, are no part of it
        plain = re.sub(r"^\W+|\s+\d+/|[^\w.)]+$", "", text or "")
        plain = plain.removesuffix(" state").removesuffix(" State").strip()
        try:
            code = "00" if fold(plain).startswith(NATIONS) else find(plain).code if plain else "33"
        except SpecError:
            code = "33"
            missed.append(text)
        found.append((text or "", code if len(code) == 2 else "33"))
    store_table(con, "state_names", ["name", "code"], found or [("", "33")])
    return missed


# What a file from outside may ask for, told before it is read: a workbook of 1 KB with one cell in
# its last corner takes 500 GB, a zip of 1 MB fills a disk. More than any known file is refused.

TIMES, SMALL = 200, 100_000_000  # a larger member unpacks to no more times its size in the zip
MEMBERS, INSIDE = 20_000, 200_000_000  # of a zip; bytes of a workbook inside another zip
CELLS = 30_000_000  # of a sheet, from its first corner to its last cell
FIRST_LINE = 2_000_000  # bytes of the header of a table in text
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]{0,200}?\br\s*=\s*["']([A-Z]{1,4})([0-9]{1,8})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]{0,200}?\br\s*=\s*["']([0-9]{1,8})["']""")


def within(path: Path) -> None:
    """Refuse a file that is not there, or would become larger than can be.

    Raises
    ------
    SourceError
        Naming the member, the sheet or the line.
    """
    if not path.is_file():
        raise SourceError(_("There is no such file."), where=str(path), fix=_("Check the path."))
    with path.open("rb") as file:
        head = file.read(4)
        if head != b"PK\x03\x04":
            _first_line(path, head + file.read(FIRST_LINE))
            return
        try:
            _archive(file, path.name, outer=True)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
            return  # who opens it says how it is damaged or locked


def _archive(file: IO[bytes], name: str, *, outer: bool) -> None:
    with zipfile.ZipFile(file) as archive:
        every = archive.infolist()
        if len(every) > MEMBERS:
            raise _too_large(name, _("{n} files in one zip", n=len(every)))
        total = 0
        for one in every:
            total += one.file_size
            if one.file_size > max(SMALL, TIMES * one.compress_size):
                told = _("{size} MB packed into {less} MB", size=one.file_size // 10**6,
                         less=one.compress_size // 10**6)  # fmt: skip
                raise _too_large(f"{name}, {one.filename}", told)
        if total > shutil.disk_usage(tempfile.gettempdir()).free:
            told = _("{size} MB unpacked, more than the disk has", size=total // 10**6)
            raise _too_large(name, told)
        for one in every:
            if one.filename.startswith("xl/") and one.filename.endswith(
                ".xml"
            ):  # sheets, by any name
                with archive.open(one) as sheet:
                    _sheet(sheet, f"{name}, {Path(one.filename).stem}")
            elif outer and one.filename.lower().endswith((".xlsx", ".ods", ".xlsm")):
                if one.file_size > INSIDE:
                    raise _too_large(f"{name}, {one.filename}", _("a workbook in a zip"))
                _archive(io.BytesIO(archive.read(one)), f"{name}, {one.filename}", outer=False)


def _sheet(file: IO[bytes], name: str) -> None:
    """Compare the last corner of a sheet with what is in it."""
    rows = columns = 1
    left = b""
    while block := file.read(1 << 22):
        text = left + block
        for letters, number in set(_CELL.findall(text)):
            column = 0
            for letter in letters:
                column = 26 * column + letter - 64
            columns, rows = max(columns, column), max(rows, int(number))
        rows = max(rows, max(map(int, _ROW.findall(text)), default=1))
        if rows * columns > CELLS:
            told = _("{rows:,} rows by {columns:,} columns", rows=rows, columns=columns)
            raise _too_large(name, told)
        left = text[-200:]


def _first_line(path: Path, head: bytes) -> None:
    is_text = path.suffix.lower() in (".csv", ".tsv", ".txt") and head.lstrip()[:1] not in b"{["
    if is_text and len(head) > FIRST_LINE and not {*b"\r\n"} & {*head}:
        raise _too_large(path.name, _("a header of more than {n} MB", n=FIRST_LINE // 10**6))


def _too_large(where: str, told: str) -> SourceError:
    return SourceError(
        _("This is larger than can be read here: {told}.", told=told),
        where=where,
        fix=_("Give the table alone, saved anew: as CSV, or a workbook without far cells."),
    )
