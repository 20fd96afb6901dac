"""What runs a program for many scenarios at once: NumPy here, compiled code elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Instruction, Operand, Program, Rows

FloatArray = NDArray[np.float64]

FIRST: Final = 0
"""Stage that a step of a Runge-Kutta method begins with."""
LAST: Final = 3
"""Stage that it ends with."""

_OPERANDS: Final = 3
"""Most operands of an instruction."""


class Machine(Protocol):
    """Holds the inputs and scalars of a program, runs it and takes steps.

    The first inputs are stocks, the first outputs their rates of change, one each; the other
    outputs are flows.
    """

    scalars: FloatArray
    """(scalar,); the caller fills them."""

    def __init__(self, program: Program, stocks: int, width: int) -> None:
        """Make room for a program and a number of scenarios.

        Parameters
        ----------
        program
            What is computed.
        stocks
            How many of the first inputs are stocks.
        width
            How many scenarios are worked out together.
        """

    def give(self, first: int, values: FloatArray) -> None:
        """Fill inputs from one on, (input, scenario); stocks as at the start of a step."""

    def outputs(self, first: int = 0) -> FloatArray:
        """What the outputs are at the inputs, from one output on, (output, scenario)."""

    def stage(self, stage: int, weight: float, ahead: float) -> None:
        """Work out the outputs at one stage of a step.

        The change over the step grows by `weight` times the rates, the sums by `weight` times
        the flows. The next stage looks at the stocks at the start and `ahead` times the rates;
        after the `LAST` one the step is taken.
        """

    def stocks(self, into: FloatArray, rows: Rows) -> None:
        """Write the stocks at the start of the next step to rows of (row, scenario)."""

    def sums(self, into: FloatArray, rows: Rows) -> None:
        """Write the first sums of flows to rows of (row, scenario), and begin all anew."""


class NumpyMachine:
    """A program on NumPy, for a fixed number of scenarios."""

    def __init__(self, program: Program, stocks: int, width: int) -> None:
        self._rows = np.zeros((program.height, width))
        self.scalars = np.zeros(len(program.scalars))
        taken = [
            operand.places
            for instruction in program.instructions
            for operand in instruction.operands
            if not operand.in_rows
        ]
        self._taken = np.concatenate([*taken, np.zeros(0, np.int64)])
        self._columns = np.zeros((len(self._taken), 1))
        ends = np.cumsum([len(places) for places in taken], dtype=np.int64)
        columns = iter(np.split(self._columns, ends)[:-1])
        self._outputs = program.outputs
        self._start, self._end = np.zeros((2, stocks, width))
        self._sums = np.zeros((len(program.outputs) - stocks, width))
        self._found, self._scaled = np.empty((2, len(program.outputs), width))
        longest = max((item.count for item in program.instructions), default=0)
        self._gathered = np.empty((_OPERANDS * longest, width))
        self._chosen = np.empty((longest, width), bool)
        self._steps: list[Callable[[], Any]] = []
        for instruction in program.instructions:
            self._prepare(instruction, columns)

    def give(self, first: int, values: FloatArray) -> None:
        """Fill inputs from one on, (input, scenario); stocks as at the start of a step."""
        self._rows[first : first + len(values)] = values

    def outputs(self, first: int = 0) -> FloatArray:
        """What the outputs are at the inputs, from one output on, (output, scenario)."""
        self._run()
        return self._found[first:].copy()

    def stage(self, stage: int, weight: float, ahead: float) -> None:
        """Work out the outputs at one stage of a step."""
        count = len(self._start)
        stocks, rates, scaled = self._rows[:count], self._found[:count], self._scaled
        if stage == FIRST:
            self._start[:] = self._end[:] = stocks
        self._run()
        np.multiply(self._found, weight, scaled)
        self._end += scaled[:count]
        self._sums += scaled[count:]
        if stage == LAST:
            stocks[:] = self._end
        else:
            np.add(self._start, np.multiply(rates, ahead, scaled[:count]), stocks)

    def stocks(self, into: FloatArray, rows: Rows) -> None:
        """Write the stocks at the start of the next step to rows of (row, scenario)."""
        into[rows] = self._rows[: len(self._start)]

    def sums(self, into: FloatArray, rows: Rows) -> None:
        """Write the first sums of flows to rows of (row, scenario), and begin all anew."""
        into[rows] = self._sums[: len(rows)]
        self._sums[:] = 0.0

    def _run(self) -> None:
        """Work out the outputs."""
        self.scalars.take(self._taken, 0, self._columns[:, 0], "clip")
        with np.errstate(all="ignore"):  # where a choice follows, the other side may be nothing
            for step in self._steps:
                step()
        self._rows.take(self._outputs, 0, self._found, "clip")

    def _prepare(self, instruction: Instruction, columns: Iterator[FloatArray]) -> None:
        """Add the calls of an instruction; `columns` are its scalars and those that follow."""
        first, count = instruction.first, instruction.count
        result = self._rows[first : first + count]
        views = [
            self._view(operand, count) if operand.in_rows else next(columns)
            for operand in instruction.operands
        ]
        scattered = [
            operand.places
            for operand, view in zip(instruction.operands, views, strict=True)
            if view is None
        ]
        copies = iter(self._copied(scattered, count))
        operands = [next(copies) if view is None else view for view in views]
        if instruction.operation == "spread":
            self._steps.append(partial(np.copyto, result, operands[0]))
        elif instruction.operation in ("where", "keep", "drop"):
            condition, chosen = operands[:2]
            compared = np.equal if instruction.operation == "drop" else np.not_equal
            otherwise = operands[2] if len(operands) > 2 else 0.0
            mask = self._chosen[: len(condition), : condition.shape[1]]
            self._steps += [
                partial(compared, condition, 0.0, mask),
                partial(np.copyto, result, otherwise),
                partial(np.copyto, result, chosen, where=mask),
            ]
        else:
            function = getattr(np, instruction.operation)
            self._steps.append(partial(function, *operands, out=result))

    def _view(self, operand: Operand, count: int) -> FloatArray | None:
        """An operand where it lies, if its rows lie evenly."""
        rows = operand.places
        step = int(rows[1] - rows[0]) if count > 1 else 1
        if not np.all(np.diff(rows) == step):
            return None
        if step == 0:
            return self._rows[rows[0] : rows[0] + 1]
        end = int(rows[-1]) + (1 if step > 0 else -1)
        return self._rows[rows[0] : None if end < 0 else end : step]

    def _copied(self, scattered: Sequence[Rows], count: int) -> list[FloatArray]:
        """Fresh copies of scattered rows, taken together."""
        if not scattered:
            return []
        copy = self._gathered[: len(scattered) * count]
        self._steps.append(partial(self._rows.take, np.concatenate(scattered), 0, copy, "clip"))
        return [copy[n * count : (n + 1) * count] for n in range(len(scattered))]
