"""Zero, no report, too few people, provisional and a change of method never look alike."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise
from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from hidra.charts import cell, lines, maps, series, theme, tiles
from hidra.charts.words import Words
from hidra.core import place
from hidra.data.geography import light
from hidra.report import blocks

ES, EN = Words("es"), Words("en")
NO_BREAKS = pd.DataFrame(columns=["measure", "month"])


def drawn(chart: alt.TopLevelMixin) -> str:
    """The chart as a picture, in the words of SVG."""
    picture: str = vl_convert.vegalite_to_svg(chart.to_dict())
    return picture


def states() -> pd.DataFrame:
    """A rate for every state, and one state of each other kind."""
    codes = [state.code for state in place.states()]
    rows = pd.DataFrame({"place": codes, "year": 2021, "persons": range(100, 420, 10)})
    rows = rows.assign(persons=rows["persons"].astype(float), population=1e6, status="final")
    rows.loc[rows["place"] == "04", "persons"] = 0
    rows.loc[rows["place"] == "07", "persons"] = None
    rows.loc[rows["place"] == "06", "population"] = cell.FEW - 1
    rows.loc[rows["place"] == "14", "status"] = "provisional"
    rows.loc[rows["place"] == "15", "status"] = "undercount"
    return rows.assign(rate=rows["persons"] / 10, cell=cell.kinds(rows))


def hexagons(words: Words) -> alt.TopLevelMixin:
    limits = cell.limits(states()["rate"])
    return tiles.hexagons(states(), maps.state_names(words.language), words, limits=limits)


def test_each_kind_follows_from_what_is_known() -> None:
    rows = states().set_index("place")["cell"]
    expected = {
        "04": "zero",
        "07": "no_report",
        "06": "few",
        "14": "provisional",
        "15": "undercount",
    }
    assert {code: rows[code] for code in expected} == expected
    assert set(rows.drop(list(expected))) == {"value"}


def test_an_unknown_is_never_a_zero_nor_a_small_place() -> None:
    rows = pd.DataFrame({"persons": [None, 0.0], "population": [500, 500], "status": "final"})
    assert list(cell.kinds(rows)) == ["no_report", "few"]


@given(st.lists(st.floats(0, 300, allow_nan=False), max_size=64))
def test_classes_are_four_limits_above_zero_each_twice_the_one_before(rates: list[float]) -> None:
    limits = cell.limits(pd.Series(rates, dtype=float))
    assert len(limits) == 4
    assert limits[0] > 0
    assert [later / limit for limit, later in pairwise(limits)] == pytest.approx([2, 2, 2])


def test_the_names_of_lines_stand_at_their_ends_and_never_touch() -> None:
    rows = pd.DataFrame(
        [(name, f"{year}-01", value + year % 3) for name, value, last in
         (("a", 50, 2024), ("b", 51, 2024), ("c", 49, 2024), ("d", 10, 2012), ("e", 90, 2003))
         for year in range(2000, last + 1)],
        columns=["measure", "month", "value"],
    )  # fmt: skip
    labels = {name: f"register {name}, of some kind" for name in "abcde"}
    placed = lines.ends(rows, labels, 100.0).set_index("measure")
    assert dict(placed["side"]) == {
        "a": "margin",
        "b": "margin",
        "c": "margin",
        "d": "left",
        "e": "right",
    }
    tall = 100 / (lines._SHORTEST - lines._FOOT) * 13 * len(wrap(labels["a"], lines._WRAP))
    margin = sorted(placed.loc[["a", "b", "c"], "value"])
    assert all(later - one >= tall - 1e-9 for one, later in pairwise(margin))
    assert placed.loc["e", "month"] == "2003-01"


@pytest.mark.parametrize("course", [range(90, 60, -2), range(30, 60, 2), [60, 90, 30] * 5])
def test_no_name_lies_on_a_line(course: list[int]) -> None:
    """A line that ends before the others, falling, rising or restless, over two that last."""
    months = [f"{year}-01" for year in range(2000, 2026)]
    rows = pd.DataFrame(
        [("short", month, float(value)) for month, value in zip(months, course, strict=False)]
        + [
            (name, month, flat)
            for name, flat in (("low", 20.0), ("high", 22.0))
            for month in months
        ],
        columns=["measure", "month", "value"],
    )
    labels = {"short": "SESNSP, víctimas", "low": "INEGI, muertes", "high": "RNID, carpetas"}
    placed = lines.ends(rows, labels, 120.0).set_index("measure")
    unit, end = 120.0 / (lines._SHORTEST - lines._FOOT), 14 / 25
    wide = max(map(len, wrap(labels["short"], lines._WRAP))) * lines._LETTER / lines._NARROWEST
    start = end if placed.loc["short", "side"] == "right" else end - wide
    high = placed.loc["short", "value"] + unit * lines._ROW / 2  # words hang from their first row
    low = high - unit * lines._ROW * 2
    way = rows[rows["measure"] == "short"]["value"].to_list()
    under = [value for at, value in enumerate(way) if start <= at / 25 <= start + wide]
    assert all(value < low or value > high for value in under)
    assert low > 22


def test_names_of_lines_that_end_together_do_not_lie_on_each_other() -> None:
    """Two registers of three places, of which one ends years before the other."""
    courses = {
        "Sinaloa, SESNSP, victims": (34, 34, 50, 38, 30, 29, 24, 18, 16, 16, 16, 50),
        "Guanajuato, SESNSP, victims": (16, 16, 22, 50, 56, 60, 72, 52, 52, 52, 46, 50),
        "Mexico (nation), SESNSP, victims": (15, 17, 22, 27, 27, 27, 27, 25, 24, 23, 23, 21),
        "Sinaloa, INEGI, deaths": (35, 37, 55, 40, 35, 35, 30, 17, 17, 17, 17),
        "Guanajuato, INEGI, deaths": (13, 17, 25, 38, 55, 60, 83, 62, 62, 62, 62),
        "Mexico (nation), INEGI, deaths": (16, 17, 22, 27, 28, 28, 28, 26, 25, 24, 24),
    }
    months = [str(one) for one in pd.period_range("2015-01", "2025-06", freq="M")]
    rows = pd.DataFrame(
        [(name, month, value) for name, course in courses.items()
         for month, value in zip(months, np.interp(np.linspace(0, len(course) - 1, len(months)),
                                                   range(len(course)), course), strict=True)
         if "SESNSP" in name or month < "2023"],
        columns=["measure", "month", "value"],
    )  # fmt: skip
    placed = lines.ends(rows, {name: name for name in courses}, 92.0).set_index("measure")
    inside = placed[placed["side"] != "margin"].sort_values("value")
    assert [one.partition(",")[2] for one in inside.index] == [" INEGI, deaths"] * 3
    unit = 92.0 / (lines._SHORTEST - lines._FOOT) * lines._ROW
    for one, other in pairwise(inside.index):
        tall = unit * len(wrap(one, lines._WRAP))  # words hang from their first row
        assert inside.loc[other, "value"] - inside.loc[one, "value"] >= tall


@pytest.mark.parametrize(("drawn", "touch"), [(tiles.LAYOUT, 51), (tiles.PHONE, 50)])
def test_every_state_has_one_hexagon_and_most_neighbours_touch(drawn: str, touch: int) -> None:
    layout = tiles.layout(drawn).set_index("place")
    assert list(layout.index) == [state.code for state in place.states()]
    assert not layout.duplicated(["x", "y"]).any()
    pairs = [(a, b) for a in layout.index for b in place.neighbours(a) if a < b]
    touching = sum(
        abs((layout.x[a] - layout.x[b]) ** 2 + (layout.y[a] - layout.y[b]) ** 2 - 1) < 0.01
        for a, b in pairs
    )
    assert (touching, len(pairs)) == (touch, 67)  # as tiles.py says


@pytest.mark.parametrize(("kind", "hatched", "dots"), [("tiles", 1, 3), ("map", 32, 1)])
def test_no_two_kinds_look_alike_in_the_picture(kind: str, hatched: int, dots: int) -> None:
    """In SVG, of 32 states: 27 filled by class, two of these with an open dot, one of each other.

    A map lays the hatch under everything, so that a place without a row shows it too. The key adds
    one of each.
    """
    if kind == "tiles":
        picture = drawn(hexagons(ES))
    else:
        outlines = place.outlines()["features"]
        picture = drawn(maps.choropleth(states(), outlines, maps.state_names("es"), ES))
    filled = Counter(re.findall(r'<path [^>]*fill="([^"]+)"', picture))
    key = 1
    assert sum(filled[colour] for colour in cell.CLASSES) == 29 + 5 * key + key  # open's swatch
    assert filled[cell.ZERO] == 1 + key
    assert sum(n for fill, n in filled.items() if fill.startswith("url(")) == hatched + key
    assert filled[cell.EDGE] == dots + 3 * key
    open_dots = rf'<path [^>]*fill="{theme.PAPER}" stroke="{theme.INK}" stroke-width="1.3"'
    assert len(re.findall(open_dots, picture)) == 2 + key


def test_no_more_letters_than_fit_stand_in_the_hexagon_of_a_phone() -> None:
    said = {}
    for width in (340, theme.WIDTH):
        picture = vl_convert.vegalite_to_svg(hexagons(ES).to_dict() | {"width": width})
        said[width] = set(re.findall(r">([A-Z]{2,})</text>", picture))
    assert said[340] - said[theme.WIDTH] == {"TAM"} and len(said[340]) == 32
    assert max(map(len, said[340])) == 4 and "TAMPS" in said[theme.WIDTH]


def test_the_key_lists_only_what_is_there() -> None:
    rows = states()
    bounds = cell.limits(rows["rate"])
    every = [label for label, *_ in cell.entries(bounds, set(rows["cell"]), EN)]
    assert {"reported zero", "few inhabitants", "may still change", "no report"} <= set(every)
    plain = [label for label, *_ in cell.entries(bounds, {"value"}, EN)]
    assert plain[-1] == "no report"
    assert len(plain) == 6


def test_figures_on_dark_hexagons_are_light() -> None:
    spec = hexagons(EN).to_dict()
    rows = next(rows for rows in spec["datasets"].values() if "dark" in rows[0])
    assert {row["dark"] for row in rows} == {True, False}
    assert all(row["rate"] >= 20 for row in rows if row["dark"])


def squares() -> list[tuple[str, str, str, float, float]]:
    """Four municipalities, two in each of two states."""

    def box(west: float) -> str:
        ring = [[west, 19], [west + 1, 19], [west + 1, 20], [west, 20], [west, 19]]
        return json.dumps({"type": "Polygon", "coordinates": [ring]})

    codes = ["15001", "15002", "20001", "20002"]
    return [(code, box(-100 + at), f"Town {at}", -99.5 + at, 19.5) for at, code in enumerate(codes)]


def municipal_rows() -> pd.DataFrame:
    rows = pd.DataFrame(
        {"place": [row[0] for row in squares()] * 2, "year": [2020] * 4 + [2021] * 4,
         "persons": [5.0, 0, 3, None] * 2, "population": [9000, 5e4, 5e4, 5e4] * 2}
    )  # fmt: skip
    return rows.assign(status="final", rate=rows["persons"] / rows["population"] * 1e5).assign(
        cell=cell.kinds
    )


def test_light_outlines_run_clockwise_and_keep_names_and_points() -> None:
    pytest.importorskip("shapely")
    features = light(squares())
    ring = features[0]["geometry"]["coordinates"][0]
    turned = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring))
    assert turned > 0  # clockwise
    assert features[0]["properties"] == {"name": "Town 0", "lon": -99.5, "lat": 19.5}


def test_a_map_of_the_country_brings_the_centre_and_one_of_a_state_does_not() -> None:
    pytest.importorskip("shapely")
    features = light(squares())
    whole = maps.choropleth(municipal_rows(), features, {}, ES).to_dict()
    assert "15" in json.dumps(whole["hconcat"][1])
    assert whole["spacing"] < 0  # the centre lies in the empty sea of the same picture
    some = [feature for feature in features if feature["id"][:2] == "20"]
    one = maps.choropleth(municipal_rows(), some, {}, ES).to_dict()
    assert [view["width"] for view in one["hconcat"]][1] == maps.KEY
    assert "Town 2" in one["datasets"]["outlines"]
    assert "Town 0" not in one["datasets"]["outlines"]
    assert any(param.get("bind", {}).get("input") == "range" for param in one["params"])


def test_a_row_of_a_place_that_is_not_drawn_does_no_harm() -> None:
    pytest.importorskip("shapely")
    rows = municipal_rows().assign(place=lambda r: r["place"].replace("20001", "09999"))
    picture = drawn(maps.choropleth(rows, light(squares()), {}, EN, year=2021))
    assert "no report" in picture


def panel(**months: Any) -> pd.DataFrame:
    """Rows of one measure in one place: month -> value."""
    return pd.DataFrame(
        [
            {"measure": "m", "place": "01", "month": month, "value": value, "status": "final",
             "period": "month"}
            for month, value in months.items()
        ]
    )  # fmt: skip


def year_of(year: int, value: float | None) -> dict[str, float | None]:
    return {f"{year}-{number:02d}": value for number in range(1, 13)}


def test_the_calendar_tells_whole_part_zero_open_and_nothing_apart() -> None:
    months = {**year_of(2018, 2), **year_of(2019, 0), **year_of(2020, 1), **year_of(2021, 1)}
    months["2020-05"] = None
    rows = panel(**months)
    rows.loc[rows["month"] >= "2021", "status"] = "provisional"
    breaks = pd.DataFrame({"measure": ["m"], "month": ["2020-01"]})
    cells = cell.calendar_cells(rows, breaks, range(2017, 2022)).set_index("year")
    assert list(cells["cell"]) == ["no_report", "value", "zero", "part", "provisional"]
    assert list(cells["told"]) == [0, 12, 12, 11, 12]
    assert list(cells.index[cells["method"]]) == [2020]
    assert pd.isna(cells["persons"][2017])


def test_a_place_that_never_reported_is_a_row_of_the_calendar() -> None:
    rows = panel(**year_of(2020, 1))
    cells = cell.calendar_cells(rows, NO_BREAKS, [2020], by="place", expected=["01", "02"])
    assert dict(zip(cells["row"], cells["cell"], strict=True)) == {"01": "value", "02": "no_report"}


def test_the_calendar_draws_hatch_dot_and_rule() -> None:
    rows = panel(**year_of(2020, 1), **year_of(2021, 1))
    rows.loc[rows["month"] >= "2021", "status"] = "undercount"
    breaks = pd.DataFrame({"measure": ["m"], "month": ["2021-01"]})
    cells = cell.calendar_cells(rows, breaks, range(2019, 2022))
    picture = drawn(cell.calendar(cells, {"m": "Register"}, EN))
    assert "url(#" in picture  # hatch
    assert re.search(rf'stroke="{theme.INK}" stroke-width="1.3"', picture)  # open dot
    assert re.search(rf'stroke="{theme.INK}" stroke-width="2.4"', picture)  # change of method
    assert all(word in picture for word in ("Register", "2020", "no report", "method changes"))


def years(place_code: str, population: float, **values: float | None) -> pd.DataFrame:
    """Monthly rows of one place, the same value in every month of a year."""
    rows = panel(**{
        month: value
        for year, value in values.items()
        for month in year_of(int(year[1:]), value)
    })  # fmt: skip
    return rows.assign(place=place_code, population=population)


def test_a_small_place_has_a_mean_of_five_years_and_no_rate() -> None:
    rows = years("15001", 5000, y2016=1, y2017=0, y2018=0, y2019=0, y2020=1)
    people = pd.DataFrame({"place": "15001", "year": range(2016, 2021), "population": 5000})
    found = cell.rates(rows, people).set_index("year")
    assert set(found["cell"]) == {"few"}
    assert found["rate"].isna().all()
    assert found["mean"][2020] == pytest.approx(24 / 25_000 * 1e5)
    assert pd.isna(found["mean"][2019])


def test_a_year_with_a_silent_month_has_no_rate() -> None:
    rows = years("15002", 5e4, y2019=2, y2020=2)
    rows.loc[rows["month"] == "2020-03", "value"] = None
    people = pd.DataFrame({"place": "15002", "year": [2019, 2020], "population": 5e4})
    found = cell.rates(rows, people).set_index("year")
    assert list(found["cell"]) == ["value", "no_report"]
    assert found["rate"][2019] == pytest.approx(48)


def test_the_rows_of_a_block_are_those_of_its_chart() -> None:
    pytest.importorskip("shapely")
    rates = municipal_rows().assign(mean=1.0)
    asked: dict[str, Any] = {"title": "T", "measure": "M", "source": "S"}
    block = blocks.municipalities(rates, light(squares()), EN, state="20", **asked)
    assert set(block.data["place"]) == {"20001", "20002"}
    rows = [r for r in block.chart.to_dict()["datasets"].values() if "rate" in r[0]]
    assert [row["place"] for row in rows[0]] == list(block.data["place"])
    assert set(block.columns) == set(block.data.columns)
    assert block.codes["20001"] == "Town 2"


def test_a_silent_month_stands_on_a_hatched_foot_and_no_line_crosses_it() -> None:
    rows = panel(**year_of(2019, 2), **year_of(2020, 0))
    rows.loc[rows["month"].isin(["2019-06", "2019-07"]), "value"] = None
    cut = series.segmented(rows.assign(concept="c"), NO_BREAKS)
    columns = ["measure", "month", "value", "status", "segment"]
    none = pd.DataFrame(columns=["month", "label"])
    spec = lines.sources(cut[columns], none, {"m": "Register"}, EN).to_dict()
    feet = next(rows for rows in spec["datasets"].values() if "until" in rows[0])
    assert [row["month"] for row in feet] == ["2019-06", "2019-07"]
    assert feet[1]["until"] == "2019-08"
    drawn_rows = next(rows for rows in spec["datasets"].values() if "segment" in rows[0])
    assert len({row["segment"] for row in drawn_rows}) == 2
    zeros = [row for row in drawn_rows if row["value"] == 0]
    assert len(zeros) == 12  # a zero is a dot on the axis, not a foot
    assert "url(#" in drawn(lines.sources(cut[columns], none, {"m": "Register"}, EN))


def test_many_years_lie_side_by_side_and_say_the_same() -> None:
    rows = municipal_rows()
    wide = maps._wide(rows).set_index("place")
    assert wide.loc["15001", "cell_2020"] == "few"
    assert wide.loc["15002", "cell_2021"] == "zero"
    assert wide.loc["20002", "rate_2020"] is None  # unknown stays unknown
    assert wide.loc["20001", "persons_2021"] == 3
