"""Statements about the blockades of 22 February 2026: which states, how many, how often."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hidra.claims import words
from hidra.claims.article.context import Article, Sentence
from hidra.claims.article.patterns import Match
from hidra.claims.ask import rows, vintage
from hidra.claims.claim import Reading, Result, Stated, claim
from hidra.claims.judge import judge
from hidra.core.place import is_state

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
STATES = re.compile(r"\W*(?:of |de )?(?:the |los |las )?(?:country|nation|mexico"
                    r"|pais)?(?:'s)? ?(?:32 )?(?:mexican )?"
                    r"(?:states|estados|entidades)\b")  # fmt: skip
BLOCKADES = re.compile(r" (?:\w+ )?(?:blockades|roadblocks|narcobloqueos|bloqueos)\b")
SOURCE = "Security Cabinet, 22 February 2026 (20:00)"
SOURCE_ES = "Gabinete de Seguridad, 22 de febrero de 2026 (20:00)"


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
        after = article.text[quantity.end : sentence.end]
        if STATES.match(after):
            share = quantity.stated.unit == "percent"
            value = 100 * _affected(con) / 32 if share else _affected(con)
            unit = "percent" if share else "states"
            stated = Stated(quantity.stated.value, quantity.stated.words, unit, 1.0)
            end = quantity.end + STATES.match(after).end()  # type: ignore[union-attr]
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
    why = words.why(stated, [reading], verdict, reading)
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
        name or "", verdict, words.why(stated, [reading], verdict, best), (reading,), float(value),
        SOURCE, vintage(con),
    )  # fmt: skip
    return Match(start, end, known, stated, (start, end)), result
