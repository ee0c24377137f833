"""Claims of the library in an article, word for word or in other words, and the blockades of 2026."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from hidra.claim import say
from hidra.claim.article.document import Article, Sentence
from hidra.claim.article.lexicon import words
from hidra.claim.article.numbers import DIGITS, NUMBER, modifier, parse
from hidra.claim.article.text import plain
from hidra.claim.ask import rows, vintage
from hidra.claim.base import Claim, Reading, Result, Stated
from hidra.claim.judge import judge
from hidra.claim.library import claim, claims
from hidra.place import is_state

if TYPE_CHECKING:
    import duckdb

DISRUPTION = re.compile(
    r"\b(?:blockades?|roadblocks?|road blockades?|narcobloqueos?|bloqueos?|blocked|bloque\w+"
    r"|disruptions?|disturbios"
    r"|violent (?:actions?|acts?|incidents?)|(?:acciones|hechos|actos) violent[oa]s"
    r"|wave of (?:violence|attacks)"
    r"|(?:ola|oleada) de (?:violencia|ataques)|burn(?:ed|ing|t)|quem\w+|incendi\w+|violence"
    r"|violencia)\b"
)
BLOCKADES = re.compile(r" (?:\w+ )?(?:blockades|roadblocks|narcobloqueos|bloqueos)\b")
SOURCE = "Security Cabinet, 22 February 2026 (20:00)"
SOURCE_ES = "Gabinete de Seguridad, 22 de febrero de 2026 (20:00)"


@dataclass(frozen=True)
class Match:
    """A claim found in a sentence; `stated` is the figure as this article gives it."""

    start: int
    end: int
    claim: Claim
    stated: Stated | None
    value_at: tuple[int, int] | None = None
    verbatim: bool = False


def verbatim(sentence: Sentence) -> list[Match]:
    """Return the claims of the library that a sentence states word for word."""
    bare, found = _bare(sentence.text), []
    for one, statements in _said():
        same = next((text for text in statements if text in bare), None)
        if same is not None:
            pattern = r"[^\w%]+".join(map(re.escape, same.split()))
            at = re.search(pattern, sentence.text)
            span = at.span() if at else (0, len(sentence.text))
            found.append(Match(*span, one, one.stated, verbatim=True))
    return found


def matches(sentence: Sentence) -> Iterator[Match]:
    """Yield the claims of the library that a sentence states in other words."""
    for one in claims():
        if _is_of_another_year(one, sentence):
            continue
        for alternative in _compiled(one.detect):
            found = _match(sentence.text, one, alternative)
            if found is not None:
                yield found
                break


@cache
def _compiled(
    detect: tuple[tuple[str, ...], ...],
) -> tuple[tuple[tuple[bool, re.Pattern[str]], ...], ...]:
    number = rf"(?:{NUMBER}|{DIGITS})"
    return tuple(
        tuple(
            (not word.startswith("!"), re.compile(word.removeprefix("!").replace("{n}", number)))
            for word in alternative
        )
        for alternative in detect
    )


def _match(
    text: str,
    claim: Claim,
    alternative: tuple[tuple[bool, re.Pattern[str]], ...],
) -> Match | None:
    spans: list[tuple[int, int]] = []
    stated, value_at = None, None
    for wanted, pattern in alternative:
        match = pattern.search(text)
        if (match is not None) != wanted:
            return None
        if match is None:
            continue
        spans.append(match.span())
        if "value" in pattern.groupindex:
            stated = _stated(text, claim, match)
            value_at = match.span("value")
            if stated is None:
                return None
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    return Match(start, end, claim, stated, value_at)


def _stated(text: str, claim: Claim, match: re.Match[str]) -> Stated | None:
    parsed = parse(match["value"])
    if parsed is None:
        return None
    unit = claim.stated.unit if claim.stated else "persons"
    said, _ = modifier(text, match.start("value"))
    return Stated(parsed[0], said, unit, parsed[1])


@cache
def _said() -> tuple[tuple[Claim, tuple[str, ...]], ...]:
    """Return every claim with its statements, without points and commas."""
    return tuple(
        (one, tuple(_bare(plain(text)) for text in one.statement.values())) for one in claims()
    )


def _bare(text: str) -> str:
    return re.sub(r"[^\w%.]+", " ", text).strip(" .")


def _is_of_another_year(claim: Claim, sentence: Sentence) -> bool:
    """Tell whether a sentence gives a rank or share of a year that is not the claim's."""
    if claim.kind != "place" or not re.fullmatch(r"\d{4}", claim.when):
        return False
    years = {one.span.first[:4] for one in sentence.periods if one.kind == "one" and not one.needs}
    return bool(years) and claim.when not in years


def blockades(
    con: duckdb.DuckDBPyConnection, article: Article, sentence: Sentence
) -> Iterator[tuple[Match, Result]]:
    """Yield what a sentence says of the blockades, judged by the official list."""
    if not article.wave or not DISRUPTION.search(sentence.text):
        return
    named = {one.code for one in sentence.places if is_state(one.code)}
    if len(named) >= 3:
        yield _listed(con, sentence, named)
    for quantity in sentence.quantities:
        after = sentence.text[quantity.end :]
        states_ = re.match(rf"\W*{words('states').pattern}", after)
        if states_:
            share = quantity.stated.unit == "percent"
            value = 100 * _affected(con) / 32 if share else _affected(con)
            unit = "percent" if share else "states"
            stated = Stated(quantity.stated.value, quantity.stated.words, unit, 1.0)
            end = quantity.end + states_.end()
            yield _judged(con, "blockades-more-than-half", stated, value, quantity.start, end)
        elif BLOCKADES.match(after):
            nation = "SELECT blockades FROM blockades_2026_02_22 WHERE place = '00'"
            value = rows(con, nation)[0]["blockades"]
            end = quantity.end + BLOCKADES.match(after).end()  # type: ignore[union-attr]
            yield _judged(con, None, quantity.stated, value, quantity.start, end)


def _affected(con: duckdb.DuckDBPyConnection) -> int:
    query = "SELECT count(*) AS n FROM blockades_2026_02_22 WHERE affected AND place <> '00'"
    return int(rows(con, query)[0]["n"])


def _listed(
    con: duckdb.DuckDBPyConnection, sentence: Sentence, named: set[str]
) -> tuple[Match, Result]:
    marks = ", ".join("?" for _ in named)
    query = f"SELECT count(*) AS n FROM blockades_2026_02_22 WHERE affected AND place IN ({marks})"
    found = int(rows(con, query, *sorted(named))[0]["n"])
    spans = [one for one in sentence.places if is_state(one.code)]
    match = Match(spans[0].start, spans[-1].end, claim("blockades-nine-states"), None)
    stated = Stated(float(len(named)), unit="states")
    reading = Reading(float(found), SOURCE, quoted=True, source_es=SOURCE_ES)
    verdict, _ = judge(stated, [reading])
    if found and verdict != "supported":
        verdict = "partly"
    why = say.why(stated, [reading], verdict, reading)
    return match, Result(
        match.claim.id, verdict, why, (reading,), float(found), SOURCE, vintage(con)
    )


def _judged(
    con: duckdb.DuckDBPyConnection,
    name: str | None,
    stated: Stated,
    value: float,
    start: int,
    end: int,
) -> tuple[Match, Result]:
    reading = Reading(float(value), SOURCE, quoted=True, source_es=SOURCE_ES)
    verdict, best = judge(stated, [reading])
    known = claim(name or "blockades-more-than-half")
    result = Result(
        name or "", verdict, say.why(stated, [reading], verdict, best), (reading,), float(value),
        SOURCE, vintage(con),
    )  # fmt: skip
    return Match(start, end, known, stated, (start, end)), result
