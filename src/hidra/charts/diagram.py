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
LINE, GAP = 14.0, 7.0  # px: a line of text, and the room between two nodes
HEAD = 46.0  # px above the nodes, for the heads of the layers
LETTERS = 14  # of a line of a label
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
Point = tuple[float, float, float]  # share of the width, px beside it, px from the top


def causal(causes: pd.DataFrame, words: Words, *, width: int = WIDTH) -> alt.TopLevelMixin:
    """Draw the table `causes` in three layers.

    Parameters
    ----------
    causes : From ``hidra.model.causes.table``. words : of one language.
    width : px; from about 330 on every label is whole.
    """
    lines = {
        node: wrap(label, LETTERS, break_long_words=False)
        for node, label in names(causes, words).items()
    }
    grades = {}  # code and grade of every mechanism that acts on something
    acting = causes[causes["kind_from"] == "mechanism"]
    for name, code, grade in acting[["origin", "code", "grade"]].itertuples(index=False):
        said = words.maybe(f"grade.{grade}", grade)
        grades[("mechanism", name)] = " · ".join(part for part in (code, said) if part)
    long = {node: len(text) + (node[0] == "mechanism") for node, text in lines.items()}
    placed = nodes(causes, long)
    placed["y"] += HEAD
    known = list(zip(placed["kind"], placed["name"], strict=True))
    placed["label"] = [lines[node] for node in known]
    placed["grade"] = [grades.get(node, "") for node in known]
    placed["node"] = [" ".join(node) for node in known]
    height = float((placed["y"] + placed["height"] / 2).max()) + 6
    over = alt.selection_point(name="over", fields=["node"], on="pointerover", clear="pointerout")
    paths = _edges(_paths(causes, placed))
    drawn = alt.layer(*paths, *_boxes(placed, over), *_texts(placed), *_heads(words))
    return theme.sized(drawn, words, height, width)


def names(causes: pd.DataFrame, words: Words) -> dict[Node, str]:
    """Words of every node, by kind and name: as declared, or those of the catalogue."""
    found = {}
    for _, row in causes.iterrows():
        for kind, side in (("kind_from", "origin"), ("kind_to", "target")):
            name = str(row[side])
            said = local(row, side, words.language) if f"{side}_es" in row else name
            own = said not in ("", name)
            plain = name.replace("_", " ")
            found[(str(row[kind]), name)] = said if own else words.maybe(f"node.{name}", plain)
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
    heights = {
        n: LINE * count + (6.0 if n[0] == "mechanism" else 0.0) for n, count in lines.items()
    }
    layers = (left, middle, right)
    tall = max(sum(heights[n] + GAP for n in layer) for layer in layers)
    rows = []
    for number, layer in enumerate(layers):  # each spread over the whole height
        room = (tall - sum(heights[node] for node in layer)) / max(1, len(layer))
        top = room / 2
        for node in layer:
            rows.append((*node, number, top + heights[node] / 2, heights[node]))
            top += heights[node] + room
    return pd.DataFrame(rows, columns=["kind", "name", "layer", "y", "height"])


def _arrows(causes: pd.DataFrame) -> list[tuple[Node, Node]]:
    ends = causes[["kind_from", "origin", "kind_to", "target"]].itertuples(index=False)
    return [((a, b), (c, d)) for a, b, c, d in ends]


def _ranked(causes: pd.DataFrame) -> list[Node]:
    """Mechanisms so that those that act on others in the same week come first; by code else."""
    code = dict(zip(causes["origin"], causes["code"], strict=True))

    def by_code(node: Node) -> tuple[int, str]:
        digits = "".join(c for c in code.get(node[1], "") if c.isdecimal())
        return int(digits or 99), node[1]

    among = causes[(causes["kind_from"] == "mechanism") & (causes["kind_to"] == "mechanism")]
    found = [n for a in _arrows(causes) for n in a if n[0] == "mechanism"]
    before: dict[Node, set[Node]] = {node: set() for node in dict.fromkeys(found)}
    for start, end in _arrows(among[~among["lagged"].astype(bool)]):
        before[end].add(start)
    sorter = TopologicalSorter(before)
    sorter.prepare()
    order: list[Node] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=by_code)
        order += ready
        sorter.done(*ready)
    return order


def _ordered(
    found: set[Node], arrows: list[tuple[Node, Node]], place: dict[Node, float]
) -> list[Node]:
    """Nodes by the mean place of the mechanisms they touch (the barycentre rule)."""
    touched = {n: [place[b] for a, b in arrows if a == n and b in place] for n in found}
    return sorted(found, key=lambda n: (float(np.mean(touched[n] or [1.0])), n[1]))


def _paths(causes: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Four points for every arrow: share of the width, px beside it, px from the top."""
    rows_of = placed[["kind", "name", "layer", "y"]].to_numpy()
    where = {(kind, name, int(layer)): float(y) for kind, name, layer, y in rows_of}
    rows = []
    pairs = causes.drop_duplicates(["kind_from", "origin", "kind_to", "target", "lagged"])
    for number, (edge, lagged) in enumerate(zip(_arrows(pairs), pairs["lagged"], strict=True)):
        start, end = edge
        told = {
            "edge": number, "kind": "among" if start[0] == end[0] else start[0],
            "lagged": bool(lagged), "origin": " ".join(start), "target": " ".join(end),
        }  # fmt: skip
        for t, (share, beside, y) in enumerate(_points(start, end, bool(lagged), where)):
            rows.append({**told, "t": t, "share": share, "beside": beside, "y": y})
    return pd.DataFrame(rows)


def _points(start: Node, end: Node, lagged: bool, where: dict[Any, float]) -> list[Point]:
    """From layer to layer a soft step; within a layer an arc on one of its sides."""
    acts, acted_on = start[0] == "mechanism", end[0] == "mechanism"
    if acts != acted_on:
        a = (0.5, HALF, where[(*start, 1)]) if acts else (0.0, EDGE, where[(*start, 0)])
        b = (0.5, -HALF, where[(*end, 1)]) if acted_on else (1.0, -EDGE, where[(*end, 2)])
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        return [a, (*middle, a[2]), (*middle, b[2]), b]
    layer = 1 if acts else 2
    first, last = where[(*start, layer)], where[(*end, layer)]
    near = lagged or layer == 2  # flows on the stock of members: on the near side of the layer
    share, beside = (0.5, HALF) if layer == 1 else (1.0, EDGE)
    beside = -beside if near else beside
    away = ARC + min(16.0, abs(last - first) / 40)
    out = beside + (-away if near else away)
    return [(share, beside, first), (share, out, first), (share, out, last), (share, beside, last)]


_X, _Y = alt.X("x:Q", scale=None, axis=None), theme.pixels("y")
_LIT = "!isValid(over.node) || over.node[0] === datum.origin || over.node[0] === datum.target"
#: Of each layer: share of the width, and where letters stand beside it.
_COLUMNS = ((0.0, "right", EDGE - 5), (0.5, "center", 0.0), (1.0, "left", 5 - EDGE))


def _edges(paths: pd.DataFrame) -> list[alt.Chart]:
    """Arrows as soft lines with a head at their end; those of the node pointed at stand out."""
    base = alt.Chart(paths).transform_calculate(x="datum.share * width + datum.beside")
    scale = alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    lit = alt.condition(_LIT, alt.value(0.85), alt.value(0.08))
    lines = base.mark_line(interpolate="basis", strokeWidth=1).encode(
        _X, _Y, detail="edge:N", order="t:Q", opacity=lit,
        stroke=alt.Stroke("kind:N", legend=None, scale=scale),
        strokeDash=alt.condition("datum.lagged", alt.value([2, 3]), alt.value([1, 0])),
    )  # fmt: skip
    ends = base.transform_filter("datum.t == 3").transform_calculate(
        side="datum.beside > 0 ? 'left' : 'right'"
    )
    sides = alt.Scale(domain=["left", "right"], range=["triangle-left", "triangle-right"])
    heads = ends.mark_point(size=16, strokeWidth=0, filled=True).encode(
        _X, _Y, opacity=lit, shape=alt.Shape("side:N", legend=None, scale=sides),
        fill=alt.Fill("kind:N", legend=None, scale=scale),
    )  # fmt: skip
    return [lines, heads]


def _boxes(placed: pd.DataFrame, over: alt.Parameter) -> list[alt.Chart]:
    """A box for every mechanism, and room around every name that can be pointed at."""
    base = alt.Chart(placed.drop(columns="label")).transform_calculate(
        x=f"datum.layer == 1 ? width / 2 - {HALF} : datum.layer == 0 ? 0 : width - {EDGE}",
        x2=f"datum.layer == 1 ? width / 2 + {HALF} : datum.layer == 0 ? {EDGE} : width",
        top="datum.y - datum.height / 2", bottom="datum.y + datum.height / 2",
    )  # fmt: skip
    sides = (_X, alt.X2("x2:Q"), theme.pixels("top"), alt.Y2("bottom:Q"))
    boxes = base.transform_filter("datum.layer == 1").mark_rect(
        fill="#eceff1", stroke=theme.MEDIAN, strokeWidth=1.1, cornerRadius=2
    )
    room = base.mark_rect(fill=theme.PAPER, fillOpacity=0.01).encode(*sides)
    return [boxes.encode(*sides), room.add_params(over)]


def _texts(placed: pd.DataFrame) -> list[alt.Chart]:
    """Labels of one to three lines; under a mechanism its code and the grade of its evidence."""
    rows = placed.assign(lines=placed["label"].map(len))
    rows["top"] = rows["y"] - LINE * (rows["lines"] - (rows["layer"] != 1)) / 2
    labels = [_text(rows[rows["layer"] == layer], layer, fontSize=12) for layer in range(3)]
    last = rows[(rows["layer"] == 1) & (rows["grade"] != "")]
    last = last.assign(label=last["grade"], top=last["y"] + LINE * last["lines"] / 2)
    return [*labels, _text(last, 1, fontSize=12, color=theme.SECONDARY)]


def _text(rows: pd.DataFrame, layer: int, **style: Any) -> alt.Chart:
    """The ``label`` of each row ``top`` px from the top of a layer."""
    share, align, beside = _COLUMNS[layer]
    base = alt.Chart(rows[["label", "top"]]).transform_calculate(x=f"{share} * width + {beside}")
    look: dict[str, Any] = {"align": align, "baseline": "middle", "lineHeight": LINE}
    look |= {"color": theme.INK} | style
    return base.mark_text(**look).encode(_X, theme.pixels("top"), text="label:N")


def _heads(words: Words) -> list[alt.Chart]:
    """The heads of the three layers."""
    style = {"fontSize": 12, "fontWeight": "bold", "baseline": "top", "color": theme.SECONDARY}
    labels = [wrap(words(f"diagram.layer.{number}"), 14) for number in (1, 2, 3)]
    return [
        _text(pd.DataFrame({"label": [label], "top": [2.0]}), layer, **style)
        for layer, label in enumerate(labels)
    ]
