"""Plain pages of claims and of checked articles: no script, no request, readable and printable."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

import hidra
from hidra.claims import words
from hidra.claims.article import LARGEST_CHECK, Finding, named_source
from hidra.claims.article.lexicon import plain
from hidra.claims.article.periods import date_line
from hidra.claims.article.reading import Text
from hidra.claims.claim import OUTCOMES, Claim, Result
from hidra.core.files import write_text
from hidra.core.i18n import LANGUAGES, OWN, Language, _, bilingual, translate
from hidra.core.i18n import day as spoken

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
SIGNS = {
    "supported": "✓", "partly": "≈", "not supported": "?", "contradicted": "✗",
    "not testable with these data": "–",
}  # fmt: skip
CHECKED: Mapping[str, Mapping[str, str]] = bilingual(
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
Draw = Callable[[Result, Language], Sequence[str]]


def page(
    claim: Claim, result: Result, lang: Language, draw: Draw | None = None, *, paired: bool = False
) -> str:
    """Return the page of a claim as HTML; every text in it is escaped.

    Parameters
    ----------
    draw : function or None
        Gives the pictures of a design's strip as SVG, the wide one first; the table needs none.
    paired : bool
        The page stands in a folder beside its twin in the other language.
    """
    from markupsafe import Markup

    pictures = draw(result, lang) if draw and result.strip else ()
    to = _other(lang)
    other = (to, f"../{to}/{claim.id}.html", OWN[to])
    said = (claim.said_by, claim.said_in, claim.said_when)
    return rendered(
        "claim", lang, claim=claim, result=result,
        said="; ".join(words.attributed(one, lang) for one in said if one),
        verdict=words.verdict(result.verdict, lang),
        number=lambda value: words.number(value, claim.unit, lang),
        change=lambda one: _change(one, lang),
        numbers=list(words.figures(result.figures, lang)),
        pictures=[Markup(one) for one in pictures],
        other=other if paired else None,
    )  # fmt: skip


def index(done: Sequence[tuple[Claim, Result]], lang: Language) -> str:
    """Return the list of claims by verdict as HTML."""
    groups = [
        (words.verdict(verdict, lang), [claim for claim, one in done if one.verdict == verdict])
        for verdict in OUTCOMES
    ]
    to = _other(lang)
    other = (to, f"../{to}/index.html", OWN[to])
    chosen = [one for one in groups if one[1]]
    return rendered("list", lang, other=other, groups=chosen, vintage=done[0][1].vintage)


def _other(lang: Language) -> Language:
    return "en" if lang == "es" else "es"


def rendered(name: str, lang: Language, **values: Any) -> str:
    """Return a template of the room filled in; every text in it is escaped."""
    from jinja2 import Environment, PackageLoader

    pages = Environment(autoescape=True, loader=PackageLoader("hidra.claims"))
    template = pages.get_template(f"{name}.html.j2")
    return template.render({"lang": lang, "w": words.PAGE[lang], "style": STYLE, **values})


def write_pages(
    done: Sequence[tuple[Claim, Result]], folder: Path, draw: Draw | None = None
) -> list[Path]:
    """Write one page per claim and language, and a list of them; return the paths of the lists."""
    lists = []
    for lang in LANGUAGES:
        beside = folder / lang
        for claim, result in done:
            write_text(beside / f"{claim.id}.html", page(claim, result, lang, draw, paired=True))
        lists.append(beside / "index.html")
        write_text(lists[-1], index(done, lang))
    return lists


def _change(one: Mapping[str, Any], lang: Language) -> str:
    """Return a row of a strip as percent with its interval."""
    value, low, high = (f"{100 * one[key]:+.0f}" for key in ("estimate", "low", "high"))
    told = translate(_("{value} % ({low} to {high})", value=value, low=low, high=high), lang)
    return told.replace("-", "\u2212")


def checked_page(
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
    said = CHECKED[lang]
    articles, number = [], 0
    for text, findings in checked:
        articles.append(marked(text, findings, lang, number))
        number += len(findings)
    day = spoken((today or datetime.date.today()).isoformat(), lang)
    return rendered(
        "article", lang, w=said, style=STYLE + MARKS, articles=articles,
        checked=said["checked"].format(day=day, version=hidra.__version__, vintage=vintage),
        signs=[(words.verdict(one, lang), sign, kind(one)) for one, sign in SIGNS.items()],
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
    said = CHECKED[lang]
    day = text.date or date_line(plain(text.text[:400]))
    return {
        "input": text.input, "name": _name(text.input), "parts": parts, "told": told,
        "day": said["written"].format(day=spoken(day, lang)) if day else said["undated"],
        "limit": said["limit"].format(n=LARGEST_CHECK) if len(findings) >= LARGEST_CHECK else "",
    }  # fmt: skip


def _told(text: Text, one: Finding, lang: Language, number: int) -> dict[str, Any]:
    result = one.result
    unit = one.stated.unit if one.stated else "persons"
    ours = words.number(result.ours, unit, lang) if result.ours is not None else ""
    return {
        "number": number,
        "text": text.text[one.start : one.end],
        "figure": text.text[one.core[0] : one.core[1]],
        "verdict": words.verdict(result.verdict, lang),
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
