"""Prices and counts within places: whether homicide moves where and when an exposure moves.

Poisson with state and year (or month) effects. A price is the nation's; what differs is how much of
it a state had at the start. The placebo gives every state the exposure of another at random: the
share of such draws that do as well tells chance apart better than errors over 32 states do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hidra.claims.designs.event import LEVEL, Estimate, quiet
from hidra.claims.designs.removals import series
from hidra.data import reference

if TYPE_CHECKING:
    import pandas as pd

START = range(2003, 2008)  # years in which a state's weight is measured
YEARS = range(2003, 2023)  # years with prices and deaths
DRAWS = 99
SEED = 2004


@dataclass(frozen=True)
class Within:
    """An exposure's effect: the estimate, a lead, the placebo and one state left out in turn.

    Attributes
    ----------
    main, lead : Estimate
        On the log scale per unit of exposure; the lead is the exposure of the year after.
    placebo : float
        Share of random assignments with a rise at least as large.
    lowest, highest : float
        Estimates with one state left out.
    """

    main: Estimate
    lead: Estimate
    placebo: float
    lowest: float
    highest: float


def homicides_by_year() -> pd.DataFrame:
    """Return state x year rows of homicides by month of death: place, time, deaths."""
    monthly = series("homicides_inegi_state_month", "inegi_homicides")
    yearly = monthly.groupby(monthly.index // 12 + 2000).sum(min_count=12)
    return (
        yearly.rename_axis("time").reset_index()
        .melt("time", var_name="place", value_name="deaths").dropna()
    )  # fmt: skip


def mining() -> pd.DataFrame:
    """Return rows with `own`, hundredths of a state's product from mining in 2003-07, and `price`.

    The price is the logarithm of the nation's relative price of mining (2012 = 0).
    """
    table = reference.table("economy_state_year")
    start = table[table["year"].isin(START)]
    own = 100 * start.groupby("place")["mining"].sum() / start.groupby("place")["gdp"].sum()
    held = table.dropna(subset=["mining_price", "mining_real"])
    weighed = held.assign(value=held["mining_real"] * held["mining_price"]).groupby("year")
    price = (weighed["value"].sum() / weighed["mining_real"].sum()).map(np.log)
    return _exposed(own, price)


def avocado() -> pd.DataFrame:
    """Return rows with `own`, hundredths of a state's product from avocado in 2003-07, and `price`.

    No price is at hand: `price` is the logarithm of the farm value of all other states' avocado
    against the nation's product (2012 = 0), so that a state's own output does not move it.
    """
    table = reference.table("economy_state_year")
    start = table[table["year"].isin(START)]
    own = 100 * start.groupby("place")["avocado"].sum() / start.groupby("place")["gdp"].sum()
    nation = table.groupby("year")[["avocado", "gdp"]].sum()
    held = nation[nation["avocado"] > 0]
    value = np.log(held["avocado"] / held["gdp"])
    return _exposed(own, value - value[2012])


def _exposed(own: pd.Series, price: pd.Series) -> pd.DataFrame:
    rows = homicides_by_year()
    rows = rows[rows["time"].isin(YEARS)]
    return rows.assign(
        own=rows["place"].map(own), price=rows["time"].map(price), later=rows["time"].map(
            price.set_axis(price.index - 1)
        )
    ).dropna()  # fmt: skip


def groups() -> pd.DataFrame:
    """Return state x period rows (2009-13, 2014-18): deaths, `own` x `price` = log of groups."""
    presence = reference.table("group_presence_state")
    counted = presence.groupby(["place", "period"])["node"].nunique()
    rows = homicides_by_year()
    found = []
    for period in ("2009-2013", "2014-2018"):
        first, last = (int(year) for year in period.split("-"))
        inside = rows[rows["time"].between(first, last)].groupby("place", as_index=False)["deaths"]
        number = counted.xs(period, level="period")
        found.append(inside.sum().assign(time=first, seen=lambda f, n=number: f["place"].map(n)))
    import pandas as pd

    return pd.concat(found).dropna().assign(dose=lambda f: np.log(f["seen"]))


def border() -> pd.DataFrame:
    """Return state x month rows 2002-2006; `own` marks states that face no ban of its own.

    `price` is 1 from October 2004, the first whole month after the US assault weapons ban ended.
    """
    monthly = series("homicides_inegi_state_month", "inegi_homicides").loc[24:83]
    rows = (
        monthly.rename_axis("time").reset_index()
        .melt("time", var_name="place", value_name="deaths").dropna()
    )  # fmt: skip
    near = reference.table("border_distance").set_index("place")
    open_ = (near["own_ban"] == 0) & near.index.isin(["02", "05", "08", "19", "26", "28"])
    return rows.assign(
        own=rows["place"].map(open_).astype(float), price=(rows["time"] >= 57).astype(float),
        later=rows["time"].between(45, 56).astype(float),
    )  # fmt: skip


def within(rows: pd.DataFrame) -> Within:
    """Return the effect of `own` x `price` (or of `dose`) on deaths, with its checks."""
    dosed = rows if "dose" in rows else rows.assign(dose=rows["own"] * rows["price"])
    main = _fit(dosed)
    lead = main
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
    import pyfixest as pf

    def fitted(frame: pd.DataFrame) -> list[Estimate]:
        fit = pf.fepois(f"deaths ~ {terms} | place + time", frame, vcov={"CRV1": "place"})
        row = fit.tidy(alpha=LEVEL).iloc[0]
        ends = [float(row[name]) for name in row.index if str(name).endswith("%")]
        return [Estimate(terms, float(row["Estimate"]), min(ends), max(ends), int(fit._N))]

    run: Callable[[pd.DataFrame], list[Estimate]] = fitted
    return quiet(run, rows)[0]
