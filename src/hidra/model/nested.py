"""Small places that lie in larger ones: what they inherit, and how their flows are scaled.

Municipalities take parameters and drivers from their state: rates as they are, amounts divided by
residents. Both loss terms of the core are quadratic in local density, so every finer cut of the
country would raise them; ``rescale`` keeps the flows of the start as they are in the coarser one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hidra.model.network import Network


@dataclass(frozen=True)
class Nested:
    """Where P places lie in R larger ones.

    Attributes
    ----------
    codes : (P,) codes of the places; ``25000`` is what is left of the state ``25``.
    region : (P,) index of the larger place. part : (P,) share of its residents.
    same : drivers taken as they are. divided : drivers divided by residents.
    """

    codes: tuple[str, ...]
    region: np.ndarray
    part: np.ndarray
    same: frozenset[str] = frozenset()
    divided: frozenset[str] = frozenset()

    def occupied(self, spread: np.ndarray) -> tuple[Nested, np.ndarray]:
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
        nested = replace(
            self, codes=tuple(codes[i] for i in order), region=region[order], part=part
        )
        empty = np.zeros((len(rest), spread.shape[1]))
        return nested, np.concatenate([spread[kept], empty])[order]

    def drivers(self, driver: Mapping[str, Any]) -> dict[str, Any]:
        """Return the drivers of the small places; the others stay as they are."""
        return {name: self._local(name, value) for name, value in driver.items()}

    def policy(self, factor: Mapping[str, Any]) -> dict[str, Any]:
        """Return factors on rates: of the nation as they are, of the larger places taken over."""
        return {name: value[self.region] if value.ndim else value for name, value in factor.items()}

    def _local(self, name: str, value: Any) -> Any:
        if name in self.divided:
            part = self.part.reshape(-1, *[1] * (value.ndim - 1)).astype(value.dtype)
            return value[self.region] * part
        return value[self.region] if name in self.same else value

    def total(self, by_place: np.ndarray) -> np.ndarray:
        """Sum over the small places of each larger one, along the first axis, (R, ...)."""
        found = np.zeros((int(self.region.max()) + 1, *by_place.shape[1:]))
        np.add.at(found, self.region, by_place)
        return found


def rescale(
    network: Network, share: np.ndarray, spread: np.ndarray, nested: Nested | None
) -> tuple[Any, Any]:
    """Factors on lethality and saturation that keep the flows of the start.

    One number for the nation, as if it were one place. Nested places take one for each larger
    place, so that its flows too are those it has as a whole; (P, 1).
    """
    if nested is None:
        fights, exits = _losses(network, share, spread)
        one = np.ones((1, len(network.ids)))
        whole_fights, whole_exits = _losses(network, np.ones(1), one)
        return float(whole_fights.sum() / fights.sum()), float(whole_exits.sum() / exits.sum())
    outer_share, outer_spread = nested.total(share), nested.total(spread)
    outer = rescale(network, outer_share, outer_spread, None)
    whole = _losses(network, outer_share, outer_spread)
    cut = _losses(network, share, spread)
    fights, exits = (
        factor * _ratio(all_, nested.total(small))[nested.region][:, None]
        for factor, all_, small in zip(outer, whole, cut, strict=True)
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
