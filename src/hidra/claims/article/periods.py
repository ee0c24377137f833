"""Periods as newspapers tell them: years, months, terms, "since", "between", "compared with"."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
TERMS = {
    "calderon": ("2006-12", "2012-11"), "pena nieto": ("2012-12", "2018-11"),
    "epn": ("2012-12", "2018-11"), "fox": ("2000-12", "2006-11"),
    "lopez obrador": ("2018-12", "2024-09"),
    "amlo": ("2018-12", "2024-09"), "vicente fox": ("2000-12", "2006-11"),
    "sheinbaum": ("2024-10", "2030-09"),
}  # fmt: skip
Kind = Literal["one", "since", "pair", "term", "base", "previous"]

M = "(?:" + "|".join(MONTHS) + ")"
Y = r"(?:19[89]\d|20[0-4]\d)"
MY = rf"(?:(?P<m{{0}}>{M})(?:,? (?:de |del |of )?(?:ano )?|,? ))?(?P<y{{0}}>{Y})\b"
PAIR = re.compile(
    r"\b(?:between|from|entre|desde|de|del)(?: el| los)?(?: ano| anos)?(?: \d{1,2} de)? "
    + MY.format(1)
    + r"(?: and| to| y(?: el)?| a| al| hasta| until| through|,? (?:al|hasta)(?: el)?(?: ano)?)"
    + r"(?: \d{1,2} de)? "
    + MY.format(2)
)
DASH = re.compile(rf"\b(?P<y1>{Y}) ?[-–—] ?(?P<y2>{Y})\b")
SINCE = re.compile(
    r"\b(?:since|desde|a partir de)(?: el| ano)?(?:(?: (?:the )?(?:start|beginning|inicio"
    r"|comienzo) "
    r"(?:of|de)| que| \w+)[^.;,]{0,70}?(?: in| en))? " + MY.format(1)
)
BASE = re.compile(
    r"\b(?:compared (?:with|to)|(?:con )?respecto (?:al?|del?)|frente al?|versus|vs\.?"
    r"|comparad[oa]s? con|en comparacion con|against|than in|que en|over|over those of"
    r"|relative to|from|mayor(?:es)? (?:al?|que)|menor(?:es)? (?:al?|que)|en relacion con)"
    r"(?: (?:el|la|los|las|the|lo|those|registrad[oa]s?|de|of|in|en|same period|mismo periodo"
    r"|ano|year)){0,5} " + MY.format(1)
)
PREVIOUS = re.compile(
    r"\b(?:year[- ]on[- ]year|year[- ]over[- ]year|(?:the )?previous year|the year before"
    r"|a year earlier|(?:el |al |del )?ano (?:anterior|previo)|un ano antes|anual\b)"
)
RANGE = re.compile(
    rf"\b(?:de |from |between |entre )?(?P<m1>{M})(?: to| a| al| and| y| through|[-–])+ ?"
    rf"(?P<m2>{M})(?:,? (?:de |del |of )?)(?P<y>{Y})\b"
)
PART = re.compile(
    r"\b(?P<which>primer|first|segundo|second|tercer|third|cuarto|fourth)\w* "
    r"(?P<part>semestre|half|mitad|trimestre|quarter)(?: (?:de|del|of))?(?: ano)? "
    rf"(?P<y>{Y})\b"
)
FIRST_MONTHS = re.compile(
    r"\b(?:first|primeros) (?P<n>\w+) (?:months|meses)(?: (?:de|del|of))?(?: ano)? "
    rf"(?P<y>{Y})\b"
)
ONE = re.compile(MY.format(1))
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
COUNT = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11,
}  # fmt: skip
PARTS = {"primer": 1, "first": 1, "segundo": 2, "second": 2, "tercer": 3, "third": 3}


@dataclass(frozen=True)
class Period:
    """A period in a text; `other` is the second one of a pair."""

    start: int
    end: int
    kind: Kind
    span: Span
    other: Span | None = None


def periods(text: str, start: int, end: int) -> list[Period]:
    """Return the periods told in a stretch of plain text, in order, none within another."""
    found: list[Period] = []
    for reader in (_terms, _pairs, _ranges, _since, _bases, _ones):
        for one in reader(text[:end], start):
            if all(one.end <= other.start or one.start >= other.end for other in found):
                found.append(one)
    found += [
        Period(m.start(), m.end(), "previous", year(2000))
        for m in PREVIOUS.finditer(text, start, end)
    ]
    return sorted(found, key=lambda one: one.start)


def _terms(text: str, start: int) -> list[Period]:
    found = []
    for match in TERM.finditer(text, start):
        first, last = TERMS[match["a"] or match["b"] or match["c"]]
        found.append(Period(match.start(), match.end(), "term", Span(first, last, term=True)))
    return found


def _pairs(text: str, start: int) -> list[Period]:
    found = []
    for match in PAIR.finditer(text, start):
        one, two = _one(match["m1"], match["y1"]), _one(match["m2"], match["y2"])
        if match["m1"] and not match["m2"]:
            continue
        found.append(Period(match.start(), match.end(), "pair", one, two))
    for match in DASH.finditer(text, start):
        one, two = year(int(match["y1"])), year(int(match["y2"]))
        found.append(Period(match.start(), match.end(), "pair", one, two))
    return [period for period in found if period.other and period.span.first < period.other.first]


def _ranges(text: str, start: int) -> list[Period]:
    found = []
    for match in RANGE.finditer(text, start):
        first, last = MONTHS[match["m1"]], MONTHS[match["m2"]]
        if first < last:
            span = Span(f"{match['y']}-{first:02d}", f"{match['y']}-{last:02d}")
            found.append(Period(match.start(), match.end(), "one", span))
    for match in PART.finditer(text, start):
        length = 6 if match["part"] in ("semestre", "half", "mitad") else 3
        last = PARTS.get(match["which"], 4) * length
        if last <= 12:
            span = Span(f"{match['y']}-{last - length + 1:02d}", f"{match['y']}-{last:02d}")
            found.append(Period(match.start(), match.end(), "one", span))
    for match in FIRST_MONTHS.finditer(text, start):
        number = COUNT.get(match["n"]) or (int(match["n"]) if match["n"].isdigit() else 0)
        if 1 < number < 12:
            span = Span(f"{match['y']}-01", f"{match['y']}-{number:02d}")
            found.append(Period(match.start(), match.end(), "one", span))
    return found


def _since(text: str, start: int) -> list[Period]:
    return [
        Period(m.start(), m.end(), "since",
               Span(_one(m["m1"], m["y1"]).first, "2026-12", open_end=True))
        for m in SINCE.finditer(text, start)
    ]  # fmt: skip


def _bases(text: str, start: int) -> list[Period]:
    return [
        Period(m.start(), m.end(), "base", _one(m["m1"], m["y1"]))
        for m in BASE.finditer(text, start)
    ]


def _ones(text: str, start: int) -> list[Period]:
    return [
        Period(m.start(), m.end(), "one", _one(m["m1"], m["y1"]))
        for m in ONE.finditer(text, start)
        if not re.match(r"[,.]\d", text[m.end() :]) and text[m.start() - 1 : m.start()] not in "$#-"
    ]


def _one(month: str | None, number: str) -> Span:
    if month:
        text = f"{number}-{MONTHS[month]:02d}"
        return Span(text, text)
    return year(int(number))
