"""Where groups are among municipalities: from a user's set, else spread by residents.

A group is stored only where it is present. Without a set the presence of a state is spread over
its municipalities by residents, and a group with fewer than one member in a place is not there:
its members count where it is, in the same state. With a set (OCVED, say) a group is where the set
saw it in the period that holds the start, in proportion to residents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hidra.core.errors import SourceError, unknown
from hidra.model.nested import Nested
from hidra.model.network import Network

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("place", "node", "period")
LEAST = 1.0  # members: a group with fewer in a place is not there
MEMBERS = 115_000.0  # of all groups at the start, the published figure; only for LEAST


def within(
    groups: Network, outer: np.ndarray, nested: Nested, seen: np.ndarray | None = None
) -> np.ndarray:
    """Spread groups over the places of each region, (P, G); zero where a group is not.

    Parameters
    ----------
    outer : (R, G) how each group is spread over the regions; columns sum to one.
    seen : (P, G) where a set saw each group; a group it never saw follows its region.
    """
    local = outer[nested.region] * nested.part[:, None]
    largest = np.zeros(len(nested.part), bool)
    for region in range(len(outer)):
        there = np.flatnonzero(nested.region == region)
        largest[there[np.argmax(nested.part[there])]] = True
    kept = (local * groups.shares * MEMBERS >= LEAST) | largest[:, None]
    kept &= groups.shares > 0  # an empty slot is nowhere until a group splits into it
    local = np.where(kept, local, 0.0)
    whole = nested.total(local)
    local = local * (outer / np.where(whole > 0, whole, 1.0))[nested.region]
    if seen is None:
        return local
    people = nested.part * outer.mean(axis=1)[nested.region]
    listed = np.where(seen, people[:, None], 0.0)
    total = listed.sum(axis=0)
    return np.where(total > 0, listed / np.where(total > 0, total, 1.0), local)


def read(path: str | Path, places: Iterable[str], groups: Network) -> pd.DataFrame:
    """Read and check a set of presence: a CSV with the columns place, node, period.

    `place` is a municipal code, `node` the id of a group in the table ``group``, `period` a year or
    two years joined by a dash (``2014-2018``).

    Raises
    ------
    SourceError
        Saying the row, what is wrong and how to mend it.
    """
    import pandas as pd

    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise SourceError(
            f"The set of presence cannot be read: {error}.",
            where=str(path),
            fix=f"Give a CSV in UTF-8 with the columns {', '.join(COLUMNS)}.",
        ) from error
    lacking = [name for name in COLUMNS if name not in rows]
    if lacking or rows.empty:
        raise SourceError(
            f"The set of presence lacks {', '.join(lacking) or 'rows'}.",
            where=str(path),
            fix=f"Name the columns {', '.join(COLUMNS)}, one row a place, group and period.",
        )
    known = set(places)
    for line, row in enumerate(rows[list(COLUMNS)].itertuples(index=False), start=2):
        _check(row, f"{path}, line {line}", known, groups)
    return rows[list(COLUMNS)].drop_duplicates()


def _check(row: tuple[str, str, str], where: str, places: set[str], groups: Network) -> None:
    place, node, period = row
    if place not in places:
        raise SourceError(
            f"'{place}' is not the code of a municipality.",
            where=where,
            fix="Keep codes as text of five characters, as in the table `municipality`: as numbers "
            "they lose their zero.",
        )
    if node not in groups.ids:
        found = unknown("group", node, groups.ids, where=where)
        raise SourceError(found.what, where=where, fix=f"{found.fix} See the table `group`.")
    years = re.fullmatch(r"((?:19|20)\d\d)(?:-((?:19|20)\d\d))?", period)
    if years is None or (years[2] or years[1]) < years[1]:
        raise SourceError(
            f"'{period}' is not a period.", where=where, fix="Write 2016, or 2014-2018."
        )


def seen(rows: pd.DataFrame, places: Iterable[str], groups: Network, start: str) -> np.ndarray:
    """Lay a set on places and groups, (P, G): the period that holds `start`, else any."""
    first = rows["period"].str.slice(0, 4).astype(int)
    last = rows["period"].str.slice(-4).astype(int)
    year = int(start[:4])
    now = rows[(first <= year) & (year <= last)]
    row = {code: i for i, code in enumerate(places)}
    column = {node: i for i, node in enumerate(groups.ids)}
    found = np.zeros((len(row), len(column)), bool)
    current = set(now["node"])
    used = rows[~rows["node"].isin(current)]
    for part in (now, used):
        at = part["place"].map(row).to_numpy(int), part["node"].map(column).to_numpy(int)
        found[at] = True
    return found
