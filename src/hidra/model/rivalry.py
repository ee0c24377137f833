"""How many listed rivals each group meets: the dearest product of a week.

The network is sparse (92 pairs of 150 groups) and stays as it is; groups that split off bring a
few full rows. So the product with members is taken in these two parts, never with one whole matrix.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.experimental.sparse import BCSR
from scipy.sparse import csr_array


def sparse(rivals: np.ndarray, kind: np.dtype) -> BCSR:
    """Return rivalries as the list of those that are not zero, which multiplies like a matrix."""
    return BCSR.from_scipy_sparse(csr_array(rivals.astype(kind)))


def of_network(attackers: Array, rivals: Array | BCSR) -> Array:
    """Sum over the rivals that the network lists, (P, G); rivalry is mutual.

    Parameters
    ----------
    attackers : (P, G). rivals : (G, G), with zeros for the free slots.
    """
    found: Array = (rivals @ attackers.T).T
    return found


def of_split(attackers: Array, ties: Array) -> Array:
    """Sum over the rivals that came about when groups split, (P, G).

    Parameters
    ----------
    attackers : (P, G). ties : (slots, G), of the groups in the last slots with everybody; those
        among them stand twice, mutual like the others.
    """
    known = ties.shape[1] - ties.shape[0]
    on_known = attackers[:, known:] @ ties[:, :known]
    return jnp.concatenate([on_known, attackers @ ties.T], axis=1)
