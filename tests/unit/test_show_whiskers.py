"""Answers asked in several ways, sorted places, shares of doubt: always with an interval."""

from __future__ import annotations

import pandas as pd
import pytest
import vl_convert

from hidra.charts import cell, interval, series
from hidra.charts.words import Words
from hidra.data import reference
from hidra.report import blocks

ES, EN = Words("es"), Words("en")
TITLES = {"main": "Twelve months", "poisson": "Poisson", "lag": "Six months later"}


def asked() -> pd.DataFrame:
    rows = [
        ("main", -0.05, -0.11, 0.02, True), ("poisson", -0.03, -0.1, 0.05, False),
        ("lag", None, None, None, False),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "estimate", "low", "high", "main"])


def test_what_could_not_be_estimated_is_said_and_has_no_dot() -> None:
    chart = interval.strip(asked(), TITLES, ES, percent=True, claimed=-0.15)
    picture = vl_convert.vegalite_to_svg(chart.to_dict())
    assert ES("strip.none") in picture
    assert ES("strip.claimed") in picture
    assert "−5\u00a0%  [−11\u00a0% a +2\u00a0%]" in picture
    dots = picture.count('aria-roledescription="point"')
    assert dots == 2


def test_the_answer_comes_first_and_looks_other_than_its_variants() -> None:
    spec = interval.strip(asked(), TITLES, EN).to_dict()
    shapes = [layer["encoding"]["shape"] for layer in spec["layer"] if "shape" in layer["encoding"]]
    assert shapes[0]["condition"] == {"test": "datum.main", "value": "circle"}
    assert shapes[0]["value"] == "diamond"
    sort = next(
        layer["encoding"]["y"]["sort"]
        for layer in spec["layer"]
        if "sort" in layer["encoding"].get("y", {})
    )
    assert sort[0] == "main"


@pytest.fixture(scope="module")
def rates() -> pd.DataFrame:
    rows = reference.panel()
    mine = rows[(rows["measure"] == "inegi_homicides") & (rows["place"] != "00")]
    return cell.rates(mine, series.population(rows))


def test_positions_that_cannot_be_told_apart_are_ranges(rates: pd.DataFrame) -> None:
    rows = interval.rank(rates[rates["year"] == 2021])
    assert len(rows) == 32
    assert (rows["low"] < rows["rate"]).all()
    assert (rows["rate"] < rows["high"]).all()
    position = pd.Series(range(1, 33))
    assert ((rows["from"] <= position) & (position <= rows["to"])).all()
    assert (rows["from"] < rows["to"]).sum() > 20  # most states share their place with others


def test_a_small_count_has_a_wide_interval_and_a_zero_an_upper_bound() -> None:
    rows = pd.DataFrame({"place": ["a", "b"], "persons": [0.0, 10.0], "population": [1e5, 1e5]})
    found = interval.rank(rows).set_index("place")
    assert found["low"]["a"] == 0
    assert found["high"]["a"] == pytest.approx(3.0, abs=0.01)  # -log(0.05), the "rule of three"
    assert (found["low"]["b"], found["high"]["b"]) == pytest.approx((5.43, 16.96), abs=0.01)


def test_an_unknown_place_has_no_position(rates: pd.DataFrame) -> None:
    rows = rates[rates["year"] == 2021].copy()
    rows.loc[rows["place"] == "09", "persons"] = None
    assert "09" not in set(interval.rank(rows)["place"])


@pytest.mark.parametrize("words", [ES, EN], ids=["es", "en"])
def test_a_sorted_list_is_no_league_table(rates: pd.DataFrame, words: Words) -> None:
    block = blocks.sorted_places(rates, words, year=2021, title="T", measure="M", source="S")
    assert {"low", "high", "from", "to"} <= set(block.data.columns) == set(block.columns)
    said = f"{block.title} {block.subtitle} {block.reading}".lower()
    assert not any(word in said for word in ("peligros", "dangerous", "peor", "worst", "top"))


def test_bars_of_doubt_have_intervals_and_the_largest_first() -> None:
    rows = pd.DataFrame(
        [("a", 0.1, 0.05, 0.2, 0.2, 0.1, 0.3), ("b", 0.4, 0.3, 0.5, 0.6, 0.5, 0.7)],
        columns=["name", "first", "first_lo", "first_hi", "total", "total_lo", "total_hi"],
    )
    block = blocks.sensitivity(
        rows, {"a": "A", "b": "B"}, EN, title="T", subtitle="S", source="hidra"
    )
    assert list(block.data["name"]) == ["b", "a"]
    spec = block.chart.to_dict()
    marks = [layer["mark"]["type"] for layer in spec["layer"]]
    assert marks[:4] == ["bar", "rule", "bar", "rule"]
    ends = spec["layer"][1]["encoding"]
    assert (ends["x"]["field"], ends["x2"]["field"]) == ("total_lo", "total_hi")
