"""What a number of an article counts: the thing or a part of it; and how, its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hidra.claims.article import lexicon, where
from hidra.claims.article.document import CLAUSE_OWN, SENTENCE, SUPPOSED, Number, Slot, is_compared
from hidra.claims.article.forms import Form
from hidra.claims.article.lexicon import MONTHS, Thing, tells, words
from hidra.claims.article.numbers import modifier
from hidra.claims.article.places import Mention, together
from hidra.claims.claim import Stated
from hidra.core.place import is_state

FEW = 10  # below this a number of people killed is news of one event, not a statistic
LEFT = re.compile(r"\b(?:to|a)(?: (?:just|only|solo|apenas))? $")
SMALL_RATE = 250.0
MEANS: tuple[Form, ...] = ("per day", "per month", "per year")
UNITS = {"rate": "per 100,000", "minutes": "minutes", **{one: one for one in MEANS}}
#: 463 more homicides, 463 homicidios más; not "994 homicides, more than double".
ADDED = re.compile(
    r" (?:mas|more|menos|fewer|less)\b(?! (?:than|del?) (?:half|doubl|twice|\d|la mitad|doble))"
)
#: After a part of what it is measured by: a third of the 1,625, half as many, la mitad que en 2021.
MEASURED = re.compile(r" (?:of|del?|que|the|as|that|l[aoe]s?|el)\b")


def noun(n: Number) -> str:
    """Return what kind of word follows: the thing itself, a noun for it, none, another noun."""
    if n.unit in ("percent", "minutes"):
        return "other" if _is_of_other(n) else "bare"
    if n.own() is not None:
        return "own"
    bare = n.after.lstrip()
    if any(words(name).match(bare) for name in ("per_100000", "per_day", "states")):
        return "bare"
    generic = re.match(rf" (?:de )?(?:\w+ )?{words('generic').pattern}", n.after)
    if generic:
        other = _is_named(n, generic.end()) or _is_done_to(n, generic.end())
        return "other" if other else "generic"
    if tells("women", n.after[:16]):
        women = any(one.name == "women" for one in n.sentence.things)
        return "generic" if women else "other"
    word = words("next_word").match(n.after)
    said = word is not None and not _is_function(word[1]) and n.after[:1] != ","
    return "other" if said and not n.is_slot(word.start(1), 1) else "bare"  # type: ignore[union-attr]


def _is_of_other(n: Number) -> bool:
    """Tell whether a percentage is of something else: of the budget, of the complaints."""
    near = n.after[:20]
    shared = words("shared").match(n.after) is not None and tells("share_verb", n.text)
    told = shared or tells("rise", near) or tells("fall", near)
    return n.unit == "percent" and _is_named(n, 0) and not told


def _is_named(n: Number, end: int) -> bool:
    """Tell whether a general noun is of something not counted here: victims of extortion."""
    named = words("other_thing").match(n.after[end:])
    thing = any(0 <= one.start - n.end - end < 16 for one in n.sentence.things)
    free = named is not None and not thing and not n.is_slot(end, 16)
    return free and not _is_function(named.group())  # type: ignore[union-attr]


def _is_done_to(n: Number, end: int) -> bool:
    """Tell whether people are counted to whom something else was done: arrested, wounded."""
    said = re.split(r"[,;.]| (?:and|y) ", n.after[end : end + 60])[0]
    return tells("done_to", said) and not tells("killed", said)


def things(n: Number, noun: str) -> list[Slot[Thing]]:
    """Return what the number may count, the likeliest first; at most three."""
    own = n.own()
    if own is not None and _may_be_femicide(n, own):
        femicide = next(one for one in n.sentence.things if one.name == "femicide")
        return [Slot(own, SUPPOSED), Slot(femicide, SUPPOSED)]
    if own is not None and n.unit != "percent":
        both = tells("both_kinds", n.text) and not _is_intended(n, own)
        return [] if both else [Slot(own, CLAUSE_OWN)]
    found = _things_here(n)
    if tells("both_kinds", n.text):
        return [one for one in found if _is_intended(n, one.value)][:1]
    if not found:
        goes_on = n.sentence.periods or n.sentence.places or n.sentence.head is not None
        alone = noun == "bare" and n.unit == "persons" and not goes_on
        if alone and not is_daily(n):
            return []
        found = [Slot(one, n.taken_up) for one in n.article.things_before(n.index)]
        main = n.article.main_thing
        found += [Slot(main, SUPPOSED)] if main is not None else []
    unique: dict[str, Slot[Thing]] = {}
    for slot in (_taken_up_by(n, one) for one in found):
        unique.setdefault(slot.value.name, slot)
    return list(unique.values())[:3]


def _taken_up_by(n: Number, slot: Slot[Thing]) -> Slot[Thing]:
    """Return what "these homicides" takes up: the women killed that were counted before."""
    one = slot.value
    if not words("these").search(n.text[: one.start]) or one not in n.sentence.things:
        return slot
    earlier = [two for two in n.sentence.things if two.end <= one.start]
    before = earlier[-1:] or n.article.things_before(n.index)
    return Slot(before[0], max(slot.told, SENTENCE)) if before else slot


def _may_be_femicide(n: Number, own: Thing) -> bool:
    """Tell whether women killed are counted as femicides, with no other number in between."""
    found = [one for one in n.sentence.things if one.name == "femicide"]
    after = [one for one in found if one.start >= own.end][:1]
    after = [
        one for one in after if not re.search(r"[,;]| (?:y|and) $", n.text[own.end : one.start])
    ]
    before = [one for one in found if one.end <= n.start]
    crossed = n.sentence.crossed
    return own.name == "women" and (
        any(not crossed(own.end, one.start) for one in after)
        or any(not crossed(one.end, n.start) for one in before)
    )


def _things_here(n: Number) -> list[Slot[Thing]]:
    """Return the things of the sentence around the number, each clear of others or not."""
    sentence, found = n.sentence, list[Slot[Thing]]()
    before = [one for one in sentence.things if one.end <= n.start]
    after = next((one for one in sentence.things if one.start >= n.end - 1), None)
    gap = n.text[n.end : after.start] if after else ""
    if after and (n.unit == "percent" or not before) and not re.search(r"[;.(),]", gap):
        near = len(gap) <= 70 and not sentence.crossed(n.end, after.start)
        clear = near and not tells("and_while", gap)
        found.append(Slot(after, CLAUSE_OWN if clear else SENTENCE))
    for one in reversed(before):
        said, crossed = sentence.between(one, n.quantity)
        clear = len(said) <= 110 and crossed <= 1 and not tells("clause", said)
        clear = clear and (not said.strip() or tells("link", said))
        slot = Slot(one, CLAUSE_OWN if clear else SENTENCE)
        first = clear and not (found and found[0].told == CLAUSE_OWN)
        found.insert(0 if first else len(found), slot)
    if after and before and n.unit != "percent" and not tells("clause", gap):
        found.append(Slot(after, SENTENCE))
    return found


def _is_intended(n: Number, one: Thing) -> bool:
    return re.search(r"dolos|intention", n.text[one.start : one.end]) is not None


def is_part(n: Number) -> bool:
    """Tell whether the number is about some of the victims: a profession, a sex in a rate."""
    if is_rate(n):
        near = lexicon.is_of_part(n.text[max(0, n.start - 60) :])
        return near or tells("sex", n.before.rpartition(";")[2])
    if n.unit != "persons" or n.own():
        return n.unit == "persons" and tells("some_of_them", n.near(40, 60))
    counted = any(one.name in ("women", "femicide") for one in n.sentence.things)
    of_sex = tells("of_one_sex", n.before) and not counted
    return of_sex or tells("some_of_them", n.near(40, 60))


def around(n: Number, thing: Slot[Thing]) -> str:
    """Return the words around the number and its thing, as far as the next break or number."""
    one, start, end = thing.value, n.start, n.end
    if thing.told == CLAUSE_OWN and one.end - start < 130:
        apart = one.end < start and n.sentence.crossed(one.end, start)
        start, end = start if apart else min(start, one.start), max(end, one.end)
    after = re.split(r"[,;:.]| [-–—] ", n.text[end : end + 45])[0]
    sister = next((two.start for two in n.sentence.quantities if two.start >= end), end + 45)
    return n.text[max(0, start - 25) : end] + after[: sister - end]


def is_event(n: Number, thing: Slot[Thing]) -> bool:
    """Tell whether a count of people killed is news of one event rather than a statistic."""
    if n.unit != "persons" or is_rate(n) or is_daily(n):
        return False
    event = tells("event", n.text)
    if n.value < FEW or (lexicon.agency(n.text) and not event):
        return n.value < FEW
    bare = not thing.value.noun and thing.value.name == "homicide"
    return (bare and n.value < 300) or (event and n.value < 1000)


def is_of_else(n: Number, thing: Slot[Thing]) -> bool:
    """Tell whether a number is of another crime, a part of all, places, or a month's mean."""
    other = [one.end() for one in words("other_crime").finditer(n.before)][-1:]
    nearer = other and (thing.told > SENTENCE or thing.value.end <= other[0])
    if nearer and thing.value.start < n.start:
        return True
    if n.unit != "persons":
        return False
    mean = tells("mean_of_other", n.before) and not is_rate(n)
    dated = any(0 <= one.start - n.end < 12 for one in n.sentence.periods)
    return (
        mean
        or (tells("from_peak", n.before) and not dated)  # of which year is not told
        or where.is_of_each(n)
        or any(words(one).match(n.after) for one in ("of_all", "several_places"))
    )


def basis(n: Number, thing: Thing) -> str:
    """Return what is counted where that is told and is not the usual: see `Series`."""
    if thing.name == "missing":
        return "ever" if is_flow(n) and not tells("still_missing", n.text) else ""
    said = words("files_follow").match(n.after)
    if not said and thing in n.sentence.things:
        said = words("files_of").search(n.text[: thing.start])
        said = said or words("files_follow").match(n.text, thing.end)
    if said and tells("inquiry", said[0]):
        then = n.text[said.end() : said.end() + 40]
        if not tells("opened", n.text) and not tells("moved", then):
            return ""  # investigations that were closed, or led to nothing
    return "files" if said else ""


def is_flow(n: Number) -> bool:
    """Tell whether the sentence says that persons disappeared, not that they are missing."""
    return any(tells("flow", n.text[one.start : one.end]) for one in n.sentence.things)


def counted(n: Number, name: str, form: Form) -> str | None:
    """Return the series of a thing: by firearm, of women; None where which of two is open."""
    near = n.near(60, 60)
    if form == "share":
        return "firearm" if lexicon.by_firearm(n.text) else "women"
    if name == "homicide" and tells("firearm", near) and lexicon.by_firearm(n.text):
        return "firearm"
    if name == "homicide" and tells("women", near) and n.unit != "percent":
        return None  # women beside a count of everybody: which of the two is meant is open
    return name


def is_of_rate(n: Number, thing: Thing) -> bool:
    """Tell whether what moves is a rate: its word stands at the thing, or where that would."""
    if thing not in n.sentence.things or thing.start >= n.end:
        return tells("rate_said", n.before)
    return tells("rate_said", n.text[max(0, thing.start - 25) : thing.end + 6])


def _is_function(word: str) -> bool:
    word = word.strip().split()[-1] if word.strip() else ""
    return not word or words("function").fullmatch(word) is not None or word in MONTHS


# --- how it counts: its form ---


def is_rate(n: Number) -> bool:
    """Tell whether a number is of so many residents: per 100,000."""
    if n.unit != "persons":
        return False
    per = words("per_100000").search(n.after[:70])
    if per and not n.sentence.crossed(n.end, n.end + per.start()):
        return True
    bare = not n.sentence.things and tells("rates", n.after)
    said = bare or tells("rate_said", n.before) or _like(n, "per_100000")
    said = said or _listed(n, "rate_said")
    return n.value < SMALL_RATE and (said or _head(n, "rate_said"))


def is_daily(n: Number) -> bool:
    """Tell whether a number is of a day: 86.9 a day, daily homicides."""
    if n.unit != "persons" or words("per_other").match(n.after.lstrip()):
        return False
    per, at = words("per_day").search(n.measured[:55]), len(n.text) - len(n.measured)
    if per and not n.sentence.crossed(at, at + per.start()):
        gap = n.measured[: per.start()]
        return "," not in gap and not tells("clause", gap)
    every = tells("every_day", n.before) or _head(n, "daily_said")
    every = every or _like(n, "per_day")
    every = n.value < 200 and every
    said = tells("averaged", n.before) and tells("per_day", n.text)
    return every or tells("daily_said", n.before) or (said and _mean(n) is None)


def _mean(n: Number) -> Form | None:
    """Return what a mean of months or years is of: a monthly average, 2,000 a month."""
    near = n.after[:55].partition(",")[0]
    said: tuple[tuple[Form, str, str], ...] = (
        ("per month", "per_month", "monthly_said"), ("per year", "per_year", "yearly_said"),
    )  # fmt: skip
    for form, after, before in said:
        per = words(after).search(near)
        if tells(before, n.before) or (per and not n.sentence.crossed(n.end, n.end + per.start())):
            return form
    return None


def _like(n: Number, name: str) -> bool:
    """Tell whether a bare number follows another of the sentence that has that form."""
    ends = [one.end for one in n.sentence.quantities if one.end <= n.start]
    counted = rf" ?(?:{words('homicide').pattern}|{words('generic').pattern})"
    nouns = (re.compile(counted).match(n.text, at) for at in ends)
    after = (noun.end() if noun else at for noun, at in zip(nouns, ends, strict=True))
    return any(words(name).match(n.text, _skip(n.text, at)) for at in after)


def _listed(n: Number, name: str) -> bool:
    """Tell whether a bare number goes on a list of places: 63, Sinaloa 41 and Colima 32."""
    at, sentence = n.start, n.sentence
    for one in reversed([one for one in sentence.quantities if one.end <= n.start]):
        named = [two for two in sentence.places if one.end <= two.start and two.end <= at]
        if (
            len(named) != 1
            or not words("list_link").fullmatch(n.text[one.end : named[0].start])
            or not words("opens").fullmatch(n.text[named[0].end : at])
        ):
            return False
        if tells(name, n.text[: one.start]):
            return True
        at = one.start
    return False


def _head(n: Number, name: str) -> bool:
    """Tell whether the head of the list tells the form."""
    head = n.sentence.head
    return head is not None and tells(name, n.article.sentences[head].text + " ")


def forms(n: Number) -> list[Form]:
    """Return what the number may be: a count, a rate, a change, ...; empty where none fits."""
    if n.unit == "percent":
        return _of_percent(n)
    if n.unit == "minutes":
        return ["minutes"]
    if is_rate(n):
        return ["rate"]
    own = n.own()
    after = n.text[own.end if own else n.end :][:40]
    sides = (n.text[n.end : own.start + 1], after) if own else (after,)
    more = re.match(rf" ?(?:\w+ ){{0,1}}{words('difference').pattern}", after)
    more = more or next(filter(None, map(ADDED.match, sides)), None)
    mean: Form | None = "per day" if is_daily(n) else _mean(n)
    if mean is not None:
        apart = mean == "per day" and (more or words("fewer").match(after))
        return [] if apart else [mean]
    other = words("per_other").search(n.after[:55].partition(",")[0])
    between = more and any(is_compared(n.sentence, one) for one in _places_after(n))
    if other or between or tells("mean_of_what", n.before):
        return []  # of a week; more than another place; of days or of months is not told
    return ["difference" if more else "level"]


def _is_of_itself(n: Number) -> bool:
    """Tell whether a multiple is of an earlier count, not of another place's or of a mean."""
    so_many = words("as_much").search(n.text[n.start : n.end])
    _word, begin = modifier(n.text, n.start)  # the "more" of "more than twice as many" is no rise
    rose = tells("rise", n.text[max(0, begin - 20) : begin])
    return not so_many or rose or n.is_of_before()


def _places_after(n: Number) -> Iterator[Mention]:
    """Yield the places named after the number, as far as the next one."""
    after = (one for one in n.sentence.places if one.start >= n.end)
    return (one for one in after if not n.sentence.crossed(n.end, one.start))


def _of_percent(n: Number) -> list[Form]:
    """Return what a percentage may be; the ends of "from 20 to 30 percent" are no changes."""
    if n.multiple:
        return ["change"] if _is_of_itself(n) else []
    if tells("of_a_total", n.before) or words("are_some").match(n.after):
        return []  # 5 % of the total of 53 %; 77 percent are men
    if tells("population", n.before[-60:]):
        return []  # the population of Guerrero is 2 % of the country's
    measure = re.search(r"\d", n.text[n.start : n.end]) is None
    measure = measure and MEASURED.match(n.after) is not None  # half the national rate
    measure = measure and not _is_left(n)
    still = n.first or n.second or measure
    return [one for one in _shares(n) if not (still and one == "change")]


def _shares(n: Number) -> list[Form]:
    """Return what a percentage may be: a share of the victims, of a state, or a change."""
    found: list[Form] = []
    of_them = words("of_victims").match(re.sub(r"^ ?\([^()]*\)", "", n.after[:90]))
    share = bool(of_them) or tells("firearm_share", n.before)
    here = n.before.rpartition(";")[2] + n.after.partition(";")[0]
    holds = _of_one_state(n) and _is_of_all_victims(n)
    parted = tells("share_verb", _after_state(n) or "")  # Sinaloa concentrated 12 % of ...
    if share and not parted and (lexicon.by_firearm(here) or tells("women", n.after[:90])):
        return ["share"]
    states = states_told(n)
    if _shared(n) and (states or tells("of_the_nation", n.text) or holds):
        named = _of_one_state(n) or together(n.sentence, n.quantity)
        found.append("top share" if states and not named else "state share")
    if found == ["top share"] and n.quantity.stated.words in ("more than", "less than"):
        return found  # more than half of it in six states
    near = n.change_near()
    if words("compares").match(n.after) and not n.is_of_before():
        return found
    if _way(n) and not (of_them and (found or not near)):
        found.insert(0 if near else len(found), "change")
    return found


def _way(n: Number) -> int:
    """Return +1 or -1 where a change goes, told near or by the head of a list of states."""
    listed = (
        one for one in n.sentence.places
        if is_state(one.code) and words("opens").fullmatch(n.text[one.end : n.start])
    )  # fmt: skip
    near = lexicon.sign(n.text, n.start, n.end)
    if near or _shared(n) or next(listed, None) is None:
        return near
    return tells("rise", n.before) - tells("fall", n.before)


def _shared(n: Number) -> bool:
    """Tell whether the sentence parts a whole: by its verb, or "10 % of the homicides"."""
    parts = (one.end for one in n.sentence.quantities if one.stated.unit == "percent")
    return tells("share_verb", n.text) or any(
        words("of_victims").match(n.text, end) for end in parts
    )


def _is_of_all_victims(n: Number) -> bool:
    """Tell whether a share is of the victims of a time, none apart: "of the homicides in 2024".

    Without more words it is of the nation's: "Guanajuato concentrated 10 % of the homicides".
    """
    of_them = words("of_victims").match(n.after)
    if of_them is None:
        return False
    rest = re.split(r"[,;.:()]", n.after[of_them.end() :])[0]
    ends = [one.start - n.end - of_them.end() for one in n.sentence.periods]
    near = min((end for end in ends if 0 <= end <= len(rest)), default=len(rest))
    return words("of_no_kind").fullmatch(rest[:near]) is not None


def _of_one_state(n: Number) -> bool:
    """Tell whether a state stands right before a share: ", Guanajuato with 11 %, ..."."""
    return _after_state(n) is not None


def _after_state(n: Number) -> str | None:
    """Return what parts a share from the state right before it, None where there is none."""
    gaps = (
        n.text[one.end : n.start]
        for one in n.sentence.places
        if is_state(one.code) and one.end <= n.start
    )
    return next((gap for gap in gaps if words("has_share").fullmatch(gap)), None)


def states_told(n: Number) -> int:
    """Return of how many states the sentence speaks: "six states hold ..."."""
    for one in n.sentence.quantities:
        said = one.stated.unit == "persons"
        if said and words("states").match(n.text, _skip(n.text, one.end)):
            return int(one.stated.value) if 1 < one.stated.value < 32 else 0
    return 0


def stated(n: Number, form: Form) -> Stated:
    """Return the figure in the unit of its form; below zero where it fell."""
    stated, fell = n.quantity.stated, False
    if form in UNITS:
        return replace(stated, unit=UNITS[form])
    if form == "difference":
        fell = tells("fall", n.after[:60])
    elif form == "change" and _is_left(n):
        upper = None if stated.upper is None else stated.upper - 100
        return replace(stated, value=stated.value - 100, upper=upper)
    elif form == "change" and stated.value >= 0 and not n.multiple:
        fell = _way(n) < 0
    return _fallen(stated) if fell else stated


def _is_left(n: Number) -> bool:
    """Tell whether a part is what a fall left, not what it took: "fell to less than half"."""
    spelled = re.search(r"\d", n.text[n.start : n.end]) is None and not n.multiple
    return spelled and LEFT.search(n.before) is not None and tells("fall", n.before[-40:])


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


def _skip(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == " " else at
