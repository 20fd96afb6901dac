"""Variables of water, waste and the gases other than carbon dioxide."""

import numpy as np

from simulator.model.national import NationalModel
from simulator.model.record import Record
from simulator.results.axes import FloatArray

WARMING = "common.warming_potential"


def environment_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Volumes, methane by source, nitrous oxide, and all greenhouse gases together."""
    flows = record.flows
    treated = flows.environment
    number = model.values.number
    methane = number(f"{WARMING}.methane", "t CO2e/t CH4") * flows.methane.sum(axis=1)
    nitrous = number(f"{WARMING}.nitrous_oxide", "t CO2e/t N2O") * flows.nitrous_oxide.sum(
        axis=1
    )
    dioxide = record.direct.sum(axis=1)
    together = dioxide + methane + nitrous + flows.fluorinated
    return {
        "waste_treated": flows.volumes.waste,
        "water_treated": flows.volumes.water,
        "waste_methane": np.stack([treated.landfill_methane, treated.sewage_methane], axis=1),
        "waste_methane_captured": np.stack(
            [treated.landfill_captured, treated.sewage_formed - treated.sewage_methane], axis=1
        ),
        "landfill_methane_stock": record.after.environment.landfill,
        "nitrous_oxide": flows.nitrous_oxide,
        "limestone_emissions": flows.flue_gas.limestone,
        "greenhouse_gases": together,
        "greenhouse_gases_net": together - flows.sink.sum(axis=1),
    }
