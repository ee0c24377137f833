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
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import series, theme
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
_ABOVE_ZERO = 1e-9  # smaller than any rate of a counted person
_SQUARE = "M-1,-0.7H1V0.7H-1Z"
LINE = 15  # pixels of a row of the key
_TIGHT, _SECOND = 13, 74  # on a phone: pixels of a row, and from the first column to the second


def kinds(rows: pd.DataFrame) -> pd.Series:
    """Say of each row which kind it is.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``persons`` (null = unknown) and, where known, ``status`` (``final``, ``provisional``,
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
    """Four round class limits at even shares (fifths) of the positive rates, for five colours."""
    known = rates[rates > 0].dropna()
    if known.empty:
        return [1.0, 2.0, 3.0, 4.0]
    raw = [float(known.quantile(share / 5)) for share in range(1, 5)]
    unique = sorted({round(limit) if limit >= 3 else round(limit, 1) for limit in raw} - {0})
    while len(unique) < 4:
        unique.append((unique[-1] if unique else 0) + 1)
    return unique


def fill(bounds: list[float], field: str = "rate") -> alt.Fill:
    """Fill by class: paper where people are too few, the palest colour for a zero."""
    scale = alt.Scale(type="threshold", domain=[_ABOVE_ZERO, *bounds], range=[ZERO, *CLASSES])
    few: Any = {"test": "datum.cell == 'few'", "value": theme.PAPER}
    return alt.Fill(f"{field}:Q", legend=None, scale=scale, condition=few)


def hatch(ink: str = "#a7a294", ground: str = theme.PAPER, stripes: int = 22) -> dict[str, Any]:
    """A diagonal hatch as a hard-edged gradient: it survives SVG, PNG and print alike."""
    stops: list[dict[str, Any]] = []
    for stripe in range(stripes):
        colour = ink if stripe % 2 else ground
        stops.append({"offset": round(stripe / stripes, 4), "color": colour})
        stops.append({"offset": round((stripe + 1) / stripes, 4), "color": colour})
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 1, "stops": stops}


def open_dot(base: alt.Chart, size: float = 26, **look: Any) -> alt.Chart:
    """The dot of a figure that may still change, on the place it belongs to."""
    return base.mark_point(
        shape="circle", size=size, strokeWidth=1.3, stroke=theme.INK, fill=theme.PAPER, opacity=1,
        **look,
    )  # fmt: skip


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
    for row, (label, colour, over) in enumerate(listed):
        at, right = _place(row, len(listed), len(classes), bottom, fold)
        one = alt.Chart(pd.DataFrame({"label": [label]}))
        swatch = one.mark_point(
            shape=_SQUARE, size=130, filled=True, opacity=1, fill=colour,
            stroke="#b9b4a6", strokeWidth=0.5,
        )  # fmt: skip
        layers.append(swatch.encode(x=right(9), **at))
        if over == "dots":
            layers += [dots(one).encode(x=right(x), **at) for x in (5, 9, 13)]
        elif over == "open":
            layers.append(open_dot(one, 20).encode(x=right(9), **at))
        text = one.mark_text(align="left", fontSize=11.5, color=theme.INK)
        layers.append(text.encode(x=right(23), text="label:N", **at))
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


def dots(base: alt.Chart, size: float = 4, **look: Any) -> alt.Chart:
    """A dot of a place with too few people."""
    return base.mark_point(
        shape="circle", size=size, filled=True, fill=EDGE, strokeWidth=0, opacity=1, **look
    )


YEARS = 5  # years of the mean that stands in for the rate of a place with few people


def rates(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Yearly rates of monthly or yearly panel rows of one measure, with the kind of every cell.

    Parameters
    ----------
    rows : pandas.DataFrame
        Panel rows: ``measure, place, month, value, status``, and ``period`` where it is not
        ``month``.
    people : pandas.DataFrame
        ``place, year, population``.

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
    yearly["mean"] = (sums["persons"] / sums["population"] * series.PER).round(2)
    yearly["rate"] = yearly["rate"].where(yearly["cell"] != "few")
    return yearly[["place", "year", "persons", "population", "rate", "mean", "status", "cell"]]
