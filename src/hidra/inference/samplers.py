"""Draw from a smooth posterior: quickly from a normal approximation, or by long NUTS chains.

Hundreds of discrepancies and a few weakly known parameters differ in scale by a thousand. In the
coordinates of the Laplace approximation they do not. Its centre, the joint mode, is a trap: there
the discrepancies follow the records too closely and too little is left to luck. So the centre is
moved to where the mean gradient is zero (a variational mean); from there draws are quick, and NUTS
needs only short trajectories.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from hidra.core.cache import NOWHERE, Arrays, Checkpoint
from hidra.core.errors import FitError
from hidra.core.i18n import _

CHAINS = 2
BATCH = 25  # transitions of each chain between two checkpoints: seconds of work
WARM_UP = 150  # coordinates are white already: only the step size is looked for
DEPTH = 7  # at most 2^7 - 1 gradients a draw
QUICK = 800  # draws of the quick way, before those outside the bulk are left out
SPREADS = 6.0  # how far above its mean height a draw may lie, in standard deviations
FLAT = 1.0  # least curvature taken: that of the priors, which the records can only narrow
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
    replica : (D,), key, arguments -> name -> what the model would have observed.
    start : (D,) a point of finite height.
    """

    height: Callable[..., Array]
    sites: Callable[..., dict[str, Array]]
    replica: Callable[..., dict[str, Array]]
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

    def replica(x: Array, key: Array, *args: Any) -> dict[str, Array]:
        given = handlers.substitute(handlers.seed(model, key), data=sites(x, *args))
        with handlers.block():
            trace = handlers.trace(handlers.uncondition(given)).get_trace(*args)
        was = {n: s["value"] for n, s in trace.items() if s.get("infer", {}).get("was_observed")}
        return {name: value for name, value in was.items() if value.size}

    return Surface(height, sites, replica, np.asarray(flat))


@dataclass(frozen=True)
class Drawn:
    """What came of sampling.

    Attributes
    ----------
    draws : site -> (S, ...), of the draws that are kept.
    diagnostics : numbers on all draws, those that are left out too: ``drawn``, how many; of chains
        ``rhat`` and ``ess``, worst of all sites, and ``diverging``, a share; of draws of a normal
        ``psis_k``, the shape of the tail of their importance weights, ``kept``, the share in the
        bulk of the posterior, and ``excess``, their mean height above the centre where a normal
        posterior has 1. None where a number cannot be computed.
    stats : name -> (S,) of each kept draw.
    points : (all, D) every draw, unconstrained.
    """

    draws: Draws
    diagnostics: dict[str, Any]
    stats: dict[str, np.ndarray]
    points: Array


def draw(
    found: Surface,
    seed: int,
    steps: int,
    *args: Any,
    kept: Checkpoint = NOWHERE,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Drawn:
    """Draw from a posterior.

    Parameters
    ----------
    steps : draws kept of each of two NUTS chains; 0 for the quick way: draws of the normal
        approximation, without those outside the bulk of the posterior.
    args : arguments of the model: the data.
    kept : where finished pieces are kept, and looked for first.
    progress : called with transitions done and transitions in all.

    Raises
    ------
    FitError
        If the posterior has no finite mode.
    """
    done = kept.once("normal", lambda: _normal(found, seed, args))
    centre, spread = jnp.asarray(done["centre"]), jnp.asarray(done["spread"])
    if steps == 0:
        drawn = _typical(found, centre, spread, seed, args)
        progress(1, 1)
        return drawn

    def height(w: Array) -> Array:
        return found.height(centre + spread @ w, *args)

    size = len(found.start)
    chains, diverging = nuts(height, size, seed, steps, kept=kept, progress=progress)
    points = centre + jnp.asarray(chains).reshape(-1, size) @ spread.T
    draws = _numbers(found.values(points, *args))
    by_chain = {n: v.reshape(*chains.shape[:2], *v.shape[1:]) for n, v in draws.items()}
    told = {"drawn": diverging.size, "diverging": float(diverging.mean())}
    number = np.repeat(np.arange(CHAINS), steps)
    stats = {"chain": number, "diverging": diverging.ravel()}
    return Drawn(draws, judge(by_chain) | told, stats, points)


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
    # where the records bend the surface down, the prior is taken
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
    last, _ = jax.lax.scan(
        lambda state, _: search.update(state), search.init(key), None, length=MOVES
    )
    return jnp.asarray(mode + spread @ search.get_params(last)["centre"])


def _typical(found: Surface, centre: Array, spread: Array, seed: int, args: Args) -> Drawn:
    """Draw from the normal approximation, and keep what lies where a posterior has its mass.

    For a normal posterior the height above the centre has mean d/2 and standard deviation
    sqrt(d/2). Draws far above it lie where the surface bends more than at the mode; they are left
    out, but what is told of the approximation is told of them too.
    """
    white = jax.random.normal(jax.random.key(seed + 1), (QUICK, len(centre)))
    points = centre + white @ spread.T
    above = found.heights(points, *args) - found.height(centre, *args)
    half = len(centre) / 2
    inside = np.asarray(above) < half + SPREADS * np.sqrt(half)
    weights = np.asarray(0.5 * (white**2).sum(axis=1) - above)  # normal against posterior, logs
    excess = float(np.mean(above) / half)
    told = {
        "drawn": QUICK,
        "kept": float(inside.mean()),
        "excess": excess if np.isfinite(excess) else None,
        "psis_k": psis_k(weights),
    }
    if not inside.any():
        inside[:] = True
    draws = _numbers(found.values(centre + white[inside] @ spread.T, *args))
    return Drawn(draws, told, {"log_weight": weights[inside]}, points)


def psis_k(log_weights: np.ndarray) -> float | None:
    """Return the shape of the tail of importance weights (Pareto smoothed importance sampling).

    Above 0.7 the weights are of no use: what was drawn from does not cover the target. None where
    a tail has no shape: all weights in it are alike, or most are not finite.
    """
    from arviz_stats.base import array_stats

    finite = np.isfinite(log_weights)
    if 2 * finite.sum() < len(log_weights):
        return None
    whole = np.where(finite, log_weights, log_weights[finite].min())
    try:
        with np.errstate(all="ignore"):
            shape = float(array_stats.psislw(-whole)[1])  # it is made for log likelihoods
    except ValueError:
        return None
    return shape if np.isfinite(shape) else None


def predictive(
    found: Surface, points: Array, seed: int, seen: Mapping[str, np.ndarray], *args: Any
) -> dict[str, dict[str, float]]:
    """Compare what was observed with what the model would observe at each draw.

    Parameters
    ----------
    points : (S, D) all draws. seen : site -> what was observed, NaN where unknown.

    Returns
    -------
    dict
        Site -> ``coverage90``, share of the known numbers that lie in the central 90 % of their
        replicas, and ``total``, share of the draws whose replica has a larger sum than they.
    """
    keys = jax.random.split(jax.random.key(seed + 4), len(points))
    known = {n: np.isfinite(values) for n, values in seen.items() if np.isfinite(values).any()}

    def one(below: dict[str, Array], at: tuple[Array, Array]) -> tuple[Any, dict[str, Array]]:
        made = found.replica(*at, *args)
        halves = {n: 0.5 * (made[n] < seen[n]) + 0.5 * (made[n] <= seen[n]) for n in known}
        sums = {n: jnp.where(known[n], made[n], 0).sum() for n in known}
        return {n: below[n] + halves[n] for n in known}, sums

    start = {name: jnp.zeros(seen[name].shape) for name in known}
    below, sums = jax.jit(lambda p, k: jax.lax.scan(one, start, (p, k)))(points, keys)
    rank = {n: np.asarray(below[n])[where] / len(points) for n, where in known.items()}
    return {
        name: {
            "coverage90": float(np.mean(np.abs(rank[name] - 0.5) <= 0.45)),
            "total": float(np.mean(np.asarray(sums[name]) > np.nansum(seen[name]))),
        }
        for name in known
    }


def nuts(
    height: Callable[[Array], Array],
    dimensions: int,
    seed: int,
    steps: int,
    *,
    kept: Checkpoint = NOWHERE,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[np.ndarray, np.ndarray]:
    """Run the chains in white coordinates.

    Parameters
    ----------
    height : (D,) -> minus log density. steps : draws kept of each chain, after the warm-up.
    kept : batches found there are not computed again; the result is the same bit for bit.

    Returns
    -------
    draws : (chain, steps, D). diverging : (chain, steps) whether the transition to each diverged.
    """
    from numpyro.infer import NUTS

    kernel = NUTS(potential_fn=height, max_tree_depth=DEPTH, adapt_mass_matrix=False)
    begin = jax.random.normal(jax.random.key(seed + 1), (CHAINS, dimensions))
    keys = jax.random.split(jax.random.PRNGKey(seed + 2), CHAINS)
    alone = [kernel.init(k, WARM_UP, at, (), {}) for k, at in zip(keys, begin, strict=True)]
    first = jax.tree.map(lambda *of: jnp.stack(of), *alone)
    shape = jax.tree.structure(first)

    def one(state: Any, _: None) -> Any:
        later = kernel.sample(state, (), {})
        return later, (later.z, later.diverging)

    @jax.jit
    def batch(states: Any) -> Any:  # one after the other: side by side a gradient costs tenfold
        return jax.lax.map(lambda state: jax.lax.scan(one, state, None, length=BATCH), states)

    def work(before: Arrays) -> Arrays:
        state = jax.tree.unflatten(shape, [jnp.asarray(before[n]) for n in _names(before)])
        state, (z, diverging) = batch(state)
        return _piece(state) | {"z": np.asarray(z), "diverging": np.asarray(diverging)}

    total = -(-(WARM_UP + steps) // BATCH)
    piece, found = _piece(first), []
    for number in range(total):
        piece = kept.once(f"chains-{number:05d}", lambda piece=piece: work(piece))  # type: ignore[misc]
        found.append((piece["z"], piece["diverging"]))
        progress((number + 1) * BATCH, total * BATCH)
    whole = (np.concatenate(parts, axis=1) for parts in zip(*found, strict=True))
    z, diverging = (part[:, WARM_UP:][:, :steps] for part in whole)
    return z, diverging


def judge(found: Draws) -> dict[str, float | None]:
    """Return worst rank-normalised R-hat and bulk effective draws, site -> (chain, draw, ...)."""
    from arviz_stats.base import array_stats

    def each(of: Callable[..., Any]) -> np.ndarray:
        with np.errstate(all="ignore"):  # what does not vary has neither
            parts = [np.ravel(of(v, chain_axis=0, draw_axis=1)) for v in found.values()]
        flat = np.concatenate(parts)
        return flat[np.isfinite(flat)]

    rhat, ess = each(array_stats.rhat), each(array_stats.ess)
    return {
        "rhat": float(rhat.max()) if rhat.size else None,
        "ess": float(ess.min()) if ess.size else None,
    }


def _piece(state: Any) -> Arrays:
    return {f"state{i:02d}": np.asarray(leaf) for i, leaf in enumerate(jax.tree.leaves(state))}


def _names(piece: Arrays) -> list[str]:
    return sorted(name for name in piece if name.startswith("state"))
