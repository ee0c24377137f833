"""The causal diagram: what the model lets act on what, drawn from the declarations.

Left stands what a week begins with (drivers, states), in the middle the mechanisms by topological
rank, right what comes of it (flows, states, counts). Time is unrolled, so no arrow points back but
those among mechanisms, drawn as arcs. Places are pixels that depend on the width at hand, so that
one chart serves a wide page and a phone: the labels keep their size, the room between the layers
shrinks.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hidra.charts import theme
from hidra.charts.theme import WIDTH
from hidra.charts.words import Words, local

#: What flows on the stock of members, in the order in which it is drawn.
CORE = (
    "recruits", "arrests", "members", "member_deaths", "departures", "rivals", "split_rivals",
    "allies",
)  # fmt: skip
LINE, GAP = 13.0, 7.0  # px: a line of text, and the room between two nodes
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
Node = tuple[str, str]


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
    placed = nodes(causes, long)
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


def nodes(causes: pd.DataFrame, lines: dict[Node, int]) -> pd.DataFrame:
    """Place the nodes of a table of causes.

    Parameters
    ----------
    causes : the table `causes` (``hidra.model.causes.table``). lines : lines of each node.

    Returns
    -------
    pandas.DataFrame
        ``kind, name, layer`` (0, 1, 2), ``y`` (px, from the top, middle of the node) and
        ``height`` (px). A state read and changed stands twice, left and right.
    """
    arrows = _arrows(causes)
    middle = _ranked(causes)
    place = {node: i / max(1, len(middle) - 1) for i, node in enumerate(middle)}
    left = _ordered({a for a, b in arrows if a[0] in ("driver", "state")}, arrows, place)
    ends = {n for a, b in arrows for n in (a, b) if n[0] == "flow" or n == b}
    ends = {n for n in ends if n[0] != "mechanism"}
    core = [node for name in CORE for node in sorted(ends) if node[1] == name]
    right = core + _ordered(ends - set(core), [(b, a) for a, b in arrows], place)
    layers = (left, middle, right)
    tall = max(sum(_height(lines, n) + GAP for n in layer) for layer in layers)
    rows = [
        row for number, layer in enumerate(layers) for row in _column(number, layer, lines, tall)
    ]
    return pd.DataFrame(rows, columns=["kind", "name", "layer", "y", "height"])


def _arrows(causes: pd.DataFrame) -> list[tuple[Node, Node]]:
    return [
        ((r["kind_from"], r["origin"]), (r["kind_to"], r["target"]))
        for r in causes.to_dict("records")
    ]


def _ranked(causes: pd.DataFrame) -> list[Node]:
    """Mechanisms so that those that act on others in the same week come first; by code else."""
    code = dict(zip(causes["origin"], causes["code"], strict=True))
    among = causes[(causes["kind_from"] == "mechanism") & (causes["kind_to"] == "mechanism")]
    found = [n for a in _arrows(causes) for n in a if n[0] == "mechanism"]
    before: dict[Node, set[Node]] = {node: set() for node in dict.fromkeys(found)}
    for start, end in _arrows(among[~among["lagged"].astype(bool)]):
        before[end].add(start)
    sorter = TopologicalSorter(before)
    sorter.prepare()
    order: list[Node] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda n: (_number(code.get(n[1], "")), n[1]))
        order += ready
        sorter.done(*ready)
    return order


def _number(code: str) -> int:
    digits = "".join(c for c in code if c.isdigit())
    return int(digits) if digits else 99


def _ordered(
    found: set[Node], arrows: list[tuple[Node, Node]], place: dict[Node, float]
) -> list[Node]:
    """Nodes by the mean place of the mechanisms they touch (the barycentre rule)."""
    touched = {n: [place[b] for a, b in arrows if a == n and b in place] for n in found}
    return sorted(found, key=lambda n: (float(np.mean(touched[n] or [1.0])), n[1]))


def _height(lines: dict[Node, int], node: Node) -> float:
    return LINE * lines[node] + (6.0 if node[0] == "mechanism" else 0.0)


def _column(
    number: int, layer: list[Node], lines: dict[Node, int], tall: float
) -> list[tuple[str, str, int, float, float]]:
    """One layer spread over the whole height."""
    heights = [_height(lines, node) for node in layer]
    room = (tall - sum(heights)) / max(1, len(layer))
    rows, top = [], room / 2
    for (kind, name), height in zip(layer, heights, strict=True):
        rows.append((kind, name, number, top + height / 2, height))
        top += height + room
    return rows


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
    rows["top"] = rows["y"] - LINE * (rows["lines"] - (rows["layer"] != 1)) / 2
    for layer, (share, align, beside) in enumerate(_COLUMNS):
        mine = rows.loc[rows["layer"] == layer, ["label", "top"]]
        found.append(_text(mine, "top", share, beside, align=align, fontSize=10.5))
    last = rows[(rows["layer"] == 1) & (rows["grade"] != "")]
    last = last.assign(label=last["grade"], top=last["y"] + LINE * last["lines"] / 2)
    grey: dict[str, Any] = {"align": "center", "fontSize": 9, "color": theme.SECONDARY}
    return [*found, _text(last[["label", "top"]], "top", 0.5, 0.0, **grey)]


_COLUMNS = ((0.0, "right", EDGE - 5), (0.5, "center", 0.0), (1.0, "left", 5 - EDGE))


def _text(rows: pd.DataFrame, y: str, share: float, beside: float, **style: Any) -> alt.Chart:
    look: dict[str, Any] = {"baseline": "middle", "lineHeight": LINE, "color": theme.INK} | style
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
