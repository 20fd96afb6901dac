"""Accounts of the derivative: energy, carbon and money by sector."""

from typing import Any, NamedTuple

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import (
    activity,
    aluminium,
    carbon_market,
    carbon_storage,
    coal_mining,
    cost,
)
from simulator.equations.fleet_parameters import FleetParameters
from simulator.equations.investment import Turnover
from simulator.equations.prices import GJ_PER_MWH
from simulator.equations.transitions import TransitionCosts
from simulator.model.chemical_side import Chemicals
from simulator.model.demand_side import (
    DIRECT_AIR_CAPTURE,
    HYDROGEN_CARRIER,
    MACHINES,
    STEEL,
    Fleets,
    one_hot,
    steel_materials,
)
from simulator.model.layout import FLEETS
from simulator.model.parameters import Parameters
from simulator.model.state import Costs, State
from simulator.model.supply_side import Electricity
from simulator.model.surroundings import (
    EQUIPMENT,
    HYDROGEN,
    NETWORK_HEAT,
    VEHICLES,
    Materials,
    Surroundings,
)

Array = Any

ELECTRICITY = CARRIERS.index("electricity")
COAL = CARRIERS.index("coal")
GAS = CARRIERS.index("gas")
HEAT_CARRIER = CARRIERS.index("heat")
TWH_PER_PJ = 1.0 / 3.6
CLINKER_SECTOR, ALUMINIUM_SECTOR = SECTORS.index("cement"), SECTORS.index("aluminium")
COAL_SECTOR = SECTORS.index("coal_mining")
MINING_SECTOR = SECTORS.index("other_industry")
CLEANING_SECTOR = SECTORS.index("environmental_protection")


ALUMINA = FLEETS.index("alumina")


def to_sectors(xp: Any, p: Parameters, by_fleet: Array) -> Array:
    """Spread fleets over sectors: (..., F, S) to (..., sector, S)."""
    membership = p.couplings.membership
    if membership.shape[-1] == 1:  # all scenarios alike: a matrix product is far cheaper
        return xp.matmul(membership[..., 0], by_fleet)
    return xp.sum(membership * by_fleet[..., xp.newaxis, :, :], axis=-2)


def to_users(xp: Any, p: Parameters, by_fleet: Array, users: Array) -> Array:
    """Spread fleets over sectors, equipment over those that run it: (F, S) to (sector, S)."""
    makers = 0.0 * by_fleet[EQUIPMENT]
    plants = [by_fleet[: EQUIPMENT.start], makers, by_fleet[EQUIPMENT.stop :]]
    run = xp.sum(users * by_fleet[EQUIPMENT], axis=1)
    spread = to_sectors(xp, p, xp.concatenate(plants, axis=0))
    return spread + run


def groups_to_sectors(xp: Any, p: Parameters, by_group: Array) -> Array:
    """Add plain groups up to sectors: (..., G, S) to (..., sector, S)."""
    return activity.sum_by_sector(xp, p.couplings.group_membership, by_group)


def energy_by_sector(
    xp: Any,
    p: Parameters,
    fleets: Fleets,
    groups: activity.GroupFlows,
    asked: Materials,
    cleaning: Array,
) -> Array:
    """Energy that every sector takes in, power plants excepted, (C, sector, S) [PJ/yr].

    `cleaning` is the electricity that cleans flue gas, (S) [TWh/yr].
    """
    total = to_sectors(xp, p, fleets.use.energy) + groups_to_sectors(xp, p, groups.energy)
    grinding = asked.cement.electricity / TWH_PER_PJ
    remelting = asked.aluminium.recycling_energy
    scrubbing = cleaning / TWH_PER_PJ
    ore = ore_energy(p, groups, xp.sum(fleets.activity[ALUMINA], axis=0))
    miners = one_hot(xp, len(SECTORS), MINING_SECTOR)
    cleaners = one_hot(xp, len(SECTORS), CLEANING_SECTOR)
    cement = one_hot(xp, len(SECTORS), CLINKER_SECTOR)
    smelters = one_hot(xp, len(SECTORS), ALUMINIUM_SECTOR)
    electric = one_hot(xp, len(CARRIERS), ELECTRICITY)[:, xp.newaxis]
    gas = one_hot(xp, len(CARRIERS), GAS)[:, xp.newaxis]
    steam = one_hot(xp, len(CARRIERS), HEAT_CARRIER)[:, xp.newaxis]
    delivered = xp.sum(fleets.activity[NETWORK_HEAT], axis=0)
    bought = p.heat.feeds[NETWORK_HEAT_PLACE] * delivered
    return (
        total
        + electric * (cement * grinding + smelters * remelting[1] + cleaners * scrubbing)
        + gas * (smelters * remelting[0])
        + steam * bought
        + (smelters - miners) * ore[:, xp.newaxis]
    )


def ore_energy(p: Parameters, groups: activity.GroupFlows, alumina: Array) -> Array:
    """Energy of bauxite by carrier, which the aluminium sector holds, (C, S) [PJ/yr]."""
    place = p.couplings.ore_group
    return aluminium.ore_energy(
        p.aluminium,
        alumina=alumina,
        mining=groups.energy[:, place],
        index=groups.activity[place],
    )


NETWORK_HEAT_PLACE = 3
"""Place of the heat networks among the heat fleets."""


class CarbonAccount(NamedTuple):
    """Carbon by sector, (..., sector, S) [Mt CO2/yr]."""

    by_carrier: Array
    """After capture, (C, sector, S)."""
    process: Array
    """After capture."""
    direct: Array
    """Both together."""
    captured: Array
    """Biogenic included."""
    generated: Array
    """Carbon in everything burnt or calcined, biogenic included."""
    biogenic: Array
    """Carbon of biomass burnt, not counted as emitted."""
    wanted: Array
    """Capture that plants would run with enough storage, (S)."""
    stored: Array
    """Capture that finds storage, with direct air capture, (S)."""
    removed: Array
    """Direct air capture that finds storage, (S)."""


def carbon_account(
    xp: Any,
    p: Parameters,
    state: State,
    energy: Array,
    fleets: Fleets,
    groups: activity.GroupFlows,
    grid: Electricity,
    limestone: Array,
) -> CarbonAccount:
    """Emitted plus captured is generated, for every sector.

    `limestone` is the carbon dioxide that cleaning of flue gas gives off, (S) [Mt CO2/yr].
    """
    factor = p.carbon.emission_factor[:, xp.newaxis]
    content = p.carbon.content[:, xp.newaxis]
    power = one_hot(xp, len(SECTORS), SECTORS.index("power"))
    burnt = energy + grid.burnt.fuel[:, xp.newaxis] * power
    process = to_sectors(xp, p, fleets.use.process)
    process = process + groups_to_sectors(xp, p, groups.process_emissions)
    process = process + one_hot(xp, len(SECTORS), CLEANING_SECTOR) * limestone
    group_share = groups.captured / xp.maximum(
        xp.sum(groups.fuel_emissions, axis=0) + groups.process_emissions, 1e-12
    )
    from_fuel = to_sectors(xp, p, fleets.use.captured_by_carrier)
    from_fuel = from_fuel + groups_to_sectors(xp, p, groups.fuel_emissions * group_share)
    in_power = grid.uncaptured.emissions_by_carrier - grid.burnt.emissions_by_carrier
    from_fuel = from_fuel + in_power[:, xp.newaxis] * power
    from_process = to_sectors(xp, p, fleets.use.captured_process)
    from_process = from_process + groups_to_sectors(
        xp, p, groups.process_emissions * group_share
    )
    removal = xp.sum(fleets.activity[DIRECT_AIR_CAPTURE], axis=0)
    wanted = xp.sum(from_fuel, axis=(0, 1)) + xp.sum(from_process, axis=0) + removal
    share = carbon_storage.capture_share(xp, wanted=wanted, injection=state.storage.injection)
    by_carrier, emitted = burnt * factor - share * from_fuel, process - share * from_process
    return CarbonAccount(
        by_carrier=by_carrier,
        process=emitted,
        direct=xp.sum(by_carrier, axis=0) + emitted,
        captured=share * (xp.sum(from_fuel, axis=0) + from_process),
        generated=xp.sum(burnt * content, axis=0) + process,
        biogenic=xp.sum(burnt * (content - factor), axis=0),
        wanted=wanted,
        stored=share * wanted,
        removed=share * removal,
    )


def costs(
    xp: Any,
    p: Parameters,
    state: State,
    now: Surroundings,
    *,
    asked: Materials,
    energy: Array,
    account: CarbonAccount,
    fleets: Fleets,
    grid: Electricity,
    building: Turnover,
    power_building: Turnover,
    chemicals: Chemicals,
    routes: Turnover,
    transitions: TransitionCosts,
    mining: coal_mining.CoalMiningFlows,
    users: Array,
) -> Costs:
    """Costs by sector, (sector, S) [bn CNY/yr]: a million CNY for a unit of a million."""
    power = one_hot(xp, len(SECTORS), SECTORS.index("power"))
    steel = one_hot(xp, len(SECTORS), SECTORS.index("steel"))
    removal = one_hot(xp, len(SECTORS), SECTORS.index("carbon_removal"))
    miners = one_hot(xp, len(SECTORS), COAL_SECTOR)
    petrochemicals = one_hot(xp, len(SECTORS), SECTORS.index("petrochemicals"))
    bought = xp.sum(building.additions * fleets.unit.capital, axis=1)
    bought = bought + _rebuilding(xp, p.fleets, building)
    generators = xp.sum(power_building.additions[0] * grid.capital, axis=0)
    generators = generators + _rebuilding(xp, p.generators, power_building)[0]
    kept = xp.sum(
        now.standing * fleets.unit.capital * p.fleets.economics.fixed
        + fleets.activity * p.fleets.economics.variable,
        axis=1,
    )
    plants = p.generators.economics
    standing = xp.sum(state.generators.capacity, axis=0)[0]
    chemical_plants = xp.sum(routes.additions * chemicals.capital, axis=(0, 1))
    chemical_plants = chemical_plants + xp.sum(_rebuilding(xp, p.chemicals, routes), axis=0)
    kept_chemicals = xp.sum(
        chemicals.standing * chemicals.capital * p.chemicals.economics.fixed
        + chemicals.made * p.chemicals.economics.variable,
        axis=(0, 1),
    )
    kept_generators = xp.sum(
        standing * grid.capital * plants.fixed[0] + grid.run.generation * plants.variable[0],
        axis=0,
    )
    burnt_hydrogen = grid.burnt.fuel[HYDROGEN_CARRIER] * now.hydrogen_price * power
    fuel = xp.sum(grid.burnt.fuel * now.prices.power_fuels, axis=0) * power + burnt_hydrogen
    paid = xp.sum(energy * now.prices.carriers, axis=0)
    opened = coal_mining.mine_turnover(
        xp, p.coal_mining, state.coal_mining.capacity, mining.by_mine, now.clock
    ).opened
    mines = coal_mining.mining_costs(
        xp, p.coal_mining, now.clock, flows=mining, opened=opened, energy=paid[COAL_SECTOR]
    )
    charge = xp.sum(fleets.activity[STEEL] * steel_materials(p, now, asked), axis=0)
    return Costs(
        investment=(
            to_users(xp, p, bought, users)
            + generators * power
            + mines.investment * miners
            + chemical_plants * petrochemicals
            + groups_to_sectors(xp, p, transitions.investment)
        )
        / 1e3,
        operation=(
            to_users(xp, p, kept, users)
            + kept_generators * power
            + mines.operation * miners
            + kept_chemicals * petrochemicals
            + groups_to_sectors(xp, p, transitions.operation)
        )
        / 1e3,
        material=charge * steel / 1e3,
        energy=(paid + fuel) / 1e3,
        supplied=(
            cost.supplied_payment(
                electricity=energy[ELECTRICITY],
                heat=energy[HEAT_CARRIER],
                hydrogen=energy[HYDROGEN_CARRIER],
                coal=energy[COAL] + grid.burnt.fuel[COAL] * power,
                electricity_price=state.society.electricity_price / GJ_PER_MWH,
                heat_price=now.heat_price,
                hydrogen_price=now.hydrogen_price,
                coal_cost=mines.supply,
            )
            + burnt_hydrogen
        )
        / 1e3,
        storage=(account.captured + account.removed * removal)
        * (now.storage_price + now.capture_support)
        / 1e3,
        carbon=account.direct
        * carbon_market.left_to_pay(p.market, now.clock, price=now.prices.sector_carbon)
        / 1e3,
    )


def _rebuilding(xp: Any, p: FleetParameters, building: Turnover) -> Array:
    """Capital spent on the retrofits of each fleet, (F, S) [CNY/yr]."""
    arcs = p.brownfield
    spent = cost.conversion_capital(
        xp,
        incidence=arcs.arcs.incidence,
        converted=building.converted,
        capital=arcs.capital,
    )
    fleets, places = building.additions.shape[0], building.additions.shape[1]
    return xp.sum(spent.reshape(fleets, places, -1), axis=1)


def sector_activity(
    xp: Any,
    p: Parameters,
    groups: activity.GroupFlows,
    mining: coal_mining.CoalMiningFlows,
    asked: Materials,
    fleets: Fleets,
    grid: Electricity,
) -> Array:
    """Activity of each sector in its own unit, (sector, S)."""
    index = xp.sum(p.couplings.group_weight * groups.activity, axis=1)
    made = xp.sum(fleets.activity, axis=1)
    physical = {
        "coal_mining": mining.production,
        "power": xp.sum(grid.run.generation, axis=0),
        "steel": made[STEEL],
        "cement": asked.demand.cement_output,
        "aluminium": made[FLEETS.index("smelting")],
        "automotive": xp.sum(made[VEHICLES], axis=0),
        "construction_machinery": xp.sum(made[MACHINES], axis=0),
        "heat_supply": made[NETWORK_HEAT],
        "hydrogen": made[HYDROGEN],
        "carbon_removal": made[DIRECT_AIR_CAPTURE],
    }
    for name, amount in physical.items():
        place = one_hot(xp, len(SECTORS), SECTORS.index(name))
        index = index * (1.0 - place) + amount * place
    return index
