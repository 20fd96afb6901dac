"""Stocks and flows of the whole model: what is integrated and what it integrates to."""

from typing import Any, NamedTuple

from simulator.equations.activity import GroupState
from simulator.equations.battery_life import BatteryFlows, BatteryState
from simulator.equations.carbon_market_parameters import MarketState
from simulator.equations.carbon_storage import StorageState
from simulator.equations.coal_mining import CoalMiningState
from simulator.equations.environment import EnvironmentFlows, EnvironmentState, Volumes
from simulator.equations.equipment import EquipmentState
from simulator.equations.fleet_parameters import FleetState
from simulator.equations.flue_gas import Cleaning
from simulator.equations.heat import HeatState
from simulator.equations.heavy_machinery import HeavyMachineryState, Turnover
from simulator.equations.hot_working import HotWorkingState
from simulator.equations.making import MakerState
from simulator.equations.product_price import ProductPriceState
from simulator.equations.sinks import SinkState

Array = Any


class Society(NamedTuple):
    """What everybody perceives."""

    electricity_price: Array
    """Perceived system cost of electricity, (S) [CNY/MWh]."""
    coal_demand: Array
    """Perceived use of coal, (S) [PJ/yr]."""
    power_hydrogen: Array
    """Perceived use of hydrogen in power plants, (S) [PJ/yr]."""
    coal_power: Array
    """Generation of coal plants that cleaning of flue gas follows, (S) [TWh/yr]."""
    fuel_use: Array
    """Perceived use of coal, oil and gas, (3, S) [PJ/yr]."""
    gross_product: Array
    """Gross domestic product, (S) [bn CNY/yr]."""
    electricity_price_reference: Array
    """Electricity price at the end of history, (S) [CNY/MWh]."""
    heat_cost_reference: Array
    """Cost of heat at the end of history, by heat fleet, (6, S) [CNY/GJ]."""


class Adoption(NamedTuple):
    """What makes new vehicles spread."""

    familiarity: Array
    """By vehicle fleet, (4, S) [1]."""
    chargers: Array
    """Public chargers, (S) [million]."""
    batteries: Array
    """Traction batteries ever made, (S) [GWh]."""


class Held(NamedTuple):
    """What a loop that is cut goes on with: its values at the end of history."""

    electricity_price: Array
    """System cost as users perceive it, (S) [CNY/MWh]."""
    storage_cost: Array
    """Transport and storage, (S) [CNY/t CO2]."""
    outflow: Array
    """Goods that wear out, (category, S) [Mt/yr]."""
    equipment_factor: Array
    """Electricity relative to the reference year, (sector, S) [1]."""
    transformer_loss: Array
    """Of distribution transformers, (S) [1]."""
    coal_demand: Array
    """As mines perceive it, (S) [PJ/yr]."""
    crowding: Array
    """Share of wind and sun, and of the sun alone, in demand, (2, S) [1]."""
    construction: Array
    """Construction relative to the base years, (S) [1]."""


class ProcessState(NamedTuple):
    """Shares of better processes, (S) [1]."""

    low_liquor: Array
    """Dyeing in little liquor."""
    abated: Array
    """Fluorinated gases of semiconductors that are destroyed."""


class State(NamedTuple):
    """Every stock of the model."""

    fleets: FleetState
    generators: FleetState
    chemicals: FleetState
    """Routes of chemicals, one fleet a product."""
    in_use: Array
    """Goods in use, (age, category, S) [Mt]."""
    scrap: Array
    """Scrap pool [Mt] and its expected use [Mt/yr], (2, S)."""
    cement: Array
    """Clinker ratio, binder share, alternative fuel share, (3, S) [1]."""
    clean_power: Array
    """Share of clean power in smelting, (S) [1]."""
    equipment: EquipmentState
    heat: HeatState
    blend: Array
    """Hydrogen share in the fuel of coal and of gas plants, (2, S) [1]."""
    groups: GroupState
    coal_mining: CoalMiningState
    processes: ProcessState
    environment: EnvironmentState
    adoption: Adoption
    heavy_machinery: HeavyMachineryState
    hot_working: HotWorkingState
    batteries: BatteryState
    makers: MakerState
    storage: StorageState
    sinks: SinkState
    market: MarketState
    border_exports: Array
    """Steel and aluminium sold to the European Union, (2, S) [Mt/yr]."""
    product_prices: ProductPriceState
    society: Society
    held: Held


class FleetFlows(NamedTuple):
    """Turnover and output of a block of fleets, (F, T, S)."""

    additions: Array
    """[unit/yr]."""
    natural: Array
    """Retirement at the end of life [unit/yr]."""
    early: Array
    """Retirement before it [unit/yr]."""
    retrofits: Array
    """In minus out [unit/yr]."""
    output: Array
    """Activity [u million/yr]."""
    standing: Array
    """Capacity of all ages: over a year, what stood on average [unit]."""


class PowerFlows(NamedTuple):
    """Electricity."""

    generation: Array
    """By generator, (16, S) [TWh/yr]."""
    emissions: Array
    """By generator, (16, S) [Mt CO2/yr]."""
    gross: Array
    """Gross generation, (S) [TWh/yr]."""
    final: Array
    """Delivered, (S) [TWh/yr]."""
    curtailed: Array
    """(S) [TWh/yr]."""
    losses: Array
    """Own use, lines, transformers and storage, (S) [TWh/yr]."""
    unmet: Array
    """(S) [TWh/yr]."""
    storage_loss: Array
    """Part of the losses that is storage's, (S) [TWh/yr]."""
    fuel: Array
    """Fuel of power plants by carrier, (C, S) [PJ/yr]."""


class Costs(NamedTuple):
    """Costs by sector, (sector, S) [bn CNY/yr]."""

    investment: Array
    """New plants, machines and retrofits."""
    operation: Array
    """Fixed and variable, without energy, materials and carbon."""
    material: Array
    """Ore and scrap."""
    energy: Array
    """Everything bought, from suppliers in the model too."""
    supplied: Array
    """Part of the energy cost that pays plants and mines of the model for electricity, heat,
    hydrogen and coal: their own costs are in the accounts already."""
    storage: Array
    """Transport and storage of carbon dioxide, before any support."""
    carbon: Array
    """Carbon payments, a transfer."""


class MaterialFlows(NamedTuple):
    """Materials [Mt/yr]."""

    inflow: Array
    """Into use, (category, S)."""
    outflow: Array
    """Out of use, (category, S)."""
    cement: Array
    """Cement made, (S)."""
    recycled_aluminium: Array
    """(S)."""
    aluminium_demand: Array
    """(S)."""
    net_export_steel: Array
    """(S)."""
    scrap_supply: Array
    """Old, new and imported, (3, S)."""
    scrap_use: Array
    """(S)."""
    clinker: Array
    """Clinker that cement takes, (S)."""
    imported_aluminium: Array
    """(S)."""
    unused_aluminium_scrap: Array
    """(S)."""
    alumina_electricity: Array
    """Electricity of alumina refineries, (S) [PJ/yr]."""
    ore: Array
    """Electricity [PJ/yr], fuel [PJ/yr] and its carbon [Mt CO2/yr] of bauxite, (3, S)."""


class MineFlows(NamedTuple):
    """Gas of coal mines."""

    drained: Array
    """(S) [bcm/yr]."""
    used: Array
    """(S) [bcm/yr]."""
    methane: Array
    """Of working and of abandoned mines, (2, S) [Mt CH4/yr]."""


class StageFlows(NamedTuple):
    """Energy by stage of production, (stage, S)."""

    electricity: Array
    """[TWh/yr]."""
    fuel: Array
    """Every other carrier, without feedstock [PJ/yr]."""


class MarketFlows(NamedTuple):
    """Allowances, (S) [Mt CO2/yr] unless a unit is given."""

    covered: Array
    """Emissions that need an allowance."""
    allowances: Array
    """Given or offered."""
    offsets: Array
    """Certified reductions handed in."""
    gap: Array
    """Emissions without an allowance."""
    withheld: Array
    """Offered at the reserve price and not sold."""
    expired: Array
    """Beyond what may be carried over."""
    revenue: Array
    """Payments for carbon, by policy's price and the market's [million CNY/yr]."""


class MakingFlows(NamedTuple):
    """Goods that makers are asked for, and what making them takes."""

    asked: Array
    """By good, in the units of what makers plan, (good, S)."""
    battery_electricity: Array
    """Electricity of making batteries, (S) [TWh/yr]."""
    machines: Array
    """Energy of making construction machinery, (C, S) [PJ/yr]."""


class Means(NamedTuple):
    """Averages over a year of what is not a flow."""

    carbon_price: Array
    """(S) [CNY/t CO2]."""
    market_price: Array
    """Price of an allowance, whether or not it counts, (S) [CNY/t CO2]."""
    electricity_price: Array
    """System cost, (S) [CNY/MWh]."""
    scrap_price: Array
    """(S) [CNY/t]."""
    product_cost: Array
    """Average cost of steel, cement and aluminium with free allocation, (3, S) [CNY/t]."""
    steel_routes: Array
    """Cost of steel by route without the price of carbon and support, (T, S) [CNY/t]."""
    hydrogen_price: Array
    """(S) [CNY/GJ]."""
    equipment_factor: Array
    """(sector, S) [1]."""
    motor_efficiency: Array
    """(S) [1]."""
    clinker_ratio: Array
    """(S) [1]."""
    capture_share: Array
    """Part of the capture that finds storage, (S) [1]."""
    heavy_machinery_electricity: Array
    """Electricity of users relative to the machines at the end of history, (user, S) [1]."""
    heavy_machinery_diesel: Array
    """Diesel relative to them, (user, S) [1]."""
    hot_working: Array
    """Energy of making machines relative to the end of history, (S) [1]."""


class Flows(NamedTuple):
    """Everything that is integrated over each year."""

    energy: Array
    """Final energy, (C, sector, S) [PJ/yr]."""
    emissions_by_carrier: Array
    """CO2 of fuels after capture, (C, sector, S) [Mt CO2/yr]."""
    emissions_process: Array
    """After capture, (sector, S) [Mt CO2/yr]."""
    captured: Array
    """(sector, S) [Mt CO2/yr]."""
    generated: Array
    """Carbon in fuels and raw materials, biogenic included, (sector, S) [Mt CO2/yr]."""
    biogenic: Array
    """Carbon of biomass burnt, (sector, S) [Mt CO2/yr]."""
    methane: Array
    """(sector, S) [Mt CH4/yr]."""
    pollutants: Array
    """(pollutant, sector, S) [kt/yr]."""
    activity: Array
    """Activity of each sector in its own unit, (sector, S)."""
    mines: MineFlows
    stages: StageFlows
    fluorinated: Array
    """Fluorinated gases of semiconductors, (S) [Mt CO2e/yr]."""
    nitrous_oxide: Array
    """(sector, S) [Mt N2O/yr]."""
    environment: EnvironmentFlows
    """Gases of waste and sewage, (S)."""
    flue_gas: Cleaning
    """Cleaning of flue gas, (S)."""
    volumes: Volumes
    """Waste by treatment, (3, S) [Mt/yr], and water, (2, S) [bcm/yr]."""
    group_index: Array
    """Activity of the plain groups of each sector, 2020 = 1, (sector, S) [1]."""
    energy_in_use: Array
    """Part of the energy that vehicles and machines in use take, (sector, S) [PJ/yr]."""
    vehicle_fuel: Array
    """Petrol and diesel of vehicles in use, by class, (fuel, class, S) [PJ/yr]."""
    fleets: FleetFlows
    generators: FleetFlows
    chemicals: FleetFlows
    chemical_energy: Array
    """Electricity, heat, hydrogen and other fuel of chemicals [PJ/yr], and what they emit
    [Mt CO2/yr], (5, product, S)."""
    chemical_demand: Array
    """Chemicals that users ask for, (product, S) [Mt/yr]."""
    chemicals_unmet: Array
    """Part of it that no plant could serve, (product, S) [Mt/yr]."""
    chemical_orders_unmet: Array
    """Orders of chemical plants that found no route, (product, S) [Mt/yr2]."""
    power: PowerFlows
    costs: Costs
    materials: MaterialFlows
    market: MarketFlows
    border: Array
    """Payments at the European border of steel and aluminium, (2, S) [million CNY/yr]."""
    means: Means
    heavy_machinery: Turnover
    """Heavy machines that come and go, (family, class, S) [1/yr]."""
    efficient_furnaces: Array
    """Furnaces of hot working that become efficient, (S) [1/yr]."""
    batteries: BatteryFlows
    """Traction batteries that move, (S) [GWh/yr]."""
    making: MakingFlows
    unmet: Array
    """Demand that no plant could serve, (F, S) [u million/yr]."""
    unmet_orders: Array
    """Orders that found no technology, (F, S) [unit/yr]."""
    injected: Array
    """Carbon dioxide stored, (S) [Mt CO2/yr]."""
    sink: Array
    """Forest and direct air capture, (2, S) [Mt CO2/yr]."""
    gross_product: Array
    """(S) [bn CNY/yr]."""
