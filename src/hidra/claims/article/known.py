"""Claims of the library in an article, in its words or others, and the blockades of 2026."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from re._parser import parse as parse_pattern
from typing import TYPE_CHECKING, Any

from hidra.claims import words as say
from hidra.claims.article.document import Article, Sentence
from hidra.claims.article.lexicon import plain, tells, words
from hidra.claims.article.numbers import DIGITS, NUMBER, modifier, parse
from hidra.claims.article.rankings import first_state
from hidra.claims.ask import rows, vintage
from hidra.claims.claim import Claim, Reading, Result, Stated, claim, claims
from hidra.claims.judge import judge
from hidra.core.i18n import _
from hidra.core.place import is_state

if TYPE_CHECKING:
    import duckdb

SOURCE = _("Security Cabinet, 22 February 2026 (20:00)")


@dataclass(frozen=True)
class Match:
    """A claim found in a sentence; `stated` is the figure as this article gives it."""

    start: int
    end: int
    claim: Claim
    stated: Stated | None
    value_at: tuple[int, int] | None = None


def verbatim(sentence: Sentence) -> list[Match]:
    """Return the claims of the library that a sentence states word for word."""
    bare = _bare(sentence.text)
    told = bare.split()
    found: dict[str, Match] = {}
    for start in pairwise(told):
        for one, said in _said().get(start, ()):
            if said in bare:
                at = re.search(r"[^\w%]+".join(map(re.escape, said.split())), sentence.text)
                span = at.span() if at else (0, len(sentence.text))
                found.setdefault(one.id, Match(*span, one, one.stated))
    return list(found.values())


@cache
def _said() -> dict[tuple[str, ...], list[tuple[Claim, str]]]:
    """Return the statements of the library, without points and commas, by their first two words."""
    found: dict[tuple[str, ...], list[tuple[Claim, str]]] = {}
    for one in claims():
        for text in one.statement.values():
            said = _bare(plain(text))
            found.setdefault(tuple(said.split()[:2]), []).append((one, said))
    return found


def _bare(text: str) -> str:
    return re.sub(r"[^\w%.]+", " ", text).strip(" .")


def matches(sentence: Sentence) -> Iterator[Match]:
    """Yield the claims of the library that a sentence states in other words."""
    text = sentence.text
    for one in claims():
        for cues, alternative in _compiled(one.detect):
            if cues and not any(cue in text for cue in cues):
                continue
            other = _is_of_another_year(one, sentence) or _is_of_another_state(one, sentence)
            found = None if other else _match(text, one, alternative)
            if found is not None:
                yield _whole(found, sentence)
                break


Alternative = tuple[tuple[bool, re.Pattern[str]], ...]


@cache
def _compiled(
    detect: tuple[tuple[str, ...], ...],
) -> tuple[tuple[frozenset[str], Alternative], ...]:
    """Return the patterns of every alternative, with letters of which a sentence must hold some."""
    number = rf"(?:{NUMBER}|{DIGITS})"
    found = []
    for words_ in detect:
        cues = [_letters(parse_pattern(one)) for one in words_ if not one.startswith("!")]
        known = [one for one in cues if one]
        patterns = tuple(
            (not one.startswith("!"), re.compile(one.removeprefix("!").replace("{n}", number)))
            for one in words_
        )
        found.append((min(known, key=len) if known else frozenset(), patterns))
    return tuple(found)


def _letters(tree: Any) -> frozenset[str]:
    """Return pieces of letters of which every match of a pattern holds at least one."""
    best: frozenset[str] = frozenset()
    run = ""
    for kind, value in [*tree, (None, None)]:
        if str(kind) == "LITERAL":
            run += chr(value)
            continue
        inner: frozenset[str] = frozenset()
        if str(kind) == "SUBPATTERN":
            inner = _letters(value[3])
        elif str(kind) == "BRANCH":
            parts = [_letters(one) for one in value[1]]
            inner = frozenset().union(*parts) if all(parts) else inner
        elif str(kind) == "MAX_REPEAT" and value[0] > 0:
            inner = _letters(value[2])
        for one in (frozenset({run}) if len(run) > 2 else frozenset(), inner):
            if one and (not best or min(map(len, one)) > min(map(len, best))):
                best = one
        run = ""
    return best


def _match(text: str, claim: Claim, alternative: Alternative) -> Match | None:
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
            parsed, value_at = parse(match["value"]), match.span("value")
            if parsed is None:
                return None
            unit = claim.stated.unit if claim.stated else "persons"
            said, _rest = modifier(text, value_at[0])
            stated = Stated(parsed[0], said, unit, parsed[1])
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    return Match(start, end, claim, stated, value_at)


def _whole(match: Match, sentence: Sentence) -> Match:
    """Return a match whose figure is one end of a range with the range: 160,000 to 185,000."""
    at, stated = match.value_at, match.stated
    if at is None or stated is None:
        return match
    for one in sentence.quantities:
        if one.stated.upper is not None and one.start <= at[0] and at[1] <= one.end:
            whole = replace(one.stated, unit=stated.unit)
            return replace(match, stated=whole, value_at=(one.start, one.end))
    return match


def _is_of_another_year(claim: Claim, sentence: Sentence) -> bool:
    """Tell whether a sentence gives a rank or share of a year that is not the claim's."""
    if claim.kind != "place" or not re.fullmatch(r"\d{4}", claim.when):
        return False
    years = {one.span.first[:4] for one in sentence.periods if one.kind == "one" and not one.needs}
    return bool(years) and claim.when not in years


def _is_of_another_state(claim: Claim, sentence: Sentence) -> bool:
    """Tell whether a sentence gives the rank of a claim to another state, or another rank to it."""
    if claim.kind != "place" or not is_state(claim.where):
        return False
    first = first_state(sentence)
    named = {one.code for one in sentence.places if is_state(one.code)}
    return first != claim.where if first is not None else named != {claim.where}


def blockades(
    con: duckdb.DuckDBPyConnection, article: Article, sentence: Sentence
) -> Iterator[tuple[Match, Result]]:
    """Yield what a sentence says of the blockades, judged by the official list."""
    if not article.wave or not tells("disruption", sentence.text):
        return
    table = {one["place"]: one for one in rows(con, "SELECT * FROM blockades_2026_02_22")}
    affected = {code for code, one in table.items() if one["affected"] and code != "00"}
    named = [one for one in sentence.places if is_state(one.code)]
    codes = {one.code for one in named}
    if len(codes) >= 3:
        stated, at = Stated(float(len(codes)), unit="states"), (named[0].start, named[-1].end)
        one = claim("blockades-nine-states")
        match, found = _judged(con, one, stated, len(affected & codes), at)
        listed = found.ours and found.verdict != "supported"  # some of those named were hit
        yield (
            replace(match, stated=None, value_at=None),
            _partly(found, stated) if listed else found,
        )
    for quantity in sentence.quantities:
        said, after = quantity.stated, sentence.text[quantity.end :]
        states_ = re.match(rf"\W*{words('states').pattern}", after)
        roads = words("blockades").match(after)
        if not states_ and not roads:
            continue
        end = quantity.end + (states_ or roads).end()  # type: ignore[union-attr]
        value, library = table["00"]["blockades"], None
        if states_:
            share = said.unit == "percent"
            value, library = (
                len(affected) / (0.32 if share else 1),
                claim("blockades-more-than-half"),
            )
            said = replace(said, unit="percent" if share else "states", place_value=1.0)
        yield _judged(con, library, said, value, (quantity.start, end))


def _judged(
    con: duckdb.DuckDBPyConnection, of: Claim | None, stated: Stated, value: float,
    at: tuple[int, int],
) -> tuple[Match, Result]:  # fmt: skip
    reading = Reading(float(value), SOURCE, quoted=True)
    verdict, best = judge(stated, [reading])
    result = Result(
        of.id if of else "", verdict, say.why(stated, [reading], verdict, best), (reading,),
        reading.value, SOURCE, vintage(con),
    )  # fmt: skip
    return Match(*at, of or claim("blockades-more-than-half"), stated, at), result


def _partly(found: Result, stated: Stated) -> Result:
    why = say.why(stated, found.readings, "partly", found.readings[0])
    return replace(found, verdict="partly", why=why)
