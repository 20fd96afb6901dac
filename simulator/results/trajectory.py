"""Shapes of annual series: smoothing, plateaus, runs of years. Time is the first axis.

Every operation treats one series as it treats many side by side.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SMALL_CHANGE: Final = 0.005
"""Yearly relative change, up or down, within which a series lies level [1/yr]."""

LEVEL_YEARS: Final = 5
"""Yearly changes in a row that make a plateau."""

PLATEAU_DEPTH: Final = 0.02
"""How far below its peak a series is still on the plateau of the peak [1]."""


def smoothed(values: ArrayLike) -> FloatArray:
    """Return the centred mean of three years, of two at the ends."""
    series = np.asarray(values, dtype=float)
    if len(series) < 2:
        return series
    inner = (series[:-2] + series[1:-1] + series[2:]) / 3.0
    ends = (series[:2].sum(axis=0) / 2.0, series[-2:].sum(axis=0) / 2.0)
    return np.concatenate([ends[0][np.newaxis], inner, ends[1][np.newaxis]])


def in_a_row(condition: BoolArray, length: int) -> BoolArray:
    """Return the years from which the condition holds for `length` years in a row."""
    nothing = np.zeros((length - 1, *condition.shape[1:]), dtype=bool)
    padded = np.concatenate([condition, nothing])
    windows = np.lib.stride_tricks.sliding_window_view(padded, length, axis=0)
    return np.asarray(windows.all(axis=-1))


def first_year(years: ArrayLike, condition: BoolArray) -> FloatArray:
    """Return the first year in which the condition holds, or not-a-number."""
    found = np.asarray(years, dtype=float)[condition.argmax(axis=0)]
    return np.asarray(np.where(condition.any(axis=0), found, math.nan))


def peak_year(years: ArrayLike, values: ArrayLike) -> FloatArray:
    """Return the first year of the largest value, or not-a-number where there is none."""
    series = np.asarray(values, dtype=float)
    known = ~np.isnan(series)
    top = np.where(known, series, -np.inf).argmax(axis=0)
    return np.where(known.any(axis=0), np.asarray(years, dtype=float)[top], math.nan)


def plateau_start(
    years: ArrayLike,
    values: ArrayLike,
    change: float = SMALL_CHANGE,
    length: int = LEVEL_YEARS,
) -> FloatArray:
    """Return the first year of a plateau, or not-a-number.

    A plateau is `length` yearly changes in a row, each smaller than `change` [1/yr] in relative
    terms, up or down.
    """
    series = np.asarray(values, dtype=float)
    year = np.asarray(years, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        small = np.abs(np.diff(np.log(series), axis=0)) < change
    if len(small) < length:
        return np.full(series.shape[1:], math.nan)
    return first_year(year[:-1], in_a_row(small, length))


def plateau_end(
    years: ArrayLike, values: ArrayLike, depth: float = PLATEAU_DEPTH
) -> FloatArray:
    """Return the last year within `depth` [1] of the peak of the smoothed series.

    Not-a-number where that is the last year of all, because the series may still grow, and
    where there is no positive peak.
    """
    series = smoothed(values)
    year = np.asarray(years, dtype=float)
    peak = np.fmax.reduce(series, axis=0)
    near = (series >= (1.0 - depth) * peak) & (peak > 0.0)
    last = first_year(year[::-1], near[::-1])
    return np.where(last < year[-1], last, math.nan)
