"""Which times a number of an article may be of, and a change be between, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hidra.claims.article import what
from hidra.claims.article.document import BEFORE, CLAUSE_OWN, SENTENCE, SUPPOSED, Number, nearest
from hidra.claims.article.forms import Query
from hidra.claims.article.lexicon import tells, words
from hidra.claims.article.periods import Period, just_before, month_before, shifted, so_far, term_of
from hidra.claims.figure import LATE, Span, year

OPEN = Span("2000-01", LATE, open_end=True)


def periods(n: Number) -> list[tuple[Period, int]]:
    """Return the periods the number may be of, and where each is told."""
    known = n.article.periods_of(n.index)
    mine = [one for one in known if one.kind not in ("base", "previous", "history")]
    mine = [one for one in mine if one.kind != "same" or not one.shift or one.end <= n.start]
    if what.is_daily(n):  # "for November it closed at 54.7 a day" is of that month
        mine = [replace(one, kind="one") if one.kind == "until" else one for one in mine]
    if _came_since(n):
        return []
    found: list[tuple[Period, int]] = []
    if mine:
        one = n.in_order(mine) or nearest(n.sentence, n.anchor, mine) or mine[0]
        if one.span.whole_years and words("worst_month").search(n.text):
            one = next((two for two in mine if two.span.month), one)  # June, of last year
        rest = ((two, SENTENCE) for two in mine if two is not one)
        found = [(one, BEFORE if one.rough else n.told(one)), *rest]
    elif any(one.needs for one in n.sentence.periods):
        return []
    if all(one.kind == "same" or _is_anothers(n, one) for one in mine):
        before = [(one, n.taken_up) for one in n.article.periods_before(n.index)]
        others = bool(mine) and mine[0].kind != "same"
        found = [*before, *found] if others else [*found, *before]
    if found and (found[0][0].kind in ("day", "until") or _is_of_either(n, found[0][0])):
        return []  # no series is that fine, or the count has no beginning
    return [one for one in found if one[0].kind not in ("day", "until")]


def _came_since(n: Number) -> bool:
    """Tell whether a number is of what came since: "has since fallen to 59.5 from 86.9 in"."""
    known = n.article.periods_of(n.index)
    since = [one for one in known if one.kind == "day" and one.rough and one.end <= n.start]
    if not since or n.sentence.crossed(since[-1].end, n.start):
        return False
    after = (one for one in known if one.kind != "base" and one.start >= since[-1].end)
    return not any(one.start - n.end < 12 for one in after)


def _is_of_either(n: Number, one: Period) -> bool:
    """Tell whether a number may be of one of two months: 1,400 and 1,500 in May and June."""
    same = [two for two in n.sentence.quantities if two.stated.unit == n.unit]
    return one.joined and len(same) > 1


def _is_anothers(n: Number, one: Period) -> bool:
    """Tell whether a period stands just after another number: "..., against 33,350 in 2021"."""
    if n.unit != "persons" or _previous(n) or 0 <= one.start - n.end <= 30:
        return False
    ends = [two.end for two in n.sentence.quantities if two.end > n.end]
    return any(0 <= one.start - end <= 5 for end in ends)


def spans(n: Number) -> list[tuple[Span, int]]:
    """Return the periods a count may be of; a year earlier stands near its number."""
    found: list[tuple[Span, int]] = []
    if _came_since(n):
        return found
    if n.first or n.second or n.left:
        two = _of_two(n)
        if two or (n.first and not n.sentence.periods):
            return two  # "from 29 to 28 in a year": which year may not be told
    found += _years_added(n)
    if found and tells("together", n.text):
        return found
    previous = _previous(n)
    for one, told in periods(n):
        if previous and not found:
            found.append((shifted(one.span, -1), max(told, SENTENCE)))
        found += [(span, told) for span in _ends_of_pair(n, one)]
    for one in n.article.periods_of(n.index):
        if one.kind == "base":
            gap = max(one.start - n.end, n.start - one.end)
            if n.sentence.crossed(n.end, one.start):
                gap = -1  # another number's
            first = 0 <= gap < 45 and n.unit != "percent" and _is_base(n, one)
            near = first or (0 <= gap < 30 and one.end <= n.start)
            main = [two.span for two, _at in periods(n)] if one.same_months else []
            span = base_spans(one, main[0])[0] if main else one.span
            base = (span, CLAUSE_OWN if near else BEFORE)
            found.insert(0 if first else len(found), base)
    known: dict[Span, int] = {}
    for span, told in found:
        known.setdefault(span, told)
    return list(known.items())


def _years_added(n: Number) -> list[tuple[Span, int]]:
    """Return the years that one number may be the sum of: 3,761 "in 2023 and 2024"."""
    alike = [one for one in n.sentence.quantities if one.stated.unit == n.unit]
    each = tells("of_a_year", n.before[-60:]) or words("each_year").match(n.after)
    if len(alike) > 1 or each:
        return []
    known = [one for one in n.article.periods_of(n.index) if one.span.whole_years]
    said = [n.text[one.end : two.start].strip() for one, two in pairwise(known)]
    years = [int(one.span.first[:4]) for one in known if one.kind == "one"]
    listed = [",", "y"] if "y" in said else [",", "and"]
    if said != [*listed[:1] * (len(known) - 2), listed[1]] or len(years) != len(known):
        return []
    if years != list(range(years[0], years[0] + len(years))):
        return []
    return [(Span(known[0].span.first, known[-1].span.last), n.told(known[0]))]


def _of_two(n: Number) -> list[tuple[Span, int]]:
    """Return which of two periods told elsewhere an end of "from A to B" is of.

    Of two years; of a first and last month, or the same months of two years; of a year and the
    one before it, or a month and the last one known of, where one alone is told.
    """
    here = n.article.periods_of(n.index)
    moved = len(here) == 1 and tells("moved", n.text)
    if moved and (ends := _from_one(n, here[0])):
        return ends
    told = [one for one, _at in periods(n) if one.ends]
    if len(told) == 1 and not n.is_of_before():
        span, end = told[0].span, _ends(told[0].span)[n.second]
        return [(end, SENTENCE), (span if n.second else shifted(span, -1), SENTENCE)]
    known = {one.span for one in here or n.article.periods_before(n.index)
             if one.kind == "one" and one.span.whole_years}  # fmt: skip
    if len(known) != 2 or any(0 <= one.start - n.end < 15 for one in here):
        return []
    years = sorted(known, key=lambda one: one.first)
    return [(years[-1 if n.second else 0], SENTENCE if here else n.taken_up)]


def _from_one(n: Number, one: Period) -> list[tuple[Span, int]]:
    """Return which end of a change a number is, of which one period alone is told."""
    date, base = n.article.date, begun(n.text, one)
    if one.kind == "since" and base.month and date:
        last = month_before(date)
        return [(Span(last, last) if n.second else base, SENTENCE)]
    beside = n.end <= one.start and not n.sentence.crossed(n.end, one.start)
    if one.kind != "one" or not one.span.whole_years or (beside and not n.second):
        return []
    return [(one.span if n.second else shifted(one.span, -1), SENTENCE)]


def _is_base(n: Number, one: Period) -> bool:
    """Tell whether the base is the number's own year: "from 2,086 in 2011"."""
    if one.end <= n.start:  # "lower than in 2021, when it was 28"
        return words("when_it_was").match(n.text, one.end) is not None
    said = n.text[n.end : one.end]  # "4,333, down on 2020" is of another year
    moved = tells("rise", said) or tells("fall", said)
    moved = moved or tells("moved_by", n.text[n.end : one.start])
    return one.start - n.end < 30 and not moved and not difference_follows(n)


def difference_follows(n: Number) -> bool:
    """Tell whether the number is of so many more or fewer."""
    return tells("difference", n.after[:40])


def _previous(n: Number) -> bool:
    """Tell whether "a year earlier" follows, nearer than any other period or number.

    Or opens the clause: "A year earlier it had been 475".
    """
    periods, end = n.sentence.periods, n.end
    others = (one.start - end for one in periods if one.kind not in ("previous", "base"))
    reach = min([60, *(gap for gap in others if gap >= 0)])
    for one in (two for two in periods if two.kind == "previous"):
        near = 0 <= one.start - end < reach
        opens = one.end <= n.start and (
            tells("prefixed", n.text[: one.start])
            or words("when_it_was").match(n.text, one.end) is not None
        )
        between = (end, one.start) if near else (one.end, n.start)
        if (near or opens) and not n.sentence.crossed(*between):
            return True
    return False


def _ends_of_pair(n: Number, one: Period) -> list[Span]:
    """Return the end of a pair that "from 8 to 16" tells, or all that lies between."""
    if one.kind != "pair" or one.other is None:
        return [one.span]
    starts = [two.start for two in n.sentence.quantities if two.stated.unit == n.unit]

    def said(name: str) -> bool:
        return any(tells(name, n.text[:start]) for start in starts)

    if tells("from_here", n.before) and said("to_here"):
        return [one.span]
    if tells("to_here", n.before) and said("from_here"):
        return [one.other]
    return [Span(one.span.first, one.other.last)]


def times(n: Number, query: Query) -> Iterator[tuple[Span | None, int]]:
    """Yield the periods of a count, rate or share; None: a stock, of no period."""
    if query.form == "per day" and tells("began_here", n.before):
        yield from _begun_with(n)
        return
    told = spans(n)
    known = n.article.periods_of(n.index)
    if (
        query.form in ("share", "per day")
        and not told
        and not any(one.kind in ("day", "until") for one in known)
    ):
        date = n.article.date  # without one the last whole year of each series
        yield (year(int(date[:4]) - 1) if date else None), SUPPOSED
    if query.thing == "missing" and query.form == "level":
        if _is_of_days(n, told):
            return
        if _is_stock(n, told):
            yield None, CLAUSE_OWN
    for span, where in told:
        if span.term and tells("part_of_term", n.text):
            return  # of each term its first year, or what it began with
        if _may_be_of(n, query, span, where):
            yield span, where


def _begun_with(n: Number) -> Iterator[tuple[Span, int]]:
    """Yield the months that a government "began with": its first, and the one before."""
    told = [one.span for one, _at in periods(n) if one.kind == "term"]
    date = n.article.date
    if not told and date and tells("a_term", n.before):
        told = [term_of(date)]
    for one in told[:1]:
        yield from ((Span(at, at), SENTENCE) for at in (month_before(one.first), one.first))


def _is_of_days(n: Number, spans: Sequence[tuple[Span, int]]) -> bool:
    """Tell whether persons disappeared between two days, or in a year that is not told."""
    here = n.article.periods_of(n.index)
    dated = {one.start for one in here}
    if any(one.needs and one.start not in dated for one in n.sentence.periods):
        return True  # so far in another year than that of the day
    days = (one for one in here if one.kind == "day")
    return not spans and any(
        one.other is not None or tells("opens_days", n.text[: one.start]) for one in days
    )


def _is_stock(n: Number, spans: Sequence[tuple[Span, int]]) -> bool:
    """Tell whether persons may be all who are missing, not those who disappeared in a time."""
    own = n.own()
    flow = what.is_flow(n) or (
        own is not None and any(0 <= one.start - own.end <= 12 for one in n.sentence.periods)
    )  # disappeared during 2024
    listed = tells("listed", n.text) and any(span.month for span, _at in spans[:1])
    closed = bool(spans) and (listed or tells("stock", n.text))
    closed = closed and any(one.kind == "one" for one, _at in periods(n)[:1])
    return not spans or (not flow and (closed or spans[0][1] >= BEFORE or _is_apart(n)))


def _is_apart(n: Number) -> bool:
    """Tell whether the period is told behind another number and what that one counts."""
    start = next((one.start for one, _at in periods(n)), 0)
    others = (one for one in n.sentence.quantities if n.end <= one.start < start)
    other = next(others, None)
    return other is not None and any(
        other.end <= one.start < start and one.name != "missing" for one in n.sentence.things
    )


def _may_be_of(n: Number, query: Query, span: Span, where: int) -> bool:
    """Tell whether a form may be of a period so long, or told so far away."""
    if query.form == "rate" and not 360 < span.days < 400 and where >= BEFORE:
        return False  # rates are of a year unless their sentence says otherwise
    each = tells("of_a_year", n.before[-60:]) or words("each_year").match(n.after)
    if query.form == "level" and span.days > 400 and each:
        return False
    if span.days < {"per month": 60, "per year": 400}.get(query.form, 0):
        return False  # a mean of months needs some of them
    return query.form == "level" or span.term or not span.open_end


def between(n: Number) -> list[tuple[Span, Span, int]]:
    """Return what a change may be measured between, the likeliest first."""
    known = n.article.periods_of(n.index)
    mine = [one for one in periods(n) if one[0].kind in ("one", "same", "pair", "since")]
    ends = [(one.span, told) for one, told in mine if one.kind in ("one", "same")]
    bases = [one for one in known if one.kind == "base"]
    near = nearest(n.sentence, n.quantity, bases)
    if near is not None:
        before = [one for one in n.article.periods_before(n.index) if one.kind == "one"]
        later = [one for one in ends if one[0].last > near.span.last] or [
            (one.span, BEFORE) for one in before if one.span.last > near.span.last
        ]
        ends = later or ends  # in 2007 three times as many as in 2011
        found = [(base, end, at) for end, at in ends[:2] for base in base_spans(near, end)]
        return found if ends else [(near.span, _goes_on(n), SENTENCE)]
    if any(one.kind == "previous" for one in known):
        if not ends and not mine and n.article.date:
            ends = [(so_far(n.article.date), SUPPOSED)]
        if ends:
            return [(shifted(end, -1), end, told) for end, told in ends[:2]]
    for one, told in mine:
        if one.other is not None:
            return [(one.span, one.other, told)]
    for one, told in mine[: 1 if ends else None]:
        if one.kind == "since":
            return [(begun(n.text, one), _goes_on(n), told)]
    here = sorted({span for span, told in ends if told <= SENTENCE}, key=lambda one: one.first)
    if len(here) == 2 and here[0].last < here[1].first:
        return [(here[0], here[1], CLAUSE_OWN)]
    return [one for end, told in ends[:1] for one in _through(end, told)]


def months_apart(n: Number) -> list[tuple[Span, Span, int]]:
    """Return what a change told of months may be between, if not from the year before.

    Their first and last: "fell from February to June"; or what came before: "fell in June".
    """
    one, told = next(iter(periods(n)), (None, 0))
    if one is None or one.kind != "one" or n.is_of_before():
        return []
    if one.ends:
        return [(*_ends(one.span), told)]
    before = just_before(one.span)
    return [(before, one.span, told)] if before is not None else []


def ends_of_term(n: Number, span: Span) -> dict[str, Any]:
    """Return the ends of a change over a term: from its first year, or the one after.

    That of a term that goes on is from its first month, or the last of the one before.
    """
    if span.open_end:
        begun, left = span.first, month_before(span.first)
        return {
            "span": _goes_on(n),
            "base": Span(begun, begun),
            "other_bases": (Span(left, left),),
        }
    first, last = int(span.first[:4]), int(span.last[:4])
    return {"span": year(last), "base": year(first), "other_bases": (year(first + 1),)}


def _goes_on(n: Number) -> Span:
    """Return the end of a change that goes on: what is held, before the day of the article."""
    date = n.article.date
    return replace(OPEN, last=month_before(date)) if date else OPEN


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
