r"""Stages of production that are plants of their own: cement, aluminium and chemicals.

What a tonne takes in a stage is known, so that no equation has to split it: quarries, mills
and mixers take a fixed electricity per tonne of cement, remelting a fixed energy per tonne of
metal, alumina refineries are a fleet. The stage that is left, the kiln of cement and the
electrolysis of aluminium, takes the rest of the electricity of its sector:

.. math:: E_{k} = E_{sector} - \sum_{j \ne k} E_j

and all that carbonates or anodes give off. Fuel and heat are those of kilns and refineries,
save the gas of remelting. Balance: the stages add up to the sector, carrier by carrier.

Petrochemicals are told apart in :mod:`simulator.results.chemical_stages`.
"""

from typing import Final, NamedTuple

import numpy as np

from simulator.dimensions import CARRIERS, PLANT_STAGES, SECTORS
from simulator.model.national import NationalModel
from simulator.model.record import Record
from simulator.results.axes import FloatArray, ratio
from simulator.results.chemical_stages import chemical_stages

ELECTRICITY = CARRIERS.index("electricity")
FEEDSTOCK = CARRIERS.index("feedstock")
GAS = CARRIERS.index("gas")
PJ_PER_TWH: Final = 3.6
HEATED: Final = {"cement": "kiln", "aluminium": "alumina"}
"""Stage that takes the fuel and bought heat of its sector."""

REACTING: Final = {"cement": "kiln", "aluminium": "electrolysis"}
"""Stage that gives off process emissions, and takes the electricity that is left."""

BESIDE_KILNS: Final = tuple(
    stage for stage in PLANT_STAGES["cement"] if stage != REACTING["cement"]
)


class PlantStages(NamedTuple):
    """What every stage takes and gives off, (time, stage, scenario)."""

    electricity: FloatArray
    """[TWh/yr]."""
    fuel: FloatArray
    """Energy other than electricity and feedstock [PJ/yr]."""
    emissions: FloatArray
    """Direct emissions and those of bought energy [Mt CO2/yr]."""


def plant_stages(model: NationalModel, record: Record, *, power: FloatArray) -> PlantStages:
    """Split the sectors whose stages are plants, in the order of the axis.

    Parameters
    ----------
    model
        The model that was run.
    record
        Its years.
    power
        Emissions of bought electricity, (time, sector, scenario) [Mt CO2/yr].
    """
    p, made = model.parameters, record.flows.materials
    cement = p.cement.stage_electricity * made.cement[:, np.newaxis] * PJ_PER_TWH
    remelting = p.aluminium.recycling_energy * made.recycled_aluminium[:, np.newaxis]
    quarries = dict(zip(BESIDE_KILNS, cement.swapaxes(0, 1), strict=True))
    metal = {
        "bauxite": made.ore[:, 0],
        "alumina": made.alumina_electricity,
        "remelting": remelting[:, 1],
    }
    known = {
        "cement": _Known(quarries, {}, {}),
        "aluminium": _Known(
            metal,
            {"remelting": remelting[:, 0]},
            {"bauxite": (made.ore[:, 1], made.ore[:, 2])},
        ),
    }
    chemicals = chemical_stages(model, record)
    found = [
        *(_split(record, power, sector, known[sector]) for sector in known),
        PlantStages(chemicals.electricity / PJ_PER_TWH, chemicals.fuel, chemicals.emissions),
    ]
    return PlantStages(*(np.concatenate(parts, axis=1) for parts in zip(*found, strict=True)))


class _Known(NamedTuple):
    """What is known of the stages of a sector, by stage, (time, scenario)."""

    electricity: dict[str, FloatArray]
    """[PJ/yr]."""
    gas: dict[str, FloatArray]
    """[PJ/yr]."""
    fuel: dict[str, tuple[FloatArray, FloatArray]]
    """All fuel [PJ/yr] and its carbon [Mt CO2/yr]."""


def _split(record: Record, power: FloatArray, sector: str, known: _Known) -> PlantStages:
    """Split one sector; what is known of no stage is left to two of them."""
    place, flows = SECTORS.index(sector), record.flows
    energy = flows.energy[:, :, place]
    none = np.zeros_like(energy[:, ELECTRICITY])
    total = {
        "electricity": energy[:, ELECTRICITY],
        "fuel": energy.sum(axis=1) - energy[:, ELECTRICITY] - energy[:, FEEDSTOCK],
    }
    left = total["electricity"] - sum(known.electricity.values(), none)
    current = known.electricity | {REACTING[sector]: left}
    burnt = known.gas | {stage: amount for stage, (amount, _) in known.fuel.items()}
    burnt |= {HEATED[sector]: total["fuel"] - sum(burnt.values(), none)}
    carbon = flows.emissions_by_carrier[:, :, place]
    from_gas = {
        stage: ratio(amount, energy[:, GAS]) * carbon[:, GAS]
        for stage, amount in known.gas.items()
    }
    bought = record.indirect[:, place] - power[:, place]
    emitted = from_gas | {stage: carbon_of for stage, (_, carbon_of) in known.fuel.items()}
    heat = carbon.sum(axis=1) + bought - sum(emitted.values(), none)
    emitted |= {HEATED[sector]: heat}
    stages = PLANT_STAGES[sector]
    intensity = ratio(power[:, place], total["electricity"])
    process = record.direct[:, place] - carbon.sum(axis=1)

    def stacked(found: dict[str, FloatArray]) -> FloatArray:
        return np.stack([found.get(stage, none) for stage in stages], axis=1)

    return PlantStages(
        electricity=stacked(current) / PJ_PER_TWH,
        fuel=stacked(burnt),
        emissions=stacked(emitted)
        + stacked(current) * intensity[:, np.newaxis]
        + stacked({REACTING[sector]: process}),
    )
