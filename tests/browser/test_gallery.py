"""Charts of places, intervals and coverage as a reader meets them, on desk and phone."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hidra.report.page import page

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"gallery_{name}", HERE / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def gallery(demo: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("gallery") / "gallery.html"
    file.write_text(page({}, demo.meta(), load("gallery").told), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def open_gallery(chromium: Any, gallery: Path, opening: Any) -> Iterator[Any]:
    """One page per language and width, opened when asked for."""
    readers: dict[tuple[str, int], Any] = {}

    def read(language: str, width: int) -> Any:
        if (language, width) not in readers:
            readers[language, width] = opening(chromium, gallery, language, width)
            readers[language, width].do(load("test_report_page").UNFOLD)
        return readers[language, width]

    yield read
    for reader in readers.values():
        reader.page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["es", pytest.param("en", marks=pytest.mark.slow)])
def test_no_label_is_cut_or_lies_on_another(
    open_gallery: Any, gallery: Path, language: str, width: int
) -> None:
    reader, checks = open_gallery(language, width), load("test_report_page")
    assert reader.said == []
    assert set(reader.asked) == {gallery.as_uri()}
    assert reader.do(checks.FITTING) == []
    assert reader.do(checks.LEGIBLE) == []
    assert reader.do("document.documentElement.scrollWidth <= innerWidth")


def test_the_table_holds_the_rows_of_the_chart(open_gallery: Any) -> None:
    reader = open_gallery("es", 1280)
    figure = "#es-chart-states_hex"
    reader.page.locator(f"{figure} .twin summary").click()
    reader.wait_until(f"document.querySelectorAll('{figure} .twin tbody tr').length === 32")
    text = reader.page.locator(f"{figure} .twin").inner_text()
    assert "cero registrado" in text
    assert "sin dato" in text
    assert "poca población" in text


def test_a_year_of_the_map_is_one_move_of_the_slider(open_gallery: Any) -> None:
    reader = open_gallery("en", 1280)
    slider = reader.page.locator("#en-chart-municipalities input[type=range]")
    slider.focus()
    reader.page.keyboard.press("ArrowLeft")
    view = "[...hidraViews].find(([e]) => e.dataset.chart === 'municipalities')[1]"
    reader.wait_until(f"{view}.signal('year') === 2021")


def test_a_picture_of_a_chart_can_be_taken_away(open_gallery: Any) -> None:
    reader = open_gallery("en", 1280)
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<svg")):
        with reader.page.expect_download() as waiting:
            reader.page.locator(f"#en-chart-ranked [data-picture={kind}]").click()
        assert waiting.value.suggested_filename == f"ranked.{kind}"
        assert Path(waiting.value.path()).read_bytes().startswith(start)
