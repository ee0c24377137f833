"""The brief prints to two pages, A4 or Letter, in both languages, whatever the run says."""

from __future__ import annotations

import io
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdf
import pytest

from hidra.report import brief

pytestmark = pytest.mark.browser
PAPERS = {"A4": (595, 842), "Letter": (612, 792)}  # points


@pytest.fixture(scope="module")
def file(demo: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A brief with a warning and more limits than it may show: the longest case."""
    meta = demo.meta()
    limits = {
        f"limits_{language}": ["A limit of some length. " * 7] * 9 for language in ("es", "en")
    }
    warning = {f"warning_{language}": "The fit of this run may not be trusted. " * 3
               for language in ("es", "en")}  # fmt: skip
    path = tmp_path_factory.mktemp("brief") / "brief.html"
    path.write_text(brief.build(demo.tables(), meta | limits | warning), encoding="utf-8")
    return path


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(("language", "word"), [("es", "prensa"), ("en", "press")])
def test_the_brief_prints_to_two_pages(
    chromium: Any, file: Path, language: str, word: str, paper: str
) -> None:
    page = chromium.new_page(viewport={"width": 673, "height": 1013})  # A4 less its margins
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    page.goto(f"{file.as_uri()}#{language}")
    page.emulate_media(media="print")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format=paper)))
    assert len(printed.pages) == 2
    sizes = [
        (round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in printed.pages
    ]
    for size in sizes:  # browsers round paper to pixels: a point more or less
        assert size == pytest.approx(PAPERS[paper], abs=1)
    assert word in printed.pages[0].extract_text()
    cut = page.evaluate(
        "[...document.querySelectorAll('.sheet')].filter((e) => e.getClientRects().length)"
        ".filter((e) => e.scrollHeight > e.clientHeight + 1).length"
    )
    assert cut == 0  # nothing runs out of a page
    heights = page.evaluate(
        "[...document.querySelectorAll('.sheet img')].map((e) => e.clientHeight).filter((h) => h)"
    )
    assert len(heights) == 3
    assert min(heights) > 110  # charts can still be read
    assert {address for address in asked if not address.startswith("data:")} == {file.as_uri()}
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Any, file: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = chromium.new_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    page.goto(f"{file.as_uri()}#en")
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    page.close()


def test_on_a_phone_nothing_runs_out_of_the_window(chromium: Any, file: Path) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    for language in ("es", "en"):
        page.goto(f"{file.as_uri()}#{language}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shown = page.evaluate(
            "[...document.querySelectorAll('.brief')].filter((e) => e.getClientRects().length)"
            ".map((e) => e.lang)"
        )
        assert shown == [language]
    page.close()
