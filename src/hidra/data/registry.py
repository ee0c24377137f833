"""The registry of official files: where each lies, what it is, which years it holds.

``registry.csv`` has one row for each file or, where a publisher cuts the whole series anew each
month, one row for each pattern of names. A checksum, a size or an archive address that nobody
has verified is empty there: unknown, not invented. Terms, citation, concept, unit and cadence
are those of the file's source (`hidra.data.sources`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as package_files

from hidra.core.errors import SpecError, unknown
from hidra.data.sources import sources

MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@dataclass(frozen=True)
class RegistryFile:
    """One official file.

    Parameters
    ----------
    addresses : tuple of str
        The publisher's address first, then mirrors and archives, in the order they are tried.
    sha256 : str or None
        Only where the publisher's file is fixed and the sum was verified.
    size : int or None
        Bytes, where known.
    first_year, last_year : int or None
        Years the file holds (of registration, for deaths).
    note : str
        What to know before trusting it.
    """

    source: str
    name: str
    addresses: tuple[str, ...]
    sha256: str | None
    size: int | None
    first_year: int | None
    last_year: int | None
    note: str


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (package_files("hidra.data") / "registry.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def files(
    source: str, *, years: tuple[int, int] | None = None, cut: str | None = None
) -> list[RegistryFile]:
    """Return the files of a source.

    Parameters
    ----------
    source : str
        Name of the source.
    years : (int, int), optional
        Only files that hold some of these years.
    cut : str, optional
        ``YYYY-MM`` for files that are cut anew each month; the newest cut known otherwise.

    Returns
    -------
    list of RegistryFile
        Empty for a source that the user brings (``access`` "ask" or "licence").
    """
    if source not in sources():
        raise unknown("source", source, sources(), where="hidra data fetch")
    found = [_filled(row, cut) for row in _rows() if row["source"] == source]
    if years is None:
        return found
    first, last = years
    return [
        one
        for one in found
        if (one.first_year or first) <= last and (one.last_year or last) >= first
    ]


def _filled(row: dict[str, str], cut: str | None) -> RegistryFile:
    words = _cut_words(cut or row["cut"]) if row["cut"] else {}
    addresses = tuple(one.format(**words) for one in (row["address"], *row["archive"].split()))
    return RegistryFile(
        source=row["source"],
        name=row["name"].format(**words),
        addresses=addresses,
        sha256=row["sha256"] or None,
        size=int(row["bytes"]) if row["bytes"] else None,
        first_year=int(row["first_year"]) if row["first_year"] else None,
        last_year=int(row["last_year"]) if row["last_year"] else None,
        note=row["note"],
    )


def _cut_words(cut: str) -> dict[str, str]:
    year, _, month = cut.partition("-")
    if not (year.isdigit() and len(year) == 4 and month.isdigit() and 1 <= int(month) <= 12):
        raise SpecError(f"'{cut}' is no month of a cut.", where="--cut", fix="Write it as 2025-12.")
    return {"mmm": MONTHS[int(month) - 1], "yy": year[2:], "yyyy": year}
