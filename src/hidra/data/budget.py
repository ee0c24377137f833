"""What a file from outside may ask for: unpacked bytes, cells, columns. Told before it is read.

A small file can ask for much: a workbook of 1 KB with one cell in its last corner takes 500 GB, a
zip of 1 MB fills a disk. What goes beyond all that official and own files are is refused by name.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path
from shutil import disk_usage
from typing import IO

from hidra.core.errors import SourceError
from hidra.core.i18n import _

TIMES, SMALL = 200, 100_000_000  # a larger member unpacks to no more times its size in the zip
MEMBERS, INSIDE = 20_000, 200_000_000  # of a zip; bytes of a workbook inside another zip
CELLS = 30_000_000  # of a sheet, from its first corner to its last cell
FIRST_LINE = 2_000_000  # bytes of the header of a table in text
_CELL = re.compile(rb'<(?:\w+:)?c\b[^<>]{0,80}?\br="([A-Z]{1,4})([0-9]{1,8})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]{0,80}?\br="([0-9]{1,8})"')


def within(path: Path) -> None:
    """Refuse a file that would become larger than can be.

    Raises
    ------
    SourceError
        Naming the member, the sheet or the line.
    """
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
        if total > disk_usage(tempfile.gettempdir()).free:
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
