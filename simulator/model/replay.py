"""The right-hand side as a tape: recorded for a state of given shapes, replayed for any other.

History and projection have a tape each. Within one of them the weight of observation is
constant, so that everything it switches off is left out.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.equations.schedule import Clock, Schedule
from simulator.model import derivative
from simulator.model.array_namespace import FAST_NUMPY
from simulator.model.packing import Packing, arrays_of, mapped
from simulator.model.parameters import Parameters
from simulator.model.state import Flows, State
from simulator.model.tape import Tape, Traced

FloatArray = NDArray[np.float64]


WIDEST = 64
"""Scenarios beyond which a tape holds much memory and saves little time."""


class RightHandSide:
    """Rates and flows at any time, by a tape for each stretch of time and shape of state."""

    def __init__(self) -> None:
        self._parameters: Parameters | None = None
        self._replays: dict[Any, Replay] = {}

    def __call__(self, p: Parameters, time: float, state: State) -> tuple[State, Flows]:
        """Replay; record first what was not met yet."""
        if p is not self._parameters:
            self._parameters, self._replays = p, {}
        arrays = arrays_of(state)
        shapes = tuple(array.shape for array in arrays)
        if max(shape[-1] for shape in shapes) > WIDEST:
            return derivative.evaluate(FAST_NUMPY, np.float64(time), state, p)
        key = (time < p.history_end, shapes)
        replay = self._replays.get(key)
        if replay is None:
            replay = self._replays[key] = Replay(p, state, time)
        return replay(time, arrays)


class Now:
    """Values of a schedule, or its slopes, in whichever interval it is now."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def __getitem__(self, interval: Any) -> Any:
        """The values; the interval is that of the replay."""
        return self.values


class Replay:
    """Rates and flows of one stretch of the grid, for states of one shape."""

    def __init__(self, parameters: Parameters, state: State, time: float) -> None:
        self._grid = parameters.grid
        self._packing = Packing.of(state)
        tape = Tape()
        self._time = np.array(time)
        self._stocks = self._packing.pack(state)
        stretch = stretch_at(self._grid, time, parameters.history_end)
        schedules = [s for s in _schedules(parameters) if not is_constant(s, stretch)]
        self._start = _joined([schedule.start for schedule in schedules])
        self._slope = _joined([schedule.slope for schedule in schedules])
        self._value, self._change = np.empty((2, self._start.shape[1]))
        self._set(time, arrays_of(state))
        values = iter(_views(schedules, self._value))
        slopes = iter(_views(schedules, self._change))

        def current(schedule: Schedule) -> Schedule:
            """A schedule that starts now: the clock below says that no time has passed."""
            if is_constant(schedule, stretch):
                return Schedule(Now(schedule.start[stretch.start]), Now(0.0))
            return Schedule(Now(tape.input(next(values))), Now(tape.input(next(slopes))))

        change, flows = derivative.evaluate_at(
            FAST_NUMPY,
            Clock(tape.input(self._time), 0, np.zeros(()), parameters.history_end),
            mapped(self._packing.unpack(self._stocks), tape.input),
            _with_schedules(parameters, current),
        )
        rates = [
            np.broadcast_to(held(rate), shape)
            for rate, shape in zip(arrays_of(change), self._packing.shapes, strict=True)
        ]
        outputs = [tape.contiguous(x) for x in (*rates, *map(held, arrays_of(flows)))]
        self._outputs = [array.ravel() for array in outputs]
        self._flows = Packing.of(mapped(flows, held))
        self._steps = tape.steps(outputs)

    def __call__(self, time: float, arrays: list[FloatArray]) -> tuple[State, Flows]:
        """Rates of change and flows for the arrays of a state, in their order."""
        self._set(time, arrays)
        for step in self._steps:
            step()
        result = np.concatenate(self._outputs)
        size = self._packing.size
        return self._packing.unpack(result[:size]), self._flows.unpack(result[size:])

    def _set(self, time: float, arrays: list[FloatArray]) -> None:
        """Fill the inputs."""
        np.concatenate([array.ravel() for array in arrays], out=self._stocks)
        self._time[()] = time
        interval = _interval(self._grid, time)
        np.copyto(self._change, self._slope[interval])
        np.multiply(self._change, time - self._grid[interval], out=self._value)
        np.add(self._start[interval], self._value, out=self._value)


def _interval(grid: FloatArray, time: float) -> int:
    place = int(grid.searchsorted(time, side="right")) - 1
    return min(max(place, 0), len(grid) - 2)


def stretch_at(grid: FloatArray, time: float, history_end: float) -> slice:
    """Intervals on the same side of the end of history as `time`."""
    border = int(np.searchsorted(grid[:-1], history_end))
    inside = time < history_end and border > 0
    return slice(0, border) if inside else slice(border, len(grid) - 1)


def is_constant(schedule: Schedule, stretch: slice) -> bool:
    """Whether a schedule keeps one value over a stretch of intervals."""
    start, slope = schedule.start[stretch], schedule.slope[stretch]
    return not slope.any() and bool((start == start[0]).all())


def _schedules(tree: Any) -> Iterator[Schedule]:
    """Every schedule of a tree of parameters, in order."""
    if isinstance(tree, Schedule):
        yield tree
    elif isinstance(tree, tuple):
        for part in tree:
            yield from _schedules(part)


def _with_schedules(tree: Any, current: Callable[[Schedule], Schedule]) -> Any:
    """The same tree with every schedule replaced, in order."""
    if isinstance(tree, Schedule):
        return current(tree)
    if isinstance(tree, tuple):
        parts = [_with_schedules(part, current) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return tree


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
