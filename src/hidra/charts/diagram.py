"""The causal diagram: what the model lets act on what, drawn from the declarations.

Places are pixels that depend on the width at hand, so that one chart serves a wide page and a
phone: the labels keep their size, the room between the layers shrinks.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import layers, theme
from hidra.charts.block import Block, Section, local
from hidra.charts.chart import WIDTH
from hidra.charts.theme import LANGUAGES
from hidra.charts.words import Words

HEAD = 46.0  # px above the nodes, for the heads of the layers
LETTERS = 15  # of a line of a label
EDGE = 82.0  # px that a label of the outer layers takes
HALF = 46.0  # px, half of the box of a mechanism
ARC = 17.0  # px, how far the shortest arc leaves its layer
_COLOURS = {
    "driver": "#a9a293",
    "state": "#a9a293",
    "mechanism": "#3f7fb0",
    "flow": theme.INK,
    "among": "#b36a12",  # from mechanism to mechanism
}

Where = dict[tuple[str, str, int], tuple[float, float]]


def causal(causes: pd.DataFrame, words: Words, *, width: int = WIDTH) -> alt.TopLevelMixin:
    """Draw the table `causes` in three layers.

    Parameters
    ----------
    causes : pandas.DataFrame
        From ``hidra.model.causes.table``. words : of one language.
    width : px; from about 330 on every label is whole.
    """
    labels, grades = names(causes, words), _grades(causes, words)
    lines = {node: wrap(label, LETTERS) for node, label in labels.items()}
    long = {node: len(text) + (node[0] == "mechanism") for node, text in lines.items()}
    placed = layers.nodes(causes, long)
    placed["y"] += HEAD
    placed["label"] = [lines[(k, n)] for k, n in zip(placed["kind"], placed["name"], strict=True)]
    placed["grade"] = [
        grades.get((k, n), "") for k, n in zip(placed["kind"], placed["name"], strict=True)
    ]
    placed["node"] = placed["kind"] + " " + placed["name"]
    height = float((placed["y"] + placed["height"] / 2).max()) + 6
    over = alt.selection_point(name="over", fields=["node"], on="pointerover", clear="pointerout")
    drawn = alt.layer(
        *_edges(_paths(causes, placed)), *_boxes(placed, over), *_texts(placed),
        *_heads(words),
    )  # fmt: skip
    return theme.themed(drawn.properties(width=width, height=height), words.language)


def section(tables: Mapping[str, pd.DataFrame], words: Words) -> list[Section]:
    """Return the section of the report, or none where the run left no table `causes`."""
    causes = tables.get("causes")
    if causes is None or causes.empty:
        return []
    return [Section("causes", words("section.causes"), blocks=[block(causes, words)])]


def block(causes: pd.DataFrame, words: Words) -> Block:
    """Return the diagram with its words, and its arrows as a table."""
    columns = ["kind_from", "origin", "kind_to", "target", "through", "lagged"]
    rows = causes[columns].copy()
    kinds = {k: words(f"kind.{k}") for k in ("driver", "mechanism", "flow", "state", "count")}
    rows["lagged"] = rows["lagged"].astype(bool).map({True: "yes", False: "no"})
    labels = {name: label for (_, name), label in names(causes, words).items()}
    mechanisms = rows.loc[rows["kind_from"] == "mechanism", "origin"].nunique()
    return Block(
        name="causes",
        title=words("diagram.title"),
        subtitle=words("diagram.subtitle", mechanisms=mechanisms, arrows=len(rows)),
        reading=words("diagram.reading"),
        source=words("diagram.source"),
        chart=causal(causes, words),
        data=rows,
        columns={name: words(f"column.{name}") for name in columns},
        codes=kinds | labels | {answer: words(answer) for answer in ("yes", "no")},
        layout={"kind": "rows"},
    )


def page(causes: pd.DataFrame) -> str:
    """Return the diagram as one HTML page in both languages."""
    from hidra.charts.report import page as bound

    titles = {f"title_{language}": Words(language)("section.causes") for language in LANGUAGES}
    return bound({"causes": causes}, titles, lambda tables, _, words: section(tables, words))


def names(causes: pd.DataFrame, words: Words) -> dict[tuple[str, str], str]:
    """Words of every node, by kind and name: as declared, or those of the catalogue."""
    found = {}
    for _, row in causes.iterrows():
        for kind, side in (("kind_from", "origin"), ("kind_to", "target")):
            name = str(row[side])
            said = local(row, side, words.language) if f"{side}_es" in row else ""
            plain = "" if said == name else said
            found[(str(row[kind]), name)] = plain or words.maybe(
                f"node.{name}", name.replace("_", " ")
            )
    return found


def _grades(causes: pd.DataFrame, words: Words) -> dict[tuple[str, str], str]:
    """Code and grade of every mechanism that acts on something."""
    acting = causes[causes["kind_from"] == "mechanism"]
    found = {}
    for name, code, grade in acting[["origin", "code", "grade"]].itertuples(index=False):
        said = words.maybe(f"grade.{grade}", grade)
        found[("mechanism", name)] = " · ".join(part for part in (code, said) if part)
    return found


def _paths(causes: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Four points for every arrow: share of the width, px beside it, px from the top."""
    rows_of = placed[["kind", "name", "layer", "y"]].to_numpy()
    where = {(kind, name, int(layer)): float(y) for kind, name, layer, y in rows_of}
    rows = []
    pairs = causes.drop_duplicates(["kind_from", "origin", "kind_to", "target", "lagged"])
    for number, edge in enumerate(pairs.to_dict("records")):
        start, end = (edge["kind_from"], edge["origin"]), (edge["kind_to"], edge["target"])
        kind = {
            "edge": number,
            "kind": "among" if start[0] == end[0] else start[0],
            "lagged": bool(edge["lagged"]),
            "origin": " ".join(start),
            "target": " ".join(end),
        }
        for t, (share, beside, y) in enumerate(_points(start, end, bool(edge["lagged"]), where)):
            rows.append({**kind, "t": t, "share": share, "beside": beside, "y": y})
    return pd.DataFrame(rows)


def _points(
    start: tuple[str, str], end: tuple[str, str], lagged: bool, where: dict[Any, float]
) -> list[tuple[float, float, float]]:
    if end[0] == "mechanism" and start[0] != "mechanism":
        return _across((0.0, EDGE, where[(*start, 0)]), (0.5, -HALF, where[(*end, 1)]))
    if start[0] == "mechanism" and end[0] != "mechanism":
        return _across((0.5, HALF, where[(*start, 1)]), (1.0, -EDGE, where[(*end, 2)]))
    layer = 1 if start[0] == "mechanism" else 2
    first, last = where[(*start, layer)], where[(*end, layer)]
    away = ARC + min(16.0, abs(last - first) / 40)
    if layer == 2:  # flows on the stock of members: arcs on the near side of the layer
        return _arc(1.0, -EDGE, -away, first, last)
    return _arc(0.5, -HALF if lagged else HALF, -away if lagged else away, first, last)


def _across(
    a: tuple[float, float, float], b: tuple[float, float, float]
) -> list[tuple[float, float, float]]:
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return [a, (*middle, a[2]), (*middle, b[2]), b]


def _arc(
    share: float, beside: float, away: float, first: float, last: float
) -> list[tuple[float, float, float]]:
    out = beside + away
    return [(share, beside, first), (share, out, first), (share, out, last), (share, beside, last)]


_X = alt.X("x:Q", scale=None, axis=None)
_Y = alt.Y("y:Q", scale=None, axis=None)
_LIT = "!isValid(over.node) || over.node[0] === datum.origin || over.node[0] === datum.target"


def _edges(paths: pd.DataFrame) -> list[alt.Chart]:
    """Arrows as soft lines with a head at their end; those of the node pointed at stand out."""
    base = alt.Chart(paths).transform_calculate(x="datum.share * width + datum.beside")
    scale = alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    colour = alt.Stroke("kind:N", legend=None, scale=scale)
    fill = alt.Fill("kind:N", legend=None, scale=scale)
    lit = alt.condition(_LIT, alt.value(0.85), alt.value(0.08))
    dash = alt.condition("datum.lagged", alt.value([2, 3]), alt.value([1, 0]))
    lines = base.mark_line(interpolate="basis", strokeWidth=1).encode(
        _X, _Y, detail="edge:N", order="t:Q", stroke=colour, opacity=lit, strokeDash=dash
    )
    ends = base.transform_filter("datum.t == 3").transform_calculate(
        side="datum.beside > 0 ? 'left' : 'right'"
    )
    shape = alt.Shape("side:N", legend=None, scale=alt.Scale(
        domain=["left", "right"], range=["triangle-left", "triangle-right"]))  # fmt: skip
    heads = ends.mark_point(size=16, strokeWidth=0, filled=True).encode(
        _X, _Y, shape=shape, fill=fill, opacity=lit
    )
    return [lines, heads]


def _boxes(placed: pd.DataFrame, over: alt.Parameter) -> list[alt.Chart]:
    """A box for every mechanism, and room around every name that can be pointed at."""
    base = alt.Chart(placed.drop(columns="label"))
    base = base.transform_calculate(
        x=f"datum.layer == 1 ? width / 2 - {HALF} : datum.layer == 0 ? 0 : width - {EDGE}",
        x2=f"datum.layer == 1 ? width / 2 + {HALF} : datum.layer == 0 ? {EDGE} : width",
        top="datum.y - datum.height / 2", bottom="datum.y + datum.height / 2",
    )  # fmt: skip
    sides = {
        "x": _X, "x2": alt.X2("x2:Q"), "y": alt.Y("top:Q", scale=None, axis=None),
        "y2": alt.Y2("bottom:Q"),
    }  # fmt: skip
    boxes = base.transform_filter("datum.layer == 1").mark_rect(
        fill="#eceff1", stroke=theme.MEDIAN, strokeWidth=1.1, cornerRadius=2
    )
    room = base.mark_rect(fill=theme.PAPER, fillOpacity=0.01).encode(**sides)
    return [boxes.encode(**sides), room.add_params(over)]


def _texts(placed: pd.DataFrame) -> list[alt.Chart]:
    """Labels of one to three lines; under a mechanism its code and the grade of its evidence."""
    found = []
    rows = placed.assign(lines=placed["label"].map(len))
    rows["top"] = rows["y"] - layers.LINE * (rows["lines"] - (rows["layer"] != 1)) / 2
    for layer, (share, align, beside) in enumerate(_COLUMNS):
        mine = rows.loc[rows["layer"] == layer, ["label", "top"]]
        found.append(_text(mine, "top", share, beside, align=align, fontSize=10.5))
    last = rows[(rows["layer"] == 1) & (rows["grade"] != "")]
    last = last.assign(label=last["grade"], top=last["y"] + layers.LINE * last["lines"] / 2)
    grey: dict[str, Any] = {"align": "center", "fontSize": 9, "color": theme.SECONDARY}
    return [*found, _text(last[["label", "top"]], "top", 0.5, 0.0, **grey)]


_COLUMNS = ((0.0, "right", EDGE - 5), (0.5, "center", 0.0), (1.0, "left", 5 - EDGE))


def _text(rows: pd.DataFrame, y: str, share: float, beside: float, **style: Any) -> alt.Chart:
    look: dict[str, Any] = {
        "baseline": "middle",
        "lineHeight": layers.LINE,
        "color": theme.INK,
    } | style
    base = alt.Chart(rows).transform_calculate(x=f"{share} * width + {beside}")
    return base.mark_text(**look).encode(_X, alt.Y(f"{y}:Q", scale=None, axis=None), text="label:N")


def _heads(words: Words) -> list[alt.Chart]:
    """The heads of the three layers."""
    style: dict[str, Any] = {
        "fontSize": 11,
        "fontWeight": "bold",
        "baseline": "top",
        "color": theme.SECONDARY,
    }
    heads = []
    for number, (share, align, beside) in enumerate(_COLUMNS):
        label = wrap(words(f"diagram.layer.{number + 1}"), 17)
        rows = pd.DataFrame({"label": [label], "top": [2.0]})
        heads.append(_text(rows, "top", share, beside, align=align, **style))
    return heads
