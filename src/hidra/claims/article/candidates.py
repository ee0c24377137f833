"""From a number in its article to the few plausible ways of reading it, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from hidra.claims.article import lexicon
from hidra.claims.article.document import CLAUSE, PER, Article, Sentence, is_compared, nearest
from hidra.claims.article.forms import Form, Query
from hidra.claims.article.lexicon import Thing, tells, words
from hidra.claims.article.numbers import Quantity, modifier
from hidra.claims.article.periods import LATE, MONTHS, Period, shifted
from hidra.claims.article.places import FOREIGN, UNKNOWN, Mention, is_home
from hidra.claims.claim import Stated
from hidra.claims.figure import Span, year
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
LATEST = year(2024)  # the last year every built-in series covers
RATE = re.compile(r"\b(?:rates?|tasas?)\b[^;]{0,110}$")
RATES = re.compile(r"\b(?:tasas|rates)\b")
DAILY = re.compile(
    r"\b(?:daily (?:average|mean)|(?:promedio|media) diari[oa]|diariamente|averaged)\b[^;]{0,110}$"
)
STOCK = re.compile(
    r"\b(?:cierra|cerrara|cerro|acumula\w*|suma|hay|there (?:are|were)|end\w*|clos\w+|tiene|has"
    r"|siguen?|remain)\b"
)
FLOW = re.compile(r"ieron|vanished|went|gone|disappearances|desapariciones|han desap|have disap")
LINK = re.compile(
    r"\b(?:was|were|reached|total\w*|stood at|fue(?:ron)?|sum\w+|alcanz\w+|ascend\w+|lleg\w+"
    r"|hubo|registr\w+|cerr\w+|paso|pasaron|from|to|with|con|averag\w+|promedi\w+|is|are|es|son"
    r"|hit|number\w*"
    r"|recorded|counted|contabiliz\w+|acumul\w+|report\w+|baj\w+|sub\w+|cay\w+|rose|fell|de|a|en"
    r"|in|los|las)\b|[:,]"
)
OF_THEM = re.compile(
    r"\b(?:de (?:las|los) (?:cuales|que)|de ell[ao]s|entre ell[ao]s|of (?:which|whom|them|those"
    r"|these))\b[^.;]{0,25}$"
)
FROM = re.compile(
    r"(?<!total )(?<!cifra )(?<!saldo )(?<!promedio )(?<!tasa )(?<!numero )(?<!mas )(?<!menos )"
    r"\b(?:from|de|desde) (?:los |las )?$"
)
TO = re.compile(r"\b(?:to|a|hasta) (?:los |las )?$")
OTHER_THING = re.compile(
    r" ?(?:de|of|por|from|by) (?:el |la |los |las |the )?(?!homicid|femi)[a-z]{3,}"
)
WORD = re.compile(r" ?,? ?(?:(?:de|of) )?([a-z]+)")
FIREARM_SHARE = re.compile(
    r"\b(?:shares?|proportion|percentage|porcentaje|proporcion)\b[^;]{0,140}$"
)
WHEN = re.compile(r",? (?:que|when|cuando) (?:it |se |las? )?(?:fue|era|was|were|eran|hubo)")
SHARED = re.compile(
    r" (?:of|de) (?:the |los |las |all )?"
    r"(?:victim|cas|crim|homicid|muert|death|total|killing|asesin)"
)
OF_THE_NATION = re.compile(
    r"\b(?:(?:of the|del) (?:national )?total|del (?:total|pais)|de mexico|nacional(?:es)?"
    r"|of (?:the country|mexico|all|the nation)|nation'?s|country'?s|mexico's|national"
    r"|en (?:el pais|mexico)|in (?:the country|mexico))\b"
)
UNCERTAIN_YEAR = re.compile(r"\b(?:el ano pasado|last year)\b")


@dataclass(frozen=True)
class Candidate:
    """A way of reading a number; `told` is where the farthest of its parts is told."""

    query: Query
    stated: Stated
    told: int


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
    """

    start: int
    end: int
    stated: Stated
    candidates: tuple[Candidate, ...] = ()
    reason: Mapping[str, str] | None = None
    sure: bool = False


Value = TypeVar("Value", Thing, str)


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
    for quantity in (*sentence.quantities, *_multiples(sentence)):
        if PER.search(sentence.text[: quantity.start]) and quantity.stated.unit == "persons":
            continue  # the 100,000 of a rate
        found = _Number(article, index, sentence, quantity).statement()
        if found is not None:
            yield found


def is_guarded(sentence: Sentence) -> bool:
    """Tell whether a sentence asks, denies, promises or expects what it says."""
    return (
        "?" in sentence.text
        or "¿" in sentence.text
        or tells("denial", sentence.text)
        or tells("wish", sentence.text)
    )


def _multiples(sentence: Sentence) -> Iterator[Quantity]:
    """Yield "doubled", "more than tripled", "halved" as the percentages they mean."""
    for pattern, value in lexicon.multiples():
        for match in pattern.finditer(sentence.text):
            said, _ = modifier(sentence.text, match.start())
            stated = Stated(value, "about" if said == "exactly" else said, "percent", 100.0)
            yield Quantity(match.start(), match.end(), stated)


class _Number:
    """One number in its sentence: what it counts, how, where and when."""

    def __init__(self, article: Article, index: int, sentence: Sentence, quantity: Quantity):
        self.article, self.index, self.sentence, self.quantity = article, index, sentence, quantity
        self.text = sentence.text
        self.before, self.after = self.text[: quantity.start], self.text[quantity.end :]
        self.unit, self.value = quantity.stated.unit, quantity.stated.value
        self.taken_up = BEFORE if sentence.head is None else SENTENCE  # a list has its head's words

    def statement(self) -> Statement | None:
        """Return what the figure states, if anything may be said of it."""
        facts = self._facts()
        found = self._of_series() or Statement(
            self.quantity.start, self.quantity.end, self.quantity.stated
        )
        if facts and found.reason is None:
            return replace(found, candidates=(*found.candidates, *facts), sure=False)
        return found if found.candidates or found.reason else None

    def _of_series(self) -> Statement | None:
        noun = self._noun()
        things = self._things(noun)
        if noun == "other" or not things:
            return None
        another = tells("of_another_kind", self._around(things[0])) and self.unit != "percent"
        if another and not (self._is_rate() and self._is_part()):
            return None
        if self._is_part():
            said = self._periods() and self._places() and self.value >= FEW
            return self._statement(reason=SUBGROUP) if said else None
        if self._is_event(things[0]):
            return None
        found = self._candidates(things)
        return self._statement(found) if found else None

    def _statement(
        self, found: Sequence[Candidate] = (), reason: Mapping[str, str] | None = None
    ) -> Statement:
        stated = found[0].stated if found else self.quantity.stated
        start, end = self.quantity.start, self.quantity.end
        return Statement(
            start, end, stated, tuple(found[:MOST]), reason, bool(found) and self._is_sure(found[0])
        )

    # --- what it counts ---

    def _noun(self) -> str:
        """Return what kind of word follows: the thing itself, a noun for it, none, another noun."""
        if self.unit in ("percent", "minutes"):
            return "other" if self._is_of_other() else "bare"
        own = self._own()
        if own is not None:
            return "own"
        after = self.after
        bare = after.lstrip()
        if any(words(name).match(bare) for name in ("per_100000", "per_day", "states")):
            return "bare"
        generic = re.match(rf" (?:de )?(?:\w+ )?{words('generic').pattern}", after)
        if generic:
            return "other" if self._is_named(generic.end()) else "generic"
        if tells("women", after[:16]):
            return (
                "generic" if any(one.name == "women" for one in self.sentence.things) else "other"
            )
        word = WORD.match(after)
        said = word is not None and not _is_function(word[1])
        return "other" if said and not self._is_slot(word.start(1), 1) else "bare"  # type: ignore[union-attr]

    def _is_of_other(self) -> bool:
        """Tell whether a percentage is of something else: of the budget, of the complaints."""
        near = self.after[:20]
        moved = tells("rise", near) or tells("fall", near)
        shared = SHARED.match(self.after) is not None and tells("share_verb", self.text)
        return self.unit == "percent" and self._is_named(0) and not moved and not shared

    def _is_named(self, end: int) -> bool:
        """Tell whether a general noun is of something not counted here: victims of extortion."""
        named = OTHER_THING.match(self.after[end:])
        at = self.quantity.end + end
        thing = any(0 <= one.start - at < 16 for one in self.sentence.things)
        if named is None or thing or self._is_slot(end, 16):
            return False
        return not _is_function(named.group())

    def _is_slot(self, start: int, reach: int) -> bool:
        """Tell whether a place or period begins just there, or lies over it."""
        at = self.quantity.end + start
        slots = [(one.start, one.end) for one in self.sentence.places]
        slots += [(one.start, one.end) for one in self.sentence.periods]
        return any(first - reach < at < last or 0 <= first - at < reach for first, last in slots)

    def _own(self) -> Thing | None:
        end = self.quantity.end
        for one in self.sentence.things:
            if end - 1 <= one.start:
                gap = self.text[end : one.start]
                clean = not re.search(r"[;.(),:]|\b(?:and|y|while|mientras|en|in)\b", gap)
                some = tells("sex", gap) or tells("some_of_them", gap)
                clean = clean and not (some and one.name not in ("women", "femicide"))
                clean = clean and len(gap) <= 28 and not self.sentence.crossed(end, one.start)
                return one if clean else None
        return None

    def _things(self, noun: str) -> list[Slot[Thing]]:
        own = self._own()
        if own is not None and self.unit != "percent":
            both = tells("both_kinds", self.text) and not re.search(
                r"dolos|intention", self._words(Slot(own, 0))
            )
            return [] if both else [Slot(own, CLAUSE_OWN)]
        found: list[Slot[Thing]] = []
        before = [one for one in self.sentence.things if one.end <= self.quantity.start]
        after = [one for one in self.sentence.things if one.start >= self.quantity.end - 1]
        if after and (self.unit == "percent" or not before):
            gap = self.text[self.quantity.end : after[0].start]
            clear = len(gap) <= 70 and not re.search(r"\b(?:and|y|while|mientras)\b", gap)
            clear = clear and not self.sentence.crossed(self.quantity.end, after[0].start)
            if not re.search(r"[;.(),]", gap):
                found.append(Slot(after[0], CLAUSE_OWN if clear else SENTENCE))
        for one in reversed(before):
            gap = self.text[one.end : self.quantity.start]
            clear = (
                len(gap) <= 110
                and not CLAUSE.search(gap)
                and self.sentence.crossed(one.end, self.quantity.start) <= 1
            )
            clear = clear and (not gap.strip() or LINK.search(gap) is not None)
            told = Slot(one, CLAUSE_OWN if clear else SENTENCE)
            found = (
                [told, *found]
                if clear and not (found and found[0].told == CLAUSE_OWN)
                else [*found, told]
            )
        if (
            after
            and before
            and self.unit != "percent"
            and not CLAUSE.search(self.text[self.quantity.end : after[0].start])
        ):
            found.append(Slot(after[0], SENTENCE))
        if tells("both_kinds", self.text):
            found = [one for one in found if re.search(r"dolos|intention", self._words(one))]
            return found[:1]
        if not found:
            found = [Slot(one, self.taken_up) for one in self.article.things_before(self.index)]
            if (
                noun == "bare"
                and self.unit == "persons"
                and not self._takes_up()
                and not self._is_daily()
            ):
                return []
            main = self.article.main_thing
            found += [Slot(main, SUPPOSED)] if main is not None else []
        unique: dict[str, Slot[Thing]] = {}
        for slot in found:
            unique.setdefault(slot.value.name, slot)
        return list(unique.values())[:3]

    def _words(self, slot: Slot[Thing]) -> str:
        return self.text[slot.value.start : slot.value.end]

    def _takes_up(self) -> bool:
        """Tell whether a sentence without a thing of its own goes on about the one before."""
        return bool(self.sentence.periods or self.sentence.places) or self.sentence.head is not None

    def _is_part(self) -> bool:
        """Tell whether the number is about some of the victims: a profession, a sex in a rate."""
        near = self.text[max(0, self.quantity.start - 40) : self.quantity.end + 60]
        if self._is_rate():
            return lexicon.is_of_part(self.text[max(0, self.quantity.start - 60) :])
        return self.unit == "persons" and tells("some_of_them", near)

    def _around(self, thing: Slot[Thing]) -> str:
        one: Thing = thing.value
        start, end = self.quantity.start, self.quantity.end
        if thing.told == CLAUSE_OWN and one.end - start < 130:
            start, end = min(start, one.start), max(end, one.end)
            if one.end < self.quantity.start and self.sentence.crossed(
                one.end, self.quantity.start
            ):
                start = self.quantity.start
        after = re.split(r"[,;:.]| [-–—] ", self.text[end : end + 45])[0]
        sister = next((two.start for two in self.sentence.quantities if two.start >= end), end + 45)
        return self.text[max(0, start - 25) : end] + after[: sister - end]

    def _is_event(self, thing: Slot[Thing]) -> bool:
        """Tell whether a count of people killed is news of one event rather than a statistic."""
        one: Thing = thing.value
        if self.unit != "persons" or self._is_rate() or self._is_daily():
            return False
        if self.value < FEW:
            return True
        event = tells("event", self.text)
        if lexicon.agency(self.text) and not event:
            return False
        return (not one.noun and self.value < 300 and one.name == "homicide") or (
            event and self.value < 1000
        )

    # --- how: its form ---

    def _is_rate(self) -> bool:
        if self.unit != "persons":
            return False
        per = words("per_100000").search(self.after[:70])
        if per:
            return not self.sentence.crossed(self.quantity.end, self.quantity.end + per.start())
        if self.value < SMALL_RATE and not self.sentence.things and RATES.search(self.after):
            return True
        return self.value < SMALL_RATE and (
            bool(RATE.search(self.before)) or self._like("per_100000") or self._head(RATE)
        )

    def _is_daily(self) -> bool:
        if self.unit != "persons":
            return False
        per = words("per_day").search(self.after[:55])
        if per and not self.sentence.crossed(self.quantity.end, self.quantity.end + per.start()):
            return (
                not CLAUSE.search(self.after[: per.start()])
                and "," not in self.after[: per.start()]
            )
        every = re.search(r"\b(?:cada dia|every day|each day|diariamente)\b", self.before)
        return bool(DAILY.search(self.before)) or (
            self.value < 200 and (bool(every) or self._head(DAILY))
        )

    def _like(self, name: str) -> bool:
        """Tell whether a bare number follows another of the sentence that has that form."""
        for other in self.sentence.quantities:
            if other.end <= self.quantity.start and words(name).match(
                self.text, _skip(self.text, _noun_end(self.text, other.end))
            ):
                return True
        return False

    def _head(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether the head of the list, or the sentence before, tells the form."""
        head = self.sentence.head
        return head is not None and bool(pattern.search(self.article.sentences[head].text + " "))

    def _forms(self) -> list[Form]:
        if any(pattern.match(self.text, self.quantity.start) for pattern, _ in lexicon.multiples()):
            return ["change"]
        if self.unit == "percent":
            return self._shares()
        form: Form = "level"
        own = self._own()
        after = self.text[own.end if own else self.quantity.end :][:40]
        if self.unit == "minutes":
            form = "minutes"
        elif self._is_rate():
            form = "rate"
        elif self._is_daily():
            form = "per day"
        elif words("per_other").search(self.after[:55]):
            return []
        elif re.match(rf" ?(?:\w+ ){{0,1}}{words('difference').pattern}", after):
            form = "difference"
        return [form]

    def _shares(self) -> list[Form]:
        """Return what a percentage may be: a share of the victims, of a state, or a change."""
        found: list[Form] = []
        of_them = re.match(
            r"\W*(?:(?:of|de) )?(?:the |all |los |las |estos |these )*(?:\w+ )?(?:"
            + words("homicide").pattern
            + r"|(?:homicide )?victims?\b|victimas\b|muertes\b)",
            self.after[:90],
        )
        share = bool(of_them) or bool(FIREARM_SHARE.search(self.before))
        if share and (tells("firearm", self.text) or tells("women", self.after[:90])):
            return ["share"]
        if tells("share_verb", self.text) and (OF_THE_NATION.search(self.text) or self._states()):
            found.append("top share" if self._states() else "state share")
        moved = lexicon.sign(self.text, self.quantity.start, self.quantity.end)
        if moved and not (found and of_them):
            found.insert(0 if self._change_near() else len(found), "change")
        return found

    def _change_near(self) -> bool:
        near = self.text[max(0, self.quantity.start - 30) : self.quantity.end + 14]
        return tells("rise", near) or tells("fall", near)

    def _states(self) -> int:
        """Return of how many states the sentence speaks: "six states hold ..."."""
        for one in self.sentence.quantities:
            if one.stated.unit == "persons" and words("states").match(
                self.text, _skip(self.text, one.end)
            ):
                return int(one.stated.value) if 1 < one.stated.value < 32 else 0
        return 0

    # --- where ---

    def _places(self) -> list[Slot[str]]:
        sentence, named = self.sentence, self.sentence.places
        free = [one for one in named if not is_compared(sentence, one) and not one.owns]
        here = free or named
        if here:
            one = nearest(sentence, self.quantity, here, crossing=15, breaking=60)
            one = self._city(one, here) if one else self._only(here)
            if one is None or not is_home(one.code):
                return []
            told = CLAUSE_OWN if self._in_clause(one.start, one.end) else SENTENCE
            others = [two.code for two in here if two.code != one.code and is_home(two.code)]
            return [
                Slot(one.code, told),
                *(Slot(code, SENTENCE) for code in dict.fromkeys(others)),
            ][:3]
        before = self.article.places_before(self.index)
        if before:
            if before[0] in (FOREIGN, UNKNOWN):
                return []
            codes = [one for one in dict.fromkeys(before) if is_home(one)]
            codes += ["00"] if "00" not in codes and len(codes[0]) == 2 else []
            return [Slot(code, self.taken_up) for code in codes][:3]
        return [Slot("00", SENTENCE)] if self.article.mexican else []

    def _only(self, here: Sequence[Mention]) -> Mention | None:
        """Return the place of a long sentence that names no other."""
        return here[0] if len({one.code for one in here}) == 1 else None

    def _city(self, one: Mention, here: Sequence[Mention]) -> Mention:
        """Return the city a sentence is about where its state or nation is named beside it."""
        for city in here:
            if len(city.code) == 5 and one.code in ("00", city.code[:2]):
                first, last = sorted(((city.start, city.end), (one.start, one.end)))
                if not self.sentence.crossed(first[1], last[0]) and not CLAUSE.search(
                    self.text[first[1] : last[0]]
                ):
                    return city
        return one

    def _in_clause(self, start: int, end: int) -> bool:
        first, last = sorted(((self.quantity.start, self.quantity.end), (start, end)))
        between = self.text[first[1] : last[0]]
        return not CLAUSE.search(between) and not self.sentence.crossed(first[1], last[0])

    # --- when ---

    def _periods(self) -> list[tuple[Period, int]]:
        known = self.article.periods_of(self.index)
        mine = [one for one in known if one.kind not in ("base", "previous", "history")]
        found: list[tuple[Period, int]] = []
        if mine:
            one = nearest(self.sentence, self.quantity, mine) or mine[0]
            told = CLAUSE_OWN if self._in_clause(one.start, one.end) else SENTENCE
            found = [(one, told), *((two, SENTENCE) for two in mine if two is not one)]
        elif any(one.needs for one in self.sentence.periods):
            return []
        if not mine or all(one.kind == "same" or self._is_anothers(one) for one in mine):
            before = [(one, self.taken_up) for one in self.article.periods_before(self.index)]
            others = bool(mine) and mine[0].kind != "same"
            found = [*before, *found] if others else [*found, *before]
        if found and found[0][0].kind in ("day", "until"):
            return []  # no series is that fine, or the count has no beginning
        return [one for one in found if one[0].kind not in ("day", "until")]

    def _is_anothers(self, one: Period) -> bool:
        """Tell whether a period stands just after another number: "..., against 33,350 in 2021"."""
        if self.unit != "persons" or self._previous() or 0 <= one.start - self.quantity.end <= 30:
            return False
        ends = [two.end for two in self.sentence.quantities if two.end > self.quantity.end]
        return any(0 <= one.start - end <= 5 for end in ends)

    def _spans(self) -> list[tuple[Span, int]]:
        """Return the periods a count may be of; a year earlier stands near its number."""
        found: list[tuple[Span, int]] = []
        previous = self._previous()
        for one, told in self._periods():
            if previous and not found:
                found.append((shifted(one.span, -1), max(told, SENTENCE)))
            found += [(span, told) for span in self._ends(one)]
        for one in self.article.periods_of(self.index):
            if one.kind == "base":
                near = (
                    0 <= one.start - self.quantity.end < 30
                    or 0 <= self.quantity.start - one.end < 30
                )
                spans = [(one.span, CLAUSE_OWN if near else SENTENCE)]
                found = (
                    spans + found
                    if near and self.unit != "percent" and self._is_base(one)
                    else found + spans
                )
        return _unique(found)

    def _is_base(self, one: Period) -> bool:
        """Tell whether the base is the number's own year: "from 2,086 in 2011"."""
        if one.end <= self.quantity.start:  # "lower than in 2021, when it was 28"
            return WHEN.match(self.text, one.end) is not None
        return not self._difference_follows()

    def _difference_follows(self) -> bool:
        return bool(words("difference").search(self.after[:40]))

    def _previous(self) -> bool:
        """Tell whether "a year earlier" follows, nearer than any other period or number.

        Or opens the clause: "A year earlier it had been 475".
        """
        start, end = self.quantity.start, self.quantity.end
        periods_ = self.sentence.periods
        later = [
            one.start - end
            for one in periods_
            if one.kind not in ("previous", "base") and one.start >= end
        ]
        for one in (two for two in periods_ if two.kind == "previous"):
            near = 0 <= one.start - end < min([60, *later])
            opens = one.end <= start and re.search(r"(?:^|[,;:.] )$", self.text[: one.start])
            between = (end, one.start) if near else (one.end, start)
            if (near or opens) and not self.sentence.crossed(*between):
                return True
        return False

    def _ends(self, one: Period) -> list[Span]:
        """Return the end of a pair that "from 8 to 16" tells, or all that lies between."""
        if one.kind != "pair" or one.other is None:
            return [one.span]
        whole = Span(one.span.first, one.other.last)
        numbers = [two for two in self.sentence.quantities if two.stated.unit == self.unit]
        if FROM.search(self.before) and any(TO.search(self.text[: two.start]) for two in numbers):
            return [one.span]
        if TO.search(self.before) and any(FROM.search(self.text[: two.start]) for two in numbers):
            return [one.other]
        return [whole]

    # --- cited facts ---

    def _facts(self) -> list[Candidate]:
        """Return what a cited fact may say of the number: its noun follows, or a sister's did."""
        found = []
        for indicator, (about, counts) in lexicon.facts().items():
            if not about.search(self.text) and not about.search(self._said_before()):
                continue
            change = self.unit == "percent" and counts.pattern != r"\b(?:percent)\b"
            if change and (self.sentence.things or not self._change_near()):
                continue
            if not change and not self._is_counted(counts):
                continue
            form: Form = "fact change" if change else "fact"
            times = self._between() if change else [(None, *one) for one in self._spans()]
            for base, span, told in times[:3]:
                query = Query(indicator, form, span=span, base=base)
                stated = self._stated("change") if change else self.quantity.stated
                found.append(Candidate(query, stated, told))
        return found

    def _said_before(self) -> str:
        """Return the sentence that one without a thing of its own goes on from."""
        before = [] if self.sentence.things else self.article.before(self.index)
        return self.article.sentences[before[0]].text if before else ""

    def _is_counted(self, counts: re.Pattern[str]) -> bool:
        if self.unit == "percent":
            return counts.pattern == r"\b(?:percent)\b"
        if self.unit != "persons":
            return False
        near = re.compile(r" (?:\w+ ){0,2}?(?:" + counts.pattern + ")")
        if near.match(self.after):
            return True
        sisters = [one for one in self.sentence.quantities if one.end <= self.quantity.start]
        return self._noun() == "bare" and any(near.match(self.text, one.end) for one in sisters)

    # --- all together ---

    def _candidates(self, things: list[Slot[Thing]]) -> list[Candidate]:
        found: list[Candidate] = []
        places = self._places()
        for form in self._forms():
            for thing in things:
                for place in places:
                    found += self._of(form, thing, place)
        return sorted(found, key=lambda one: one.told)[:MOST] if len(found) > 1 else found

    def _of(self, form: Form, thing: Slot[Thing], place: Slot[str]) -> Iterator[Candidate]:
        name: str = thing.value.name
        code = place.value
        told = max(thing.told, place.told)
        source = lexicon.agency(self.text)
        name_ = self._name(name, form)
        if name_ is None:
            return
        query = Query(name_, form, code, source=source)
        stated = self._stated(form)
        if form == "change":
            for base, end, where in self._between():
                yield Candidate(replace(query, span=end, base=base), stated, max(told, where))
            for one, where in self._periods():
                if one.kind == "term":
                    first, last = int(one.span.first[:4]), int(one.span.last[:4])
                    over = replace(query, span=year(last), base=year(first))
                    over = replace(over, other_bases=(year(first + 1),))
                    yield Candidate(over, stated, max(told, where))
        elif form == "difference":
            for base, end, where in self._between():
                yield Candidate(replace(query, span=end, base=base), stated, max(told, where))
        elif form in ("state share", "top share"):
            if (form == "state share") == is_state(code) or (form == "top share" and code == "00"):
                for span, where in self._spans():
                    yield Candidate(
                        replace(query, span=span, count=self._states()), stated, max(told, where)
                    )
        else:
            yield from self._at_times(query, stated, told)

    def _at_times(self, query: Query, stated: Stated, told: int) -> Iterator[Candidate]:
        spans = self._spans()
        stock = query.thing == "missing" and query.form == "level"
        if query.form == "share" and not spans:
            yield Candidate(replace(query, span=LATEST), stated, max(told, SUPPOSED))
        closed = bool(spans) and STOCK.search(self.text) and self._periods()[0][0].kind == "one"
        flow = any(FLOW.search(self.text[one.start : one.end]) for one in self.sentence.things)
        if stock and (not spans or (not flow and (closed or spans[0][1] >= BEFORE))):
            yield Candidate(query, stated, told)
        if query.form == "per day" and not spans:
            yield Candidate(replace(query, span=LATEST), stated, max(told, SUPPOSED))
        for span, where in spans:
            if span.open_end and query.form != "level":
                continue
            yield Candidate(replace(query, span=span), stated, max(told, where))

    def _name(self, name: str, form: Form) -> str | None:
        near = self.text[max(0, self.quantity.start - 60) : self.quantity.end + 60]
        if form == "share":
            return "firearm" if tells("firearm", self.text) else "women"
        if name == "homicide" and tells("firearm", near):
            return "firearm"
        if name == "homicide" and tells("women", near) and self.unit != "percent":
            return None  # women beside a count of everybody: which of the two is meant is open
        return name

    def _stated(self, form: Form) -> Stated:
        stated = self.quantity.stated
        units = {"rate": "per 100,000", "per day": "per day", "minutes": "minutes"}
        if form in units:
            return replace(stated, unit=units[form])
        if form == "difference":
            way = lexicon.words("fall").search(self.after[:60])
            return _fallen(stated) if way else stated
        if form != "change" or stated.value < 0:
            return stated
        multiple = any(
            pattern.match(self.text, self.quantity.start) for pattern, _ in lexicon.multiples()
        )
        way_ = 1 if multiple else lexicon.sign(self.text, self.quantity.start, self.quantity.end)
        return _fallen(stated) if way_ < 0 else stated

    def _between(self) -> list[tuple[Span, Span, int]]:
        """Return what a change may be measured between, the likeliest first."""
        known = self.article.periods_of(self.index)
        found: list[tuple[Span, Span, int]] = []
        mine = [
            (one, told)
            for one, told in self._periods()
            if one.kind in ("one", "same", "pair", "since")
        ]
        ends = [(one.span, told) for one, told in mine if one.kind in ("one", "same")]
        bases = [one for one in known if one.kind == "base"]
        pair = next((one for one, _ in mine if one.kind == "pair" and one.other), None)
        near = nearest(self.sentence, self.quantity, bases) if bases else None
        if near is not None:
            for end, told in ends[:2]:
                found += [(base, end, told) for base in _bases(near, end)]
            if not ends:
                found.append((near.span, OPEN, SENTENCE))
        elif any(one.kind == "previous" for one in known) and ends:
            found += [(shifted(end, -1), end, told) for end, told in ends[:2]]
        elif pair is not None and pair.other is not None:
            found.append((pair.span, pair.other, next(told for one, told in mine if one is pair)))
        else:
            found += self._without_base(mine, ends)
        return found

    def _without_base(
        self, mine: list[tuple[Period, int]], ends: list[tuple[Span, int]]
    ) -> list[tuple[Span, Span, int]]:
        since = next(((one, told) for one, told in mine if one.kind == "since"), None)
        here = sorted({span for span, told in ends if told <= SENTENCE}, key=lambda one: one.first)
        if since is not None:
            return [(_since(self.text, since[0]), OPEN, since[1])]
        if len(here) == 2:
            return [(here[0], here[1], CLAUSE_OWN)]
        return [(shifted(end, -1), end, told) for end, told in ends[:1]]

    # --- whether a falsehood may be said ---

    def _is_sure(self, first: Candidate) -> bool:
        """Tell whether all is told in the number's own clause, with no rival and no guard."""
        if first.told > CLAUSE_OWN or first.query.form in (
            "difference",
            "state share",
            "top share",
            "minutes",
        ):
            return False
        places = {one.code for one in self.sentence.places}
        spans = [one for one in self.sentence.periods if one.kind != "previous"]
        wanted = 2 if first.query.form == "change" else 1
        span = first.query.span
        part = span is not None and first.query.form == "rate" and span.days < 360
        guarded = part or (span is not None and span.open_end) or first.query.span is None
        guarded = guarded or OF_THEM.search(self.before) is not None or self._difference_follows()
        guarded = guarded or tells("of_another_kind", self.text) or tells("some_of_them", self.text)
        return len(places) == 1 and 1 <= len(spans) <= wanted and not guarded


def _bases(base: Period, end: Span) -> list[Span]:
    """Return what "than in 2018" may mean: the year, or the same months of it."""
    same = Span(
        f"{base.span.first[:4]}{end.first[4:]}",
        f"{int(base.span.first[:4]) + int(end.last[:4]) - int(end.first[:4])}{end.last[4:]}",
    )
    if not base.span.whole_years or end.whole_years or end.open_end:
        return [base.span]
    return [same] if base.same_months else [same, base.span]


def _since(text: str, period: Period) -> Span:
    """Return the base of "since March 2020" (a month) or "since 2018" (a year)."""
    first = period.span.first
    named = any(re.search(rf"\b{name}\b", text[period.start : period.end]) for name in MONTHS)
    return Span(first, first) if named else year(int(first[:4]))


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


def _unique(found: Sequence[tuple[Span, int]]) -> list[tuple[Span, int]]:
    known: dict[Span, int] = {}
    for span, told in found:
        known.setdefault(span, told)
    return list(known.items())


def _is_function(word: str) -> bool:
    word = word.strip().split()[-1] if word.strip() else ""
    return not word or words("function").fullmatch(word) is not None or word in MONTHS


def _skip(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == " " else at


def _noun_end(text: str, at: int) -> int:
    thing = re.compile(rf" ?{words('homicide').pattern}").match(text, at)
    return thing.end() if thing else at
