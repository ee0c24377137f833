"""Places named in a text: the nation, its states and cities, and what lies elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from hidra.claims.article.lexicon import is_free, plain, read, words
from hidra.core.place import states

FOREIGN = "elsewhere"
UNKNOWN = "unknown"
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
