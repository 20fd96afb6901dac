"""Late steps of the derivative: electricity, carbon storage, and what investors decide."""

from typing import Any, NamedTuple

from simulator.dimensions import SECTORS
from simulator.equations import (
    adequacy,
    construction_machinery,
    dispatch,
    equipment,
    expansion,
    fleet,
    flue_gas,
    investment,
    mandates,
    operation,
    power,
    prices,
)
from simulator.equations.learning import learned_capital
from simulator.equations.schedule import at
from simulator.model.demand_side import MACHINES, Fleets, one_hot, spread
from simulator.model.layout import FLEETS
from simulator.model.parameters import Parameters
from simulator.model.state import State
from simulator.model.surroundings import EQUIPMENT, HEAT, VEHICLES, Surroundings, Wanted

Array = Any

POWER = SECTORS.index("power")
SMELTING = FLEETS.index("smelting")

UNLIMITED = 1e9
"""Capacity or orders that nothing limits."""


class Electricity(NamedTuple):
    """The power system in operation."""

    gross: Array
    """Gross demand, (S) [TWh/yr]."""
    storage: adequacy.StorageUse
    run: dispatch.Dispatch
    cost: power.GeneratorCost
    system: power.SystemCost
    burnt: power.Combustion
    uncaptured: power.Combustion
    """The same without capture."""
    capital: Array
    """Capital cost after learning, (16, S) [CNY/kW]."""
    hydrogen_wanted: Array
    """Hydrogen that plants would burn, (S) [PJ/yr]."""


def coal_power(xp: Any, p: Parameters, grid: Electricity) -> Array:
    """Generation of coal plants, (S) [TWh/yr]."""
    return xp.sum(p.power.flue_gas.member * grid.run.generation, axis=0)


def run_power(
    xp: Any,
    p: Parameters,
    state: State,
    now: Surroundings,
    final: Array,
    flexible: Array,
    cleaning: Array,
) -> Electricity:
    """Serve final electricity by sector, (sector, S) [TWh/yr], with the generators that stand.

    `cleaning` is the part of final electricity that cleans flue gas, (S) [TWh/yr].
    """
    block, special, clock = p.generators, p.power, now.clock
    standing = xp.sum(state.generators.capacity, axis=0)[0]
    new = at(block.technique.new_energy, clock)
    adopted = (1.0 - now.history) * now.economy.digital_plants
    digital = 1.0 - adopted * p.economy.digital_effect[POWER]
    relative = operation.relative_intensity(xp, state.generators, new)[0] * digital
    capture = special.fuel.capture * now.capture_share
    wanted_fuel = power.fuel_rates(
        xp, special.fuel, clock, relative=relative, blend=state.blend
    )
    factor, content = p.carbon.emission_factor, p.carbon.content
    carbon = power.carbon_rates(
        xp, fuel=wanted_fuel, emission_factor=factor, carbon_content=content, capture=capture
    )
    economics = block.economics
    capital = learned_capital(xp, economics, state.generators.experience)[0]
    paid = now.prices.power_fuels + 0.0 * factor
    cost = power.generator_cost(
        xp,
        capital=capital,
        recovery=economics.recovery[0],
        variable=economics.variable[0],
        fuel=wanted_fuel,
        prices=paid + special.fuel.hydrogen[:, 0] * now.hydrogen_price,
        carbon=carbon,
        carbon_price=now.prices.sector_carbon[POWER],
        storage_price=now.storage_price,
        capacity_factor=at(special.dispatch.capacity_factor, clock),
    )
    gross = flue_gas.gross_demand(
        final=xp.sum(final, axis=0),
        cleaning_electricity=cleaning,
        grid_loss=now.equipment.network_loss,
        own_use=at(special.own_use, clock),
        in_own_use=at(special.flue_gas.in_own_use, clock),
        history=now.history,
    )
    load = adequacy.average_load(xp, gross)
    storage = adequacy.storage_use(xp, special.adequacy, capacity=standing, load=load)
    run = dispatch.dispatch(
        xp,
        special.dispatch,
        clock,
        demand=gross,
        capacity=standing,
        short_run_cost=cost.short_run,
        storage=storage,
        flexible=flexible,
        habit=state.generators.log_operating_weight[0],
        crowds=now.loops.variable_limits,
        known_crowding=state.held.crowding,
    )
    hydrogen = xp.sum(wanted_fuel * special.fuel.hydrogen, axis=0)
    hydrogen_wanted = xp.sum(hydrogen * run.generation, axis=0)
    delivered = state.society.power_hydrogen / xp.maximum(hydrogen_wanted, 1e-9)
    fuel = power.fuel_rates(
        xp,
        special.fuel,
        clock,
        relative=relative,
        blend=state.blend * xp.where(hydrogen_wanted > 1e-9, delivered, 0.0),
    )
    full = power.carbon_rates(
        xp,
        fuel=fuel,
        emission_factor=factor,
        carbon_content=content,
        capture=special.fuel.capture,
    )
    none = power.carbon_rates(
        xp, fuel=fuel, emission_factor=factor, carbon_content=content, capture=0.0 * capture
    )
    return Electricity(
        gross=gross,
        storage=storage,
        run=run,
        cost=cost,
        system=power.system_cost(
            xp,
            generation=run.generation,
            capacity=standing,
            cost=cost,
            given=at(p.market.free, clock)
            * now.prices.sector_carbon[POWER]
            * xp.maximum(carbon.direct, 0.0),
        ),
        burnt=power.combustion(xp, generation=run.generation, fuel=fuel, carbon=full),
        uncaptured=power.combustion(xp, generation=run.generation, fuel=fuel, carbon=none),
        capital=capital,
        hydrogen_wanted=hydrogen_wanted,
    )


def invest_in_power(
    xp: Any, p: Parameters, state: State, now: Surroundings, grid: Electricity
) -> investment.Turnover:
    """Orders of the power system by its two criteria, and the turnover of generators."""
    block, fleets, clock = p.generators, state.generators, now.clock
    standing = xp.sum(fleets.capacity, axis=0)
    weight = grid.run.generation + 0.0 * grid.cost.levelised
    full_cost = xp.sum(weight * grid.cost.levelised, axis=0) / xp.sum(weight, axis=0)
    policy = power.phase_out_hazard(xp, p.power.phase_out, clock)
    one = 1.0 + 0.0 * standing
    signals = investment.Signals(
        demand=grid.gross[xp.newaxis],
        utilisation=block.planning.target_utilisation + 0.0 * one[:, 0],
        levelised=grid.cost.levelised[xp.newaxis],
        short_run=grid.cost.short_run[xp.newaxis] + 0.0 * one,
        product_price=full_cost[xp.newaxis, xp.newaxis],
        relative=one,
        preference=one,
        hazard=policy[xp.newaxis] + 0.0 * one,
        share_limit=1e6 * one,
        retrofit_policy=0.0 * block.brownfield.maximum,
        capacity_limit=UNLIMITED * one[:, 0],
        known_pipeline=UNLIMITED * one,
        loops=now.loops,
    )
    hazard = investment.hazards(xp, block, signals)
    retired = xp.sum(fleets.capacity * hazard, axis=0)
    retired = retired + fleet.natural_retirement(xp, block.chain, fleets.capacity)
    outlook = fleet.expectation(
        xp,
        demand=signals.demand,
        expected=fleets.expected,
        reference=fleets.reference,
        smoothing_time=block.planning.smoothing_time,
        trend_time=block.planning.trend_time,
        lead_time=block.planning.lead_time,
        growth_limit=block.planning.growth_limit,
    )
    growth = (fleets.expected - fleets.reference) / (
        fleets.reference * block.planning.trend_time
    )
    ordered = expansion.orders(
        xp,
        p.power.expansion,
        p.power.dispatch,
        p.power.adequacy,
        clock,
        fleet=expansion.Fleet(
            capacity=standing[0],
            pipeline=fleets.pipeline[0],
            retirement=retired[0],
            availability=at(block.choosing.availability, clock)[0],
        ),
        outlook=expansion.Outlook(
            demand=grid.gross,
            growth=xp.clip(growth[0], -0.1, 0.1),
            cost=fleets.perceived_cost[0],
            log_share_weight=fleets.log_share_weight[0],
            short_run_cost=grid.cost.short_run,
            capacity_cost=grid.cost.capacity,
        ),
        now=grid.run,
        storage=grid.storage,
        loops=now.loops,
    )
    decision = investment.Decision(
        orders=ordered.orders[xp.newaxis],
        unmet=(ordered.unmet_energy + ordered.unmet_firm)[xp.newaxis],
        closing=0.0 * one,
        change_expected=outlook.change,
        change_reference=outlook.reference_change,
    )
    return investment.turnover(xp, block, fleets, signals, clock, decision, hazard, now.history)


def invest_in_fleets(
    xp: Any,
    p: Parameters,
    state: State,
    now: Surroundings,
    wanted: Wanted,
    fleets: Fleets,
    equipment_stock: Array,
) -> investment.Turnover:
    """Orders, construction, retrofit and retirement of every other fleet."""
    block, standing, clock = p.fleets, now.standing, now.clock
    made = xp.sum(fleets.activity, axis=1)
    total = xp.maximum(xp.sum(standing, axis=1), 1e-12)
    weights = fleets.activity + 1e-9 * standing
    demand = xp.concatenate(
        [fleets.demand[: EQUIPMENT.start], equipment_stock + 0.0 * fleets.demand[:1]], axis=0
    )
    shape = standing
    one = 1.0 + 0.0 * shape
    smelting = one_hot(xp, len(FLEETS), SMELTING)
    floors = mandates.mandated_shares(xp, block.choosing, clock, standing)
    exits = construction_machinery.exit_hazard(p.machines.renewal, clock)
    replaced = equipment.early_replacement_hazard(
        rate=at(p.equipment.early_replacement, clock), replaced_early=p.equipment.replaced_early
    )
    signals = investment.Signals(
        demand=demand,
        utilisation=xp.where(block.planning.is_stock > 0, 1.0, made / total),
        levelised=fleets.unit.cost.levelised,
        short_run=fleets.unit.cost.short_run,
        product_price=prices.product_cost(
            xp, cost=fleets.unit.cost.levelised, capacity=weights
        ),
        relative=fleets.relative,
        preference=one + spread(xp, shape, vehicles=(VEHICLES, wanted.preference - 1.0)),
        hazard=spread(
            xp,
            shape,
            machines=(MACHINES, exits[xp.newaxis]),
            equipment=(EQUIPMENT, replaced),
        ),
        share_limit=1e6 * one
        + spread(xp, shape, heat=(HEAT, p.heat.low_temperature_share - 1e6)),
        retrofit_policy=mandates.floor_retrofit_rate(xp, block, state.fleets, floors)
        + at(p.couplings.retrofit_exit, clock),
        capacity_limit=UNLIMITED
        + now.loops.resource_limits
        * smelting
        * (at(p.aluminium.capacity_ceiling, clock) - UNLIMITED)
        + 0.0 * made,
        known_pipeline=0.0 * standing,
        loops=now.loops,
    )
    hazard = investment.hazards(xp, block, signals)
    retired = xp.sum(state.fleets.capacity * hazard, axis=0)
    retired = retired + fleet.natural_retirement(xp, block.chain, state.fleets.capacity)
    decision = investment.decide(xp, block, state.fleets, signals, clock, retired)
    return investment.turnover(
        xp, block, state.fleets, signals, clock, decision, hazard, now.history
    )
