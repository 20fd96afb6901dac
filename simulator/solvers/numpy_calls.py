"""A program as calls of NumPy.

For many scenarios arithmetic takes the time: operands are taken where they lie, and rows are
used again, so that they stay in the caches. For one scenario the calls take it: operations of
one kind that could be done together are, whatever they belong to, in a third of the calls. The
numbers are the same either way.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Instruction, Operand, Program, Rows
from simulator.solvers.graph import Values, taken_by

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_OPERANDS: Final = 3
"""Most operands of an instruction."""

_NONE: Final = -(2**40)
"""In place of an operand that an operation does not take."""


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

    def __init__(self, gathered: int, longest: int, *width: int) -> None:
        self.gathered: FloatArray = np.empty((gathered, *width))
        self.chosen: BoolArray = np.empty((longest, *width), bool)


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
    longest = max((item.count for item in program.instructions), default=0)
    scratch = _Scratch(_OPERANDS * longest, longest, width)
    steps: list[Callable[[], Any]] = [partial(scalars.take, places, 0, spread[:, 0], "clip")]
    for item in program.instructions:
        steps += _as_it_lies(rows, item, columns, scratch)
    return Calls(rows, scalars, steps, program.outputs)


class Together(NamedTuple):
    """Operations of one kind that are called together."""

    operation: str
    first: int
    """Row of the first result; the others follow."""
    taken: tuple[Rows, ...]
    """Rows of each operand."""


class Plan(NamedTuple):
    """What to call for one scenario: inputs lie first, then scalars, then results."""

    inputs: int
    scalars: int
    steps: tuple[Together, ...]
    outputs: Rows
    """Row of each output."""


def for_one(program: Program) -> Calls:
    """Calls for one scenario: as few as there can be."""
    return calls_of(plan_of(program))


def plan_of(program: Program) -> Plan:
    """Operations of a program that need not wait for each other, put together."""
    graph = _graph(program)
    inputs, known = len(program.inputs), len(program.inputs) + len(program.scalars)
    # scalars have negative values, results follow step by step
    row_of = np.full(program.height + len(graph.kind), -1)
    row_of[:inputs] = np.arange(inputs)

    def lie(values: Values) -> Rows:
        return np.where(values < 0, inputs - 1 - values, row_of[np.maximum(values, 0)])

    steps = []
    first = known
    for group in _together(graph):
        taken = tuple(lie(column) for column in graph.operands[group].T if column[0] != _NONE)
        row_of[program.height + group] = np.arange(first, first + len(group))
        steps.append(Together(graph.names[graph.kind[group[0]]], first, taken))
        first += len(group)
    return Plan(inputs, known - inputs, tuple(steps), lie(graph.outputs))


def calls_of(plan: Plan) -> Calls:
    """A plan with the memory that it works in."""
    known = plan.inputs + plan.scalars
    counts = [len(step.taken[0]) for step in plan.steps]
    rows = np.zeros(known + sum(counts))  # with no second axis, which costs a tenth
    batches = _batches(plan.steps)
    columns = [[column for step in batch for column in step.taken] for batch in batches]
    gathered = max((sum(map(len, taken)) for taken in columns), default=0)
    scratch = _Scratch(gathered, max(counts, default=0))
    steps: list[Callable[[], Any]] = []
    for batch, taken in zip(batches, columns, strict=True):
        copies = iter(_gathered(steps, rows, taken, scratch))
        for step in batch:
            result = rows[step.first : step.first + len(step.taken[0])]
            operands = [next(copies) for _ in step.taken]
            steps += _calls(step.operation, result, operands, scratch)
    return Calls(rows[:, np.newaxis], rows[plan.inputs : known], steps, plan.outputs)


def _batches(steps: Sequence[Together]) -> list[list[Together]]:
    """Steps that follow each other and take nothing of each other: one call fetches for all."""
    found: list[list[Together]] = []
    for step in steps:
        latest = max(int(column.max()) for column in step.taken)
        if found and latest < found[-1][0].first:
            found[-1].append(step)
        else:
            found.append([step])
    return found


class _Graph(NamedTuple):
    """What is computed from what, element by element, in an order in which it can be."""

    names: list[str]
    """Kinds of operation."""
    kind: Rows
    """Kind of each operation, (operation,)."""
    operands: Values
    """What each takes, (operation, `_OPERANDS`)."""
    outputs: Values
    """Value of each output."""
    takers: Rows
    """Operations that take a result, those of the first operation first, (use,)."""
    begin: Rows
    """Where among them those of each operation begin, and the end of all, (operation + 1,)."""
    chain: Rows
    """Operations on the longest way from each to one that nothing takes, (operation,)."""


def _graph(program: Program) -> _Graph:
    taken, outputs = taken_by(program)
    ends = np.cumsum([item.count for item in program.instructions], dtype=np.int64)
    count = int(ends[-1]) if len(ends) else 0
    names = sorted({item.operation for item in program.instructions})
    kind = np.zeros(count, np.int64)
    operands = np.full((count, _OPERANDS), _NONE)
    for item, values, end in zip(program.instructions, taken, ends, strict=True):
        here = slice(end - item.count, end)
        kind[here] = names.index(item.operation)
        operands[here, : values.shape[1]] = values
    makers = operands - program.height
    taker, place = np.nonzero(makers >= 0)
    maker = makers[taker, place]
    order = np.argsort(maker, kind="stable")
    chain = np.ones(count, np.int64)
    for item, end in zip(program.instructions[::-1], ends[::-1], strict=True):
        here = slice(end - item.count, end)
        for column in makers[here].T:
            made = column >= 0
            np.maximum.at(chain, column[made], chain[here][made] + 1)
    return _Graph(
        names=names,
        kind=kind,
        operands=operands,
        outputs=outputs,
        takers=taker[order],
        begin=np.searchsorted(maker[order], np.arange(count + 1)),
        chain=chain,
    )


def _together(graph: _Graph) -> list[Rows]:
    """Operations by steps, each of one kind and of nothing that the step itself makes.

    Of the kinds that could come next it is the one with the operation from which the longest
    chain leads to a result: what could be done now but is not urgent waits for others of its
    kind.
    """
    count = len(graph.kind)
    missing = np.bincount(graph.takers, minlength=count)
    ready: dict[int, list[Rows]] = {}
    longest: dict[int, int] = {}

    def add(found: Rows) -> None:
        for kind in np.unique(graph.kind[found]).tolist():
            mine = found[graph.kind[found] == kind]
            ready.setdefault(kind, []).append(mine)
            longest[kind] = max(longest.get(kind, 0), int(graph.chain[mine].max()))

    add(np.flatnonzero(missing == 0))
    steps = []
    while ready:
        kind = max(longest, key=longest.__getitem__)
        del longest[kind]
        step = np.concatenate(ready.pop(kind))
        steps.append(step)
        begin, end = graph.begin[step], graph.begin[step + 1]
        sizes = end - begin
        offsets = np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
        taking = graph.takers[offsets + np.arange(len(offsets))]
        missing -= np.bincount(taking, minlength=count)
        touched = np.unique(taking)
        add(touched[missing[touched] == 0])
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
    ends = np.cumsum([len(column) for column in scattered])
    copy = scratch.gathered[: ends[-1]]
    steps.append(partial(rows.take, np.concatenate(scattered), 0, copy, "clip"))
    return np.split(copy, ends[:-1])


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
    mask = scratch.chosen[tuple(map(slice, condition.shape))]
    return [
        partial(compared, condition, 0.0, mask),
        partial(np.copyto, result, otherwise),
        partial(np.copyto, result, chosen, where=mask),
    ]
