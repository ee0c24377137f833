"""The 32 states as hexagons of one size: small states are seen as well as large ones.

The layout is ours: found by a search that keeps neighbours together (51 of the 67 pairs of
neighbouring states touch) and every state roughly where it lies, then read over by eye. Rows with
an odd number are set in by half a hexagon.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import cell, theme
from hidra.charts.block import KEY
from hidra.charts.chart import text_of
from hidra.charts.words import Words
from hidra.core import place

LAYOUT = """
BC    SON   CHIH  COAH  NL    TAMPS .     .     .     .
   BCS   SIN   DGO   ZAC   SLP   .     .     .     .     .
.     .     NAY   AGS   GTO   QRO   .     .     .     .
   .     .     JAL   .     CDMX  HGO   TLAX  .     .     YUC
.     .     COL   MICH  MEX   MOR   PUE   VER   TAB   CAMP  QROO
   .     .     .     .     GRO   .     OAX   CHIS  .     .
"""
COLUMNS, ROWS = 11.0, 6.0
STEP = 0.8660254  # from row to row, in widths of a hexagon
#: Height of the chart as a share of its width.
RATIO = ((ROWS - 1) * STEP + 1.1547) / COLUMNS
WIDTH = 720
HEIGHT = round(WIDTH * RATIO)
FIGURE = "#0f1720"  # a shade darker than ink: to be read on the middle class too
NARROW = 520  # below this width the key does not fit beside the states
#: A hexagon standing on a corner; Vega scales it by the square root of its size over two.
_HEXAGON = "M0,-1.1547L1,-0.57735L1,0.57735L0,1.1547L-1,0.57735L-1,-0.57735Z"


def layout() -> pd.DataFrame:
    """Return the layout: ``place, abbr, x, y``, in widths of a hexagon from the upper left."""
    codes = {state.abbr: state.code for state in place.states()}
    rows = [
        {"place": codes[abbr], "abbr": abbr, "x": at + 0.5 + row % 2 / 2, "y": row * STEP + 0.57735}
        for row, line in enumerate(LAYOUT.strip("\n").splitlines())
        for at, abbr in enumerate(line.split())
        if abbr != "."
    ]
    return pd.DataFrame(rows).sort_values("place", ignore_index=True)


def hexagons(
    rows: pd.DataFrame, names: Mapping[str, str], words: Words, *, width: int = WIDTH
) -> alt.TopLevelMixin:
    """States as hexagons coloured by rate, the figure written in each.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``place, cell, rate, persons``, one row a state; ``cell`` from :func:`cell.kinds`. A state
        without a row is hatched.
    names : mapping
        Place code -> name, for the pointer.
    """
    drawn = layout().merge(rows[["place", "cell", "rate", "persons"]], on="place", how="left")
    drawn["cell"] = drawn["cell"].fillna("no_report")
    bounds = cell.limits(drawn["rate"])
    drawn["dark"] = drawn["rate"].ge(bounds[-2]) & drawn["cell"].isin(cell.FILLED)
    said = (
        "datum.cell == 'no_report' ? '' : datum.cell == 'zero' ? '0' : "
        "datum.cell != 'few' && isValid(datum.rate) ? format(datum.rate, '.0f') : ''"
    )
    base = alt.Chart(drawn).transform_calculate(
        name=text_of(names, "datum.place"), said=said, key=f"'{KEY}place=' + datum.place"
    )
    filled = base.transform_filter(_one_of(cell.FILLED))
    layers: list[alt.Chart] = [
        hexagon(base.transform_filter("datum.cell == 'no_report'"), fill=cell.hatch(stripes=14)),
        hexagon(base.transform_filter("datum.cell == 'zero'"), fill=cell.ZERO),
        hexagon(base.transform_filter("datum.cell == 'few'"), fill=theme.PAPER),
        hexagon(filled).encode(cell.fill(bounds)),
    ]
    layers = [layer.encode(tooltip=_tooltip(words)) for layer in layers]
    layers += [*_few(base), *texts(base, "datum.cell == 'no_report'"), *_open(base)]
    listed = cell.entries(bounds, cell.present(drawn), words)
    chart = alt.layer(*layers, *cell.key(listed))
    chart = chart.properties(width=width, height=height(width, len(listed)))
    return theme.themed(chart, words.language)


def height(width: int, listed: int = 9) -> int:
    """Pixels of the chart; on a phone the key of ``listed`` rows stands below the states."""
    return round(width * RATIO) + (cell.LINE * listed if width < NARROW else 0)


def _at() -> tuple[alt.X, alt.Y]:
    """Position of the middle of each hexagon."""
    x = alt.Scale(domain=[0, COLUMNS], nice=False, zero=False)
    deep = alt.ExprRef(f"width * {RATIO:.5f}")  # a key below the states may add to the height
    y = alt.Scale(domain=[0, COLUMNS * RATIO], nice=False, rangeMin=0, rangeMax=deep)
    return alt.X("x:Q", scale=x, axis=None), alt.Y("y:Q", scale=y, axis=None)


def hexagon(base: alt.Chart, **look: Any) -> alt.Chart:
    """Hexagons that touch: their size follows the width of the chart.

    ``base`` has ``x, y`` of the layout and ``key``, by which a page finds the row of a hexagon.
    """
    size = alt.ExprRef(f"pow(0.965 * width / {COLUMNS}, 2)")
    drawn = base.mark_point(
        shape=_HEXAGON, size=size, filled=True, opacity=1, stroke=cell.EDGE, strokeWidth=0.6, **look
    )
    return drawn.encode(*_at(), description=alt.Description("key:N"))


def _one_of(kinds: tuple[str, ...]) -> str:
    return " || ".join(f"datum.cell == '{kind}'" for kind in kinds)


def _tooltip(words: Words) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=words("word.state")),
        alt.Tooltip("rate:Q", title=words("column.rate"), format=",.1f"),
        alt.Tooltip("persons:Q", title=words("word.persons"), format=",.0f"),
    ]


def texts(base: alt.Chart, hatched: str) -> list[alt.Chart]:
    """Abbreviation and figure (``abbr, said``), light where ``dark``; clear of a hatch."""
    ink = alt.condition("datum.dark", alt.value(theme.PAPER), alt.value(FIGURE))
    size = alt.ExprRef(f"clamp(width / {COLUMNS} * 0.21, 9, 13)")
    lift = alt.ExprRef(f"-width / {COLUMNS} * 0.13")
    drop = alt.ExprRef(f"width / {COLUMNS} * 0.17")
    abbr = base.mark_text(fontWeight="bold", fontSize=size, dy=lift).encode(
        *_at(), text="abbr:N", color=ink
    )
    figure = base.mark_text(fontSize=size, dy=drop).encode(*_at(), text="said:N", color=ink)
    halo = base.transform_filter(hatched).mark_text(
        fontWeight="bold", fontSize=size, dy=lift, stroke=theme.PAPER, strokeWidth=4
    )
    return [halo.encode(*_at(), text="abbr:N"), abbr, figure]


def _few(base: alt.Chart) -> list[alt.Chart]:
    few = base.transform_filter("datum.cell == 'few'")
    return [cell.dots(few, 6, xOffset=x, yOffset=10).encode(*_at()) for x in (-8, 0, 8)]


def _open(base: alt.Chart) -> list[alt.Chart]:
    """An open dot under the figure of a state whose count may still change."""
    still = base.transform_filter(_one_of(cell.OPEN))
    drop = alt.ExprRef(f"width / {COLUMNS} * 0.37")
    return [cell.open_dot(still, 18, yOffset=drop).encode(*_at())]
