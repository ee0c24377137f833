"""How a finished run of the model follows the records of a place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hidra.charts import series
from hidra.charts.block import Section, simulation_line
from hidra.charts.words import Words
from hidra.report import blocks
from hidra.study import describe
from hidra.web.cited import cited
from hidra.web.finished import finished


def section(code: str, name: str, rows: pd.DataFrame, run: Path, words: Words) -> Section:
    """Return the fan over the records; where there is none, why.

    Parameters
    ----------
    code, name : of the place.
    rows : panel rows of the place.
    run : folder where a finished run may stand.
    """
    title = words("place.section.model")
    if len(code) != 2:
        return Section("model", title, paragraphs=[words("place.model.state")])
    there = finished(run)
    if there is None:
        return Section("model", title, paragraphs=[words("place.model.none")])
    band = there.band(series.MAIN, code)
    if band.empty:
        return Section("model", title, paragraphs=[words("place.model.absent")])
    used = list(dict.fromkeys(rows.loc[rows["measure"] == series.MAIN, "source"]))
    block = blocks.over_records(
        band, rows, describe.breaks((series.MAIN,)), there.meta, words, place=name,
        source="",
    )  # fmt: skip
    block = cited(block, used, words, beside=simulation_line(there.meta, words))
    return Section("model", title, blocks=[block], notes=held(block.data, there.meta, words))


def held(rows: pd.DataFrame, meta: Mapping[str, Any], words: Words) -> list[str]:
    """Say how many of the months kept from the fit fell in the band; nothing without any."""
    period = series.held_out(meta)
    if period is None:
        return []
    kept = rows[(rows["month"] >= period[0]) & (rows["month"] < period[1])]
    kept = kept[kept["observed"].notna() & (kept["part"] == "check")]
    inside = kept["observed"].between(kept["p05"], kept["p95"]).sum()
    return [words("place.model.held", n=len(kept), inside=int(inside))] if len(kept) else []
