"""From numbers in sentences to figures that the panel can compute, or to silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hidra.claims.article import lexicon
from hidra.claims.article.changes import change
from hidra.claims.article.context import Article, Sentence, nearest, place_of
from hidra.claims.article.counted import is_taken_up, thing_of
from hidra.claims.article.lexicon import Thing
from hidra.claims.article.numbers import Quantity
from hidra.claims.article.periods import Period
from hidra.claims.claim import Stated
from hidra.claims.figure import Figure, Form, Span, year

STOCK = re.compile(
    r"\b(?:cierra|cerrara|cerro|acumula\w*|suma|hay|there (?:are|were)|end\w*|clos\w+)\b"
)
RATE_OF = re.compile(r"\b(?:rate|tasa)\b[^,;]{0,50}$")
DAILY = re.compile(r"\b(?:daily (?:average|mean)|promedio diario|media diaria)\b[^;]{0,50}$")
LATEST = year(2024)  # the last year every built-in series covers
FEW = 10  # below this a number of people killed is news of one event, not a statistic


@dataclass(frozen=True)
class Statement:
    """Something an article says that can be looked at.

    `start` and `end` bound the number and its thing. `figure` is None where no series can answer;
    `reason` then says why, in both languages.
    """

    start: int
    end: int
    kind: str
    stated: Stated
    figure: Figure | None = None
    reason: Mapping[str, str] | None = None


SUBGROUP = {
    "en": "no series at hand counts this part of the victims; a list of its own would be needed",
    "es": "ninguna serie a la mano cuenta esta parte de las víctimas; haría falta una lista propia",
}


def statements(article: Article, index: int) -> Iterator[Statement]:
    """Yield the figures one sentence states about homicide and disappearance."""
    sentence = article.sentences[index]
    told = lexicon.things(article.text, sentence.start, sentence.end)
    if not told:
        return
    for quantity in (*sentence.quantities, *_multiples(sentence)):
        if lexicon.PER.search(sentence.text[: quantity.start - sentence.start]):
            continue  # the 100,000 of a rate
        thing = thing_of(article, sentence, quantity, told)
        place = place_of(article, index, quantity)
        if thing is None or place is None:
            continue
        found = _statement(article, sentence, quantity, thing, place)
        if found is not None:
            yield found


def _multiples(sentence: Sentence) -> Iterator[Quantity]:
    """Yield "doubled", "tripled", "halved" as the percentages they mean."""
    for pattern, value in lexicon.MULTIPLE:
        for match in pattern.finditer(sentence.text):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            yield Quantity(start, end, Stated(value, "about", "percent", 100.0))


def _statement(
    article: Article, sentence: Sentence, quantity: Quantity, thing: Thing, place: str
) -> Statement | None:
    text = article.text
    start, end = min(quantity.start, thing.start), max(quantity.end, thing.end)
    if thing.end < quantity.start and is_taken_up(text, sentence, quantity, thing):
        start = quantity.start  # the thing was said of another number
    around = text[max(sentence.start, start - 25) : min(sentence.end, end + 45)]
    form = _form(text, sentence, quantity, thing)
    period = _period(article, sentence, quantity)
    counted = form in ("level", "per day")
    if form == "rate" and lexicon.is_of_part(text[max(sentence.start, start - 40) : sentence.end]):
        said = period is not None
        return Statement(start, end, "figure", quantity.stated, reason=SUBGROUP) if said else None
    if form is None or (counted and lexicon.OF_ANOTHER_KIND.search(around)):
        return None
    if counted and lexicon.SOME_OF_THEM.search(around):
        said = period is not None and quantity.stated.value >= FEW
        return Statement(start, end, "figure", quantity.stated, reason=SUBGROUP) if said else None
    name = _name(sentence, around, thing, form)
    event = form == "level" and _is_event(sentence, quantity, thing, period)
    if name is None or event:
        return None
    figure = _figure(sentence, name, form, place, period, text, quantity)
    if figure is None:
        return None
    kind = "comparison" if form == "change" else "figure"
    figure = replace(figure, source=lexicon.agency(sentence.text))
    return Statement(start, end, kind, _stated(text, sentence, quantity, form), figure)


def _form(text: str, sentence: Sentence, quantity: Quantity, thing: Thing) -> Form | None:
    """Return how the thing is told: a change or share in percent, a rate, per day, or a count."""
    if any(pattern.match(text, quantity.start) for pattern, _ in lexicon.MULTIPLE):
        return "change"
    if quantity.stated.unit == "percent":
        at = quantity.start - sentence.start, quantity.end - sentence.start
        moved = "change" if lexicon.sign(sentence.text, *at) else None
        return "share" if _is_share(text, sentence, quantity) else moved  # type: ignore[return-value]
    after = text[quantity.end : min(sentence.end, max(thing.end, quantity.end) + 40)]
    before = text[max(sentence.start, quantity.start - 60) : quantity.start]
    form: Form | None = "level"
    if lexicon.PER_100000.search(after[:60]) or (
        RATE_OF.search(before) and quantity.stated.value < 250
    ):
        form = "rate"
    elif lexicon.PER_DAY.search(after[:50]) or DAILY.search(before):
        form = "per day"
    elif lexicon.PER_OTHER.search(after) or lexicon.DIFFERENCE.match(after[:30]):
        form = None
    return form


def _is_share(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    after = text[quantity.end : min(sentence.end, quantity.end + 90)]
    of_them = re.match(
        rf"\W*(?:(?:of|de) )?(?:the |all |los |las |estos |these )*(?:\w+ )?{lexicon.HOMICIDE}",
        after,
    )
    return bool(of_them and (lexicon.FIREARM.search(sentence.text) or lexicon.WOMEN.search(after)))


def _name(sentence: Sentence, around: str, thing: Thing, form: Form) -> str | None:
    if form == "share":
        return "firearm" if lexicon.FIREARM.search(sentence.text) else "women"
    if thing.name == "homicide" and lexicon.FIREARM.search(around):
        return "firearm"
    if thing.name == "homicide" and lexicon.WOMEN.search(around):
        return None  # women beside a count of everybody: which of the two is meant is open
    return thing.name


def _stated(text: str, sentence: Sentence, quantity: Quantity, form: Form) -> Stated:
    stated = quantity.stated
    if form == "rate":
        return replace(stated, unit="per 100,000")
    if form == "per day":
        return replace(stated, unit="per day")
    if form != "change":
        return stated
    if stated.value < 0:
        return stated
    multiple = any(pattern.match(text, quantity.start) for pattern, _ in lexicon.MULTIPLE)
    way = 1 if multiple else lexicon.sign(
        text[sentence.start : sentence.end],
        quantity.start - sentence.start, quantity.end - sentence.start,
    )  # fmt: skip
    return _fallen(stated) if way < 0 else stated


def _fallen(stated: Stated) -> Stated:
    """Return "fell more than 40 %" and its like as a change below zero."""
    value = -stated.value
    if stated.words == "more than":
        return replace(stated, value=value, words="less than")
    if stated.words == "less than":
        return replace(stated, value=value, words="range", upper=0.0)
    if stated.words == "nearly":
        return replace(stated, value=1.01 * value, words="range", upper=0.9 * value)
    return replace(stated, value=value)


def _period(article: Article, sentence: Sentence, quantity: Quantity) -> Period | None:
    known = [one for one in sentence.periods if one.kind not in ("base", "previous")]
    return nearest(sentence, article.text, quantity, known)


def _is_event(sentence: Sentence, quantity: Quantity, thing: Thing, period: Period | None) -> bool:
    """Tell whether a count of people killed is news of one event rather than a statistic."""
    value = quantity.stated.value
    if value < FEW or (period is None and thing.name != "missing"):
        return True
    event = bool(lexicon.EVENT.search(sentence.text))
    return (not thing.noun and value < 300 and thing.name == "homicide") or (event and value < 1000)


def _figure(
    sentence: Sentence, name: str, form: Form, place: str, period: Period | None,
    text: str, quantity: Quantity,
) -> Figure | None:  # fmt: skip
    if form == "change":
        return change(sentence, name, place, period, text, quantity)
    stock = name == "missing" and form == "level"
    if period is None:
        span = LATEST if form == "share" else None
        return Figure(name, form, place, span) if span or stock else None
    if _is_other_year(sentence, quantity, period):
        return None
    if stock and period.kind == "one" and STOCK.search(sentence.text):
        return Figure(name, form, place)
    if period.kind == "since" and form != "level":
        return None
    pair = period.kind == "pair" and period.other
    span = _end(text, quantity, period.span, pair) if pair else period.span
    return Figure(name, form, place, span)


def _end(text: str, quantity: Quantity, first: Span, last: Span) -> Span:
    """Return the end of a pair that "from 8 to 16" tells, or all that lies between."""
    if re.search(r"\b(?:from|de|desde) $", text[: quantity.start]):
        return first
    if re.search(r"\b(?:to|a|hasta) $", text[: quantity.start]):
        return last
    return Span(first.first, last.last)


def _is_other_year(sentence: Sentence, quantity: Quantity, period: Period) -> bool:
    """Tell whether "a year earlier" stands nearer to the number than its year does."""
    gap = min(abs(period.start - quantity.end), abs(quantity.start - period.end))
    return any(
        one.kind == "previous" and 0 <= one.start - quantity.end < min(gap, 60)
        for one in sentence.periods
    )
