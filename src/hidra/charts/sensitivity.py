"""The section on sensitivity: what the spread of the figures to come is made of."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hidra.charts import whisker
from hidra.charts.block import Block, Section, Table, local
from hidra.charts.words import Words, percent

MOST = 6  # groups drawn; what the others add is said in words
LISTED = 8  # single parameters listed
COLUMNS = ("name", "first", "first_lo", "first_hi", "total", "total_lo", "total_hi")


def section(tables: Mapping[str, pd.DataFrame], words: Words) -> list[Section]:
    """Return the section, or none where the run left no table `sensitivity`."""
    table = tables.get("sensitivity")
    if table is None or table.empty:
        return []
    measures = list(dict.fromkeys(table["measure"]))
    return [
        Section(
            "sensitivity", words("section.sensitivity"),
            paragraphs=[words("sensitivity.lead"), words("sensitivity.anchor")],
            blocks=[block(table[table["measure"] == m], m, words) for m in measures],
            tables=[t for m in measures for t in _single(table[table["measure"] == m], m, words)],
        )
    ]  # fmt: skip


def block(table: pd.DataFrame, measure: str, words: Words) -> Block:
    """Return the ranking of one measure: all that a group does, and what it does alone."""
    groups = table[table["level"] == "group"].sort_values("total", ascending=False)
    titles = {
        r["name"]: local(r, "title", words.language) or r["name"] for _, r in groups.iterrows()
    }
    shown = groups.head(MOST)
    rows = shown[list(COLUMNS)].round(4).reset_index(drop=True)
    rest = [*groups["total"].iloc[MOST:], 0.0]
    others = words("sensitivity.others", others=len(rest) - 1, most=percent(max(rest)))
    return Block(
        name=f"sensitivity_{measure}",
        title=words("sensitivity.title", measure=words(f"sensitivity.{measure}")),
        subtitle=words("sensitivity.subtitle"),
        reading=f"{words('sensitivity.reading')} {others}",
        source=words("sensitivity.source"),
        chart=whisker.sensitivity(rows, titles, words),
        data=rows,
        columns={name: words(f"column.{name}") for name in COLUMNS},
        codes=titles,
        layout={"kind": "rows"},
    )  # fmt: skip


def _single(table: pd.DataFrame, measure: str, words: Words) -> list[Table]:
    """The single parameters that stand out, or no table where none does."""
    rows = table[(table["level"] == "parameter") & table["stands"].astype(bool)]
    rows = rows.sort_values("first", ascending=False).head(LISTED)
    heads = ["column.parameter", "column.first", "column.first_lo", "column.first_hi"]
    told = [
        [
            local(row, "title", words.language) or row["name"],
            percent(row["first"]),
            percent(row["first_lo"]),
            percent(row["first_hi"]),
        ]
        for _, row in rows.iterrows()
    ]
    title = words("sensitivity.single", measure=words(f"sensitivity.{measure}"))
    return [Table(title, [words(head) for head in heads], told)] if told else []
