"""Claims and articles on the page: verdicts computed, nothing of a reader's text let loose."""

from __future__ import annotations

import base64
import csv
import dataclasses
import datetime
import io
import re

import pandas as pd
import pytest
import vl_convert

from hidra.charts import interval
from hidra.claims import words
from hidra.claims.ask import data
from hidra.claims.claim import claims
from hidra.claims.run import run
from hidra.web.page.claims import attribution
from hidra.web.records import records
from hidra.web.site import words as page_words
from hidra.web.verdicts import Verdicts, compute, file_of

TEXT = "En 2024 hubo 33,550 homicidios en México. Más de 110,000 personas están desaparecidas."


@pytest.fixture(scope="module")
def figure():
    return next(claim for claim in claims() if claim.id == "homicides-2024-33241")


@pytest.mark.parametrize(
    ("name", "stated", "reads"),
    [("war-weeks-after-office", "14 to 60 days", "33 days"), ("us-law-nafta-arms", "", "158 deaths a year"),
     ("groups-fragmented", "more than 1 time", "3.57 times"), ("base-month-is-high", "more than 1 time", "1.06 times"),
     ("cartel-weapons-us-companies", "", "87.0 %"), ("lake-city-not-gun-shops", "yes", "no"),
     ("camino-rojo-traffickers", "", "yes"), ("missing-calderon-17000", "more than 17,000", "at least 13,287")],
)  # fmt: skip
def test_a_table_has_the_units_and_words_of_its_verdict(reader, name, stated, reads):
    page = reader.get(f"/en/claims/{name}").text
    cells = re.findall(r'<td class="number">([^<]*)</td>', page)
    assert cells[0] == (stated or reads) and reads in cells
    verdict = re.search(r'<p class="question">(.*?)</p>', page)[1].replace("</span>", "")
    assert re.search(rf"(?<![\d.]){re.escape(reads)} \(", verdict)


def test_a_source_with_a_comma_in_brackets_is_named_whole(reader):
    page = reader.get("/en/claims/groups-fragmented").text
    [told] = re.findall(r'<p class="source">([^<]*)</p>', page)[:1]
    assert told.count("(") == told.count(")") and "(2006;" not in told


def test_the_page_of_a_claim_says_what_the_command_line_says(reader, figure):
    with data() as con:
        result = run(con, figure)
    for path, lang in (("/afirmaciones/", "es"), ("/en/claims/", "en")):
        page = reader.get(path + figure.id).text
        assert words.verdict(result.verdict, lang) in page
        assert f"hidra claims show {figure.id}" in page
        assert figure.caveats[lang] in page
    told = reader.get(f"/api/v1/claims/{figure.id}").json()["data"]
    assert told["verdict"] == result.verdict
    assert len(told["readings"]) == len(result.readings)


def test_the_list_names_every_claim_in_both_languages(reader):
    for path, lang in (("/afirmaciones", "es"), ("/en/claims", "en")):
        page = reader.get(path).text
        for claim in claims():
            assert f'/{claim.id}">' in page
        assert page.count('class="claimed-one"') == len(claims())
        assert page.count('class="sign ') == len(claims())  # every verdict has one
        assert f'<html lang="{lang}">' in page
    rows = list(csv.DictReader(io.StringIO(reader.get("/api/v1/claims.csv").text.lstrip("\ufeff"))))
    assert [row["id"] for row in rows] == [claim.id for claim in claims()]


def test_filters_keep_what_was_asked_for(reader):
    page = reader.get("/en/claims?kind=causal").text
    listed = set(re.findall(r'href="/en/claims/([\w-]+)"', page))
    assert listed == {claim.id for claim in claims() if claim.kind == "causal"}
    page = reader.get("/en/claims?place=14").text
    listed = set(re.findall(r'href="/en/claims/([\w-]+)"', page))
    assert listed == {claim.id for claim in claims() if claim.where == "14"} != set()
    of_it = set(re.findall(r'href="/en/claims/([\w-]+)"', reader.get("/en/place/14").text))
    assert of_it == listed, "the page of a place leads to what is claimed of it"
    assert reader.get("/en/claims?place=99").status_code == 404
    assert reader.get("/en/claims?kind=nothing").status_code == 400
    assert reader.get("/en/claims?verdict=maybe").status_code == 400


def test_the_newest_claims_come_first_when_asked_for(reader):
    page = reader.get("/en/claims?order=newest").text
    when = {claim.id: claim.said_when for claim in claims()}
    listed = [when[one] for one in re.findall(r'href="/en/claims/([\w-]+)"', page)]
    assert len(listed) == len(claims())
    assert listed == sorted(listed, reverse=True) and not listed[-1]


def test_verdicts_are_kept_and_read_again(tmp_path, figure, monkeypatch):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path))
    monkeypatch.setattr("hidra.web.verdicts.claims", lambda: (figure,))
    monkeypatch.setattr("os.nice", lambda _: 0)
    compute(tmp_path)
    kept = Verdicts(tmp_path, eager=False)
    with data() as con:
        assert kept.known()[figure.id] == run(con, figure)
    [file] = tmp_path.glob("verdicts-*.json")
    file.write_text("{broken")
    assert kept.known() == {}
    assert kept.of(figure).verdict == "partly"  # the first release; the final figure is 33,550


def test_a_crash_is_shown_as_an_error_with_its_trace_and_tried_again(tmp_path, figure, monkeypatch):
    from starlette.testclient import TestClient

    from hidra.web.app import make
    from hidra.web.site import Settings

    monkeypatch.setattr("hidra.web.verdicts.claims", lambda: (figure,))
    monkeypatch.setattr("os.nice", lambda _: 0)

    def crash(*_, **__):
        raise ZeroDivisionError("of <b>nothing</b>")

    with monkeypatch.context() as patch:
        patch.setattr("hidra.claims.run.run", crash)
        compute(tmp_path)
        kept = Verdicts(tmp_path, eager=False).known()[figure.id]
        assert kept.verdict == "error in the test" and "ZeroDivisionError" in kept.trace
        app = make(Settings(folder=tmp_path, warm=False))
        reader, verdicts = TestClient(app, base_url="http://localhost"), app.state.verdicts
        patch.setattr(verdicts, "of", lambda claim: kept)
        patch.setattr(verdicts, "known", lambda: {figure.id: kept})
        for path, said in (
            ("/afirmaciones", "error en la prueba"),
            ("/en/claims", "error in the test"),
        ):
            page = reader.get(f"{path}/{figure.id}").text
            assert said in page and "ZeroDivisionError" in page and "<details>" in page
            assert "of <b>" not in page and "testable" not in kept.why["en"]
            assert said in reader.get(path).text
        told = reader.get(f"/api/v1/claims/{figure.id}").json()["data"]
        assert told["verdict"] == "error in the test" and "ZeroDivisionError" in told["trace"]
        only = reader.get("/en/claims?verdict=error-in-the-test").text
        assert f'/{figure.id}">' in only and only.count('class="claimed-one"') == 1
    compute(tmp_path)  # the next time it is tried again
    assert Verdicts(tmp_path, eager=False).known()[figure.id].verdict == "partly"


def test_verdicts_are_new_when_code_claims_or_data_are(tmp_path, figure, monkeypatch):
    before = file_of(tmp_path, "data")
    assert file_of(tmp_path, "data") == before
    assert file_of(tmp_path, "other data") != before
    changed = dataclasses.replace(figure, statement={"es": "otra", "en": "other"})
    monkeypatch.setattr("hidra.web.verdicts.claims", lambda: (changed,))
    assert file_of(tmp_path, "data") != before
    monkeypatch.undo()
    monkeypatch.setattr("hidra.core.fingerprint.code", lambda *_: "edited")
    assert file_of(tmp_path, "data") != before


def test_a_claim_that_is_not_there(reader):
    assert reader.get("/afirmaciones/nada").status_code == 404
    assert reader.get("/afirmaciones/..%2f..%2fetc%2fpasswd").status_code == 404
    assert reader.get("/api/v1/claims/nada").json()["status"] == 404


@pytest.mark.parametrize("path", ["/revisar", "/en/check/"])
def test_a_pasted_text_is_marked(reader, path):
    page = reader.post(path, data={"text": TEXT}).text
    marks = re.findall(r'<mark id="t\d+" class="[a-z-]+">([^<]+)</mark>', page)
    assert any("33,550" in mark for mark in marks)
    assert any("110,000" in mark for mark in marks)
    assert page.count('<span class="verdict">') == len(marks)
    assert page.count('<span class="sign ') == len(marks)  # a verdict is never told by colour alone
    today = page_words("en" if "en" in path else "es").day(datetime.date.today().isoformat())
    assert records().vintage in page and today in page


@pytest.mark.parametrize(("path", "lang"), [("/revisar", "es"), ("/en/check/", "en")])
def test_a_checked_text_is_saved_as_one_file_in_the_readers_language(reader, path, lang):
    page = reader.post(path, data={"text": TEXT, "date": "2025-08-01"}).text
    held = re.search(
        r'href="data:text/html;charset=utf-8;base64,([^"]+)" download="[^"]+[.]html"', page
    )
    file = base64.b64decode(held[1]).decode()
    day = page_words(lang).day("2025-08-01")
    assert f'<html lang="{lang}">' in file and day in file and records().vintage in file
    assert re.findall(r'<mark id="t\d+" class="[a-z-]+">', file)
    assert "<script" not in file and "src=" not in file and "http" not in file
    source = {"es": "registrados en el año", "en": "registered in the year"}
    assert source[lang] in file and source["en" if lang == "es" else "es"] not in file


def test_the_api_takes_the_day_of_the_article(reader):
    sent = {"text": "El año pasado México registró 29,721 víctimas de homicidio doloso."}
    assert reader.post("/api/v1/check", json=sent).json()["data"] == []
    [one] = reader.post("/api/v1/check", json={**sent, "date": "2024-01-20"}).json()["data"]
    assert one["verdict"] == "supported"
    assert one["read_as"].startswith("homicidios, México, 2023")


def test_a_day_that_is_none_is_refused(reader):
    assert reader.post("/revisar", data={"text": TEXT, "date": "2025-02-30"}).status_code == 422


def test_script_in_text_file_and_file_name_stays_text(reader):
    bad = TEXT + " <script>alert('x')</script><img src=x onerror=alert(1)>"
    for sent in (
        {"data": {"text": bad}},
        {"files": {"file": ("<script>alert(1)</script>.txt", bad.encode(), "text/plain")}},
        {"files": {"file": ("../../etc/passwd", bad.encode(), "text/html")}},
    ):
        answer = reader.post("/revisar", **sent)
        assert answer.status_code == 200
        assert "<script>" not in answer.text
        assert "<img" not in answer.text
        assert "passwd" not in answer.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"text": "   "}}, 422),
        ({"data": {"text": "x" * 130_000}}, 422),
        ({"files": {"file": ("a.bin", bytes(range(256)) * 20, "application/octet-stream")}}, 422),
        ({"files": {"file": ("a.pdf", b"%PDF-1.7 nothing", "application/pdf")}}, 422),
        ({"files": {"file": ("a.txt", b"x" * 400_000, "text/plain")}}, 413),
        ({"data": {"address": "http://127.0.0.1/"}}, 422),
        ({"data": {"address": "file:///etc/passwd"}}, 422),
        ({"content": b"nonsense", "headers": {"content-type": "multipart/form-data"}}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_refused_in_words(reader, sent, status):
    answer = reader.post("/revisar", **sent)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text
    assert "root:" not in answer.text


def test_another_site_cannot_send_a_text(reader):
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert reader.post("/revisar", data={"text": TEXT}, headers=headers).status_code == 403


def test_private_addresses_are_refused_even_where_fetching_is_allowed(folder):
    from starlette.testclient import TestClient

    from hidra.web.app import make
    from hidra.web.site import Settings

    app = make(Settings(folder=folder, warm=False, allow_fetch=True))
    client = TestClient(app, base_url="http://localhost")
    for address in ("http://127.0.0.1:1/", "http://169.254.169.254/latest", "file:///etc/passwd"):
        assert client.post("/revisar", data={"address": address}).status_code == 422


def test_a_figure_that_was_stated_to_the_digit_is_drawn_to_the_digit():
    rows = pd.DataFrame(
        {"name": ["0", "1"], "estimate": [33_550.0, 33_241.0], "low": [None] * 2, "high": [None] * 2,
         "main": [False, True]}
    )  # fmt: skip
    chart = interval.strip(rows, {"0": "a", "1": "b"}, page_words("en"), claimed=33_241.0)
    drawn = vl_convert.vegalite_to_svg(chart.to_dict())
    assert {"33,550", "33,241"} <= set(re.findall(r">([\d,]+)</text>", drawn))


def test_who_said_it_is_told_once_and_dates_in_words():
    who = attribution(page_words("es"), "Left Voice, article of 23 February 2026", "2026-02-23")
    assert who == "Left Voice, artículo del 23 de febrero de 2026"
    who = attribution(
        page_words("es"), "International Viewpoint, article of 17 June 2026", "2026-02"
    )
    assert who == "International Viewpoint, artículo del 17 de junio de 2026"
    assert attribution(page_words("en"), "widely repeated", "2020") == "widely repeated; 2020"
    assert attribution(page_words("en"), "Osorio 2015", "2015") == "Osorio 2015"
    assert attribution(page_words("es"), "INEGI", "2025-08") == "INEGI; agosto de 2025"
