"""A published site as a reader meets it: from a file of the disk and from a plain web server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hidra.web import publish
from hidra.web.site import Ask, Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WANTED = (Ask("panorama", "en"), Ask("map", "es"), Ask("place", "es", "11"),
          Ask("data", "en"), Ask("year", "en", "2024"), Ask("compare", "es"), Ask("claim", "es", "homicides-2024-33241"))  # fmt: skip
PAGES = {publish.folder_of(one): one.language for one in WANTED} | {
    "lugar/11/observed.embed.html": "es"
}


class Quiet(SimpleHTTPRequestHandler):
    """A plain web server that says nothing."""

    def log_message(self, *_given: Any) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    settings = Settings(folder=tmp_path_factory.mktemp("kept"), warm=False, run=folder / "none")
    draft = publish.Draft(folder, "", settings)
    publish.shared(draft)
    for ask in WANTED:
        publish.write(draft, ask)
    return folder


@pytest.fixture(scope="module", params=["file", "http"])
def base(request: Any, folder: Path) -> Iterator[str]:
    if request.param == "file":
        yield f"{folder.as_uri()}/"
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Reading:
    """A page being read, and everything it said or asked for."""

    def __init__(self, chromium: Any, address: str, width: int) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
        self.page.on("request", lambda one: self.asked.append(one.url))
        self.page.on("requestfailed", lambda one: self.said.append(f"failed: {one.url}"))
        self.page.on("console", lambda one: self.said.append(one.text))
        self.page.on("pageerror", lambda one: self.said.append(str(one)))
        self.page.goto(address)

    def outside(self, base: str) -> list[str]:
        return [one for one in self.asked if not one.startswith((base, "data:"))]


@pytest.fixture
def read(chromium: Any) -> Iterator[Any]:
    found: list[Reading] = []

    def opened(address: str, width: int = 1280) -> Reading:
        found.append(Reading(chromium, address, width))
        return found[-1]

    yield opened
    for one in found:
        one.page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_quiet_and_accessible(read: Any, base: str, path: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    reading = read(base + path + ("" if path.endswith(".html") else "index.html"), width)
    if path == "mapa/":
        reading.page.wait_for_selector("figure.ready")
    page = reading.page
    assert page.evaluate("document.documentElement.lang") == PAGES[path]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert reading.said == []
    assert reading.outside(base) == []
    for details in page.query_selector_all("footer details, details.whole"):
        details.evaluate("one => one.open = true")
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def test_rows_and_pointer_work_without_a_server(read: Any, base: str) -> None:
    reading = read(f"{base}lugar/11/index.html")
    page = reading.page
    page.locator("#chart-observed details.twin summary").click()
    page.wait_for_selector("#chart-observed details.twin table")
    assert page.locator("#chart-observed details.twin tbody tr").count() > 300
    drawing = page.locator("#chart-observed .drawing.wide-only")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("!document.getElementById('tip').hidden")
    assert "INEGI" in page.locator("#tip").inner_text()
    assert reading.said == []
    assert reading.outside(base) == []


def test_the_map_moves_and_leads_to_a_place(read: Any, base: str) -> None:
    reading = read(f"{base}mapa/index.html")
    page = reading.page
    page.wait_for_selector("figure.ready")
    before = page.locator("#map-when").inner_text()
    page.locator("#month").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#map-when").inner_text() != before
    page.locator("#map-table a", has_text="Guanajuato").click()
    page.wait_for_selector("h1:has-text('Guanajuato')")
    assert reading.said == []
    assert reading.outside(base) == []
