"""What leaves a page: a brief, a chart on a sheet, a reference, a frame on another site."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest
from PIL import Image

from hidra.charts.theme import PAPER
from hidra.cli import main
from hidra.core.errors import RunError, SourceError, SpecError
from hidra.report import page
from hidra.web.page import brief

CHART = "chart=observed"


@pytest.mark.parametrize(
    ("path", "name", "missing"),
    [("/lugar/11/informe", "Guanajuato", True), ("/en/place/00/brief", "Mexico", True),
     ("/en/place/16053/brief", "Morelia, Michoacán", False)],
)  # fmt: skip
def test_a_place_has_a_brief_of_two_sheets_without_jargon(reader, path, name, missing):
    page = reader.get(path).text
    sheets = page.split('<div class="brief">')[1].split("</main>")[0]
    assert sheets.count('class="sheet"') == 2
    assert f"<h1>{name}: " in sheets
    assert ("RNPDNO" in sheets) is missing
    assert "CRPS" not in sheets and "100.0" not in sheets
    for image in re.findall(r'<img src="([^"]{30})', sheets):
        assert image.startswith("data:image/png;base64,")
    table = sheets.split("<tbody>")[1].split("</tbody>")[0]
    assert 3 <= table.count("<tr>") <= brief.YEARS
    silent = [set(column) for column in zip(*_cells(table), strict=True)]
    assert {"–"} not in silent  # a register that is silent in all the years is left out


def _cells(table: str) -> list[list[str]]:
    rows = table.split("<tr>")[1:]
    return [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in rows]


def test_a_brief_of_no_place_is_not_there(reader):
    assert reader.get("/lugar/77/informe").status_code == 404


def test_a_brief_says_what_changed_in_the_newest_register_with_two_years(reader):
    page = reader.get("/en/place/11/brief").text
    said = re.search(r"<li>SESNSP, victims: ([\d,]+) in 2024[^<]*?, ([\d,]+) in 2023: "
                     r"([^<]*?)[\u00a0 ]%", page)  # fmt: skip
    assert said
    now, before = (int(one.replace(",", "")) for one in said.groups()[:2])
    assert float(said[3].replace("\u2212", "-")) == pytest.approx(
        100 * (now / before - 1), abs=0.06
    )


def test_an_organisation_adds_words_logo_and_contact(tmp_path, capsys):
    note, logo, out = tmp_path / "note.txt", tmp_path / "logo.png", tmp_path / "brief.html"
    note.write_text("We ask for <b>figures</b> by municipality.\n\nAnd for their sources.")
    Image.new("RGB", (8, 8), "#2b5d8a").save(logo)
    asked = ["--place", "Guanajuato", "--note", str(note), "--logo", str(logo),
             "--contact", "press@example.org", "-o", str(out)]  # fmt: skip
    assert main(["--lang", "en", "report", "--brief", *asked]) == 0
    page = out.read_text()
    assert page.count("We ask for &lt;b&gt;figures&lt;/b&gt; by municipality.</p>") == 2
    assert page.count("press@example.org") == page.count('class="logo"') == 2
    assert page.index('id="en"') < page.index('id="es"') and "<script" not in page
    capsys.readouterr()


def test_what_does_not_fit_a_brief_is_refused_with_a_cure(tmp_path):
    with pytest.raises(SpecError) as long:
        brief.own("word " * 300)
    assert "1500" in long.value.what and long.value.fix
    (tmp_path / "logo.png").write_text("no picture")
    with pytest.raises(SourceError) as wrong:
        brief.own(logo=tmp_path / "logo.png")
    assert "logo.png" in wrong.value.where
    with pytest.raises(SourceError):
        brief.own(logo=tmp_path / "absent.png")


@pytest.mark.parametrize("asked", [["--place", "11"], ["--note", "words"], []])
def test_a_report_without_a_run_says_what_to_name(asked, capsys):
    assert main(["--lang", "en", "report", *asked]) == 2
    assert "--brief" in capsys.readouterr().err


def test_a_pdf_without_playwright_or_browser_says_how_to_get_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(RunError) as error:
        page.pdf("<p>page</p>")
    assert "playwright" in error.value.what and "chromium" in error.value.fix
    monkeypatch.undo()
    pytest.importorskip("playwright.sync_api")
    monkeypatch.setenv("HIDRA_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(RunError) as error:
        page.pdf("<p>page</p>")
    assert error.value.where == "/nowhere/chromium" and error.value.fix


@pytest.mark.parametrize(("size", "pixels"), [("wide", (1600, 900)), ("square", (1080, 1080))])
def test_a_chart_leaves_on_a_white_sheet_with_all_that_explains_it(reader, size, pixels):
    picture = Image.open(io.BytesIO(reader.get(f"/en/place/11.png?{CHART}&size={size}").content))
    assert picture.size == pixels
    assert picture.convert("RGB").getpixel((3, 3)) == (255, 255, 255)
    svg = reader.get(f"/en/place/11.svg?{CHART}&size={size}").text
    told = reader.get(f"/en/place/11.json?{CHART}").json()
    for part in ("title", "subtitle", "reading"):
        assert told[part].split()[0] in svg
    assert told["heads"]["value"] in svg and "Sources: INEGI" in svg
    assert PAPER not in svg


@pytest.mark.parametrize("path", ["/lugar/11", "/en/place/00"])
def test_a_sheet_names_every_source_of_its_chart(reader, path):
    page = reader.get(path).text.split('id="chart-years"')[1]
    [told] = re.findall(r'<p class="source">([^<]+)</p>', page)[:1]
    sheet = reader.get(f"{path}.svg?chart=years").text
    assert told in " ".join(re.findall(r"<text [^>]*>([^<]*)</text>", sheet))


def test_a_chart_is_handed_on_as_pdf_and_an_unknown_size_is_refused(reader):
    pdf = reader.get(f"/en/place/11.pdf?{CHART}")
    assert pdf.headers["content-type"] == "application/pdf" and pdf.content[:5] == b"%PDF-"
    refused = reader.get(f"/en/place/11.png?{CHART}&size=huge")
    assert refused.status_code == 400 and "square" in refused.text


def test_a_chart_is_cited_apart_from_its_page(reader):
    [page] = reader.get("/en/place/11.csl").json()
    [chart] = reader.get(f"/en/place/11.csl?{CHART}").json()
    assert chart["id"] != page["id"] and chart["title"].endswith(page["title"])
    assert "INEGI" in chart["note"] and "INEGI" not in page["note"]
    assert [one["literal"] for one in page["author"]] == ["The hidra authors"]
    bib = reader.get(f"/en/place/11.bib?{CHART}").text
    assert "author = {{The hidra authors}}" in bib
    assert "The hidra authors (" in reader.get("/en/place/11").text
    assert bib.startswith(f"@misc{{{chart['id']},") and bib.count("{") == bib.count("}")
    text = reader.get("/en/place/11").text
    assert "/en/place/11.bib?" in text and json.dumps(chart)


def test_only_the_page_of_one_chart_may_stand_in_a_frame(reader):
    framed = reader.get(f"/en/place/11.embed?{CHART}")
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "x-frame-options" not in framed.headers
    assert framed.text.count("<figure") == 1 and "<nav" not in framed.text
    for path in ("/en/place/11", f"/en/place/11.svg?{CHART}", "/en/place/11.embed?chart=none"):
        other = reader.get(path)
        assert "frame-ancestors 'none'" in other.headers["content-security-policy"], path
        assert other.headers["x-frame-options"] == "DENY"


def test_previews_and_snippets_of_a_server_have_whole_addresses(reader):
    text = reader.get("/en/place/11").text
    assert 'property="og:image" content="http://localhost/en/place/11.png?' in text
    assert 'src="http://localhost/en/place/11.embed?' in text
    assert 'rel="canonical" href="http://localhost/en/place/11"' in text
    assert 'hreflang="es" href="http://localhost/lugar/11"' in text
    assert 'rel="canonical"' not in reader.get("/nada").text


def test_every_colour_of_the_page_has_one_for_the_night():
    """What paints (ink, ground, edge) is a token or names two colours; charts are turned round."""
    styles = Path(brief.__file__).parents[1] / "static" / "web.css"
    painted = re.findall(r"(?:color|background|border[\w-]*):([^;}]*)", styles.read_text())
    single = [one for one in painted if "#" in one and "light-dark(" not in one]
    assert single == []
