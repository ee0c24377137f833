"""How quick the page is, measured in a browser without a network: ``hidra bench page``."""

from __future__ import annotations

import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks import Figure

HERE = Path(__file__).parent
PAGES = ("/", "/mapa", "/lugar/25", "/ano/2024", "/afirmaciones", "/escenarios", "/pronostico",
         "/evidencia", "/modelo", "/datos")  # fmt: skip
MAPS = {
    "32 states": "/mapa",
    "municipalities": "/mapa?level=municipality&measure=inegi_homicides_registered_annual",
}
COLD, WARM, HEAVY = 1.5, 0.6, 250  # seconds, seconds, kilobytes

SLIDE = """async () => {
  const slider = document.getElementById('month'), times = [];
  const next = (done) => requestAnimationFrame(() => requestAnimationFrame(done));
  const frame = () => new Promise(next);
  const steps = Math.min(40, Number(slider.max));
  for (let step = 0; step < steps; step += 1) {
    slider.value = Math.round(step * Number(slider.max) / steps);
    const from = performance.now();
    slider.dispatchEvent(new Event('input'));
    const script = performance.now() - from;
    await frame();
    times.push([performance.now() - from, script]);
  }
  return times;
}"""
YEARS = """async () => {
  const view = hidraViews.get(document.querySelector('.page[lang=es] [data-chart=map]'));
  const times = [];
  for (let year = 2001; year < 2012; year += 1) {
    const from = performance.now();
    await view.signal('year', year).runAsync();
    times.push(performance.now() - from);
  }
  return times;
}"""


def load(name: str) -> Any:
    """Load what the browser tests use to serve and to read."""
    path = HERE.parent / "tests" / "browser" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def slide(reader: Any, path: str) -> tuple[float, float, int]:
    """Median milliseconds of a step of the slider to the second frame, of its script, shapes."""
    reader.go(path)
    if not reader.do("document.querySelector('figure[data-atlas]')"):
        raise RuntimeError(f"{path} shows no map: {reader.do('document.title')}")
    reader.wait_until("document.querySelector('figure.ready') !== null")
    shapes = reader.do("document.querySelectorAll('#mapped [data-place]').length")
    times = reader.do(SLIDE)
    return (
        statistics.median(one[0] for one in times),
        statistics.median(one[1] for one in times),
        shapes,
    )


def report(web: Any, browser: Any, folder: Path) -> float:
    """Median milliseconds of a year on the map of a report with every section."""
    from hidra.report.page import build

    made = load("demo_tables")
    file = folder / "report.html"
    file.write_text(build(made.tables(), made.meta()), encoding="utf-8")
    reader = web.visit(browser, 1280)
    reader.page.goto(f"{file.as_uri()}#es")
    reader.wait_until("document.querySelectorAll('[data-chart=map].drawn').length > 0")
    return statistics.median(reader.do(YEARS))


def paint(reader: Any, path: str) -> tuple[float, float]:
    """Seconds to the first paint with content, and kilobytes of the page as it was sent."""
    reader.go(path)
    reader.wait_until("performance.getEntriesByName('first-contentful-paint').length > 0")
    script = "[performance.getEntriesByName('first-contentful-paint')[0].startTime, "
    script += "performance.getEntriesByType('navigation')[0].encodedBodySize]"
    painted, size = reader.do(script)
    return painted / 1000, size / 1000


def readers(number: int = 50, each: int = 4) -> tuple[float, float, int]:
    """Seconds of the median and the slowest answer for parallel readers, and failures."""
    from starlette.testclient import TestClient

    from hidra.web.app import make
    from hidra.web.site import Settings

    with tempfile.TemporaryDirectory() as name:
        app = make(Settings(folder=Path(name), warm=False))
        client = TestClient(app, base_url="http://localhost")

        def read(at: int) -> tuple[float, int]:
            begin = time.perf_counter()
            status = client.get(PAGES[at % len(PAGES)]).status_code
            return time.perf_counter() - begin, status

        for at in range(len(PAGES)):  # what is drawn once is drawn
            read(at)
        with ThreadPoolExecutor(number) as pool:
            found = list(pool.map(read, range(number * each)))
    times = [one[0] for one in found]
    return statistics.median(times), max(times), sum(one[1] != 200 for one in found)


def measure() -> Iterator[Figure]:
    """Give first paints, cold and warm, weights, the slider and fifty readers."""
    web = load("web_reader")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with web.serving(folder, folder / "home") as server:
            browser = playwright.chromium.launch(
                executable_path=server.beside(folder), args=list(web.QUIET)
            )
            reader = web.visit(browser, 1280)
            for path in PAGES:
                cold, size = paint(reader, path)
                warm = statistics.median(paint(reader, path)[0] for _ in range(3))
                yield Figure(f"first paint of {path}, page not drawn yet", cold, "s", COLD)
                yield Figure(f"first paint of {path}, again", warm, "s", WARM)
                yield Figure(f"weight of {path}, compressed", size, "kB", HEAVY)
            for label, path in MAPS.items():
                whole, script, shapes = slide(reader, path)
                yield Figure(f"slider, {label} ({shapes} outlines)", whole, "ms to the 2nd frame")
                yield Figure(f"slider, {label}, its script", script, "ms")
            yield Figure("slider, map of a report", report(web, browser, folder), "ms", 80)
            browser.close()
    middle, slowest, failed = readers()
    yield Figure("50 readers, 200 pages: median", middle, "s")
    yield Figure("50 readers, 200 pages: slowest", slowest, "s")
    yield Figure("50 readers, 200 pages: failed", failed, "answers", 0)
