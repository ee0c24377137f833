"""Open series as arrays by week and state: what the drivers are read from."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core import place
from hidra.core.errors import SourceError
from hidra.core.weeks import Weeks
from hidra.data import panel, reference
from hidra.model.network import Network
from hidra.model.sectors import SECTORS

if TYPE_CHECKING:
    import pandas as pd

KILLED = ("killed",)
BAN_ENDED = np.datetime64("2004-09-13")  # US federal assault weapons ban, in force from 1994
REACH_KM = 400.0  # distance over which nearness to the border falls to 37 %
BROUGHT = "HIDRA_DRIVERS"  # files of own drivers; in the environment so that workers see it too


def states() -> tuple[str, ...]:
    """Codes of the 32 states, in the order of every place axis."""
    return tuple(p.code for p in place.states())


def years(months: np.ndarray) -> np.ndarray:
    """Months as decimal years, at their middle."""
    since = (months.astype("datetime64[M]") - np.datetime64("1970-01", "M")).astype(int)
    return np.asarray(1970 + (since + 0.5) / 12)


def population(weeks: Weeks, column: str = "population") -> np.ndarray:
    """People in each month and state, (M, P): mid-year figures joined by straight lines.

    After the last year with a figure the last value is held.
    """
    return _joined(_measured(column), weeks.months, 0.5)


def people(weeks: Weeks, _: Network) -> np.ndarray:
    """Residents, (W, P)."""
    return population(weeks)[_monthly(weeks)]


def young_men(weeks: Weeks, _: Network) -> np.ndarray:
    """Men aged 15-29, (W, P): half of the people of that age, for want of a state series by sex."""
    return population(weeks, "population_15_29")[_monthly(weeks)] / 2


def precarity(weeks: Weeks, _: Network) -> np.ndarray:
    """Marginalisation as a z-score, up is worse, (W, P)."""
    return _joined(_measured("precarity"), weeks.months, 0.2)[_monthly(weeks)]


def _measured(measure: str) -> pd.DataFrame:
    """Return a yearly measure of the panel by year and state; only what was known, if that is set.

    A forecast's origin leaves out later cuts and years not published by then, projections too.
    """
    origin = reference.known()
    rows = panel.rows(measure, level="state", as_of=origin)
    rows = rows[rows["value"].notna() & (rows["period"] == "year")]
    rows = rows.assign(year=rows["month"].str[:4].astype(int))
    if origin is not None:
        rows = rows[rows["year"] <= int(origin[:4]) - reference.PUBLISHED_AFTER]
    wide = rows.pivot(index="year", columns="place", values="value")
    return wide.reindex(columns=list(states()))


def captured(weeks: Weeks, groups: Network) -> np.ndarray:
    """Rank of the leaders captured, (W, G)."""
    return removals(groups, weeks)[0]


def killed(weeks: Weeks, groups: Network) -> np.ndarray:
    """Rank of the leaders killed, (W, G)."""
    return removals(groups, weeks)[1]


def removals(groups: Network, weeks: Weeks) -> tuple[np.ndarray, np.ndarray]:
    """Rank of the leaders captured and killed, by week and group, each (W, G)."""
    events = reference.table("leadership_removals")
    events = events[events["removal"].astype(bool) & events["network_node"].notna()]
    column = {node: i for i, node in enumerate(groups.ids)}
    found = np.zeros((2, len(weeks.first_days), len(groups.ids)))
    for date, kind, node, rank in events[["date", "event", "network_node", "rank"]].to_numpy():
        week = weeks.week_of(str(date))
        if week is not None and node in column:
            found[int(kind in KILLED), week, column[node]] += rank
    return found[0], found[1]


def distances() -> np.ndarray:
    """Great-circle distance between the centroids of states, km, (P, P)."""
    at = np.radians(np.array([[p.lat, p.lon] for p in place.states()], dtype=float))
    lat, lon = at[:, :1], at[:, 1:]
    half = np.sin((lat - lat.T) / 2) ** 2
    half = half + np.cos(lat) * np.cos(lat.T) * np.sin((lon - lon.T) / 2) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(half)))


def nearness(_: Weeks, __: Network) -> np.ndarray:
    """One over distance to other states, rows sum to one, (P, P)."""
    apart = distances()
    near = np.where(apart > 0, 1.0 / np.maximum(apart, 1.0), 0.0)
    return np.asarray(near / near.sum(axis=1, keepdims=True))


def border(_: Weeks, __: Network) -> np.ndarray:
    """Nearness to a US border crossing, exp(-distance / reach), (P,)."""
    return np.exp(-_by_place("border_distance", "km") / REACH_KM)


def ban_in_force(weeks: Weeks, _: Network) -> np.ndarray:
    """1 while the US ban held and the nearest crossing faces a state without its own, (W, P)."""
    facing = _by_place("border_distance", "own_ban")
    held = weeks.first_days < BAN_ENDED
    return held[:, None] * (1.0 - facing)[None, :]


def _by_place(table: str, column: str) -> np.ndarray:
    rows = reference.table(table).set_index("place")[column].reindex(list(states()))
    return rows.to_numpy(dtype=float)


def _by_year(table: str, column: str, weeks: Weeks) -> np.ndarray:
    """A yearly column by week and state, (W, P); first and last year are held."""
    wide = reference.table(table).pivot(index="year", columns="place", values=column)
    return _joined(wide.reindex(columns=list(states())), weeks.months, 0.5)[_monthly(weeks)]


def rents(weeks: Weeks, groups: Network) -> np.ndarray:
    """What each sector yields in each state, (W, P, K); the drug rent of the nation is one."""
    found = [sector.weight * _shares(sector.series, weeks, groups) for sector in SECTORS]
    return np.stack(found, axis=-1)


def _shares(name: str, weeks: Weeks, groups: Network) -> np.ndarray:
    """Share of each state in the nation of 2012, times what the nation has become since.

    Where a table gives nothing yet (see `reference.known_until`), the sector lies as people do.
    """
    people_ = people(weeks, groups)
    by_people = people_ / people_.sum(1, keepdims=True)
    if name == "trade":  # nearness to the border and people, half each: no open series of routes
        near = border(weeks, groups) * people_
        return np.asarray(0.5 * by_people + 0.5 * near / near.sum(1, keepdims=True))
    table, column = name.split(".")
    base = Weeks("2012-07", "2012-07")
    rows = reference.table(table)
    if rows.empty:
        return np.asarray(by_people)
    if "year" in rows:
        now, then = _by_year(table, column, weeks), _by_year(table, column, base)[:1]
    else:
        now = then = _by_place(table, column)[None, :] * np.ones((len(weeks.first_days), 1))
        then = then[:1]
    return np.asarray(now / then.sum(axis=1, keepdims=True))


def mining_price(weeks: Weeks, _: Network) -> np.ndarray:
    """Current over constant value of non-oil mining, against GDP and against 2012, (W, P)."""
    return _by_year("economy_state_year", "mining_price", weeks)


def mining_share(weeks: Weeks, _: Network) -> np.ndarray:
    """Non-oil mining in the GDP of the state, (W, P)."""
    mining = _by_year("economy_state_year", "mining", weeks)
    return mining / _by_year("economy_state_year", "gdp", weeks)


def remittances(weeks: Weeks, _: Network) -> np.ndarray:
    """Remittances against 2012 (current US dollars), (W, P)."""
    base = _by_year("remittance_state_year", "million_usd", Weeks("2012-07", "2012-07"))[:1]
    return _by_year("remittance_state_year", "million_usd", weeks) / base


def overdose(weeks: Weeks, _: Network) -> np.ndarray:
    """US drug overdose deaths against 2012, (W,)."""
    table = reference.table("us_overdose_year")
    at = years(weeks.months)
    found = np.interp(at, table["year"] + 0.5, table["deaths"])
    base = float(table.loc[table["year"] == 2012, "deaths"].iloc[0])
    return np.asarray(found[_monthly(weeks)] / base)


def deployment(_: Weeks, __: Network) -> np.ndarray:
    """Federal forces per 1,000 residents in July 2019, (P,); unknown where not given."""
    forces = _by_place("federal_forces_state", "personnel")
    return np.asarray(1000.0 * forces / population(Weeks("2019-07", "2019-07"))[0])


def community(weeks: Weeks, _: Network) -> np.ndarray:
    """Residents of municipalities with community defence, share, (W, P); unknown elsewhere."""
    return _by_year("community_defence_state", "share", weeks)


def _joined(wide: pd.DataFrame, months: np.ndarray, part: float) -> np.ndarray:
    """Join yearly figures by straight lines; first and last are held, none at all is unknown."""
    at = years(months)

    def column(name: Any) -> np.ndarray:
        known = wide[name].dropna()
        return np.interp(at, known.index + part, known) if len(known) else np.full(len(at), np.nan)

    return np.stack([column(c) for c in wide], axis=1)


def _monthly(weeks: Weeks) -> np.ndarray:
    return np.searchsorted(weeks.months, weeks.first_days, side="right") - 1


def bring(files: tuple[str, ...] | list[str]) -> None:
    """Take drivers from these CSV files, in this process and in the workers it starts."""
    os.environ[BROUGHT] = os.pathsep.join(str(Path(file).absolute()) for file in files)


def brought() -> dict[str, pd.DataFrame]:
    """Return the rows of the user's own drivers, by name."""
    files = os.environ.get(BROUGHT, "")
    return _read(files) if files else {}


@cache
def _read(files: str) -> dict[str, pd.DataFrame]:
    import pandas as pd

    parts = []
    for file in files.split(os.pathsep):
        try:
            parts.append(pd.read_csv(file, dtype={"place": str, "month": str, "node": str}))
        except (OSError, ValueError) as error:
            raise SourceError(
                f"The file of drivers cannot be read: {error}.",
                where=file,
                fix="Give a CSV with the columns driver, place, month, value.",
            ) from error
        lacking = {"driver", "place", "month", "value"} - set(parts[-1])
        if lacking:
            raise SourceError(
                f"The file of drivers lacks the columns {', '.join(sorted(lacking))}.",
                where=file,
                fix="Name the columns driver, place, month, value; node for drivers by group.",
            )
    rows = pd.concat(parts)
    return {str(name): part for name, part in rows.groupby("driver")}


def by_week(rows: pd.DataFrame, weeks: Weeks, rest: float | None) -> np.ndarray:
    """Lay a user's rows on weeks and states, (W, P); what is not given is `rest`, else unknown.

    A value holds for the weeks that begin in its month; place ``00`` stands for every state.
    """
    month = [str(m)[:7] for m in weeks.months]
    wide = rows.pivot(index="month", columns="place", values="value").reindex(month)
    if "00" in wide:
        wide = wide.reindex(columns=[*states()]).apply(lambda c: c.fillna(wide["00"]))
    found = wide.reindex(columns=list(states())).to_numpy(dtype=float)[_monthly(weeks)]
    return found if rest is None else np.where(np.isnan(found), rest, found)


def first_week(weeks: Weeks) -> np.ndarray:
    """1 in the first week that begins in a month, (W,)."""
    month = _monthly(weeks)
    return np.append(1.0, (np.diff(month) > 0).astype(float))


def by_group(rows: pd.DataFrame, groups: Network) -> np.ndarray:
    """Lay a user's rows on states and groups, (P, G), whatever their month; zero elsewhere.

    Column `node` is the id of the group; place ``00`` stands for every state.
    """
    found = np.zeros((len(states()), len(groups.ids)))
    for code, node, value in rows[["place", "node", "value"]].itertuples(index=False):
        if node not in groups.ids or code not in (*states(), "00"):
            raise SourceError(
                f"There is no group '{node}' or no state '{code}'.",
                where="file of drivers",
                fix="Use the ids of the table `group` and codes 01-32, or 00 for every state.",
            )
        row = slice(None) if code == "00" else states().index(code)
        found[row, groups.ids.index(node)] = value
    return found
