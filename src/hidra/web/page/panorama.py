"""The front page: what the registers say of the country and of its 32 states."""

from __future__ import annotations

from hidra.charts import cell, lines, maps, series
from hidra.charts.block import Block, Section, columns_of
from hidra.charts.words import Words
from hidra.report import blocks, sections, summary
from hidra.web.ask import Ask, View
from hidra.web.cited import cited
from hidra.web.page import registers
from hidra.web.records import Records, records

MAIN = series.MAIN


def view(ask: Ask) -> View:
    """Return the front page."""
    words, found = ask.words, records()
    tables = registers.tables(found)
    killed = sections.observed(tables, {}, words)
    used = list(dict.fromkeys(series.national(series.monthly(found.rows))["source"]))
    return View(
        words("panorama.title"),
        summary.observed(tables, words),
        [
            Section(
                "observed", killed.title,
                paragraphs=[summary.registers(tables, words), *killed.paragraphs],
                blocks=[cited(one, used, words) for one in killed.blocks],
            ),
            hexagons(found, words),
            states(found, words),
            missing(found, words),
        ],
        template="panorama.html.j2",
        more={"doors": ("places", "claims", "lab")},
    )  # fmt: skip


def hexagons(found: Records, words: Words) -> Section:
    """Return the states as hexagons of one size, in the last year that every one of them has."""
    rows = series.monthly(found.rows, (MAIN,))
    rates = cell.rates(rows[rows["place"].isin(series.STATES)], series.population(found.rows))
    year = int(rates.loc[rates["persons"].notna(), "year"].max())
    used = list(dict.fromkeys(found.rows.query("measure in [@MAIN, 'population']")["source"]))
    block = blocks.hex_states(
        rates, words, year=year, title=words("hex.title"), measure=words("hex.measure"),
        source="",
    )  # fmt: skip
    return Section("where", words("hex.head"), blocks=[cited(block, used, words)])


def states(found: Records, words: Words) -> Section:
    """Return the 32 states as small lines of yearly rates on one scale, from north to south."""
    annual = registers.yearly(found.rows, (MAIN,))
    annual = annual[annual["place"].isin(series.STATES) & annual["rate"].notna()]
    columns = ["place", "year", "rate", "persons", "status"]
    rows = annual[columns].sort_values(["place", "year"], ignore_index=True)
    names = maps.state_names(words.language)
    used = list(dict.fromkeys(found.rows.query("measure in [@MAIN, 'population']")["source"]))
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
    return Section("states", words("states.lines.head"), blocks=[cited(block, used, words)])


def missing(found: Records, words: Words) -> Section:
    """Return the people who went missing and are still missing, by month of the facts."""
    rows = series.national(series.monthly(found.rows, ("rnpdno_missing",)))
    block = registers.missing(rows, words("missing.title"), words)
    return Section(
        "missing", words("missing.head"), paragraphs=[words("missing.lead")],
        blocks=[block] if block else [],
    )  # fmt: skip
