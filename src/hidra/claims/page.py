"""One plain page per claim: no script, no request, readable and printable as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hidra.claims import words
from hidra.claims.claim import OUTCOMES, Claim, Result
from hidra.core.files import write_text
from hidra.core.i18n import LANGUAGES, OWN, Language, _, translate

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

    unit = claim.stated.unit if claim.stated else ""
    pictures = draw(result, lang) if draw and result.strip else ()
    to = _other(lang)
    other = (to, f"../{to}/{claim.id}.html", OWN[to])
    said = (claim.said_by, claim.said_in, claim.said_when)
    return rendered(
        "claim", lang, claim=claim, result=result,
        said="; ".join(words.attributed(one, lang) for one in said if one),
        verdict=words.verdict(result.verdict, lang),
        number=lambda value: words.number(value, unit, lang),
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
