"""A local server with the failings of real ones, for tests only."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

PAGE = b"<!DOCTYPE html>\r\n<html lang='es'><body>Esta liga ya no existe</body></html>"


class FlakyServer:
    """Serves bodies by path. ``manner`` says how: a list of words used up call by call.

    ``whole`` (default), ``page`` (200 and HTML), ``gone`` (404), ``busy`` (503), ``drop`` (half
    the body, then the line is cut), ``short`` (half the body without a length), ``slow`` (stops
    in the middle for longer than the client waits).
    """

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.manner: dict[str, list[str]] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.ranges = True
        self.reply: Callable[[str, bytes], bytes] | None = None  # answers POST requests
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *words: object) -> None:
                pass

            def do_GET(self) -> None:
                outer._answer(self)

            do_POST = do_GET

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> FlakyServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path
        if request.command == "POST" and self.reply is not None:
            sent = request.rfile.read(int(request.headers["Content-Length"]))
            self.asked.append((path, None))
            body = self.reply(path, sent)
            request.send_response(200)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
            return
        self.asked.append((path, request.headers.get("Range")))
        manner = (self.manner.get(path) or ["whole"]).pop(0) if self.manner.get(path) else "whole"
        body = PAGE if manner == "page" else self.bodies.get(path, b"")
        if manner in ("gone", "busy") or path not in self.bodies:
            request.send_error(503 if manner == "busy" else 404)
            return
        mark = f'"{hash(body)}"'
        start = 0
        wanted = request.headers.get("Range")
        if wanted and self.ranges and request.headers.get("If-Range") in (None, mark):
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        request.send_response(206 if start else 200)
        request.send_header("ETag", mark)
        request.send_header("Connection", "close")
        if manner != "short":
            request.send_header("Content-Length", str(len(body) - start))
        request.end_headers()
        self._send(request, body[start:], manner)

    @staticmethod
    def _send(request: BaseHTTPRequestHandler, body: bytes, manner: str) -> None:
        half = len(body) // 2
        try:
            request.wfile.write(body[:half])
            request.wfile.flush()
            if manner in ("drop", "short"):
                request.close_connection = True
                request.connection.close()
                return
            if manner == "slow":
                threading.Event().wait(1.5)
            request.wfile.write(body[half:])
        except (BrokenPipeError, ConnectionResetError):
            pass
