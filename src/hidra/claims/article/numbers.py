"""Numbers as newspapers write them, in Spanish and English, with the precision they claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from hidra.claims.article import lexicon
from hidra.claims.article.lexicon import words
from hidra.claims.claim import Stated, Words

ONES: dict[str, int] = lexicon.read()["ones"]
SINGLE: dict[str, int] = lexicon.read()["single"]  # a number only after another word of one
TIMES: dict[str, int] = lexicon.read()["times"]
ORDINALS: dict[str, int] = lexicon.read()["ordinals"]
DIGITS = r"\d{1,3}(?:[ ,.]\d{3}){1,3}(?:[.,]\d{1,2})?(?!\d)|\d{1,15}(?:[.,]\d{1,4})?(?!\d)"
SCALE = r"(?: ?(?:mil millones|millones|millon|million|billion|thousand|mil)\b)?"
WORD = "|".join(sorted((*ONES, *TIMES), key=len, reverse=True))
MORE = rf"(?:[ -](?:y |and )?(?:{WORD}|one|uno?a?))"
SPELLED = (
    rf"\b(?:(?:a|one|una?) (?=(?:hundred|thousand|million|millon)\b))?(?:{WORD}){MORE}{{0,7}}\b"
)
# (digits or words) mil (digits or words): 36 mil 685, diez mil 452, 14 mil seis, 19 thousand 803
MIXED = (
    rf"(?:(?:\d{{1,3}}|\b(?:{WORD}){MORE}{{0,3}}) )?\b(?:mil|thousand)"
    rf" (?:\d{{1,3}}(?![\d,.]\d|\d| ?%| por\b| per\b)|(?:{WORD}){MORE}{{0,4}}\b)"
)
NUMBER = rf"(?:{MIXED}|half a million|medio millon|(?:{DIGITS}){SCALE}|{SPELLED})"
ANY = re.compile(rf"(?<![\w.,/#$€-])(?:{NUMBER})(?!\w)")
OF_EVERY = re.compile(
    rf"(?<!\w)(?P<a>{NUMBER}|one|una?o?) (?:(?:out )?of every|in every|out of|in|de cada)"
    rf" (?P<b>{NUMBER})(?!\w)"
)
BEFORE = [
    (word, re.compile(rf"{pattern.pattern} (?:the |los |las |un |una |al? |el |de )?$"))
    for word, pattern in lexicon.named("modifiers")
]
AFTER_DASH = re.compile(rf"[-–]((?:{NUMBER}))(?!\w)")
SCALED = re.compile(r"\b(?:mil|thousand|millones|million)\b")
HALF_OF = re.compile(r" a (?:million|dozen)")  # half a million
TIMES_SO = rf"(?:\d{{1,2}}(?:\.\d)?|{'|'.join(sorted(ONES, key=len, reverse=True))})"
FOLD = re.compile(
    rf"\b(?P<n>{TIMES_SO}){words('fold').pattern}"
    rf"|{words('by_factor').pattern}(?P<n2>{TIMES_SO})(?![\w.,]\w)"
)
MOST_TIMES = 100
NEARLY = ((0.9, 1.01), (0.99, 1.1))  # of what rose to a multiple, and of what fell to a part
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Quantity:
    """A number found in a text.

    Attributes
    ----------
    start, end : int
        Where it stands, its "more than" and its percent sign included.
    stated : Stated
    """

    start: int
    end: int
    stated: Stated


def quantities(text: str) -> list[Quantity]:
    """Return the numbers of one plain sentence that may count something; no dates, no money."""
    found: list[Quantity] = []
    taken = 0
    for match in sorted(_every(text), key=lambda span: (span[0], -span[1])):
        if match[0] < taken:
            continue
        quantity = _read(text, *match)
        if quantity is not None:
            found.append(quantity)
            taken = quantity.end
    return list(_with_ranges(text, found))


def _with_ranges(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """Yield the quantities, the two ends of "between 20 and 30 percent" as one."""
    left = list(found)
    while left:
        one = left.pop(0)
        two = left[0] if left else _after_dash(text, one)
        if two is None:
            yield one
        elif (joined := _range(text, one, two)) is not None:
            left = [later for later in left if later.start >= joined.end]
            yield joined
        else:
            pair = (one.stated.unit, two.stated.unit) == ("persons", "percent")
            pair = pair and text[one.end : two.start] in (" to ", " a ")
            # from 20 to 30 percent
            yield replace(one, stated=replace(one.stated, unit="percent")) if pair else one


def _after_dash(text: str, one: Quantity) -> Quantity | None:
    match = AFTER_DASH.match(text, one.end)
    return _read(text, *match.span(1), "number", 0.0) if match else None


def _range(text: str, one: Quantity, two: Quantity) -> Quantity | None:
    """Return the range two numbers tell, None where they are two figures, as of two years."""
    first, last, gap = one.stated, two.stated, text[one.end : two.start]
    before = text[: one.start]
    percent = last.unit == "percent"
    if words("between").search(before):
        linked = words("and_between").fullmatch(gap)
    elif words("out_of").search(before):
        linked = words("to_number").fullmatch(gap) if percent else None
        linked = None if lexicon.tells("moved", before) else linked
    else:
        linked = words("to_number" if percent else "or_number").fullmatch(gap)
    if not linked or last.words != "exactly" or first.words not in ("exactly", "about"):
        return None
    if first.unit not in ("persons", last.unit):
        return None
    scale = SCALED.search(text[two.start : two.end])
    times = (
        TIMES[scale.group()]
        if scale and first.value < 1000 and not SCALED.search(text[one.start : one.end])
        else 1
    )
    low, high = first.value * times, last.value
    if not low < high:
        return None
    place = min(first.place_value * times, last.place_value)
    return Quantity(one.start, two.end, Stated(low, "between", last.unit, place, high))


def _every(text: str) -> list[tuple[int, int, str, float]]:
    """Return spans of numbers: (start, end, kind, value)."""
    spans: list[tuple[int, int, str, float]] = []
    for match in OF_EVERY.finditer(text):
        a, b = parse(match["a"]), parse(match["b"])
        if a and b and a[0] < b[0] <= 100:
            spans.append((match.start(), match.end(), "percent", 100 * a[0] / b[0]))
    for kind, name in (("vague", "vague"), ("percent", "parts")):
        for pattern, value in lexicon.valued(name):
            spans += [
                (*match.span(), kind, value)
                for match in pattern.finditer(text)
                if not HALF_OF.match(text, match.end())
            ]
    return spans + [(*match.span(), "number", 0.0) for match in ANY.finditer(text)]


def _read(text: str, start: int, end: int, kind: str, value: float) -> Quantity | None:
    said, begin = modifier(text, start)
    if kind == "vague":
        return Quantity(begin, end, Stated(value, "more than", place_value=value / 2))
    if kind == "percent":
        said = "about" if said == "exactly" else said
        return Quantity(begin, end, Stated(value, said, "percent", 10.0))
    parsed = parse(text[start:end])
    minutes = words("minutes").match(text, end)
    if parsed is None or _is_no_count(text, start, end, parsed[0]):
        return None
    if minutes and not lexicon.tells("every", text[:start]):
        return None
    percent = words("percent").match(text, end)
    unit = "percent" if percent else "minutes" if minutes else "persons"
    end = percent.end() if percent else minutes.end() if minutes else end
    return Quantity(begin, end, Stated(parsed[0], said, unit, parsed[1]))


def multiples(text: str) -> list[Quantity]:
    """Return "doubled", "more than threefold", "halved", "3.5 times as many" as percentages more.

    "Nearly doubled" comes as near to twice as "nearly half" to a half.
    """
    found = [
        (*match.span(), value)
        for pattern, value in lexicon.valued("multiples")
        for match in pattern.finditer(text)
    ]
    for match in FOLD.finditer(text):
        times = parse(lexicon.told(match, "n"))
        if times is not None and times[0] < MOST_TIMES:
            number = times[0] + (0.5 if match["half"] else 0)
            found.append((*match.span(), 100 * (number - 1)))
    return [Quantity(start, end, _times_as(text, start, value)) for start, end, value in found]


def _times_as(text: str, start: int, value: float) -> Stated:
    said, _begin = modifier(text, start)
    if said == "nearly":
        ends = sorted(near * (100 + value) - 100 for near in NEARLY[value < 0])
        return Stated(ends[0], "range", "percent", 100.0, ends[1])
    return Stated(value, "about" if said == "exactly" else said, "percent", 100.0)


def ordinal(word: str) -> int:
    """Return the place a word tells: 3 for "third" or "tercera"; 0 for the last or another word."""
    return next((number for stem, number in ORDINALS.items() if word.startswith(stem)), 0)


def modifier(text: str, start: int) -> tuple[Words, int]:
    """Return how a number that starts somewhere is said, and where those words begin."""
    before = text[max(0, start - 30) : start]
    for word, pattern in BEFORE:
        if match := pattern.search(before):
            return cast("Words", word), start - (len(before) - match.start())
    return "exactly", start


def _is_no_count(text: str, start: int, end: int, value: float) -> bool:
    raw, before = text[start:end], text[max(0, start - 20) : start]
    if raw in TIMES and raw != "mil":
        return True
    if raw == "mil":
        return not re.search(r"\b(?:mas de|casi|de) $", before)
    if raw == "once" or (YEAR.fullmatch(raw) and not words("counted").match(text, end)):
        return True
    after = ("money", "other_unit", "days_after", *(("month_after",) if value <= 31 else ()))
    second = words("second_end").match(text, end)  # between 15 and 29 years
    if second and any(words(name).match(text, second.end()) for name in ("money", "other_unit")):
        return True
    return (
        lexicon.tells("price", before)
        or (value <= 31 and raw.isdecimal() and lexicon.tells("month_before", before))
        or any(words(name).match(text, end) for name in after)
    )


def parse(raw: str) -> tuple[float, float] | None:
    """Return the value of a number and the size of its last meant digit, or None.

    ``1,234`` and ``1.234`` are thousands, ``25.6`` and ``25,6`` are not; ``36 mil 685`` and
    ``treinta y seis mil 685`` are 36,685.
    """
    raw = raw.strip()
    if raw in ("half a million", "medio millon"):
        return 500_000.0, 100_000.0
    match = re.fullmatch(rf"({DIGITS}) ?([a-z ]*)", raw)
    scales = match[2].split() if match else []
    if match and all(word in TIMES for word in scales):
        scale = 1.0
        for word in scales:
            scale *= TIMES[word]
        return _digits(match[1], scale)
    return _mixed(raw)


def _digits(text: str, scale: float) -> tuple[float, float] | None:
    groups = re.split(r"[ ,.]", text)
    whole = len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and groups[0] != "0"
    if whole and scale == 1:
        value = float("".join(groups))
        return value, _last_digit(value)
    if len(groups) > 2:  # thousands and decimals: 1,234.5
        value = float("".join(groups[:-1]) + "." + groups[-1])
        return value * scale, 10.0 ** -len(groups[-1]) * scale
    if len(groups) == 2:
        value = float(".".join(groups))
        return value * scale, 10.0 ** -len(groups[1]) * scale
    value = float(text)
    return value * scale, _last_digit(value) * scale


def _last_digit(value: float) -> float:
    size = 1.0
    while value and size < value and value % (size * 10) == 0:
        size *= 10
    return size


def _mixed(raw: str) -> tuple[float, float] | None:
    """Read digits and words together: words of a thousand close what stands before them."""
    total, part, last = 0.0, 0.0, ""
    for word in re.split(r"[ -]+", raw):
        if word in TIMES:
            part = max(part, 1) * TIMES[word]
            if TIMES[word] >= 1000:
                total, part = total + part, 0.0
        elif word in ONES or word in SINGLE:
            part += ONES.get(word) or SINGLE[word]
        elif word.isdecimal() and len(word) <= 3:
            part += int(word)
        elif word not in ("y", "and", "a"):
            return None
        last = word
    value = total + part
    return (value, 1.0 if last.isdecimal() else _last_digit(value)) if value else None
