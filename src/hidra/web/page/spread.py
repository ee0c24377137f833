"""Where the scenarios of a run would change things: one picture of the states for each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hidra.charts import maps, series, tiles
from hidra.charts.block import Section, simulation_line
from hidra.charts.words import Words
from hidra.report import blocks

MEASURES = (series.EXPECTED, series.MAIN)


def years(difference: pd.DataFrame) -> list[str]:
    """Return the years that have differences, oldest first."""
    return [str(year) for year in sorted(difference["year"].unique())]


def by_state(difference: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the paired differences of the states in a year: scenario and `tiles.SHIFTED`."""
    rows = difference[difference["place"].isin(series.STATES) & (difference["year"] == year)]
    measure = next((one for one in MEASURES if one in set(rows["measure"])), None)
    rows = rows[rows["measure"] == measure].reset_index(drop=True)
    return rows.assign(shift=tiles.shift_kinds(rows))[["scenario", *tiles.SHIFTED]]


def section(
    difference: pd.DataFrame,
    titles: Mapping[str, str],
    meta: Mapping[str, object],
    year: int,
    words: Words,
) -> Section:
    """Return a picture of the states for each scenario, all on one scale."""
    rows = by_state(difference, year)
    bounds, names = tiles.shift_steps(rows), maps.state_names(words.language)
    blocks = [
        blocks.shifts(
            mine[tiles.SHIFTED].reset_index(drop=True), bounds, names, words,
            name=f"where_{name}", title=title, year=year,
            source=simulation_line(meta, words),
        )
        for name, title in titles.items()
        if len(mine := rows[rows["scenario"] == name])
    ]  # fmt: skip
    return Section("where", words("map.difference"), blocks=blocks)
