"""Runs a program on NumPy: every instruction is a call or two on arrays made beforehand."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Instruction, Operand, Program, Rows

FloatArray = NDArray[np.float64]

_OPERANDS = 3
"""Most operands of an instruction."""


class Machine(Protocol):
    """Holds the rows and scalars of a program and runs it."""

    rows: FloatArray
    """(row, scenario); the caller fills the first ones, the inputs."""
    scalars: FloatArray
    """(scalar,); the caller fills them."""

    def __init__(self, program: Program, width: int) -> None:
        """Make room for a program and a number of scenarios."""

    def run(self) -> None:
        """Work out every row from the inputs and the scalars."""

    def combine(self, step: "Step", weight: float, ahead: float) -> None:
        """Add what was worked out to the sums of a step, and look ahead.

        The sums grow by `weight` times rates and flows; the first rows become the stocks at
        the start of the step and `ahead` times their rates.
        """


class Step:
    """Stocks and sums of a step that a machine takes, and where it finds rates and flows."""

    def __init__(self, rates: Rows, flows: Rows, width: int) -> None:
        self.rates = rates
        """Row of the rate of change of each of the first rows."""
        self.moves_stocks = bool((rates < len(rates)).any())
        """Whether a rate of change is itself a stock, as that of a clock would be."""
        self.flows = flows
        """Row of each flow."""
        self.start = np.zeros((len(rates), width))
        """Stocks at the start of the step."""
        self.end = np.zeros((len(rates), width))
        """Stocks at its end, as far as the stages have been added."""
        self.total = np.zeros((len(flows), width))
        """Flows of the year so far."""


class NumpyMachine:
    """A program on NumPy, for a fixed number of scenarios."""

    def __init__(self, program: Program, width: int) -> None:
        self.rows = np.zeros((program.height, width))
        self._columns = np.zeros((len(program.scalars), 1))
        self.scalars = self._columns[:, 0]
        longest = max((item.count for item in program.instructions), default=0)
        self._gathered = np.empty((_OPERANDS * longest, width))
        self._chosen = np.empty((longest, width), bool)
        self._room = np.empty((2, 0, width))
        self._steps: list[Callable[[], Any]] = []
        for instruction in program.instructions:
            self._prepare(instruction)

    def run(self) -> None:
        """Work out every row from the inputs and the scalars."""
        with np.errstate(all="ignore"):  # where a choice follows, the other side may be nothing
            for step in self._steps:
                step()

    def combine(self, step: Step, weight: float, ahead: float) -> None:
        """Add what was worked out to the sums of a step, and look ahead."""
        # a flow may be a stock itself: read it before the stocks look ahead
        flow, scaled = self._taken(len(step.flows))
        self.rows.take(step.flows, 0, flow, "clip")
        step.total += np.multiply(flow, weight, scaled)
        change, scaled = self._taken(len(step.rates))
        self.rows.take(step.rates, 0, change, "clip")
        step.end += np.multiply(change, weight, scaled)
        first = self.rows[: len(step.rates)]
        np.add(step.start, np.multiply(change, ahead, scaled), first)

    def _taken(self, count: int) -> tuple[FloatArray, FloatArray]:
        """Room for `count` rows, twice."""
        if self._room.shape[1] < count:
            self._room = np.empty((2, count, self.rows.shape[1]))
        return self._room[0, :count], self._room[1, :count]

    def _prepare(self, instruction: Instruction) -> None:
        first, count = instruction.first, instruction.count
        result = self.rows[first : first + count]
        views = [self._view(operand, count) for operand in instruction.operands]
        scattered = [
            operand.rows
            for operand, view in zip(instruction.operands, views, strict=True)
            if view is None and operand.rows is not None
        ]
        copies = iter(self._copied(scattered, count))
        operands = [next(copies) if view is None else view for view in views]
        if instruction.operation == "spread":
            self._steps.append(partial(np.copyto, result, operands[0]))
        elif instruction.operation == "where":
            condition, chosen, otherwise = operands
            mask = self._chosen[: len(condition), : condition.shape[1]]
            self._steps += [
                partial(np.not_equal, condition, 0.0, mask),
                partial(np.copyto, result, otherwise),
                partial(np.copyto, result, chosen, where=mask),
            ]
        else:
            function = getattr(np, instruction.operation)
            self._steps.append(partial(function, *operands, out=result))

    def _view(self, operand: Operand, count: int) -> FloatArray | None:
        """An operand where it lies, if its rows lie evenly."""
        rows = operand.rows
        if rows is None:
            return self._columns[operand.scalars]
        step = int(rows[1] - rows[0]) if count > 1 else 1
        if not np.all(np.diff(rows) == step):
            return None
        if step == 0:
            return self.rows[rows[0] : rows[0] + 1]
        end = int(rows[-1]) + (1 if step > 0 else -1)
        return self.rows[rows[0] : None if end < 0 else end : step]

    def _copied(self, scattered: Sequence[Rows], count: int) -> list[FloatArray]:
        """Fresh copies of scattered rows, taken together."""
        if not scattered:
            return []
        copy = self._gathered[: len(scattered) * count]
        self._steps.append(partial(self.rows.take, np.concatenate(scattered), 0, copy, "clip"))
        return [copy[n * count : (n + 1) * count] for n in range(len(scattered))]
