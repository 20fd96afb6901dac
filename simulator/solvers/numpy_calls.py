"""A program as calls of NumPy.

For many scenarios arithmetic takes the time: operands are taken where they lie, and rows are
used again, so that they stay in the caches. For one scenario the calls take it: operations of
one kind that could be done together are, whatever they belong to, in a fifth of the calls. The
numbers are the same either way.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Instruction, Operand, Program, Rows
from simulator.solvers.graph import Graph, graph_of, order_of, without_repetition

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_OPERANDS: Final = 3
"""Most operands of an instruction."""


class Calls(NamedTuple):
    """What to call, and the arrays that it works in."""

    rows: FloatArray
    """(row, scenario); the first ones are the inputs."""
    scalars: FloatArray
    """(scalar,)."""
    steps: list[Callable[[], Any]]
    """To be called in order."""
    outputs: Rows
    """Row of each output after that."""


class _Scratch:
    """Memory for what lives within a step."""

    def __init__(self, longest: int, width: int) -> None:
        self.gathered: FloatArray = np.empty((_OPERANDS * longest, width))
        self.chosen: BoolArray = np.empty((longest, width), bool)


def for_many(program: Program, width: int) -> Calls:
    """Calls for a number of scenarios: those of the program, in its order."""
    rows, scalars = np.zeros((program.height, width)), np.zeros(len(program.scalars))
    taken = [
        operand.places
        for instruction in program.instructions
        for operand in instruction.operands
        if not operand.in_rows
    ]
    places = np.concatenate([*taken, np.zeros(0, np.int64)])
    spread = np.zeros((len(places), 1))
    ends = np.cumsum([len(part) for part in taken], dtype=np.int64)
    columns = iter(np.split(spread, ends)[:-1])
    scratch = _Scratch(max((item.count for item in program.instructions), default=0), width)
    steps: list[Callable[[], Any]] = [partial(scalars.take, places, 0, spread[:, 0], "clip")]
    for item in program.instructions:
        steps += _as_it_lies(rows, item, columns, scratch)
    return Calls(rows, scalars, steps, program.outputs)


def for_one(program: Program) -> Calls:
    """Calls for one scenario: as few as there can be."""
    graph = without_repetition(graph_of(program))
    together = _together(graph)
    inputs, height = len(program.inputs), len(program.inputs) + len(program.scalars)
    rows = np.zeros((height + sum(map(len, together)), 1))
    scratch = _Scratch(max(map(len, together), default=0), 1)
    row_of: dict[int, int] = {}

    def row(value: int) -> int:
        """Where a value lies: inputs, scalars, then results in the order of their steps."""
        if value < 0:
            return inputs - 1 - value
        return value if value < graph.height else row_of[value]

    steps: list[Callable[[], Any]] = []
    first = height
    for group in together:
        count = len(group)
        taken = np.array([[row(value) for value in graph.operands[n]] for n in group]).T
        row_of.update((graph.height + n, first + i) for i, n in enumerate(group))
        result = rows[first : first + count]
        operands = _gathered(steps, rows, list(taken), scratch)
        steps += _calls(graph.operations[group[0]], result, operands, scratch)
        first += count
    outputs = np.zeros(len(program.outputs), np.int64)
    for value, places in graph.results.items():
        outputs[places] = row(value)
    return Calls(rows, rows[inputs:height, 0], steps, outputs)


def _together(graph: Graph) -> list[list[int]]:
    """Operations by steps, each of one kind and of nothing that the step itself makes.

    Of the kinds that could come next it is the one with the operation from which the longest
    chain leads to a result: what could be done now but is not urgent waits for others of its
    kind.
    """
    height = graph.height
    order = order_of(graph)
    takers: dict[int, list[int]] = defaultdict(list)
    missing: dict[int, int] = {}
    for n in order:
        makers = {value - height for value in graph.operands[n] if value >= height}
        missing[n] = len(makers)
        for maker in makers:
            takers[maker].append(n)
    chain: dict[int, int] = {}
    for n in reversed(order):
        chain[n] = 1 + max((chain[taker] for taker in takers[n]), default=0)
    ready: dict[str, list[int]] = {}
    longest: dict[str, int] = {}

    def add(n: int) -> None:
        kind = graph.operations[n]
        ready.setdefault(kind, []).append(n)
        longest[kind] = max(longest.get(kind, 0), chain[n])

    for n in order:
        if not missing[n]:
            add(n)
    steps = []
    while ready:
        kind = max(longest, key=longest.__getitem__)
        del longest[kind]
        step = ready.pop(kind)
        steps.append(step)
        for taker in (taker for n in step for taker in takers[n]):
            missing[taker] -= 1
            if not missing[taker]:
                add(taker)
    return steps


def _as_it_lies(
    rows: FloatArray, item: Instruction, columns: Iterator[FloatArray], scratch: _Scratch
) -> list[Callable[[], Any]]:
    """Calls of an instruction; `columns` are its scalars and those that follow."""
    result = rows[item.first : item.first + item.count]
    views = [
        _view(rows, operand, item.count) if operand.in_rows else next(columns)
        for operand in item.operands
    ]
    scattered = [
        operand.places
        for operand, view in zip(item.operands, views, strict=True)
        if view is None
    ]
    steps: list[Callable[[], Any]] = []
    copies = iter(_gathered(steps, rows, scattered, scratch))
    operands = [next(copies) if view is None else view for view in views]
    return steps + _calls(item.operation, result, operands, scratch)


def _view(rows: FloatArray, operand: Operand, count: int) -> FloatArray | None:
    """An operand where it lies, if its rows lie evenly."""
    places = operand.places
    step = int(places[1] - places[0]) if count > 1 else 1
    if not np.all(np.diff(places) == step):
        return None
    if step == 0:
        return rows[places[0] : places[0] + 1]
    end = int(places[-1]) + (1 if step > 0 else -1)
    return rows[places[0] : None if end < 0 else end : step]


def _gathered(
    steps: list[Callable[[], Any]],
    rows: FloatArray,
    scattered: Sequence[Rows],
    scratch: _Scratch,
) -> list[FloatArray]:
    """Fresh copies of scattered rows, which a step that is added takes together."""
    if not scattered:
        return []
    count = len(scattered[0])
    copy = scratch.gathered[: len(scattered) * count]
    steps.append(partial(rows.take, np.concatenate(scattered), 0, copy, "clip"))
    return [copy[n * count : (n + 1) * count] for n in range(len(scattered))]


def _calls(
    operation: str, result: FloatArray, operands: Sequence[FloatArray], scratch: _Scratch
) -> list[Callable[[], Any]]:
    """Calls of one operation on whole arrays."""
    if operation == "spread":
        return [partial(np.copyto, result, operands[0])]
    if operation not in ("where", "keep", "drop"):
        return [partial(getattr(np, operation), *operands, out=result)]
    condition, chosen = operands[:2]
    otherwise = operands[2] if len(operands) > 2 else 0.0
    compared = np.equal if operation == "drop" else np.not_equal
    mask = scratch.chosen[: len(condition), : condition.shape[1]]
    return [
        partial(compared, condition, 0.0, mask),
        partial(np.copyto, result, otherwise),
        partial(np.copyto, result, chosen, where=mask),
    ]
