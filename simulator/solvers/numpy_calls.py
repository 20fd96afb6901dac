"""A program as calls of NumPy.

For many scenarios arithmetic takes the time: operands are taken where they lie, and rows are
used again, so that they stay in the caches. For one scenario the calls take it: operations of
one kind that could be done together are, whatever they belong to, in a quarter of the calls.
The numbers are the same either way.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Instruction, Operand, Program, Rows
from simulator.solvers.numpy_plan import OPERANDS, Plan, Together, plan_of

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_ZERO: Final = np.zeros(())
"""Compared with and copied in less time than a number of Python."""


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

    def run(self, into: FloatArray) -> None:
        """Work out the outputs, (output, scenario)."""
        with np.errstate(all="ignore"):  # where a choice follows, the other side may be nothing
            for step in self.steps:
                step()
        self.rows.take(self.outputs, 0, into, "clip")


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
    scratch = _Scratch(OPERANDS * longest, longest, width)
    steps: list[Callable[[], Any]] = [partial(scalars.take, places, 0, spread[:, 0], "clip")]
    for item in program.instructions:
        steps += _as_it_lies(rows, item, columns, scratch)
    return Calls(rows, scalars, steps, program.outputs)


def for_one(program: Program) -> Calls:
    """Calls for one scenario: as few as there can be."""
    return calls_of(plan_of(program))


def calls_of(plan: Plan) -> Calls:
    """A plan with the memory that it works in."""
    known = plan.inputs + plan.scalars
    counts = [len(step.taken[0]) for step in plan.steps]
    rows = np.zeros(known + 1 + sum(counts))  # with no second axis, which costs a tenth
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
    if operation in ("maximum", "minimum"):  # NumPy warns of their results given by place
        return [partial(getattr(np, operation), *operands, out=result)]
    if operation not in ("where", "keep", "drop"):
        return [partial(getattr(np, operation), *operands, result)]
    condition, chosen = operands[:2]
    otherwise = operands[2] if len(operands) > 2 else _ZERO
    compared = np.equal if operation == "drop" else np.not_equal
    mask = scratch.chosen[tuple(map(slice, condition.shape))]
    choose = partial(np.copyto, result, chosen, where=mask)
    if result.ndim == 1:  # the same, in two thirds of the time
        choose = partial(np.putmask, result, mask, chosen)
    return [
        partial(compared, condition, _ZERO, mask),
        partial(np.copyto, result, otherwise),
        choose,
    ]
