"""Colours, type and locales of every hidra chart.

The palettes avoid red and black fills: people were killed, and the page is not a poster. They were
chosen so that neighbouring colours stay apart under simulated protanopia, deuteranopia and
tritanopia (``tests/unit/test_show_colour.py`` holds them to it).
"""

from __future__ import annotations

from typing import Any, Literal

import altair as alt

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = ("es", "en")

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

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_MONTHS: dict[str, tuple[str, ...]] = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
        "septiembre", "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December",
    ),
}  # fmt: skip
_DAYS: dict[str, tuple[str, ...]] = {
    "es": ("domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"),
    "en": ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
}


def month_names(language: Language) -> tuple[str, ...]:
    """Return the twelve month names of a language."""
    return _MONTHS[language]


def locale(language: Language) -> dict[str, Any]:
    """Vega locale: Mexican number format (1,234.5) and months written in the language."""
    months = _MONTHS[language]
    days = _DAYS[language]
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
    return {
        "locale": locale(language),
        "font": SANS,
        "background": PAPER,
        "padding": {"left": 4, "right": 10, "top": 4, "bottom": 4},
        "view": {"stroke": None},
        "axis": {
            **text,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "domainColor": "#8b939a",
            "tickColor": "#8b939a",
            "gridColor": "#e6e3da",
            "labelOverlap": "greedy",
            "labelSeparation": 6,
            "labelPadding": 4,
        },
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False, "tickCount": 5},
        "legend": {
            **text,
            "labelColor": INK,
            "labelLimit": 0,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "symbolSize": 90,
        },
        "header": {
            "labelColor": INK, "labelFontSize": 12, "labelFontWeight": "bold",
            "labelPadding": 3, "title": None,
        },
        "text": {"color": INK, "fontSize": 12},
    }  # fmt: skip


def themed(chart: alt.TopLevelMixin, language: Language) -> alt.TopLevelMixin:
    """Return ``chart`` with the house configuration of ``language``."""
    return chart.configure(**config(language))
