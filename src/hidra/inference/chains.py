"""NUTS chains in batches: the state after each batch is kept, so that a killed run goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from hidra.inference.checkpoint import NOWHERE, Checkpoint, Piece

CHAINS = 2
BATCH = 25  # transitions of each chain between two checkpoints: seconds of work
WARM_UP = 150  # coordinates are white already: only the step size is looked for
DEPTH = 7  # at most 2^7 - 1 gradients a draw


def nuts(
    height: Callable[[Array], Array],
    dimensions: int,
    seed: int,
    steps: int,
    *,
    kept: Checkpoint = NOWHERE,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[np.ndarray, int]:
    """Run the chains in white coordinates.

    Parameters
    ----------
    height : (D,) -> minus log density. steps : draws kept of each chain, after the warm-up.
    kept : batches found there are not computed again; the result is the same bit for bit.

    Returns
    -------
    draws : (chain, steps, D). divergences : number of divergent transitions among them.
    """
    from numpyro.infer import NUTS

    kernel = NUTS(potential_fn=height, max_tree_depth=DEPTH, adapt_mass_matrix=False)
    begin = jax.random.normal(jax.random.key(seed + 1), (CHAINS, dimensions))
    keys = jax.random.split(jax.random.PRNGKey(seed + 2), CHAINS)
    first = kernel.init(keys, WARM_UP, begin, (), {})
    shape = jax.tree.structure(first)

    @jax.jit
    def batch(state: Any) -> Any:
        def one(state: Any, _: None) -> Any:
            later = kernel.sample(state, (), {})
            return later, (later.z, later.diverging)

        return jax.lax.scan(one, state, None, length=BATCH)

    def work(before: Piece) -> Piece:
        state = jax.tree.unflatten(shape, [jnp.asarray(before[n]) for n in _names(before)])
        state, (z, diverging) = batch(state)
        return _piece(state) | {"z": np.asarray(z), "diverging": np.asarray(diverging)}

    total = -(-(WARM_UP + steps) // BATCH)
    piece, found = _piece(first), []
    for number in range(total):
        piece = kept.once(f"chains-{number:05d}", lambda piece=piece: work(piece))  # type: ignore[misc]
        found.append((piece["z"], piece["diverging"]))
        progress((number + 1) * BATCH, total * BATCH)
    z, diverging = (np.concatenate(parts)[WARM_UP:][:steps] for parts in zip(*found, strict=True))
    return np.swapaxes(z, 0, 1), int(diverging.sum())


def judge(found: dict[str, np.ndarray]) -> dict[str, float]:
    """Return worst R-hat and effective sample size of draws site -> (chain, draw, ...)."""
    from numpyro.diagnostics import summary

    rows = summary(found).values()
    return {
        "rhat": float(max(np.nanmax(row["r_hat"]) for row in rows)),
        "ess": float(min(np.nanmin(row["n_eff"]) for row in rows)),
    }


def _piece(state: Any) -> Piece:
    return {f"state{i:02d}": np.asarray(leaf) for i, leaf in enumerate(jax.tree.leaves(state))}


def _names(piece: Piece) -> list[str]:
    return sorted(name for name in piece if name.startswith("state"))
