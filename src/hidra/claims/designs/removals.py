"""What follows the removal of a leader at its place: windows, panels, the question asked anew.

The plainest look is descriptive: six months after a removal against the six before, net of the
national trend. The expected count is the place's sum of months -6 to -1, times the nation's months
+1 to +6 (or +7 to +12) over the nation's months -6 to -1; the ratio is of sums over all removals.
Months are numbered from January 2000 = 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.designs import event, rules
from hidra.claims.designs.event import fixed_effects, quiet, with_windows
from hidra.claims.designs.rules import Estimate, Found, by_rule, normal, shares
from hidra.claims.words import asked, sentence
from hidra.core.i18n import _, bilingual
from hidra.data import reference

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Choice = Callable[[pd.DataFrame], pd.Series]

FIRST_YEAR = 2000
LAST_MUNICIPAL = "2015"  # registration months of municipalities end with 2015
PANEL = (84, 191)  # January 2007 to December 2015
BEFORE = range(-6, 0)
AFTER = {"1-6": range(1, 7), "7-12": range(7, 13)}
PLACEBOS = 500
STATE_PLACEBOS = 200
REACH = 24  # random dates lie within this many months of the true one
COUNTS_FOR = 6  # months a removal counts for in a panel of states
SEED = 20080121

INEGI = ("homicides_inegi_state_month", "inegi_homicides")
SESNSP = ("victims_sesnsp_state_month", "sesnsp_homicide_victims")
BOTH = (180, 275)  # January 2015 to December 2022: months both sources cover
LONG = (96, 227)  # January 2008 to December 2018
YEAR_2011 = 132
ELSEWHERE = "other states of the group"


def months_since_2000(dates: pd.Series) -> pd.Series:
    """Return the number of the month of dates ``YYYY-MM-DD``, January 2000 being 0."""
    return (dates.str[:4].astype(int) - FIRST_YEAR) * 12 + dates.str[5:7].astype(int) - 1


def removals() -> pd.DataFrame:
    """Return the true removals: event_id, date, month, killed, place, municipality, group."""
    table = reference.table("leadership_removals")
    table = table[table["removal"]].copy()
    table["month"] = months_since_2000(table["date"])
    table["killed"] = table["event"] == "killed"
    return table.reset_index(drop=True)


def municipal_removals() -> pd.DataFrame:
    """Return the removals before 2015 whose municipality is known."""
    table = removals()
    held = set(reference.table("homicides_removal_municipality_month")["place"])
    known = table["municipality"].isin(held) & (table["date"] < LAST_MUNICIPAL)
    return table[known].reset_index(drop=True)


def series(name: str, measure: str) -> pd.DataFrame:
    """Return months (rows, January 2000 on) by place (columns) of a table with months set wide."""
    table = reference.table(name)
    table = table[table["measure"] == measure].sort_values(["place", "year"])
    wide = table.melt(["place", "year"], [f"m{n:02d}" for n in range(1, 13)], "column", "value")
    wide["month"] = (wide["year"] - FIRST_YEAR) * 12 + wide["column"].str[1:].astype(int) - 1
    return wide.pivot_table(index="month", columns="place", values="value", dropna=False)


def stacked(deaths: pd.DataFrame, time: str = "month") -> pd.DataFrame:
    """Return place x time rows with their deaths from times (rows) by place (columns)."""
    return deaths.rename_axis(time).reset_index().melt(time, var_name="place", value_name="deaths")


def municipal_homicides() -> pd.DataFrame:
    """Return homicides by month of registration in the places of removal, 2000-2015."""
    return series("homicides_removal_municipality_month", "inegi_homicides_registered")


def national_homicides() -> NDArray[np.float64]:
    """Return homicides of the nation by month of registration, 2000-2015; shape (192,)."""
    table = series("homicides_national_registered_month", "inegi_homicides_registered")
    return table["00"].to_numpy(float)


def state_rows(first: int, last: int) -> pd.DataFrame:
    """Return state x month rows: place, month, deaths, persons (mid-year population)."""
    rows = stacked(series(*INEGI).loc[first:last])
    people = reference.table("population_state_year")[["place", "year", "population"]]
    rows["year"] = FIRST_YEAR + rows["month"] // 12
    rows = rows.merge(people, on=["place", "year"], how="left", validate="m:1")
    return rows.rename(columns={"population": "persons"})


def recent(
    rows: pd.DataFrame, events: pd.DataFrame, after: Sequence[int],
    places: Callable[[Mapping[Any, Any]], set[str]] = lambda one: {one["place"]},
) -> NDArray[np.float64]:  # fmt: skip
    """Return how many events lie so many months back for each row; shape (rows,).

    `places` gives the places an event counts for; its own by default.
    """
    found = np.zeros(len(rows))
    for one in events.dropna(subset=["place"]).to_dict("records"):
        since = (rows["month"] - one["month"]).between(min(after), max(after))
        found += (rows["place"].isin(places(one)) & since).to_numpy(float)
    return found


def panel(chosen: Choice | None = None) -> pd.DataFrame:
    """Return place x month rows of the places of removal, 2007-2015, treated from the first on.

    Columns: place (text), unit (int), state (int), month, deaths, logged (asinh of deaths), first
    (month of the first removal), since (months since it).

    Parameters
    ----------
    chosen : function or None
        Which first removals count, from their rows to true and false; the other places then stand
        in the panel only until their own first removal.
    """
    events = municipal_removals().sort_values("month").drop_duplicates("municipality")
    first = events.set_index("municipality")["month"]
    held = municipal_homicides().loc[slice(*PANEL), list(first.index)]
    rows = stacked(held).dropna(subset=["deaths"])
    rows["first"] = rows["place"].map(first).astype(int)
    if chosen is not None:
        counts = rows["place"].isin(set(events.loc[chosen(events), "municipality"]))
        rows = rows[counts | (rows["month"] < rows["first"])]
    return with_windows(rows)


@dataclass(frozen=True)
class Window:
    """Observed over expected homicides in a window, for some removals.

    Attributes
    ----------
    n : int
        Removals.
    ratio : float
        Sum observed over sum expected; 1 = as the nation.
    geometric : float
        Geometric mean of the removals' own ratios.
    placebo : float
        Share of sets of random dates at the same places with a ratio at least as large.
    """

    n: int
    ratio: float
    geometric: float
    placebo: float


def ratio(
    places: NDArray[np.float64], nation: NDArray[np.float64], months: NDArray[np.int64],
    after: range,
) -> tuple[float, NDArray[np.float64]]:  # fmt: skip
    """Return the ratio of sums, and observed over expected of each event.

    Parameters
    ----------
    places : array, shape (events, months)
        Homicides at the place of each event.
    nation : array, shape (months,)
    months : array of int, shape (events,)
        Month of each event.
    after : range
        Months after the event that are looked at.
    """
    events = np.arange(len(months))[:, None]
    back, on = months[:, None] + np.array(BEFORE), months[:, None] + np.array(after)
    own_before, own_after = places[events, back].sum(1), places[events, on].sum(1)
    expected = own_before * nation[on].sum(1) / nation[back].sum(1)
    each = (own_after + 0.5) / (expected + 0.5)
    return float(own_after.sum() / expected.sum()), each


def _at_places(events: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return homicides at the municipality of each event (events, months), and their months."""
    places = municipal_homicides()[list(events["municipality"])].to_numpy(float).T
    return places, events["month"].to_numpy(int)


def window(chosen: pd.DataFrame, after: range, seed: int = SEED) -> Window:
    """Return the window of some municipal removals, with its placebos."""
    (places, months), nation = _at_places(chosen), national_homicides()
    value, each = ratio(places, nation, months, after)
    rng = np.random.default_rng(seed)
    last = places.shape[1] - 1 - max(AFTER["7-12"])
    beside = []
    for _rest in range(PLACEBOS):
        moved = np.clip(months + rng.integers(-REACH, REACH + 1, len(months)), 6, last)
        beside.append(ratio(places, nation, moved, after)[0])
    placebo = float(np.mean(np.array(beside) >= value))
    return Window(len(chosen), value, float(np.exp(np.log(each).mean())), placebo)


def windows() -> dict[str, Window]:
    """Return the table: all, killings, captures, 2008-2010, by window."""
    events = municipal_removals()
    sets = {
        "all": events,
        "killed": events[events["killed"]],
        "captured": events[~events["killed"]],
        "2008-2010": events[events["date"] < "2011"],
    }
    return {
        f"{name}, months {key}": window(chosen, after)
        for name, chosen in sets.items()
        for key, after in AFTER.items()
    }


def leave_one_out() -> tuple[float, float]:
    """Return the lowest and highest ratio of months 1-6 when each removal is left out in turn."""
    (places, months), nation = _at_places(municipal_removals()), national_homicides()
    found = [
        ratio(np.delete(places, i, 0), nation, np.delete(months, i), AFTER["1-6"])[0]
        for i in range(len(months))
    ]
    return min(found), max(found)


def at_state_level() -> dict[str, float]:
    """Return the mean log change at the state of removal, six months on, net of the nation.

    Returns
    -------
    dict
        ``n``, ``log_change``, ``standard_error`` (naive), and mean and deviation of 200
        random-date placebos.
    """
    events, homicides = removals(), series(*INEGI)
    nation = homicides.sum(axis=1).to_numpy(float)
    last = len(nation) - 1
    chosen = events[events["place"].notna() & (events["month"] + 6 <= last)]
    places = homicides[list(chosen["place"])].to_numpy(float).T
    months = chosen["month"].to_numpy(int)
    _rest, each = ratio(places, nation, months, AFTER["1-6"])
    logs = np.log(each)
    rng = np.random.default_rng(SEED)
    beside = []
    for _rest in range(STATE_PLACEBOS):
        moved = np.clip(months + rng.integers(-REACH, REACH + 1, len(months)), 6, last - 6)
        beside.append(float(np.log(ratio(places, nation, moved, AFTER["1-6"])[1]).mean()))
    return {
        "n": float(len(chosen)),
        "log_change": float(logs.mean()),
        "standard_error": float(logs.std(ddof=1) / np.sqrt(len(logs))),
        "placebo_mean": float(np.mean(beside)),
        "placebo_sd": float(np.std(beside, ddof=1)),
    }


def territories() -> list[Estimate]:
    """Return state fixed effects of a removal here, elsewhere in the group's states, next door.

    Poisson, state and month effects, 2008-2018, removals of the last six months; errors clustered
    by state. Presence is by press reports (OCVED), which follow violence.
    """
    rows, events, after = state_rows(*LONG), removals(), range(1, COUNTS_FOR + 1)
    presence = reference.table("group_presence_state")
    borders = reference.table("place_neighbour")

    def held(one: Mapping[Any, Any]) -> set[str]:
        node = presence["node"] == one["network_node"]
        return set(presence.loc[node, "place"]) - {one["place"]}

    def beside(one: Mapping[Any, Any]) -> set[str]:
        return set(borders.loc[borders["place"] == one["place"], "neighbour"]) - held(one)

    rows["here"] = recent(rows, events, after)
    rows["group"] = recent(rows, events, after, held)
    rows["beside"] = recent(rows, events, after, beside)
    named = {"here": "state of removal", "group": ELSEWHERE,
             "beside": "neighbours without the group"}  # fmt: skip
    names = {term: f"states, {name}, months 1-6" for term, name in named.items()}
    return fixed_effects(rows, "deaths ~ here + group + beside | place + month", names, "place")


def removal_at_place() -> Found:
    """Return what follows a removal at its place: ratio, placebos, estimators, states."""
    table, rows = windows(), panel()
    estimates = [one for run in event.ESTIMATORS.values() for one in quiet(run, rows)]
    main = next(one for one in estimates if one.name == "Poisson FE, months 0-5")
    leads = [one for one in estimates if "-12 to -7" in one.name]
    others = [one for one in estimates if one not in leads and one is not main]
    others += territories()
    state = at_state_level()
    first = table["all, months 1-6"]
    figures: dict[str, Any] = {f"ratio, {name}": asdict(one) for name, one in table.items()}
    figures |= {f"change, {one.name}": shares(one) for one in (main, *leads, *others)}
    figures |= {"leave one out, months 1-6": leave_one_out(), "state level": state}
    return Found(
        by_rule(main, others, first.placebo, leads), told(table, main, leads, state), first.ratio,
        f"INEGI registration months, {first.n} removals 2008-2014 (hidra)", figures, strip(),
    )  # fmt: skip


def told(
    table: Mapping[str, Window], main: Estimate, leads: Sequence[Estimate],
    state: Mapping[str, float],
) -> dict[str, str]:  # fmt: skip
    """Return what was found in one sentence per language."""
    first = table["all, months 1-6"]
    nearly = normal("states", state["log_change"], state["standard_error"], int(state["n"]))
    return sentence(
        "removal_at_place", ratio=first.ratio, n=first.n, placebo=first.placebo,
        rare=rules.rarity(first.placebo), killed=table["killed, months 1-6"].ratio,
        early=table["2008-2010, months 1-6"].ratio, change=rules.change(main),
        before=rules.before(leads), log=nearly.value, error=state["standard_error"],
        state=rules.effect(nearly.side),
    )  # fmt: skip


Row = tuple[str, int, Estimate]
PLACE = _("municipality of removal")
STATE = _("state of removal")


def strip() -> list[dict[str, Any]]:
    """Return the question asked by unit, source, period, kind of removal and window.

    Every row is a Poisson estimate with place and month effects, except those that say otherwise.
    At municipal level only deaths by month of registration are at hand; so sources are set side by
    side at state level, over the years both cover. Keys: name, en, es, n (removals), estimate,
    low, high (shares: 0.20 is 20 % more), main.
    """
    ends = ("estimate", "low", "high")
    return [
        {
            "name": f"row{number:02d}", **bilingual(said), "n": n, "main": number == 0,
            **{key: value / 100 for key, value in zip(ends, shares(one), strict=True)},
        }
        for number, (said, n, one) in enumerate((*_municipal(), *_by_state()))
    ]  # fmt: skip


def _municipal() -> Iterator[Row]:
    rows = panel()
    n = int(rows["place"].nunique())
    found = {one.name.split(", ")[1]: one for one in quiet(event.poisson, rows)}
    for name in ("months 0-5", "months 6-11", "months -12 to -7"):
        yield asked(PLACE, name), n, found[name]
    kinds: dict[str, Choice] = {
        "killings only": lambda events: events["killed"],
        "captures only": lambda events: ~events["killed"],
        "2008-2010": lambda events: events["month"] < YEAR_2011,
        "2011-2014": lambda events: events["month"] >= YEAR_2011,
    }
    for name, chosen in kinds.items():
        some = panel(chosen)
        held = int(some.loc[some["since"] >= 0, "place"].nunique())
        yield asked(PLACE, name), held, _first_months(event.poisson, some)
    yield asked(PLACE, "Conley"), n, _first_months(event.conley, rows)
    mixed = _first_months(event.synthetic, rows)
    yield asked(PLACE, "synthetic control"), mixed.n, mixed


def _first_months(run: Callable[[pd.DataFrame], list[Estimate]], rows: pd.DataFrame) -> Estimate:
    return next(one for one in quiet(run, rows) if one.name.endswith("months 0-5"))


def _by_state() -> Iterator[Row]:
    after = AFTER["1-6"]
    ways: tuple[tuple[str, tuple[str, str], tuple[int, int], range, Choice | None], ...] = (
        (_("INEGI 2008-2018, months 1-6"), INEGI, LONG, after, None),
        (_("INEGI 2008-2018, months 7-12"), INEGI, LONG, AFTER["7-12"], None),
        (_("INEGI 2008-2018, killings"), INEGI, LONG, after, lambda events: events["killed"]),
        (_("INEGI 2008-2018, captures"), INEGI, LONG, after, lambda events: ~events["killed"]),
        (_("INEGI 2015-2022, months 1-6"), INEGI, BOTH, after, None),
        (_("SESNSP 2015-2022, months 1-6"), SESNSP, BOTH, after, None),
    )
    all_ = removals().dropna(subset=["place"])
    for name, source, span, months, chosen in ways:
        events = all_ if chosen is None else all_[chosen(all_)]
        inside = events[events["month"].between(span[0] - months[0], span[1] - months[0])]
        one = at_state(series(*source).loc[slice(*span)], inside, months)
        yield asked(STATE, name), len(inside), one


def at_state(deaths: pd.DataFrame, events: pd.DataFrame, after: Sequence[int]) -> Estimate:
    """Return the Poisson effect of a removal in the state, by how many lie so many months back.

    Parameters
    ----------
    deaths : DataFrame
        Months (rows) by state (columns).
    events : DataFrame
        Removals: place and month.
    after : sequence of int
        Months after a removal that are looked at, as 1 to 6.
    """
    rows = stacked(deaths)
    rows["recent"] = recent(rows, events, after)
    run = partial(fixed_effects, formula="deaths ~ recent | place + month",
                  names={"recent": ""}, cluster="place")  # fmt: skip
    return quiet(run, rows.dropna(subset=["deaths"]))[0]
