"""Text without case and accents, letter for letter, so that positions stay those of the article."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

QUOTES = {"“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "\u00a0": " ", "\u202f": " "}
ENDS = re.compile(r"[.!?…][\"'”’»)\]*_]*\s+(?=[\"'“‘«(\[*_¿¡–-]*[A-ZÁÉÍÓÚÑ0-9])")
ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|EE|UU|No|Núm|Sr|Sra|Dr|Dra|Lic|Gral|Gen|Col|Cd|St|Mr|Mrs|Ms|vs|art|aprox|ca)"
    r"|\b[A-Z]\.[A-Z])\.$"
)
BULLET = re.compile(r"\s*(?:[-–*•#]|\d+[.)]\s)")


def plain(text: str) -> str:
    """Return text in lower case without accents, of the same length."""
    return "".join(_letter(letter) for letter in text)


@cache
def _letter(letter: str) -> str:
    letter = QUOTES.get(letter, letter)
    base = unicodedata.normalize("NFKD", letter)[0].lower()
    return base if len(base) == 1 else letter


def sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of every sentence; headings and list items are their own."""
    found = []
    for start, end in _blocks(text):
        begin = start
        for match in ENDS.finditer(text, start, end):
            if ABBREVIATED.search(text[begin : match.start() + 1]):
                continue
            found.append((begin, match.end()))
            begin = match.end()
        found.append((begin, end))
    trimmed = [_trim(text, start, end) for start, end in found]
    return [(start, end) for start, end in trimmed if end > start]


def _blocks(text: str) -> list[tuple[int, int]]:
    """Return pieces between line ends that end something; a wrapped line goes on."""
    blocks, start = [], 0
    for match in re.finditer(r"\r?\n", text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
        follows = text[match.end() : match.end() + 80]
        if _goes_on(line, follows):
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


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
