"""Where the war is fought and by whom: places, the regions they lie in, groups and their ties.

States and municipalities are two values of one type. The places of a space may be parts of larger
ones: municipalities take parameters and drivers from their state, rates as they are, amounts by
residents. Both loss terms of the core are quadratic in local density, so every finer cut of the
country would raise them; ``rescale`` keeps the flows of the start as they are in the coarser one.

A group is stored only where it is present. Among municipalities the presence of a state is spread
by residents, and a group with fewer than one member in a place is not there: its members count
where it is, in the same state. With a set of a user's (OCVED, say) a group is where the set saw it
in the period that holds the start, in proportion to residents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental.sparse import BCSR

from hidra.core.errors import SourceError, unknown
from hidra.core.i18n import _
from hidra.core.weeks import Weeks
from hidra.model.series import ALL_KNOWN, Known, apart, population, states

if TYPE_CHECKING:
    import pandas as pd

SPACES = ("states", "municipalities")
UNREPORTED = 0.2  # density of a group where nobody reported it, against where it was; assumed
SPARE = 16  # empty slots for groups that split off in the future
WIDE = 8  # numbers that a processor multiplies at once
LEAST = 1.0  # members: a group with fewer in a place is not there
MEMBERS = 115_000.0  # of all groups at the start, the published figure; only for LEAST


@dataclass(frozen=True)
class Network:
    """Groups and their symmetric ties.

    Attributes
    ----------
    ids : tuple of str, length G
    names : tuple of str, length G
    rivals, alliances : float arrays (G, G)
        Weight = number of states where the relation was seen; symmetric, zero diagonal.
    shares : float array (G,)
        Share of all members at the start; sums to one.
    spare : int
        Empty slots, the last of the G, for groups that split off later.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    rivals: np.ndarray
    alliances: np.ndarray
    shares: np.ndarray
    spare: int = 0

    @property
    def allies(self) -> np.ndarray:
        """Total alliance weight of each group, shape (G,)."""
        return np.asarray(self.alliances.sum(axis=1))

    def with_spare(self, slots: int) -> Network:
        """Add empty slots for groups that may split off later."""
        pad = ((0, slots), (0, slots))
        extra = tuple(f"split {k + 1}" for k in range(slots))
        return Network(
            self.ids + extra,
            self.names + extra,
            np.pad(self.rivals, pad),
            np.pad(self.alliances, pad),
            np.pad(self.shares, (0, slots)),
            self.spare + slots,
        )


def zipf(strength: np.ndarray, exponent: float = 1.0) -> np.ndarray:
    """Shares 1/rank**exponent, rank by strength of ties (stable: equals in file order)."""
    rank = np.empty(len(strength))
    rank[np.argsort(-strength, kind="stable")] = np.arange(1, len(strength) + 1)
    share = rank**-exponent
    return np.asarray(share / share.sum())


def network(known: Known = ALL_KNOWN, exponent: float = 1.0) -> Network:
    """Build the network from the tables `group` and `group_relation`, matched on ids.

    Start sizes follow a Zipf law in the rank of all ties, as in Science 2023.
    """
    groups, relations = known.table("group"), known.table("group_relation")
    ids = tuple(groups["node"])
    position = {node: i for i, node in enumerate(ids)}
    matrices = {kind: np.zeros((len(ids), len(ids))) for kind in ("rivalry", "alliance")}
    for kind, a, b, weight in relations[["relation", "node_a", "node_b", "weight"]].itertuples(
        index=False
    ):
        i, j = position[a], position[b]
        matrices[kind][i, j] = matrices[kind][j, i] = max(matrices[kind][i, j], weight)
    rivals, alliances = matrices["rivalry"], matrices["alliance"]
    shares = zipf((rivals + alliances).sum(axis=1), exponent)
    return Network(ids, tuple(groups["name"]), rivals, alliances, shares)


def reported(known: Known) -> Network:
    """Groups the press had reported, all at equal ties, sized by a Zipf law in their reports.

    The ties and the list of 150 groups were drawn up in 2020: before that they are later knowledge.
    """
    reports = known.table("group_presence_state").groupby("node")["reports"].sum()
    reports = reports[reports > 0].sort_index()
    nothing = np.zeros((len(reports), len(reports)))
    ids = tuple(map(str, reports.index))
    return Network(ids, ids, nothing, nothing, zipf(reports.to_numpy(float)))


def spread(groups: Network, share: np.ndarray, start: str, known: Known = ALL_KNOWN) -> np.ndarray:
    """How each group is spread over the states at the start, (P, G); columns sum to one.

    In proportion to population, and denser in the states where the press reported the group in the
    period that holds `start` (or any period when in none). No report is not absence: elsewhere a
    group keeps the density ``UNREPORTED``, relative to where it was reported.
    """
    found = known.table("group_presence_state")
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


@dataclass(frozen=True, eq=False)
class Space:
    """P places that lie in R regions, each with its share of the residents of its region.

    Attributes
    ----------
    codes : (P,) codes of the places; ``25000`` is what is left of the state ``25``.
    region : (P,) index of the region. part : (P,) share of its residents.
    """

    codes: tuple[str, ...]
    region: np.ndarray
    part: np.ndarray

    @classmethod
    def states(cls) -> Space:
        """The 32 states, each a region of its own."""
        return cls(states(), np.arange(len(states())), np.ones(len(states())))

    @classmethod
    def municipalities(cls, start: str, known: Known = ALL_KNOWN) -> Space:
        """How the municipalities lie in their states, with residents as of the year of `start`."""
        table = known.table("municipality")
        years = [int(name[1:]) for name in map(str, table) if name[1:].isdecimal()]
        counted = table[[f"p{year}" for year in years]].to_numpy(float)
        at = int(start[:4]) + 0.5
        people = np.array([np.interp(at, np.add(years, 0.5), row) for row in counted])
        region = table["place"].str[:2].map({c: i for i, c in enumerate(states())}).to_numpy(int)
        return cls(tuple(table["place"]), region, people / np.bincount(region, people)[region])

    @classmethod
    def named(cls, name: str, start: str, known: Known = ALL_KNOWN) -> Space:
        """Return ``states`` or ``municipalities``.

        Raises
        ------
        SpecError
            There is no space of that name.
        """
        if name not in SPACES:
            raise unknown(_("space"), name, SPACES, where="space")
        return cls.states() if name == "states" else cls.municipalities(start, known)

    @property
    def whole(self) -> bool:
        """Whether each place is a region of its own, so that nothing has to be laid on parts."""
        return len(self.codes) == len(set(self.region.tolist()))

    def lay(self, by_region: Any) -> Any:
        """Give each place what its region has, along the last axis, (..., R) -> (..., P)."""
        return by_region if self.whole else by_region[..., self.region]

    def gather(self, by_place: Any) -> Any:
        """Sum over the places of each region, along the last axis, (..., P) -> (..., R)."""
        if self.whole:
            return by_place
        if isinstance(by_place, np.ndarray):  # known before anything is compiled
            return jnp.asarray(self.total(by_place.T).T)
        shape = (*by_place.shape[:-1], int(self.region.max()) + 1)
        return jnp.zeros(shape, by_place.dtype).at[..., self.region].add(by_place)

    def total(self, by_place: np.ndarray) -> np.ndarray:
        """Sum over the places of each region, along the first axis, (R, ...)."""
        found = np.zeros((int(self.region.max()) + 1, *by_place.shape[1:]))
        np.add.at(found, self.region, by_place)
        return found

    def residents(self, weeks: Weeks, known: Known = ALL_KNOWN) -> np.ndarray:
        """Residents of each place by month, (M, P): its share in those of its region."""
        people = population(weeks, known=known)
        return people if self.whole else people[:, self.region] * self.part

    def policy(self, factor: Mapping[str, Any]) -> dict[str, Any]:
        """Return factors on rates: of the nation as they are, of regions laid on their parts."""
        return {name: value[self.region] if value.ndim else value for name, value in factor.items()}

    def occupied(self, spread: np.ndarray) -> tuple[Space, np.ndarray]:
        """Keep the places where somebody is; the empty ones of a region stand together as one.

        Nothing is lost: in an empty place no flow of members runs, and what is counted there goes
        by residents.

        Parameters
        ----------
        spread : (P, G) how groups are spread over the places.
        """
        kept = np.flatnonzero(spread.any(axis=1))
        left = self.total(self.part * ~spread.any(axis=1))
        rest = np.flatnonzero(left > 0)
        region = np.append(self.region[kept], rest)
        codes = [self.codes[i] for i in kept]
        codes += [self.codes[np.argmax(self.region == r)][:2] + "000" for r in rest]
        order = np.argsort(region, kind="stable")
        part = np.append(self.part[kept], left[rest])[order]
        space = replace(self, codes=tuple(codes[i] for i in order), region=region[order], part=part)
        empty = np.zeros((len(rest), spread.shape[1]))
        return space, np.concatenate([spread[kept], empty])[order]


def rescale(
    network: Network, share: np.ndarray, spread: np.ndarray, cut: Space | None
) -> tuple[Any, Any]:
    """Factors on lethality and saturation that keep the flows of the start.

    One number for the nation, as if it were one place. Parts take one for each region, so that its
    flows too are those it has as a whole; (P, 1).
    """
    if cut is None:
        fights, exits = _losses(network, share, spread)
        one = np.ones((1, len(network.ids)))
        whole_fights, whole_exits = _losses(network, np.ones(1), one)
        return float(whole_fights.sum() / fights.sum()), float(whole_exits.sum() / exits.sum())
    outer_share, outer_spread = cut.total(share), cut.total(spread)
    outer = rescale(network, outer_share, outer_spread, None)
    whole = _losses(network, outer_share, outer_spread)
    local = _losses(network, share, spread)
    fights, exits = (
        factor * _ratio(all_, cut.total(small))[cut.region][:, None]
        for factor, all_, small in zip(outer, whole, local, strict=True)
    )
    return fights, exits


def _losses(
    network: Network, share: np.ndarray, spread: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Conflict and saturation of each place at the start, up to their rates, each (P,)."""
    ties = (network.rivals + 1.0) / (network.allies + 1.0)[:, None]
    np.fill_diagonal(ties, 0.0)
    local = spread * network.shares
    fights = (local * (local @ ties.T)).sum(axis=1) / share
    return fights, (local**2).sum(axis=1) / share


def _ratio(whole: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """One over the other; one where nobody is."""
    return np.where(parts > 0, whole / np.where(parts > 0, parts, 1.0), 1.0)


@partial(jax.tree_util.register_dataclass, data_fields=["rows", "columns"], meta_fields=[])
@dataclass(frozen=True)
class Near:
    """A sparse matrix that knows the products an array knows: ``near @ x``, ``x @ near``, ``.T``.

    So a mechanism says the same of 32 states, all near all, and of municipalities.

    Attributes
    ----------
    rows : the matrix, and `columns` its transpose, each by rows; (P, P).
    """

    rows: BCSR
    columns: BCSR
    __array_ufunc__ = None  # so that numpy, too, leaves ``x @ near`` to us

    @property
    def T(self) -> Near:  # noqa: N802
        """The transpose."""
        return Near(self.columns, self.rows)

    def astype(self, kind: Any) -> Near:
        """The same numbers in another precision."""
        return jax.tree.map(
            lambda leaf: leaf.astype(kind) if jnp.issubdtype(leaf.dtype, jnp.floating) else leaf,
            self,
        )

    def __matmul__(self, x: Any) -> Any:
        """Multiply (P, P) with (P, ...); a vector as WIDE columns, which are computed at once."""
        x = jnp.asarray(x)
        if x.ndim == 1:
            return (self.rows @ jnp.broadcast_to(x[:, None], (len(x), WIDE)))[:, 0]
        return self.rows @ x

    def __rmatmul__(self, x: Any) -> Any:
        """Multiply (P,) with (P, P)."""
        return self.T @ x


def municipal_nearness(codes: tuple[str, ...], known: Known = ALL_KNOWN) -> Near:
    """One over the distance between centroids to the municipalities one touches; rows sum to one.

    Parameters
    ----------
    codes : of the municipalities; a neighbour that is not among them is nobody's neighbour.

    Source: reference tables ``municipality_neighbour`` and ``municipality``. A matrix of all pairs
    would be almost all zeros, and its product with members the dearest step of a week.
    """
    from scipy.sparse import coo_array

    row = {code: number for number, code in enumerate(codes)}
    pairs = known.table("municipality_neighbour")
    pairs = pairs[pairs["place"].isin(row) & pairs["neighbour"].isin(row)]
    one, other = (pairs[name].map(row).to_numpy(int) for name in ("place", "neighbour"))
    at = known.table("municipality").set_index("place").loc[list(codes), ["lat", "lon"]]
    degrees = at.to_numpy(float)
    weight = 1.0 / np.maximum(apart(degrees[one], degrees[other]), 1.0)
    both = (np.append(weight, weight), (np.append(one, other), np.append(other, one)))
    near = coo_array(both, shape=(len(codes),) * 2).tocsr()
    whole = near.sum(axis=1)
    near = near.multiply(1.0 / np.where(whole > 0, whole, 1.0)[:, None]).tocsr()
    return Near(BCSR.from_scipy_sparse(near), BCSR.from_scipy_sparse(near.T.tocsr()))


def within(
    groups: Network, outer: np.ndarray, space: Space, seen: np.ndarray | None = None
) -> np.ndarray:
    """Spread groups over the places of each region, (P, G); zero where a group is not.

    Parameters
    ----------
    outer : (R, G) how each group is spread over the regions; columns sum to one.
    seen : (P, G) where a set saw each group; a group it never saw follows its region.
    """
    local = outer[space.region] * space.part[:, None]
    largest = np.zeros(len(space.part), bool)
    for region in range(len(outer)):
        there = np.flatnonzero(space.region == region)
        largest[there[np.argmax(space.part[there])]] = True
    kept = (local * groups.shares * MEMBERS >= LEAST) | largest[:, None]
    kept &= groups.shares > 0  # an empty slot is nowhere until a group splits into it
    local = np.where(kept, local, 0.0)
    whole = space.total(local)
    local = local * (outer / np.where(whole > 0, whole, 1.0))[space.region]
    if seen is None:
        return local
    people = space.part * outer.mean(axis=1)[space.region]
    listed = np.where(seen, people[:, None], 0.0)
    total = listed.sum(axis=0)
    return np.where(total > 0, listed / np.where(total > 0, total, 1.0), local)


COLUMNS = ("place", "node", "period")
Presence = tuple[tuple[str, str, str], ...]  # rows of place, node, period


def presence(given: str | Path | pd.DataFrame, places: Iterable[str], groups: Network) -> Presence:
    """Read and check a set of presence: a CSV or a frame with the columns place, node, period.

    `place` is a municipal code, `node` the id of a group in the table ``group``, `period` a year or
    two years joined by a dash (``2014-2018``).

    Raises
    ------
    SourceError
        Saying the row, what is wrong and how to mend it.
    """
    import pandas as pd

    where = "presence" if isinstance(given, pd.DataFrame) else str(given)
    try:
        rows = given if isinstance(given, pd.DataFrame) else pd.read_csv(
            given, dtype=str, keep_default_na=False, usecols=lambda name: name in COLUMNS
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise SourceError(
            _("The set of presence cannot be read: {error}.", error=error),
            where=where,
            fix=_("Give a CSV in UTF-8 with the columns {columns}.", columns=", ".join(COLUMNS)),
        ) from error
    lacking = [name for name in COLUMNS if name not in rows]
    if lacking or rows.empty:
        raise SourceError(
            _("The set of presence lacks {lacking}.", lacking=", ".join(lacking) or "rows"),
            where=where,
            fix=_(
                "Name the columns {columns}, one row a place, group and period.",
                columns=", ".join(COLUMNS),
            ),
        )
    known = set(places)
    found = [tuple(map(str, row)) for row in rows[list(COLUMNS)].itertuples(index=False)]
    for line, row in enumerate(found, start=2):
        _check(row, _("{name}, line {line}", name=where, line=line), known, groups)
    return tuple(dict.fromkeys(found))  # type: ignore[arg-type]


def _check(row: tuple[str, ...], where: str, places: set[str], groups: Network) -> None:
    place, node, period = row
    if place not in places:
        raise SourceError(
            _("'{place}' is not the code of a municipality.", place=place),
            where=where,
            fix=_(
                "Keep codes as text of five characters, as in the table "
                "`municipality`: as numbers they lose their zero."
            ),
        )
    if node not in groups.ids:
        found = unknown(_("group"), node, groups.ids, where=where)
        raise SourceError(
            found.what, where=where, fix=_("{fix} See the table `group`.", fix=found.fix)
        )
    years = re.fullmatch(r"((?:19|20)\d\d)(?:-((?:19|20)\d\d))?", period, re.ASCII)
    if years is None or (years[2] or years[1]) < years[1]:
        raise SourceError(
            _("'{period}' is not a period.", period=period),
            where=where,
            fix=_("Write 2016, or 2014-2018."),
        )


def seen(rows: Presence, places: Iterable[str], groups: Network, start: str) -> np.ndarray:
    """Lay a set on places and groups, (P, G): the period that holds `start`, else any."""
    year = start[:4]
    current = {node for _, node, period in rows if period[:4] <= year <= period[-4:]}
    row = {code: i for i, code in enumerate(places)}
    column = {node: i for i, node in enumerate(groups.ids)}
    found = np.zeros((len(row), len(column)), bool)
    for place, node, period in rows:
        if node not in current or period[:4] <= year <= period[-4:]:
            found[row[place], column[node]] = True
    return found
