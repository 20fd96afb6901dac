"""Variables of fleets and equipment."""

from collections.abc import Callable, Container
from typing import Final

import numpy as np

from simulator.equations.adequacy import HOURS
from simulator.equations.fleet_parameters import FleetParameters, FleetState
from simulator.model.balances import NOTHING
from simulator.model.layout import FLEETS, VEHICLE_FLEETS
from simulator.model.national import NationalModel
from simulator.model.record import Record
from simulator.results.axes import (
    FloatArray,
    efficiency_classes,
    equipment_classes,
    ratio,
    technologies_of,
)

NEW_ENERGY: Final = ("plug_in_hybrid", "battery_electric", "fuel_cell")
"""Vehicles that count as new-energy vehicles."""

TRACE: Final = 1e-9
"""Part of a fleet under which a technology counts as absent [1]."""


def fleet_variables(
    model: NationalModel, record: Record, chosen: Container[str]
) -> dict[str, FloatArray]:
    """Stocks, turnover, use and age of every technology, of these those that are chosen."""
    axis = technologies_of(model)
    before, after, flows = record.before, record.after, record.flows
    made, power = flows.fleets, flows.generators
    ways: dict[str, Callable[[], tuple[FloatArray, FloatArray]]] = {
        "capacity": lambda: (_standing(after.fleets), _standing(after.generators)),
        "additions": lambda: (made.additions, power.additions),
        "retirements": lambda: (made.natural + made.early, power.natural + power.early),
        "retrofits": lambda: (made.retrofits, power.retrofits),
        "utilisation": lambda: (
            _utilisation(before.fleets, after.fleets, made.output),
            _utilisation(before.generators, after.generators, power.output / HOURS),
        ),
        "mean_age": lambda: (
            _mean_age(model.parameters.fleets, after.fleets),
            _mean_age(model.parameters.generators, after.generators),
        ),
    }
    return {name: axis.spread(*find()) for name, find in ways.items() if name in chosen}


def _standing(state: FleetState) -> FloatArray:
    """Capacity of all ages, (time, F, T, scenario)."""
    return np.asarray(state.capacity.sum(axis=1))


def _present(standing: FloatArray) -> FloatArray:
    """Capacity where more than a trace of its fleet, else zero, (time, F, T, scenario)."""
    whole = standing.sum(axis=2, keepdims=True)
    return np.where(standing > np.maximum(TRACE * whole, NOTHING), standing, 0.0)


def _utilisation(before: FleetState, after: FleetState, output: FloatArray) -> FloatArray:
    """Output over mean capacity, zero where nothing stands, (time, F, T, scenario) [1]."""
    mean = 0.5 * (_standing(before) + _standing(after))
    return ratio(output, _present(mean))


def _mean_age(p: FleetParameters, state: FleetState) -> FloatArray:
    """Mean age, zero where nothing stands, (time, F, T, scenario) [yr].

    What stands in a class has spent the mean residence in it and in every class before.
    """
    residence = 1.0 / np.maximum(p.chain.transfer, NOTHING)
    number = np.arange(1.0, state.capacity.shape[1] + 1.0).reshape(-1, 1, 1, 1)
    weighted = (state.capacity * number).sum(axis=1) * residence
    return ratio(weighted, _present(_standing(state)))


def equipment_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Efficiency classes in use and what they do to the electricity of the sectors."""
    standing, flows = _standing(record.after.fleets), record.flows
    names = efficiency_classes(model)
    rows = equipment_classes(model)
    mix = np.zeros((len(record.years), len(rows), len(names), record.scenarios))
    for place, (row, classes) in enumerate(rows):
        here = standing[:, row, : len(classes)]
        columns = [names.index(key) for key in classes]
        mix[:, place, columns] = ratio(here, here.sum(axis=1, keepdims=True))
    return {
        "efficiency_mix": mix,
        "equipment_factor": flows.means.equipment_factor,
        "motor_efficiency": flows.means.motor_efficiency,
    }


def vehicle_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """New-energy share of sales and charging points."""
    additions = record.flows.fleets.additions
    shares = []
    for name in VEHICLE_FLEETS:
        row = FLEETS.index(name)
        keys = model.layout.technologies(model.layout.fleets[row])
        new = additions[:, row, [keys.index(key) for key in NEW_ENERGY if key in keys]]
        shares.append(ratio(new.sum(axis=1), additions[:, row].sum(axis=1)))
    return {
        "new_energy_vehicle_share": np.stack(shares, axis=1),
        "chargers": record.after.adoption.chargers,
    }
