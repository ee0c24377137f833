"""Serve the page on this machine until the reader stops it."""

from __future__ import annotations

import logging
import socket
import sys
import threading

from hidra.core.errors import SpecError
from hidra.core.i18n import _
from hidra.web.site import LOOPBACK, Settings


def address(host: str, port: int) -> str:
    """Return the address a browser opens."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def serve(settings: Settings, host: str, port: int, announce: bool = True) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    host, port : where to listen; port 0 takes any that is free.
    announce : print the address on standard output once it answers.

    Raises
    ------
    SpecError
        The port is taken or may not be used.
    """
    import uvicorn

    from hidra.web.app import make, warm

    listening = _listen(host, port)
    _quiet_journal()
    app = make(settings)
    warm(app, "es")
    threading.Thread(target=warm, args=(app, "en"), daemon=True, name="warm").start()
    config = uvicorn.Config(
        app, access_log=False, log_config=None, server_header=False,
        timeout_keep_alive=5, limit_concurrency=400,
    )  # fmt: skip
    if announce:
        print(address(host, listening.getsockname()[1]), flush=True)
    uvicorn.Server(config).run(sockets=[listening])


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
