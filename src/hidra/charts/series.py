"""From the tables of a run to the small frames that charts draw.

Nothing here fills a gap: a month without a report stays null, a year with a missing month has no
total, and a line is cut into segments wherever the method changes or a month is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts.words import Words, local

#: What charts of people killed show first, and the model's expected records of it.
MAIN, EXPECTED = "inegi_homicides", "inegi_homicides_expected"
#: What the model would have said of it without the forecast.
ALONE = "model_homicides"
#: Measures that count people killed, in the order in which they are drawn.
KILLED = ("inegi_homicides", "sesnsp_homicide_victims", "inegi_homicides_registered")
NATION = "00"
STATES = tuple(f"{number:02d}" for number in range(1, 33))
PER = 100_000
KEPT = 4  # decimals of a rate in data: words and tables round once more, which two would bend
#: Statuses, from what stands to what is known to be too low.
RANK = {"final": 0, "provisional": 1, "undercount": 2}
#: Rows that make a whole year, by period.
DUE = {"month": 12, "quarter": 4, "year": 1}


def monthly(observed: pd.DataFrame, measures: tuple[str, ...] = KILLED) -> pd.DataFrame:
    """Monthly rows of ``observed`` for ``measures``, oldest first."""
    chosen = observed["measure"].isin(measures) & (observed["period"] == "month")
    return observed[chosen].sort_values(["measure", "place", "month"], ignore_index=True)


def yearly(observed: pd.DataFrame, measures: tuple[str, ...]) -> pd.DataFrame:
    """Rows of months, and of a whole year where a place tells no month of it."""
    chosen = observed["measure"].isin(measures) & observed["period"].isin(["month", "year"])
    rows = observed[chosen]
    key = rows["measure"] + rows["place"] + rows["month"].str[:4]
    whole = rows["period"] == "year"
    return rows[~whole | ~key.isin(key[~whole])]


def national(rows: pd.DataFrame) -> pd.DataFrame:
    """National monthly rows: as published under ``00``, otherwise summed over places.

    A month is summed only when every state that the measure ever reports has a value in it;
    otherwise the total is unknown. What is of no state (33) is added where it is told.
    A total takes the weakest status of its parts.
    """
    totals = []
    for _, part in rows.groupby("measure", sort=False):
        published = part[part["place"] == NATION]
        rest = part[(part["place"] != NATION) & ~part["month"].isin(published["month"])]
        whole = pd.concat([_summed(rest), published]) if len(rest) else published
        totals.append(whole.sort_values("month"))
    if not totals:
        return rows.iloc[:0]
    return pd.concat(totals, ignore_index=True)


def _summed(part: pd.DataFrame) -> pd.DataFrame:
    state = part["place"].isin(STATES)
    states = part.loc[state, "place"].nunique()
    told = part["value"].notna() & state
    weakest = part.assign(rank=part["status"].map(RANK))
    total = (
        weakest.groupby("month", as_index=False)
        .agg(value=("value", lambda v: v.sum() if told[v.index].sum() == states else None),
             rank=("rank", "max"))
    )  # fmt: skip
    others = part.columns.difference([*total.columns, "place"])
    shared = {name: part[name].iloc[0] for name in others} | {"status": status_of(total["rank"])}
    return total.drop(columns="rank").assign(place=NATION, **shared)


def status_of(rank: pd.Series) -> pd.Series:
    """The statuses of some ranks (`RANK`)."""
    return rank.map({number: status for status, number in RANK.items()})


def segmented(rows: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """Add ``segment``: a new one after every gap, change of concept, and method break.

    Parameters
    ----------
    rows : Monthly rows with ``measure, place, month, value, concept``.
    breaks : ``measure, month`` of the first month under a new method.

    Returns
    -------
    pandas.DataFrame
        The rows that have a value, with an integer ``segment`` within each measure and place.
    """
    known = rows[rows["value"].notna()].sort_values(["measure", "place", "month"])
    if known.empty:
        return known.assign(segment=pd.Series(dtype=int))
    number = month_number(known["month"])
    group = [known["measure"], known["place"]]
    step = 12 // known["period"].map(DUE).fillna(12) if "period" in known else 1
    gap = number.groupby(group).diff().fillna(step).ne(step)
    before = known["concept"].groupby(group).shift()
    concept = before.notna() & known["concept"].ne(before)
    cut = set(zip(breaks.get("measure", ()), breaks.get("month", ()), strict=True))
    pairs = zip(known["measure"], known["month"], strict=True)
    method = pd.Series([pair in cut for pair in pairs], index=known.index)
    starts = (gap | concept | method).astype(int)
    return known.assign(segment=starts.groupby(group).cumsum()).reset_index(drop=True)


def silent(rows: pd.DataFrame) -> pd.DataFrame:
    """Months within a series in which a measure was not reported: ``measure, month``.

    Months before its first and after its last record do not belong to it.
    """
    found = []
    told = rows["value"].notna() & (rows["period"] == "month" if "period" in rows else True)
    for measure, part in rows[told].groupby("measure", sort=False):
        span = pd.period_range(part["month"].min(), part["month"].max(), freq="M")
        months = set(part["month"])
        found += [(measure, m) for m in span.strftime("%Y-%m") if m not in months]
    return pd.DataFrame(found, columns=["measure", "month"])


def month_number(months: pd.Series) -> pd.Series:
    """Months since year 0 for text months ``YYYY-MM``."""
    return months.str[:4].astype(int) * 12 + months.str[5:7].astype(int) - 1


def population(observed: pd.DataFrame) -> pd.DataFrame:
    """``place, year, population`` from the panel rows of ``observed`` (may be empty)."""
    rows = observed[observed["measure"] == "population"]
    rows = rows.assign(year=rows["month"].str[:4].astype(int), population=rows["value"])
    return rows[["place", "year", "population"]].reset_index(drop=True)


def annual_observed(rows: pd.DataFrame) -> pd.DataFrame:
    """Persons per place and year; null where any month of the year is unknown or absent.

    Rows of quarters or whole years, as ``period`` says, add up in the same way.

    Returns
    -------
    pandas.DataFrame
        ``measure, place, year, persons, status`` (the weakest status of the months).
    """
    due = rows["period"].map(DUE).fillna(12).astype(int) if "period" in rows else 12
    year, rank = rows["month"].str[:4].astype(int), rows["status"].map(RANK)
    rows = rows.assign(year=year, rank=rank, due=due)
    by_year = rows.groupby(["measure", "place", "year"], as_index=False).agg(
        persons=("value", "sum"), told=("value", "count"), due=("due", "max"), rank=("rank", "max")
    )
    by_year["persons"] = by_year["persons"].where(by_year["told"] == by_year["due"])
    by_year["status"] = status_of(by_year["rank"])
    return by_year.drop(columns=["told", "due", "rank"])


def annual_simulated(summary: pd.DataFrame, scenario: str, measure: str) -> pd.DataFrame:
    """Mean simulated persons per place and year: means add over months, quantiles do not.

    Only years with all twelve months simulated are returned.
    """
    rows = summary[(summary["scenario"] == scenario) & (summary["measure"] == measure)]
    rows = rows.assign(year=rows["month"].str[:4].astype(int))
    by_year = rows.groupby(["place", "year"], as_index=False).agg(
        persons=("mean", "sum"), months=("mean", "count")
    )
    return by_year[by_year["months"] == 12].drop(columns="months").reset_index(drop=True)


def with_rate(annual: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Add ``rate``: persons per 100,000 inhabitants and year (null without a population)."""
    joined = annual.merge(people, on=["place", "year"], how="left")
    joined["rate"] = (joined["persons"] / joined["population"] * PER).round(KEPT)
    return joined


def fan(summary: pd.DataFrame, scenario: str, measure: str, place: str = NATION) -> pd.DataFrame:
    """Monthly quantiles of one scenario, measure and place, oldest first."""
    rows = summary[(summary["scenario"] == scenario) & (summary["measure"] == measure)]
    columns = ["month", "p05", "p25", "p50", "p75", "p95"]
    rows = rows.loc[rows["place"] == place, columns]
    return rows.sort_values("month", ignore_index=True).round(1)


def model_band(summary: pd.DataFrame, measure: str, places: tuple[str, ...]) -> pd.DataFrame:
    """Quantiles of the model over observed months and beyond, from the right fit in each month.

    While there are records to compare with, the months come from ``check``, whose fit never saw the
    held-out ones; after them from ``no_change``. The two are different fits: ``part`` keeps them
    apart, so that no line is drawn from one to the other.
    """
    mine = summary[(summary["measure"] == measure) & summary["place"].isin(places)]
    check = mine[mine["scenario"] == "check"]
    ahead = mine[mine["scenario"] == "no_change"]
    if len(check):
        ahead = ahead[ahead["month"] > check["month"].max()]
    both = pd.concat([check.assign(part="check"), ahead.assign(part="projection")])
    columns = ["place", "month", "part", "p05", "p25", "p50", "p75", "p95"]
    return both[columns].sort_values(["place", "month"], ignore_index=True)


def refit(band: pd.DataFrame) -> str:
    """First month of a band that comes from the second fit; empty where all are of one."""
    months = band.groupby("part")["month"].min()
    return str(months["projection"]) if {"check", "projection"} <= set(months.index) else ""


def beside(band: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Add to months of a band what was ``observed`` in them, and its ``status``."""
    told = seen[["month", "value", "status"]].rename(columns={"value": "observed"})
    return band.merge(told, on="month", how="left")


def state_panels(
    summary: pd.DataFrame, observed: pd.DataFrame, people: pd.DataFrame, measure: str
) -> pd.DataFrame:
    """Simulated and observed monthly figures of the 32 states, as annualised rates where possible.

    Returns
    -------
    pandas.DataFrame
        ``place, month, part, p05, p50, p95, observed, status``; per 100,000 and year (scaled by the
        days of the month) when populations are known, else persons a month: see ``attrs["rate"]``.
    """
    bands = model_band(summary, measure, STATES).drop(columns=["p25", "p75"])
    seen = monthly(observed, (measure,))
    seen = seen.loc[seen["place"].isin(STATES), ["place", "month", "value", "status"]]
    seen = seen[seen["month"] >= bands["month"].min()] if len(bands) else seen
    seen = seen.rename(columns={"value": "observed"})
    panels = bands.merge(seen, on=["place", "month"], how="outer")
    figures = ["p05", "p50", "p95", "observed"]
    if len(people):  # from persons in a month to persons per 100,000 and year
        year = panels["month"].str[:4].astype(int)
        known = panels[["place"]].assign(year=year).merge(people, on=["place", "year"], how="left")
        days = pd.PeriodIndex(panels["month"], freq="M").days_in_month
        factor = 365.25 / days / known["population"].to_numpy() * PER
        panels[figures] = panels[figures].mul(factor, axis=0)
    panels[figures] = panels[figures].round(1)
    panels.attrs["rate"] = bool(len(people))
    return panels.sort_values(["place", "month"], ignore_index=True)


def by_change(panels: pd.DataFrame) -> list[str]:
    """Place codes from the largest fall to the largest rise over the last known year.

    The last twelve months with a record are compared with the twelve before, as a ratio; a place
    where either holds an unknown, or where the earlier twelve hold nobody, comes last.
    """
    seen = panels[panels["observed"].notna()].sort_values("month")
    ratio = {}
    for code, part in seen.groupby("place"):
        later, before = part["observed"].tail(12), part["observed"].iloc[-24:-12]
        whole = len(part) >= 24 and month_number(part["month"].tail(24)).diff().max() == 1
        ratio[str(code)] = later.sum() / before.sum() if whole and before.sum() else float("inf")
    codes = dict.fromkeys(panels["place"])
    return sorted(codes, key=lambda code: (ratio.get(code, float("inf")), code))


NO_BREAKS = pd.DataFrame(columns=["measure", "month"])


def held_out(meta: Mapping[str, Any]) -> tuple[str, str] | None:
    """First month that the fit did not see, and the first after them.

    ``meta`` has ``fit_until`` and ``observed_until`` (``YYYY-MM``); None where nothing was kept.
    """
    fit, seen = meta.get("fit_until"), meta.get("observed_until")
    if not fit or not seen or fit >= seen:
        return None
    return str(pd.Period(fit, freq="M") + 1), str(pd.Period(seen, freq="M") + 1)


def marks(
    breaks: pd.DataFrame, measures: set[str], span: tuple[str, str], words: Words, **also: str
) -> pd.DataFrame:
    """``month, label`` of the rules within a span: changes of method, one a month, and ``also``.

    ``also`` names its words by the end of their key: ``held_out`` is ``mark.held_out``.
    """
    own = [(month, words(f"mark.{key}")) for key, month in also.items() if month]
    mine = breaks[breaks["measure"].isin(measures)].sort_values("month", kind="stable")
    methods: dict[str, list[str]] = {}
    for _, row in mine.iterrows():
        methods.setdefault(row["month"], []).append(local(row, "words", words.language))
    named = [*own, *((month, " · ".join(said)) for month, said in methods.items())]
    rows = pd.DataFrame(named, columns=["month", "label"])
    return rows[rows["month"].between(*span)].reset_index(drop=True)
