"""Variables of what policy mandates: what is asked, what a run reaches, what is missing."""

from typing import Final

import numpy as np

from simulator.equations.adequacy import HOURS
from simulator.equations.fleet_parameters import Choosing, FleetState
from simulator.equations.schedule import Schedule
from simulator.model.balances import LEAST
from simulator.model.layout import Layout
from simulator.model.national import NationalModel
from simulator.model.record import Record, integral
from simulator.model.state import FleetFlows
from simulator.results.axes import FloatArray, ratio
from simulator.results.mandates import fleet_floors

EXACT: Final = 1e-6
"""Part of a mandate under which nothing is missing but rounding [1]."""


def mandate_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Mandates by year: asked, reached, and the part that is missing.

    A mandate binds decisions, so all three are zero in observed years. Where a fleet buys or
    makes nothing, there is nothing to fill.
    """
    p, flows = model.parameters, record.flows
    blocks = [
        _fleet_shares(model.layout, p.fleets.choosing, flows.fleets, record, p.grid),
        _fleet_shares(model.chemicals, p.chemicals.choosing, flows.chemicals, record, p.grid),
        _minimum_builds(model, record),
        _storage(model, record),
        _clean_power(model, record),
    ]
    asked, reached = (np.concatenate(parts, axis=1) for parts in zip(*blocks, strict=True))
    decided = (record.years >= model.history_end)[:, np.newaxis, np.newaxis]
    asked, reached = (np.where(decided, part, 0.0) for part in (asked, reached))
    missing = asked - reached
    return {
        "mandate_asked": asked,
        "mandate_reached": reached,
        "mandate_shortfall": np.where(missing > EXACT * asked, missing, 0.0),
    }


def _fleet_shares(
    layout: Layout, choosing: Choosing, flows: FleetFlows, record: Record, grid: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Shares in what fleets buy or make, (time, floor, scenario) [1].

    Plants fill a mandate with what runs, stocks of machines with what is bought.
    """
    floors = fleet_floors(layout)
    places = [floor.rank for floor in floors], [floor.row for floor in floors]
    start, slope = (part[:, *places] for part in choosing.floor_shares)
    shares = integral(Schedule(start, slope), grid, record)
    asked, reached = [], []
    for number, floor in enumerate(floors):
        place = floor.rank, floor.row
        runs = bool(choosing.floor_on_output[place].any())
        moved = (flows.output if runs else flows.additions)[:, floor.row]
        inside = moved * (1.0 - choosing.floor_outside[place])
        whole = inside.sum(axis=1)
        filled = ratio((inside * choosing.floor_members[place]).sum(axis=1), whole)
        wanted = shares[:, number]
        there = whole > LEAST
        asked.append(np.where(there, wanted, 0.0))
        reached.append(np.where(there, filled, 0.0))
    return np.stack(asked, axis=1), np.stack(reached, axis=1)


def _minimum_builds(model: NationalModel, record: Record) -> tuple[FloatArray, FloatArray]:
    """Orders of wind and solar power, (time, group, scenario) [GW/yr]."""
    p = model.parameters
    expansion = p.power.expansion
    ordered = (
        record.flows.generators.additions[:, 0]
        + (record.after.generators.pipeline - record.before.generators.pipeline)[:, 0]
    )
    groups = expansion.build_groups[np.newaxis]
    reached = (groups * ordered[:, np.newaxis]).sum(axis=2)
    return integral(expansion.minimum_build, p.grid, record), reached


def _storage(model: NationalModel, record: Record) -> tuple[FloatArray, FloatArray]:
    """Storage beside wind and sun, with what is being built, (time, 1, scenario) [GW].

    The mandate sets in as the potential of wind and sun grows relative to demand.
    """
    p = model.parameters
    dispatch, expansion = p.power.dispatch, p.power.expansion
    standing, started = (
        0.5 * (before + after)[:, 0]
        for before, after in zip(
            _held(record.before.generators, record.standing_before.generators),
            _held(record.after.generators, record.standing.generators),
            strict=True,
        )
    )
    wind_and_sun = standing * dispatch.variable
    demand = record.flows.power.gross + record.flows.power.unmet
    potential = HOURS * integral(dispatch.capacity_factor, p.grid, record) * wind_and_sun
    share = potential.sum(axis=1) / np.maximum(demand, LEAST)
    span = expansion.mandate_full - expansion.mandate_start
    binding = np.clip((share - expansion.mandate_start) / span, 0.0, 1.0)
    asked = integral(expansion.storage_mandate, p.grid, record) * wind_and_sun.sum(axis=1)
    reached = (started * p.power.adequacy.storage).sum(axis=1)
    return (asked * binding)[:, np.newaxis], reached[:, np.newaxis]


def _held(state: FleetState, standing: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Capacity that stands, and that with what is being built, (time, F, T, scenario)."""
    return standing, np.asarray(standing + state.pipeline)


def _clean_power(model: NationalModel, record: Record) -> tuple[FloatArray, FloatArray]:
    """Share of clean power in smelting, (time, 1, scenario) [1]."""
    p = model.parameters
    share = 0.5 * (record.before.clean_power + record.after.clean_power)
    asked = integral(p.aluminium.clean_power_floor, p.grid, record)
    return asked[:, np.newaxis], share[:, np.newaxis]
