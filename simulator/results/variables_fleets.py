"""Variables of fleets and equipment."""

from collections.abc import Callable, Container
from typing import Final, NamedTuple

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


class Block(NamedTuple):
    """A block of fleets, (time, F, T, scenario)."""

    parameters: FleetParameters
    state: FleetState
    """After each year."""
    flows: FleetFlows
    full_use: float
    """Activity of a unit of capacity that works all year."""
    after: FloatArray
    """Capacity of all ages after each year."""


TRACE: Final = 1e-4
"""Part of a fleet at its largest under which use and age of a technology mean nothing [1].

It is less than a plant: of steel or cement a tenth of a million tonnes, of power stations a
third of a gigawatt. What is left there is the tail of a law, not plants that somebody runs.
"""


def fleet_variables(
    model: NationalModel, record: Record, chosen: Container[str]
) -> dict[str, FloatArray]:
    """Stocks, turnover, use and age of every technology, of these those that are chosen."""
    axis = technologies_of(model)
    p, new, flows = model.parameters, record.after, record.flows
    ends = iter(record.standing)
    blocks = [
        Block(*found, next(ends))
        for found in (
            (p.fleets, new.fleets, flows.fleets, 1.0),
            (p.generators, new.generators, flows.generators, HOURS),
            (p.chemicals, new.chemicals, flows.chemicals, 1.0),
        )
    ]
    ways: dict[str, Callable[[Block], FloatArray]] = {
        "capacity": lambda block: block.after,
        "mean_capacity": lambda block: block.flows.standing,
        "additions": lambda block: block.flows.additions,
        "retirements": lambda block: block.flows.natural + block.flows.early,
        "retrofits": lambda block: block.flows.retrofits,
        "utilisation": _utilisation,
        "mean_age": _mean_age,
    }
    return {
        name: axis.spread(*map(find, blocks)) for name, find in ways.items() if name in chosen
    }


def _present(standing: FloatArray) -> FloatArray:
    """Capacity where more than a trace of its fleet, else zero, (time, F, T, scenario)."""
    whole = standing.sum(axis=2, keepdims=True).max(axis=0)
    return np.where(standing > np.maximum(TRACE * whole, NOTHING), standing, 0.0)


def _utilisation(block: Block) -> FloatArray:
    """Output over what stood on average, zero of a trace, (time, F, T, scenario) [1].

    Both are integrals over the year, so the use of a fleet that multiplies within it is as
    exact as that of one that stands still.
    """
    return ratio(block.flows.output / block.full_use, _present(block.flows.standing))


def _mean_age(block: Block) -> FloatArray:
    """Mean age, zero of a trace, (time, F, T, scenario) [yr].

    What stands in a class has spent the mean residence in it and in every class before.
    """
    residence = 1.0 / np.maximum(block.parameters.chain.transfer, NOTHING)
    number = np.arange(1.0, block.state.capacity.shape[1] + 1.0)
    weighted = np.einsum("yafts,a->yfts", block.state.capacity, number) * residence
    return ratio(weighted, _present(block.after))


def equipment_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Efficiency classes in use and what they do to the electricity of the sectors."""
    standing, flows = record.standing.fleets, record.flows
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
