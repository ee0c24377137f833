"""Periods as newspapers tell them: years, months, terms, "since", "between", "a year earlier"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from hidra.claims.figure import Span, year

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "enero"), ("february", "febrero"), ("march", "marzo"), ("april", "abril"),
            ("may", "mayo"), ("june", "junio"), ("july", "julio"), ("august", "agosto"),
            ("september", "septiembre", "setiembre"), ("october", "octubre"),
            ("november", "noviembre"), ("december", "diciembre"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
TERM_SPANS = (("2000-12", "2006-11"), ("2006-12", "2012-11"), ("2012-12", "2018-11"),
              ("2018-12", "2024-09"), ("2024-10", "2030-09"))  # fmt: skip
TERMS = {
    "fox": 0, "vicente fox": 0, "calderon": 1, "pena nieto": 2, "epn": 2,
    "lopez obrador": 3, "amlo": 3, "sheinbaum": 4,
}  # fmt: skip
Kind = Literal[
    "one", "since", "pair", "term", "base", "previous", "same", "day", "until", "history"
]

M = "(?:" + "|".join(MONTHS) + ")"
Y = r"(?:19[89]\d|20[0-4]\d)"
MY = rf"(?:(?P<m{{0}}>{M})(?:,? (?:de |del |of )?(?:ano )?|,? ))?(?P<y{{0}}>{Y})\b"
DAY = r"(?: \d{1,2}(?: de)?)?"
PAIR = re.compile(
    rf"\b(?:between|from|entre|desde|de|del)(?: el| los)?(?: ano| anos)?{DAY} "
    + MY.format(1)
    + r"(?: and| to| y(?: el)?| a| al| hasta(?: el)?| until| through|,? (?:al|hasta)(?: el)?"
    + rf"(?: ano)?){DAY} "
    + MY.format(2)
)
DASH = re.compile(rf"\b(?P<y1>{Y}) ?[-–—] ?(?P<y2>{Y})\b")
SINCE = re.compile(
    rf"\b(?:since|desde|a partir de)(?: el| ano)?{DAY}(?:(?: (?:the )?(?:start|beginning|inicio"
    r"|comienzo) "
    r"(?:of|de)| que| \w+)[^.;,]{0,70}?(?: in| en))? " + MY.format(1)
)
MORE = (r"(?:mas|menos|mayor(?:es)?|menor(?:es)?|superior(?:es)?|inferior(?:es)?|alt[oa]s?"
        r"|baj[oa]s?|mejor|peor)")  # fmt: skip
SAME = (r"(?:same (?:\w+ )?(?:period|months?|half|quarter|span)"
        r"|mism[oa]s? (?:\w+ )?(?:periodo|lapso|meses|mes"
        r"|semestre|trimestre)|igual (?:periodo|lapso|mes))")  # fmt: skip
BASE = re.compile(
    r"\b(?:compared (?:with|to)|(?:con )?respecto (?:al?|del?)|frente al?|versus|vs\.?"
    rf"|comparad[oa]s? con|en comparacion con|against|than|{MORE}[^.;:()]{{0,50}}? que(?= (?:en|el"
    r"|los|durante))"
    r"|over|over those of|relative to|from|below|above|por (?:debajo|encima) (?:de|del)"
    r"|(?:mayor|menor|superior|inferior)(?:es)? (?:al?|que)|en relacion con(?: el)?)"
    rf"(?: (?:el|la|los|las|the|lo|those|registrad[oa]s?|de|del|of|in|en|durante|during|{SAME}"
    rf"|ano|year)){{0,6}} " + MY.format(1)
)
PREVIOUS = re.compile(
    r"\b(?:year[- ]on[- ]year|year[- ]over[- ]year|(?:the )?previous year|(?:the )?year before"
    r"|a year (?:earlier|before|ago)|(?:el |al |del )?ano (?:anterior|previo|precedente)"
    rf"|un ano (?:antes|atras)|anual\b|{SAME}(?: (?:of|de|del|the|el|ano|last|a))* "
    r"(?:year earlier|previous year|last year|year before|anterior|previo|pasado)"
    rf"|interanual|{SAME}(?= ?[.,;)]|$))"
)
RANGE = re.compile(
    r"\b(?:(?:de|del|from|between|entre)(?: el)? )?(?:\d{1,2} (?:de |of )?)?"
    rf"(?P<m1>{M})(?: \d{{1,2}})?"
    rf"(?: to| a| al| and| y| through| hasta|[-–])+ ?(?:\d{{1,2}} (?:de |of )?)?(?P<m2>{M})"
    r"(?: \d{1,2}(?!\d))?"
    rf"(?:(?:,? (?:de |del |of )?|, )(?P<y>{Y})\b)?"
)
PART = re.compile(
    r"\b(?P<which>primer|first|segundo|second|tercer|third|cuarto|fourth)\w* "
    r"(?P<part>semestre|half|mitad|trimestre|quarter)(?: (?:de|del|of))?(?: ano)?"
    rf"(?: (?P<y>{Y})\b)?"
)
FIRST_MONTHS = re.compile(
    r"\b(?:first|primeros) (?P<n>\w+) (?:months|meses)(?: (?:de|del|of))?(?: ano)?"
    rf"(?: (?P<y>{Y})\b)?"
)
NTH_YEAR = re.compile(
    r"\b(?P<n>primer|first|segundo|second|tercer|third|cuarto|fourth|quinto|fifth|ultimo|last"
    r"|final)"
    r"\w* (?:ano|year)(?: completo)? (?:of|in|under|de|del|con)(?: \w+){0,3}? (?P<a>"
    + "|".join(TERMS)
    + r")\b"
)
MONTHS_OF = re.compile(
    rf"\b(?P<m1>{M})(?: (?:a|al|to|and|y|through|hasta) (?P<m2>{M}))?,? (?:(?:of|de|del|de el"
    rf"|in) )?"
    r"(?P<r>ano pasado|pasado ano|last year|previous year|ano (?:anterior|previo)|this year"
    r"|este ano|ese (?:mismo )?ano"
    r"|that (?:same )?year|the same year|mismo ano)\b"
)
SAME_OF = re.compile(
    rf"\b(?:en |in |during |durante )?(?:el |los |la |the )?{SAME} (?:of|de|del"
    rf"|in) (?:ano )?(?P<y>{Y})\b"
)
UNTIL = re.compile(r"\b(?:by|para|hasta|as of) " + MY.format(1))
ONE = re.compile(MY.format(1))
MONTH = re.compile(rf"\b(?:in|en|during|durante|por|for|last|pasado) (?P<m>{M})\b(?! \d)")
TERM = re.compile(
    r"\b(?:(?:under|con|durante|bajo|with)(?: (?:president|el presidente))?"
    r"|term of|en el de|in that of|(?:years|anos) of|sexenio de|gobierno de|administracion de"
    r"|government of|presidencia de|mandato de"
    r"|administration of|presidency of)(?: (?:\w+ )?(?:\w+ )?)?(?P<a>" + "|".join(TERMS) + r")\b"
    r"|\b(?P<b>" + "|".join(TERMS) + r")(?:'s)?(?: \w+)? "
    r"(?:term|government|administration|presidency|sexenio|six-year)"
    r"|\b(?:when|once|by the time|cuando)(?: \w+){0,2} (?P<c>" + "|".join(TERMS) + r") "
    r"(?:left|ended|finished|dejo|termino|concluyo|salio|entrego)"
)
THIS_TERM = re.compile(r"\b(?:este sexenio|sexenio actual|actual (?:sexenio|gobierno"
    r"|administracion)"
                       r"|current (?:term|government|administration))\b")  # fmt: skip
LAST_TERM = re.compile(
    r"\b(?:sexenio (?:anterior|pasado|previo)|(?:gobierno|administracion) (?:anterior|pasad[oa])"
    r"|previous (?:government|administration|term))\b"
)
RELATIVE = re.compile(
    r"\b(?:(?P<last>(?:el )?(?:ano pasado|pasado ano)|last year)|(?P<this>este ano|this year"
    r"|(?:en )?lo que va del? (?:este )?ano|so far this year)"
    r"|(?P<months>(?:el )?mes pasado|last month)"
    r"|(?:los |the )?(?:ultimos|last|past) (?P<n>\w+) (?:anos|years))\b"
)
THAT = re.compile(
    r"\b(?P<next>(?:the )?(?:following|next) year|(?:al |el )?ano siguiente|un ano despues"
    r"|a year later)\b"
    r"|\b(?:ese|aquel|dicho|mismo|that|the same) (?:mismo )?(?:ano|year|periodo|period|lapso|mes"
    r"|month|semestre|trimestre)(?! (?:of|del?|from|a year)\b)"
)
DECADE = re.compile(r"\b(?:both|ambos) (?:years|anos)\b")
COUNT = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11,
}  # fmt: skip
NTH = {"primer": 1, "first": 1, "segundo": 2, "second": 2, "tercer": 3, "third": 3, "cuarto": 4,
       "fourth": 4, "quinto": 5, "fifth": 5, "ultimo": 0, "last": 0, "final": 0}  # fmt: skip
ISO = re.compile(rf"\b(?P<y>{Y})-(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3]\d)\b")
LONG_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:\.|st|nd|rd|th)? (?:de |of )?(?P<m1>{M})(?: de| del|,)? (?P<y1>{Y})"
    rf"|(?P<m2>{M})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>{Y}))\b"
)
NO_YEAR = re.compile(r"[,.]\d| (?:homicid|asesinat|victim|murder|person|people|feminicid|killing)")
RECORDS = re.compile(r"record|registr|comparab|medi[rc]")
BOUND = re.compile(r"\b(?:al|hasta(?: el)?|to|until|through|desde(?: el)?|since|by) $")
LATE = "2026-12"  # the end written for "since ...": the last month a series has is taken


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
        before); until then its year is 2000. ``months``: its months, from the one told before.
    shift : int
        Years from the one it takes its year from.
    same_months : bool
        A base that means the same months of its year.
    """

    start: int
    end: int
    kind: Kind
    span: Span
    other: Span | None = None
    needs: str = ""
    shift: int = 0
    same_months: bool = False


def periods(text: str) -> list[Period]:
    """Return the periods told in one plain sentence, in order, none within another."""
    found: list[Period] = []
    for reader in READERS:
        for one in reader(text):
            if all(one.end <= other.start or one.start >= other.end for other in found):
                found.append(one)
    return sorted(found, key=lambda one: one.start)


def date_line(text: str) -> str | None:
    """Return the day an article gives as its own in its first lines, as ``YYYY-MM-DD``."""
    head = text[:400]
    iso, long_ = ISO.search(head), LONG_DATE.search(head)
    if iso:
        return iso.group()
    if long_ is None or not re.search(r"(?:^|[.,|/)-] ?|\n)\s?$", head[: long_.start()]):
        return None
    day, month = long_["d1"] or long_["d2"], MONTHS[long_["m1"] or long_["m2"]]
    return f"{long_['y1'] or long_['y2']}-{month:02d}-{int(day):02d}"


def dated(one: Period, date: str | None, before: Span | None) -> Period | None:
    """Return a period with its year, from the day of the article or the period told before.

    None where what it takes its year from is not told.
    """
    span: Span | None
    if not one.needs:
        return one
    if one.needs == "months":
        same = before is not None and not before.whole_years and not before.open_end
        span = _same_months(one.span, before) if same else one.span  # type: ignore[arg-type]
    elif one.needs == "before" and before is not None:
        months = one.span.first != "2000-01"  # January of that year
        number = int(before.first[:4]) + one.shift
        span = _in_year(one.span, number) if months else shifted(before, one.shift)
    else:
        span = _from_day(one, date) if date and one.needs == "date" else None
    return replace(one, span=span, needs="") if span is not None else None


def _from_day(one: Period, date: str) -> Span:
    """Return what "last year", "this term", "in July" mean in an article of a day."""
    number, month = int(date[:4]), int(date[5:7])
    first, last = one.span.first[5:], one.span.last[5:]
    if one.kind == "term":
        at = max(i for i, (begin, _) in enumerate(TERM_SPANS) if begin <= date[:7]) + one.shift
        return Span(*TERM_SPANS[max(at, 0)], term=True)
    if one.shift:
        until = number - 1 if one.span.whole_years else number + one.shift
        return Span(f"{number + one.shift}-{first}", f"{until}-{last}")
    if one.span.whole_years:  # this year: as far as the month before
        return Span(f"{number}-01", f"{number}-{max(month - 1, 1):02d}")
    if first == "00":  # last month
        before = f"{number - 1}-12" if month == 1 else f"{number}-{month - 1:02d}"
        return Span(before, before)
    return _in_year(one.span, number - (int(last) > month))


def shifted(span: Span, years: int) -> Span:
    """Return a period moved by whole years."""
    first, last = (f"{int(one[:4]) + years}{one[4:]}" for one in (span.first, span.last))
    return replace(span, first=first, last=last)


def with_year(one: Period, number: int) -> Period:
    """Return a month or months told without a year, in a year."""
    return replace(one, span=_in_year(one.span, number), needs="")


def _in_year(span: Span, number: int) -> Span:
    return Span(f"{number}-{span.first[5:]}", f"{number}-{span.last[5:]}")


def _same_months(year_: Span, told: Span) -> Span:
    """Return "the same months of 2020": those of the period told before."""
    number, long_ = int(year_.first[:4]), int(told.last[:4]) - int(told.first[:4])
    return Span(f"{number}{told.first[4:]}", f"{number + long_}{told.last[4:]}")


def _terms(text: str) -> Iterator[Period]:
    for match in NTH_YEAR.finditer(text):
        begun, ended = (int(one[:4]) for one in TERM_SPANS[TERMS[match["a"]]])
        number = NTH[match["n"]]
        yield Period(match.start(), match.end(), "one", year(begun + number if number else ended))
    for match in TERM.finditer(text):
        first, last = TERM_SPANS[TERMS[match["a"] or match["b"] or match["c"]]]
        yield Period(match.start(), match.end(), "term", Span(first, last, term=True))
    for pattern, shift in ((THIS_TERM, 0), (LAST_TERM, -1)):
        for match in pattern.finditer(text):
            yield Period(*match.span(), "term", year(2000), needs="date", shift=shift)


def _pairs(text: str) -> Iterator[Period]:
    for match in PAIR.finditer(text):
        one, two = _one(match["m1"], match["y1"]), _one(match["m2"], match["y2"])
        if (match["m1"] and not match["m2"]) or two.first <= one.first:
            continue
        yield Period(match.start(), match.end(), "pair", one, two)
    for match in DASH.finditer(text):
        if match["y1"] < match["y2"]:
            one, two = year(int(match["y1"])), year(int(match["y2"]))
            yield Period(match.start(), match.end(), "pair", one, two)


def _ranges(text: str) -> Iterator[Period]:
    for match in RANGE.finditer(text):
        first, last = MONTHS[match["m1"]], MONTHS[match["m2"]]
        if first < last:
            yield _months(match, first, last, match["y"])
    for match in PART.finditer(text):
        length = 6 if match["part"] in ("semestre", "half", "mitad") else 3
        last = NTH[match["which"]] * length
        if last <= 12:
            yield _months(match, last - length + 1, last, match["y"])
    for match in FIRST_MONTHS.finditer(text):
        number = COUNT.get(match["n"]) or (int(match["n"]) if match["n"].isdigit() else 0)
        if 1 < number < 12:
            yield _months(match, 1, number, match["y"])


def _of_that_year(text: str) -> Iterator[Period]:
    for match in MONTHS_OF.finditer(text):
        first = MONTHS[match["m1"]]
        one = _months(match, first, MONTHS[match["m2"] or match["m1"]], None)
        if match["r"].startswith(("ese", "that", "the same", "mismo")):
            yield replace(one, kind="same", needs="before")
        elif match["r"].startswith(("previous", "ano a", "ano pr")):
            yield replace(one, kind="same", needs="before", shift=-1)
        else:
            yield replace(one, shift=0 if match["r"] in ("this year", "este ano") else -1)


def _same_of(text: str) -> Iterator[Period]:
    for match in SAME_OF.finditer(text):
        yield Period(*match.span(), "one", year(int(match["y"])), needs="months")


def _months(match: re.Match[str], first: int, last: int, number: str | None) -> Period:
    span = Span(f"{number or 2000}-{first:02d}", f"{number or 2000}-{last:02d}")
    return Period(match.start(), match.end(), "one", span, needs="" if number else "date")


def _since(text: str) -> Iterator[Period]:
    for match in SINCE.finditer(text):
        first = _one(match["m1"], match["y1"]).first
        kind: Kind = "history" if RECORDS.search(match.group()) else "since"
        yield Period(match.start(), match.end(), kind, Span(first, LATE, open_end=True))


def _bases(text: str) -> Iterator[Period]:
    for match in BASE.finditer(text):
        same = bool(re.search(SAME, match.group()))
        start = match.start()
        if match.group().startswith(("mas", "menos", "mayor", "menor", "alt", "baj", "peor")):
            start = match.start() + match.group().rindex(" que ") + 1
        yield Period(start, match.end(), "base", _one(match["m1"], match["y1"]), same_months=same)


def _days(text: str) -> Iterator[Period]:
    for match in LONG_DATE.finditer(text):
        if not BOUND.search(text[: match.start()]):
            yield Period(
                match.start(),
                match.end(),
                "day",
                _one(match["m1"] or match["m2"], match["y1"] or match["y2"]),
            )


def _until(text: str) -> Iterator[Period]:
    if not SINCE.search(text):
        for match in UNTIL.finditer(text):
            yield Period(*match.span(), "until", _one(match["m1"], match["y1"]))


def _ones(text: str) -> Iterator[Period]:
    for match in ONE.finditer(text):
        before = text[match.start() - 1 : match.start()]
        if not NO_YEAR.match(text, match.end()) and before not in ("$", "#", "-"):
            yield Period(match.start(), match.end(), "one", _one(match["m1"], match["y1"]))


def _relative(text: str) -> Iterator[Period]:
    for match in PREVIOUS.finditer(text):
        yield Period(*match.span(), "previous", year(2000))
    for match in THAT.finditer(text):
        shift = 1 if match["next"] else 0
        yield Period(*match.span(), "same", year(2000), needs="before", shift=shift)
    for match in RELATIVE.finditer(text):
        number = COUNT.get(match["n"] or "") or (
            int(match["n"]) if (match["n"] or "").isdigit() else 0
        )
        if match["last"] or 1 < number < 30:
            yield Period(*match.span(), "one", year(2000), needs="date", shift=-(number or 1))
        elif match["this"]:
            yield Period(*match.span(), "one", year(2000), needs="date")
        elif match["months"]:
            yield Period(*match.span(), "one", Span("2000-00", "2000-00"), needs="date")
    for match in MONTH.finditer(text):
        yield _months(match, MONTHS[match["m"]], MONTHS[match["m"]], None)


READERS = (
    _of_that_year,
    _terms,
    _pairs,
    _ranges,
    _since,
    _bases,
    _same_of,
    _days,
    _until,
    _ones,
    _relative,
)


def _one(month: str | None, number: str) -> Span:
    if month:
        text = f"{number}-{MONTHS[month]:02d}"
        return Span(text, text)
    return year(int(number))
