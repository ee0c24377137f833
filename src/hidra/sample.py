"""Sample a smooth posterior: find its mode, whiten by the curvature there, then run NUTS.

Hundreds of discrepancies and a few weakly known parameters differ in scale by a thousand; in the
coordinates of the Laplace approximation they do not, and short trajectories suffice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree
from scipy.optimize import minimize

from hidra.errors import FitError

CHAINS = 2


def sample(
    model: Callable[[], None], seed: int, steps: int
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Sample a NumPyro model without arguments.

    Parameters
    ----------
    steps : draws kept of each of two chains, after half as many warm-up steps.

    Returns
    -------
    draws : site -> (2 * steps, ...). judged : `rhat`, `ess` (worst of all sites), `divergences`.
    """
    from numpyro.infer import MCMC, NUTS, init_to_median
    from numpyro.infer.util import initialize_model

    info = initialize_model(
        jax.random.key(seed), model, init_strategy=init_to_median(num_samples=5)
    )
    flat, unravel = ravel_pytree(info.param_info.z)

    def potential(x: Array) -> Array:
        return info.potential_fn(unravel(x))

    mode, spread = laplace(potential, flat)
    kernel = NUTS(potential_fn=lambda w: potential(mode + spread @ w), max_tree_depth=7)
    chains = MCMC(
        kernel,
        num_warmup=steps // 2,
        num_samples=steps,
        num_chains=CHAINS,
        chain_method="vectorized",
        progress_bar=False,
    )
    begin = 0.5 * jax.random.normal(jax.random.key(seed + 1), (CHAINS, len(flat)))
    chains.run(jax.random.key(seed + 2), init_params=begin, extra_fields=("diverging",))
    white = chains.get_samples(group_by_chain=True)
    site = jax.jit(jax.vmap(jax.vmap(lambda w: info.postprocess_fn(unravel(mode + spread @ w)))))
    found = {name: np.asarray(value) for name, value in site(white).items()}
    judged = _judge(found) | {"divergences": int(chains.get_extra_fields()["diverging"].sum())}
    return {name: value.reshape(-1, *value.shape[2:]) for name, value in found.items()}, judged


def laplace(potential: Callable[[Array], Array], start: Array) -> tuple[Array, Array]:
    """Return the mode and a matrix L with L L' the inverse curvature there."""
    slope = jax.grad(potential)
    both = jax.jit(jax.value_and_grad(potential))

    def value(x: np.ndarray) -> tuple[float, np.ndarray]:
        height, gradient = both(x)
        return float(height), np.asarray(gradient, dtype=float)

    best = minimize(
        value,
        np.asarray(start),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 3000, "maxfun": 5000},
    )
    if not np.isfinite(best.fun):
        raise FitError(
            "The posterior has no finite mode.",
            where="fit",
            fix="Check the records for impossible values, and the priors of the study.",
        )

    def along(v: Array) -> Array:
        return jnp.asarray(jax.jvp(slope, (jnp.asarray(best.x),), (v,))[1])

    curvature = np.asarray(jax.jit(lambda basis: jax.lax.map(along, basis))(jnp.eye(len(best.x))))
    size, direction = np.linalg.eigh((curvature + curvature.T) / 2)
    # where the surface is flat or bends down, a unit step is as far as the prior lets us go
    return jnp.asarray(best.x), jnp.asarray(direction / np.sqrt(np.maximum(size, 0.25)))


def _judge(found: dict[str, np.ndarray]) -> dict[str, float]:
    from numpyro.diagnostics import summary

    rows = summary(found).values()
    return {
        "rhat": float(max(np.nanmax(row["r_hat"]) for row in rows)),
        "ess": float(min(np.nanmin(row["n_eff"]) for row in rows)),
    }
