"""What moves the mechanisms from outside: open series, levers of scenarios, and users' own series.

An open series comes from the reference tables. A lever stands at rest until a scenario or a user
moves it. A series nobody publishes openly must be brought by the user. Unknown is NaN: there the
mechanisms that need it are off, and ``unknown`` lists where.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hidra.core.errors import SpecError
from hidra.core.errors import unknown as no_such
from hidra.core.weeks import Weeks
from hidra.model import series
from hidra.model.mechanism import KNOWN, Mechanism
from hidra.model.network import Network

if TYPE_CHECKING:
    import pandas as pd

Axis = Literal["place", "group", "place, group", "place, sector", "place, place", "all"]
Table = Callable[[Weeks, Network], np.ndarray]


@dataclass(frozen=True)
class Driver:
    """A declared driver.

    Attributes
    ----------
    axes : after the week, where it changes by week. weekly : whether it does.
    table : builds it from open series. rest : value of a lever that nobody moves. With neither,
        the user must bring it. once : falls on the first week of its month.
    """

    unit: str
    axes: Axis
    doc: str
    source: str
    table: Table | None = None
    weekly: bool = True
    rest: float | None = None
    once: bool = False


def _open(
    axes: Axis, unit: str, doc: str, source: str, table: Table, weekly: bool = True
) -> Driver:
    return Driver(unit, axes, doc, source, table, weekly)


def _lever(rest: float, axes: Axis, unit: str, doc: str) -> Driver:
    return Driver(unit, axes, doc, "lever of scenarios", weekly=True, rest=rest)


def _own(axes: Axis, unit: str, doc: str, source: str, once: bool = False) -> Driver:
    return Driver(unit, axes, doc, source, weekly=axes == "place", once=once)


DRIVERS: dict[str, Driver] = {
    "captured": _open("group", "rank", "leaders captured", "leadership_removals", series.captured),
    "killed": _open("group", "rank", "leaders killed", "leadership_removals", series.killed),
    "may_split": _lever(0.0, "all", "0 or 1", "whether groups may split this week"),
    "precarity": _open(
        "place", "standard deviations", "marginalisation turned round", "marginalisation_state",
        series.precarity,
    ),
    "young_men": _open(
        "place", "persons", "men aged 15-29, half of the people of that age",
        "population_state_year", series.young_men,
    ),
    "population": _open(
        "place", "persons", "residents", "population_state_year", series.people,
    ),
    "nearness": _open(
        "place, place", "share", "how near other states are, rows sum to one", "place",
        series.nearness, weekly=False,
    ),
    "border": _open(
        "place", "share", "nearness to a US border crossing", "border_distance",
        series.border, weekly=False,
    ),
    "ban_in_force": _open(
        "place", "0 to 1", "US assault weapons ban in force at the nearest crossing",
        "border_distance", series.ban_in_force,
    ),
    "rents": _open(
        "place, sector", "drug rent of the nation in 2012 = 1",
        "what each sector yields in each state, one unit for drugs",
        "economy_state_year, pipeline_state, crime_state_mean", series.rents,
    ),
    "mining_price": _open(
        "place", "ratio to 2012", "implicit price of non-oil mining", "economy_state_year",
        series.mining_price,
    ),
    "mining_share": _open(
        "place", "share of state GDP", "non-oil mining in the economy of the state",
        "economy_state_year", series.mining_share,
    ),
    "overdose": _open(
        "all", "ratio to 2012", "US drug overdose deaths, a weak mark of demand",
        "us_overdose_year", series.overdose,
    ),
    "deployment": _open(
        "place", "forces per 1,000 residents", "federal forces, the count of July 2019",
        "federal_forces_state", series.deployment, weekly=False,
    ),
    "remittances": _open(
        "place", "ratio to 2012", "family remittances in current dollars",
        "remittance_state_year", series.remittances,
    ),
    "community": _open(
        "place", "share of residents", "residents of municipalities with community defence",
        "community_defence_state", series.community,
    ),
    "may_operate": _lever(0.0, "all", "0 or 1", "whether operations are drawn this week"),
    "us_pressure": _lever(0.0, "all", "standard deviations", "pressure of the United States"),
    "arms_supply": _lever(1.0, "all", "ratio", "arms sold in the United States that move south"),
    "arms_seizure": _lever(0.0, "place", "1/week", "share of the stock of arms seized"),
    "drug_supply": _lever(1.0, "all", "ratio", "wholesale supply that reaches the groups"),
    "legal_share": _lever(0.0, "all", "share", "share of the drug market taken over by a legal "
    "one"),
    "laundering": _lever(1.0, "all", "ratio", "share of income that becomes usable money"),
    "crackdown": _lever(0.0, "place", "log cost", "enforcement against the drug trade"),
    "follows_rule": _lever(0.0, "all", "0 or 1", "whether deployment follows violence by rule"),
    "search": _lever(1.0, "place", "ratio", "capacity to search for the missing"),
    "protected": _own(
        "place, group", "0 to 1", "protection of a group by the authorities of a place",
        "no open series: court findings are single cases",
    ),
    "alternation": _own(
        "place", "0 or 1", "month in which another party takes the government of the state",
        "no open state series is built in", once=True,
    ),
}  # fmt: skip


FROM_THE_FUTURE = ("may_split", "may_operate")  # at rest in the past, one where simulation begins


AMOUNTS = frozenset({"population", "young_men", "rents"})  # divided among smaller places


def inherited(mechanisms: tuple[Mechanism, ...]) -> frozenset[str]:
    """Return the drivers by place that smaller places take as they are, masks included."""
    by_place = {n for n in wanted(mechanisms) if n not in DRIVERS or "place" in DRIVERS[n].axes}
    by_place -= AMOUNTS | {name for m in mechanisms for name in between_places(m)}
    return frozenset(by_place | {KNOWN + m.name for m in mechanisms})


def between_places(m: Mechanism) -> tuple[str, ...]:
    """Return the drivers of a mechanism that join pairs of places, (P, P)."""
    return tuple(n for n in m.drivers if n in DRIVERS and DRIVERS[n].axes == "place, place")


def wanted(mechanisms: tuple[Mechanism, ...]) -> tuple[str, ...]:
    """Return the drivers these mechanisms need, or say that one does not exist."""
    for m in mechanisms:
        for name in m.drivers:
            if name not in DRIVERS and name not in series.brought():
                raise no_such("driver", name, DRIVERS, where=f"mechanism '{m.name}'")
    return tuple(sorted({name for m in mechanisms for name in m.drivers}))


def tables(mechanisms: tuple[Mechanism, ...]) -> set[str]:
    """Return the reference tables these mechanisms are driven by."""
    open_ = (DRIVERS[name] for name in wanted(mechanisms) if name in DRIVERS)
    return {table for driver in open_ if driver.table for table in driver.source.split(", ")}


def build(
    mechanisms: tuple[Mechanism, ...], weeks: Weeks, groups: Network
) -> dict[str, np.ndarray]:
    """Return every driver these mechanisms need; NaN where unknown.

    Weekly ones (and levers) are (W, ...), others (...).

    Raises
    ------
    SpecError
        When a driver has no open series and nobody brought it.
    """
    brought = series.brought()
    found = {}
    for name in wanted(mechanisms):
        driver = DRIVERS.get(name)
        if name in brought:
            found[name] = _brought(driver, brought[name], weeks, groups)
        elif driver is not None and driver.table is not None:
            found[name] = driver.table(weeks, groups)
        elif driver is not None and driver.rest is not None:
            found[name] = _resting(driver.axes, driver.rest, weeks)
        else:
            raise _must_be_brought(name, mechanisms)
    return found


def _brought(
    driver: Driver | None, rows: pd.DataFrame, weeks: Weeks, groups: Network
) -> np.ndarray:
    """Lay what the user brought on the axes of the driver; a driver of one's own is by place."""
    if driver is not None and driver.axes == "place, group":
        return series.by_group(rows, groups)
    found = series.by_week(rows, weeks, driver.rest if driver else None)
    if driver is not None and driver.once:
        found = found * series.first_week(weeks)[:, None]
    return found[:, 0] if driver is not None and driver.axes == "all" else found


def _resting(axes: Axis, rest: float, weeks: Weeks) -> np.ndarray:
    shape = {"all": (), "place": (len(series.states()),)}[axes]
    return np.full((len(weeks.first_days), *shape), rest)


def _must_be_brought(name: str, mechanisms: tuple[Mechanism, ...]) -> SpecError:
    needing = ", ".join(m.name for m in mechanisms if name in m.drivers)
    driver = DRIVERS[name]
    return SpecError(
        f"The driver '{name}' ({driver.doc}) has no open series; {needing} needs it.",
        where="drivers of the study",
        fix="Bring it in a CSV with the columns driver, place, month, value (and node, where it is "
        "by group), named in `driver_files` of the study; or leave the mechanism out.",
    )


def with_masks(
    mechanisms: tuple[Mechanism, ...], found: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Replace NaN by zero, and add `known.NAME` for mechanisms with an unknown driver somewhere."""
    masks = {
        KNOWN + name: np.prod(np.broadcast_arrays(*known.values()), axis=0).astype(float)
        for name, known in gaps(mechanisms, found).items()
    }
    return {name: np.nan_to_num(array) for name, array in found.items()} | masks


def gaps(
    mechanisms: tuple[Mechanism, ...], found: Mapping[str, np.ndarray]
) -> dict[str, dict[str, np.ndarray]]:
    """Return where drivers with gaps are known, mechanism -> driver -> (P,) or (W, P)."""
    missing = {
        m.name: {n: _known_places(n, found[n]) for n in m.drivers if np.isnan(found[n]).any()}
        for m in mechanisms
    }
    return {name: known for name, known in missing.items() if known}


def _known_places(name: str, array: np.ndarray) -> np.ndarray:
    """Return where a driver is known, (P,) or (W, P)."""
    known = ~np.isnan(array)
    first = 1 + int(is_weekly(name))
    return known.all(axis=tuple(range(first, known.ndim))) if known.ndim > first else known


def is_weekly(name: str) -> bool:
    """Whether a driver changes by week; what users bring does."""
    if name not in DRIVERS:
        return True
    driver = DRIVERS[name]
    return driver.weekly or (name in series.brought() and driver.axes != "place, group")


def unknown(
    mechanisms: tuple[Mechanism, ...], weeks: Weeks, groups: Network
) -> list[dict[str, str]]:
    """Return where mechanisms are off for want of a driver: mechanism, driver, place, share.

    `share` is the share of weeks without it.
    """
    rows = []
    found = build(mechanisms, weeks, groups)
    for m in sorted(mechanisms, key=lambda m: m.name):
        for name in m.drivers:
            if not np.isnan(found[name]).any():
                continue
            known = np.atleast_2d(_known_places(name, found[name]))
            for place, share in zip(series.states(), 1.0 - known.mean(axis=0), strict=True):
                if share > 0:
                    rows.append(
                        {
                            "mechanism": m.name,
                            "driver": name,
                            "place": place,
                            "share": f"{share:.2f}",
                        }
                    )
    return rows
