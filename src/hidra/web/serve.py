"""Serve the page on this machine until the reader stops it.

Every answer carries headers and every request respects sizes; the journal is quiet about readers.
"""

from __future__ import annotations

import logging
import re
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hidra.core.errors import HidraError, SpecError
from hidra.core.i18n import _
from hidra.web.site import LOOPBACK, Ask, Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

journal = logging.getLogger("hidra.web")

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
SAFE = ("GET", "HEAD")


#: What an answer says otherwise that may stand in a frame of another site.
FRAMED = {"cross-origin-resource-policy": "cross-origin"}


def policy(nonce: str, ancestors: str = "'none'") -> str:
    """Return the content security policy: nothing from elsewhere, no script without the nonce."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    )


class Below:
    """Puts the site below a path, as a proxy shows it: ``/user/x/proxy/8642``.

    Whether the proxy takes the path away or hands it on, the page answers; in what it answers
    every address of the site, and a redirection, begins with the path.
    """

    def __init__(self, app: ASGIApp, *, base: str) -> None:
        self.app = app
        self.base = base.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        base, held = self.base.decode(), b""
        start: Message = {}
        if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{base}/"):
            scope = {**scope, "path": scope["path"][len(base) :] or "/"}

        async def sending(message: Message) -> None:
            """Hand on one message, addresses under the base; a page is held until it is whole."""
            nonlocal held, start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("location", "").startswith("/"):
                    headers["location"] = base + headers["location"]
                if headers.get("content-type", "").startswith("text/html"):
                    start = message
                    return
            elif start:
                held += message.get("body", b"")
                if message.get("more_body"):
                    return
                body = ADDRESS.sub(rb"\g<0>" + self.base, held)
                MutableHeaders(scope=start)["content-length"] = str(len(body))
                await send(start)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self.app(scope, receive, sending)


#: What stands before an address of the site: of a link, a form, data of a script.
ADDRESS = re.compile(
    rb"""(?<=[\s:])(?:(?:href|src|action|content|data-\w+)=|"place": ?)"(?=/(?!/))"""
)


class TooLarge(HidraError):  # noqa: N818 -- it is an answer to the reader, not a fault
    """A request body over the limit."""


class Guard:
    """Puts a nonce on each request and the headers on each answer; refuses what is too large.

    Posting from another site is refused by what the browser says of its origin, so that no
    stranger's page can start work on a reader's machine.
    """

    def __init__(self, app: ASGIApp, *, largest: int) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        scope["state"]["foreign"] = _foreign(scope)
        answered = {"status": 500}

        async def sending(message: Message) -> None:
            """Hand on one message, its head with what guards the page."""
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
                headers = MutableHeaders(scope=message)
                framed = scope["state"].get("framed", False) and answered["status"] == 200
                headers["content-security-policy"] = policy(nonce, "*" if framed else "'none'")
                for name, value in (HEADERS | FRAMED if framed else HEADERS).items():
                    headers[name] = value
                if framed:
                    del headers["x-frame-options"]
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        await self.app(scope, self._counted(scope, receive), sending)
        _note(scope, answered["status"], time.perf_counter() - began)

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        """Stop reading a body once it is over the limit, whatever its header says."""
        announced = Headers(scope=scope).get("content-length", "0")
        read = 0

        async def receiving() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if max(read, int(announced) if announced.isdecimal() else 0) > self.largest:
                raise TooLarge(
                    _("What was sent is over {n} MB, the most that this page takes.",
                      n=f"{self.largest / 1e6:g}"),
                    where=_("file"),
                    fix=_("Send an article alone, as text, HTML or PDF; a larger table comes in on "
                          "the command line: hidra data import FILE."),
                )  # fmt: skip
            return message

        return receiving


def _foreign(scope: Scope) -> bool:
    """Tell whether a request that acts comes from another site."""
    if scope["method"] in SAFE:
        return False
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and _triple(origin) != _triple(
        f"{scope.get('scheme', 'http')}://{headers.get('host', '')}"
    )


def _triple(origin: str) -> tuple[str, str, int] | str:
    """Return scheme, host and port of an origin; what is more than these is no origin."""
    try:
        parts = urlsplit(origin)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return origin
    whole = parts.hostname and not (parts.path or parts.query or parts.fragment or parts.username)
    return (parts.scheme, parts.hostname or "", port) if whole else origin


def _note(scope: Scope, status: int, seconds: float) -> None:
    """One line per answer: never an address, a name, a browser, a text or a query."""
    page = scope["state"].get("page", "-")
    journal.info("%s %s %d %.0f ms", scope["method"], page, status, 1000 * seconds)


HEAD_WAIT, BODY_WAIT = 10.0, 60.0  # seconds a request may take to arrive


def address(host: str, port: int) -> str:
    """Return the address a browser opens."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def serve(
    settings: Settings,
    host: str,
    port: int,
    announce: bool = True,
    begin: Callable[[Callable[[], Starlette]], Starlette] = lambda work: work(),
) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    host, port : where to listen; port 0 takes any that is free.
    announce : print the address on standard output once it answers.
    begin : what does the work before the first answer. In the main thread a library that calls
        back into Python may swallow Ctrl-C.

    Raises
    ------
    SpecError
        The port is taken or may not be used.
    """
    import uvicorn

    listening = _listen(host, port)
    _quiet_journal()
    app = begin(lambda: _warmed(settings))
    config = uvicorn.Config(
        app, http=_patient(), access_log=False, log_config=None, server_header=False,
        timeout_keep_alive=5, limit_concurrency=400,
    )  # fmt: skip
    if announce:
        print(address(host, listening.getsockname()[1]), flush=True)
    from hidra.web.app import warm

    ended = threading.Event()
    later = (Ask("panorama", "en"), Ask("lab", "es"), Ask("lab", "en"))
    drawing = threading.Thread(
        target=warm, args=(app, *later), kwargs={"ended": ended}, name="warm"
    )
    drawing.start()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:  # a thread that still draws when Python ends takes the process down with it
        ended.set()
        drawing.join()


def _warmed(settings: Settings) -> Starlette:
    """Return the application with its front page drawn."""
    from hidra.web.app import make, warm

    app = make(settings)
    warm(app, Ask("panorama", "es"))
    return app


def _patient() -> type[Any]:
    """Return uvicorn's protocol, which lets a request that does not come to its end go."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class Patient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        """Half-sent requests hold a place of the few there are: they are dropped in time."""

        waiting: Any = None
        seconds = HEAD_WAIT

        def connection_made(self, transport: Any) -> None:
            """Begin to wait for a request."""
            super().connection_made(transport)
            self._wait(HEAD_WAIT)

        def data_received(self, data: bytes) -> None:
            """Take a piece; wait on while the request is not whole."""
            super().data_received(data)
            cycle = self.cycle
            if cycle is None or cycle.response_complete:
                self._wait(HEAD_WAIT)
            elif cycle.more_body:
                self._wait(BODY_WAIT)
            else:
                self._come()

        def _wait(self, seconds: float) -> None:
            """Let go after some seconds, counted from when this part of the request began."""
            if self.waiting is not None and self.seconds == seconds:
                return
            self._come()
            self.waiting, self.seconds = self.loop.call_later(seconds, self._drop), seconds

        def _come(self) -> None:
            if self.waiting is not None:
                self.waiting.cancel()
            self.waiting = None

        def _drop(self) -> None:
            self.waiting = None
            if not self.transport.is_closing():
                self.transport.abort()

    return Patient


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen()  # whoever has read the address is answered, if a moment later
    except (OSError, OverflowError) as error:
        found.close()
        raise SpecError(
            _(
                "Port {port} of {host} cannot be used: {text}.",
                port=port,
                host=host,
                text=getattr(error, "strerror", None) or error,
            ),
            where="hidra serve",
            fix=_("Choose another one with --port, or 0 for any that is free."),
        ) from error
    return found


def _quiet_journal() -> None:
    """One line per answer on standard error, without anything of who reads."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    journal.addHandler(handler)
    journal.setLevel(logging.INFO)
    journal.propagate = False


def hosts(host: str) -> tuple[str, ...]:
    """Return the names under which a server on that host answers."""
    if host in LOOPBACK:
        return LOOPBACK
    return ("*",) if host in ("0.0.0.0", "::") else (host, *LOOPBACK)
