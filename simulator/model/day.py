"""One moment worked out: what the later steps of the derivative read and pass on."""

from typing import Any, NamedTuple

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import (
    activity,
    adequacy,
    battery_life,
    border,
    carbon_market,
    carbon_storage,
    coal_mining,
    dispatch,
    expansion,
    heavy_machinery,
    investment,
    prices,
    scrap,
)
from simulator.equations.loops import felt
from simulator.model.accounts import (
    ELECTRICITY,
    TWH_PER_PJ,
    CarbonAccount,
)
from simulator.model.chemical_side import Chemicals
from simulator.model.demand_side import MACHINES, STEEL, Fleets, spread
from simulator.model.layout import FLEETS
from simulator.model.parameters import Parameters
from simulator.model.process_side import Processes
from simulator.model.state import Held, State
from simulator.model.supply_side import Electricity, coal_power
from simulator.model.surroundings import (
    HEAT,
    HYDROGEN,
    VEHICLES,
    Materials,
    Surroundings,
    Wanted,
    construction_index,
)

Array = Any

COAL = CARRIERS.index("coal")


class Day(NamedTuple):
    """Everything that was worked out for one moment."""

    now: Surroundings
    asked: Materials
    wanted: Wanted
    processes: Processes
    groups: activity.GroupFlows
    chemicals: Chemicals
    fleets: Fleets
    energy: Array
    """Energy by carrier and sector, power plants excepted, (C, sector, S) [PJ/yr]."""
    product_cost: Array
    """Cost of steel, cement and aluminium, (3, S) [CNY/t]."""
    group_cost: Array
    """Energy and carbon of chemicals per index of activity, (N, S) [million CNY]."""
    final: Array
    """Electricity by sector, (sector, S) [TWh/yr]."""
    grid: Electricity
    mining: coal_mining.CoalMiningFlows
    carbon: CarbonAccount
    made: Array
    """Activity of each sector in its own unit, (sector, S)."""
    market: carbon_market.Market
    border: border.Border
    building: investment.Turnover
    power_building: investment.Turnover
    routes: investment.Turnover
    """Turnover of the routes of chemicals."""
    heavy_change: heavy_machinery.HeavyMachineryState
    heavy_turnover: heavy_machinery.Turnover
    battery_change: battery_life.BatteryState
    battery_flows: battery_life.BatteryFlows
    goods: Array
    """What makers of goods are asked for, (good, S)."""


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
        coal_demand=felt(
            now.loops.coal_mining, state.society.coal_demand, state.held.coal_demand
        ),
    )


def scrap_balance(xp: Any, p: Parameters, state: State, day: Day) -> scrap.ScrapRates:
    """Scrap melted and what it does to the pool."""
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


def fuel_use(xp: Any, p: Parameters, day: Day) -> Array:
    """Use of coal, oil and gas in the whole country, (3, S) [PJ/yr]."""
    total = xp.sum(day.energy, axis=1) + day.grid.burnt.fuel
    return xp.sum(p.couplings.driving_fuels * total, axis=1)


class ChemicalPerception(NamedTuple):
    """What the makers of chemicals perceive."""

    levelised: Array
    """Levelised cost, (P, T, S) [CNY/t]."""
    additions: Array
    """Capacity added, (P, T, S) [Mt/yr2]."""
    preference: Array
    """Multiplier of the choice weights, (P, T, S) [1]."""
    demand: Array
    """(P, S) [Mt/yr]."""


class Perception(NamedTuple):
    """What is perceived with a delay, as it is now."""

    levelised: Array
    """Levelised cost of the fleets, (F, T, S) [CNY/u]."""
    generator_cost: Array
    """Levelised cost of the generators, (1, 16, S) [CNY/MWh]."""
    generation: Array
    """Output of the generators, (16, S) [TWh/yr]."""
    generator_short_run: Array
    """Short-run cost of the generators, (16, S) [CNY/MWh]."""
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
    coal_power: Array
    """Generation of coal plants, (S) [TWh/yr]."""
    fuels: Array
    """Use of coal, oil and gas, (3, S) [PJ/yr]."""
    heat_cost: Array
    """Cost of heat, (6, S) [CNY/GJ]."""
    goods: Array
    """What makers of goods are asked for, (good, S)."""
    product_cost: Array
    """Cost of steel, cement and aluminium, (3, S) [CNY/t]."""
    group_cost: Array
    """Energy and carbon of chemicals per index of activity, (N, S) [million CNY]."""
    held: Held
    """What the feedback loops pass on."""
    chemicals: ChemicalPerception


def perception(xp: Any, p: Parameters, state: State, day: Day) -> Perception:
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
        generation=grid.run.generation,
        generator_short_run=grid.cost.short_run,
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
        coal_power=coal_power(xp, p, grid),
        fuels=fuel_use(xp, p, day),
        heat_cost=heat_cost,
        goods=day.goods,
        product_cost=day.product_cost,
        group_cost=day.group_cost,
        held=_passed_on(xp, p, state, day),
        chemicals=ChemicalPerception(
            levelised=day.chemicals.cost.levelised,
            additions=day.routes.additions,
            preference=1.0 + 0.0 * day.chemicals.standing,
            demand=day.chemicals.wanted,
        ),
    )


def _passed_on(xp: Any, p: Parameters, state: State, day: Day) -> Held:
    """What the feedback loops pass on at this moment."""
    now, run = day.now, day.grid.run
    return Held(
        electricity_price=state.society.electricity_price,
        storage_cost=carbon_storage.transport_cost(
            xp, p.storage, injection=state.storage.injection
        ),
        outflow=day.asked.demand.outflow,
        equipment_factor=now.equipment.electricity_factor,
        transformer_loss=now.equipment.quality[4],
        coal_demand=state.society.coal_demand,
        crowding=xp.stack(xp.broadcast_arrays(run.variable_share, run.solar_share)),
        construction=construction_index(xp, p, day.asked),
    )


def allowances(
    xp: Any,
    p: Parameters,
    state: State,
    now: Surroundings,
    made: Array,
    grid: Electricity,
    carbon: CarbonAccount,
) -> carbon_market.Market:
    """Covered emissions against allowances; `made` is the activity of sectors, (sector, S)."""
    return carbon_market.market(
        xp,
        p.market,
        now.clock,
        state=state.market,
        direct=carbon.direct,
        activity=made,
        generation=grid.run.generation,
        policy=now.prices.carbon - now.prices.excess,
    )


CHARGED = [SECTORS.index("steel"), SECTORS.index("aluminium")]
SMELTING = FLEETS.index("smelting")


def border_step(
    xp: Any,
    p: Parameters,
    state: State,
    now: Surroundings,
    fleets: Fleets,
    carbon: CarbonAccount,
) -> border.Border:
    """Charge on steel and aluminium at the European border, and what it does to exports."""
    paid = carbon_market.left_to_pay(p.market, now.clock, price=now.prices.sector_carbon)
    return border.border(
        xp,
        p.border,
        now.clock,
        exports=state.border_exports,
        emissions=xp.stack([carbon.direct[sector] for sector in CHARGED]),
        output=xp.stack(
            [xp.sum(fleets.activity[fleet], axis=0) for fleet in (STEEL, SMELTING)]
        ),
        paid_at_home=xp.stack([paid[sector] for sector in CHARGED]),
    )
