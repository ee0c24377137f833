"""Sentences whose claim is no number: what is first, more than another, or rose year after year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product
from typing import NamedTuple, cast

from hidra.claims.article import lexicon
from hidra.claims.article.candidates import Candidate, Statement, is_guarded
from hidra.claims.article.document import BEFORE, SENTENCE, Article, Sentence
from hidra.claims.article.forms import Form, Query
from hidra.claims.article.lexicon import MONTHS, Thing, tells, told, words
from hidra.claims.article.numbers import modifier, multiples, ordinal, parse
from hidra.claims.article.periods import Period, shifted
from hidra.claims.article.places import Mention, is_home
from hidra.claims.article.when import base_spans, begun
from hidra.claims.claim import Stated
from hidra.claims.figure import LATE, Span, year
from hidra.core.place import is_state

TRUE = Stated(1.0, unit="truth")
OF_STATE = r"(?:(?:el estado|la|el) de |(?:the state|that) of |el |la |the )?"
NAMED_LAST = re.compile(rf"\b(?:fue|was|es|is) ?:? ?{OF_STATE}$")
#: Before a state that another is ranked beside: Guanajuato, not Jalisco, had the most.
COMPARED = re.compile(
    r"\b(?:not|no|than|que|rather than|instead of|unlike|(?:en (?:vez|lugar)|a diferencia) de|"
    r"(?:ahead|in front) of|(?:por )?(?:delante|encima) de|behind|above|over|below|after|tras|"
    r"(?:seguid[oa]|superad[oa]) (?:de|por)|(?:followed|surpassed) by|while|mientras(?: que)?)"
    rf" {OF_STATE}$"
)
OF_ONE = re.compile(
    r"(?: \w+){0,4} (?:(?:que|than)\b(?! (?:ning|cualquier|any|nadie))"
    r"|al? (?:la |el |lo |las |los )?(?:media|promedio|que|de|del|registrad|observad)\b)"
)
RATES = re.compile(r"\b(?:tasas?|rates?)\b")
HIGHER = re.compile(r" (?:more|mas|higher|greater|mayor|superior)\b")
MULTIPLES = {"doubl": 2.0, "doble": 2.0, "dupli": 2.0, "twice": 2.0, "tripl": 3.0, "treb": 3.0,
             "cuadr": 4.0, "quadr": 4.0, "quint": 5.0, "half": 0.5, "mitad": 0.5}  # fmt: skip
LOW = re.compile(r" baj[oa]s?\b(?! california)")  # mas baja
VIOLENT = re.compile(r"violen|deadl|bloodi|letal|mortifer|sangrient|peor|worst|pacific|peaceful")
COUNTS = re.compile(r"\b(?:most|mas|number|numero)\b")


def rankings(article: Article, index: int) -> Iterator[Statement]:
    """Yield what a sentence says of the first state, the worst month, of more here than there."""
    sentence = article.sentences[index]
    if not is_guarded(sentence):
        yield from _states(article, index, sentence)
        yield from _months(article, index, sentence)
        yield from _records(article, index, sentence)
        yield from _moved(article, index, sentence)
        yield from _compared(article, index, sentence)
        yield from _times_another(article, index, sentence)
        yield from _years(article, index, sentence)
        yield from _record_of_all(article, index, sentence)
        yield from _went(article, index, sentence)


def _things(
    article: Article, index: int, match: re.Match[str] | None = None
) -> list[tuple[Thing, int]]:
    """Return what a sentence counts, or those before it; of "more violent" people killed."""
    here = [(one, SENTENCE) for one in article.sentences[index].things]
    here = here or [(one, BEFORE) for one in article.things_before(index)]
    if not here and match is not None and VIOLENT.search(match.group()):
        return [(Thing(match.start(), match.end(), "homicide", noun=False), SENTENCE)]
    return here


def _times(article: Article, index: int, at: tuple[int, int]) -> list[tuple[Period, int]]:
    """Return the periods of a sentence, the nearest to a place in it first, or those before."""
    mine = [one for one in article.periods_of(index) if one.kind in ("one", "pair", "term", "same")]
    mine.sort(key=lambda one: max(one.start - at[1], at[0] - one.end, 0))
    found = [(one, SENTENCE) for one in mine]
    return found or [(one, BEFORE) for one in article.periods_before(index)]


def _states(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    match = words("first_state").search(sentence.text)
    things = _things(article, index, match)
    named = [one for one in sentence.places if is_state(one.code)]
    if match and not named and tells("the_state", sentence.text):
        taken = [code for code in article.places_before(index) if is_state(code)]
        named = [Mention(match.start(), match.start(), code) for code in taken[:1]]
    ranked = _ranked(sentence, named, match) if match and things else None
    if not match or ranked is None:
        return
    place, count, forms = ranked
    vague = len(forms) > 1
    source = lexicon.agency(sentence.text)
    basis = "files" if tells("case_files", sentence.text) else ""
    times: list[tuple[Span | None, int]]
    times = [(_whole(one), when) for one, when in _times(article, index, match.span())]
    timeless = all(one.kind in ("day", "until") for one in sentence.periods)
    if timeless and things[0][0].name == "missing":
        times = [(None, SENTENCE), *times]  # all who are missing, not those of a time told before
    found = [
        Candidate(
            Query(thing.name, form, place.code, span, source=source, count=count, basis=basis),
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


def first_state(sentence: Sentence) -> str | None:
    """Return the state a sentence ranks first, "" where another rank or several; None: no rank."""
    named = [one for one in sentence.places if is_state(one.code)]
    match = words("first_state").search(sentence.text)
    if match is None:
        return None
    ranked = _ranked(sentence, named, match)
    return ranked[0].code if ranked is not None and ranked[1] == 1 else ""


def _ranked(
    sentence: Sentence, named: list[Mention], match: re.Match[str]
) -> tuple[Mention, int, list[Form]] | None:
    """Return a state, the rank it is said to have, and whether of counts, of rates or of either."""
    text = sentence.text
    others = ("narrow", "some_of_them", "of_another_kind")
    if words("of_change").match(text, match.end()) or OF_ONE.match(text, match.end()):
        return None  # the state with the largest rise; more than one other
    place = _subject(sentence, named, match)
    rest = words("case_files").sub("", text)
    if place is None or any(tells(name, rest) for name in others):
        return None
    count = ordinal(told(match, "nth")) or 1
    clause = match.group() + re.split(r"[,;.:()]", text[match.end() :])[0]
    vague = VIOLENT.search(match.group()) is not None
    rated = RATES.search(text) is not None or tells("per_100000", text)
    forms: list[Form] = ["rank"]
    if RATES.search(clause):
        forms = ["rank of rates"]
    elif vague or (rated and not COUNTS.search(clause)):
        forms = ["rank", "rank of rates"]
    return place, -count if told(match, "low") else count, forms


def _subject(sentence: Sentence, named: list[Mention], match: re.Match[str]) -> Mention | None:
    """Return the state a ranking is said of: named after "was", or the last before.

    None where several side by side share it.
    """
    text = sentence.text
    named = [one for one in named if not COMPARED.search(text[: one.start])]
    after = [one for one in named if one.start >= match.end()]
    if after and NAMED_LAST.search(text[: after[0].start]):
        return after[0]
    before = [one for one in named if one.end <= match.start()]
    row = [text[one.end : two.start] for one, two in pairwise(before)][-1:]
    if any(words("row_link").fullmatch(gap) for gap in row):
        return None  # Guanajuato and Jalisco had the most
    return next(iter(before[-1:] or after or named), None)


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
        place = _place(article, index, sentence)
        stated = Stated(float(MONTHS[told(match, "m")]), unit="month")
        (span, when), (thing, how) = years[0], things[0]
        source, count = lexicon.agency(sentence.text), -1 if told(match, "low") else 1
        query = Query(thing.name, "peak", place, span, source=source, count=count)
        found = (Candidate(query, stated, max(when, how)),)
        yield Statement(*match.span(), stated, found, sure=when <= SENTENCE and not others)


def _records(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    """Yield "in 2025 its lowest number since 2016", said of the year or month that is told."""
    match = words("record_since").search(sentence.text)
    if not match or words("worst_month").search(sentence.text) or not _things(article, index):
        return
    clause = sentence.text[max(0, match.start() - 30) : match.end()].replace("mas baja", "")
    if not any(tells(name, clause) for name in ("of_change", "not_record")):
        yield from _record(article, index, match)


def _record(article: Article, index: int, match: re.Match[str]) -> Iterator[Statement]:
    """Yield "June 2025 was the month with the fewest since 2016": of none after that year.

    Of "the lowest June" it is of the same month of each year.
    """
    sentence, (thing, how) = article.sentences[index], _things(article, index)[0]
    known = article.periods_of(index)
    at = match.span("m") if "m" in match.re.groupindex else None
    own = (one for one in known if one.kind == "one" and (at is None or _is_over(one, at)))
    when = next((one for one in own if one.span.month or one.span.whole_years), None)
    since = next((one for one in known if one.kind in ("history", "since")), None)
    years = 10.0 if told(match, "decade") else (parse(told(match, "n")) or (0.0,))[0]
    if when is None:
        return
    if years and when.span.whole_years:  # in a decade: of so many years, its own among them
        base = year(when.span.years[1] - int(years))
    elif since is None or len(known) != 2 or since.span.first >= when.span.first:
        return
    else:
        base = begun(sentence.text, since)
    place, source = _place(article, index, sentence), lexicon.agency(sentence.text)
    again = sentence.text[at[1] if at else match.end() : match.end() + 12]
    step = 12 if at and any(re.search(rf"\b{name}\b", again) for name in MONTHS) else 1
    count = -step if told(match, "low") else step
    query = Query(thing.name, "record", place, when.span, base, source, count=count)
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


def _compared(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    """Yield "more homicides in Colima than in Sinaloa", "fewer than in 2018"; no more than told."""
    for match in words("more_or_less").finditer(sentence.text):
        sizes = (*sentence.quantities, *multiples(sentence.text))
        counted = [one for one in sizes if match.start() - 12 <= one.end <= match.end()]
        things = _things(article, index, match)
        if counted or not things or _is_of_some(sentence.text):
            continue  # 463 more than there: of a number that is judged by itself
        things.sort(key=lambda one: not match.start() <= one[0].start < match.end())
        way = -1 if told(match, "low") or LOW.search(match.group()) else 1
        forms = _forms(sentence.text, match)
        thing, how = things[0]
        other = _other(article, index, match, thing)
        if other is None:
            continue
        query = replace(other.query, count=way)
        found = tuple(
            Candidate(replace(query, form=form), TRUE, max(other.told, how), alike=number > 0)
            for number, form in enumerate(forms)
        )
        sure = other.sure and len(forms) == 1 and thing in sentence.things
        yield Statement(match.start(), other.end, TRUE, found, sure=sure)


def _times_another(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    """Yield "twice as many homicides as Jalisco", "a rate five times the national average"."""
    for match in words("times_another").finditer(sentence.text):
        things, said = _things(article, index, match), told(match, "n")
        many = MULTIPLES.get(told(match, "m")[:5]) or (parse(said) or (0.0,))[0]
        if not many or not things or _is_of_some(sentence.text):
            continue
        forms = [one.replace("more", "times") for one in _forms(sentence.text, match)]
        word, _begin = modifier(sentence.text, match.start())
        stated = Stated(many, "about" if word == "exactly" else word, "times", 1.0)
        more = said and HIGHER.search(match.group())
        values = [many, many + 1] if more else [many]  # three times more: 3, or 4 times it
        thing, how = things[0]
        other = _other(article, index, match, thing)
        if other is None:
            continue
        found = tuple(
            Candidate(
                replace(other.query, form=cast("Form", form)), replace(stated, value=value),
                max(other.told, how), alike=number > 0,
            )
            for number, (form, value) in enumerate(product(forms, values))
        )  # fmt: skip
        yield Statement(match.start(), other.end, stated, found)


def _is_of_some(text: str) -> bool:
    """Tell whether a sentence is of some of the victims, or of something not counted here."""
    rest = words("case_files").sub("", text)
    return any(tells(name, rest) for name in ("some_of_them", "of_another_kind"))


def _forms(text: str, match: re.Match[str]) -> list[Form]:
    """Return whether "more" is of counts, of rates, or, where it is of violence, of either."""
    after = re.split(r"[;:.]|, | (?:y|and|while|mientras) ", text[match.end() :])[0]
    said = match.group() + after  # more homicides than, per 100,000
    if not words("homicide").search(match.group()):  # higher than: what stands before it is
        said = text[max(0, match.start() - 60) : match.start()] + said
    if RATES.search(said) or tells("per_100000", said):
        return ["more by rate"]
    vague = VIOLENT.search(match.group())
    return ["more", "more by rate"] if vague else ["more"]


class Other(NamedTuple):
    """What something is compared with: a place beside another, or a time beside another.

    `told` is where the farthest of it is told, `sure` whether nothing else could be meant, `end`
    where its words end.
    """

    query: Query
    told: int
    sure: bool
    end: int


def _other(article: Article, index: int, match: re.Match[str], thing: Thing) -> Other | None:
    """Return what a thing is compared with by the words of a match; None where that is unclear."""
    sentence, known = article.sentences[index], article.periods_of(index)
    basis = "files" if tells("case_files", sentence.text) else ""
    query = Query(thing.name, "more", source=lexicon.agency(sentence.text), basis=basis)
    others = _others(sentence, match)
    base = [] if others else [one for one in known if _is_base(one, match)]
    times = [one for one in _times(article, index, match.span()) if one[0] not in base]
    named = [one for one in sentence.places if one.end <= match.end()]
    if not all(is_home(one.code) for one in (*named, *others)):
        return None
    if others:
        return _elsewhere(sentence, match, named, others[0], query, times)
    if not base or not times:
        return None
    place = named[-1].code if named else _place(article, index, sentence)
    (first, when), *_rest = times
    query = replace(query, place=place, span=first.span)
    query = replace(query, base=base_spans(base[0], first.span)[0])
    sure = len(known) == 2 and len(named) == 1 and when <= SENTENCE
    told_of = is_home(place) and (named or article.mexican)
    return Other(query, when, sure, base[0].end) if told_of else None


def _others(sentence: Sentence, match: re.Match[str]) -> list[Mention]:
    """Return the place after "than", the nation where its mean stands there; none where a time."""
    for group, name in match.groupdict().items():
        if name and group.startswith("nation"):
            return [Mention(*match.span(group), "00")]
    after = (one for one in sentence.places if match.end() < one.end)
    return [one for one in after if match.start() < one.start <= match.end() + 2]


def _elsewhere(
    sentence: Sentence, match: re.Match[str], named: list[Mention], other: Mention, query: Query,
    times: list[tuple[Period, int]],
) -> Other | None:  # fmt: skip
    """Return a place beside another: inside the words of the match, or told before them."""
    inside = [one for one in named if one.start >= match.start()]
    outside = [one for one in named if one.end <= match.start()]
    subject = inside[0] if inside else _subject(sentence, outside, match)
    rest = [one for one in sentence.places if one.start >= other.end]
    if rest and words("row_link").fullmatch(sentence.text[other.end : rest[0].start]):
        return None  # than Guanajuato and Jalisco: than each, or than both together
    if subject is None or subject.code == other.code:
        return None
    query = replace(query, place=subject.code, against=other.code)
    dated = [one for one in sentence.periods if one.kind not in ("day", "until")]
    if query.thing == "missing" and not dated:
        return Other(query, SENTENCE, False, other.end)  # all who are missing
    if not times:
        return None
    (first, when), *_rest = times
    alone = len({one.code for one in (*sentence.places, other)}) == 2
    sure = len(sentence.periods) == 1 and alone and when <= SENTENCE
    return Other(replace(query, span=_whole(first)), when, sure, other.end)


def _is_base(one: Period, match: re.Match[str]) -> bool:
    """Tell whether a period is what stands after "than"."""
    told_so = one.kind == "base" and match.start() <= one.start and 0 <= one.end - match.end() <= 30
    return told_so or 0 <= one.start - match.end() <= 2


def _years(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    """Yield "fell every year since 2018" or "for the fifth year", of a thing as a whole."""
    text, things = sentence.text, _things(article, index)
    run = words("year_after_year").search(text)
    way = tells("rise", text) - tells("fall", text)
    if not run or not way or not things or _is_of_some(text) or RATES.search(text):
        return
    known = article.periods_of(index)
    told_ = [one for one in known if one.kind == "one" and one.span.whole_years]
    since = next((one for one in known if one.kind in ("since", "pair")), None)
    many = ordinal(told(run, "nth")) or _number(sentence, run)
    last = int(article.date[:4]) - 1 if article.date else None
    end = told_[-1].span.years[1] if told_ else last
    if since is not None and since.other is not None:
        end, many = since.other.years[1], 0
    place = _place(article, index, sentence)
    if end is None or (since is None) == (not many) or not is_home(place):
        return
    first = since.span.years[0] if since else end - many
    thing, how = things[0]
    query = Query(thing.name, "run", place, year(end), year(first))
    query = replace(query, source=lexicon.agency(text), count=way)
    yield Statement(*run.span(), TRUE, (Candidate(query, TRUE, how),), sure=len(known) == 1)


def _record_of_all(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    """Yield "2019 was the deadliest year on record": of all that were over when it was written."""
    text = sentence.text
    match = words("most_of_all").search(text)
    things = _things(article, index, match) if match else []
    if not match or not things or _is_of_some(text):
        return
    known = article.periods_of(index)
    years = [one for one in known if one.kind == "one" and one.span.whole_years]
    place = _place(article, index, sentence)
    since = any(one.kind == "since" for one in known)
    if len(years) != 1 or since or not is_home(place):
        return
    rated = RATES.search(text) is not None
    forms: list[Form] = ["record of all by rate"] if rated else ["record of all"]
    forms += ["record of all by rate"] if VIOLENT.search(match.group()) and not rated else []
    thing, how = things[0]
    until = year(int(article.date[:4]) - 1 if article.date else int(LATE[:4]))
    query = Query(thing.name, "record of all", place, years[0].span, until)
    low = -1 if told(match, "low") else 1
    query = replace(query, source=lexicon.agency(text), count=low)
    found = tuple(
        Candidate(replace(query, form=form), TRUE, how, alike=number > 0)
        for number, form in enumerate(forms)
    )
    yield Statement(*match.span(), TRUE, found, sure=len(forms) == 1)


def _went(article: Article, index: int, sentence: Sentence) -> Iterator[Statement]:
    """Yield "homicides fell in 2024" without a number: fewer than in the same months before."""
    text, known = sentence.text, article.periods_of(index)
    match = words("went").search(text)
    other = any(words(name).search(text) for name in ("year_after_year", "more_or_less"))
    if not match or other or sentence.quantities or _is_of_some(text) or len(known) != 1:
        return
    one, way = known[0], tells("rise", match.group()) - tells("fall", match.group())
    thing = next((one for one in sentence.things if one.name == "homicide"), None)
    place, before = _place(article, index, sentence), shifted(one.span, -1)
    if thing is None or not way or one.kind != "one" or one.span.open_end or not is_home(place):
        return
    form: Form = "more by rate" if RATES.search(match.group()) else "more"
    query = Query(thing.name, form, place, one.span, before, lexicon.agency(text), count=way)
    yield Statement(*match.span(), TRUE, (Candidate(query, TRUE, SENTENCE),))


def _number(sentence: Sentence, match: re.Match[str]) -> int:
    """Return the number right before some words: five consecutive years."""
    before = (one for one in sentence.quantities if 0 <= match.start() - one.end <= 1)
    return next((int(one.stated.value) for one in before), 0)


def _place(article: Article, index: int, sentence: Sentence) -> str:
    """Return the place a sentence is of as a whole; that of another country, or of none, too."""
    named = [one.code for one in sentence.places if not one.owns]
    return (named or article.places_before(index) or ["00"])[0]
