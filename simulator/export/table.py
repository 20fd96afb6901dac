"""Results as one tidy table: a row a number, with its unit."""

from collections.abc import Iterator
from itertools import product
from typing import Final

import numpy as np
import xarray as xr

from simulator.results.about import about

COLUMNS: Final = ("scenario", "variable", "dimension", "label", "year", "value", "unit")
"""``dimension`` and ``label`` hold what is chosen besides the year, joined by ``|``."""


def tidy(dataset: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """Walk every number of a data set; missing ones are left out."""
    several = "scenario" in dataset.dims
    alone = about(dataset).name
    for name, variable in dataset.data_vars.items():
        if "time" not in variable.dims:
            continue
        ordered = variable.transpose("time", *(dim for dim in variable.dims if dim != "time"))
        dims = [str(dim) for dim in ordered.dims[1:]]
        labels = [[str(item) for item in ordered[dim].values] for dim in dims]
        units = units_by_label(ordered, dims)
        years = [str(int(year)) for year in ordered["time"].values]
        shown = [dim for dim in dims if dim != "scenario"]
        table = ordered.values.reshape(len(years), -1)
        for column, keys in enumerate(product(*labels)):
            chosen = dict(zip(dims, keys, strict=True))
            scenario = chosen.pop("scenario", alone) if several else alone
            where = ("|".join(shown), "|".join(chosen.values()))
            for row in np.flatnonzero(np.isfinite(table[:, column])):
                value = exact(float(table[row, column]))
                unit = units.get(keys, str(variable.attrs.get("units", "")))
                yield scenario, str(name), *where, years[row], value, unit


def exact(value: float) -> str:
    """Write a number so that it reads back to the last bit, in as few digits as that takes."""
    return repr(value).removesuffix(".0")


def units_by_label(variable: xr.DataArray, dims: list[str]) -> dict[tuple[str, ...], str]:
    """Units by label, where a coordinate holds them."""
    named = str(variable.attrs.get("units_coordinate", ""))
    coordinate, _, per = named.partition("/")
    if not named or coordinate not in variable.coords:
        return {}
    (dimension,) = (str(dim) for dim in variable[coordinate].dims)
    by_label = {
        str(key): f"{unit}/{per}" if per else str(unit)
        for key, unit in zip(
            variable[dimension].values, variable[coordinate].values, strict=True
        )
    }
    place = dims.index(dimension)
    keys = product(*([str(item) for item in variable[dim].values] for dim in dims))
    return {key: by_label[key[place]] for key in keys}
