"""Choropleth of the 32 states: annual rates; "no data" is hatched, never coloured like zero."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from hidra.show import theme
from hidra.show.chart import text_of
from hidra.show.words import Words

WIDTH, HEIGHT = 720, 470


def hatch(ink: str = "#a7a294", ground: str = "#fbfaf7", stripes: int = 22) -> dict[str, Any]:
    """A diagonal hatch as a hard-edged gradient: it survives SVG, PNG and print alike."""
    stops: list[dict[str, Any]] = []
    for stripe in range(stripes):
        colour = ink if stripe % 2 else ground
        stops.append({"offset": round(stripe / stripes, 4), "color": colour})
        stops.append({"offset": round((stripe + 1) / stripes, 4), "color": colour})
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 1, "stops": stops}


def classes(rates: pd.Series) -> list[float]:
    """Five round class limits at even shares of the values (sixths), for six colours."""
    known = rates.dropna()
    limits = [float(known.quantile(share / 6)) for share in range(1, 6)]
    rounded = [round(limit) if limit >= 3 else round(limit, 1) for limit in limits]
    unique = sorted(set(rounded))
    while len(unique) < 5:
        unique.append(unique[-1] + 1)
    return unique


def choropleth(
    rates: pd.DataFrame,
    outlines: list[dict[str, Any]],
    names: Mapping[str, str],
    words: Words,
    *,
    year: int,
) -> alt.TopLevelMixin:
    """States coloured by rate, with a slider of years and a choice of observed or simulated.

    Parameters
    ----------
    rates : pandas.DataFrame
        ``place, kind, year, rate, persons``; a missing row or null rate is hatched.
    outlines : list of dict
        GeoJSON features with ``id`` = place code.
    names : mapping
        Place code -> name.
    year : int
        Year shown first.
    """
    limits = classes(rates["rate"])
    shown, kind = _controls(rates, year, words)
    shapes = alt.NamedData(name="outlines")
    at_year = alt.Chart(rates).transform_filter("datum.year == year && datum.kind == kind")
    known = (
        at_year.transform_filter("isValid(datum.rate)")
        .transform_lookup("place", alt.LookupData(shapes, "id", ["type", "geometry"]))
        .transform_calculate(name=text_of(names, "datum.place"))
        .mark_geoshape(stroke=theme.PAPER, strokeWidth=0.7)
        .encode(
            fill=alt.Fill(
                "rate:Q", legend=None,
                scale=alt.Scale(type="threshold", domain=limits, range=list(theme.SEQUENTIAL)),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=words("word.state")),
                alt.Tooltip("year:Q", title=words("control.year"), format=".0f"),
                alt.Tooltip("rate:Q", title=words("column.rate"), format=",.1f"),
                alt.Tooltip("persons:Q", title=words("word.persons"), format=",.0f"),
            ],
        )
    )  # fmt: skip
    ground = alt.Chart(shapes).mark_geoshape(fill=hatch(), stroke="#8f8a7c", strokeWidth=1.3)
    chart = (
        alt.layer(ground, known, *_key(limits, words))
        .add_params(shown, kind)
        .project("mercator")
        .properties(width=WIDTH, height=HEIGHT, datasets=alt.Datasets(outlines=outlines))
    )
    return theme.themed(chart, words.language)


def _controls(rates: pd.DataFrame, year: int, words: Words) -> tuple[alt.Parameter, alt.Parameter]:
    kinds = list(dict.fromkeys(rates["kind"]))
    first, last = int(rates["year"].min()), int(rates["year"].max())
    slider = alt.binding_range(min=first, max=last, step=1, name=words("control.year") + " ")
    labels = [words(f"map.{kind}") for kind in kinds]
    choice = alt.binding_select(options=kinds, labels=labels, name=words("control.layer") + " ")
    return alt.param("year", value=year, bind=slider), alt.param(
        "kind", value=kinds[0], bind=choice
    )


def _key(limits: list[float], words: Words) -> list[alt.Chart]:
    """The key, drawn in the empty sea at the lower left so that PNG and SVG carry it too."""
    edges = [f"{limit:g}" for limit in limits]
    labels = [f"< {edges[0]}", *(f"{a}–{b}" for a, b in pairwise(edges))]
    labels = [*labels, f"≥ {edges[-1]}", words("key.no_data")]
    fills: list[Any] = [*theme.SEQUENTIAL, hatch(stripes=8)]
    layers: list[alt.Chart] = []
    for row, (label, fill) in enumerate(zip(labels, fills, strict=True)):
        below = alt.ExprRef(f"height - {15 * (len(labels) - row)} + 6")
        at: dict[str, Any] = {"y": alt.value(below)}
        one = alt.Chart(pd.DataFrame({"label": [label]}))
        swatch = one.mark_point(
            shape="M-1,-0.7H1V0.7H-1Z", size=130, filled=True, opacity=1,
            fill=fill, stroke="#b9b4a6", strokeWidth=0.5,
        )  # fmt: skip
        text = one.mark_text(align="left", fontSize=11.5, color=theme.INK)
        layers += [
            swatch.encode(x=alt.value(9), **at),
            text.encode(x=alt.value(23), text="label:N", **at),
        ]
    return layers
