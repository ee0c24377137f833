"""A messy workbook brought through the page in one pass, then looked for on the map and its places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..panel import messy
from . import test_web_pages as pages
from . import web_reader as web

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOMS = {
    "es": ("/traer", "/mapa", "/lugar/12001", 390),
    "en": ("/en/bring", "/en/map", "/en/place/12001", 1280),
}


@pytest.fixture(params=ROOMS)
def language(request: Any) -> str:
    return str(request.param)


@pytest.fixture
def reader(language: str, playwright: Any, tmp_path: Path) -> Iterator[Any]:
    """A server of its own for each language: the panel is empty at the start."""
    if not Path(web.CHROMIUM).exists():
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    with web.serving(tmp_path, tmp_path / "home") as server:
        browser = playwright.chromium.launch(
            executable_path=server.beside(tmp_path), args=list(web.QUIET)
        )
        found = web.visit(browser, ROOMS[language][3])
        found.page.set_default_timeout(180_000)
        yield found
        browser.close()


def quiet(reader: Any) -> None:
    """What every page keeps to: nothing from outside, no word of the browser, nothing cut off."""
    assert reader.outside() == []
    assert reader.said == []
    assert reader.do("document.documentElement.scrollWidth <= innerWidth")
    assert reader.do(pages.FITTING) == []
    assert pages.violations(reader.page) == []


def picture(reader: Any, folder: Path, name: str) -> None:
    reader.page.screenshot(path=folder / f"{name}.png", full_page=True)


def test_a_messy_workbook_is_brought_and_seen(reader: Any, language: str, tmp_path: Path) -> None:
    table = messy.titled(tmp_path)
    bring, _map, place, _width = ROOMS[language]
    reader.go(bring)
    quiet(reader)
    picture(reader, tmp_path, "1-form")
    reader.page.set_input_files("#file", table.path)
    reader.page.click("#form button[type=submit]")
    reader.wait_until("document.querySelector('button[value=import]') !== null")
    text = reader.do("document.querySelector('main').textContent")
    for written in ("Guadalajra", "Cd. Juárez", "Sta. Catarina"):
        assert written in text
    quiet(reader)
    picture(reader, tmp_path, "2-proposal")
    reader.page.click("button[value=import]")
    reader.wait_until("document.querySelector('a.act[href*=level]') !== null")
    quiet(reader)
    picture(reader, tmp_path, "3-done")
    reader.page.click("a.act[href*='level=municipality']")
    reader.wait_until("document.querySelector('figure.ready') !== null")
    told = reader.do("[...document.querySelectorAll('#map-table tbody tr')].map((row) =>"
                     " [row.dataset.place, row.cells[2].textContent]).filter((one) => one[1] !== '–')")  # fmt: skip
    shown = dict(told)
    acapulco = sum(3 + (month + 5) % 4 for month in range(1, 13))
    assert shown["12001"] == str(acapulco)
    assert set(shown) == {"08037", "12001", "14039", "15033", "19021", "19048", "25012"}
    fill = "document.querySelector('[data-place=\"12001\"]').getAttribute('fill')"
    assert str(reader.do(fill)).startswith("#")
    quiet(reader)
    picture(reader, tmp_path, "4-map")
    reader.go(place)
    assert reader.do("document.querySelector('#chart-own-victimas') !== null")
    assert reader.do(pages.LEGIBLE) == []
    picture(reader, tmp_path, "5-place")


def test_questions_are_answered_with_the_keyboard_alone(
    reader: Any, language: str, tmp_path: Path
) -> None:
    table = messy.questions(tmp_path)
    reader.go(ROOMS[language][0])
    reader.page.set_input_files("#file", table.path)
    reader.page.click("#form button[type=submit]")
    reader.wait_until("document.querySelector('.field.open') !== null")
    assert reader.do("document.querySelector('button[value=import]') === null")
    picture(reader, tmp_path, "6-questions")
    quiet(reader)
    for key, value in table.answers.items():
        reader.page.select_option(f"select[name='q-{key}']", value)
    reader.page.focus("button[value=look]")
    reader.page.keyboard.press("Enter")
    reader.wait_until("document.querySelector('button[value=import]') !== null")
    quiet(reader)
