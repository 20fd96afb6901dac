"""Rates of change of every stock, from a moment worked out."""

from typing import Any

from simulator.dimensions import SECTORS
from simulator.equations import (
    activity,
    aluminium,
    carbon_market,
    carbon_storage,
    coal_mining,
    environment,
    equipment,
    heat,
    hot_working,
    making,
    power,
    prices,
    product_price,
    semiconductors,
    sinks,
    textiles,
    vehicles,
)
from simulator.equations.fleet_parameters import FleetState
from simulator.equations.loops import Loops
from simulator.equations.schedule import at
from simulator.model.chemical_side import hydrogen_slack
from simulator.model.day import COAL, Day, fuel_use, scrap_balance
from simulator.model.demand_side import MACHINES, one_hot
from simulator.model.parameters import Parameters
from simulator.model.process_side import treated_gases
from simulator.model.state import (
    Adoption,
    Held,
    ProcessState,
    Society,
    State,
)
from simulator.model.supply_side import coal_power
from simulator.model.surroundings import (
    EQUIPMENT,
    HYDROGEN,
    VEHICLES,
)

Array = Any

MINED_FUEL = 0
"""Place of coal among the fuels whose use drives plain groups."""

NOWHERE = -1
"""Place of a fleet that a block has not."""

PERCEPTION = 0.25
"""Time over which power plants' use of hydrogen reaches its suppliers [yr]."""


def rates_of(
    xp: Any, p: Parameters, state: State, day: Day, groups: activity.GroupState
) -> State:
    """Rate of change of every stock; that of the plain groups is known already."""
    now, asked = day.now, day.asked
    clock, drivers = now.clock, now.economy
    scrap_rates = scrap_balance(xp, p, state, day)
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
        fleets=_learning(xp, day.building.change, now.loops, HYDROGEN, EQUIPMENT),
        generators=_learning(xp, day.power_building.change, now.loops, NOWHERE, slice(0, 0)),
        chemicals=_learning(xp, day.routes.change, now.loops, NOWHERE, slice(0, 0)),
        in_use=asked.demand.change,
        scrap=xp.stack([scrap_rates.pool_change, scrap_rates.expected_use_change]),
        cement=asked.cement.change,
        clean_power=aluminium.clean_power_change(
            xp, state.clean_power, p.aluminium, clock, now.history
        ),
        equipment=equipment.EquipmentState(speed + 0.0 * drivers.population),
        heat=heat.HeatState(renovated),
        blend=blend,
        groups=groups,
        processes=ProcessState(
            textiles.low_liquor_change(
                p.textiles, state.processes.low_liquor, clock, now.history
            ),
            semiconductors.abatement_change(p.semiconductors, state.processes.abated, clock),
        ),
        coal_mining=coal_mining.coal_mining_rates(
            xp, p.coal_mining, state.coal_mining, clock, day.mining
        ),
        environment=environment.environment_rates(
            p.environment, state.environment, clock, treated_gases(p, state, day.processes)
        ),
        adoption=Adoption(
            now.loops.vehicle_adoption * adoption.familiarity,
            now.loops.vehicle_adoption * adoption.chargers,
            now.loops.learning * made,
        ),
        heavy_machinery=day.heavy_change,
        hot_working=hot_working.HotWorkingState(
            hot_working.adoption(p.hot_working, clock, state.hot_working.efficient),
            0.0 * state.hot_working.reference,
        ),
        batteries=day.battery_change,
        makers=making.MakerState(
            making.perceived_change(p.making, state.makers.planned, day.goods),
            0.0 * state.makers.reference,
        ),
        storage=carbon_storage.storage_change(
            xp,
            p.storage,
            state.storage,
            wanted=day.carbon.wanted,
            captured=day.carbon.stored,
            ramp_binds=now.loops.resource_limits,
        ),
        sinks=sinks.SinkState(forest),
        market=carbon_market.market_rates(
            xp,
            p.market,
            clock,
            state=state.market,
            now=day.market,
            observed=at(p.prices.carbon, clock),
            history=now.history,
        ),
        border_exports=day.border.change,
        product_prices=product_price.perceived_change(
            p.product_prices, state.product_prices, cost=day.product_cost, energy=day.group_cost
        ),
        society=_society_rates(xp, p, state, day),
        held=Held(*[0.0 * known for known in state.held]),
    )


def _learning(
    xp: Any, change: FleetState, loops: Loops, hydrogen: int, goods: slice
) -> FleetState:
    """Experience grows where its loop is closed.

    `hydrogen` is the place of the plants that make it, `goods` those of the equipment.
    """
    fleets = change.experience.shape[0]
    place = xp.arange(fleets)[:, xp.newaxis, xp.newaxis]
    plants = (place == hydrogen).astype(float)
    sold = ((place >= goods.start) & (place < goods.stop)).astype(float)
    learns = (
        loops.learning
        + plants * (loops.hydrogen_scale - loops.learning)
        + sold * (loops.equipment_scale - loops.learning)
    )
    return change._replace(experience=learns * change.experience)


def _followed_growth(xp: Any, p: Parameters, state: State, day: Day) -> Array:
    """Growth of the use of fuels and of the sales of goods, (D, S) [1/yr]."""
    used = fuel_use(xp, p, day)
    known = xp.maximum(state.society.fuel_use, 1e-6)
    mined = one_hot(xp, len(known), MINED_FUEL) * (1.0 - day.now.loops.coal_mining)
    fuels = (1.0 - mined) * ((used - known) / (known * p.groups.following_time))
    goods = making.growth(xp, p.making, state.makers.planned, day.goods)
    return xp.concatenate([fuels, goods], axis=0)


def group_change(xp: Any, p: Parameters, state: State, day: Day) -> activity.GroupState:
    """Rates of change of the plain groups, (G, S) [1/yr]."""
    now = day.now
    drivers = activity.GroupDrivers(
        income_growth=now.economy.income_growth,
        followed_growth=_followed_growth(xp, p, state, day),
        prices=now.prices.carriers[:, SECTORS.index("other_industry")],
        carbon_price=now.prices.user_carbon[p.couplings.sector_of_group],
        capture_support=now.capture_support,
        electrification_support=at(p.heat.support, now.clock),
        hydrogen_support=at(p.hydrogen.support, now.clock) / p.hydrogen.lower_heating_value,
        hydrogen_slack=hydrogen_slack(xp, p, now, day.fleets),
    )
    return activity.group_rates(
        xp, p.groups, state.groups, now.clock, history=now.history, drivers=drivers
    )


def _society_rates(xp: Any, p: Parameters, state: State, day: Day) -> Society:
    known, run = state.society, day.grid.run
    price = prices.scarce_price(
        cost=day.grid.system.total,
        unmet=run.unmet,
        served=xp.maximum(day.grid.gross - run.unmet, 1e-9),
        response=p.prices.scarcity_response * day.now.loops.scarcity,
    )
    coal = xp.sum(day.energy[COAL], axis=0) + day.grid.burnt.fuel[COAL]
    used = fuel_use(xp, p, day)
    still = 0.0 * known.heat_cost_reference
    return Society(
        electricity_price=(price - known.electricity_price) / p.prices.perception_time,
        coal_demand=(coal - known.coal_demand) / p.couplings.coal_perception_time,
        power_hydrogen=(day.grid.hydrogen_wanted - known.power_hydrogen) / PERCEPTION,
        coal_power=(coal_power(xp, p, day.grid) - known.coal_power)
        / p.power.flue_gas.following_time,
        fuel_use=(used - known.fuel_use) / p.groups.following_time,
        gross_product=known.gross_product * day.now.economy.income_growth,
        electricity_price_reference=0.0 * known.electricity_price_reference,
        heat_cost_reference=still,
    )
