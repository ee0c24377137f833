"""Opening files that may be damaged: zips, workbooks, texts of unknown encoding, web pages.

Servers of several publishers answer a missing file with status 200 and a web page; every way of
opening a file here says so instead of failing somewhere later.
"""

from __future__ import annotations

import codecs
import io
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from hidra.core.errors import SourceError

TABLES = (".csv", ".dbf", ".xlsx", ".xls", ".json", ".geojson")


def refuse_page(head: bytes, path: Path) -> None:
    """Refuse nothing at all, and a web page in place of data."""
    if not head.strip():
        raise SourceError(
            "The file is empty.",
            where=f"{path.name}, row 1",
            fix="Download it again, then `hidra data add FILE`.",
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<?xml version")) or (
        b"<html" in start
    ):
        raise SourceError(
            "This is a web page, not data: the publisher's server answers a missing file, or a "
            "request it does not like, with a page and status 200.",
            where=f"{path.name}, row 1",
            fix="Delete it; download the file in a browser from the source's home page, then "
            "`hidra data add FILE`.",
        )


def broken_zip(path: Path) -> SourceError:
    """Say that a zip cannot be opened, most often because it is cut short."""
    return SourceError(
        "The zip is broken, most likely cut short in the download.",
        where=path.name,
        fix="Run `hidra data fetch` again, or download it again; then `hidra data add FILE`.",
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
        "The workbook cannot be read: it is damaged, or no workbook.",
        where=path.name,
        fix="Download it again, or save it as .xlsx and `hidra data add FILE`.",
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
