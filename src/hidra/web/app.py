"""The application: addresses to pages, twins and downloads, under one guard."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from hidra.charts.words import LANGUAGES, Language
from hidra.core.errors import HidraError, unknown
from hidra.data import reference
from hidra.web import api, failure, render, send, site, tip
from hidra.web.answer import PARQUET
from hidra.web.ask import AbsentError, Ask, Builder, View
from hidra.web.figure import WIDTHS, Figure
from hidra.web.finished import stamp
from hidra.web.guard import Guard, TooLarge
from hidra.web.lab.runs import Runs, Worker
from hidra.web.page import builders
from hidra.web.records import records
from hidra.web.settings import Settings
from hidra.web.verdicts import Verdicts
from hidra.web.words import words

TWINS: Mapping[str, tuple[str, Callable[[Figure], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", Figure.csv),
    "parquet": (PARQUET, Figure.parquet),
    "json": ("application/json", Figure.json),
    "svg": ("image/svg+xml", Figure.svg),
    "png": ("image/png", Figure.png),
}
TIPS = "tips"  # what the pointer reads; for the script of the page
SAVED = ("csv", "parquet")  # twins that a browser keeps instead of showing
TABLES = ("/datos", "/en/data")  # where the built-in tables are handed on
Answer = Callable[[Request], Response]
KEPT = 96  # pages kept in memory, each with its drawn charts


class Shelf:
    """Pages already made, the latest used last; each is made once however many ask for it."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Any, tuple[View, dict[str, Figure]]] = OrderedDict()
        self._locks: dict[Any, Lock] = {}
        self._lock = Lock()

    def get(self, key: Any, build: Callable[[], View]) -> tuple[View, dict[str, Figure]]:
        """Return the page kept under a key, or make it."""
        with self._lock:
            own = self._locks.setdefault(key, Lock())
        with own:
            found = self._pages.get(key)
            if found is None:
                try:
                    view = build()
                finally:
                    self._forget(key)
                found = view, {name: Figure(block) for name, block in view.blocks.items()}
            if found[0].keep:
                self._keep(key, found)
        return found

    def _keep(self, key: Any, found: tuple[View, dict[str, Figure]]) -> None:
        with self._lock:
            self._pages[key] = found
            self._pages.move_to_end(key)
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)

    def _forget(self, key: Any) -> None:
        with self._lock:
            self._locks.pop(key, None)


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
    pages = builders(settings, verdicts, runs)

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        if settings.warm:
            verdicts.known()
        yield
        runs.end()
        verdicts.end()

    app = Starlette(
        lifespan=living,
        routes=[
            Route("/static/base.css", _base, methods=["GET"]),
            Mount(
                "/static",
                StaticFiles(directory=Path(__file__).with_name("static")),
            ),
            *(Route(f"{path}/{{name}}.csv", _calm(_table), methods=["GET"]) for path in TABLES),
            *api.mounted(_calm),
            *send.routes(),
            *_routes(pages),
        ],
        middleware=[
            Middleware(Guard, largest=settings.largest),
            Middleware(TrustedHostMiddleware, allowed_hosts=[*settings.hosts, "testserver"]),
            Middleware(GZipMiddleware, minimum_size=2000),
        ],
        exception_handlers={
            HTTPException: failure.http,
            TooLarge: failure.too_large,
            HidraError: failure.refused,
        },
    )
    app.router.redirect_slashes = False
    app.state.settings = settings
    app.state.shelf = Shelf()
    app.state.verdicts = verdicts
    app.state.runs = runs
    app.state.pages = pages
    return app


def warm(app: Starlette, language: Language) -> None:
    """Draw the front page of a language before the first reader asks for it."""
    ask = Ask("panorama", language)
    key = (ask.page, language, "", (), *data_of(app.state.settings.run))
    _, figures = app.state.shelf.get(key, lambda: app.state.pages["panorama"](ask))
    for figure in figures.values():
        for width in WIDTHS:
            figure.picture(width)


def data_of(run: Path) -> tuple[str, tuple[str, int]]:
    """Return what a page hangs on besides its address: the data, and the finished run."""
    return records().vintage, stamp(run)


def _base(request: Request) -> Response:
    """The style that the page shares with the report."""
    request.scope["state"]["page"] = "static"
    return FileResponse(Path(__file__).parents[1] / "charts" / "templates" / "style.css")


def _table(request: Request) -> Response:
    """Hand a built-in table on, as it is used."""
    request.scope["state"]["page"] = "table"
    name = request.path_params["name"]
    if name not in reference.names():
        raise AbsentError(
            "There is no such table.", where="link", fix="The page of the data lists them."
        )
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    text = reference.table(name).to_csv(index=False)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _calm(answer: Answer) -> Answer:
    """Keep a fault of ours from reaching the reader, or the journal with what it was about."""

    def calm(request: Request) -> Response:
        try:
            return answer(request)
        except (HTTPException, HidraError, TooLarge):
            raise
        except Exception as error:  # whatever it is, it is told by its kind and place only
            return failure.broken(request, error)

    return calm


def _routes(made: Mapping[str, Builder]) -> list[Route]:
    """Every page in both languages, with and without the closing slash, and its twins."""
    routes = []
    for one in site.PAGES:
        if one.name not in made:
            continue
        for language in LANGUAGES:
            path = f"{site.root(language)}/{one.slug(language)}".rstrip("/")
            twins = f"{path}/{site.FRONT}" if not one.slug(language) else path
            show = _calm(_shown(one.name, language, made))
            hand_on = _calm(_twin(one.name, language, made))
            routes += [
                Route(f"{twins}.{{kind}}", hand_on, methods=["GET"]),
                *(Route(each, show, methods=["GET"]) for each in _both(path)),
            ]
    return sorted(routes, key=lambda route: "{code}" in route.path)


def _both(path: str) -> list[str]:
    return [path, f"{path}/"] if path else ["/"]


def _made(
    request: Request, name: str, language: Language, made: Mapping[str, Builder]
) -> tuple[Ask, View, dict[str, Figure]]:
    """Return the page of a request, made now or before."""
    query = {key: value for key, value in request.query_params.items() if key != "chart"}
    ask = Ask(name, language, request.path_params.get("code", ""), query)
    request.scope["state"]["page"] = f"{name} {language}"
    shelf: Shelf = request.app.state.shelf
    standing = request.app.state.settings.run
    key = (name, language, ask.code, tuple(sorted(query.items())), *data_of(standing))
    view, figures = shelf.get(key, lambda: made[name](ask))
    return ask, view, figures


def _shown(name: str, language: Language, made: Mapping[str, Builder]) -> Answer:
    def show(request: Request) -> Response:
        ask, view, figures = _made(request, name, language, made)
        html = render.page(ask, view, figures, nonce=request.state.nonce, vintage=records().vintage)
        return HTMLResponse(html)

    return show


def _twin(name: str, language: Language, made: Mapping[str, Builder]) -> Answer:
    def hand_on(request: Request) -> Response:
        kind = request.path_params["kind"]
        if kind != TIPS and kind not in TWINS:
            raise HTTPException(404)
        _, _, figures = _made(request, name, language, made)
        if not figures:
            raise AbsentError(
                "This page has no chart.", where=f".{kind}", fix="Ask for the page itself."
            )
        chart = request.query_params.get("chart", next(iter(figures)))
        if chart not in figures:
            raise unknown("chart", chart[:40], figures, where="link")
        if kind == TIPS:
            return JSONResponse(tip.told(figures[chart].block, words(language)))
        media, draw = TWINS[kind]
        file = f"hidra-{chart}.{kind}"
        headers = {"content-disposition": f'{"attachment" if kind in SAVED else "inline"}; '
                   f'filename="{file}"'}  # fmt: skip
        return Response(draw(figures[chart]), media_type=media, headers=headers)

    return hand_on
