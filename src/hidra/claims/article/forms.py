"""What the panel answers to one way of reading a number: a count, a rate, a share, a rank, ..."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
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
    "more", "more by rate", "run", "record of all", "record of all by rate",
    "times", "times by rate",
]  # fmt: skip
OF_YEARS = ("run", "record of all", "record of all by rate")
OF_TIMES = ("peak", "record", *OF_YEARS)  # one time among others of its place
BY_RATE = ("rank of rates", "more by rate", "record of all by rate", "times by rate")
BESIDE = ("more", "more by rate", "times", "times by rate")
APART, NATIONS = 0.4, 0.05  # of an amount of a place, and of the nation: see `is_clear`
NEAR = 0.02  # of an amount: how far apart the releases of one office lie
TEN_YEARS = 10  # of a series: fewer show no record
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
        How many states a share is of; the place in a ranking; below zero from the lowest, or of
        what is said to be less or to fall.
    against : str
        The place it is compared with.
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
    against: str = ""

    @property
    def way(self) -> int:
        """1 where more is said, -1 where less."""
        return -1 if self.count < 0 else 1

    def figure(self, form: PanelForm) -> Figure:
        """Return the figure of the panel it asks for, in a form of `PANEL`."""
        thing, place, span, base = self.thing, self.place, self.span, self.base
        return Figure(thing, form, place, span, base, self.source, basis=self.basis)

    def named(self, lang: Language) -> str:
        """Return what is read, in words: thing, place, period."""
        told = [translate(NAMES[self.thing], lang)] if self.thing in NAMES else []
        here, there = place_name(self.place, lang), self.against and place_name(self.against, lang)
        told.append(translate(_("{here} beside {there}", here=here, there=there), lang)
                    if there else here)  # fmt: skip
        until = self.base is None or self.form.startswith("record")
        if self.base is not None and self.span is not None and not until:
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
    elif query.form in ("rank", "more", "times") and query.thing == "missing":
        yield from _in_register(con, query)


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
    yearly = query.form in ("difference", "minutes", *OF_YEARS)
    if query.form in ("record", *BESIDE) and query.span is not None:
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
    elif query.form in BESIDE:
        yield from _beside(con, query, series)
    elif query.form in OF_YEARS:
        yield from _of_years(con, query, series)
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


def _amount(
    con: duckdb.DuckDBPyConnection, series: Series, place: str, span: Span, *, rate: bool
) -> float | None:
    """Return persons, or persons per 100,000 residents (of more than a year those of a year)."""
    value = _sum(con, series, place, span)
    if value is None or not rate:
        return value
    people = persons(con, place, span)
    return 100_000 * value / people / max(span.days / 365.25, 1.0) if people else None


def _ranked(
    con: duckdb.DuckDBPyConnection, series: Series, span: Span, *, rate: bool
) -> list[tuple[str, float]]:
    """Return the states from the most to the fewest; empty where one of them is not covered."""

    def found() -> list[tuple[str, float]]:
        """Return code and persons, or persons per 100,000, of each state, the most first."""
        values = [(one.code, _amount(con, series, one.code, span, rate=rate)) for one in states()]
        known = [(code, value) for code, value in values if value is not None]
        return sorted(known, key=lambda one: -one[1]) if len(known) == len(values) else []

    return kept(con, ("ranked", series, span, rate), found)


def _rank(con: duckdb.DuckDBPyConnection, query: Query, series: Series) -> Iterator[Reading]:
    """Yield 1 where a state has the rank said, else 0; another quite near it counts as partly."""
    assert query.span is not None
    ranked = _ranked(con, series, query.span, rate=query.form in BY_RATE)
    label = _("{source}, {span}", source=series.label, span=query.span.words())
    yield from _at_rank(query, ranked, label, series.rank)


def _in_register(con: duckdb.DuckDBPyConnection, query: Query) -> Iterator[Reading]:
    """Yield likewise by all who were missing in the register on the day it was asked."""
    asked = """
        SELECT place, value, month FROM counted
        WHERE measure = 'rnpdno_missing_stock' AND length(place) = 2 AND place <> '00'
        ORDER BY value DESC
    """
    held = rows(con, asked)
    if len(held) != len(states()):
        return
    label = _("RNPDNO, all persons missing in the register of {month}", month=held[0]["month"])
    if query.form == "rank":
        yield from _at_rank(query, [(one["place"], one["value"]) for one in held], label, "primary")
        return
    amounts = {one["place"]: float(one["value"]) for one in held}
    if {query.place, query.against} <= {*amounts}:
        two = [(place, amounts[place]) for place in (query.place, query.against)]
        yield from _compared(query, label, two, "primary")


def _pair(
    con: duckdb.DuckDBPyConnection, query: Query, series: Series
) -> tuple[float, float] | None:
    """Return the two amounts of one series that a query sets beside each other."""
    assert query.span is not None
    if query.form in ("rank", "rank of rates"):
        ranked = _ranked(con, series, query.span, rate=query.form in BY_RATE)
        ranked = ranked[::-1] if query.count < 0 else ranked
        amounts = dict(ranked)
        wanted = abs(query.count or 1) - 1
        return (amounts[query.place], ranked[wanted][1]) if query.place in amounts else None
    ends = (query.place, query.span), (query.against or query.place, query.base or query.span)
    one, two = (_amount(con, series, *each, rate=query.form in BY_RATE) for each in ends)
    return None if one is None or two is None else (one, two)


def is_clear(con: duckdb.DuckDBPyConnection, query: Query) -> bool:
    """Tell whether two amounts lie so far apart that an office not held would order them alike.

    Of pairs of states or years that INEGI and SESNSP both count (2015-2022), they order a fifth to
    a third otherwise where the gap is less than 15 %, 3 % between 25 and 40 %, next to none above.
    """
    if query.form in OF_TIMES:
        return query.place == "00"  # of many months or years in one state some lie near
    if query.span is None or query.form not in (*BESIDE, "rank", "rank of rates"):
        return True
    pairs = [_pair(con, query, one) for one in _series(query)]
    least = NATIONS if (query.place, query.against) == ("00", "") else APART
    return all(abs(a - b) >= least * max(a, b) for a, b in filter(None, pairs))


def _beside(con: duckdb.DuckDBPyConnection, query: Query, series: Series) -> Iterator[Reading]:
    """Yield how a place compares with another, or with itself at another time."""
    pair = _pair(con, query, series)
    if pair is None or query.span is None:
        return
    one, two = pair
    if query.against:
        label = _("{source}, {span}", source=series.label, span=query.span.words())
        yield from _compared(query, label, [(query.place, one), (query.against, two)], series.rank)
    else:
        amounts = [(query.span.words(), one), ((query.base or query.span).words(), two)]
        yield from _compared(query, series.label, amounts, series.rank)


def _compared(
    query: Query, label: str, two: Sequence[tuple[str, float]], usual: Rank
) -> Iterator[Reading]:
    """Yield whether the first of two amounts is more (less) than the second, or how many times it.

    Of two that differ by less than the releases of one office do, either may be said.
    """
    (_first, one), (_second, other) = two
    if query.form.startswith("times"):
        told = _listed(label, two, query.form in BY_RATE)
        if other:
            yield Reading(one / other, told["en"], usual, source_es=told["es"])
        return
    holds = query.way * (one - other) > 0
    near = abs(one - other) <= NEAR * max(one, other)
    told = _listed(label, two, query.form in BY_RATE)
    yield Reading(float(holds), told["en"], "other" if near else usual, source_es=told["es"])
    if near and not holds:
        yield Reading(1.0, told["en"], "other", source_es=told["es"])


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
    shown = [first] if at == wanted else [first, ranked[at]]
    told = _listed(label, shown, query.form in BY_RATE)
    yield Reading(float(at == wanted), told["en"], rank, source_es=told["es"])
    if near and at != wanted:
        yield Reading(1.0, told["en"], "other", source_es=told["es"])


def _listed(label: str, some: Sequence[tuple[str, float]], rate: bool) -> dict[Language, str]:
    """Return a source with amounts of places, by code, or of times in words, by language."""
    unit = _(" per 100,000") if rate else ""

    def named(one: str, lang: Language) -> str:
        is_code = one.isdigit() and len(one) in (2, 5)
        return place_name(one, lang) if is_code else f"{translate(one, lang)}:"

    return {
        lang: f"{translate(label, lang)}: "
        + ", ".join(f"{named(one, lang)} {value:,.1f}".removesuffix(".0") for one, value in some)
        + translate(unit, lang)
        for lang in LANGUAGES
    }


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
    most, _month = min(found) if query.count < 0 else max(found)
    for value, month in sorted(found, key=lambda one: one[0] != most):
        if abs(value - most) <= NEAR * most:  # another may be the first in the next release
            label = _("{source}, {span}", source=series.label, span=f"{month}: {value:,.0f}")
            yield Reading(float(int(month[5:])), label, series.rank if value == most else "other")


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
    if not holds and abs(most[0] - found[-1][0]) <= NEAR * abs(most[0]):
        yield Reading(1.0, label, "other")


def _of_years(con: duckdb.DuckDBPyConnection, query: Query, series: Series) -> Iterator[Reading]:
    """Yield 1 where each year has more (less) than the one before, or one the most of all.

    A run is of the years from the base to the end of the span; a record of all that are held until
    the base, at least ten, by counts or by rates.
    """
    assert query.span is not None and query.base is not None
    first, last = query.base.years[0], query.span.years[1]
    known = range(first, last + 1) if query.form == "run" else range(1990, query.base.years[1] + 1)
    rate = query.form in BY_RATE
    amounts = {at: _amount(con, series, query.place, year(at), rate=rate) for at in known}
    held = {at: value for at, value in amounts.items() if value is not None}
    if query.form == "run":
        steps = list(pairwise(held))
        broken = [(a, b) for a, b in steps if query.way * (held[b] - held[a]) <= 0]
        if len(held) != len(known) or not steps:
            return
        holds, shown = not broken, [*(broken[0] if broken else (first, last))]
        near = all(abs(held[b] - held[a]) <= NEAR * held[a] for a, b in broken)
    else:
        if len(held) < TEN_YEARS or last not in held:
            return
        most = max(held, key=lambda at: query.way * held[at])
        holds, shown = most == last, [*dict.fromkeys((last, most))]
        near = abs(held[most] - held[last]) <= NEAR * held[most]
    told = _listed(series.label, [(str(at), held[at]) for at in shown], rate)
    yield Reading(float(holds), told["en"], series.rank, source_es=told["es"])
    if near and not holds:
        yield Reading(1.0, told["en"], "other", source_es=told["es"])


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
