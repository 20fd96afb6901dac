"""Steps of the derivative that concern the makers of machines and what they have made."""

from typing import Any

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import activity, battery_life, heavy_machinery
from simulator.equations.investment import Turnover
from simulator.equations.schedule import at
from simulator.model.demand_side import MACHINES, STEEL
from simulator.model.parameters import Parameters
from simulator.model.state import State
from simulator.model.surroundings import VEHICLES, Materials, Surroundings

Array = Any

INDUSTRY = SECTORS.index("other_industry")
ELECTRICITY, DIESEL = CARRIERS.index("electricity"), CARRIERS.index("diesel")


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
    carbon = now.prices.carbon * p.carbon.emission_factor[DIESEL]
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
