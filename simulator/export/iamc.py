"""Results as the tables that integrated assessment models exchange.

Variables have the names and units of the IAM consortium's common definitions where those have
one. A name stands once: in the column ``iamc`` of ``simulator/data/quantities.csv`` where a
national series is that variable in that unit, else in ``simulator/data/iamc.csv``, which says
how it is worked out. Every other national series keeps its own label and unit. One region,
years as columns or in rows.
"""

import csv
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.reading.library import shipped
from simulator.results.about import about
from simulator.results.expression import Evaluation
from simulator.results.quantities import load_quantities
from simulator.units import convert

MODEL: Final = "shuangtan"
REGION: Final = "China"
INDEX: Final = ("Model", "Scenario", "Region", "Variable", "Unit")


class Definition(NamedTuple):
    """A variable of the common definitions."""

    variable: str
    unit: str
    expression: str
    """How it is worked out, in the language of milestones."""
    expression_unit: str
    note: str


class Series(NamedTuple):
    """One row of the wide table."""

    key: tuple[str, ...]
    """Values of `INDEX`."""
    values: NDArray[np.float64]
    """One a year."""


@lru_cache(maxsize=1)
def definitions() -> tuple[Definition, ...]:
    """Variables that a run has as they are, and those that are worked out."""
    plain = [
        Definition(item.iamc, item.unit, name, item.unit, item.description)
        for name, item in load_quantities().items()
        if item.iamc
    ]
    with (shipped().data / "iamc.csv").open(encoding="utf-8", newline="") as stream:
        return (*plain, *(Definition(**row) for row in csv.DictReader(stream)))


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
        yield Series((MODEL, scenario, REGION, item.variable, item.unit), factor * values)
    known = {item.expression for item in definitions()}
    for key, variable in dataset.data_vars.items():
        if variable.dims == ("time",) and key not in known and variable.dtype.kind == "f":
            label, unit = (str(variable.attrs[name]) for name in ("long_name", "units"))
            place = (MODEL, scenario, REGION, label, unit)
            yield Series(place, np.asarray(variable.values, np.float64))


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
    return f"{value:.10g}" if np.isfinite(value) else ""
