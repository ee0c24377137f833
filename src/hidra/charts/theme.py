"""Colours, type, locales and common parts of every hidra chart.

The palettes avoid red and black fills: people were killed, and the page is not a poster. They were
chosen so that neighbouring colours stay apart under simulated protanopia, deuteranopia and
tritanopia (``tests/unit/test_show_colour.py`` holds them to it).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import altair as alt

from hidra.charts.words import Words
from hidra.core.i18n import DAYS, MONTHS, Language

WIDTH = 720  # pixels of a chart before a page fits it
#: Behind letters that stand on a rule.
HALO: dict[str, Any] = {"stroke": "#fbfaf7", "strokeWidth": 4, "strokeJoin": "round"}
NARROW = "width < 520"  # a phone, in the language of Vega
INK = "#1f2933"
SECONDARY = "#5b6770"
PAPER = "#fbfaf7"
LINK = "#2b5d8a"
RULE = "#d9d6cc"

#: Six classes from little to much; the palest is a true zero or near zero, never "no data".
SEQUENTIAL = ("#eceae4", "#cfdde3", "#9dbdcc", "#5f94b0", "#2f6690", "#15325a")
#: Centred on zero, for differences only.
DIVERGING = ("#8c510a", "#cf9f55", "#ecdcb8", "#f0efeb", "#bcd9d8", "#5ba6a3", "#01665e")
#: Always used with direct labels, shapes and line styles beside the colour.
SERIES = ("#1d4e7a", "#3f7fb0", "#b36a12", "#3b3b3b", "#5d6b75")

SHAPES = ("circle", "diamond", "triangle-up", "square", "cross")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4])

#: The fan: two bands and a thin median of one blue.
BAND_90 = "#cfdde3"
BAND_50 = "#9dbdcc"
MEDIAN = "#1d4e7a"
OBSERVED = "#1f2933"
HELD_OUT = "#efece3"

#: Families as wide as Arial: what is laid out by the length of words fits on every machine.
SANS = "'Helvetica Neue', Arial, 'Liberation Sans', Roboto, sans-serif"


def locale(language: Language) -> dict[str, Any]:
    """Vega locale: Mexican number format (1,234.5) and months written in the language."""
    months = MONTHS[language]
    days = DAYS[language]
    return {
        "number": {
            "decimal": ".", "thousands": ",", "grouping": [3], "currency": ["$", ""],
        },
        "time": {
            "dateTime": "%A, %e %B %Y, %X", "date": "%d/%m/%Y", "time": "%H:%M:%S",
            "periods": ["a. m.", "p. m."],
            "days": list(days), "shortDays": [day[:3] for day in days],
            "months": list(months), "shortMonths": [month[:3] for month in months],
        },
    }  # fmt: skip


def config(language: Language) -> dict[str, Any]:
    """Vega-Lite configuration shared by all charts of one language."""
    text = {"labelColor": SECONDARY, "titleColor": SECONDARY, "labelFontSize": 12}
    title = {"titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "locale": locale(language),
        "font": SANS,
        "background": PAPER,
        "padding": {"left": 4, "right": 10, "top": 4, "bottom": 4},
        "view": {"stroke": None},
        "axis": {
            **text, **title, "domainColor": "#8b939a", "tickColor": "#8b939a",
            "gridColor": "#e6e3da", "labelOverlap": "parity",
            "labelSeparation": 12,  # a reader's letters may be wider than those it was drawn with
            "labelPadding": 4,
        },
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False, "tickCount": 5},
        "legend": {**text, "labelColor": INK, "labelLimit": 0, **title, "symbolSize": 90},
        "header": {
            "labelColor": INK, "labelFontSize": 12, "labelFontWeight": "bold",
            "labelPadding": 3, "title": None,
        },
        "text": {"color": INK, "fontSize": 12},
    }  # fmt: skip


def themed(chart: alt.TopLevelMixin, language: Language) -> alt.TopLevelMixin:
    """Return ``chart`` with the house configuration of ``language``."""
    return chart.configure(**config(language))


def sized(
    chart: alt.LayerChart | alt.FacetChart, words: Words, height: float, width: int = WIDTH
) -> alt.TopLevelMixin:
    """Return ``chart`` with its size in pixels and the house configuration."""
    return themed(chart.properties(width=width, height=height), words.language)


def text_of(words: Mapping[str, str | list[str]], field: str = "datum.value") -> str:
    """Vega expression that looks up ``field`` in ``words`` (lists become several lines)."""
    return f"({json.dumps(dict(words), ensure_ascii=False)})[{field}]"


def pixels(column: str) -> alt.Y:
    """A height in pixels from the top, as ``column`` gives it."""
    return alt.Y(f"{column}:Q", scale=None, axis=None)


def tips(words: Words, *told: tuple[str, str, str]) -> list[alt.Tooltip]:
    """What a pointer reads: columns, their words (or the key of these) and how they are written.

    The way of writing is a number format of d3, ``month``, or empty for text.
    """
    return [_tip(column, words.maybe(key, key), form) for column, key, form in told]


def _tip(column: str, title: str, form: str) -> alt.Tooltip:
    if form == "month":
        return alt.Tooltip(f"utcyearmonth({column}):T", title=title, format="%B %Y")
    if not form:
        return alt.Tooltip(f"{column}:N", title=title)
    return alt.Tooltip(f"{column}:Q", title=title, format=form)
