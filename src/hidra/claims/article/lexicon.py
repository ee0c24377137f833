"""The words of lexicon.yaml: what is counted, rising and falling, who counts, what is a guard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from hidra.core import yaml

MORE = ("more", "less", "fewer", "mas", "menos")
MODIFIES = re.compile(r" (?:than|de) (?:an? )?(?:\d|half|la mitad)")


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
    text = (files("hidra") / "claims" / "article" / "lexicon.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.value(text, "lexicon.yaml")
    return found


@cache
def words(name: str) -> re.Pattern[str]:
    """Return the pattern of one list, between word boundaries."""
    return re.compile(rf"\b{_either(read()[name])}\b")


def tells(name: str, text: str) -> bool:
    """Tell whether a text has a word of a list."""
    return words(name).search(text) is not None


def things(text: str) -> list[Thing]:
    """Return what is counted in one plain sentence, in order, none within another."""
    found: list[Thing] = []
    for name, pattern in _things():
        for match in pattern.finditer(text):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                noun = name != "homicide" or words("homicide").search(match.group()) is not None
                found.append(Thing(match.start(), match.end(), name, noun))
    return sorted(found, key=lambda one: one.start)


def agency(text: str) -> str:
    """Return the agency a sentence names, empty where none or several."""
    named = [name for name, pattern in _agencies() if pattern.search(text)]
    return named[0] if len(named) == 1 else ""


def is_of_part(text: str) -> bool:
    """Tell whether a stretch speaks of a part of the victims: one sex, a profession, an age."""
    return any(tells(name, text) for name in ("sex", "some_of_them", "of_another_kind"))


def sign(text: str, start: int, end: int) -> int:
    """Return +1 or -1 for the nearest word of rising or falling around a place, 0 where none."""
    best, found = 80, 0
    for value, name in ((1, "rise"), (-1, "fall")):
        for match in words(name).finditer(text, max(0, start - 90), end + 90):
            after = 8 if match.start() >= end else 0
            gap = max(start - match.end(), match.start() - end, 0) + (after if value > 0 else 0)
            said = (
                match.end() <= start and match.group() in MORE and MODIFIES.match(text, match.end())
            )  # "more than 40 %"
            if gap < best and not said:
                best, found = gap, value
    return found


@cache
def multiples() -> tuple[tuple[re.Pattern[str], float], ...]:
    """Return "doubled", "tripled", "halved" with the percentages they mean."""
    entries = read()["multiples"].items()
    return tuple((re.compile(rf"\b(?:{one})\b"), float(value)) for value, one in entries)


@cache
def facts() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return the indicators of cited facts with what a sentence says, and its noun."""
    return {
        name: (re.compile(rf"\b(?:{one['about']})"), re.compile(rf"\b(?:{one['counts']})\b"))
        for name, one in read()["facts"].items()
    }


@cache
def _things() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(rf"\b{_either(some)}\b")) for name, some in read()["things"].items()
    )


@cache
def _agencies() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(rf"\b{_either(some)}\b")) for name, some in read()["agencies"].items()
    )


def _either(some: list[str]) -> str:
    text = "|".join(some)
    for name in ("people", "killed", "homicide"):
        if f"{{{name}}}" in text:
            text = text.replace(f"{{{name}}}", f"(?:{'|'.join(read()[name])})")
    return f"(?:{text})"
