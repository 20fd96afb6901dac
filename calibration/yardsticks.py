"""What anybody could have said without a model: nothing changes, or it goes on as it went.

A model that is not better than both has learnt nothing that the series itself does not say.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Years = NDArray[np.int64]

MEMORY: Final = 5
"""Years before the cut that the trend is drawn through."""


class Errors(NamedTuple):
    """How far a forecast was off."""

    absolute: float
    """Mean of the absolute errors relative to what was observed [1]."""
    bias: float
    """Mean of the signed ones [1]."""


def last_value(years: Years, values: FloatArray, until: int, wanted: Years) -> FloatArray:
    """Carry the last value that was known forward; not a number where there is none.

    Parameters
    ----------
    years, values
        The observed series.
    until
        Last year that is known.
    wanted
        Years to forecast.
    """
    known = values[years <= until]
    return np.full(len(wanted), known[-1] if len(known) else np.nan)


def linear_trend(years: Years, values: FloatArray, until: int, wanted: Years) -> FloatArray:
    """Draw a straight line by least squares through the last five known years and go on.

    Where fewer are known the line goes through those; through one year there is none.

    Parameters
    ----------
    years, values, until, wanted
        As for `last_value`.
    """
    recent = (years <= until) & (years > until - MEMORY)
    x, y = years[recent].astype(float), values[recent]
    if len(x) < 2:
        return np.full(len(wanted), np.nan)
    middle = x.mean()
    slope = float(((x - middle) * (y - y.mean())).sum() / ((x - middle) ** 2).sum())
    return np.asarray(y.mean() + slope * (wanted - middle))


def errors(forecast: FloatArray, observed: FloatArray) -> Errors:
    """Compare a forecast with what was observed in the same years."""
    relative = forecast / observed - 1.0
    return Errors(float(np.abs(relative).mean()), float(relative.mean()))
