"""A sorted list of places with intervals: what can be told apart, and what cannot.

No league table: an order of rates says little where the intervals share values, so every place
also has the range of positions that its interval leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import cell, series, theme
from hidra.charts.chart import text_of
from hidra.charts.words import Words

WIDTH = 720
_ROW, _LEFT, _RIGHT = 21, 126, 150
_COLUMNS = ["place", "persons", "population", "rate", "low", "high", "from", "to"]


def rank(rates: pd.DataFrame) -> pd.DataFrame:
    """Sort places by rate, with the 90 % interval of each and the positions it leaves open.

    Parameters
    ----------
    rates : pandas.DataFrame
        ``place, persons, population`` of one period; unknowns and places with too
        few people are left out.

    Returns
    -------
    pandas.DataFrame
        ``place, persons, population, rate, low, high, from, to``: per 100,000; ``low`` and
        ``high`` are Garwood's exact interval of a Poisson count, what a count of that size tells
        of the rate behind it if deaths came one by one (they do not always, so it is too short
        rather than too long); ``from`` is one more than the number of places whose interval lies
        wholly above, ``to`` the number of places less those whose interval lies wholly below.

    Notes
    -----
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    """
    from scipy.stats import chi2

    rows = rates.dropna(subset=["persons", "population"])
    rows = rows[rows["population"] >= cell.FEW].copy()
    per = series.PER / rows["population"]
    rows["rate"] = (rows["persons"] * per).round(2)
    rows["low"] = (pd.Series(chi2.ppf(0.05, 2 * rows["persons"]), rows.index).fillna(0) / 2) * per
    rows["high"] = chi2.ppf(0.95, 2 * rows["persons"] + 2) / 2 * per
    rows[["low", "high"]] = rows[["low", "high"]].round(2)
    rows["from"] = [int((rows["low"] > high).sum()) + 1 for high in rows["high"]]
    rows["to"] = [len(rows) - int((rows["high"] < low).sum()) for low in rows["low"]]
    return rows.sort_values(["rate", "place"], ascending=[False, True])[_COLUMNS].reset_index(
        drop=True
    )


def ranked(
    rows: pd.DataFrame, names: Mapping[str, str], words: Words, *, width: int = WIDTH
) -> alt.TopLevelMixin:
    """Names, dots with whiskers, and figures, one line a place.

    ``rows`` comes from :func:`rank`.
    """
    drawn = rows.assign(y=[index * _ROW + 12 for index in range(len(rows))])
    top = float(rows["high"].max()) * 1.02
    narrow = "width < 520"
    scale = alt.Scale(
        domain=[0, top], nice=False, rangeMin=_LEFT,
        rangeMax=alt.ExprRef(f"width - ({narrow} ? 86 : {_RIGHT})"),
    )  # fmt: skip
    axis = alt.Axis(title=None, grid=True, tickCount=4, format=",.0f")
    base: Any = alt.Chart(drawn).transform_calculate(
        name=text_of(names, "datum.place"),
        figure=f"format(datum.rate, ',.1f') + ({narrow} ? '' : "
        "'  [' + format(datum.low, ',.1f') + '–' + format(datum.high, ',.1f') + ']')",
        position="datum.from == datum.to ? '' + datum.from : datum.from + '–' + datum.to",
    )
    y = alt.Y("y:Q", scale=None, axis=None)
    text: dict[str, Any] = {"fontSize": 12, "baseline": "middle"}
    right = alt.value(alt.ExprRef(f"width - ({narrow} ? 80 : {_RIGHT - 6})"))
    end = alt.value(alt.ExprRef("width"))
    quiet = {**text, "color": theme.SECONDARY}
    layers = [
        base.mark_text(align="left", **text).encode(x=alt.value(0), y=y, text="name:N"),
        base.mark_rule(strokeWidth=1.8, color=theme.MEDIAN).encode(
            alt.X("low:Q", scale=scale, axis=axis), alt.X2("high:Q"), y
        ),
        base.mark_point(filled=True, opacity=1, size=46, fill=theme.MEDIAN).encode(
            alt.X("rate:Q", scale=scale), y
        ),
        base.mark_text(align="left", **quiet).encode(x=right, y=y, text="figure:N"),
        base.mark_text(align="right", **quiet).encode(x=end, y=y, text="position:N"),
    ]
    chart = alt.layer(*layers).properties(width=width, height=len(rows) * _ROW + 4)
    return theme.themed(chart, words.language)
