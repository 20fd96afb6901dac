"""Which groups of a sensitivity study matter most."""

from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.dimensions import HISTORY_END

LEADING: Final = ("mu_star", "ST")
"""Measure that ranks groups, of elementary effects and of shares of the variance."""


def leading(found: xr.Dataset) -> str:
    """Name the measure that ranks the groups of a study."""
    return next(name for name in LEADING if name in found)


def ranked(values: NDArray[np.float64]) -> NDArray[np.intp]:
    """Places of the groups, the largest first; those without a value last."""
    return np.argsort(-np.where(np.isfinite(values), values, -1.0), kind="stable")


def projected(found: xr.Dataset) -> xr.Dataset:
    """Leave out the years that were observed, in which a share of next to nothing may be large.

    Results that hold such years alone stay as they are.
    """
    later = found.sel(time=found["time"] >= HISTORY_END)
    return later if later.sizes["time"] else found
