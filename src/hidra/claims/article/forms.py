"""What the panel answers to one way of reading a number: a count, a rate, a share, a rank, ..."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from hidra.claims.ask import kept, rows
from hidra.claims.claim import Rank, Reading, Stated
from hidra.claims.figure import (
    NAMES,
    THINGS,
    Figure,
    Series,
    Span,
    parts,
    persons,
    readings,
    total,
    year,
)
from hidra.claims.figure import Form as PanelForm
from hidra.core.i18n import LANGUAGES, Language, Message, _, translate
from hidra.core.place import find, is_state, states
from hidra.core.weeks import months
from hidra.data import reference

if TYPE_CHECKING:
    import duckdb

Form = Literal[
    "level", "change", "rate", "rate change", "per day", "per month", "per year", "share",
    "state share", "top share", "difference", "minutes",
    "states up", "states down", "rank", "rank of rates", "peak", "record", "fact", "fact change",
]  # fmt: skip
PANEL = ("level", "change", "rate", "rate change", "per day", "per month", "per year", "share")


@dataclass(frozen=True)
class Query:
    """One way of reading a number.

    Attributes
    ----------
    thing : str
        A key of `THINGS`; for a cited fact its indicator.
    form, place, span, base, source, other_bases, basis
        As in `Figure`.
    count : int
        How many states a share is of; the place in a ranking; below zero from the lowest.
    """

    thing: str
    form: Form
    place: str = "00"
    span: Span | None = None
    base: Span | None = None
    source: str = ""
    other_bases: tuple[Span, ...] = ()
    count: int = 0
    basis: str = ""

    def figure(self, form: PanelForm) -> Figure:
        """Return the figure of the panel it asks for, in a form of `PANEL`."""
        thing, place, span, base = self.thing, self.place, self.span, self.base
        return Figure(thing, form, place, span, base, self.source, basis=self.basis)

    def named(self, lang: Language) -> str:
        """Return what is read, in words: thing, place, period."""
        told = [translate(NAMES[self.thing], lang)] if self.thing in NAMES else []
        told.append(place_name(self.place, lang))
        if self.base is not None and self.span is not None:
            end = "…" if self.span.open_end else translate(self.span.words(), lang)
            told.append(f"{translate(self.base.words(), lang)} → {end}")
        elif self.span is not None and self.span.open_end:
            told.append(translate(_("since {first}", first=self.span.first), lang))
        elif self.span is not None:
            told.append(translate(self.span.words(), lang))
        return ", ".join(told)


def place_name(code: str, lang: Language) -> str:
    """Return the name of a nation, a state or a municipality, or of several together."""
    if len(several := parts(code)) > 1:
        return " + ".join(place_name(one, lang) for one in several)
    if len(code) == 5:
        return _municipalities().get(code, code)
    if code in ("00", "us"):
        return translate(_("Mexico") if code == "00" else _("United States"), lang)
    place = find(code)
    return place.name_es if lang == "es" else place.name_en


@cache
def _municipalities() -> dict[str, str]:
    """Return the name of each: figures of Cancún are those of Benito Juárez."""
    table = reference.table("municipality")
    return dict(zip(table["place"], table["name_es"], strict=True))


def answers(con: duckdb.DuckDBPyConnection, query: Query, stated: Stated) -> list[Reading]:
    """Return what every series says to a query; empty where none covers it. Kept by query."""
    open_ = query.span is not None and query.span.open_end
    key = ("answers", query, (stated.value, stated.words) if open_ else None)
    return kept(con, key, lambda: list(_answers(con, query, stated)))


def _answers(con: duckdb.DuckDBPyConnection, query: Query, stated: Stated) -> Iterator[Reading]:
    if query.form in PANEL:
        form = cast("PanelForm", query.form)
        figure = replace(query.figure(form), other_bases=query.other_bases)
        found = readings(con, figure, stated)
        yield from _of_part_year(query, found) if query.form == "rate" else found
    elif query.form in ("fact", "fact change"):
        yield from _facts(con, query)
    elif query.span is not None:
        for series in _series(query):
            yield from _of_series(con, query, series)
    elif query.form == "rank" and query.thing == "missing":
        yield from _rank_in_register(con, query)


def _of_part_year(query: Query, found: Sequence[Reading]) -> Iterator[Reading]:
    """Yield the rate of a part of a year as it is, and made yearly as another reading."""
    span = query.span
    if span is None or span.open_end or span.days > 360:
        yield from found
        return
    for one in found:
        part = one.value * span.days / 365.25
        yield replace(one, value=part)
        yearly = _("{source}, a year", source=one.source)
        yield replace(one, rank="other", source=yearly, source_es="")


def _series(query: Query) -> list[Series]:
    figure = query.figure("level")
    named = [
        replace(one, rank=figure.rank(one))
        for one in THINGS[query.thing]
        if not one.told and figure.asks(one)
    ]
    yearly = query.form in ("difference", "minutes")
    if query.form == "record" and query.span is not None:
        yearly = not query.span.month
    return [one for one in named if yearly or not one.yearly]


def _of_series(con: duckdb.DuckDBPyConnection, query: Query, series: Series) -> Iterator[Reading]:
    """Yield the answer of one series to a form that is not in `PANEL`."""
    assert query.span is not None
    if query.span.open_end and query.base is None:  # a term that goes on, as far as it is held
        whole = total(con, series, "00", query.span)
        if whole is None:
            return
        query = replace(query, span=whole.span)
    if query.form in ("rank", "rank of rates"):
        yield from _rank(con, query, series)
    elif query.form == "peak":
        yield from _peak(con, query, series)
    elif query.form == "record":
        yield from _record(con, query, series)
    elif query.span and (value := _value(con, query, series, query.span)) is not None:
        label = _("{source}, {span}", source=series.label, span=query.span.words())
        if query.base is not None:
            start, end = query.base.words(), query.span.words()
            label = _("{source}, {start} → {end}", source=series.label, start=start, end=end)
        yield Reading(value, label, series.rank)


def _value(
    con: duckdb.DuckDBPyConnection, query: Query, series: Series, span: Span
) -> float | None:
    """Return a share, an interval, a difference or a number of states; None: not covered."""

    def held(place: str, when: Span = span) -> float | None:
        return _sum(con, series, place, when)

    def both(place: str) -> tuple[float, float] | None:
        """Return what is held of the base and of the period."""
        one, two = held(place, query.base or span), held(place)
        return None if one is None or two is None else (one, two)

    if query.form == "minutes":
        persons_ = held(query.place)
        return span.days * 1440 / persons_ if persons_ else None
    if query.form in ("state share", "top share"):
        part, whole = held(query.place), held("00")
        if query.form == "top share":
            ranked = _ranked(con, series, span, rate=False)
            part = sum(value for _code, value in ranked[: query.count]) if ranked else None
        return 100 * part / whole if part is not None and whole else None
    if query.base is None:
        return None
    if query.form == "difference":
        pair = both(query.place)
        return pair[1] - pair[0] if pair else None
    pairs = [both(one.code) for one in states()]
    way = 1 if query.form == "states up" else -1
    known = [pair for pair in pairs if pair is not None]
    return float(sum(way * (two - one) > 0 for one, two in known)) if all(pairs) else None


def _sum(con: duckdb.DuckDBPyConnection, series: Series, place: str, span: Span) -> float | None:
    held = total(con, series, place, span)
    return held.value if held is not None and held.whole else None


def _ranked(
    con: duckdb.DuckDBPyConnection, series: Series, span: Span, *, rate: bool
) -> list[tuple[str, float]]:
    """Return the states from the most to the fewest; empty where one of them is not covered."""

    def found() -> list[tuple[str, float]]:
        """Return code and persons, or persons per 100,000, of each state, the most first."""
        values = []
        years = max(span.days / 365.25, 1.0)  # of part of a year its own rate, else that of a year
        for one in states():
            value = _sum(con, series, one.code, span)
            people = persons(con, one.code, span) if rate else 100_000
            if value is None or not people:
                return []
            values.append((one.code, 100_000 * value / people / (years if rate else 1)))
        return sorted(values, key=lambda one: -one[1])

    return kept(con, ("ranked", series, span, rate), found)


def _rank(con: duckdb.DuckDBPyConnection, query: Query, series: Series) -> Iterator[Reading]:
    """Yield 1 where a state has the rank said, else 0; another quite near it counts as partly."""
    assert query.span is not None
    ranked = _ranked(con, series, query.span, rate=query.form == "rank of rates")
    label = _("{source}, {span}", source=series.label, span=query.span.words())
    yield from _at_rank(query, ranked, label, series.rank)


def _rank_in_register(con: duckdb.DuckDBPyConnection, query: Query) -> Iterator[Reading]:
    """Yield likewise by all who were missing in the register on the day it was asked."""
    asked = """
        SELECT place, value, month FROM counted
        WHERE measure = 'rnpdno_missing_stock' AND length(place) = 2 AND place <> '00'
        ORDER BY value DESC
    """
    held = rows(con, asked)
    if len(held) == len(states()):
        label = _("RNPDNO, all persons missing in the register of {month}", month=held[0]["month"])
        yield from _at_rank(query, [(one["place"], one["value"]) for one in held], label, "primary")


def _at_rank(
    query: Query, ranked: list[tuple[str, float]], label: Message, usual: Rank
) -> Iterator[Reading]:
    """Yield whether a state stands where it is said to among states, the most first."""
    if not ranked or not is_state(query.place):
        return
    if query.count < 0:
        ranked = ranked[::-1]
    at = [code for code, _n in ranked].index(query.place)
    wanted = abs(query.count or 1) - 1
    first = ranked[wanted]
    near = abs(ranked[at][1] - first[1]) <= 0.05 * max(abs(first[1]), 1)
    rank = usual if at == wanted or not near else "other"
    unit = _(" per 100,000") if query.form == "rank of rates" else ""
    told = {
        lang: f"{translate(label, lang)}: "
        + ", ".join(
            f"{place_name(code, lang)} {value:,.1f}".removesuffix(".0") + translate(unit, lang)
            for code, value in ([first] if at == wanted else [first, ranked[at]])
        )
        for lang in LANGUAGES
    }
    yield Reading(float(at == wanted), told["en"], rank, source_es=told["es"])
    if near and at != wanted:
        yield Reading(1.0, told["en"], "other", source_es=told["es"])


def _peak(con: duckdb.DuckDBPyConnection, query: Query, series: Series) -> Iterator[Reading]:
    """Yield the number of the month with the most (the fewest) in a period."""
    assert query.span is not None
    found = [
        (value, month)
        for month in months(query.span.first, query.span.last)
        if (value := _sum(con, series, query.place, Span(month, month))) is not None
    ]
    if len(found) < 12:
        return
    value, month = min(found) if query.count < 0 else max(found)
    label = _("{source}, {span}", source=series.label, span=f"{month}: {value:,.0f}")
    yield Reading(float(int(month[5:])), label, series.rank)


def _record(con: duckdb.DuckDBPyConnection, query: Query, series: Series) -> Iterator[Reading]:
    """Yield 1 where a month or year has the most (the fewest) of all since its base, else 0.

    Its count tells the step in months: 12 of the same month of each year; below zero the fewest.
    """
    assert query.span is not None and query.base is not None
    way, step = (-1 if query.count < 0 else 1), abs(query.count)
    if query.span.month:
        when = [Span(one, one) for one in months(query.base.last, query.span.last)[1:]]
        when = when[::-1][::step][::-1]
    else:
        when = [year(one) for one in range(query.base.years[1] + 1, query.span.years[0] + 1)]
    found = [
        (way * value, one.words())
        for one in when
        if (value := _sum(con, series, query.place, one)) is not None
    ]
    if len(found) < 2 or len(found) != len(when):
        return
    most = max(found, key=lambda one: one[0])
    holds = found[-1][0] == most[0]
    shown = [found[-1]] if holds else [found[-1], most]
    listed = ", ".join(f"{told}: {way * number:,.0f}" for number, told in shown)
    label = _("{source}, {span}", source=series.label, span=listed)
    yield Reading(float(holds), label, series.rank)


def _facts(con: duckdb.DuckDBPyConnection, query: Query) -> Iterator[Reading]:
    """Yield the cited values of an indicator for a period, or their change between two."""
    ends = [query.base, query.span] if query.form == "fact change" else [query.span]
    found = [
        [one for one in _cited(con, query.thing) if _covers(one["quoted_period"], span)]
        for span in ends
    ]
    if not all(found):
        return
    last = found[-1]
    for one in last:
        value, source = one["value"], f"{one['publisher']} ({one['quoted_period']})"
        if query.form == "fact change":
            value = 100 * (value / found[0][0]["value"] - 1)
            source = f"{one['publisher']} ({found[0][0]['quoted_period']} → {one['quoted_period']})"
        yield Reading(value, source, quoted=True)


def _cited(con: duckdb.DuckDBPyConnection, indicator: str) -> list[dict[str, Any]]:
    cited = kept(con, "cited", lambda: rows(con, "SELECT * FROM cited_fact"))
    return [one for one in cited if one["indicator"] == indicator]


def _covers(quoted: object, span: Span | None) -> bool:
    """Tell whether the period of a cited fact is the one a sentence means."""
    import re

    numbers = re.findall(r"(?:19|20)\d\d(?:-\d\d)?", str(quoted))
    if not numbers or span is None:
        return span is None
    first, last = numbers[0], numbers[-1]
    if span.open_end:
        return span.first[: len(first)] == first and len(numbers) > 1
    if len(numbers) == 1 and len(first) == 7:
        return span.first <= first <= span.last and (span.first == span.last or span.whole_years)
    return (first[:4], last[:4]) == (span.first[:4], span.last[:4])
