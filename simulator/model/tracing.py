"""The right-hand side on a tape: what it reads in a stretch of time, and what comes of it.

History and projection are stretches of their own. Within one of them the weight of observation
is constant, so that everything it switches off is left out.
"""

from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.equations.schedule import Clock, Schedule
from simulator.model import derivative
from simulator.model.array_namespace import FAST_NUMPY
from simulator.model.packing import Packing, arrays_of, mapped
from simulator.model.parameters import Parameters, leaves_of, rebuilt
from simulator.model.state import State
from simulator.model.tape import Tape, Traced

FloatArray = NDArray[np.float64]


class Now:
    """Values of a schedule, or its slopes, in whichever interval it is now."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def __getitem__(self, interval: Any) -> Any:
        """The values; the interval is the one it is now in."""
        return self.values


class Given:
    """What the right-hand side is given in a stretch of time, as one vector.

    It holds the stocks, the time, and the schedules that move within the stretch: their values
    at that time, then their slopes.
    """

    def __init__(self, parameters: Parameters, stocks: Packing) -> None:
        """Remember where things lie in the vector.

        Parameters
        ----------
        parameters
            Those of one scenario, with no other intervals than those of the stretch.
        stocks
            Shapes of the stocks.
        """
        self._parameters = parameters
        self._stocks = stocks
        self._moving = [
            leaf
            for leaf in leaves_of(parameters)
            if isinstance(leaf, Schedule) and not is_constant(leaf)
        ]
        self._start = _joined([schedule.start for schedule in self._moving])
        self._slope = _joined([schedule.slope for schedule in self._moving])
        count = self._start.shape[1]
        ends = list(accumulate([stocks.size, 1, count, count]))
        self._places = list(map(slice, [0, *ends[:-1]], ends))
        self.size = ends[-1]
        """Length of the vector."""

    def fill(self, vector: FloatArray, time: float) -> None:
        """Write to a vector all but the stocks, which come first in it."""
        grid = self._parameters.grid
        interval = _interval(grid, time)
        _, moment, value, change = (vector[place] for place in self._places)
        moment[0] = time
        np.copyto(change, self._slope[interval])
        np.multiply(change, time - grid[interval], out=value)
        np.add(self._start[interval], value, out=value)

    def on_tape(self, vector: FloatArray) -> tuple[Tape, list[FloatArray], Packing]:
        """Record the right-hand side where a vector is now.

        Returns
        -------
        tuple
            The tape; the arrays of rates, then of flows, that hold its results; the shapes of
            the flows.
        """
        tape = Tape()
        change, flows = derivative.evaluate_at(FAST_NUMPY, *self._read(vector, tape))
        outputs = outputs_of(tape, self._stocks, change, flows)
        return tape, outputs, Packing.of(mapped(flows, held))

    def _read(self, vector: FloatArray, tape: Tape) -> tuple[Clock, State, Parameters]:
        """Clock, state and parameters that read a vector; the tape sees them read it."""
        stocks, moment, value, change = (vector[place] for place in self._places)
        values = iter(_views(self._moving, value))
        slopes = iter(_views(self._moving, change))

        def current(leaf: Any) -> Any:
            """A schedule that starts now: the clock below says that no time has passed."""
            if not isinstance(leaf, Schedule):
                return leaf
            if is_constant(leaf):
                return Schedule(Now(leaf.start[0]), Now(0.0))
            return Schedule(Now(tape.input(next(values))), Now(tape.input(next(slopes))))

        time = tape.input(moment.reshape(()))
        clock = Clock(time, 0, np.zeros(()), self._parameters.history_end)
        state = mapped(self._stocks.unpack(stocks), tape.input)
        return (
            clock,
            state,
            rebuilt(self._parameters, map(current, leaves_of(self._parameters))),
        )


def outputs_of(tape: Tape, stocks: Packing, change: State, *others: Any) -> list[FloatArray]:
    """Arrays of rates in the shapes of the stocks, then those of other trees."""
    rates = [
        np.broadcast_to(held(rate), shape)
        for rate, shape in zip(arrays_of(change), stocks.shapes, strict=True)
    ]
    return [
        tape.contiguous(array)
        for array in (*rates, *(held(item) for tree in others for item in arrays_of(tree)))
    ]


def _interval(grid: FloatArray, time: float) -> int:
    place = int(grid.searchsorted(time, side="right")) - 1
    return min(max(place, 0), len(grid) - 2)


def is_constant(schedule: Schedule, stretch: slice = slice(None)) -> bool:
    """Whether a schedule keeps one value over a stretch of intervals."""
    start, slope = schedule.start[stretch], schedule.slope[stretch]
    return not slope.any() and bool((start == start[0]).all())


def _joined(rows: list[FloatArray]) -> FloatArray:
    """Series side by side, (interval, everything)."""
    return np.concatenate([row.reshape(len(row), -1) for row in rows], axis=1)


def _views(schedules: list[Schedule], flat: FloatArray) -> list[FloatArray]:
    """Parts of a row of `_joined` in the shapes of the schedules."""
    shapes = [schedule.start.shape[1:] for schedule in schedules]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return [
        part.reshape(shape)
        for part, shape in zip(np.split(flat, ends[:-1]), shapes, strict=True)
    ]


def held(item: Any) -> FloatArray:
    """The array that a traced or constant result lives in."""
    return item.array if isinstance(item, Traced) else np.asarray(item)
