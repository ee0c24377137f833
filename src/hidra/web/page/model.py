"""The pages that say what hidra is made of: model, data, method and limits."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

import hidra
from hidra.charts.block import Section, Table
from hidra.charts.words import Words, local
from hidra.core.i18n import rounded
from hidra.data import panel, reference
from hidra.evidence import setting
from hidra.inference import sensitivity
from hidra.model import causes
from hidra.report import blocks, plain, sections
from hidra.run import limits
from hidra.study import describe
from hidra.web.page.place import when
from hidra.web.records import KILLED, MISSING, Records, cited, records
from hidra.web.site import Ask, View

if TYPE_CHECKING:
    from hidra.inference.posterior import Posterior

DRAWN = 12  # parameters drawn, those that the records tell most of
TOLD, SILENT = 0.4, 0.1  # contraction from which records say a good deal; below which, nothing
REGISTERS = (*KILLED, *MISSING)


def view(ask: Ask) -> View:
    """Return the page of the model: every mechanism with its equation and evidence."""
    words, table = ask.words, mechanisms()
    return View(
        words("page.model"),
        words("model.page.lead"),
        [
            fitted(words),
            Section("overview", words("model.overview"), tables=[overview(table, words)]),
            sections.causes({"causes": causes.table()}, {}, words),
            sections.sensitivity({"sensitivity": sensitivity.shipped()}, {}, words),
            plain.mechanisms({"mechanisms": table}, {}, words),
            Section("limits", words("section.limits"), points=limits(ask.language)),
        ],
        template="model.html.j2", more={"assumed": assumed(table, words)},
    )  # fmt: skip


def assumed(table: pd.DataFrame, words: Words) -> str:
    """Name the mechanisms whose size published studies set, and those whose size is assumed."""
    titles = table.set_index("name")[f"title_{words.language}"]
    named: dict[bool, list[str]] = {True: [], False: []}
    for name, title in titles.items():
        named[bool(setting(str(name)))].append(str(title))
    return words("model.assumed.text", set="; ".join(named[True]), assumed="; ".join(named[False]))


@cache
def learnt() -> tuple[pd.DataFrame, Posterior]:
    """Return prior against posterior of the study that comes with hidra, the most told first."""
    from hidra.inference import diagnostics
    from hidra.inference.posterior import shipped
    from hidra.study import Study

    study, posterior = Study.default(), shipped("system")
    table = diagnostics.learnt(posterior, study.on(), study.parameters)
    table = describe.worded(table, study.on())
    return table.sort_values("contraction", ascending=False, ignore_index=True), posterior


def fitted(words: Words) -> Section:
    """Return what was assumed of the parameters, what the records say, and what speaks against."""
    table, posterior = learnt()
    told = int((table["contraction"] >= TOLD).sum())
    silent = int((table["contraction"] < SILENT).sum())
    drawn = sections.parameters({"parameters": table.head(DRAWN)}, {}, words)
    source = words("model.fit.source", draws=posterior.size)
    little = len(table) - told - silent
    text = [words("model.fit.lead", n=len(table), told=told, little=little, silent=silent)]
    doubts = posterior.doubts(words.language)
    text += [words("model.fit.doubt", doubts="; ".join(doubts) + ".")] if doubts else []
    return Section(
        "fit", words("model.fit.head"), paragraphs=[*text, words("model.fit.drawn", n=DRAWN)],
        blocks=[replace(block, source=source) for block in drawn.blocks],
        tables=[parameters(table, words)],
    )  # fmt: skip


def parameters(table: pd.DataFrame, words: Words) -> Table:
    """Return every uncertain parameter: assumed, after the records, and what these say of it."""

    def spread(row: pd.Series, before: str) -> str:
        middle, low, high = (rounded(row[f"{before}{one}"]) for one in ("p50", "p05", "p95"))
        return f"{middle} ({low} {words('word.to')} {high})"

    lines = [
        [row[f"title_{words.language}"], spread(row, "prior_"), spread(row, ""),
         row[f"words_{words.language}"]]
        for _, row in table.iterrows()
    ]  # fmt: skip
    heads = [words("column.parameter")]
    heads += [words(f"model.fit.{one}") for one in ("before", "after", "said")]
    return Table(words("model.fit.all"), heads, lines)


@cache
def mechanisms() -> pd.DataFrame:
    """Return the mechanisms of the library, with words in both languages."""
    from hidra.study import Study

    table = describe.mechanisms(Study.default())
    for name in ("evidence_for", "evidence_against", "essay", "equation"):
        table[f"{name}_en"] = table[name]
    return table


def overview(table: pd.DataFrame, words: Words) -> Table:
    """Return one line per mechanism: what it acts on, and how good the evidence is."""

    def acts_on(rates: str) -> str:
        named = [
            words.maybe(f"rate.{rate}", words.maybe(f"node.{rate}", rate))
            for rate in rates.split(", ")
            if rate
        ]
        return ", ".join(named) or "–"

    rows = [
        [
            row[f"title_{words.language}"],
            f"{words.maybe(f'grade.{row.grade}', row.grade)}; {row[f'size_{words.language}']}",
            acts_on(row["rates"]),
            words("mechanisms.on" if row["on"] else "mechanisms.off"),
        ]
        for _, row in table.iterrows()
    ]  # fmt: skip
    heads = [words(f"model.head.{name}") for name in ("mechanism", "grade", "acts", "default")]
    return Table(words("model.overview.caption"), heads, rows)


def data(ask: Ask) -> View:
    """Return the page of the data: every table with what it counts, gaps, terms, checksum."""
    words, found, catalogue = ask.words, records(), reference.catalogue()
    cards = plain.data({"sources": found.sources}, {}, words).cards
    files = [
        [row["file"], words.day(str(row["vintage"])), row["sha256"]]
        for _, row in catalogue.iterrows()
    ]
    heads = [words(f"data.head.{name}") for name in ("file", "vintage", "sha256")]
    titles = {row["name"]: local(row, "title", ask.language) for _, row in catalogue.iterrows()}
    return View(
        words("page.data"),
        words("data.page.lead", vintage=found.vintage),
        [
            calendar(found, words),
            Section("measures", words("data.measures"), tables=[measures(words)]),
            Section("tables", words("data.tables"), cards=cards),
            Section("sums", words("data.sums"),
                    tables=[Table(words("data.sums.caption"), heads, files)]),
        ],
        template="data.html.j2",
        more={"downloads": [(name, titles[name]) for name in reference.names()]},
    )  # fmt: skip


def calendar(found: Records, words: Words) -> Section:
    """Return what each register reported in each year: months, gaps, months that may change."""
    rows = found.rows[found.rows["measure"].isin(REGISTERS) & (found.rows["period"] == "month")]
    years = range(int(rows["month"].min()[:4]), int(rows["month"].max()[:4]) + 1)
    labels = {one: words(f"short.{one}") for one in REGISTERS if one in set(rows["measure"])}
    block = blocks.calendar(
        rows, describe.breaks(REGISTERS), labels, words,
        years=list(years), title=words("data.calendar"),
        source="",
    )  # fmt: skip
    block = cited(block, list(dict.fromkeys(rows["source"])), words)
    return Section("calendar", words("data.calendar.head"), blocks=[block])


def measures(words: Words) -> Table:
    """Return the dictionary: each measure, what it counts, months and months to be wary of."""
    rows = panel.rows()
    known = rows[rows["value"].notna()].groupby("measure")["month"].agg(["min", "max"])
    lines = []
    for _, row in reference.table("measure").iterrows():
        name, period = str(row["measure"]), str(row["period"])
        span = tuple(known.loc[name]) if name in known.index else ("–", "–")
        wary = (row["provisional_from"], row["undercount_from"])
        usual = "date" if period.startswith("until ") else "span"
        lines.append([
            local(row, "label", words.language) or name,
            local(row, "concept", words.language),
            words.maybe(f"unit.{row['unit']}", str(row["unit"])),
            words.maybe(f"period.{period}", words(f"period.{usual}")),
            *(_told(month, period, words) for month in (*span, *wary)),
        ])  # fmt: skip
    names = ("measure", "concept", "unit", "period", "first", "last", "provisional", "undercount")
    heads = [words(f"data.head.{name}") for name in names]
    return Table(words("data.measures.caption"), heads, lines)


def _told(month: object, period: str, words: Words) -> str:
    """Write the month or the year of a measure; a span is told whole; nothing is a dash."""
    if not isinstance(month, str) or month == "–":
        return "–"
    return when(period, month, words)


def about(ask: Ask) -> View:
    """Return the page about the project: method, limits, ethics, who is not counted, citation."""
    words = ask.words
    parts = [
        Section(
            name, words(f"about.{name}.title"),
            paragraphs=[words(f"about.{name}.text")],
            points=limits(ask.language) if name == "limits" else (),
        )
        for name in ("method", "limits", "counted", "ethics", "search", "privacy")
    ]  # fmt: skip
    cite = Section(
        "cite", words("about.cite.title"), paragraphs=[words("about.cite.text")],
        listings=[(words("about.cite.label"), hidra.cite(language=ask.language))],
    )  # fmt: skip
    return View(words("page.about"), words("about.lead"), [*parts, cite])
