"""Draw from a smooth posterior: quickly from its mode, or by long NUTS chains.

Hundreds of discrepancies and a few weakly known parameters differ in scale by a thousand. In the
coordinates of the Laplace approximation they do not: its draws are quick and judged by where they
fall, and NUTS needs only short trajectories.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree
from scipy.optimize import minimize

from hidra.errors import FitError

CHAINS = 2
QUICK = 800  # draws of the quick way, before those outside the bulk are left out
SPREADS = 6.0  # how far above its mean height a draw may lie, in standard deviations
FLAT = 1.0  # least curvature: that of the standard normal priors


def sample(
    model: Callable[[], None], seed: int, steps: int
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Draw from the posterior of a NumPyro model without arguments.

    Parameters
    ----------
    steps : draws kept of each of two NUTS chains, after half as many warm-up steps; 0 for the
        quick way: draws of the normal approximation at the mode.

    Returns
    -------
    draws : site -> (S, ...).
    judged : for NUTS `rhat`, `ess` (worst of all sites) and `divergences`; for the quick way
        `kept`, the share of draws in the bulk of the posterior, and `excess`, their mean height
        above the mode where a normal posterior has 1.
    """
    from numpyro.infer import init_to_median
    from numpyro.infer.util import initialize_model

    # the gradient at the start is not checked: that alone is half of the compiling, and the search
    # for the mode stops at once where a gradient is not finite
    info = initialize_model(
        jax.random.key(seed),
        model,
        init_strategy=init_to_median(num_samples=5),
        validate_grad=False,
    )
    flat, unravel = ravel_pytree(info.param_info.z)

    def potential(x: Array) -> Array:
        return info.potential_fn(unravel(x))

    mode, spread = laplace(potential, np.asarray(flat))
    site = jax.jit(jax.vmap(lambda w: info.postprocess_fn(unravel(mode + spread @ w))))
    if steps == 0:
        white, quickly = _typical(lambda w: potential(mode + spread @ w), len(flat), seed)
        return {name: np.asarray(value) for name, value in site(white).items()}, quickly
    white, divergences = _nuts(lambda w: potential(mode + spread @ w), len(flat), seed, steps)
    found = {name: np.asarray(value) for name, value in jax.vmap(site)(white).items()}
    flat_draws = {name: value.reshape(-1, *value.shape[2:]) for name, value in found.items()}
    return flat_draws, _judge(found) | {"divergences": divergences}


def _typical(
    potential: Callable[[Array], Array], dimensions: int, seed: int
) -> tuple[Array, dict[str, float]]:
    """Draw from the normal approximation, and keep what lies where a posterior has its mass.

    For a normal posterior the height above the mode has mean d/2 and standard deviation
    sqrt(d/2). Draws far above it lie where the surface bends more than at the mode.
    """
    white = jax.random.normal(jax.random.key(seed + 1), (QUICK, dimensions))
    height = jax.jit(lambda w: jax.lax.map(potential, w))(white) - potential(jnp.zeros(dimensions))
    half = dimensions / 2
    kept = np.asarray(height) < half + SPREADS * np.sqrt(half)
    excess = float(np.mean(height[kept]) / half) if kept.any() else float("inf")
    judged = {"kept": float(kept.mean()), "excess": excess}
    return white[kept] if kept.any() else white, judged


def _nuts(
    potential: Callable[[Array], Array], dimensions: int, seed: int, steps: int
) -> tuple[Array, int]:
    """Run the chains; return white draws (chain, draw, dimension) and divergent transitions."""
    from numpyro.infer import MCMC, NUTS

    chains = MCMC(
        NUTS(potential_fn=potential, max_tree_depth=7),
        num_warmup=steps // 2,
        num_samples=steps,
        num_chains=CHAINS,
        chain_method="vectorized",
        progress_bar=False,
    )
    begin = 0.5 * jax.random.normal(jax.random.key(seed + 1), (CHAINS, dimensions))
    chains.run(jax.random.key(seed + 2), init_params=begin, extra_fields=("diverging",))
    diverging = chains.get_extra_fields()["diverging"]
    return chains.get_samples(group_by_chain=True), int(diverging.sum())


def laplace(potential: Callable[[Array], Array], start: np.ndarray) -> tuple[Array, Array]:
    """Return the mode, and L with L L' the inverse curvature there."""
    both = jax.jit(jax.value_and_grad(potential))

    def value(x: np.ndarray) -> tuple[float, np.ndarray]:
        height, gradient = both(x)
        return float(height), np.asarray(gradient, dtype=float)

    limits = {"maxiter": 3000, "maxfun": 4000}
    best = minimize(value, start, jac=True, method="L-BFGS-B", options=limits)
    if not np.isfinite(best.fun):
        raise FitError(
            "The posterior has no finite mode.",
            where="fit",
            fix="Check the records for impossible values, and the priors of the study.",
        )

    def along(v: Array) -> Array:
        return jnp.asarray(jax.jvp(jax.grad(potential), (jnp.asarray(best.x),), (v,))[1])

    curvature = np.asarray(jax.jit(lambda basis: jax.lax.map(along, basis))(jnp.eye(len(start))))
    size, direction = np.linalg.eigh((curvature + curvature.T) / 2)
    # where the records flatten the surface, or bend it down, the prior alone is taken
    spread = direction / np.sqrt(np.maximum(size, FLAT))
    return jnp.asarray(best.x), jnp.asarray(spread)


def _judge(found: dict[str, np.ndarray]) -> dict[str, float]:
    from numpyro.diagnostics import summary

    rows = summary(found).values()
    return {
        "rhat": float(max(np.nanmax(row["r_hat"]) for row in rows)),
        "ess": float(min(np.nanmin(row["n_eff"]) for row in rows)),
    }
