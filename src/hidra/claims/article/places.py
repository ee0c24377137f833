"""Places named in a text: the nation, its states and cities, what lies elsewhere, rows of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from hidra.claims.article.lexicon import is_free, plain, read, tells, words
from hidra.claims.article.numbers import ONES, Quantity
from hidra.claims.figure import joined, parts
from hidra.core.place import states

if TYPE_CHECKING:
    from hidra.claims.article.document import Sentence

FOREIGN = "elsewhere"
UNKNOWN = "unknown"
NEAR = 110  # letters between places in a row and the figure of them all
TOO_SHORT = {"bc", "nl", "mx", "mex"}


@dataclass(frozen=True)
class Mention:
    """A place in a sentence: its code, `FOREIGN` or `UNKNOWN`.

    `owns` marks a genitive ("Mexico's deadliest state"): the whole of which something is a part.
    """

    start: int
    end: int
    code: str
    owns: bool = False


def mentions(original: str, text: str) -> list[Mention]:
    """Return the places named in one sentence, in order; a cartel's or a school's name is none."""
    masked = words("groups").sub(lambda match: "_" * len(match.group()), text)
    names, codes = _names()
    found: list[Mention] = []
    for pattern, code in ((names, ""), (words("abroad"), FOREIGN), (words("nation"), "00")):
        for match in pattern.finditer(masked):
            if is_free(found, *match.span()) and _is_name(original, match, code):
                code_ = code or codes[match.group()]
                owns = code_ == "00" and bool(words("owns").match(masked, match.end()))
                found.append(Mention(match.start(), match.end(), code_, owns))
    for match in words("demonym").finditer(masked):
        if is_free(found, *match.span()):
            found.append(Mention(*match.span(), read()["demonyms"][match["n"]]))
    for match in words("proper").finditer(original):
        first, last = match.span("name")
        known = masked[first] == "_" or words("no_place").match(plain(match["name"]))
        if not known and is_free(found, first, last):
            found.append(Mention(first, last, UNKNOWN))
    return _joined(text, sorted(found, key=lambda one: one.start))


def is_home(code: str) -> bool:
    """Tell whether a place lies in Mexico."""
    return code not in (FOREIGN, UNKNOWN)


def _joined(text: str, found: list[Mention]) -> list[Mention]:
    """Return the places with "Culiacan, the capital of Sinaloa" and "Leon, Guanajuato" as one."""
    kept: list[Mention] = []
    for one in found:
        last = kept[-1] if kept else None
        gap = text[last.end : one.start] if last else ""
        inside = last and (
            (len(last.code) == 5 and one.code in (last.code[:2], "00"))
            or (last.code == UNKNOWN and is_home(one.code))
            or (len(last.code) == 2 and one.code == "00" and "," in gap)
            or (last.code == FOREIGN and words("country").match(text, one.start))
        )
        if last and inside and words("apart").fullmatch(gap):
            kept[-1] = Mention(last.start, one.end, last.code)
        else:
            kept.append(one)
    return kept


def _is_name(original: str, match: re.Match[str], code: str) -> bool:
    """Tell whether a match is written as a name: capital first, or a phrase for the nation."""
    if code == "00" and match.group() != "mexico":
        return True
    told = original[match.start() : match.end()].split()
    return code == FOREIGN or any(word[0].isupper() for word in told)  # the state of Mexico


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return one pattern of every name, longest first, and the code of each."""
    names: dict[str, str] = {
        **dict.fromkeys(("new mexico", "nuevo mexico"), FOREIGN),
        "mexico city": "09", "mexico state": "15",
        "state of mexico": "15", "estado de mexico": "15", "edomex": "15", "ciudad de mexico": "09",
        "city of mexico": "09", "distrito federal": "09", "edo. mex": "15", "edo mex": "15",
        "edo. de mexico": "15", "edo de mexico": "15", "edo. de mex": "15", "edo.mex": "15",
        "q. roo": "23", "n.l": "19", "s.l.p": "24", "b.c.s": "03",
    }  # fmt: skip
    for state in states():
        for name in (state.name_es, state.name_en, *state.other_names, state.abbr):
            key = plain(name)
            if key not in TOO_SHORT and key not in ("mexico", "df"):
                names.setdefault(key, state.code)
    for key, code in read()["cities"].items():
        names.setdefault(key, code)
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})\b"), names


def together(sentence: Sentence, quantity: Quantity) -> tuple[str, bool] | None:
    """Return the places a figure is of together, and whether that is said outright.

    Their codes joined, empty where no sum of them can be made; None where it stands by no row of
    places, or is of each.
    """
    if tells("of_each", sentence.text):
        return None
    for row in _rows(sentence):
        outright = _of_row(sentence, quantity, row)
        if outright is not None:
            each = quantity.stated.unit == "percent" and not outright  # or all of them
            return ("" if each or _is_several(sentence, quantity) else _code(row)), outright
    return _of_named(sentence, quantity)


def _of_named(sentence: Sentence, quantity: Quantity) -> tuple[str, bool] | None:
    """Return the places named one by one that are added up: "between the three of them 7,778"."""
    start = quantity.start
    said = words("they_together").search(sentence.text, max(0, start - NEAR), start)
    named = [one for one in sentence.places if said and one.end <= said.start()]
    if not said or quantity.stated.unit != "persons" or len({one.code for one in named}) < 2:
        return None
    code = _code(named)
    return (code if ONES.get(said["n"]) == len(parts(code)) else ""), True


def _rows(sentence: Sentence) -> list[list[Mention]]:
    """Return the places told side by side, each with its own figure or without."""
    rows: list[list[Mention]] = []
    for one in sentence.places:
        gap = _bare(sentence.text[rows[-1][-1].end : one.start]) if rows else ""
        if rows and words("row_link").fullmatch(gap):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [row for row in rows if len(row) > 1]


def _of_row(sentence: Sentence, quantity: Quantity, row: Sequence[Mention]) -> bool | None:
    """Tell whether a figure is outright of a row, or may be of it; None where it stands apart."""
    text, first, last = sentence.text, row[0], row[-1]
    before = last.end <= quantity.start
    own = words("own_of_place").match(text, last.end)
    said = _bare(text[last.end : quantity.start] if before else text[quantity.end : first.start])
    between = (last.end, quantity.start) if before else (quantity.end, first.start)
    crossed = sentence.crossed(*between) - bool(before and own)
    shared = quantity.stated.unit == "percent"
    within = (one for one in sentence.places if between[0] <= one.start < between[1])
    others = any(one.code != "00" or not shared for one in within)
    if others or len(said) > NEAR or re.search(r"[;:.(]", said):
        return None
    share = shared and words("of_victims").match(text, quantity.end) is not None
    if before:
        after = re.split(r"[,;:.]", text[quantity.end : quantity.end + NEAR])[0]
        counted, moved = tells("counted_by", said), tells("moved", said)
        outright = tells("together", said) or tells("jointly", after) or (share and counted)
        outright = outright or tells("together_before", text[: first.start])
        near = crossed <= 2 * outright and not tells("clause", said)
        return outright if near and (outright or (moved if shared else counted)) else None
    closed = words("row_closes").match(text, last.end) is not None and not own
    if crossed or "," in said or not (closed and words("in_place").search(said)):
        return None
    return share or tells("together", text[max(0, quantity.start - NEAR) : quantity.start])


def _is_several(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell whether another figure stands beside it: "added up to 3,151 and 1,800"."""
    some = [one for one in sentence.quantities if one.stated.unit == quantity.stated.unit]
    beside = (
        sentence.text[one.end : two.start] for one, two in pairwise(some) if quantity in (one, two)
    )
    return any(words("with_next").fullmatch(gap) for gap in beside)


def _code(row: Sequence[Mention]) -> str:
    """Return the codes of places joined; empty where one is elsewhere or lies within another."""
    codes = list(dict.fromkeys(one.code for one in row))
    within = any(two.startswith(one) for one in codes for two in codes if one != two)
    whole = within or len(codes) < 2 or "00" in codes
    return "" if whole or not all(map(is_home, codes)) else joined(codes)


def _bare(text: str) -> str:
    """Return what is left between places without the figure each has in brackets or after it."""
    return words("own_of_place").sub("", text)
