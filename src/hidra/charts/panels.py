"""Many small charts of one kind: the 32 states, the scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap

import altair as alt
import pandas as pd

from hidra.charts import theme
from hidra.charts.annotation import TIME
from hidra.charts.chart import fan_key, fan_layers, text_of
from hidra.charts.words import Words


def _years(step: int) -> alt.Axis:
    ticks = {"interval": "year", "step": step}
    return alt.Axis(title=None, format="%Y", labelFlush=False, tickCount=ticks)


def small_multiples(
    panels: pd.DataFrame,
    names: Mapping[str, str],
    order: Sequence[str],
    words: Words,
    *,
    common_scale: bool = True,
) -> alt.TopLevelMixin:
    """One small fan per place, observed months as dots; ordered as given, never by danger."""
    present = set(panels["place"])
    x = alt.X(
        "month:T", scale=TIME,
        axis=_years(10),
    )  # fmt: skip
    base = alt.Chart()
    band = base.mark_area(color=theme.BAND_90).encode(
        x,
        alt.Y("p05:Q", axis=alt.Axis(title=None, tickCount=3, format="~s", minExtent=26)),
        y2="p95:Q",
        detail="part:N",
    )
    median = base.mark_line(color=theme.MEDIAN, strokeWidth=1).encode(
        x, alt.Y("p50:Q"), detail="part:N"
    )
    dots = base.mark_circle(size=3, color=theme.OBSERVED, opacity=0.75).encode(
        x, alt.Y("observed:Q")
    )
    header = alt.Header(title=None, labelExpr=text_of(names), labelAnchor="start")
    chart = (
        alt.layer(band, median, dots, data=panels)
        .properties(width=118, height=74)
        .facet(
            facet=alt.Facet("place:N", sort=[p for p in order if p in present], header=header),
            columns=5,
            spacing={"row": 14, "column": 16},
        )
        .resolve_scale(y="shared" if common_scale else "independent")
    )
    return theme.themed(chart, words.language)


def scenario_fans(
    bands: pd.DataFrame,
    titles: Mapping[str, str],
    words: Words,
) -> alt.TopLevelMixin:
    """One fan per scenario, with the median of no change as a dashed line in each.

    ``bands`` has ``scenario, month, p05, p25, p50, p75, p95, reference``.
    """
    x = alt.X(
        "month:T", scale=TIME,
        axis=_years(1),
    )  # fmt: skip
    scale = alt.Scale(zero=True)
    reference = (
        alt.Chart()
        .mark_line(color=theme.SERIES[2], strokeDash=[5, 3], strokeWidth=1.3)
        .encode(x, alt.Y("reference:Q", scale=scale))
    )
    lines: dict[str, str | list[str]] = {name: wrap(title, 30) for name, title in titles.items()}
    header = alt.Header(
        title=None, labelExpr=text_of(lines), labelAnchor="start", labelLineHeight=14
    )  # fmt: skip
    layers = [*fan_layers(alt.Chart(), x, scale, words), reference]
    key = fan_key(("p90", "p50", "median", "reference"), words)
    chart = (
        alt.layer(*layers, key, data=bands)
        .properties(width=205, height=150)
        .facet(
            facet=alt.Facet("scenario:N", sort=list(titles), header=header),
            columns=3,
            spacing={"row": 18, "column": 18},
        )
        .add_params(alt.param("keys", value=2))
    )
    return theme.themed(chart, words.language)
