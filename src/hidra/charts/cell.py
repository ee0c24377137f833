"""What one place in one period says: a value, a zero, nothing, or something that may still change.

Six kinds, and each is drawn in its own way wherever it appears:

============== =============================================== ==============================
kind           meaning                                         drawn as
============== =============================================== ==============================
``value``      persons were counted                            filled with its class
``zero``       a reported zero                                 the palest fill, nothing else
``few``        too few people for a stable rate                paper with dots
``provisional``may still change                                its class, with an open dot
``undercount`` known to be too low                             its class, with an open dot
``no_report``  nothing was reported: unknown                   diagonal hatch
============== =============================================== ==============================

The coverage calendar says the same of a register or a place in a year, told month by month: a year
counts as told only when every month is. Breaks of method stand between two years, so that no reader
compares across them without seeing it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import series, theme
from hidra.charts.theme import WIDTH, tips
from hidra.charts.words import Words

#: Below this number of inhabitants one person killed moves the yearly rate by more than ten.
FEW = 10_000
KINDS = ("value", "zero", "few", "provisional", "undercount", "no_report")
#: Kinds filled with the colour of their class.
FILLED = ("value", "provisional", "undercount")
OPEN = ("provisional", "undercount")
#: The palest colour is a zero; five more, from little to much, are values.
ZERO, CLASSES = theme.SEQUENTIAL[0], theme.SEQUENTIAL[1:]
EDGE = "#8f8a7c"
HATCHED = "#a7a294"
_ABOVE_ZERO = 1e-9  # smaller than any rate of a counted person
_SQUARE = "M-1,-0.7H1V0.7H-1Z"
LINE = 15  # pixels of a row of the key
_TIGHT, _SECOND = 13, 74  # on a phone: pixels of a row, and from the first column to the second
YEARS = 5  # years of the mean that stands in for the rate of a place with few people


def kinds(rows: pd.DataFrame) -> pd.Series:
    """Say of each row which kind it is.

    Parameters
    ----------
    rows : ``persons`` (null = unknown) and, where known, ``status`` (``final``, ``provisional``,
        ``undercount``) and ``population``.

    Returns
    -------
    pandas.Series of str
        One of `KINDS`. A place with few people is ``few`` even where nobody was killed: its rate
        says little either way; an unknown is always ``no_report``.
    """
    known = rows["persons"].notna()
    found = pd.Series("value", index=rows.index).mask(rows["persons"] == 0, "zero")
    if "status" in rows:
        found = found.mask(rows["status"].isin(OPEN), rows["status"])
    if "population" in rows:
        found = found.mask(rows["population"] < FEW, "few")
    return found.where(known, "no_report")


def limits(rates: pd.Series) -> list[float]:
    """Four class limits, each twice the one before, for five colours: the scale of a measure.

    ``rates`` are yearly ones of every state and year that the measure has, so that a measure has
    one scale wherever it is shown. The first limit is the round number (1, 2, 5, 10, ...) next to
    an eighth of their 95th percentile: one rate in about twenty lies in the open top class.
    """
    known = rates[rates > _ABOVE_ZERO].dropna()
    wanted = math.log10(float(known.quantile(0.95)) / 8) if len(known) else 0.0
    round_ones = [size * 10.0 ** math.floor(wanted) for size in (1, 2, 5, 10)]
    first = min(round_ones, key=lambda one: abs(math.log10(one) - wanted))
    return [float(f"{first * times:.3g}") for times in (1, 2, 4, 8)]


def scale(rows: pd.DataFrame, measure: str) -> list[float]:
    """Class limits of a measure: of its yearly rates in the states, else in municipalities.

    Parameters
    ----------
    rows : panel rows of the measure and of ``population``, of all years.
    """
    annual = series.annual_observed(series.yearly(rows, (measure,)))
    made = series.with_rate(annual, series.population(rows))
    states = made["place"].isin(series.STATES) & made["rate"].notna()
    return limits(made.loc[states if states.any() else made["population"] >= FEW, "rate"])


def fill(bounds: list[float], field: str = "rate") -> alt.Fill:
    """Fill by class: paper where people are too few, the palest colour for a zero."""
    scale = alt.Scale(type="threshold", domain=[_ABOVE_ZERO, *bounds], range=[ZERO, *CLASSES])
    few: Any = {"test": "datum.cell == 'few'", "value": theme.PAPER}
    return alt.Fill(f"{field}:Q", legend=None, scale=scale, condition=few)


def hatch(stripes: int = 22) -> dict[str, Any]:
    """A diagonal hatch as a hard-edged gradient: it survives SVG, PNG and print alike."""
    stops: list[dict[str, Any]] = []
    for stripe in range(stripes):
        colour = HATCHED if stripe % 2 else theme.PAPER
        stops.append({"offset": round(stripe / stripes, 4), "color": colour})
        stops.append({"offset": round((stripe + 1) / stripes, 4), "color": colour})
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 1, "stops": stops}


def open_dot(base: alt.Chart, size: float = 26, **look: Any) -> alt.Chart:
    """The dot of a figure that may still change, on the place it belongs to."""
    return base.mark_point(
        shape="circle", size=size, strokeWidth=1.3, stroke=theme.INK, fill=theme.PAPER, opacity=1,
        **look,
    )  # fmt: skip


def dots(base: alt.Chart, size: float = 4, **look: Any) -> alt.Chart:
    """A dot of a place with too few people."""
    return base.mark_point(
        shape="circle", size=size, filled=True, fill=EDGE, strokeWidth=0, opacity=1, **look
    )


def present(rows: pd.DataFrame) -> set[str]:
    """Kinds that some rows of ``cell`` and ``rate`` hold; a provisional zero is a zero too."""
    return set(rows["cell"]) | ({"zero"} if (rows["rate"] == 0).any() else set())


def entries(bounds: list[float], present: set[str], words: Words) -> list[tuple[str, Any, str]]:
    """What the key lists: words, fill and the mark laid over it (``""``, ``dots``, ``open``)."""
    edges = [f"{bound:g}" for bound in bounds]
    labels = [f"< {edges[0]}", *(f"{a}–{b}" for a, b in pairwise(edges)), f"≥ {edges[-1]}"]
    listed: list[tuple[str, Any, str]] = []
    if "zero" in present:
        listed.append((words("cell.zero"), ZERO, ""))
    listed += [(label, colour, "") for label, colour in zip(labels, CLASSES, strict=True)]
    if "few" in present:
        listed.append((words("cell.few"), theme.PAPER, "dots"))
    if present & set(OPEN):
        listed.append((words("cell.open"), CLASSES[1], "open"))
    listed.append((words("cell.no_report"), hatch(stripes=8), ""))
    return listed


def is_one(kinds: Sequence[str], column: str = "cell") -> str:
    """Test of Vega: whether a row is of one of some kinds."""
    return " || ".join(f"datum.{column} == '{kind}'" for kind in kinds)


def _entry(
    entry: tuple[str, Any, str], at: dict[str, Any], right: Callable[[float], Any], text: float,
    **ink: Any,
) -> list[alt.Chart]:  # fmt: skip
    """A row of a key: a small square, the mark laid over it, and words ``text`` px to the right.

    ``at`` is its height; ``right`` puts a mark so many pixels from its left end.
    """
    label, look, over = entry
    one: Any = alt.Chart(pd.DataFrame({"label": [label]}))
    marks = []
    if look:
        square = {"shape": _SQUARE, "size": 130, "filled": True, "opacity": 1, "fill": look}
        marks.append((one.mark_point(stroke="#b9b4a6", strokeWidth=0.5, **square), 9))
    if over == "dots":
        marks += [(dots(one), x) for x in (5, 9, 13)]
    elif over == "open":
        marks.append((open_dot(one, 20), 9))
    elif over == "rule":
        bar = one.mark_point(shape="stroke", angle=90, size=200, strokeWidth=2.4, opacity=1)
        marks.append((bar.encode(stroke=alt.value(theme.INK)), 9))
    said = one.mark_text(align="left", fontSize=12, **ink)
    drawn = [mark.encode(x=right(x), **at) for mark, x in marks]
    return [*drawn, said.encode(x=right(text), text="label:N", **at)]


def key(
    listed: list[tuple[str, Any, str]], *, bottom: str = "height", fold: bool = False
) -> list[alt.Chart]:
    """The key of a map, a column at the left edge; part of the chart, so PNG and SVG carry it.

    It stands on the signal named ``bottom`` (a view beside others has a name for its own height),
    or hangs from the top where ``bottom`` is empty. With ``fold`` it has two columns on a phone,
    classes and the rest, to stay in the sea.
    """
    layers: list[alt.Chart] = []
    classes = [entry for entry in listed if entry[1] in (ZERO, *CLASSES) and not entry[2]]
    for row, entry in enumerate(listed):
        at, right = _place(row, len(listed), len(classes), bottom, fold)
        layers += _entry(entry, at, right, 23, color=theme.INK)
    return layers


def _place(
    row: int, rows: int, classes: int, bottom: str, fold: bool
) -> tuple[dict[str, Any], Callable[[float], Any]]:
    """Where a row of the key stands: its height, and what puts a mark so far from its left."""
    if not bottom:
        return {"y": alt.value(10 + LINE * row)}, alt.value
    down = LINE * (rows - row) - 6
    if not fold:
        return {"y": alt.value(alt.ExprRef(f"{bottom} - {down}"))}, alt.value
    narrow = f"{bottom.replace('height', 'width')} < 520"
    left = row < classes  # both columns stand on the bottom, the long words beside short ones
    folded = _TIGHT * (classes - row if left else rows - row) - 6
    y = alt.ExprRef(f"{bottom} - ({narrow} ? {folded} : {down})")
    shift = 0 if left else _SECOND
    return {"y": alt.value(y)}, lambda x: alt.value(alt.ExprRef(f"{x} + ({narrow} ? {shift} : 0)"))


def rates(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Yearly rates of monthly or yearly panel rows of one measure, with the kind of every cell.

    Parameters
    ----------
    rows : Panel rows: ``measure, place, month, value, status``, and ``period`` where it is not
        ``month``.
    people : ``place, year, population``.

    Returns
    -------
    pandas.DataFrame
        ``place, year, persons, population, rate, mean, status, cell``; the rate, per 100,000 and
        year, is null where people are too few or a month is unknown; ``mean`` is the rate over
        `YEARS` years, null unless all of them are known.
    """
    yearly = series.with_rate(series.annual_observed(rows), people)
    yearly = yearly.sort_values(["place", "year"], ignore_index=True)
    yearly["cell"] = kinds(yearly.assign(persons=yearly["persons"].where(yearly["rate"].notna())))
    sums = yearly.groupby("place")[["persons", "population"]].rolling(YEARS).sum()
    sums = sums.reset_index(level=0, drop=True)
    yearly["mean"] = (sums["persons"] / sums["population"] * series.PER).round(series.KEPT)
    yearly["rate"] = yearly["rate"].where(yearly["cell"] != "few")
    return yearly[["place", "year", "persons", "population", "rate", "mean", "status", "cell"]]


def yearly_rates(tables: Mapping[str, pd.DataFrame], scenario: str) -> pd.DataFrame:
    """Observed and simulated rates of the states: place, kind, year, rate, persons, cell."""
    people = series.population(tables["observed"])
    seen = series.annual_observed(series.monthly(tables["observed"], (series.MAIN,)))
    simulated = series.annual_simulated(tables["summary"], scenario, series.MAIN)
    parts = [seen.assign(kind="observed"), simulated.assign(kind="simulated")]
    rates = series.with_rate(pd.concat([part for part in parts if len(part)]), people)
    rates = rates[rates["place"].isin(series.STATES)]
    rates["cell"] = kinds(rates.assign(persons=rates["persons"].where(rates["rate"].notna())))
    columns = ["place", "kind", "year", "rate", "persons", "cell"]
    return rates[columns].sort_values(columns[:3], ignore_index=True)


TOLD, PART = theme.SEQUENTIAL[3], theme.SEQUENTIAL[1]
_FOOT = 62  # pixels under the strips of the calendar for years and key


def calendar_cells(
    rows: pd.DataFrame, breaks: pd.DataFrame, years: Sequence[int], *, by: str = "measure",
    expected: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Say of every row of the calendar and every year what was reported.

    Parameters
    ----------
    rows : Panel rows: ``measure, place, month, value, status, period``; null values are unknown.
    breaks : ``measure, month`` of the first month under a new method (may be empty).
    years : Years of the calendar.
    by : {"measure", "place"}
        What a row of the calendar is.
    expected : Rows to show even where nothing was ever reported.

    Returns
    -------
    pandas.DataFrame
        ``row, year, cell, told, due, persons, method``: kind of the cell (``part`` where only some
        of the months, or of the places, were told), how many were told and how many were due, the
        sum of what was told (null where nothing was), whether a new method begins in the year.
    """
    rows = rows.assign(
        year=rows["month"].str[:4].astype(int), row=rows[by], rank=rows["status"].map(series.RANK),
        due=rows["period"].map(series.DUE).fillna(1).astype(int),
    )  # fmt: skip
    found = rows.groupby(["row", "year"], as_index=False).agg(
        told=("value", "count"), persons=("value", lambda v: v.sum(min_count=1)),
        rank=("rank", "max"), due=("due", "max"),
    )  # fmt: skip
    of_row = rows.groupby("row")["measure"].agg(set)
    parts = rows.groupby("row")["place" if by == "measure" else "measure"].nunique()
    wanted = [*expected, *(name for name in dict.fromkeys(rows["row"]) if name not in expected)]
    grid = pd.MultiIndex.from_product([wanted, list(years)], names=["row", "year"]).to_frame(False)
    cells = grid.merge(found, on=["row", "year"], how="left")
    cells["due"] = cells["due"].fillna(12).astype(int) * cells["row"].map(parts).fillna(1)
    cells["told"] = cells["told"].fillna(0).astype(int)
    kind = kinds(cells.assign(status=series.status_of(cells["rank"])))
    kind = kind.mask((cells["told"] < cells["due"]) & kind.ne("no_report"), "part")
    cells["cell"] = kind.mask(cells["told"] == 0, "no_report")
    pairs = breaks.reindex(columns=["measure", "month"]).itertuples(index=False)
    starts = {(measure, month[:4]) for measure, month in pairs}
    cells["method"] = [
        any((measure, str(year)) in starts for measure in {name} | of_row.get(name, set()))
        for name, year in zip(cells["row"], cells["year"], strict=True)
    ]
    return cells[["row", "year", "cell", "told", "due", "persons", "method"]]


def calendar(
    cells: pd.DataFrame, labels: Mapping[str, str], words: Words, *, above: bool = True,
    width: int = WIDTH,
) -> alt.TopLevelMixin:  # fmt: skip
    """Strips of years, one for each register or place.

    Parameters
    ----------
    cells : From :func:`calendar_cells`.
    labels : Row -> words, in the order of the rows.
    above : Labels above their strips (long ones), else beside them (names of states).
    """
    order = [name for name in labels if name in set(cells["row"])]
    pitch, strip, head, left = (46, 17, 22, 0) if above else (18, 14, 4, 118)  # pixels
    tops = [head + at * pitch for at in range(len(order))]
    drawn = cells[cells["row"].isin(order)].assign(
        top=lambda c: c["row"].map(dict(zip(order, tops, strict=True))),
        until=lambda c: c["year"] + 1, bottom=lambda c: c["top"] + strip,
        middle=lambda c: c["top"] + strip / 2, persons=lambda c: c["persons"].astype(float),
    )  # fmt: skip
    down = 10 - head if above else strip / 2
    names = pd.DataFrame(
        {"label": [labels[name] for name in order], "y": [top + down for top in tops]}
    )
    text = alt.Chart(names).mark_text(
        align="left", fontSize=12, fontWeight="bold" if above else 400
    )
    layers = [
        *_strips(drawn, left, words),
        text.encode(x=alt.value(0), y=alt.Y("y:Q", scale=None), text="label:N"),
        *_calendar_key(set(drawn["cell"]), bool(drawn["method"].any()), words),
    ]
    return theme.sized(alt.layer(*layers), words, tops[-1] + strip + _FOOT, width)


def _strips(drawn: pd.DataFrame, left: int, words: Words) -> list[alt.Chart]:
    """The cells of each kind, open dots of what may change, bars where a method begins."""
    first, last = int(drawn["year"].min()), int(drawn["year"].max())
    step = 5 if last - first > 12 else 2 if last - first > 6 else 1
    axis = alt.Axis(
        title=None, values=[year + 0.5 for year in range(first, last + 1) if year % step == 0],
        labelExpr="format(floor(datum.value), 'd')", orient="bottom", grid=False, ticks=False,
        domain=False, offset=-_FOOT + 4, labelOverlap="greedy",
    )  # fmt: skip
    end = alt.ExprRef("width")
    scale = alt.Scale(domain=[first, last + 1], nice=False, zero=False, rangeMin=left, rangeMax=end)
    x = alt.X("year:Q", axis=axis, scale=scale)
    tip = tips(
        words, ("year", "control.year", ".0f"), ("told", "column.told", ",.0f"),
        ("due", "column.due", ",.0f"), ("persons", "column.counted", ",.0f"),
    )  # fmt: skip
    base: Any = alt.Chart(drawn)
    looks: dict[str, Any] = {
        "value": TOLD, "provisional": TOLD, "undercount": TOLD, "part": PART, "zero": ZERO,
        "no_report": hatch(stripes=8),
    }  # fmt: skip
    layers = [
        base.transform_filter(is_one([kind]))
        .mark_rect(fill=look, stroke=theme.PAPER, strokeWidth=1)
        .encode(x, alt.X2("until:Q"), theme.pixels("top"), alt.Y2("bottom:Q"), tooltip=tip)
        for kind, look in looks.items()
        if kind in set(drawn["cell"])
    ]
    still = base.transform_filter(is_one(OPEN)).transform_calculate(centre="datum.year + 0.5")
    new = base.transform_filter("datum.method").transform_calculate(
        over="datum.top - 3", under="datum.bottom + 3"
    )
    bar = new.mark_rule(color=theme.INK, strokeWidth=2.4)
    return [
        *layers,
        open_dot(still, 22).encode(alt.X("centre:Q"), theme.pixels("middle")),
        bar.encode(alt.X("year:Q"), theme.pixels("over"), alt.Y2("under:Q")),
    ]


def _calendar_key(present: set[str], broken: bool, words: Words) -> list[alt.Chart]:
    """The key in rows under the strips, as many entries side by side as the width takes."""
    every: tuple[tuple[str, Any, str, bool], ...] = (
        ("value", TOLD, "", "value" in present), ("part", PART, "", "part" in present),
        ("zero", ZERO, "", "zero" in present), ("open", TOLD, "open", bool(present & set(OPEN))),
        ("no_report", hatch(stripes=8), "", "no_report" in present), ("method", "", "rule", broken),
    )  # fmt: skip
    listed = [(words(f"calendar.{kind}"), look, over) for kind, look, over, shown in every if shown]
    across = f"({theme.NARROW} ? 2 : 3)"  # columns wide enough for the longest words
    layers: list[alt.Chart] = []
    for number, entry in enumerate(listed):
        x = f"({number} % {across}) * width / {across}"
        y = f"height - {_FOOT - 34} + floor({number} / {across}) * 15"

        def right(px: float, x: str = x) -> Any:
            return alt.value(alt.ExprRef(f"{x} + {px}"))

        layers += _entry(entry, {"y": alt.value(alt.ExprRef(y))}, right, 21)
    return layers
