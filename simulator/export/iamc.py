"""Results as the tables that integrated assessment models exchange.

Which variable is which says `simulator.results.exchange`. One region, years as columns or in
rows.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.export.table import exact
from simulator.results.about import about
from simulator.results.exchange import definitions, own_variables
from simulator.results.expression import Evaluation
from simulator.units import convert

MODEL: Final = "shuangtan"
REGION: Final = "China"
NO_UNIT: Final = ""
"""What the consortium writes where a number has no unit."""
INDEX: Final = ("Model", "Scenario", "Region", "Variable", "Unit")


class Series(NamedTuple):
    """One row of the wide table."""

    key: tuple[str, ...]
    """Values of `INDEX`."""
    values: NDArray[np.float64]
    """One a year."""


def iamc(dataset: xr.Dataset) -> Iterator[Series]:
    """Walk the series of a run, or of several along ``scenario``.

    Parameters
    ----------
    dataset
        Results.
    """
    if "scenario" in dataset.dims:
        for name in dataset["scenario"].values:
            yield from _one(dataset.sel(scenario=name), str(name))
    else:
        yield from _one(dataset, about(dataset).name)


def _one(dataset: xr.Dataset, scenario: str) -> Iterator[Series]:
    evaluation = Evaluation(dataset)
    for item in definitions():
        values = evaluation.table(item.expression)[0]
        factor = convert(1.0, item.expression_unit, item.unit)
        place = (MODEL, scenario, REGION, item.variable, _unit(item.unit))
        yield Series(place, factor * values)
    for own in own_variables():
        if own.name in dataset.data_vars:
            place = (MODEL, scenario, REGION, own.long_name, _unit(own.unit))
            yield Series(place, np.asarray(dataset[own.name].values, np.float64))


def _unit(unit: str) -> str:
    """A unit as the consortium writes it."""
    return NO_UNIT if unit == "1" else unit


def wide(dataset: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """Rows of the wide table, its head first: a column a year."""
    yield (*INDEX, *(str(int(year)) for year in dataset["time"].values))
    for series in iamc(dataset):
        yield (*series.key, *(_text(value) for value in series.values))


def long(dataset: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """Rows of the long table, its head first: a row a number."""
    yield (*INDEX, "Year", "Value")
    years = [str(int(year)) for year in dataset["time"].values]
    for series in iamc(dataset):
        for year, value in zip(years, series.values, strict=True):
            if np.isfinite(value):
                yield (*series.key, year, _text(value))


def _text(value: float) -> str:
    """A number, or nothing where there is none."""
    return exact(float(value)) if np.isfinite(value) else ""
