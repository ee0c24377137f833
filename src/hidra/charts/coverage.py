"""The coverage calendar: which register told what, where and in which year.

A year is told month by month: it counts as told only when every month is. Breaks of method stand
between two years, so that no reader compares across them without seeing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import cell, series, theme
from hidra.charts.words import Words

WIDTH = 720
TOLD = theme.SEQUENTIAL[3]
PART = theme.SEQUENTIAL[1]
_ABOVE, _BESIDE = 46, 18  # pixels from row to row, labels above or beside the strip
_STRIP, _THIN = 17, 14  # pixels of a strip
_LABELS = 118  # pixels for labels beside the strips
_RANK = {"final": 0, "provisional": 1, "undercount": 2}


def calendar_cells(
    rows: pd.DataFrame,
    breaks: pd.DataFrame,
    years: Sequence[int],
    *,
    by: str = "measure",
    expected: Sequence[str] = (),
) -> pd.DataFrame:
    """Say of every row of the calendar and every year what was reported.

    Parameters
    ----------
    rows : pandas.DataFrame
        Panel rows: ``measure, place, month, value, status, period``; null values are unknown.
    breaks : pandas.DataFrame
        ``measure, month`` of the first month under a new method (may be empty).
    years : sequence of int
        Years of the calendar.
    by : {"measure", "place"}
        What a row of the calendar is.
    expected : sequence of str
        Rows to show even where nothing was ever reported.

    Returns
    -------
    pandas.DataFrame
        ``row, year, cell, told, due, persons, method``: kind of the cell (``part`` where only some
        of the months, or of the places, were told), how many were told and how many were due, the
        sum of what was told (null where nothing was), whether a new method begins in the year.
    """
    rows = rows.assign(year=rows["month"].str[:4].astype(int), row=rows[by])
    rows = rows.assign(
        rank=rows["status"].map(_RANK), due=rows["period"].map(series.DUE).fillna(1).astype(int)
    )
    found = rows.groupby(["row", "year"], as_index=False).agg(
        told=("value", "count"), persons=("value", lambda v: v.sum(min_count=1)),
        rank=("rank", "max"), due=("due", "max"), status=("status", "last"),
    )  # fmt: skip
    parts = rows.groupby("row")["place" if by == "measure" else "measure"].nunique()
    wanted = [*expected, *(name for name in dict.fromkeys(rows["row"]) if name not in expected)]
    grid = pd.MultiIndex.from_product([wanted, list(years)], names=["row", "year"]).to_frame(False)
    cells = grid.merge(found, on=["row", "year"], how="left")
    cells["due"] = cells["due"].fillna(12).astype(int) * cells["row"].map(parts).fillna(1)
    cells["told"] = cells["told"].fillna(0).astype(int)
    status = cells["rank"].map({rank: name for name, rank in _RANK.items()})
    kinds = cell.kinds(cells.assign(status=status))
    kinds = kinds.mask((cells["told"] < cells["due"]) & kinds.ne("no_report"), "part")
    cells["cell"] = kinds.mask(cells["told"] == 0, "no_report")
    cells["method"] = _new_method(cells, rows, breaks, by)
    return cells[["row", "year", "cell", "told", "due", "persons", "method"]]


def _new_method(
    cells: pd.DataFrame, rows: pd.DataFrame, breaks: pd.DataFrame, by: str
) -> pd.Series:
    """Whether a new method begins in the year of a cell."""
    starts = {
        (measure, int(month[:4]))
        for measure, month in zip(breaks.get("measure", ()), breaks.get("month", ()), strict=True)
    }
    of_row = rows.groupby("row")["measure"].agg(set)
    return pd.Series(
        [
            any((measure, year) in starts for measure in ({name} | of_row.get(name, set())))
            for name, year in zip(cells["row"], cells["year"], strict=True)
        ],
        index=cells.index,
    )


def calendar(
    cells: pd.DataFrame,
    labels: Mapping[str, str],
    words: Words,
    *,
    above: bool = True,
    width: int = WIDTH,
) -> alt.TopLevelMixin:
    """Strips of years, one for each register or place.

    Parameters
    ----------
    cells : pandas.DataFrame
        From :func:`calendar_cells`.
    labels : mapping
        Row -> words, in the order of the rows.
    above : bool
        Labels above their strips (long ones), else beside them (names of states).
    """
    order = [name for name in labels if name in set(cells["row"])]
    pitch, strip = (_ABOVE, _STRIP) if above else (_BESIDE, _THIN)
    head = 22 if above else 4
    drawn = cells[cells["row"].isin(order)].assign(
        top=lambda c: c["row"].map({n: i * pitch + head for i, n in enumerate(order)}),
        until=lambda c: c["year"] + 1,
    )
    drawn["bottom"] = drawn["top"] + strip
    drawn["middle"] = drawn["top"] + strip / 2
    drawn["persons"] = drawn["persons"].astype(float)
    left = 0 if above else _LABELS
    names = pd.DataFrame(
        {
            "label": [labels[name] for name in order],
            "y": [i * pitch + (10 if above else head + strip / 2) for i in range(len(order))],
        }
    )
    text = alt.Chart(names).mark_text(
        align="left", fontSize=12, fontWeight="bold" if above else 400
    )
    layers = [
        *_strips(drawn, _x(drawn, left), words),
        text.encode(x=alt.value(0), y=alt.Y("y:Q", scale=None), text="label:N"),
        *_key(set(drawn["cell"]), bool(drawn["method"].any()), words),
    ]
    height = head + (len(order) - 1) * pitch + strip + _KEY
    chart = alt.layer(*layers).properties(width=width, height=height)
    return theme.themed(chart, words.language)


_KEY = 62  # pixels under the strips for years and key


def _x(drawn: pd.DataFrame, left: int) -> alt.X:
    first, last = int(drawn["year"].min()), int(drawn["year"].max())
    step = 5 if last - first > 12 else 2 if last - first > 6 else 1
    ticks = [year + 0.5 for year in range(first, last + 1) if year % step == 0]
    axis = alt.Axis(
        title=None, values=ticks, labelExpr="format(floor(datum.value), 'd')", orient="bottom",
        grid=False, ticks=False, domain=False, offset=-_KEY + 4, labelOverlap="greedy",
    )  # fmt: skip
    scale = alt.Scale(
        domain=[first, last + 1],
        nice=False,
        zero=False,
        rangeMin=left,
        rangeMax=alt.ExprRef("width"),
    )
    return alt.X("year:Q", axis=axis, scale=scale)


def _strips(drawn: pd.DataFrame, x: alt.X, words: Words) -> list[alt.Chart]:
    base: Any = alt.Chart(drawn)
    top, bottom = alt.Y("top:Q", scale=None, axis=None), alt.Y2("bottom:Q")
    looks: dict[str, Any] = {
        "value": TOLD, "provisional": TOLD, "undercount": TOLD, "part": PART, "zero": cell.ZERO,
        "no_report": cell.hatch(stripes=8),
    }  # fmt: skip
    present = [kind for kind in looks if kind in set(drawn["cell"])]
    layers = [
        base.transform_filter(f"datum.cell == '{kind}'")
        .mark_rect(fill=looks[kind], stroke=theme.PAPER, strokeWidth=1)
        .encode(x, alt.X2("until:Q"), top, bottom, tooltip=_tooltip(words))
        for kind in present
    ]
    still = base.transform_filter(
        "datum.cell == 'provisional' || datum.cell == 'undercount'"
    ).transform_calculate(centre="datum.year + 0.5")
    middle = alt.Y("middle:Q", scale=None, axis=None)
    layers.append(cell.open_dot(still, 22).encode(alt.X("centre:Q"), middle))
    new = base.transform_filter("datum.method").transform_calculate(
        over="datum.top - 3", under="datum.bottom + 3"
    )
    rule = new.mark_rule(color=theme.INK, strokeWidth=2.4).encode(
        alt.X("year:Q"), alt.Y("over:Q", scale=None, axis=None), alt.Y2("under:Q")
    )
    return [*layers, rule]


def _tooltip(words: Words) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("year:Q", title=words("control.year"), format=".0f"),
        alt.Tooltip("told:Q", title=words("column.told"), format=",.0f"),
        alt.Tooltip("due:Q", title=words("column.due"), format=",.0f"),
        alt.Tooltip("persons:Q", title=words("column.counted"), format=",.0f"),
    ]


def _key(present: set[str], broken: bool, words: Words) -> list[alt.Chart]:
    """The key in rows under the strips, as many entries side by side as the width takes."""
    listed: list[tuple[str, Any, str]] = [
        (words(f"calendar.{kind}"), look, over)
        for kind, look, over in (
            ("value", TOLD, ""), ("part", PART, ""), ("zero", cell.ZERO, ""),
            ("open", TOLD, "open"), ("no_report", cell.hatch(stripes=8), ""),
            ("method", "", "rule"),
        )
        if kind in present or (kind == "open" and present & set(cell.OPEN))
        or (kind == "method" and broken)
    ]  # fmt: skip
    layers: list[alt.Chart] = []
    for number, (label, look, over) in enumerate(listed):
        across = f"(width < 520 ? 2 : {max(len(listed), 1)})"
        x = f"({number} % {across}) * width / {across}"
        y = f"height - {_KEY - 34} + floor({number} / {across}) * 15"
        one = alt.Chart(pd.DataFrame({"label": [label]}))
        at: dict[str, Any] = {"y": alt.value(alt.ExprRef(y))}
        here: Any = alt.value(alt.ExprRef(f"{x} + 9"))
        if look:
            swatch = one.mark_point(
                shape="M-1,-0.7H1V0.7H-1Z", size=130, filled=True, opacity=1, fill=look,
                stroke="#b9b4a6", strokeWidth=0.5,
            )  # fmt: skip
            layers.append(swatch.encode(x=here, **at))
        if over == "open":
            layers.append(cell.open_dot(one, 20).encode(x=here, **at))
        if over == "rule":
            bar = one.mark_point(shape="stroke", angle=90, size=200, strokeWidth=2.4, opacity=1)
            layers.append(bar.encode(x=here, stroke=alt.value(theme.INK), **at))
        said = one.mark_text(align="left", fontSize=11.5)
        layers.append(said.encode(x=alt.value(alt.ExprRef(f"{x} + 21")), text="label:N", **at))
    return layers
