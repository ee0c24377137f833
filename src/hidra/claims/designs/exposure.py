"""Prices and counts within places: whether homicide moves where and when an exposure moves.

Poisson with state and year (or month) effects. A price is the nation's; what differs is how much of
it a state had at the start. The placebo gives every state the exposure of another at random: the
share of such draws that do as well tells chance apart better than errors over 32 states do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.designs import rules
from hidra.claims.designs.event import fixed_effects, quiet
from hidra.claims.designs.removals import INEGI, series, stacked
from hidra.claims.designs.rules import RARE, Estimate, Found, by_rule, share, shares
from hidra.claims.words import sentence
from hidra.data import reference

if TYPE_CHECKING:
    import pandas as pd

START = range(2003, 2008)  # years in which a state's weight is measured
YEARS = range(2003, 2023)  # years with prices and deaths
PERIODS = ("2009-2013", "2014-2018")  # of the groups seen in states
BAN_PANEL, BAN_ENDED, YEAR_BEFORE = (24, 83), 57, (45, 56)  # months from January 2000 on
BORDER = ("02", "05", "08", "19", "26", "28")
DRAWS = 99
SEED = 2004


@dataclass(frozen=True)
class Within:
    """An exposure's effect: the estimate, a lead, the placebo and one state left out in turn.

    Attributes
    ----------
    main : Estimate
        On the log scale per unit of exposure.
    lead : Estimate or None
        The exposure of the year after; None where the rows have none.
    placebo : float
        Share of random assignments with a rise at least as large.
    lowest, highest : float
        Estimates with one state left out.
    """

    main: Estimate
    lead: Estimate | None
    placebo: float
    lowest: float
    highest: float


def homicides_by_year() -> pd.DataFrame:
    """Return state x year rows of homicides by month of death: place, time, deaths."""
    monthly = series(*INEGI)
    yearly = monthly.groupby(monthly.index // 12 + 2000).sum(min_count=12)
    return stacked(yearly, "time").dropna()


def mining() -> pd.DataFrame:
    """Return rows with `own`, hundredths of a state's product from mining in 2003-07, and `price`.

    The price is the logarithm of the nation's relative price of mining (2012 = 0).
    """
    table = reference.table("economy_state_year")
    held = table.dropna(subset=["mining_price", "mining_real"])
    weighed = held.assign(value=held["mining_real"] * held["mining_price"]).groupby("year")
    price = (weighed["value"].sum() / weighed["mining_real"].sum()).map(np.log)
    return _exposed(table, "mining", price)


def avocado() -> pd.DataFrame:
    """Return rows with `own`, hundredths of a state's product from avocado in 2003-07, and `price`.

    No price is at hand: `price` is the logarithm of the nation's farm value of avocado against its
    product (2012 = 0).
    """
    table = reference.table("economy_state_year")
    nation = table.groupby("year")[["avocado", "gdp"]].sum()
    held = nation[nation["avocado"] > 0]
    value = np.log(held["avocado"] / held["gdp"])
    return _exposed(table, "avocado", value - value[2012])


def _exposed(table: pd.DataFrame, sector: str, price: pd.Series) -> pd.DataFrame:
    start = table[table["year"].isin(START)].groupby("place")[[sector, "gdp"]].sum()
    rows = homicides_by_year()
    rows = rows[rows["time"].isin(YEARS)]
    return rows.assign(
        own=rows["place"].map(100 * start[sector] / start["gdp"]), price=rows["time"].map(price),
        later=rows["time"].map(price.set_axis(price.index - 1)),
    ).dropna()  # fmt: skip


def groups() -> pd.DataFrame:
    """Return state x period rows (2009-13, 2014-18): deaths, `own` x `price` = log of groups."""
    import pandas as pd

    presence = reference.table("group_presence_state")
    counted = presence.groupby(["place", "period"])["node"].nunique()
    rows = homicides_by_year()
    found = []
    for period in PERIODS:
        first, last = (int(year) for year in period.split("-"))
        inside = rows[rows["time"].between(first, last)].groupby("place", as_index=False)["deaths"]
        number = counted.xs(period, level="period")
        found.append(inside.sum().assign(time=first, seen=lambda f, n=number: f["place"].map(n)))
    return pd.concat(found).dropna().assign(dose=lambda f: np.log(f["seen"]))


def border() -> pd.DataFrame:
    """Return state x month rows 2002-2006; `own` marks states that face no ban of its own.

    `price` is 1 from October 2004, the first whole month after the US assault weapons ban ended.
    """
    rows = stacked(series(*INEGI).loc[slice(*BAN_PANEL)], "time").dropna()
    near = reference.table("border_distance").set_index("place")
    open_ = (near["own_ban"] == 0) & near.index.isin(BORDER)
    return rows.assign(
        own=rows["place"].map(open_).astype(float),
        price=(rows["time"] >= BAN_ENDED).astype(float),
        later=rows["time"].between(*YEAR_BEFORE).astype(float),
    )


def within(rows: pd.DataFrame) -> Within:
    """Return the effect of `own` x `price` (or of `dose`) on deaths, with its checks."""
    dosed = rows if "dose" in rows else rows.assign(dose=rows["own"] * rows["price"])
    main, lead = _fit(dosed), None
    if "later" in rows:
        lead = _fit(dosed.assign(ahead=dosed["own"] * dosed["later"]), "ahead + dose")
    places = sorted(set(rows["place"]))
    left = [_fit(dosed[dosed["place"] != one]).value for one in places]
    return Within(main, lead, _placebo(rows, main, places), min(left), max(left))


def _placebo(rows: pd.DataFrame, main: Estimate, places: list[str]) -> float:
    """Return how often random places do as well: every state takes the exposure of another."""
    rng = np.random.default_rng(SEED)
    beside = []
    keyed = rows.set_index(["place", "time"])
    for _ in range(DRAWS):
        other = dict(zip(places, rng.permutation(places), strict=True))
        if "dose" in rows:
            keys = list(zip(rows["place"].map(other), rows["time"], strict=True))
            dose = keyed["dose"].reindex(keys).to_numpy()
        else:
            own = rows.groupby("place")["own"].first()
            dose = (rows["place"].map(other).map(own) * rows["price"]).to_numpy()
        beside.append(_fit(rows.assign(dose=dose).dropna(subset=["dose"])).value)
    return float(np.mean(np.array(beside) >= main.value))


def _fit(rows: pd.DataFrame, terms: str = "dose") -> Estimate:
    term = terms.split(" ", maxsplit=1)[0]
    run = partial(fixed_effects, formula=f"deaths ~ {terms} | place + time", names={term: term},
                  cluster="place")  # fmt: skip
    return quiet(run, rows)[0]


DOUBLE = float(np.log(2))
ROWS: Mapping[str, tuple[Callable[[], pd.DataFrame], float]] = {
    "mining": (mining, DOUBLE),
    "avocado": (avocado, DOUBLE),
    "groups": (groups, DOUBLE),
    "border": (border, 1.0),
}


def design(name: str) -> Found:
    """Return what one exposure does within places: estimate, lead, placebo, leave-one-out."""
    make, unit = ROWS[name]
    found = within(make())
    main = found.main.times(unit)
    lead = found.lead.times(unit) if found.lead else None
    # one estimator and no other window: the placebo has to carry it
    others = [main] if found.placebo <= RARE else []
    figures: dict[str, Any] = {
        "change": shares(main), "rows": main.n, "random places that do as well": found.placebo,
        "leave one state out": (share(unit * found.lowest), share(unit * found.highest)),
    }  # fmt: skip
    if lead:
        figures["lead"] = shares(lead)
    return Found(
        by_rule(main, others, found.placebo, [lead] if lead else []),
        told(name, main, lead, found.placebo), shares(main)[0],
        "INEGI month of death, 32 states", figures,
    )  # fmt: skip


arms_border = partial(design, "border")
mining_price = partial(design, "mining")
avocado_value = partial(design, "avocado")
groups_in_states = partial(design, "groups")


def told(name: str, main: Estimate, lead: Estimate | None, placebo: float) -> dict[str, str]:
    """Return the change that goes with an exposure, and its checks, in one sentence."""
    return sentence(
        "exposure", what=sentence(f"exposure_{name}"), change=rules.change(main), placebo=placebo,
        rare=rules.rarity(placebo), before=rules.before([lead] if lead else []),
    )  # fmt: skip
