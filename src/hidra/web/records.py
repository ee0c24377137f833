"""The records that pages show, read once for each state of the panel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from hidra.core.place import is_bucket, is_municipal
from hidra.data import boundaries, home, panel, reference

KILLED = ("inegi_homicides", "sesnsp_homicide_victims", "inegi_homicides_registered")
MISSING = ("rnpdno_missing",)
SHOWN = (*KILLED, *MISSING, "population")

_ROWS = """
SELECT place, month, measure, value, source, concept, vintage, status, period, unit FROM panel
WHERE list_contains(?, measure) AND {where}
QUALIFY row_number() OVER (PARTITION BY measure, place, month, period
                           ORDER BY vintage DESC, source) = 1
ORDER BY measure, place, month
"""


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
    return _records(stamp())


def stamp() -> tuple[str, int, int]:
    """Return what changes when the user's panel changes."""
    file = home.panel_file()
    try:
        seen = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), seen.st_mtime_ns, seen.st_size


@lru_cache(maxsize=2)
def _records(_stamp: tuple[str, int, int]) -> Records:
    from hidra.claims.ask import data, vintage

    with panel.reading() as con:
        query = _ROWS.format(where="length(place) = 2")
        rows = con.execute(query, [list(SHOWN)]).df()
        added = con.execute("FROM sources WHERE state = 'added'").df()
    with data() as con:
        name = vintage(con)
    return Records(_null_as_missing(rows), _sources(added), name)


def _sources(added: pd.DataFrame) -> pd.DataFrame:
    """The catalogue and the user's sources under the same columns."""
    own = added.rename(columns={"source": "name", "title": "title_en"})
    own = own.assign(title_es=own["title_en"], concept="", concept_es="")
    known = reference.catalogue()
    kept = own[[name for name in own if name in known]].drop_duplicates("name")
    return pd.concat([known, kept], ignore_index=True) if len(kept) else known


def _null_as_missing(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(value=rows["value"].astype("float64"))


@lru_cache(maxsize=64)
def _of_place(place: str, _stamp: tuple[str, int, int]) -> pd.DataFrame:
    with panel.reading() as con:
        query = _ROWS.format(where="place = ?")
        return _null_as_missing(con.execute(query, [list(SHOWN), place]).df())


def of_place(place: str) -> pd.DataFrame:
    """Return the panel rows of one place."""
    return _of_place(place, stamp())


@lru_cache(maxsize=2)
def _municipalities(_stamp: tuple[str, int, int]) -> tuple[str, ...]:
    with panel.reading() as con:
        query = "SELECT DISTINCT place FROM panel WHERE length(place) = 5 AND value IS NOT NULL"
        found = [row[0] for row in con.execute(query).fetchall()]
    return tuple(sorted(code for code in found if is_municipal(code) and not is_bucket(code)))


def municipalities() -> tuple[str, ...]:
    """Return the codes of the municipalities with at least one record."""
    return _municipalities(stamp())


def known_municipality(code: str) -> bool:
    """Tell whether a code is one of a municipality, of the catalogue or of the records."""
    return code in boundaries.municipalities() or code in municipalities()
