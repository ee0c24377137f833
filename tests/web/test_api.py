"""The JSON interface and its description say the same."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from hidra.data import reference
from hidra.web.api import openapi

BASE = "/api/v1"
FILLED = {"{code}": "25", "{name}": "place", "{table}": "outcome"}


def test_every_route_is_described_and_every_description_has_a_route(reader):
    served = {
        (route.path.removeprefix(BASE), method.lower())
        for route in reader.app.routes
        if isinstance(route, Route) and route.path.startswith(f"{BASE}/")
        for method in route.methods - {"HEAD"}
    } - {("/", "get")}
    told = {(path, method) for path, methods in openapi()["paths"].items() for method in methods}
    assert served == told


def test_the_description_is_whole():
    schemas = openapi()["components"]["schemas"]
    for path, methods in openapi()["paths"].items():
        for told in methods.values():
            assert told["summary"]
            assert told["x-summary-es"]
            named = {one["name"] for one in told.get("parameters", ()) if one["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path))
    refs = set(re.findall(r"#/components/schemas/(\w+)", str(openapi())))
    assert refs <= set(schemas)


def test_the_limits_told_are_those_kept():
    from hidra.web.lab import MOST_SCENARIOS, Change, Wanted

    schemas = openapi()["components"]["schemas"]
    assert set(schemas["Wanted"]["properties"]) == set(Wanted.model_fields)
    assert set(schemas["Change"]["properties"]) == set(Change.model_fields)
    assert schemas["Wanted"]["properties"]["scenarios"]["maxProperties"] == MOST_SCENARIOS


@pytest.mark.parametrize(
    "path",
    [path for path, methods in openapi()["paths"].items() if "get" in methods and "runs/" not in path
     and "claims/" not in path],
)  # fmt: skip
def test_every_reading_address_answers(reader, path):
    for mark, value in FILLED.items():
        path = path.replace(mark, value)
    answer = reader.get(BASE + path)
    assert answer.status_code == 200
    kinds = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
    kind = kinds.get(path.rpartition(".")[2], "application/json")
    assert answer.headers["content-type"].startswith(kind)


def test_records_are_those_of_the_panel(reader):
    rows = reader.get(f"{BASE}/places/25/records?measure=rnpdno_missing&from=2026-01").json()[
        "data"
    ]
    panel = reference.panel()
    mine = panel[
        (panel["place"] == "25")
        & (panel["measure"] == "rnpdno_missing")
        & (panel["month"] >= "2026-01")
    ]
    kept = {row["month"]: row["value"] for row in rows}
    assert set(kept) == set(mine["month"])
    for _, row in mine.iterrows():
        assert kept[row["month"]] == (row["value"] if row["value"] == row["value"] else None)
    assert max(kept) == "2026-07", "a month not published yet has no row"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/places/99/records", 404), ("/places/25/records?from=soon", 400),
     ("/places/25/records?from=2022-12&to=2020-01", 400), ("/places/25/records?to=2020-01&to=2021-01", 400), ("/places/25/records?measure=x", 400),
     ("/tables/nothing", 404), ("/tables/..%2f..%2fx", 404), ("/map?level=street", 400), ("/nothing", 404)],
)  # fmt: skip
def test_refusals_are_three_lines_of_json(reader, path, status):
    answer = reader.get(BASE + path)
    assert answer.status_code == status
    assert set(answer.json()) == {"status", "what", "where", "fix"}


@pytest.mark.parametrize(
    ("query", "header", "word"),
    [("", None, "parámetro"), ("&lang=en", None, "parameter"), ("", "en-GB,en;q=0.9", "parameter"),
     ("", "de, es;q=0.4, en;q=0.8", "parameter"), ("&lang=es", "en", "parámetro"), ("", "fr", "parámetro")],
)  # fmt: skip
def test_an_unknown_parameter_is_refused_in_the_language_asked_for(reader, query, header, word):
    headers = {"accept-language": header} if header else {}
    answer = reader.get(f"{BASE}/places/25/records?mesure=x{query}", headers=headers)
    told = answer.json()
    assert answer.status_code == 400 and "mesure" in told["what"] and "measure" in told["fix"]
    assert word in told["what"] and told["where"] == f"{BASE}/places/25/records"
    assert reader.get(f"{BASE}/health?lang=fr").status_code == 400
    assert reader.get(f"{BASE}/health?lang=en").status_code == 200


@pytest.mark.parametrize("path", ["/forecast", "/evidence", "/places/25/records", "/forecast.csv"])
def test_no_figure_has_the_noise_of_a_sum(reader, path):
    for one in re.findall(r"(?<![\w.])-?\d+\.\d+", reader.get(BASE + path).text):
        assert len(one.lstrip("-0.").replace(".", "")) <= 7, one


def test_a_text_is_checked_for_programs(reader):
    text = "En 2024 hubo 33,550 homicidios en México."
    [found] = reader.post(f"{BASE}/check", json={"text": text}).json()["data"]
    assert found["verdict"] == "supported"
    assert reader.post(f"{BASE}/check", json={"text": 1}).status_code == 400
    assert reader.post(f"{BASE}/check", json={"text": "x", "language": "fr"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "word"), [("/api/v1", "Interfaz JSON"), ("/en/api/v1/", "JSON interface")]
)
def test_a_plain_page_tells_it(reader, path, word):
    page = reader.get(path).text
    assert word in page
    for one in openapi()["paths"]:
        assert BASE + one in page
