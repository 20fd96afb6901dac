"""Variables of energy and electricity."""

from typing import Final

import numpy as np

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations.adequacy import firm_need
from simulator.equations.heat import network_loss
from simulator.model.laws import PJ_PER_TWH
from simulator.model.layout import HEAT_FLEETS
from simulator.model.national import NationalModel
from simulator.model.record import (
    SUPPLIERS,
    Record,
    clocks_at,
)
from simulator.results.axes import FloatArray, ratio

ELECTRICITY: Final = CARRIERS.index("electricity")
FEEDSTOCK: Final = CARRIERS.index("feedstock")
BIOMASS: Final = CARRIERS.index("biomass")
FOSSIL: Final = ("coal", "gas", "diesel", "gasoline", "other_oil", "lpg", "feedstock")
"""Carriers that count as fossil energy."""

NETWORKS: Final = HEAT_FLEETS.index("network_heat")
MID_YEAR: Final = 0.5


def burns_fuel(model: NationalModel) -> FloatArray:
    """1 for generators that burn a fuel, (generator, scenario)."""
    fuel = model.parameters.power.fuel.energy
    return np.where(fuel.sum(axis=0) > 0, 1.0, 0.0)


def stores(model: NationalModel) -> FloatArray:
    """1 for generators that store, (generator, scenario)."""
    return np.asarray(model.parameters.power.adequacy.storage)


def nonfossil(model: NationalModel) -> FloatArray:
    """1 for generators that run on anything but fossil fuel, (generator, scenario)."""
    p = model.parameters
    carbon = p.power.fuel.energy * p.carbon.emission_factor[:, np.newaxis]
    return np.where(carbon.sum(axis=0) > 0, 0.0, 1.0) * (1.0 - stores(model))


def energy_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Energy by sector and carrier; what makes electricity, heat and hydrogen is not final."""
    taken = record.taken
    makes = np.isin(SECTORS, list(SUPPLIERS.values()))[:, np.newaxis]
    final = np.where(makes, 0.0, taken)
    used = final.sum(axis=1) - final[:, FEEDSTOCK]
    fossil = taken.sum(axis=2) * np.isin(CARRIERS, FOSSIL)[:, np.newaxis]
    clean, other = _other_energy(model, record, taken)
    heat = model.parameters.heat
    lost = network_loss(
        renovated=record.after.heat.renovated[:, np.newaxis],
        loss=heat.loss,
        renewed=heat.renewed_loss,
    )
    return {
        "heat_network_loss": lost[:, NETWORKS],
        "final_energy": np.swapaxes(final, 1, 2),
        "transformation_input": np.swapaxes(np.where(makes, taken, 0.0), 1, 2),
        "primary_energy": fossil,
        "nonfossil_share": ratio(clean, fossil.sum(axis=1) + clean + other),
        "electrification_share": ratio(final[:, ELECTRICITY], used),
        "electrified_share": ratio(final[:, ELECTRICITY].sum(axis=1), used.sum(axis=1)),
        "electricity_demand": taken[:, ELECTRICITY] / PJ_PER_TWH,
        "manufacturing_energy_intensity": _manufacturing(record, used),
    }


def _other_energy(
    model: NationalModel, record: Record, taken: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Non-fossil energy and waste, each (time, scenario) [PJ/yr].

    Electricity counts as the coal that would have made it, at the coal rate of thermal power of
    the year, as in the national energy statistics; the last rate recorded holds on.
    """
    years = record.years.astype(float)
    rate = _reported(model, "power.observed.net_coal_rate", "PJ/TWh", years)
    made = (record.flows.power.generation * nonfossil(model)).sum(axis=1)
    power = SECTORS.index("power")
    outside = np.delete(taken, power, axis=2)
    biomass = outside[:, BIOMASS].sum(axis=1)
    waste = outside[:, CARRIERS.index("waste")].sum(axis=1)
    return made * rate + biomass, waste


def _reported(model: NationalModel, path: str, unit: str, when: FloatArray) -> FloatArray:
    """A series that only reports read, at given times, (time, scenario)."""
    found = model.values.knots(path, unit)
    return np.stack([np.interp(when, times, values) for times, values in found], axis=-1)


def _manufacturing(record: Record, used: FloatArray) -> FloatArray:
    """Energy of making goods per output, relative to 2020, (time, sector, scenario) [1].

    The output of a sector is the index of its plain groups, or what it makes where it has none;
    the energy of vehicles and machines in use is left out.
    """
    flows = record.flows
    groups = np.asarray(flows.group_index, dtype=np.float64)
    index = np.where(groups > 0, groups, flows.activity)
    intensity = ratio(np.maximum(used - flows.energy_in_use, 0.0), index)
    base = int(np.argmin(np.abs(record.years - 2020)))
    return ratio(intensity, np.broadcast_to(intensity[base], intensity.shape))


def power_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Plants and stores of the power system, and what they run."""
    flows, p = record.flows, model.parameters
    grid = flows.power
    capacity = record.standing.generators[:, 0]
    load = grid.gross + grid.unmet - grid.storage_loss
    need = firm_need(np, p.power.adequacy, clocks_at(p.grid, record, MID_YEAR), load)
    return {
        "generation": grid.generation,
        "power_capacity": capacity,
        "storage_capacity": (capacity * stores(model)).sum(axis=1),
        "curtailment": grid.curtailed,
        "unmet_electricity": grid.unmet,
        "electricity_losses": grid.losses,
        "electricity_gross": grid.gross,
        "peak_load": need,
        "electricity_price": flows.means.electricity_price,
        "hydrogen_price": flows.means.hydrogen_price,
    }


def industrial_value_added(model: NationalModel, record: Record) -> FloatArray:
    """Value added of industry from its share of the product, (time, scenario) [bn CNY/yr]."""
    share = _reported(
        model, "common.industrial_share", "1", record.years.astype(np.float64) + MID_YEAR
    )
    return np.asarray(record.flows.gross_product * share)
