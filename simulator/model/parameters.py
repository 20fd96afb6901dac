"""All parameters of the model in one tree, as arrays and schedules."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from simulator.equations.activity import GroupParameters
from simulator.equations.aluminium import AluminiumParameters
from simulator.equations.battery_life import BatteryLifeParameters
from simulator.equations.border import BorderParameters
from simulator.equations.carbon_market_parameters import MarketParameters
from simulator.equations.carbon_storage import StorageParameters
from simulator.equations.cement import CementParameters
from simulator.equations.chemical_routes import RouteParameters
from simulator.equations.coal_mining import CoalMiningParameters
from simulator.equations.construction_machinery import MachineryParameters
from simulator.equations.economy import EconomyParameters
from simulator.equations.environment import EnvironmentParameters
from simulator.equations.equipment import EquipmentParameters
from simulator.equations.fleet_parameters import FleetParameters
from simulator.equations.heat import HeatParameters
from simulator.equations.heavy_machinery import HeavyMachineryParameters
from simulator.equations.hot_working import HotWorkingParameters
from simulator.equations.hydrogen import HydrogenParameters
from simulator.equations.loops import Loops
from simulator.equations.making import MakingParameters
from simulator.equations.materials import MaterialParameters
from simulator.equations.operation import Carbon
from simulator.equations.power import PowerParameters
from simulator.equations.prices import PriceParameters
from simulator.equations.product_price import ProductPriceParameters
from simulator.equations.schedule import Schedule
from simulator.equations.scrap import ScrapParameters
from simulator.equations.semiconductors import SemiconductorParameters
from simulator.equations.sinks import SinkParameters
from simulator.equations.textiles import TextileParameters
from simulator.equations.transitions import TransitionParameters
from simulator.equations.vehicles import VehicleParameters

Array = Any


class Couplings(NamedTuple):
    """How the blocks hang together."""

    membership: Array
    """Share of a fleet's energy and emissions in each sector, (sector, F, S) [1]."""
    sector_of_fleet: Array
    """Sector whose prices a fleet pays, (F,)."""
    group_membership: Array
    """1 where a sector holds a plain group, (sector, G) [1]."""
    sector_of_group: Array
    """Sector of a plain group, (G,)."""
    machine_makers: Array
    """1 for plain groups that make machines which are remanufactured, (G, 1) [1]."""
    ore: Array
    """Iron ore per tonne of steel, (T, S) [t/t]."""
    ore_price: Schedule
    """() [CNY/t]."""
    scrap_share: Array
    """Scrap per tonne of steel other than of converters, (T, S) [t/t]."""
    converters: Array
    """1 for steel routes through a converter, (T, 1) [1]."""
    scrap_furnaces: Array
    """1 for electric arc furnaces that live on scrap, (T, 1) [1]."""
    reduced_iron: Array
    """1 for routes of directly reduced iron, (T, 1) [1]."""
    stage_groups: Array
    """1 for the plain group whose energy the stages of a sector split, (sector with stages, G,
    1) [1]."""
    stage_sector: Array
    """Reporting sector of each stage of production, (stage,)."""
    stage_place: Array
    """Place of that sector among those with stages, (stage,)."""
    cleaning_sector: Array
    """1 for stages of the sector that cleans flue gas, (stage, 1) [1]."""
    cleaning_stage: Array
    """1 for the stage that does, (stage, 1) [1]."""
    ore_group: int
    """Place of other mining among the plain groups."""
    fuel_shift: Array
    """Change of kiln energy when all coal is alternative fuel, (C, F, T, S) [GJ/t]."""
    other_methane: Schedule
    """Methane of agriculture, and of oil and gas at the output of the end of history, (sector)
    [Mt CH4/yr]."""
    wells: int
    """Place of the extraction of oil and gas among the plain groups."""
    driving_fuels: Array
    """1 where a carrier belongs to coal, oil or gas, (3, C, 1) [1]."""
    construction_reference: Array
    """Cement and infrastructure steel that the construction index relates to, (2, S)."""
    reference_product: Schedule
    """Gross domestic product on its reference path, () [bn CNY/yr]."""
    road_fuel: Array
    """Carrier whose price moves the use of each vehicle fleet, (4,)."""
    road_price_reference: Array
    """Its price at the end of history, (4, S) [CNY/GJ]."""
    retrofit_exit: Schedule
    """Retrofit of what policy no longer tolerates, (R) [1/yr]."""
    group_weight: Array
    """Share of each plain group in the activity of its sector, (sector, G, S) [1]."""
    coal_perception_time: Array
    """(S) [yr]."""


class Parameters(NamedTuple):
    """Everything the right-hand side reads."""

    grid: Array
    """Times at which a schedule bends or jumps, (interval + 1,)."""
    history_end: float
    """Decimal year at which observed history ends."""
    history: Schedule
    """1 while observation rules, () [1]."""
    economy: EconomyParameters
    prices: PriceParameters
    carbon: Carbon
    fleets: FleetParameters
    generators: FleetParameters
    chemicals: FleetParameters
    routes: RouteParameters
    power: PowerParameters
    in_use: MaterialParameters
    scrap: ScrapParameters
    cement: CementParameters
    aluminium: AluminiumParameters
    equipment: EquipmentParameters
    heat: HeatParameters
    hydrogen: HydrogenParameters
    vehicles: VehicleParameters
    machines: MachineryParameters
    heavy_machinery: HeavyMachineryParameters
    hot_working: HotWorkingParameters
    battery_life: BatteryLifeParameters
    making: MakingParameters
    groups: GroupParameters
    transitions: TransitionParameters
    coal_mining: CoalMiningParameters
    textiles: TextileParameters
    semiconductors: SemiconductorParameters
    environment: EnvironmentParameters
    storage: StorageParameters
    sinks: SinkParameters
    market: MarketParameters
    border: BorderParameters
    product_prices: ProductPriceParameters
    couplings: Couplings
    loops: Loops
    """Schedules of the switches of the feedback loops, () [1]."""


def leaves_of(tree: Any) -> list[Any]:
    """Every schedule and every other array of a tree of parameters, in order."""
    found: list[Any] = []
    _collect(tree, found)
    return found


def _collect(tree: Any, found: list[Any]) -> None:
    """Add the leaves of a tree to those found.

    A function in another that calls itself would keep them until Python looks for cycles.
    """
    if isinstance(tree, tuple) and not isinstance(tree, Schedule):
        for part in tree:
            _collect(part, found)
    else:
        found.append(tree)


def rebuilt(tree: Any, leaves: Iterator[Any]) -> Any:
    """The same tree with other leaves, in order."""
    if isinstance(tree, tuple) and not isinstance(tree, Schedule):
        parts = [rebuilt(part, leaves) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return next(leaves)
