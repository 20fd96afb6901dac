"""The staged fit of the years up to a cut, as the start of a hindcast.

What a scenario ships was fitted to the whole of history; a hindcast that is fitted anew knows
the years before its cut only, in its parameters too. Members of its bands are drawn from the
joint posterior of each stage, normal in the coordinates of the knobs and kept in their ranges.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.calibrate import calibrate
from calibration.fitting import Fit
from calibration.knobs import Knob, moved
from calibration.stages import Stage
from simulator.reading.resolution import Resolved

FloatArray = NDArray[np.float64]


class Posterior(NamedTuple):
    """What the years up to a cut say of the knobs, all stages together."""

    knobs: tuple[Knob, ...]
    centre: FloatArray
    """Best coordinates, (knob)."""
    root: FloatArray
    """Lower triangle whose product with its transpose is the covariance, (knob, knob)."""

    @property
    def values(self) -> dict[str, float]:
        """Best values, in the units of the knobs."""
        pairs = zip(self.knobs, self.centre.tolist(), strict=True)
        return {knob.path: knob.outer(x) for knob, x in pairs}

    def coordinates(self, normal: FloatArray) -> FloatArray:
        """Coordinates of standard normal draws, (knob)."""
        return np.asarray(self.centre + self.root @ normal)

    def at_its_best(self, base: Resolved) -> Resolved:
        """The scenario with the best fit."""
        return moved(base, self.knobs, self.centre.tolist())


def refit(until: int, report: Callable[[Stage, int, float], None] | None = None) -> Posterior:
    """Fit the stages in their order to the years up to `until`."""
    return posterior(calibrate(until, report=report).fits)


def posterior(fits: Sequence[Fit]) -> Posterior:
    """Join the stages, of which each took those before it as given."""
    knobs = tuple(knob for found in fits for knob in found.knobs)
    root, place = np.zeros((len(knobs), len(knobs))), 0
    for found in fits:
        block = slice(place, place + len(found.knobs))
        root[block, block] = np.linalg.cholesky(found.covariance)
        place = block.stop
    return Posterior(knobs, np.concatenate([found.coordinates for found in fits]), root)
