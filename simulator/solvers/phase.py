"""History or projection as the batch engine runs it: a program, and its scalars over time."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SolverError
from simulator.model.national import START, NationalModel
from simulator.model.recording import (
    Inputs,
    Places,
    Read,
    Recorded,
    Varied,
    inputs_of,
    leaves_of,
    record,
)
from simulator.model.series import INSIDE
from simulator.solvers.machine import Machine, NumpyMachine

FloatArray = NDArray[np.float64]

STAGES: Final = 3
"""Moments of a step: start, middle and end."""

_TOGETHER: Final = 2**18
"""Values of schedules that are worked out at a time: more would not fit the caches."""


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
        self.recorded: Recorded = record(
            model.parameters, model.cold_start(), stretch, varied, observe=self.observes
        )
        starts, ends = self.grid[:-1], self.grid[1:]
        within = (starts + INSIDE, 0.5 * (starts + ends), ends - INSIDE)
        moments = np.stack(within, axis=1).ravel()
        intervals = np.repeat(np.arange(len(starts)), STAGES)
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
        value, slope = (part[..., 0].T for part in self._now(inputs, slice(None)))
        machine.give(0, np.concatenate([moments[np.newaxis], value, slope]))
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

    def _now(self, inputs: Inputs, moment: int | slice) -> tuple[FloatArray, FloatArray]:
        """Values and slopes of schedules at one or all moments, (..., element, scenario)."""
        interval = self.intervals[moment]
        slope = inputs.slope[interval]
        elapsed = np.asarray(self.elapsed[moment])[..., np.newaxis, np.newaxis]
        return inputs.start[interval] + slope * elapsed, slope

    def fill(self, machine: Machine, inputs: Inputs, moment: int, block: slice) -> None:
        """Give a machine what it needs besides the stocks at a moment."""
        self.tick(machine, moment)
        if inputs.start.shape[1]:
            value, slope = self._now(inputs, moment)
            first = len(self.recorded.order) + len(inputs.fixed)
            machine.give(first, value[:, block])
            machine.give(first + len(value), slope[self.recorded.read.slopes, block])

    def tick(self, machine: Machine, moment: int) -> None:
        """Give a machine what is the same in all scenarios at a moment."""
        machine.scalars[:] = self.scalars[moment]

    def walk(self, machine: Machine, inputs: Inputs, block: slice) -> Iterator[None]:
        """Give a machine what it needs besides the stocks, moment by moment to the end."""
        count, width = inputs.start.shape[1], block.stop - block.start
        first = len(self.recorded.order) + len(inputs.fixed)
        slopes = self.recorded.read.slopes
        some = max(_TOGETHER // max(STAGES * count * width, 1), 1)
        for begun in range(0, len(self.grid) - 1, some):
            here = slice(begun, min(begun + some, len(self.grid) - 1))
            start, slope = inputs.start[here, :, block], inputs.slope[here, :, block]
            elapsed = self.elapsed[STAGES * here.start : STAGES * here.stop]
            apart = elapsed.reshape(-1, STAGES, 1, 1)
            values = start[:, np.newaxis] + slope[:, np.newaxis] * apart
            changes = slope[:, slopes]
            for interval in range(here.stop - here.start):
                if count:
                    machine.give(first + count, changes[interval])
                for stage in range(STAGES):
                    self.tick(machine, STAGES * (begun + interval) + stage)
                    if count:
                        machine.give(first, values[interval, stage])
                    yield
