"""Flows of a moment: everything that is integrated over each year."""

from typing import Any

from simulator.dimensions import CARRIERS, ENGINE_FUELS, SECTORS
from simulator.equations import activity, carbon_market, hot_working, sinks
from simulator.equations.schedule import at
from simulator.equations.transitions import transition_costs
from simulator.model.accounts import (
    ALUMINA,
    costs,
    ore_energy,
    to_sectors,
)
from simulator.model.chemical_side import product_energy
from simulator.model.day import Day, scrap_balance
from simulator.model.demand_side import equipment_users, one_hot, pollutants
from simulator.model.machinery_side import making_flows
from simulator.model.parameters import Parameters
from simulator.model.process_side import fluorinated_gases, stage_flows, treated_gases
from simulator.model.product_side import steel_routes
from simulator.model.state import (
    FleetFlows,
    Flows,
    MarketFlows,
    MaterialFlows,
    Means,
    MineFlows,
    PowerFlows,
    State,
)
from simulator.model.surroundings import VEHICLES

Array = Any

ELECTRICITY = CARRIERS.index("electricity")
FEEDSTOCK = CARRIERS.index("feedstock")
WELL_SECTOR = SECTORS.index("petrochemicals")
NO_CAPTURE = 1e-12
"""Capture under which there is none [Mt CO2/yr]."""

ENGINES = tuple(CARRIERS.index(name) for name in ENGINE_FUELS)


def flows_of(
    xp: Any, p: Parameters, state: State, day: Day, change: activity.GroupState
) -> Flows:
    """Everything that is integrated over each year.

    Parameters
    ----------
    change
        Rates of change of the plain groups.
    """
    now, asked, fleets, grid = day.now, day.asked, day.fleets, day.grid
    building, plants = day.building, day.power_building
    machinery = one_hot(xp, len(SECTORS), SECTORS.index("construction_machinery"))
    mines = one_hot(xp, len(SECTORS), SECTORS.index("coal_mining"))
    other = at(p.couplings.other_methane, now.clock) * _leaking(xp, p, day)
    methane = other + mines * (day.mining.methane_active + day.mining.methane_abandoned)
    treated = treated_gases(p, state, day.processes)
    treating = one_hot(xp, len(SECTORS), SECTORS.index("environmental_protection"))
    balance = scrap_balance(xp, p, state, day)
    forest = sinks.forest_uptake(xp, area=state.sinks.area, uptake=p.sinks.uptake)
    demand = asked.demand
    yields = p.in_use.finishing_yield * p.in_use.fabrication_yield
    return Flows(
        energy=day.energy,
        emissions_by_carrier=day.carbon.by_carrier,
        emissions_process=day.carbon.process,
        captured=day.carbon.captured,
        generated=day.carbon.generated,
        biogenic=day.carbon.biogenic,
        methane=methane + treating * (treated.landfill_methane + treated.sewage_methane),
        pollutants=pollutants(p, fleets)[:, None] * machinery,
        activity=day.made,
        mines=MineFlows(
            day.mining.drained,
            day.mining.used,
            xp.stack([day.mining.methane_active, day.mining.methane_abandoned]),
        ),
        stages=stage_flows(xp, p, day.processes, day.groups, day.energy),
        fluorinated=fluorinated_gases(xp, p, state, day.groups),
        nitrous_oxide=at(p.environment.other_nitrous, now.clock)
        + treating * treated.nitrous_oxide,
        environment=treated,
        flue_gas=day.processes.cleaning,
        volumes=day.processes.volumes,
        group_index=xp.sum(p.couplings.group_weight * day.groups.activity, axis=1),
        energy_in_use=to_sectors(
            xp, p, xp.sum(fleets.use.energy, axis=0) * p.fleets.planning.is_stock
        ),
        vehicle_fuel=xp.stack([fleets.use.energy[fuel, VEHICLES] for fuel in ENGINES]),
        fleets=FleetFlows(
            building.additions,
            building.natural,
            building.early,
            building.retrofits,
            fleets.activity,
            now.standing,
        ),
        generators=FleetFlows(
            plants.additions,
            plants.natural,
            plants.early,
            plants.retrofits,
            grid.run.generation[None],
            xp.sum(state.generators.capacity, axis=0),
        ),
        chemicals=FleetFlows(
            day.routes.additions,
            day.routes.natural,
            day.routes.early,
            day.routes.retrofits,
            day.chemicals.made,
            day.chemicals.standing,
        ),
        chemical_energy=product_energy(
            xp, p, day.groups, day.carbon.stored / xp.maximum(day.carbon.wanted, NO_CAPTURE)
        ),
        chemical_demand=day.chemicals.wanted,
        chemicals_unmet=day.chemicals.unmet,
        chemical_orders_unmet=day.routes.unmet,
        power=_power_flows(xp, day),
        costs=costs(
            xp,
            p,
            state,
            now,
            asked=asked,
            energy=day.energy,
            account=day.carbon,
            fleets=fleets,
            grid=grid,
            building=building,
            power_building=plants,
            chemicals=day.chemicals,
            routes=day.routes,
            mining=day.mining,
            users=equipment_users(xp, p, day.final),
            transitions=transition_costs(
                xp,
                p.transitions,
                p.groups,
                state=state.groups,
                change=change,
                fuel=day.groups.fuel,
                carbon=xp.sum(day.groups.fuel_emissions, axis=0) + day.groups.process_emissions,
            ),
        ),
        materials=MaterialFlows(
            inflow=demand.inflow,
            outflow=demand.outflow,
            cement=demand.cement_output,
            recycled_aluminium=asked.aluminium.recycled,
            aluminium_demand=demand.aluminium_demand,
            net_export_steel=demand.steel_output - xp.sum(demand.inflow[:4], axis=0) / yields,
            scrap_supply=xp.stack(
                xp.broadcast_arrays(asked.supply.old, asked.supply.new, asked.supply.imported)
            ),
            scrap_use=balance.use,
            clinker=asked.cement.clinker_output,
            imported_aluminium=asked.aluminium.imported,
            unused_aluminium_scrap=asked.aluminium.unused_scrap,
            alumina_electricity=fleets.use.energy[ELECTRICITY, ALUMINA],
            ore=xp.stack(xp.broadcast_arrays(*_ore(xp, p, day))),
        ),
        border=day.border.paid,
        market=_market_flows(xp, p, day),
        means=Means(
            carbon_price=now.prices.carbon,
            market_price=now.history * at(p.prices.carbon, now.clock)
            + (1.0 - now.history) * state.market.price,
            electricity_price=grid.system.total,
            scrap_price=asked.market.price,
            product_cost=day.product_cost,
            steel_routes=steel_routes(now, fleets),
            hydrogen_price=now.hydrogen_price,
            equipment_factor=now.equipment.electricity_factor,
            motor_efficiency=now.equipment.quality[0],
            clinker_ratio=asked.cement.clinker_output / xp.maximum(demand.cement_output, 1e-12),
            capture_share=now.capture_share,
            heavy_machinery_electricity=now.heavy_machinery.electricity,
            heavy_machinery_diesel=now.heavy_machinery.diesel,
            hot_working=now.hot_working,
        ),
        heavy_machinery=day.heavy_turnover,
        efficient_furnaces=hot_working.adoption(
            p.hot_working, now.clock, state.hot_working.efficient
        ),
        batteries=day.battery_flows,
        making=making_flows(
            xp,
            p,
            day.goods,
            groups=day.groups,
            energy=day.energy,
            in_use=fleets.use.energy,
        ),
        unmet=fleets.unmet,
        unmet_orders=building.unmet,
        injected=day.carbon.stored,
        sink=xp.stack(xp.broadcast_arrays(forest, day.carbon.removed)),
        gross_product=now.history * at(p.economy.observed_product, now.clock)
        + (1.0 - now.history) * state.society.gross_product,
    )


def _leaking(xp: Any, p: Parameters, day: Day) -> Array:
    """Methane that is not modelled relative to its level, (sector, S) [1].

    Wells leak with what they give, from the output of the end of history on.
    """
    wells, clock = p.couplings.wells, day.now.clock
    output = day.groups.activity[wells] / at(p.groups.observed_activity, clock)[wells]
    return 1.0 + one_hot(xp, len(SECTORS), WELL_SECTOR) * (output - 1.0)


def _ore(xp: Any, p: Parameters, day: Day) -> tuple[Array, Array, Array]:
    """Electricity, fuel and carbon of bauxite."""
    energy = ore_energy(p, day.groups, xp.sum(day.fleets.activity[ALUMINA], axis=0))
    fuel = xp.sum(energy, axis=0) - energy[ELECTRICITY] - energy[FEEDSTOCK]
    return energy[ELECTRICITY], fuel, xp.sum(energy * p.carbon.emission_factor, axis=0)


def _market_flows(xp: Any, p: Parameters, day: Day) -> MarketFlows:
    market, price, clock = day.market, day.now.prices, day.now.clock
    taxed = xp.sum(at(p.prices.carbon_coverage, clock) * day.carbon.direct, axis=0)
    return MarketFlows(
        covered=market.covered,
        allowances=market.allowances,
        offsets=market.offsets,
        gap=market.gap,
        withheld=market.withheld,
        expired=market.expired,
        revenue=carbon_market.revenue(
            p.market,
            clock,
            policy=price.carbon - price.excess,
            excess=price.excess,
            taxed=taxed,
            covered=market.covered,
        ),
    )


def _power_flows(xp: Any, day: Day) -> PowerFlows:
    grid = day.grid
    final = xp.sum(day.final, axis=0)
    generated = xp.sum(grid.run.generation, axis=0)
    return PowerFlows(
        generation=grid.run.generation,
        emissions=grid.burnt.emissions,
        gross=generated,
        final=final,
        curtailed=xp.sum(grid.run.curtailed, axis=0),
        losses=grid.gross - final + grid.run.storage_loss,
        unmet=grid.run.unmet,
        storage_loss=grid.run.storage_loss,
        fuel=grid.burnt.fuel,
    )
