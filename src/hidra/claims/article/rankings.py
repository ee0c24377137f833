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
    is_guarded,
)  # fmt: skip
from hidra.claims.article.document import THE_STATE, Article, Sentence
from hidra.claims.article.forms import Form, Query
from hidra.claims.article.lexicon import Thing, words
from hidra.claims.article.periods import MONTHS, M, Period, shifted
from hidra.claims.article.places import Mention
from hidra.claims.claim import Stated
from hidra.claims.figure import Span
from hidra.core.place import is_state

TRUE = Stated(1.0, unit="truth")
ORDINAL = {
    "segund": 2, "second": 2, "tercer": 3, "third": 3, "cuart": 4, "fourth": 4, "quint": 5,
    "fifth": 5,
}  # fmt: skip
NTH = r"(?P<nth>segund[oa]|second|tercer[oa]?|third|cuart[oa]|fourth|quint[oa]|fifth)"
MOST = r"(?:mas|mayor(?:es)?|most|highest|largest|top|peor(?:es)?|worst)"
LEAST = r"(?:menos|menor(?:es)?|fewest|lowest|least|mas baj[oa]s?)"
HIGH = rf"(?:(?P<low>{LEAST})|{MOST})"
STATE_FRAME = re.compile(
    rf"\b(?:(?:tasa|rate)s?\b[^.;,]{{0,45}}?\b(?:{HIGH}(?: alta)?)\b"
    rf"|(?:the |la )?(?:{NTH}[ -])?{HIGH.replace('<low>', '<low2>')} (?:\w+ ){{0,3}}?(?:tasa"
    rf"|rate)\b"
    rf"|(?:estado|entidad|state)(?: federativa| del pais)? (?:con|with) (?:el |la "
    rf"|the )?(?:{HIGH.replace('<low>', '<low3>')})"
    rf"|(?:estado|entidad|state)(?: federativa| del pais)? mas (?:violent[oa]|letal|mortifer[oa])"
    r"|(?:most violent|deadliest|bloodiest) state"
    r"|encabez\w+|(?:ocup\w+|en|in|took|held|ranked) (?:el |the )?(?:primer lugar"
    r"|first(?: place)?)|topped the list"
    rf"|(?:ocup\w+|en) (?:el )?{NTH.replace('<nth>', '<nth2>')} (?:lugar|sitio|puesto)"
    rf"|ranked {NTH.replace('<nth>', '<nth3>')}"
    rf"|{NTH.replace('<nth>', '<nth4>')}[ -](?:deadliest|most violent|highest)"
    r"|(?:had|tuvo|recorded|registro|acumulo|saw) (?:the most|mas|el mayor numero de"
    r"|the highest number of))\b"
)
NARROW = re.compile(
    r"\b(?:region\w*|norte|north\w*|sur|south\w*|frontera|border|occidente|bajio|municipi\w*"
    r"|ciudad\w*|cit(?:y|ies)"
    r"|capital\w*|mundo|world|history|historia\w*|historic\w*|desde|since|uno de|una de|one of"
    r"|entre los|among|decada|decade|ever)\b"
)
MONTH_FRAME = re.compile(
    rf"\b(?P<m>{M})\b[^.;]{{0,40}}?\b(?:fue|was|es|is|result\w+|ha sido|saw|tuvo|registro|,)\b"
    rf"[^.;]{{0,12}}?\b(?:el|the)\b (?:mes )?(?:month )?(?:(?:con|with) (?:the )?)?"
    rf"(?:{HIGH}|deadliest|bloodiest)\b"
    rf"|\b(?:el|the) (?:mes|month) (?:(?:con"
    rf"|with) (?:the )?)?{HIGH.replace('<low>', '<low2>')}[^.;]{{0,60}}?\b(?:fue|was|is|es)\b"
    rf" (?P<m2>{M})\b"
    rf"|\b(?:deadliest|bloodiest|most violent|worst) month[^.;]{{0,60}}?\b(?:was"
    rf"|is)\b (?P<m3>{M})\b"
)
NOT_MONTHS = re.compile(
    r"\b(?:ano|year|desde|since|history|historia|semestre|sexenio|estado|state)\b(?! (?:pasado|\d))"
)


def rankings(article: Article, index: int) -> Iterator[Statement]:
    """Yield what a sentence says of the first state, the worst month, and of how many states."""
    sentence = article.sentences[index]
    if is_guarded(sentence):
        return
    yield from _states(article, index)
    yield from _months(article, index)
    yield from _moved(article, index)


def _things(article: Article, index: int) -> list[tuple[Thing, int]]:
    here = [(one, SENTENCE) for one in article.sentences[index].things]
    return here or [(one, BEFORE) for one in article.things_before(index)]


def _times(article: Article, index: int, at: tuple[int, int]) -> list[tuple[Period, int]]:
    """Return the periods of a sentence, the nearest to a place in it first, or those before."""
    mine = [one for one in article.periods_of(index) if one.kind in ("one", "pair", "term", "same")]
    gap = {id(one): max(one.start - at[1], at[0] - one.end, 0) for one in mine}
    found = [(one, SENTENCE) for one in sorted(mine, key=lambda one: gap[id(one)])]
    return found or [(one, BEFORE) for one in article.periods_before(index)]


def _states(article: Article, index: int) -> Iterator[Statement]:
    sentence = article.sentences[index]
    named = [one for one in sentence.places if is_state(one.code)]
    match = STATE_FRAME.search(sentence.text)
    if match and not named:
        taken = [code for code in article.places_before(index) if is_state(code)]
        named = [
            Mention(match.start(), match.start(), code)
            for code in dict.fromkeys(taken)
            if THE_STATE.search(sentence.text)
        ][:1]
    if (
        not match
        or not named
        or NARROW.search(sentence.text)
        or lexicon.tells("some_of_them", sentence.text)
    ):
        return
    things = _things(article, index)
    if not things or lexicon.tells("of_another_kind", sentence.text):
        return
    place = _subject(sentence, named, match)
    low = any(match.groupdict().get(key) for key in ("low", "low2", "low3"))
    nth = next(
        (value for key, value in match.groupdict().items() if key.startswith("nth") and value), ""
    )
    count = next((number for stem, number in ORDINAL.items() if nth.startswith(stem)), 1)
    rate = "tasa" in match.group() or "rate" in match.group()
    vague = re.search(r"violen|deadl|bloodi|letal|mortifer", match.group()) is not None
    forms: tuple[Form, ...] = (
        ("rank of rates",) if rate else ("rank", "rank of rates") if vague else ("rank",)
    )
    found = []
    for period, told in _times(article, index, match.span()):
        for thing, how in things[:2]:
            for form in forms:
                span, source = _whole(period), lexicon.agency(sentence.text)
                query = Query(thing.name, form, place.code, span, source=source)
                query = replace(query, count=-count if low else count)
                found.append(Candidate(query, TRUE, max(told, how)))
    sure = (
        len({one.code for one in named}) == 1
        and bool(found)
        and found[0].told <= SENTENCE
        and not vague
    )
    core = min(place.start, match.start()), max(place.end, match.end())
    if found:
        yield Statement(
            *core,
            TRUE,
            tuple(found[:4]),
            sure=sure and len(sentence.periods) == 1 and bool(sentence.places),
        )


def _subject(sentence: Sentence, named: list[Mention], match: re.Match[str]) -> Mention:
    """Return the state a ranking is said of: named after "was", or the last before."""
    after = [one for one in named if one.start >= match.end()]
    if after and re.search(
        r"\b(?:fue|was|es|is) ?:? ?(?:el estado de |the state of )?$",
        sentence.text[: after[0].start],
    ):
        return after[0]
    before = [one for one in named if one.end <= match.start()]
    return before[-1] if before else (after or named)[0]


def _whole(period: Period) -> Span:
    return Span(period.span.first, period.other.last) if period.other else period.span


def _months(article: Article, index: int) -> Iterator[Statement]:
    sentence = article.sentences[index]
    match = MONTH_FRAME.search(sentence.text)
    things = _things(article, index)
    if not match or not things or NOT_MONTHS.search(match.group()):
        return
    name = match["m"] or match["m2"] or match["m3"]
    years = [
        (one, told) for one, told in _times(article, index, match.span()) if one.span.whole_years
    ]
    if not years:
        return
    places = (
        [one.code for one in sentence.places if not one.owns]
        or article.places_before(index)
        or ["00"]
    )
    low = any(match.groupdict().get(key) for key in ("low", "low2"))
    stated = Stated(float(MONTHS[name]), unit="month")
    (period, told), (thing, how) = years[0], things[0]
    query = Query(
        thing.name,
        "peak",
        places[0],
        period.span,
        source=lexicon.agency(sentence.text),
        count=-1 if low else 1,
    )
    yield Statement(
        *match.span(), stated, (Candidate(query, stated, max(told, how)),), sure=told <= SENTENCE
    )


def _moved(article: Article, index: int) -> Iterator[Statement]:
    """Yield "fell in 24 of the 32 states": of how many states something rose or fell."""
    sentence = article.sentences[index]
    for quantity in sentence.quantities:
        after = re.match(
            rf"\W*(?:of|de)? ?{words('states').pattern}", sentence.text[quantity.end :]
        )
        way = lexicon.sign(sentence.text, quantity.start, quantity.end)
        things, value = _things(article, index), quantity.stated.value
        if (
            not after
            or not way
            or not things
            or not 1 <= value <= 32
            or quantity.stated.unit != "persons"
        ):
            continue
        if lexicon.tells("share_verb", sentence.text):
            continue
        stated = Stated(value, quantity.stated.words, "states", 1.0)
        base = next((one for one in article.periods_of(index) if one.kind == "base"), None)
        found = []
        for period, told in _times(article, index, (quantity.start, quantity.end))[:2]:
            first = base.span if base else shifted(period.span, -1)
            first = period.span if period.other else first
            last = period.other or period.span
            query = Query(
                things[0][0].name, "states up" if way > 0 else "states down", "00", last, first
            )
            found.append(Candidate(query, stated, max(told, things[0][1])))
        if found:
            yield Statement(
                quantity.start, quantity.end + after.end(), stated, tuple(found), sure=False
            )
