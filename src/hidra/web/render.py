"""From a view to HTML: one frame around every page, its words in the reader's language."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

import hidra
from hidra.charts.words import LANGUAGES, Language, rounded, whole
from hidra.web import site
from hidra.web.ask import Ask, View
from hidra.web.figure import Figure
from hidra.web.words import words

NOWHERE = "nowhere"  # code of an ask that led to no page


@cache
def templates() -> jinja2.Environment:
    """Return the templates of the page, and those of the report under ``show/``."""
    found = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("hidra.web", "templates"),
                jinja2.PrefixLoader({"show": jinja2.PackageLoader("hidra.report", "templates")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    found.globals |= {"whole": whole, "rounded": rounded, "numeric": numeric}
    return found


def numeric(cell: str) -> bool:
    """Tell whether a cell of a table holds a number."""
    return cell[:1].isdigit() or cell[:1] in ("−", "–", "+")


def page(ask: Ask, view: View, figures: dict[str, Figure], *, nonce: str, vintage: str) -> str:
    """Return the whole page."""
    return (
        templates()
        .get_template(view.template)
        .render(view=view, figures=figures, **frame(ask, view, nonce=nonce, vintage=vintage))
    )


def frame(ask: Ask, view: View, *, nonce: str, vintage: str) -> dict[str, Any]:
    """Return what header and footer need."""
    said = words(ask.language)
    state = {**ask.query, **view.state}
    other: Language = "en" if ask.language == "es" else "es"
    return {
        "words": said,
        "language": ask.language,
        "other": other,
        "other_words": words(other),
        "nonce": nonce,
        "ask": ask,
        "menu": [
            (site.address(one.name, ask.language), said(f"page.{one.name}"), _within(ask, one.name))
            for one in site.PAGES
            if one.menu
        ],
        "switch": site.address(ask.page, other, ask.code, ask.query),
        "alternates": [(one, site.address(ask.page, one, ask.code)) for one in LANGUAGES],
        "permalink": site.address(ask.page, ask.language, ask.code, state),
        "twin": lambda name, kind: site.address(
            ask.page, ask.language, ask.code, {**state, "chart": name}, kind
        ),
        "to": lambda name, code="", **query: site.address(name, ask.language, code, query),
        "version": hidra.__version__,
        "vintage": vintage,
    }


def _within(ask: Ask, name: str) -> bool:
    """Tell whether a page lies in the part of the site that a name of the menu leads to."""
    if ask.code == NOWHERE:
        return False
    parts = {"claim": "claims", "frozen": "lab", "place": "places"}
    return parts.get(ask.page, ask.page) == name
