"""Record the array operations of the right-hand side once.

The equations neither branch on values nor change arrays in place, so every evaluation makes the
same calls on arrays of the same shapes. `Traced` arrays, passed through the equations once,
write each call on a tape. What depends on parameters alone is computed while recording and
never again; a call that repeats an earlier one is recorded once; calls that nothing reads are
dropped; the rest has its result in an array of its own, of which slices and new axes are views.

The equations know nothing of this: to them a traced array is an array.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

Array = NDArray[Any]


class Call(NamedTuple):
    """One operation on the tape."""

    operands: tuple[Array, ...]
    result: Array
    name: str
    """What is done: a ufunc, ``add.reduce``, ``where``, ``gather``, ``concatenate``..."""
    detail: Any
    """Axes of a reduction, place of a gathering, axis of a join; of any other function what it
    is and what it is given besides its first argument."""


class Traced(NDArrayOperatorsMixin):
    """An array that depends on the inputs of the tape."""

    __slots__ = ("array", "tape")

    def __init__(self, tape: "Tape", array: Array) -> None:
        self.tape = tape
        self.array = array

    def __array_ufunc__(
        self, function: Any, method: str, *operands: Any, **options: Any
    ) -> Any:
        """Arithmetic, functions of one element, and reductions."""
        if method == "reduce":
            return self.tape.reduce(function, *operands, **options)
        if method != "__call__" or options:
            return NotImplemented
        return self.tape.elementwise(function, operands)

    def __array_function__(
        self, function: Any, _: Any, operands: Any, options: dict[str, Any]
    ) -> Any:
        """Everything else that NumPy offers."""
        return self.tape.function(function, operands, options)

    def __pow__(self, exponent: Any) -> Any:
        """A square is far cheaper than a power."""
        if isinstance(exponent, int | float) and exponent == 2:
            return self.tape.elementwise(np.square, (self,))
        return self.tape.elementwise(np.power, (self, exponent))

    def __getitem__(self, place: Any) -> Any:
        """A view where the place allows it, a gathered copy otherwise."""
        part = self.array[place]
        if isinstance(part, np.ndarray) and np.may_share_memory(part, self.array):
            return Traced(self.tape, part)
        return self.tape.gather(self.array, place)

    def __len__(self) -> int:
        """Length of the first axis."""
        return len(self.array)

    def __iter__(self) -> Any:
        """Go along the first axis."""
        return (self[place] for place in range(len(self)))

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape."""
        return self.array.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.array.ndim

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.array.size

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Sum over axes."""
        return self.tape.reduce(np.add, self, axis=axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> Any:
        """The same elements in another shape."""
        whole = self.tape.contiguous(self.array)
        return Traced(self.tape, whole.reshape(*shape))


class Tape:
    """Operations in the order in which the equations made them."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._known: dict[Any, Array] = {}

    def input(self, array: Array) -> Traced:
        """An array that may hold other numbers another time."""
        return Traced(self, array)

    # --- what the equations call ---------------------------------------------------------

    def elementwise(self, function: Any, given: Sequence[Any]) -> Any:
        """A ufunc, with what needs no computing left out."""
        arrays = tuple(_array(item) for item in given)
        constant = [not isinstance(item, Traced) for item in given]
        each = function.signature is None  # element by element, unlike a matrix product
        if each and len(arrays) == 2 and any(constant):
            shape = np.broadcast_shapes(*(array.shape for array in arrays))
            fixed = constant.index(True)
            simple = _simplify(function, fixed, arrays[fixed])
            if simple == "nothing":
                return np.zeros(shape)
            if simple == "unchanged":
                same = given[1 - fixed]
                return same if same.shape == shape else self._spread(same.array, shape)
        key = (function.__name__, *map(_identity, arrays, constant))
        if key in self._known:
            return Traced(self, self._known[key])
        result = _owned(function(*arrays))
        return self._record(key, arrays, result, function.__name__)

    def reduce(
        self, function: Any, given: Any, axis: Any = 0, *, keepdims: bool = False, **_: Any
    ) -> Any:
        """A reduction over some axes."""
        array = given.array
        axes = tuple(range(array.ndim)) if axis is None else axis
        key = (function.__name__, "reduce", _identity(array, constant=False), axes, keepdims)
        if key in self._known:
            return Traced(self, self._known[key])
        result = _owned(function.reduce(array, axis=axes, keepdims=keepdims))
        name = f"{function.__name__}.reduce"
        return self._record(key, (array,), result, name, axes)

    def gather(self, array: Array, place: Any) -> Traced:
        """Elements that are no view."""
        return self._record(None, (array,), _owned(array[place]), "gather", place)

    def function(self, function: Any, given: Any, options: dict[str, Any]) -> Any:
        """Choices, joins, and whatever else, as NumPy defines it."""
        if function is np.broadcast_arrays:
            shape = np.broadcast_shapes(*(_array(item).shape for item in given))
            return tuple(self._spread(_array(item), shape) for item in given)
        if function is np.where:
            arrays = tuple(_array(item) for item in given)
            return self._choice(arrays, [not isinstance(item, Traced) for item in given])
        if function is np.stack:  # rows with another axis, joined
            axis = options.get("axis", 0)
            rows = [np.expand_dims(_array(item), axis) for item in given[0]]
            return self.function(np.concatenate, (rows,), {"axis": axis})
        if function in (np.ones_like, np.zeros_like):  # known whatever the values are
            return function(_array(given[0]))
        plain = _plain(given)
        result = _owned(function(*plain, **options))
        arrays = tuple(_arrays_in(plain))
        axis = options.get("axis", 0)
        detail = axis if function is np.concatenate else (function, plain[1:], options)
        return self._record(None, arrays, result, function.__name__, detail)

    def _choice(self, arrays: Sequence[Array], constant: Sequence[bool]) -> Traced:
        condition, chosen, otherwise = arrays
        key = ("where", *map(_identity, arrays, constant))
        if key in self._known:
            return Traced(self, self._known[key])
        result = _owned(np.where(condition, chosen, otherwise))
        return self._record(key, tuple(arrays), result, "where")

    def contiguous(self, array: Array) -> Array:
        """The array itself where its elements lie in order, else a copy."""
        if array.flags.c_contiguous:
            return array
        result = np.array(array, order="C")
        self._record(None, (array,), result, "copy")
        return result

    # --- the tape ------------------------------------------------------------------------

    def calls(self, outputs: Sequence[Array]) -> tuple[Call, ...]:
        """Operations that the outputs depend on, in order."""
        needed = {id(memory_of(array)) for array in outputs}
        kept = []
        for call in reversed(self._calls):
            if id(memory_of(call.result)) in needed:
                kept.append(call)
                needed.update(id(memory_of(array)) for array in call.operands)
        return tuple(reversed(kept))

    def _spread(self, array: Array, shape: tuple[int, ...]) -> Traced:
        return Traced(self, np.broadcast_to(array, shape))

    def _record(
        self,
        key: Any,
        operands: tuple[Array, ...],
        result: Array,
        name: str,
        detail: Any = None,
    ) -> Traced:
        self._calls.append(Call(operands, result, name, detail))
        if key is not None:
            self._known[key] = result
        return Traced(self, result)


def _simplify(function: Any, place: int, constant: Array) -> str:
    """Whether a constant operand makes the result zero, or the other operand.

    A product with zero counts as zero even where the other operand is not finite.
    """
    if function is np.multiply and not constant.any():
        return "nothing"
    right = place == 1
    if function is np.add or (function is np.subtract and right):
        return "unchanged" if not constant.any() else ""
    if function is np.multiply or (function is np.divide and right):
        return "unchanged" if bool(np.all(constant == 1.0)) else ""
    return ""


def _array(item: Any) -> Array:
    """The array of an operand; numbers count as floating point."""
    if isinstance(item, Traced):
        return item.array
    if isinstance(item, np.ndarray):
        return item
    return np.asarray(item, dtype=np.float64)


def _plain(given: Any) -> Any:
    """Arguments with arrays in place of traced arrays."""
    if isinstance(given, list | tuple):
        return tuple(_plain(item) for item in given)
    return given.array if isinstance(given, Traced) else given


def _arrays_in(given: Any) -> list[Array]:
    if isinstance(given, tuple):
        return [array for item in given for array in _arrays_in(item)]
    return [given] if isinstance(given, np.ndarray) else []


def _owned(result: Any) -> Array:
    """An array with memory of its own, elements in order."""
    return np.array(result, order="C")


def memory_of(array: Array) -> Any:
    """The array that owns the memory of a view."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _identity(array: Array, constant: bool) -> Any:  # noqa: FBT001 - mapped over a list
    """Equal for operands that always hold the same values."""
    if constant:
        return array.shape, array.tobytes()
    return array.__array_interface__["data"][0], array.shape, array.strides
