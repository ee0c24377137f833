"""Where the nodes of the causal diagram lie: three layers, few crossings, every label whole.

Left stands what a week begins with (drivers, states), in the middle the mechanisms by topological
rank, right what comes of it (flows, states, counts). Time is unrolled, so no arrow points back but
those among mechanisms, drawn as arcs.
"""

from __future__ import annotations

from graphlib import TopologicalSorter

import numpy as np
import pandas as pd

CORE = (
    "recruits",
    "arrests",
    "members",
    "member_deaths",
    "departures",
    "rivals",
    "split_rivals",
    "allies",
)
LINE, GAP = 13.0, 7.0  # px: a line of text, and the room between two nodes

Node = tuple[str, str]


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
