"""Sentences whose claim is no number: which state or month is first, in how many states it rose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hidra.claims.article import lexicon
from hidra.claims.article.candidates import (
    BEFORE,
    SENTENCE,
    Candidate,
    Statement,
    base_spans,
    begun,
    is_guarded,
)
from hidra.claims.article.document import Article, Sentence
from hidra.claims.article.forms import Form, Query
from hidra.claims.article.lexicon import MONTHS, Thing, tells, told, words
from hidra.claims.article.numbers import ordinal
from hidra.claims.article.periods import Period, shifted
from hidra.claims.article.places import Mention
from hidra.claims.claim import Stated
from hidra.claims.figure import Span
from hidra.core.place import is_state

TRUE = Stated(1.0, unit="truth")
NAMED_LAST = re.compile(r"\b(?:fue|was|es|is) ?:? ?(?:el estado de |the state of )?$")


def rankings(article: Article, index: int) -> Iterator[Statement]:
    """Yield what a sentence says of the first state, the worst month, and of how many states."""
    sentence = article.sentences[index]
    if not is_guarded(sentence):
        yield from _states(article, index, sentence)
        yield from _months(article, index, sentence)
        yield from _moved(article, index, sentence)


def _things(article: Article, index: int) -> list[tuple[Thing, int]]:
    here = [(one, SENTENCE) for one in article.sentences[index].things]
    return here or [(one, BEFORE) for one in article.things_before(index)]


def _times(article: Article, index: int, at: tuple[int, int]) -> list[tuple[Period, int]]:
    """Return the periods of a sentence, the nearest to a place in it first, or those before."""
    mine = [one for one in article.periods_of(index) if one.kind in ("one", "pair", "term", "same")]
    mine.sort(key=lambda one: max(one.start - at[1], at[0] - one.end, 0))
    found = [(one, SENTENCE) for one in mine]
    return found or [(one, BEFORE) for one in article.periods_before(index)]


def _states(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    text, source = sentence.text, lexicon.agency(sentence.text)
    named = [one for one in sentence.places if is_state(one.code)]
    match, things = words("first_state").search(text), _things(article, index)
    if match and not named and tells("the_state", text):
        taken = [code for code in article.places_before(index) if is_state(code)]
        named = [Mention(match.start(), match.start(), code) for code in taken[:1]]
    others = ("narrow", "some_of_them", "of_another_kind")
    if match and words("of_change").match(text, match.end()):
        return  # the state with the largest rise
    if not match or not named or not things or any(tells(name, text) for name in others):
        return
    place = _subject(sentence, named, match)
    count = ordinal(told(match, "nth")) or 1
    vague = re.search(r"violen|deadl|bloodi|letal|mortifer", match.group()) is not None
    forms: list[Form] = ["rank", "rank of rates"] if vague else ["rank"]
    if "tasa" in match.group() or "rate" in match.group():
        forms = ["rank of rates"]
    count = -count if told(match, "low") else count
    times: list[tuple[Span | None, int]]
    times = [(_whole(one), when) for one, when in _times(article, index, match.span())]
    timeless = all(one.kind in ("day", "until") for one in sentence.periods)
    if timeless and things[0][0].name == "missing":
        times = [(None, SENTENCE), *times]  # all who are missing, not those of a time told before
    found = [
        Candidate(
            Query(thing.name, form, place.code, span, source=source, count=count),
            TRUE,
            max(when, how),
        )
        for span, when in times
        for thing, how in things[:2]
        for form in forms
    ]
    if found:
        sure = len({one.code for one in named}) == len(sentence.periods) == 1
        sure = sure and found[0].told <= SENTENCE and not vague and bool(sentence.places)
        start, end = min(place.start, match.start()), max(place.end, match.end())
        yield Statement(start, end, TRUE, tuple(found[:4]), sure=sure)


def _subject(sentence: Sentence, named: list[Mention], match: re.Match[str]) -> Mention:
    """Return the state a ranking is said of: named after "was", or the last before."""
    after = [one for one in named if one.start >= match.end()]
    if after and NAMED_LAST.search(sentence.text[: after[0].start]):
        return after[0]
    before = [one for one in named if one.end <= match.start()]
    return before[-1] if before else (after or named)[0]


def _whole(period: Period) -> Span:
    return Span(period.span.first, period.other.last) if period.other else period.span


def _months(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    match = words("worst_month").search(sentence.text)
    things = _things(article, index)
    if not match or not things or tells("not_months", match.group()):
        return
    if tells("longer", sentence.text[match.end() :][:40]):
        yield from _record(article, index, match)
        return  # the worst of more than a year
    times = _times(article, index, match.span())
    years = [(one.span, when) for one, when in times if one.span.whole_years]
    rest = [one for one, _when in times if not match.start() <= one.start < match.end()]
    others = [one for one in rest if not one.span.whole_years] or years[1:]
    if years:
        named = [one.code for one in sentence.places if not one.owns]
        place = (named or article.places_before(index) or ["00"])[0]
        stated = Stated(float(MONTHS[told(match, "m")]), unit="month")
        (span, when), (thing, how) = years[0], things[0]
        source, count = lexicon.agency(sentence.text), -1 if told(match, "low") else 1
        query = Query(thing.name, "peak", place, span, source=source, count=count)
        found = (Candidate(query, stated, max(when, how)),)
        yield Statement(*match.span(), stated, found, sure=when <= SENTENCE and not others)


def _record(article: Article, index: int, match: re.Match[str]) -> Iterator[Statement]:
    """Yield "June 2025 was the month with the fewest since 2016": of none after that year."""
    sentence, (thing, how) = article.sentences[index], _things(article, index)[0]
    known = article.periods_of(index)
    month = next((one for one in known if one.span.month and _is_over(one, match.span("m"))), None)
    since = next((one for one in known if one.kind in ("history", "since")), None)
    if month is None or since is None or len(known) != 2 or since.span.first >= month.span.first:
        return
    named = [one.code for one in sentence.places if not one.owns]
    place = (named or article.places_before(index) or ["00"])[0]
    base, source = begun(sentence.text, since), lexicon.agency(sentence.text)
    count = -1 if told(match, "low") else 1
    query = Query(thing.name, "record", place, month.span, base, source, count=count)
    yield Statement(match.start(), match.end(), TRUE, (Candidate(query, TRUE, how),))


def _is_over(one: Period, at: tuple[int, int]) -> bool:
    return one.start < at[1] and at[0] < one.end


def _moved(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    """Yield "fell in 24 of the 32 states": of how many states something rose or fell."""
    things = _things(article, index)
    if not things or tells("share_verb", sentence.text):
        return
    thing, how = things[0]
    base = next((one for one in article.periods_of(index) if one.kind == "base"), None)
    for quantity in sentence.quantities:
        start, end, said = quantity.start, quantity.end, quantity.stated
        after = re.match(
            rf"\W*(?:of|de)? ?(?:mexico's )?{words('states').pattern}", sentence.text[end:]
        )
        if said.value >= 31 and re.search(r"\b(?:of|de) (?:\S+ )?$", sentence.text[:start]):
            continue  # the 31 of "24 of Mexico's 31 states"
        if after and words("ranked_after").match(sentence.text, end + after.end()):
            continue  # the three states with the most
        way = lexicon.sign(sentence.text, start, end)
        if not after or not way or not 1 <= said.value <= 32 or said.unit != "persons":
            continue
        stated = replace(said, unit="states", place_value=1.0)
        form: Form = "states up" if way > 0 else "states down"
        found = []
        for period, when in _times(article, index, (start, end))[:2]:
            first = base_spans(base, period.span)[0] if base else shifted(period.span, -1)
            first, last = (period.span, period.other) if period.other else (first, period.span)
            found.append(
                Candidate(Query(thing.name, form, "00", last, first), stated, max(when, how))
            )
        if found:
            yield Statement(start, end + after.end(), stated, tuple(found))
