"""An article as a whole: its sentences, its date, and what was spoken of last."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Generic, TypeVar

from hidra.claims.article import lexicon
from hidra.claims.article.lexicon import Stretch, Thing, tells, words
from hidra.claims.article.numbers import Quantity, multiples, quantities
from hidra.claims.article.periods import (
    Period,
    date_line,
    dated,
    periods,
    same_months,
    with_year,
)
from hidra.claims.article.places import FOREIGN, Mention, is_home, mentions
from hidra.claims.figure import Span

FAR = 190  # letters and penalties beyond which a period or place belongs to something else
NUMBERS = 40  # of one sentence that are read: more of them are a table
BACK = 4  # sentences a thing, place or period is remembered for
HALF = 6  # months: one so much earlier than that told before it is of the next year
WIDE = 40  # sentences back "the state" may be of, if they name one alone


@dataclass(frozen=True)
class Sentence:
    """A sentence and what is found in it; positions within are those of its own text.

    `head` is the sentence that opens the list it is an item of.
    """

    start: int
    end: int
    _original: str = field(repr=False)
    _plain: str = field(repr=False)
    head: int | None = None

    @property
    def original(self) -> str:
        """Its letters as written."""
        return self._original[self.start : self.end]

    @property
    def text(self) -> str:
        """Its letters without case and accents."""
        return self._plain[self.start : self.end]

    @cached_property
    def periods(self) -> list[Period]:
        """Periods told in it."""
        text = _presidents(self.original, self.text)
        return [one for one in periods(text) if one.start >= self._dateline]

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Numbers in it that may count something, not those of a period."""
        when = [one for one in self.periods if one.kind not in ("previous", "same")]
        return [
            one for one in quantities(self.text)
            if not any(one.start < span.end and span.start < one.end for span in when)
        ][:NUMBERS]  # fmt: skip

    @cached_property
    def things(self) -> list[Thing]:
        """What it counts."""
        return lexicon.things(self.text)

    @cached_property
    def places(self) -> list[Mention]:
        """Places it names; not where it was written, nor within a period."""
        return [
            one for one in self._mentions
            if one.start >= self._dateline
            and not any(span.start <= one.start < span.end for span in self.periods)
        ]  # fmt: skip

    @cached_property
    def _mentions(self) -> list[Mention]:
        return mentions(self.original, self.text)

    @cached_property
    def _dateline(self) -> int:
        """Where the place an article was written at ends: "MORELIA, Mich.- ..."."""
        if words("byline").match(self._original, self.start):
            return self.end - self.start
        match = words("dateline").match(self.original)
        return match.end() if match else 0

    @property
    def written_at(self) -> list[str]:
        """Codes of the place an article was written at."""
        return [one.code for one in self._mentions if one.start < self._dateline]

    @cached_property
    def _counting(self) -> list[int]:
        """Where the numbers stand that count something: not the 100,000 of a rate."""
        text = self.text
        return [
            one.start for one in self.quantities
            if not tells("of_every", text[max(0, one.start - 12) : one.start])
        ]  # fmt: skip

    def crossed(self, start: int, end: int) -> int:
        """Return how many numbers stand in between; that of "per 100,000" counts nothing."""
        return max(0, bisect_left(self._counting, end) - bisect_left(self._counting, start))

    def between(self, one: Stretch, two: Stretch) -> tuple[str, int]:
        """Return the letters between two stretches, and how many numbers stand there."""
        first, last = sorted(((one.start, one.end), (two.start, two.end)))
        return self.text[first[1] : last[0]], self.crossed(first[1], last[0])


def _presidents(original: str, text: str) -> str:
    """Return plain text without the surname Peña, or the word "pena", where it is no president."""
    his = {match.start("p" if match["p"] else "p2") for match in words("pena").finditer(original)}

    def kept(match: re.Match[str]) -> str:
        return match.group() if match.start() in his else "_" * len(match.group())

    return re.sub(r"\bpena\b(?! nieto\b)", kept, text)


TOLD = ("one", "term", "pair", "since", "same")
Found = TypeVar("Found", Mention, Period)


@dataclass(frozen=True)
class Article:
    """An article.

    Attributes
    ----------
    sentences : tuple of Sentence
    date : str or None
        Its day, ``YYYY-MM-DD``: given, or told in its first lines.
    """

    text: str
    sentences: tuple[Sentence, ...]
    date: str | None

    @cached_property
    def mexican(self) -> bool:
        """It names Mexico or its places at least as often as other countries."""
        some = [one.code for sentence in self.sentences[:400] for one in sentence.places]
        home = sum(map(is_home, some)) + self._homes
        return home > 0 and home >= some.count(FOREIGN) / 2

    @cached_property
    def home(self) -> bool:
        """It names Mexico, a place or an office of it at all."""
        return self._homes > 0 or any(
            is_home(place.code) for one in self.sentences[:400] for place in one.places
        )

    def is_local(self, index: int) -> bool:
        """Tell whether a state or city is named up to a sentence, and the nation nowhere."""
        return self._first_local <= index

    @cached_property
    def _first_local(self) -> int:
        """Return the first sentence that names a state or city; none where it names the nation."""
        some = self.sentences[:400]
        named = [{*one.written_at, *(place.code for place in one.places)} for one in some]
        if any("00" in codes for codes in named):
            return len(self.sentences)
        local = (i for i, codes in enumerate(named) if any(map(is_home, codes - {"09"})))
        return next(local, len(self.sentences))

    @cached_property
    def main_thing(self) -> Thing | None:
        """What it counts most often; None where nothing is."""
        told = [one for sentence in self.sentences[:400] for one in sentence.things]
        names = [one.name for one in told]
        return max(told, key=lambda one: names.count(one.name), default=None)

    @cached_property
    def agency(self) -> str:
        """The one agency it names, empty where none or several."""
        return lexicon.agency(lexicon.plain(self.text))

    @cached_property
    def wave(self) -> bool:
        """It speaks of the events of 22 February 2026."""
        return any(tells("wave", one.text) for one in self.sentences)

    @cached_property
    def _homes(self) -> int:
        return sum(len(words("home").findall(one.text)) for one in self.sentences[:400])

    def before(self, index: int) -> list[int]:
        """Return the sentences one may take up, the last first; an item of a list its head."""
        head = self.sentences[index].head
        return [head] if head is not None else list(range(index - 1, max(-1, index - 1 - BACK), -1))

    def things_before(self, index: int) -> list[Thing]:
        """Return what was counted last: the things of the last sentence that has any."""
        told = (self.sentences[at].things for at in self.before(index))
        return sorted(next(filter(None, told), []), key=lambda one: not one.noun)

    def periods_before(self, index: int) -> list[Period]:
        """Return the periods of the last sentence that tells any."""
        told = (_told(self.periods_of(at)) for at in self.before(index))
        return next(filter(None, told), [])

    def places_before(self, index: int, depth: int = 3) -> list[str]:
        """Return the places told last; "the state" takes up the last state, also at a remove."""
        state = tells("the_state", self.sentences[index].text)
        for at in (index, *self.before(index)) if state else self.before(index):
            sentence = self.sentences[at]
            named = [one.code for one in sentence.places if not one.owns]
            if state:
                found = (*named, *sentence.written_at)
                named = [one[:2] for one in found if is_home(one) and one != "00"]
            elif not named and tells("the_state", sentence.text) and depth:
                named = self.places_before(at, depth - 1)
            if named:
                return named
        return []

    def state_before(self, index: int) -> str | None:
        """Return the one state named in the sentences before, None where none or several."""
        told = {
            place.code[:2]
            for one in self.sentences[max(0, index - WIDE) : index + 1] for place in one.places
            if is_home(place.code) and place.code != "00"
        }  # fmt: skip
        return told.pop() if len(told) == 1 else None

    def periods_of(self, index: int) -> list[Period]:
        """Return the periods of a sentence, each with its year where that can be told."""
        known: dict[int, list[Period]] = self.__dict__.setdefault("_dated", {})
        if index not in known:
            found = (self._with_year(index, one) for one in self.sentences[index].periods)
            known[index] = _led([one for one in found if one is not None])
        return known[index]

    def _with_year(self, index: int, one: Period) -> Period | None:
        if not one.needs:
            return dated(one, self.date, None)
        before = self._told_before(index, one)
        if one.needs == "date" and not one.shift and one.months:
            number = self._year_of_months(index, one, before)
            if number is not None:
                said = [two for two in self.sentences[index].periods if _is_year(two)]
                leads = any(two.end <= one.start for two in said) and not one.span.month
                return replace(with_year(one, number), leads=leads)
        return dated(one, self.date, before)

    def _year_of_months(self, index: int, one: Period, before: Span | None) -> int | None:
        """Return the year of months told without one: that of its sentence, or told before."""
        sentence = self.sentences[index]
        if (shared := self._shared_year(index, one)) is not None:
            return shared
        years = [two for two in sentence.periods if _is_year(two)]
        said = [two for two in years if two.end <= one.start][-1:]
        if said and not one.span.month:  # in 2015 ... from January to September
            return int(said[0].span.first[:4])
        if len(years) == 1:  # July was the worst month of 2018
            return int(years[0].span.first[:4])
        told = [two for two in sentence.periods if _is_part(two) and two.end <= one.start]
        if told:
            return _year_beside(told[-1].span, one)
        of_list = sentence.head is not None and before is not None and before.whole_years
        if before is not None and (of_list or self.date is None or _is_within(one, before)):
            return int(before.first[:4])
        return None

    def _shared_year(self, index: int, one: Period) -> int | None:
        """Return the year told with the next month: "1,400 in May and 1,500 in July 2015"."""
        sentence = self.sentences[index]
        after = next((two for two in sentence.periods if two.start >= one.end), None)
        if after is None or after.kind != "one" or after.needs or after.span.whole_years:
            return None
        said = sentence.text[one.end : after.start]
        joined = words("links_months").fullmatch(said) is not None
        return (
            int(after.span.first[:4])
            if joined and one.span.last[5:] < after.span.first[5:]
            else None
        )

    def _told_before(self, index: int, one: Period) -> Span | None:
        """Return the period a relative one takes up: told earlier in its sentence, or before."""
        here = [two for two in self.sentences[index].periods if two.end <= one.start]
        if one.kind == "base" and not _told(here):  # less than the month before, in June 2025
            here = [two for two in self.sentences[index].periods if two.start >= one.end][:1]
        known = [self._with_year(index, two) for two in reversed(_told(here))]
        for at in self.before(index):
            known += [
                dated(two, self.date, None) for two in _told(self.sentences[at].periods)
                if two.needs in ("", "date")
            ]  # fmt: skip
        return next((two.span for two in known if two is not None), None)


def _told(some: Sequence[Period]) -> list[Period]:
    """Return the periods that a figure may be of, and another sentence take up."""
    return [one for one in some if one.kind in TOLD]


def _led(some: list[Period]) -> list[Period]:
    """Return periods; years told after "in 2015 from January to June" may be of those months.

    Several of them are: "in the same months of 2021 17,462, in 2020 18,057, in 2019 17,776".
    """
    leader = next((one for one in some if one.leads), None)
    if leader is None:
        return some
    years = [one for one in some if _is_year(one) and one.start >= leader.end]
    of = {
        one: replace(one, span=same_months(one.span, leader.span)) if len(years) > 1
        else replace(one, kind="day") for one in years
    }  # fmt: skip
    return [of.get(one, one) for one in some]


def _is_within(one: Period, told: Span) -> bool:
    """Tell whether months without a year are of some told before: "the first half ... In June"."""
    first, last = (f"{told.first[:5]}{month[5:]}" for month in (one.span.first, one.span.last))
    part = not told.whole_years and not told.month and not told.open_end
    return part and told.first <= first <= last <= told.last


def _is_year(one: Period) -> bool:
    return one.kind == "one" and not one.needs and one.span.whole_years


def _is_part(one: Period) -> bool:
    """Tell whether a period is told as months of one year."""
    span = one.span
    return (
        one.kind == "one"
        and not one.needs
        and not span.whole_years
        and span.first[:4] == span.last[:4]
    )


def _year_beside(told: Span, one: Period) -> int:
    """Return the year of months named after others: their own, after December 2024 in January.

    What is compared with lies before: in January 2025, against December.
    """
    number, later = int(told.first[:4]), int(one.span.first[5:]) - int(told.first[5:])
    return number - (later > 0) if one.kind == "base" else number + (later < -HALF)


def article(original: str, date: str | None = None) -> Article:
    """Cut a text into sentences; what is in them is looked for when it is needed.

    Parameters
    ----------
    original : str
    date : str or None
        The day of the article, ``YYYY-MM-DD``.
    """
    text = lexicon.plain(original)
    found: list[Sentence] = []
    head: int | None = None
    for index, (start, end) in enumerate(lexicon.sentences(original)):
        bullet = bool(lexicon.BULLET.match(original[start : start + 12]))
        short = end - start < 90 and re.search(r"\d", text[start:end]) is not None
        if head is None and bullet and index:
            head = index - 1
        elif not bullet and not (short and head is not None):
            head = None
        found.append(Sentence(start, end, original, text, head))
        if text[end - 1] == ":":
            head = index
    return Article(original, tuple(found), date or date_line(text))


def nearest(
    sentence: Sentence, quantity: Quantity, found: Sequence[Found], crossing: int = 50,
    breaking: int = 100,
) -> Found | None:  # fmt: skip
    """Return what belongs to a number: near it, with no other number or break in between.

    `crossing` and `breaking` are what another number, and the end of a clause, cost in letters.
    """

    def cost(one: Found) -> float:
        """Return how many letters one lies away, dearer across a number or a clause."""
        between, crossed = sentence.between(quantity, one)
        if one.end <= quantity.start and words("opens").fullmatch(between):
            bare = words("opens_bare").fullmatch(between)  # a list: Sinaloa 41, Morelos 33
            inside = words("in_place").search(sentence.text[: one.start])
            inside = inside or words("begins_in").match(sentence.text, one.start)
            if not (bare and inside):
                return 0.0  # Pena Nieto (156,066); Guerrero with 2,203
        if one.end <= quantity.start and words("told_by").fullmatch(between):
            return 0.5  # in 2018 there were 17,772, in 2017 15,042
        own = one.end <= quantity.start and words("with_number").search(between) is not None
        if own and len(between) < 60 and not crossed and not re.search(r"[,;:.]", between):
            return 1.0  # Guerrero on the Pacific coast with 2,203
        breaks = len(words("clause").findall(re.sub(r"\([^()]{0,60}\)", "", between)))
        breaks += one.start >= quantity.end and tells("with_next", between)
        after = one.start >= quantity.end
        breaks += 2 * (after and words("next_item").search(between) is not None)
        before = (10 if one.start < quantity.start else 0) + 12 * between.count(", ")
        joined = one.end <= quantity.start and words("with_next").fullmatch(between)
        before += 30 if joined else 0  # 29.1 in 2018 and 25.4 homicides in 2024
        return len(between) + crossing * crossed + breaking * breaks + before

    best = min(found, key=cost, default=None)
    return best if best is not None and cost(best) <= FAR else None


def is_compared(sentence: Sentence, one: Mention) -> bool:
    """Tell whether a place is only what another is measured against: "far below Mexico"."""
    return tells("compared", sentence.text[max(0, one.start - 40) : one.start])


CLAUSE_OWN, SENTENCE, BEFORE, SUPPOSED = range(4)  # where what a number needs is told
Value = TypeVar("Value", Thing, str)
Told = TypeVar("Told", Mention, Period)


@dataclass(frozen=True)
class Slot(Generic[Value]):
    """What fills one part of a reading, and where that is told."""

    value: Value
    told: int


class Number:
    """A number in its sentence: `n` of ``what``, ``how``, ``where`` and ``when``, who read it.

    Attributes
    ----------
    before, after : the words of its sentence on either side.
    taken_up : where what it does not tell itself is told: in a list by the head of that.
    first, second : whether it is an end of "from 29 to 28". left : the end of "to 28 from 29".
    measured : what follows its measure: of "from 86.9 to 54.5 a day" that of both.
    anchor : the number beside which its place and period are looked for.
    multiple : whether it is so many times as much, not so many.
    """

    def __init__(self, article: Article, index: int, sentence: Sentence, quantity: Quantity):
        self.article, self.index, self.sentence, self.quantity = article, index, sentence, quantity
        self.text, self.start, self.end = sentence.text, quantity.start, quantity.end
        self.before, self.after = self.text[: self.start], self.text[self.end :]
        self.unit, self.value = quantity.stated.unit, quantity.stated.value
        self.taken_up = BEFORE if sentence.head is None else SENTENCE  # a list has its head's words
        last = [one for one in sentence.quantities if one.end <= self.start][-1:]
        between = self.text[last[0].end : self.start] if last else ""
        inside = words("in_brackets").fullmatch(between)  # 28,262 (77.4 a day)
        to = re.match(r" (?:to|a) \d[\d.,]*", self.after)
        self.first = tells("from_here", self.before) and to is not None
        #: what follows its measure: of "from 86.9 to 54.5 a day" that of both
        self.measured = self.after[to.end() :] if self.first and to else self.after
        self.second = (
            between in (" to ", " a ")
            and tells(  # from 29 to 28
                "from_here", self.text[: last[0].start]
            )
        )
        self.left = (  # to 28 from 29
            bool(last)
            and re.fullmatch(r",? (?:from|desde) (?:l[oa]s )?", between) is not None
            and tells("to_here", self.text[: last[0].start])
        )
        self.anchor = last[0] if inside or self.second else quantity
        self.multiple = quantity in multiples(self.text)

    def near(self, before: int, after: int) -> str:
        """Return the letters around the number."""
        return self.text[max(0, self.start - before) : self.end + after]

    def own(self) -> Thing | None:
        """Return the thing whose name follows the number, with nothing in between."""
        one = next((one for one in self.sentence.things if self.end - 1 <= one.start), None)
        if one is None:
            return None
        gap = words("case_files").sub("", self.text[self.end : one.start])
        some = tells("sex", gap) or tells("some_of_them", gap)
        apart = tells("own_apart", gap) or (some and one.name not in ("women", "femicide"))
        near = len(gap) <= 28 and not self.sentence.crossed(self.end, one.start)
        return one if near and not apart else None

    def is_slot(self, start: int, reach: int) -> bool:
        """Tell whether a place or period begins just there, or lies over it."""
        at = self.end + start
        slots: list[Mention | Period] = [*self.sentence.places, *self.sentence.periods]
        return any(one.start - reach < at < one.end or 0 <= one.start - at < reach for one in slots)

    def told(self, one: Mention | Period) -> int:
        """Return whether a place or period is told in the number's own clause or elsewhere."""
        gap, crossed = self.sentence.between(self.quantity, one)
        return SENTENCE if crossed or tells("clause", gap) else CLAUSE_OWN

    def in_order(self, here: Sequence[Told]) -> Told | None:
        """Return what a number is of by its order: "A and B with 4 and 2 respectively"."""
        said = words("respectively").search(self.text, self.end)
        if said is None:
            return None
        row: list[Quantity] = []
        for one in reversed(self.sentence.quantities):
            if one.end <= said.start() and (not row or row[0].start - one.end <= 12):
                row.insert(0, one)
        several = [one for one in here if one.end <= row[0].start][-len(row) :]
        order = row.index(self.quantity) if self.quantity in row else -1
        return several[order] if order >= 0 and len(several) == len(row) > 1 else None

    def is_of_before(self) -> bool:
        """Tell whether the sentence says what came before: a base, the year before."""
        return any(
            one.kind in ("base", "previous", "since", "pair") for one in self.sentence.periods
        )

    def change_near(self) -> bool:
        """Tell whether the words beside the number say that something rose or fell."""
        near = self.near(30, 14)
        return tells("rise", near) or tells("fall", near)
