"""Check an article: find what data can check, judge it, say where it stands and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hidra.claims import words
from hidra.claims.article.blockades import blockades
from hidra.claims.article.context import Article, article
from hidra.claims.article.patterns import Match, matches
from hidra.claims.article.statement import Statement, statements
from hidra.claims.claim import Claim, Reading, Result, Stated, claims
from hidra.claims.figure import Figure, readings
from hidra.claims.judge import judge
from hidra.claims.run import attempt, figure_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

BREAK = re.compile(
    r"[;:()—–]|,(?=\s)|\s-\s|\b(?:and|y|e|while|mientras|but|pero|whereas|since|desde que|ya que)\b"
)

EDGES = " \t\r\n,;:*_"


@dataclass(frozen=True)
class Finding:
    """One checked statement of an article; `start` and `end` are positions in its text."""

    start: int
    end: int
    core: tuple[int, int]
    kind: str
    claim_id: str | None
    stated: Stated | None
    result: Result


def check(con: duckdb.DuckDBPyConnection, text: str) -> list[Finding]:
    """Return the checkable statements of a text in order, each with its verdict.

    Parameters
    ----------
    con : connection from `hidra.claims.ask.data`.
    text : str
        An article as plain text.
    """
    read = article(text)
    if not (read.on_topic or read.wave):
        return []
    found: list[Finding] = []
    seen: set[str] = set()
    for index, sentence in enumerate(read.sentences):
        here = _of_sentence(con, read, index, seen)
        bounds = (sentence.start, sentence.end)
        found += [_whole_clause(read.text, bounds, one, here) for one in here]
    return found


def _of_sentence(
    con: duckdb.DuckDBPyConnection, read: Article, index: int, seen: set[str]
) -> list[Finding]:
    sentence = read.sentences[index]
    found = [_from_match(match, result) for match, result in blockades(con, read, sentence)]
    for match in matches(read, sentence):
        if not _counts(match, found, seen):
            continue
        seen.add(match.claim.id)
        found.append(_from_match(match, attempt(con, match.claim, match.stated)))
    for statement in statements(read, index):
        core = (statement.start, statement.end)
        if any(_overlap(core, one.core) for one in found):
            continue
        answer = _answer(con, statement)
        if answer is not None:
            found.append(answer)
    return sorted(found, key=lambda one: one.core)


def _counts(match: Match, found: Sequence[Finding], seen: set[str]) -> bool:
    """Tell whether a match says something new: a number not taken, or a claim not yet met."""
    if match.value_at is None:
        return match.claim.id not in seen
    return not any(_overlap(match.value_at, one.core) for one in found if one.stated is not None)


def _from_match(match: Match, result: Result) -> Finding:
    core = match.value_at or (match.start, match.end)
    claim_id = result.claim or None
    return Finding(*core, core, match.claim.kind, claim_id, match.stated, result)


def _answer(con: duckdb.DuckDBPyConnection, statement: Statement) -> Finding | None:
    """Return the finding on a fresh figure, or None where the number is about something smaller."""
    core = (statement.start, statement.end)
    if statement.figure is None:
        result = Result("", "not testable with these data", statement.reason or words.FETCH)
        return Finding(*core, core, statement.kind, None, statement.stated, result)
    found = readings(con, statement.figure, statement.stated)
    verdict, best = judge(statement.stated, found)
    if verdict == "contradicted" and _of_another_size(statement, found):
        return None
    why = words.why(statement.stated, found, verdict, best)
    known = _library_claim(statement)
    result = Result(
        known.id if known else "", verdict, why, tuple(found),
        best.value if best else None, best.source if best else "",
    )  # fmt: skip
    claim_id = known.id if known else None
    return Finding(*core, core, statement.kind, claim_id, statement.stated, result)


def _of_another_size(statement: Statement, found: Sequence[Reading]) -> bool:
    """Tell whether a count is of another size: a part of the whole, or a sum of other years.

    Then the sentence was not understood, and silence is better than a false contradiction.
    """
    figure = statement.figure
    if figure is None or figure.form != "level":
        return False
    values = [one.value for one in found]
    return not 0.1 * min(values) <= statement.stated.value <= 3 * max(values)


def _library_claim(statement: Statement) -> Claim | None:
    """Return the claim of the library that states this very figure, the nearest in value."""
    figure = statement.figure
    if figure is None:
        return None
    same = [
        claim
        for claim in claims()
        if "figure" in claim.test and _key(figure_of(claim.test["figure"])) == _key(figure)
    ]
    value = statement.stated.value
    return min(
        same, key=lambda one: abs((one.stated.value if one.stated else 0) - value), default=None
    )


def _key(figure: Figure) -> Figure:
    return replace(figure, source="", other_bases=())


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
        breaks = [match.end() for match in BREAK.finditer(text, before, one.core[0])]
        start = breaks[0] if breaks else (before if one.stated is not None else start)
    if after is not None:
        breaks = [match.start() for match in BREAK.finditer(text, one.core[1], after)]
        end = breaks[-1] if breaks else (after if one.stated is not None else end)
    start, end = min(start, one.core[0]), max(end, one.core[1])
    while start < end and text[start] in EDGES:
        start += 1
    while end > start and text[end - 1] in EDGES:
        end -= 1
    return replace(one, start=start, end=end)


def entry(source: str, text: str, one: Finding, lang: str) -> Mapping[str, Any]:
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
        "unit": stated.unit if stated else None,
        "ours": one.result.ours,
        "source": one.result.source or None,
        "why": one.result.why[lang],
    }
