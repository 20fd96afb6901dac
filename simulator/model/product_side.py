"""Step of the derivative that concerns prices of products."""

from typing import Any, Final

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import carbon_market, product_price
from simulator.equations.activity import GroupFlows
from simulator.equations.prices import GJ_PER_MWH
from simulator.model.demand_side import STEEL, Fleets
from simulator.model.layout import FLEETS
from simulator.model.parameters import Parameters
from simulator.model.state import State
from simulator.model.surroundings import CEMENT, Surroundings

Array = Any

MAKERS: Final = ("steelmaking", "clinker", "smelting", "alumina")
"""Fleets whose costs make the prices of products."""

STEEL_SECTOR: Final = SECTORS.index("steel")
CHEMICALS: Final = SECTORS.index("petrochemicals")
ELECTRICITY: Final = CARRIERS.index("electricity")


def product_costs(
    xp: Any, p: Parameters, state: State, now: Surroundings, fleets: Fleets
) -> Array:
    """Cost of steel, cement and primary aluminium today, (product, S) [CNY/t]."""
    rows = [FLEETS.index(name) for name in MAKERS]
    paid = now.prices.sector_carbon[p.couplings.sector_of_fleet[rows]]
    free = paid - carbon_market.left_to_pay(p.market, now.clock, price=paid)
    steel, clinker, metal, alumina = product_price.average_cost(
        xp,
        levelised=fleets.unit.cost.levelised[rows],
        direct=fleets.unit.direct[rows],
        free_value=free[:, xp.newaxis],
        output=fleets.activity[rows],
        capacity=now.standing[rows],
    )
    ratio, binder, _ = state.cement
    power = now.prices.carriers[ELECTRICITY, CEMENT] * GJ_PER_MWH
    cement = (
        clinker * ratio * (1.0 - binder)
        + p.cement.binder_premium * binder
        + p.cement.auxiliary_electricity * power
    )
    aluminium = metal + p.aluminium.alumina_per_metal * alumina
    return xp.stack(xp.broadcast_arrays(steel, cement, aluminium))


def group_costs(xp: Any, p: Parameters, now: Surroundings, groups: GroupFlows) -> Array:
    """Energy, feedstock and carbon of chemicals per index, (N, S) [million CNY]."""
    rows = p.product_prices.groups
    emitted = xp.sum(groups.fuel_emissions, axis=0) + groups.process_emissions
    emitted = emitted - now.capture_share * groups.captured
    return product_price.energy_cost(
        xp,
        energy=groups.energy[:, rows],
        prices=now.prices.carriers[:, CHEMICALS][:, xp.newaxis],
        emissions=emitted[rows],
        paid=carbon_market.left_to_pay(
            p.market, now.clock, price=now.prices.sector_carbon[CHEMICALS]
        ),
        activity=groups.activity[rows],
    )


def steel_routes(now: Surroundings, fleets: Fleets) -> Array:
    """Cost of steel by route without the price of carbon and support, (T, S) [CNY/t]."""
    unit = fleets.unit
    carbon = now.prices.sector_carbon[STEEL_SECTOR] * unit.direct[STEEL]
    captured = now.capture_share * unit.captured[STEEL]
    cost: Array = unit.cost.levelised[STEEL] - carbon + now.capture_support * captured
    return cost
