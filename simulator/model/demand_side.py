"""Middle steps of the derivative: what the fleets and the plain groups run, use and emit."""

from typing import Any, NamedTuple

from simulator.dimensions import CARRIERS
from simulator.equations import (
    activity,
    coal_mining,
    construction_machinery,
    equipment,
    heat,
    heavy_machinery,
    hydrogen,
    operation,
    product_price,
    scrap,
    vehicles,
)
from simulator.equations.fleet_parameters import Technique
from simulator.equations.loops import felt
from simulator.equations.operation import Market, Unit, Use
from simulator.equations.schedule import at
from simulator.model.layout import FLEETS, MACHINE_FLEETS, SUPPLY_FLEETS, family
from simulator.model.parameters import Parameters
from simulator.model.process_side import Processes
from simulator.model.state import State
from simulator.model.surroundings import (
    EQUIPMENT,
    HEAT,
    HYDROGEN,
    VEHICLES,
    Materials,
    Surroundings,
    Wanted,
)

Array = Any

HYDROGEN_CARRIER = CARRIERS.index("hydrogen")
DIESEL = CARRIERS.index("diesel")
STEEL = FLEETS.index("steelmaking")
DIRECT_AIR_CAPTURE = FLEETS.index("direct_air_capture")
MACHINES = family(MACHINE_FLEETS)
STOCKS = slice(DIRECT_AIR_CAPTURE + 1, len(FLEETS))
PRODUCERS = slice(0, family(SUPPLY_FLEETS).start)


def one_hot(xp: Any, length: int, index: int) -> Array:
    """Column that is 1 at one place, (length, 1)."""
    return (xp.arange(length) == index).astype(float)[:, xp.newaxis]


def spread(xp: Any, shape: Array, **parts: tuple[slice, Array]) -> Array:
    """Place parts of the fleet axis into an array of zeros shaped like `shape`.

    Each part is a slice of the first axis and an array with at most as many technologies as
    `shape`; missing places stay zero.
    """
    rows, at_row = [], 0
    places = shape.shape[1]
    for where, part in sorted(parts.values(), key=lambda item: item[0].start):
        if where.start > at_row:
            rows.append(0.0 * shape[at_row : where.start])
        missing = places - part.shape[1]
        wide = part + 0.0 * shape[where, : part.shape[1]]
        if missing > 0:
            wide = xp.concatenate([wide, 0.0 * shape[where, part.shape[1] :]], axis=1)
        rows.append(wide)
        at_row = where.stop
    if at_row < shape.shape[0]:
        rows.append(0.0 * shape[at_row:])
    return xp.concatenate(rows, axis=0)


class Fleets(NamedTuple):
    """The fleets in operation."""

    unit: Unit
    technique: Technique
    relative: Array
    """Relative fuel intensity, (F, T, S) [1]."""
    demand: Array
    """Demand of each fleet, (F, S) [unit/yr or unit]."""
    activity: Array
    """Activity by technology, (F, T, S)."""
    unmet: Array
    """(F, S)."""
    use: Use


def unit_flows(
    xp: Any, p: Parameters, state: State, now: Surroundings, asked: Materials, wanted: Wanted
) -> tuple[Unit, Technique, Array]:
    """Per unit of activity of every technology: energy, carbon, costs."""
    fleets, couplings, shape = state.fleets, p.couplings, now.standing
    places = shape.shape[1]
    new = at(p.fleets.technique.new_energy, now.clock)
    relative = operation.relative_intensity(xp, fleets, new)
    technique = _with_alternative_fuel(p, state)
    sector = couplings.sector_of_fleet
    digital = 1.0 - now.economy.digital_saving[sector][:, xp.newaxis]
    usage = spread(
        xp,
        shape[:, :1],
        vehicles=(VEHICLES, wanted.vehicle_usage[:, xp.newaxis] - 1.0),
        machines=(MACHINES, wanted.machine_usage[:, xp.newaxis] - 1.0),
    )
    machines = heavy_machinery.to_users(
        p.heavy_machinery.fleet_of_user, now.heavy_machinery.electricity
    )
    driven = (now.equipment.electricity_factor[sector] * machines)[:, xp.newaxis]
    is_plant = 1.0 - p.fleets.planning.is_stock[:, xp.newaxis]
    batteries = vehicles.battery_price(xp, p.vehicles.batteries, state.adoption.batteries)
    extra_capital = spread(
        xp,
        shape,
        vehicles=(VEHICLES, p.vehicles.batteries.capacity * batteries),
        machines=(MACHINES, p.machines.battery_capacity * batteries),
    )
    market = Market(
        energy=now.prices.carriers[:, sector][:, :, xp.newaxis],
        carbon=now.prices.sector_carbon[sector][:, xp.newaxis],
        storage=now.storage_price + 0.0 * shape[:, :1],
        material=spread(
            xp, shape, steel=(slice(STEEL, STEEL + 1), steel_materials(p, now, asked)[None])
        ),
        subsidy=spread(
            xp,
            shape,
            heat=(
                HEAT,
                heat.support(
                    payment=at(p.heat.support, now.clock), eligible=p.heat.support_eligible
                )
                + 0.0 * shape[HEAT, :places],
            ),
            hydrogen=(slice(HYDROGEN, HYDROGEN + 1), _hydrogen_support(p, now)[None]),
        ),
    )
    unit = operation.unit_flows(
        xp,
        state=fleets,
        technique=technique,
        economics=p.fleets.economics,
        target_utilisation=p.fleets.planning.target_utilisation,
        relative=relative,
        usage=(1.0 + usage) * digital,
        electricity_factor=1.0 + is_plant * (driven - 1.0),
        capture_share=now.capture_share,
        extra_capital=extra_capital,
        market=market,
        carbon=p.carbon,
    )
    return unit, technique, relative


def _with_alternative_fuel(p: Parameters, state: State) -> Technique:
    """Kilns burn waste and biomass instead of part of their coal."""
    technique = p.fleets.technique
    share = state.cement[2]
    return technique._replace(energy=technique.energy + p.couplings.fuel_shift * share)


def steel_materials(p: Parameters, now: Surroundings, asked: Materials) -> Array:
    """Cost of ore and scrap per tonne of steel, (T, S) [CNY/t]."""
    converters = p.couplings.converters * asked.market.converter_scrap
    scrap_used = converters + p.couplings.scrap_share
    ore: Array = p.couplings.ore * at(p.couplings.ore_price, now.clock)
    return ore + scrap_used * asked.market.price


def _hydrogen_support(p: Parameters, now: Surroundings) -> Array:
    return hydrogen.support(
        payment=at(p.hydrogen.support, now.clock),
        eligible=p.hydrogen.support_eligible,
        lower_heating_value=p.hydrogen.lower_heating_value,
    )


def run_groups(
    xp: Any, p: Parameters, state: State, now: Surroundings, processes: Processes
) -> activity.GroupFlows:
    """The plain groups: activity, energy and emissions."""
    sector = p.couplings.sector_of_group
    remanufacture = construction_machinery.manufacturing_factor(p.machines.renewal, now.clock)
    ratio = state.society.electricity_price / state.society.electricity_price_reference
    member, heavy = p.heavy_machinery.group_of_user, now.heavy_machinery
    machines = heavy_machinery.to_users(member, heavy.electricity)
    machines = machines * (1.0 + p.hot_working.maker * (now.hot_working - 1.0))
    return activity.group_flows(
        xp,
        p.groups,
        state.groups,
        now.clock,
        history=now.history,
        equipment_factor=equipment.with_rebound(
            factor=now.equipment.electricity_factor[sector],
            reference=state.held.equipment_factor[sector],
            elasticity=at(p.equipment.rebound, now.clock),
        )
        * machines
        * processes.electricity_factor,
        diesel_factor=heavy_machinery.to_users(member, heavy.diesel),
        electricity_for_diesel=heavy_machinery.to_users(member, 1.0 + heavy.added) - 1.0,
        digital_saving=now.economy.digital_saving[sector]
        + p.couplings.machine_makers * (1.0 - remanufacture),
        electricity_price_ratio=now.history
        + (1.0 - now.history) * felt(now.loops.demand_response, ratio, 1.0),
        coal_factor=coal_mining.washing_factor(xp, p.coal_mining, now.clock),
        demand_factor=now.history
        + (1.0 - now.history)
        * felt(
            now.loops.demand_response,
            product_price.group_response(xp, p.product_prices, state.product_prices),
            1.0,
        ),
        process_per_activity=processes.process_factor,
    )


def run_fleets(
    xp: Any,
    p: Parameters,
    state: State,
    now: Surroundings,
    asked: Materials,
    wanted: Wanted,
    groups: activity.GroupFlows,
) -> Fleets:
    """Dispatch every plant, use every machine, and add up energy and carbon."""
    unit, technique, relative = unit_flows(xp, p, state, now, asked, wanted)
    standing, preferred = now.standing, state.fleets.log_operating_weight
    removal = at(p.sinks.capture_target, now.clock)
    able = xp.sum((technique.maximum_utilisation * standing)[DIRECT_AIR_CAPTURE], axis=0)
    served = xp.concatenate([asked.wanted + 0.0 * removal, wanted.heat + 0.0 * removal], axis=0)
    first = _dispatch(
        xp,
        p,
        now,
        unit,
        technique,
        served,
        preferred,
        PRODUCERS,
        _scrap_limit(xp, p, now, asked),
    )
    energy = xp.sum(unit.energy[HYDROGEN_CARRIER, PRODUCERS] * first.activity, axis=(0, 1))
    machines = xp.sum(
        unit.energy[HYDROGEN_CARRIER, STOCKS] * standing[STOCKS] * technique.reported[STOCKS],
        axis=(0, 1),
    )
    hydrogen_demand = (
        energy
        + machines
        + xp.sum(groups.energy[HYDROGEN_CARRIER], axis=0)
        + state.society.power_hydrogen
    )
    removed = xp.minimum(removal, 0.999 * able)
    supplied = xp.stack(xp.broadcast_arrays(hydrogen_demand, removed))
    second = _dispatch(
        xp, p, now, unit, technique, supplied, preferred, family(SUPPLY_FLEETS), 1.0
    )
    run = xp.concatenate([first.activity, second.activity, standing[STOCKS]], axis=0)
    stocks = xp.concatenate(
        [
            wanted.vehicles + 0.0 * removal,
            wanted.machines + 0.0 * removal,
            0.0 * standing[EQUIPMENT, 0],
        ],
        axis=0,
    )
    demand = xp.concatenate(
        [served, xp.stack(xp.broadcast_arrays(hydrogen_demand, removal)), stocks], axis=0
    )
    return Fleets(
        unit=unit,
        technique=technique,
        relative=relative,
        demand=demand,
        activity=run,
        unmet=xp.concatenate([first.unmet, second.unmet], axis=0),
        use=operation.totals(xp, unit, technique, p.carbon, run),
    )


def _scrap_limit(xp: Any, p: Parameters, now: Surroundings, asked: Materials) -> Array:
    """Share of the electric arc furnaces that scrap can feed, (producers, T, S) [1]."""
    standing = now.standing[STEEL]
    most = scrap.furnace_limit(
        xp,
        asked.market,
        p.scrap,
        converter_output=xp.minimum(
            asked.demand.steel_output, xp.sum(standing * p.couplings.converters, axis=0)
        ),
        reduced_iron_output=xp.sum(standing * p.couplings.reduced_iron, axis=0),
    )
    able = xp.sum(standing * p.couplings.scrap_furnaces, axis=0)
    share = xp.minimum(most / xp.maximum(able, 1e-9), 1.0)
    cut = p.couplings.scrap_furnaces * (share - 1.0)
    return 1.0 + spread(
        xp, now.standing[PRODUCERS], steel=(slice(STEEL, STEEL + 1), cut[xp.newaxis])
    )


def _dispatch(
    xp: Any,
    p: Parameters,
    now: Surroundings,
    unit: Unit,
    technique: Technique,
    demand: Array,
    log_weight: Array,
    part: slice,
    limit_share: Array,
) -> operation.Output:
    block = p.fleets
    choosing = block.choosing
    ranks = choosing.floor_members.shape[0] if part == PRODUCERS else 0
    floors = at(choosing.floor_shares, now.clock) * choosing.floor_on_output
    return operation.dispatch(
        xp,
        demand=demand,
        capacity=now.standing[part],
        short_run_cost=unit.cost.short_run[part],
        log_weight=log_weight[part],
        technique=_part_of(technique, part),
        limit_share=limit_share,
        floor_members=choosing.floor_members[:ranks, part],
        floor_parts=1.0 - choosing.floor_outside[:ranks, part],
        floor_shares=floors[:ranks, part],
        forced_share=at(block.observed.output_share, now.clock)[part],
        forced=(block.observed.by_output[part] * now.history),
    )


def _part_of(technique: Technique, part: slice) -> Technique:
    return technique._replace(
        maximum_utilisation=technique.maximum_utilisation[part],
        operating_exponent=technique.operating_exponent[part],
    )


def pollutants(p: Parameters, fleets: Fleets) -> Array:
    """Pollutants of construction machinery, (pollutant, S) [kt/yr]."""
    diesel = fleets.unit.energy[DIESEL, MACHINES] * fleets.activity[MACHINES]
    return construction_machinery.pollutants(p.machines.pollution, diesel=diesel).sum(
        axis=(1, 2)
    )


def equipment_users(xp: Any, p: Parameters, electricity: Array) -> Array:
    """Part of each equipment that stands in each sector, (sector, 5, S) [1]."""
    return equipment.users(xp, electricity=electricity, drive_share=p.equipment.drive_share)


def equipment_stock(xp: Any, p: Parameters, electricity: Array) -> Array:
    """Motors, driven machines and transformers that electricity use asks for, (5, S)."""
    return equipment.required_stock(
        xp,
        electricity=electricity,
        drive_share=p.equipment.drive_share,
        full_load_hours=p.equipment.full_load_hours,
        distributed_share=p.equipment.distributed_share,
    )
