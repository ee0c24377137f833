"""The built-in setting of the model: 32 states, 150 groups, and what drives them.

Everything comes from the reference tables; see their catalogue for sources and gaps.
"""

from __future__ import annotations

from functools import cache

import jax.numpy as jnp
import numpy as np
import pandas as pd

from hidra import place
from hidra.data import reference
from hidra.mechanism.base import Mechanism
from hidra.model import Model
from hidra.network import Network, network
from hidra.simulate import Drivers
from hidra.weeks import Weeks

SPARE = 16  # empty slots for groups that split off in the future
KILLED = ("killed",)


def states() -> tuple[str, ...]:
    """Codes of the 32 states, in the order of every place axis."""
    return tuple(p.code for p in place.states())


def model(mechanisms: tuple[Mechanism, ...], start: str, dtype: type = jnp.float32) -> Model:
    """Compose the model on the 32 states.

    Parameters
    ----------
    start : first month, ``YYYY-MM``; population shares are those of its year.
    """
    ties = network(reference.table("group"), reference.table("group_relation"))
    people = population(Weeks(start, start))[0]
    share = people / people.sum()
    groups = ties.with_spare(SPARE)
    return Model(groups, share, spread(groups, share, start), mechanisms, dtype)


def spread(groups: Network, share: np.ndarray, start: str) -> np.ndarray:
    """How each group is spread over the states at the start, (P, G); columns sum to one.

    In proportion to population, over the states where the press reported the group in the period
    that holds `start` (or any period when in none); over all states for groups never matched.
    """
    found = reference.table("group_presence_state")
    found = found[found["reports"] > 0]
    first, last = (found["period"].str.slice(*s).astype(int) for s in ((0, 4), (5, 9)))
    now = found[(first <= int(start[:4])) & (int(start[:4]) <= last)]
    row = {code: i for i, code in enumerate(states())}
    weights = np.zeros((len(share), len(groups.ids)))
    for column, node in enumerate(groups.ids):
        seen = (
            now[now["node"] == node]
            if (now["node"] == node).any()
            else found[found["node"] == node]
        )
        where = [row[code] for code in seen["place"]] or list(row.values())
        weights[where, column] = share[where]
    return weights / weights.sum(axis=0)


def population(weeks: Weeks, column: str = "population") -> np.ndarray:
    """People in each month and state, (M, P): mid-year figures joined by straight lines.

    After the last year with a figure the last value is held.
    """
    table = reference.table("population_state_year").dropna(subset=[column])
    wide = table.pivot(index="year", columns="place", values=column)[list(states())]
    at = _years(weeks.months)
    return np.stack([np.interp(at, wide.index + 0.5, wide[c]) for c in wide], axis=1)


def drivers(groups: Network, weeks: Weeks, splits_from: str | None = None) -> Drivers:
    """Drivers of the mechanisms by week: removals by group, precarity and young men by state.

    Groups may split from the month `splits_from` on; never when it is None.
    """
    may_split = np.zeros(len(weeks.first_days))
    if splits_from is not None:
        may_split[weeks.from_month(splits_from) :] = 1.0
    captured, killed = _removals(groups, weeks)
    first = weeks.first_days
    monthly = np.searchsorted(weeks.months, first, side="right") - 1
    return Drivers(
        weekly={
            "captured": captured,
            "killed": killed,
            "may_split": may_split,
            "precarity": _precarity(weeks)[monthly],
            # men are taken as half of the people aged 15-29: no state series by sex is built in
            "young_men": population(weeks, "population_15_29")[monthly] / 2,
        }
    )


def records(measure: str, weeks: Weeks) -> np.ndarray:
    """What a source recorded, (M, P); NaN where unknown."""
    rows = _panel()
    rows = rows[rows["measure"] == measure]
    wide = rows.pivot(index="month", columns="place", values="value")
    months = [str(m)[:7] for m in weeks.months]
    return wide.reindex(index=months, columns=list(states())).to_numpy(dtype=float)


@cache
def _panel() -> pd.DataFrame:
    return reference.panel()


def _removals(groups: Network, weeks: Weeks) -> tuple[np.ndarray, np.ndarray]:
    """Rank of the leaders captured and killed, by week and group, each (W, G)."""
    events = reference.table("leadership_removals")
    events = events[events["removal"].astype(bool) & events["network_node"].notna()]
    column = {node: i for i, node in enumerate(groups.ids)}
    captured = np.zeros((len(weeks.first_days), len(groups.ids)))
    killed = np.zeros_like(captured)
    for date, kind, node, rank in events[["date", "event", "network_node", "rank"]].to_numpy():
        week = weeks.week_of(str(date))
        if week is not None:
            (killed if kind in KILLED else captured)[week, column[node]] += rank
    return captured, killed


def _precarity(weeks: Weeks) -> np.ndarray:
    table = reference.table("marginalisation_state")
    wide = table.pivot(index="year", columns="place", values="precarity")[list(states())]
    at = _years(weeks.months)
    return np.stack([np.interp(at, wide.index + 0.2, wide[c]) for c in wide], axis=1)


def _years(months: np.ndarray) -> np.ndarray:
    """Months as decimal years, at their middle."""
    since = (months.astype("datetime64[M]") - np.datetime64("1970-01", "M")).astype(int)
    return np.asarray(1970 + (since + 0.5) / 12)
