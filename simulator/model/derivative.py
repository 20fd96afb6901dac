"""The right-hand side: a table of contents of the model, one call a line in causal order.

Every coupling that would be simultaneous passes through a state: perceived prices, expected
demand, the expected share of capture that finds storage.
"""

from typing import Any

from simulator.equations.schedule import Clock, read_clock
from simulator.model.accounts import carbon_account, energy_by_sector, sector_activity
from simulator.model.chemical_side import invest_in_chemicals, run_chemicals
from simulator.model.day import (
    Day,
    Perception,
    allowances,
    border_step,
    coal_mining_step,
    electricity_use,
    flexible_demand,
    perception,
)
from simulator.model.demand_side import equipment_stock, run_fleets, run_groups
from simulator.model.flows import flows_of
from simulator.model.machinery_side import battery_step, heavy_machinery_step, making_step
from simulator.model.parameters import Parameters
from simulator.model.process_side import run_processes
from simulator.model.product_side import group_costs, product_costs
from simulator.model.rates import group_change, rates_of
from simulator.model.state import Flows, State
from simulator.model.supply_side import invest_in_fleets, invest_in_power, run_power
from simulator.model.surroundings import material_demand, surroundings, wanted_services

Array = Any


def work_out(xp: Any, clock: Clock, state: State, p: Parameters) -> Day:
    """Everything that happens at one moment, in causal order."""
    # 1. drivers, equipment, prices
    now = surroundings(xp, p, clock, state)
    # 2. what people ask for
    asked = material_demand(xp, p, state, now)
    processes = run_processes(xp, p, state, now)
    cleaning = processes.cleaning
    wanted = wanted_services(xp, p, state, now, asked, processes.textile_heat)
    # 3. what runs, uses and emits
    groups = run_groups(xp, p, state, now, processes)
    groups, chemicals = run_chemicals(xp, p, state, now, groups)
    fleets = run_fleets(xp, p, state, now, asked, wanted, groups)
    energy = energy_by_sector(xp, p, fleets, groups, asked, cleaning.electricity)
    product_cost = product_costs(xp, p, state, now, fleets)
    group_cost = group_costs(xp, p, now, groups)
    # 4. electricity, coal, carbon
    final = electricity_use(energy)
    flexible = flexible_demand(xp, p, fleets, final)
    grid = run_power(xp, p, state, now, final, flexible, cleaning.electricity)
    mining = coal_mining_step(xp, p, state, now)
    carbon = carbon_account(xp, p, state, energy, fleets, groups, grid, cleaning.limestone)
    made = sector_activity(xp, p, groups, mining, asked, fleets, grid)
    market = allowances(xp, p, state, now, made, grid, carbon)
    trade = border_step(xp, p, state, now, fleets, carbon)
    # 5. what investors decide
    stock = equipment_stock(xp, p, final)
    building = invest_in_fleets(xp, p, state, now, wanted, fleets, stock)
    plants = invest_in_power(xp, p, state, now, grid)
    routes = invest_in_chemicals(xp, p, state, now, fleets, chemicals)
    heavy = heavy_machinery_step(xp, p, state, now, asked, groups)
    batteries = battery_step(xp, p, state, now, building)
    goods = making_step(xp, p, now, asked, building, plants, batteries[1])
    return Day(
        now, asked, wanted, processes, groups, chemicals, fleets, energy,
        product_cost, group_cost, final, grid, mining, carbon, made, market, trade,
        building, plants, routes, *heavy, *batteries, goods,
    )  # fmt: skip


def evaluate_at(xp: Any, clock: Clock, state: State, p: Parameters) -> tuple[State, Flows]:
    """Rates of change of every stock, and flows to integrate over each year."""
    change, flows, _ = _changes(xp, clock, state, p)
    return change, flows


def evaluate(xp: Any, time: Array, state: State, p: Parameters) -> tuple[State, Flows]:
    """Rates and flows at a time in years."""
    return evaluate_at(xp, read_clock(xp, p.grid, time, p.history_end), state, p)


def evaluate_and_observe(
    xp: Any, clock: Clock, state: State, p: Parameters
) -> tuple[State, Flows, Perception]:
    """Rates, flows, and what people would perceive, from one moment worked out."""
    change, flows, day = _changes(xp, clock, state, p)
    return change, flows, perception(xp, p, state, day)


def observe(xp: Any, time: Array, state: State, p: Parameters) -> Perception:
    """What people would perceive if they perceived at once."""
    day = work_out(xp, read_clock(xp, p.grid, time, p.history_end), state, p)
    return perception(xp, p, state, day)


def _changes(xp: Any, clock: Clock, state: State, p: Parameters) -> tuple[State, Flows, Day]:
    """Rates and flows, with the moment that they were read off."""
    day = work_out(xp, clock, state, p)
    groups = group_change(xp, p, state, day)
    return rates_of(xp, p, state, day, groups), flows_of(xp, p, state, day, groups), day
