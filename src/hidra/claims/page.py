"""One plain page per claim: no script, no request, readable and printable as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hidra.claims import words
from hidra.claims.claim import OUTCOMES, Claim, Result
from hidra.core.files import write_text

STYLE = (
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1f2933;background:#fbfaf7;"
    "font:17px/1.5 system-ui,sans-serif}h1{font:1.6rem/1.3 Georgia,serif}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem .3rem 0;"
    "border-bottom:1px solid #d8d5cc;vertical-align:top}td.n{text-align:right;white-space:nowrap}"
    "a{color:#2b5d8a}.v{font-weight:600}dt{font-weight:600;margin-top:.8rem}dd{margin:0;"
    "overflow-wrap:anywhere}.narrow{display:none}svg{max-width:100%;height:auto}"
    "figure{margin:1rem 0}mark{background:#dfe8ee;color:inherit}small{color:#5b6770}"
    "@media(max-width:600px){.wide{display:none}.narrow{display:block}td.n{white-space:normal}}"
)
PAGE = """<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8"><title>{{ claim.statement[lang] }}</title>
<meta name="viewport" content="width=device-width"><style>{{ style }}</style></head><body><main>
{% if other %}<p><a href="index.html">{{ w.all }}</a> ·
<a hreflang="{{ other[0] }}" lang="{{ other[0] }}" href="{{ other[1] }}">{{ other[2] }}</a></p>
{% endif %}<h1>{{ claim.statement[lang] }}</h1>
<p class="v">{{ w.verdict }}: {{ verdict }}</p><p>{{ result.why[lang] }}</p>
{% if result.trace %}<details><summary>{{ w.trace }}</summary>
<pre>{{ result.trace }}</pre></details>
{% endif %}{% if result.readings %}<h2>{{ w.test }}</h2><table><thead><tr><th>{{ w.source }}</th>
<th>{{ w.value }}</th></tr></thead><tbody>{% for one in result.readings %}
<tr><td>{{ one.named(lang) }}{% if one.quoted %} <small>({{ w.quoted }})</small>{% endif %}</td>
<td class="n">{% if one.floor %}{{ w.least }} {% endif %}{{ number(one.value) }}</td></tr>
{% endfor %}</tbody></table>{% endif %}
{% if result.strip %}<h2>{{ w.strip }}</h2><p>{{ w.reading }}</p>
{% for picture in pictures %}<figure class="{{ 'wide' if loop.first else 'narrow' }}">
{{ picture }}</figure>{% endfor %}
<table><thead><tr><th>{{ w.asked }}</th><th>n</th><th>{{ w.change }}</th></tr></thead><tbody>
{% for one in result.strip %}<tr><td>{{ one[lang] }}</td><td class="n">{{ one.n }}</td>
<td class="n">{{ change(one) }}</td></tr>{% endfor %}</tbody></table>{% endif %}
{% if result.figures %}<h2>{{ w.figures }}</h2><table><tbody>
{% for name, value in numbers %}<tr><td>{{ name }}</td><td>{{ value }}</td></tr>{% endfor %}
</tbody></table>{% endif %}
<dl><dt>{{ w.said }}</dt><dd>{{ said }}</dd>
<dt>{{ w.against }}</dt><dd>{{ claim.against[lang] }}</dd>
<dt>{{ w.caveats }}</dt><dd>{{ claim.caveats[lang] }}</dd>
<dt>{{ w.strength }}</dt><dd>{{ w[claim.strength] or claim.strength }}</dd>
<dt>{{ w.data }}</dt><dd>{{ result.vintage }}</dd>
<dt>{{ w.again }}</dt><dd><code>hidra claims show {{ claim.id }}</code></dd></dl>
<p><small>{{ w.foot }}</small></p></main></body></html>
"""
INDEX = """<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8"><title>{{ w.all }}</title>
<meta name="viewport" content="width=device-width"><style>{{ style }}</style></head><body><main>
<p><a hreflang="{{ other[0] }}" lang="{{ other[0] }}" href="{{ other[1] }}">{{ other[2] }}</a></p>
<h1>{{ w.all }}</h1><p>{{ w.data }}: {{ vintage }}</p>
{% for verdict, some in groups %}<h2>{{ verdict }} ({{ some | length }})</h2><ul>
{% for claim in some %}<li><a href="{{ claim.id }}.html">{{ claim.statement[lang] }}</a></li>
{% endfor %}</ul>{% endfor %}<p><small>{{ w.foot }}</small></p></main></body></html>
"""
Draw = Callable[[Result, str], Sequence[str]]
OTHER = {"en": ("es", "Español"), "es": ("en", "English")}


def page(
    claim: Claim, result: Result, lang: str, draw: Draw | None = None, *, paired: bool = False
) -> str:
    """Return the page of a claim as HTML; every text in it is escaped.

    Parameters
    ----------
    draw : function or None
        Gives the pictures of a design's strip as SVG, the wide one first; the table needs none.
    paired : bool
        The page stands in a folder beside its twin in the other language.
    """
    from jinja2 import Environment
    from markupsafe import Markup

    unit = claim.stated.unit if claim.stated else ""
    pictures = draw(result, lang) if draw and result.strip else ()
    other = (OTHER[lang][0], f"../{OTHER[lang][0]}/{claim.id}.html", OTHER[lang][1])
    return (
        Environment(autoescape=True)
        .from_string(PAGE)
        .render(
            claim=claim, result=result, lang=lang, w=words.PAGE[lang], style=STYLE,
            said="; ".join(
                words.attributed(one, lang)
                for one in (claim.said_by, claim.said_in, claim.said_when)
                if one
            ),
            verdict=words.verdict(result.verdict, lang),
            number=lambda value: words.number(value, unit, lang),
            change=lambda one: _change(one, lang),
            numbers=list(words.figures(result.figures, lang)),
            pictures=[Markup(one) for one in pictures],
            other=other if paired else None,
        )
    )  # fmt: skip


def index(done: Sequence[tuple[Claim, Result]], lang: str) -> str:
    """Return the list of claims by verdict as HTML."""
    from jinja2 import Environment

    groups = [
        (words.verdict(verdict, lang), [claim for claim, one in done if one.verdict == verdict])
        for verdict in OUTCOMES
    ]
    other = (OTHER[lang][0], f"../{OTHER[lang][0]}/index.html", OTHER[lang][1])
    return (
        Environment(autoescape=True)
        .from_string(INDEX)
        .render(lang=lang, w=words.PAGE[lang], style=STYLE, other=other,
                groups=[one for one in groups if one[1]], vintage=done[0][1].vintage)
    )  # fmt: skip


def write_page(
    claim: Claim, result: Result, file: Path, lang: str, draw: Draw | None = None
) -> None:
    """Write the page of one claim.

    Raises
    ------
    RunError
        The file cannot be written.
    """
    write_text(file, page(claim, result, lang, draw))


def write_pages(
    done: Sequence[tuple[Claim, Result]], folder: Path, draw: Draw | None = None
) -> list[Path]:
    """Write one page per claim and language, and a list of them; return the paths of the lists."""
    lists = []
    for lang in words.LANGUAGES:
        beside = folder / lang
        for claim, result in done:
            write_text(beside / f"{claim.id}.html", page(claim, result, lang, draw, paired=True))
        lists.append(beside / "index.html")
        write_text(lists[-1], index(done, lang))
    return lists


def _change(one: Mapping[str, Any], lang: str) -> str:
    """Return a row of a strip as percent with its interval."""
    value, low, high = (f"{100 * one[key]:+.0f}" for key in ("estimate", "low", "high"))
    to = {"en": "to", "es": "a"}[lang]
    return f"{value} % ({low} {to} {high})".replace("-", "\u2212")
