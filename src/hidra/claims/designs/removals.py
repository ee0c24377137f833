"""Leaders removed, and homicides in the months around it: the data every design starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.data import reference

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

FIRST_YEAR = 2000
LAST_MUNICIPAL = "2015"  # registration months of municipalities end with 2015


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
    """Return the removals before 2015 whose municipality is known (31)."""
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


def municipal_homicides() -> pd.DataFrame:
    """Return homicides by month of registration in the places of removal, 2000-2015."""
    return series("homicides_removal_municipality_month", "inegi_homicides_registered")


def national_homicides() -> NDArray[np.float64]:
    """Return homicides of the nation by month of registration, 2000-2015; shape (192,)."""
    table = series("homicides_national_registered_month", "inegi_homicides_registered")
    return table["00"].to_numpy(float)


def state_homicides() -> pd.DataFrame:
    """Return homicides by month of death in the 32 states, 2000-2022."""
    return series("homicides_inegi_state_month", "inegi_homicides")
