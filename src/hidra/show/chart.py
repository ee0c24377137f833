"""Charts over time: one function, one Altair chart, for page, report, PNG and SVG alike.

Every function takes a tidy frame without words in any language and a :class:`~hidra.show.words.Words`;
the words go into the specification, never into the data, so both languages can share one copy of the data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from textwrap import wrap

import altair as alt
import pandas as pd

from hidra.show import theme
from hidra.show.words import Words

WIDTH = 720
TIME = alt.Scale(type="utc")
#: Room at the top of a time chart for the labels of rules, as a share of the largest value.
_HEADROOM = 0.16
_LABEL_ROW = 14


def text_of(words: Mapping[str, str], field: str = "datum.value") -> str:
    """Vega expression that looks up ``field`` in ``words`` (lists become several lines)."""
    return f"({json.dumps(dict(words), ensure_ascii=False)})[{field}]"


def time_axis() -> alt.Axis:
    """A quiet axis of years."""
    return alt.Axis(title=None, format="%Y", tickCount={"interval": "year", "step": 2})


def value_axis(form: str = ",.0f") -> alt.Axis:
    """A value axis with gridlines and no line of its own."""
    return alt.Axis(title=None, format=form)


# --- annotations -----------------------------------------------------------------------------------


def annotation_rows(marks: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Give each annotation a row, so that no two labels touch even on a phone.

    Parameters
    ----------
    marks : pandas.DataFrame
        ``month, label``.
    first, last : str
        First and last month of the axis.
    """
    span = max(_months_between(first, last), 1)
    placed: list[tuple[float, float, int]] = []
    rows = []
    for mark in marks.sort_values("month").itertuples(index=False):
        at = _months_between(first, mark.month) / span
        width = (len(mark.label) * 6.6 + 10) / 300  # pixels of a label on a 300 pixel plot
        right = at + width > 1
        start, end = (at - width, at) if right else (at, at + width)
        row = next(r for r in range(99) if not any(
            r == used and start < b and a < end for a, b, used in placed))  # fmt: skip
        placed.append((start, end, row))
        rows.append({"month": mark.month, "label": mark.label, "row": row, "right": right})
    return pd.DataFrame(rows, columns=["month", "label", "row", "right"])


def _months_between(first: str, last: str) -> int:
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7])


def _annotation_layers(marks: pd.DataFrame, first: str, last: str) -> list[alt.Chart]:
    if marks.empty:
        return []
    rows = annotation_rows(marks, first, last)
    rows["y"] = 7 + rows["row"] * _LABEL_ROW
    month = alt.X("month:T", scale=TIME)
    row = alt.Y("y:Q", scale=None, axis=None)
    base = alt.Chart(rows)
    rule = base.mark_rule(color=theme.SECONDARY, strokeDash=[2, 3])
    layers = [rule.encode(month, row, y2=alt.value("height"))]
    halo = {"stroke": theme.PAPER, "strokeWidth": 4, "strokeJoin": "round"}
    for right in (False, True):
        side = base.transform_filter(f"datum.right == {str(right).lower()}")
        align = {"align": "right" if right else "left", "dx": -4 if right else 4, "fontSize": 11.5}
        layers += [
            side.mark_text(color=theme.SECONDARY, **align, **ink).encode(month, row, text="label:N")
            for ink in (halo, {})
        ]
    return layers


# --- observed series and fans -----------------------------------------------------------------------


def _top(values: pd.Series, labels: int) -> float:
    """Upper end of the value axis: the largest value and room for the rows of labels."""
    return float(values.max()) * (1 + _HEADROOM * max(labels, 0.4))


def _series_encodings(measures: Sequence[str], labels: Mapping[str, str]) -> dict[str, object]:
    legend = alt.Legend(
        title=None, orient="top", direction="vertical", labelExpr=text_of(labels),
        symbolStrokeWidth=2,
    )  # fmt: skip
    domain = list(measures)
    size = len(domain)
    shape = alt.Scale(domain=domain, range=list(theme.SHAPES[:size]))
    return {
        "stroke": alt.Stroke(
            "measure:N", legend=legend,
            scale=alt.Scale(domain=domain, range=list(theme.SERIES[: 2 * size : 2])),
        ),
        "shape": alt.Shape("measure:N", scale=shape, legend=legend),
        "strokeDash": alt.StrokeDash(
            "measure:N", legend=legend,
            scale=alt.Scale(domain=domain, range=[list(dash) for dash in theme.DASHES[:size]]),
        ),
    }  # fmt: skip


def _dot_fill() -> object:
    """Filled dots are final months; open dots are provisional or undercounted."""
    return alt.condition("datum.status == 'final'", alt.value(theme.INK), alt.value(theme.PAPER))


def sources(
    rows: pd.DataFrame,
    marks: pd.DataFrame,
    labels: Mapping[str, str],
    words: Words,
    *,
    width: int = WIDTH,
    height: int = 340,
) -> alt.TopLevelMixin:
    """Several sources of one quantity side by side, lines cut at every break and gap.

    Parameters
    ----------
    rows : pandas.DataFrame
        From :func:`hidra.show.series.segmented`: ``measure, month, value, status, segment``.
    marks : pandas.DataFrame
        ``month, label`` of the rules to draw (method breaks).
    labels : mapping
        Measure -> words.
    """
    measures = [m for m in labels if m in set(rows["measure"])]
    encodings = _series_encodings(measures, labels)
    first, last = rows["month"].min(), rows["month"].max()
    annotations = annotation_rows(marks, first, last)
    top = _top(rows["value"], int(annotations["row"].max()) + 1 if len(annotations) else 0)
    x = alt.X("month:T", scale=TIME, axis=time_axis())
    y = alt.Y("value:Q", axis=value_axis(), scale=alt.Scale(domain=[0, top], nice=False))
    base = alt.Chart(rows)
    line = base.mark_line(strokeWidth=1.2, strokeJoin="round").encode(
        x, y, detail="segment:N", stroke=encodings["stroke"], strokeDash=encodings["strokeDash"]
    )
    dots = base.mark_point(size=9, strokeWidth=0.8, opacity=1, strokeDash=[1, 0]).encode(
        x, y, stroke=encodings["stroke"], shape=encodings["shape"],
        fill=alt.condition(
            "datum.status == 'final'",
            alt.Fill("measure:N", legend=None,
                     scale=alt.Scale(domain=measures, range=list(theme.SERIES[: 2 * len(measures) : 2]))),
            alt.value(theme.PAPER),
        ),
        tooltip=_tooltip(words, ("value", "word.persons")),
    )  # fmt: skip
    chart = alt.layer(line, dots, *_annotation_layers(marks, first, last))
    return theme.themed(chart.properties(width=width, height=height), words.language)


def fan(
    band: pd.DataFrame,
    observed: pd.DataFrame,
    marks: pd.DataFrame,
    words: Words,
    *,
    held_out: tuple[str, str] | None = None,
    width: int = WIDTH,
    height: int = 340,
) -> alt.TopLevelMixin:
    """Simulated bands and thin median, observed months as dots on top.

    Parameters
    ----------
    band : pandas.DataFrame
        ``month, p05, p25, p50, p75, p95``.
    observed : pandas.DataFrame
        ``month, value, status``.
    marks : pandas.DataFrame
        ``month, label`` of the rules to draw.
    held_out : (str, str), optional
        First and last month that the fit did not see: shaded.
    """
    first, last = band["month"].min(), band["month"].max()
    annotations = annotation_rows(marks, first, last)
    rows = int(annotations["row"].max()) + 1 if len(annotations) else 0
    top = _top(pd.concat([band["p95"], observed["value"]]), rows)
    x = alt.X("month:T", scale=TIME, axis=time_axis())
    scale = alt.Scale(domain=[0, top], nice=False)
    layers = [*_shade(held_out), *_fan_layers(alt.Chart(band), x, scale, words)]
    if len(observed):
        dots = alt.Chart(observed).mark_point(size=16, strokeWidth=1.1, opacity=1)
        layers.append(
            dots.encode(
                x,
                alt.Y("value:Q", scale=scale),
                fill=_dot_fill(),
                stroke=alt.value(theme.OBSERVED),
                tooltip=_tooltip(words, ("value", "word.observed")),
            )
        )
    names = ("p90", "p50", "median", "observed") if len(observed) else ("p90", "p50", "median")
    chart = alt.layer(*layers, *_annotation_layers(marks, first, last), _fan_key(names, words))
    return theme.themed(chart.properties(width=width, height=height), words.language)


#: Swatch of each name in the key of a fan: colour, shape, dash.
_SWATCHES = {
    "p90": (theme.BAND_90, "square", [1, 0]),
    "p50": (theme.BAND_50, "square", [1, 0]),
    "median": (theme.MEDIAN, "stroke", [1, 0]),
    "observed": (theme.OBSERVED, "circle", [1, 0]),
    "reference": (theme.SERIES[2], "stroke", [5, 3]),
}


def _fan_key(names: Sequence[str], words: Words) -> alt.Chart:
    """An invisible layer that only brings the key of a fan."""
    colours, shapes, dashes = zip(*(_SWATCHES[name] for name in names), strict=True)
    domain = list(names)
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", symbolOpacity=1, symbolStrokeWidth=1.6,
        columns=alt.ExprRef("width < 520 ? 2 : 4"), columnPadding=14,
        labelExpr=text_of({name: words(f"key.{name}") for name in names}),
    )  # fmt: skip

    def scale(values: Sequence[object]) -> alt.Scale:
        return alt.Scale(domain=domain, range=list(values))

    return (
        alt.Chart(pd.DataFrame({"key": domain}))
        .mark_point(opacity=0, size=0)
        .encode(
            fill=alt.Fill("key:N", scale=scale(colours), legend=legend),
            stroke=alt.Stroke("key:N", scale=scale(colours), legend=legend),
            shape=alt.Shape("key:N", scale=scale(shapes), legend=legend),
            strokeDash=alt.StrokeDash("key:N", scale=scale(dashes), legend=legend),
        )
    )


def _fan_layers(base: alt.Chart, x: alt.X, scale: alt.Scale, words: Words) -> list[alt.Chart]:
    return [
        base.mark_area(color=theme.BAND_90).encode(
            x, alt.Y("p05:Q", axis=value_axis(), scale=scale), y2="p95:Q"
        ),
        base.mark_area(color=theme.BAND_50).encode(x, alt.Y("p25:Q", scale=scale), y2="p75:Q"),
        base.mark_line(strokeWidth=1.4, color=theme.MEDIAN).encode(x, alt.Y("p50:Q", scale=scale)),
        base.mark_rule(opacity=0, strokeWidth=6).encode(
            x, tooltip=_tooltip(words, ("p50", "key.median"), ("p05", "key.p05"), ("p95", "key.p95"))
        ),
    ]


def _shade(period: tuple[str, str] | None) -> list[alt.Chart]:
    if period is None:
        return []
    frame = pd.DataFrame({"from": [period[0]], "to": [period[1]]})
    mark = alt.Chart(frame).mark_rect(color=theme.HELD_OUT)
    return [mark.encode(alt.X("from:T", scale=TIME), alt.X2("to:T"))]


def _tooltip(words: Words, *fields: tuple[str, str]) -> list[alt.Tooltip]:
    month = alt.Tooltip("utcyearmonth(month):T", title=words("word.month"), format="%B %Y")
    return [month, *(alt.Tooltip(f"{f}:Q", title=words(key), format=",.0f") for f, key in fields)]


# --- small multiples --------------------------------------------------------------------------------


def small_multiples(
    panels: pd.DataFrame,
    names: Mapping[str, str],
    order: Sequence[str],
    words: Words,
    *,
    common_scale: bool = True,
    columns: int = 5,
    width: int = 118,
    height: int = 74,
) -> alt.TopLevelMixin:
    """One small fan per place, observed months as dots; ordered as given, never by danger."""
    present = set(panels["place"])
    x = alt.X(
        "month:T", scale=TIME,
        axis=alt.Axis(title=None, format="%Y", tickCount={"interval": "year", "step": 10}),
    )  # fmt: skip
    base = alt.Chart()
    band = base.mark_area(color=theme.BAND_90).encode(
        x, alt.Y("p05:Q", axis=alt.Axis(title=None, tickCount=3, format="~s")), y2="p95:Q"
    )
    median = base.mark_line(color=theme.MEDIAN, strokeWidth=1).encode(x, alt.Y("p50:Q"))
    dots = base.mark_circle(size=3, color=theme.OBSERVED, opacity=0.75).encode(
        x, alt.Y("observed:Q")
    )
    header = alt.Header(title=None, labelExpr=text_of(names), labelAnchor="start")
    chart = (
        alt.layer(band, median, dots, data=panels)
        .properties(width=width, height=height)
        .facet(
            facet=alt.Facet("place:N", sort=[p for p in order if p in present], header=header),
            columns=columns,
            spacing={"row": 14, "column": 16},
        )
        .resolve_scale(y="shared" if common_scale else "independent")
    )
    return theme.themed(chart, words.language)


def scenario_fans(
    bands: pd.DataFrame,
    titles: Mapping[str, str],
    words: Words,
    *,
    columns: int = 3,
    width: int = 205,
    height: int = 150,
) -> alt.TopLevelMixin:
    """One fan per scenario, with the median of no change as a dashed line in each.

    ``bands`` has ``scenario, month, p05, p25, p50, p75, p95, reference``.
    """
    x = alt.X(
        "month:T", scale=TIME,
        axis=alt.Axis(title=None, format="%Y", tickCount={"interval": "year", "step": 4}),
    )  # fmt: skip
    scale = alt.Scale(zero=True)
    reference = (
        alt.Chart()
        .mark_line(color=theme.SERIES[2], strokeDash=[5, 3], strokeWidth=1.3)
        .encode(x, alt.Y("reference:Q", scale=scale))
    )
    lines = {name: wrap(title, 30) for name, title in titles.items()}
    header = alt.Header(
        title=None, labelExpr=text_of(lines), labelAnchor="start", labelLineHeight=14  # type: ignore[arg-type]
    )  # fmt: skip
    layers = [*_fan_layers(alt.Chart(), x, scale, words), reference]
    key = _fan_key(("p90", "p50", "median", "reference"), words)
    chart = (
        alt.layer(*layers, key, data=bands)
        .properties(width=width, height=height)
        .facet(
            facet=alt.Facet("scenario:N", sort=list(titles), header=header),
            columns=columns,
            spacing={"row": 18, "column": 18},
        )
    )
    return theme.themed(chart, words.language)
