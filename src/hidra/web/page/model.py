"""The model: every mechanism with its equation and the evidence for and against it."""

from __future__ import annotations

from functools import cache

import pandas as pd

from hidra.charts.block import Section, Table
from hidra.charts.words import Words
from hidra.inference.sensitivity import kept
from hidra.model import causes
from hidra.report import plain, sections
from hidra.run.limits import LIMITS
from hidra.web.ask import Ask, View


def view(ask: Ask) -> View:
    """Return the page of the model."""
    words = ask.words
    table = mechanisms()
    cards = plain.mechanisms({"mechanisms": table}, {}, words)
    return View(
        words("page.model"),
        words("model.page.lead"),
        [
            Section(
                "core", words("model.core.title"),
                paragraphs=[words("model.core.lead"), words("model.core.terms")],
                listings=[(words("model.core.equation"), words("model.core.text"))],
            ),
            overview(table, words),
            sections.causes({"causes": causes.table()}, {}, words),
            sections.sensitivity({"sensitivity": kept.table()}, {}, words),
            cards,
            Section("limits", words("section.limits"), points=LIMITS[words.language]),
        ],
    )  # fmt: skip


@cache
def mechanisms() -> pd.DataFrame:
    """Return the mechanisms of the library, with words in both languages."""
    from hidra.study import Study, describe

    table = describe.mechanisms(Study.default())
    for name in ("evidence_for", "evidence_against", "essay", "equation"):
        table[f"{name}_en"] = table[name]
    return table


def acts_on(rates: str, words: Words) -> str:
    """Return the core rates a mechanism multiplies, in words."""
    named = [
        words.maybe(f"rate.{rate}", words.maybe(f"node.{rate}", rate))
        for rate in rates.split(", ")
        if rate
    ]
    return ", ".join(named) or "–"


def overview(table: pd.DataFrame, words: Words) -> Section:
    """Return one line per mechanism: what it acts on, and how good the evidence is."""
    rows = [
        [
            row[f"title_{words.language}"],
            words.maybe(f"grade.{row['grade']}", row["grade"]),
            acts_on(row["rates"], words),
            words("mechanisms.on" if row["on"] else "mechanisms.off"),
        ]
        for _, row in table.iterrows()
    ]  # fmt: skip
    heads = [words(f"model.head.{name}") for name in ("mechanism", "grade", "acts", "default")]
    return Section(
        "overview", words("model.overview"),
        tables=[Table(words("model.overview.caption"), heads, rows)],
    )  # fmt: skip
