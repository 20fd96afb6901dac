"""What closes a national total in known years: whether it drifts, by its own past.

A residual is what the model does not explain. Where it grew from year to year it will go on, as
far as anybody could know; where it moved to and fro its last value says most. Which of the two
holds is asked of the known years alone: from every earlier year that leaves three to look back
on, both foretell the years known since, and the one that was nearer is taken (rolling origin;
Tashman 2000, doi:10.1016/S0169-2070(00)00065-0).
"""

from collections.abc import Sequence
from typing import Final

LEAST: Final = 3
"""Known years before the first that is foretold."""


def drift(values: Sequence[float], memory: int) -> float:
    """Yearly change that goes on after the last value; nought where standing still was nearer.

    Parameters
    ----------
    values
        One a year, the last known one last.
    memory
        Years whose mean change goes on.
    """
    still = moving = 0.0
    for origin in range(LEAST, len(values)):
        known, later = values[:origin], values[origin:]
        change = _mean_change(known, memory)
        for lead, value in enumerate(later, 1):
            still += (value - known[-1]) ** 2
            moving += (value - known[-1] - lead * change) ** 2
    return _mean_change(values, memory) if moving < still else 0.0


def _mean_change(values: Sequence[float], memory: int) -> float:
    """Mean yearly change of the last years."""
    years = min(memory, len(values) - 1)
    return (values[-1] - values[-1 - years]) / years
