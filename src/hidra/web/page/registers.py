"""Charts of what the registers say of a place: people killed, people missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts import lines, series
from hidra.charts.block import Block, Table, columns_of
from hidra.charts.words import Words, rounded, whole
from hidra.report import blocks, summary
from hidra.study import describe
from hidra.web.cited import cited
from hidra.web.records import KILLED, MISSING, Records


def tables(found: Records, rows: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
    """Return the tables that the charts of the report take."""
    shown = found.rows if rows is None else rows
    return {
        "observed": shown, "sources": found.sources,
        "breaks": describe.breaks(shown["measure"].unique()),
    }  # fmt: skip


def killed(rows: pd.DataFrame, title: str, words: Words) -> Block | None:
    """Return the monthly series of a place, every register beside the others."""
    return _lines(rows, KILLED, "observed", title, words)


def missing(rows: pd.DataFrame, title: str, words: Words) -> Block | None:
    """Return the monthly series of people who went missing in a month and are still missing."""
    return _lines(rows, MISSING, "missing", title, words)


def _lines(
    rows: pd.DataFrame,
    measures: tuple[str, ...],
    name: str,
    title: str,
    words: Words,
) -> Block | None:
    breaks = describe.breaks(measures)
    seen = series.segmented(series.monthly(rows, measures), breaks)
    if seen.empty:
        return None
    present = [measure for measure in measures if measure in set(seen["measure"])]
    labels = {measure: summary.name(measure, words) for measure in present}
    columns = ["measure", "month", "value", "status"]
    rules = marks(breaks, seen, words)
    if measures == MISSING:
        rules = pd.concat([rules, still_open(seen, words)], ignore_index=True)
    first, last = words.month(seen["month"].min()), words.month(seen["month"].max())
    block = Block(
        name=name,
        title=title,
        subtitle=words(f"{name}.monthly", first=first, last=last),
        reading=words(f"{name}.help"),
        source="",
        chart=lines.sources(seen[[*columns, "segment"]], rules, labels, words),
        data=seen[[*columns, "segment"]],
        columns=heads(columns, words, value=words(f"{name}.value")),
        codes=blocks.codes(words, **labels),
    )
    return cited(block, list(dict.fromkeys(seen["source"])), words)


def marks(breaks: pd.DataFrame, seen: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the rules to draw: changes of method within the months shown."""
    within = breaks[breaks["month"].between(seen["month"].min(), seen["month"].max())]
    marks = within.rename(columns={f"words_{words.language}": "label"})[["month", "label"]]
    joined = marks.groupby("month")["label"].agg(" · ".join)
    return joined.reset_index()


def still_open(seen: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the rule from which reports of a month still arrive; none where all months stand."""
    later = seen.loc[seen["status"] != "final", "month"]
    rows = [{"month": later.min(), "label": words("mark.open")}] if len(later) else []
    return pd.DataFrame(rows, columns=["month", "label"])


def heads(names: list[str], words: Words, **own: str) -> dict[str, str]:
    """Return the words of some columns, those of `own` instead where given."""
    return {**columns_of(names, words), **own}


def yearly(rows: pd.DataFrame, measures: tuple[str, ...]) -> pd.DataFrame:
    """Return persons and rate by measure, place and year; a year with a gap has none."""
    annual = series.annual_observed(series.monthly(rows, measures))
    return series.with_rate(annual, series.population(rows))


def year_table(rows: pd.DataFrame, words: Words, title: str) -> Table | None:
    """Return persons and rate of each register in the last twelve years."""
    annual = yearly(rows, (*KILLED, *MISSING))
    annual = annual[annual["persons"].notna()]
    if annual.empty:
        return None
    present = [m for m in (*KILLED, *MISSING) if m in set(annual["measure"])]
    years = sorted(annual["year"].unique(), reverse=True)[:12]
    cells = {(row["year"], row["measure"]): row for row in annual.to_dict("records")}
    lines = [
        [str(year), *(_cell(cells.get((year, measure))) for measure in present)] for year in years
    ]
    names = [summary.name(measure, words) for measure in present]
    return Table(title, [words("column.year"), *names], lines)


def _cell(row: Mapping[Any, Any] | None) -> str:
    """Persons and rate; a dash where the year is not known."""
    if row is None:
        return "–"
    rate = f" ({rounded(row['rate'])})" if row["rate"] == row["rate"] else ""
    star = "" if row["status"] == "final" else "*"
    return f"{whole(row['persons'])}{star}{rate}"
