"""Sentences that say what a claim of the library says, in other words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hidra.claims.article.context import Article, Sentence
from hidra.claims.article.numbers import DIGITS, MODIFIERS, NUMBER, parse
from hidra.claims.claim import Claim, Stated, Words, claims

BEFORE = [(word, re.compile(rf"\b(?:{pattern}) (?:the |los |las |un |una |el |de )?$"))
          for word, pattern in MODIFIERS]  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A claim found in a sentence; `stated` is the figure as this article gives it."""

    start: int
    end: int
    claim: Claim
    stated: Stated | None
    value_at: tuple[int, int] | None = None


def matches(article: Article, sentence: Sentence) -> Iterator[Match]:
    """Yield the claims of the library that a sentence states."""
    for claim in claims():
        for alternative in _compiled(claim.detect):
            found = _match(article.text, sentence, claim, alternative)
            if found is not None:
                yield found
                break


@cache
def _compiled(
    detect: tuple[tuple[str, ...], ...],
) -> tuple[tuple[tuple[bool, re.Pattern[str]], ...], ...]:
    number = rf"(?:{NUMBER}|{DIGITS})"
    return tuple(
        tuple(
            (not word.startswith("!"), re.compile(word.removeprefix("!").replace("{n}", number)))
            for word in alternative
        )
        for alternative in detect
    )


def _match(
    text: str,
    sentence: Sentence,
    claim: Claim,
    alternative: tuple[tuple[bool, re.Pattern[str]], ...],
) -> Match | None:
    spans: list[tuple[int, int]] = []
    stated, value_at = None, None
    for wanted, pattern in alternative:
        match = pattern.search(text, sentence.start, sentence.end)
        if (match is not None) != wanted:
            return None
        if match is None:
            continue
        spans.append(match.span())
        if "value" in pattern.groupindex:
            stated = _stated(text, sentence, claim, match)
            value_at = match.span("value")
            if stated is None:
                return None
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    return Match(start, end, claim, stated, value_at)


def _stated(text: str, sentence: Sentence, claim: Claim, match: re.Match[str]) -> Stated | None:
    parsed = parse(match["value"])
    if parsed is None:
        return None
    unit = claim.stated.unit if claim.stated else "persons"
    before = text[max(sentence.start, match.start("value") - 30) : match.start("value")]
    words: Words = next((word for word, pattern in BEFORE if pattern.search(before)), "exactly")
    return Stated(parsed[0], words, unit, parsed[1])
