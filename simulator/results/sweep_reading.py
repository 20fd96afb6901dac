"""Results of a sweep, as an xarray data set that reads what is used and nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simulator.errors import ScenarioError
from simulator.results.store import RESULTS

if TYPE_CHECKING:
    import xarray as xr

CHOICES = "choices"
"""Attribute of an input that holds indices: the texts that they stand for."""


def open_sweep(path: str | Path) -> "xr.Dataset":
    """Open the results of a sweep, lazily: nothing but the labels is read before it is used.

    Inputs are coordinates along ``scenario``; those that choose among texts hold the texts.
    Scenarios that are not run yet, or failed, are not-a-number; `status` says which (0 not run,
    1 done, 2 failed).

    Parameters
    ----------
    path
        The folder that ``shuangtan sweep`` wrote.

    Raises
    ------
    ScenarioError
        There is no sweep.
    """
    import xarray as xr  # noqa: PLC0415 - half a second that other commands spare

    folder = Path(path)
    if folder.name != RESULTS:
        folder /= RESULTS
    if not (folder / "zarr.json").is_file():
        message = f'there are no results of a sweep at "{path}"'
        raise ScenarioError(message)
    found: xr.Dataset = xr.open_zarr(folder, zarr_format=3, consolidated=False, chunks=None)
    for name, item in found.coords.items():
        if CHOICES in item.attrs:
            texts = np.array(item.attrs.pop(CHOICES))[item.values.astype(int)]
            found = found.assign_coords({name: ("scenario", texts, item.attrs)})
    return found
