"""Municipalities as dots on the outlines of the states: for what is simulated, and for no network.

The outlines of 2,475 municipalities do not come with hidra. A dot lies at the centroid; its colour
is the class of the rate, so that a large desert weighs no more than a town.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import cell, theme
from hidra.charts.map import HEIGHT, WIDTH
from hidra.charts.words import Words

SMALLEST, LARGEST = 5, 260  # square pixels of a dot: from nobody killed to most


def dots(
    rates: pd.DataFrame,
    outlines: Sequence[Mapping[str, Any]],
    words: Words,
    *,
    titled: bool = False,
    width: int = WIDTH,
) -> alt.TopLevelMixin:
    """One year of municipalities: colour by rate, area by the number of people killed.

    Parameters
    ----------
    rates : pandas.DataFrame
        ``place, name, lat, lon, year, persons, rate`` and ``low, high`` (interval of the rate).
    outlines : sequence of dict
        GeoJSON features of the states.
    titled : whether title and doubt stand on the picture itself, for one that is handed on alone.
    """
    bounds = cell.limits(rates["rate"])
    rows = rates.assign(cell=cell.kinds(rates)).sort_values("persons")
    ground: Any = alt.Chart(alt.Data(values=list(outlines)))
    ground = ground.mark_geoshape(fill="#f4f2ec", stroke=cell.EDGE, strokeWidth=0.6, aria=False)
    areas = [alt.ExprRef(f"{area} * pow(width / {WIDTH}, 2)") for area in (SMALLEST, LARGEST)]
    scale = alt.Scale(type="sqrt", domainMin=0, range=areas)  # smaller on a phone, like the map
    size = alt.Size("persons:Q", legend=None, scale=scale)
    marks = alt.Chart(rows).mark_circle(
        opacity=0.9, stroke=theme.INK, strokeWidth=0.25, aria=False
    ).encode(
        longitude="lon:Q", latitude="lat:Q", size=size, fill=cell.fill(bounds),
        tooltip=_tooltip(words),
    )  # fmt: skip
    listed = cell.entries(bounds, cell.present(rows), words)[:-1]  # no place is without a figure
    height = round(width * HEIGHT / WIDTH)
    layers = [ground, marks, *cell.key(listed, fold=True)]
    drawn = alt.layer(*layers).properties(width=width, height=height).project(type="mercator")
    if titled:
        year = int(rates["year"].max())
        lines = [words("municipal.subtitle", year=year), words("municipal.doubt")]
        drawn = drawn.properties(title=alt.TitleParams(words("municipal.title"), subtitle=lines))
    return theme.themed(drawn, words.language)


def _tooltip(words: Words) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=words("word.place")),
        alt.Tooltip("rate:Q", title=words("column.rate"), format=",.1f"),
        alt.Tooltip("low:Q", title=words("column.low"), format=",.1f"),
        alt.Tooltip("high:Q", title=words("column.high"), format=",.1f"),
        alt.Tooltip("persons:Q", title=words("word.persons"), format=",.1f"),
    ]
