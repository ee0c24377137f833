"""The section on what explains the records, and on what the size of the groups rests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts.block import Section, Table
from hidra.charts.words import Words, percent, rounded

NATION = "00"
PARTS = ("mechanisms", "discrepancy", "noise")
Tables = Mapping[str, pd.DataFrame]


def explained(tables: Tables, words: Words) -> list[Section]:
    """One section with two tables; none where the run left neither."""
    shares, scale = tables.get("explained"), tables.get("scale")
    paragraphs: list[str] = []
    shown: list[Table] = []
    if shares is not None and len(shares):
        paragraphs += [words("explained.lead"), _national(shares, words)]
        shown.append(_shares(shares, words))
    if scale is not None and len(scale):
        paragraphs.append(_anchor(scale, words))
        shown.append(_scale(scale, words))
    if not shown:
        return []
    return [Section("explained", words("section.explained"), paragraphs=paragraphs, tables=shown)]


def _national(shares: pd.DataFrame, words: Words) -> str:
    rows = shares[(shares["place"] == NATION) & (shares["fit"] == "projection")]
    found = rows.set_index("part")["p50"]
    states = shares[(shares["place"] != NATION) & (shares["fit"] == "projection")]
    usual = states.groupby("part")["p50"].median()
    return words(
        "explained.national",
        first=words.month(rows["period_from"].iloc[0]),
        last=words.month(rows["period_to"].iloc[0]),
        **{part: percent(found[part]) for part in PARTS},
        **{f"{part}_state": percent(usual[part]) for part in PARTS},
    )


def _shares(shares: pd.DataFrame, words: Words) -> Table:
    """Nation and median state of each fit and period."""
    rows = []
    for (fit, first, last), part in shares.groupby(["fit", "period_from", "period_to"], sort=False):
        for level, chosen in (
            ("nation", part[part["place"] == NATION]),
            ("state", part[part["place"] != NATION]),
        ):
            cells = [_cell(chosen[chosen["part"] == name]) for name in PARTS]
            rows.append([words(f"part.{fit}"), words(f"level.{level}"), f"{first}–{last}", *cells])
    heads = [words(f"column.{name}") for name in ("fit", "level", "period", *PARTS)]
    return Table(words("explained.table"), heads, rows)


def _cell(rows: pd.DataFrame) -> str:
    """Median and 90 % interval; of states the median state and the middle nine tenths of states."""
    if len(rows) == 1:
        row = rows.iloc[0]
        middle, low, high = row["p50"], row["p05"], row["p95"]
    else:
        middle, low, high = (rows["p50"].quantile(q) for q in (0.5, 0.05, 0.95))
    return f"{percent(middle)} [{percent(low)}, {percent(high)}]"


def _anchor(scale: pd.DataFrame, words: Words) -> str:
    row = scale[scale["name"] == "attributed_share"].iloc[0]
    bound = ", ".join(words(f"scale.{name}") for name in scale.loc[scale["on_bound"], "name"])
    values: dict[str, Any] = {
        name: percent(row[name]) for name in ("prior_p05", "prior_p95", "p05", "p50", "p95")
    }
    return words("scale.lead", bound=bound, **values)


def _scale(scale: pd.DataFrame, words: Words) -> Table:
    """How each parameter moves along the ridge, and where the published estimate stood."""
    rows = [
        [
            words(f"scale.{row['name']}"),
            f"{row['power']:+d}" if row["power"] else "0",
            _number(row["slope"], "+.2f"),
            _number(row["correlation"], "+.2f"),
            f"{rounded(row['p50'])} [{rounded(row['p05'])}, {rounded(row['p95'])}]",
            _box(row, words),
        ]
        for _, row in scale.iterrows()
    ]
    names = ("parameter", "power", "slope", "correlation", "after", "published")
    return Table(words("scale.table"), [words(f"column.{name}") for name in names], rows)


def _number(value: float, form: str) -> str:
    return format(value, form) if pd.notna(value) else "–"


def _box(row: pd.Series, words: Words) -> str:
    if pd.isna(row["estimate"]):
        return "–"
    text = f"{rounded(row['estimate'])} [{rounded(row['low'])}, {rounded(row['high'])}]"
    return f"{text} {words('scale.on_bound')}" if row["on_bound"] else text
