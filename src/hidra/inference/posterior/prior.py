"""Parameters no record speaks of: drawn from their priors, beside the draws of the fit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hidra.core.param import Param

if TYPE_CHECKING:
    from hidra.inference import Posterior
    from hidra.model.system import System


def from_prior(posterior: Posterior, params: Iterable[Param], seed: int) -> Posterior:
    """Return the posterior with the draws of some parameters taken from their priors.

    The draws of each are spread evenly over its prior, in an order of its own (a Latin hypercube),
    independent of all others.

    Parameters
    ----------
    params : under full names; those with a fixed value are left as they are.
    """
    drawn = {q.name: spread_out(q, posterior.size, seed) for q in params if q.prior is not None}
    return replace(posterior, draws=dict(posterior.draws) | drawn)


def spread_out(q: Param, size: int, seed: int) -> np.ndarray:
    """Return draws spread evenly over the prior of a parameter, in an order of its own, (size,)."""
    if q.prior is None:
        return np.full(size, q.value)
    rng = np.random.default_rng([seed, zlib.crc32(q.name.encode())])
    share = (rng.permutation(size) + rng.random(size)) / size
    return np.asarray(q.prior.quantile(share), float)


def of_system(system: System, size: int, seed: int) -> dict[str, np.ndarray]:
    """Return draws of every parameter of a system where nothing is fitted, name -> (size, ...).

    Each parameter of core, mechanisms and records comes from its prior. Of the states: ``level``,
    homicides a month, is held at what INEGI recorded until ``system.until`` (its prior is centred
    there and says nothing else); the linked ``share``, the ``size_place`` of the counts and the
    ``reporting`` of SESNSP vary around the typical state as in a fit; the discrepancy is drawn from
    its stationary autoregression.
    """
    from hidra.inference import DISPERSION_SD, REPORTING_SD, SHARE_SD
    from hidra.model.observe import knots_for
    from hidra.model.series import records, states

    draws = {q.name: spread_out(q, size, seed) for q in (*system.dynamics, *system.recording)}
    rng = np.random.default_rng([seed, zlib.crc32(b"records")])
    places = (size, len(states()))

    def around(centre: np.ndarray, sd: float) -> np.ndarray:
        return centre[:, None] + sd * rng.standard_normal(places)

    weeks = replace(system.weeks, end=min(str(system.until), system.end))
    seen = np.nanmean(records("inegi_homicides", weeks), axis=0)
    odds = np.log(draws["linked_share"]) - np.log1p(-draws["linked_share"])
    knots = knots_for(len(weeks.months))
    return draws | {
        "level": np.broadcast_to(seen, places),
        "share": 1.0 / (1.0 + np.exp(-around(odds, SHARE_SD))),
        "size_place": np.exp(around(np.log(draws["dispersion"]), DISPERSION_SD)),
        "reporting": np.exp(around(np.zeros(size), REPORTING_SD)),
        "knots_nation": _remembered(draws, "nation", (size, knots, 1), rng)[:, :, 0],
        "knots_place": _remembered(draws, "place", (size, knots, places[1]), rng),
    }


def _remembered(
    draws: dict[str, np.ndarray], of: str, shape: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Draw stationary first-order autoregressions along the second axis, (size, knots, series)."""
    left = draws["persistence"][:, None]
    found = rng.standard_normal(shape) * draws[f"discrepancy_{of}"][:, None, None]
    found[:, 0] /= np.sqrt(1.0 - left**2)
    for knot in range(1, shape[1]):
        found[:, knot] += left * found[:, knot - 1]
    return found
