"""Arrays whose axes have names: the least that expressions need of them.

Plain NumPy underneath, because a scoreboard takes hundreds of small steps and a labelled array
of a library costs more a step than the arithmetic. Every step treats a run as it treats the
others beside it.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Operator = Callable[[FloatArray, FloatArray], FloatArray]


class Named(NamedTuple):
    """An array whose axes have names."""

    values: FloatArray
    dims: tuple[Hashable, ...]
    """Names of the axes, in order."""
    places: dict[Hashable, tuple[int, ...]]
    """Which labels of the data set lie on an axis, where some of them were chosen."""

    def axis(self, dimension: Hashable) -> int:
        """Place of an axis."""
        return self.dims.index(dimension)

    def places_on(self, dimension: Hashable) -> tuple[int, ...]:
        """Which labels of the data set lie on an axis: all unless some were chosen."""
        everything = range(self.values.shape[self.axis(dimension)])
        return self.places.get(dimension, tuple(everything))

    def without(self, dimension: Hashable, values: FloatArray) -> "Named":
        """The values that are left when an axis is gone."""
        dims = tuple(name for name in self.dims if name != dimension)
        places = {name: kept for name, kept in self.places.items() if name != dimension}
        return Named(values, dims, places)

    def taken(self, dimension: Hashable, rows: list[int], places: tuple[int, ...]) -> "Named":
        """Some rows of an axis, which lie at `places` of the data set."""
        axis = self.axis(dimension)
        # not `take`, which puts all of an array in another order in memory first
        values = np.moveaxis(np.moveaxis(self.values, axis, 0)[rows], 0, axis)
        return Named(values, self.dims, {**self.places, dimension: places})

    def spread(self, dims: tuple[Hashable, ...]) -> FloatArray:
        """The values with axes in the order of `dims`, of length one where there is none."""
        if self.dims == dims:
            return self.values
        own = [name for name in dims if name in self.dims]
        new = tuple(place for place, name in enumerate(dims) if name not in self.dims)
        ordered = self.values.transpose([self.axis(name) for name in own])
        return np.asarray(np.expand_dims(ordered, new))


def joined(operator: Operator, left: Named, right: Named) -> Named:
    """Combine two values axis by axis; of labels that were kept apart, those of both."""
    for dimension in left.places.keys() | right.places.keys():
        if dimension in left.dims and dimension in right.dims:
            left, right = _shared(left, right, dimension), _shared(right, left, dimension)
    dims = (*left.dims, *(name for name in right.dims if name not in left.dims))
    values = np.asarray(operator(left.spread(dims), right.spread(dims)))
    return Named(values, dims, {**left.places, **right.places})


def _shared(value: Named, other: Named, dimension: Hashable) -> Named:
    """Return the labels of an axis that another value has too, in the data set's order."""
    own, others = value.places_on(dimension), other.places_on(dimension)
    if own == others:
        return value
    row_of = {place: row for row, place in enumerate(own)}
    places = tuple(sorted(row_of.keys() & set(others)))
    return value.taken(dimension, [row_of[place] for place in places], places)


def total(value: Named, kept: Iterable[Hashable]) -> Named:
    """Add up over all axes but those kept; missing counts as nothing unless all is."""
    for dimension in sorted(set(value.dims) - set(kept), key=str):
        axis = value.axis(dimension)
        summed = added(value.values, axis, range(value.values.shape[axis]))
        value = value.without(dimension, summed)
    return value


def added(values: FloatArray, axis: int, rows: Collection[int]) -> FloatArray:
    """Add up rows of an axis; missing counts as nothing unless all is."""
    moved = np.moveaxis(values, axis, 0)
    plain = added_in_order(moved, rows)
    if rows and not np.isnan(plain).any():
        return plain
    known = moved[list(rows)]
    missing = np.isnan(known).all(axis=0)
    filled = added_in_order(np.where(np.isnan(known), 0.0, known), range(len(rows)))
    return np.where(missing, np.nan, filled)


def added_in_order(values: FloatArray, rows: Iterable[int]) -> FloatArray:
    """Add up rows of the first axis, in their order.

    One after the other, because the order in which `numpy.sum` adds depends on the shape and
    a run must have the same bits alone and among others.
    """
    summed: FloatArray | None = None
    for row in rows:
        if summed is None:
            summed = np.array(values[row], order="K")
        else:
            summed += values[row]
    return np.zeros(values.shape[1:]) if summed is None else summed
