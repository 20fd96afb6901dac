"""Last steps of the derivative: coal, rates of change of every stock, flows of the year."""

from typing import Any, NamedTuple

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import (
    activity,
    adequacy,
    aluminium,
    carbon_storage,
    coal_mining,
    dispatch,
    equipment,
    expansion,
    heat,
    investment,
    power,
    prices,
    scrap,
    sinks,
    vehicles,
)
from simulator.equations.schedule import at
from simulator.model.accounts import (
    ELECTRICITY,
    TWH_PER_PJ,
    CarbonAccount,
    costs,
    sector_activity,
    to_sectors,
)
from simulator.model.demand_side import MACHINES, STEEL, Fleets, one_hot, pollutants, spread
from simulator.model.parameters import Parameters
from simulator.model.state import (
    Adoption,
    FleetFlows,
    Flows,
    MaterialFlows,
    Means,
    PowerFlows,
    Society,
    State,
)
from simulator.model.supply_side import Electricity
from simulator.model.surroundings import (
    HEAT,
    HYDROGEN,
    VEHICLES,
    Materials,
    Surroundings,
    Wanted,
)

Array = Any

COAL = CARRIERS.index("coal")
PERCEPTION = 0.25
"""Time over which power plants' use of hydrogen reaches its suppliers [yr]."""


class Day(NamedTuple):
    """Everything that was worked out for one moment."""

    now: Surroundings
    asked: Materials
    wanted: Wanted
    groups: activity.GroupFlows
    fleets: Fleets
    energy: Array
    """Energy by carrier and sector, power plants excepted, (C, sector, S) [PJ/yr]."""
    final: Array
    """Electricity by sector, (sector, S) [TWh/yr]."""
    grid: Electricity
    mining: coal_mining.CoalMiningFlows
    carbon: CarbonAccount
    building: investment.Turnover
    power_building: investment.Turnover


def electricity_use(energy: Array) -> Array:
    """Electricity by sector, (sector, S) [TWh/yr]."""
    used: Array = energy[ELECTRICITY] * TWH_PER_PJ
    return used


def flexible_demand(xp: Any, p: Parameters, fleets: Fleets, final: Array) -> Array:
    """Flexibility of demand from electrolysers and vehicle charging, (S) [1]."""
    electric = fleets.use.energy[ELECTRICITY] * TWH_PER_PJ / adequacy.HOURS
    load = adequacy.average_load(xp, xp.sum(final, axis=0))
    charging = xp.sum(electric[VEHICLES], axis=0) + xp.sum(electric[MACHINES], axis=0)
    return dispatch.flexibility(
        xp,
        p.power.dispatch.flexibility,
        electrolysers=electric[HYDROGEN],
        charging=charging,
        load=load,
    )


def coal_mining_step(
    xp: Any, p: Parameters, state: State, now: Surroundings
) -> coal_mining.CoalMiningFlows:
    """Production of coal and its methane, from the perceived use of coal."""
    return coal_mining.coal_mining_flows(
        xp,
        p.coal_mining,
        state.coal_mining,
        now.clock,
        history=now.history,
        coal_demand=state.society.coal_demand,
    )


def rates_of(xp: Any, p: Parameters, state: State, day: Day) -> State:
    """Rate of change of every stock."""
    now, asked = day.now, day.asked
    clock, drivers = now.clock, now.economy
    scrap_rates = _scrap_balance(xp, p, state, day)
    adoption = vehicles.adoption_change(
        xp,
        p.vehicles.adoption,
        clock,
        stock=now.standing[VEHICLES, : p.vehicles.batteries.capacity.shape[1]],
        familiarity=state.adoption.familiarity,
        chargers=state.adoption.chargers,
        history=now.history,
    )
    made = vehicles.battery_experience_change(
        p.vehicles.batteries,
        capacity=p.vehicles.batteries.capacity,
        additions=day.building.additions[VEHICLES],
    ) + vehicles.battery_experience_change(
        p.vehicles.batteries,
        capacity=p.machines.battery_capacity,
        additions=day.building.additions[MACHINES],
    )
    speed = equipment.speed_control_change(
        share=state.equipment.speed_control,
        target=at(p.equipment.speed_control_target, clock),
        rate=p.equipment.speed_control_rate,
        lever=at(p.equipment.speed_control_lever, clock),
    )
    blend = power.blend_change(
        xp,
        p.power.fuel,
        clock,
        blend=state.blend,
        prices=now.prices.power_fuels + 0.0 * p.carbon.emission_factor,
        hydrogen_price=now.hydrogen_price,
        emission_factor=p.carbon.emission_factor,
        carbon_price=now.prices.sector_carbon[SECTORS.index("power")],
    )
    renovated = heat.renovation(
        renovated=state.heat.renovated,
        rate=at(p.heat.retrofit_rate, clock),
        history=now.history,
    )
    forest = sinks.forest_change(
        xp,
        area=state.sinks.area,
        afforestation=at(p.sinks.afforestation, clock),
        residence=p.sinks.residence,
    )
    return State(
        fleets=day.building.change,
        generators=day.power_building.change,
        in_use=asked.demand.change,
        scrap=xp.stack([scrap_rates.pool_change, scrap_rates.expected_use_change]),
        cement=asked.cement.change,
        clean_power=aluminium.clean_power_change(
            xp, state.clean_power, p.aluminium, clock, now.history
        ),
        equipment=equipment.EquipmentState(speed + 0.0 * drivers.population),
        heat=heat.HeatState(renovated),
        blend=blend,
        groups=_group_rates(xp, p, state, day),
        coal_mining=coal_mining.coal_mining_rates(
            xp, p.coal_mining, state.coal_mining, clock, day.mining
        ),
        adoption=Adoption(adoption.familiarity, adoption.chargers, made),
        storage=carbon_storage.storage_change(
            xp, p.storage, state.storage, wanted=day.carbon.wanted, captured=day.carbon.stored
        ),
        sinks=sinks.SinkState(forest),
        society=_society_rates(xp, p, state, day),
    )


def _scrap_balance(xp: Any, p: Parameters, state: State, day: Day) -> scrap.ScrapRates:
    steel = day.fleets.activity[STEEL]
    links = p.couplings
    return scrap.balance(
        xp,
        state.scrap[1],
        day.asked.supply.total,
        day.asked.market,
        p.scrap,
        converter_output=xp.sum(steel * links.converters, axis=0),
        furnace_output=xp.sum(steel * links.scrap_furnaces, axis=0),
        reduced_iron_output=xp.sum(steel * links.reduced_iron, axis=0),
    )


def _fuel_growth(xp: Any, p: Parameters, state: State, day: Day) -> Array:
    """Growth of the use of coal, oil and gas, (3, S) [1/yr]."""
    used = fuel_use(xp, p, day)
    known = xp.maximum(state.society.fuel_use, 1e-6)
    return (used - known) / (known * p.groups.following_time)


def fuel_use(xp: Any, p: Parameters, day: Day) -> Array:
    """Use of coal, oil and gas in the whole country, (3, S) [PJ/yr]."""
    total = xp.sum(day.energy, axis=1) + day.grid.burnt.fuel
    return xp.sum(p.couplings.driving_fuels * total, axis=1)


def _hydrogen_slack(xp: Any, p: Parameters, day: Day) -> Array:
    """1 while hydrogen plants run at their target utilisation, 0 when flat out, (S)."""
    most = p.fleets.technique.maximum_utilisation[HYDROGEN, 0]
    target = p.fleets.planning.target_utilisation[HYDROGEN]
    made = xp.sum(day.fleets.activity[HYDROGEN], axis=0)
    standing = xp.maximum(xp.sum(day.now.standing[HYDROGEN], axis=0), 1e-9)
    return xp.clip((most - made / standing) / (most - target), 0.0, 1.0)


def _group_rates(xp: Any, p: Parameters, state: State, day: Day) -> activity.GroupState:
    now, links = day.now, p.couplings
    drivers = activity.GroupDrivers(
        income_growth=now.economy.income_growth,
        fuel_growth=_fuel_growth(xp, p, state, day),
        prices=now.prices.carriers[:, SECTORS.index("other_industry")],
        carbon_price=now.prices.carbon,
        capture_support=now.capture_support,
        electrification_support=at(p.heat.support, now.clock),
        hydrogen_support=at(p.hydrogen.support, now.clock) / p.hydrogen.lower_heating_value,
        hydrogen_floor=links.green_groups * at(links.green_floor, now.clock),
        hydrogen_slack=_hydrogen_slack(xp, p, day),
    )
    return activity.group_rates(
        xp, p.groups, state.groups, now.clock, history=now.history, drivers=drivers
    )


def _society_rates(xp: Any, p: Parameters, state: State, day: Day) -> Society:
    known, price = state.society, day.grid.system.total
    coal = xp.sum(day.energy[COAL], axis=0) + day.grid.burnt.fuel[COAL]
    used = fuel_use(xp, p, day)
    still = 0.0 * known.heat_cost_reference
    return Society(
        electricity_price=(price - known.electricity_price) / p.prices.perception_time,
        coal_demand=(coal - known.coal_demand) / p.couplings.coal_perception_time,
        power_hydrogen=(day.grid.hydrogen_wanted - known.power_hydrogen) / PERCEPTION,
        fuel_use=(used - known.fuel_use) / p.groups.following_time,
        gross_product=known.gross_product * day.now.economy.income_growth,
        electricity_price_reference=0.0 * known.electricity_price_reference,
        heat_cost_reference=still,
    )


def flows_of(xp: Any, p: Parameters, state: State, day: Day) -> Flows:
    """Everything that is integrated over each year."""
    now, asked, fleets, grid = day.now, day.asked, day.fleets, day.grid
    building, plants = day.building, day.power_building
    machinery = one_hot(xp, len(SECTORS), SECTORS.index("construction_machinery"))
    mines = one_hot(xp, len(SECTORS), SECTORS.index("coal_mining"))
    other = at(p.couplings.other_methane, now.clock)
    methane = other + mines * (day.mining.methane_active + day.mining.methane_abandoned)
    balance = _scrap_balance(xp, p, state, day)
    forest = sinks.forest_uptake(xp, area=state.sinks.area, uptake=p.sinks.uptake)
    demand = asked.demand
    yields = p.in_use.finishing_yield * p.in_use.fabrication_yield
    return Flows(
        energy=day.energy,
        emissions_by_carrier=day.carbon.by_carrier,
        emissions_process=day.carbon.process,
        captured=day.carbon.captured,
        generated=day.carbon.generated,
        biogenic=day.carbon.biogenic,
        methane=methane,
        pollutants=pollutants(p, fleets)[:, None] * machinery,
        activity=sector_activity(
            xp,
            p,
            day.groups,
            coal=day.mining.production,
            asked=asked,
            fleets=fleets,
            grid=grid,
        ),
        group_index=xp.sum(p.couplings.group_weight[..., None] * day.groups.activity, axis=1),
        energy_in_use=to_sectors(
            xp, p, xp.sum(fleets.use.energy, axis=0) * p.fleets.planning.is_stock
        ),
        fleets=FleetFlows(
            building.additions,
            building.natural,
            building.early,
            building.retrofits,
            fleets.activity,
        ),
        generators=FleetFlows(
            plants.additions,
            plants.natural,
            plants.early,
            plants.retrofits,
            grid.run.generation[None],
        ),
        power=_power_flows(xp, day),
        costs=costs(
            xp,
            p,
            now,
            energy=day.energy,
            account=day.carbon,
            fleets=fleets,
            grid=grid,
            building=building,
            power_building=plants,
        ),
        materials=MaterialFlows(
            inflow=demand.inflow,
            outflow=demand.outflow,
            cement=demand.cement_output,
            recycled_aluminium=asked.aluminium.recycled,
            aluminium_demand=demand.aluminium_demand,
            net_export_steel=demand.steel_output - xp.sum(demand.inflow[:4], axis=0) / yields,
            scrap_supply=xp.stack(
                xp.broadcast_arrays(asked.supply.old, asked.supply.new, asked.supply.imported)
            ),
            scrap_use=balance.use,
            clinker=asked.cement.clinker_output,
            imported_aluminium=asked.aluminium.imported,
            unused_aluminium_scrap=asked.aluminium.unused_scrap,
        ),
        means=Means(
            carbon_price=now.prices.carbon,
            electricity_price=grid.system.total,
            scrap_price=asked.market.price,
            hydrogen_price=now.hydrogen_price,
            equipment_factor=now.equipment.electricity_factor,
            motor_efficiency=now.equipment.quality[0],
            clinker_ratio=asked.cement.clinker_output / demand.cement_output,
            capture_share=now.capture_share,
        ),
        unmet=fleets.unmet,
        unmet_orders=building.unmet,
        injected=day.carbon.stored,
        sink=xp.stack(xp.broadcast_arrays(forest, day.carbon.removed)),
        gross_product=now.history * at(p.economy.observed_product, now.clock)
        + (1.0 - now.history) * state.society.gross_product,
    )


def _power_flows(xp: Any, day: Day) -> PowerFlows:
    grid = day.grid
    final = xp.sum(day.final, axis=0)
    generated = xp.sum(grid.run.generation, axis=0)
    return PowerFlows(
        generation=grid.run.generation,
        emissions=grid.burnt.emissions,
        gross=generated,
        final=final,
        curtailed=xp.sum(grid.run.curtailed, axis=0),
        losses=grid.gross - final + grid.run.storage_loss,
        unmet=grid.run.unmet,
        storage_loss=grid.run.storage_loss,
        fuel=grid.burnt.fuel,
    )


class Perception(NamedTuple):
    """What is perceived with a delay, as it is now."""

    levelised: Array
    """Levelised cost of the fleets, (F, T, S) [CNY/u]."""
    generator_cost: Array
    """Levelised cost of the generators, (1, 16, S) [CNY/MWh]."""
    effective_cost: Array
    """The same with the cost of integration, (16, S) [CNY/MWh]."""
    preference: Array
    """Multiplier of the choice weights, (F, T, S) [1]."""
    additions: Array
    """Capacity added, (F, T, S) [unit/yr]."""
    activity: Array
    """Activity of the plants, (F, T, S) [u million/yr]."""
    short_run: Array
    """Short-run cost of the fleets, (F, T, S) [CNY/u]."""
    demand: Array
    """Demand of the fleets, (F, S) [unit/yr]."""
    gross: Array
    """Gross demand for electricity, (1, S) [TWh/yr]."""
    electricity_price: Array
    """(S) [CNY/MWh]."""
    coal: Array
    """(S) [PJ/yr]."""
    fuels: Array
    """Use of coal, oil and gas, (3, S) [PJ/yr]."""
    heat_cost: Array
    """Cost of heat, (6, S) [CNY/GJ]."""


def perception(xp: Any, p: Parameters, day: Day) -> Perception:
    """Read off a moment what people come to perceive."""
    fleets, grid = day.fleets, day.grid
    one = 1.0 + 0.0 * day.now.standing
    levelised = fleets.unit.cost.levelised
    heat_cost = prices.product_cost(xp, cost=levelised[HEAT], capacity=day.now.standing[HEAT])[
        :, 0
    ]
    return Perception(
        levelised=levelised,
        generator_cost=grid.cost.levelised[None],
        effective_cost=expansion.effective_cost(
            xp, p.power.expansion, p.power.dispatch, cost=grid.cost.levelised, now=grid.run
        ),
        preference=one + spread(xp, one, vehicles=(VEHICLES, day.wanted.preference - 1.0)),
        additions=day.building.additions,
        activity=fleets.activity,
        short_run=fleets.unit.cost.short_run,
        demand=fleets.demand,
        gross=grid.gross[None],
        electricity_price=grid.system.total,
        coal=xp.sum(day.energy[COAL], axis=0) + grid.burnt.fuel[COAL],
        fuels=fuel_use(xp, p, day),
        heat_cost=heat_cost,
    )
