"""Open series as arrays by week and state: what the drivers are read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core import place
from hidra.core.errors import SourceError, SpecError
from hidra.core.i18n import _
from hidra.core.param import number
from hidra.core.weeks import Weeks
from hidra.core.weeks import month as checked_month
from hidra.data import panel, reference
from hidra.model.mechanisms.diversification import SECTORS

if TYPE_CHECKING:
    import pandas as pd

    from hidra.model.space import Network

KILLED = ("killed",)
BAN_ENDED = np.datetime64("2004-09-13")  # US federal assault weapons ban, in force from 1994
REACH_KM = 400.0  # distance over which nearness to the border falls to 37 %


@dataclass(frozen=True)
class Known:
    """The panel and the reference tables, whole or as they could be known at the end of a month.

    Attributes
    ----------
    until : month, ``YYYY-MM``; everything if None.
    panel : digest of the panel that is read; the panel as it is when it is read if None.
    """

    until: str | None = None
    panel: str | None = None

    @property
    def fingerprint(self) -> str:
        """What identifies the tables and the panel."""
        return f"{reference.digest()} {self.panel or panel.digest()} until {self.until}"

    def table(self, name: str) -> pd.DataFrame:
        """Return a built-in table, see ``hidra.data.reference.table``."""
        return reference.table(name, known_until=self.until)

    def rows(self, measure: str, start: str | None = None, end: str | None = None) -> pd.DataFrame:
        """Return a measure of the panel in the states, see ``hidra.data.panel.rows``."""
        then = self.panel if self.panel not in (None, panel.digest()) else None
        return panel.rows(measure, start=start, end=end, level="state", as_of=self.until or then)

    def measured(self, measure: str) -> pd.DataFrame:
        """Return a yearly measure by year and state.

        As known at a month, years not published by then are left out, projections too.
        """
        rows = self.rows(measure)
        rows = rows[rows["value"].notna() & (rows["period"] == "year")]
        rows = rows.assign(year=rows["month"].str[:4].astype(int))
        if self.until is not None:
            rows = rows[rows["year"] <= int(self.until[:4]) - reference.PUBLISHED_AFTER]
        wide = rows.pivot(index="year", columns="place", values="value")
        return wide.reindex(columns=list(states()))


ALL_KNOWN = Known()
MONTHS = [f"m{n:02d}" for n in range(1, 13)]
MEASURES = (  # of the panel: what is fitted, and what drives mechanisms
    "inegi_homicides", "sesnsp_homicide_victims", "population", "population_15_29", "precarity",
)  # fmt: skip


def brought() -> dict[str, str]:
    """Return the digest of each cut of these measures that the user brought: none, if none."""
    own = [cut for cut in panel.cuts(MEASURES) if cut["source"] not in reference.names()]
    return {f"{cut['source']} {cut['measure']} {cut['vintage']}": cut["digest"] for cut in own}


def states() -> tuple[str, ...]:
    """Codes of the 32 states, in the order of every place axis."""
    return tuple(p.code for p in place.states())


def years(months: np.ndarray) -> np.ndarray:
    """Months as decimal years, at their middle."""
    since = (months.astype("datetime64[M]") - np.datetime64("1970-01", "M")).astype(int)
    return np.asarray(1970 + (since + 0.5) / 12)


def population(weeks: Weeks, column: str = "population", known: Known = ALL_KNOWN) -> np.ndarray:
    """People in each month and state, (M, P): mid-year figures joined by straight lines.

    After the last year with a figure the last value is held.
    """
    return _joined(known.measured(column), weeks.months, 0.5)


def people(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """Residents, (W, P)."""
    return population(weeks, known=known)[_monthly(weeks)]


def young_men(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """Men aged 15-29, (W, P): half of the people of that age, for want of a state series by sex."""
    return population(weeks, "population_15_29", known)[_monthly(weeks)] / 2


def precarity(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """Marginalisation as a z-score, up is worse, (W, P)."""
    return _joined(known.measured("precarity"), weeks.months, 0.2)[_monthly(weeks)]


def captured(weeks: Weeks, groups: Network, known: Known) -> np.ndarray:
    """Rank of the leaders captured, (W, G)."""
    return removals(groups, weeks, known)[0]


def killed(weeks: Weeks, groups: Network, known: Known) -> np.ndarray:
    """Rank of the leaders killed, (W, G)."""
    return removals(groups, weeks, known)[1]


def removals(
    groups: Network, weeks: Weeks, known: Known = ALL_KNOWN
) -> tuple[np.ndarray, np.ndarray]:
    """Rank of the leaders captured and killed, by week and group, each (W, G)."""
    events = known.table("leadership_removals")
    events = events[events["removal"].astype(bool) & events["network_node"].notna()]
    column = {node: i for i, node in enumerate(groups.ids)}
    found = np.zeros((2, len(weeks.first_days), len(groups.ids)))
    for date, kind, node, rank in events[["date", "event", "network_node", "rank"]].to_numpy():
        week = weeks.week_of(str(date))
        if week is not None and node in column:
            found[int(kind in KILLED), week, column[node]] += rank
    return found[0], found[1]


def captured_here(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """Rank of the leaders captured in a state, times the part of its homicides there, (W, P)."""
    return taken_in(states(), weeks, known)[0]


def killed_here(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """Rank of the leaders killed in a state, times the part of its homicides there, (W, P)."""
    return taken_in(states(), weeks, known)[1]


def seat(_: Weeks, __: Network, known: Known) -> np.ndarray:
    """Part of a state that a place of removal is, by its homicides: the mean of all, (P,)."""
    return np.full(len(states()), np.nanmean([*_seats(known).values()]))


def taken_in(
    places: tuple[str, ...], weeks: Weeks, known: Known = ALL_KNOWN
) -> tuple[np.ndarray, np.ndarray]:
    """Rank of the leaders captured and killed, by week and place, each (W, P).

    A municipality takes the whole of it; a state, the part that the place has in its homicides of
    the year before, where both are known, else the mean of the others.
    """
    events = known.table("leadership_removals")
    events = events[events["removal"].astype(bool) & events["place"].notna()]
    seats = _seats(known)
    usual = float(np.nanmean([*seats.values()]))
    column = {code: i for i, code in enumerate(places)}
    found = np.zeros((2, len(weeks.first_days), len(places)))
    for one in events.to_dict("records"):
        week = weeks.week_of(str(one["date"]))
        for code, part in (
            (one["municipality"], 1.0), (one["place"], seats.get(one["event_id"], usual)),
        ):  # fmt: skip
            if week is not None and code in column:
                found[int(one["event"] in KILLED), week, column[code]] += one["rank"] * part
    return found[0], found[1]


def _seats(known: Known) -> dict[str, float]:
    """Part of a municipality in the homicides of its state in the year before a removal there."""
    events = known.table("leadership_removals")
    events = events[events["removal"].astype(bool) & events["municipality"].notna()]
    sums = [
        known.table(name).groupby(["place", "year"])[MONTHS].sum().sum(axis=1)
        for name in ("homicides_removal_municipality_month", "homicides_inegi_state_month")
    ]
    place, state = sums
    found = {}
    for one in events.to_dict("records"):
        year = int(str(one["date"])[:4]) - 1
        here, all_ = (one["municipality"], year), (one["place"], year)
        if here in place.index and all_ in state.index and state[all_] > 0:
            found[one["event_id"]] = float(min(place[here] / state[all_], 1.0))
    return found


def apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Great-circle distance of points in degrees, (..., 2) latitude and longitude; km, (...)."""
    (lat, lon), (lat_other, lon_other) = (np.radians(np.moveaxis(at, -1, 0)) for at in (one, other))
    half = np.sin((lat - lat_other) / 2) ** 2
    half = half + np.cos(lat) * np.cos(lat_other) * np.sin((lon - lon_other) / 2) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(half)))


def distances() -> np.ndarray:
    """Great-circle distance between the centroids of states, km, (P, P)."""
    at = np.array([[p.lat, p.lon] for p in place.states()], dtype=float)
    return apart(at[:, None], at[None, :])


def nearness(_: Weeks, __: Network, known: Known) -> np.ndarray:
    """One over distance to other states, rows sum to one, (P, P)."""
    apart = distances()
    near = np.where(apart > 0, 1.0 / np.maximum(apart, 1.0), 0.0)
    return np.asarray(near / near.sum(axis=1, keepdims=True))


def border(_: Weeks, __: Network, known: Known) -> np.ndarray:
    """Nearness to a US border crossing, exp(-distance / reach), (P,)."""
    return np.exp(-_by_place("border_distance", "km", known) / REACH_KM)


def ban_in_force(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """1 while the US ban held and the nearest crossing faces a state without its own, (W, P)."""
    facing = _by_place("border_distance", "own_ban", known)
    held = weeks.first_days < BAN_ENDED
    return held[:, None] * (1.0 - facing)[None, :]


def _by_place(table: str, column: str, known: Known) -> np.ndarray:
    rows = known.table(table).set_index("place")[column].reindex(list(states()))
    return rows.to_numpy(dtype=float)


def _by_year(table: str, column: str, weeks: Weeks, known: Known) -> np.ndarray:
    """A yearly column by week and state, (W, P); first and last year are held."""
    wide = known.table(table).pivot(index="year", columns="place", values=column)
    return _joined(wide.reindex(columns=list(states())), weeks.months, 0.5)[_monthly(weeks)]


def rents(weeks: Weeks, groups: Network, known: Known) -> np.ndarray:
    """What each sector yields in each state, (W, P, K); the drug rent of the nation is one."""
    found = [sector.weight * _shares(sector.series, weeks, groups, known) for sector in SECTORS]
    return np.stack(found, axis=-1)


def _shares(name: str, weeks: Weeks, groups: Network, known: Known) -> np.ndarray:
    """Share of each state in the nation of 2012, times what the nation has become since.

    Where a table gives nothing yet (see ``Known``), the sector lies as people do.
    """
    people_ = people(weeks, groups, known)
    by_people = people_ / people_.sum(1, keepdims=True)
    if name == "trade":  # nearness to the border and people, half each: no open series of routes
        near = border(weeks, groups, known) * people_
        return np.asarray(0.5 * by_people + 0.5 * near / near.sum(1, keepdims=True))
    table, column = name.split(".")
    base = Weeks("2012-07", "2012-07")
    rows = known.table(table)
    if rows.empty:
        return np.asarray(by_people)
    if "year" in rows:
        now, then = _by_year(table, column, weeks, known), _by_year(table, column, base, known)[:1]
    else:
        now = then = _by_place(table, column, known)[None, :] * np.ones((len(weeks.first_days), 1))
        then = then[:1]
    return np.asarray(now / then.sum(axis=1, keepdims=True))


def mining_price(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """Current over constant value of non-oil mining, against GDP and against 2012, (W, P)."""
    return _by_year("economy_state_year", "mining_price", weeks, known)


def mining_share(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """Non-oil mining in the GDP of the state, (W, P)."""
    mining = _by_year("economy_state_year", "mining", weeks, known)
    return mining / _by_year("economy_state_year", "gdp", weeks, known)


def remittances(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """Remittances against 2012 (current US dollars), (W, P)."""
    base = _by_year("remittance_state_year", "million_usd", Weeks("2012-07", "2012-07"), known)[:1]
    return _by_year("remittance_state_year", "million_usd", weeks, known) / base


def overdose(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """US drug overdose deaths against 2012, (W,)."""
    table = known.table("us_overdose_year")
    at = years(weeks.months)
    found = np.interp(at, table["year"] + 0.5, table["deaths"])
    base = float(table.loc[table["year"] == 2012, "deaths"].iloc[0])
    return np.asarray(found[_monthly(weeks)] / base)


def deployment(_: Weeks, __: Network, known: Known) -> np.ndarray:
    """Federal forces per 1,000 residents in July 2019, (P,); unknown where not given."""
    forces = _by_place("federal_forces_state", "personnel", known)
    return np.asarray(1000.0 * forces / population(Weeks("2019-07", "2019-07"), known=known)[0])


def community(weeks: Weeks, _: Network, known: Known) -> np.ndarray:
    """Residents of municipalities with community defence, share, (W, P); unknown elsewhere."""
    return _by_year("community_defence_state", "share", weeks, known)


def _joined(wide: pd.DataFrame, months: np.ndarray, part: float) -> np.ndarray:
    """Join yearly figures by straight lines; first and last are held, none at all is unknown."""
    at = years(months)

    def column(name: Any) -> np.ndarray:
        known = wide[name].dropna()
        return np.interp(at, known.index + part, known) if len(known) else np.full(len(at), np.nan)

    return np.stack([column(c) for c in wide], axis=1)


def _monthly(weeks: Weeks) -> np.ndarray:
    return np.searchsorted(weeks.months, weeks.first_days, side="right") - 1


@dataclass(frozen=True)
class Brought:
    """A user's own drivers, as data: edit the file and it is another.

    Attributes
    ----------
    rows : driver, place, month, value, node (empty where the driver is not by group).
    """

    rows: tuple[tuple[str, str, str, float, str], ...] = ()

    @classmethod
    def of(cls, given: Any) -> Brought:
        """Read drivers from a frame, a CSV, or several of them.

        Raises
        ------
        SourceError
            A file that cannot be read, or lacks a column, or says the same twice.
        """
        import pandas as pd

        if isinstance(given, Brought):
            return given
        if given is None:
            return cls()
        parts = [given] if isinstance(given, pd.DataFrame | str | Path) else list(given)
        seen: dict[tuple[str, ...], str] = {}
        rows = []
        for where, (name, at, month, value, node) in (row for part in parts for row in _rows(part)):
            key = (name, at, month, node)
            if key in seen:
                told = ", ".join(key).strip(", ")
                raise _wrong(
                    _("{first} and {last}", first=seen[key], last=where),
                    _("A value is given twice: {key}.", key=told),
                    _("Keep one of the two rows."),
                )
            seen[key] = where
            rows.append((name, at, month, value, node))
        return cls(tuple(rows))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the drivers."""
        return tuple(sorted({row[0] for row in self.rows}))

    def frame(self, name: str) -> pd.DataFrame:
        """Return the rows of one driver: place, month, value, node."""
        import pandas as pd

        columns = ["driver", "place", "month", "value", "node"]
        rows = [row for row in self.rows if row[0] == name]
        return pd.DataFrame(rows, columns=columns).drop(columns="driver")


NOTHING_BROUGHT = Brought()
NEEDED = ("driver", "place", "month", "value")


def _rows(
    given: pd.DataFrame | str | Path,
) -> Iterator[tuple[str, tuple[str, str, str, float, str]]]:
    """Yield where each row stands and what it says; the header of a file is row 1."""
    import pandas as pd

    where = "drivers" if isinstance(given, pd.DataFrame) else Path(given).name
    try:
        found = given if isinstance(given, pd.DataFrame) else pd.read_csv(
            given, dtype=str, usecols=lambda name: name in (*NEEDED, "node")
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise _wrong(
            where, _("The file of drivers cannot be read: {error}.", error=error)
        ) from error
    lacking = ", ".join(sorted({*NEEDED} - {*found}))
    if lacking:
        raise _wrong(where, _("The file of drivers lacks the columns {lacking}.", lacking=lacking))
    texts = found.assign(node=found.get("node", "")).fillna("")
    for line, row in enumerate(texts[[*NEEDED, "node"]].itertuples(index=False), 2):
        name, at, month, value, node = (str(one).strip() for one in row)
        here = _("{name}, row {row}", name=where, row=line)
        try:
            at = place.find(at).code
        except SpecError as error:
            if not at.isdigit():
                raise _wrong(here, error.what, error.fix) from error
            two = _("Write it as text of two characters, such as 09; 00 is every state.")
            raise _wrong(
                here, _("'{code}' is not the code of a state, 00 to 32.", code=at), two
            ) from error
        try:
            month = checked_month(month)
        except SpecError as error:
            raise _wrong(here, error.what, error.fix) from error
        try:
            figure = number(value)
        except ValueError as error:
            raise _wrong(
                here,
                _("'{written}' is no number.", written=value),
                _(
                    "Write decimals with a point, thousands without a mark; leave a row out where "
                    "the value is unknown."
                ),
            ) from error
        yield here, (name, at, month, figure, node)


def _wrong(where: str, what: str, fix: str = "") -> SourceError:
    shape = _("Give a CSV with the columns driver, place, month, value; node for drivers by group.")
    return SourceError(what, where=where, fix=fix or shape)


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
                _("There is no group '{node}' or no state '{code}'.", node=node, code=code),
                where=_("file of drivers"),
                fix=_("Use the ids of the table `group` and codes 01-32, or 00 for every state."),
            )
        row = slice(None) if code == "00" else states().index(code)
        found[row, groups.ids.index(node)] = value
    return found


def records(measure: str, weeks: Weeks, known: Known = ALL_KNOWN) -> np.ndarray:
    """What a source recorded, (M, P); NaN where unknown, or known to be an undercount."""
    months = [str(m)[:7] for m in weeks.months]
    rows = Known(panel=known.panel).rows(measure, months[0], months[-1])
    rows = rows[(rows["period"] == "month") & (rows["status"] != "undercount")]
    wide = rows.pivot(index="month", columns="place", values="value")
    return wide.reindex(index=months, columns=list(states())).to_numpy(dtype=float)
