"""Where the steps of the batch engine lie: every knot of a run, equal steps between them."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import HISTORY_END
from simulator.model.series import SAME_TIME

FloatArray = NDArray[np.float64]

STEPS: Final = (
    (2015.0, 1 / 4),
    (2025.0, 1 / 8),
    (2026.0, 1 / 4),
    (2030.0, 1 / 2),
    (2051.0, 1 / 4),
    (2053.0, 1 / 2),
)
"""Longest step from each year on [yr].

The fastest adjustments of the model take a quarter of a year, for which half a year is the
longest stable step. The steps are shorter where the convergence test asks for it: in observed
history, which bends every year and in which scrap runs short; in the years around its end,
when what investors expect settles; and in 2051 and 2052, when `accelerated` orders cement
kilns again after decades without: electric kilns grow by what stands, and carry an error of
their start.
"""

AROUND_END: Final = ((-1.0, 1 / 4), (0.0, 1 / 8), (1.0, 1 / 4), (5.0, 1 / 2))
"""Longest step around an end of history that is not the usual one, by years since [yr]."""


def longest_steps(history_end: float) -> tuple[tuple[float, float], ...]:
    """Longest step from each year on, as `STEPS` but short around the end of history [yr]."""
    if history_end == HISTORY_END:
        return STEPS
    around = tuple((history_end + since, step) for since, step in AROUND_END)
    times = sorted({time for time, _ in (*STEPS, *around)})

    def longest(steps: tuple[tuple[float, float], ...], time: float) -> float:
        return next((step for start, step in reversed(steps) if start <= time), 1 / 2)

    return tuple((time, min(longest(STEPS, time), longest(around, time))) for time in times)


def step_grid(
    knots: FloatArray, refine: int = 1, history_end: float = HISTORY_END
) -> FloatArray:
    """The knots of a run with what lies between them cut into equal steps.

    Parameters
    ----------
    knots
        Times at which a series of the run bends or jumps, increasing [yr].
    refine
        How many times shorter than `STEPS` the steps are.
    history_end
        Where observed history ends.
    """
    steps = longest_steps(history_end)
    times, longest = (np.array(column) for column in zip(*steps, strict=True))
    changes = times[(times > knots[0]) & (times < knots[-1])]
    bends = np.union1d(knots, changes)
    bends = bends[np.concatenate([[True], np.diff(bends) > SAME_TIME])]
    parts = []
    for start, end in pairwise(bends):
        step = longest[np.searchsorted(times, start + SAME_TIME, side="right") - 1] / refine
        count = int(np.ceil((end - start) / step - SAME_TIME))
        parts.append(np.linspace(start, end, count, endpoint=False))
    return np.concatenate([*parts, bends[-1:]])


def stretches_of(grid: FloatArray, history_end: float = HISTORY_END) -> tuple[slice, slice]:
    """Intervals of history, and those of the projection."""
    border = int(np.searchsorted(grid[:-1], history_end))
    return slice(0, border), slice(border, len(grid) - 1)
