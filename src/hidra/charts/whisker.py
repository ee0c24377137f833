"""Dots and whiskers: how far an answer moves with the way it is asked, and what places differ.

A row carries its words and figures above its whisker (:mod:`hidra.charts.interval`), or beside it
where there are many short names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import theme
from hidra.charts.chart import WIDTH
from hidra.charts.interval import rows_of
from hidra.charts.words import Words

MINOR = "#5d6b75"  # whiskers of the variants beside that of the answer


def strip(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    words: Words,
    *,
    unit: str = "",
    percent: bool = False,
    claimed: float | None = None,
    width: int = WIDTH,
) -> alt.TopLevelMixin:
    """Robustness strip: the answer first, then what it becomes when it is asked in other ways.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``name, estimate, low, high, main``; null bounds are drawn as a dot without whisker, a null
        estimate as words only. ``main`` marks the answer itself.
    titles : mapping
        Name -> what was asked, in the order of the rows.
    unit : str
        Words after the figures.
    percent : bool
        Figures are shares, written as per cent.
    claimed : float, optional
        What was claimed: a rule with a label.
    """
    lie = rows_of("name", titles, rows["name"])
    drawn = rows[["name", "estimate", "low", "high", "main"]].reset_index(drop=True)
    x = _scale(drawn[["low", "high", "estimate"]], claimed)
    y = lie.y()
    base: Any = alt.Chart(drawn)
    colour = alt.condition("datum.main", alt.value(theme.MEDIAN), alt.value(MINOR))
    axis = alt.Axis(title=None, grid=True, tickCount=6, labelExpr=_said("datum.value", percent))
    layers = [
        *_rules(x, claimed, words, lie.height),
        base.mark_rule(yOffset=lie.whisker).encode(
            alt.X("low:Q", scale=x, axis=axis), alt.X2("high:Q"), y, color=colour,
            strokeWidth=alt.condition("datum.main", alt.value(3), alt.value(1.6)),
        ),
        base.transform_filter("isValid(datum.estimate)")
        .mark_point(filled=True, opacity=1, stroke=theme.PAPER, strokeWidth=1, yOffset=lie.whisker)
        .encode(
            alt.X("estimate:Q", scale=x), y, fill=colour,
            size=alt.condition("datum.main", alt.value(90), alt.value(52)),
            shape=alt.condition("datum.main", alt.value("circle"), alt.value("diamond")),
        ),
        *lie.texts(base, _figures(words, percent, unit), halo=True),
    ]  # fmt: skip
    chart = alt.layer(*layers).properties(width=width, height=lie.height + 8)
    return theme.themed(chart, words.language)


def _scale(values: pd.DataFrame, claimed: float | None, *, zero: bool = True) -> alt.Scale:
    low, high = float(values.min().min()), float(values.max().max())
    ends = [low, high, *([0.0] if zero else []), *([claimed] if claimed is not None else [])]
    room = 0.05 * max(max(ends) - min(ends), 1e-9)
    return alt.Scale(domain=[min(ends) - room, max(ends) + room], nice=False, zero=False)


def _said(value: str, percent: bool) -> str:
    """Vega expression that writes a value with a true minus sign."""
    text = (
        f"format({value} * 100, '+,.3~r') + '\u00a0%'" if percent else f"format({value}, ',.3~r')"
    )
    return f"({value} == 0 ? '0' : replace({text}, '-', '\u2212'))"


def _figures(words: Words, percent: bool, unit: str) -> str:
    inside = f"{_said('datum.low', percent)} + ' {words('word.to')} ' + " + _said(
        "datum.high", percent
    )
    interval = f"isValid(datum.low) ? '  [' + {inside} + ']' : ''"
    end = f" + ' {unit}'" if unit else ""
    return (
        f"isValid(datum.estimate) ? {_said('datum.estimate', percent)} + ({interval}){end} : "
        f"'{words('strip.none')}'"
    )


def _rules(x: alt.Scale, claimed: float | None, words: Words, height: int) -> list[alt.Chart]:
    marks = [(0.0, "")] + ([] if claimed is None else [(claimed, words("strip.claimed"))])
    layers: list[alt.Chart] = []
    for value, label in marks:
        one: Any = alt.Chart(pd.DataFrame({"at": [value], "label": [label]}))
        dash = [4, 3] if label else [1, 0]
        ink = theme.SERIES[2] if label else theme.INK
        layers.append(
            one.mark_rule(color=ink, strokeDash=dash).encode(
                alt.X("at:Q", scale=x), y=alt.value(0), y2=alt.value(height)
            )
        )
        if label:
            text = one.mark_text(color=ink, dy=6, dx=4, align="left", fontSize=11.5)
            layers.append(
                text.encode(alt.X("at:Q", scale=x), y=alt.value(height - 2), text="label:N")
            )
    return layers


def sensitivity(
    rows: pd.DataFrame, titles: Mapping[str, str], words: Words, *, width: int = WIDTH
) -> alt.TopLevelMixin:
    """How much of the doubt of a result comes from each parameter or mechanism.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``name, first, first_lo, first_hi, total, total_lo, total_hi``; shares of the variance.
        ``first`` is what a parameter brings by itself, ``total`` also what it brings together with
        others.
    titles : mapping
        Name -> words; the order of the rows is that of ``total``, largest first.
    """
    order = rows.sort_values("total", ascending=False)["name"]
    lie = rows_of("name", {name: titles.get(name, name) for name in order}, rows["name"])
    drawn = rows.reset_index(drop=True)
    top = max(float(drawn[["total_hi", "first_hi", "total"]].max().max()), 0.05)
    low = min(float(drawn[["total_lo", "first_lo"]].min().min()), 0.0)
    x = alt.Scale(domain=[low * 1.02, top * 1.02], nice=False)
    axis = alt.Axis(title=None, grid=True, tickCount=6, labelExpr=_share("datum.value"))
    base: Any = alt.Chart(drawn)
    y = lie.y()
    layers: list[Any] = []
    for kind, colour, offset in (("total", theme.BAND_50, 0), ("first", theme.MEDIAN, 8)):
        at = lie.whisker + offset
        layers += [
            base.mark_bar(color=colour, height=8, yOffset=at).encode(
                alt.X(f"{kind}:Q", scale=x, axis=axis), y
            ),
            base.mark_rule(color=theme.INK, yOffset=at).encode(
                alt.X(f"{kind}_lo:Q", scale=x), alt.X2(f"{kind}_hi:Q"), y
            ),
        ]
    said = (
        f"'{words('sensitivity.total')} ' + {_share('datum.total')} + "
        f"', {words('sensitivity.first')} ' + {_share('datum.first')}"
    )
    chart = alt.layer(*layers, *lie.texts(base, said))
    return theme.themed(chart.properties(width=width, height=lie.height + 10), words.language)


def _share(value: str) -> str:
    return f"replace(format({value} * 100, '.0f'), '-', '\u2212') + '\u00a0%'"
