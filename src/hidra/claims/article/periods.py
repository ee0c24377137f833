"""Periods as newspapers tell them: years, months, terms, "since", "between", "a year earlier".

Each row of `READERS` is a pattern of lexicon.yaml and what it means; the rows that come first take
their words from those that follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from hidra.claims.article.lexicon import MONTHS, is_free, read, tells, told, words
from hidra.claims.article.numbers import ONES, ordinal
from hidra.claims.figure import LATE, Span, year
from hidra.core.weeks import month_after, months_between

PARTS = (2, 3, 4, 6)  # months of what a year is parted into
DAYS_OFF = 0.03  # more of its months left out: from day to day, no sum of months
TERM_SPANS = (("1988-12", "1994-11"), ("1994-12", "2000-11"), ("2000-12", "2006-11"),
              ("2006-12", "2012-11"), ("2012-12", "2018-11"),
              ("2018-12", "2024-09"), ("2024-10", "2030-09"))  # fmt: skip
Kind = Literal[
    "one", "since", "pair", "term", "base", "previous", "same", "day", "until", "history"
]


@dataclass(frozen=True)
class Period:
    """A period in a sentence.

    Attributes
    ----------
    kind : str
        ``one``, ``since``, ``pair`` (`other` is the second), ``term``, ``base`` (what is compared
        with), ``previous`` (the year before the one meant), ``same`` (the one meant before),
        ``day`` (no series is that fine), ``until`` (a stock of that time, with no beginning),
        ``history`` (since when there are records: no period of the figure).
    span : Span
    needs : str
        What it takes its year from: empty, ``date`` (of the article) or ``before`` (a period told
        before); until then its year is 2000. ``months``: its months, from the one told before;
        ``so far``: its end, from the date; ``part``: which of those of its year (`shift`) as long
        as the one told before; ``later``: so many (`shift`) of its months after that;
        ``follows``: as many months, right after it, of whatever length it is.
    shift : int
        Years from the one it takes its year from.
    same_months : bool
        A base that means the same months of its year.
    joined : bool
        Two months told side by side ("May and June"): their sum, or each for itself.
    leads : bool
        Months that take their year from the one told before them; years that follow may be of
        the same months.
    months : bool
        Told by its months: "from January to December" is no "this year".
    ends : bool
        Told by its first and last month: what moves "from February to June" may move between them.
    rough : bool
        Others may count it from another month, or to another: it refutes nothing.
    """

    start: int
    end: int
    kind: Kind
    span: Span
    other: Span | None = None
    needs: str = ""
    shift: int = 0
    same_months: bool = False
    joined: bool = False
    leads: bool = False
    months: bool = False
    ends: bool = False
    rough: bool = False


def periods(text: str) -> list[Period]:
    """Return the periods told in one plain sentence, in order, none within another."""
    found: list[Period] = []
    for name, reader in READERS.items():
        for match in words(name).finditer(text):
            one = reader(match)
            if one and is_free(found, one.start, one.end):
                found.append(_compared(text, one))
    return sorted(found, key=lambda one: one.start)


def _compared(text: str, one: Period) -> Period:
    """Return months of a year as a base where they are what is compared with.

    It begins after its own figure, if there is one: "compared with the 83 a day in June 2024".
    """
    told = one.months if one.needs == "date" else not (one.needs or one.span.whole_years)
    later = one.needs in COUNTED
    months = one.kind == "one" and (later or (told and not one.shift))
    base = words("compared_with").search(text, max(0, one.start - 120), one.start)
    base = base or (words("than_just").search(text, 0, one.start) if later else None)
    if not (months and base):
        return one
    own = words("own_figure").search(text, base.start(), one.start)
    return replace(one, kind="base", start=own.end() + 1 if own else one.start)


def date_line(text: str) -> str | None:
    """Return the day an article gives as its own in its first lines, as ``YYYY-MM-DD``."""
    head = text[:400]
    iso, long_ = words("iso").search(head), words("long_date").search(head)
    if iso:
        return iso.group()
    if long_ is None or not re.search(r"(?:^|[.,|/)-] ?|\n)\s?$", head[: long_.start()]):
        return None
    return f"{_span(long_).first}-{int(told(long_, 'd')):02d}"


def dated(one: Period, date: str | None, before: Span | None) -> Period | None:
    """Return a period with its year, from the day of the article or the period told before.

    None where what it takes its year from is not told.
    """
    span: Span | None
    if not one.needs:
        return _so_far(one, date)
    if (counted := COUNTED.get(one.needs)) is not None:
        span = counted(one, before) if before else None
        return replace(one, span=span, needs="") if span else replace(one, kind="day", needs="")
    if one.needs == "months":
        same = before is not None and not before.whole_years and not before.open_end
        span = same_months(one.span, before) if same else one.span  # type: ignore[arg-type]
    elif one.needs == "so far":
        this = date is not None and date[:4] == one.span.first[:4]
        span = _from_day(one, date) if date and this else None
    elif one.needs == "year":
        span = year(int(before.first[:4])) if before is not None else None
    elif one.needs == "before" and before is not None:
        months = one.span.first != "2000-01"  # January of that year
        number = int(before.first[:4]) + one.shift
        span = _in_year(one.span, number) if months else shifted(before, one.shift)
    else:
        span = _from_day(one, date) if date and one.needs == "date" else None
    return _so_far(replace(one, span=span, needs=""), date) if span is not None else None


def _so_far(one: Period, date: str | None) -> Period:
    """Return what still goes on, "since 2006" or a term, as far as the month before the day."""
    last = month_before(date) if date else ""
    goes_on = one.kind == "since" or one.span.term
    if not (goes_on and one.span.first <= last < one.span.last):
        return one
    return replace(one, span=replace(one.span, last=last, open_end=True))


def _from_day(one: Period, date: str) -> Span:
    """Return what "last year", "this term", "in July" mean in an article of a day."""
    number, month = int(date[:4]), int(date[5:7])
    first, last = one.span.first[5:], one.span.last[5:]
    if one.kind == "term":
        return term_of(date, one.shift)
    if one.shift:
        until = number - 1 if one.span.whole_years else number + one.shift
        return Span(f"{number + one.shift}-{first}", f"{until}-{last}")
    if one.span.whole_years and not one.months:  # this year
        return so_far(date)
    if first == "00":  # last month
        return Span(month_before(date), month_before(date))
    return _in_year(one.span, number - (int(last) > month))


def so_far(date: str) -> Span:
    """Return the year of a day, as far as the month before."""
    return Span(f"{date[:4]}-01", f"{date[:4]}-{max(int(date[5:7]) - 1, 1):02d}")


def term_of(date: str, shift: int = 0) -> Span:
    """Return the term of a president in which a day lies, or one so many before it."""
    at = max(i for i, (begin, _) in enumerate(TERM_SPANS) if begin <= date[:7] or i == 0) + shift
    return Span(*TERM_SPANS[max(at, 0)], term=True)


def month_before(date: str) -> str:
    """Return the month before that of a day."""
    number, month = int(date[:4]), int(date[5:7])
    return f"{number - 1}-12" if month == 1 else f"{number}-{month - 1:02d}"


def shifted(span: Span, years: int) -> Span:
    """Return a period moved by whole years."""
    first, last = (f"{int(one[:4]) + years}{one[4:]}" for one in (span.first, span.last))
    return replace(span, first=first, last=last)


def with_year(one: Period, number: int) -> Period:
    """Return a month or months told without a year, in a year."""
    return replace(one, span=_in_year(one.span, number), needs="")


def _nth_of(one: Period, told: Span) -> Span | None:
    """Return "the second" quarter of a year of which another was told."""
    length = months_between(told.first, told.last) + 1
    last = one.shift * length
    aligned = length in PARTS and told.first[:4] == told.last[:4]
    if not aligned or int(told.last[5:]) % length or last > 12:
        return None
    return Span(f"{told.first[:4]}-{last - length + 1:02d}", f"{told.first[:4]}-{last:02d}")


def _later(one: Period, told: Span) -> Span | None:
    """Return what lies months, quarters or years after or before a period of that length."""
    length, held = (months_between(two.first, two.last) + 1 for two in (one.span, told))
    if told.open_end or (held != length and (length, abs(one.shift)) != (1, 1)):
        return None  # four months after a half-year: of which month is not told
    begun = told.last if one.shift > 0 else told.first
    end = month_after(begun, one.shift * length)
    far = length - 1
    if one.shift > 0:
        return Span(month_after(end, -far), end)
    return Span(end, month_after(end, far))


def _following(one: Period, told: Span) -> Span | None:
    """Return so many months right after a period."""
    length = months_between(one.span.first, one.span.last)
    first = month_after(told.last)
    return None if told.open_end else Span(first, month_after(first, length))


#: Periods that are counted off from the one told before.
COUNTED: dict[str, Callable[[Period, Span], Span | None]] = {
    "part": _nth_of, "later": _later, "follows": _following,
}  # fmt: skip


def just_before(span: Span) -> Span | None:
    """Return the month before a month, the quarter before a quarter; None before others."""
    length = months_between(span.first, span.last) + 1
    if span.open_end or length not in (1, *PARTS) or int(span.last[5:]) % length:
        return None
    return Span(month_after(span.first, -length), month_after(span.last, -length))


def _in_year(span: Span, number: int) -> Span:
    return Span(f"{number}-{span.first[5:]}", f"{number}-{span.last[5:]}")


def same_months(year_: Span, told: Span) -> Span:
    """Return "the same months of 2020": those of the period told before."""
    number, long_ = int(year_.first[:4]), int(told.last[:4]) - int(told.first[:4])
    return Span(f"{number}{told.first[4:]}", f"{number + long_}{told.last[4:]}")


# --- what each pattern means: the period it tells, or None where it tells none ---------------


def _at(match: re.Match[str], kind: Kind, span: Span | None = None, **more: Any) -> Period:
    return Period(*match.span(), kind, span or year(2000), **more)


def _span(match: re.Match[str], which: str | None = None) -> Span:
    """Return the month or year of a match; of its first ("") or second ("2") one."""
    said = match.groupdict()
    month, number = (
        told(match, name) if which is None else said.get(name + which) or "" for name in "my"
    )
    if not month:
        return year(int(number))
    one = f"{number}-{MONTHS[month]:02d}"
    return Span(one, one)


def _months(match: re.Match[str], first: int, last: int) -> Period:
    """Return months of a year, that of the article where none is told."""
    number, said = match.groupdict().get("y"), match.groupdict().get("r") or ""
    span = Span(f"{number or 2000}-{first:02d}", f"{number or 2000}-{last:02d}")
    one = _at(match, "one", span, needs="" if number else "date", months=True)
    if said.startswith(("ese", "that", "the same", "mismo")):
        return replace(one, kind="same", needs="before")
    if said.startswith(("previous", "ano a", "ano pr")):
        return replace(one, kind="same", needs="before", shift=-1)
    this = ("this", "este", "presente", "current", "ano en")
    return replace(one, shift=-1 if said and not said.startswith(this) else 0)


def _count(text: str) -> int:
    return int(ONES.get(text) or (text if text.isdecimal() else 0))


def _nth_year(match: re.Match[str]) -> Period:
    begun, ended = (int(one[:4]) for one in TERM_SPANS[read()["presidents"][match["p"]]])
    number = ordinal(match["n"])
    return _at(match, "one", year(begun + number if number else ended))


def _term(match: re.Match[str]) -> Period:
    """Return the term of a president, with the years he governed where they follow."""
    span = Span(*TERM_SPANS[read()["presidents"][told(match, "p")]], term=True)
    years = words("in_office").match(match.string, match.end())
    own = years and (years["y"], years["y2"]) == (span.first[:4], span.last[:4])
    return replace(_at(match, "term", span), end=years.end() if years and own else match.end())


def _months_in_office(match: re.Match[str]) -> Period:
    begun, _ended = TERM_SPANS[read()["presidents"][told(match, "p")]]
    number = _count(told(match, "n"))
    if not 1 < number < 70:
        return _at(match, "day")
    return _at(match, "one", Span(begun, month_after(begun, number - 1)), rough=True)


def _follows(match: re.Match[str]) -> Period | None:
    number = _count(told(match, "n")) * _length(told(match, "unit"))
    if not number:
        return None
    own = told(match, "own")
    if not own and match.end() < len(match.string):
        return _at(match, "day")  # the months that followed the arrest
    span = Span("2000-01", month_after("2000-01", number - 1))
    return replace(_at(match, "one", span, needs="follows"), end=match.end() - len(own))


def _pair(match: re.Match[str]) -> Period | None:
    one, two, said = _span(match, ""), _span(match, "2"), match.groupdict()
    if said.get("end") and two.whole_years:
        two = Span(two.last, two.last)  # the end of 2010
    if (said.get("m") and two.whole_years) or two.first <= one.first:
        return None
    begun = int(said.get("d") or said.get("e") or 1)
    ended = int(said.get("d2") or said.get("e2") or 31)
    cut = begun - 1 + max(30 - ended, 0)  # days of its months that are not in it
    if cut > DAYS_OFF * Span(one.first, two.last).days:
        return _at(match, "day", one, other=two)
    return _at(match, "pair", one, other=two)


def _range(match: re.Match[str]) -> Period | None:
    """Return the months from one to another; of "May and July" neither sum nor range is told."""
    if match["m2"] is None:
        return _months(match, *[MONTHS[match["m"]]] * 2)
    first, last = MONTHS[match["m"]], MONTHS[match["m2"]]
    between = re.match(r"(?:between|entre|from|de|del)\b", match.group())
    said = match.string[match.end("m") : match.start("m2")].split()
    joined = not between and said and said[-1] in ("y", "and")
    if joined and last - first > 1:
        return _at(match, "day")
    found = replace(_months(match, first, last), joined=bool(joined), ends=not joined)
    return found if first < last else None


def _part(match: re.Match[str]) -> Period | None:
    length = _length(match["part"])
    last = ordinal(match["which"]) * length
    return _months(match, last - length + 1, last) if last <= 12 else None


def _length(unit: str) -> int:
    """Return how many months a unit has: 3 for "trimestre"."""
    return next(number for stem, number in read()["months_in"].items() if unit.startswith(stem))


def _nth_part(match: re.Match[str]) -> Period | None:
    if tells("ranked_at", match.string[: match.start()]):
        return None  # in the first place ..., in the second
    one = _at(match, "one", needs="part", shift=ordinal(match["which"]))
    return replace(one, start=match.start("which"))


def _later_by(match: re.Match[str]) -> Period | None:
    number, unit = told(match, "n"), told(match, "unit")
    length, single = _length(unit), not unit.endswith("s") or unit == "mes"
    count = 1 if single and number in ("", "un", "una", "a", "one", "the") else _count(number)
    if not count:
        return _at(match, "day") if length < 12 else None  # some months later
    span = Span("2000-01", f"2000-{length:02d}")
    way = -1 if told(match, "back") else 1
    return _at(match, "one", span, needs="later", shift=way * count)


def _first_months(match: re.Match[str]) -> Period | None:
    number = _count(told(match, "n"))
    return _months(match, 1, number) if 1 < number < 12 else None


def _since(match: re.Match[str]) -> Period:
    if words("year_when").match(match.string, match.end()):
        return _at(match, "one", _span(match))  # since 2015, the year when
    ranked = words("superlative").search(match.string, 0, match.start())  # the lowest since 2015
    kind: Kind = "history" if ranked or tells("records", match.group()) else "since"
    span, part = _span(match), match["part"] or ""
    if part.startswith("m"):
        return _at(match, "day")  # since the middle of a year
    first = span.last if words("at_end").match(part) else span.first
    return _at(match, kind, Span(first, LATE, open_end=True))


def _base(match: re.Match[str]) -> Period:
    start, said = match.start(), match.group()
    if said.startswith(("mas", "menos", "mayor", "menor", "alt", "baj", "peor", "doble", "triple")):
        start += said.rfind(" que ") + 1  # 0 after "mayor a": no number stands in between
    elif said.startswith(("times", "twice")):
        start += said.rfind(" as ") + 1
    same = tells("same", said)
    return replace(_at(match, "base", _span(match), same_months=same), start=start)


def _day(match: re.Match[str]) -> Period | None:
    bound = tells("bound", match.string[: match.start()])
    return None if bound else _at(match, "day", _span(match))


def _until(match: re.Match[str]) -> Period | None:
    if not told(match, "y"):
        return _at(match, "until")  # until 12 December: of which year is told elsewhere
    if match.group().startswith("para") and not told(match, "m"):
        return _at(match, "one", _span(match))  # para 2009, la cifra subió
    return None if tells("since", match.string) else _at(match, "until", _span(match))


def _one(match: re.Match[str]) -> Period | None:
    counts = words("no_year").match(match.string, match.end())
    before = match.string[max(0, match.start() - 30) : match.start()]
    if told(match, "m") or tells("year_follows", before):  # in 2024 homicides rose
        counts = None
    kind: Kind = "history" if tells("begun", before) else "one"
    event = words("after_event").search(match.string, max(0, match.start() - 130), match.start())
    kind = "day" if event else kind  # no period of its own
    return None if counts or before[-1:] in ("$", "#", "-") else _at(match, kind, _span(match))


def _relative(match: re.Match[str]) -> Period | None:
    number = _count(match["n"] or "")
    if match["last"] or 1 < number < 30:
        return _at(match, "one", needs="date", shift=-(number or 1))
    if match["months"]:
        return _at(match, "one", Span("2000-00", "2000-00"), needs="date")
    if match["this"] and tells("ranked_in", match.string[: match.start()]):
        return _at(match, "history")  # the worst month so far this year
    return _at(match, "one", needs="date") if match["this"] else None


READERS: dict[str, Callable[[re.Match[str]], Period | None]] = {
    "months_in_office": _months_in_office,
    "months_of_term": lambda match: _at(match, "day"),  # of an office, not of a year
    "their_first_months": lambda match: _at(match, "day"),
    "months_of": _range,
    "nth_year": _nth_year,
    "term": _term,
    "this_term": lambda match: _at(match, "term", needs="date"),
    "last_term": lambda match: _at(match, "term", needs="date", shift=-1),
    "pair": _pair,
    "dash": _pair,
    "range": _range,
    "part": _part,
    "first_months": _first_months,
    "so_far": lambda match: _at(match, "one", year(int(match["y"])), needs="so far"),
    "since_then": lambda match: _at(match, "day", rough=True),  # no period told
    "since": _since,
    "base": _base,
    "base_of": lambda match: replace(_base(match), start=match.end("n") + 1),
    "base_month": lambda match: replace(
        _months(match, *[MONTHS[match["m"]]] * 2), kind="base", start=match.start("m")
    ),
    "same_of": lambda match: _at(match, "one", year(int(match["y"])), needs="months", leads=True),
    "days_of": lambda match: _at(match, "day"),
    "long_date": _day,
    "until": _until,
    "one": _one,
    "previous": lambda match: _at(match, "previous"),
    "that": lambda match: _at(
        match, "same", needs="year" if match["year"] else "before", shift=1 if match["next"] else 0
    ),
    "nth_part": _nth_part,
    "follows": _follows,
    "later": _later_by,
    "relative": _relative,
    "in_month": lambda match: _months(match, *[MONTHS[told(match, "m")]] * 2),
}
