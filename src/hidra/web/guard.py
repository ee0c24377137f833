"""What every answer carries and every request must respect: headers, sizes, a quiet journal."""

from __future__ import annotations

import logging
import re
import secrets
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class TooLarge(Exception):  # noqa: N818 -- it is an answer to the reader, not a fault
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
                raise TooLarge
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
