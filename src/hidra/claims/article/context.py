"""What an article is about, and which place and period a number in a sentence belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from hidra.claims.article.numbers import Quantity, quantities
from hidra.claims.article.periods import Period, periods
from hidra.claims.article.places import FOREIGN, UNKNOWN, Mention, mentions
from hidra.claims.article.plain import plain, sentences

TOPIC = re.compile(
    r"\b(?:homicid|asesin|murder|kill(?:ing|ed)|cartel|narco|drug|disappear|desapar|missing"
    r"|femi(?:ni)?cid"
    r"|organi[sz]ed crime|crimen organizado|delincuencia organizada|violen|militari|kingpin|capo\b"
    r"|garcia luna|mencho|firearm|weapon|\bguns?\b|\barmas?\b|ammunition|\brounds\b|cartucho"
    r"|municion|lake city|guerra|\bwar\b|guardia nacional"
    r"|armed groups|grupos armados|agresiones contra|aggressions against"
    r"|national guard|community police|policia comunitaria|autodefensa)"
)
CLAUSE = re.compile(
    r"[;()—]|, (?:while|mientras|but|pero|whereas)\b"
    r"|\b(?:y|and) (?=(?:con|en|under|with|in|durante|during|bajo|by|was|were|fue)\b)"
)
NEXT = re.compile(r"\b(?:y|and) $")  # "... 42 % and | with the next"
COMPARED = re.compile(
    r"\b(?:below|above|behind|than|(?:por )?debajo de|(?:por )?encima de|compared (?:with|to)"
    r"|(?:mas|menos|mayor|menor|peor)(?:es)? (?:\w+ ){0,2}que"
    r"|frente a|respecto (?:a|de)|of many|de muchos)(?: (?:the|that of|el|la|los|las|en|in|de"
    r"|many|muchos|estados de))* ?$"
)
FAR = 190  # letters and penalties beyond which a period or place belongs to something else
HOME = re.compile(
    r"\b(?:mexic(?:an|ano|ana)s?|calderon|pena nieto|lopez obrador|amlo|sheinbaum|inegi|sesnsp"
    r"|rnpdno"
    r"|garcia luna|sedena|lake city)\b"
)
WAVE = re.compile(
    r"\b(?:mencho|oseguera|(?:22 (?:de febrero|february|of february)|february 22).{0,12}2026)"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence with everything found in it; positions are those of the article."""

    start: int
    end: int
    text: str
    quantities: tuple[Quantity, ...]
    periods: tuple[Period, ...]
    places: tuple[Mention, ...]


@dataclass(frozen=True)
class Article:
    """An article: its text, and what it is about.

    Attributes
    ----------
    original, text : str
        As read, and without case and accents; of the same length.
    mexican : bool
        It names Mexico or its places at least as often as other countries.
    on_topic : bool
        It speaks of Mexico and of violence, drugs or disappearance.
    wave : bool
        It speaks of the events of 22 February 2026.
    """

    original: str
    text: str
    sentences: tuple[Sentence, ...]
    mexican: bool
    on_topic: bool
    wave: bool


def article(original: str) -> Article:
    """Find sentences, numbers, periods and places in a text."""
    text = plain(original)
    found = tuple(_sentence(original, text, start, end) for start, end in sentences(original))
    places = [one.code for sentence in found for one in sentence.places]
    home = sum(code not in (FOREIGN, UNKNOWN) for code in places) + len(HOME.findall(text))
    mexican = home > 0 and home >= sum(code == FOREIGN for code in places) / 2
    return Article(
        original, text, found, mexican, home > 0 and bool(TOPIC.search(text)),
        bool(WAVE.search(text)),
    )  # fmt: skip


def _sentence(original: str, text: str, start: int, end: int) -> Sentence:
    when = tuple(periods(text, start, end))
    numbers = tuple(
        one for one in quantities(text, start, end)
        if not any(one.start < span.end and span.start < one.end for span in when
                   if span.kind != "previous")
    )  # fmt: skip
    where = tuple(mentions(original, text, start, end))
    return Sentence(start, end, text[start:end], numbers, when, where)


Found = TypeVar("Found", Mention, Period)


def nearest(
    sentence: Sentence,
    text: str,
    quantity: Quantity,
    found: Sequence[Found],
    crossing: int = 50,
    breaking: int = 100,
) -> Found | None:
    """Return what belongs to a number: near it, with no other number or break in between.

    `crossing` and `breaking` are what another number, and the end of a clause, cost in letters.
    """

    def cost(one: Found) -> float:
        first, last = sorted(((quantity.start, quantity.end), (one.start, one.end)))
        between = text[first[1] : last[0]]
        others = sum(first[1] <= other.start < last[0] for other in sentence.quantities)
        breaks = len(CLAUSE.findall(between))
        breaks += one.start >= quantity.end and bool(NEXT.search(between))
        before = 10 if one.start < quantity.start else 0
        return len(between) + crossing * others + breaking * breaks + before

    best = min(found, key=cost, default=None)
    return best if best is not None and cost(best) <= FAR else None


def place_of(article: Article, index: int, quantity: Quantity) -> str | None:
    """Return the code of the place a number is about, or None where it cannot be told.

    A sentence without a place speaks of the nation where the article does, unless the sentences
    before it were about a smaller or another place.
    """
    sentence = article.sentences[index]
    here = [one for one in sentence.places if not _in_period(sentence, one)]
    named = [one for one in here if not _is_compared(article.text, sentence, one)]
    here = named or here
    if here:
        one = nearest(sentence, article.text, quantity, here, crossing=15, breaking=60)
        code = one.code if one else None
        return None if code in (FOREIGN, UNKNOWN) else code
    if not article.mexican:
        return None
    for earlier in reversed(article.sentences[max(0, index - 2) : index]):
        codes = {one.code for one in earlier.places}
        if "00" in codes:
            return "00"
        if codes:
            return None
    return "00"


def _is_compared(text: str, sentence: Sentence, one: Mention) -> bool:
    """Tell whether a place is only what another is measured against: "far below Mexico"."""
    return bool(COMPARED.search(text[max(sentence.start, one.start - 40) : one.start]))


def _in_period(sentence: Sentence, one: Mention) -> bool:
    return any(span.start <= one.start < span.end for span in sentence.periods)
