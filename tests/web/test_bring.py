"""A table sent to the page: proposal, questions as a form, import, and where it is then seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from hidra.web.app import make
from hidra.web.site import Settings

from ..panel import messy


@pytest.fixture
def reader(tmp_path, monkeypatch) -> Iterator[TestClient]:
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    app = make(Settings(folder=tmp_path / "runs", warm=False, largest=300_000))
    with TestClient(app, base_url="http://localhost") as client:
        yield client


def send(reader: TestClient, table: messy.Messy, page: str = "/en/bring"):
    return reader.post(page, files={"file": (table.path.name, table.path.read_bytes())})


def test_a_messy_workbook_comes_in_in_one_pass_and_is_seen(reader, tmp_path):
    table = messy.titled(tmp_path)
    page = send(reader, table)
    assert page.status_code == 200
    assert "/en/bring/" in str(page.url)
    assert "Guadalajra" in page.text
    assert "Guadalajara, Jalisco (14039)" in page.text
    done = reader.post(page.url.path, data={"do": "import"})
    assert done.status_code == 200
    assert "It is in" in done.text
    title = "Registro de víctimas de homicidio 2023-2024"
    assert title in done.text
    place = reader.get("/en/place/12001").text
    assert title in place
    assert "chart-own-victimas" in place
    told = reader.get("/api/v1/places/12001/records?measure=victimas").json()["data"]
    assert len(told) == 24
    assert reader.get(page.url.path).status_code == 404  # the file is no longer kept


def test_questions_are_fields_and_their_answers_close_them(reader, tmp_path):
    table = messy.questions(tmp_path)
    page = send(reader, table, "/traer")
    assert 'value="import"' not in page.text
    assert 'value="nuestra organización"' in page.text
    for key in table.asked:
        assert f'name="q-{key}"' in page.text
    given = {f"q-{key}": value for key, value in table.answers.items()}
    again = reader.post(page.url.path, data={**given, "do": "look"})
    assert 'value="import"' in again.text
    done = reader.post(page.url.path, data={**given, "do": "import"})
    assert "dudas" in done.text
    assert reader.get("/lugar/08037").text.count("chart-own-personas_desaparecidas")


def test_an_import_with_open_questions_is_not_done(reader, tmp_path):
    page = send(reader, messy.questions(tmp_path))
    again = reader.post(page.url.path, data={"do": "import"})
    assert 'value="import"' not in again.text
    assert reader.get("/api/v1/measures").text.count("personas_desaparecidas") == 0


def test_what_cannot_be_a_table_is_refused_in_words(reader, tmp_path):
    for content, status in (
        (b"", 422),
        (b"%PDF-1.7 x", 422),
        (b"<html></html>", 422),
        (b"x" * 400_000, 413),
    ):
        answer = reader.post("/en/bring", files={"file": ("t.xlsx", content)})
        assert answer.status_code == status, content[:9]
        assert "Traceback" not in answer.text
    assert "0.3 MB" in answer.text and "hidra data import FILE" in answer.text


def test_another_site_cannot_send_a_table(reader, tmp_path):
    table = messy.categories(tmp_path)
    headers = {"sec-fetch-site": "cross-site"}
    sent = reader.post(
        "/bring", files={"file": ("t.xlsx", table.path.read_bytes())}, headers=headers
    )
    assert sent.status_code in (403, 404)
    sent = reader.post(
        "/traer", files={"file": ("t.xlsx", table.path.read_bytes())}, headers=headers
    )
    assert sent.status_code == 403


def test_a_page_that_others_read_takes_no_tables(tmp_path, monkeypatch):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    settings = Settings(folder=tmp_path / "runs", warm=False, allow_import=False)
    with TestClient(make(settings), base_url="http://localhost") as client:
        assert "hidra data import" in client.get("/en/bring").text
        assert 'type="file"' not in client.get("/en/bring").text
        table = messy.categories(tmp_path)
        answer = client.post("/en/bring", files={"file": ("t.xlsx", table.path.read_bytes())})
        assert answer.status_code == 422


def test_names_in_a_table_are_text_and_never_markup(reader, tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("municipio,año,víctimas\n<script>alert(1)</script>,2023,4\n", encoding="utf-8")
    page = reader.post(
        "/bring".replace("/bring", "/en/bring"), files={"file": ("<b>t.csv", file.read_bytes())}
    )
    assert "<script>alert" not in page.text
    assert "<b>t" not in page.text
    assert re.search(r"&lt;script&gt;alert", page.text)


def test_an_own_measure_by_state_is_on_the_map_its_api_and_beside_another_place(reader, tmp_path):
    file = tmp_path / "estados.csv"
    rows = [f"{state},{year},{month},{month}" for state in ("Sinaloa", "Sonora")
            for year in (2022, 2023) for month in range(1, 13)]  # fmt: skip
    file.write_text("\n".join(["entidad,año,mes,víctimas", *rows]), encoding="utf-8")
    page = reader.post("/en/bring", files={"file": ("estados.csv", file.read_bytes())})
    done = reader.post(page.url.path, data={"do": "import"})
    link = re.search(r'href="(/en/map\?[^"]+)"', done.text)[1].replace("&amp;", "&")
    shown = reader.get(link)
    assert shown.status_code == 200
    assert 'data-place="25"' in shown.text
    told = reader.get("/en/map.json?measure=victimas&level=state&month=2023-12").json()
    at = told["columns"].index("persons")
    assert {row[0]: row[at] for row in told["rows"] if row[at] is not None} == {"25": 78, "26": 78}
    assert reader.get("/api/v1/map?measure=victimas").json()["places"] == ["25", "26"]
    assert "estados" in reader.get("/en/place/25?with=26&measure=victimas").text
