"""The application: addresses to pages, twins, forms and downloads, under one guard."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from itertools import product
from pathlib import Path
from threading import Event, Lock
from typing import Any

from altair.utils.schemapi import debug_mode
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from hidra.claims.article.reading import Text
from hidra.core.errors import HidraError, SourceError, unknown
from hidra.core.i18n import LANGUAGES, Language, _
from hidra.web import api, lab, render, site
from hidra.web.figure import SHEETS, WIDTHS, Figure, draw, tips
from hidra.web.lab import Runs, Worker
from hidra.web.page import brief, bring, claims, evidence, map, model, panorama, place
from hidra.web.page import lab as lab_page
from hidra.web.page.forecast import Forecasts
from hidra.web.page.forecast import view as forecast
from hidra.web.records import records, run_stamp
from hidra.web.serve import Below, Guard
from hidra.web.site import AbsentError, Ask, Builder, Settings, View, words
from hidra.web.verdicts import Verdicts

TWINS = ("csv", "parquet", "json", "svg", "png", "pdf")  # methods of `Figure`
SHEET = ("svg", "png", "pdf")  # those that are drawn on a sheet, of one of `SHEETS`
TIPS = "tips"  # what the pointer reads; for the script of the page
EMBED = "embed"  # a chart on a small page of its own, which alone may stand in a frame
OF_A_CHART = ("chart", "size")  # parts of a query that say which twin
#: Styles that the page shares with report and brief, by their name below ``/static``.
STYLES = {
    name: Path(__file__).parents[1] / "report" / "templates" / file
    for name, file in (("base.css", "style.css"), ("brief.css", "brief.css"))
}
KEPT = 96  # pages kept in memory, each with its drawn charts
MOST_FIELDS = 200
Answer = Callable[[Request], Any]


class Shelf:
    """Pages already made, the latest used last; each is made once however many ask for it."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, tuple[View, dict[str, Figure]]] = OrderedDict()
        self._locks: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, build: Callable[[], View]) -> tuple[View, dict[str, Figure]]:
        """Return the page kept under a key, or make it."""
        with self._lock:
            own = self._locks.setdefault(key, Lock())
        with own:
            found = self._pages.get(key)
            if found is None:
                try:
                    with debug_mode(False):  # charts are held against their schema in tests
                        view = build()
                finally:
                    with self._lock:
                        self._locks.pop(key, None)
                found = view, {name: Figure(block) for name, block in view.blocks.items()}
            if found[0].keep:
                self._keep(key, found)
        return found

    def _keep(self, key: Hashable, found: tuple[View, dict[str, Figure]]) -> None:
        with self._lock:
            self._pages[key] = found
            self._pages.move_to_end(key)
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)


def make(settings: Settings | None = None, worker: Worker | None = None) -> Starlette:
    """Return the application.

    Parameters
    ----------
    settings : Settings, optional
        What it allows; the defaults suit one reader on the same machine.
    worker : Worker, optional
        Who simulates; a process of its own by default.
    """
    settings = settings or Settings()
    verdicts = Verdicts(settings.folder, eager=settings.warm)
    runs = Runs(settings.folder / "runs", settings.most_waiting, worker)
    forecasts = Forecasts(settings.folder / "forecasts", eager=settings.warm)

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        if settings.warm:
            verdicts.known()
        yield
        runs.end()
        verdicts.end()
        forecasts.end()

    static = StaticFiles(directory=Path(__file__).with_name("static"))
    app = Starlette(
        lifespan=living,
        routes=[
            *(_route(f"/static/{name}", partial(_style, name), "static") for name in STYLES),
            Mount("/static", static),
            *(_route(f"{path}/{{name}}.csv", _table, "table") for path in ("/datos", "/en/data")),
            *(
                _route(api.BASE + one.path, one.handler(), f"api {one.name}", one.method)
                for one in sorted(api.ENDPOINTS, key=lambda one: one.path.endswith("}"))
            ),
            *_forms(),
            *_pages(),
        ],
        middleware=[
            Middleware(Guard, largest=settings.largest),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts)),
            Middleware(GZipMiddleware, minimum_size=2000),
            *([Middleware(Below, base=settings.base_path)] if settings.base_path else []),
        ],
        exception_handlers=dict.fromkeys((HTTPException, HidraError), render.refused),
    )
    app.router.redirect_slashes = False
    app.state.settings = settings
    app.state.shelf = Shelf()
    app.state.verdicts = verdicts
    app.state.runs = runs
    app.state.forecasts = forecasts
    app.state.pages = builders(settings, verdicts, runs, forecasts)
    return app


def builders(
    settings: Settings, verdicts: Verdicts, runs: Runs, forecasts: Forecasts
) -> Mapping[str, Builder]:  # fmt: skip
    """Return what makes each page, by its name in the site map."""
    return {
        "panorama": partial(panorama.view, verdicts=verdicts),
        "year": panorama.of_year,
        "compare": place.beside,
        "map": map.view,
        "places": place.every,
        "place": partial(place.view, run=settings.run),
        "brief": partial(brief.view, run=settings.run),
        "claims": partial(claims.view, verdicts=verdicts),
        "claim": partial(claims.one, verdicts=verdicts),
        "review": partial(
            claims.checker, allow_fetch=settings.allow_fetch, largest=settings.largest
        ),
        "lab": partial(lab_page.form, runs=runs, settings=settings),
        "frozen": partial(lab_page.frozen, runs=runs),
        "forecast": partial(forecast, forecasts=forecasts),
        "evidence": evidence.view,
        "model": model.view,
        "data": model.data,
        "bring": partial(bring.form, settings=settings),
        "brought": partial(bring.proposed, settings=settings),
        "about": model.about,
        "api": api.view,
    }


def warm(app: Starlette, *pages: Ask, ended: Event | None = None) -> None:
    """Draw pages before the first reader asks for them, until told that it has ended."""
    for ask in pages:
        if ended is not None and ended.is_set():
            return
        _rest, figures = made(app, ask)
        for figure, width in product(figures.values(), WIDTHS):
            if ended is None or not ended.is_set():
                figure.picture(width)


def made(app: Starlette, ask: Ask) -> tuple[View, dict[str, Figure]]:
    """Return a page, made now or before; it hangs on its address, the data and finished runs."""
    runs = tuple(app.state.runs.finished()) if ask.page == "lab" else ()
    data = (records().vintage, run_stamp(app.state.settings.run), runs)
    key = (ask.page, ask.language, ask.code, tuple(sorted(ask.query.items())), data)
    shelf: Shelf = app.state.shelf
    return shelf.get(key, lambda: app.state.pages[ask.page](ask))


def _route(path: str, answer: Answer, name: str, method: str = "GET") -> Route:
    """Return a route that refuses what another site sends, and keeps a fault of ours to itself.

    Parameters
    ----------
    name : what the journal calls it: never more than the page is told there of a reader.
    """

    async def calm(request: Request) -> Response:
        """Answer; an error that is no answer of ours becomes a page that says so."""
        request.scope["state"]["page"] = name
        if request.state.foreign:
            raise HTTPException(403)
        try:
            if inspect.iscoroutinefunction(answer):
                found: Response = await answer(request)
            else:
                found = await run_in_threadpool(answer, request)
        except (HTTPException, HidraError):
            raise
        except Exception as error:
            return render.broken(request, error)
        return found

    return Route(path, calm, methods=[method])


def _both(path: str) -> list[str]:
    """Return an address with and without the closing slash."""
    return [path, f"{path}/"] if path else ["/"]


def _style(name: str, _: Request) -> Response:
    """A style that the page shares with report and brief."""
    return FileResponse(STYLES[name])


def _table(request: Request) -> Response:
    """Hand a built-in table on, as it is used."""
    return render.file(api.table(request), "csv", request.path_params["name"])


def _pages() -> list[Route]:
    """Every page in both languages, and its twins; addresses that vary come last."""
    routes = []
    for one in site.PAGES:
        for language in LANGUAGES:
            path = f"{site.root(language)}/{one.slug(language)}".rstrip("/")
            twins = path if one.slug(language) else f"{path}/{site.FRONT}"
            ask = partial(_asked, one.name, language)
            name = f"{one.name} {language}"
            routes.append(_route(f"{twins}.{{kind}}", partial(_twin, ask), name))
            routes += [_route(each, partial(_page, ask), name) for each in _both(path)]
    return sorted(routes, key=lambda route: "{code}" in route.path)


def _asked(page: str, language: Language, request: Request) -> Ask:
    given = request.query_params  # what a form asks for twice, it asks for together
    query = {key: ",".join(given.getlist(key)) for key in given if key not in OF_A_CHART}
    return Ask(page, language, request.path_params.get("code", ""), query)


def _page(asked: Callable[[Request], Ask], request: Request) -> Response:
    ask = asked(request)
    return _html(request, ask, *made(request.app, ask))


def _html(request: Request, ask: Ask, view: View, figures: dict[str, Figure]) -> Response:
    draw(figures.values())
    nonce, vintage = request.state.nonce, records().vintage
    made = render.page(ask, view, figures, nonce=nonce, vintage=vintage, origin=_origin(request))
    return HTMLResponse(made)


def _origin(request: Request) -> str:
    """Return where the site is reached, without a closing slash."""
    return str(request.base_url).rstrip("/") + str(request.app.state.settings.base_path)


def _twin(asked: Callable[[Request], Ask], request: Request) -> Response:
    """Answer with a chart of a page in another form, or with what the pointer reads over it."""
    kind, ask = request.path_params["kind"], asked(request)
    if kind not in (TIPS, EMBED, *TWINS, *render.CITED):
        raise HTTPException(404)
    view, figures = made(request.app, ask)
    chart = request.query_params.get("chart", "")
    if kind in render.CITED and not chart:
        return _citation(kind, render.citation(ask, view, records().vintage))
    if not figures:
        raise AbsentError(
            _("This page has no chart."), where=f".{kind}", fix=_("Ask for the page itself.")
        )
    chart = chart or next(iter(figures))
    if chart not in figures:
        raise unknown(_("chart"), chart[:40], figures, where=_("link"))
    figure = figures[chart]
    if kind in render.CITED:
        return _citation(kind, render.citation(ask, view, records().vintage, block=figure.block))
    if kind == TIPS:
        return JSONResponse(tips(figure.block, ask.words))
    if kind == EMBED:
        request.state.framed = True
        nonce, vintage = request.state.nonce, records().vintage
        origin = _origin(request)
        return HTMLResponse(render.embed(ask, view, figure, vintage, nonce=nonce, origin=origin))
    size = {"size": _size(request)} if kind in SHEET else {}
    return render.file(getattr(figure, kind)(**size), kind, f"hidra-{chart}")


def _citation(kind: str, item: Mapping[str, Any]) -> Response:
    return render.file(render.cited(item, kind), kind, item["id"])


def _size(request: Request) -> str:
    size = request.query_params.get("size", next(iter(SHEETS)))
    if size not in SHEETS:
        raise unknown(_("size"), size[:40], SHEETS, where=_("link"))
    return size


def _forms() -> list[Route]:
    """What readers send: a text to check, a scenario to run or to cancel."""
    routes = []
    for language in LANGUAGES:
        stop = f"{site.address('lab', language)}/{{code}}/{words(language)('frozen.cancel.slug')}"
        for name, path, answer in (
            ("review", site.address("review", language), _review),
            ("lab", site.address("lab", language), _scenario),
            ("cancel", stop, _cancel),
            ("bring", site.address("bring", language), _bring),
            ("brought", site.address("bring", language) + "/{code}", _brought),
        ):
            for each in _both(path):
                made = partial(answer, language)
                routes.append(_route(each, made, f"{name} {language}", "POST"))
    return routes


async def _review(language: Language, request: Request) -> Response:
    """Mark the articles that were sent; nothing of them is kept."""
    settings: Settings = request.app.state.settings
    ask = Ask("review", language)
    async with request.form(max_files=1, max_fields=8, max_part_size=settings.largest) as form:
        sent = form.get("file")
        content = await sent.read(settings.largest) if isinstance(sent, UploadFile) else b""

    def answer() -> Response:
        """Read and check in a thread: other readers do not wait."""
        sent_on = str(form.get("date", ""))
        articles = claims.of_day(_articles(form, content, ask, settings), sent_on)
        allowed, largest = settings.allow_fetch, settings.largest
        view = claims.checked(ask, articles, allow_fetch=allowed, largest=largest)
        return _html(request, ask, view, {})

    return await run_in_threadpool(answer)


def _articles(form: FormData, content: bytes, ask: Ask, settings: Settings) -> list[Text]:
    """Return what was sent: a file, an address where allowed, or pasted text."""
    address = str(form.get("address", "")).strip()
    if content:
        return claims.articles(content, ask.words("review.sent"))
    if not address:
        return claims.pasted(str(form.get("text", "")), ask.words("review.pasted"))
    if not settings.allow_fetch:
        raise SourceError(
            _("Addresses are not fetched here."),
            where=_("address"),
            fix=_("Paste the text, or start the page with --allow-fetch."),
        )
    from hidra.claims.article.reading import fetch

    return claims.articles(fetch(address), address)


async def _bring(language: Language, request: Request) -> Response:
    """Keep a table that was sent, and lead to the page that says what it seems to be."""
    settings: Settings = request.app.state.settings
    async with request.form(max_files=1, max_fields=2, max_part_size=settings.largest) as form:
        sent = form.get("file")
        content = await sent.read(settings.largest) if isinstance(sent, UploadFile) else b""
        name = sent.filename or "" if isinstance(sent, UploadFile) else ""
    code = await run_in_threadpool(bring.keep, settings, content, name)
    return RedirectResponse(site.address("brought", language, code), 303)


async def _brought(language: Language, request: Request) -> Response:
    """Take the answers about a table: look again, or import it."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        given = {key: str(text) for key, text in form.items()}
    ask = Ask("brought", language, request.path_params["code"])

    def answer() -> Response:
        """Read the table in a thread: other readers do not wait."""
        view = bring.answered(ask, request.app.state.settings, given)
        return _html(request, ask, view, {})

    return await run_in_threadpool(answer)


async def _scenario(language: Language, request: Request) -> Response:
    """Begin the run that a filled form asks for, and lead to its page."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        fields: dict[str, Any] = dict(form.items())
        fields["off"] = [str(one) for one in form.getlist("off")]
        ready = [str(one) for one in form.getlist("ready")]

    def begin() -> str:
        """Plan the run in a thread: other readers do not wait."""
        given = lab.asked(fields, ready, words(language)("lab.own"))
        return api.begun(request, lab.read(given, request.app.state.settings))

    code = await run_in_threadpool(begin)
    return RedirectResponse(site.address("frozen", language, code), 303)


def _cancel(language: Language, request: Request) -> Response:
    """Ask a run to stop, and lead back to its page."""
    api.cancel(request)
    return RedirectResponse(site.address("frozen", language, request.path_params["code"]), 303)
