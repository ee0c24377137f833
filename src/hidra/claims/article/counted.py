"""What a number counts: the thing right after it, or the one it is said of before."""

from __future__ import annotations

import re

from hidra.claims.article import lexicon
from hidra.claims.article.context import Article, Sentence
from hidra.claims.article.lexicon import Thing
from hidra.claims.article.numbers import Quantity

LINK = re.compile(
    r"\b(?:was|were|reached|total\w*|stood at|fue(?:ron)?|sum\w+|alcanz\w+|ascend\w+|lleg\w+"
    r"|hubo|registr\w+|cerr\w+"
    r"|paso|from|to|with|con|averag\w+|promedi\w+|is|are|es|son|hit|number\w*|recorded|counted"
    r"|contabiliz\w+|acumul\w+|report\w+)\b|:"
)
AGAIN = re.compile(r"\b(?:y|and|while|mientras que)\b|;")  # "... in 2000, and in 2004, 9,329."
CLOSED = re.compile(r" ?(?:[.,;)]|$|per\b|por cada\b)")


def thing_of(
    article: Article, sentence: Sentence, quantity: Quantity, told: list[Thing]
) -> Thing | None:
    """Return what a number counts: the thing right after it, or the one it is said of before."""
    text = article.text
    share = quantity.stated.unit == "percent"
    after = [one for one in told if one.start >= quantity.end - 1]
    if after:
        gap = text[quantity.end : after[0].start]
        apart = r"[;.(),]" if share else r"[;.()]"
        clean = not re.search(rf"{apart}|\b(?:and|y|while|mientras)\b", gap)
        if (
            len(gap) <= (70 if share else 45)
            and clean
            and not _crosses(sentence, quantity.end, after[0].start)
        ):
            return after[0]
    before = [one for one in told if one.end <= quantity.start]
    if not before:
        return None
    gap = text[before[-1].end : quantity.start]
    reach = 110 if share else 90
    again = _said_again(text, sentence, before[-1].end, quantity)
    if len(gap) > reach or (";" in gap and not again):
        return None
    crossed = _crosses(sentence, before[-1].end, quantity.start)
    if share or _special(text, quantity):
        return before[-1] if crossed <= 1 else None
    said_of = not gap.strip() or LINK.search(gap) or again  # "fueron asesinadas 10 mujeres"
    return before[-1] if said_of and crossed <= 1 else None


def is_taken_up(text: str, sentence: Sentence, quantity: Quantity, thing: Thing) -> bool:
    """Tell whether the thing was said of another number, which keeps its words."""
    other = _crosses(sentence, thing.start - 25, quantity.start) > 0
    return other and bool(AGAIN.search(text, thing.end, quantity.start) or _special(text, quantity))


def _said_again(text: str, sentence: Sentence, start: int, quantity: Quantity) -> bool:
    """Tell whether a bare number with a period of its own takes up the thing of the one before."""
    dated = any(start <= one.start < quantity.start for one in sentence.periods)
    ends = CLOSED.match(text[quantity.end : min(sentence.end, quantity.end + 12)])
    return dated and bool(ends) and bool(AGAIN.search(text, start, quantity.start))


def _crosses(sentence: Sentence, start: int, end: int) -> int:
    """Return how many numbers stand in between; that of "per 100,000" counts nothing."""
    return sum(
        start <= one.start < end
        and not lexicon.PER.search(sentence.text[: one.start - sentence.start])
        for one in sentence.quantities
    )


def _special(text: str, quantity: Quantity) -> bool:
    return bool(
        lexicon.PER_100000.match(text, _skip(text, quantity.end))
        or lexicon.PER_DAY.match(text, _skip(text, quantity.end))
    )


def _skip(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == " " else at
