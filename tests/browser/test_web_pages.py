"""Every page as a reader meets it, in a browser that has no network but the page itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from . import web_reader as web

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "es": ["/", "/mapa", "/lugares", "/lugar/25", "/lugar/00", "/lugar/25006", "/lugar/25/informe", "/ano/2024", "/comparar?places=11,32", "/afirmaciones", "/afirmaciones/homicides-2024-33241",
           "/revisar", "/escenarios", "/pronostico", "/evidencia", "/modelo", "/datos", "/acerca", "/api/v1", "/nada"],
    "en": ["/en", "/en/map", "/en/places", "/en/place/25", "/en/place/25006", "/en/place/00/brief", "/en/year/2024", "/en/compare?places=11,32", "/en/claims",
           "/en/claims/homicides-2024-33241", "/en/check", "/en/scenarios", "/en/forecast", "/en/evidence", "/en/model", "/en/data", "/en/about",
           "/en/api/v1", "/en/nothing"],
}  # fmt: skip
VIEWS = [
    (language, path, width)
    for language, paths in PAGES.items()
    for path in paths
    for width in (1280, 390)
]
SHORT = ("afirmaciones", "claims", "datos", "data", "informe", "brief", "mapa", "map")  # on a phone
TEXT = "En 2024 hubo 33,550 homicidios en México. Más de 110,000 personas están desaparecidas. " * 2

LEGIBLE = """() => {
  const wrong = [], LEAST = innerWidth < 520 ? 11.9 : 11; // pixels of a letter
  for (const svg of document.querySelectorAll('.drawing svg')) {
    if (!svg.getClientRects().length) continue;
    const chart = svg.closest('figure').id, frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].filter((t) => t.textContent.trim()
      && t.getAttribute('opacity') !== '0').map((t) => ({ say: t.textContent, box: t.getBoundingClientRect(),
        size: parseFloat(getComputedStyle(t).fontSize) * frame.width / svg.viewBox.baseVal.width }));
    for (const { say, box, size } of texts) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1
        || box.bottom > frame.bottom + 1) wrong.push(`${chart}: "${say}" is cut`);
      if (size < LEAST) wrong.push(`${chart}: "${say}" is too small (${size} px)`);
    }
    texts.forEach((one, at) => texts.slice(at + 1).forEach((other) => {
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      const halo = one.say === other.say && wide > 0.98 * one.box.width;
      if (wide > 1.5 && high > 3.5 && !halo) wrong.push(`${chart}: "${one.say}" on "${other.say}"`);
    }));
  }
  return wrong;
}"""
FITTING = """() => [...document.querySelectorAll(':is(p,h1,h2,h3,li,dt,dd,button,summary,label,select,input,figcaption,legend)')]
  .filter((e) => e.getClientRects().length && !e.closest('.scroll,.wide,pre,.skip,.unseen'))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && !/inline/.test(getComputedStyle(e).display) && e.tagName !== 'SELECT'
    || e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.tagName + ': ' + e.textContent.trim().slice(0, 60))"""

# What a finger may miss: links within prose are as high as its lines.
SMALL = """() => [...document.querySelectorAll(':is(a, button, summary, select, input)')]
  .filter((e) => e.getClientRects().length && !e.closest('svg, .skip, .basis, .checked, #contested li, dd, section > p'))
  .filter((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 24)
  .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not Path(web.CHROMIUM).exists():
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    folder = tmp_path_factory.mktemp("served")
    with web.serving(folder, folder / "home") as found:
        yield found


@pytest.fixture(scope="module")
def browser(
    playwright: Any, server: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    program = server.beside(tmp_path_factory.mktemp("browser"))
    found = playwright.chromium.launch(executable_path=program, args=list(web.QUIET))
    yield found
    found.close()


@pytest.fixture
def reader(browser: Any) -> Iterator[Any]:
    found = web.visit(browser, 1280)
    yield found
    found.page.context.close()


def violations(page: Any) -> list[str]:
    """What axe finds wrong with a page."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("path", ["/escenarios", "/en/scenarios", "/escenarios?ready=no_removals"])
def test_the_lab_fits_a_phone(browser: Any, path: str) -> None:
    reader = web.visit(browser, 390)
    try:
        reader.go(path)
        assert reader.do("document.documentElement.scrollHeight") < 12 * 844
        assert reader.do(SMALL) == []
    finally:
        reader.page.context.close()


def test_there_is_no_network_but_the_page(server: Any, reader: Any) -> None:
    assert server.alone
    routes = Path(f"/proc/{server.process.pid}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in routes] == ["lo"]


@pytest.mark.parametrize(("language", "path", "width"), VIEWS)
def test_a_page_is_whole_quiet_and_legible(
    browser: Any, language: str, path: str, width: int
) -> None:
    reader = web.visit(browser, width)
    try:
        reader.go(path)
        if path.endswith(("mapa", "map")):
            reader.wait_until("document.querySelector('figure.ready') !== null")
        lost = path.endswith(("nada", "nothing"))
        assert reader.outside() == []
        assert [line for line in reader.said if not (lost and "404" in line)] == []
        assert reader.do("document.documentElement.lang") == language
        assert reader.do("document.documentElement.scrollWidth <= innerWidth")
        assert reader.do(LEGIBLE) == []
        assert reader.do(FITTING) == []
        assert width > 390 or reader.do(SMALL) == []
        figures = "[...document.querySelectorAll('figure.block')]"
        assert reader.do(
            f"{figures}.every(f => f.querySelector('.source').textContent.trim().length > 20)"
        )
        assert reader.do(f"{figures}.every(f => f.querySelector('details.twin'))")
        for scheme in ("light", "dark"):
            reader.page.emulate_media(color_scheme=scheme)
            assert violations(reader.page) == [], scheme
        if width == 390 and path.rsplit("/", maxsplit=1)[-1] in SHORT:
            assert reader.do("document.documentElement.scrollHeight") <= 12 * 844
        assert (
            reader.do("performance.getEntriesByType('navigation')[0].decodedBodySize") < 1_500_000
        )
    finally:
        reader.page.context.close()


@pytest.mark.parametrize(("path", "chart"), [("/lugar/00", "observed"), ("/lugar/25", "years"), ("/en/place/11", "missing"), ("/mapa", "map"),
                                             ("/datos", "calendar_measure"), ("/en/model", "causes")])  # fmt: skip
def test_the_table_says_what_the_chart_draws(reader: Any, path: str, chart: str) -> None:
    reader.go(path)
    twin = f"#chart-{chart} details.twin"
    reader.do("document.querySelectorAll('details.folded').forEach((one) => { one.open = true; })")
    reader.page.locator(f"{twin} summary").click()
    reader.wait_until(f"document.querySelector('{twin} table') !== null")
    told = reader.do(
        """async (pick) => { const twin = document.querySelector(pick);
        const told = await (await fetch(twin.dataset.rows)).json();
        return { told, cells: [...twin.querySelectorAll('tbody tr')].map((tr) => [...tr.cells].map((td) => td.textContent)) }; }""",
        twin,
    )
    names = [name for name in told["told"]["heads"] if name in told["told"]["columns"]]
    at = [told["told"]["columns"].index(name) for name in names]
    assert len(told["cells"]) == len(told["told"]["rows"]) > 4
    for cells, row in zip(told["cells"], told["told"]["rows"], strict=True):
        for cell, name, place in zip(cells, names, at, strict=True):
            assert same(cell, row[place], told["told"]["codes"]), (name, cell, row[place])


def same(cell: str, value: Any, codes: dict[str, str]) -> bool:
    if value is None:
        return cell == "–"
    if isinstance(value, bool | str):
        return cell == codes.get(
            str(value), str(value).lower() if isinstance(value, bool) else value
        )
    shown = float(cell.replace(",", ""))
    return abs(shown - value) <= 6e-4 + 1e-6 * abs(value)


def test_the_first_tab_stops_are_content_name_and_pages(reader: Any) -> None:
    reader.go("/")
    reader.page.keyboard.press("Tab")
    assert reader.do("document.activeElement.className") == "skip"
    reader.page.keyboard.press("Enter")
    assert reader.do("document.activeElement.id") == "content"
    reader.go("/")
    for _ in range(3):
        reader.page.keyboard.press("Tab")
    assert reader.do("document.activeElement.getAttribute('href')") == "/"
    ring = reader.do("getComputedStyle(document.activeElement).outlineWidth")
    assert float(ring.removesuffix("px")) >= 2


def test_the_map_by_keyboard_alone(reader: Any) -> None:
    reader.go("/mapa?measure=sesnsp_homicide_victims&span=1&month=2019-06")
    reader.wait_until("document.querySelector('figure.ready') !== null")
    reader.page.locator("#month").focus()
    reader.page.keyboard.press("ArrowRight")
    reader.wait_until("location.search.includes('month=2019-07')")
    assert "julio de 2019" in reader.do("document.getElementById('map-when').textContent")
    told = reader.do(
        """async () => { const told = await (await fetch('/mapa.json' + location.search)).json();
        return Object.fromEntries(told.rows.map((row) => [row[0], row[told.columns.indexOf('persons')]])); }"""
    )
    shown = reader.do(
        "Object.fromEntries([...document.querySelectorAll('#map-table tbody tr')].map((r) => [r.dataset.place, r.cells[2].textContent]))"
    )
    assert {code: float(text.replace(",", "")) for code, text in shown.items()} == told
    reader.page.locator("#mapped").focus()
    first = reader.do("hidraMap.here")
    reader.page.keyboard.press("ArrowRight")
    second = reader.do("hidraMap.here")
    assert first != second
    assert reader.do("document.getElementById('telling').textContent").endswith(".")
    reader.page.keyboard.press("/")
    assert (
        reader.do("document.activeElement.id") == "mapped"
        or reader.do("document.activeElement.id") == "find"
    )
    reader.page.locator("#find").fill("sinaloa")
    reader.page.locator("#find").press("Enter")
    reader.wait_until("document.activeElement.id === 'mapped'")
    assert reader.do("hidraMap.here") == "25"
    reader.page.keyboard.press("Enter")
    reader.wait_until("location.pathname === '/lugar/25'")
    assert reader.said == []


OVER = """([chart, panel, share]) => {
  const drawing = document.querySelector(`#chart-${chart} .drawing`);
  const plots = drawing.querySelector('g.cell') ? drawing.querySelectorAll('g.cell > g') : drawing.querySelectorAll('g.role-frame > g');
  const mark = chart === 'states_hex' ? drawing.querySelector(`[data-key='place=25']`) : plots[panel].querySelector('path.background');
  mark.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = mark.getBoundingClientRect();
  return [box.left + box.width * share, box.top + box.height * 0.4];
}"""


@pytest.mark.parametrize(
    ("path", "chart", "panel", "share", "head"),
    [
        ("/lugar/00", "observed", 0, 0.0, "enero de 2000"), ("/en/place/25", "missing", 0, 0.0, "January 2010"),
        ("/lugar/25", "years", 0, 0.0, "2000"), ("/en", "states_hex", 0, 0.5, "Sinaloa"),
    ],
)  # fmt: skip
def test_the_pointer_reads_what_it_is_over(
    reader: Any, path: str, chart: str, panel: int, share: float, head: str
) -> None:
    reader.go(path)
    x, y = reader.do(OVER, [chart, panel, share])
    reader.page.mouse.move(x + 1, y)
    reader.page.mouse.move(x, y)
    reader.wait_until("!document.getElementById('tip').hidden")
    told = reader.do("[...document.getElementById('tip').children].map((one) => one.textContent)")
    assert head in told[0]
    assert len(told) > 1
    rows = reader.do(
        "async (pick) => Object.values((await (await fetch(document.querySelector(pick).dataset.tips)).json()).said).flatMap((one) => Object.values(one))",
        f"#chart-{chart}",
    )
    assert told in rows
    reader.page.keyboard.press("Escape")
    assert reader.do("document.getElementById('tip').hidden")
    assert reader.said == []


def touched(browser: Any, path: str) -> Any:
    """A phone with a page on it."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    found = web.Visit(context.new_page())
    found.go(path)
    return found


def test_a_finger_reads_the_map_before_it_opens_a_place(browser: Any) -> None:
    reader = touched(browser, "/en/map")
    reader.wait_until("document.querySelector('figure.ready') !== null")
    state = reader.page.locator("#mapped [data-place='08']")
    state.scroll_into_view_if_needed()
    box = state.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    reader.page.touchscreen.tap(*middle)
    reader.wait_until("document.getElementById('telling').textContent.startsWith('Chihuahua')", 60)
    reader.page.touchscreen.tap(*middle)
    reader.wait_until("location.pathname === '/en/place/08'", 60)
    assert reader.do("document.querySelector('h1').textContent") == "Chihuahua"
    reader.page.context.close()


def test_a_finger_and_arrow_keys_read_a_line(browser: Any) -> None:
    reader = touched(browser, "/en/place/11")
    drawing = reader.page.locator("#chart-observed .drawing:visible")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    reader.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.45)
    told = "document.getElementById('tip').textContent"
    reader.wait_until(f"/20\\d\\d/.test({told})", 60)
    read = reader.do(told)
    assert "INEGI" in read
    drawing.press("ArrowLeft")
    reader.wait_until(f"{told} !== {read!r} && /20\\d\\d/.test({told})", 60)
    drawing.press("ArrowRight")
    reader.wait_until(f"{told} === {read!r}", 60)
    assert reader.do("!document.getElementById('tip').hidden")
    reader.page.context.close()


def test_a_range_of_years_is_chosen_without_any_script(browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{web.BASE}/lugar/11")
    page.locator("select[name=from]").select_option("2018")
    page.locator("select[name=to]").select_option("2024")
    page.locator("form.filter .act").first.click()
    assert page.url.endswith("from=2018&to=2024")
    assert "3,151" in page.locator(".question").inner_text()
    context.close()


def test_the_pointer_reads_the_map(reader: Any) -> None:
    reader.go("/mapa")
    reader.wait_until("document.querySelector('figure.ready') !== null")
    reader.page.locator("#mapped [data-place='08']").hover()
    reader.wait_until("!document.getElementById('tip').hidden")
    assert reader.do("document.getElementById('tip').textContent").startswith("Chihuahua")


def test_a_table_sorts_by_its_heads(reader: Any) -> None:
    reader.go("/en/map")
    reader.wait_until("document.querySelector('figure.ready') !== null")
    reader.page.locator("#map-table th button").nth(2).click()
    rows = reader.do(
        "[...document.querySelectorAll('#map-table tbody tr')].map((r) => +r.cells[2].textContent.replace(',', ''))"
    )
    assert rows == sorted(rows)
    assert reader.do("document.querySelector('#map-table th[aria-sort]').ariaSort") == "ascending"


def test_the_language_switch_keeps_page_and_state(reader: Any) -> None:
    reader.go("/mapa?measure=rnpdno_missing&month=2015-05")
    reader.wait_until("document.querySelector('figure.ready') !== null")
    reader.page.locator("#month").press("ArrowRight")
    reader.wait_until("location.search.includes('month=2015-06')")
    reader.page.locator(".tongue a").click()
    reader.wait_until("location.pathname === '/en/map'")
    assert "June 2015" in reader.do("document.getElementById('map-when').textContent")
    assert "measure=rnpdno_missing" in reader.do("location.search")


def test_a_text_is_pasted_and_marked(reader: Any) -> None:
    reader.go("/revisar")
    reader.page.locator("#text").fill(TEXT)
    reader.page.locator("form .act").click()
    reader.wait_until("document.querySelectorAll('mark').length >= 2")
    reader.page.locator("sup a").first.click()
    assert reader.do("location.hash") == "#v1"
    assert reader.said == []
    assert violations(reader.page) == []


def test_the_first_picture_comes_soon(browser: Any) -> None:
    reader = web.visit(browser, 1280)
    reader.go("/")
    reader.go("/")
    reader.wait_until("performance.getEntriesByName('first-contentful-paint').length > 0")
    painted = reader.do("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    reader.page.context.close()
    assert painted < 1500


def test_day_and_night_are_the_readers_choice_and_are_kept(reader: Any) -> None:
    reader.go("/en/claims")
    ground = "getComputedStyle(document.body).backgroundColor"
    day = reader.do(ground)
    reader.page.get_by_role("button", name="Dark").click()
    night = reader.do(ground)
    assert night != day
    reader.go("/lugar/25")
    assert reader.do(ground) == night
    assert "invert" in reader.do("getComputedStyle(document.querySelector('.drawing svg')).filter")
    reader.page.emulate_media(media="print")
    assert reader.do("getComputedStyle(document.querySelector('.drawing svg')).filter") == "none"


def test_claims_are_found_by_their_words(reader: Any) -> None:
    reader.go("/afirmaciones")
    shown = "[...document.querySelectorAll('.claimed-one')].filter((one) => one.checkVisibility()).length"
    assert reader.do(shown) == 0
    reader.page.locator("#seek").fill("lideres")
    assert 0 < reader.do(shown) < 20  # the accent need not be typed
    reader.page.locator("#seek").fill("zzzz")
    assert reader.do(shown) == 0
    assert reader.do("document.getElementById('sought').textContent.length") > 5


def test_the_map_prints_from_the_first_page_and_its_list_whole(reader: Any) -> None:
    reader.go("/en/map")
    reader.page.emulate_media(media="print")
    assert reader.do("document.querySelector('.slide').getClientRects().length") == 0
    assert reader.do("document.querySelector('form.filter').getClientRects().length") == 0
    assert (
        reader.do("getComputedStyle(document.querySelector('.scroll.side')).overflowY") == "visible"
    )
    assert reader.do("document.querySelectorAll('#map-table tbody tr').length") == 32
    assert (
        reader.do("getComputedStyle(document.querySelector('figure.block')).breakInside") == "auto"
    )


@pytest.mark.parametrize(
    ("path", "most"),
    [("/datos", 1), ("/lugar/25", 5), ("/en", 1), ("/mapa", 1), ("/lugar/25/informe", 2)],
)
def test_paper_shows_what_the_screen_shows(reader: Any, path: str, most: int) -> None:
    """What is folded is not printed: a page of 36 sheets is read by nobody."""
    reader.go(path)
    printed = pypdf.PdfReader(io.BytesIO(reader.page.pdf(format="Letter")))
    assert len(printed.pages) <= most
