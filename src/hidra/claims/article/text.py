"""Text without case and accents, letter for letter, and the sentences it is made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

QUOTES = {"“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "‘": "'"}
ENDS = re.compile(r"[.!?…][\"'”’»)\]*_]{0,4}\s{1,40}(?=[\"'“‘«(\[*_¿¡–-]{0,4}[A-ZÁÉÍÓÚÑ0-9])")
ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|EE|UU|No|Núm|Sr|Sra|Dr|Dra|Lic|Gral|Gen|Col|Cd|St|Mr|Mrs|Ms|vs|art|aprox|ca)"
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
