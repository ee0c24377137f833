"""The core equation on active cells as a hand-tuned Numba kernel: the bar of the engine.

Written from the equation of ``hidra.model.equation`` (SI4 of Science 2023 laid on places), not from
its code: one fused pass a week over the cells where a group is, 32 bits, one thread, one draw.
Needs the extra ``bench``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hidra.model.equation import Model


class Cells(NamedTuple):
    """Cells where a group is, by place, and the listed rivals that each meets there.

    Attributes
    ----------
    first : (P + 1,) first cell of each place. group : (n,). members : (n,) persons at the start.
    row : (n + 1,) first rival of each cell; rival : (E,) its cell; weight : (E,) of the tie.
    tied : (n,) one over one and the alliances of the group.
    share, fights, exits : (P,) share of residents, and the factors that keep the flows of the
        start.
    """

    first: np.ndarray
    group: np.ndarray
    members: np.ndarray
    row: np.ndarray
    rival: np.ndarray
    weight: np.ndarray
    tied: np.ndarray
    share: np.ndarray
    fights: np.ndarray
    exits: np.ndarray


def cells(model: Model, members: float) -> Cells:
    """Lay a model without mechanisms on its active cells, with so many members in all."""
    network, places = model.network, len(model.share)
    start = members * network.shares * model.spread
    place, group = np.nonzero(start > 0)
    at = np.full(start.shape, -1)
    at[place, group] = np.arange(len(place))
    cell, rival, weight = [], [], []
    for one, other in zip(*np.nonzero(network.rivals), strict=True):
        both = np.flatnonzero((at[:, one] >= 0) & (at[:, other] >= 0))
        cell.append(at[both, one])
        rival.append(at[both, other])
        weight.append(np.full(len(both), network.rivals[one, other]))
    cell, rival, weight = (np.concatenate(part) for part in (cell, rival, weight))
    order = np.argsort(cell, kind="stable")
    scale = [np.broadcast_to(np.asarray(x, float), (places, 1)).ravel() for x in model.rescale]
    single, whole = np.float32, np.int32
    return Cells(
        np.searchsorted(place, np.arange(places + 1)).astype(whole), group.astype(whole),
        start[place, group].astype(single),
        np.searchsorted(cell[order], np.arange(len(place) + 1)).astype(whole),
        rival[order].astype(whole), weight[order].astype(single),
        (1.0 / (network.allies[group] + 1.0)).astype(single),
        *(np.asarray(x).astype(single) for x in (model.share, *scale)),
    )  # fmt: skip


def simulate(at: Cells, p: dict[str, float], weeks: int, groups: int) -> tuple[float, float]:
    """Simulate one draw: members killed in all weeks, and members at the start of the last."""
    rates = (p[name] for name in ("recruitment", "enforcement", "lethality", "saturation"))
    found: tuple[float, float] = _run(
        at.members.copy(), *at[:2], *at[3:], *map(np.float32, rates), weeks, groups
    )
    return found


@njit(fastmath={"contract", "nsz"})
def _run(
    c, first, group, row, rival, weight, tied, share, fights, exits, rho, eta, theta, omega,
    weeks, groups,
):  # fmt: skip
    places, n = len(share), len(c)
    after, size, here = c.copy(), np.zeros(groups, np.float32), np.zeros(places, np.float32)
    one, nothing = np.float32(1), np.float32(0)
    killed, members = 0.0, 0.0
    for _ in range(weeks):
        occupied, members = nothing, 0.0
        for q in range(places):
            total = nothing
            for k in range(first[q], first[q + 1]):
                total += c[k]
            here[q] = total
            members += total
            if total > 0:
                occupied += share[q]
        size[:] = 0
        week = nothing
        for q in range(places):
            h = here[q]
            if h <= 0:
                continue
            arrested = eta * share[q] / occupied
            meeting, leaving = theta * fights[q] / share[q], omega * exits[q] / share[q]
            for k in range(first[q], first[q + 1]):
                x, listed = c[k], nothing
                for z in range(row[k], row[k + 1]):
                    listed += weight[z] * c[rival[z]]
                dead = meeting * x * (listed + h - x) * tied[k]
                out = arrested * x / h + dead + leaving * x * x
                kept = one if out <= x else x / out
                week += dead * kept
                v = x + rho * x - out * kept
                after[k] = v if v > 0 else nothing
                size[group[k]] += after[k]
        killed += week
        for k in range(n):
            c[k] = after[k] if size[group[k]] >= 1 else nothing
    return killed, members
