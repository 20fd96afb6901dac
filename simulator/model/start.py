"""State on the first day: observed stocks, and what people perceive of them."""

from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulator.equations.fleet_parameters import FleetState
from simulator.equations.making import MakerState
from simulator.equations.product_price import ProductPriceState
from simulator.model.assembly.border import initial_exports
from simulator.model.assembly.carbon_market import market_state
from simulator.model.assembly.chemicals import ChemicalBlock
from simulator.model.assembly.coal_mining import CoalMiningBlock
from simulator.model.assembly.environment import EnvironmentBlock
from simulator.model.assembly.equipment import equipment_state
from simulator.model.assembly.fleets import Block
from simulator.model.assembly.groups import GroupBlock
from simulator.model.assembly.heat import heat_state
from simulator.model.assembly.heavy_machinery import HeavyMachineryBlock
from simulator.model.assembly.loops import held_at_start
from simulator.model.assembly.machine_makers import battery_state, hot_working_state
from simulator.model.assembly.making import GOODS
from simulator.model.assembly.materials import initial_materials
from simulator.model.assembly.mobile import mobile_start
from simulator.model.assembly.processes import process_state
from simulator.model.assembly.product_prices import product_price_state
from simulator.model.assembly.removal import sink_state, storage_state
from simulator.model.day import Perception
from simulator.model.machinery_side import carried_batteries
from simulator.model.parameters import Parameters
from simulator.model.state import Adoption, Held, Society, State
from simulator.model.values import Values

FloatArray = NDArray[np.float64]
Array = Any
Stocks = TypeVar("Stocks", bound=tuple[Array, ...])


class Blocks(NamedTuple):
    """Blocks whose stocks at the start are made together with their parameters."""

    fleets: Block
    generators: Block
    groups: GroupBlock
    chemicals: ChemicalBlock
    coal_mining: CoalMiningBlock
    environment: EnvironmentBlock
    heavy_machinery: HeavyMachineryBlock


def cold_start(values: Values, blocks: Blocks, p: Parameters) -> State:
    """State before anybody has perceived a price.

    Parameters
    ----------
    values
        Values of the scenarios.
    blocks
        Blocks made of them.
    p
        Parameters made of them, on the grid.
    """
    one = np.ones(len(values))
    stuff = initial_materials(values)
    start = mobile_start(values)
    fleets = _fleet_state(blocks.fleets, one)
    batteries = carried_batteries(np, p, fleets.capacity.sum(axis=0))
    return State(
        fleets=fleets,
        generators=_fleet_state(blocks.generators, one),
        chemicals=_fleet_state(blocks.chemicals.fleets, one),
        in_use=stuff.in_use * one,
        scrap=stuff.scrap * one,
        cement=stuff.cement_shares * one,
        clean_power=stuff.clean_power_share * one,
        equipment=_widened(equipment_state(values), one),
        heat=_widened(heat_state(), one),
        blend=np.zeros((2, 1)) * one,
        groups=_widened(blocks.groups.initial, one),
        coal_mining=_widened(blocks.coal_mining.initial, one),
        processes=_widened(process_state(values), one),
        environment=_widened(blocks.environment.initial, one),
        adoption=Adoption(
            start.familiarity * one, start.chargers * one, start.battery_experience * one
        ),
        heavy_machinery=_widened(blocks.heavy_machinery.initial, one),
        hot_working=_widened(hot_working_state(values), one),
        batteries=battery_state(batteries * one),
        makers=MakerState(*[np.ones((len(GOODS), 1)) * one] * 2),
        storage=_widened(storage_state(values), one),
        sinks=_widened(sink_state(values), one),
        market=_widened(market_state(values), one),
        border_exports=initial_exports(values) * one,
        product_prices=_widened(product_price_state(blocks.groups.groups), one),
        society=Society(
            electricity_price=500.0 * one,
            coal_demand=80000.0 * one,
            power_hydrogen=0.0 * one,
            coal_power=3900.0 * one,
            fuel_use=np.full((3, 1), 20000.0) * one,
            gross_product=values.number("common.gdp_initial", "bn CNY/yr") * one,
            electricity_price_reference=500.0 * one,
            heat_cost_reference=(p.heat.level * 0.0 + 50.0) * one,
        ),
        held=held_at_start(len(values)),
    )


def settled(state: State, seen: Perception, blocks: Blocks) -> State:
    """Replace what is perceived by what is there: one step of every smoothing."""
    society = state.society._replace(
        electricity_price=seen.electricity_price,
        coal_demand=seen.coal,
        coal_power=seen.coal_power,
        fuel_use=seen.fuels,
        heat_cost_reference=seen.heat_cost,
        electricity_price_reference=seen.electricity_price,
    )
    cost, energy = seen.product_cost, seen.group_cost
    return state._replace(
        product_prices=ProductPriceState(cost, cost, energy, energy),
        fleets=_settled(state.fleets, seen.levelised, seen.demand, blocks.fleets),
        generators=_settled(
            state.generators, seen.generator_cost, seen.gross, blocks.generators
        ),
        chemicals=_settled(
            state.chemicals,
            seen.chemicals.levelised,
            seen.chemicals.demand,
            blocks.chemicals.fleets,
        ),
        society=society,
        makers=MakerState(*[seen.goods + 0.0 * known for known in state.makers]),
        held=remembered(state, seen),
    )


def remembered(state: State, seen: Perception) -> Held:
    """What the loops pass on now, in the shape of the stocks that hold it."""
    return Held(*[0.0 * old + new for old, new in zip(state.held, seen.held, strict=True)])


def _widened(stocks: Stocks, one: FloatArray) -> Stocks:
    """The same stocks for each scenario."""
    return type(stocks)(*[stock * one for stock in stocks])


def _fleet_state(block: Block, one: FloatArray) -> FleetState:
    capacity = block.initial_capacity * one
    standing = capacity.sum(axis=0)
    return FleetState(
        capacity=capacity,
        pipeline=block.initial_pipeline * one + 0.0 * standing,
        experience=block.initial_experience * one + 0.0 * standing,
        intensity=standing,
        perceived_cost=1.0 + 0.0 * standing,
        log_share_weight=block.parameters.choosing.long_run_log_share_weight * one
        + 0.0 * standing,
        log_operating_weight=0.0 * standing,
        expected=standing.sum(axis=1),
        reference=standing.sum(axis=1),
    )


def _settled(state: FleetState, cost: Array, demand: Array, block: Block) -> FleetState:
    """Perceived cost is today's; expected demand has grown as it did in the past."""
    planning = block.parameters.planning
    expected = demand / (1.0 + block.past_growth * planning.smoothing_time)
    reference = expected / (1.0 + block.past_growth * planning.trend_time)
    return state._replace(
        perceived_cost=cost + 0.0 * state.perceived_cost,
        expected=expected + 0.0 * state.expected,
        reference=reference + 0.0 * state.reference,
    )
