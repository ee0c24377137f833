"""A quadratic stand-in for a slow, smooth simulator, with its error measured on runs kept aside.

Sampling needs tens of thousands of evaluations. The deterministic core is smooth in its few
parameters, so log monthly deaths are well described by a second-order polynomial in standardised
parameters. Final results always come from the model itself; only the fit looks at the stand-in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement

import jax.numpy as jnp
import numpy as np
from jax import Array
from scipy.stats import norm, qmc

from hidra.core.errors import FitError
from hidra.core.i18n import _


@dataclass(frozen=True)
class Emulator:
    """log output = features(z) @ weights.

    Attributes
    ----------
    weights : (F, ...) polynomial coefficients.
    error : root mean square error of log output on runs kept aside.
    worst : largest absolute error of log output on those runs.
    """

    weights: np.ndarray
    pairs: np.ndarray
    error: float
    worst: float

    @property
    def dimensions(self) -> int:
        """Number of coordinates."""
        return int(self.pairs.max()) + 1

    def __call__(self, z: Array) -> Array:
        """Evaluate at standard normal coordinates z, (D,)."""
        flat = _features(z, self.pairs) @ self.weights.reshape(len(self.weights), -1)
        return flat.reshape(self.weights.shape[1:])


def _features(z: Array, pairs: np.ndarray) -> Array:
    return jnp.concatenate([jnp.ones(1), z, z[pairs[:, 0]] * z[pairs[:, 1]]])


def design(dimensions: int, runs: int, seed: int) -> np.ndarray:
    """Spread standard normal points evenly, (runs, dimensions): a Latin hypercube."""
    cube = qmc.LatinHypercube(dimensions, seed=seed).random(runs)
    return np.asarray(norm.ppf(np.clip(cube, 0.005, 0.995)))


def emulate(
    simulator: Callable[[np.ndarray], np.ndarray],
    points: np.ndarray,
    keep_aside: float = 0.2,
    floor: float = 0.0,
) -> Emulator:
    """Fit the stand-in to runs of the simulator at `points`.

    Parameters
    ----------
    simulator : maps (runs, D) points to (runs, ...) positive outputs.
    floor : added before the logarithm, so that what is next to nothing does not steer the fit.

    Raises
    ------
    FitError
        If an output is not finite and positive.
    """
    pairs = np.array(list(combinations_with_replacement(range(points.shape[1]), 2)))
    output = np.log(np.asarray(simulator(points)) + floor)
    if not np.isfinite(output).all():
        raise FitError(
            _("The model gives numbers that are not finite for some parameters of the prior."),
            where=_("emulating the model before the fit"),
            fix=_("Narrow the priors of the study, or switch off the mechanism added last."),
        )
    features = np.stack([np.asarray(_features(z, pairs)) for z in points])
    flat = output.reshape(len(points), -1)
    cut = int(len(points) * (1 - keep_aside))
    trial, *_rest = np.linalg.lstsq(features[:cut], flat[:cut], rcond=None)
    miss = features[cut:] @ trial - flat[cut:]
    weights, *_rest = np.linalg.lstsq(features, flat, rcond=None)
    return Emulator(
        weights.reshape(-1, *output.shape[1:]),
        pairs,
        float(np.sqrt(np.mean(miss**2))),
        float(np.abs(miss).max()),
    )
