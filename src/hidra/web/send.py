"""What readers send: a text to check, a scenario to run. Small, from this page only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from hidra.claim.article.reading import Text
from hidra.errors import HidraError, SourceError
from hidra.show.theme import LANGUAGES, Language
from hidra.web import failure, render, site
from hidra.web.ask import Ask
from hidra.web.guard import TooLarge
from hidra.web.page import review
from hidra.web.records import records
from hidra.web.settings import Settings

Sent = Callable[[Request], Awaitable[Response]]


def routes() -> list[Route]:
    """Return the addresses that take a text to check."""
    found = []
    for language in LANGUAGES:
        path = site.address("review", language)
        found += [Route(one, calm(_review(language)), methods=["POST"]) for one in both(path)]
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
            articles = await _articles(form, ask, settings)
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
    from hidra.claim.article.fetching import fetch

    return review.articles(fetch(address), address)
