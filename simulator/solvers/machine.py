"""What runs a program for many scenarios at once: NumPy here, compiled code elsewhere."""

from typing import ClassVar, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Program, Rows
from simulator.solvers.numpy_calls import for_many, for_one

FloatArray = NDArray[np.float64]

FIRST: Final = 0
"""Stage that a step of a Runge-Kutta method begins with."""
LAST: Final = 3
"""Stage that it ends with."""


class Machine(Protocol):
    """Holds the inputs and scalars of a program, runs it and takes steps.

    The first inputs are stocks, the first outputs their rates of change, one each; the other
    outputs are flows.
    """

    name: ClassVar[str]
    """What decides the bits of the numbers."""
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

    name: ClassVar[str] = "NumpyMachine"

    def __init__(self, program: Program, stocks: int, width: int) -> None:
        calls = for_one(program) if width == 1 else for_many(program, width)
        self._rows, self.scalars, self._steps, self._outputs = calls
        self._start, self._end = np.zeros((2, stocks, width))
        self._sums = np.zeros((len(program.outputs) - stocks, width))
        self._found, self._scaled = np.empty((2, len(program.outputs), width))

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
        with np.errstate(all="ignore"):  # where a choice follows, the other side may be nothing
            for step in self._steps:
                step()
        self._rows.take(self._outputs, 0, self._found, "clip")
