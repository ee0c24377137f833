"""The map: rates of a month, unknown kept apart from zero, the same figures everywhere."""

from __future__ import annotations

import re

import pytest

from hidra.data import reference
from hidra.show import cell
from hidra.web import atlas

HERE = "/mapa?measure=sesnsp_homicide_victims&span=1&month=2019-06"


def test_rates_of_a_month_are_those_of_the_panel_brought_to_a_year(reader):
    told = reader.get(HERE.replace("/mapa", "/mapa.json")).json()
    rows = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
    panel = reference.panel()
    june = panel[(panel["measure"] == "sesnsp_homicide_victims") & (panel["month"] == "2019-06")]
    people = panel[(panel["measure"] == "population") & (panel["month"] == "2019-01")]
    assert len(rows) == 32
    for row in rows:
        persons = june.loc[june["place"] == row["place"], "value"].item()
        living = people.loc[people["place"] == row["place"], "value"].item()
        assert row["persons"] == persons
        assert row["rate"] == pytest.approx(persons / living * 1e5 * 365.25 / 30, abs=0.01)


def test_twelve_months_are_the_sum_of_the_twelve(reader):
    told = reader.get("/mapa.json?span=12&month=2021-12").json()
    panel = reference.panel()
    year = panel[(panel["measure"] == "inegi_homicides") & panel["month"].str.startswith("2021")]
    sums = year.groupby("place")["value"].sum()
    at = told["columns"].index("persons")
    assert {row[0]: row[at] for row in told["rows"]} == sums.to_dict()


def test_the_picture_the_table_and_the_twin_say_the_same(reader):
    page = reader.get(HERE).text
    told = reader.get(HERE.replace("/mapa", "/mapa.json")).json()
    at = {name: told["columns"].index(name) for name in ("place", "rate", "cell")}
    limits = reader.get("/api/v1/map?measure=sesnsp_homicide_victims&span=1").json()["limits"]
    shapes = re.findall(r"<path[^>]*data-place[^>]*>", page)
    fills = {
        re.search(r'data-place="(\d+)"', s)[1]: re.search(r' fill="([^"]+)"', s)[1] for s in shapes
    }
    table = dict(re.findall(r'<tr data-place="(\d+)">.*?<td class="number">([\d.,–]+)</td>', page))
    assert len(fills) == len(table) == 32
    for row in told["rows"]:
        code, rate = row[at["place"]], row[at["rate"]]
        assert fills[code] == atlas.fill(row[at["cell"]], rate, limits)
        assert float(table[code]) == pytest.approx(rate, abs=0.051)


def test_unknown_few_and_zero_never_share_a_fill():
    limits = [5.0, 10.0, 20.0, 40.0]
    fills = [atlas.fill(kind, 0.0, limits) for kind in ("zero", "few", "no_report", "value")]
    assert len(set(fills)) == 4
    assert atlas.fill("value", 4.9, limits) == cell.CLASSES[0]
    assert atlas.fill("value", 5.0, limits) == cell.CLASSES[1]
    assert atlas.fill("value", 500.0, limits) == cell.CLASSES[4]


def test_a_window_with_an_unknown_month_is_unknown():
    found = atlas.atlas("rnpdno_missing", "12", "state")
    rows = found.rows[found.rows["month"] == found.months[-1]]
    assert rows["persons"].notna().any()
    assert (rows.loc[rows["persons"].isna(), "cell"] == "no_report").all()


def test_the_matrix_is_what_the_server_draws(reader):
    told = reader.get("/api/v1/map?measure=inegi_homicides&span=12").json()
    assert len(told["months"]) == len(told["rate"]) == len(told["kind"])
    at, month = told["places"].index("25"), told["months"].index("2010-12")
    rows = atlas.atlas("inegi_homicides", "12", "state").at("2010-12")
    row = rows[rows["place"] == "25"].iloc[0]
    assert told["persons"][month][at] == row["persons"]
    assert told["rate"][month][at] == pytest.approx(row["rate"], abs=0.05)


@pytest.mark.parametrize(
    "query",
    [
        "measure=nada",
        "month=1850-01",
        "month=2022-13",
        "month=<script>",
        "span=7",
        "level=municipality",
    ],
)
def test_a_link_to_what_is_not_there_is_refused_in_words(reader, query):
    answer = reader.get(f"/mapa?{query}")
    assert answer.status_code == 400
    assert "<script>" not in answer.text.replace('<script nonce="', "")
    assert reader.get(f"/en/map?{query}").status_code == 400


def test_a_bad_month_is_explained_in_the_language_of_the_page(reader):
    from hidra.cli.words import translated
    from hidra.web.settings import Settings

    assert Settings().translate("x", "es") == "x"
    assert translated("There is no map of 1999-01.", "es") == "No hay mapa de 1999-01."
