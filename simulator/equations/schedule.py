"""Time series inside the equations: piecewise linear, with jumps where history or policy jumps.

All schedules of a run share one grid of times. Between two grid times a value is a straight
line, stored as its value at the start of the interval and its slope. A jump is a change of
the starting value from one interval to the next; the solver never steps over a grid time, so
the right-hand side is smooth inside every step.
"""

from typing import Any, NamedTuple

from simulator.dimensions import HISTORY_END

Array = Any


class Clock(NamedTuple):
    """Where `t` lies on the grid of the run."""

    time: Array
    """Decimal year."""
    interval: Array
    """Index of the grid interval that holds `time`."""
    elapsed: Array
    """Time since the start of that interval [yr]."""
    history_end: float = HISTORY_END
    """Decimal year at which observed history ends."""


class Schedule(NamedTuple):
    """A piecewise linear series of any shape."""

    start: Array
    """Value at the start of each interval, shape ``(interval, ..., scenario)``."""
    slope: Array
    """Change per year inside each interval, same shape."""


def read_clock(xp: Any, grid: Array, time: Array, history_end: float = HISTORY_END) -> Clock:
    """Find the interval of `grid`, shape ``(interval + 1,)``, that holds `time`."""
    last = grid.shape[0] - 2
    interval = xp.clip(xp.searchsorted(grid, time, side="right") - 1, 0, last)
    return Clock(time, interval, time - grid[interval], history_end)


def at(schedule: Schedule, clock: Clock) -> Array:
    """Value of a schedule now, shape ``(..., scenario)``."""
    start: Array = schedule.start[clock.interval]
    return start + schedule.slope[clock.interval] * clock.elapsed


def heading(schedule: Schedule, clock: Clock, time: Array) -> Array:
    """Value that a schedule reaches in some time on its course of now [yr].

    Parameters
    ----------
    time
        How far to look, ``(scenario,)`` [yr].

    """
    return at(schedule, clock) + schedule.slope[clock.interval] * time
