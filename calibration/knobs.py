"""Parameters that history may move: their ranges as priors, and scenarios that have them moved.

A knob is a constant. Its prior comes from the columns ``low`` and ``high`` of the data, taken
as two standard deviations to either side of a centre that is written down apart from the value
that is shipped: a fit that starts from the last fit would otherwise wander.

Three kinds of parameter are no knobs. A series: history tells of its known years only, and a
factor would rescale the outlook of the others. The most that can be built in a year: history
shows what was built, which is no more than that; of nuclear power it shows the years in which
none was approved, of wind on land at most 75 GW before the 110 GW of 2025. Saturations: the
stock that people wanted was solved from the same outputs with them, so that a fit would find
its own rounding again (it made output of 2025 worse, cement +2.9 % instead of -0.2 %).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.reading.parameters import Parameter
from simulator.reading.resolution import Entries, Entry, Origin, Resolved, origin_of

FloatArray = NDArray[np.float64]

SIGMAS: Final = 2.0
"""Standard deviations from the centre of a prior to the ends of its range."""

ORIGIN: Final = Origin("<calibration>", 0, 0, "parameters.calibration")


@dataclass(frozen=True)
class Knob:
    """A parameter that is fitted."""

    stage: str
    path: str
    unit: str
    centre: float
    """Most likely value before history is looked at, in `unit`."""
    low: float
    high: float
    why: str
    """What in history tells of it."""

    @property
    def logarithmic(self) -> bool:
        """Whether ratios count instead of differences."""
        return self.low > 0.0

    def inner(self, value: float) -> float:
        """The coordinate in which the prior is normal."""
        return math.log(value) if self.logarithmic else value

    def outer(self, coordinate: float) -> float:
        """The value at a coordinate, inside its range."""
        found = math.exp(coordinate) if self.logarithmic else coordinate
        return min(max(found, self.low), self.high)

    @property
    def spread(self) -> float:
        """Standard deviation of the prior, in the coordinate."""
        return (self.inner(self.high) - self.inner(self.low)) / (2.0 * SIGMAS)

    def entry(self, base: Resolved, value: float) -> Entry:
        """The parameter with another value."""
        known: Parameter = base.parameters.find(self.path)
        chain = getattr(known, "chain", (origin_of(known),))
        content = {**vars(known), "chain": (*chain, ORIGIN), "times": (), "values": (value,)}
        return Entry(**content)

    def shipped(self, base: Resolved) -> float:
        """The value of a scenario."""
        return float(base.parameters.find(self.path).values[0])


def moved(base: Resolved, knobs: Sequence[Knob], coordinates: Sequence[float]) -> Resolved:
    """The scenario with the knobs set, each at its coordinate."""
    over = dict(base.parameters.overrides)
    for knob, coordinate in zip(knobs, coordinates, strict=True):
        over[knob.path] = knob.entry(base, knob.outer(float(coordinate)))
    return replace(base, parameters=Entries(base.parameters.base, over))
