"""Trees of named arrays to one vector and back, for solvers that know only vectors."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def leaves(tree: Any) -> list[tuple[str, FloatArray]]:
    """Every array of a tree of named tuples with its dotted name, in order."""
    return list(_named(tree, ""))


def _named(tree: Any, path: str) -> Iterator[tuple[str, FloatArray]]:
    if hasattr(tree, "_fields"):
        for name, part in zip(tree._fields, tree, strict=True):
            yield from _named(part, f"{path}.{name}" if path else name)
    else:
        yield path, tree


@dataclass(frozen=True)
class Packing:
    """Shapes of a tree; turns trees of that shape into vectors and back."""

    example: Any
    shapes: tuple[tuple[int, ...], ...]
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, example: Any) -> "Packing":
        """Packing of trees shaped like `example`."""
        shapes = tuple(map(np.shape, arrays_of(example)))
        return cls(example, shapes, tuple(accumulate(map(math.prod, shapes), initial=0)))

    @cached_property
    def _parts(self) -> list[tuple[slice, tuple[int, ...]]]:
        """Where each array lies in the vector, and its shape."""
        places = map(slice, self.offsets[:-1], self.offsets[1:])
        return list(zip(places, self.shapes, strict=True))

    @cached_property
    def _plan(self) -> Any:
        """How the tree is built: its type and the plans of its parts, None for an array."""
        return _plan_of(self.example)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Dotted name of each array."""
        return tuple(name for name, _ in leaves(self.example))

    @property
    def size(self) -> int:
        """Length of the vector."""
        return self.offsets[-1]

    def pack(self, tree: Any) -> FloatArray:
        """One vector with every array of `tree`, broadcast to the shapes of the example."""
        vector = packed(tree)
        if len(vector) == self.size:
            return vector
        vector = np.empty(self.size)
        for (name, array), shape, start, end in zip(
            leaves(tree), self.shapes, self.offsets[:-1], self.offsets[1:], strict=True
        ):
            try:
                vector[start:end].reshape(shape)[...] = array
            except ValueError as error:
                message = f"{name} has shape {np.shape(array)}, expected {shape}"
                raise ValueError(message) from error
        return vector

    def unpack(self, vector: FloatArray) -> Any:
        """The tree whose arrays are views of `vector`."""
        arrays = [vector[part].reshape(shape) for part, shape in self._parts]
        return _rebuild(self._plan, iter(arrays))

    def rebuilt(self, arrays: Iterable[FloatArray]) -> Any:
        """The tree with other arrays, in order."""
        return _rebuild(self._plan, iter(arrays))

    def name_of(self, index: int) -> str:
        """Name of the array, and the place in it, behind an element of the vector."""
        which = int(np.searchsorted(self.offsets, index, side="right")) - 1
        place = np.unravel_index(index - self.offsets[which], self.shapes[which])
        return f"{self.names[which]}[{', '.join(str(int(n)) for n in place)}]"


def arrays_of(tree: Any) -> list[Any]:
    """Every array of a tree, in order."""
    arrays: list[Any] = []
    _collect(tree, arrays)
    return arrays


def packed(tree: Any) -> FloatArray:
    """One vector with every array of a tree, in order."""
    return np.concatenate([array.ravel() for array in arrays_of(tree)])


def mapped(tree: Any, function: Callable[[Any], Any]) -> Any:
    """The tree with a function applied to every array."""
    if hasattr(tree, "_fields"):
        return type(tree)(*[mapped(part, function) for part in tree])
    return function(tree)


def _collect(tree: Any, arrays: list[Any]) -> None:
    for part in tree:
        if isinstance(part, tuple):
            _collect(part, arrays)
        else:
            arrays.append(part)


def _plan_of(example: Any) -> Any:
    if hasattr(example, "_fields"):
        return type(example)._make, [_plan_of(part) for part in example]
    return None


def _rebuild(plan: Any, arrays: Iterator[FloatArray]) -> Any:
    if plan is None:
        return next(arrays)
    make, parts = plan
    return make([next(arrays) if part is None else _rebuild(part, arrays) for part in parts])
