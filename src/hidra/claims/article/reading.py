"""From a file, an address or standard input to the plain text of articles. Nothing is executed.

One address asked for by the user is fetched, and nothing else: no private machine, also not by
redirect.
"""

from __future__ import annotations

import io
import ipaddress
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from hidra.core.errors import SourceError
from hidra.core.i18n import _

LARGEST = 50_000_000
PAGES = 1000
SECONDS = 10  # of work on one PDF
LARGEST_FETCHED = 10_000_000
HOPS = 5
TIMEOUT, WHOLE = 20.0, 3  # seconds without a byte; times as long for the whole fetch
#: Of IPv6 only global unicast, less what carries an address of IPv4 or is set aside (IANA, 2025):
#: Teredo and the rest of 2001::/23, 6to4, documentation. Mapped and NAT64 lie outside it.
UNICAST = ipaddress.ip_network("2000::/3")
REFUSED = tuple(map(ipaddress.ip_network, (
    "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24",
)))  # fmt: skip
SAVE_TEXT = _("Save the article's text and give that.")
SAVE_FILE = _("Save the article and give the file.")
#: Beginnings of files of word processors, which are not read here, and what they are called.
DOCUMENTS = {
    b"PK\x03\x04": _("This is a document of a word processor (docx, odt) or another archive."),
    b"\xd0\xcf\x11\xe0": _("This is an old document of a word processor (doc)."),
    b"{\\rtf": _("This is a document in rich text (rtf)."),
}
SAVE_DOCUMENT = _(
    "Open it and save it as plain text or PDF, or run `soffice --headless --convert-to pdf FILE`, "
    "and give that."
)
HTML = re.compile(rb"<(?:!doctype html|html|head|body|article|div|p)[\s>]", re.IGNORECASE)
FEED = re.compile(rb"<(?:rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """An article: where it came from, its text, and its day (``YYYY-MM-DD``) where it tells it."""

    input: str
    text: str
    date: str | None = None


def read(source: str, *, offline: bool = False) -> list[Text]:
    """Return the articles of a file, an address or ``-`` (standard input); a feed has several.

    Raises
    ------
    SourceError
        It cannot be opened, holds no text, or is not what can be read here.
    """
    if re.match(r"[a-z][a-z0-9+.-]*://", source, re.IGNORECASE):
        content = fetch(source, offline=offline)
    elif source == "-":
        content = sys.stdin.buffer.read(LARGEST + 1)
    else:
        content = _file(source)
    if len(content) > LARGEST:
        raise SourceError(
            _("This is too large to be an article: more than {n} MB.", n=LARGEST // 10**6),
            where=source,
            fix=_("Give the article alone, as text, HTML, PDF or a feed."),
        )
    return list(texts(content, source))


def _file(source: str) -> bytes:
    path = Path(source)
    try:
        if path.stat().st_size > LARGEST:
            return b" " * (LARGEST + 1)
        return path.read_bytes()
    except OSError as error:
        raise SourceError(
            _("The article cannot be opened: {reason}.", reason=error.strerror or error),
            where=source,
            fix=_("Give a file, an address beginning with https://, or - for standard input."),
        ) from error


def texts(content: bytes, source: str) -> Iterator[Text]:
    """Yield the articles in some bytes, known by what is in them, never by a name."""
    head = content[:4096]
    for mark, told in DOCUMENTS.items():
        if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(mark):
            raise SourceError(told, where=source, fix=SAVE_DOCUMENT)
    if content[:1024].lstrip().startswith(b"%PDF"):
        yield Text(source, _pdf(content, source))
    elif FEED.search(head):
        yield from _feed(content, source)
    elif HTML.search(head):
        markup = sparse(decoded(content, source))
        yield Text(source, _html(markup, source), _published(markup))
    else:
        yield Text(source, _some(decoded(content, source), source))


def decoded(content: bytes, source: str) -> str:
    """Return text from bytes: UTF-8 or UTF-16 by its mark, else line by line UTF-8 or Windows-1252.

    Raises
    ------
    SourceError
        The bytes are not text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"),
                           (b"\xfe\xff", "utf-16")):  # fmt: skip
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    strange = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in content[:100_000])
    if strange > 0.005 * min(len(content), 100_000):
        raise SourceError(
            _("This is not a text: it holds bytes no article has."),
            where=source,
            fix=_("Give an article as text, HTML, PDF or an RSS or Atom feed."),
        )
    return b"\n".join(map(_line, content.split(b"\n"))).decode("utf-8")


def _line(line: bytes) -> bytes:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace").encode("utf-8")
    return line


def _some(text: str, source: str) -> str:
    if not text.strip():
        raise SourceError(
            _("There is no text in it."), where=source, fix=_("Give an article that holds text.")
        )
    return text


def _html(markup: str, source: str) -> str:
    """Return the article in a page; scripts are dropped and nothing it names is fetched."""
    import trafilatura

    with _parsed(source, lambda reason: _("The page cannot be read: {reason}.", reason=reason)):
        found = trafilatura.extract(markup, include_comments=False, include_links=False)
        found = found or trafilatura.html2txt(markup)
    return _some(found or "", source)


@contextmanager
def _parsed(source: str, told: Callable[[str], str]) -> Iterator[None]:
    """Refuse what breaks a parser, whatever it raises: hostile material may break any of them."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(told(type(error).__name__), where=source, fix=SAVE_TEXT) from error


def _published(markup: str) -> str | None:
    """Return the day a page says it was published on, in its own tags; nothing is guessed."""
    import trafilatura

    try:
        found = trafilatura.extract_metadata(markup, extensive=False)
    except Exception:  # a hostile page may break any parser: then it has no date
        return None
    date = found.date if found is not None else None
    return date if date and re.fullmatch(r"(?:19|20)\d\d-\d\d-\d\d", date, re.ASCII) else None


def _pdf(content: bytes, source: str) -> str:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings are not the user's
    pages, seen, begun = [], set(), time.process_time()
    with _parsed(source, lambda reason: _("The PDF cannot be read: {reason}.", reason=reason)):
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise SourceError(
                _("The PDF is locked by a password."), where=source, fix=_("Give an open copy.")
            )
        for page in reader.pages[:PAGES]:
            this = page.indirect_reference
            if this is not None and this.idnum in seen:
                continue  # a page that is there again says nothing new
            seen.add(None if this is None else this.idnum)
            pages.append(page.extract_text() or "")
            if time.process_time() - begun > SECONDS:
                told = _("The PDF takes longer to read than {n} seconds.", n=SECONDS)
                raise SourceError(told, where=source, fix=SAVE_TEXT)
    text = "\n\n".join(pages)
    if not text.strip():
        raise SourceError(
            _("The PDF holds pictures of pages, no text."),
            where=source,
            fix=_("Run a text recognition on it first, or give the article's text."),
        )
    return text


def _feed(content: bytes, source: str) -> Iterator[Text]:
    import feedparser

    with _parsed(source, lambda reason: _("The feed cannot be read: {reason}.", reason=reason)):
        parsed = feedparser.parse(content)
    entries = parsed.get("entries") or []
    if not entries:
        raise SourceError(
            _("The feed has no entries."), where=source, fix=_("Give a feed with articles in it.")
        )
    for number, entry in enumerate(entries, start=1):
        parts = [part.get("value", "") for part in entry.get("content", [])]
        markup = "\n".join(parts) or entry.get("summary", "")
        body = _markup_text(markup) if markup else ""
        title = _markup_text(entry.get("title", ""))
        day = entry.get("published_parsed")
        date = f"{day.tm_year}-{day.tm_mon:02d}-{day.tm_mday:02d}" if day else None
        yield Text(entry.get("link") or f"{source}#{number}", f"{title}.\n\n{body}", date)


TAG = re.compile(r"""<([a-zA-Z][\w:-]{0,40})(?:[^"'>]++|"[^"]*+"?|'[^']*+'?)*+>?""")
ATTRIBUTES = 300  # of one tag: a parser compares each with all others


def sparse(markup: str) -> str:
    """Return markup in which a tag with more attributes than any page has is left bare."""

    def bare(found: re.Match[str]) -> str:
        return f"<{found[1]}>" if len(found[0].split(None, ATTRIBUTES)) > ATTRIBUTES else found[0]

    return TAG.sub(bare, markup)


def _markup_text(markup: str) -> str:
    from lxml import etree, html

    if not markup.strip():
        return ""
    try:
        tree = html.fromstring(f"<div>{sparse(markup)}</div>")
        for block in tree.iter("p", "br", "li", "div", "h1", "h2", "h3"):
            block.tail = "\n\n" + (block.tail or "")
        etree.strip_elements(tree, "script", "style", with_tail=False)
        return str(tree.text_content()).strip()
    except (etree.LxmlError, ValueError):
        return re.sub(r"<[^>]*>", " ", markup)


# --- one address ----------------------------------------------------------------------------


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
            _("The network must not be used."),
            where=address,
            fix=_("Leave out --offline (or HIDRA_OFFLINE), or save the article and give the file."),
        )
    here = address
    until = time.monotonic() + WHOLE * TIMEOUT
    for _rest in range(HOPS):
        status, content, onward = _ask(here, until)
        if onward is None:
            return _body(status, content, here)
        try:
            here = urljoin(here, onward)
        except ValueError as error:
            raise SourceError(
                _("The address leads to one that is not valid."), where=here, fix=_("Check it.")
            ) from error
    raise SourceError(
        _("The address leads on more than {n} times.", n=HOPS),
        where=address,
        fix=_("Give the last one."),
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
            _("The host '{name}' is unknown.", name=host),
            where=address,
            fix=_("Check the address."),
        ) from error
    for one in found:
        ip = ipaddress.ip_address(one.partition("%")[0])
        inside = ip.version == 4 or ip in UNICAST
        if not (inside and ip.is_global) or ip.is_multicast or any(ip in net for net in REFUSED):
            told = _("'{host}' is not a public address and is refused.", host=host)
            raise SourceError(told, where=address, fix=SAVE_FILE)
    return found[0]


def _ask(address: str, until: float) -> tuple[int, bytes, str | None]:
    import urllib3

    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SourceError(
            _("The address is not valid."), where=address, fix=_("Check it.")
        ) from error
    if parts.scheme not in ("http", "https") or not host or parts.username:
        raise SourceError(
            _("Only plain http and https addresses are read."),
            where=address,
            fix=_("Give an address beginning with https://, or a file."),
        )
    port = port or (443 if parts.scheme == "https" else 80)
    ip = public_address(host, port, address)
    timeout = urllib3.Timeout(TIMEOUT)
    safe = parts.scheme == "https"
    kind = urllib3.HTTPSConnectionPool if safe else urllib3.HTTPConnectionPool
    known: dict[str, Any] = {"server_hostname": host, "assert_hostname": host} if safe else {}
    pool = kind(ip, port, timeout=timeout, retries=False, **known)
    path = parts.path or "/"
    pool.ConnectionCls = _bounded(pool.ConnectionCls, until)
    try:
        answer = pool.request(
            "GET",
            f"{path}?{parts.query}" if parts.query else path,
            headers={"Host": parts.netloc, "User-Agent": "hidra"},
            redirect=False,
            preload_content=False,
        )
        content = answer.read(LARGEST_FETCHED + 1)
        onward = answer.headers.get("Location") if 300 <= answer.status < 400 else None
        if time.monotonic() >= until:  # cut off: what came may be a part only
            raise TimeoutError
        return answer.status, content, onward
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise SourceError(
            _("The address does not answer: {why}.", why=type(error).__name__),
            where=address,
            fix=_("Try again later, or save the article and give the file."),
        ) from error
    finally:
        pool.close()


def _bounded(kind: Any, until: float) -> Any:
    """Return a kind of connection that is shut at a time, however slowly it still speaks."""

    class Bounded(kind):
        def connect(self) -> None:
            super().connect()
            left = max(0.0, until - time.monotonic())
            self.ending = threading.Timer(left, self._end, (self.sock,))
            self.ending.daemon = True
            self.ending.start()

        @staticmethod
        def _end(sock: Any) -> None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

        def close(self) -> None:
            if (ending := getattr(self, "ending", None)) is not None:
                ending.cancel()
            super().close()

    return Bounded


def _body(status: int, content: bytes, address: str) -> bytes:
    if status != 200:
        told = _("The address answers {status}.", status=status)
        raise SourceError(told, where=address, fix=_("Check it in a browser."))
    if len(content) > LARGEST_FETCHED:
        told = _("The page is larger than {n} MB.", n=LARGEST_FETCHED // 10**6)
        raise SourceError(told, where=address, fix=SAVE_FILE)
    return content
