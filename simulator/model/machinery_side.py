"""Steps of the derivative that concern the makers of machines and what they have made."""

from typing import Any

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import activity, battery_life, heavy_machinery, making
from simulator.equations.investment import Turnover
from simulator.equations.schedule import at
from simulator.model.assembly.making import GOODS
from simulator.model.demand_side import MACHINES, STEEL
from simulator.model.parameters import Parameters
from simulator.model.state import MakingFlows, State
from simulator.model.surroundings import VEHICLES, Materials, Surroundings

Array = Any

INDUSTRY = SECTORS.index("other_industry")
CONSTRUCTION_MACHINERY = SECTORS.index("construction_machinery")
ELECTRICITY, DIESEL = CARRIERS.index("electricity"), CARRIERS.index("diesel")
TWH_PER_PJ = 1.0 / 3.6
BATTERIES = GOODS.index("batteries")


def heavy_machinery_step(
    xp: Any,
    p: Parameters,
    state: State,
    now: Surroundings,
    asked: Materials,
    groups: activity.GroupFlows,
) -> tuple[heavy_machinery.HeavyMachineryState, heavy_machinery.Turnover]:
    """Buy and retire heavy machines for what mines, mills and ports do."""
    block, drivers = p.heavy_machinery, p.economy
    price = now.prices.carriers[:, INDUSTRY]
    carbon = now.prices.user_carbon[INDUSTRY] * p.carbon.emission_factor[DIESEL]
    steel = asked.wanted[STEEL] / block.steel_reference
    served = xp.sum(block.group_of_user[:, :, None] * groups.activity[:, None], axis=0)
    return heavy_machinery.turnover(
        xp,
        block,
        now.clock,
        state.heavy_machinery,
        service=served + block.fleet_of_user[STEEL][:, None] * steel,
        digital=at(drivers.digital_adoption, now.clock) - drivers.digital_base,
        cost=heavy_machinery.costs(
            xp,
            block,
            electricity_price=price[ELECTRICITY],
            diesel_price=price[DIESEL] + carbon,
            support=at(p.heat.support, now.clock),
        ),
    )


def carried_batteries(xp: Any, p: Parameters, fleets: Array) -> Array:
    """Batteries of vehicles and machines, ``(S)``: million of them (F, T, S) give GWh."""
    sizes = ((VEHICLES, p.vehicles.batteries.capacity), (MACHINES, p.machines.battery_capacity))
    parts = [xp.sum(fleets[rows, : size.shape[1]] * size, axis=(0, 1)) for rows, size in sizes]
    return parts[0] + parts[1]


def battery_step(
    xp: Any, p: Parameters, state: State, now: Surroundings, building: Turnover
) -> tuple[battery_life.BatteryState, battery_life.BatteryFlows]:
    """Traction batteries: made for what is bought, worn out, used again, recycled."""
    return battery_life.flows(
        xp,
        p.battery_life,
        now.clock,
        state.batteries,
        new=carried_batteries(xp, p, building.additions),
        needed=carried_batteries(xp, p, now.standing),
        collection=now.economy.collection,
    )


def making_step(
    xp: Any,
    p: Parameters,
    now: Surroundings,
    asked: Materials,
    building: Turnover,
    plants: Turnover,
    batteries: battery_life.BatteryFlows,
) -> Array:
    """What makers of goods are asked for, (good, S)."""
    return making.output(
        xp,
        p.making,
        now.clock,
        vehicles=xp.sum(building.additions[VEHICLES], axis=1),
        machines=xp.sum(building.additions[MACHINES], axis=1),
        batteries=batteries.made,
        storage=plants.additions[0],
        aluminium=asked.demand.aluminium_demand,
    )


def making_flows(
    xp: Any,
    p: Parameters,
    asked: Array,
    *,
    groups: activity.GroupFlows,
    energy: Array,
    in_use: Array,
) -> MakingFlows:
    """What makers are asked for and what making takes.

    Parameters
    ----------
    asked
        Goods that makers are asked for, (good, S).
    groups
        What the plain groups use.
    energy
        Energy by carrier and sector, (C, sector, S) [PJ/yr].
    in_use
        Energy of the fleets, (C, F, S) [PJ/yr].

    """
    makes_batteries = p.making.group[BATTERIES]
    return MakingFlows(
        asked=asked,
        battery_electricity=TWH_PER_PJ
        * xp.sum(makes_batteries * groups.energy[ELECTRICITY], axis=0),
        machines=energy[:, CONSTRUCTION_MACHINERY] - xp.sum(in_use[:, MACHINES], axis=1),
    )
