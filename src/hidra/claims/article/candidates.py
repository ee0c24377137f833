"""From a number in its article to the few plausible ways of reading it, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Generic, TypeVar

from hidra.claims.article import lexicon
from hidra.claims.article.document import Article, Sentence, is_compared, nearest
from hidra.claims.article.forms import Form, Query
from hidra.claims.article.lexicon import MONTHS, Stretch, Thing, tells, words
from hidra.claims.article.numbers import Quantity, multiples
from hidra.claims.article.periods import Period, just_before, month_before, shifted, so_far, term_of
from hidra.claims.article.places import FOREIGN, UNKNOWN, Mention, is_home, together
from hidra.claims.claim import Stated
from hidra.claims.figure import LATE, Span, parts, year
from hidra.core.i18n import _, bilingual
from hidra.core.place import is_state

CLAUSE_OWN, SENTENCE, BEFORE, SUPPOSED = range(4)  # where what a number needs is told
FEW = 10  # below this a number of people killed is news of one event, not a statistic
SMALL_RATE = 250.0
SUBGROUP = bilingual(
    _("No series at hand counts this part of the victims; a list of its own is needed.")
)
MOST = 8  # ways of reading one number that are tried
OPEN = Span("2000-01", LATE, open_end=True)
MEANS: tuple[Form, ...] = ("per day", "per month", "per year")
UNITS = {"rate": "per 100,000", "minutes": "minutes", **{one: one for one in MEANS}}
#: 463 more homicides, 463 homicidios más; not "994 homicides, more than double".
ADDED = re.compile(
    r" (?:mas|more|menos|fewer|less)\b(?! (?:than|del?) (?:half|doubl|twice|\d|la mitad|doble))"
)
#: After a part of what it is measured by: a third of the 1,625, half as many, la mitad que en 2021.
MEASURED = re.compile(r" (?:of|del?|que|the|as|that|l[aoe]s?|el)\b")
NATIONAL = re.compile(
    r"\b(?:national (?:\w+ )?(?:rate|average|mean|figure)|(?:tasa|promedio|media|cifra) nacional),?"
    r"(?: (?:of|at|de|was|is|fue|es|era))?(?: (?:about|around|unos|unas|casi|nearly))? $"
)
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


Value = TypeVar("Value", Thing, str)
Told = TypeVar("Told", Mention, Period)


@dataclass(frozen=True)
class Slot(Generic[Value]):
    """What fills one part of a reading, and where that is told."""

    value: Value
    told: int


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
        found = _Number(article, index, sentence, quantity).statement()
        if found is not None:
            yield found


def is_guarded(sentence: Sentence) -> bool:
    """Tell whether a sentence asks, denies, promises or expects what it says."""
    text = sentence.text
    return "?" in text or "¿" in text or tells("denial", text) or tells("wish", text)


class _Number:
    """One number in its sentence: what it counts, how, where and when."""

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

    def statement(self) -> Statement | None:
        """Return what the figure states, if anything may be said of it."""
        facts = self._facts()
        found = self._of_series() or Statement(self.start, self.end, self.quantity.stated)
        if facts:
            return replace(found, candidates=(*found.candidates, *facts), sure=False)
        return found if found.candidates or found.reason else None

    def _of_series(self) -> Statement | None:
        noun = self._noun()
        things = self._things(noun)
        if noun == "other" or not things:
            return None
        part, at = self._is_part(), (self.start, self.end)
        if self._is_of_else(things[0]) or self._is_end():
            return None
        around = self._around(things[0])
        if self._basis(things[0].value) == "files":
            around = words("case_files").sub("", around)
        another = tells("of_another_kind", around) and self.unit != "percent"
        if another and not (self._is_rate() and part):
            return None
        if part:
            said = self._periods() and self._places() and self.value >= FEW
            return Statement(*at, self.quantity.stated, reason=SUBGROUP) if said else None
        found = [] if self._is_event(things[0]) else self._candidates(things)
        if not found:
            return None
        sure, alone = self._is_sure(found[0]), self._is_alone()
        return Statement(*at, found[0].stated, tuple(found), sure=sure, alone=alone)

    def _is_of_else(self, thing: Slot[Thing]) -> bool:
        """Tell whether a number is of another crime, a part of all, places, or a month's mean."""
        other = [one.end() for one in words("other_crime").finditer(self.before)][-1:]
        nearer = other and (thing.told > SENTENCE or thing.value.end <= other[0])
        if nearer and thing.value.start < self.start:
            return True
        if self.unit != "persons":
            return False
        mean = tells("mean_of_other", self.before) and not self._is_rate()
        dated = any(0 <= one.start - self.end < 12 for one in self.sentence.periods)
        return (
            mean
            or (tells("from_peak", self.before) and not dated)  # of which year is not told
            or self._is_of_each()
            or any(words(one).match(self.after) for one in ("of_all", "several_places"))
        )

    def _is_of_list(self) -> bool:
        """Tell whether a share is of several states named in a row before it."""
        last = max(
            (one.end for one in self.sentence.quantities if one.end <= self.start), default=0
        )
        named = (one for one in self.sentence.places if last <= one.start < self.start)
        return len({one.code for one in named if is_state(one.code)}) >= 3

    def _is_end(self) -> bool:
        """Tell whether a number is one end of a range: "de 30,000 a 40,000" where nothing moved."""
        ends = (self.first or self.second) and self.unit == "persons"
        told = [one for one in self.sentence.periods if one.kind != "previous"]
        return ends and len(told) == 1 and told[0].kind != "pair" and not tells("moved", self.text)

    def _near(self, before: int, after: int) -> str:
        """Return the letters around the number."""
        return self.text[max(0, self.start - before) : self.end + after]

    # --- what it counts ---

    def _noun(self) -> str:
        """Return what kind of word follows: the thing itself, a noun for it, none, another noun."""
        if self.unit in ("percent", "minutes"):
            return "other" if self._is_of_other() else "bare"
        if self._own() is not None:
            return "own"
        bare = self.after.lstrip()
        if any(words(name).match(bare) for name in ("per_100000", "per_day", "states")):
            return "bare"
        generic = re.match(rf" (?:de )?(?:\w+ )?{words('generic').pattern}", self.after)
        if generic:
            other = self._is_named(generic.end()) or self._is_done_to(generic.end())
            return "other" if other else "generic"
        if tells("women", self.after[:16]):
            women = any(one.name == "women" for one in self.sentence.things)
            return "generic" if women else "other"
        word = words("next_word").match(self.after)
        said = word is not None and not _is_function(word[1]) and self.after[:1] != ","
        return "other" if said and not self._is_slot(word.start(1), 1) else "bare"  # type: ignore[union-attr]

    def _is_of_other(self) -> bool:
        """Tell whether a percentage is of something else: of the budget, of the complaints."""
        near = self.after[:20]
        shared = words("shared").match(self.after) is not None and tells("share_verb", self.text)
        told = shared or tells("rise", near) or tells("fall", near)
        return self.unit == "percent" and self._is_named(0) and not told

    def _is_named(self, end: int) -> bool:
        """Tell whether a general noun is of something not counted here: victims of extortion."""
        named = words("other_thing").match(self.after[end:])
        thing = any(0 <= one.start - self.end - end < 16 for one in self.sentence.things)
        free = named is not None and not thing and not self._is_slot(end, 16)
        return free and not _is_function(named.group())  # type: ignore[union-attr]

    def _is_done_to(self, end: int) -> bool:
        """Tell whether people are counted to whom something else was done: arrested, wounded."""
        said = re.split(r"[,;.]| (?:and|y) ", self.after[end : end + 60])[0]
        return tells("done_to", said) and not tells("killed", said)

    def _is_slot(self, start: int, reach: int) -> bool:
        """Tell whether a place or period begins just there, or lies over it."""
        at = self.end + start
        slots: list[Mention | Period] = [*self.sentence.places, *self.sentence.periods]
        return any(one.start - reach < at < one.end or 0 <= one.start - at < reach for one in slots)

    def _own(self) -> Thing | None:
        """Return the thing whose name follows the number, with nothing in between."""
        one = next((one for one in self.sentence.things if self.end - 1 <= one.start), None)
        if one is None:
            return None
        gap = words("case_files").sub("", self.text[self.end : one.start])
        some = tells("sex", gap) or tells("some_of_them", gap)
        apart = tells("own_apart", gap) or (some and one.name not in ("women", "femicide"))
        near = len(gap) <= 28 and not self.sentence.crossed(self.end, one.start)
        return one if near and not apart else None

    def _things(self, noun: str) -> list[Slot[Thing]]:
        """Return what the number may count, the likeliest first; at most three."""
        own = self._own()
        if own is not None and self._may_be_femicide(own):
            femicide = next(one for one in self.sentence.things if one.name == "femicide")
            return [Slot(own, SUPPOSED), Slot(femicide, SUPPOSED)]
        if own is not None and self.unit != "percent":
            both = tells("both_kinds", self.text) and not self._is_intended(own)
            return [] if both else [Slot(own, CLAUSE_OWN)]
        found = self._things_here()
        if tells("both_kinds", self.text):
            return [one for one in found if self._is_intended(one.value)][:1]
        if not found:
            goes_on = (
                self.sentence.periods or self.sentence.places or self.sentence.head is not None
            )
            alone = noun == "bare" and self.unit == "persons" and not goes_on
            if alone and not self._is_daily():
                return []
            found = [Slot(one, self.taken_up) for one in self.article.things_before(self.index)]
            main = self.article.main_thing
            found += [Slot(main, SUPPOSED)] if main is not None else []
        unique: dict[str, Slot[Thing]] = {}
        for slot in map(self._taken_up_by, found):
            unique.setdefault(slot.value.name, slot)
        return list(unique.values())[:3]

    def _taken_up_by(self, slot: Slot[Thing]) -> Slot[Thing]:
        """Return what "these homicides" takes up: the women killed that were counted before."""
        one = slot.value
        if not words("these").search(self.text[: one.start]) or one not in self.sentence.things:
            return slot
        earlier = [two for two in self.sentence.things if two.end <= one.start]
        before = earlier[-1:] or self.article.things_before(self.index)
        return Slot(before[0], max(slot.told, SENTENCE)) if before else slot

    def _may_be_femicide(self, own: Thing) -> bool:
        """Tell whether women killed are counted as femicides, with no other number in between."""
        found = [one for one in self.sentence.things if one.name == "femicide"]
        after = [one for one in found if one.start >= own.end][:1]
        after = [
            one
            for one in after
            if not re.search(r"[,;]| (?:y|and) $", self.text[own.end : one.start])
        ]
        before = [one for one in found if one.end <= self.start]
        crossed = self.sentence.crossed
        return own.name == "women" and (
            any(not crossed(own.end, one.start) for one in after)
            or any(not crossed(one.end, self.start) for one in before)
        )

    def _things_here(self) -> list[Slot[Thing]]:
        """Return the things of the sentence around the number, each clear of others or not."""
        sentence, found = self.sentence, list[Slot[Thing]]()
        before = [one for one in sentence.things if one.end <= self.start]
        after = next((one for one in sentence.things if one.start >= self.end - 1), None)
        gap = self.text[self.end : after.start] if after else ""
        if after and (self.unit == "percent" or not before) and not re.search(r"[;.(),]", gap):
            near = len(gap) <= 70 and not sentence.crossed(self.end, after.start)
            clear = near and not tells("and_while", gap)
            found.append(Slot(after, CLAUSE_OWN if clear else SENTENCE))
        for one in reversed(before):
            said, crossed = sentence.between(one, self.quantity)
            clear = len(said) <= 110 and crossed <= 1 and not tells("clause", said)
            clear = clear and (not said.strip() or tells("link", said))
            slot = Slot(one, CLAUSE_OWN if clear else SENTENCE)
            first = clear and not (found and found[0].told == CLAUSE_OWN)
            found.insert(0 if first else len(found), slot)
        if after and before and self.unit != "percent" and not tells("clause", gap):
            found.append(Slot(after, SENTENCE))
        return found

    def _is_intended(self, one: Thing) -> bool:
        return re.search(r"dolos|intention", self.text[one.start : one.end]) is not None

    def _is_part(self) -> bool:
        """Tell whether the number is about some of the victims: a profession, a sex in a rate."""
        if self._is_rate():
            near = lexicon.is_of_part(self.text[max(0, self.start - 60) :])
            return near or tells("sex", self.before.rpartition(";")[2])
        if self.unit != "persons" or self._own():
            return self.unit == "persons" and tells("some_of_them", self._near(40, 60))
        counted = any(one.name in ("women", "femicide") for one in self.sentence.things)
        of_sex = tells("of_one_sex", self.before) and not counted
        return of_sex or tells("some_of_them", self._near(40, 60))

    def _around(self, thing: Slot[Thing]) -> str:
        """Return the words around the number and its thing, as far as the next break or number."""
        one, start, end = thing.value, self.start, self.end
        if thing.told == CLAUSE_OWN and one.end - start < 130:
            apart = one.end < start and self.sentence.crossed(one.end, start)
            start, end = start if apart else min(start, one.start), max(end, one.end)
        after = re.split(r"[,;:.]| [-–—] ", self.text[end : end + 45])[0]
        sister = next((two.start for two in self.sentence.quantities if two.start >= end), end + 45)
        return self.text[max(0, start - 25) : end] + after[: sister - end]

    def _is_event(self, thing: Slot[Thing]) -> bool:
        """Tell whether a count of people killed is news of one event rather than a statistic."""
        if self.unit != "persons" or self._is_rate() or self._is_daily():
            return False
        event = tells("event", self.text)
        if self.value < FEW or (lexicon.agency(self.text) and not event):
            return self.value < FEW
        bare = not thing.value.noun and thing.value.name == "homicide"
        return (bare and self.value < 300) or (event and self.value < 1000)

    # --- how: its form ---

    def _is_rate(self) -> bool:
        if self.unit != "persons":
            return False
        per = words("per_100000").search(self.after[:70])
        if per and not self.sentence.crossed(self.end, self.end + per.start()):
            return True
        bare = not self.sentence.things and tells("rates", self.after)
        said = bare or tells("rate_said", self.before) or self._like("per_100000")
        said = said or self._listed("rate_said")
        return self.value < SMALL_RATE and (said or self._head("rate_said"))

    def _is_daily(self) -> bool:
        if self.unit != "persons" or words("per_other").match(self.after.lstrip()):
            return False
        per, at = words("per_day").search(self.measured[:55]), len(self.text) - len(self.measured)
        if per and not self.sentence.crossed(at, at + per.start()):
            gap = self.measured[: per.start()]
            return "," not in gap and not tells("clause", gap)
        every = tells("every_day", self.before) or self._head("daily_said")
        every = every or self._like("per_day")
        every = self.value < 200 and every
        said = tells("averaged", self.before) and tells("per_day", self.text)
        return every or tells("daily_said", self.before) or (said and self._mean() is None)

    def _mean(self) -> Form | None:
        """Return what a mean of months or years is of: a monthly average, 2,000 a month."""
        near = self.after[:55].partition(",")[0]
        said: tuple[tuple[Form, str, str], ...] = (
            ("per month", "per_month", "monthly_said"), ("per year", "per_year", "yearly_said"),
        )  # fmt: skip
        for form, after, before in said:
            per = words(after).search(near)
            if tells(before, self.before) or (
                per and not self.sentence.crossed(self.end, self.end + per.start())
            ):
                return form
        return None

    def _like(self, name: str) -> bool:
        """Tell whether a bare number follows another of the sentence that has that form."""
        ends = [one.end for one in self.sentence.quantities if one.end <= self.start]
        counted = rf" ?(?:{words('homicide').pattern}|{words('generic').pattern})"
        nouns = (re.compile(counted).match(self.text, at) for at in ends)
        after = (noun.end() if noun else at for noun, at in zip(nouns, ends, strict=True))
        return any(words(name).match(self.text, _skip(self.text, at)) for at in after)

    def _listed(self, name: str) -> bool:
        """Tell whether a bare number goes on a list of places: 63, Sinaloa 41 and Colima 32."""
        at, sentence = self.start, self.sentence
        for one in reversed([one for one in sentence.quantities if one.end <= self.start]):
            named = [two for two in sentence.places if one.end <= two.start and two.end <= at]
            if (
                len(named) != 1
                or not words("list_link").fullmatch(self.text[one.end : named[0].start])
                or not words("opens").fullmatch(self.text[named[0].end : at])
            ):
                return False
            if tells(name, self.text[: one.start]):
                return True
            at = one.start
        return False

    def _head(self, name: str) -> bool:
        """Tell whether the head of the list tells the form."""
        head = self.sentence.head
        return head is not None and tells(name, self.article.sentences[head].text + " ")

    def _forms(self) -> list[Form]:
        """Return what the number may be: a count, a rate, a change, ...; empty where none fits."""
        if self.unit == "percent":
            return self._of_percent()
        if self.unit == "minutes":
            return ["minutes"]
        if self._is_rate():
            return ["rate"]
        own = self._own()
        after = self.text[own.end if own else self.end :][:40]
        sides = (self.text[self.end : own.start + 1], after) if own else (after,)
        more = re.match(rf" ?(?:\w+ ){{0,1}}{words('difference').pattern}", after)
        more = more or next(filter(None, map(ADDED.match, sides)), None)
        mean: Form | None = "per day" if self._is_daily() else self._mean()
        if mean is not None:
            apart = mean == "per day" and (more or words("fewer").match(after))
            return [] if apart else [mean]
        other = words("per_other").search(self.after[:55].partition(",")[0])
        between = more and any(is_compared(self.sentence, one) for one in self._places_after())
        if other or between or tells("mean_of_what", self.before):
            return []  # of a week; more than another place; of days or of months is not told
        return ["difference" if more else "level"]

    def _is_of_itself(self) -> bool:
        """Tell whether a multiple is of an earlier count, not of another place's or of a mean."""
        so_many = words("as_much").search(self.text[self.start : self.end])
        return not so_many or tells("rise", self.before[-20:]) or self._is_of_before()

    def _places_after(self) -> Iterator[Mention]:
        """Yield the places named after the number, as far as the next one."""
        after = (one for one in self.sentence.places if one.start >= self.end)
        return (one for one in after if not self.sentence.crossed(self.end, one.start))

    def _of_percent(self) -> list[Form]:
        """Return what a percentage may be; the ends of "from 20 to 30 percent" are no changes."""
        if self.multiple:
            return ["change"] if self._is_of_itself() else []
        if tells("of_a_total", self.before) or words("are_some").match(self.after):
            return []  # 5 % of the total of 53 %; 77 percent are men
        if tells("population", self.before[-60:]):
            return []  # the population of Guerrero is 2 % of the country's
        measure = re.search(r"\d", self.text[self.start : self.end]) is None
        measure = measure and MEASURED.match(self.after) is not None  # half the national rate
        still = self.first or self.second or measure
        return [one for one in self._shares() if not (still and one == "change")]

    def _shares(self) -> list[Form]:
        """Return what a percentage may be: a share of the victims, of a state, or a change."""
        found: list[Form] = []
        of_them = words("of_victims").match(re.sub(r"^ ?\([^()]*\)", "", self.after[:90]))
        share = bool(of_them) or tells("firearm_share", self.before)
        here = self.before.rpartition(";")[2] + self.after.partition(";")[0]
        holds = self._of_one_state() and self._is_of_all_victims()
        parted = tells("share_verb", self._after_state() or "")  # Sinaloa concentrated 12 % of ...
        if share and not parted and (lexicon.by_firearm(here) or tells("women", self.after[:90])):
            return ["share"]
        states = self._states()
        if self._shared() and (states or tells("of_the_nation", self.text) or holds):
            named = self._of_one_state() or together(self.sentence, self.quantity)
            found.append("top share" if states and not named else "state share")
        if found == ["top share"] and self.quantity.stated.words in ("more than", "less than"):
            return found  # more than half of it in six states
        near = self._change_near()
        if words("compares").match(self.after) and not self._is_of_before():
            return found
        if self._way() and not (of_them and (found or not near)):
            found.insert(0 if near else len(found), "change")
        return found

    def _way(self) -> int:
        """Return +1 or -1 where a change goes, told near or by the head of a list of states."""
        listed = (
            one for one in self.sentence.places
            if is_state(one.code) and words("opens").fullmatch(self.text[one.end : self.start])
        )  # fmt: skip
        near = lexicon.sign(self.text, self.start, self.end)
        if near or self._shared() or next(listed, None) is None:
            return near
        return tells("rise", self.before) - tells("fall", self.before)

    def _shared(self) -> bool:
        """Tell whether the sentence parts a whole: by its verb, or "10 % of the homicides"."""
        parts = (one.end for one in self.sentence.quantities if one.stated.unit == "percent")
        return tells("share_verb", self.text) or any(
            words("of_victims").match(self.text, end) for end in parts
        )

    def _is_of_all_victims(self) -> bool:
        """Tell whether a share is of the victims of a time, none apart: "of the homicides in 2024".

        Without more words it is of the nation's: "Guanajuato concentrated 10 % of the homicides".
        """
        of_them = words("of_victims").match(self.after)
        if of_them is None:
            return False
        rest = re.split(r"[,;.:()]", self.after[of_them.end() :])[0]
        ends = [one.start - self.end - of_them.end() for one in self.sentence.periods]
        near = min((end for end in ends if 0 <= end <= len(rest)), default=len(rest))
        return words("of_no_kind").fullmatch(rest[:near]) is not None

    def _of_one_state(self) -> bool:
        """Tell whether a state stands right before a share: ", Guanajuato with 11 %, ..."."""
        return self._after_state() is not None

    def _after_state(self) -> str | None:
        """Return what parts a share from the state right before it, None where there is none."""
        gaps = (
            self.text[one.end : self.start]
            for one in self.sentence.places
            if is_state(one.code) and one.end <= self.start
        )
        return next((gap for gap in gaps if words("has_share").fullmatch(gap)), None)

    def _is_of_before(self) -> bool:
        """Tell whether the sentence says what came before: a base, the year before."""
        return any(
            one.kind in ("base", "previous", "since", "pair") for one in self.sentence.periods
        )

    def _change_near(self) -> bool:
        near = self._near(30, 14)
        return tells("rise", near) or tells("fall", near)

    def _states(self) -> int:
        """Return of how many states the sentence speaks: "six states hold ..."."""
        for one in self.sentence.quantities:
            said = one.stated.unit == "persons"
            if said and words("states").match(self.text, _skip(self.text, one.end)):
                return int(one.stated.value) if 1 < one.stated.value < 32 else 0
        return 0

    # --- where ---

    def _places(self) -> list[Slot[str]]:
        """Return the places the number may be of, the likeliest first; at most three."""
        if (several := together(self.sentence, self.quantity)) is not None:
            code, outright = several  # of each of them it may be where their sum is not told
            return [Slot(code, CLAUSE_OWN if outright else SUPPOSED)] if code else []
        if NATIONAL.search(self.before) and self.article.mexican:
            return [Slot("00", SENTENCE)]
        named = self.sentence.places
        if tells("the_state", self.text) and not any(is_state(one.code[:2]) for one in named):
            return self._of_the_state()
        here = [one for one in named if self._is_told_of(one) and not one.owns] or named
        return self._places_here(here) if here else self._places_before()

    def _is_told_of(self, one: Mention) -> bool:
        """Tell whether a place is no mere measure of another: below Guanajuato, which had 361."""
        after = self.text[one.end : self.start]
        among = one.code == "00" and any(is_state(two.code) for two in self.sentence.places)
        mean = tells("national_mean", after)
        if among and words("superlative").search(self.text[: one.start]) and not mean:
            return False  # Colima had the highest rate of the country
        return not is_compared(self.sentence, one) or bool(words("hangs_on").fullmatch(after))

    def _places_here(self, here: list[Mention]) -> list[Slot[str]]:
        """Return the places of its sentence that a number may be of."""
        sentence = self.sentence
        one = self._in_order(here) or nearest(sentence, self.anchor, here, crossing=15, breaking=60)
        if one is not None:
            one = self._city(one, here)
        elif len({two.code for two in here}) == 1:  # of a long sentence that names no other
            one = here[0]
        if one is None or not is_home(one.code) or self._may_be_a_state(one):
            return []
        opens = words("opens").fullmatch(self.text[one.end : self.start])
        if one.code != "00" and one.end <= self.start and opens:
            return [Slot(one.code, self._told(one))]  # Nuevo León with 1,065: of no other
        others = [two.code for two in here if two.code != one.code and is_home(two.code)]
        rest = (Slot(code, SENTENCE) for code in dict.fromkeys(others))
        return [Slot(one.code, self._told(one)), *rest][:3]

    def _places_before(self) -> list[Slot[str]]:
        """Return the places told before that a number may be of."""
        before = [] if self._is_general() else self.article.places_before(self.index)
        if not before:
            told = BEFORE if self.article.is_local(self.index) else SENTENCE
            return [Slot("00", told)] if self.article.mexican else []
        if before[0] in (FOREIGN, UNKNOWN):
            return []
        if len({one for one in before if is_state(one)}) >= 3 and self.taken_up == BEFORE:
            return [Slot("00", BEFORE)]  # a list of states is of none of them
        codes = [one for one in dict.fromkeys(before) if is_home(one)]
        if len({one[:2] for one in codes if one != "00"}) > 1 and self.taken_up == BEFORE:
            return [Slot(one, SUPPOSED) for one in codes][:3]  # of which of them is not told
        codes += ["00"] if "00" not in codes and len(codes[0]) == 2 else []
        return [Slot(code, self.taken_up) for code in codes][:3]

    def _is_general(self) -> bool:
        """Tell whether a share of all victims is of no state or year: "are committed with guns"."""
        shared = words("of_victims").match(self.after) is not None
        general = shared and words("in_general").search(self.after) is not None
        return general and not self.sentence.periods and not tells("the_state", self.text)

    def _of_the_state(self) -> list[Slot[str]]:
        """Return the state that "the state" takes up, never the nation; none if it is unsure."""
        before = [one for one in self.article.places_before(self.index) if is_state(one)]
        code = next(iter(before), None) or self.article.state_before(self.index)
        return [Slot(code, self.taken_up)] if code is not None and is_state(code) else []

    def _may_be_a_state(self, one: Mention) -> bool:
        """Tell whether "Mexico at 328" in a list of states may be the state of that name."""
        states = {two.code for two in self.sentence.places if is_state(two.code)}
        near = 0 <= self.start - one.end <= 6 and one.end - one.start <= 6
        return one.code == "00" and near and len(states) >= 3

    def _in_order(self, here: Sequence[Told]) -> Told | None:
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

    def _is_of_each(self) -> bool:
        """Tell whether a figure is of each of several places: six cities with a rate above 100."""
        for one in self.sentence.quantities:
            after = words("several_places").match(self.text, one.end)
            if after and one.end <= self.start and one.stated.value < 32:
                named = [two for two in self.sentence.places if is_home(two.code)]
                if together(self.sentence, self.quantity):
                    return False
                return not any(after.end() <= two.start and two.code != "00" for two in named)
        return False

    def _city(self, one: Mention, here: Sequence[Mention]) -> Mention:
        """Return the city a sentence is about where its state or nation is named beside it."""
        for city in here:
            if len(city.code) == 5 and one.code in ("00", city.code[:2]):
                gap, crossed = self.sentence.between(city, one)
                if not crossed and not tells("clause", gap):
                    return city
        return one

    def _told(self, one: Mention | Period) -> int:
        """Return whether a place or period is told in the number's own clause or elsewhere."""
        gap, crossed = self.sentence.between(self.quantity, one)
        return SENTENCE if crossed or tells("clause", gap) else CLAUSE_OWN

    # --- when ---

    def _periods(self) -> list[tuple[Period, int]]:
        """Return the periods the number may be of, and where each is told."""
        known = self.article.periods_of(self.index)
        mine = [one for one in known if one.kind not in ("base", "previous", "history")]
        mine = [one for one in mine if one.kind != "same" or not one.shift or one.end <= self.start]
        if self._is_daily():  # "for November it closed at 54.7 a day" is of that month
            mine = [replace(one, kind="one") if one.kind == "until" else one for one in mine]
        if self._came_since():
            return []
        found: list[tuple[Period, int]] = []
        if mine:
            one = self._in_order(mine) or nearest(self.sentence, self.anchor, mine) or mine[0]
            if one.span.whole_years and words("worst_month").search(self.text):
                one = next((two for two in mine if two.span.month), one)  # June, of last year
            rest = ((two, SENTENCE) for two in mine if two is not one)
            found = [(one, BEFORE if one.rough else self._told(one)), *rest]
        elif any(one.needs for one in self.sentence.periods):
            return []
        if all(one.kind == "same" or self._is_anothers(one) for one in mine):
            before = [(one, self.taken_up) for one in self.article.periods_before(self.index)]
            others = bool(mine) and mine[0].kind != "same"
            found = [*before, *found] if others else [*found, *before]
        if found and (found[0][0].kind in ("day", "until") or self._is_of_either(found[0][0])):
            return []  # no series is that fine, or the count has no beginning
        return [one for one in found if one[0].kind not in ("day", "until")]

    def _came_since(self) -> bool:
        """Tell whether a number is of what came since: "has since fallen to 59.5 from 86.9 in"."""
        known = self.article.periods_of(self.index)
        since = [one for one in known if one.kind == "day" and one.rough and one.end <= self.start]
        if not since or self.sentence.crossed(since[-1].end, self.start):
            return False
        after = (one for one in known if one.kind != "base" and one.start >= since[-1].end)
        return not any(one.start - self.end < 12 for one in after)

    def _is_of_either(self, one: Period) -> bool:
        """Tell whether a number may be of one of two months: 1,400 and 1,500 in May and June."""
        same = [two for two in self.sentence.quantities if two.stated.unit == self.unit]
        return one.joined and len(same) > 1

    def _is_anothers(self, one: Period) -> bool:
        """Tell whether a period stands just after another number: "..., against 33,350 in 2021"."""
        if self.unit != "persons" or self._previous() or 0 <= one.start - self.end <= 30:
            return False
        ends = [two.end for two in self.sentence.quantities if two.end > self.end]
        return any(0 <= one.start - end <= 5 for end in ends)

    def _spans(self) -> list[tuple[Span, int]]:
        """Return the periods a count may be of; a year earlier stands near its number."""
        found: list[tuple[Span, int]] = []
        if self._came_since():
            return found
        if self.first or self.second or self.left:
            two = self._of_two()
            if two or (self.first and not self.sentence.periods):
                return two  # "from 29 to 28 in a year": which year may not be told
        found += self._years_added()
        if found and tells("together", self.text):
            return found
        previous = self._previous()
        for one, told in self._periods():
            if previous and not found:
                found.append((shifted(one.span, -1), max(told, SENTENCE)))
            found += [(span, told) for span in self._ends(one)]
        for one in self.article.periods_of(self.index):
            if one.kind == "base":
                gap = max(one.start - self.end, self.start - one.end)
                if self.sentence.crossed(self.end, one.start):
                    gap = -1  # another number's
                first = 0 <= gap < 45 and self.unit != "percent" and self._is_base(one)
                near = first or (0 <= gap < 30 and one.end <= self.start)
                main = [two.span for two, _at in self._periods()] if one.same_months else []
                span = base_spans(one, main[0])[0] if main else one.span
                base = (span, CLAUSE_OWN if near else BEFORE)
                found.insert(0 if first else len(found), base)
        known: dict[Span, int] = {}
        for span, told in found:
            known.setdefault(span, told)
        return list(known.items())

    def _years_added(self) -> list[tuple[Span, int]]:
        """Return the years that one number may be the sum of: 3,761 "in 2023 and 2024"."""
        alike = [one for one in self.sentence.quantities if one.stated.unit == self.unit]
        each = tells("of_a_year", self.before[-60:]) or words("each_year").match(self.after)
        if len(alike) > 1 or each:
            return []
        known = [one for one in self.article.periods_of(self.index) if one.span.whole_years]
        said = [self.text[one.end : two.start].strip() for one, two in pairwise(known)]
        years = [int(one.span.first[:4]) for one in known if one.kind == "one"]
        listed = [",", "y"] if "y" in said else [",", "and"]
        if said != [*listed[:1] * (len(known) - 2), listed[1]] or len(years) != len(known):
            return []
        if years != list(range(years[0], years[0] + len(years))):
            return []
        return [(Span(known[0].span.first, known[-1].span.last), self._told(known[0]))]

    def _of_two(self) -> list[tuple[Span, int]]:
        """Return which of two periods told elsewhere an end of "from A to B" is of.

        Of two years; of a first and last month, or the same months of two years; of a year and the
        one before it, or a month and the last one known of, where one alone is told.
        """
        here = self.article.periods_of(self.index)
        moved = len(here) == 1 and tells("moved", self.text)
        if moved and (ends := self._from_one(here[0])):
            return ends
        told = [one for one, _at in self._periods() if one.ends]
        if len(told) == 1 and not self._is_of_before():
            span, end = told[0].span, _ends(told[0].span)[self.second]
            return [(end, SENTENCE), (span if self.second else shifted(span, -1), SENTENCE)]
        known = {one.span for one in here or self.article.periods_before(self.index)
                 if one.kind == "one" and one.span.whole_years}  # fmt: skip
        if len(known) != 2 or any(0 <= one.start - self.end < 15 for one in here):
            return []
        years = sorted(known, key=lambda one: one.first)
        return [(years[-1 if self.second else 0], SENTENCE if here else self.taken_up)]

    def _from_one(self, one: Period) -> list[tuple[Span, int]]:
        """Return which end of a change a number is, of which one period alone is told."""
        date, base = self.article.date, begun(self.text, one)
        if one.kind == "since" and base.month and date:
            last = month_before(date)
            return [(Span(last, last) if self.second else base, SENTENCE)]
        beside = self.end <= one.start and not self.sentence.crossed(self.end, one.start)
        if one.kind != "one" or not one.span.whole_years or (beside and not self.second):
            return []
        return [(one.span if self.second else shifted(one.span, -1), SENTENCE)]

    def _is_base(self, one: Period) -> bool:
        """Tell whether the base is the number's own year: "from 2,086 in 2011"."""
        if one.end <= self.start:  # "lower than in 2021, when it was 28"
            return words("when_it_was").match(self.text, one.end) is not None
        said = self.text[self.end : one.end]  # "4,333, down on 2020" is of another year
        moved = tells("rise", said) or tells("fall", said)
        moved = moved or tells("moved_by", self.text[self.end : one.start])
        return one.start - self.end < 30 and not moved and not self._difference_follows()

    def _difference_follows(self) -> bool:
        return tells("difference", self.after[:40])

    def _previous(self) -> bool:
        """Tell whether "a year earlier" follows, nearer than any other period or number.

        Or opens the clause: "A year earlier it had been 475".
        """
        periods, end = self.sentence.periods, self.end
        others = (one.start - end for one in periods if one.kind not in ("previous", "base"))
        reach = min([60, *(gap for gap in others if gap >= 0)])
        for one in (two for two in periods if two.kind == "previous"):
            near = 0 <= one.start - end < reach
            opens = one.end <= self.start and (
                tells("prefixed", self.text[: one.start])
                or words("when_it_was").match(self.text, one.end) is not None
            )
            between = (end, one.start) if near else (one.end, self.start)
            if (near or opens) and not self.sentence.crossed(*between):
                return True
        return False

    def _ends(self, one: Period) -> list[Span]:
        """Return the end of a pair that "from 8 to 16" tells, or all that lies between."""
        if one.kind != "pair" or one.other is None:
            return [one.span]
        starts = [two.start for two in self.sentence.quantities if two.stated.unit == self.unit]

        def said(name: str) -> bool:
            return any(tells(name, self.text[:start]) for start in starts)

        if tells("from_here", self.before) and said("to_here"):
            return [one.span]
        if tells("to_here", self.before) and said("from_here"):
            return [one.other]
        return [Span(one.span.first, one.other.last)]

    # --- cited facts ---

    def _facts(self) -> list[Candidate]:
        """Return what a cited fact may say of the number: its noun follows, or a sister's did."""
        found: list[Candidate] = []
        local = any(is_home(one.code) and one.code != "00" for one in self.sentence.places)
        if local or tells("women", self.after[:24]):
            return found  # what is cited is of the nation
        before = [] if self.sentence.things else self.article.before(self.index)
        goes_on = self.article.sentences[before[0]].text if before else ""
        for indicator, (about, counts, place) in lexicon.facts().items():
            if not about.search(self.text) and not about.search(goes_on):
                continue
            of_percent = counts.pattern == r"\b(?:percent)\b"
            change = self.unit == "percent" and not of_percent
            if change and (self.sentence.things or not self._change_near()):
                continue
            if not change and not self._is_counted(counts, of_percent):
                continue
            form: Form = "fact change" if change else "fact"
            times = self._between() if change else [(None, *one) for one in self._spans()]
            stated = self._stated("change") if change else self.quantity.stated
            found += [
                Candidate(Query(indicator, form, place, span, base), stated, told)
                for base, span, told in times[:3]
            ]
        return found

    def _is_counted(self, counts: re.Pattern[str], of_percent: bool) -> bool:
        if self.unit != "persons":
            return self.unit == "percent" and of_percent
        near = re.compile(r" (?:\w+ ){0,2}?(?:" + counts.pattern + ")")
        if near.match(self.after):
            return True
        sisters = [one.end for one in self.sentence.quantities if one.end <= self.start]
        return self._noun() == "bare" and any(near.match(self.text, end) for end in sisters)

    # --- all together ---

    def _candidates(self, things: list[Slot[Thing]]) -> list[Candidate]:
        places = self._places()
        states = {one.code for one in self.sentence.places if is_state(one.code)}
        if self.unit == "percent" and self.quantity.stated.words == "between" and len(states) > 1:
            return []  # rises of between 29 and 57 percent, in several states
        found = [
            one
            for form in self._forms()
            for thing in things
            for place in places
            for one in self._of(form, thing, place)
        ]
        return sorted(found, key=lambda one: one.told)[:MOST]

    def _of(self, form: Form, thing: Slot[Thing], place: Slot[str]) -> Iterator[Candidate]:
        """Yield the readings of a form, thing and place: one for each time it may be of."""
        name, code = self._name(thing.value.name, form), place.value
        if name is None:
            return
        if form in ("change", "difference") and tells("other_term", self.text):
            return  # fewer than under the successor
        basis = self._basis(thing.value)
        source = self._office() or ("sesnsp" if basis == "files" else "")
        query = Query(name, form, code, source=source, basis=basis)
        stated, told = self._stated(form), max(thing.told, place.told)
        if form == "change" and self._is_of_rate(thing.value):
            query = replace(query, form="rate change")
        times: list[tuple[dict[str, Any], int]]
        if form in ("change", "difference"):
            times = [
                ({"span": end, "base": base}, where)
                for base, end, where in self._between()
                if form == "change" or not end.open_end
            ]
            if form == "change":
                times += [
                    (self._of_term(one.span), at)
                    for one, at in self._periods()
                    if one.kind == "term" and not tells("term_compared", self.text[: one.start])
                ]
        elif form in ("state share", "top share"):
            several = len(parts(code)) > 1
            of_one = is_state(code) and not self._is_of_list()
            fits = several or of_one if form == "state share" else code == "00"
            states = self._states()
            spans = self._spans() if fits else []
            times = [({"span": span, "count": states}, where) for span, where in spans]
        else:
            times = [({"span": span}, where) for span, where in self._times(query)]
        for keys, where in times:
            yield Candidate(replace(query, **keys), stated, max(told, where))
        if form in ("change", "difference"):
            for base, end, where in self._months_apart():
                ends = replace(query, span=end, base=base)
                yield Candidate(ends, stated, max(told, where), alike=True)

    def _times(self, query: Query) -> Iterator[tuple[Span | None, int]]:
        """Yield the periods of a count, rate or share; None: a stock, of no period."""
        if query.form == "per day" and tells("began_here", self.before):
            yield from self._begun()
            return
        spans = self._spans()
        known = self.article.periods_of(self.index)
        if (
            query.form in ("share", "per day")
            and not spans
            and not any(one.kind in ("day", "until") for one in known)
        ):
            date = self.article.date  # without one the last whole year of each series
            yield (year(int(date[:4]) - 1) if date else None), SUPPOSED
        if query.thing == "missing" and query.form == "level":
            if self._is_of_days(spans):
                return
            if self._is_stock(spans):
                yield None, CLAUSE_OWN
        for span, where in spans:
            if span.term and tells("part_of_term", self.text):
                return  # of each term its first year, or what it began with
            if self._may_be_of(query, span, where):
                yield span, where

    def _begun(self) -> Iterator[tuple[Span, int]]:
        """Yield the months that a government "began with": its first, and the one before."""
        told = [one.span for one, _at in self._periods() if one.kind == "term"]
        date = self.article.date
        if not told and date and tells("a_term", self.before):
            told = [term_of(date)]
        for one in told[:1]:
            yield from ((Span(at, at), SENTENCE) for at in (month_before(one.first), one.first))

    def _is_of_days(self, spans: Sequence[tuple[Span, int]]) -> bool:
        """Tell whether persons disappeared between two days, or in a year that is not told."""
        here = self.article.periods_of(self.index)
        dated = {one.start for one in here}
        if any(one.needs and one.start not in dated for one in self.sentence.periods):
            return True  # so far in another year than that of the day
        days = (one for one in here if one.kind == "day")
        return not spans and any(
            one.other is not None or tells("opens_days", self.text[: one.start]) for one in days
        )

    def _is_stock(self, spans: Sequence[tuple[Span, int]]) -> bool:
        """Tell whether persons may be all who are missing, not those who disappeared in a time."""
        own = self._own()
        flow = self._is_flow() or (
            own is not None and any(0 <= one.start - own.end <= 12 for one in self.sentence.periods)
        )  # disappeared during 2024
        listed = tells("listed", self.text) and any(span.month for span, _at in spans[:1])
        closed = bool(spans) and (listed or tells("stock", self.text))
        closed = closed and any(one.kind == "one" for one, _at in self._periods()[:1])
        return not spans or (not flow and (closed or spans[0][1] >= BEFORE or self._is_apart()))

    def _is_flow(self) -> bool:
        """Tell whether the sentence says that persons disappeared, not that they are missing."""
        return any(tells("flow", self.text[one.start : one.end]) for one in self.sentence.things)

    def _is_apart(self) -> bool:
        """Tell whether the period is told behind another number and what that one counts."""
        start = next((one.start for one, _at in self._periods()), 0)
        others = (one for one in self.sentence.quantities if self.end <= one.start < start)
        other = next(others, None)
        return other is not None and any(
            other.end <= one.start < start and one.name != "missing" for one in self.sentence.things
        )

    def _basis(self, thing: Thing) -> str:
        """Return what is counted where that is told and is not the usual: see `Series`."""
        if thing.name == "missing":
            return "ever" if self._is_flow() and not tells("still_missing", self.text) else ""
        said = words("files_follow").match(self.after)
        if not said and thing in self.sentence.things:
            said = words("files_of").search(self.text[: thing.start])
            said = said or words("files_follow").match(self.text, thing.end)
        if said and tells("inquiry", said[0]):
            then = self.text[said.end() : said.end() + 40]
            if not tells("opened", self.text) and not tells("moved", then):
                return ""  # investigations that were closed, or led to nothing
        return "files" if said else ""

    def _may_be_of(self, query: Query, span: Span, where: int) -> bool:
        """Tell whether a form may be of a period so long, or told so far away."""
        if query.form == "rate" and not 360 < span.days < 400 and where >= BEFORE:
            return False  # rates are of a year unless their sentence says otherwise
        each = tells("of_a_year", self.before[-60:]) or words("each_year").match(self.after)
        if query.form == "level" and span.days > 400 and each:
            return False
        if span.days < {"per month": 60, "per year": 400}.get(query.form, 0):
            return False  # a mean of months needs some of them
        return query.form == "level" or span.term or not span.open_end

    def _name(self, name: str, form: Form) -> str | None:
        near = self._near(60, 60)
        if form == "share":
            return "firearm" if lexicon.by_firearm(self.text) else "women"
        if name == "homicide" and tells("firearm", near) and lexicon.by_firearm(self.text):
            return "firearm"
        if name == "homicide" and tells("women", near) and self.unit != "percent":
            return None  # women beside a count of everybody: which of the two is meant is open
        return name

    def _is_of_rate(self, thing: Thing) -> bool:
        """Tell whether what moves is a rate: its word stands at the thing, or where that would."""
        if thing not in self.sentence.things or thing.start >= self.end:
            return tells("rate_said", self.before)
        return tells("rate_said", self.text[max(0, thing.start - 25) : thing.end + 6])

    def _office(self) -> str:
        """Return who counts the number: the one office named, or of several its own.

        That stands before it with no other number in between, or after it where the first does.
        """
        if (one := lexicon.agency(self.text)) or self.unit == "percent":
            return one
        ends = [two.end for two in self.sentence.quantities if two.end <= self.start]
        before = lexicon.agency(self.text[ends[-1] if ends else 0 : self.start])
        first = self.sentence.quantities[0].start
        if any(pattern.search(self.text, 0, first) for _name, pattern in lexicon.named("agencies")):
            return before
        later = (two.start for two in self.sentence.quantities if two.start >= self.end)
        return lexicon.agency(self.text[self.end : next(later, len(self.text))])

    def _stated(self, form: Form) -> Stated:
        """Return the figure in the unit of its form; below zero where it fell."""
        stated, fell = self.quantity.stated, False
        if form in UNITS:
            return replace(stated, unit=UNITS[form])
        if form == "difference":
            fell = tells("fall", self.after[:60])
        elif form == "change" and stated.value >= 0 and not self.multiple:
            fell = self._way() < 0
        return _fallen(stated) if fell else stated

    def _between(self) -> list[tuple[Span, Span, int]]:
        """Return what a change may be measured between, the likeliest first."""
        known = self.article.periods_of(self.index)
        mine = [one for one in self._periods() if one[0].kind in ("one", "same", "pair", "since")]
        ends = [(one.span, told) for one, told in mine if one.kind in ("one", "same")]
        bases = [one for one in known if one.kind == "base"]
        near = nearest(self.sentence, self.quantity, bases)
        if near is not None:
            before = [one for one in self.article.periods_before(self.index) if one.kind == "one"]
            later = [one for one in ends if one[0].last > near.span.last] or [
                (one.span, BEFORE) for one in before if one.span.last > near.span.last
            ]
            ends = later or ends  # in 2007 three times as many as in 2011
            found = [(base, end, at) for end, at in ends[:2] for base in base_spans(near, end)]
            return found if ends else [(near.span, self._open(), SENTENCE)]
        if any(one.kind == "previous" for one in known):
            if not ends and not mine and self.article.date:
                ends = [(so_far(self.article.date), SUPPOSED)]
            if ends:
                return [(shifted(end, -1), end, told) for end, told in ends[:2]]
        for one, told in mine:
            if one.other is not None:
                return [(one.span, one.other, told)]
        for one, told in mine[: 1 if ends else None]:
            if one.kind == "since":
                return [(begun(self.text, one), self._open(), told)]
        here = sorted({span for span, told in ends if told <= SENTENCE}, key=lambda one: one.first)
        if len(here) == 2 and here[0].last < here[1].first:
            return [(here[0], here[1], CLAUSE_OWN)]
        return [one for end, told in ends[:1] for one in _through(end, told)]

    def _months_apart(self) -> list[tuple[Span, Span, int]]:
        """Return what a change told of months may be between, if not from the year before.

        Their first and last: "fell from February to June"; or what came before: "fell in June".
        """
        one, told = next(iter(self._periods()), (None, 0))
        if one is None or one.kind != "one" or self._is_of_before():
            return []
        if one.ends:
            return [(*_ends(one.span), told)]
        before = just_before(one.span)
        return [(before, one.span, told)] if before is not None else []

    def _of_term(self, span: Span) -> dict[str, Any]:
        """Return the ends of a change over a term: from its first year, or the one after.

        That of a term that goes on is from its first month, or the last of the one before.
        """
        if span.open_end:
            begun, left = span.first, month_before(span.first)
            return {
                "span": self._open(),
                "base": Span(begun, begun),
                "other_bases": (Span(left, left),),
            }
        first, last = int(span.first[:4]), int(span.last[:4])
        return {"span": year(last), "base": year(first), "other_bases": (year(first + 1),)}

    def _open(self) -> Span:
        """Return the end of a change that goes on: what is held, before the day of the article."""
        date = self.article.date
        return replace(OPEN, last=month_before(date)) if date else OPEN

    # --- whether a falsehood may be said ---

    def _is_sure(self, first: Candidate) -> bool:
        """Tell whether all is told in the number's own clause, with no rival and no guard."""
        query = first.query
        span, form = query.span, query.form
        if first.told > CLAUSE_OWN or form in GUARDED or span is None or span.open_end:
            return False
        places = {one.code for one in self.sentence.places}
        spans = [one for one in self.sentence.periods if one.kind != "previous"]
        wanted = 2 if form == "change" else 1
        guarded = (form == "rate" and span.days < 360) or tells("of_them", self.before)
        guarded = guarded or self._difference_follows()
        guarded = guarded or tells("of_another_kind", self.text) or tells("some_of_them", self.text)
        return len(places) == 1 and 1 <= len(spans) <= wanted and not guarded

    def _is_alone(self) -> bool:
        """Tell whether the sentence says nothing beside number, thing, place, period and office."""
        sentence = self.sentence
        before = (self.article.sentences[at].text for at in self.article.before(self.index))
        if (
            sentence.head is not None
            or len(sentence.quantities) != 1
            or any(lexicon.is_of_part(text) or tells("event", text) for text in before)
        ):
            return False
        letters = list(self.text)
        told: list[Stretch] = [self.quantity, *sentence.things, *sentence.places, *sentence.periods]
        for one in told:
            letters[one.start : one.end] = " " * (one.end - one.start)
        left = "".join(letters)
        for pattern in (*(one for _name, one in lexicon.named("agencies")), words("case_files"),
                        words("generic"), words("opened"), words("says_nothing")):  # fmt: skip
            left = pattern.sub(" ", left)
        return re.search(r"\w", left) is None


def base_spans(base: Period, end: Span) -> list[Span]:
    """Return what "than in 2018" may mean: the year, or the same months of it."""
    same = Span(
        f"{base.span.first[:4]}{end.first[4:]}",
        f"{int(base.span.first[:4]) + int(end.last[:4]) - int(end.first[:4])}{end.last[4:]}",
    )
    if not base.span.whole_years or end.whole_years or end.open_end:
        return [base.span]
    return [same] if base.same_months else [same, base.span]


def _through(end: Span, told: int) -> list[tuple[Span, Span, int]]:
    """Return what a change without a base is between: a year apart, or the ends of some years."""
    first, last = end.years
    if not end.whole_years or first == last:
        return [(shifted(end, -1), end, told)]
    return [(year(one), year(last), told) for one in (first - 1, first)]  # in the last seven years


def _ends(span: Span) -> tuple[Span, Span]:
    """Return the first and the last month of a period."""
    return Span(span.first, span.first), Span(span.last, span.last)


def begun(text: str, period: Period) -> Span:
    """Return the base of "since March 2020" (a month) or "since 2018" (a year)."""
    first = period.span.first
    named = tells("a_month", text[period.start : period.end])
    return Span(first, first) if named else year(int(first[:4]))


def _fallen(stated: Stated) -> Stated:
    """Return "fell more than 40 %" and its like as a change below zero."""
    value = -stated.value
    if stated.words == "between" and stated.upper is not None:
        return replace(stated, value=-stated.upper, upper=value)
    if stated.words == "more than":
        return replace(stated, value=value, words="less than")
    if stated.words == "less than":
        return replace(stated, value=value, words="range", upper=0.0)
    if stated.words == "nearly":
        return replace(stated, value=1.01 * value, words="range", upper=0.9 * value)
    return replace(stated, value=value)


def _is_function(word: str) -> bool:
    word = word.strip().split()[-1] if word.strip() else ""
    return not word or words("function").fullmatch(word) is not None or word in MONTHS


def _skip(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == " " else at
