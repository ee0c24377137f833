"""One address asked for by the user, and nothing else: no private machine, also not by redirect."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

from hidra.core.errors import SourceError

LARGEST = 10_000_000
HOPS = 5
TIMEOUT = 20.0


def fetch(address: str, *, offline: bool = False) -> bytes:
    """Return what lies at an address.

    Every step of a redirect is looked at: only http and https, only public addresses, and the
    connection goes to the very address that was looked at.

    Raises
    ------
    SourceError
        The network must not be used, the address is refused, or it does not answer.
    """
    from hidra.data import home

    if home.offline(offline):
        raise SourceError(
            "The network must not be used.",
            where=address,
            fix="Leave out --offline (or HIDRA_OFFLINE), or save the article and give the file.",
        )
    here = address
    for _ in range(HOPS):
        status, content, onward = _ask(here)
        if onward is None:
            return _body(status, content, here)
        here = urljoin(here, onward)
    raise SourceError(
        f"The address leads on more than {HOPS} times.", where=address, fix="Give the last one."
    )


def public_address(host: str, port: int, address: str) -> str:
    """Return an IP address of a host; every one it has must be public.

    Raises
    ------
    SourceError
        The host is unknown, or one of its addresses is private, of this machine, or reserved.
    """
    try:
        found = sorted({str(info[4][0]) for info in socket.getaddrinfo(host, port)})
    except (OSError, UnicodeError) as error:
        raise SourceError(
            f"The host '{host}' is unknown.", where=address, fix="Check the address."
        ) from error
    for one in found:
        ip = ipaddress.ip_address(one.partition("%")[0])
        mapped = getattr(ip, "ipv4_mapped", None) or ip
        if not mapped.is_global or mapped.is_multicast:
            raise SourceError(
                f"'{host}' is not a public address and is refused.",
                where=address,
                fix="Save the article and give the file.",
            )
    return found[0]


def _ask(address: str) -> tuple[int, bytes, str | None]:
    import urllib3

    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SourceError("The address is not valid.", where=address, fix="Check it.") from error
    if parts.scheme not in ("http", "https") or not host or parts.username:
        raise SourceError(
            "Only plain http and https addresses are read.",
            where=address,
            fix="Give an address beginning with https://, or a file.",
        )
    port = port or (443 if parts.scheme == "https" else 80)
    ip = public_address(host, port, address)
    timeout = urllib3.Timeout(TIMEOUT)
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            ip, port, timeout=timeout, retries=False, server_hostname=host, assert_hostname=host
        )
    else:
        pool = urllib3.HTTPConnectionPool(ip, port, timeout=timeout, retries=False)
    path = parts.path or "/"
    try:
        answer = pool.request(
            "GET",
            f"{path}?{parts.query}" if parts.query else path,
            headers={"Host": parts.netloc, "User-Agent": "hidra"},
            redirect=False,
            preload_content=False,
        )
        content = answer.read(LARGEST + 1)
        onward = answer.headers.get("Location") if 300 <= answer.status < 400 else None
        return answer.status, content, onward
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise SourceError(
            f"The address does not answer: {type(error).__name__}.",
            where=address,
            fix="Try again later, or save the article and give the file.",
        ) from error
    finally:
        pool.close()


def _body(status: int, content: bytes, address: str) -> bytes:
    if status != 200:
        raise SourceError(
            f"The address answers {status}.", where=address, fix="Check it in a browser."
        )
    if len(content) > LARGEST:
        raise SourceError(
            f"The page is larger than {LARGEST // 10**6} MB.",
            where=address,
            fix="Save the article and give the file.",
        )
    return content
