"""Steps of the derivative for chemicals: which routes run, and which are built."""

from typing import Any, NamedTuple

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import (
    chemical_routes,
    fleet,
    hydrogen,
    investment,
    mandates,
    operation,
    prices,
)
from simulator.equations.activity import GroupFlows
from simulator.equations.cost import UnitCost, unit_cost
from simulator.equations.learning import learned_capital
from simulator.equations.schedule import at
from simulator.model.demand_side import Fleets
from simulator.model.parameters import Parameters
from simulator.model.state import State
from simulator.model.surroundings import HYDROGEN, Surroundings

Array = Any

SECTOR = SECTORS.index("petrochemicals")
BOUGHT = tuple(CARRIERS.index(name) for name in ("electricity", "heat", "hydrogen"))
FEEDSTOCK = CARRIERS.index("feedstock")
BURNT = [
    place for place, _ in enumerate(CARRIERS) if place not in BOUGHT and place != FEEDSTOCK
]


class Chemicals(NamedTuple):
    """The routes of chemicals in operation."""

    wanted: Array
    """Products that users ask for, (P, S) [Mt/yr]."""
    made: Array
    """Output by route, (P, T, S) [Mt/yr]."""
    unmet: Array
    """Demand that no plant could serve, (P, S) [Mt/yr]."""
    capital: Array
    """Capital cost after learning, (P, T, S) [CNY/t]."""
    cost: UnitCost
    """(P, T, S) [CNY/t]."""
    standing: Array
    """Capacity of all ages, (P, T, S) [Mt/yr]."""


def run_chemicals(
    xp: Any, p: Parameters, state: State, now: Surroundings, groups: GroupFlows
) -> tuple[GroupFlows, Chemicals]:
    """Dispatch the routes of every product; the plain groups with what they take."""
    block, standing = p.chemicals, xp.sum(state.chemicals.capacity, axis=0)
    asked = chemical_routes.demand(p.routes, groups)
    replaced = chemical_routes.not_made(xp, p.routes, now.clock, asked)
    wanted = asked - replaced
    unit = chemical_routes.unit_flows(
        xp,
        p.routes,
        groups,
        wanted=asked,
        added=block.technique.energy,
        capture=block.technique.capture,
    )
    stored = now.capture_share * unit.captured
    paid = now.prices.carriers[:, SECTOR][:, xp.newaxis, xp.newaxis]
    capital = learned_capital(xp, block.economics, state.chemicals.experience)
    cost = unit_cost(
        capital=capital,
        recovery=block.economics.recovery,
        utilisation=block.planning.target_utilisation[:, xp.newaxis, :],
        variable=block.economics.variable,
        energy=xp.sum(unit.energy * paid, axis=0),
        carbon=now.prices.sector_carbon[SECTOR] * (unit.generated - stored)
        + now.storage_price * stored,
        support=0.0,
    )
    choosing = block.choosing
    run = operation.dispatch(
        xp,
        demand=wanted,
        capacity=standing,
        short_run_cost=cost.short_run,
        log_weight=state.chemicals.log_operating_weight,
        technique=block.technique,
        limit_share=1.0,
        floor_members=choosing.floor_members,
        floor_parts=1.0 - choosing.floor_outside,
        floor_shares=at(choosing.floor_shares, now.clock) * choosing.floor_on_output,
        forced_share=at(block.observed.output_share, now.clock),
        forced=block.observed.by_output * now.history,
    )
    made = run.activity
    return (
        chemical_routes.with_routes(xp, p.routes, groups, unit, made=made, replaced=replaced),
        Chemicals(wanted, made, run.unmet, capital, cost, standing),
    )


def product_energy(xp: Any, p: Parameters, groups: GroupFlows, stored: Array) -> Array:
    """Electricity, heat, hydrogen, other fuel [PJ/yr] and direct emissions [Mt CO2/yr].

    By product, (5, P, S); `stored` is the part of all capture that is stored, (S) [1].
    """
    rows = p.routes.group
    energy, emitted = groups.energy[:, rows], xp.sum(groups.fuel_emissions[:, rows], axis=0)
    direct = emitted + groups.process_emissions[rows] - stored * groups.captured[rows]
    fuel = xp.sum(energy[BURNT], axis=0)
    return xp.stack([*(energy[carrier] for carrier in BOUGHT), fuel, direct])


def hydrogen_slack(xp: Any, p: Parameters, now: Surroundings, fleets: Fleets) -> Array:
    """1 while hydrogen plants run at their target utilisation, 0 when flat out, (S)."""
    return hydrogen.slack(
        xp,
        most=p.fleets.technique.maximum_utilisation[HYDROGEN, 0],
        target=p.fleets.planning.target_utilisation[HYDROGEN],
        made=xp.sum(fleets.activity[HYDROGEN], axis=0),
        standing=xp.sum(now.standing[HYDROGEN], axis=0),
    )


def invest_in_chemicals(
    xp: Any,
    p: Parameters,
    state: State,
    now: Surroundings,
    fleets: Fleets,
    chemicals: Chemicals,
) -> investment.Turnover:
    """Orders, construction, rebuilding and retirement of the routes of chemicals.

    Routes that take hydrogen are ordered as far as its supply allows new users.
    """
    block, stocks, clock = p.chemicals, state.chemicals, now.clock
    standing, made = chemicals.standing, chemicals.made
    one = 1.0 + 0.0 * standing
    slack = hydrogen_slack(xp, p, now, fleets)
    floors = mandates.mandated_shares(xp, block.choosing, clock, standing)
    total = xp.maximum(xp.sum(standing, axis=1), 1e-12)
    signals = investment.Signals(
        demand=chemicals.wanted,
        utilisation=xp.sum(made, axis=1) / total,
        levelised=chemicals.cost.levelised,
        short_run=chemicals.cost.short_run,
        product_price=prices.product_cost(
            xp, cost=chemicals.cost.levelised, capacity=made + 1e-9 * standing
        ),
        relative=one,
        preference=one + p.routes.uses_hydrogen * (slack - 1.0),
        hazard=0.0 * standing,
        share_limit=1e6 * one,
        retrofit_policy=mandates.floor_retrofit_rate(xp, block, stocks, floors),
        capacity_limit=1e9 + 0.0 * chemicals.wanted,
        known_pipeline=0.0 * standing,
        loops=now.loops,
    )
    hazard = investment.hazards(xp, block, signals)
    retired = xp.sum(stocks.capacity * hazard, axis=0)
    retired = retired + fleet.natural_retirement(xp, block.chain, stocks.capacity)
    decision = investment.decide(xp, block, stocks, signals, clock, retired)
    return investment.turnover(xp, block, stocks, signals, clock, decision, hazard, now.history)
