"""The lab end to end: a real browser, the real model, a server that is started again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from . import web_reader as web

pytestmark = [pytest.mark.browser, pytest.mark.slow]


OUTCOME = "document.querySelector('#outcome table').textContent"
CSV = "async () => (await fetch('/api/v1/runs/' + location.pathname.split('/').pop() + '/outcome.csv')).text()"


def test_switch_off_dose_run_compare_download_and_reopen_after_a_restart(
    playwright: Any, tmp_path: Path
) -> None:
    with web.serving(tmp_path, tmp_path / "home") as server:
        browser = playwright.chromium.launch(
            executable_path=server.beside(tmp_path), args=list(web.QUIET)
        )
        path, outcome, table = first_visit(web.visit(browser, 1280))
        cancelled(web.visit(browser, 390))
        browser.close()
    with web.serving(tmp_path, tmp_path / "home") as server:
        browser = playwright.chromium.launch(
            executable_path=server.beside(tmp_path), args=list(web.QUIET)
        )
        reader = web.visit(browser, 390)
        reader.go(path)
        assert reader.do(OUTCOME) == outcome
        assert reader.do(CSV) == table
        reader.go(path.replace("/escenarios/", "/en/scenarios/"))
        assert "not a forecast" in reader.do("document.body.innerText")
        assert reader.do(CSV) == table
        assert reader.said == []
        assert reader.outside() == []
        browser.close()


def first_visit(reader: Any) -> tuple[str, str, str]:
    """Fill the form by keyboard, follow the run, take its table away."""
    reader.go("/escenarios")
    page = reader.page
    assert page.locator("section.ready figure").count() == 5
    page.locator("#half_recruitment a.act").focus()
    page.keyboard.press("Enter")
    reader.wait_until("location.search === '?ready=half_recruitment'")
    assert page.locator("input[name=rate-recruitment]").input_value() == "50"
    reader.go("/escenarios")
    opened(page)
    ready = page.locator("input[value=half_recruitment]")
    ready.focus()
    page.keyboard.press("Space")
    assert ready.is_checked()
    page.locator("input[name=off][value=arms]").focus()
    page.keyboard.press("Space")
    page.locator("input[name=dose-recruitment]").focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("-110")
    page.locator("input[name=draws]").fill("4")
    page.locator("input[name=end]").fill("2027-12")
    page.locator("#lab .act").focus()
    page.keyboard.press("Enter")
    reader.wait_until("/^\\/escenarios\\/[0-9a-f]{16}$/.test(location.pathname)")
    told = reader.do("[document.querySelector('h1').textContent, document.title]")
    assert told[0] in ("Preparando el modelo", "Simulando") and told[1].startswith(told[0])
    reader.wait_until("document.querySelector('#outcome table') !== null", 420)
    assert page.locator("p.finding").count() == 2
    outcome = reader.do(OUTCOME)
    assert "La mitad del reclutamiento" in outcome
    assert "Uno propio" in outcome
    assert "sin el mecanismo «entrada de armas»" in reader.do(
        "document.querySelector('#over_time table').textContent"
    )
    with page.expect_download() as waiting:
        page.locator("a[href$='outcome.csv']").click()
    table = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert table == reader.do(CSV)
    assert reader.said == []
    assert reader.outside() == []
    return reader.do("location.pathname"), outcome, table


def opened(page: Any) -> None:
    """Open the desk and every part of it."""
    page.evaluate(
        "document.querySelectorAll('#desk, #lab details').forEach((one) => { one.open = true; })"
    )


def cancelled(reader: Any) -> None:
    """A run that is cancelled ends, and leads back to the form as it was."""
    reader.go("/escenarios")
    opened(reader.page)
    reader.page.locator("input[value=double_enforcement]").check()
    reader.page.locator("input[name=draws]").fill("400")
    reader.page.locator("#lab .act").click()
    reader.wait_until("document.querySelector('#progress') !== null")
    reader.page.locator("form .act").click()
    reader.wait_until("document.querySelector('h1')?.textContent === 'Cancelado'", 120)
    reader.page.locator("main .act").click()
    reader.wait_until("location.pathname === '/escenarios'")
    assert reader.page.locator("input[value=double_enforcement]").is_checked()
