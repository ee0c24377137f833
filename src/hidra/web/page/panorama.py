"""The country: the front page, five questions with a chart and a sentence each, and one year.

Sentences are made of the panel by rule. A year is told by every register, its months, the states.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from hidra.charts import cell, maps, series
from hidra.charts.block import Block, Section, Table
from hidra.charts.series import NATION
from hidra.charts.words import Words
from hidra.claims import words as say
from hidra.claims.claim import claims
from hidra.core.i18n import _, whole
from hidra.core.weeks import months
from hidra.report import blocks, summary
from hidra.web import records, site
from hidra.web.figure import per
from hidra.web.page import registers
from hidra.web.page.claims import attribution
from hidra.web.records import FATES, KILLED, NEWEST, YEARLY, cited, newest, titled
from hidra.web.site import AbsentError, Ask, View
from hidra.web.verdicts import Verdicts

#: The two counts of whole years that the country is told by, and the months since.
TWO = ("inegi_homicides_registered", "sesnsp_homicide_victims")
MONTHLY = ("sesnsp_homicide_victims", *NEWEST)
REGISTERS = ("inegi", "sesnsp", "rnid")
SHOWN = 30  # months of the chart of the year so far
CONTESTED = ("partly", "not supported", "contradicted")
LOOKED, TOLD = 30, 4  # newest claims looked through, and those told
DOORS = ("compare", "map", "places", "review", "lab", "forecast")


def view(ask: Ask, verdicts: Verdicts) -> View:
    """Return the front page."""
    words, rows = ask.words, records.of_place(NATION)
    annual = registers.years(rows)
    told = [
        _count(rows, annual, words), _so_far(rows, annual, words), _where(ask),
        _missing(rows, words),
    ]  # fmt: skip
    last = str(newest_year(TWO[1]))
    links = {
        "count": [("place", NATION, words("front.country"))],
        "so_far": [("place", NATION, words("front.months"))],
        "where": [("year", last, words("front.year", year=last)), ("map", "", words("front.map"))],
        "missing": [("place", NATION, words("front.country"))],
        "contested": [("claims", "", words("front.claims"))],
    }  # fmt: skip
    return View(
        words("panorama.title"),
        "",
        told,
        template="panorama.html.j2",
        more={
            "links": links,
            "contested": contested(ask, verdicts),
            "doors": [one for one in DOORS if one in site.BY_NAME],
            "years": years()[:LINKED],
        },
    )


def _count(rows: pd.DataFrame, annual: pd.DataFrame, words: Words) -> Section:
    """Return the newest figure of each register and its age, with the years before it."""
    found = newest()
    found = found[found["shown"] == "newest"].groupby("register", sort=False).tail(1)
    last = {str(one["register"]): one.to_dict() for _, one in found.iterrows()}
    said = [_figure(one, last[one], words) for one in REGISTERS if one in last]
    blocks = registers.by_year(
        annual[annual["measure"].isin(TWO)], rows, words, title=words("front.count.title")
    )
    return Section("count", words("front.count"), paragraphs=said, blocks=blocks)


def _so_far(rows: pd.DataFrame, annual: pd.DataFrame, words: Words) -> Section:
    """Return the newest year against the same months of the year before, where one compares."""
    end = series.monthly(rows, MONTHLY).dropna(subset=["value"])["month"].max()
    start = str(pd.Period(end, freq="M") - SHOWN)
    said = [so_far(rows, annual, MONTHLY[0], words)]
    new = newest().query("register == 'rnid'")
    if len(new):
        one = new.iloc[-1]
        first, last = (words.month(one[end]) for end in ("first", "last"))
        said.append(words("front.so_far.new", persons=whole(one["value"]), first=first, last=last))
    blocks = registers.monthly(
        "observed", MONTHLY, rows, words("front.so_far.title"), words, span=(start, end)
    )
    return Section(
        "so_far", words("front.so_far"), paragraphs=list(filter(None, said)), blocks=blocks
    )


def so_far(rows: pd.DataFrame, annual: pd.DataFrame, measure: str, words: Words) -> str:
    """Say the newest year of a count, as far as it goes, and the same months a year before.

    Parameters
    ----------
    rows : panel rows of one place.
    annual : its whole years (:func:`registers.years`): one that ends later stands first.
    """
    seen = series.monthly(rows, (measure,)).dropna(subset=["value"]).set_index("month")
    mine = annual[annual["measure"] == measure].set_index("year")
    last = str(seen.index.max()) if len(seen) else ""
    if len(mine) and f"{mine.index.max()}-12" >= last:
        last = f"{mine.index.max()}-12"
    year = int(last[:4] or 0)
    if last.endswith("-12"):
        sums = [mine["persons"].reindex([one]).iloc[0] for one in (year, year - 1)]
        status = mine["status"].get(year, "final")
    else:
        spans = [months(f"{one}-01", f"{one}{last[4:]}") for one in (year, year - 1)]
        sums = [seen["value"].reindex(list(one)).sum(min_count=len(one)) for one in spans]
        status = max(seen["status"].reindex(list(spans[0])).dropna(), key=series.RANK.__getitem__)
    if any(pd.isna(one) for one in sums):
        return ""
    return words(
        "front.so_far.said", name=titled("end", measure, words), first=words.month(f"{year}-01"),
        last=words.month(last), now=whole(sums[0]), before=whole(sums[1]), year=year - 1,
        share=registers.share(*sums), status=words(f"status.{status}"),
    )  # fmt: skip


def _figure(register: str, row: Mapping[Any, Any], words: Words) -> str:
    """Say the newest figure of a register and its age today."""
    figure = summary.figure(row, words, datetime.date.today().isoformat())
    return words("front.figure", name=words(f"front.{register}"), figure=figure)


def _where(ask: Ask) -> Section:
    """Return the newest year of all states: the highest rates, and where half died."""
    words, year = ask.words, newest_year(TWO[1])
    block = hexagons(TWO[1], year, words, ask)
    rows, names = block.data, maps.state_names(ask.language)
    by_count = rows.sort_values("persons", ascending=False)
    half = int((by_count["persons"].cumsum() < rows["persons"].sum() / 2).sum()) + 1
    top = rows.sort_values("rate", ascending=False).head(3)
    highest = ", ".join(f"{names[place]} ({per(rate)})"
                        for place, rate in zip(top["place"], top["rate"], strict=True))  # fmt: skip
    said = words("front.where.said", year=year, half=half, of=len(rows), highest=highest,
                 states=", ".join(names[one] for one in by_count["place"].head(half)))  # fmt: skip
    return Section("where", words("front.where"), paragraphs=[said], blocks=[block])


def _missing(rows: pd.DataFrame, words: Words) -> Section:
    """Return how many are missing, and what became of those of the last whole year."""
    stock = newest().query("register == 'rnpdno'").tail(1)
    said = [_figure("rnpdno", one.to_dict(), words) for _, one in stock.iterrows()]
    annual = registers.years(rows, {one: (one,) for one in FATES})
    annual = annual[annual["status"] != "undercount"]
    if len(annual):
        year = int(annual["year"].max())
        last = annual[annual["year"] == year].set_index("measure")["persons"]
        missing, dead, alive = (whole(last[one]) for one in FATES)
        said.append(words("front.missing.said", year=year, missing=missing, dead=dead, alive=alive))
    said += registers.sexes(rows, "", words)[0]
    blocks = registers.fates(rows, words("word.nation"), words)
    return Section("missing", words("front.missing"), paragraphs=said, blocks=blocks)


def contested(ask: Ask, verdicts: Verdicts) -> Sequence[tuple[str, str, str, str]]:
    """Return the newest claims that data do not bear out whole: id, words, who, verdict."""
    dated = sorted((one for one in claims() if one.kind in ("figure", "comparison")),
                   key=lambda one: one.said_when, reverse=True)  # fmt: skip
    found = []
    for claim, result in verdicts.each(dated[:LOOKED]):
        if result.verdict in CONTESTED:
            who = attribution(ask.words, claim.said_by, claim.said_when)
            told = say.verdict(result.verdict, ask.language)
            found.append((claim.id, claim.statement[ask.language], who, told))
        if len(found) == TOLD:
            break
    return found


#: Years that the front page leads to, and that a published site has.
LINKED = 12


def years() -> tuple[str, ...]:
    """Return the years that some register of people killed tells whole, newest first."""
    found = _annual().query("place == @NATION")["year"]
    return tuple(str(one) for one in sorted(found.unique(), reverse=True))


@records.of_panel(2)
def _annual() -> pd.DataFrame:
    rows = records.records().rows
    states = registers.years(rows[rows["place"].isin(series.STATES)])
    return pd.concat([registers.years(records.of_place(NATION)), states])


def of_year(ask: Ask) -> View:
    """Return the page of a year.

    Raises
    ------
    AbsentError
        No register tells that year whole.
    """
    if ask.code not in years():
        raise AbsentError(
            _("No register tells the year '{year}' whole.", year=ask.code[:10]),
            where=_("link"),
            fix=_("Choose a year from {first} to {last}.", first=years()[-1], last=years()[0]),
        )
    words, year, annual = ask.words, int(ask.code), _annual()
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
    table = Table(
        words(f"year.caption{records.of_files(mapped)}", year=year, before=year - 1), heads, cells
    ).spoken()
    return View(
        words("year.title", year=year),
        "",
        [
            Section(key, words(head), blocks=drawn)
            for key, head, drawn in (
                ("where", "year.where", where), ("months", "year.months.head", months)
            )
            if drawn
        ],
        template="year.html.j2",
        more={
            "said": said,
            "table": table,
            "states": [(code, names[code]) for code in states],
            "year": year,
            "near": [(one, str(one) in years()) for one in (year - 1, year + 1)],
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
    known = {"name": label, "persons": whole(one["persons"])}
    known["status"] = words(f"status.{one['status']}")
    if one["rate"] != one["rate"]:
        return words("year.said.count", **known)
    return words("year.said", rate=per(one["rate"]), **known)


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
        rate = "–" if one["rate"] != one["rate"] else per(one["rate"])
        cells += [f"{whole(one['persons'])}{star}", rate, change]
    return cells


def newest_year(count: str) -> int:
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
    files = records.of_files([own])
    block = blocks.hex_states(
        rates, words, year=year, title=words(f"hex.title{files}"), source="",
        measure=titled("end", measure, words), counted=words(f"column.persons{files}"),
    )  # fmt: skip
    linked = replace(block, layout={**block.layout, "links": ask.address("place", "CODE")})
    return cited(linked, registers.used(rows, (own,)), words)
