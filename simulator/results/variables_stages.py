"""Variables of the stages of production inside a sector."""

import numpy as np

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations.emissions import share_of_supply
from simulator.model.national import NationalModel
from simulator.model.record import (
    Record,
)
from simulator.results.axes import FloatArray, ratio
from simulator.results.plant_stages import plant_stages

ELECTRICITY = CARRIERS.index("electricity")


def stage_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Energy and emissions by stage, (time, stage, scenario); they add up to the sector.

    Electricity carries the emissions of power plants, everything else goes with fuel and heat.
    """
    stages = record.flows.stages
    place = model.parameters.couplings.stage_sector
    direct = record.direct
    current = record.taken[:, ELECTRICITY]
    power = share_of_supply(np, current, direct[:, SECTORS.index("power")])
    burnt = direct + record.indirect - power
    limestone = record.flows.flue_gas.limestone[:, np.newaxis]
    links = model.parameters.couplings
    other = burnt[:, place] - links.cleaning_sector * limestone
    electric = ratio(stages.electricity, _whole(stages.electricity, place))
    fuel = ratio(stages.fuel, _whole(stages.fuel, place))
    emitted = electric * power[:, place] + fuel * other + links.cleaning_stage * limestone
    plants = plant_stages(model, record, power=power)
    return {
        "stage_electricity": np.concatenate([stages.electricity, plants.electricity], axis=1),
        "stage_fuel": np.concatenate([stages.fuel, plants.fuel], axis=1),
        "fluorinated_gases": record.flows.fluorinated,
        "mine_gas_drained": record.flows.mines.drained,
        "mine_gas_used": record.flows.mines.used,
        "mine_methane": record.flows.mines.methane,
        "mine_capacity": record.after.coal_mining.capacity.sum(axis=1),
        "stage_emissions": np.concatenate([emitted, plants.emissions], axis=1),
    }


def _whole(by_stage: FloatArray, place: FloatArray) -> FloatArray:
    """Sum of the stages of the same sector, at each of them."""
    same = (place[:, np.newaxis] == place).astype(float)
    return np.asarray(np.matmul(same, by_stage))
