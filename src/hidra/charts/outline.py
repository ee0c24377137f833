"""Bare outlines of places, each shape named by its code: what a page colours by itself.

A page that moves through months changes only fills; drawing every outline again for each month
would take ten times as long.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import altair as alt

from hidra.charts import cell, theme
from hidra.charts.map import height_share
from hidra.charts.theme import Language


def outlines(
    features: Sequence[dict[str, Any]], language: Language, *, width: int = 720
) -> alt.TopLevelMixin:
    """Draw every outline empty, with a dot inside; labels are ``CODE`` and ``dot-CODE``.

    Parameters
    ----------
    features : sequence of dict
        GeoJSON features with ``id`` = place code, and ``properties.lon, properties.lat`` of a
        point inside.
    width : int
        Pixels of the map.
    """
    text = json.dumps(list(features), ensure_ascii=False, separators=(",", ":"))
    data = alt.NamedData(name="outlines", format=alt.JsonDataFormat(type="json"))
    line = 0.7 if len(features) <= 100 else 0.25
    shapes = (
        alt.Chart(data)
        .mark_geoshape(fill=theme.PAPER, stroke=cell.EDGE, strokeWidth=line)
        .encode(description=alt.Description("id:N"))
    )
    inside = (
        alt.Chart(data)
        .transform_calculate(
            lon="datum.properties.lon", lat="datum.properties.lat", label="'dot-' + datum.id"
        )
        .transform_filter("isValid(datum.lon)")
        .mark_point(
            shape="circle",
            size=22 if len(features) <= 100 else 3,
            strokeWidth=1.2,
            opacity=1,
            fill=theme.PAPER,
            stroke=theme.INK,
        )
        .encode(
            alt.Longitude("lon:Q"), alt.Latitude("lat:Q"), description=alt.Description("label:N")
        )
    )
    drawn = alt.layer(shapes, inside).project("mercator")
    chart = drawn.properties(
        width=width,
        height=round(width * height_share(features)),
        datasets=alt.Datasets(outlines=text),
    )
    return theme.themed(chart, language)
