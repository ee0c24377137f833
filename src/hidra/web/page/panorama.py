"""The front page, and the charts of the registers that it shares with the page of a place."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts import cell, lines, maps, series
from hidra.charts.block import Block, Section, Table, columns_of
from hidra.charts.words import Words
from hidra.core.i18n import rounded, whole
from hidra.data.newest import COMPARED, newest
from hidra.report import blocks, sections, summary
from hidra.study import describe
from hidra.web.records import KILLED, KILLED_BY_YEAR, MISSING, Records, cited, records
from hidra.web.site import Ask, View

MAIN = series.MAIN


def view(ask: Ask) -> View:
    """Return the front page."""
    words, found = ask.words, records()
    tables = {
        "observed": found.rows, "sources": found.sources,
        "breaks": describe.breaks(found.rows["measure"].unique()), "newest": newest(),
    }  # fmt: skip
    killed = sections.observed(tables, {}, words)
    day = datetime.date.today().isoformat()
    first = tables["newest"]["register"].isin(COMPARED)
    others = {"newest": tables["newest"][~first]}
    used = list(dict.fromkeys(series.national(series.monthly(found.rows))["source"]))
    national = series.national(series.monthly(found.rows, MISSING))
    missing = monthly("missing", MISSING, national, words("missing.title"), words)
    return View(
        words("panorama.title"),
        summary.observed({"newest": tables["newest"][first]}, words, day),
        [
            Section(
                "observed", killed.title,
                paragraphs=[
                    summary.registers(tables, words),
                    summary.observed(others, words, day),
                    *killed.paragraphs,
                ],
                blocks=[cited(one, used, words) for one in killed.blocks],
            ),
            Section("where", words("hex.head"), blocks=[hexagons(found, words)]),
            Section("states", words("states.lines.head"), blocks=[states(found, words)]),
            Section(
                "missing", words("missing.head"), paragraphs=[words("missing.lead")],
                blocks=missing,
            ),
        ],
        template="panorama.html.j2",
        more={"doors": ("places", "claims", "lab")},
    )  # fmt: skip


def hexagons(found: Records, words: Words) -> Block:
    """Return the states as hexagons of one size, in the last year that every one of them has."""
    rows = series.monthly(found.rows, (MAIN,))
    rates = cell.rates(rows[rows["place"].isin(series.STATES)], series.population(found.rows))
    year = int(rates.loc[rates["persons"].notna(), "year"].max())
    block = blocks.hex_states(
        rates, words, year=year, title=words("hex.title"), measure=words("hex.measure"),
        source="",
    )  # fmt: skip
    return cited(block, _rate_sources(found), words)


def states(found: Records, words: Words) -> Block:
    """Return the 32 states as small lines of yearly rates on one scale, from north to south."""
    annual = yearly(found.rows, (MAIN,))
    annual = annual[annual["place"].isin(series.STATES) & annual["rate"].notna()]
    columns = ["place", "year", "rate", "persons", "status"]
    rows = annual[columns].sort_values(["place", "year"], ignore_index=True)
    names = maps.state_names(words.language)
    block = Block(
        name="states",
        title=words("states.lines.title"),
        subtitle=words(
            "states.lines.subtitle", first=int(rows["year"].min()), last=int(rows["year"].max())
        ),
        reading=words("states.lines.reading"),
        source="",
        chart=lines.small_lines(rows, names, maps.north_to_south(), words),
        data=rows,
        columns=columns_of(columns, words),
        codes=blocks.codes(words, **names),
        layout={"kind": "panels", "smallest": 112, "most": 6, "ratio": 0.66},
    )
    return cited(block, _rate_sources(found), words)


def _rate_sources(found: Records) -> list[str]:
    rows = found.rows[found.rows["measure"].isin([MAIN, "population"])]
    return list(dict.fromkeys(rows["source"]))


def monthly(
    name: str, measures: tuple[str, ...], rows: pd.DataFrame, title: str, words: Words
) -> list[Block]:
    """Return the monthly series of a place, every register beside the others; none without rows.

    Parameters
    ----------
    name : ``observed`` for people killed; ``missing`` for people who went missing in a month and
        are still missing, with the rule from which reports of a month still arrive.
    rows : panel rows of one place.
    """
    breaks = describe.breaks(measures)
    seen = series.segmented(series.monthly(rows, measures), breaks)
    if seen.empty:
        return []
    labels = {one: summary.name(one, words) for one in measures if one in set(seen["measure"])}
    columns = ["measure", "month", "value", "status"]
    rules = method_rules(breaks, seen, words)
    later = seen.loc[seen["status"] != "final", "month"]
    if name == "missing" and len(later):
        still_open = pd.DataFrame([{"month": later.min(), "label": words("mark.open")}])
        rules = pd.concat([rules, still_open], ignore_index=True)
    first, last = words.month(seen["month"].min()), words.month(seen["month"].max())
    block = Block(
        name=name,
        title=title,
        subtitle=words(f"{name}.monthly", first=first, last=last),
        reading=words(f"{name}.help"),
        source="",
        chart=lines.sources(seen[[*columns, "segment"]], rules, labels, words),
        data=seen[[*columns, "segment"]],
        columns=columns_of(columns, words) | {"value": words(f"{name}.value")},
        codes=blocks.codes(words, **labels),
    )
    return [cited(block, list(dict.fromkeys(seen["source"])), words)]


def by_year(rows: pd.DataFrame, title: str, words: Words) -> list[Block]:
    """Return the registers that count a municipality by year, no line from one to the other."""
    annual = yearly(rows, KILLED_BY_YEAR)
    annual = annual[annual["persons"].notna() & (annual["place"].str.len() == 5)]
    if annual.empty:
        return []
    seen = annual.assign(month=annual["year"].astype(str) + "-07", value=annual["persons"])
    labels = {one: summary.name(one, words) for one in dict.fromkeys(seen["measure"])}
    first, last = int(seen["year"].min()), int(seen["year"].max())
    columns = ["measure", "year", "persons", "rate", "population", "status"]
    block = Block(
        name="years",
        title=title,
        subtitle=words("place.by_year", first=first, last=last),
        reading=words("place.by_year.help"),
        source="",
        chart=lines.sources(
            seen[["measure", "month", "value", "status"]].assign(segment=0),
            pd.DataFrame(columns=["month", "label"]), labels, words,
        ),
        data=seen[columns].reset_index(drop=True),
        columns=columns_of(columns, words) | {"population": words("map.column.population")},
        codes=blocks.codes(words, **labels),
    )  # fmt: skip
    used = rows[rows["measure"].isin([*labels, "population"])]
    return [cited(block, list(dict.fromkeys(used["source"])), words)]


def method_rules(breaks: pd.DataFrame, seen: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the rules to draw, ``month, label``: changes of method within the months shown."""
    within = breaks[breaks["month"].between(seen["month"].min(), seen["month"].max())]
    marks = within.rename(columns={f"words_{words.language}": "label"})[["month", "label"]]
    return marks.groupby("month")["label"].agg(" · ".join).reset_index()


def yearly(rows: pd.DataFrame, measures: tuple[str, ...]) -> pd.DataFrame:
    """Return persons and rate by measure, place and year; a year with a gap has none."""
    annual = series.annual_observed(series.yearly(rows, measures))
    return series.with_rate(annual, series.population(rows))


def year_table(rows: pd.DataFrame, words: Words, title: str) -> list[Table]:
    """Return persons and rate of each register in the last twelve years; none without rows."""
    registers = (*KILLED, *KILLED_BY_YEAR, *MISSING)
    annual = yearly(rows, registers)
    annual = annual[annual["persons"].notna()]
    if annual.empty:
        return []
    present = [m for m in registers if m in set(annual["measure"])]
    years = sorted(annual["year"].unique(), reverse=True)[:12]
    cells = {(row["year"], row["measure"]): row for row in annual.to_dict("records")}
    rows_of_text = [[str(year), *(_cell(cells.get((year, m))) for m in present)] for year in years]
    names = [summary.name(measure, words) for measure in present]
    return [Table(title, [words("column.year"), *names], rows_of_text)]


def _cell(row: Mapping[Any, Any] | None) -> str:
    """Persons and rate; a dash where the year is not known, a star where it may change."""
    if row is None:
        return "–"
    rate = f" ({rounded(row['rate'])})" if row["rate"] == row["rate"] else ""
    star = "" if row["status"] == "final" else "*"
    return f"{whole(row['persons'])}{star}{rate}"
