"""An article with its checked statements marked: one page of its own, without script or request."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

import hidra
from hidra.claims import words as say
from hidra.claims.article.check import LARGEST_CHECK, Finding, named_source
from hidra.claims.article.lexicon import plain
from hidra.claims.article.periods import date_line
from hidra.claims.article.reading import Text
from hidra.claims.page import STYLE, rendered
from hidra.core.i18n import Language, _, bilingual
from hidra.core.i18n import day as spoken

SIGNS = {
    "supported": "✓", "partly": "≈", "not supported": "?", "contradicted": "✗",
    "not testable with these data": "–",
}  # fmt: skip
PAGE: Mapping[str, Mapping[str, str]] = bilingual(
    {
        "title": _("Article checked"),
        "none": _("Nothing in it can be checked with these data."),
        "ours": _("Our figure"),
        "source": _("Source"),
        "read_as": _("Read as"),
        "claim": _("Claim of the library"),
        "checked": _("Checked on {day} with hidra {version}, data {vintage}."),
        "written": _('The article\'s own day, from which "last year" is told: {day}.'),
        "undated": _('The article\'s day is not known: "last year" and its like are left alone.'),
        "key": _(
            "Marked: what could be checked. Each mark has a sign, a line and a "
            "number; the number leads to the verdict below."
        ),
        "foot": _(
            "A verdict is about the sentence and the data named, not about who wrote "
            'it. What no number of ours touches is left unmarked. "Contradicted" is '
            'said only where the sentence leaves nothing to guess; "no source gives '
            'it" also where it does.'
        ),
        "limit": _("Only the first {n} figures were looked at: it is longer than an article."),
    }
)
MARKS = (  # told apart by sign and line, not by colour alone
    "mark{background:none;color:inherit;padding:1px 0;border-bottom:2px solid}"
    ".supported{background:#e3efe4!important;border-bottom:2px solid #2f6b3a!important}"
    ".partly{background:#eef0d8!important;border-bottom:2px dashed #6b6a1f!important}"
    ".not-supported{background:#fbe9d3!important;border-bottom:2px dotted #8a4b08!important}"
    ".contradicted{background:#ece2ef!important;border-bottom:4px double #5b2a6b!important}"
    ".not-testable{background:#e9ebed!important;border-bottom:1px dotted #5b6770!important}"
    ".sign{display:inline-block;min-width:1.2em;text-align:center;padding:0 .2em}"
)


def page(
    checked: Sequence[tuple[Text, Sequence[Finding]]], lang: Language, vintage: str,
    today: datetime.date | None = None,
) -> str:  # fmt: skip
    """Return the page of some checked articles; every text in it is escaped.

    Parameters
    ----------
    checked : sequence of (Text, findings)
    lang : str
    vintage : str
        The name of the data, from `hidra.claims.ask.vintage`.
    today : datetime.date or None
        The day of the check; None: of the clock.
    """
    words = PAGE[lang]
    articles, number = [], 0
    for text, findings in checked:
        articles.append(marked(text, findings, lang, number))
        number += len(findings)
    day = spoken((today or datetime.date.today()).isoformat(), lang)
    return rendered(
        "article", lang, w=words, style=STYLE + MARKS, articles=articles,
        checked=words["checked"].format(day=day, version=hidra.__version__, vintage=vintage),
        signs=[(say.verdict(one, lang), sign, kind(one)) for one, sign in SIGNS.items()],
    )  # fmt: skip


def marked(text: Text, findings: Sequence[Finding], lang: Language, before: int) -> dict[str, Any]:
    """Return an article cut into marked and unmarked parts, with its verdicts in order.

    Parameters
    ----------
    before : int
        How many verdicts the articles before it have: they are numbered through.
    """
    parts: list[dict[str, Any]] = []
    at = 0
    told = [_told(text, one, lang, number) for number, one in enumerate(findings, before + 1)]
    for one, verdict in zip(findings, told, strict=True):
        start = max(one.start, at)
        if start >= one.end:  # a second statement in the same words is told below only
            continue
        parts.append({"number": 0, "text": text.text[at:start]})
        parts.append({**verdict, "text": text.text[start : one.end]})
        at = one.end
    parts.append({"number": 0, "text": text.text[at:]})
    words = PAGE[lang]
    day = text.date or date_line(plain(text.text[:400]))
    return {
        "input": text.input, "name": _name(text.input), "parts": parts, "told": told,
        "day": words["written"].format(day=spoken(day, lang)) if day else words["undated"],
        "limit": words["limit"].format(n=LARGEST_CHECK) if len(findings) >= LARGEST_CHECK else "",
    }  # fmt: skip


def _told(text: Text, one: Finding, lang: Language, number: int) -> dict[str, Any]:
    result = one.result
    unit = one.stated.unit if one.stated else "persons"
    ours = say.number(result.ours, unit, lang) if result.ours is not None else ""
    return {
        "number": number,
        "text": text.text[one.start : one.end],
        "figure": text.text[one.core[0] : one.core[1]],
        "verdict": say.verdict(result.verdict, lang),
        "sign": SIGNS[result.verdict],
        "kind": kind(result.verdict),
        "why": result.why[lang],
        "ours": ours,
        "source": named_source(one, lang),
        "read_as": one.read_as[lang] if one.read_as else "",
        "claim": one.claim_id,
    }


def kind(verdict: str) -> str:
    """Return the class a mark of a verdict has."""
    return verdict.removesuffix(" with these data").replace(" ", "-")


def _name(source: str) -> str:
    """Return what an article is called on the page: an address whole, of a path its last part."""
    return source if "://" in source else PurePath(source).name or source
