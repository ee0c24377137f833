"""Charts over time: one function, one Altair chart, for page, report, PNG and SVG alike.

Every function takes a tidy frame without words in any language and a
:class:`~hidra.charts.words.Words`; the words go into the specification, never into the data: both
languages can share one copy of the data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import annotation, cell, series, theme
from hidra.charts.annotation import TIME
from hidra.charts.words import Words

WIDTH, HEIGHT = 720, 340
#: Room at the top of a time chart for a row of labels, as a share of the largest value.
_HEADROOM = 0.16


def text_of(words: Mapping[str, str | list[str]], field: str = "datum.value") -> str:
    """Vega expression that looks up ``field`` in ``words`` (lists become several lines)."""
    return f"({json.dumps(dict(words), ensure_ascii=False)})[{field}]"


def time_axis() -> alt.Axis:
    """A quiet axis of years."""
    return alt.Axis(
        title=None, format="%Y", labelFlush=False, tickCount={"interval": "year", "step": 2}
    )


def value_axis(form: str = ",.0f") -> alt.Axis:
    """A value axis with gridlines and no line of its own."""
    return alt.Axis(title=None, format=form)


def _top(values: pd.Series, marks: pd.DataFrame) -> float:
    """Upper end of the value axis: the largest value and room for the rows of labels."""
    labels = 0.4 if marks.empty else int(marks["row"].max()) + 1
    return float(values.max()) * (1 + _HEADROOM * labels)


def _series_encodings(measures: Sequence[str], labels: Mapping[str, str]) -> dict[str, Any]:
    legend = alt.Legend(
        title=None, orient="top", direction="vertical", symbolStrokeWidth=0, symbolLimit=0,
        labelExpr=text_of({name: wrap(label, 40) for name, label in labels.items()}),
    )  # fmt: skip
    domain = list(measures)
    size = len(domain)
    shape = alt.Scale(domain=domain, range=list(theme.SHAPES[:size]))
    colour = alt.Scale(domain=domain, range=list(theme.SERIES[: 2 * size : 2]))
    return {
        "stroke": alt.Stroke("measure:N", legend=legend, scale=colour),
        "fill": alt.Fill("measure:N", legend=legend, scale=colour),
        "shape": alt.Shape("measure:N", scale=shape, legend=legend),
        "strokeDash": alt.StrokeDash(
            "measure:N", legend=legend,
            scale=alt.Scale(domain=domain, range=[list(dash) for dash in theme.DASHES[:size]]),
        ),
    }  # fmt: skip


def _dot_fill() -> Any:
    """Filled dots are final months; open dots are provisional or undercounted."""
    return alt.condition("datum.status == 'final'", alt.value(theme.INK), alt.value(theme.PAPER))


#: Lines through months that stand, and through those that may still change: never joined.
_OPEN: dict[str, Any] = {"strokeWidth": 0.8, "strokeOpacity": 0.4}
_LINES = {"final": {"strokeWidth": 1.2}, "provisional": _OPEN, "undercount": _OPEN}


def sources(
    rows: pd.DataFrame,
    marks: pd.DataFrame,
    labels: Mapping[str, str],
    words: Words,
    *,
    counted: str = "",
    form: str = ",.0f",
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> alt.TopLevelMixin:
    """Several sources of one quantity side by side, lines cut at every break and gap.

    What may still change is cut off too, so that months not yet complete do not look like a fall.

    Parameters
    ----------
    rows : pandas.DataFrame
        From :func:`hidra.charts.series.segmented`: ``measure, month, value, status, segment``.
    marks : pandas.DataFrame
        ``month, label`` of the rules to draw (method breaks).
    labels : mapping
        Measure -> words.
    counted : str, optional
        Words of what is counted; people killed otherwise.
    form : str
        How a value is written: rates have a decimal.
    """
    measures = [m for m in labels if m in set(rows["measure"])]
    encodings = _series_encodings(measures, labels)
    first, last = rows["month"].min(), rows["month"].max()
    top = _top(rows["value"], annotation.rows(marks, first, last))
    x = alt.X("month:T", scale=TIME, axis=time_axis())
    y = alt.Y("value:Q", axis=value_axis(), scale=alt.Scale(domain=[0, top], nice=False))
    base = alt.Chart(rows)
    lines = [
        base.transform_filter(f"datum.status == '{status}'")
        .mark_line(strokeJoin="round", **look)
        .encode(
            x, y, detail="segment:N", stroke=encodings["stroke"],
            strokeDash=encodings["strokeDash"],
        )
        for status, look in _LINES.items()
        if (rows["status"] == status).any()  # a layer without rows has no extent
    ]  # fmt: skip
    dots = base.mark_point(size=9, strokeWidth=0.8, opacity=1, strokeDash=[1, 0]).encode(
        x, y, stroke=encodings["stroke"], shape=encodings["shape"],
        fill=alt.condition(
            "datum.status == 'final'",
            encodings["fill"],
            alt.value(theme.PAPER),
        ),
        tooltip=_tooltip(words, counted=counted or words("word.persons"), form=form),
    )  # fmt: skip
    chart = alt.layer(*lines, dots, *_silent(rows, words), *annotation.layers(marks, first, last))
    return theme.themed(chart.properties(width=size[0], height=size[1]), words.language)


def _silent(rows: pd.DataFrame, words: Words) -> list[alt.Chart]:
    """A hatched foot under months without a report, so that they do not look like zeros."""
    missing = series.silent(rows)
    if missing.empty:
        return []
    until = pd.PeriodIndex(missing["month"], freq="M") + 1
    missing["until"] = until.strftime("%Y-%m")
    foot = alt.Chart(missing).mark_rect(fill=cell.hatch(stripes=6), stroke=cell.EDGE)
    return [
        foot.encode(
            alt.X("month:T", scale=TIME), alt.X2("until:T"),
            y=alt.value(alt.ExprRef("height - 9")), y2=alt.value("height"),
            tooltip=[alt.Tooltip(
                "utcyearmonth(month):T", title=words("key.no_data"), format="%B %Y"
            )],
        )
    ]  # fmt: skip


def fan(
    rows: pd.DataFrame,
    marks: pd.DataFrame,
    words: Words,
    *,
    held_out: tuple[str, str] | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> alt.TopLevelMixin:
    """Simulated bands and thin median, observed months as dots on top.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``month, part, p05, p25, p50, p75, p95, observed, status``; parts are drawn apart.
    marks : pandas.DataFrame
        ``month, label`` of the rules to draw.
    held_out : (str, str), optional
        First month that the fit did not see, and the first after them: shaded between.
    """
    first, last = rows["month"].min(), rows["month"].max()
    top = _top(pd.concat([rows["p95"], rows["observed"]]), annotation.rows(marks, first, last))
    x = alt.X("month:T", scale=TIME, axis=time_axis())
    scale = alt.Scale(domain=[0, top], nice=False)
    base = alt.Chart(rows)
    dots = base.transform_filter("isValid(datum.observed)").mark_point(
        size=16, strokeWidth=1.1, opacity=1, stroke=theme.OBSERVED
    )
    dots = dots.encode(
        x, alt.Y("observed:Q", scale=scale), fill=_dot_fill(),
        tooltip=_tooltip(words, ("observed", "word.observed"), ("p50", "key.median")),
    )  # fmt: skip
    names = ["p90", "p50", "median"]
    if rows["observed"].notna().any():
        names.append("observed" if (rows["status"] == "final").any() else "open")
    chart = alt.layer(
        *_shade(held_out), *fan_layers(base, x, scale, words, "part"), dots,
        *annotation.layers(marks, first, last), fan_key(names, words),
    ).add_params(alt.param("keys", value=4))  # fmt: skip
    return theme.themed(chart.properties(width=size[0], height=size[1]), words.language)


#: Swatch of each name in the key of a fan: colour, shape, dash.
_SWATCHES: dict[str, tuple[str, str, list[int]]] = {
    "p90": (theme.BAND_90, "square", [1, 0]),
    "p50": (theme.BAND_50, "square", [1, 0]),
    "median": (theme.MEDIAN, "stroke", [1, 0]),
    "observed": (theme.OBSERVED, "circle", [1, 0]),
    "open": (theme.OBSERVED, "circle", [1, 0]),
    "reference": (theme.SERIES[2], "stroke", [5, 3]),
}


def fan_key(names: Sequence[str], words: Words) -> alt.Chart:
    """An invisible layer that only brings the key of a fan."""
    colours, shapes, dashes = zip(*(_SWATCHES[name] for name in names), strict=True)
    domain = list(names)
    fills = [theme.PAPER if name == "open" else _SWATCHES[name][0] for name in names]
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", symbolOpacity=1, symbolStrokeWidth=1.6,
        columns=alt.ExprRef("keys"), columnPadding=34,
        labelExpr=text_of({name: words(f"key.{name}") for name in names}),
    )  # fmt: skip

    def scale(values: Sequence[Any]) -> alt.Scale:
        return alt.Scale(domain=domain, range=list(values))

    return (
        alt.Chart(pd.DataFrame({"key": domain}))
        .mark_point(opacity=0, size=0)
        .encode(
            fill=alt.Fill("key:N", scale=scale(fills), legend=legend),
            stroke=alt.Stroke("key:N", scale=scale(colours), legend=legend),
            shape=alt.Shape("key:N", scale=scale(shapes), legend=legend),
            strokeDash=alt.StrokeDash("key:N", scale=scale(dashes), legend=legend),
        )
    )


def fan_layers(
    base: alt.Chart, x: alt.X, scale: alt.Scale, words: Words, detail: str | None = None
) -> list[alt.Chart]:
    """Light band, dark band, thin median, and what the pointer reads in each month.

    ``detail`` names the column whose values are drawn apart (two fits, say).
    """
    part: dict[str, Any] = {"detail": f"{detail}:N"} if detail else {}
    return [
        base.mark_area(color=theme.BAND_90).encode(
            x, alt.Y("p05:Q", axis=value_axis(), scale=scale), y2="p95:Q", **part
        ),
        base.mark_area(color=theme.BAND_50).encode(
            x, alt.Y("p25:Q", scale=scale), y2="p75:Q", **part
        ),
        base.mark_line(strokeWidth=1.4, color=theme.MEDIAN).encode(
            x, alt.Y("p50:Q", scale=scale), **part
        ),
        base.mark_rule(opacity=0, strokeWidth=6).encode(
            x, tooltip=_tooltip(words, ("p50", "key.median"), *_TAILS)
        ),
    ]


_TAILS = (("p05", "key.p05"), ("p95", "key.p95"))


def _shade(period: tuple[str, str] | None) -> list[alt.Chart]:
    if period is None:
        return []
    frame = pd.DataFrame({"from": [period[0]], "to": [period[1]]})
    mark = alt.Chart(frame).mark_rect(color=theme.HELD_OUT)
    return [mark.encode(alt.X("from:T", scale=TIME), alt.X2("to:T"))]


def _tooltip(
    words: Words, *fields: tuple[str, str], counted: str = "", form: str = ",.0f"
) -> list[alt.Tooltip]:
    month = alt.Tooltip("utcyearmonth(month):T", title=words("word.month"), format="%B %Y")
    value = [alt.Tooltip("value:Q", title=counted, format=form)] if counted else []
    named = [alt.Tooltip(f"{f}:Q", title=words(key), format=",.0f") for f, key in fields]
    return [month, *value, *named]
