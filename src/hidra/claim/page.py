"""One plain page per claim: no script, no request, readable and printable as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hidra.claim import say
from hidra.claim.base import Claim, Result
from hidra.errors import RunError

WORDS = {
    "en": {
        "verdict": "Verdict", "why": "Why", "said": "Said by", "test": "What the sources say",
        "against": "What would count against it", "caveats": "Caveats", "strength": "Strength",
        "data": "Data", "again": "To run it again", "source": "Source", "value": "Value",
        "quoted": "as quoted", "least": "at least", "figures": "Numbers of the design",
        "foot": "Computed by hidra. Descriptive figures are not causes; captured is not convicted.",
    },
    "es": {
        "verdict": "Veredicto", "why": "Por qué", "said": "Lo dijo",
        "test": "Qué dicen las fuentes",
        "against": "Qué contaría en contra", "caveats": "Salvedades", "strength": "Solidez",
        "data": "Datos", "again": "Para repetirlo", "source": "Fuente", "value": "Valor",
        "quoted": "tal como se cita", "least": "al menos", "figures": "Números del diseño",
        "foot": "Calculado por hidra. Lo descriptivo no es causa; capturado no es condenado.",
    },
}  # fmt: skip
STYLE = (
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1f2933;background:#fbfaf7;"
    "font:17px/1.5 system-ui,sans-serif}h1{font:1.6rem/1.3 Georgia,serif}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem .3rem 0;"
    "border-bottom:1px solid #d8d5cc;vertical-align:top}td.n{text-align:right;white-space:nowrap}"
    "a{color:#2b5d8a}.v{font-weight:600}dt{font-weight:600;margin-top:.8rem}dd{margin:0}"
    "mark{background:#dfe8ee;color:inherit}small{color:#5b6770}"
)
PAGE = """<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8"><title>{{ claim.statement[lang] }}</title>
<meta name="viewport" content="width=device-width"><style>{{ style }}</style></head><body><main>
<h1>{{ claim.statement[lang] }}</h1>
<p class="v">{{ w.verdict }}: {{ verdict }}</p><p>{{ result.why[lang] }}</p>
{% if result.readings %}<h2>{{ w.test }}</h2><table><thead><tr><th>{{ w.source }}</th>
<th>{{ w.value }}</th></tr></thead><tbody>{% for one in result.readings %}
<tr><td>{{ one.named(lang) }}{% if one.quoted %} <small>({{ w.quoted }})</small>{% endif %}</td>
<td class="n">{% if one.floor %}{{ w.least }} {% endif %}{{ number(one.value) }}</td></tr>
{% endfor %}</tbody></table>{% endif %}
{% if result.figures %}<h2>{{ w.figures }}</h2><table><tbody>
{% for name, value in result.figures.items() %}<tr><td>{{ name }}</td>
<td class="n">{{ plain(value) }}</td></tr>{% endfor %}</tbody></table>{% endif %}
<dl><dt>{{ w.said }}</dt><dd>{{ claim.said_by }}; {{ claim.said_in }}; {{ claim.said_when }}</dd>
<dt>{{ w.against }}</dt><dd>{{ claim.against[lang] }}</dd>
<dt>{{ w.caveats }}</dt><dd>{{ claim.caveats[lang] }}</dd>
<dt>{{ w.data }}</dt><dd>{{ result.vintage }}</dd>
<dt>{{ w.again }}</dt><dd><code>hidra claims show {{ claim.id }}</code></dd></dl>
<p><small>{{ w.foot }}</small></p></main></body></html>
"""


def page(claim: Claim, result: Result, lang: str) -> str:
    """Return the page of a claim as HTML; every text in it is escaped."""
    from jinja2 import Environment

    unit = claim.stated.unit if claim.stated else ""
    return (
        Environment(autoescape=True)
        .from_string(PAGE)
        .render(
            claim=claim,
            result=result,
            lang=lang,
            w=WORDS[lang],
            style=STYLE,
            verdict=say.verdict(result.verdict, lang),
            number=lambda value: say.number(value, unit, lang),
            plain=_plain,
        )
    )


def write_page(claim: Claim, result: Result, file: Path, lang: str) -> None:
    """Write the page of one claim.

    Raises
    ------
    RunError
        The file cannot be written.
    """
    write(file, page(claim, result, lang))


def write_pages(done: Sequence[tuple[Claim, Result]], folder: Path, lang: str) -> list[Path]:
    """Write one page per claim into a folder and return their paths."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _closed(folder, error) from error
    pages = [folder / f"{claim.id}.html" for claim, _ in done]
    for (claim, result), file in zip(done, pages, strict=True):
        write_page(claim, result, file, lang)
    return pages


def write(file: Path, text: str) -> None:
    """Write a page whole or not at all."""
    draft = file.with_name(f"{file.name}.partial")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise _closed(file, error) from error


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.3g}"
    if isinstance(value, list | tuple):
        return " to ".join(_plain(one) for one in value)
    return str(value)


def _closed(path: Path, error: OSError) -> RunError:
    return RunError(
        f"The page cannot be written: {error.strerror or error}.",
        where=str(path),
        fix="Choose a folder you may write to with --out.",
    )
