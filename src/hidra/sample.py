"""Draw from a smooth posterior: quickly from a normal approximation, or by long NUTS chains.

Hundreds of discrepancies and a few weakly known parameters differ in scale by a thousand. In the
coordinates of the Laplace approximation they do not. Its centre, the joint mode, is a trap: there
the discrepancies follow the records too closely and the dispersion comes out too small. So the
centre is moved to where the mean gradient is zero (a variational mean); from there draws are quick,
and NUTS needs only short trajectories.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree
from scipy.optimize import minimize

import hidra.noise  # noqa: F401  64-bit numbers, before anything is traced
from hidra.checkpoint import NOWHERE, Checkpoint
from hidra.errors import FitError

QUICK = 800  # draws of the quick way, before those outside the bulk are left out
SPREADS = 6.0  # how far above its mean height a draw may lie, in standard deviations
FLAT = 0.25  # least curvature taken: priors are standard normal, so 1 where the records are silent
MOVES, RATE = 600, 0.02  # steps of the search for the variational mean, and their first size

Potential = Callable[[Array], Array]
Draws = dict[str, np.ndarray]


@dataclass(frozen=True)
class Surface:
    """Minus the log posterior of a NumPyro model, on a flat unconstrained vector.

    Attributes
    ----------
    height : (D,) -> minus log density. sites : (S, D) -> name -> (S, ...) values of the model.
    start : (D,) a point of finite height.
    """

    height: Potential
    sites: Callable[[Array], Mapping[str, Array]]
    start: np.ndarray

    def white(self, centre: Array, spread: Array) -> Surface:
        """Return the surface in coordinates w, where x = centre + spread w."""
        return Surface(
            lambda w: self.height(centre + spread @ w),
            lambda w: self.sites(centre + w @ spread.T),
            np.zeros(len(self.start)),
        )


def surface(model: Callable[[], None], seed: int) -> Surface:
    """Return the surface of a NumPyro model without arguments."""
    from numpyro import handlers
    from numpyro.infer import init_to_median
    from numpyro.infer.util import initialize_model

    info = initialize_model(
        jax.random.key(seed), model, init_strategy=init_to_median(num_samples=5)
    )
    flat, unravel = ravel_pytree(info.param_info.z)

    def height(x: Array) -> Array:
        with handlers.block():  # it may be called inside another model
            return jnp.asarray(info.potential_fn(unravel(x)))

    sites = jax.jit(jax.vmap(lambda x: info.postprocess_fn(unravel(x))))
    return Surface(height, sites, np.asarray(flat))


def sample(
    model: Callable[[], None],
    seed: int,
    steps: int,
    *,
    kept: Checkpoint = NOWHERE,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Draws, dict[str, float]]:
    """Draw from the posterior of a NumPyro model without arguments.

    Parameters
    ----------
    steps : draws kept of each of two NUTS chains; 0 for the quick way: draws of the normal
        approximation.
    kept : where finished pieces are kept, and looked for first.
    progress : called with transitions done and transitions in all.

    Returns
    -------
    draws : site -> (S, ...).
    judged : for NUTS `rhat`, `ess` (worst of all sites) and `divergences`; for the quick way
        `kept`, the share of draws in the bulk of the posterior, and `excess`, their mean height
        above that of the centre where a normal posterior has 1.

    Raises
    ------
    FitError
        If the posterior has no finite mode.
    """
    from hidra.chains import judge, nuts

    found = surface(model, seed)
    white = found.white(*_coordinates(found, seed, kept))
    if steps == 0:
        w, judged = _typical(white.height, len(found.start), seed)
        progress(1, 1)
        return {name: np.asarray(value) for name, value in white.sites(w).items()}, judged
    chains, divergences = nuts(
        white.height, len(found.start), seed, steps, kept=kept, progress=progress
    )
    by_chain = {n: np.asarray(v) for n, v in jax.vmap(white.sites)(jnp.asarray(chains)).items()}
    draws = {name: value.reshape(-1, *value.shape[2:]) for name, value in by_chain.items()}
    return draws, judge(by_chain) | {"divergences": divergences}


def _coordinates(found: Surface, seed: int, kept: Checkpoint) -> tuple[Array, Array]:
    """Centre and spread of the normal approximation."""

    def work() -> Draws:
        mode, spread = laplace(found.height, found.start)
        moved = mode + spread @ mean_of(found.white(mode, spread).height, len(mode), seed)
        return {"centre": np.asarray(moved), "spread": np.asarray(spread)}

    done = kept.once("normal", work)
    return jnp.asarray(done["centre"]), jnp.asarray(done["spread"])


def laplace(height: Potential, start: np.ndarray) -> tuple[Array, Array]:
    """Return the mode, and L with L L' the inverse curvature there."""
    both = jax.jit(jax.value_and_grad(height))

    def value(x: np.ndarray) -> tuple[float, np.ndarray]:
        at, gradient = both(x)
        return float(at), np.asarray(gradient, dtype=float)

    limits = {"maxiter": 3000, "maxfun": 4000}
    best = minimize(value, start, jac=True, method="L-BFGS-B", options=limits)
    if not np.isfinite(best.fun):
        raise FitError(
            "The posterior has no finite mode.",
            where="fit",
            fix="Check the records for impossible values, and the priors of the study.",
        )

    def along(v: Array) -> Array:
        return jnp.asarray(jax.jvp(jax.grad(height), (jnp.asarray(best.x),), (v,))[1])

    curvature = np.asarray(jax.jit(lambda basis: jax.lax.map(along, basis))(jnp.eye(len(start))))
    size, direction = np.linalg.eigh((curvature + curvature.T) / 2)
    # where the records bend the surface down, a wide prior is taken
    spread = direction / np.sqrt(np.maximum(size, FLAT))
    return jnp.asarray(best.x), jnp.asarray(spread)


def mean_of(height: Potential, dimensions: int, seed: int) -> Array:
    """Return the centre of the normal of unit spread that lies closest to the posterior.

    Closest in the sense of Kullback and Leibler, by NumPyro's stochastic variational inference.
    """
    import numpyro
    from numpyro import distributions as dist
    from numpyro.infer import SVI, Trace_ELBO

    flat = dist.ImproperUniform(dist.constraints.real, (), event_shape=(dimensions,))

    def model() -> None:
        numpyro.factor("posterior", -height(numpyro.sample("w", flat)))

    def normal() -> None:
        centre = numpyro.param("centre", jnp.zeros(dimensions))
        numpyro.sample("w", dist.Normal(centre, 1.0).to_event(1))

    pace = numpyro.optim.Adam(lambda step: RATE * 0.05 ** (step / MOVES))
    found = SVI(model, normal, pace, Trace_ELBO(num_particles=2)).run(
        jax.random.key(seed + 3), MOVES, progress_bar=False
    )
    return jnp.asarray(found.params["centre"])


def _typical(height: Potential, dimensions: int, seed: int) -> tuple[Array, dict[str, float]]:
    """Draw from the normal approximation, and keep what lies where a posterior has its mass.

    For a normal posterior the height above the centre has mean d/2 and standard deviation
    sqrt(d/2). Draws far above it lie where the surface bends more than at the mode.
    """
    white = jax.random.normal(jax.random.key(seed + 1), (QUICK, dimensions))
    above = jax.jit(lambda w: jax.lax.map(height, w))(white) - height(jnp.zeros(dimensions))
    half = dimensions / 2
    inside = np.asarray(above) < half + SPREADS * np.sqrt(half)
    excess = float(np.mean(above[inside]) / half) if inside.any() else float("inf")
    judged = {"kept": float(inside.mean()), "excess": excess}
    return white[inside] if inside.any() else white, judged
