"""Counter-based randomness keyed by (seed, draw, stream, step, entity).

Nothing is ever split in sequence: a number depends only on its key, so switching
one mechanism off, chunking draws, adding places or resuming a run leaves every
other number untouched.
"""

from __future__ import annotations

import zlib
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

jax.config.update("jax_enable_x64", True)  # sums and luck in 64 bits; stocks keep their own dtype


def key(seed: int, draw: Array | int, stream: str) -> Array:
    """Return the key of one random stream of one draw.

    Parameters
    ----------
    seed : int
        The study's seed, 0 <= seed < 2**32.
    draw : int or integer array ()
        Number of the ensemble member.
    stream : str
        Name of the mechanism or of the observing agency.
    """
    return jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), name(stream)), draw)


def name(text: str) -> int:
    """Turn a name into an integer that is the same in every process, unlike hash()."""
    return zlib.crc32(text.encode())


def at(stream: Array, step: Array | int) -> Array:
    """Return the key of one time step of a stream."""
    return jax.random.fold_in(stream, step)


def each(stream: Array, entities: Any) -> Array:
    """Return one key per entity; `entities` are stable integer codes, shape (n,)."""
    return jax.vmap(jax.random.fold_in, (None, 0))(stream, jnp.asarray(entities, jnp.uint32))


def uniform(stream: Array, entities: Any) -> Array:
    """Return one uniform number in [0, 1) per entity, shape (n,)."""
    return jax.vmap(jax.random.uniform)(each(stream, entities))
