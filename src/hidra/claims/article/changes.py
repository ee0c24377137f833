"""What a rise or a fall is measured between: two years, a term, a year and the one before."""

from __future__ import annotations

import re

from hidra.claims.article.context import Sentence, nearest
from hidra.claims.article.numbers import Quantity
from hidra.claims.article.periods import MONTHS, Period
from hidra.claims.figure import Figure, Span, year

OPEN = Span("2000-01", "2026-12", open_end=True)


def change(
    sentence: Sentence, name: str, place: str, period: Period | None, text: str, quantity: Quantity
) -> Figure | None:
    """Return what a rise or fall is measured between, or None where the sentence does not say."""
    if period is not None and period.kind == "term":
        return _over_term(name, place, period.span)
    between = _between(sentence, period, text, quantity)
    return Figure(name, "change", place, between[1], between[0]) if between else None


def _between(
    sentence: Sentence, period: Period | None, text: str, quantity: Quantity
) -> tuple[Span, Span] | None:
    base = nearest(sentence, text, quantity, [p for p in sentence.periods if p.kind == "base"])
    ones = {one.span.first: one.span for one in sentence.periods if one.kind == "one"}
    years = [span for _, span in sorted(ones.items())]
    found: tuple[Span, Span] | None = None
    if period is not None and period.kind == "pair" and period.other:
        found = period.span, period.other
    elif base is not None:
        found = base.span, (period.span if period and period.kind == "one" else OPEN)
    elif period is not None and period.kind == "since":
        found = _since(text, period), OPEN
    elif len(years) == 2:
        found = years[0], years[1]
    elif period is not None and len(years) == 1:
        found = _year_before(period.span), period.span
    return found


def _since(text: str, period: Period) -> Span:
    """Return the base of "since March 2020" (a month) or "since 2018" (a year)."""
    first = period.span.first
    named = any(re.search(rf"\b{name}\b", text[period.start : period.end]) for name in MONTHS)
    return Span(first, first) if named else year(int(first[:4]))


def _year_before(span: Span) -> Span:
    first, last = span.first, span.last
    return Span(f"{int(first[:4]) - 1}{first[4:]}", f"{int(last[:4]) - 1}{last[4:]}")


def _over_term(name: str, place: str, term: Span) -> Figure:
    """Return the change over a presidential term: from the year before it to its last."""
    first, last = int(term.first[:4]), int(term.last[:4])
    return Figure(name, "change", place, year(last), year(first), other_bases=(year(first + 1),))
