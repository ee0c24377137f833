"""A place beside another one, or the country: rates of twelve months, on one chart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hidra.charts import lines, maps, series
from hidra.charts.block import Block, Section
from hidra.charts.words import Words
from hidra.core import place
from hidra.report import blocks
from hidra.study import describe
from hidra.web import atlas, records
from hidra.web.ask import Ask
from hidra.web.cited import cited
from hidra.web.page import registers
from hidra.web.page.places import name_of

NATION = "00"
SPAN = 12
COLUMNS = ["place", "month", "value", "status"]


def section(code: str, other: str, measure: str, words: Words) -> Section:
    """Return both places on one chart; a sentence where one of them has no whole year."""
    title = words("place.section.beside")
    rows = pd.concat([rates(one, measure) for one in (code, other)])
    if rows.groupby("place")["value"].count().reindex([code, other]).fillna(0).min() == 0:
        return Section("beside", title, paragraphs=[words("beside.none")])
    return Section("beside", title, blocks=[block(code, other, measure, rows, words)])


def rates(code: str, measure: str) -> pd.DataFrame:
    """Return the rate of a place over the twelve months to each month.

    Returns
    -------
    pandas.DataFrame
        ``place, month, value`` (per 100,000 and year; null is unknown), ``status, source``.
    """
    rows = rows_of(code)
    seen = series.monthly(rows, (measure,))
    seen = series.national(seen) if code == NATION else seen[seen["place"] == code]
    if seen.empty:
        return pd.DataFrame(columns=[*COLUMNS, "source"])
    made = atlas.rated(atlas.windows(seen, SPAN), series.population(rows), SPAN)
    return made.rename(columns={"rate": "value"})[COLUMNS].assign(source=seen["source"].iloc[0])


def rows_of(code: str) -> pd.DataFrame:
    """Return the panel rows of a place; of the nation, those of every state too."""
    if len(code) == len("25006"):
        return records.of_place(code)
    rows = records.records().rows
    return rows if code == NATION else rows[rows["place"] == code]


def block(code: str, other: str, measure: str, rows: pd.DataFrame, words: Words) -> Block:
    """Return the chart of two places."""
    breaks = describe.breaks((measure,))
    cut = pd.concat([breaks.assign(measure=one) for one in (code, other)])
    rows = rows.assign(measure=rows["place"], concept="")
    drawn = series.segmented(rows, cut)
    names = {one: name_of(one, words.language) for one in (code, other)}
    marks = registers.marks(breaks, drawn, words)
    first, last = words.month(drawn["month"].min()), words.month(drawn["month"].max())
    used = list(dict.fromkeys([*drawn["source"], *population(code, other)]))
    made = Block(
        name="beside",
        title=words("beside.title", one=names[code], other=names[other]),
        subtitle=words(
            "beside.subtitle", measure=words(f"beside.measure.{measure}"), first=first, last=last
        ),
        reading=words("beside.reading"),
        source="",
        chart=lines.sources(
            drawn[["measure", "month", "value", "status", "segment"]], marks, names, words,
            counted=words("beside.value"), form=",.1f",
        ),
        data=drawn[[*COLUMNS, "segment"]].reset_index(drop=True),
        columns=registers.heads(COLUMNS, words, value=words("beside.value")),
        codes=blocks.codes(words, **names),
    )  # fmt: skip
    return cited(made, used, words)


def population(*codes: str) -> list[str]:
    """Return the sources of the population of some places."""
    rows = pd.concat([rows_of(one) for one in codes])
    return list(dict.fromkeys(rows.loc[rows["measure"] == "population", "source"]))


def choice(code: str, other: str, measure: str, ask: Ask) -> dict[str, Any]:
    """Return what the form offers: the country and the states, and the measures."""
    codes = [NATION, *maps.alphabetical(ask.language)]
    if other not in codes:
        codes.append(other)
    words = ask.words
    return {
        "with": [(one, name_of(one, ask.language)) for one in codes if one != code],
        "other": other,
        "measures": [(one, words(f"beside.measure.{one}")) for one in atlas.MEASURES],
        "measure": measure,
    }


def wanted(code: str, ask: Ask) -> tuple[str, str]:
    """Return the place to compare with and the measure, as the link has them.

    A municipality is set beside its state, a state beside the country, unless the link says more.
    """
    usual = place.state_of(code) if len(code) == len("25006") else NATION
    other = ask.query.get("with", usual)[:5]
    return other, ask.choice("measure", atlas.MEASURES, atlas.MEASURES[0])
