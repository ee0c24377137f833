"""The 32 states as hexagons of one size: small states are seen as well as large ones.

The layouts are ours: found by a search that keeps neighbours together (of the 67 pairs of
neighbouring states 51 touch, on a phone 50) and every state roughly where it lies, then read over
by eye. Rows with an odd number are set in by half a hexagon. A phone has a layout of its own, less
wide, so that letters of 12 pixels fit a hexagon.

The same hexagons show where a scenario would change things: a state whose 90 % interval of the
paired difference holds zero is drawn apart from one that shifts either way, and one without a
difference (nobody simulated there) from both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hidra.charts import cell, theme
from hidra.charts.block import KEY
from hidra.charts.theme import WIDTH, text_of, tips
from hidra.charts.words import Words
from hidra.core import place
from hidra.core.i18n import minus

LAYOUT = """
BC    SON   CHIH  COAH  NL    TAMPS .     .     .     .
   BCS   SIN   DGO   ZAC   SLP   .     .     .     .     .
.     .     NAY   AGS   GTO   QRO   .     .     .     .
   .     .     JAL   .     CDMX  HGO   TLAX  .     .     YUC
.     .     COL   MICH  MEX   MOR   PUE   VER   TAB   CAMP  QROO
   .     .     .     .     GRO   .     OAX   CHIS  .     .
"""
PHONE = """
BC    SON   CHIH  COAH  NL    TAMPS .     .
   BCS   SIN   DGO   ZAC   SLP   .     .     .
.     NAY   AGS   GTO   QRO   HGO   .     YUC
   .     JAL   MICH  MEX   CDMX  TLAX  CAMP  QROO
.     COL   .     GRO   MOR   PUE   VER   TAB
   .     .     .     .     .     OAX   CHIS  .
"""
COLUMNS, PHONE_COLUMNS, ROWS = 11.0, 8.5, 6.0
STEP = 0.8660254  # from row to row, in widths of a hexagon
_DEEP = (ROWS - 1) * STEP + 1.1547
#: Height of the states as a share of their width, and the same on a phone.
RATIO, PHONE_RATIO = _DEEP / COLUMNS, _DEEP / PHONE_COLUMNS
FIGURE = "#0f1720"  # a shade darker than ink: to be read on the middle class too
NARROW = 520  # below this width the layout is a phone's, and the key below it
#: Width of a hexagon, in the language of Vega.
_ACROSS = f"(width / ({theme.NARROW} ? {PHONE_COLUMNS} : {COLUMNS}))"
#: A hexagon standing on a corner; Vega scales it by the square root of its size over two.
_HEXAGON = "M0,-1.1547L1,-0.57735L1,0.57735L0,1.1547L-1,0.57735L-1,-0.57735Z"
SHIFTED = ["place", "p05", "p50", "p95", "rel_p05", "rel_p50", "rel_p95", "shift"]
#: From the largest fall to the largest rise; the middle one is for what holds zero.
FALLS, EVEN, RISES = theme.DIVERGING[:3:-1], theme.DIVERGING[3], theme.DIVERGING[2::-1]


def layout(drawn: str = LAYOUT) -> pd.DataFrame:
    """Return a layout: ``place, abbr, x, y``, in widths of a hexagon from the upper left."""
    codes = {state.abbr: state.code for state in place.states()}
    rows = [
        {"place": codes[abbr], "abbr": abbr, "x": at + 0.5 + row % 2 / 2, "y": row * STEP + 0.57735}
        for row, line in enumerate(drawn.strip("\n").splitlines())
        for at, abbr in enumerate(line.split())
        if abbr != "."
    ]
    return pd.DataFrame(rows).sort_values("place", ignore_index=True)


def _laid(rows: pd.DataFrame) -> pd.DataFrame:
    """Both layouts, the phone's as ``phone_x, phone_y``, with the row of each state."""
    phone = layout(PHONE)[["place", "x", "y"]]
    both = layout().merge(phone.set_axis(["place", "phone_x", "phone_y"], axis=1), on="place")
    return both.merge(rows, on="place", how="left")


def _base(drawn: pd.DataFrame, **told: str) -> alt.Chart:
    """The chart of `_laid` rows: ``at_x, at_y`` as shares of the width, ``key`` for a pointer.

    ``label`` is what stands in a hexagon.
    """
    phone, wide = (f"datum.phone_{{0}} / {PHONE_COLUMNS}", f"datum.{{0}} / {COLUMNS}")
    at = {f"at_{one}": f"{theme.NARROW} ? {phone} : {wide}".format(one) for one in "xy"}
    # five letters do not fit the hexagon of a phone: the three of ISO 3166-2 stand there
    label = f"{theme.NARROW} && length(datum.abbr) > 4 ? slice(datum.abbr, 0, 3) : datum.abbr"
    given = {"key": f"'{KEY}place=' + datum.place", "label": label, **at, **told}
    return alt.Chart(drawn).transform_calculate(**given)


def hexagons(
    rows: pd.DataFrame, names: Mapping[str, str], words: Words, *, limits: list[float],
    counted: str = "", width: int = WIDTH,
) -> alt.TopLevelMixin:  # fmt: skip
    """States as hexagons coloured by rate, the figure written in each.

    Parameters
    ----------
    rows : ``place, cell, rate, persons``, one row a state; ``cell`` from :func:`cell.kinds`. A
        state without a row is hatched.
    names : Place code -> name, for the pointer.
    limits : Class limits of the measure (:func:`cell.scale`).
    counted : Words of what is counted; people killed otherwise.
    """
    drawn = _laid(rows[["place", "cell", "rate", "persons"]])
    exact = drawn["rate"]  # colour and figure say one thing: 9.96 is 10.0, and of its class
    drawn["rate"] = exact.round(1).where(exact.round(1) > 0, exact)
    drawn["cell"] = drawn["cell"].fillna("no_report")
    drawn["dark"] = drawn["rate"].ge(limits[-2]) & drawn["cell"].isin(cell.FILLED)
    said = (
        "datum.cell == 'no_report' ? '' : datum.cell == 'zero' ? '0' : "
        "datum.cell != 'few' && isValid(datum.rate) ? format(datum.rate, '.1f') : ''"
    )
    base = _base(drawn, name=text_of(names, "datum.place"), said=said)
    silent, zero, few, filled, still = (
        base.transform_filter(cell.is_one(kinds))
        for kinds in (["no_report"], ["zero"], ["few"], cell.FILLED, cell.OPEN)
    )
    shapes = [
        _hexagon(silent, fill=cell.hatch(stripes=14)), _hexagon(zero, fill=cell.ZERO),
        _hexagon(few, fill=theme.PAPER), _hexagon(filled).encode(cell.fill(limits)),
    ]  # fmt: skip
    tip = tips(
        words, ("name", "word.state", ""), ("rate", "column.rate", ",.1f"),
        ("persons", counted or "word.persons", ",.0f"),
    )  # fmt: skip
    dots = [cell.dots(few, 6, xOffset=x, yOffset=10) for x in (-8, 0, 8)]
    under = alt.ExprRef(f"{_ACROSS} * 0.37")  # the figure of a count that may still change
    listed = cell.entries(limits, cell.present(drawn), words)
    chart = alt.layer(
        *(shape.encode(tooltip=tip) for shape in shapes), *(dot.encode(*_at()) for dot in dots),
        *_texts(base, silent), cell.open_dot(still, 18, yOffset=under).encode(*_at()),
        *cell.key(listed),
    )  # fmt: skip
    return theme.sized(chart, words, height(width, len(listed)), width)


def height(width: int, listed: int = 9) -> int:
    """Pixels of the chart; on a phone the key of ``listed`` rows stands below the states."""
    phone = width < NARROW
    return round(width * PHONE_RATIO) + cell.LINE * listed if phone else round(width * RATIO)


def fit(listed: int) -> dict[str, Any]:
    """How a page fits the chart to its width (``layout`` of a block), as `height` does."""
    return {"kind": "tiles", "ratio": RATIO, "phone": PHONE_RATIO, "key": cell.LINE * listed}


def _at() -> tuple[alt.X, alt.Y]:
    """Position of the middle of each hexagon."""
    end = alt.ExprRef("width")
    share = alt.Scale(domain=[0, 1], nice=False, zero=False, rangeMin=0, rangeMax=end)
    return alt.X("at_x:Q", scale=share, axis=None), alt.Y("at_y:Q", scale=share, axis=None)


def _hexagon(base: alt.Chart, **look: Any) -> alt.Chart:
    """Hexagons that touch: their size follows the width of the chart.

    ``base`` is a `_base`: its ``key`` is that by which a page finds the row of a hexagon.
    """
    size = alt.ExprRef(f"pow(0.965 * {_ACROSS}, 2)")
    drawn = base.mark_point(
        shape=_HEXAGON, size=size, filled=True, opacity=1, stroke=cell.EDGE, strokeWidth=0.6, **look
    )
    return drawn.encode(*_at(), description=alt.Description("key:N"))


def _texts(base: alt.Chart, hatched: alt.Chart) -> list[alt.Chart]:
    """Abbreviation and figure (``label, said``), light where ``dark``; clear of a hatch."""
    ink = alt.condition("datum.dark", alt.value(theme.PAPER), alt.value(FIGURE))
    size = alt.ExprRef(f"clamp({_ACROSS} * 0.21, 12, 13)")
    lift = alt.ExprRef(f"-max({_ACROSS} * 0.13, 8)")
    drop = alt.ExprRef(f"max({_ACROSS} * 0.17 - ({theme.NARROW} ? 1.5 : 0), 5)")
    weight = alt.ExprRef(f"{theme.NARROW} ? 'normal' : 'bold'")  # four bold letters do not fit
    bold: dict[str, Any] = {"fontWeight": weight, "fontSize": size, "dy": lift}
    halo = hatched.mark_text(stroke=theme.PAPER, strokeWidth=4, **bold)
    figure = base.mark_text(fontSize=size, dy=drop)
    return [
        halo.encode(*_at(), text="label:N"),
        base.mark_text(**bold).encode(*_at(), text="label:N", color=ink),
        figure.encode(*_at(), text="said:N", color=ink),
    ]


def shift_kinds(rows: pd.DataFrame) -> pd.Series:
    """Say of each row which way it shifts.

    Returns
    -------
    pandas.Series of str
        ``less`` or ``more`` where the 90 % interval of the share keeps to one side of zero,
        ``either`` where it holds zero, ``unknown`` where there is no share.
    """
    found = pd.Series("either", index=rows.index)
    found = found.mask(rows["rel_p95"] < 0, "less").mask(rows["rel_p05"] > 0, "more")
    return found.where(rows["rel_p50"].notna(), "unknown")


def shift_steps(rows: pd.DataFrame) -> list[float]:
    """Return the limits of the six classes, even to both sides of zero, on round shares."""
    largest = float(rows["rel_p50"].abs().max()) if rows["rel_p50"].notna().any() else 0.0
    rough = max(largest / 3, 1e-4)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= rough * 0.999)
    return [-2 * step, -step, 0.0, step, 2 * step]


def shifts(rows: pd.DataFrame, bounds: list[float], words: Words) -> alt.TopLevelMixin:
    """Draw the states as hexagons coloured by their paired difference.

    Parameters
    ----------
    rows : `SHIFTED`, one row a state; ``rel_`` are shares of no change.
    bounds : From `shift_steps`, of every scenario shown together.
    """
    drawn = _laid(rows)
    drawn["shift"] = drawn["shift"].fillna("unknown")
    colours = [*FALLS, *RISES]
    at = np.searchsorted(bounds, drawn["rel_p50"].fillna(0), side="right")
    sure = drawn["shift"].isin(["less", "more"])
    drawn["dark"] = sure & np.isin(at, [0, len(colours) - 1])
    drawn["said"] = list(map(_share, drawn["rel_p50"], drawn["shift"]))
    base = _base(drawn)
    scale = alt.Scale(type="threshold", domain=bounds, range=colours)
    fill = alt.Fill("rel_p50:Q", legend=None, scale=scale)
    unknown, either, moved = (
        base.transform_filter(cell.is_one(ways, "shift"))
        for ways in (["unknown"], ["either"], ["less", "more"])
    )
    layers = [
        _hexagon(unknown, fill=cell.hatch(stripes=14)), _hexagon(either, fill=EVEN),
        _hexagon(moved).encode(fill), *_texts(base, unknown),
    ]  # fmt: skip
    chart = alt.layer(*layers, *cell.key(_shift_entries(bounds, words)))
    return theme.sized(chart, words, height(WIDTH))


def _share(share: float, shift: str) -> str:
    """Write the median share; in brackets where its interval holds zero."""
    if not math.isfinite(share):
        return ""
    text = minus(f"{100 * share:+.0f}")
    text = "0" if text in ("+0", "\u22120") else text
    return f"({text})" if shift == "either" else text


def _shift_entries(bounds: list[float], words: Words) -> list[tuple[str, Any, str]]:
    """Return what the key lists: classes from fall to rise, what holds zero, what is unknown."""
    edges = [minus(f"{100 * bound:+g}").replace("+0", "0") for bound in bounds]
    labels = [f"< {edges[0]} %", *(f"{a} – {b} %" for a, b in pairwise(edges)), f"> {edges[-1]} %"]
    labels = [label.replace(" %", "\u00a0%") for label in labels]
    labels += [words("shift.either"), words("shift.unknown")]
    looks = [*FALLS, *RISES, EVEN, cell.hatch(stripes=8)]
    return [(label, look, "") for label, look in zip(labels, looks, strict=True)]
