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
from simulator.model.state import FleetFlows
from simulator.results.axes import (
    FloatArray,
    efficiency_classes,
    equipment_classes,
    ratio,
    technologies_of,
)

NEW_ENERGY: Final = ("plug_in_hybrid", "battery_electric", "fuel_cell")
"""Vehicles that count as new-energy vehicles."""

Block = tuple[FleetParameters, FleetState, FleetState, FleetFlows, float]
"""A block of fleets: parameters, stocks before and after, flows, activity of a unit at work."""

TRACE: Final = 1e-9
"""Part of a fleet under which a technology counts as absent [1]."""


def fleet_variables(
    model: NationalModel, record: Record, chosen: Container[str]
) -> dict[str, FloatArray]:
    """Stocks, turnover, use and age of every technology, of these those that are chosen."""
    axis = technologies_of(model)
    p, old, new, flows = model.parameters, record.before, record.after, record.flows
    blocks = [
        (p.fleets, old.fleets, new.fleets, flows.fleets, 1.0),
        (p.generators, old.generators, new.generators, flows.generators, HOURS),
        (p.chemicals, old.chemicals, new.chemicals, flows.chemicals, 1.0),
    ]
    ways: dict[str, Callable[[Block], FloatArray]] = {
        "capacity": lambda block: _standing(block[2]),
        "additions": lambda block: block[3].additions,
        "retirements": lambda block: block[3].natural + block[3].early,
        "retrofits": lambda block: block[3].retrofits,
        "utilisation": lambda block: _utilisation(
            block[1], block[2], block[3].output / block[4]
        ),
        "mean_age": lambda block: _mean_age(block[0], block[2]),
    }
    return {
        name: axis.spread(*map(find, blocks)) for name, find in ways.items() if name in chosen
    }


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
