"""A first look at a file: what it is, judged by its content and never by its name.

Servers of several publishers answer a missing file with status 200 and a web page, encodings
alternate between vintages, and users rename files. So a zip is a zip by its first bytes, a
table is known by its columns, and a page of HTML is an error here, before any reader runs.
"""

from __future__ import annotations

import csv
import json
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hidra.core.errors import SourceError
from hidra.data.sources.opening import broken_zip, members, refuse_page, sheets

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
            f"Column '{names[0]}' is missing.",
            where=f"{self.path.name}, row 1: {', '.join(self.columns[:12])}",
            fix="Download the file again from its publisher; if the layout changed, report it.",
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
        raise SourceError("There is no such file.", where=str(path), fix="Check the path.")
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
            "The zip holds no table (CSV, DBF, Excel or JSON).",
            where=path.name,
            fix="Unpack it and add the table inside, if there is one.",
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
            "The Parquet file is broken, most likely cut short.",
            where=f"{path.name}, its end (a Parquet file has no lines before)",
            fix="Get the file again.",
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
    lines = [_decode(line) for line in head.splitlines()[:2]]
    delimiter = max(",;\t|", key=lines[0].count)
    rows = [tuple(one.strip() for one in row) for row in csv.reader(lines, delimiter=delimiter)]
    return Glance(path, "csv", rows[0], member, delimiter, rows[1] if len(rows) > 1 else ())


def _decode(line: bytes) -> str:
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
