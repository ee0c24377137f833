"""The report as a reader meets it: quiet, whole, legible, in both languages, on desk and phone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest

pytestmark = pytest.mark.browser
ENGLISH = pytest.param("en", marks=pytest.mark.slow)  # the same page in other words
VIEWS = [
    ("es", 1280), ("es", 390),
    *(pytest.param("en", width, marks=pytest.mark.slow) for width in (1280, 390)),
]  # fmt: skip

# Texts of a chart that lie outside it, and pairs of texts that lie on each other. The halo behind a label
# is the same text in the same place, and does not count.
LEGIBLE = """() => {
  const wrong = [];
  for (const svg of document.querySelectorAll('.page:not([hidden]) .chart svg')) {
    const chart = svg.closest('.chart').dataset.chart, frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].filter((t) => t.textContent.trim()
      && +getComputedStyle(t).opacity > 0).map((t) => ({ say: t.textContent, box: t.getBoundingClientRect() }));
    for (const { say, box } of texts) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1
        || box.bottom > frame.bottom + 1) wrong.push(`${chart}: "${say}" is cut`);
      if (box.height < 9) wrong.push(`${chart}: "${say}" is too small (${box.height})`);
    }
    texts.forEach((one, at) => texts.slice(at + 1).forEach((other) => {
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      const halo = one.say === other.say && wide > 0.98 * one.box.width;
      if (wide > 1 && high > 3 && !halo) wrong.push(`${chart}: "${one.say}" on "${other.say}"`);
    }));
  }
  return wrong;
}"""

# Blocks of prose wider than their box, or pushed out of the window.
FITTING = """() => [...document.querySelectorAll('.page:not([hidden]) :is(p,h1,h2,h3,li,dt,dd,button,summary,label,select,figcaption)')]
  .filter((e) => e.getClientRects().length && !e.closest('.scroll,.wide,pre'))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'
    || e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.tagName + ': ' + e.textContent.trim().slice(0, 60))"""

CONTRAST = """() => {
  const part = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = (rgb) => 0.2126 * part(rgb[0]) + 0.7152 * part(rgb[1]) + 0.0722 * part(rgb[2]);
  const read = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = read(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const weak = [];
  for (const e of document.querySelectorAll('.page:not([hidden]) *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.getClientRects().length) continue;
    const svg = e.closest('svg');
    const ink = svg ? e.getAttribute('fill') || '#000' : getComputedStyle(e).color;
    if (svg && ink === '#fbfaf7') continue; // on dark hexagons: tests/unit/test_show_colour.py
    const hex = ink[0] === '#' ? [1, 3, 5].map((i) => parseInt(ink.slice(i, i + 2), 16)) : read(ink);
    const back = svg ? [251, 250, 247] : ground(e);
    const [a, b] = [light(hex), light(back)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5 && e.getAttribute('stroke') !== '#fbfaf7')
      weak.push(`${e.tagName} ${ink} on ${back}: ${e.textContent.trim().slice(0, 40)}`);
  }
  return weak;
}"""

UNFOLD = (
    "document.querySelectorAll('.page:not([hidden]) .fold').forEach((one) => { one.open = true; })"
)

NAMES = """() => {
  const page = document.querySelector('.page:not([hidden])'), wrong = [];
  const name = (e) => (e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') || '').split(' ')
    .map((id) => (document.getElementById(id) || {}).textContent || '').join('') || e.textContent).trim();
  page.querySelectorAll('button,summary,a,[role=img],[role=region],figure,section,nav').forEach((e) => {
    if (!name(e)) wrong.push('no name: ' + e.outerHTML.slice(0, 80)); });
  page.querySelectorAll('input,select').forEach((e) => {
    if (!(e.labels && e.labels.length && e.labels[0].textContent.trim())) wrong.push('no label: ' + e.outerHTML.slice(0, 80)); });
  page.querySelectorAll('svg').forEach((e) => { if (e.getAttribute('role') !== 'img') wrong.push('svg without role'); });
  let last = 0;
  page.querySelectorAll('h1,h2,h3,h4').forEach((h) => { const level = +h.tagName[1];
    if (level > last + 1) wrong.push(`heading jumps to ${level}: ${h.textContent}`); last = level; });
  if (page.querySelectorAll('h1').length !== 1 || page.querySelectorAll('main').length !== 1) wrong.push('one h1, one main');
  page.querySelectorAll('table').forEach((t) => { if (!t.caption) wrong.push('table without caption'); });
  page.querySelectorAll('th').forEach((t) => { if (!t.scope) wrong.push('th without scope'); });
  page.querySelectorAll('a,button,summary,select,input').forEach((e) => { const box = e.getBoundingClientRect();
    if (box.width && (box.height < 24 || box.width < 24)) wrong.push(`small target ${box.width}x${box.height}: ${name(e)}`); });
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => wrong.push('id twice: ' + id));
  return wrong;
}"""


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_the_page_is_whole_and_quiet(
    read_report: Callable[..., Any], report: Path, language: str, width: int
) -> None:
    reader = read_report(language, width)
    reader.page.mouse.wheel(0, 4000)
    assert set(reader.asked) == {report.as_uri()}
    assert reader.said == []
    assert reader.do("document.documentElement.lang") == language
    assert reader.do("document.documentElement.scrollWidth <= innerWidth")
    assert reader.do(FITTING) == []
    assert reader.do(LEGIBLE) == []
    assert reader.do(
        "[...document.querySelectorAll('.page:not([hidden]) .source')].every(e => e.textContent.trim())"
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_readers_of_all_kinds_can_use_it(read_report: Callable[..., Any], width: int) -> None:
    reader = read_report("es", width)
    assert reader.do(NAMES) == []
    assert reader.do(CONTRAST) == []


def test_the_other_language_is_one_button_away_and_drawn_only_then(
    open_report: Callable[..., Any],
) -> None:
    reader = open_report("es")
    assert reader.do("document.querySelectorAll('.page[lang=en] svg').length") == 0
    reader.page.get_by_role("button", name="Read in English").click()
    reader.wait_until("document.documentElement.lang === 'en'")
    reader.wait_until("document.querySelectorAll('.page[lang=en] .chart.drawn').length === 8")
    assert reader.do("location.hash").startswith("#en")
    assert "hidra" in reader.page.title()
    assert reader.do("document.querySelector('.page[lang=es]').hidden")
    reader.page.go_back()
    reader.wait_until("document.documentElement.lang === 'es'")
    assert reader.said == []


def test_a_link_to_a_section_opens_it_in_its_language(open_report: Callable[..., Any]) -> None:
    reader = open_report("en-map")
    assert reader.do("document.documentElement.lang") == "en"
    reader.wait_until(
        "Math.abs(document.getElementById('en-map').getBoundingClientRect().top) < 60"
    )
    assert abs(reader.do("document.getElementById('en-map').getBoundingClientRect().top")) < 60


def test_months_do_not_slip_in_the_time_zone_of_mexico(read_report: Callable[..., Any]) -> None:
    reader = read_report("es")
    shown = reader.do(
        "() => { const view = hidraViews.get(document.querySelector('.page[lang=es] [data-chart=observed]'));"
        "const name = view.data ? Object.keys(view.getState({data: () => true}).data).find(n => n.startsWith('d')) : '';"
        "return view.data(name)[0].month; }"
    )
    first = str(shown) if isinstance(shown, str) else shown.isoformat()
    assert first.startswith("2000-01")


TWIN = """(figure) => {
  const twin = document.querySelector(`#es-chart-${figure} .twin`);
  const store = JSON.parse(document.getElementById('hidra-data').textContent).datasets[twin.dataset.data];
  const columns = Object.keys(JSON.parse(twin.dataset.columns));
  const view = hidraViews.get(document.querySelector(`.page[lang=es] [data-chart=${figure}]`));
  const rows = [...twin.querySelectorAll('tbody tr')].map((tr) => [...tr.cells].map((td) => td.textContent));
  const drawn = view.data(twin.dataset.data).map((row) => columns.map((c) => row[c] instanceof Date
    ? row[c].toISOString().slice(0, 7) : typeof row[c] === 'number' && c === 'month'
    ? new Date(row[c]).toISOString().slice(0, 7) : row[c] ?? null));
  return { columns, rows, drawn, codes: JSON.parse(twin.dataset.codes), stored: store.rows.length };
}"""


@pytest.mark.parametrize(
    "figure", ["observed", "model", "map", "states", "differences", "scenarios", "parameters"]
)
def test_the_table_says_what_the_chart_draws(read_report: Callable[..., Any], figure: str) -> None:
    reader = read_report("es")
    reader.do(UNFOLD)
    reader.page.locator(f"#es-chart-{figure} .twin summary").click()
    reader.wait_until(f"document.querySelector('#es-chart-{figure} .twin table') !== null")
    told = reader.do(TWIN, figure)
    assert len(told["rows"]) == len(told["drawn"]) == told["stored"] > 4
    for row, drawn in zip(told["rows"], told["drawn"], strict=True):
        for column, cell, value in zip(told["columns"], row, drawn, strict=True):
            assert same(cell, value, told["codes"]), (column, cell, value)


def same(cell: str, value: Any, codes: dict[str, str]) -> bool:
    if value is None:
        return cell == "–"
    if isinstance(value, str):
        return cell == codes.get(value, value)
    shown = float(cell.replace(",", "").replace("\u2212", "-"))
    return abs(shown - value) <= 6e-5 + 1e-6 * abs(value)


def test_the_data_can_be_taken_away(read_report: Callable[..., Any], demo: Any) -> None:
    reader = read_report("es")
    with reader.page.expect_download() as waiting:
        reader.page.locator("#es-chart-observed .csv").click()
    assert waiting.value.suggested_filename == "observed.csv"
    rows = list(
        csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8-sig")))
    )
    counted = sum(float(row["value"]) for row in rows if row["measure"] == demo.INEGI)
    seen = demo.observed().query("measure == @demo.INEGI and place != '00'")["value"].sum()
    assert counted == pytest.approx(seen)


def test_the_map_is_moved_by_keyboard_and_hatches_what_it_does_not_know(
    open_report: Callable[..., Any],
) -> None:
    reader = open_report("es")
    view = "hidraViews.get(document.querySelector('.page[lang=es] [data-chart=map]'))"
    assert reader.do(f"{view}.signal('year')") == 2022
    filled = (
        "[...document.querySelectorAll('#es-chart-map path')]"
        ".filter(p => /^(#|rgb)/.test(p.getAttribute('fill') || '') && p.getBoundingClientRect().width > 22).length"
    )
    assert reader.do(filled) >= 30
    slider = reader.page.locator("#es-chart-map input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    reader.wait_until(f"{view}.signal('year') === 2023")
    reader.wait_until(
        f"{filled} === 0"
    )  # no observed year 2023: nothing is coloured, all is hatched
    reader.page.locator("#es-chart-map select").select_option(index=1)
    reader.wait_until(f"{filled} >= 30")


def test_states_can_be_reordered_and_rescaled_but_never_ranked(
    open_report: Callable[..., Any],
) -> None:
    reader = open_report("es")
    reader.do(UNFOLD)
    assert reader.page.locator("#es-chart-states select[data-control=order] option").count() == 3
    reader.page.locator("#es-chart-states select[data-control=order]").select_option("name")
    first = (
        "[...document.querySelectorAll('#es-chart-states svg text')].map((t) => t.textContent)"
        ".find((text) => /^[A-Z]/.test(text))"
    )
    reader.wait_until(f"{first} === 'Aguascalientes'")
    reader.page.locator("#es-chart-states select[data-control=scale]").select_option("independent")
    reader.wait_until("document.querySelectorAll('#es-chart-states svg .role-axis').length > 32")
    assert reader.do(LEGIBLE) == []
    assert reader.said == []


def test_the_first_tab_stops_are_the_content_and_the_language(
    open_report: Callable[..., Any],
) -> None:
    reader = open_report("es")
    reader.page.keyboard.press("Tab")
    assert reader.do("document.activeElement.className") == "skip"
    reader.page.keyboard.press("Tab")
    assert reader.do("document.activeElement.className") == "switch"
    ring = reader.do("getComputedStyle(document.activeElement).outlineWidth")
    assert float(re.sub("[^0-9.]", "", ring)) >= 2


@pytest.mark.parametrize(
    ("width", "most"), [pytest.param(1280, 12_000, marks=pytest.mark.slow), (390, 12 * 844)]
)
@pytest.mark.parametrize("language", ["es", ENGLISH])
def test_it_is_read_in_a_dozen_screens(
    open_report: Callable[..., Any], language: str, width: int, most: int
) -> None:
    """The demo run has every section; parts open by mouse, by key and by link."""
    reader = open_report(language, width)
    height = "document.documentElement.scrollHeight"
    short = reader.do(height)
    assert short <= most
    summary = reader.page.locator(f"#{language}-states .fold > summary")
    summary.focus()
    reader.page.keyboard.press("Enter")
    assert reader.page.locator(f"#{language}-chart-states svg").is_visible()
    reader.do(f"location.hash = '{language}-chart-parameters'")
    reader.wait_until(f"document.querySelector('#{language}-parameters .fold').open")
    reader.page.locator("button[data-fold]:visible").click()
    closed = ".page:not([hidden]) .fold:not([open])"
    assert reader.do(f"document.querySelectorAll('{closed}').length") == 0
    assert reader.do(height) > 2 * short  # nothing is lost
    reader.page.locator("button[data-fold]:visible").click()
    assert reader.do(height) == short


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(390, "dark"),
     *(pytest.param(*one, marks=pytest.mark.slow)
       for one in ((1280, "light"), (1280, "dark"), (390, "light")))],
)  # fmt: skip
def test_axe_finds_nothing(read_report: Callable[..., Any], width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    reader = read_report("en", width)
    reader.page.emulate_media(color_scheme=scheme)
    reader.do(UNFOLD)
    options = {"resultTypes": ["violations"]}
    found = axe.Axe().run(reader.page, options=options).response["violations"]
    reader.page.emulate_media(color_scheme="light")
    reader.do(UNFOLD.replace("true", "false"))
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def test_where_the_two_fits_meet_the_chart_says_so(read_report: Callable[..., Any]) -> None:
    reader = read_report("en")
    texts = reader.do(
        "[...document.querySelectorAll('#en-chart-model svg text')].map((one) => one.textContent)"
    )
    assert "with all records" in texts


def test_paper_shows_what_the_screen_shows_and_whom_to_cite(
    open_report: Callable[..., Any],
) -> None:
    reader = open_report("es")
    closed = "document.querySelectorAll('.page:not([hidden]) .fold:not([open])').length"
    folded = reader.do(closed)
    assert folded > 6
    reader.page.emulate_media(media="print")
    reader.do("window.dispatchEvent(new Event('beforeprint'))")
    assert reader.do(closed) == folded - 1
    assert reader.do("document.querySelector('.page:not([hidden]) .facts').checkVisibility()")
    told = "document.querySelector('.page:not([hidden]) .paper').checkVisibility()"
    assert reader.do(told)  # that something is folded
    reader.do("window.dispatchEvent(new Event('afterprint'))")
    assert reader.do(closed) == folded
    reader.do("hidraDrawn(true)")
    assert reader.do(closed) == 0
    reader.wait_until(
        "[...document.querySelectorAll('.page:not([hidden]) .chart')].every((one) => "
        "one.querySelector('svg')?.getBoundingClientRect().height > 60)"
    )
    assert not reader.do(told)


@pytest.mark.parametrize("language", ["es", ENGLISH])
def test_it_prints_soberly_unless_asked_for_the_whole(
    open_report: Callable[..., Any], language: str
) -> None:
    reader = open_report(language)
    reader.page.emulate_media(media="print")
    assert reader.do("getComputedStyle(document.querySelector('.hand-on')).display") == "none"
    pages = [len(pypdf.PdfReader(io.BytesIO(reader.page.pdf(format="Letter"))).pages)]
    reader.do("hidraDrawn(true)")
    pages.append(len(pypdf.PdfReader(io.BytesIO(reader.page.pdf(format="Letter"))).pages))
    assert pages[0] <= 8
    assert pages[1] >= 12
