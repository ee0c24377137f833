"""Where a scenario would change things: paired differences of the states as hexagons.

A state whose 90 % interval holds zero is drawn apart from one that shifts either way, and one
without a difference (nobody simulated there) from both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hidra.charts import cell, theme, tiles
from hidra.charts.block import KEY, Block
from hidra.charts.words import Words

COLUMNS = ["place", "p05", "p50", "p95", "rel_p05", "rel_p50", "rel_p95", "shift"]
#: From the largest fall to the largest rise; the middle one is for what holds zero.
FALLS, EVEN, RISES = theme.DIVERGING[:3:-1], theme.DIVERGING[3], theme.DIVERGING[2::-1]


def kinds(rows: pd.DataFrame) -> pd.Series:
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


def steps(rows: pd.DataFrame) -> list[float]:
    """Return the limits of the six classes, even to both sides of zero, on round shares."""
    largest = float(rows["rel_p50"].abs().max()) if rows["rel_p50"].notna().any() else 0.0
    rough = max(largest / 3, 1e-4)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= rough * 0.999)
    return [-2 * step, -step, 0.0, step, 2 * step]


def hexagons(rows: pd.DataFrame, bounds: list[float], words: Words) -> alt.TopLevelMixin:
    """Draw the states as hexagons coloured by their paired difference.

    Parameters
    ----------
    rows : pandas.DataFrame
        `COLUMNS`, one row a state; ``rel_`` are shares of no change.
    bounds : list of float
        From `steps`, of every scenario shown together.
    """
    drawn = tiles.layout().merge(rows, on="place", how="left")
    drawn["shift"] = drawn["shift"].fillna("unknown")
    colours = [*FALLS, *RISES]
    at = np.searchsorted(bounds, drawn["rel_p50"].fillna(0), side="right")
    sure = drawn["shift"].isin(["less", "more"])
    drawn["dark"] = sure & np.isin(at, [0, len(colours) - 1])
    drawn["said"] = [
        _said(share, one) for share, one in zip(drawn["rel_p50"], drawn["shift"], strict=True)
    ]
    base = alt.Chart(drawn).transform_calculate(key=f"'{KEY}place=' + datum.place")
    fill = alt.Fill(
        "rel_p50:Q", legend=None, scale=alt.Scale(type="threshold", domain=bounds, range=colours)
    )
    layers = [
        tiles.hexagon(
            base.transform_filter("datum.shift == 'unknown'"), fill=cell.hatch(stripes=14)
        ),
        tiles.hexagon(base.transform_filter("datum.shift == 'either'"), fill=EVEN),
        tiles.hexagon(
            base.transform_filter("datum.shift == 'less' || datum.shift == 'more'")
        ).encode(fill),
        *tiles.texts(base, "datum.shift == 'unknown'"),
    ]
    chart = alt.layer(*layers, *cell.key(entries(bounds, words)))
    return theme.themed(
        chart.properties(width=tiles.WIDTH, height=tiles.height(tiles.WIDTH)), words.language
    )


def _said(share: float, shift: str) -> str:
    """Write the median share; in brackets where its interval holds zero."""
    if not math.isfinite(share):
        return ""
    text = f"{100 * share:+.0f}".replace("-", "\u2212")
    text = "0" if text in ("+0", "\u22120") else text
    return f"({text})" if shift == "either" else text


def entries(bounds: list[float], words: Words) -> list[tuple[str, Any, str]]:
    """Return what the key lists: classes from fall to rise, what holds zero, what is unknown."""
    edges = [f"{100 * bound:+g}".replace("-", "\u2212").replace("+0", "0") for bound in bounds]
    labels = [f"< {edges[0]} %", *(f"{a} – {b} %" for a, b in pairwise(edges)), f"> {edges[-1]} %"]
    listed: list[tuple[str, Any, str]] = [
        (label.replace(" %", "\u00a0%"), colour, "")
        for label, colour in zip(labels, [*FALLS, *RISES], strict=True)
    ]
    listed.append((words("shift.either"), EVEN, ""))
    listed.append((words("shift.unknown"), cell.hatch(stripes=8), ""))
    return listed


def block(
    rows: pd.DataFrame,
    bounds: list[float],
    names: Mapping[str, str],
    words: Words,
    *,
    name: str,
    title: str,
    year: int,
    source: str,
) -> Block:
    """Return the differences of one scenario in one year as a block."""
    said = {kind: words(f"shift.{kind}") for kind in ("less", "more", "either", "unknown")}
    return Block(
        name=name,
        title=words("shift.title", scenario=title),
        subtitle=words("shift.subtitle", year=year),
        reading=words("shift.reading"),
        source=source,
        chart=hexagons(rows, bounds, words),
        data=rows,
        columns={one: words(f"shift.column.{one}") for one in COLUMNS},
        codes={**names, **said},
        layout={"kind": "tiles", "ratio": tiles.RATIO, "key": cell.LINE * 8},
    )
