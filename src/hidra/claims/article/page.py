"""An article with its checked statements marked: one plain page without script or request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hidra.claims import say
from hidra.claims.article.check import Finding
from hidra.claims.article.reading import Text
from hidra.claims.page import STYLE
from hidra.core.files import write_text

WORDS = {
    "en": {
        "title": "Article checked", "none": "Nothing in it can be checked with these data.",
        "ours": "Our figure", "source": "Source", "foot": "A verdict is about the sentence and "
        "the data named, not about who wrote it. What no number of ours touches is left unmarked.",
        "key": "Marked: what could be checked. Numbers lead to the verdict below.",
    },
    "es": {
        "title": "Artículo revisado", "none": "Nada en él se puede comprobar con estos datos.",
        "ours": "Nuestra cifra", "source": "Fuente", "foot": "Un veredicto es sobre la frase y "
        "los datos nombrados, no sobre quien escribió. Lo que ninguna cifra toca queda sin marcar.",
        "key": "Marcado: lo que se pudo comprobar. Los números llevan al veredicto de abajo.",
    },
}  # fmt: skip
PAGE = """<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8"><title>{{ w.title }}</title>
<meta name="viewport" content="width=device-width"><style>{{ style }}
.text{white-space:pre-line}</style></head><body><main><h1>{{ w.title }}</h1><p>{{ w.key }}</p>
{% for article in articles %}<h2>{{ article.input }}</h2>
<p class="text">{% for part in article.parts %}{% if part.number %}<mark id="t{{ part.number }}">
{{- part.text -}}</mark><sup><a href="#v{{ part.number }}">{{ part.number }}</a></sup>
{%- else %}{{ part.text }}{% endif %}{% endfor %}</p>
{% if article.verdicts %}<dl>{% for one in article.verdicts %}
<dt id="v{{ one.number }}"><a href="#t{{ one.number }}">{{ one.number }}</a>
 <q>{{ one.text }}</q>: <span class="v">{{ one.verdict }}</span></dt>
<dd>{{ one.why }}{% if one.source %}<br><small>{{ w.source }}: {{ one.source }}</small>{% endif %}
{% if one.claim %}<br><small>hidra claims show {{ one.claim }}</small>{% endif %}</dd>
{% endfor %}</dl>{% else %}<p>{{ w.none }}</p>{% endif %}{% endfor %}
<p><small>{{ w.foot }}</small></p></main></body></html>
"""


def page(checked: Sequence[tuple[Text, Sequence[Finding]]], lang: str) -> str:
    """Return the page of some checked articles; every text in it is escaped."""
    from jinja2 import Environment

    number = 0
    articles = []
    for text, findings in checked:
        articles.append(_article(text, findings, lang, number))
        number += len(findings)
    return (
        Environment(autoescape=True)
        .from_string(PAGE)
        .render(articles=articles, lang=lang, w=WORDS[lang], style=STYLE)
    )


def write_page(checked: Sequence[tuple[Text, Sequence[Finding]]], file: Path, lang: str) -> None:
    """Write the page, whole or not at all."""
    write_text(file, page(checked, lang))


def _article(text: Text, findings: Sequence[Finding], lang: str, before: int) -> dict[str, object]:
    parts: list[dict[str, object]] = []
    at = 0
    for number, one in enumerate(findings, start=before + 1):
        start = max(one.start, at)
        if start >= one.end:  # a second statement in the same words is told below only
            continue
        parts.append({"number": 0, "text": text.text[at:start]})
        parts.append({"number": number, "text": text.text[start : one.end]})
        at = one.end
    parts.append({"number": 0, "text": text.text[at:]})
    verdicts = [
        {
            "number": number,
            "text": text.text[one.start : one.end],
            "verdict": say.verdict(one.result.verdict, lang),
            "why": one.result.why[lang],
            "source": one.result.source,
            "claim": one.claim_id,
        }
        for number, one in enumerate(findings, start=before + 1)
    ]
    return {"input": text.input, "parts": parts, "verdicts": verdicts}
