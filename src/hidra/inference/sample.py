"""Draw from a smooth posterior: quickly from a normal approximation, or by long NUTS chains.

Hundreds of discrepancies and a few weakly known parameters differ in scale by a thousand. In the
coordinates of the Laplace approximation they do not. Its centre, the joint mode, is a trap: there
the discrepancies follow the records too closely and too little is left to luck. So the centre is
moved to where the mean gradient is zero (a variational mean); from there draws are quick, and NUTS
needs only short trajectories.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree
from scipy.optimize import minimize

import hidra.core.noise  # noqa: F401  64-bit numbers, before anything is traced
from hidra.core.errors import FitError
from hidra.core.i18n import _
from hidra.inference.checkpoint import NOWHERE, Checkpoint

QUICK = 800  # draws of the quick way, before those outside the bulk are left out
SPREADS = 6.0  # how far above its mean height a draw may lie, in standard deviations
FLAT = 0.25  # least curvature taken: priors are standard normal, so 1 where the records are silent
MOVES, RATE = 600, 0.02  # steps of the search for the variational mean, and their first size

Draws = dict[str, np.ndarray]
Args = tuple[Any, ...]


@dataclass(frozen=True)
class Surface:
    """Minus the log posterior of a NumPyro model, on a flat unconstrained vector.

    It is compiled once, and serves any data of the same shape.

    Attributes
    ----------
    height : (D,), arguments of the model -> minus log density.
    sites : (D,), arguments -> name -> values of the model.
    start : (D,) a point of finite height.
    """

    height: Callable[..., Array]
    sites: Callable[..., dict[str, Array]]
    start: np.ndarray

    @cached_property
    def slope(self) -> Callable[..., tuple[Array, Array]]:
        """Height and gradient at (D,)."""
        return jax.jit(jax.value_and_grad(self.height))

    @cached_property
    def curvature(self) -> Callable[..., Array]:
        """Second derivatives at (D,), (D, D)."""

        def at(x: Array, *args: Any) -> Array:
            def along(v: Array) -> Array:
                return jnp.asarray(
                    jax.jvp(lambda y: jax.grad(self.height)(y, *args), (x,), (v,))[1]
                )

            return jnp.asarray(jax.lax.map(along, jnp.eye(len(x))))

        return jax.jit(at)

    @cached_property
    def heights(self) -> Callable[..., Array]:
        """Heights at (S, D)."""
        return jax.jit(lambda xs, *args: jax.lax.map(lambda x: self.height(x, *args), xs))

    @cached_property
    def values(self) -> Callable[..., dict[str, Array]]:
        """Sites at (S, D)."""
        return jax.jit(lambda xs, *args: jax.lax.map(lambda x: self.sites(x, *args), xs))

    @cached_property
    def nearest(self) -> Callable[..., Array]:
        """Centre of the normal of a given mode and spread that lies closest; see `mean_of`."""
        return jax.jit(partial(mean_of, self))


def surface(model: Callable[..., None], seed: int, *args: Any) -> Surface:
    """Return the surface of a NumPyro model; `args` are arguments of the right shapes."""
    from numpyro import handlers
    from numpyro.infer import init_to_feasible
    from numpyro.infer.util import initialize_model

    info = initialize_model(
        jax.random.key(seed), model, init_strategy=init_to_feasible, model_args=args,
        dynamic_args=True, validate_grad=False,
    )  # fmt: skip
    flat, unravel = ravel_pytree(info.param_info.z)

    def height(x: Array, *args: Any) -> Array:
        with handlers.block():  # it may be called inside another model
            return jnp.asarray(info.potential_fn(*args)(unravel(x)))

    def sites(x: Array, *args: Any) -> dict[str, Array]:
        return dict(info.postprocess_fn(*args)(unravel(x)))

    return Surface(height, sites, np.asarray(flat))


def sample(
    model: Callable[..., None],
    seed: int,
    steps: int,
    *args: Any,
    kept: Checkpoint = NOWHERE,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Draws, dict[str, float]]:
    """Draw from the posterior of a NumPyro model; see ``draw``."""
    return draw(surface(model, seed, *args), seed, steps, *args, kept=kept, progress=progress)


def draw(
    found: Surface,
    seed: int,
    steps: int,
    *args: Any,
    kept: Checkpoint = NOWHERE,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Draws, dict[str, float]]:
    """Draw from a posterior.

    Parameters
    ----------
    steps : draws kept of each of two NUTS chains; 0 for the quick way: draws of the normal
        approximation.
    args : arguments of the model: the data.
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
    from hidra.inference.chains import judge, nuts

    done = kept.once("normal", lambda: _normal(found, seed, args))
    centre, spread = jnp.asarray(done["centre"]), jnp.asarray(done["spread"])
    size = len(found.start)
    if steps == 0:
        w, judged = _typical(found, centre, spread, seed, args)
        progress(1, 1)
        return _numbers(found.values(centre + w @ spread.T, *args)), judged

    def height(w: Array) -> Array:
        return found.height(centre + spread @ w, *args)

    chains, divergences = nuts(height, size, seed, steps, kept=kept, progress=progress)
    flat = jnp.asarray(chains).reshape(-1, size)
    draws = _numbers(found.values(centre + flat @ spread.T, *args))
    by_chain = {n: v.reshape(*chains.shape[:2], *v.shape[1:]) for n, v in draws.items()}
    return draws, judge(by_chain) | {"divergences": divergences}


def _numbers(found: dict[str, Array]) -> Draws:
    return {name: np.asarray(value) for name, value in found.items()}


def _normal(found: Surface, seed: int, args: Args) -> Draws:
    """Centre and spread of the normal approximation."""
    mode, spread = laplace(found, *args)
    centre = found.nearest(mode, spread, jax.random.key(seed + 3), *args)
    return {"centre": np.asarray(centre), "spread": np.asarray(spread)}


def laplace(found: Surface, *args: Any) -> tuple[Array, Array]:
    """Return the mode, and L with L L' the inverse curvature there."""

    def value(x: np.ndarray) -> tuple[float, np.ndarray]:
        at, gradient = found.slope(x, *args)
        return float(at), np.asarray(gradient, dtype=float)

    limits = {"maxiter": 3000, "maxfun": 4000}
    best = minimize(value, found.start, jac=True, method="L-BFGS-B", options=limits)
    if not np.isfinite(best.fun):
        raise FitError(
            _("The posterior has no finite mode."),
            where="fit",
            fix=_("Check the records for impossible values, and the priors of the study."),
        )
    curvature = np.asarray(found.curvature(jnp.asarray(best.x), *args))
    size, direction = np.linalg.eigh((curvature + curvature.T) / 2)
    # where the records bend the surface down, a wide prior is taken
    spread = direction / np.sqrt(np.maximum(size, FLAT))
    return jnp.asarray(best.x), jnp.asarray(spread)


def mean_of(found: Surface, mode: Array, spread: Array, key: Array, *args: Any) -> Array:
    """Return the centre of the normal with this spread that lies closest to the posterior.

    Closest in the sense of Kullback and Leibler, by NumPyro's stochastic variational inference.
    """
    import numpyro
    from numpyro import distributions as dist
    from numpyro.infer import SVI, Trace_ELBO

    flat = dist.ImproperUniform(dist.constraints.real, (), event_shape=mode.shape)

    def model() -> None:
        w = numpyro.sample("w", flat)
        numpyro.factor("posterior", -found.height(mode + spread @ w, *args))

    def normal() -> None:
        centre = numpyro.param("centre", jnp.zeros(mode.shape))
        numpyro.sample("w", dist.Normal(centre, 1.0).to_event(1))

    pace = numpyro.optim.Adam(lambda step: RATE * 0.05 ** (step / MOVES))
    search = SVI(model, normal, pace, Trace_ELBO(num_particles=2))
    last, _rest = jax.lax.scan(
        lambda state, _: search.update(state), search.init(key), None, length=MOVES
    )
    return jnp.asarray(mode + spread @ search.get_params(last)["centre"])


def _typical(
    found: Surface, centre: Array, spread: Array, seed: int, args: Args
) -> tuple[Array, dict[str, float]]:
    """Draw from the normal approximation, and keep what lies where a posterior has its mass.

    For a normal posterior the height above the centre has mean d/2 and standard deviation
    sqrt(d/2). Draws far above it lie where the surface bends more than at the mode.
    """
    white = jax.random.normal(jax.random.key(seed + 1), (QUICK, len(centre)))
    above = found.heights(centre + white @ spread.T, *args) - found.height(centre, *args)
    half = len(centre) / 2
    inside = np.asarray(above) < half + SPREADS * np.sqrt(half)
    excess = float(np.mean(above[inside]) / half) if inside.any() else float("inf")
    judged = {"kept": float(inside.mean()), "excess": excess}
    return white[inside] if inside.any() else white, judged
