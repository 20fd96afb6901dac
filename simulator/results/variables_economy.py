"""Variables of activity, materials, costs and the economy."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.equations.materials import ALUMINIUM, CEMENT, STEEL
from simulator.equations.product_price import machinery_cost_increase
from simulator.model.balances import demand, orders
from simulator.model.layout import FLEETS
from simulator.model.national import NationalModel
from simulator.model.record import Record, annual
from simulator.results.axes import FloatArray, ratio
from simulator.results.stages import LEAST_YEARS, stage_of_years
from simulator.results.variables_energy import industrial_value_added

SYSTEM_COSTS: Final = ("investment", "operation", "material", "energy", "storage")
"""Accounts that are resources; carbon payments are a transfer."""


def material_variables(_: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Read what is made, stands in use and comes back, by material."""
    flows = record.flows.materials
    in_use = record.after.in_use.sum(axis=1)
    nothing = np.zeros_like(flows.scrap_use)
    aluminium = flows.recycled_aluminium
    return {
        "activity": record.flows.activity,
        "aluminium_recycled": aluminium,
        "scrap_available": np.stack(
            [flows.scrap_supply.sum(axis=1), nothing, aluminium + flows.unused_aluminium_scrap],
            axis=1,
        ),
        "scrap_used": np.stack([flows.scrap_use, nothing, aluminium], axis=1),
        "scrap_price": record.flows.means.scrap_price,
        "in_use_stock": np.stack(
            [in_use[:, STEEL].sum(axis=1), in_use[:, CEMENT], in_use[:, ALUMINIUM]], axis=1
        ),
        "clinker_ratio": ratio(flows.clinker, flows.cement),
        "aluminium_clean_power_share": record.after.clean_power,
        "unmet_demand": demand(record).share.max(axis=1),
        "unmet_orders": orders(record).share.max(axis=1),
    }


def cost_variables(_: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Costs by sector, and the system cost: what resources cost, without transfers."""
    costs = record.flows.costs
    system = sum(getattr(costs, name) for name in SYSTEM_COSTS)
    return {f"cost_{name}": getattr(costs, name) for name in costs._fields} | {
        "system_cost": system,
        "system_cost_total": (system - costs.supplied).sum(axis=1),
    }


def product_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Prices of products, what they do to machines, and what steel without carbon costs more.

    A price is the market price at the end of history and the change of cost since then. The
    premiums are of blast furnaces with capture, and of reduction with hydrogen, over blast
    furnaces as they are, without the price of carbon and without support.
    """
    p = model.parameters.product_prices
    means = record.flows.means
    reference = record.after.product_prices.reference[-1:]
    price = p.level + means.product_cost - reference
    layout = model.layout
    routes = layout.technologies(layout.fleets[FLEETS.index("steelmaking")])
    cost = {name: means.steel_routes[:, place] for place, name in enumerate(routes)}
    base, captured = cost["blast_furnace"], cost["blast_furnace_ccs"]
    return {
        "product_price": price,
        "machinery_cost_increase": machinery_cost_increase(price / p.level, p.machinery_share),
        "steel_green_premium": captured - base,
        "steel_green_premium_share": captured / base - 1.0,
        "steel_hydrogen_premium": cost["hydrogen_dri"] - base,
    }


def economy_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Product and people."""
    p = model.parameters
    return {
        "gdp": record.flows.gross_product,
        "industrial_value_added": industrial_value_added(model, record),
        "population": annual(p.economy.population, p.grid, record, 1.0),
    }


STAGED: Final = ("emissions_gross", "emissions_net")
"""What the stage of a year is told from."""


def stage_of(record: Record, found: Mapping[str, FloatArray]) -> NDArray[np.int64]:
    """Stage of each year from emissions and product; zero in a run of under three years."""
    if len(record.years) < LEAST_YEARS:
        return np.zeros((len(record.years), record.scenarios), dtype=np.int64)
    return stage_of_years(record.years, *(found[name] for name in STAGED))
