"""What readers send: a text to check, a scenario to run. Small, from this page only."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from hidra.claim.article.reading import Text
from hidra.errors import HidraError, SourceError, SpecError
from hidra.show.theme import LANGUAGES, Language
from hidra.web import failure, render, site
from hidra.web.ask import Ask
from hidra.web.guard import TooLarge
from hidra.web.lab import form as asked
from hidra.web.lab.runs import Runs
from hidra.web.lab.wanted import Wanted, read
from hidra.web.page import review
from hidra.web.records import records
from hidra.web.settings import Settings
from hidra.web.words import words

RUNS = "/api/v1/runs"
MOST_FIELDS = 200
Sent = Callable[[Request], Awaitable[Response]]


def routes() -> list[Route]:
    """Return the addresses that take a text to check."""
    found = []
    for language in LANGUAGES:
        path = site.address("review", language)
        found += [Route(one, calm(_review(language)), methods=["POST"]) for one in both(path)]
        path = site.address("lab", language)
        found += [Route(one, calm(_scenario(language)), methods=["POST"]) for one in both(path)]
        path = f"{path}/{{code}}/{words(language)('frozen.cancel.slug')}"
        found += [Route(one, calm(_cancel(language)), methods=["POST"]) for one in both(path)]
    found.append(Route(f"{RUNS}", calm(_begin), methods=["POST"]))
    found.append(Route(f"{RUNS}/{{code}}/cancel", calm(_stop), methods=["POST"]))
    found.append(Route("/api/v1/check", calm(_check), methods=["POST"]))
    return found


def both(path: str) -> tuple[str, str]:
    """Return an address with and without the closing slash."""
    return path, f"{path}/"


def calm(answer: Sent) -> Sent:
    """Refuse what another site sends, and keep a fault of ours from the reader."""

    async def calmly(request: Request) -> Response:
        if request.state.foreign:
            raise HTTPException(403)
        try:
            return await answer(request)
        except (HTTPException, HidraError, TooLarge):
            raise
        except Exception as error:  # told by its kind and place only
            return failure.broken(request, error)

    return calmly


def _review(language: Language) -> Sent:
    async def receive(request: Request) -> Response:
        request.scope["state"]["page"] = f"review {language}"
        settings: Settings = request.app.state.settings
        ask = Ask("review", language)
        async with request.form(max_files=1, max_fields=8, max_part_size=settings.largest) as form:
            articles = review.dated(await _articles(form, ask, settings), str(form.get("date", "")))
        more: dict[str, Any] = {"allow_fetch": settings.allow_fetch, "largest": settings.largest}
        view = await run_in_threadpool(review.checked, ask, articles, **more)
        html = render.page(ask, view, {}, nonce=request.state.nonce, vintage=records().vintage)
        return HTMLResponse(html)

    return receive


async def _articles(form: Any, ask: Ask, settings: Settings) -> list[Text]:
    """Return what was sent: a file, an address where allowed, or pasted text."""
    sent, address = form.get("file"), str(form.get("address", "")).strip()
    if isinstance(sent, UploadFile) and sent.size:
        content = await sent.read(settings.largest)
        return await run_in_threadpool(review.articles, content, ask.words("review.sent"))
    if address:
        if not settings.allow_fetch:
            raise SourceError(
                "Addresses are not fetched here.",
                where="address",
                fix="Paste the text, or start the page with --allow-fetch.",
            )
        return await run_in_threadpool(_fetched, address)
    return review.pasted(str(form.get("text", "")), ask.words("review.pasted"))


def _fetched(address: str) -> list[Text]:
    from hidra.claim.article.reading import fetch

    return review.articles(fetch(address), address)


def _scenario(language: Language) -> Sent:
    """Begin the run that a filled form asks for, and lead to its page."""

    async def receive(request: Request) -> Response:
        request.scope["state"]["page"] = f"lab {language}"
        settings: Settings = request.app.state.settings
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            fields: dict[str, Any] = dict(form.items())
            fields["off"] = [str(one) for one in form.getlist("off")]
            ready = [str(one) for one in form.getlist("ready")]

        def begin() -> str:
            titles = {asked.OWN: words(language)("lab.own")}
            wanted = read(asked.asked(fields, ready, titles), settings)
            return _begun(request, wanted)

        code = await run_in_threadpool(begin)
        return RedirectResponse(site.address("frozen", language, code), 303)

    return receive


def _begun(request: Request, wanted: Wanted) -> str:
    """Check a request against the engine, then begin it."""
    from hidra import posterior as posteriors
    from hidra.scenario.what_if import planned

    basis = posteriors.manifest(posteriors.place(wanted.posterior))["basis"]
    changes = {name: one.intervention() for name, one in wanted.scenarios.items()}
    planned(basis, changes, end=wanted.end, draws=wanted.draws, seed=wanted.seed)
    runs: Runs = request.app.state.runs
    return runs.begin(wanted, records().vintage)


def _cancel(language: Language) -> Sent:
    async def receive(request: Request) -> Response:
        request.scope["state"]["page"] = f"cancel {language}"
        code = _known(request)
        request.app.state.runs.cancel(code)
        return RedirectResponse(site.address("frozen", language, code), 303)

    return receive


def _known(request: Request) -> str:
    code: str = request.path_params["code"]
    if request.app.state.runs.state(code) is None:
        raise HTTPException(404)
    return code


async def _begin(request: Request) -> Response:
    """Begin a run that a program asks for."""
    request.scope["state"]["page"] = "api runs"
    given = await _body(request)
    settings: Settings = request.app.state.settings
    code = await run_in_threadpool(lambda: _begun(request, read(given, settings)))
    told = {"id": code, "state": f"{RUNS}/{code}", "page": site.address("frozen", "en", code)}
    return JSONResponse(told, 202)


async def _stop(request: Request) -> Response:
    """Cancel a run."""
    request.scope["state"]["page"] = "api cancel"
    code = _known(request)
    request.app.state.runs.cancel(code)
    return JSONResponse({"id": code, "state": f"{RUNS}/{code}"}, 202)


async def _check(request: Request) -> Response:
    """Check a text: its statements, each with verdict and reason."""
    from hidra.claim.article.check import check, entry
    from hidra.claim.ask import data

    request.scope["state"]["page"] = "api check"
    given = await _body(request)
    language = given.get("language", "es")
    if language not in LANGUAGES or not isinstance(given.get("text"), str):
        raise SpecError(
            "A check needs a text, and a language: es or en.",
            where="body",
            fix='Send {"text": "...", "language": "es"}.',
        )

    def found_in() -> list[Any]:
        """Return the findings as the command line prints them."""
        [article] = review.dated(review.pasted(given["text"], "text"), str(given.get("date", "")))
        with data() as con:
            found = check(con, article.text, article.date)
        return [entry("text", article.text, one, language) for one in found]

    found = await run_in_threadpool(found_in)
    return JSONResponse({"vintage": records().vintage, "data": found})


async def _body(request: Request) -> dict[str, Any]:
    """Return the JSON object that was sent."""
    try:
        given = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise SpecError("The body is not JSON.", where="body", fix="Send an object.") from error
    if not isinstance(given, dict):
        raise SpecError("The body is not an object.", where="body", fix="Send an object.")
    return given
