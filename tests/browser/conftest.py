"""A real browser, headless and offline, with the demo report open in it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hidra.report.page import build

CHROMIUM = os.environ.get("HIDRA_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-domain-reliability", "--no-first-run", "--no-pings",
)  # fmt: skip
DRAWN = "[...document.querySelectorAll('.page:not([hidden]) .chart')].every(c => c.classList.contains('drawn'))"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Reader:
    """A page being read, and everything it said or asked for."""

    page: Any
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def ask(self, address: str) -> None:
        self.asked.append(address.partition("#")[0])

    def do(self, script: str, value: Any = None) -> Any:
        return self.page.evaluate(script, value)

    def wait_until(self, script: str, seconds: float = 120) -> None:
        # The page forbids eval, so playwright's own waiting cannot run inside it.
        until = time.monotonic() + seconds
        while not self.do(script):
            assert time.monotonic() < until, f"still waiting for: {script}"
            time.sleep(0.1)


@pytest.fixture(scope="session")
def demo() -> ModuleType:
    return load("demo_tables")


@pytest.fixture(scope="session")
def report(demo: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(build(demo.tables(), demo.meta()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """The library that drives browsers: a process may start it only once."""
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Any) -> Iterator[Any]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
    yield browser
    browser.close()


def opened(chromium: Any, report: Path, language: str, width: int) -> Reader:
    """Open the report in a language and width, and wait until its charts are drawn."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, timezone_id="America/Mexico_City", locale="es-MX"
    )
    reader = Reader(context.new_page())
    reader.page.on("request", lambda request: reader.ask(request.url))
    reader.page.on("requestfailed", lambda request: reader.ask(request.url))
    reader.page.on("console", lambda message: reader.said.append(f"{message.type}: {message.text}"))
    reader.page.on("pageerror", lambda error: reader.said.append(f"error: {error}"))
    reader.page.goto(f"{report.as_uri()}#{language}")
    reader.wait_until(DRAWN)
    return reader


@pytest.fixture(scope="session")
def opening() -> Any:
    """The function that opens any page of charts and waits until they are drawn."""
    return opened


@pytest.fixture
def open_report(chromium: Any, report: Path) -> Iterator[Any]:
    """Open a fresh page: for tests that change what it shows."""
    readers: list[Reader] = []

    def open_page(language: str = "es", width: int = 1280) -> Reader:
        readers.append(opened(chromium, report, language, width))
        return readers[-1]

    yield open_page
    for reader in readers:
        reader.page.context.close()


@pytest.fixture(scope="session")
def read_report(chromium: Any, report: Path) -> Iterator[Any]:
    """Share one page per language and width: for tests that only look."""
    readers: dict[tuple[str, int], Reader] = {}

    def read_page(language: str = "es", width: int = 1280) -> Reader:
        key = (language, width)
        if key not in readers:
            readers[key] = opened(chromium, report, language, width)
        return readers[key]

    yield read_page
    for reader in readers.values():
        reader.page.context.close()
