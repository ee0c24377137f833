"""What moves the mechanisms from outside: open series, levers of scenarios, and users' own series.

An open series comes from the reference tables. A lever stands at rest until a scenario or a user
moves it. A series nobody publishes openly must be brought by the user. Unknown is NaN: there the
mechanisms that need it are off, and ``unknown`` lists where.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hidra.core.errors import SourceError, SpecError
from hidra.core.errors import unknown as no_such
from hidra.core.i18n import _
from hidra.core.weeks import Weeks
from hidra.model import series
from hidra.model.mechanism import KNOWN, Mechanism
from hidra.model.series import ALL_KNOWN, NOTHING_BROUGHT, Brought, Known

if TYPE_CHECKING:
    import pandas as pd

    from hidra.model.space import Network

Axis = Literal["place", "group", "place, group", "place, sector", "place, place", "all"]
Table = Callable[[Weeks, "Network", Known], np.ndarray]
Bounds = tuple[float, float]
FREE, POSITIVE, SHARE = (-math.inf, math.inf), (0.0, math.inf), (0.0, 1.0)


@dataclass(frozen=True)
class Driver:
    """A declared driver.

    Attributes
    ----------
    axes : after the week, where it changes by week. weekly : whether it does.
    table : builds it from open series. rest : value of a lever that nobody moves. With neither,
        the user must bring it. once : falls on the first week of its month.
    bounds : lowest and highest value it may take. switch : it is only on or off, 1 or 0.
    amount : parts of a place have their share of it, by residents. local : of the place itself,
        which parts do not take from their region.
    """

    unit: str
    axes: Axis
    doc: str
    source: str
    table: Table | None = None
    weekly: bool = True
    rest: float | None = None
    once: bool = False
    bounds: Bounds = POSITIVE
    switch: bool = False
    amount: bool = False
    local: bool = False

    @property
    def national(self) -> bool:
        """Whether it is of the whole country."""
        return not self.axes.startswith("place")


OWN = Driver("as you bring it", "place", "a driver of your own", "your file", bounds=FREE)


LEVER = "lever of scenarios"  # source of those that stand at rest until somebody moves them
DRIVERS: dict[str, Driver] = {
    "captured": Driver("rank", "group", "leaders captured", "leadership_removals", series.captured),
    "killed": Driver("rank", "group", "leaders killed", "leadership_removals", series.killed),
    "captured_here": Driver(
        "rank", "place", "leaders captured in the place", "leadership_removals",
        series.captured_here, local=True,
    ),
    "killed_here": Driver(
        "rank", "place", "leaders killed in the place", "leadership_removals",
        series.killed_here, local=True,
    ),
    "seat": Driver(
        "share", "place", "part of a state that a place of removal is", "leadership_removals",
        series.seat, weekly=False, bounds=SHARE, local=True,
    ),
    "may_split": Driver(
        "0 or 1", "all", "whether groups may split this week", LEVER, rest=0.0, bounds=SHARE,
        switch=True,
    ),
    "precarity": Driver(
        "standard deviations", "place", "marginalisation turned round", "marginalisation_state",
        series.precarity, bounds=FREE,
    ),
    "young_men": Driver(
        "persons", "place", "men aged 15-29, half of the people of that age",
        "population_state_year", series.young_men, amount=True,
    ),
    "population": Driver(
        "persons", "place", "residents", "population_state_year", series.people, amount=True,
    ),
    "nearness": Driver(
        "share", "place, place", "how near other states are, rows sum to one", "place",
        series.nearness, weekly=False, bounds=SHARE,
    ),
    "border": Driver(
        "share", "place", "nearness to a US border crossing", "border_distance", series.border,
        weekly=False, bounds=SHARE,
    ),
    "ban_in_force": Driver(
        "0 to 1", "place", "US assault weapons ban in force at the nearest crossing",
        "border_distance", series.ban_in_force, bounds=SHARE,
    ),
    "rents": Driver(
        "drug rent of the nation in 2012 = 1", "place, sector",
        "what each sector yields in each state, one unit for drugs",
        "economy_state_year, pipeline_state, crime_state_mean", series.rents, amount=True,
    ),
    "mining_price": Driver(
        "ratio to 2012", "place", "implicit price of non-oil mining", "economy_state_year",
        series.mining_price,
    ),
    "mining_share": Driver(
        "share of state GDP", "place", "non-oil mining in the economy of the state",
        "economy_state_year", series.mining_share, bounds=SHARE,
    ),
    "overdose": Driver(
        "ratio to 2012", "all", "US drug overdose deaths, a weak mark of demand",
        "us_overdose_year", series.overdose,
    ),
    "deployment": Driver(
        "forces per 1,000 residents", "place", "federal forces, the count of July 2019",
        "federal_forces_state", series.deployment, weekly=False,
    ),
    "remittances": Driver(
        "ratio to 2012", "place", "family remittances in current dollars", "remittance_state_year",
        series.remittances,
    ),
    "community": Driver(
        "share of residents", "place", "residents of municipalities with community defence",
        "community_defence_state", series.community, bounds=SHARE,
    ),
    "may_operate": Driver(
        "0 or 1", "all", "whether operations are drawn this week", LEVER, rest=0.0, bounds=SHARE,
        switch=True,
    ),
    "us_pressure": Driver(
        "standard deviations", "all", "pressure of the United States", LEVER, rest=0.0, bounds=FREE,
    ),
    "arms_supply": Driver(
        "ratio", "all", "arms sold in the United States that move south", LEVER, rest=1.0,
    ),
    "arms_seizure": Driver("1/week", "place", "share of the stock of arms seized", LEVER, rest=0.0),
    "drug_supply": Driver(
        "ratio", "all", "wholesale supply that reaches the groups", LEVER, rest=1.0,
    ),
    "legal_share": Driver(
        "share", "all", "share of the drug market taken over by a legal one", LEVER, rest=0.0,
        bounds=SHARE,
    ),
    "laundering": Driver(
        "ratio", "all", "share of income that becomes usable money", LEVER, rest=1.0,
    ),
    "crackdown": Driver(
        "log cost", "place", "enforcement against the drug trade", LEVER, rest=0.0, bounds=FREE,
    ),
    "follows_rule": Driver(
        "0 or 1", "all", "whether deployment follows violence by rule", LEVER, rest=0.0,
        bounds=SHARE, switch=True,
    ),
    "deported": Driver(
        "persons a month", "place", "people deported from the United States who arrive", LEVER,
        rest=0.0, amount=True,
    ),
    "search": Driver("ratio", "place", "capacity to search for the missing", LEVER, rest=1.0),
    "protected": Driver(
        "0 to 1", "place, group", "protection of a group by the authorities of a place",
        "no open series: court findings are single cases", weekly=False, bounds=SHARE,
    ),
    "alternation": Driver(
        "0 or 1", "place", "month in which another party takes the government of the state",
        "no open state series is built in", once=True, bounds=SHARE, switch=True,
    ),
}  # fmt: skip
FROM_THE_FUTURE = ("may_split", "may_operate")  # at rest in the past, one where simulation begins
REMOVED = ("captured", "killed")


AMOUNTS = frozenset(name for name, driver in DRIVERS.items() if driver.amount)
LOCAL = frozenset(name for name, driver in DRIVERS.items() if driver.local)


def by_place(mechanisms: tuple[Mechanism, ...]) -> frozenset[str]:
    """Return the drivers that parts of a place take as they are, masks included."""
    read = {name for m in mechanisms for name in m.drivers}
    found = {n for n in read if not DRIVERS.get(n, OWN).national} - AMOUNTS - LOCAL
    found -= {name for m in mechanisms for name in between_places(m)}
    return frozenset(found | {KNOWN + m.name for m in mechanisms})


def between_places(m: Mechanism) -> tuple[str, ...]:
    """Return the drivers of a mechanism that join pairs of places, (P, P)."""
    return tuple(n for n in m.drivers if n in DRIVERS and DRIVERS[n].axes == "place, place")


def wanted(
    mechanisms: tuple[Mechanism, ...], brought: Brought = NOTHING_BROUGHT
) -> tuple[str, ...]:
    """Return the drivers these mechanisms need, or say that one does not exist."""
    for m in mechanisms:
        for name in m.drivers:
            if name not in DRIVERS and name not in brought.names:
                raise no_such("driver", name, DRIVERS, where=f"mechanism '{m.name}'")
    return tuple(sorted({name for m in mechanisms for name in m.drivers}))


def tables(mechanisms: tuple[Mechanism, ...]) -> set[str]:
    """Return the reference tables these mechanisms are driven by."""
    open_ = (DRIVERS[name] for m in mechanisms for name in m.drivers if name in DRIVERS)
    return {table for driver in open_ if driver.table for table in driver.source.split(", ")}


def build(
    mechanisms: tuple[Mechanism, ...],
    weeks: Weeks,
    groups: Network,
    brought: Brought = NOTHING_BROUGHT,
    known: Known = ALL_KNOWN,
) -> dict[str, np.ndarray]:
    """Return every driver these mechanisms need; NaN where unknown.

    Weekly ones (and levers) are (W, ...), others (...).

    Raises
    ------
    SpecError
        When a driver has no open series and nobody brought it.
    """
    found, names = {}, brought.names
    for name in wanted(mechanisms, brought):
        driver = DRIVERS.get(name, OWN)
        if name in names:
            found[name] = _brought(driver, brought.frame(name), weeks, groups)
        elif driver.table is not None:
            found[name] = driver.table(weeks, groups, known)
        elif driver.rest is not None:
            found[name] = _resting(driver.axes, driver.rest, weeks)
        else:
            raise _must_be_brought(name, mechanisms)
    return found


def _brought(driver: Driver, rows: pd.DataFrame, weeks: Weeks, groups: Network) -> np.ndarray:
    """Lay what the user brought on the axes of the driver; a driver of one's own is by place."""
    if driver.axes == "place, group":
        return series.by_group(rows, groups)
    found = series.by_week(rows, weeks, driver.rest)
    if driver.once:
        found = found * series.first_week(weeks)[:, None]
    return found[:, 0] if driver.axes == "all" else found


def _resting(axes: Axis, rest: float, weeks: Weeks) -> np.ndarray:
    shape = {"all": (), "place": (len(series.states()),)}[axes]
    return np.full((len(weeks.first_days), *shape), rest)


def _must_be_brought(name: str, mechanisms: tuple[Mechanism, ...]) -> SpecError:
    needing = ", ".join(m.name for m in mechanisms if name in m.drivers)
    driver = DRIVERS[name]
    return SpecError(
        _(
            "The driver '{name}' ({doc}) has no open series; {needing} needs it.",
            name=name,
            doc=driver.doc,
            needing=needing,
        ),
        where=_("drivers of the study"),
        fix=_(
            "Bring it in a CSV with the columns driver, place, month, value (and "
            "node, where it is by group), named in `driver_files` of the study; or "
            "leave the mechanism out."
        ),
    )


def with_masks(
    found: Mapping[str, np.ndarray], gaps: Mapping[str, Mapping[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """Replace NaN by zero, and add `known.NAME` for mechanisms with an unknown driver somewhere."""
    masks = {
        KNOWN + name: np.prod(np.broadcast_arrays(*known.values()), axis=0).astype(float)
        for name, known in gaps.items()
    }
    return {name: np.nan_to_num(array) for name, array in found.items()} | masks


def gaps(
    mechanisms: tuple[Mechanism, ...],
    found: Mapping[str, np.ndarray],
    brought: Brought = NOTHING_BROUGHT,
) -> dict[str, dict[str, np.ndarray]]:
    """Return where drivers with gaps are known, mechanism -> driver -> (P,) or (W, P)."""
    missing = {
        m.name: {
            n: known_places(found[n], is_weekly(n, brought))
            for n in m.drivers
            if np.isnan(found[n]).any()
        }
        for m in mechanisms
    }
    return {name: known for name, known in missing.items() if known}


def known_places(array: np.ndarray, weekly: bool) -> np.ndarray:
    """Return where a driver is known, (P,) or (W, P)."""
    known = ~np.isnan(array)
    first = 1 + int(weekly)
    return known.all(axis=tuple(range(first, known.ndim))) if known.ndim > first else known


def outside(name: str, value: float, bounds: Bounds | None = None) -> tuple[str, str] | None:
    """Return why a driver (or what has these bounds) cannot have a value, and the cure, if so."""
    driver = DRIVERS.get(name, OWN)
    low, high = bounds or driver.bounds
    if low <= value <= high and math.isfinite(value) and (not driver.switch or value in (0, 1)):
        return None
    told = {"name": name, "value": value, "low": low, "high": high}
    why = (
        _("'{name}' is only on or off, 1 or 0; {value:g} is neither.", **told)
        if driver.switch
        else _("'{name}' lies between {low:g} and {high:g}; {value:g} does not.", **told)
    )
    return why, _("Give a value within these bounds.")


def refuse_outside(brought: Brought) -> None:
    """Refuse values that a driver cannot have, as a scenario that sets it does.

    Raises
    ------
    SourceError
        With the driver, place and month, and the bounds.
    """
    for name, at, month, value, _node in brought.rows:
        if wrong := outside(name, value):
            where = _("drivers: {name}, place {place}, {month}", name=name, place=at, month=month)
            raise SourceError(wrong[0], where=where, fix=wrong[1])


def is_weekly(name: str, brought: Brought = NOTHING_BROUGHT) -> bool:
    """Whether a driver changes by week; what users bring does."""
    driver = DRIVERS.get(name, OWN)
    return driver.weekly or (name in brought.names and driver.axes != "place, group")
