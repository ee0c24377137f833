"""How near municipalities are to one another: neighbour lists that multiply like a matrix.

A matrix of 2,475 x 2,475 would be almost all zeros, and its product with members the dearest step
of a week. Here a municipality is near those it touches and no others; see ``municipal_nearness``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental.sparse import BCSR


@partial(jax.tree_util.register_dataclass, data_fields=["rows", "columns"], meta_fields=[])
@dataclass(frozen=True)
class Near:
    """A sparse matrix that knows the products an array knows: ``near @ x``, ``x @ near``, ``.T``.

    So a mechanism says the same of 32 states, all near all, and of municipalities.

    Attributes
    ----------
    rows : the matrix, and `columns` its transpose, each by rows; (P, P).
    """

    rows: BCSR
    columns: BCSR
    __array_ufunc__ = None  # so that numpy, too, leaves ``x @ near`` to us

    @property
    def T(self) -> Near:  # noqa: N802
        """The transpose."""
        return Near(self.columns, self.rows)

    def astype(self, kind: Any) -> Near:
        """The same numbers in another precision."""
        return jax.tree.map(
            lambda leaf: leaf.astype(kind) if jnp.issubdtype(leaf.dtype, jnp.floating) else leaf,
            self,
        )

    def __matmul__(self, x: Any) -> Any:
        """Multiply (P, P) with (P, ...)."""
        return self.rows @ jnp.asarray(x)

    def __rmatmul__(self, x: Any) -> Any:
        """Multiply (P,) with (P, P)."""
        return self.columns @ jnp.asarray(x)


def municipal_nearness(codes: tuple[str, ...]) -> Near:
    """One over the distance between centroids to the municipalities one touches; rows sum to one.

    Parameters
    ----------
    codes : of the municipalities; a neighbour that is not among them is nobody's neighbour.

    Source: reference tables ``municipality_neighbour`` and ``municipality``.
    """
    from scipy.sparse import coo_array

    from hidra.data import reference

    row = {code: number for number, code in enumerate(codes)}
    pairs = reference.table("municipality_neighbour")
    pairs = pairs[pairs["place"].isin(row) & pairs["neighbour"].isin(row)]
    one, other = (pairs[name].map(row).to_numpy(int) for name in ("place", "neighbour"))
    at = reference.table("municipality").set_index("place").loc[list(codes), ["lat", "lon"]]
    weight = 1.0 / np.maximum(_apart(at.to_numpy(float), one, other), 1.0)
    both = (np.append(weight, weight), (np.append(one, other), np.append(other, one)))
    near = coo_array(both, shape=(len(codes),) * 2).tocsr()
    whole = near.sum(axis=1)
    near = near.multiply(1.0 / np.where(whole > 0, whole, 1.0)[:, None]).tocsr()
    return Near(BCSR.from_scipy_sparse(near), BCSR.from_scipy_sparse(near.T.tocsr()))


def _apart(at: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Great-circle distance of pairs of points in degrees, km."""
    (lat, lon), (lat_other, lon_other) = np.radians(at[one]).T, np.radians(at[other]).T
    half = np.sin((lat - lat_other) / 2) ** 2
    half = half + np.cos(lat) * np.cos(lat_other) * np.sin((lon - lon_other) / 2) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(half)))
