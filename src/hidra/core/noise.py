"""Counter-based randomness keyed by (seed, draw, stream, step, entity).

Nothing is ever split in sequence: a number depends only on its key, so switching
one mechanism off, chunking draws, adding places or resuming a run leaves every
other number untouched.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

jax.config.update("jax_enable_x64", True)  # sums and luck in 64 bits; stocks keep their own dtype


def _keep_compiled() -> None:
    """Keep compiled programs on disk; ``HIDRA_COMPILE_CACHE`` is a folder for them, 0 none."""
    asked = os.environ.get("HIDRA_COMPILE_CACHE")
    if asked == "0":
        return
    home = os.environ.get("HIDRA_HOME")
    if asked or home:
        folder = Path(asked or f"{home}/compiled").expanduser()
    else:
        import platformdirs

        folder = platformdirs.user_cache_path("hidra", appauthor=False) / "compiled"
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 1.0)


_keep_compiled()


def key(seed: Array | int, draw: Array | int, stream: str) -> Array:
    """Return the key of one random stream of one draw.

    Parameters
    ----------
    seed : int or integer array ()
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
