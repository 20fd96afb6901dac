"""Where the steps of the batch engine lie: every knot of a run, equal steps between them."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import HISTORY_END
from simulator.model.series import SAME_TIME

FloatArray = NDArray[np.float64]

STEPS: Final = (
    (2015.0, 1 / 8),
    (2015.5, 1 / 2),
    (2016.0, 1 / 8),
    (2016.5, 1 / 2),
    (2017.0, 1 / 8),
    (2017.5, 1 / 4),
    (2021.0, 1 / 8),
    (2021.25, 1 / 4),
    (2021.5, 1 / 2),
    (2022.0, 1 / 4),
    (2022.5, 1 / 2),
    (2023.0, 1 / 4),
    (2023.5, 1 / 2),
    (2024.0, 1 / 8),
    (2025.5, 1 / 16),
    (2026.0, 1 / 4),
    (2028.5, 1 / 2),
    (2029.0, 1 / 4),
    (2030.0, 1 / 2),
    (2030.5, 1 / 4),
    (2030.73, 1 / 8),
    (2031.0, 1 / 4),
    (2033.5, 1 / 2),
    (2034.5, 1 / 4),
    (2035.5, 1 / 2),
    (2037.5, 1 / 4),
    (2038.0, 1 / 2),
    (2041.5, 1 / 4),
    (2042.0, 1 / 2),
    (2044.0, 1 / 4),
    (2045.5, 1 / 2),
    (2046.5, 1 / 4),
    (2047.0, 1 / 2),
    (2047.5, 1 / 4),
    (2048.0, 1 / 8),
    (2048.5, 1 / 4),
    (2051.5, 1 / 2),
    (2052.0, 1 / 4),
    (2052.5, 1 / 2),
    (2054.0, 1 / 8),
    (2055.0, 1 / 4),
    (2059.0, 1 / 8),
)
"""Longest step from each year on [yr].

The fastest adjustments of the model take a quarter of a year, for which half a year is the
longest stable step. Where the laws are smooth that is exact enough. What asks for shorter ones
are bends that no knot marks, when a limit begins or ceases to bind: capacity of new heaters
passes what is asked of them in the first months of 2015 to 2017 and 2021; new kinds of machine
reach their mandates early in 2025, kilns are rebuilt later in it, and what investors expect
settles until 2028; coal hydrogen
with capture meets what is asked of it in autumn 2030, and hydrogen, capture and motors go
from limit to limit until 2033; storage meets its mandate in 2035; later there are single bends
of one or another scenario, and from 2048 and 2054 on caps begin to bind and what was carried
over is used up. Shorter steps there do what half the step everywhere would. What is anchored at
the end of history rests on its last year, so that is cut finer; second halves of the others
bend little.
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
