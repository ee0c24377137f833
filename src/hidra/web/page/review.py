"""Check a text: paste or send an article, see what the data say of each statement."""

from __future__ import annotations

from typing import Any

from hidra.claims import words as say
from hidra.claims.article.check import Finding, check
from hidra.claims.article.reading import Text, decoded, texts
from hidra.core.errors import SourceError
from hidra.web.site import Ask, View

MOST_LETTERS = 120_000
MOST_ARTICLES = 20


def view(ask: Ask, *, allow_fetch: bool, largest: int) -> View:
    """Return the form."""
    return View(
        ask.words("page.review"), ask.words("review.lead"), template="review.html.j2",
        more={"articles": [], "allow_fetch": allow_fetch, "megabytes": f"{largest / 1e6:g}",
              "letters": f"{MOST_LETTERS:,}", "asked": False},
    )  # fmt: skip


def checked(ask: Ask, articles: list[Text], *, allow_fetch: bool, largest: int) -> View:
    """Return the form with the articles marked under it; nothing of them is kept."""
    from hidra.claims.ask import data

    with data() as con:
        found = [(text, check(con, text.text)) for text in articles]
    shown: list[dict[str, Any]] = []
    number = 0
    for text, findings in found:
        shown.append(marked(text, findings, ask.language, number))
        number += len(findings)
    page = view(ask, allow_fetch=allow_fetch, largest=largest)
    page.more = {**page.more, "articles": shown, "asked": True}
    page.keep = False
    return page


def articles(content: bytes, name: str) -> list[Text]:
    """Return the articles in some bytes.

    Raises
    ------
    SourceError
        There are too many letters, or the bytes are not an article.
    """
    found = list(texts(content, name))[:MOST_ARTICLES]
    if sum(len(one.text) for one in found) > MOST_LETTERS:
        raise SourceError(
            f"The text is longer than {MOST_LETTERS:,} letters.",
            where="text",
            fix="Send the article alone.",
        )
    return found


def _source(one: Finding, language: str) -> str:
    """Return who counts the figure a verdict rests on, in a language."""
    same = [reading for reading in one.result.readings if reading.source == one.result.source]
    return same[0].named(language) if same else one.result.source


def pasted(text: str, name: str) -> list[Text]:
    """Return what was pasted, as it is: never read as a page or a feed."""
    if not text.strip():
        raise SourceError(
            "There is no text in it.", where="text", fix="Give an article that holds text."
        )
    if len(text) > MOST_LETTERS:
        raise SourceError(
            f"The text is longer than {MOST_LETTERS:,} letters.",
            where="text",
            fix="Send the article alone.",
        )
    return [Text(name, decoded(text.replace("\r\n", "\n").encode(), "text"))]


def marked(text: Text, findings: list[Finding], language: str, before: int) -> dict[str, Any]:
    """Return an article cut into marked and unmarked parts, with its verdicts in order."""
    parts: list[tuple[int, str]] = []
    at = 0
    for number, one in enumerate(findings, start=before + 1):
        start = max(one.start, at)
        if start >= one.end:  # a second statement in the same words is told below only
            continue
        parts += [(0, text.text[at:start]), (number, text.text[start : one.end])]
        at = one.end
    parts.append((0, text.text[at:]))
    told = [
        {
            "number": number,
            "text": text.text[one.start : one.end],
            "verdict": say.verdict(one.result.verdict, language),
            "why": one.result.why[language],
            "source": _source(one, language),
            "claim": one.claim_id,
        }
        for number, one in enumerate(findings, start=before + 1)
    ]
    return {"input": text.input, "parts": parts, "told": told}
