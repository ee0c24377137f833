"""What a journalist and an analyst come for, walked as they would: by links, fields and buttons."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from . import web_reader as web

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ARTICLE = """En 2018 hubo 3,290 víctimas de homicidio doloso en Guanajuato. En 2024 fueron 5,151.
Siete de cada diez homicidios en México se cometen con arma de fuego."""


@pytest.fixture(scope="module")
def page(playwright: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A reader's page on a server of its own, without any network."""
    folder = tmp_path_factory.mktemp("journeys")
    with web.serving(folder, folder / "home") as server:
        program = server.beside(folder)
        browser = playwright.chromium.launch(executable_path=program, args=list(web.QUIET))
        found = web.visit(browser, 1280).page
        found.set_default_timeout(180_000)
        yield found
        browser.close()


def test_two_years_of_a_state_and_a_chart_for_print(page: Any) -> None:
    """J1: Guanajuato 2024 against 2018, a chart for print in Spanish."""
    page.goto(web.BASE)
    page.get_by_role("link", name="Lugares", exact=True).click()
    page.locator("input[name=q]").fill("guanajuato")
    page.locator("form[role=search] button").click()
    page.get_by_role("link", name="Guanajuato", exact=True).first.click()
    page.locator("select[name=from]").select_option("2018")
    page.locator("select[name=to]").select_option("2024")
    page.locator("form.filter button").first.click()
    said = page.locator(".question").inner_text()
    assert re.search(r"SESNSP, víctimas: 3,151 en 2024 .*, 3,290 en 2018: .4.2", said)
    picture = page.locator("a", has_text="PNG").first.get_attribute("href")
    start = page.evaluate(
        "async (at) => [...new Uint8Array(await (await fetch(at)).arrayBuffer())].slice(0, 4)",
        picture,
    )
    assert bytes(start) == b"\x89PNG"


def test_a_sentence_of_the_government_has_its_test(page: Any) -> None:
    """J2: the fall that officials named, found by its words."""
    page.goto(f"{web.BASE}/afirmaciones")
    page.locator("#seek").fill("bajaron 37 %")
    page.locator(".claimed li:not([hidden]) a", has_text="37").first.click()
    assert "bajaron 37\u00a0%" in page.locator("h1").inner_text()
    assert "se sostiene" in page.locator(".verdict").inner_text().lower()
    sources = page.locator("#readings tbody tr").all_inner_texts()
    assert len(sources) == 4  # as stated; as told a day; from the mean of 2024; ours to June 2025


def test_an_article_is_checked_and_kept_as_a_file(page: Any) -> None:
    """J3: an article pasted, marked, saved for the editor."""
    page.goto(f"{web.BASE}/revisar")
    page.locator("#text").fill(ARTICLE)
    page.locator("#form button").click()
    assert page.locator("mark.contradicted, mark.not-supported").count() >= 1
    assert page.locator("mark.supported").count() >= 1
    with page.expect_download() as kept:
        page.locator(".handing a[download]").click()
    assert "3,290" in Path(kept.value.path()).read_text(encoding="utf-8")


def test_the_municipalities_of_a_state_on_a_map(page: Any) -> None:
    """J4: Zacatecas and Michoacán by municipality, from the page of the state, nothing fetched."""
    page.goto(f"{web.BASE}/lugares")
    page.get_by_role("link", name="Zacatecas", exact=True).first.click()
    page.locator("a[href*='level=municipality']").click()
    page.locator("figure.ready").wait_for()
    counted = {row.get_attribute("data-place"): row.locator("td").last.inner_text()
               for row in page.locator("#map-table tbody tr").all()}  # fmt: skip
    assert len(counted) == 58
    assert {code[:2] for code in counted} == {"32"}
    assert int(counted["32010"]) > 0  # Fresnillo
    page.locator("select[name=estado]").select_option("16")
    page.get_by_role("button", name="Mostrar").click()
    page.locator("figure.ready").wait_for()
    assert page.locator("#map-table tbody tr").count() == 113
    page.get_by_role("link", name="Morelia", exact=True).click()
    assert page.locator("h1").inner_text().startswith("Morelia")


def test_missing_persons_of_a_state_and_what_became_of_them(page: Any) -> None:
    """H2: Jalisco by what became of the missing, those without a date, and the map of the states."""
    page.goto(f"{web.BASE}/lugar/14")
    told = page.locator("#missing").inner_text()
    assert "sin localizar" in told and "con vida" in told and "sin vida" in told
    assert re.search(r"\d mujeres eran|mujeres [\d,]+ de [\d,]+|women were [\d,]+ of", told)
    assert "varios estados tardaron años en enviar los suyos" in told
    assert re.search(r"\d+ registros de personas desaparecidas no dicen cuándo", told)
    page.get_by_role("link", name="Mapa", exact=True).click()
    page.locator("select[name=measure]").select_option("rnpdno_missing")
    page.locator("form.filter button").first.click()
    page.locator("figure.ready").wait_for()
    assert page.locator("#map-table tbody tr").count() == 32


def test_a_map_and_a_line_are_read_by_finger_and_by_keys(page: Any) -> None:
    """H4: arrows, the search key and Enter on the map; a line does not end at its last month."""
    page.goto(f"{web.BASE}/mapa")
    page.locator("figure.ready").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("michoacan")
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"^Michoacán, ")).wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lugar/16")
    line = page.locator("#chart-observed .drawing:visible")
    line.press("ArrowRight")
    page.locator("#tip:visible").wait_for()
    last = page.locator("#tip strong").inner_text()
    line.press("ArrowRight")
    assert page.locator("#tip strong").inner_text() == last
    line.press("ArrowLeft")
    page.locator("#tip:visible strong").filter(has_not_text=last).wait_for()


def test_a_chart_stands_in_the_page_of_another_site(page: Any) -> None:
    """J5: the snippet copied from a page. Browsers let no page frame this machine's own address,
    so what it frames is opened, and that it may be framed is read from its policy."""
    page.goto(f"{web.BASE}/lugar/11")
    snippet = page.locator("details.whole code").first.text_content()
    framed = re.fullmatch(r'<iframe src="([^"]+)" title="[^"]+" .*></iframe>', snippet)[1]
    policy = page.goto(framed).headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    page.locator("svg:visible").first.wait_for()
    assert "Guanajuato" in page.locator("body").inner_text()


def test_two_pages_of_a_state_are_printed(page: Any) -> None:
    """H3: two pages of a place, with the people missing, on paper."""
    page.goto(f"{web.BASE}/lugar/11")
    page.get_by_role("link", name="Dos páginas para imprimir").click()
    page.locator(".sheet").first.wait_for()
    assert "desaparecidas" in page.locator(".brief").inner_text()
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter", prefer_css_page_size=True)))
    assert len(printed.pages) == 2
