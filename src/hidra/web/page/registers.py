"""What the registers say of a place, as charts, sentences and tables that pages share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from hidra.charts import lines, series
from hidra.charts.block import Block, Table, described
from hidra.charts.words import Words
from hidra.core.i18n import percent, whole
from hidra.report import blocks, summary
from hidra.study import describe
from hidra.web.figure import per
from hidra.web.records import FATES, MISSING, PARTS, WHO, WOMEN, YEARLY, cited, of_files, titled

ALWAYS = ("1900-01", "2099-12")
#: Registers of which it is said that they lack a year asked for.
SPOKEN = ("sesnsp_homicide_victims", "inegi_homicides")
NO_MARKS = pd.DataFrame(columns=["month", "label"])


def monthly(
    name: str, measures: Sequence[str], rows: pd.DataFrame, title: str, words: Words, *,
    span: tuple[str, str] = ALWAYS, ticks: Sequence[str] = (),
) -> list[Block]:  # fmt: skip
    """Return the monthly series of a place, every register beside the others; none without rows.

    Parameters
    ----------
    name : ``observed`` for people killed; ``missing`` for people who went missing in a month and
        are still missing, with the rule from which reports of a month still arrive.
    rows : panel rows of one place.
    span : first and last month shown.
    ticks : months in which the capture or death of a leader was announced.
    """
    breaks = describe.breaks(measures)
    seen = series.segmented(series.monthly(rows, tuple(measures)), breaks)
    seen = seen[seen["month"].between(*span)].reset_index(drop=True)
    if seen.empty:
        return []
    columns = ["measure", "month", "value", "status"]
    rules = method_rules(breaks, seen, words)
    later = seen.loc[seen["status"] != "final", "month"]
    if name == "missing" and len(later):
        still_open = pd.DataFrame([{"month": later.min(), "label": words("mark.open")}])
        rules = pd.concat([rules, still_open], ignore_index=True)
    first, last = seen["month"].min(), seen["month"].max()
    shown = [one for one in ticks if first <= one <= last]
    told = [words(f"{name}.help"), _ticked(len(shown), words)]
    unit = of_files(seen["measure"])
    ends = {"first": words.month(first), "last": words.month(last)}
    subtitle = words(f"{name}.monthly{unit}", **ends)
    drawn = seen[[*columns, "segment"]]
    block = described(
        name, words, name, title=title, subtitle=_with_the_only(seen["measure"], subtitle, words),
        reading=" ".join(filter(None, told)), data=drawn, columns=columns,
        chart=lines.sources(drawn, rules, ended(measures, words), words, ticks=shown),
        heads={"value": words(f"{name}.value{unit}")},
        codes=blocks.codes(words, **named(measures, words)),
    )  # fmt: skip
    return [cited(block, list(dict.fromkeys(seen["source"])), words)]


def _with_the_only(measures: Iterable[str], subtitle: str, words: Words) -> str:
    """Return a subtitle with the register that is alone in its chart: its line bears no name."""
    first, *others = dict.fromkeys(measures)
    return subtitle if others else f"{subtitle} · {titled('end', first, words)}"


def _ticked(n: int, words: Words) -> str:
    return words("observed.ticks" if n > 1 else "observed.tick", n=n) if n else ""


def named(measures: Sequence[str], words: Words) -> dict[str, str]:
    """Return the words of measures."""
    return {one: summary.name(one, words) for one in measures}


def ended(measures: Sequence[str], words: Words) -> dict[str, str]:
    """Return the short words that stand at the end of a line."""
    return {one: titled("end", one, words) for one in measures}


def method_rules(breaks: pd.DataFrame, seen: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the rules to draw, ``month, label``: changes of method within the months shown."""
    within = breaks[breaks["month"].between(seen["month"].min(), seen["month"].max())]
    marks = within.rename(columns={f"words_{words.language}": "label"})[["month", "label"]]
    return marks.groupby("month")["label"].agg(" · ".join).reset_index()


def years(
    rows: pd.DataFrame, counts: Mapping[str, Sequence[str]] = YEARLY, span: tuple[str, str] = ALWAYS
) -> pd.DataFrame:
    """Return every whole year of every count, of the newest cut that has it.

    Parameters
    ----------
    rows : panel rows of one place or of many, with ``population``.
    counts : name -> measures of one thing, the newest cut first.

    Returns
    -------
    pandas.DataFrame
        ``measure`` (the name of the count), ``place, year, persons, status, population, rate``; the
        rate is per 100,000 and year. A year with an unknown month has no row.
    """
    order = {one: (name, at) for name, of in counts.items() for at, one in enumerate(of)}
    annual = series.annual_observed(series.yearly(rows, tuple(order)))
    annual = within(annual[annual["persons"].notna()], span)
    annual = annual.assign(
        rank=annual["measure"].map(lambda one: order[one][1]),
        measure=annual["measure"].map(lambda one: order[one][0]),
    ).sort_values("rank").drop_duplicates(["measure", "place", "year"])  # fmt: skip
    made = series.with_rate(annual.drop(columns="rank"), series.population(rows))
    made["measure"] = pd.Categorical(made["measure"], list(counts))
    made = made.sort_values(["measure", "place", "year"], ignore_index=True)
    return made.astype({"measure": str})


def within(annual: pd.DataFrame, span: tuple[str, str]) -> pd.DataFrame:
    """Return the years of a span of months."""
    return annual[annual["year"].between(int(span[0][:4]), int(span[1][:4]))]


def by_year(
    annual: pd.DataFrame, rows: pd.DataFrame, words: Words, *, name: str = "years", title: str,
    counts: Mapping[str, Sequence[str]] = YEARLY,
) -> list[Block]:  # fmt: skip
    """Return whole years of a place as lines, no line from one count to the other.

    Parameters
    ----------
    annual : from :func:`years`, of one place.
    rows : the panel rows it was made of, for their sources.
    name : also the key of the words: ``NAME.subtitle``, ``NAME.reading``.
    """
    if annual.empty:
        return []
    seen = annual.assign(
        month=annual["year"].astype(str) + "-07", value=annual["persons"], period="year"
    )
    gap = seen.groupby("measure")["year"].diff().fillna(1) != 1
    seen["segment"] = gap.groupby(seen["measure"]).cumsum()
    present = list(dict.fromkeys(annual["measure"]))
    first, last = int(annual["year"].min()), int(annual["year"].max())
    columns = ["measure", "year", "persons", "rate", "population", "status"]
    unit = of_files(present)
    subtitle = words(f"{name}.subtitle{unit}", first=first, last=last)
    block = described(
        name, words, name, title=title, subtitle=_with_the_only(present, subtitle, words),
        chart=lines.sources(
            seen[["measure", "month", "value", "status", "segment", "period"]], NO_MARKS,
            ended(present, words), words,
        ),
        data=annual[columns].reset_index(drop=True), columns=columns,
        heads={"population": words("map.column.population"),
               "persons": words(f"column.persons{unit}")},
        codes=blocks.codes(words, **named(present, words)),
    )  # fmt: skip
    return [cited(block, used(rows, [one for each in present for one in counts[each]]), words)]


def used(rows: pd.DataFrame, measures: Sequence[str]) -> list[str]:
    """Return the names of the sources of some measures, and of the population."""
    mine = rows[rows["measure"].isin([*measures, "population"]) & rows["value"].notna()]
    return list(dict.fromkeys(mine["source"]))


def changes(annual: pd.DataFrame, words: Words, span: tuple[str, str] = ALWAYS) -> list[str]:
    """Say how much each count changed, only within itself and never with an undercount.

    Parameters
    ----------
    annual : from :func:`years`, of one place.
    span : the years to compare are its ends; the last year and the one before where nobody chose.
    """
    said = []
    first, last = (
        None if end == usual else int(end[:4]) for end, usual in zip(span, ALWAYS, strict=True)
    )
    for measure, mine in annual.groupby("measure", sort=False):
        name = titled("end", str(measure), words)
        by = mine[mine["status"] != "undercount"].set_index("year")
        to = last or by.index.max()
        since = first or to - 1
        lacks = [str(one) for one in (since, to) if one not in by.index]
        if since < to and not lacks:
            said.append(change(by.loc[[to]].iloc[0], by.loc[[since]].iloc[0], name, words))
        elif first and last and lacks and measure in SPOKEN:
            said.append(words("change.lacking", name=name, years=", ".join(dict.fromkeys(lacks))))
    return said


def change(last: pd.Series, before: pd.Series, name: str, words: Words) -> str:
    """Say two years of one count beside each other; each has its year as its name."""
    status = "" if last["status"] == "final" else f" ({words('status.' + last['status'])})"
    rates = "" if pd.isna(last["rate"] + before["rate"]) else words(
        "change.rates", last=per(last["rate"]), first=per(before["rate"])
    )  # fmt: skip
    return words(
        "change.said", name=name, last=whole(last["persons"]), last_year=last.name, status=status,
        first=whole(before["persons"]), first_year=before.name,
        share=share(last["persons"], before["persons"]), rates=rates,
    )  # fmt: skip


def share(now: float, before: float) -> str:
    """Return the change between two counts in per cent; a dash from nobody."""
    return percent(now / before - 1, sign=True) if before > 0 else "–"


def table(annual: pd.DataFrame, title: str, words: Words, *, line: str = "measure") -> list[Table]:
    """Return persons and rate of every count by year, newest first; none without rows.

    Parameters
    ----------
    annual : from :func:`years`.
    line : column that a column of the table stands for.
    """
    if annual.empty:
        return []
    heads = list(dict.fromkeys(annual[line]))
    cells = {(row["year"], row[line]): row for row in annual.to_dict("records")}
    found = sorted(annual["year"].unique(), reverse=True)
    rows = [[str(year), *(_cell(cells.get((year, one))) for one in heads)] for year in found]
    names = [titled("end", one, words) for one in heads]
    return [Table(title, [words("column.year"), *names], rows, folded=True)]


def _cell(row: Mapping[Any, Any] | None) -> str:
    """Persons and rate; a dash where the year is not known, a star where it may change."""
    if row is None:
        return "–"
    rate = f" ({per(row['rate'])})" if row["rate"] == row["rate"] else ""
    star = "" if row["status"] == "final" else "*"
    return f"{whole(row['persons'])}{star}{rate}"


def parts(
    rows: pd.DataFrame, name: str, words: Words, span: tuple[str, str]
) -> tuple[list[str], list[Block]]:
    """Return who was killed and with what, in sentences and lines; nothing where nobody tells."""
    counts = {one: (one,) for one in PARTS}
    annual = years(rows, counts, span)
    said, last = [], annual["year"].max()
    now = annual[annual["year"] == last].set_index("measure")["persons"]
    if set(PARTS) <= set(now.index) and now[PARTS[0]] > 0:
        gun, women = (percent(now[one] / now[PARTS[0]]) for one in PARTS[1:3])
        said.append(
            words("parts.said", year=last, gun=gun, women=women, femicide=whole(now[PARTS[3]]))
        )
    all_of = YEARLY["inegi_homicides_occurred_and_registered"][0]
    who = years(rows, {one: (one,) for one in (all_of, *WHO)}, span).set_index("measure")["persons"]
    if {all_of, *WHO} <= set(who.index) and who[all_of] > 0:
        women, young = (percent(who[one] / who[all_of]) for one in WHO)
        said.append(words("parts.inegi", all=whole(who[all_of]), women=women, young=young))
    title = words("parts.title", name=name)
    return said, by_year(annual, rows, words, name="parts", title=title, counts=counts)


def fates(
    rows: pd.DataFrame, name: str, words: Words, span: tuple[str, str] = ALWAYS
) -> list[Block]:
    """Return what became of those reported missing in each year, as bars; none without rows."""
    counts = {one: (one,) for one in FATES}
    annual = years(rows, counts, span)
    if annual.empty or set(annual["measure"]) == set(MISSING):
        return []
    columns = ["measure", "year", "persons", "status"]
    ends = {"first": int(annual["year"].min()), "last": int(annual["year"].max())}
    block = described(
        "fates", words, "fates", {"name": name, **ends}, columns=columns,
        data=annual[columns], chart=lines.stacked(annual[columns], ended(FATES, words), words),
        codes=blocks.codes(words, **ended(FATES, words)),
    )  # fmt: skip
    return [cited(block, used(rows, FATES), words)]


def sexes(
    rows: pd.DataFrame, name: str, words: Words, span: tuple[str, str] = ALWAYS
) -> tuple[list[str], list[Block]]:
    """Return how many of the missing are women, in a sentence and lines; nothing without them."""
    counts = {one: (one,) for one in (*FATES, *WOMEN)}
    annual = years(rows, counts, span)
    told = annual[(annual["status"] != "undercount") & annual["measure"].isin(counts)]
    by = told.pivot_table(index="year", columns="measure", values="persons")
    if not set(counts) <= set(by.columns) or (by := by.dropna()).empty:
        return [], []
    last = by.iloc[-1]
    of = {f"of_{one.removeprefix('rnpdno_')}": whole(last[one]) for one in FATES}
    women = {one.removeprefix("rnpdno_women_"): whole(last[one]) for one in WOMEN}
    share = percent(last[WOMEN[0]] / last[FATES[0]]) if last[FATES[0]] else "–"
    said = words("sexes.said", year=by.index[-1], share=share, **women, **of)
    lines = annual[annual["measure"].isin([FATES[0], WOMEN[0]])]
    two = {one: (one,) for one in (FATES[0], WOMEN[0])}
    title = words("sexes.title", name=name)
    return [said], by_year(lines, rows, words, name="sexes", title=title, counts=two)
