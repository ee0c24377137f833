"""Which places a number of an article may be of, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hidra.claims.article.document import (
    BEFORE,
    CLAUSE_OWN,
    SENTENCE,
    SUPPOSED,
    Number,
    Slot,
    is_compared,
    nearest,
)
from hidra.claims.article.lexicon import tells, words
from hidra.claims.article.places import FOREIGN, UNKNOWN, Mention, is_home, together
from hidra.core.place import is_state

NATIONAL = re.compile(
    r"\b(?:national (?:\w+ )?(?:rate|average|mean|figure)|(?:tasa|promedio|media|cifra) nacional),?"
    r"(?: (?:of|at|de|was|is|fue|es|era))?(?: (?:about|around|unos|unas|casi|nearly))? $"
)


def places(n: Number) -> list[Slot[str]]:
    """Return the places the number may be of, the likeliest first; at most three."""
    if (several := together(n.sentence, n.quantity)) is not None:
        code, outright = several  # of each of them it may be where their sum is not told
        return [Slot(code, CLAUSE_OWN if outright else SUPPOSED)] if code else []
    if NATIONAL.search(n.before) and n.article.mexican:
        return [Slot("00", SENTENCE)]
    named = n.sentence.places
    if tells("the_state", n.text) and not any(is_state(one.code[:2]) for one in named):
        return _of_the_state(n)
    here = [one for one in named if _is_told_of(n, one) and not one.owns] or named
    return _places_here(n, here) if here else _places_before(n)


def _is_told_of(n: Number, one: Mention) -> bool:
    """Tell whether a place is no mere measure of another: below Guanajuato, which had 361."""
    after = n.text[one.end : n.start]
    among = one.code == "00" and any(is_state(two.code) for two in n.sentence.places)
    mean = tells("national_mean", after)
    if among and words("superlative").search(n.text[: one.start]) and not mean:
        return False  # Colima had the highest rate of the country
    return not is_compared(n.sentence, one) or bool(words("hangs_on").fullmatch(after))


def _places_here(n: Number, here: list[Mention]) -> list[Slot[str]]:
    """Return the places of its sentence that a number may be of."""
    sentence = n.sentence
    one = n.in_order(here) or nearest(sentence, n.anchor, here, crossing=15, breaking=60)
    if one is not None:
        one = _city(n, one, here)
    elif len({two.code for two in here}) == 1:  # of a long sentence that names no other
        one = here[0]
    if one is None or not is_home(one.code) or _may_be_a_state(n, one):
        return []
    opens = words("opens").fullmatch(n.text[one.end : n.start])
    if one.code != "00" and one.end <= n.start and opens:
        return [Slot(one.code, n.told(one))]  # Nuevo León with 1,065: of no other
    others = [two.code for two in here if two.code != one.code and is_home(two.code)]
    rest = (Slot(code, SENTENCE) for code in dict.fromkeys(others))
    return [Slot(one.code, n.told(one)), *rest][:3]


def _places_before(n: Number) -> list[Slot[str]]:
    """Return the places told before that a number may be of."""
    before = [] if _is_general(n) else n.article.places_before(n.index)
    if not before:
        told = BEFORE if n.article.is_local(n.index) else SENTENCE
        return [Slot("00", told)] if n.article.mexican else []
    if before[0] in (FOREIGN, UNKNOWN):
        return []
    if len({one for one in before if is_state(one)}) >= 3 and n.taken_up == BEFORE:
        return [Slot("00", BEFORE)]  # a list of states is of none of them
    codes = [one for one in dict.fromkeys(before) if is_home(one)]
    if len({one[:2] for one in codes if one != "00"}) > 1 and n.taken_up == BEFORE:
        return [Slot(one, SUPPOSED) for one in codes][:3]  # of which of them is not told
    codes += ["00"] if "00" not in codes and len(codes[0]) == 2 else []
    return [Slot(code, n.taken_up) for code in codes][:3]


def _is_general(n: Number) -> bool:
    """Tell whether a share of all victims is of no state or year: "are committed with guns"."""
    shared = words("of_victims").match(n.after) is not None
    general = shared and words("in_general").search(n.after) is not None
    return general and not n.sentence.periods and not tells("the_state", n.text)


def _of_the_state(n: Number) -> list[Slot[str]]:
    """Return the state that "the state" takes up, never the nation; none if it is unsure."""
    before = [one for one in n.article.places_before(n.index) if is_state(one)]
    code = next(iter(before), None) or n.article.state_before(n.index)
    return [Slot(code, n.taken_up)] if code is not None and is_state(code) else []


def _may_be_a_state(n: Number, one: Mention) -> bool:
    """Tell whether "Mexico at 328" in a list of states may be the state of that name."""
    states = {two.code for two in n.sentence.places if is_state(two.code)}
    near = 0 <= n.start - one.end <= 6 and one.end - one.start <= 6
    return one.code == "00" and near and len(states) >= 3


def is_of_each(n: Number) -> bool:
    """Tell whether a figure is of each of several places: six cities with a rate above 100."""
    for one in n.sentence.quantities:
        after = words("several_places").match(n.text, one.end)
        if after and one.end <= n.start and one.stated.value < 32:
            named = [two for two in n.sentence.places if is_home(two.code)]
            if together(n.sentence, n.quantity):
                return False
            return not any(after.end() <= two.start and two.code != "00" for two in named)
    return False


def is_of_list(n: Number) -> bool:
    """Tell whether a share is of several states named in a row before it."""
    last = max((one.end for one in n.sentence.quantities if one.end <= n.start), default=0)
    named = (one for one in n.sentence.places if last <= one.start < n.start)
    return len({one.code for one in named if is_state(one.code)}) >= 3


def _city(n: Number, one: Mention, here: Sequence[Mention]) -> Mention:
    """Return the city a sentence is about where its state or nation is named beside it."""
    for city in here:
        if len(city.code) == 5 and one.code in ("00", city.code[:2]):
            gap, crossed = n.sentence.between(city, one)
            if not crossed and not tells("clause", gap):
                return city
    return one
