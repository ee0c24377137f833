"""The built-in setting of the model: 32 states, 150 groups, and what drives them.

Everything comes from the reference tables; see their catalogue for sources and gaps.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import jax.numpy as jnp
import numpy as np

from hidra.core.errors import unknown
from hidra.core.weeks import Weeks
from hidra.data import panel, reference
from hidra.model import presence
from hidra.model.drivers import (
    AMOUNTS,
    FROM_THE_FUTURE,
    between_places,
    build,
    gaps,
    inherited,
    is_weekly,
    with_masks,
)
from hidra.model.equation import Model
from hidra.model.mechanism import Mechanism
from hidra.model.near import municipal_nearness
from hidra.model.nested import Nested
from hidra.model.network import Network, network
from hidra.model.series import population, states
from hidra.model.simulate import Drivers

UNREPORTED = 0.2  # assumed
SPARE = 16  # empty slots for groups that split off in the future
Level = Literal["state", "municipality"]

__all__ = [
    "SPARE",
    "drivers",
    "model",
    "municipalities",
    "population",
    "records",
    "spread",
    "states",
]


def model(
    mechanisms: tuple[Mechanism, ...],
    start: str,
    dtype: type = jnp.float32,
    level: Level = "state",
    presence_file: str | Path | None = None,
) -> Model:
    """Compose the model on the 32 states or on all municipalities.

    Parameters
    ----------
    start : first month, ``YYYY-MM``; population shares are those of its year.
    level : municipalities inherit drivers from their state.
    presence_file : a user's set of municipal presence, see ``presence.read``.
    """
    ties = network(reference.table("group"), reference.table("group_relation"))
    people = population(Weeks(start, start))[0]
    share = people / people.sum()
    groups = ties.with_spare(SPARE)
    outer = spread(groups, share, start)
    if level == "state":
        return Model(groups, share, outer, mechanisms, dtype)
    if level != "municipality":
        raise unknown("level", level, ("state", "municipality"), where="model")
    everywhere, seen = municipalities(start, mechanisms), None
    if presence_file is not None:
        rows = presence.read(presence_file, everywhere.codes, groups)
        seen = presence.seen(rows, everywhere.codes, groups, start)
    nested, local = everywhere, presence.within(groups, outer, everywhere, seen)
    if not any(between_places(m) for m in mechanisms):  # else members may arrive in any of them
        nested, local = everywhere.occupied(local)
    return Model(groups, share[nested.region] * nested.part, local, mechanisms, dtype, nested)


def municipalities(start: str, mechanisms: tuple[Mechanism, ...]) -> Nested:
    """How the municipalities lie in their states, with residents as of the year of `start`."""
    table = reference.table("municipality")
    years = [int(name[1:]) for name in map(str, table) if name[1:].isdecimal()]
    known = table[[f"p{year}" for year in years]].to_numpy(float)
    at = int(start[:4]) + 0.5
    people = np.array([np.interp(at, np.add(years, 0.5), row) for row in known])
    region = table["place"].str[:2].map({c: i for i, c in enumerate(states())}).to_numpy(int)
    whole = np.bincount(region, people)
    codes = tuple(table["place"])
    return Nested(codes, region, people / whole[region], inherited(mechanisms), AMOUNTS)


def spread(groups: Network, share: np.ndarray, start: str) -> np.ndarray:
    """How each group is spread over the states at the start, (P, G); columns sum to one.

    In proportion to population, and denser in the states where the press reported the group in the
    period that holds `start` (or any period when in none). No report is not absence: elsewhere a
    group keeps the density ``UNREPORTED``, relative to where it was reported.
    """
    found = reference.table("group_presence_state")
    found = found[found["reports"] > 0]
    first, last = (found["period"].str.slice(*s).astype(int) for s in ((0, 4), (5, 9)))
    now = found[(first <= int(start[:4])) & (int(start[:4]) <= last)]
    row = {code: i for i, code in enumerate(states())}
    density = np.full((len(share), len(groups.ids)), UNREPORTED)
    for column, node in enumerate(groups.ids):
        seen = (
            now[now["node"] == node]
            if (now["node"] == node).any()
            else found[found["node"] == node]
        )
        density[[row[code] for code in seen["place"]], column] = 1.0
    weights = density * share[:, None]
    return weights / weights.sum(axis=0)


def drivers(
    groups: Network,
    weeks: Weeks,
    splits_from: str | None = None,
    mechanisms: tuple[Mechanism, ...] = (),
    nested: Nested | None = None,
) -> Drivers:
    """Drivers of the mechanisms; ``hidra.model.drivers`` says what there is and what users bring.

    They are of the states. Only how near places are is of the places of `nested`, where given.

    From the month `splits_from` on groups may split and operations are drawn; never when None.
    Where a driver is unknown, ``known.NAME`` switches the mechanisms that need it off.
    """
    found = build(mechanisms, weeks, groups)
    for name in FROM_THE_FUTURE:
        if name in found and splits_from is not None:
            found[name][weeks.from_month(splits_from) :] = 1.0
    masked = with_masks(mechanisms, found)
    count = len(weeks.first_days)
    weekly = {n: a for n, a in masked.items() if n not in found or is_weekly(n)}
    weekly = {n: a for n, a in weekly.items() if n in found or len(a) == count}
    fixed: dict[str, Any] = {n: a for n, a in masked.items() if n not in weekly}
    if nested is not None and "nearness" in fixed:
        fixed["nearness"] = municipal_nearness(nested.codes)
    return Drivers(weekly=weekly, fixed=fixed, gaps=gaps(mechanisms, found))


def records(measure: str, weeks: Weeks) -> np.ndarray:
    """What a source recorded, (M, P); NaN where unknown."""
    months = [str(m)[:7] for m in weeks.months]
    rows = panel.rows(measure, start=months[0], end=months[-1], level="state")
    wide = rows[rows["period"] == "month"].pivot(index="month", columns="place", values="value")
    return wide.reindex(index=months, columns=list(states())).to_numpy(dtype=float)
