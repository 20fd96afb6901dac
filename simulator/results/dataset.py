"""The result data set: every variable of the registry, read off a solved run.

Stocks are at the end of the year, flows are integrals over it, and a ratio of a year is a
ratio of its integrals. Names, dimensions, units and labels come from the registry.
"""

from collections.abc import Callable, Container, Mapping
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.errors import AssemblyError
from simulator.model.balances import check, ledger
from simulator.model.national import NationalModel
from simulator.model.record import Record
from simulator.reading.resolution import Resolved
from simulator.results.axes import FloatArray, coordinates
from simulator.results.provenance import attributes
from simulator.results.quantities import load_quantities
from simulator.results.remarks import remarks
from simulator.results.variables_carbon import carbon_variables, pollution_variables
from simulator.results.variables_chemicals import chemical_variables
from simulator.results.variables_economy import (
    STAGED,
    cost_variables,
    economy_variables,
    material_variables,
    product_variables,
    stage_of,
)
from simulator.results.variables_energy import energy_variables, power_variables
from simulator.results.variables_environment import environment_variables
from simulator.results.variables_fleets import (
    equipment_variables,
    fleet_variables,
    vehicle_variables,
)
from simulator.results.variables_machinery import (
    battery_variables,
    heavy_machinery_variables,
    maker_variables,
    making_variables,
)
from simulator.results.variables_policy import mandate_variables
from simulator.results.variables_scopes import scope_variables
from simulator.results.variables_stages import stage_variables

_MAKERS: Final[tuple[Callable[[NationalModel, Record], dict[str, FloatArray]], ...]] = (
    carbon_variables,
    pollution_variables,
    energy_variables,
    power_variables,
    equipment_variables,
    vehicle_variables,
    material_variables,
    mandate_variables,
    heavy_machinery_variables,
    maker_variables,
    battery_variables,
    making_variables,
    chemical_variables,
    cost_variables,
    product_variables,
    economy_variables,
    stage_variables,
    environment_variables,
)
"""What gives variables a few at a time, whichever of them are wanted."""

_GIVEN: Final[dict[Any, frozenset[str]]] = {}
"""Names that each has given: one of which none is wanted is left out from then on."""

NOT_MODELLED: Final[tuple[str, ...]] = ()
"""Rows of the registry that no run has yet."""


def build(
    model: NationalModel,
    record: Record,
    resolved: Resolved,
    settings: Mapping[str, Any],
    like: xr.Dataset | None = None,
) -> xr.Dataset:
    """Turn a solved run into a data set.

    Parameters
    ----------
    model
        The model that was run.
    record
        The years of one scenario.
    resolved
        The scenario, for the attributes.
    settings
        Those of the solver, for the attributes.
    like
        A data set of the same model and years, whose axes are taken over: aligning hundreds of
        variables anew takes as long as solving.

    Raises
    ------
    BalanceError
        A conservation law does not close.
    """
    residuals = ledger(model, record)
    check(residuals)
    quantities, found = load_quantities(), variables(model, record)
    if unknown := sorted(set(found) - set(quantities)):
        message = f"the registry has no row for {', '.join(unknown)}"
        raise AssemblyError(message)
    if like is not None:
        dataset = like.copy(data={name: found[str(name)][..., 0] for name in like})
    else:
        arrays = {
            name: (quantity.dims, found[name][..., 0], quantity.attributes())
            for name, quantity in quantities.items()
            if name in found
        }
        dataset = xr.Dataset(arrays, coordinates(model, record.years))
    told = remarks((model.layout, model.chemicals), record, dataset)
    dataset.attrs = attributes(resolved, settings, residuals, told)
    return dataset


def side_by_side(
    model: NationalModel, years: NDArray[np.int64], found: Mapping[str, FloatArray]
) -> xr.Dataset:
    """Data set of runs along ``scenario``, unchecked.

    Parameters
    ----------
    model
        One that has the axes of all.
    years
        Those of the runs.
    found
        Variables, (time, their other dimensions, scenario).
    """
    arrays = {
        name: (
            ("scenario", *quantity.dims),
            np.moveaxis(found[name], -1, 0),
            quantity.attributes(),
        )
        for name, quantity in load_quantities().items()
        if name in found
    }
    return xr.Dataset(arrays, coordinates(model, years))


def variables(
    model: NationalModel, record: Record, wanted: Container[str] | None = None
) -> dict[str, FloatArray]:
    """Variables as arrays, (time, their other dimensions, scenario).

    Parameters
    ----------
    model
        The model that was run.
    record
        Its years.
    wanted
        Names of the variables to work out; every one unless given.
    """
    chosen = {name for name in load_quantities() if wanted is None or name in wanted}
    asked = chosen | set(STAGED if "stage" in chosen else ())
    found: dict[str, Any] = {
        **scope_variables(model, record, asked),
        **fleet_variables(model, record, asked),
    }
    for make in _MAKERS:
        known = _GIVEN.get(make)
        if known is not None and asked.isdisjoint(known):
            continue
        given = make(model, record)
        _GIVEN[make] = frozenset(given)
        found |= given
    if "stage" in chosen:
        found["stage"] = stage_of(record, found)
    return {
        name: np.ascontiguousarray(values)
        for name, values in found.items()
        if wanted is None or name in chosen
    }
