"""The causal diagram is drawn from what is declared: nothing overlaps, no arrow is lost."""

from __future__ import annotations

import pandas as pd
import pytest
from typer.testing import CliRunner

from hidra.charts import diagram
from hidra.charts.words import Words
from hidra.cli.app import app
from hidra.model import causes
from hidra.report import blocks


@pytest.fixture(scope="module")
def arrows():
    return causes.table()


def placed(arrows, lines=2):
    found = {(r[k], r[n]) for r in arrows.to_dict("records")
             for k, n in (("kind_from", "origin"), ("kind_to", "target"))}  # fmt: skip
    return diagram.nodes(arrows, dict.fromkeys(found, lines))


def test_no_two_names_of_a_layer_touch(arrows):
    for _, layer in placed(arrows).groupby("layer"):
        rows = layer.sort_values("y")
        top, bottom = rows["y"] - rows["height"] / 2, rows["y"] + rows["height"] / 2
        assert (top.to_numpy()[1:] > bottom.to_numpy()[:-1]).all()


def test_what_acts_in_the_same_week_stands_above_what_it_acts_on(arrows):
    row = placed(arrows).query("layer == 1").set_index("name")["y"]
    among = arrows[(arrows["kind_from"] == "mechanism") & (arrows["kind_to"] == "mechanism")]
    now = among[~among["lagged"]]
    assert len(now) and all(
        row[a] < row[b] for a, b in zip(now["origin"], now["target"], strict=True)
    )


def test_every_arrow_is_drawn_once_and_ends_where_its_target_stands(arrows):
    where = placed(arrows)
    where["node"] = where["kind"] + " " + where["name"]
    paths = diagram._paths(arrows, where)
    pairs = arrows.drop_duplicates(["kind_from", "origin", "kind_to", "target", "lagged"])
    assert paths["edge"].nunique() == len(pairs)
    ends = paths[paths["t"] == 3]
    heights = where.groupby("node")["y"].agg(set)
    assert all(y in heights[target] for y, target in zip(ends["y"], ends["target"], strict=True))


def test_both_languages_name_every_node_and_the_twin_holds_every_arrow(arrows):
    for language in ("es", "en"):
        block = blocks.causes(arrows, Words(language))
        named = diagram.names(arrows, Words(language))
        raw = [name for (kind, name), label in named.items() if label == name and "_" in label]
        assert not raw and len(block.data) == len(arrows)
        assert {"yes", "no"} >= set(block.data["lagged"])


def test_a_mechanism_of_ones_own_is_drawn_under_its_own_name(arrows):
    mine = arrows.iloc[[0]].assign(origin="my_driver", target="my_part", target_en="My part")
    acts = mine.assign(kind_from="mechanism", origin="my_part", origin_en="My part",
                       kind_to="flow", target="recruits", target_en="")  # fmt: skip
    named = diagram.names(pd.concat([mine, acts]), Words("en"))
    assert named["driver", "my_driver"] == "my driver"
    assert named["mechanism", "my_part"] == "My part"


@pytest.mark.parametrize(("ending", "begins"), [("svg", "<svg"), ("html", "<!doctype html>")])
def test_the_command_writes_a_picture_or_a_page(tmp_path, ending, begins):
    path = tmp_path / f"causes.{ending}"
    found = CliRunner().invoke(app, ["mechanisms", "--diagram", str(path)])
    assert found.exit_code == 0, found.output
    assert path.read_text(encoding="utf-8").startswith(begins)


def test_another_ending_is_refused_and_nothing_is_left(tmp_path):
    found = CliRunner().invoke(app, ["mechanisms", "--diagram", str(tmp_path / "causes.gif")])
    assert found.exit_code != 0
    assert not list(tmp_path.iterdir())


def test_every_node_is_named_in_words(arrows):
    """A driver without words would stand in English in a Spanish diagram."""
    told = diagram.names(arrows, Words("en"))
    assert [name for (_, name), said in told.items() if said == name.replace("_", " ")] == []
