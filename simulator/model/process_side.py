"""Stages of production: what they do to the energy of their sectors, and what each takes."""

from typing import Any, NamedTuple

from simulator.dimensions import CARRIERS, GROUP_STAGES, SECTORS
from simulator.equations import (
    activity,
    coal_mining,
    environment,
    flue_gas,
    semiconductors,
    textiles,
)
from simulator.equations.process_stages import split
from simulator.model.parameters import Parameters
from simulator.model.state import StageFlows, State
from simulator.model.surroundings import Surroundings

Array = Any

ELECTRICITY = CARRIERS.index("electricity")
FEEDSTOCK = CARRIERS.index("feedstock")
TWH_PER_PJ = 1.0 / 3.6
CHIPS = SECTORS.index("semiconductors")
CHIP_STAGES = tuple(GROUP_STAGES).index("semiconductors")
ENVIRONMENT_STAGES = tuple(GROUP_STAGES).index("environmental_protection")


class Processes(NamedTuple):
    """What the stages of production do now."""

    electricity_factor: Array
    """Electricity of each plain group relative to its stages at the end of history, (G, S)."""
    textile_heat: Array
    """Heat of textiles relative to their stages at the end of history, (S) [1]."""
    electricity: Array
    """Share of each stage in the electricity of its group, (stage, S) [1]."""
    fuel: Array
    """Share of each stage in fuel and heat of its sector, (stage, S) [1]."""
    process_factor: Array
    """Process emissions per activity relative to the base year, (G, S) [1]."""
    volumes: environment.Volumes
    """Waste and water that environmental protection handles."""
    cleaning: flue_gas.Cleaning
    """Cleaning of flue gas."""


def run_processes(xp: Any, p: Parameters, state: State, now: Surroundings) -> Processes:
    """Split the energy of sectors over their stages, and let the stages change it."""
    clock, history = now.clock, now.history
    spun = textiles.textile_stages(xp, p.textiles, state.processes.low_liquor, clock, history)
    handled = environment.volumes(xp, p.environment, clock, now.economy.population)
    index = activity.group_activity(xp, p.groups, state.groups, clock, history)
    treating = p.couplings.stage_groups[ENVIRONMENT_STAGES]
    busy = xp.sum(treating * index, axis=0)
    found = (
        coal_mining.mining_stages(xp, p.coal_mining, clock, history),
        spun,
        semiconductors.semiconductor_stages(
            xp, p.semiconductors, clock, history, now.equipment.electricity_factor[CHIPS]
        ),
        environment.environment_stages(
            xp, p.environment, clock, history, handled=handled, activity=busy
        ),
    )
    factors = [stage.electricity_factor for stage in found]
    by_group = 1.0
    for marks, factor in zip(p.couplings.stage_groups, factors, strict=True):
        by_group = by_group + marks * (factor - 1.0)
    same = 0.0 * history
    return Processes(
        electricity_factor=by_group,
        textile_heat=spun.fuel_factor,
        electricity=xp.concatenate([s.electricity + same for s in found], axis=0),
        fuel=xp.concatenate([s.fuel + same for s in found], axis=0),
        process_factor=1.0
        + treating * (environment.burning(p.environment, handled, busy) - 1.0),
        volumes=handled,
        cleaning=flue_gas.cleaning(p.power.flue_gas, state.society.coal_power),
    )


def stage_flows(
    xp: Any, p: Parameters, processes: Processes, groups: activity.GroupFlows, energy: Array
) -> StageFlows:
    """Electricity and other energy by stage; they add up to the sector."""
    links = p.couplings
    own = xp.sum(links.stage_groups * groups.energy[ELECTRICITY], axis=1)[links.stage_place]
    sector = energy[ELECTRICITY][links.stage_sector]
    other = xp.sum(energy, axis=0) - energy[ELECTRICITY] - energy[FEEDSTOCK]
    cleaning = processes.cleaning.electricity
    rest = sector - own - links.cleaning_sector * cleaning / TWH_PER_PJ
    return StageFlows(
        electricity=TWH_PER_PJ * split(processes.electricity, own, rest, processes.fuel)
        + links.cleaning_stage * cleaning,
        fuel=processes.fuel * other[links.stage_sector],
    )


def fluorinated_gases(
    xp: Any, p: Parameters, state: State, groups: activity.GroupFlows
) -> Array:
    """Fluorinated gases of semiconductors, (S) [Mt CO2e/yr]."""
    made = xp.sum(p.couplings.stage_groups[CHIP_STAGES] * groups.activity, axis=0)
    return semiconductors.fluorinated_gases(p.semiconductors, made, state.processes.abated)


def treated_gases(
    p: Parameters, state: State, processes: Processes
) -> environment.EnvironmentFlows:
    """Gases of waste and sewage."""
    return environment.gases(p.environment, state.environment, processes.volumes)
