"""Every series of a run as the rows of a workbook, with names in one language."""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from simulator.export.table import units_by_label
from simulator.results.quantities import Language


class Row(NamedTuple):
    """One series."""

    name: str
    key: str
    labels: tuple[str, ...]
    """What it is of, one for each dimension."""
    unit: str
    values: np.ndarray[Any, np.dtype[np.float64]]
    """One for each year."""


def series(dataset: xr.Dataset, language: Language) -> Iterator[tuple[tuple[str, ...], Row]]:
    """Walk every series with its dimensions besides the year."""
    suffix = "" if language == "en" else "_zh"
    for key, variable in dataset.data_vars.items():
        if "time" not in variable.dims or variable.dtype.kind not in "fiu":
            continue
        dims = tuple(str(dim) for dim in variable.dims if dim != "time")
        ordered = variable.transpose(*dims, "time")
        names = [[str(item) for item in ordered[dim].values] for dim in dims]
        units = units_by_label(ordered, list(dims))
        labels = [_labels(dataset, dim, language) for dim in dims]
        values = np.asarray(ordered.values, np.float64).reshape(-1, ordered.sizes["time"])
        name = str(variable.attrs.get(f"long_name{suffix}", key))
        for place, (chosen, shown) in enumerate(
            zip(product(*names), product(*labels), strict=True)
        ):
            unit = units.get(chosen, str(variable.attrs.get("units", "")))
            if dims and not np.nan_to_num(values[place]).any():
                continue  # what does not exist, like diesel in smelters
            yield dims, Row(name, str(key), shown, unit, values[place])


def _labels(dataset: xr.Dataset, dim: str, language: Language) -> list[str]:
    """What people call the labels of a dimension."""
    named = f"{dim}_label_{language}"
    found = dataset.coords[named if named in dataset.coords else dim]
    return [str(item) for item in found.values]
