"""Letters and sentences of a text, and the words of lexicon.yaml that are looked for in them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from hidra.core import yaml

QUOTES = {"“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "‘": "'"}
ENDS = re.compile(r"[.!?…][\"'”’»)\]*_]{0,4}\s{1,40}(?=[\"'“‘«(\[*_¿¡–-]{0,4}[A-ZÁÉÍÓÚÑ0-9])")
ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|EE|UU|No|Núm|Sr|Sra|Dr|Dra|Lic|Gral|Gen|Col|Cd|St|Mr|Mrs|Ms|vs|art|aprox|ca|Edo)"
    r"|\b[A-Z]\.[A-Z])\.$"
)
BULLET = re.compile(r"\s{0,8}(?:[-–*•#]|\d{1,3}[.)]\s)")
LONGEST = 1200  # letters of a sentence; what has no end for longer is cut at a space


class _Letters(dict[int, str]):
    """Each letter as it is compared: small, without accent, white space as a space."""

    def __missing__(self, code: int) -> str:
        letter = QUOTES.get(chr(code), chr(code))
        base = unicodedata.normalize("NFKD", letter)[0].lower()
        self[code] = " " if letter.isspace() else base if len(base) == 1 else letter
        return self[code]


_LETTERS = _Letters()


def plain(text: str) -> str:
    """Return text in lower case without accents, of the same length."""
    return text.translate(_LETTERS)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of every sentence; headings and list items are their own."""
    found = []
    for start, end in _blocks(text):
        begin = start
        for match in ENDS.finditer(text, start, end):
            if ABBREVIATED.search(text[max(begin, match.start() - 12) : match.start() + 1]):
                continue
            last = plain(text[max(begin, match.start() - 12) : match.end()])
            if text[match.end() : match.end() + 1].isdecimal() and words("of_date").search(last):
                continue  # Sept. 2024
            found.append((begin, match.end()))
            begin = match.end()
        found.append((begin, end))
    trimmed = (_trim(text, *part) for one in found for part in _cut(text, *one))
    return [(start, end) for start, end in trimmed if end > start]


def _blocks(text: str) -> list[tuple[int, int]]:
    """Return pieces between line ends that end something; a wrapped line goes on."""
    blocks, start, before = [], 0, 0
    for match in re.finditer(r"\r?\n", text):
        line = text[before : match.start()].strip()
        before = match.end()
        if _goes_on(line, text[match.end() : match.end() + 80]):
            continue
        blocks.append((start, match.start()))
        start = match.end()
    blocks.append((start, len(text)))
    return blocks


def _goes_on(line: str, follows: str) -> bool:
    after = follows.lstrip(" \t")
    if not line or not after or after[0] in "\r\n" or BULLET.match(after):
        return False
    if after[0].islower():
        return True
    return line[-1] not in '.!?:;”"»' and 55 <= len(line) <= 140


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence, or its pieces where no sentence is that long."""
    while end - start > LONGEST:
        at = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        at = at if at > start else start + LONGEST
        yield start, at
        start = at
    yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


MORE = ("more", "less", "fewer", "mas", "menos")


@dataclass(frozen=True)
class Thing:
    """Something counted, where its words stand; `noun` where they are a name of it (homicides)."""

    start: int
    end: int
    name: str
    noun: bool


@cache
def read() -> dict[str, Any]:
    """Return what lexicon.yaml holds."""
    file = files("hidra.claims.article").joinpath("lexicon.yaml")
    found: dict[str, Any] = yaml.value(file.read_text(encoding="utf-8"), "lexicon.yaml")
    return found


@cache
def words(name: str) -> re.Pattern[str]:
    """Return one list as a pattern between word boundaries, or a pattern of `patterns` as it is."""
    lists, bare = read(), read()["patterns"]
    return _compiled(bare[name] if name in bare else [[r"\b", _either(lists[name]), r"\b"]])


def told(match: re.Match[str], name: str) -> str:
    """Return what a named group holds, whichever of its places in a pattern was met; else ""."""
    found = (text for group, text in match.groupdict().items() if group.rstrip("23456") == name)
    return next(filter(None, found), "")


def tells(name: str, text: str) -> bool:
    """Tell whether a text has a word of a list."""
    return words(name).search(text) is not None


def things(text: str) -> list[Thing]:
    """Return what is counted in one plain sentence, in order, none within another."""
    found: list[Thing] = []
    for name, pattern in named("things"):
        for match in pattern.finditer(text):
            if is_free(found, *match.span()):
                noun = name != "homicide" or words("homicide").search(match.group()) is not None
                found.append(Thing(match.start(), match.end(), name, noun))
    return sorted(found, key=lambda one: one.start)


class Stretch(Protocol):
    """What stands somewhere in a sentence."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


def is_free(found: Iterable[Stretch], start: int, end: int) -> bool:
    """Tell whether nothing found so far lies over a stretch of a sentence."""
    return all(end <= one.start or start >= one.end for one in found)


def agency(text: str) -> str:
    """Return the agency a sentence names, empty where none or several."""
    found = [name for name, pattern in named("agencies") if pattern.search(text)]
    return found[0] if len(found) == 1 else ""


def is_of_part(text: str) -> bool:
    """Tell whether a stretch speaks of a part of the victims: one sex, a profession, an age."""
    return any(tells(name, text) for name in ("sex", "some_of_them", "of_another_kind"))


@cache
def _modifies() -> re.Pattern[str]:
    """Return what follows "more" where it modifies a number: "than 40 %", "than two thirds"."""
    numbers = "|".join((*read()["parts"].values(), *read()["ones"], *read()["times"]))
    return _compiled(rf" (?:than|del?) (?:(?:an?|la) )?(?:\d|(?:{numbers})\b)")


def sign(text: str, start: int, end: int) -> int:
    """Return +1 or -1 for the nearest word of rising or falling around a place, 0 where none."""
    best, found = 80, 0
    for value, name in ((1, "rise"), (-1, "fall")):
        for match in words(name).finditer(text, max(0, start - 90), end + 90):
            after = 8 if match.start() >= end else 0
            gap = max(start - match.end(), match.start() - end, 0) + (after if value > 0 else 0)
            said = (
                match.start() < end
                and match.group() in MORE
                and _modifies().match(text, match.end())
            )  # "more than 40 %"
            if gap < best and not said:
                best, found = gap, value
    return found


@cache
def valued(name: str) -> tuple[tuple[re.Pattern[str], float], ...]:
    """Return the patterns of a list with what each stands for: "doubled" is 100 (percent more)."""
    entries = read()[name].items()
    return tuple(
        (_compiled([[r"\b", _either(one), r"\b"]]), float(value)) for value, one in entries
    )


@cache
def facts() -> dict[str, tuple[re.Pattern[str], re.Pattern[str], str]]:
    """Return the indicators of cited facts with what a sentence says, its noun, and the place."""
    return {
        name: (
            re.compile(rf"\b(?:{one['about']})"),
            re.compile(rf"\b(?:{one['counts']})\b"),
            one.get("place", "00"),
        )
        for name, one in read()["facts"].items()
    }


def by_firearm(text: str) -> bool:
    """Tell whether a text speaks of killing by firearm, not of firearms that are seized or sold."""
    return tells("firearm", words("guns_themselves").sub(" ", text))


@cache
def named(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return a list of lists, as `things` or `agencies`, as names with their patterns."""
    return tuple(
        (key, _compiled([[r"\b", _either(one), r"\b"]])) for key, one in read()[name].items()
    )


def _either(some: Any) -> str:
    """Return an entry of lexicon.yaml as one group: text, alternatives, pieces, or keys."""
    if isinstance(some, str):
        return f"(?:{some})"
    parts = ("".join(one) if isinstance(one, list) else one for one in some)
    return f"(?:{'|'.join(parts)})"


def _compiled(some: Any) -> re.Pattern[str]:
    """Compile an entry, the names in braces put in; a group met again is numbered."""
    text, lists = _either(some), read() | read()["patterns"] | {"month": MONTH, "short": [*SHORT]}
    while found := re.search(r"\{([a-z_]+)\}", text):
        text = text[: found.start()] + _either(lists[found[1]]) + text[found.end() :]
    seen: Counter[str] = Counter()

    def numbered(match: re.Match[str]) -> str:
        seen[match[1]] += 1
        return f"(?P<{match[1]}{seen[match[1]] if seen[match[1]] > 1 else ''}>"

    return re.compile(re.sub(r"\(\?P<([a-z]+)>", numbered, text))


def _months(name: str) -> dict[str, int]:
    """Return the names of months of a list with their numbers."""
    return {one: number for number, some in enumerate(read()[name], 1) for one in some.split()}


SHORT = _months("months_short")
MONTHS = _months("months") | SHORT | {f"{one}.": number for one, number in SHORT.items()}
# "sept."; with a day, a year or another month also "sept", but not "ago", an English word
BARE = "|".join(one for one in SHORT if one != "ago")
MONTH = [
    *_months("months"),
    rf"\b(?:{'|'.join(SHORT)})\.",
    rf"\b(?:{BARE})(?= (?:de |del )?\d|(?:[-–]| (?:to|a|al|and|y|through) )(?:{'|'.join(MONTHS)}))",
]
