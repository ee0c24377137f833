"""The map: rates of a month, unknown kept apart from zero, the same figures everywhere."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from hidra.charts import cell, series
from hidra.core.weeks import months
from hidra.data import reference
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
    told = reader.get("/mapa.json?measure=inegi_homicides&span=12&month=2021-12").json()
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
        "level=town",
    ],
)
def test_a_link_to_what_is_not_there_is_refused_in_words(reader, query):
    answer = reader.get(f"/mapa?{query}")
    assert answer.status_code == 400
    assert "<script>" not in answer.text.replace('<script nonce="', "")
    assert reader.get(f"/en/map?{query}").status_code == 400


def test_a_bad_month_is_explained_in_the_language_of_the_page(reader):
    assert "No hay mapa de 1999-01." in reader.get("/mapa?month=1999-01").text
    assert "There is no map of 1999-01." in reader.get("/en/map?month=1999-01").text


OUTLINES = [
    {"type": "Feature", "id": code, "properties": {"name": name, "lon": x + 0.5, "lat": 20.5},
     "geometry": {"type": "Polygon", "coordinates": [
         [[x, 20], [x, 21], [x + 1, 21], [x + 1, 20], [x, 20]]]}}
    for code, name, x in (("15001", "Uno", -99), ("15002", "Dos", -98), ("25006", "Tres", -106))
]  # fmt: skip


def corners(path: str) -> list[tuple[float, float]]:
    """The points of a path of absolute starts and relative steps."""
    found = []
    for ring in path.split("M")[1:]:
        pairs = re.findall(r"(-?[\d.]+),(-?[\d.]+)", ring)
        found += np.cumsum(np.array(pairs, dtype=float), axis=0).tolist()
    return found


def test_a_path_follows_its_points_in_relative_steps():
    points = np.array([[1.0, 2.0], [4.0, 2.0], [4.04, 2.0], [4.0, -2.0]])
    assert atlas._path(points) == "M1,2l3,0 0,-4Z"
    assert corners("M1,2l3,0 0,-4ZM10,10l1,1Z") == [[1, 2], [4, 2], [4, -2], [10, 10], [11, 11]]
    assert atlas._path(points[:1]) == ""


def test_the_centre_is_shown_again_through_a_window_of_its_own(monkeypatch):
    monkeypatch.setattr("hidra.data.geography.municipal", lambda: OUTLINES)
    draw = atlas.drawn.__wrapped__
    whole = draw("municipality")
    root = ElementTree.fromstring(whole.svg)
    group = root.find(".//{*}g[@id='centre']")
    assert [one.get("data-place") for one in group] == ["15001", "15002"]
    assert '<use href="#borders" />' in whole.window  # the state's edge over its towns
    assert root.find(".//{*}path[@id='borders']").get("d").count("M") >= 2
    assert {"SON", "CDMX"} <= {one.text for one in root.iter("{http://www.w3.org/2000/svg}text")}
    assert whole.svg.count("data-place") == whole.svg.count("data-dot") == 3
    assert '<use href="#centre" />' in whole.window
    left, top, wide, high = map(float, re.search('viewBox="([^"]+)"', whole.window)[1].split())
    x, y = np.array([point for one in group for point in corners(one.get("d"))]).T
    assert (left, top) == pytest.approx((x.min() - 1.5, y.min() - 1.5), abs=0.11)
    assert (left + wide, top + high) == pytest.approx((x.max() + 1.5, y.max() + 1.5), abs=0.11)
    alone = draw("municipality", "15")
    assert (alone.window, alone.svg.count("data-place"), alone.svg.count("centre")) == ("", 2, 0)


def test_a_map_of_municipalities_is_brought_to_a_state_by_its_address(folder, reader, monkeypatch):
    rows = pd.DataFrame(
        [(code, month, "final", "sesnsp") for code in ("15001", "15002", "25006")
         for month in months("2023-01", "2024-12")],
        columns=["place", "month", "status", "source"],
    )  # fmt: skip
    killed = rows.assign(measure="inegi_homicides", value=4.0, period="month")
    people = rows[rows["month"].str.endswith("-01")].assign(
        measure="population", value=50_000.0, period="year"
    )
    both = pd.concat([killed, people])
    monkeypatch.setattr("hidra.data.panel.rows", lambda *_given, **_asked: both)
    monkeypatch.setattr("hidra.web.atlas.measures", lambda _: atlas.MEASURES)
    monkeypatch.setattr("hidra.data.geography.municipal", lambda: OUTLINES)
    for kept in (atlas.atlas, atlas.drawn, atlas.scale):
        kept.cache_clear()
    page = reader.get("/mapa?level=municipality&estado=15").text
    assert set(re.findall(r'<path[^>]* data-place="(\d+)"', page)) == {"15001", "15002"}
    assert "Tres" not in page
    assert '<option value="15" selected>' in page
    assert "state=15" in page
    whole = reader.get("/en/map?level=municipality").text
    assert whole.count("data-place=") == 6
    assert '<use href="#centre" />' in whole
    told = reader.get("/mapa.json?level=municipality&estado=15").json()
    assert {row[0] for row in told["rows"]} == {"15001", "15002"}
    matrix = reader.get("/api/v1/map?level=municipality&state=15").json()
    assert matrix["places"] == ["15001", "15002"]
    assert reader.get("/mapa?level=municipality&estado=99").status_code == 404
    assert reader.get("/api/v1/map?state=99").status_code == 400
    for kept in (atlas.atlas, atlas.drawn, atlas.scale):
        kept.cache_clear()


def test_the_map_of_municipalities_works_without_fetching_anything(reader):
    """A level changes while measure and month stay in the form: the nearest there is, is shown."""
    page = reader.get("/en/map?measure=inegi_homicides&month=2019-06&level=municipality").text
    assert page.count(" data-place=") >= 2 * 2475
    assert '<option value="sesnsp_homicide_files" selected>' in page
    matrix = reader.get("/api/v1/map?level=municipality&measure=sesnsp_homicide_files").json()
    assert matrix["months"] == ["2024-12"]
    table = reference.table("homicide_files_municipality_year").set_index("place")
    files = dict(zip(matrix["places"], matrix["persons"][0], strict=True))
    assert files["08037"] == table.loc["08037", "y2024"]
    known = {code: count for code, count in files.items() if count is not None}
    assert len(known) == 2478
    assert "Abasolo, TAMPS" in page  # there are four of that name


def test_each_municipal_register_has_its_own_years(reader):
    for measure, first, last in (
        ("inegi_homicides_registered_annual", "2000-12", "2015-12"),
        ("inegi_homicides_known_means_annual", "2015-12", "2023-12"),
    ):
        months_there = reader.get(f"/api/v1/map?level=municipality&measure={measure}").json()[
            "months"
        ]
        assert (months_there[0], months_there[-1]) == (first, last)


def test_the_map_opens_on_the_newest_register_of_people_killed(reader):
    rows = reference.panel().query("value.notna() and place.str.len() == 2")
    last = rows.groupby("measure")["month"].max()
    newest = max(("inegi_homicides", "sesnsp_homicide_victims"), key=last.__getitem__)
    assert f'<option value="{newest}" selected>' in reader.get("/mapa").text


@pytest.mark.parametrize("measure", ["inegi_homicides", "sesnsp_homicide_victims"])
def test_a_measure_has_one_scale_wherever_it_is_shown(reader, measure):
    """Map of a month or a year, hexagons, year and report; each limit twice the one before."""
    rows = reference.panel()
    limits = cell.scale(rows[rows["measure"].isin([measure, "population"])], measure)
    assert [later / limit for limit, later in pairwise(limits)] == [2, 2, 2]
    for span in ("1", "12"):
        told = reader.get(f"/api/v1/map?measure={measure}&span={span}").json()
        assert told["limits"] == limits
    made = cell.rates(rows[rows["measure"] == measure], series.population(rows))
    assert (made.loc[made["place"] != "00", "rate"] >= limits[-1]).mean() < 0.06
    if measure == "sesnsp_homicide_victims":
        for page in ("/en", "/en/year/2024"):
            assert f"≥ {limits[-1]:g}" in reader.get(page).text
