"""What a reader sees when something is refused or not there: three lines, in both languages."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from hidra.charts.words import Language
from hidra.core.errors import HidraError, RunError, SourceError
from hidra.web import render
from hidra.web.ask import AbsentError, Ask, View
from hidra.web.lab.runs import BusyError
from hidra.web.words import words

log = logging.getLogger("hidra.web.failure")
#: What each kind of error is to a browser; the others are a request that is not understood.
STATUS = {AbsentError: 404, BusyError: 429, SourceError: 422, RunError: 503}
KNOWN = (400, 403, 404, 405, 413, 415, 422, 429, 500, 503)


def language_of(request: Request) -> Language:
    """Return the language of an address."""
    path = request.url.path
    return "en" if path == "/en" or path.startswith("/en/") else "es"


def http(request: Request, error: Exception) -> Response:
    """Answer what the server itself refuses: no such page, wrong method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    return answer(request, status, headers=headers)


def too_large(request: Request, error: Exception) -> Response:
    """Answer a body over the limit."""
    return answer(request, 413)


def refused(request: Request, error: Exception) -> Response:
    """Answer an error of hidra's own: what is wrong, where, what to do."""
    assert isinstance(error, HidraError)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return answer(request, status, error)


def broken(request: Request, error: Exception) -> Response:
    """Answer a fault of ours: told to the journal by its kind and place, never to the reader."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "-"
    log.error("%s in %s", type(error).__name__, where)
    return answer(request, 500)


def answer(
    request: Request,
    status: int,
    error: HidraError | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return the page of a refusal, or JSON where the API was asked."""
    known = status if status in KNOWN else (500 if status >= 500 else 400)
    language = language_of(request)
    said, translate = words(language), request.app.state.settings.translate
    what = translate(error.what, language) if error else said(f"failure.{known}.what")
    fix = translate(error.fix, language) if error else said(f"failure.{known}.fix")
    where = translate(error.where, language) if error else ""
    if request.url.path.startswith("/api/") or request.url.path.endswith(".json"):
        body = {"status": status, "what": what, "where": where, "fix": fix}
        return JSONResponse(body, status, headers)
    view = View(
        said(f"failure.{known}.title"), template="failure.html.j2",
        more={"what": what, "where": where, "fix": fix},
    )  # fmt: skip
    nonce = getattr(request.state, "nonce", "")
    html = render.page(Ask("panorama", language, render.NOWHERE), view, {}, nonce=nonce, vintage="")
    return HTMLResponse(html, status, headers)
