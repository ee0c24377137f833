"""The data: every table with what it counts, its gaps, terms, checksum and download."""

from __future__ import annotations

import pandas as pd

from hidra.charts.block import Section, Table
from hidra.charts.words import Words, local
from hidra.data import reference
from hidra.report import blocks, plain
from hidra.study import describe
from hidra.web.ask import Ask, View
from hidra.web.cited import cited
from hidra.web.records import KILLED, MISSING, Records, records

SHOWN = (*KILLED, *MISSING)


def view(ask: Ask) -> View:
    """Return the page of the data."""
    words, found = ask.words, records()
    cards = plain.data({"sources": found.sources}, {}, words)
    return View(
        words("page.data"),
        words("data.page.lead", vintage=found.vintage),
        [
            calendar(found, words),
            measures(words),
            Section("tables", words("data.tables"), cards=cards.cards),
            sums(words),
        ],
        template="data.html.j2",
        more={"downloads": downloads(words)},
    )


def calendar(found: Records, words: Words) -> Section:
    """Return what each register reported in each year: months, gaps, months that may change."""
    rows = found.rows[found.rows["measure"].isin(SHOWN) & (found.rows["period"] == "month")]
    years = range(int(rows["month"].min()[:4]), int(rows["month"].max()[:4]) + 1)
    labels = {one: words(f"short.{one}") for one in SHOWN if one in set(rows["measure"])}
    block = blocks.calendar(
        rows, describe.breaks(SHOWN), labels, words,
        years=list(years), title=words("data.calendar"),
        source="",
    )  # fmt: skip
    block = cited(block, list(dict.fromkeys(rows["source"])), words)
    return Section("calendar", words("data.calendar.head"), blocks=[block])


def measures(words: Words) -> Section:
    """Return the dictionary: each measure, what it counts, months and months to be wary of."""
    rows, spans = reference.table("measure"), _spans()
    lines = [
        [
            local(row, "label", words.language) or str(row["measure"]),
            local(row, "concept", words.language),
            words.maybe(f"unit.{row['unit']}", str(row["unit"])),
            words.maybe(f"period.{row['period']}", str(row["period"])),
            *spans.get(row["measure"], ("–", "–")),
            str(row["provisional_from"] if row["provisional_from"] == row["provisional_from"]
                else "–"),
            str(row["undercount_from"] if row["undercount_from"] == row["undercount_from"]
                else "–"),
        ]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    names = ("measure", "concept", "unit", "period", "first", "last", "provisional", "undercount")
    heads = [words(f"data.head.{name}") for name in names]
    return Section(
        "measures", words("data.measures"),
        tables=[Table(words("data.measures.caption"), heads, lines)],
    )  # fmt: skip


def _spans() -> dict[str, tuple[str, str]]:
    rows = reference.panel()
    known = rows[rows["value"].notna()].groupby("measure")["month"].agg(["min", "max"])
    return {str(name): (row["min"], row["max"]) for name, row in known.iterrows()}


def sums(words: Words) -> Section:
    """Return the checksum of every built-in table."""
    rows = reference.catalogue()
    lines = [[row["file"], row["vintage"], row["sha256"]] for _, row in rows.iterrows()]
    heads = [words(f"data.head.{name}") for name in ("file", "vintage", "sha256")]
    return Section(
        "sums", words("data.sums"), tables=[Table(words("data.sums.caption"), heads, lines)]
    )


def downloads(words: Words) -> list[tuple[str, str]]:
    """Return name and title of every built-in table."""
    rows = reference.catalogue()
    named = {row["name"]: local(row, "title", words.language) for _, row in rows.iterrows()}
    return [(name, named[name]) for name in reference.names()]


def table(name: str) -> pd.DataFrame:
    """Return a built-in table for download."""
    return reference.table(name)
