"""What readers find: every page in both languages, charts with words and twins, refusals."""

from __future__ import annotations

import csv
import gzip
import io
import re
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pytest

from hidra.data import reference
from hidra.web import site

PAGES = {
    "es": [
        "/",
        "/lugares",
        "/lugar/09",
        "/lugar/25006",
        "/lugar/00",
        "/ano/2024",
        "/pronostico",
        "/evidencia",
        "/modelo",
        "/datos",
        "/acerca",
        "/mapa",
        "/revisar",
    ],
    "en": [
        "/en",
        "/en/places",
        "/en/place/09",
        "/en/place/25006",
        "/en/year/2012",
        "/en/forecast",
        "/en/evidence",
        "/en/model",
        "/en/data",
        "/en/about",
    ],
}
EVERY = [(language, path) for language, paths in PAGES.items() for path in paths]
CHARTS = [
    ("/panorama", "observed"),
    ("/panorama", "years"),
    ("/panorama", "fates"),
    ("/en/place/25", "observed"),
]


@pytest.mark.parametrize(("language", "path"), EVERY)
def test_every_page_in_both_languages_with_and_without_the_closing_slash(reader, language, path):
    page = reader.get(path)
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    other = path if path.endswith("/") else f"{path}/"
    assert reader.get(other).status_code == 200
    assert page.text.count("<h1>") == 1
    for figure in page.text.split('<figure class="block"')[1:]:
        assert re.search(r'<p class="source">[^<]{20,}</p>', figure)
        assert re.search(r'<p class="reading"><strong>[^<]+</strong> [^<]{20,}</p>', figure)


@pytest.mark.parametrize(("language", "path"), EVERY)
def test_the_other_language_is_one_link_away_and_leads_back(reader, language, path):
    switch = r'<p class="tongue"><a href="([^"]+)"'
    [there] = re.findall(switch, reader.get(path).text)
    answer = reader.get(there)
    assert answer.status_code == 200
    assert f'lang="{"en" if language == "es" else "es"}"' in answer.text
    [back] = re.findall(switch, answer.text)
    assert back.rstrip("/") == path.rstrip("/")


@pytest.mark.parametrize(("path", "chart"), CHARTS)
def test_twins_hold_what_the_chart_draws(reader, path, chart):
    told = reader.get(f"{path}.json?chart={chart}").json()
    text = reader.get(f"{path}.csv?chart={chart}")
    rows = list(csv.reader(io.StringIO(text.text.removeprefix("\ufeff"))))  # for Excel
    assert text.headers["content-disposition"] == f'attachment; filename="hidra-{chart}.csv"'
    assert rows[0] == told["columns"]
    assert len(rows) - 1 == len(told["rows"]) > 20
    at = [told["columns"].index(name) for name in told["columns"] if name in ("value", "persons")]
    for written, kept in zip(rows[1:], told["rows"], strict=True):
        for place in at:
            number = float(written[place]) if written[place] else None
            assert number == pytest.approx(kept[place])
    assert reader.get(f"{path}.svg?chart={chart}").text.startswith("<svg")
    assert reader.get(f"{path}.png?chart={chart}").content[:4] == b"\x89PNG"


def test_what_counts_case_files_is_never_called_people(reader):
    told = reader.get("/en/year/2025.json?chart=states_hex").json()
    assert told["title"].startswith("Case files") and told["heads"]["persons"] == "Case files"
    assert (
        reader.get("/en/year/2024.json?chart=states_hex").json()["heads"]["persons"]
        == "People killed"
    )
    for path in ("/en/panorama.json?chart=observed", "/en/place/11.json?chart=years"):
        mixed = reader.get(path).json()
        heads = {mixed["heads"].get("value"), mixed["heads"].get("persons")}
        assert "case files" in mixed["subtitle"] and "People killed, or case files" in heads
    assert "Case files, rate per 100,000" in reader.get("/en/year/2025").text


def test_a_rate_has_one_rounding_wherever_it_stands(reader):
    """Mexico City in 2024 has 9.93: of the class below 10, and nowhere "10"."""
    drawn = reader.get("/en/year/2024.svg?chart=states_hex").text
    assert re.search(r">9\.9</text>", drawn) and not re.search(r">10</text>", drawn)
    tips = reader.get("/en/year/2024.tips?chart=states_hex").json()["said"][""]
    assert "Per 100,000 and year: 9.9;" in tips["place=09"][1]
    assert "* (9.9)" in reader.get("/en/place/09").text


def test_a_picture_that_leaves_the_page_says_what_it_is(reader):
    svg = reader.get("/en/panorama.svg?chart=years").text
    assert "People killed by year" in svg
    assert "INEGI" in svg


def test_ids_of_charts_do_not_meet_on_a_page(reader):
    for path in ("/", "/lugar/25"):
        ids = re.findall(r'\bid="([^"]+)"', reader.get(path).text)
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nada", 404), ("/en/nothing", 404), ("/lugar/99", 404), ("/lugar/09999", 404), ("/lugar/9", 404),
        ("/lugar/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404), ("/static/../app.py", 404), ("/static/%2e%2e/app.py", 404),
        ("/panorama.exe", 404), ("/panorama.csv?chart=nada", 400), ("/lugar/<script>alert(1)<%2Fscript>", 404),
        ("/ano/2030", 404), ("/en/year/1950", 404), ("/ano/2030.csv", 404), ("/mapa?month=2031-01", 404),
        ("/mapa?level=municipality&estado=99", 404), ("/en/claims?place=99", 404), ("/mapa?month=nada", 400),
        ("/acerca.csv", 404), ("/datos/nada.csv", 404), ("/datos/..%2fplace.csv", 404),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused_in_words(reader, path, status):
    answer = reader.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "alert(1)<" not in answer.text
    assert "root:" not in answer.text
    assert "<h1>" in answer.text or answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_every_built_in_table_is_handed_on_as_it_is_used(reader):
    page = reader.get("/en/data").text
    names = re.findall(r'href="/en/data/(\w+)\.csv"', page)
    assert set(names) == set(reference.names())
    text = reader.get("/en/data/place_neighbour.csv").text
    assert text == "\ufeff" + reference.table("place_neighbour").to_csv(index=False)


def test_methods_that_are_not_taken(reader):
    assert reader.post("/acerca").status_code == 405
    assert reader.delete("/en/about").status_code == 405


@pytest.mark.parametrize("path", ["/", "/en/nothing", "/panorama.csv", "/static/hidra.js"])
def test_every_answer_carries_the_guard(reader, path):
    headers = reader.get(path).headers
    rule = headers["content-security-policy"]
    assert "default-src 'none'" in rule
    assert "unsafe" not in rule
    assert re.search(r"script-src 'nonce-[\w-]{20,}'", rule)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "referrer-policy" in headers


def test_each_answer_has_its_own_nonce_and_no_script_lacks_it(reader):
    one, two = reader.get("/"), reader.get("/")
    nonces = [
        re.search(r"'nonce-([^']+)'", r.headers["content-security-policy"])[1] for r in (one, two)
    ]
    assert nonces[0] != nonces[1]
    scripts = re.findall(r"<script[^>]*>", one.text)
    assert scripts
    assert all(f'nonce="{nonces[0]}"' in script for script in scripts)
    drawn = re.sub(r"<code>.*?</code>", "", one.text)  # what is handed to another site is text
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", drawn)


def test_a_strange_host_is_refused(reader):
    assert reader.get("/", headers={"host": "evil.example"}).status_code == 400


def test_fifty_readers_at_once(reader):
    paths = [path for _, path in EVERY] * 4
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(reader.get, paths[:50]))
    assert [answer.status_code for answer in answers] == [200] * 50


def test_a_page_is_light(reader):
    """Compressed, with its styles and scripts; a map draws thousands of outlines and is let off."""
    static = files("hidra.web").joinpath("static")
    around = sum(len(gzip.compress(one.read_bytes())) for one in static.iterdir())
    weights = {
        path: around + len(gzip.compress(reader.get(path).content))
        for _, path in EVERY if "map" not in path
    }  # fmt: skip
    assert {path: weight for path, weight in weights.items() if weight >= 250_000} == {}


def test_the_journal_says_nothing_of_the_reader(reader, caplog):
    with caplog.at_level("INFO", logger="hidra.web"):
        reader.get("/lugar/25?secret=word", headers={"user-agent": "Somebody/1.0"})
    [line] = [record.getMessage() for record in caplog.records if record.name == "hidra.web"]
    assert re.fullmatch(r"GET place es 200 \d+ ms", line)


@pytest.mark.parametrize(("error", "status"), [(MemoryError, 503), (ZeroDivisionError, 500)])
def test_the_journal_names_what_nobody_expected_and_where(
    reader, caplog, monkeypatch, error, status
):
    def fails(ask):
        raise error("secret")

    monkeypatch.setitem(reader.app.state.pages, "place", fails)
    answer = reader.get(f"/lugar/25?why={status}")
    assert answer.status_code == status and "secret" not in answer.text + caplog.text
    assert re.search(rf"{error.__name__} in [\w.]*test_pages, line \d+", caplog.text)


def test_every_page_of_the_menu_has_an_address_in_both_languages():
    slugs = [(page.es, page.en) for page in site.PAGES]
    for column in zip(*slugs, strict=True):
        assert len(set(column)) == len(column)


def test_our_own_script_stays_small():
    folder = files("hidra.web").joinpath("static")
    scripts = [one for one in folder.iterdir() if one.name.endswith(".js")]
    assert scripts
    assert sum(len(one.read_bytes()) for one in scripts) < 20_000
