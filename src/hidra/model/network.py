"""The network of groups: who is reported as whose rival or ally, and who starts how large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


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


def network(groups: pd.DataFrame, relations: pd.DataFrame, exponent: float = 1.0) -> Network:
    """Build the network from the tables `group` and `group_relation`, matched on ids.

    Start sizes follow a Zipf law in the rank of all ties, as in Science 2023.
    """
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
