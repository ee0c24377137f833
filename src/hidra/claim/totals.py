"""Sums of a series over a place and a period, with how much of the period it covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hidra.claim.ask import kept, rows
from hidra.claim.things import Series
from hidra.place import months

if TYPE_CHECKING:
    import duckdb

STATES = 32
QUERY = """
SELECT source, month, count(value) FILTER (place <> '33') AS cells, sum(value) AS total,
       max(vintage) AS vintage, bool_or(status = 'undercount') AS short
FROM counted WHERE measure = ? AND CASE WHEN ? = '00' THEN {nation} ELSE place = ? END
GROUP BY source, month HAVING count(value) > 0 ORDER BY source, month
"""

HAS_NATION = "SELECT 1 FROM counted WHERE measure = ? AND place = '00' LIMIT 1"


@dataclass(frozen=True)
class Span:
    """A period of whole months, ``YYYY-MM`` to ``YYYY-MM``, both included.

    `open_end` marks "since ...": the end is the last month a series has.
    """

    first: str
    last: str
    open_end: bool = False
    term: bool = False

    @property
    def years(self) -> tuple[int, int]:
        """First and last calendar year; one that begins in December counts from January."""
        first, last = int(self.first[:4]), int(self.last[:4])
        late = (self.term or self.open_end) and self.first.endswith("-12")
        return (first + 1 if late else first), last

    @property
    def whole_years(self) -> bool:
        """Tell whether it runs from a January to a December."""
        return self.first.endswith("-01") and self.last.endswith("-12")

    @property
    def days(self) -> int:
        """Number of days in it."""
        import datetime

        begin = datetime.date(int(self.first[:4]), int(self.first[5:]), 1)
        year, month = int(self.last[:4]), int(self.last[5:])
        end = datetime.date(year + month // 12, month % 12 + 1, 1)
        return (end - begin).days

    def words(self, lang: str = "en") -> str:
        """Return it as a reader says it: 2019, 2007-2012, 2024-09, 2024-01 to 2024-09."""
        if self.whole_years:
            first, last = self.first[:4], self.last[:4]
            return first if first == last else f"{first}-{last}"
        to = "a" if lang == "es" else "to"
        return self.first if self.first == self.last else f"{self.first} {to} {self.last}"


def year(number: int) -> Span:
    """Return a calendar year."""
    return Span(f"{number}-01", f"{number}-12")


@dataclass(frozen=True)
class Total:
    """A sum and what it covers; `whole` when no month or state is missing."""

    value: float
    span: Span
    whole: bool
    short: bool


def total(con: duckdb.DuckDBPyConnection, series: Series, place: str, span: Span) -> Total | None:
    """Return the sum of a series over a place and period, or None where it has nothing.

    A yearly series answers only for whole years (a term counts from its first January), and only
    for the nation.
    """
    if series.yearly:
        since = span.open_end and span.first[5:] in ("01", "12")
        if place != "00" or not (span.whole_years or span.term or since):
            return None
        first, last = span.years
        span = Span(f"{first}-01", f"{last}-12", span.open_end)
    parts = [_part(con, measure, series.yearly, place, span) for measure in series.measures]
    if any(part is None for part in parts):
        return None
    known = [part for part in parts if part is not None]
    return Total(
        sum(part.value for part in known),
        known[0].span,
        all(part.whole for part in known) and len({part.span for part in known}) == 1,
        any(part.short for part in known),
    )


def _part(
    con: duckdb.DuckDBPyConnection, measure: str, yearly: bool, place: str, span: Span
) -> Total | None:
    has_nation, sources = _held(con, measure, place)
    parts = [[one for one in some if span.first <= one["month"] <= span.last] for some in sources]
    if not any(parts):
        return None
    months_ = max(filter(None, parts), key=lambda some: max(one["vintage"] for one in some))
    row = {
        "cells": sum(one["cells"] for one in months_),
        "total": sum(one["total"] for one in months_),
        "first": months_[0]["month"], "last": months_[-1]["month"],
        "short": any(one["short"] for one in months_),
    }  # fmt: skip
    last = row["last"] if span.open_end else span.last
    if yearly:
        wanted = Span(span.first, f"{last[:4]}-12", span.open_end)
        expected = wanted.years[1] - wanted.years[0] + 1
        held = Span(row["first"], f"{row['last'][:4]}-12")
    else:
        wanted = Span(span.first, last, span.open_end, span.term)
        cells = 1 if place != "00" or has_nation else STATES
        expected = len(months(wanted.first, wanted.last)) * cells
        held = Span(row["first"], row["last"])
    whole = row["cells"] >= expected
    return Total(row["total"], wanted if whole else held, whole, bool(row["short"]))


def _held(
    con: duckdb.DuckDBPyConnection, measure: str, place: str
) -> tuple[bool, list[list[dict[str, Any]]]]:
    """Return the months of a measure at a place by source, asked once per connection."""
    known = kept(con)
    if (measure, place) not in known:
        has_nation = bool(rows(con, HAS_NATION, measure))
        nation = "place = '00'" if has_nation else "length(place) = 2"
        found = rows(con, QUERY.format(nation=nation), measure, place, place)
        by_source: dict[str, list[dict[str, Any]]] = {}
        for one in found:
            by_source.setdefault(one["source"], []).append(one)
        known[measure, place] = has_nation, list(by_source.values())
    held: tuple[bool, list[list[dict[str, Any]]]] = known[measure, place]
    return held
