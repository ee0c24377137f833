"""From a view, a refusal or a table to an answer: one frame around every page."""

from __future__ import annotations

import datetime
import json
import logging
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

import hidra
from hidra.charts.block import Block
from hidra.core.errors import HidraError, RunError, SourceError, foreign, place_of
from hidra.core.i18n import LANGUAGES, Language, rounded, translate, whole
from hidra.notebook import authors
from hidra.report.page import environment
from hidra.web import site
from hidra.web.figure import Figure, as_csv, as_parquet, written
from hidra.web.lab import BusyError
from hidra.web.serve import TooLarge
from hidra.web.site import AbsentError, Ask, View, words

log = logging.getLogger("hidra.web.failure")
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "yaml": "application/yaml; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "bib": "application/x-bibtex; charset=utf-8",
    "csl": "application/vnd.citationstyles.csl+json; charset=utf-8",
}
SAVED = ("csv", "parquet", "bib", "csl")  # files that a browser keeps instead of showing
CITED = ("bib", "csl")  # ways to cite a page
#: A language of ours in a header ``Accept-Language``, and its weight.
PREFERRED = re.compile(r"(?<![\w-])(es|en)(?![\w])[^,;]*(?:;\s*q=([01](?:\.\d{0,3})?))?")
NOWHERE = "nowhere"  # code of an ask that led to no page
#: What each kind of error is to a browser; the others are a request that is not understood.
STATUS: dict[type[Exception], int] = {
    AbsentError: 404, BusyError: 429, SourceError: 422, RunError: 503, TooLarge: 413,
}  # fmt: skip
KNOWN = (400, 403, 404, 405, 413, 415, 422, 429, 500, 503)


@cache
def templates() -> jinja2.Environment:
    """Return the templates of the page, and those of the report under ``show/``."""
    own, shown = (jinja2.PackageLoader(f"hidra.{one}", "templates") for one in ("web", "report"))
    found = environment(jinja2.ChoiceLoader([own, jinja2.PrefixLoader({"show": shown})]))
    found.globals |= {"equation": equation, "whole": whole, "rounded": rounded, "numeric": numeric,
                      "linked": linked, "sentence": sentence,
                      "figure": lambda value: written("value", value)}  # fmt: skip
    return found


def equation(text: str) -> Markup:
    """Return an equation as it is read: a line for each, indices below, powers above."""
    lines = [str(escape(one.strip())) for one in text.split(";")]
    below = [re.sub(r"_([^\W²³]+)", r"<sub>\1</sub>", one) for one in lines]
    above = [re.sub(r"\^(\w+)", r"<sup>\1</sup>", one) for one in below]
    return Markup("".join(f"<span>{one}</span>" for one in above))


def sentence(text: str) -> str:
    """Return words that stand alone with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!", ")")) else ".")


def linked(text: str) -> str:
    """Return a web address as a link that is named by its site; any other text as it is.

    Paper writes the address out.
    """
    if not re.fullmatch(r"https?://\S+", text):
        return text
    site = text.split("/")[2].removeprefix("www.")
    return Markup('<a class="site" href="{}" rel="noreferrer">{}</a>').format(text, site)


def numeric(cell: str) -> bool:
    """Tell whether a cell of a table holds a number."""
    return cell[:1].isdecimal() or cell[:1] in ("−", "–", "+")


def page(
    ask: Ask, view: View, figures: dict[str, Figure], *, nonce: str, vintage: str,
    published: str | None = None, origin: str = "",
) -> str:  # fmt: skip
    """Return the whole page.

    Parameters
    ----------
    published : address of the published site that it is made for, empty where none is known yet;
        None for the page of a server.
    origin : where a server is reached, for previews and snippets.
    """
    template = templates().get_template(view.template)
    around = frame(ask, view, nonce, vintage, published, origin)
    return template.render(view=view, figures=figures, **around)


def embed(
    ask: Ask, view: View, figure: Figure, vintage: str, *, nonce: str = "",
    published: str | None = None, origin: str = "",
) -> str:  # fmt: skip
    """Return a chart on a small page of its own, for the frame of another site."""
    around = frame(ask, view, nonce, vintage, published, origin)
    template = templates().get_template("embed.html.j2")
    return template.render(view=view, figure=figure, block=figure.block, **around)


def frame(
    ask: Ask, view: View, nonce: str, vintage: str, published: str | None = None, origin: str = ""
) -> dict[str, Any]:
    """Return what header and footer need."""
    base = "" if ask.code == NOWHERE else origin or ("below:" if published else "")
    state = {**ask.query, **view.state}
    other: Language = "en" if ask.language == "es" else "es"
    here = "" if ask.code == NOWHERE else site.BY_NAME[ask.page].part_of or ask.page
    return {
        "words": ask.words,
        "language": ask.language,
        "other": other,
        "other_words": words(other),
        "nonce": nonce,
        "menu": [
            (site.address(one.name, ask.language), ask.words(f"page.{one.name}"), one.name == here)
            for one in site.PAGES
            if one.menu and not (one.live and published is not None)
        ],
        "switch": site.address(ask.page, other, ask.code, ask.query),
        "alternates": [(one, site.address(ask.page, one, ask.code, state)) for one in LANGUAGES],
        "origin": origin,
        "base": base,  # before an address that has to be whole; empty where none is known
        "permalink": site.address(ask.page, ask.language, ask.code, state),
        "twin": lambda name, kind, **size: site.address(
            ask.page, ask.language, ask.code, {**state, "chart": name, **size}, kind
        ),
        "to": lambda name, code="", **query: site.address(name, ask.language, code, query),
        "say": lambda text: translate(text, ask.language),
        "view_code": ask.code,
        "version": hidra.__version__,
        "vintage": vintage,
        "published": published is not None,
        "cite": lambda title: f"{authors(ask.language)} ({datetime.date.today().year}). "
                              f"{title.rstrip('.')}. hidra {hidra.__version__}, "
                              f"{ask.words('site.vintage')} {vintage}.",
        "cites": {kind: site.address(ask.page, ask.language, ask.code, state, kind)
                  for kind in CITED},
    }  # fmt: skip


def citation(
    ask: Ask, view: View, vintage: str, url: str = "", block: Block | None = None
) -> dict[str, Any]:
    """Return what a reference to a page, or to a chart of it, needs: an item of CSL-JSON."""
    today, names = datetime.date.today(), (ask.page, ask.code, block.name if block else "")
    day = {"date-parts": [[today.year, today.month, today.day]]}
    return {
        "id": "-".join(filter(None, ("hidra", *names, ask.language))),
        "type": "webpage", "title": f"{block.title}. {view.title}" if block else view.title,
        "container-title": "hidra",
        "author": [{"literal": authors(ask.language)}], "version": hidra.__version__,
        "language": ask.language,
        "issued": day, "accessed": day, "note": f"{ask.words('site.vintage')} {vintage}"
                                        + (f". {block.brief or block.source}" if block else ""),
        **({"URL": url} if url else {}),
    }  # fmt: skip


def cited(item: Mapping[str, Any], kind: str) -> bytes:
    """Return a reference as a file: ``csl`` for CSL-JSON, ``bib`` for BibTeX."""
    if kind == "csl":
        return json.dumps([item], ensure_ascii=False, indent=1).encode()

    def plain(text: str) -> str:
        return "".join(f"\\{one}" if one in "%&_#$" else one for one in text)

    day = "-".join(f"{part:02}" for part in item["accessed"]["date-parts"][0])
    fields = {
        "author": f"{{{item['author'][0]['literal']}}}", "year": day[:4],
        "title": f"{{{plain(item['title'])}}}",
        "howpublished": f"hidra {item['version']}", "note": plain(item["note"]),
        "urldate": day, "url": item.get("URL", ""),
    }  # fmt: skip
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items() if text)
    return f"@misc{{{item['id']},\n{lines}}}\n".encode()


def file(content: bytes | pd.DataFrame, kind: str, name: str) -> Response:
    """Return a file of a kind in `MEDIA`; a table is written as that kind, CSV or Parquet."""
    if isinstance(content, pd.DataFrame):
        content = as_csv(content) if kind == "csv" else as_parquet(content)
    headers = {"content-disposition": f'{"attachment" if kind in SAVED else "inline"}; '
               f'filename="{name}.{kind}"'}  # fmt: skip
    return Response(content, media_type=MEDIA[kind], headers=headers if name else None)


def language_of(request: Request) -> Language:
    """Return the language of an address; of the interface, what a program asks for or prefers."""
    if request.url.path.startswith("/api/"):
        told = [(request.query_params.get("lang", ""), "1")]
        told += PREFERRED.findall(request.headers.get("accept-language", "").lower())
        known = [(one, float(weight or 1)) for one, weight in told if one in LANGUAGES]
        best, weight = max(known, key=lambda one: one[1], default=("es", 1.0))
        return "en" if best == "en" and weight else "es"
    return "en" if request.url.path.split("/")[1] == "en" else "es"


def refused(request: Request, error: Exception) -> Response:
    """Answer a refusal, of the server or of hidra's own: what is wrong, where, what to do."""
    headers = dict(getattr(error, "headers", None) or {})
    if isinstance(error, HTTPException):
        return refusal(request, error.status_code, headers=headers)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return refusal(request, status, error if isinstance(error, HidraError) else None)


def broken(request: Request, error: Exception) -> Response:
    """Answer what nobody expected: trouble from outside in its three parts, or a fault of ours.

    Its kind and place go to the journal, never to the reader.
    """
    log.error("%s in %s", type(error).__name__, place_of(error))
    known = foreign(error)
    return refused(request, known) if known else refusal(request, 500)


def refusal(
    request: Request,
    status: int,
    error: HidraError | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return the page of a refusal, or JSON where the interface was asked."""
    known = status if status in KNOWN else (500 if status >= 500 else 400)
    language = language_of(request)
    lines = {name: translate(getattr(error, name), language) for name in ("what", "where", "fix")
             } if error else usual(known, language)  # fmt: skip
    if request.url.path.startswith("/api/") or request.url.path.endswith(".json"):
        return JSONResponse({"status": status, **lines}, status, headers)
    html = refusing(known, language, lines, nonce=getattr(request.state, "nonce", ""))
    return HTMLResponse(html, status, headers)


def usual(status: int, language: Language) -> dict[str, str]:
    """Return what a status means where no error of ours says more: what, where, what to do."""
    own = words(language)
    return {"what": own(f"failure.{status}.what"), "where": "", "fix": own(f"failure.{status}.fix")}


def refusing(
    status: int, language: Language, lines: Mapping[str, str], *, nonce: str = "",
    published: str | None = None,
) -> str:  # fmt: skip
    """Return the page of a refusal; `published` as in `page`."""
    title = words(language)(f"failure.{status}.title")
    view = View(title, template="failure.html.j2", more=lines)
    ask = Ask("panorama", language, NOWHERE)
    return page(ask, view, {}, nonce=nonce, vintage="", published=published)
