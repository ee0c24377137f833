"""What was observed in many places at once: one small line each, on a common scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from hidra.charts import theme
from hidra.charts.chart import text_of
from hidra.charts.words import Words


def small_lines(
    rows: pd.DataFrame, names: Mapping[str, str], order: Sequence[str], words: Words
) -> alt.TopLevelMixin:
    """One small line of yearly rates per place; a year that is not known is a gap in the line.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``place, year, rate, status``; a null rate is unknown.
    names : mapping
        Place code -> name.
    order : sequence of str
        Places as they are to stand, never by danger.
    """
    present = set(rows["place"])
    rows = rows.assign(date=rows["year"].astype(str) + "-01")
    axis = alt.Axis(title=None, format="%Y", labelFlush=True, labelFontSize=11,
                    tickCount={"interval": "year", "step": 10})  # fmt: skip
    x = alt.X("date:T", scale=alt.Scale(type="utc"), axis=axis)
    y = alt.Y("rate:Q", axis=alt.Axis(title=None, tickCount=3, format="~s"))
    base = alt.Chart()
    line = base.mark_line(color=theme.MEDIAN, strokeWidth=1.4).encode(x, y)
    open_dots = base.transform_filter("datum.status != 'final' && isValid(datum.rate)").mark_point(
        size=14, fill=theme.PAPER, stroke=theme.MEDIAN, strokeWidth=1.1, opacity=1
    )
    header = alt.Header(title=None, labelExpr=text_of(names), labelAnchor="start")
    chart = (
        alt.layer(line, open_dots.encode(x, y), data=rows)
        .properties(width=118, height=74)
        .facet(
            facet=alt.Facet("place:N", sort=[p for p in order if p in present], header=header),
            columns=5,
            spacing={"row": 14, "column": 16},
        )
    )
    return theme.themed(chart, words.language)
