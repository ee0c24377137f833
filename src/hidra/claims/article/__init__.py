"""Check an article: find what data can check, judge it, say where it stands and why.

A sentence is called false only when nothing in it was left to guess: see `_verdict`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hidra.claims import words as say
from hidra.claims.article.candidates import Candidate, Statement, statements
from hidra.claims.article.document import SENTENCE, SUPPOSED, Article, article
from hidra.claims.article.forms import OF_TIMES, Query, answers, is_clear
from hidra.claims.article.known import Match, blockades, matches, verbatim
from hidra.claims.article.lexicon import Stretch, tells, told, words
from hidra.claims.article.rankings import rankings
from hidra.claims.ask import kept, rows
from hidra.claims.claim import Claim, Reading, Result, Stated, Verdict, claims
from hidra.claims.figure import (
    NEW,
    Figure,
    Form,
    Span,
    beyond,
    is_asked,
    last_month,
    later,
    not_held,
    unheard,
)
from hidra.claims.judge import holds, judge
from hidra.claims.run import figure_of, run
from hidra.claims.run import why as in_words
from hidra.core.i18n import LANGUAGES, Language, _, bilingual, translate
from hidra.core.weeks import month_after

if TYPE_CHECKING:
    import duckdb

BREAK = re.compile(
    r"[;:()—–]|,(?=\s)|\s-\s|\b(?:and|y|e|while|mientras|but|pero|whereas|since|desde que|ya que)\b"
)
EDGES = " \t\r\n,;:*_"
TRIGGER = re.compile(r"\d|\b(?:mil|miles|thousand|hundred|million|half|mitad)\b")
NOISE = 0.1  # of a count: how far apart offices, or releases, usually lie
LARGEST_CHECK = 2000  # findings of one text; what comes after is left unread
REGISTER = bilingual(
    _('What is held of the register is a floor: it can show "more than", and refutes no count')
)
EVERY_DAY = bilingual(
    _(
        "The register changes every day and a release of that time is not held: whoever was "
        "missing then is still missing, or has been found since"
    )
)
#: The words between a number and the period or place it is of, where nothing parts them.
BESIDE = re.compile(
    r"(?: (?!(?:and|y|e|to|from|than|que|while|but|pero|mientras|since|desde)\b)[a-z'-]+"
    r"| 100,000){0,6} ?\(?"
)
DOUBTED = ("contradicted", "not supported")
NOT_FOUND = bilingual(_("No source gives this figure, as far as the sentence can be read"))
UNTESTABLE: Verdict = "not testable with these data"


@dataclass(frozen=True)
class Finding:
    """One checked statement of an article; `start` and `end` are positions in its text.

    Attributes
    ----------
    core : tuple of int
        Where the number itself stands.
    read_as : mapping of str to str
        How the sentence was read, by language: thing, place, period; empty for a library claim.
    """

    start: int
    end: int
    core: tuple[int, int]
    kind: str
    claim_id: str | None
    stated: Stated | None
    result: Result
    read_as: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Judged:
    """A statement with the verdict on its best reading; `others` are as likely as it.

    `likeliest` is the first reading, where this one came to its rescue.
    """

    statement: Statement
    chosen: Candidate | None
    verdict: Verdict | None
    readings: Sequence[Reading] = ()
    best: Reading | None = None
    reason: Mapping[str, str] | None = None
    others: tuple[Judged, ...] = ()
    likeliest: Judged | None = None


def check(con: duckdb.DuckDBPyConnection, text: str, date: str | None = None) -> list[Finding]:
    """Return the checkable statements of a text in order, each with its verdict.

    Parameters
    ----------
    con : connection from `hidra.claims.ask.data`.
    text : str
        An article as plain text.
    date : str or None
        The day of the article, ``YYYY-MM-DD``: what "last year" is told from.
    """
    read = article(text, date)
    checker = _Checker(con, read)
    found: list[Finding] = []
    for index, sentence in enumerate(read.sentences):
        here = checker.of_sentence(index)
        bounds = (sentence.start, sentence.end)
        found += [_whole_clause(text, bounds, one, here) for one in here]
        if len(found) >= LARGEST_CHECK:
            break
    return found


class _Checker:
    """One article being checked: what was told of the library, and what held last."""

    def __init__(self, con: duckdb.DuckDBPyConnection, read: Article) -> None:
        self.con, self.read = con, read
        self.seen: set[str] = set()
        self.held: dict[str, int] = {}  # a thing and the last sentence in which a figure of it held

    def of_sentence(self, index: int) -> list[Finding]:
        """Return the findings of one sentence in order, each over its core."""
        sentence = self.read.sentences[index]
        at = sentence.start
        found = [self._claim(match, at) for match in verbatim(sentence)]
        topic = tells("topic", sentence.text) or TRIGGER.search(sentence.text)
        if not topic or not self.read.home:
            return found
        found += [_from_match(*one, at) for one in blockades(self.con, self.read, sentence)]
        judged = self._judged(index)
        own = [one for one in judged if one.verdict not in (None, UNTESTABLE)]
        for match in matches(sentence):
            if _counts(match, found, self.seen, at) and not _is_told(match, own):
                found.append(self._claim(match, at))
        for one in judged:
            core = (at + one.statement.start, at + one.statement.end)
            if one.verdict is not None and not any(_overlap(core, two.core) for two in found):
                found.append(_finding(one, core))
        return sorted(found, key=lambda one: one.core)

    def _claim(self, match: Match, at: int) -> Finding:
        self.seen.add(match.claim.id)
        result = _gated(match, run(self.con, match.claim, match.stated))
        if result.verdict == UNTESTABLE and not result.readings and "figure" in match.claim.test:
            figure = figure_of(match.claim.test["figure"])
            why = _no_data(self.con, figure.thing, figure.place, figure.span)
            result = replace(result, why=why)
        return _from_match(match, result, at)

    def _judged(self, index: int) -> list[Judged]:
        """Judge the statements of a sentence; one that holds vouches for how its sisters are read.

        So does one of the sentences just before, where this one tells a period of its own.
        """
        goes_on = bool(self.read.sentences[index].periods)
        numbers = _in_own_place(
            self.read, index, [_best(self.con, one) for one in statements(self.read, index)]
        )
        for one in numbers:
            if one.chosen is not None and one.verdict == "supported":
                self.held[one.chosen.query.thing] = index
        held = {thing for thing, last in self.held.items() if index - last <= goes_on}
        ranks = [_best(self.con, one) for one in self._ranked(index, numbers)]
        found = (_verdict(self.con, one, held, self.read) for one in numbers)
        return [
            *(self._of_all_years(index, one) for one in found),
            *(_verdict(self.con, one, set(), self.read) for one in ranks),
        ]

    def _ranked(self, index: int, numbers: Sequence[Judged]) -> Iterator[Statement]:
        """Yield the rankings of a sentence; one that names no place is of that of its figure."""
        own = {
            one.chosen.query.place for one in numbers if one.chosen and one.verdict == "supported"
        }
        for one in rankings(self.read, index):
            if len(own) == 1 and not self.read.sentences[index].places:
                of_own = [replace(each, query=replace(each.query, place=min(own)))
                          for each in one.candidates if each.query.form in OF_TIMES]  # fmt: skip
                yield replace(one, candidates=tuple(of_own) or one.candidates)
            else:
                yield one

    def _of_all_years(self, index: int, one: Judged) -> Judged:
        """Return "partly" for a figure that holds and is said to be a record, and is none."""
        sentence, query = self.read.sentences[index], one.chosen.query if one.chosen else None
        said = words("any_year").search(sentence.text)
        if query is None or one.verdict != "supported" or query.form != "level" or not said:
            return one
        before = [two.start for two in sentence.quantities if two.end <= said.start()]
        after = [two.start for two in sentence.quantities if two.start >= said.end()]
        whose = before[-1:] + after[:1]
        if after and after[0] <= said.end() + 1:  # a record 36,773
            whose = after
        if not whose or whose[0] != one.statement.start:
            return one  # said of another number
        last = int(self.read.date[:4]) - 1 if self.read.date else None
        low = bool(told(said, "low"))
        other = beyond(self.con, query.figure("level"), one.statement.stated, low=low, last=last)
        if other is None:
            return one
        at, value = other
        said_so = _("The figure holds, yet {year} had fewer, {value}; of its own year")
        if not low:
            said_so = _("The figure holds, yet {year} had more, {value}; of its own year")
        reason: dict[str, str] = {}
        for lang in LANGUAGES:
            number = say.number(value, "persons", lang)
            reason[lang] = translate(said_so, lang).format(year=at, value=number)
        return replace(one, verdict="partly", reason=reason)


def _gated(match: Match, result: Result) -> Result:
    """Return a result where one office's count of people refutes nobody else's."""
    stated, found = match.stated, result.readings
    quoted = all(one.quoted for one in found)
    if result.verdict != "contradicted" or not stated or stated.unit != "persons" or not quoted:
        return result
    why = say.why(stated, found, "not supported", found[0], opening=NOT_FOUND)
    return replace(result, verdict="not supported", why=why)


def _is_told(match: Match, own: Sequence[Judged]) -> bool:
    """Tell whether the words of a match were read more closely: a rank with its own period."""
    return match.value_at is None and any(
        one.statement.stated.unit == "truth"
        or (one.chosen is not None and one.chosen.query.form == "top share")
        for one in own
    )


def _counts(match: Match, found: Sequence[Finding], seen: set[str], at: int) -> bool:
    """Tell whether a match says something new: a number not taken, or a claim not yet met."""
    if match.value_at is None:
        return match.claim.id not in seen
    core = (at + match.value_at[0], at + match.value_at[1])
    return not any(_overlap(core, one.core) for one in found if one.stated is not None)


def _from_match(match: Match, result: Result, at: int) -> Finding:
    start, end = match.value_at or (match.start, match.end)
    core = (at + start, at + end)
    return Finding(*core, core, match.claim.kind, result.claim or None, match.stated, result)


# --- the verdict on one number ---------------------------------------------------------------


def _best(con: duckdb.DuckDBPyConnection, statement: Statement) -> Judged:
    """Return the first reading that holds, or the first that any series answers.

    The likeliest reading is judged as its words ask, and so is one as likely; another may only come
    to its rescue where it holds to the digits.
    """
    first: Judged | None = None
    partly: Judged | None = None
    lead: Judged | None = None  # the first that any series answers, however far it was told
    likeliest, others = True, list[Judged]()
    for number, candidate in enumerate(statement.candidates):
        likeliest = first is None or (likeliest and candidate.alike)
        found = answers(con, candidate.query, candidate.stated)
        if not found:
            if number == 0 and candidate.query.form not in ("fact", "fact change"):
                first = Judged(statement, None, None)  # others may only come to its rescue
            continue
        verdict, best = judge(candidate.stated, found)
        as_said = likeliest and candidate.told < SUPPOSED
        one = Judged(
            statement, candidate, verdict, found, best, likeliest=None if as_said else lead
        )
        lead = lead or one
        upheld = as_said or _to_the_digits(candidate, best)
        if verdict == "supported" and upheld:
            return one
        if candidate.told == SUPPOSED and candidate.query.form == "level":
            continue
        others += [one] if likeliest and first is not None else []
        first = first or one
        if verdict == "partly" and (likeliest or _to_the_digits(candidate, best)):
            partly = partly or one
    silent = UNTESTABLE if statement.reason is not None else None
    untold = Judged(statement, None, silent, reason=statement.reason)
    return partly or (replace(first, others=tuple(others)) if first else untold)


def _in_own_place(article: Article, index: int, numbers: Sequence[Judged]) -> list[Judged]:
    """Return numbers as first read where a rescue would take them from where they are said to be.

    That is where the number's own words tell another period or place, and where the rescue lies
    where another number of the sentence stands that does not hold there: figures that changed
    places do not hold by one another.
    """
    first = [one.likeliest or one for one in numbers]
    taken: dict[int, list[int]] = {  # a number and those that stand where its rescue lies
        at: [two for two, here in enumerate(first) if two != at and _cell(here) == _cell(one)]
        for at, one in enumerate(numbers) if one.likeliest is not None
    }  # fmt: skip
    bound = [_is_bound(article, index, one) for one in numbers]
    fails = {at for at, one in enumerate(numbers) if at not in taken and one.verdict in DOUBTED}
    fails |= {at for at in taken if bound[at] or at in _reached(taken, at)}
    while more := {at for at, some in taken.items() if at not in fails and fails & set(some)}:
        fails |= more
    return [
        _doubted(here) if at in taken and at in fails else one
        for at, (one, here) in enumerate(zip(numbers, first, strict=True))
    ]


def _cell(one: Judged) -> tuple[Any, ...] | None:
    """Return the cell of the panel a reading is of."""
    if one.chosen is None:
        return None
    query = one.chosen.query
    return (query.thing, query.form, query.place, query.span, query.base)


def _reached(taken: Mapping[int, Sequence[int]], at: int) -> set[int]:
    """Return the numbers whose places are taken in turn: itself where they changed places."""
    found: set[int] = set()
    left = [*taken[at]]
    while left:
        if (one := left.pop()) not in found:
            found.add(one)
            left += taken.get(one, ())
    return found


def _doubted(one: Judged) -> Judged:
    return replace(one, verdict="not supported") if one.verdict != UNTESTABLE else one


def _is_bound(article: Article, index: int, one: Judged) -> bool:
    """Tell whether a rescue gives up the period or place that stands right beside the number."""
    if one.likeliest is None or one.chosen is None or one.likeliest.chosen is None:
        return False
    first, other = one.likeliest.chosen.query, one.chosen.query
    sentence, start, end = article.sentences[index], one.statement.start, one.statement.end

    def is_beside(two: Stretch, *, before: bool) -> bool:
        after = two.start >= end
        gap = sentence.text[end : two.start] if after else sentence.text[two.end : start]
        return (after or before) and BESIDE.fullmatch(gap) is not None

    known = article.periods_of(index)
    times = {two.span for two in known if is_beside(two, before=False)}
    places = {two.code for two in sentence.places if is_beside(two, before=True)}
    return (first.span in times and other.span not in times) or (
        first.place in places and other.place not in places
    )


def _to_the_digits(candidate: Candidate, best: Reading | None) -> bool:
    """Tell whether a figure is so precise, and so near, that it shows what was meant."""
    stated = candidate.stated
    if best is None or stated.words in ("more than", "less than", "range", "between"):
        return False
    size, gap = abs(stated.value), abs(stated.value - best.value)
    if stated.unit == "persons" and candidate.query.form != "difference":
        near = gap <= max(0.6, 0.0005 * size)
        return near and size >= 100 * stated.place_value and best.rank == "primary"
    if stated.unit in ("truth", "month", "states"):
        return gap == 0
    return stated.place_value <= 0.1 and gap <= 0.06 and candidate.told <= SENTENCE


def _verdict(
    con: duckdb.DuckDBPyConnection, one: Judged, sisters: set[str], read: Article
) -> Judged:
    """Return what may be said: false only where nothing was left to guess.

    A statement that no reading upholds is *contradicted* where thing, place, period and form stand
    in its own clause without rival or guard, and the series is final and covers it. Where something
    was told elsewhere it is *not supported*, or nothing is said. What another office than the one
    named, in its sentence or alone in the text, counts refutes nothing. A reading as likely must be
    false as well.
    """
    if one.chosen is None:
        return _without_data(con, one)
    query, told, stated = one.chosen.query, one.chosen.told, one.chosen.stated
    if one.verdict in ("supported", "partly", UNTESTABLE):
        return one
    if query.thing == "missing" and _between_releases(one):
        return replace(one, verdict=UNTESTABLE, reason=EVERY_DAY)
    register = query.thing == "missing" and query.span is None
    said: Verdict | None = "not supported" if told <= SENTENCE or query.thing in sisters else None
    if register:  # it grows: none of its sums refutes a later one
        said = "not supported" if _is_of_that_register(con, one, read.date) else UNTESTABLE
        usual = [reading for reading in one.readings if reading.rank == "primary"]
        best = max(usual or one.readings, key=lambda reading: reading.value)
        one = replace(one, best=best)
    form: Form = query.form if query.form in ("change", "rate change") else "level"
    office = unheard(con, query.figure(form), stated, one.readings)
    of_city = bool(office) and len(query.place) > 2 and not query.source  # of another office?
    if of_city or is_asked(office, query.source or read.agency):
        return replace(one, verdict=UNTESTABLE, reason=not_held(office))
    sized = query.form == "level" or (register and query.form != "more")
    unclear = sized and _of_another_size(one)
    whole = one.statement.sure and one.statement.alone
    if query.thing == "missing":  # who is missing in a year may be all of that day
        whole = whole and query.basis == "ever"
    unclear = unclear and not whole
    if unclear or (query.form == "difference" and _is_small(con, one)):
        said = None
    elif one.verdict == "contradicted" and one.statement.sure and _is_final(con, query):
        others = (_verdict(con, two, sisters, read).verdict for two in one.others)
        false = not office and all(two == "contradicted" for two in others)
        alone = len({str(two.source).partition(",")[0] for two in one.readings}) == 1
        false = false and not (alone and not is_clear(con, query))  # another might order otherwise
        said = "contradicted" if false else "not supported"
    return replace(one, verdict=said)


def _between_releases(one: Judged) -> bool:
    """Tell whether a count of a period lies between who is missing of it and who ever was.

    Of a change nothing can be told: of an earlier period more have been found since.
    """
    query, stated = one.chosen.query, one.chosen.stated  # type: ignore[union-attr]
    if query.form == "change":
        return True
    values = [reading.value for reading in one.readings if not reading.floor]
    counted = query.span is not None and query.form in ("level", "per day")
    return counted and bool(values) and min(values) <= stated.value <= max(values)


def _is_of_that_register(con: duckdb.DuckDBPyConnection, one: Judged, date: str | None) -> bool:
    """Tell whether all who are missing are told about when the register held whole was asked.

    And missed by more than it changes in that time, in a sentence that speaks of nothing else.
    """
    query = "SELECT max(month) AS month FROM counted WHERE measure = 'rnpdno_missing_stock'"
    month = kept(con, "register asked", lambda: rows(con, query)[0]["month"])
    if not (one.statement.alone and month and date and month <= date[:7] <= month_after(month, 6)):
        return False
    held = [reading.value for reading in one.readings if not reading.floor]
    return bool(held) and not any(
        abs(one.statement.stated.value / value - 1) <= NOISE for value in held
    )


def _is_small(con: duckdb.DuckDBPyConnection, one: Judged) -> bool:
    """Tell whether a difference misses ours by less than offices differ on what it is of."""
    query, stated = one.chosen.query, one.chosen.stated  # type: ignore[union-attr]
    whole = answers(con, replace(query, form="level", span=query.base, base=None), stated)
    off = min(abs(stated.value - reading.value) for reading in one.readings)
    return not whole or off <= NOISE * max(reading.value for reading in whole)


def _without_data(con: duckdb.DuckDBPyConnection, one: Judged) -> Judged:
    """Return "not testable", with the month the series end in where the period lies after it."""
    if one.reason is not None:
        return one
    first = next(iter(one.statement.candidates), None)
    if first is None or first.told > SENTENCE or first.query.form in ("fact", "fact change"):
        return one
    reason = _no_data(con, first.query.thing, first.query.place, first.query.span)
    return replace(one, chosen=first, verdict=UNTESTABLE, reason=reason)


def _no_data(
    con: duckdb.DuckDBPyConnection, thing: str, place: str, span: Span | None
) -> Mapping[str, str]:
    last = last_month(con, thing)
    if span is None or last is None or span.open_end or span.last <= last:
        return say.FETCH
    newer = later(con, thing, place) if span.last >= NEW else []
    if newer:
        told = _("The series held end in {month}; of what came after there is only: {list}.")
        return {
            lang: translate(told, lang).format(
                month=last, list="; ".join(translate(one, lang) for one in newer)
            )
            for lang in LANGUAGES
        }
    return bilingual(_("No data yet: the series held end in {month}.", month=last))


def _is_final(con: duckdb.DuckDBPyConnection, query: Query) -> bool:
    """Tell whether the period lies within the months held, so that no later release changes it."""
    last, span = last_month(con, query.thing), query.span
    return span is not None and not span.open_end and last is not None and span.last <= last


def _of_another_size(one: Judged) -> bool:
    """Tell whether a count is of another size: a part of the whole, or a sum of other years.

    Then the sentence was not understood, and silence is better than a false contradiction.
    """
    values = [reading.value for reading in one.readings]
    stated = one.chosen.stated if one.chosen else one.statement.stated
    return not 0.1 * min(values) <= stated.value <= 3 * max(values)


def _finding(one: Judged, core: tuple[int, int]) -> Finding:
    stated = one.chosen.stated if one.chosen else one.statement.stated
    if one.chosen and one.chosen.query.basis == "files" and stated.unit == "persons":
        stated = replace(stated, unit="case files")
    kind = "comparison" if one.chosen and one.chosen.query.base is not None else "figure"
    assert one.verdict is not None
    if one.chosen is None or one.best is None:
        result = Result("", UNTESTABLE, one.reason or say.FETCH)
        return Finding(*core, core, kind, None, stated, result, _read_as(one))
    known = _library_claim(one.chosen.query, stated)
    name, best = known.id if known else "", one.best
    opening = one.reason or {"not supported": NOT_FOUND, UNTESTABLE: REGISTER}.get(one.verdict)
    found = (best, *(reading for reading in one.readings if reading is not best))
    why = in_words(stated, found, one.verdict, best, opening)
    result = Result(name, one.verdict, why, found, best.value, best.source)
    return Finding(*core, core, kind, name or None, stated, result, _read_as(one))


def _read_as(one: Judged) -> Mapping[str, str] | None:
    if one.chosen is None:
        return None
    query, best = one.chosen.query, one.best
    told: dict[str, str] = {}
    for lang in LANGUAGES:
        source = best.named(lang) if best is not None else ""
        told[lang] = query.named(lang) + (f" ({source})" if source else "")
    return told


def _library_claim(query: Query, stated: Stated) -> Claim | None:
    """Return the claim of the library that states this very figure, the nearest in value."""

    def asked(one: Query | Figure) -> tuple[Any, ...]:
        return one.thing, one.form, one.place, one.span, one.base

    figures = [(one, figure_of(one.test["figure"])) for one in claims() if "figure" in one.test]
    same = {
        abs(one.stated.value - stated.value): one
        for one, figure in figures
        if asked(figure) == asked(query) and query.source in ("", figure.source)
        and one.stated and holds(stated, one.stated.value)
    }  # fmt: skip
    return same[min(same)] if same and query.basis != "files" else None


# --- where it stands -------------------------------------------------------------------------


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _whole_clause(
    text: str, bounds: tuple[int, int], one: Finding, here: Sequence[Finding]
) -> Finding:
    """Widen a finding to its whole clause: the sentence, up to the clauses of other figures."""
    start, end = bounds
    others = [other.core for other in here if other is not one and other.stated is not None]
    before = max((core[1] for core in others if core[1] <= one.core[0]), default=None)
    after = min((core[0] for core in others if core[0] >= one.core[1]), default=None)
    if before is not None:
        cut = _break(text, before, one.core[0])
        start = cut[1] if cut else (before if one.stated is not None else start)
    if after is not None:
        cut = _break(text, one.core[1], after)
        end = cut[0] if cut else (after if one.stated is not None else end)
    start, end = min(start, one.core[0]), max(end, one.core[1])
    while start < end and text[start] in EDGES:
        start += 1
    while end > start and text[end - 1] in EDGES:
        end -= 1
    return replace(one, start=start, end=end)


def _break(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the clauses of two figures part: at a strong break, else at the first comma."""
    breaks = list(BREAK.finditer(text, start, end))
    strong = [one for one in breaks if not one.group().startswith(",")]
    return next((one.span() for one in (*strong, *breaks)), None)


def entry(source: str, text: str, one: Finding, lang: Language) -> Mapping[str, Any]:
    """Return a finding as `hidra check --json` prints it; the verdict is always English."""
    stated = one.stated
    return {
        "input": source,
        "text": text[one.start : one.end],
        "start": one.start,
        "end": one.end,
        "kind": one.kind,
        "claim_id": one.claim_id,
        "verdict": one.result.verdict,
        "value": stated.value if stated else None,
        "upper": stated.upper if stated else None,  # the other end of a range
        "unit": stated.unit if stated else None,
        "ours": one.result.ours,
        "source": named_source(one, lang) or None,
        "read_as": one.read_as[lang] if one.read_as else None,
        "why": one.result.why[lang],
    }


def named_source(one: Finding, lang: Language) -> str:
    """Return who counts the figure a verdict rests on, in a language."""
    same = [reading for reading in one.result.readings if reading.source == one.result.source]
    return same[0].named(lang) if same else one.result.source
