"""Time series before the grid of a run is known, and as schedules on it.

A `SeriesSpec` holds the knots of every element in every scenario; when everything is assembled
the knots of all of them make the grid, and each becomes a `Schedule` on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from simulator.equations.schedule import Schedule

SAME_TIME = 1e-6
"""Times of a grid that are nearer than this are one [yr]."""

INSIDE = 1e-9
"""Keeps a reading at the end of an interval inside it, where a series may jump [yr]."""

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Places = NDArray[np.int64]
Knots = tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class SeriesSpec:
    """Time series of one shape, before the grid of the run is known."""

    knots: tuple[tuple[Knots, ...], ...]
    """For each element (C order) the knots of each scenario, or of all of them at once."""
    shape: tuple[int, ...]
    """Shape without the scenario axis."""
    _placed: list[tuple[FloatArray, Schedule]] = field(
        default_factory=list, repr=False, compare=False
    )
    """The grid that the series was last put on, and what came of it."""

    def times(self) -> set[float]:
        """Every time at which a series bends or jumps."""
        return {float(t) for element in self.knots for knots in element for t in knots[0]}

    def on_grid(self, grid: FloatArray) -> Schedule:
        """Start and slope on each interval of `grid`, ``(interval, *shape, scenario)``."""
        if not self._placed or self._placed[0][0] is not grid:
            self._placed[:] = [(grid, self._on_grid(grid))]
        return self._placed[0][1]

    def _on_grid(self, grid: FloatArray) -> Schedule:
        scenarios = max((len(element) for element in self.knots), default=1)
        order = (len(grid) - 1, len(self.knots), scenarios)
        start, slope = np.empty((2, *order))
        alike: dict[tuple[int, bool], list[tuple[int, int, Knots]]] = {}
        for row, element in enumerate(self.knots):
            for column, knots in enumerate(element):
                key = len(knots[0]), len(element) == 1
                alike.setdefault(key, []).append((row, column, knots))
        for (_, shared), group in alike.items():
            rows, columns = [place[0] for place in group], [place[1] for place in group]
            found = _segments([knots for *_, knots in group], grid)
            for one, many in zip(found, (start, slope), strict=True):
                if shared:
                    many[:, rows] = one.T[:, :, np.newaxis]
                else:
                    many[:, rows, columns] = one.T
        shape = (len(grid) - 1, *self.shape, scenarios)
        return Schedule(start.reshape(shape), slope.reshape(shape))


def with_crossings(series: SeriesSpec, other: SeriesSpec) -> SeriesSpec:
    """A series with a knot wherever it crosses another one, so that steps keep to it."""
    found = []
    for element, beside in zip(series.knots, other.knots, strict=True):
        count = max(len(element), len(beside))
        pairs = zip(
            element * (count // len(element)), beside * (count // len(beside)), strict=True
        )
        found.append(tuple(_with_crossings(*pair) for pair in pairs))
    return SeriesSpec(tuple(found), series.shape)


def _with_crossings(one: Knots, other: Knots) -> Knots:
    bends = np.unique(np.concatenate([one[0], other[0]]))
    lines = [
        _Lines(times[np.newaxis], np.zeros(1, np.int64), values[np.newaxis])
        for times, values in (one, other)
    ]
    starts, ends = (
        np.subtract(*(_value(line, when, after=after)[0] for line in lines))
        for when, after in ((bends[:-1], True), (bends[1:], False))
    )
    cross = starts * ends < 0.0
    part = starts[cross] / (starts - ends)[cross]
    when = bends[:-1][cross] + part * np.diff(bends)[cross]
    places = np.searchsorted(one[0], when)
    values = _value(lines[0], when, after=True)[0]
    return np.insert(one[0], places, when), np.insert(one[1], places, values)


class _Lines(NamedTuple):
    """Series with the same number of knots; many share the times of theirs."""

    times: FloatArray
    """Different times of knots, (times, knot)."""
    which: Places
    """Which of them each series has, (series,)."""
    values: FloatArray
    """Values at the knots, (series, knot)."""


def _segments(knots: Sequence[Knots], grid: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values at the start of each interval and slopes; repeated times are jumps.

    Where a knot lies inside an interval, which only a grid that was given has, the interval
    takes the mean: the integral stays right and no value leaves the range of the series.

    Parameters
    ----------
    knots
        Those of series with equally many.
    grid
        Ends of the intervals, (interval + 1,).

    Returns
    -------
    Both (series, interval).
    """
    values = np.stack([value for _, value in knots])
    if values.shape[1] == 1:
        left = np.repeat(values, len(grid) - 1, axis=1)
        return left, np.zeros_like(left)
    known: dict[bytes, int] = {}
    which = np.array([known.setdefault(time.tobytes(), len(known)) for time, _ in knots])
    times = np.array([np.frombuffer(each) for each in known])
    lines = _Lines(times, which, values)
    left = _value(lines, grid[:-1], after=True)
    right = _value(lines, grid[1:], after=False)
    bent = _with_knots(times, grid)[which]
    if bent.any():
        mean = np.diff(_integral(lines, grid)) / np.diff(grid)
        mean = mean.clip(values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True))
        left, right = np.where(bent, mean, left), np.where(bent, mean, right)
    return left, (right - left) / np.diff(grid)


def _with_knots(times: FloatArray, grid: FloatArray) -> BoolArray:
    """Whether a knot lies inside an interval of the grid, (times, interval)."""
    after = np.searchsorted(grid, times - SAME_TIME)
    here = (after > 0) & (after < len(grid))
    inside = here & (np.abs(grid[np.minimum(after, len(grid) - 1)] - times) > SAME_TIME)
    found = np.zeros((len(times), len(grid) - 1), bool)
    found[np.nonzero(inside)[0], after[inside] - 1] = True
    return found


def _passed(times: FloatArray, when: FloatArray, *, after: bool) -> Places:
    """How many knots have come, that at the time itself only `after` it, (times, moment)."""
    come = (
        times[:, np.newaxis] <= when[:, np.newaxis]
        if after
        else (times[:, np.newaxis] < when[:, np.newaxis])
    )
    return np.asarray(come.sum(axis=2))


def _value(lines: _Lines, when: FloatArray, *, after: bool) -> FloatArray:
    """Interpolate, (series, moment); at a repeated time the value after it or before it."""
    times = lines.times
    passed = _passed(times, when, after=after)
    following = passed.clip(1, times.shape[1] - 1)
    begins, ends = (
        np.take_along_axis(times, place, axis=1) for place in (following - 1, following)
    )
    span = ends - begins
    jumped = np.where(passed > 0, 1.0, 0.0)  # at the first knot
    part = np.where(span > 0, (when - begins) / np.where(span > 0, span, 1.0), jumped)
    first, last = (
        np.take_along_axis(lines.values, place[lines.which], axis=1)
        for place in (following - 1, following)
    )
    result: FloatArray = first + part.clip(0.0, 1.0)[lines.which] * (last - first)
    return result


def _integral(lines: _Lines, when: FloatArray) -> FloatArray:
    """Integral from the first knot on, (series, moment)."""
    times, which, values = lines
    steps = np.diff(times)[which] * 0.5 * (values[:, 1:] + values[:, :-1])
    whole = np.concatenate([np.zeros((len(values), 1)), np.cumsum(steps, axis=1)], axis=1)
    last = (_passed(times, when, after=True) - 1).clip(0)
    since = (when - np.take_along_axis(times, last, axis=1))[which]
    there, known = (np.take_along_axis(each, last[which], axis=1) for each in (whole, values))
    result: FloatArray = there + since * 0.5 * (known + _value(lines, when, after=True))
    return result


def later(series: SeriesSpec) -> Schedule:
    """Stand in, for the type checker, for the schedule that a series becomes on the grid."""
    return cast("Schedule", series)


def constant(value: float) -> Knots:
    """Knots of a constant."""
    return np.zeros(1), np.full(1, value)


def ramp(start: float, end: float, before: float, after: float) -> Knots:
    """Knots of a straight line from one level to another."""
    return np.array([start, end]), np.array([before, after])


def grid_of(tree: Any, start: float, end: float, extra: Sequence[float] = ()) -> FloatArray:
    """Every whole year and every knot inside the horizon, increasing."""
    times = {float(year) for year in range(round(start), round(end) + 1)} | set(extra)
    for spec in _specs(tree):
        times |= spec.times()
    inside = sorted(t for t in times if start <= t <= end)
    kept = [inside[0]]
    for time in inside[1:]:
        if time - kept[-1] > SAME_TIME:
            kept.append(time)
    return np.array(kept)


def _specs(tree: Any) -> list[SeriesSpec]:
    if isinstance(tree, SeriesSpec):
        return [tree]
    if isinstance(tree, tuple):
        return [spec for item in tree for spec in _specs(item)]
    return []


def place_on_grid(tree: Any, grid: FloatArray) -> Any:
    """The same tree of named tuples with every `SeriesSpec` turned into a `Schedule`."""
    if isinstance(tree, SeriesSpec):
        return tree.on_grid(grid)
    if isinstance(tree, tuple):
        items = [place_on_grid(item, grid) for item in tree]
        return type(tree)(*items) if hasattr(tree, "_fields") else tuple(items)
    return tree
