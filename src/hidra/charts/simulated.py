"""What a run simulates of one place over what was recorded there, as a block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts import chart, sections, series, summary
from hidra.charts.block import Block
from hidra.charts.words import Words

COLUMNS = ["month", "part", "p05", "p25", "p50", "p75", "p95", "observed", "status"]


def over_records(
    band: pd.DataFrame,
    rows: pd.DataFrame,
    breaks: pd.DataFrame,
    meta: Mapping[str, Any],
    words: Words,
    *,
    place: str,
    source: str,
) -> Block:
    """Draw the bands of a run over the recorded months of a place.

    Parameters
    ----------
    band : pandas.DataFrame
        From :func:`series.model_band`, of one place.
    rows, breaks : pandas.DataFrame
        Panel rows of the place, and ``measure, month`` of changes of method.
    meta : mapping
        ``fit_until``, ``observed_until``: what the check did not see lies between.
    place : str
        Name of the place, for the title.
    """
    measure = summary.MAIN
    seen = series.monthly(rows, (measure,))[["month", "value", "status"]]
    joined = band.merge(seen.rename(columns={"value": "observed"}), on="month", how="left")
    first, last = str(joined["month"].min()), str(joined["month"].max())
    held = sections.held_out(meta)
    marks = sections.break_marks(breaks, {measure}, words)
    if held:
        label = pd.DataFrame({"month": [held[0]], "label": [words("mark.held_out")]})
        marks = pd.concat([label, marks], ignore_index=True)
    return Block(
        name="model",
        title=words("simulated.title", place=place),
        subtitle=words(
            "simulated.subtitle", measure=summary.name(measure, words),
            first=words.month(first), last=words.month(last),
        ),
        reading=words("simulated.reading"),
        source=source,
        chart=chart.fan(
            joined[COLUMNS], marks[marks["month"].between(first, last)], words, held_out=held
        ),
        data=joined[COLUMNS],
        columns=sections.columns_of(COLUMNS, words),
        codes=sections.codes(words),
    )  # fmt: skip
