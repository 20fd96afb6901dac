"""What was observed, as the residuals that a fit makes small.

A residual is the logarithm of model over observation. Two things are known of its size: the
uncertainty u of the statistics, half of which is the same in all years, and how far the model
stays from them at best, s, because it is simpler than the world. Errors carry over from year
to year, so that ten years count for some two and a half independent ones (Cochrane and Orcutt
1949, doi:10.1080/01621459.1949.10483290). For the years i and j of a series

    covariance = u[i] u[j] (1/2 + 1/2 persistence^|i - j|) + s^2 persistence^|i - j|

A series that the model cannot follow thus bends its parameters little.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.hindcast import Comparison
from calibration.observations import Observation, load_observations

FloatArray = NDArray[np.float64]

PERSISTENCE: Final = 0.6
"""Part of an error that is still there a year later [1]: a judgement, the series are short."""

LEVEL: Final = 0.5
"""Part of the variance of statistics that is the same in all years [1]; a judgement."""

FLOOR: Final = 1e-9
"""Least value of a model whose logarithm is taken."""


class Series(NamedTuple):
    """The observations of one comparison that a fit sees."""

    name: str
    years: NDArray[np.int64]
    values: FloatArray
    uncertainty: FloatArray
    """Standard deviation relative to the value [1]."""


def evidence(
    comparison: Comparison,
    first: int,
    until: int,
    observations: Mapping[str, Observation] | None = None,
) -> Series:
    """Observations of a comparison from `first` to `until`, both included.

    Where several are added up, so are their uncertainties, as those of one publisher are.
    """
    known = observations or load_observations()
    found = [known[name] for name in comparison.observed]
    years = np.array([
        year for year in found[0].years if first <= year <= until
    ], dtype=np.int64)  # fmt: skip
    places = [years - int(item.years[0]) for item in found]
    parts = [item.values[place] for item, place in zip(found, places, strict=True)]
    spreads = [
        part * item.uncertainty[place]
        for part, item, place in zip(parts, found, places, strict=True)
    ]
    total = np.sum(parts, axis=0)
    return Series(comparison.name, years, total, np.sum(spreads, axis=0) / total)


def errors(
    series: Sequence[Series], tables: Sequence[FloatArray], first: int
) -> list[FloatArray]:
    """Logarithms of model over observation, one table (run, year) a series.

    Parameters
    ----------
    tables
        Series of the model, (run, year), whose first column is the year `first`.
    """
    return [
        np.log(np.maximum(table[:, item.years - first], FLOOR) / item.values)
        for item, table in zip(series, tables, strict=True)
    ]


def covariance(series: Series, size: float) -> FloatArray:
    """Covariance of the errors of a series, (year, year).

    Parameters
    ----------
    size
        How far the model may be off beside the statistics [1].
    """
    apart = PERSISTENCE ** np.abs(np.subtract.outer(series.years, series.years))
    level = np.outer(series.uncertainty, series.uncertainty)
    return np.asarray(LEVEL * level + ((1.0 - LEVEL) * level + size**2) * apart)


def weighted(
    series: Sequence[Series], found: Sequence[FloatArray], sizes: Sequence[float]
) -> FloatArray:
    """Residuals in standard deviations, independent of each other, (run, residual).

    Parameters
    ----------
    found
        Errors, one table a series.
    sizes
        How far the model may be off, by series.
    """
    parts = [
        np.linalg.solve(np.linalg.cholesky(covariance(item, size)), error.T).T
        for item, error, size in zip(series, found, sizes, strict=True)
    ]
    return np.concatenate(parts, axis=1)


def innovations(error: FloatArray) -> FloatArray:
    """What is new in every year of the errors, (run, year), with the same spread."""
    kept = np.sqrt(1.0 - PERSISTENCE**2)
    new = (error[:, 1:] - PERSISTENCE * error[:, :-1]) / kept
    return np.concatenate([error[:, :1], new], axis=1)


def misfit(error: FloatArray) -> float:
    """Standard deviation that makes the errors of one run, (1, year), most likely."""
    return float(np.sqrt(np.mean(innovations(error) ** 2)))
