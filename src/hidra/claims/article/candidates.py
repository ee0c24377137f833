"""From a number in its article to the few plausible ways of reading it, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hidra.claims.article import lexicon, what, when, where
from hidra.claims.article.document import CLAUSE_OWN, Article, Number, Sentence, Slot
from hidra.claims.article.forms import Form, Query
from hidra.claims.article.lexicon import Stretch, Thing, tells, words
from hidra.claims.article.numbers import multiples
from hidra.claims.article.places import is_home
from hidra.claims.claim import Stated
from hidra.claims.figure import parts
from hidra.core.i18n import _, bilingual
from hidra.core.place import is_state

SUBGROUP = bilingual(
    _("No series at hand counts this part of the victims; a list of its own is needed.")
)
MOST = 8  # ways of reading one number that are tried
GUARDED = ("difference", "rate change", "state share", "top share", "minutes")  # never called false


@dataclass(frozen=True)
class Candidate:
    """A way of reading a number; `told` is where the farthest of its parts is told.

    `alike` marks one as likely as that before it: words that mean either.
    """

    query: Query
    stated: Stated
    told: int
    alike: bool = False


@dataclass(frozen=True)
class Statement:
    """A number of a sentence with its readings.

    Attributes
    ----------
    start, end : int
        Where the number stands in its sentence.
    candidates : tuple of Candidate
        The likeliest first; empty where no series can answer, `reason` then says why.
    sure : bool
        Thing, place, period and form are all told in its clause, with no rival and no guard.
    alone : bool
        Beside them its sentence says nothing: it is of no part of them, and of no other size.
    """

    start: int
    end: int
    stated: Stated
    candidates: tuple[Candidate, ...] = ()
    reason: Mapping[str, str] | None = None
    sure: bool = False
    alone: bool = False


def statements(article: Article, index: int) -> Iterator[Statement]:
    """Yield the figures one sentence states; nothing of a sentence that denies, asks or wishes."""
    sentence = article.sentences[index]
    if is_guarded(sentence):
        return
    times = multiples(sentence.text)
    plain = (one for one in sentence.quantities if lexicon.is_free(times, one.start, one.end))
    for quantity in (*plain, *times):
        if tells("of_every", sentence.text[: quantity.start]) and quantity.stated.unit == "persons":
            continue  # the 100,000 of a rate
        found = _statement(Number(article, index, sentence, quantity))
        if found is not None:
            yield found


def is_guarded(sentence: Sentence) -> bool:
    """Tell whether a sentence asks, denies, promises or expects what it says."""
    text = sentence.text
    return "?" in text or "¿" in text or tells("denial", text) or tells("wish", text)


def _statement(n: Number) -> Statement | None:
    """Return what the figure states, if anything may be said of it."""
    facts = _facts(n)
    found = _of_series(n) or Statement(n.start, n.end, n.quantity.stated)
    if facts:
        return replace(found, candidates=(*found.candidates, *facts), sure=False)
    return found if found.candidates or found.reason else None


def _of_series(n: Number) -> Statement | None:
    noun = what.noun(n)
    things = what.things(n, noun)
    if noun == "other" or not things:
        return None
    part, at = what.is_part(n), (n.start, n.end)
    if what.is_of_else(n, things[0]) or _is_end(n):
        return None
    around = what.around(n, things[0])
    if what.basis(n, things[0].value) == "files":
        around = words("case_files").sub("", around)
    another = tells("of_another_kind", around) and n.unit != "percent"
    if another and not (what.is_rate(n) and part):
        return None
    if part:
        said = when.periods(n) and where.places(n) and n.value >= what.FEW
        return Statement(*at, n.quantity.stated, reason=SUBGROUP) if said else None
    found = [] if what.is_event(n, things[0]) else _readings(n, things)
    if not found:
        return None
    sure, alone = _is_sure(n, found[0]), _is_alone(n)
    return Statement(*at, found[0].stated, tuple(found), sure=sure, alone=alone)


def _is_end(n: Number) -> bool:
    """Tell whether a number is one end of a range: "de 30,000 a 40,000" where nothing moved."""
    ends = (n.first or n.second) and n.unit == "persons"
    told = [one for one in n.sentence.periods if one.kind != "previous"]
    return ends and len(told) == 1 and told[0].kind != "pair" and not tells("moved", n.text)


def _facts(n: Number) -> list[Candidate]:
    """Return what a cited fact may say of the number: its noun follows, or a sister's did."""
    found: list[Candidate] = []
    local = any(is_home(one.code) and one.code != "00" for one in n.sentence.places)
    if local or tells("women", n.after[:24]):
        return found  # what is cited is of the nation
    before = [] if n.sentence.things else n.article.before(n.index)
    goes_on = n.article.sentences[before[0]].text if before else ""
    for indicator, (about, counts, place) in lexicon.facts().items():
        if not about.search(n.text) and not about.search(goes_on):
            continue
        of_percent = counts.pattern == r"\b(?:percent)\b"
        change = n.unit == "percent" and not of_percent
        if change and (n.sentence.things or not n.change_near()):
            continue
        if not change and not _is_counted(n, counts, of_percent):
            continue
        form: Form = "fact change" if change else "fact"
        times = when.between(n) if change else [(None, *one) for one in when.spans(n)]
        stated = what.stated(n, "change") if change else n.quantity.stated
        found += [
            Candidate(Query(indicator, form, place, span, base), stated, told)
            for base, span, told in times[:3]
        ]
    return found


def _is_counted(n: Number, counts: re.Pattern[str], of_percent: bool) -> bool:
    if n.unit != "persons":
        return n.unit == "percent" and of_percent
    near = re.compile(r" (?:\w+ ){0,2}?(?:" + counts.pattern + ")")
    if near.match(n.after):
        return True
    sisters = [one.end for one in n.sentence.quantities if one.end <= n.start]
    return what.noun(n) == "bare" and any(near.match(n.text, end) for end in sisters)


def _readings(n: Number, things: list[Slot[Thing]]) -> list[Candidate]:
    places = where.places(n)
    states = {one.code for one in n.sentence.places if is_state(one.code)}
    if n.unit == "percent" and n.quantity.stated.words == "between" and len(states) > 1:
        return []  # rises of between 29 and 57 percent, in several states
    found = [
        one
        for form in what.forms(n)
        for thing in things
        for place in places
        for one in _readings_of(n, form, thing, place)
    ]
    return sorted(found, key=lambda one: one.told)[:MOST]


def _readings_of(
    n: Number, form: Form, thing: Slot[Thing], place: Slot[str]
) -> Iterator[Candidate]:
    """Yield the readings of a form, thing and place: one for each time it may be of."""
    name, code = what.counted(n, thing.value.name, form), place.value
    if name is None:
        return
    if form in ("change", "difference") and tells("other_term", n.text):
        return  # fewer than under the successor
    basis = what.basis(n, thing.value)
    source = _office(n) or ("sesnsp" if basis == "files" else "")
    query = Query(name, form, code, source=source, basis=basis)
    stated, told = what.stated(n, form), max(thing.told, place.told)
    if form == "change" and what.is_of_rate(n, thing.value):
        query = replace(query, form="rate change")
    times: list[tuple[dict[str, Any], int]]
    if form in ("change", "difference"):
        times = [
            ({"span": end, "base": base}, at)
            for base, end, at in when.between(n)
            if form == "change" or not end.open_end
        ]
        if form == "change":
            times += [
                (when.ends_of_term(n, one.span), at)
                for one, at in when.periods(n)
                if one.kind == "term" and not tells("term_compared", n.text[: one.start])
            ]
    elif form in ("state share", "top share"):
        several = len(parts(code)) > 1
        of_one = is_state(code) and not where.is_of_list(n)
        fits = several or of_one if form == "state share" else code == "00"
        states = what.states_told(n)
        spans = when.spans(n) if fits else []
        times = [({"span": span, "count": states}, at) for span, at in spans]
    else:
        times = [({"span": span}, at) for span, at in when.times(n, query)]
    for keys, at in times:
        yield Candidate(replace(query, **keys), stated, max(told, at))
    if form in ("change", "difference"):
        for base, end, at in when.months_apart(n):
            ends = replace(query, span=end, base=base)
            yield Candidate(ends, stated, max(told, at), alike=True)


def _office(n: Number) -> str:
    """Return who counts the number: the one office named, or of several its own.

    That stands before it with no other number in between, or after it where the first does.
    """
    if (one := lexicon.agency(n.text)) or n.unit == "percent":
        return one
    ends = [two.end for two in n.sentence.quantities if two.end <= n.start]
    before = lexicon.agency(n.text[ends[-1] if ends else 0 : n.start])
    first = n.sentence.quantities[0].start
    if any(pattern.search(n.text, 0, first) for _name, pattern in lexicon.named("agencies")):
        return before
    later = (two.start for two in n.sentence.quantities if two.start >= n.end)
    return lexicon.agency(n.text[n.end : next(later, len(n.text))])


def _is_sure(n: Number, first: Candidate) -> bool:
    """Tell whether all is told in the number's own clause, with no rival and no guard."""
    query = first.query
    span, form = query.span, query.form
    if first.told > CLAUSE_OWN or form in GUARDED or span is None or span.open_end:
        return False
    places = {one.code for one in n.sentence.places}
    spans = [one for one in n.sentence.periods if one.kind != "previous"]
    wanted = 2 if form == "change" else 1
    guarded = (form == "rate" and span.days < 360) or tells("of_them", n.before)
    guarded = guarded or when.difference_follows(n)
    guarded = guarded or tells("of_another_kind", n.text) or tells("some_of_them", n.text)
    return len(places) == 1 and 1 <= len(spans) <= wanted and not guarded


def _is_alone(n: Number) -> bool:
    """Tell whether the sentence says nothing beside number, thing, place, period and office."""
    sentence = n.sentence
    before = (n.article.sentences[at].text for at in n.article.before(n.index))
    if (
        sentence.head is not None
        or len(sentence.quantities) != 1
        or any(lexicon.is_of_part(text) or tells("event", text) for text in before)
    ):
        return False
    letters = list(n.text)
    told: list[Stretch] = [n.quantity, *sentence.things, *sentence.places, *sentence.periods]
    for one in told:
        letters[one.start : one.end] = " " * (one.end - one.start)
    left = "".join(letters)
    for pattern in (*(one for _name, one in lexicon.named("agencies")), words("case_files"),
                    words("generic"), words("opened"), words("says_nothing")):  # fmt: skip
        left = pattern.sub(" ", left)
    return re.search(r"\w", left) is None
