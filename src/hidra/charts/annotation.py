"""Rules with labels over a time chart: breaks of method, held-out months, start of scenarios."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import theme
from hidra.core.weeks import months_between

TIME = alt.Scale(type="utc")
_LABEL_ROW = 14


def rows(marks: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Give each annotation a row, so that no two labels touch, neither on a phone nor on a desk.

    Parameters
    ----------
    marks : pandas.DataFrame
        ``month, label``.
    first, last : str
        First and last month of the axis.

    Returns
    -------
    pandas.DataFrame
        ``month, label, row, at, size``: share of the axis, and length of the label in pixels.
    """
    span = max(months_between(first, last), 1)
    found: list[dict[str, object]] = []
    placed: list[tuple[int, list[tuple[float, float]]]] = []
    for month, label in sorted(zip(marks["month"], marks["label"], strict=True)):
        at, size = months_between(first, month) / span, len(label) * 6.6 + 10
        wanted = [_extent(at, size / plot) for plot in _PLOTS]
        row = 0
        while any(row == used and _touch(wanted, taken) for used, taken in placed):
            row += 1
        placed.append((row, wanted))
        found.append({"month": month, "label": label, "row": row, "at": at, "size": size})
    return pd.DataFrame(found, columns=["month", "label", "row", "at", "size"])


#: Plot widths for which labels must not touch: a phone, a tablet, a desk.
_PLOTS = (300, 480, 640)


def _extent(at: float, size: float) -> tuple[float, float]:
    """Where a label lies: right of its rule, or left of it where it would run out of the plot."""
    return (at - size, at) if at + size > 1 else (at, at + size)


def _touch(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a, b in zip(one, other, strict=True))


def layers(marks: pd.DataFrame, first: str, last: str) -> list[alt.Chart]:
    """Rules and their labels, each label on the side of its rule where there is room."""
    if marks.empty:
        return []
    placed = rows(marks, first, last)
    placed["y"] = 7 + placed["row"] * _LABEL_ROW
    month = alt.X("month:T", scale=TIME)
    row = alt.Y("y:Q", scale=None, axis=None)
    base = alt.Chart(placed)
    rule = base.mark_rule(color=theme.SECONDARY, strokeDash=[2, 3])
    drawn = [rule.encode(month, row, y2=alt.value("height"))]
    halo: dict[str, Any] = {"stroke": theme.PAPER, "strokeWidth": 4, "strokeJoin": "round"}
    inks: tuple[dict[str, Any], ...] = (halo, {})
    left_of_rule = "datum.at * width + datum.size > width"
    side: dict[str, Any] = {
        "align": alt.ExprRef(f"{left_of_rule} ? 'right' : 'left'"),
        "dx": alt.ExprRef(f"{left_of_rule} ? -4 : 4"),
    }
    drawn += [
        base.mark_text(color=theme.SECONDARY, fontSize=11.5, **side, **ink).encode(
            month, row, text="label:N"
        )
        for ink in inks
    ]
    return drawn
