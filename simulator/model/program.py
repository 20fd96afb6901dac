"""Operations on nodes as a list of instructions on numbered rows: what engines run.

A row holds one number of every scenario that is run together. An operand of an instruction is
either a list of rows, or a list of scalars: constants, and values that are the same in all
scenarios. Rows are used again once nothing reads them any more, so that the working set fits
the caches of a processor.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.model.lowering import Group, Nodes

Rows = NDArray[np.int64]


class Operand(NamedTuple):
    """Where an operand lies."""

    places: Rows
    """Row of each element, or its scalar."""
    in_rows: bool
    """Whether it lies in rows."""


class Instruction(NamedTuple):
    """One operation on rows."""

    operation: str
    first: int
    """Row of the first result; the others follow."""
    count: int  # type: ignore[assignment]  # a row count, not the method of a tuple
    operands: tuple[Operand, ...]


class Program(NamedTuple):
    """Instructions, and where inputs, scalars and outputs lie."""

    instructions: tuple[Instruction, ...]
    height: int
    """How many rows there are."""
    inputs: Nodes
    """Nodes of the first rows, which the caller fills."""
    scalars: Nodes
    """Node of each scalar, which the caller fills; each stands once."""
    outputs: Rows
    """Row of each output."""


class _Allocator:
    """Gives out stretches of rows, the lowest that are free."""

    def __init__(self, taken: int) -> None:
        self._free = np.ones(max(2 * taken, 1024), bool)
        self._free[:taken] = False
        self.height = taken

    def take(self, count: int) -> int:
        """First row of a free stretch."""
        padded = np.concatenate([[False], self._free, [False]]).astype(np.int8)
        edges = np.flatnonzero(np.diff(padded))
        starts, ends = edges[::2], edges[1::2]
        fitting = np.flatnonzero(ends - starts >= count)
        if not len(fitting):
            self._free = np.concatenate([self._free, np.ones(len(self._free) + count, bool)])
            return self.take(count)
        start = int(starts[fitting[0]])
        self._free[start : start + count] = False
        self.height = max(self.height, start + count)
        return start

    def give_back(self, rows: Rows) -> None:
        """Let rows be used again."""
        self._free[rows] = True


class _Counter:
    """Gives every stretch rows of its own."""

    def __init__(self, taken: int) -> None:
        self.height = taken

    def take(self, count: int) -> int:
        """First of the next rows."""
        self.height += count
        return self.height - count


def assemble(
    groups: Sequence[Group],
    is_row: NDArray[np.bool_],
    inputs: Nodes,
    outputs: Nodes,
    *,
    reuse: bool = True,
) -> Program:
    """Order groups into a program.

    Parameters
    ----------
    groups
        Operations in order; those whose results are no rows are left out.
    is_row
        Whether a node is a row, by node; every other node is a scalar.
    inputs
        Nodes of the rows that are given.
    outputs
        Nodes that must be there at the end, all of them rows.
    reuse
        Whether rows that nothing reads any more are given to other results; finding them takes
        most of the time, and a plan of calls together has rows of its own.
    """
    parts = [part for group in groups for part in _parts(group, is_row)]
    last_use = _last_uses(parts, is_row, outputs)
    allocator = _Allocator(len(inputs)) if reuse else _Counter(len(inputs))
    place = np.full(len(is_row), -1)
    place[inputs] = np.arange(len(inputs))
    scalars: dict[int, int] = {}
    instructions = []
    for number, part in enumerate(parts):
        operands = []
        for nodes in part.operands:
            if is_row[nodes[0]]:
                operands.append(Operand(place[nodes], in_rows=True))
            else:
                places = [scalars.setdefault(node, len(scalars)) for node in nodes.tolist()]
                operands.append(Operand(np.array(places), in_rows=False))
        first = allocator.take(len(part.results))
        place[part.results] = np.arange(first, first + len(part.results))
        instructions.append(
            Instruction(part.operation, first, len(part.results), tuple(operands))
        )
        if isinstance(allocator, _Counter):
            continue
        ended = [nodes[last_use[nodes] == number] for nodes in part.operands]
        gone = np.unique(np.concatenate([nodes[is_row[nodes]] for nodes in ended]))
        allocator.give_back(place[gone[place[gone] >= len(inputs)]])
    return Program(
        tuple(instructions),
        allocator.height,
        inputs,
        np.array(list(scalars), dtype=np.int64),
        place[outputs],
    )


def _parts(group: Group, is_row: NDArray[np.bool_]) -> list[Group]:
    """Split a group so that an operand is either all rows or all scalars."""
    mine = is_row[group.results]
    if not mine.any():
        return []
    patterns: Any = np.zeros(len(group.results), np.int64)
    for nodes in group.operands:
        patterns = 2 * patterns + is_row[nodes]
    found = []
    for pattern in np.unique(patterns[mine]):
        here = mine & (patterns == pattern)
        operands = tuple(nodes[here] for nodes in group.operands)
        found.append(Group(group.operation, group.results[here], operands))
    return found


def _last_uses(parts: Sequence[Group], is_row: NDArray[np.bool_], outputs: Nodes) -> Rows:
    """Number of the last part that reads each node; beyond all of them for outputs."""
    last = np.full(len(is_row), -1)
    for number, part in enumerate(parts):
        for nodes in part.operands:
            last[nodes] = number
    last[outputs] = len(parts)
    return last
