"""What a pointer reads over a chart: place and month, value, interval, ready to be shown.

The lines are made here, in the reader's language, of the rows that the chart draws; the script of
the page only finds the row under the pointer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts.block import Block
from hidra.charts.words import Words, minus, percent, rounded

#: Columns that name a row, those that say how sure it is, and those told beside another one.
NAMES, STATES = ("place", "scenario", "measure"), ("status", "cell", "shift")
APART = ("month", "year", "part", "segment", "p05", "p25", "p75", "p95")
PLAIN = ("final", "value")


def told(block: Block, words: Words) -> dict[str, Any]:
    """Return what to say of each row.

    Returns
    -------
    dict
        ``first`` and ``last`` (months or years of the axis), and ``said``: by the title of the
        panel (empty where there is one), by month, year or ``column=value``, the head and lines.
    """
    rows, time = block.data, _time(block.data)
    panel = panel_of(block)
    said: dict[str, dict[str, list[str]]] = {}
    for row in rows.to_dict("records"):
        title = block.codes.get(row[panel], str(row[panel])) if panel else ""
        own = said.setdefault(title, {})
        key = str(row[time]) if time else f"{NAMES[0]}={row.get(NAMES[0], '')}"
        if key not in own:
            own[key] = [_head(row, time, title, block, words)]
        own[key] += _line(row, panel or ("" if time else NAMES[0]), block, words)
    times = sorted(rows[time].dropna().unique()) if time else []
    ends = {"first": str(times[0]), "last": str(times[-1])} if times else {}
    return {**ends, "said": said}


def panel_of(block: Block) -> str:
    """Return the column that panels go by, empty where a chart has one panel."""
    if block.layout["kind"] != "panels":
        return ""
    return next(name for name in NAMES if name in block.data)


def _time(rows: pd.DataFrame) -> str:
    """Return the column of time, empty where all rows are of one time."""
    return next((one for one in ("month", "year") if one in rows and rows[one].nunique() > 1), "")


def _head(row: Mapping[Any, Any], time: str, title: str, block: Block, words: Words) -> str:
    if not time:
        return block.codes.get(row[NAMES[0]], str(row[NAMES[0]]))
    when = words.month(row[time]) if time == "month" else str(row[time])
    return f"{title}, {when}" if title else when


def _line(row: Mapping[Any, Any], known: str, block: Block, words: Words) -> list[str]:
    """Return a row as one line: what it is of, its figures, and whether they may change."""
    of = [block.codes.get(row[name], str(row[name])) for name in NAMES
          if name in block.columns and name in row and name != known]  # fmt: skip
    parts = [
        f"{head}: {figure}" if name != "value" else figure
        for name, head in block.columns.items()
        if (figure := _figure(name, row, words))
    ]
    states = [row[name] for name in STATES if isinstance(row.get(name), str)]
    parts += [block.codes.get(one, one) for one in dict.fromkeys(states) if one not in PLAIN]
    return [": ".join(part for part in (", ".join(of), "; ".join(parts)) if part)] if parts else []


def _figure(name: str, row: Mapping[Any, Any], words: Words) -> str:
    value = row.get(name)
    if name in APART or name.endswith(("_p05", "_p25", "_p75", "_p95")):
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float) or pd.isna(value):
        return ""
    low, high = (row.get(name.replace("p50", end)) for end in ("p05", "p95"))
    if not name.endswith("p50") or low is None or high is None:
        return written(name, value)
    ends = f"{written(name, low)} {words('word.to')} {written(name, high)}"
    return f"{written(name, value)} [{words('word.interval90')} {ends}]"


def written(name: str, value: float) -> str:
    """Write a figure: shares in per cent, rates with a decimal, counts whole."""
    if name.startswith("rel_"):
        return percent(value, sign=True)
    if abs(value) >= 1000 or float(value).is_integer():
        return minus(f"{value:,.0f}")
    return rounded(value)
