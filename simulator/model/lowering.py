"""From a tape of array operations to operations on single numbers, with the dead ones left out.

Fleets differ in how many technologies they have, most technologies use two or three of twelve
carriers, and few pairs of technologies may follow each other, so most elements of the arrays
that the equations work on are zero for ever. For one scenario that costs nothing; for thousands
it is most of the work. Here every element of every array becomes a node: a constant, a value
that is the same in all scenarios (it follows from the time alone), or one that varies. What
constants decide is decided here, and only what the outputs depend on is kept.

A product with a constant zero counts as zero even where the other factor is not finite, as on
the tape. Sums are added up in pairs and quotients by constants are products with their
reciprocals, so rounding differs from NumPy's by some units in the last place; it does not
depend on how many scenarios are run together.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from simulator.errors import AssemblyError
from simulator.model.tape import Call, memory_of

Array = NDArray[Any]
Nodes = NDArray[np.int64]

CONSTANT: Final = 0
UNIFORM: Final = 1
VARYING: Final = 2

OPERATIONS: Final = (
    "add", "subtract", "multiply", "divide", "maximum", "minimum", "power",
    "greater", "greater_equal", "less", "less_equal", "equal",
    "negative", "absolute", "exp", "log", "square", "sqrt", "tanh",
    "where", "keep", "drop", "spread",
)  # fmt: skip
"""Operations that machines know, element by element; `keep` is its second operand where the
first is not zero and zero elsewhere, `drop` the contrary, `spread` writes a scalar to a row."""

_DECIDED: Final = {
    "multiply": ((0, 0.0, 0.0), (1, 0.0, 0.0)),
    "divide": ((0, 0.0, 0.0),),
    "power": ((1, 0.0, 1.0), (0, 1.0, 1.0)),
}
"""Operand, its constant value, and the number that the result then is."""

_SAME: Final = {
    "multiply": ((0, 1.0, 1), (1, 1.0, 0)),
    "add": ((0, 0.0, 1), (1, 0.0, 0)),
    "subtract": ((1, 0.0, 0),),
    "divide": ((1, 1.0, 0),),
    "power": ((1, 1.0, 0),),
    "where": ((0, 0.0, 2),),
}
"""Operand, its constant value, and the operand that the result then is."""

_LEAST_DIVISOR: Final = 1e-300
"""The reciprocal of a smaller number, or of a larger one than its own, is not a normal one."""

_PAIRWISE: Final = {
    "add.reduce": "add",
    "maximum.reduce": "maximum",
    "minimum.reduce": "minimum",
}
_ALIASES: Final = ("gather", "concatenate", "copy", "repeat", "tile", "flip", "roll")
"""What only moves elements."""


class Group(NamedTuple):
    """One operation on many nodes."""

    operation: str
    results: Nodes
    operands: tuple[Nodes, ...]
    """Nodes of each operand, as long as the results."""


class Lowered(NamedTuple):
    """What the outputs of a tape are computed from."""

    groups: tuple[Group, ...]
    """In order; none computes what no output depends on."""
    kinds: NDArray[np.int8]
    """`CONSTANT`, `UNIFORM` or `VARYING`, by node."""
    values: NDArray[np.float64]
    """Value of each constant node."""
    outputs: tuple[Nodes, ...]
    """Nodes of each output, in the order of its elements: zero for ever, or varying."""


class Lowering:
    """Nodes of the arrays of a tape."""

    def __init__(self) -> None:
        self._kinds = np.zeros(1 << 16, np.int8)
        self._values = np.zeros(1 << 16)
        self._count = 0
        self._known: dict[int, tuple[Array, Nodes]] = {}
        self._numbers: dict[int, int] = {}
        """Node of each constant, by the bits of its value."""
        self._groups: list[Group] = []

    def input(self, array: Array, kind: int | Array) -> Nodes:
        """Nodes of an array that is filled before each evaluation, (element,).

        Those that `kind` says are constant keep the values of the array.
        """
        owner = memory_of(array)
        if id(owner) not in self._known:
            fresh = self._new(owner.size, kind)
            self._values[fresh] = np.where(self._kinds[fresh] == CONSTANT, owner.ravel(), 0.0)
            self._known[id(owner)] = (owner, fresh)
        return self._nodes(array).ravel()

    def lower(self, calls: Sequence[Call], outputs: Sequence[Array]) -> Lowered:
        """Take every call apart and keep what the outputs need."""
        for call in calls:
            self._known[id(call.result)] = (call.result, self._results(call))
        wanted = tuple(self._spread(self._nodes(array).ravel()) for array in outputs)
        kinds, values = self._kinds[: self._count], self._values[: self._count]
        return Lowered(_needed(self._groups, wanted, self._count), kinds, values, wanted)

    def _spread(self, nodes: Nodes) -> Nodes:
        """The same values as rows, where they are scalars and not zero."""
        kinds = self._kinds[nodes]
        zero = (kinds == CONSTANT) & (self._values[nodes] == 0.0)
        here = np.flatnonzero((kinds != VARYING) & ~zero)
        if not len(here):
            return nodes
        made = self._new(len(here), VARYING)
        self._groups.append(Group("spread", made, (nodes[here],)))
        result = nodes.copy()
        result[here] = made
        return result

    # --- nodes -------------------------------------------------------------------------------

    def _new(self, count: int, kind: int | Array) -> Nodes:
        end = self._count + count
        while end > len(self._kinds):
            self._kinds = np.concatenate([self._kinds, np.zeros_like(self._kinds)])
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
        nodes = np.arange(self._count, end)
        self._kinds[nodes] = kind
        self._count = end
        return nodes

    def _constants(self, values: Array) -> Nodes:
        """Nodes of numbers, one for all that are the same to the last bit, (number,)."""
        flat = np.ascontiguousarray(values, dtype=np.float64).ravel()
        bits = flat.view(np.int64).tolist()
        fresh = list(dict.fromkeys(one for one in bits if one not in self._numbers))
        if fresh:
            nodes = self._new(len(fresh), CONSTANT)
            self._values[nodes] = np.array(fresh, dtype=np.int64).view(np.float64)
            self._numbers.update(zip(fresh, nodes.tolist(), strict=True))
        return np.array([self._numbers[one] for one in bits], dtype=np.int64)

    def _nodes(self, array: Array) -> Nodes:
        """Nodes of an array, in its shape; a view has those of the memory that it shows."""
        owner = memory_of(array)
        found = self._known.get(id(owner))
        if found is None or found[0] is not owner:
            return self._constants(np.ascontiguousarray(array)).reshape(array.shape)
        start = array.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
        first, size = start // owner.itemsize, found[1].itemsize
        strides = tuple(step // owner.itemsize * size for step in array.strides)
        view = as_strided(found[1][first:], array.shape, strides, writeable=False)
        return np.asarray(view)

    # --- operations --------------------------------------------------------------------------

    def _results(self, call: Call) -> Nodes:
        """Nodes of the result of a call, in the order of its elements."""
        operands = [self._nodes(array) for array in call.operands]
        if call.name in _ALIASES:
            return _moved(call, operands).ravel()
        if call.name == "matmul":
            return self._product(operands[0], operands[1])
        if call.name in _PAIRWISE:
            axes = call.detail if isinstance(call.detail, tuple) else (call.detail,)
            return self._reduced(_PAIRWISE[call.name], operands[0], axes)
        if call.name not in OPERATIONS:
            message = f"no engine has an operation {call.name}"
            raise AssemblyError(message)
        shape = call.result.shape
        spread = [np.broadcast_to(nodes, shape).ravel() for nodes in operands]
        return self._elementwise(call.name, spread)

    def _elementwise(self, operation: str, operands: Sequence[Nodes]) -> Nodes:
        """Nodes of an operation; what constants decide needs no operation."""
        kinds = [self._kinds[nodes] for nodes in operands]
        kind = np.maximum.reduce(kinds)
        results = np.full(len(kind), -1)
        fixed = kind == CONSTANT
        if fixed.any():
            folded = _fold(operation, [self._values[nodes[fixed]] for nodes in operands])
            results[fixed] = self._constants(folded)
        self._simplify(operation, operands, kinds, results)
        for here, other, instead in self._simpler(operation, operands):
            part = results[here]
            self._compute(other, [nodes[here] for nodes in instead], part)
            results[here] = part
        self._compute(operation, operands, results)
        return results

    def _compute(self, operation: str, operands: Sequence[Nodes], results: Nodes) -> None:
        """Make operations for the results that are still open, one for those that are alike."""
        left = np.flatnonzero(results < 0)
        if len(left):
            chosen = np.stack([nodes[left] for nodes in operands])
            first, back = _distinct(chosen)
            unique = chosen[:, first]
            made = self._new(unique.shape[1], np.maximum.reduce(self._kinds[unique]))
            self._groups.append(Group(operation, made, tuple(unique)))
            results[left] = made[back]

    def _simpler(
        self, operation: str, operands: Sequence[Nodes]
    ) -> Iterator[tuple[Array, str, Sequence[Nodes]]]:
        """Where a cheaper operation does the same: which, and on what."""
        if operation == "divide":  # by a constant: multiply, which takes a tenth
            size = np.abs(self._values[operands[1]])
            here = (self._kinds[operands[1]] == CONSTANT) & (size >= _LEAST_DIVISOR)
            here &= size <= 1 / _LEAST_DIVISOR
            factors = np.full(len(here), -1)
            factors[here] = self._constants(1.0 / self._values[operands[1][here]])
            yield here, "multiply", (operands[0], factors)
        elif operation == "where":
            for place, other in ((2, "keep"), (1, "drop")):
                nodes = operands[place]
                here = (self._kinds[nodes] == CONSTANT) & (self._values[nodes] == 0.0)
                yield here, other, (operands[0], operands[3 - place])

    def _simplify(
        self, operation: str, operands: Sequence[Nodes], kinds: Sequence[Array], results: Nodes
    ) -> None:
        """Fill results that are a known number or one of the operands."""

        def holds(place: int, value: float) -> Array:
            constant = kinds[place] == CONSTANT
            return np.asarray(constant & (self._values[operands[place]] == value))

        known = [
            (number, holds(at, value)) for at, value, number in _DECIDED.get(operation, ())
        ]
        same = [(place, holds(at, value)) for at, value, place in _SAME.get(operation, ())]
        if operation == "where":
            decided = (kinds[0] == CONSTANT) & ~holds(0, 0.0)
            alike = (kinds[1] == CONSTANT) & (kinds[2] == CONSTANT)
            alike &= self._values[operands[1]] == self._values[operands[2]]
            same += [(1, decided | alike | (operands[1] == operands[2]))]
        elif operation in ("maximum", "minimum"):
            same = [(0, operands[0] == operands[1])]
        for number, here in known:
            fresh = here & (results < 0)
            results[fresh] = self._constants(np.full(int(fresh.sum()), number))
        for place, here in same:
            fresh = here & (results < 0)
            results[fresh] = operands[place][fresh]

    def _reduced(self, operation: str, nodes: Nodes, axes: tuple[int, ...]) -> Nodes:
        """Reduction over axes, in pairs, constants first."""
        axes = tuple(axis % nodes.ndim for axis in axes)
        kept = [axis for axis in range(nodes.ndim) if axis not in axes]
        size = int(np.prod([nodes.shape[axis] for axis in kept], dtype=int))
        terms = nodes.transpose([*axes, *kept]).reshape(-1, size)
        if operation == "add":
            terms = self._without_zeros(terms)
        order = np.argsort(self._kinds[terms], axis=0, kind="stable")
        terms = np.take_along_axis(terms, order, axis=0)
        while len(terms) > 1:
            pairs = len(terms) // 2
            left, right = terms[:pairs], terms[pairs : 2 * pairs]
            made = self._elementwise(operation, [left.ravel(), right.ravel()])
            terms = np.concatenate([made.reshape(pairs, size), terms[2 * pairs :]])
        return np.ascontiguousarray(terms[0])

    def _without_zeros(self, terms: Nodes) -> Nodes:
        """The same sums with terms that are zero for ever left out, (fewer terms, sum)."""
        zero = (self._kinds[terms] == CONSTANT) & (self._values[terms] == 0.0)
        most = max(int((~zero).sum(axis=0).max(initial=0)), 1)
        order = np.argsort(zero, axis=0, kind="stable")[:most]
        return np.take_along_axis(terms, order, axis=0)

    def _product(self, left: Nodes, right: Nodes) -> Nodes:
        """Matrix products of (..., m, k) and (..., k, n)."""
        if min(left.ndim, right.ndim) < 2:
            message = "engines know products of matrices only"
            raise AssemblyError(message)
        pairs = np.broadcast_arrays(
            left[..., :, np.newaxis, :], np.swapaxes(right, -1, -2)[..., np.newaxis, :, :]
        )
        terms = self._elementwise("multiply", [nodes.ravel() for nodes in pairs])
        return self._reduced("add", terms.reshape(pairs[0].shape), (-1,))


def _distinct(columns: Nodes) -> tuple[Nodes, Nodes]:
    """Place of each distinct column at its first appearance, and of every column among them."""
    key, base = columns[0], int(columns.max()) + 1
    if base ** len(columns) < 2**63:  # one number for each column is quicker to sort
        for row in columns[1:]:
            key = key * base + row
        _, first, back = np.unique(key, return_index=True, return_inverse=True)
    else:
        _, first, back = np.unique(columns, axis=1, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[back.ravel()]


def _moved(call: Call, operands: Sequence[Nodes]) -> Nodes:
    """Nodes of a result that only moves elements."""
    if call.name == "gather":
        return np.asarray(operands[0][call.detail])
    if call.name == "concatenate":
        return np.concatenate(operands, axis=call.detail)
    if call.name == "copy":
        return operands[0]
    function, others, options = call.detail
    return np.asarray(function(operands[0], *others, **options))


def _fold(operation: str, values: Sequence[Array]) -> Array:
    """Result of an operation on constants."""
    if operation == "where":
        return np.where(values[0] != 0.0, values[1], values[2])
    with np.errstate(all="ignore"):
        return np.asarray(getattr(np, operation)(*values), dtype=np.float64)


def _needed(groups: Sequence[Group], outputs: Sequence[Nodes], count: int) -> tuple[Group, ...]:
    """Keep the nodes that outputs depend on."""
    needed = np.zeros(count, bool)
    for nodes in outputs:
        needed[nodes] = True
    kept = []
    for group in reversed(groups):
        here = needed[group.results]
        if here.any():
            operands = tuple(nodes[here] for nodes in group.operands)
            for nodes in operands:
                needed[nodes] = True
            kept.append(Group(group.operation, group.results[here], operands))
    return tuple(reversed(kept))
