"""Charts say what they must: cut lines, open dots, hatched unknowns, no word in the data."""

from __future__ import annotations

import importlib.util
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.charts import interval, lines, maps, picture, theme
from hidra.charts.block import Store
from hidra.charts.words import Words
from hidra.core import place
from hidra.core.errors import RunError, SpecError
from hidra.report import sections

_demo = importlib.util.spec_from_file_location(
    "demo_tables", Path(__file__).parents[1] / "browser" / "demo_tables.py"
)
assert _demo
assert _demo.loader
demo = importlib.util.module_from_spec(_demo)
_demo.loader.exec_module(demo)
ES, EN = Words("es"), Words("en")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    made: dict[str, pd.DataFrame] = demo.tables()
    return made


def found(part: Any, key: str) -> list[Any]:
    """Every value under ``key``, anywhere in a specification."""
    if isinstance(part, dict):
        own = [part[key]] if key in part else []
        return own + [hit for value in part.values() for hit in found(value, key)]
    return [hit for value in part for hit in found(value, key)] if isinstance(part, list) else []


def test_every_chart_of_the_report_is_valid_vega_lite(tables: dict[str, pd.DataFrame]) -> None:
    """Pages draw what they are given; here the schema has its say."""
    told = [section(tables, demo.meta(), ES) for section in sections.BUILT_IN]
    charts = [block.chart for one in told for block in one.blocks if block.chart is not None]
    with alt.data_transformers.enable("default", max_rows=None):
        schemas = {chart.to_dict(validate=True)["$schema"] for chart in charts}
    assert len(charts) > 5 and schemas == {alt.SCHEMA_URL}


def test_lines_are_drawn_by_segment_and_never_across(tables: dict[str, pd.DataFrame]) -> None:
    block = sections.observed(tables, {}, ES).blocks[0]
    lines = [layer for layer in block.chart.to_dict()["layer"] if layer["mark"]["type"] == "line"]
    assert lines
    assert all(line["encoding"]["detail"]["field"] == "segment" for line in lines)
    sesnsp = block.data[block.data["measure"] == "sesnsp_homicide_victims"].set_index("month")[
        "segment"
    ]
    assert sesnsp["2017-12"] != sesnsp["2018-01"]  # a listed break of method


def test_sources_differ_by_colour_shape_and_line_style(tables: dict[str, pd.DataFrame]) -> None:
    spec = sections.observed(tables, {}, EN).blocks[0].chart.to_dict()
    for channel in ("stroke", "shape", "strokeDash"):
        scale = next(e[channel]["scale"] for e in found(spec, "encoding") if channel in e)
        assert len({json.dumps(value) for value in scale["range"]}) == len(scale["domain"]) == 2


def test_months_that_are_not_final_are_open_dots(tables: dict[str, pd.DataFrame]) -> None:
    spec = sections.model(tables, demo.meta(), EN).blocks[0].chart.to_dict()
    fills = [
        hit["condition"]
        for hit in found(spec, "fill")
        if isinstance(hit, dict) and "condition" in hit
    ]
    assert {"test": "datum.status == 'final'", "value": theme.INK} in fills


def test_the_held_out_months_are_shaded_and_labelled(tables: dict[str, pd.DataFrame]) -> None:
    spec = sections.model(tables, demo.meta(), ES).blocks[0].chart.to_dict()
    values = list(spec["datasets"].values())
    assert [{"from": "2020-01", "to": "2023-01"}] in values
    labels = {row["label"] for rows in values for row in rows if "label" in row}
    assert {"fuera del ajuste", "inician escenarios"} <= labels


def test_both_languages_share_one_copy_of_the_data(tables: dict[str, pd.DataFrame]) -> None:
    stores = {}
    for words in (ES, EN):
        stores[words.language] = Store()
        block = sections.states(tables, demo.meta(), words).blocks[0]
        stores[words.language].lift(block.chart)
    assert set(stores["es"].datasets) == set(stores["en"].datasets)


def test_what_the_map_does_not_know_is_hatched_and_not_pale(
    tables: dict[str, pd.DataFrame],
) -> None:
    spec = sections.where(tables, demo.meta(), ES).blocks[0].chart.to_dict()
    ground = spec["layer"][0]
    assert ground["mark"]["fill"]["gradient"] == "linear"
    assert {stop["color"] for stop in ground["mark"]["fill"]["stops"]}.isdisjoint(theme.SEQUENTIAL)
    assert {"filter": "isValid(datum.cell) && datum.cell != 'no_report'"} in spec["transform"]
    assert "sin dato" in json.dumps(spec, ensure_ascii=False)


def test_states_are_ordered_by_geography_or_name_never_by_rate() -> None:
    north = maps.north_to_south()
    assert north[0] == "02"
    assert north[-1] == "07"
    alphabet = maps.alphabetical("es")
    assert [maps.state_names("es")[code] for code in alphabet[:2]] == [
        "Aguascalientes",
        "Baja California",
    ]
    assert set(north) == set(alphabet) == {state.code for state in place.states()}


@given(
    st.lists(
        st.tuples(st.integers(0, 239), st.text("abcdefghij ", min_size=3, max_size=28)),
        min_size=1, max_size=6, unique_by=lambda mark: mark[0],
    )
)  # fmt: skip
def test_labels_of_rules_never_touch(marks: list[tuple[int, str]]) -> None:
    span = pd.period_range("2010-01", periods=240, freq="M").strftime("%Y-%m")
    frame = pd.DataFrame([{"month": span[at], "label": label} for at, label in marks])
    placed = lines.label_rows(frame, span[0], span[-1])
    for plot in (300, 480, 640):
        for _, row in placed.groupby("row"):
            ends = sorted(
                lines._extent(at, size / plot)
                for at, size in zip(row["at"], row["size"], strict=True)
            )
            assert all(one[1] <= other[0] for one, other in pairwise(ends))


def test_a_skewed_prior_spans_one_unit_on_both_sides(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["parameters"].assign(p05=lambda t: t["prior_p05"], p95=lambda t: t["prior_p95"])
    rows = interval.parameter_rows(table)
    assert rows["z_p05"].tolist() == pytest.approx([-1.0] * len(rows))
    assert rows["z_p95"].tolist() == pytest.approx([1.0] * len(rows))


@pytest.mark.parametrize("kind", ["png", "svg", "json"])
def test_charts_are_saved_without_a_browser(kind: str, tmp_path: Path) -> None:
    small = alt.Chart(pd.DataFrame({"a": [1], "b": [2]})).mark_point().encode(x="a:Q", y="b:Q")
    path = picture.save(theme.themed(small, "es"), tmp_path / f"chart.{kind}")
    start = path.read_bytes()[:8]
    assert start.startswith({"png": b"\x89PNG", "svg": b"<svg", "json": b"{"}[kind])
    assert [file.name for file in tmp_path.iterdir()] == [f"chart.{kind}"]


def test_a_picture_that_cannot_be_written_is_three_lines(tmp_path: Path) -> None:
    small = alt.Chart(pd.DataFrame({"a": [1]})).mark_point().encode(x="a:Q")
    with pytest.raises(SpecError, match="gif"):
        picture.save(small, tmp_path / "chart.gif")
    (tmp_path / "nowhere").write_text("a file, no folder")
    with pytest.raises(RunError) as caught:
        picture.save(small, tmp_path / "nowhere" / "chart.svg")
    assert caught.value.fix
