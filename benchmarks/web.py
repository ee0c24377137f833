"""How quick the page is, measured in a browser without a network; written to the docs.

Run with ``python benchmarks/web.py [OUTLINES.geojson [FOLDER]]``: INEGI's outlines of the
municipalities, and a folder to keep what is read in between two runs;
without them the slider is measured on the 32 states only. The monthly counts laid on the
municipalities are drawn at random: only the time they take matters here.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OUT = HERE / "web.txt"
PAGES = ("/", "/mapa", "/lugar/25", "/afirmaciones", "/escenarios", "/modelo", "/datos")

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


def load(name: str) -> Any:
    """Load what the browser tests use to serve and to read."""
    path = HERE.parent / "tests" / "browser" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SPEC = """source: benchmark
title: Random counts
publisher: benchmark
terms: none
accessed: 2026-11-21
concept: random counts
unit: persons
place: {column: place, level: municipality}
time: {month: month}
values: [{column: killed, measure: inegi_homicides}]
"""


def keep(outlines: Path, folder: Path) -> None:
    """Read the outlines in, and random counts and populations for each of them."""
    import numpy as np
    import pandas as pd

    from hidra.cli import main as hidra
    from hidra.data.geography import municipal

    assert hidra(["data", "add", str(outlines)]) == 0
    codes = [one["id"] for one in municipal()]
    draw = np.random.default_rng(1)
    months = [f"{year}-{month:02d}" for year in range(2000, 2026) for month in range(1, 13)]
    rows = pd.MultiIndex.from_product([codes, months], names=["place", "month"]).to_frame(False)
    rows["killed"] = draw.poisson(0.8, len(rows))
    people = pd.MultiIndex.from_product([codes, range(2000, 2026)], names=["place", "year"])
    people = people.to_frame(False).assign(people=40_000)
    (folder / "killed.yaml").write_text(SPEC, encoding="utf-8")
    spec = SPEC.replace("{month: month}", "{year: year}").replace("killed", "people")
    spec = spec.replace("inegi_homicides", "population").replace(
        "benchmark\n", "benchmark_people\n", 1
    )
    (folder / "people.yaml").write_text(spec, encoding="utf-8")
    for name, frame in (("killed", rows), ("people", people)):
        frame.to_csv(folder / f"{name}.csv", index=False)
        file, described = str(folder / f"{name}.csv"), str(folder / f"{name}.yaml")
        assert hidra(["data", "import", file, "--spec", described]) == 0


def slide(reader: Any, path: str) -> tuple[float, float, int]:
    """Median milliseconds of a step of the slider to the second frame, of its script, shapes."""
    reader.go(path)
    reader.wait_until("document.querySelector('figure.ready') !== null")
    shapes = reader.do("document.querySelectorAll('#mapped [data-place]').length")
    times = reader.do(SLIDE)
    return (
        statistics.median(one[0] for one in times),
        statistics.median(one[1] for one in times),
        shapes,
    )


def paint(reader: Any, path: str) -> tuple[float, int]:
    """Milliseconds to the first paint with content, and bytes of the page before packing."""
    reader.go(path)
    reader.wait_until("performance.getEntriesByName('first-contentful-paint').length > 0")
    script = "[performance.getEntriesByName('first-contentful-paint')[0].startTime, "
    script += "performance.getEntriesByType('navigation')[0].decodedBodySize]"
    painted, size = reader.do(script)
    return painted, size


def readers(app: Any, number: int = 50, each: int = 4) -> tuple[float, float, int]:
    """Milliseconds of the median and the slowest answer for parallel readers, and failures."""
    from starlette.testclient import TestClient

    client = TestClient(app, base_url="http://localhost")

    def read(at: int) -> tuple[float, int]:
        from_ = time.perf_counter()
        status = client.get(PAGES[at % len(PAGES)]).status_code
        return 1000 * (time.perf_counter() - from_), status

    with ThreadPoolExecutor(number) as pool:
        found = list(pool.map(read, range(number * each)))
    times = [one[0] for one in found]
    return statistics.median(times), max(times), sum(one[1] != 200 for one in found)


def main() -> None:
    """Measure and write."""
    outlines = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    web = load("web_reader")
    from playwright.sync_api import sync_playwright

    lines = [
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, headless Chromium without a network",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["HIDRA_HOME"] = str(folder / "home")
        if outlines is not None and not (folder / "home").exists():
            keep(outlines, folder)
        with sync_playwright() as playwright, web.serving(folder, folder / "home") as server:
            browser = playwright.chromium.launch(
                executable_path=server.beside(folder), args=list(web.QUIET)
            )
            reader = web.visit(browser, 1280)
            paths = {"32 states": "/mapa"}
            if outlines is not None:
                paths["municipalities"] = "/mapa?level=municipality&measure=inegi_homicides"
            for label, path in paths.items():
                whole, script, shapes = slide(reader, path)
                lines.append(
                    f"slider, {label}: {shapes} outlines, median {whole:.0f} ms to the second "
                    f"frame (script {script:.1f} ms)"
                )
            for path in PAGES:
                first, _ = paint(reader, path)
                again, size = paint(reader, path)
                lines.append(
                    f"first paint {path}: {first:.0f} ms, again {again:.0f} ms, "
                    f"page {size / 1000:.0f} kB"
                )
            browser.close()
        from hidra.web.app import make
        from hidra.web.site import Settings

        app = make(Settings(folder=folder / "readers", warm=False))
        readers(app, 8, 2)  # what is drawn once is drawn
        middle, slowest, failed = readers(app)
        lines.append(
            f"50 parallel readers, 200 pages: median {middle:.0f} ms, slowest {slowest:.0f} ms, "
            f"failures {failed}"
        )
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(OUT.read_text())


if __name__ == "__main__":
    main()
