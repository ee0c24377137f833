"""The records that pages show, read once for each state of the panel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from hidra.core.place import is_bucket, is_municipal
from hidra.data import geography, panel

KILLED = ("inegi_homicides", "sesnsp_homicide_victims", "inegi_homicides_registered")
MISSING = ("rnpdno_missing",)
SHOWN = (*KILLED, *MISSING, "population")


@dataclass(frozen=True)
class Records:
    """What the panel holds, as far as pages need all of it.

    Attributes
    ----------
    rows : pandas.DataFrame
        Panel rows of the nation and the states, of the measures shown.
    sources : pandas.DataFrame
        The catalogue, with a row for every source the user brought.
    vintage : str
        Name of the data: a digest of every source and cut.
    """

    rows: pd.DataFrame
    sources: pd.DataFrame
    vintage: str


def records() -> Records:
    """Return the records of the panel as it is now."""
    return _records(panel.stamp())


@lru_cache(maxsize=2)
def _records(_stamp: tuple[str, int, int]) -> Records:
    from hidra.claims.ask import data, vintage

    with data() as con:
        name = vintage(con)
    rows = panel.rows(SHOWN)
    return Records(rows[rows["place"].str.len() == 2], panel.sources(), name)


def of_place(place: str) -> pd.DataFrame:
    """Return the panel rows of one place."""
    return panel.rows(SHOWN, place)


@lru_cache(maxsize=2)
def _municipalities(_stamp: tuple[str, int, int]) -> tuple[str, ...]:
    with panel.reading() as con:
        query = "SELECT DISTINCT place FROM panel WHERE length(place) = 5 AND value IS NOT NULL"
        found = [row[0] for row in con.execute(query).fetchall()]
    return tuple(sorted(code for code in found if is_municipal(code) and not is_bucket(code)))


def municipalities() -> tuple[str, ...]:
    """Return the codes of the municipalities with at least one record."""
    return _municipalities(panel.stamp())


def known_municipality(code: str) -> bool:
    """Tell whether a code is one of a municipality, of the catalogue or of the records."""
    return code in geography.municipalities() or code in municipalities()
