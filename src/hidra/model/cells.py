"""Groups only where they are: cells by place, so that many draws at once fit the cache.

Of 1,717 municipalities x 166 groups some 19,000 cells hold anybody. ``Cells`` holds those alone,
sorted by place, and knows the sums, products and broadcasts an array (P, G) knows, so that core and
mechanisms say the same of both, each of one draw.

Under ``jax.vmap`` every operation on cells puts the draws last: a cell's draws lie side by side and
are computed together. Batched in front, as arrays are, the same week costs four times as much.
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
from jax.ops import segment_sum


def draws_last(function: Callable[..., Array]) -> Callable[..., Array]:
    """Let a function whose arrays lead with cells, places or groups take draws as the last axis."""
    whole = jax.custom_batching.custom_vmap(function)

    @whole.def_vmap
    def batched(_: int, mapped: Any, *arrays: Array) -> tuple[Array, bool]:
        last = (
            jnp.moveaxis(a, 0, -1) if is_mapped else a[..., None]
            for a, is_mapped in zip(arrays, mapped, strict=True)
        )
        return jnp.moveaxis(function(*last), -1, 0), True

    return whole


@dataclass(frozen=True, eq=False)
class Layout:
    """Which cells of P places x G groups are held.

    Attributes
    ----------
    place, group : (n,) of each cell; places in order.
    shape : P and G.
    """

    place: np.ndarray
    group: np.ndarray
    shape: tuple[int, int]

    @classmethod
    def of(cls, there: np.ndarray) -> Layout:
        """Hold the cells where `there` is true, (P, G)."""
        place, group = (index.astype(np.int32) for index in np.nonzero(there))
        return cls(place, group, there.shape)

    @cached_property
    def number(self) -> np.ndarray:
        """Number of the cell of each place and group, -1 where none is held, (P, G)."""
        found = np.full(self.shape, -1, np.int32)
        found[self.place, self.group] = np.arange(len(self.place))
        return found

    def take(self, array: Any) -> Cells:
        """Hold what an array (P, G) has in the cells."""
        return Cells(jnp.asarray(array)[self.place, self.group], self)

    def pairs(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return cell, other cell of the same place and weight, where it is not zero, each (E,)."""
        cells, others, found = [], [], []
        for one, other in zip(*np.nonzero(weights), strict=True):
            both = np.flatnonzero((self.number[:, one] >= 0) & (self.number[:, other] >= 0))
            cells.append(self.number[both, one])
            others.append(self.number[both, other])
            found.append(np.full(len(both), weights[one, other]))
        if not cells:
            return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0)
        order = np.argsort(np.concatenate(cells), kind="stable")
        cell, other, weight = (np.concatenate(part)[order] for part in (cells, others, found))
        return cell, other, weight

    def lay(self, array: Array, shape: tuple[int, ...]) -> Array:
        """Give each cell what an array that broadcasts to (P, G) has there, draws kept last.

        Parameters
        ----------
        shape : of the array without draws.
        """
        places, groups = self.shape
        if int(np.prod(shape)) == 1:
            return array.reshape(array.shape[len(shape) :])
        if shape in ((groups,), (1, groups)):
            return (array[0] if len(shape) == 2 else array)[self.group]
        if shape == (places, 1):
            return array[:, 0][self.place]
        if shape == self.shape:
            return array[self.place, self.group]
        raise TypeError(f"An array {shape} does not broadcast to {self.shape}.")


@partial(jax.tree_util.register_dataclass, data_fields=["values"], meta_fields=["layout"])
@dataclass(frozen=True, eq=False)
class Cells:
    """An array (P, G) that is zero outside the cells of a layout.

    Attributes
    ----------
    values : (n,), one for each cell.
    """

    values: Array
    layout: Layout
    __array_ufunc__ = None  # so that numpy, too, leaves ``x * cells`` to us

    @property
    def shape(self) -> tuple[int, int]:
        """P and G."""
        return self.layout.shape

    @property
    def ndim(self) -> int:
        """Places and groups."""
        return 2

    @property
    def dtype(self) -> Any:
        """Of the values."""
        return self.values.dtype

    def astype(self, kind: Any) -> Cells:
        """The same numbers in another precision."""
        return Cells(self.values.astype(kind), self.layout)

    def sum(self, axis: int | None = None, keepdims: bool = False) -> Array:
        """Sum over places (axis 0), over groups (axis 1), or both."""
        if axis is None:
            return draws_last(lambda v: v.sum(axis=0))(self.values)
        index = (self.layout.group, self.layout.place)[axis]
        count, order = self.shape[1 - axis], axis == 1
        found = draws_last(
            lambda v: segment_sum(v, index, count, indices_are_sorted=order)
        )(self.values)  # fmt: skip
        return jnp.expand_dims(found, axis) if keepdims else found

    def dense(self) -> Array:
        """The array (P, G)."""
        at = self.layout.place, self.layout.group
        whole = draws_last(
            lambda v: jnp.zeros((*self.shape, *v.shape[1:]), v.dtype).at[at].set(v)
        )  # fmt: skip
        return whole(self.values)

    def divided(self, parent: Array, child: Array, part: Array) -> Cells:
        """Move a part of the column of one group to that of another, in every place.

        There must be cells of the child wherever the parent has some. Nothing is computed in weeks
        in which nothing moves in any draw.
        """
        place = self.layout.place

        def moved(values: Array, parent: Array, child: Array, part: Array) -> Array:
            leaving = jnp.where(self._of(parent, values), part * values, 0.0)
            sums = segment_sum(leaving, place, self.shape[0], indices_are_sorted=True)
            arriving = jnp.where(self._of(child, values), sums[place], 0.0)
            return (values - leaving + arriving).astype(values.dtype)

        def either(values: Array, *rest: Array) -> Array:
            return jax.lax.cond((rest[2] != 0).any(), moved, lambda v, *_: v, values, *rest)

        found = draws_last(either)(self.values, parent, child, jnp.asarray(part, self.dtype))
        return Cells(found, self.layout)

    def _of(self, group: Array, values: Array) -> Array:
        return self.layout.group.reshape(-1, *[1] * (values.ndim - 1)) == group

    def __matmul__(self, x: Array) -> Array:
        """Multiply with (G,) or (G, K): sums over groups by place."""
        return _product(self, x, self.layout.group, self.layout.place, self.shape[0], True)

    def __rmatmul__(self, x: Array) -> Array:
        """Multiply (P,) or (K, P) with it: sums over places by group."""
        x = jnp.asarray(x)
        found = _product(self, x.T, self.layout.place, self.layout.group, self.shape[1], False)
        return found.T

    def __neg__(self) -> Cells:
        return Cells(-self.values, self.layout)

    def __add__(self, other: Any) -> Any:
        return cellwise(jnp.add, self, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return cellwise(jnp.subtract, self, other)

    def __rsub__(self, other: Any) -> Any:
        return cellwise(jnp.subtract, other, self)

    def __mul__(self, other: Any) -> Any:
        return cellwise(jnp.multiply, self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return cellwise(jnp.divide, self, other)

    def __pow__(self, power: float) -> Cells:
        return Cells(self.values**power, self.layout)


def _product(
    cells: Cells, x: Array, taken: np.ndarray, into: np.ndarray, count: int, order: bool
) -> Array:
    def product(values: Array, x: Array) -> Array:
        rows = x[taken]
        spread = values if rows.ndim == values.ndim else values[:, None]
        return segment_sum(spread * rows, into, count, indices_are_sorted=order)

    return draws_last(product)(cells.values, jnp.asarray(x))


def cellwise(function: Callable[..., Any], *given: Any) -> Any:
    """Apply a function element by element: to cells where any is, else to the arrays as they are.

    What broadcasts to (P, G) is laid on the cells; outside them the result is taken as zero.
    """
    held = next((one for one in given if isinstance(one, Cells)), None)
    if held is None:
        return function(*given)
    number = [isinstance(one, int | float) for one in given]  # plain: it has no precision
    arrays = [
        one.values if isinstance(one, Cells) else jnp.asarray(one)
        for one, plain in zip(given, number, strict=True) if not plain
    ]  # fmt: skip
    shapes = [None if isinstance(one, Cells) else np.shape(one) for one in given]

    def laid(*arrays: Array) -> Any:
        rest = iter(arrays)
        return function(
            *(
                one if plain
                else next(rest) if shape is None
                else held.layout.lay(next(rest), shape)
                for one, plain, shape in zip(given, number, shapes, strict=True)
            )
        )  # fmt: skip

    return Cells(draws_last(laid)(*arrays), held.layout)


def of_pairs(cells: Cells, weights: np.ndarray) -> Cells:
    """Sum over the listed rivals that each group meets in its place.

    Parameters
    ----------
    weights : (G, G) of the ties, known before the first week.
    """
    cell, other, weight = cells.layout.pairs(weights)
    kind, count = cells.dtype, len(cells.layout.place)

    def met(values: Array) -> Array:
        by = jnp.asarray(weight, kind).reshape(-1, *[1] * (values.ndim - 1))
        return segment_sum(by * values[other], cell, count, indices_are_sorted=True)

    return Cells(draws_last(met)(cells.values), cells.layout)


def of_slots(cells: Cells, ties: Array) -> Cells:
    """Sum over the rivals that came about when groups split: those in the last slots.

    Parameters
    ----------
    ties : (slots, G), of the group in each slot with everybody.
    """
    layout = cells.layout
    known = layout.shape[1] - ties.shape[0]
    first = layout.group < known

    def met(values: Array, ties: Array) -> Array:
        old = first.reshape(-1, *[1] * (values.ndim - 1))
        found = jnp.zeros_like(values)
        for slot in range(ties.shape[0]):
            number = layout.number[:, known + slot]
            tie = ties[slot][layout.group]
            here = jnp.where((number >= 0).reshape(-1, *[1] * (values.ndim - 1)), values[number], 0)
            found = found + jnp.where(old, tie * here[layout.place], 0.0)
            all_ = segment_sum(tie * values, layout.place, layout.shape[0], indices_are_sorted=True)
            held = np.flatnonzero(number >= 0)
            found = found.at[number[held]].add(all_[held])
        return found

    def either(values: Array, ties: Array) -> Array:
        split = (ties != 0).any()  # until a group splits in any draw, nobody has such rivals
        return jax.lax.cond(split, met, lambda v, _: jnp.zeros_like(v), values, ties)

    return Cells(draws_last(either)(cells.values, ties), layout)
