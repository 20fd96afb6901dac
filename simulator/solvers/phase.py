"""History or projection as the batch engine runs it: a program, and its scalars over time."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SolverError
from simulator.model.national import START, NationalModel
from simulator.model.parameters import leaves_of
from simulator.model.recording import (
    Inputs,
    Places,
    Read,
    Recorded,
    Varied,
    inputs_of,
)
from simulator.model.series import INSIDE
from simulator.solvers.machine import MOMENTS, Machine, NumpyMachine
from simulator.solvers.recordings import recorded

FloatArray = NDArray[np.float64]


def moments_observed(history_end: float) -> tuple[float, float]:
    """Moments at which the model asks what people perceive."""
    return START + INSIDE, history_end - INSIDE


class Phase:
    """History or projection: its program, and the values of its scalars at every time."""

    def __init__(self, model: NationalModel, stretch: slice, varied: Varied) -> None:
        grid = model.parameters.grid
        self.grid = grid[stretch.start : stretch.stop + 1]
        self.stretch = stretch
        self.observes = stretch.start == 0
        self.recorded: Recorded = recorded(
            model.parameters, model.cold_start(), stretch, varied, observe=self.observes
        )
        starts, ends = self.grid[:-1], self.grid[1:]
        within = (starts + INSIDE, 0.5 * (starts + ends), ends - INSIDE)
        moments = np.stack(within, axis=1).ravel()
        intervals = np.repeat(np.arange(len(starts)), MOMENTS)
        if self.observes:
            moments = np.concatenate([moments, moments_observed(model.history_end)])
            intervals = np.concatenate([intervals, [0, len(starts) - 1]])
        self.intervals = intervals
        """Interval of each moment at which the right-hand side is worked out: three for each
        interval, and those at which people are asked what they perceive."""
        self.elapsed = moments - self.grid[intervals]
        self.scalars = np.tile(self.recorded.constants, (len(moments), 1))
        """Scalars of the program, (moment, scalar)."""
        self.scalars[:, self.recorded.moving] = self._uniform(model, moments)
        if np.isnan(self.scalars).any():
            message = "something that follows from the time alone is not a number"
            raise SolverError(message)

    def _uniform(self, model: NationalModel, moments: FloatArray) -> FloatArray:
        """Scalars that follow from the time alone, (moment, scalar)."""
        found = self.recorded
        leaves = leaves_of(model.parameters)
        everything = frozenset(range(len(leaves)))
        inputs = self._inputs(leaves, everything - frozenset(found.varied) - found.steady, 1)
        machine = NumpyMachine(found.uniform, 0, len(moments))
        machine.scalars[:] = found.uniform_constants
        start, slope = (part[self.intervals, :, 0].T for part in (inputs.start, inputs.slope))
        machine.give(0, np.concatenate([[moments, self.elapsed], start, slope]))
        return np.ascontiguousarray(machine.outputs()[found.source].T)

    def inputs(self, leaves: Sequence[Any], scenarios: int) -> Inputs:
        """What the program reads of what scenarios differ in, from leaves of parameters."""
        chosen = frozenset(self.recorded.varied)
        return self._inputs(leaves, chosen, scenarios, self.recorded.read)

    def _inputs(
        self, leaves: Sequence[Any], chosen: Places, scenarios: int, read: Read | None = None
    ) -> Inputs:
        """Values of leaves of parameters in this stretch."""
        steady = self.recorded.steady
        return inputs_of(leaves, chosen, steady, self.stretch, scenarios, read)

    def fill(self, machine: Machine, inputs: Inputs, moment: int, block: slice) -> None:
        """Give a machine what it needs besides the stocks to work out outputs at a moment."""
        machine.scalars[0] = self.scalars[moment]
        self._enter(machine, inputs, int(self.intervals[moment]), block)

    def walk(self, machine: Machine, inputs: Inputs, block: slice) -> Iterator[float]:
        """Give a machine what it needs besides the stocks, interval by interval.

        Yields
        ------
        float
            Length of the interval, a step that the machine is to take [yr].
        """
        for interval, length in enumerate(np.diff(self.grid).tolist()):
            first = MOMENTS * interval
            machine.scalars[:] = self.scalars[first : first + MOMENTS]
            self._enter(machine, inputs, interval, block)
            yield length

    def _enter(self, machine: Machine, inputs: Inputs, interval: int, block: slice) -> None:
        """Fill schedules as they run in an interval."""
        count = inputs.start.shape[1]
        if count:
            first = len(self.recorded.order) + len(inputs.fixed)
            machine.give(first, inputs.start[interval, :, block])
            machine.give(first + count, inputs.slope[interval, :, block])
