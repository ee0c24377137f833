"""Charts over time: registers side by side, simulated fans, and many small ones of a kind.

Every function takes a tidy frame without words in any language and a
:class:`~hidra.charts.words.Words`; the words go into the specification, never into the data: both
languages can share one copy of the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count, permutations
from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hidra.charts import cell, series, theme
from hidra.charts.block import KEY
from hidra.charts.theme import text_of, tips
from hidra.charts.words import Words

HEIGHT = 340
TIME = alt.Scale(type="utc")
_VALUES = alt.Axis(title=None, format=",.0f")
#: Room at the top of a time chart for a row of labels, as a share of the largest value.
_HEADROOM = 0.16
_LABEL_ROW = 14
#: Names at the ends of lines: letters of a row, and the lowest chart and axis they are fitted to.
_WRAP, _SHORTEST, _FOOT = 13, 300, 30
#: Pixels of a row of a name, of its letters, and round it; of the narrowest plot.
_ROW, _LETTER, _GAP, _NARROWEST = 13, 6.5, 6, 220
_ORDERS = 3  # names inside the plot of which every order is tried
_LASTS = 0.86  # share of the time after which a line reaches the margin
_FEW = 60  # points of a line with a dot each
#: A register looks the same on every page.
_LOOK = {
    "inegi_homicides": 0, "sesnsp_homicide_victims": 1, "sesnsp_homicide_files": 2,
    "inegi_homicides_registered": 3, "inegi_homicides_occurred_and_registered": 4,
}  # fmt: skip
_SHORT = 36  # months of a chart whose axis names months
#: Plot widths for which labels must not touch: a phone, a tablet, a desk.
_PLOTS = (300, 480, 640)
_MONTH, _MEDIAN = ("month", "word.month", "month"), ("p50", "key.median", ",.0f")
#: Lines through months that stand, and through those that may still change: never joined.
_OPEN: dict[str, Any] = {"strokeWidth": 0.8, "strokeOpacity": 0.4}
_LINES = {"final": {"strokeWidth": 1.2}, "provisional": _OPEN, "undercount": _OPEN}
#: Swatch of each name in the key of a fan: colour, shape, dash.
_SWATCHES: dict[str, tuple[str, str, list[int]]] = {
    "p90": (theme.BAND_90, "square", [1, 0]), "p50": (theme.BAND_50, "square", [1, 0]),
    "median": (theme.MEDIAN, "stroke", [1, 0]), "observed": (theme.OBSERVED, "circle", [1, 0]),
    "open": (theme.OBSERVED, "circle", [1, 0]), "reference": (theme.SERIES[2], "stroke", [5, 3]),
    "alone": (theme.SERIES[2], "stroke", [1, 2]),
}  # fmt: skip


def _years(step: int = 2, **look: Any) -> alt.Axis:
    """A quiet axis of years, one labelled in every ``step``."""
    ticks = {"interval": "year", "step": step}
    return alt.Axis(title=None, format="%Y", tickCount=ticks, **{"labelFlush": False, **look})


def _axis(first: str, last: str) -> alt.Axis:
    """Years, or months where they are few."""
    start, end = series.month_number(pd.Series([first, last]))
    if end - start > _SHORT:
        return _years()
    ticks = {"interval": "month", "step": 3 if end - start > 8 else 1}
    return alt.Axis(title=None, format="%b %Y", tickCount=ticks, labelFlush=False)


def _top(values: pd.Series, marks: pd.DataFrame) -> float:
    """Upper end of the value axis: the largest value and room for the rows of labels."""
    labels = 0.4 if marks.empty else int(marks["row"].max()) + 1
    return float(values.max()) * (1 + _HEADROOM * labels)


def _looks(measures: list[str]) -> dict[str, Any]:
    """Colour, shape and dash of each line; what each is stands at its end."""
    every = theme.SERIES[::2] + theme.SERIES[1::2]  # the most different ones first
    given: dict[str, Any] = {"legend": None, "shorthand": "measure:N"}
    known = {_LOOK[one] for one in measures if one in _LOOK}
    free = (at for at in count() if at not in known)
    numbers = [_LOOK[one] if one in _LOOK else next(free) for one in measures]
    looks = [
        (every[at % 5], theme.SHAPES[at % 5], list(theme.DASHES[(at + at // 5) % 5]))
        for at in numbers
    ]  # fmt: skip
    colour, shape, dash = (
        alt.Scale(domain=measures, range=list(one)) for one in zip(*looks, strict=True)
    )
    return {
        "stroke": alt.Stroke(scale=colour, **given), "fill": alt.Fill(scale=colour, **given),
        "shape": alt.Shape(scale=shape, **given), "strokeDash": alt.StrokeDash(scale=dash, **given),
    }  # fmt: skip


def ends(rows: pd.DataFrame, labels: Mapping[str, str], top: float) -> pd.DataFrame:
    """Place the name of every line at its end, so that no name lies on a line or another name.

    Parameters
    ----------
    rows : ``measure, month, value``.
    labels : Measure -> words; wrapped after `_WRAP` letters.
    top : Upper end of the value axis.

    Returns
    -------
    pandas.DataFrame
        ``measure, month, value, side``: where it stands, in months and values; ``side`` is
        ``margin`` right of the plot, for lines that last, else ``left`` or ``right`` of the end.
    """
    number = series.month_number(rows["month"])
    at = (number - number.min()) / max(number.max() - number.min(), 1)
    points = rows.assign(at=at, value=rows["value"].astype(float)).dropna(subset=["value"])
    found = points.sort_values("month").groupby("measure").last()
    found = found.loc[[one for one in labels if one in found.index]].assign(side="margin")
    unit = top / (_SHORTEST - _FOOT)  # of values, in a pixel
    said = [wrap(labels[one], _WRAP) for one in found.index]
    found["high"] = [unit * _ROW * len(one) for one in said]
    found["wide"] = [max(map(len, one)) * _LETTER / _NARROWEST for one in said]
    taken = np.concatenate([_drawn(one) for _, one in points.groupby("measure")])
    inside = found.index[found["at"] <= _LASTS]
    for name, side, box in _within(found.loc[inside], taken, top, _GAP * unit):
        found.loc[name, ["side", "value"]] = side, (box[2] + box[3]) / 2
    last = found[found["side"] == "margin"].sort_values("value")
    found.loc[last.index, "value"] = _apart(last["value"], last["high"], top)
    found["value"] += (found["high"] - _ROW * unit) / 2  # words hang from their first row
    return found.reset_index()[["measure", "month", "value", "side"]]


def _drawn(line: pd.DataFrame) -> np.ndarray:
    """The way of a line over the plot, as boxes without size: from, to, low, high."""
    line = line.sort_values("at")
    steps = np.union1d(line["at"], np.arange(line["at"].min(), line["at"].max(), 0.01))
    heights = np.interp(steps, line["at"], line["value"])
    return np.stack([steps, steps, heights, heights], axis=1)


def _within(
    found: pd.DataFrame, taken: np.ndarray, top: float, gap: float
) -> list[tuple[str, str, list[float]]]:
    """Name, side and box of the lines that end inside the plot, in the order that serves them best.

    What is placed first is in the way of the others: every order is tried of as many as are read.
    """
    tried = []
    for order in permutations(found.index) if len(found) <= _ORDERS else [tuple(found.index)]:
        boxes, costs, full = [], [], taken
        for name in order:
            *cost, side, box = _free(found.loc[name], full, top, gap)
            full = np.vstack([full, box])
            boxes.append((name, side, box))
            costs.append(cost)
        tried.append((np.sum(costs, axis=0).tolist(), boxes))
    return min(tried, key=lambda one: one[0])[1]


def _free(
    end: pd.Series, taken: np.ndarray, top: float, gap: float
) -> tuple[int, int, int, str, list[float]]:
    """Names and lines under a name beside its end, how far off it is, side and box: the best."""
    tried = []
    for side, start in (("left", end["at"] - end["wide"]), ("right", end["at"])):
        near = taken[(taken[:, 1] >= start) & (taken[:, 0] <= start + end["wide"])]
        feet = np.concatenate([near[:, 3] + gap, near[:, 2] - gap - end["high"]])
        feet = feet[(feet >= 0) & (feet + end["high"] <= top)]
        for foot in feet if 0 <= start <= 1 - end["wide"] else ():
            head = foot + end["high"]
            lies = near[(near[:, 3] > foot - 0.9 * gap) & (near[:, 2] < head + 0.9 * gap)]
            under = ((lies[:, 1] > lies[:, 0]).sum(), len(lies))  # names, and all with the lines
            away = round(abs((foot + head) / 2 - end["value"]) / gap)
            tried.append((*under, away, side, [start, start + end["wide"], foot, head]))
    nowhere = (0, 0, 0, "right", [end["at"], end["at"], end["value"], end["value"]])
    return min(tried, key=lambda one: one[:3], default=nowhere)  # a plot too low or narrow for any


def _apart(middle: pd.Series, high: pd.Series, top: float) -> np.ndarray:
    """Move names of the margin, from the lowest up, as little as keeps them apart and inside."""
    from scipy.optimize import isotonic_regression

    if middle.empty:
        return np.empty(0)
    stacked = (high.cumsum() - high / 2).to_numpy()
    free = isotonic_regression(middle.to_numpy() - stacked).x
    return stacked + np.clip(free, 0, max(top - high.sum(), 0))


def _ends(
    rows: pd.DataFrame, labels: Mapping[str, str], shown: Mapping[str, Any], x: alt.X, y: alt.Y,
    top: float,
) -> list[alt.Chart]:  # fmt: skip
    """The names at the ends of lines; a chart that is fitted leaves room for them."""
    named = {one: wrap(label, _WRAP) for one, label in labels.items()}
    placed = ends(rows, labels, top)
    base = alt.Chart(placed).transform_calculate(said=text_of(named, "datum.measure"))
    ink: dict[str, Any] = {"baseline": "middle", "fontSize": 12, "lineHeight": 13}
    layers = []
    for side in dict.fromkeys(placed["side"]):
        place = {"margin": {"x": alt.value(alt.ExprRef("width + 7"))}}.get(side, {"x": x})
        look = {"align": "right" if side == "left" else "left", **ink}
        part = base.transform_filter(f"datum.side == '{side}'")
        halo = part.mark_text(**look, **theme.HALO).encode(**place, y=y, text="said:N")
        said = part.mark_text(**look).encode(
            **place, y=y, text="said:N", fill=shown["fill"], stroke=alt.value(None)
        )
        layers += [said] if side == "margin" else [halo, said]
    return layers


def _if_final(mark: Any) -> Any:
    """Filled dots are final months; open dots are provisional or undercounted."""
    return alt.condition("datum.status == 'final'", mark, alt.value(theme.PAPER))


def sources(
    rows: pd.DataFrame, marks: pd.DataFrame, labels: Mapping[str, str], words: Words, *,
    counted: str = "", form: str = ",.0f", ticks: Sequence[str] = (),
) -> alt.TopLevelMixin:  # fmt: skip
    """Several sources of one quantity side by side, lines cut at every break and gap.

    What may still change is cut off too, so that months not yet complete do not look like a fall.

    Parameters
    ----------
    rows : From :func:`series.segmented`: ``measure, month, value, status, segment``.
    marks : ``month, label`` of the rules to draw (method breaks).
    labels : Measure -> short words, that stand at the end of its line.
    counted : Words of what is counted; people killed otherwise.
    form : How a value is written: rates have a decimal.
    ticks : Months marked on the axis of time.
    """
    present = [one for one in labels if one in set(rows["measure"])]
    shown = _looks(present)
    first, last = rows["month"].min(), rows["month"].max()
    top = _top(rows["value"], label_rows(marks, first, last))
    x = alt.X("month:T", scale=TIME, axis=_axis(first, last))
    y = alt.Y("value:Q", axis=_VALUES, scale=alt.Scale(domain=[0, top], nice=False))
    base = alt.Chart(rows)
    lines = [
        base.transform_filter(f"datum.status == '{status}'")
        .mark_line(strokeJoin="round", **look)
        .encode(x, y, detail="segment:N", stroke=shown["stroke"], strokeDash=shown["strokeDash"])
        for status, look in _LINES.items()
        if (rows["status"] == status).any()  # a layer without rows has no extent
    ]
    dotted = _dotted(rows)
    dots = alt.Chart(rows[dotted] if dotted.any() else rows.iloc[-1:]).mark_point(
        size=14, strokeWidth=0.9, opacity=1, strokeDash=[1, 0]
    ).encode(
        x, y, stroke=shown["stroke"], shape=shown["shape"], fill=_if_final(shown["fill"]),
        tooltip=tips(words, _MONTH, ("value", counted or "word.persons", form)),
    )  # fmt: skip
    names = _ends(rows, labels, shown, x, y, top) if len(present) > 1 else []
    chart = alt.layer(
        *lines, dots, *_silent(rows, words), *_ticked(ticks, first, last, words),
        *rules(marks, first, last), *names,
    )  # fmt: skip
    return theme.sized(chart, words, HEIGHT)


def _dotted(rows: pd.DataFrame) -> pd.Series:
    """Whether a point has a dot: what may still change, what stands alone, and every year."""
    alone = rows.groupby(["measure", "segment"])["month"].transform("size") == 1
    few = rows.groupby("measure")["month"].transform("size") <= _FEW
    return (rows["status"] != "final") | alone | few


def _ticked(ticks: Sequence[str], first: str, last: str, words: Words) -> list[alt.Chart]:
    """A short mark on the axis of time for each month of ``ticks``."""
    within = pd.DataFrame({"month": [one for one in ticks if first <= one <= last]})
    if within.empty:
        return []
    foot = alt.Chart(within).mark_rule(color=theme.INK, strokeWidth=1.8)
    return [
        foot.encode(
            alt.X("month:T", scale=TIME), y=alt.value(alt.ExprRef("height - 11")),
            y2=alt.value("height"),
        )
    ]  # fmt: skip


def stacked(rows: pd.DataFrame, labels: Mapping[str, str], words: Words) -> alt.TopLevelMixin:
    """Bars of years, parts of one whole on top of each other.

    Parameters
    ----------
    rows : ``measure, year, persons, status``; a year that may still change is paler.
    labels : Measure -> words, from the foot of a bar to its head.
    """
    order = list(labels)
    drawn = rows.assign(at=rows["measure"].map(order.index))
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", columns=1, labelExpr=text_of(labels),
        symbolType="square",
    )  # fmt: skip
    colour = alt.Scale(domain=order, range=[theme.SERIES[0], theme.SERIES[2], theme.BAND_50])
    step = max(1, round(rows["year"].nunique() / 6))
    label = f"datum.value % {step} == 0 ? datum.value : ''"
    axis = alt.Axis(title=None, labelAngle=0, grid=False, labelExpr=label)
    bars = alt.Chart(drawn).transform_calculate(key=f"'{KEY}' + datum.year").mark_bar().encode(
        alt.X("year:O", axis=axis), alt.Y("persons:Q", axis=_VALUES),
        fill=alt.Fill("measure:N", scale=colour, legend=legend), order="at:O",
        opacity=alt.condition("datum.status == 'final'", alt.value(1), alt.value(0.6)),
        description=alt.Description("key:N"),
    )  # fmt: skip
    return theme.sized(alt.layer(bars), words, HEIGHT)


def _silent(rows: pd.DataFrame, words: Words) -> list[alt.Chart]:
    """A hatched foot under months without a report, so that they do not look like zeros."""
    missing = series.silent(rows)
    if missing.empty:
        return []
    missing["until"] = (pd.PeriodIndex(missing["month"], freq="M") + 1).strftime("%Y-%m")
    foot = alt.Chart(missing).mark_rect(fill=cell.hatch(stripes=6), stroke=cell.EDGE)
    return [
        foot.encode(
            alt.X("month:T", scale=TIME), alt.X2("until:T"),
            y=alt.value(alt.ExprRef("height - 9")), y2=alt.value("height"),
            tooltip=tips(words, ("month", "key.no_data", "month")),
        )
    ]  # fmt: skip


def fan(
    rows: pd.DataFrame, marks: pd.DataFrame, words: Words, *,
    held_out: tuple[str, str] | None = None,
) -> alt.TopLevelMixin:  # fmt: skip
    """Simulated bands and thin median, observed months as dots on top.

    Parameters
    ----------
    rows : ``month, part, p05, p25, p50, p75, p95, observed, status``; parts are drawn apart. Where
        there is ``alone``, the median of the model without the forecast, it is dotted.
    marks : ``month, label`` of the rules to draw.
    held_out : (str, str), optional
        First month that the fit did not see, and the first after them: shaded between.
    """
    first, last = rows["month"].min(), rows["month"].max()
    top = _top(pd.concat([rows["p95"], rows["observed"]]), label_rows(marks, first, last))
    x = alt.X("month:T", scale=TIME, axis=_years())
    scale = alt.Scale(domain=[0, top], nice=False)
    base = alt.Chart(rows)
    dots = base.transform_filter("isValid(datum.observed)").mark_point(
        size=16, strokeWidth=1.1, opacity=1, stroke=theme.OBSERVED
    ).encode(
        x, alt.Y("observed:Q", scale=scale), fill=_if_final(alt.value(theme.INK)),
        tooltip=tips(words, _MONTH, ("observed", "word.observed", ",.0f"), _MEDIAN),
    )  # fmt: skip
    shade = []
    if held_out:
        frame = pd.DataFrame({"from": [held_out[0]], "to": [held_out[1]]})
        mark = alt.Chart(frame).mark_rect(color=theme.HELD_OUT)
        shade = [mark.encode(alt.X("from:T", scale=TIME), alt.X2("to:T"))]
    names = ["p90", "p50", "median"]
    if rows["observed"].notna().any():
        names.append("observed" if (rows["status"] == "final").any() else "open")
    dotted = []
    if "alone" in rows:
        names.append("alone")
        mark = base.mark_line(strokeWidth=1.4, strokeDash=[1, 2], color=theme.SERIES[2])
        dotted = [mark.encode(x, alt.Y("alone:Q", scale=scale), detail="part:N")]
    chart = alt.layer(
        *shade, *_fan_layers(base, x, scale, words, "part"), *dotted, dots,
        *rules(marks, first, last),
        _fan_key(names, words),
    ).add_params(alt.param("keys", expr=f"{theme.NARROW} ? 1 : 4"))  # fmt: skip
    return theme.sized(chart, words, HEIGHT)


def _fan_key(names: list[str], words: Words) -> alt.Chart:
    """An invisible layer that only brings the key of a fan."""
    colours, shapes, dashes = zip(*(_SWATCHES[name] for name in names), strict=True)
    fills = [theme.PAPER if name == "open" else _SWATCHES[name][0] for name in names]
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", symbolOpacity=1, symbolStrokeWidth=1.6,
        columns=alt.ExprRef("keys"), columnPadding=34,
        labelExpr=text_of({name: words(f"key.{name}") for name in names}),
    )  # fmt: skip
    looks: tuple[tuple[Any, Sequence[Any]], ...] = (
        (alt.Fill, fills), (alt.Stroke, colours), (alt.Shape, shapes), (alt.StrokeDash, dashes),
    )  # fmt: skip
    encodings = (
        channel("key:N", scale=alt.Scale(domain=names, range=list(values)), legend=legend)
        for channel, values in looks
    )
    return alt.Chart(pd.DataFrame({"key": names})).mark_point(opacity=0, size=0).encode(*encodings)


def _fan_layers(
    base: alt.Chart, x: alt.X, scale: alt.Scale, words: Words, detail: str = ""
) -> list[alt.Chart]:
    """Light band, dark band, thin median, and what the pointer reads in each month.

    ``detail`` names the column whose values are drawn apart (two fits, say).
    """
    part: dict[str, Any] = {"detail": f"{detail}:N"} if detail else {}
    light, dark = (base.mark_area(color=colour) for colour in (theme.BAND_90, theme.BAND_50))
    median = base.mark_line(strokeWidth=1.4, color=theme.MEDIAN)
    tails = (("p05", "key.p05", ",.0f"), ("p95", "key.p95", ",.0f"))
    return [
        light.encode(x, alt.Y("p05:Q", axis=_VALUES, scale=scale), y2="p95:Q", **part),
        dark.encode(x, alt.Y("p25:Q", scale=scale), y2="p75:Q", **part),
        median.encode(x, alt.Y("p50:Q", scale=scale), **part),
        base.mark_rule(opacity=0, strokeWidth=6).encode(
            x, tooltip=tips(words, _MONTH, _MEDIAN, *tails)
        ),
    ]


def label_rows(marks: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Give each annotation a row, so that no two labels touch, neither on a phone nor on a desk.

    Parameters
    ----------
    marks : ``month, label``.
    first, last : First and last month of the axis.

    Returns
    -------
    pandas.DataFrame
        ``month, label, row, at, size``: share of the axis, and length of the label in pixels.
    """
    start, end, *months = series.month_number(pd.Series([first, last, *marks["month"]]))
    found: list[dict[str, object]] = []
    placed: list[tuple[int, list[tuple[float, float]]]] = []
    for month, name, label in sorted(zip(months, marks["month"], marks["label"], strict=True)):
        at, size = (month - start) / max(end - start, 1), len(label) * 6.6 + 10
        wanted = [_extent(at, size / plot) for plot in _PLOTS]
        row = 0
        while any(row == used and _touch(wanted, taken) for used, taken in placed):
            row += 1
        placed.append((row, wanted))
        found.append({"month": name, "label": label, "row": row, "at": at, "size": size})
    return pd.DataFrame(found, columns=["month", "label", "row", "at", "size"])


def _extent(at: float, size: float) -> tuple[float, float]:
    """Where a label lies: right of its rule, or left of it where it would run out of the plot."""
    return (at - size, at) if at + size > 1 else (at, at + size)


def _touch(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a, b in zip(one, other, strict=True))


def rules(marks: pd.DataFrame, first: str, last: str) -> list[alt.Chart]:
    """Rules and their labels, each label on the side of its rule where there is room."""
    if marks.empty:
        return []
    placed = label_rows(marks, first, last)
    placed["y"] = 7 + placed["row"] * _LABEL_ROW
    base, at = alt.Chart(placed), (alt.X("month:T", scale=TIME), theme.pixels("y"))
    left_of_rule = "datum.at * width + datum.size > width"
    side: dict[str, Any] = {
        "align": alt.ExprRef(f"{left_of_rule} ? 'right' : 'left'"),
        "dx": alt.ExprRef(f"{left_of_rule} ? -4 : 4"),
    }
    rule = base.mark_rule(color=theme.SECONDARY, strokeDash=[2, 3])
    halo, label = (
        base.mark_text(color=theme.SECONDARY, fontSize=12, **side, **ink)
        for ink in (theme.HALO, {})
    )
    return [
        rule.encode(*at, y2=alt.value("height")),
        *(text.encode(*at, text="label:N") for text in (halo, label)),
    ]


def small_multiples(
    panels: pd.DataFrame, names: Mapping[str, str], order: Sequence[str], words: Words, *,
    common_scale: bool = True,
) -> alt.TopLevelMixin:  # fmt: skip
    """One small fan per place, observed months as dots; ordered as given, never by danger."""
    x = alt.X("month:T", scale=TIME, axis=_years(10))
    low = alt.Y("p05:Q", axis=alt.Axis(title=None, tickCount=3, format="~s", minExtent=26))
    base = alt.Chart()
    band = base.mark_area(color=theme.BAND_90).encode(x, low, y2="p95:Q", detail="part:N")
    median = base.mark_line(color=theme.MEDIAN, strokeWidth=1)
    dots = base.mark_circle(size=3, color=theme.OBSERVED, opacity=0.75).encode(
        x, alt.Y("observed:Q")
    )
    layers = [band, median.encode(x, alt.Y("p50:Q"), detail="part:N"), dots]
    chart = _of_places(layers, panels, names, order)
    chart = chart.resolve_scale(y="shared" if common_scale else "independent")
    return theme.themed(chart, words.language)


def _of_places(
    layers: list[alt.Chart], rows: pd.DataFrame, names: Mapping[str, str], order: Sequence[str]
) -> alt.FacetChart:
    """The same layers once for each place."""
    header = alt.Header(title=None, labelExpr=text_of(names), labelAnchor="start")
    present = set(rows["place"])
    facet = alt.Facet("place:N", sort=[p for p in order if p in present], header=header)
    drawn = alt.layer(*layers, data=rows).properties(width=118, height=74)
    return drawn.facet(facet=facet, columns=5, spacing={"row": 14, "column": 16})


def scenario_fans(
    bands: pd.DataFrame, titles: Mapping[str, str], words: Words
) -> alt.TopLevelMixin:
    """One fan per scenario, with the median of no change as a dashed line in each.

    ``bands`` has ``scenario, month, p05, p25, p50, p75, p95, reference``.
    """
    x, scale = alt.X("month:T", scale=TIME, axis=_years(1)), alt.Scale(zero=True)
    base: Any = alt.Chart()
    reference = base.mark_line(color=theme.SERIES[2], strokeDash=[5, 3], strokeWidth=1.3)
    heads = text_of({name: wrap(title, 30) for name, title in titles.items()})
    header = alt.Header(title=None, labelExpr=heads, labelAnchor="start", labelLineHeight=14)
    drawn = alt.layer(
        *_fan_layers(base, x, scale, words), reference.encode(x, alt.Y("reference:Q", scale=scale)),
        _fan_key(["p90", "p50", "median", "reference"], words), data=bands,
    ).properties(width=205, height=150)  # fmt: skip
    facet = alt.Facet("scenario:N", sort=list(titles), header=header)
    chart = drawn.facet(facet=facet, columns=3, spacing={"row": 18, "column": 18})
    return theme.themed(chart.add_params(alt.param("keys", value=2)), words.language)
