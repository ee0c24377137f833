"""One year: the country by every register, its months, and the states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from hidra.charts import cell, maps, series
from hidra.charts.block import Block, Section, Table
from hidra.charts.series import NATION
from hidra.charts.words import Words
from hidra.core.errors import unknown
from hidra.core.i18n import _, rounded, whole
from hidra.data import panel
from hidra.report import blocks
from hidra.web import records
from hidra.web.page import registers
from hidra.web.records import KILLED, YEARLY, cited, titled
from hidra.web.site import Ask, View

#: Years that the front page leads to, and that a published site has.
LINKED = 12


def codes() -> tuple[str, ...]:
    """Return the years that some register of people killed tells whole, newest first."""
    found = _annual(panel.stamp()).query("place == @NATION")["year"]
    return tuple(str(one) for one in sorted(found.unique(), reverse=True))


@lru_cache(maxsize=2)
def _annual(_stamp: tuple[str, int, int]) -> pd.DataFrame:
    rows = records.records().rows
    states = registers.years(rows[rows["place"].isin(series.STATES)])
    return pd.concat([registers.years(records.of_place(NATION)), states])


def view(ask: Ask) -> View:
    """Return the page of a year.

    Raises
    ------
    SpecError
        No register tells that year whole.
    """
    if ask.code not in codes():
        raise unknown(_("year"), ask.code[:10], codes(), where=_("link"))
    words, year, annual = ask.words, int(ask.code), _annual(panel.stamp())
    now, before = (_rows(annual, one) for one in (year, year - 1))
    said = [_said(now, before, name, words) for name in YEARLY if (name, NATION) in now]
    told = annual[(annual["year"] == year) & (annual["place"] != NATION)]["measure"].value_counts()
    mapped = [name for name in YEARLY if told.get(name) == len(series.STATES)][:2]
    span = (f"{year - 1}-01", f"{year}-12")
    title = words("year.months", year=year)
    country = records.of_place(NATION)
    months = registers.monthly("observed", KILLED, country, title, words, span=span)
    where = [hexagons(mapped[0], year, words, ask)] if mapped else []
    names = maps.state_names(ask.language)
    states = [*series.STATES]
    if mapped:
        states.sort(key=lambda code: -float(now[mapped[0], code]["rate"]))
    beside = [words("map.short.rate"), words("year.change")]
    heads = [head for one in mapped for head in (titled("end", one, words), *beside)]
    cells = [_row(now, before, mapped, code) for code in states]
    table = Table(words("year.caption", year=year, before=year - 1), heads, cells).spoken()
    return View(
        words("year.title", year=year),
        "",
        [
            Section("where", words("year.where"), blocks=where),
            Section("months", words("year.months.head"), blocks=months),
        ],
        template="year.html.j2",
        more={
            "said": said,
            "table": table,
            "states": [(code, names[code]) for code in states],
            "year": year,
            "near": [(one, str(one) in codes()) for one in (year - 1, year + 1)],
        },
    )  # fmt: skip


Rows = Mapping[tuple[str, str], "pd.Series[Any]"]


def _rows(annual: pd.DataFrame, year: int) -> Rows:
    """Return the rows of a year by count and place."""
    mine = annual[annual["year"] == year]
    return {(str(one["measure"]), str(one["place"])): one for _, one in mine.iterrows()}


def _said(now: Rows, before: Rows, name: str, words: Words) -> str:
    """Say the country's figure of a register, and the year before where both stand."""
    one, label = now[name, NATION], titled("end", name, words)
    other = _compared(now, before, (name, NATION))
    if other is not None:
        last, then = (pd.Series(each, name=int(each["year"])) for each in (one, other))
        return registers.change(last, then, label, words)
    rate = rounded(one["rate"]) if one["rate"] == one["rate"] else "–"
    return words("year.said", name=label, persons=whole(one["persons"]), rate=rate,
                 status=words(f"status.{one['status']}"))  # fmt: skip


def _compared(now: Rows, before: Rows, at: tuple[str, str]) -> pd.Series[Any] | None:
    """Return the year before of a register and place, unless one of the two counts too few."""
    other = before.get(at)
    if other is None or "undercount" in (now[at]["status"], other["status"]):
        return None
    return other


def _row(now: Rows, before: Rows, measures: list[str], code: str) -> list[str]:
    """Return persons, rate and change of a state in each register."""
    cells = []
    for name in measures:
        one, other = now[name, code], _compared(now, before, (name, code))
        change = "–" if other is None else registers.share(one["persons"], other["persons"])
        star = "" if one["status"] == "final" else "*"
        rate = "–" if one["rate"] != one["rate"] else f"{one['rate']:.1f}"
        cells += [f"{whole(one['persons'])}{star}", rate, change]
    return cells


def newest(count: str) -> int:
    """Return the newest year that a count tells of every state."""
    rows = records.records().rows
    states = registers.years(rows[rows["place"].isin(series.STATES)], {count: YEARLY[count]})
    told = states["year"].value_counts()
    return int(told[told == len(series.STATES)].index.max())


def hexagons(measure: str, year: int, words: Words, ask: Ask) -> Block:
    """Return the states of a year as hexagons of one size, each a link to its page."""
    rows = records.records().rows
    rows = rows[rows["place"].isin(series.STATES)]
    own = next(one for one in YEARLY[measure] if one in set(rows["measure"]))
    rates = cell.rates(series.yearly(rows, (own,)), series.population(rows))
    block = blocks.hex_states(
        rates, words, year=year, title=words("hex.title"), measure=titled("end", measure, words),
        source="",
    )  # fmt: skip
    linked = replace(block, layout={**block.layout, "links": ask.address("place", "CODE")})
    return cited(linked, registers.used(rows, (own,)), words)
