"""The smallest step along a line from which a target holds.

Lines start at step 0, where nothing is changed, and end at step 1. All lines are looked at in
one go: a coarse grid first, because what is gained need not rise evenly nor even rise, then
ever finer grids between the last step that misses and the first that meets. Steps are run side
by side, sixty and more for what one costs, so cutting a stretch into many parts takes fewer
turns than halving it; and years, which jump, are as good a margin as tonnes.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

PARTS: Final = (32, 16, 8)
"""Parts into which a line is cut first, and into which the stretch that is left is cut in each
later turn; what holds on a shorter stretch than the first only may be missed."""

RESOLUTION: Final = 1.0 / math.prod(PARTS)
"""Length of the last stretch."""


class Judged(NamedTuple):
    """What came out at some steps."""

    room: FloatArray
    """Room to spare, negative by what is missing; not-a-number where there is no value."""
    met: BoolArray
    """Where the target holds."""


class Point(NamedTuple):
    """A place on a line."""

    line: int
    step: float


Outcome = Callable[[Sequence[Point]], Judged]
"""Judges places on lines, many at once."""


class Reached(NamedTuple):
    """How far along a line one has to go."""

    step: float
    """Smallest step that was found to meet the target; not-a-number where none does."""
    room: float
    """Room to spare there; the largest along the line where none meets it."""
    below: float
    """Largest step before it that misses; what is exact lies between. 0 where none is needed.
    """
    best: float
    """Step that has the largest room; the first of several."""
    end: float
    """Room to spare at the far end."""
    lost: float
    """First step looked at beyond `step` from which the target is missed again, else
    not-a-number."""

    @property
    def met(self) -> bool:
        """Whether some step meets the target."""
        return bool(np.isfinite(self.step))


class _Search:
    """What is known of one line: the steps looked at, in order, and what came out."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.known: dict[float, tuple[float, bool]] = {}

    def take(self, step: float, room: float, *, met: bool) -> None:
        """Learn what came out at a step."""
        self.known[step] = (room, met)

    def bracket(self) -> tuple[float, float] | None:
        """Last step that misses before the first that meets; none if no step or step 0 does."""
        before = None
        for step in sorted(self.known):
            if self.known[step][1]:
                return None if before is None else (before, step)
            before = step
        return None

    def result(self) -> Reached:
        """Say what was found."""
        steps = sorted(self.known)
        rooms = [self.known[step][0] for step in steps]
        met = np.array([self.known[step][1] for step in steps])
        none = float("nan")
        best = int(np.nanargmax(rooms)) if any(map(np.isfinite, rooms)) else 0
        if not met.any():
            return Reached(none, rooms[best], steps[-1], steps[best], rooms[-1], none)
        first = int(np.argmax(met))
        again = np.flatnonzero(~met[first:])
        lost = steps[first + int(again[0])] if again.size else none
        below = steps[first - 1] if first else 0.0
        return Reached(steps[first], rooms[first], below, steps[best], rooms[-1], lost)


def reach(outcome: Outcome, lines: int, parts: Sequence[int] = PARTS) -> list[Reached]:
    """Find for each line the smallest step that meets the target.

    Parameters
    ----------
    outcome
        Judges places on lines; step 0 is the same on all and is asked for on the first alone.
    lines
        How many lines there are, at least one.
    parts
        Into how many parts a line is cut, and then what is left of it.
    """
    searches = [_Search(line) for line in range(lines)]
    start = _ask(outcome, [Point(0, 0.0)])[0]
    for search in searches:
        search.take(0.0, start[0], met=start[1])
    if start[1]:
        return [search.result() for search in searches]
    grid = np.linspace(0.0, 1.0, parts[0] + 1)[1:].tolist()
    wanted = [Point(search.line, step) for search in searches for step in grid]
    for count in (*parts[1:], 0):
        for point, (room, met) in zip(wanted, _ask(outcome, wanted), strict=True):
            searches[point.line].take(point.step, room, met=met)
        brackets = [(search.line, search.bracket()) for search in searches]
        wanted = [
            Point(line, float(step))
            for line, bracket in brackets
            if bracket is not None
            for step in np.linspace(*bracket, count + 1)[1:-1]
        ]
    return [search.result() for search in searches]


def _ask(outcome: Outcome, points: Sequence[Point]) -> list[tuple[float, bool]]:
    """Judge places, if there are any."""
    if not points:
        return []
    found = outcome(points)
    return list(zip(found.room.tolist(), found.met.tolist(), strict=True))
