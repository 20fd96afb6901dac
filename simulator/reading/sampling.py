"""Points of a design in the unit cube, and the values that a distribution puts there.

Latin hypercube and Sobol sequence are those of `scipy.stats.qmc`. The generator is made here
from the seed, so that the same seed gives the same bits.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.schema.sweep import DistributionName

FloatArray = NDArray[np.float64]

SAMPLES: Final = ("latin_hypercube", "sobol")
"""Designs that are drawn."""


class Distribution(NamedTuple):
    """How a number is spread over its range; all members in the unit of the setting."""

    name: DistributionName
    low: float
    high: float
    mode: float = 0.0
    """Most likely value of a triangular distribution."""
    mean: float = 0.0
    """Mean of a normal distribution, before it is cut off."""
    sd: float = 1.0
    """Standard deviation of a normal distribution, before it is cut off."""

    def quantile(self, probability: FloatArray) -> FloatArray:
        """Return the values below which a share `probability` lies, shape as given."""
        from scipy import stats  # noqa: PLC0415 - slow to import, and only samples need it

        low, high, span = self.low, self.high, self.high - self.low
        match self.name:
            case "uniform":
                found = stats.uniform.ppf(probability, loc=low, scale=span)
            case "loguniform":
                found = stats.loguniform.ppf(probability, low, high)
            case "triangular":
                peak = (self.mode - low) / span
                found = stats.triang.ppf(probability, peak, loc=low, scale=span)
            case "normal":
                ends = (low - self.mean) / self.sd, (high - self.mean) / self.sd
                found = stats.truncnorm.ppf(probability, *ends, loc=self.mean, scale=self.sd)
        # Rounding may carry an end of the range past it.
        return np.clip(np.asarray(found, dtype=np.float64), low, high)


def choose(probability: FloatArray, count: int) -> FloatArray:
    """Return which of `count` choices each probability falls on, all equally likely."""
    return np.minimum(np.floor(probability * count), count - 1.0)


def unit_cube(design: str, rows: int, inputs: int, seed: int) -> FloatArray:
    """Draw the points of a sample, shape ``(rows, inputs)``, each between 0 and 1."""
    from scipy.stats import qmc  # noqa: PLC0415 - slow to import, and only samples need it

    generator = np.random.default_rng(seed)
    # scipy calls the argument "seed" before 1.15 and still takes it after.
    if design == "sobol":
        sequence = qmc.Sobol(inputs, scramble=True, seed=generator)
        return np.asarray(sequence.random_base2(rows.bit_length() - 1), dtype=np.float64)
    hypercube = qmc.LatinHypercube(inputs, seed=generator)
    return np.asarray(hypercube.random(rows), dtype=np.float64)


def powers_around(number: int) -> tuple[int, ...]:
    """Return the powers of two just below and above; the number alone if it is one."""
    below = 1 << (number.bit_length() - 1)
    return (number,) if below == number else (below, 2 * below)


def every_combination(counts: list[int]) -> NDArray[np.intp]:
    """Return which choice each row takes of each input, ``(row, input)``, the last fastest."""
    rows = np.arange(math.prod(counts), dtype=np.intp)
    columns = []
    for count in reversed(counts):
        columns.append(rows % count)
        rows = rows // count
    return np.stack(columns[::-1], axis=1)


def repeated_rows(table: FloatArray) -> list[list[int]]:
    """List the groups of rows of ``(row, input)`` that are the same, in order of first row."""
    _, group, count = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(count)
    found = [
        order[ends[place] - count[place] : ends[place]].tolist()
        for place in np.flatnonzero(count > 1)
    ]
    return sorted(found)
