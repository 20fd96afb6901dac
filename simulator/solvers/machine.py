"""What runs a program for many scenarios at once: NumPy here, compiled code elsewhere."""

from typing import ClassVar, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Program, Rows
from simulator.solvers.numpy_calls import for_many, for_one

FloatArray = NDArray[np.float64]

MOMENTS: Final = 3
"""Moments of a step: start, middle and end."""


class Stage(NamedTuple):
    """A stage of a step."""

    moment: int
    """At which of the moments the outputs are worked out."""
    weight: float
    """Share of the step that goes by the rates and flows found."""
    ahead: float
    """How far these rates take the stocks to those of the next stage, in steps."""


STAGES: Final = (
    Stage(0, 1 / 6, 0.5),
    Stage(1, 1 / 3, 0.5),
    Stage(1, 1 / 3, 1.0),
    Stage(2, 1 / 6, 0.0),
)
"""The classical Runge-Kutta method of order four."""


class Machine(Protocol):
    """Holds the inputs and scalars of a program, runs it and takes steps.

    The first inputs are stocks, the first outputs their rates of change, one each; the other
    outputs are flows.
    """

    name: ClassVar[str]
    """What decides the bits of the numbers."""
    scalars: FloatArray
    """At each moment of a step, (`MOMENTS`, scalar); the caller fills them."""

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
        """What the outputs are at the first moment, from one output on, (output, scenario)."""

    def step(self, length: float) -> None:
        """Take a step of some length: stocks change by the rates, sums grow by the flows."""

    def stocks(self, into: FloatArray, rows: Rows) -> None:
        """Write the stocks at the start of the next step to rows of (row, scenario)."""

    def sums(self, into: FloatArray, rows: Rows) -> None:
        """Write the first sums of flows to rows of (row, scenario), and begin all anew."""


class NumpyMachine:
    """A program on NumPy, for a fixed number of scenarios."""

    name: ClassVar[str] = "NumpyMachine"

    def __init__(self, program: Program, stocks: int, width: int) -> None:
        self._calls = for_one(program) if width == 1 else for_many(program, width)
        self._rows = self._calls.rows
        self.scalars = np.zeros((MOMENTS, len(self._calls.scalars)))
        self._start, self._end = np.zeros((2, stocks, width))
        self._sums = np.zeros((len(program.outputs) - stocks, width))
        self._found, self._scaled = np.empty((2, len(program.outputs), width))

    def give(self, first: int, values: FloatArray) -> None:
        """Fill inputs from one on, (input, scenario); stocks as at the start of a step."""
        self._rows[first : first + len(values)] = values

    def outputs(self, first: int = 0) -> FloatArray:
        """What the outputs are at the first moment, from one output on, (output, scenario)."""
        self._run(0)
        return self._found[first:].copy()

    def step(self, length: float) -> None:
        """Take a step of some length: stocks change by the rates, sums grow by the flows."""
        count = len(self._start)
        stocks, rates, scaled = self._rows[:count], self._found[:count], self._scaled
        self._start[:] = self._end[:] = stocks
        for moment, weight, ahead in STAGES:
            self._run(moment)
            np.multiply(self._found, weight * length, scaled)
            self._end += scaled[:count]
            self._sums += scaled[count:]
            np.add(self._start, np.multiply(rates, ahead * length, scaled[:count]), stocks)
        stocks[:] = self._end

    def stocks(self, into: FloatArray, rows: Rows) -> None:
        """Write the stocks at the start of the next step to rows of (row, scenario)."""
        into[rows] = self._rows[: len(self._start)]

    def sums(self, into: FloatArray, rows: Rows) -> None:
        """Write the first sums of flows to rows of (row, scenario), and begin all anew."""
        into[rows] = self._sums[: len(rows)]
        self._sums[:] = 0.0

    def _run(self, moment: int) -> None:
        """Work out the outputs at a moment."""
        self._calls.scalars[:] = self.scalars[moment]
        self._calls.run(self._found)
