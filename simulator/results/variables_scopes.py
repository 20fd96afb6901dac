"""Variables of scope 3 and of bought electricity: memo items, never added to the nation.

Who buys what stands in ``simulator/data/life_cycle/purchases.csv``: ``bought.MATERIAL.`` and
then what the purchase follows: ``goods.CATEGORY.SECTOR`` the material that goes into a category
of goods, ``index.SECTOR`` the output of the sector, ``vehicle.FLEET``, ``machine.FLEET`` and
``plant.GENERATOR`` what is sold or built. Purchases are scaled to what is used at home, so that
each tonne has one buyer.
"""

from collections.abc import Callable, Container
from typing import Final

import numpy as np

from simulator.dimensions import BASE_YEAR, CARRIERS, SECTORS
from simulator.equations import emissions
from simulator.equations.materials import ALUMINIUM, CATEGORIES
from simulator.equations.schedule import Schedule
from simulator.model.layout import EQUIPMENT_FLEETS, FLEETS, MACHINE_FLEETS, VEHICLE_FLEETS
from simulator.model.national import NationalModel
from simulator.model.record import (
    SUPPLIERS,
    Record,
    annual,
)
from simulator.results.axes import PURCHASED, FloatArray, generators_of, ratio

NAMES: Final = frozenset({
    "emissions_scope2_purchased", "emissions_scope3_upstream", "emissions_scope3_downstream",
    "material_footprint", "battery_footprint", "materials_purchased", "batteries_purchased",
})  # fmt: skip
"""Variables of this module."""

UPSTREAM: Final = NAMES - {"emissions_scope2_purchased", "emissions_scope3_downstream"}

SOLD: Final = VEHICLE_FLEETS + MACHINE_FLEETS + EQUIPMENT_FLEETS
"""Fleets whose use counts downstream: fuels of vehicles and machines, losses of equipment."""

_FOLDER: Final = "life_cycle"
_BATTERY: Final = "life_cycle.product.battery."
_KG: Final = 1000.0


def scope_variables(
    model: NationalModel, record: Record, chosen: Container[str]
) -> dict[str, FloatArray]:
    """Scope 3 with what it is made of, and scope 2 of bought electricity, where chosen."""
    wanted = {name for name in NAMES if name in chosen}
    found: dict[str, FloatArray] = {}
    if wanted & UPSTREAM:
        found |= _upstream(model, record)
    if "emissions_scope3_downstream" in wanted:
        found["emissions_scope3_downstream"] = _downstream(model, record)
    if "emissions_scope2_purchased" in wanted:
        found["emissions_scope2_purchased"] = _purchased(model, record)
    return {name: found[name] for name in wanted}


def energy_factors(model: NationalModel, record: Record) -> FloatArray:
    """Emissions of each carrier delivered in each year, (time, C, scenario) [t CO2/GJ]."""
    fuels = model.parameters.carbon.emission_factor
    taken, direct = record.taken, record.direct
    found = np.tile(fuels, (len(record.years), 1, 1)) + np.zeros(record.scenarios)
    for carrier, sector in SUPPLIERS.items():
        place = CARRIERS.index(carrier)
        found[:, place] = ratio(direct[:, SECTORS.index(sector)], taken[:, place].sum(axis=1))
    return np.asarray(found)


def _upstream(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    made, used = _footprints(model, record), _used_at_home(model, record)
    bought = np.stack(
        [
            emissions.share_of_supply(np, _asked(model, record, name), used[name])
            for name in PURCHASED
        ],
        axis=2,
    )
    battery, packs = _battery(model, record, made), _batteries(model, record)
    upstream = (bought * made[:, np.newaxis]).sum(axis=2)
    return {
        "material_footprint": made,
        "battery_footprint": battery,
        "materials_purchased": bought,
        "batteries_purchased": packs,
        "emissions_scope3_upstream": upstream + packs * battery[:, np.newaxis] / _KG,
    }


def _number(model: NationalModel, key: str, unit: str) -> FloatArray:
    return np.asarray(model.values.number(f"{_FOLDER}.{key}", unit))


def _footprints(model: NationalModel, record: Record) -> FloatArray:
    """Scopes 1 and 2 of a tonne of each material, (time, purchased, scenario) [t CO2/t]."""
    flows = record.flows
    both = record.direct + record.indirect

    def made(sector: str) -> FloatArray:
        return np.asarray(flows.activity[:, SECTORS.index(sector)])

    output = {
        "steel": made("steel"),
        "cement": flows.materials.cement,
        "aluminium": made("aluminium") + flows.materials.recycled_aluminium,
        "plastics": made("petrochemicals") * _number(model, "plastics.output", "Mt"),
    }
    part = _number(model, "plastics.share_of_petrochemicals", "1")
    caused = {name: both[:, SECTORS.index(name)] for name in ("steel", "cement", "aluminium")}
    caused["plastics"] = part * both[:, SECTORS.index("petrochemicals")]
    return np.stack([ratio(caused[name], output[name]) for name in PURCHASED], axis=1)


def _used_at_home(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """What is used at home, as output that it takes, (time, scenario) [Mt/yr]."""
    flows, stuff = record.flows, record.flows.materials
    chemicals = flows.activity[:, SECTORS.index("petrochemicals")]
    return {
        "steel": flows.activity[:, SECTORS.index("steel")] - stuff.net_export_steel,
        "cement": stuff.cement,
        "aluminium": stuff.inflow[:, ALUMINIUM] / model.parameters.in_use.aluminium_yield,
        "plastics": chemicals * _number(model, "plastics.purchases", "Mt"),
    }


def _asked(model: NationalModel, record: Record, material: str) -> FloatArray:
    """Purchases before they are scaled to the whole, (time, sector, scenario) [Mt/yr]."""
    found = np.zeros((len(record.years), len(SECTORS), record.scenarios))
    prefix = f"{_FOLDER}.bought.{material}."
    for path in model.values.under(prefix):
        driver, *names = path.removeprefix(prefix).split(".")
        sector, unit, amount = _DRIVERS[driver](model, record, names)
        size = model.values.number(path, unit) * _MT[unit]
        found[:, SECTORS.index(sector)] += size * amount
    return found


_MT: Final = {"Mt": 1.0, "t/vehicle": 1.0, "kt/GW": 1e-3, "GWh/GW": 1.0}
"""From the unit of a row times that of what it follows to Mt; million vehicles, GW. Batteries
stay GWh."""

Driver = tuple[str, str, FloatArray]


def _goods(_: NationalModel, record: Record, names: list[str]) -> Driver:
    """Material that goes into a category of goods, relative to the base year."""
    inflow = record.flows.materials.inflow[:, CATEGORIES.index(names[0])]
    base = int(np.argmin(np.abs(record.years - BASE_YEAR)))
    return names[1], "Mt", ratio(inflow, np.broadcast_to(inflow[base], inflow.shape))


def _index(_: NationalModel, record: Record, names: list[str]) -> Driver:
    """Output of the plain groups of a sector, relative to the base year."""
    return names[0], "Mt", record.flows.group_index[:, SECTORS.index(names[0])]


def _fleet(sector: str) -> Callable[[NationalModel, Record, list[str]], Driver]:
    """Make the driver of what is sold: million a year."""

    def sold(_: NationalModel, record: Record, names: list[str]) -> Driver:
        additions = record.flows.fleets.additions[:, FLEETS.index(names[0])]
        return sector, "t/vehicle", additions.sum(axis=1)

    return sold


def _built(model: NationalModel, record: Record, names: list[str]) -> Driver:
    """Power plants built, GW a year."""
    place = generators_of(model).index(names[0])
    return "power", "kt/GW", record.flows.generators.additions[:, 0, place]


_DRIVERS: Final[dict[str, Callable[[NationalModel, Record, list[str]], Driver]]] = {
    "goods": _goods,
    "index": _index,
    "vehicle": _fleet("automotive"),
    "machine": _fleet("construction_machinery"),
    "plant": _built,
}


def _battery(model: NationalModel, record: Record, made: FloatArray) -> FloatArray:
    """Emissions of a battery with its materials, (time, scenario) [kg CO2/kWh]."""
    factor = energy_factors(model, record)
    total = np.zeros((len(record.years), record.scenarios))
    for path in model.values.under(_BATTERY):
        stage, _, item = path.removeprefix(_BATTERY).partition(".")
        if stage not in ("materials", "manufacture"):
            continue
        if item in PURCHASED:
            total += model.values.number(path, "t") * made[:, PURCHASED.index(item)]
        else:
            total += model.values.number(path, "GJ") * factor[:, CARRIERS.index(item)]
    return _KG * total


def _batteries(model: NationalModel, record: Record) -> FloatArray:
    """Batteries of vehicles, machines and power plants, (time, sector, scenario) [GWh/yr]."""
    p, additions = model.parameters, record.flows.fleets.additions
    found = np.zeros((len(record.years), len(SECTORS), record.scenarios))
    for sector, names, size in (
        ("automotive", VEHICLE_FLEETS, p.vehicles.batteries.capacity),
        ("construction_machinery", MACHINE_FLEETS, p.machines.battery_capacity),
    ):
        row = FLEETS.index(names[0])
        part = additions[:, row : row + len(names), : size.shape[1]]
        found[:, SECTORS.index(sector)] = (part * size).sum(axis=(1, 2))
    hours = _number(model, "bought.battery.plant.battery", "GWh/GW")
    place = generators_of(model).index("battery")
    built = record.flows.generators.additions[:, 0, place]
    found[:, SECTORS.index("power")] = hours * built
    return found


def _downstream(model: NationalModel, record: Record) -> FloatArray:
    """Use of what is sold in the year over its life, (time, sector, scenario) [Mt CO2/yr]."""
    p, layout = model.parameters, model.layout
    rows = slice(FLEETS.index(SOLD[0]), FLEETS.index(SOLD[-1]) + 1)
    usage = _usage(model, record, p.fleets.technique.energy[:, rows], rows)
    fleet, kind = np.nonzero(layout.exists()[rows][..., 0])
    slots = fleet + rows.start, kind
    sector = layout.sectors()[slots[0]]
    energy = p.fleets.technique.energy[:, *slots]
    wide = energy + np.zeros(record.scenarios)
    rate = np.einsum("cks,ycs->yks", wide, energy_factors(model, record)) * usage[:, sector]
    classes = np.array([fleet.declaration.age_classes for fleet in layout.fleets])
    turned = np.maximum(p.fleets.chain.transfer[slots], 1e-9)
    life = classes[slots[0], np.newaxis] / turned
    sold = record.flows.fleets.additions[:, *slots]
    start, slope = (part[:, *slots] for part in p.fleets.technique.new_energy)
    new = annual(Schedule(start, slope), p.grid, record, 0.5)
    lived = emissions.use_phase(np, rate=rate, lifetime=life)
    caused = sold * new * lived
    found = np.zeros((len(record.years), len(SECTORS), record.scenarios))
    for place in np.unique(sector):  # not a product of matrices, whose bits depend on company
        found[:, place] = caused[:, sector == place].sum(axis=1)
    return found


def _usage(model: NationalModel, record: Record, energy: FloatArray, rows: slice) -> FloatArray:
    """Energy that machines in use took over what they would at reference, by sector [1].

    That is how far vehicles drive and how long machines work; equipment works as in the data.
    """
    held = 0.5 * (record.before.fleets.intensity + record.after.fleets.intensity)[:, rows]
    per_fleet = np.einsum("cfts,yfts->yfs", energy + np.zeros(record.scenarios), held)
    per_fleet = per_fleet * model.parameters.fleets.technique.reported[rows, 0]
    reference = np.zeros((len(record.years), len(SECTORS), record.scenarios))
    for place, sector in enumerate(model.layout.sectors()[rows]):
        reference[:, sector] += per_fleet[:, place]
    taken = record.flows.energy_in_use
    return np.where(reference > 0, ratio(taken, reference), 1.0)


def _purchased(model: NationalModel, record: Record) -> FloatArray:
    """Scope 2 without the electricity that plants make themselves, (time, sector, scenario)."""
    share = np.ones((len(SECTORS), record.scenarios))
    own = _number(model, "purchased_electricity_share.steel", "1")
    share[SECTORS.index("steel")] = own
    return np.asarray(
        emissions.purchased_electricity(
            np,
            scope2_all=record.indirect,
            electricity=record.taken[:, CARRIERS.index("electricity")],
            power_emissions=record.direct[:, SECTORS.index("power")],
            share=share,
        )
    )
