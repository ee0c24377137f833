"""Serve the page on this machine until the reader stops it."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hidra.core.errors import SpecError
from hidra.core.i18n import _
from hidra.web.site import LOOPBACK, Ask, Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

HEADERS, BODY = 10.0, 60.0  # seconds a request may take to arrive


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
        seconds = HEADERS

        def connection_made(self, transport: Any) -> None:
            """Begin to wait for a request."""
            super().connection_made(transport)
            self._wait(HEADERS)

        def data_received(self, data: bytes) -> None:
            """Take a piece; wait on while the request is not whole."""
            super().data_received(data)
            cycle = self.cycle
            if cycle is None or cycle.response_complete:
                self._wait(HEADERS)
            elif cycle.more_body:
                self._wait(BODY)
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
    journal = logging.getLogger("hidra.web")
    journal.addHandler(handler)
    journal.setLevel(logging.INFO)
    journal.propagate = False


def hosts(host: str) -> tuple[str, ...]:
    """Return the names under which a server on that host answers."""
    if host in LOOPBACK:
        return LOOPBACK
    return ("*",) if host in ("0.0.0.0", "::") else (host, *LOOPBACK)
