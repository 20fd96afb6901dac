"""First steps of the derivative: drivers, equipment, prices, and demand for materials."""

from typing import Any, NamedTuple

from simulator.dimensions import SECTORS
from simulator.equations import (
    aluminium,
    border,
    carbon_market,
    carbon_storage,
    cement,
    construction_machinery,
    economy,
    equipment,
    heat,
    heavy_machinery,
    hot_working,
    loops,
    making,
    materials,
    prices,
    product_price,
    scrap,
    vehicles,
)
from simulator.equations.schedule import Clock, at
from simulator.model.layout import EQUIPMENT_FLEETS, FLEETS, HEAT_FLEETS, VEHICLE_FLEETS, family
from simulator.model.parameters import Parameters
from simulator.model.state import State

Array = Any

EQUIPMENT = family(EQUIPMENT_FLEETS)
VEHICLES = family(VEHICLE_FLEETS)
HEAT = family(HEAT_FLEETS)
NETWORK_HEAT = FLEETS.index("network_heat")
HYDROGEN = FLEETS.index("hydrogen_production")
TEXTILE_HEAT = HEAT_FLEETS.index("textile_heat")
CEMENT = SECTORS.index("cement")
ROAD = SECTORS.index("automotive")


class Surroundings(NamedTuple):
    """What every sector meets."""

    clock: Clock
    history: Array
    """1 while observation rules, (S) [1]."""
    standing: Array
    """Capacity of all ages, (F, T, S) [unit]."""
    economy: economy.Economy
    equipment: equipment.EquipmentEffect
    heavy_machinery: heavy_machinery.Effect
    hot_working: Array
    """Energy of making machines relative to the end of history, (S) [1]."""
    prices: prices.Prices
    hydrogen_price: Array
    """Perceived cost of hydrogen, (S) [CNY/GJ]."""
    heat_price: Array
    """Perceived cost of purchased heat, (S) [CNY/GJ]."""
    capture_share: Array
    """Part of capture that is expected to find storage, (S) [1]."""
    storage_price: Array
    """Transport and storage less support, (S) [CNY/t CO2]."""
    capture_support: Array
    """(S) [CNY/t CO2]."""
    loops: loops.Loops
    """Switches of the feedback loops, (S) [1]."""


def surroundings(xp: Any, p: Parameters, clock: Clock, state: State) -> Surroundings:
    """Drivers, the effect of equipment, and prices."""
    standing = xp.sum(state.fleets.capacity, axis=0)
    closed = loops.switches(p.loops, clock)
    perceived = prices.product_cost(xp, cost=state.fleets.perceived_cost, capacity=standing)
    hydrogen_price, heat_price = perceived[HYDROGEN, 0], perceived[NETWORK_HEAT, 0]
    support = at(p.storage.support, clock)
    projected = xp.where(clock.time >= clock.history_end, 1.0, 0.0)
    transport = loops.felt(
        closed.storage_network,
        carbon_storage.transport_cost(xp, p.storage, injection=state.storage.injection),
        state.held.storage_cost,
    )
    return Surroundings(
        clock=clock,
        history=at(p.history, clock),
        standing=standing,
        economy=economy.economy(
            xp, p.economy, clock, gross_product=state.society.gross_product
        ),
        equipment=_equipment(xp, p, clock, state, standing, closed),
        heavy_machinery=heavy_machinery.effect(
            xp,
            p.heavy_machinery,
            state.heavy_machinery,
            projected,
        ),
        hot_working=hot_working.relative_energy(
            xp, p.hot_working, clock, state.hot_working, projected
        ),
        prices=prices.prices(
            xp,
            p.prices,
            clock,
            electricity=loops.felt(
                closed.electrification,
                state.society.electricity_price,
                state.held.electricity_price,
            ),
            heat=heat_price,
            hydrogen=hydrogen_price,
            market=carbon_market.market_price(p.market, clock, state=state.market),
        ),
        hydrogen_price=hydrogen_price,
        heat_price=heat_price,
        capture_share=carbon_storage.capture_share(
            xp, wanted=state.storage.expected, injection=state.storage.injection
        ),
        storage_price=transport - support,
        capture_support=support,
        loops=closed,
    )


def _equipment(
    xp: Any, p: Parameters, clock: Clock, state: State, standing: Array, closed: loops.Loops
) -> equipment.EquipmentEffect:
    """What the equipment in use does to those who run it."""
    effect = equipment.equipment_effect(
        xp,
        p.equipment,
        stock=standing[EQUIPMENT, : p.equipment.quality.shape[1]],
        share=state.equipment.speed_control,
        line_loss=at(p.equipment.line_loss, clock),
    )
    on, held = closed.equipment_efficiency, state.held
    worse = held.transformer_loss - effect.quality[4]
    return effect._replace(
        electricity_factor=loops.felt(on, effect.electricity_factor, held.equipment_factor),
        network_loss=effect.network_loss + (1.0 - on) * p.equipment.distributed_share * worse,
    )


class Materials(NamedTuple):
    """Demand and markets of materials."""

    demand: materials.MaterialDemand
    cement: cement.CementMix
    supply: scrap.ScrapSupply
    market: scrap.ScrapMarket
    aluminium: aluminium.AluminiumBalance
    wanted: Array
    """Output of the material fleets, (4, S) [Mt/yr]."""


def material_demand(xp: Any, p: Parameters, state: State, now: Surroundings) -> Materials:
    """In-use stocks ask for steel, cement and aluminium; scrap and its price follow."""
    drivers = now.economy
    asked = materials.demand(
        xp,
        state.in_use,
        drivers.population,
        p.in_use,
        now.clock,
        history=now.history,
        material_efficiency=drivers.material_efficiency,
        aluminium_collection=aluminium.old_metal_share(xp, drivers.collection, p.aluminium),
        lost_export=border.lost_exports(
            xp,
            p.border,
            exports=state.border_exports,
            net_export=at(p.in_use.net_export, now.clock),
        ),
        price_ratio=loops.felt(
            now.loops.demand_response,
            product_price.price_ratio(xp, p.product_prices, state.product_prices),
            1.0,
        ),
    )
    mixed = cement.mix(
        xp,
        state.cement,
        p.cement,
        now.clock,
        cement_output=asked.cement_output,
        carbon_price=now.prices.user_carbon[CEMENT],
        history=now.history,
    )
    pool = state.scrap[0]
    cover = scrap.pool_cover(xp, pool, state.scrap[1], p.scrap)
    supply = scrap.supply(
        xp,
        cover,
        p.scrap,
        now.clock,
        inflow=asked.inflow,
        outflow=loops.felt(now.loops.scrap, asked.outflow, state.held.outflow),
        collection=drivers.collection,
    )
    market = scrap.market(xp, pool, cover, supply.total, p.scrap)
    metal = aluminium.balance(
        xp,
        asked.aluminium_demand,
        p.aluminium,
        now.clock,
        inflow=asked.inflow,
        outflow=loops.felt(now.loops.aluminium_recycling, asked.outflow, state.held.outflow),
        collection=drivers.collection,
        history=now.history,
        ceiling_binds=now.loops.resource_limits,
    )
    rows = (asked.steel_output, mixed.clinker_output, metal.primary, metal.alumina)
    return Materials(asked, mixed, supply, market, metal, xp.stack(xp.broadcast_arrays(*rows)))


class Wanted(NamedTuple):
    """Stocks and services that people ask for."""

    heat: Array
    """Useful heat, (6, S) [PJ/yr]."""
    vehicles: Array
    """(4, S) [million]."""
    machines: Array
    """(8, S) [million]."""
    vehicle_usage: Array
    """Distance relative to the base year, (4, S) [1]."""
    machine_usage: Array
    """Hours relative to the base year, (8, S) [1]."""
    preference: Array
    """Multiplier of the choice among vehicles, (4, T, S) [1]."""


def wanted_services(
    xp: Any,
    p: Parameters,
    state: State,
    now: Surroundings,
    asked: Materials,
    textile_heat: Array,
) -> Wanted:
    """Heat, vehicles and machines that income, buildings and construction ask for.

    Parameters
    ----------
    textile_heat
        Heat of textiles relative to their stages at the end of history, (S) [1].

    """
    drivers, clock = now.economy, now.clock
    construction = loops.felt(
        now.loops.construction, construction_index(xp, p, asked), state.held.construction
    )
    places = p.vehicles.batteries.capacity.shape[1]
    fleet = now.standing[VEHICLES, :places]
    heat = heat_demand(xp, p, state, now)
    textiles = (xp.arange(len(HEAT_FLEETS)) == TEXTILE_HEAT).astype(float)[:, xp.newaxis]
    return Wanted(
        heat=heat * (1.0 + textiles * (textile_heat - 1.0)),
        vehicles=vehicles.wanted_stock(
            xp,
            p.vehicles.ownership,
            clock,
            income=drivers.income,
            population=drivers.population,
            income_growth=drivers.income_growth - drivers.population_growth,
            population_growth=drivers.population_growth,
            history=now.history,
        ),
        machines=construction_machinery.wanted_stock(
            xp, p.machines.stock, clock, construction_index=construction, history=now.history
        ),
        vehicle_usage=vehicles.usage(
            xp,
            p.vehicles.travel,
            clock,
            price_ratio=road_price_ratio(p, now),
            history=now.history,
        ),
        machine_usage=construction_machinery.usage(p.machines.work, clock, history=now.history),
        preference=vehicles.preference(
            xp,
            p.vehicles.adoption,
            clock,
            stock=fleet,
            familiarity=state.adoption.familiarity,
            chargers=state.adoption.chargers,
        ),
    )


def construction_index(xp: Any, p: Parameters, asked: Materials) -> Array:
    """Cement and infrastructure steel put to use, relative to the base years, (S) [1]."""
    built = xp.stack([asked.demand.inflow[materials.CEMENT], asked.demand.inflow[1]])
    return xp.sum(built / p.couplings.construction_reference, axis=0) / 2.0


def heat_demand(xp: Any, p: Parameters, state: State, now: Surroundings) -> Array:
    """Useful heat by heat fleet, (6, S) [PJ/yr]; observed demand already holds its prices."""
    cost = prices.product_cost(
        xp, cost=state.fleets.perceived_cost[HEAT], capacity=now.standing[HEAT]
    )
    relative = cost[:, 0] / state.society.heat_cost_reference
    relative = loops.felt(now.loops.demand_response, relative, 1.0)
    product = state.society.gross_product / at(p.couplings.reference_product, now.clock)
    index = at(p.heat.reference_demand, now.clock)
    wanted = heat.heat_demand(
        xp,
        p.heat,
        index=index,
        relative_gdp=product,
        relative_cost=now.history + (1.0 - now.history) * relative,
        renovated=state.heat.renovated,
    )
    makers = p.hot_working.heat_share
    followed = making.heat_factor(
        xp,
        p.making,
        state.makers,
        intensity=state.groups.intensity,
        index=index * product**p.heat.gdp_elasticity,
        projected=1.0 - now.history,
    )
    return wanted * followed * (1.0 + makers * (now.hot_working - 1.0))


def road_price_ratio(p: Parameters, now: Surroundings) -> Array:
    """Pump prices relative to the end of history, gasoline or diesel by fleet, (4, S) [1]."""
    pump = now.prices.carriers[p.couplings.road_fuel, ROAD]
    carbon = now.prices.user_carbon[ROAD] * p.carbon.emission_factor[p.couplings.road_fuel]
    ratio: Array = (pump + carbon) / p.couplings.road_price_reference
    return loops.felt(now.loops.demand_response, ratio, 1.0)
