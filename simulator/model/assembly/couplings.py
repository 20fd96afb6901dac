"""How the blocks hang together: sectors of fleets, materials of steel, fuels of kilns."""

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import CARRIERS, GROUP_STAGES, SECTORS
from simulator.model.assembly import environment
from simulator.model.assembly.coal_mining import CoalMiningBlock
from simulator.model.assembly.economy import growth_knots
from simulator.model.assembly.fleet_reader import Reader
from simulator.model.assembly.fleets import Block
from simulator.model.assembly.groups import GroupBlock
from simulator.model.assembly.heat import heat_feeds
from simulator.model.layout import FLEETS, HEAT_FLEETS, VEHICLE_FLEETS, Layout, family
from simulator.model.parameters import Couplings
from simulator.model.series import Knots, SeriesSpec, constant, later
from simulator.model.values import Values, stack

FloatArray = NDArray[np.float64]

CONVERTERS = ("blast_furnace", "blast_furnace_ccs")
REDUCED_IRON = ("gas_dri", "hydrogen_dri")
SCRAP_FURNACES = ("scrap_eaf",)
FUELS = {
    "coal": ("coal",),
    "oil": ("diesel", "gasoline", "other_oil", "lpg"),
    "gas": ("gas",),
}
"""Carriers that belong to each fuel whose use drives plain groups."""

ROAD_FUEL = {"cars": "gasoline"}
"""Carrier whose price moves the use of a vehicle fleet, diesel for the others."""

ORE_MINES = "mining_other"
"""Plain group that mines bauxite among other ores."""

WELLS = "oil_gas_extraction"
"""Plain group whose output leaks methane."""

MACHINE_MAKERS = ("construction_machinery_manufacturing", "heavy_machinery")
"""Plain groups whose energy remanufacturing saves."""

STAGE_GROUPS = {name: name for name in GROUP_STAGES} | {environment.SECTOR: environment.GROUP}
"""Plain group whose energy the stages of a sector split."""

STAGES = tuple((sector, stage) for sector, names in GROUP_STAGES.items() for stage in names)
"""Every stage of production with its sector, in order."""

EXIT_YEARS = 4.0
"""Years over which kilns below the baseline are rebuilt before they must be gone."""

EXIT_RATE = 1.5
"""Rate of rebuilding at the date of the exit, kept afterwards [1/yr]."""

EXIT_SHORTEST = 0.5
"""Years in which the rate is reached where the date leaves no more."""


def couplings(
    values: Values, layout: Layout, groups: GroupBlock, mining: CoalMiningBlock, block: Block
) -> Couplings:
    """Build every link between blocks."""
    read = Reader(values, layout)
    steel = layout.fleets[FLEETS.index("steelmaking")]
    names = layout.technologies(steel)
    declared = groups.groups.declarations
    coal = "common.price.coal_perception_time"
    return Couplings(
        membership=_membership(values, layout),
        sector_of_fleet=layout.sectors(),
        group_membership=groups.membership,
        sector_of_group=np.array([SECTORS.index(d.sector) for d in declared]),
        machine_makers=np.array(
            [[float(name in MACHINE_MAKERS)] for name in groups.groups.names]
        ),
        ore=_steel_material(read, "iron_ore", names),
        ore_price=later(values.series("steel.iron_ore_price", "CNY/t")),
        scrap_share=_steel_material(read, "scrap", names)
        * (1 - _mark(layout, names, CONVERTERS)),
        converters=_mark(layout, names, CONVERTERS),
        scrap_furnaces=_mark(layout, names, SCRAP_FURNACES),
        reduced_iron=_mark(layout, names, REDUCED_IRON),
        stage_groups=np.array(
            [
                [[float(name == STAGE_GROUPS[sector])] for name in groups.groups.names]
                for sector in GROUP_STAGES
            ]
        ),
        stage_sector=np.array(
            [SECTORS.index(sector) for sector, stages in GROUP_STAGES.items() for _ in stages]
        ),
        stage_place=np.array(
            [place for place, stages in enumerate(GROUP_STAGES.values()) for _ in stages]
        ),
        cleaning_sector=np.array(
            [[float(sector == environment.SECTOR)] for sector, _ in STAGES]
        ),
        cleaning_stage=np.array(
            [[float(stage == environment.CLEANING)] for _, stage in STAGES]
        ),
        ore_group=groups.groups.names.index(ORE_MINES),
        fuel_shift=_fuel_shift(values, block),
        other_methane=later(mining.other_methane),
        wells=groups.groups.names.index(WELLS),
        driving_fuels=np.array(
            [[[float(c in members)] for c in CARRIERS] for members in FUELS.values()]
        ),
        construction_reference=_construction(values),
        reference_product=later(_reference_product(values)),
        road_fuel=np.array(
            [CARRIERS.index(ROAD_FUEL.get(f, "diesel")) for f in VEHICLE_FLEETS]
        ),
        road_price_reference=_road_prices(values),
        retrofit_exit=later(_exits(values, layout, block)),
        group_weight=_group_weight(groups),
        coal_perception_time=values.number(coal, "yr"),
    )


def _membership(values: Values, layout: Layout) -> FloatArray:
    """Where the energy of a fleet is used, (sector, F, S): heat by feeds, else its sector."""
    feeds = heat_feeds(values)
    width = feeds.shape[-1]
    member = np.zeros((len(SECTORS), len(layout.fleets), width))
    for row, sector in enumerate(layout.sectors()):
        member[sector, row] = 1.0
    heat = family(HEAT_FLEETS)
    for place, name in enumerate(HEAT_FLEETS):
        if name != "network_heat":
            member[:, heat.start + place] = feeds[place]
    return member


def _mark(layout: Layout, names: tuple[str, ...], chosen: tuple[str, ...]) -> FloatArray:
    mark = np.zeros((layout.places, 1))
    mark[[names.index(name) for name in chosen]] = 1.0
    return mark


def _steel_material(read: Reader, material: str, names: tuple[str, ...]) -> FloatArray:
    """A material per tonne of steel, (T, S) [t/t]."""
    paths = [f"steel.technologies.{name}.material.{material}" for name in names]
    missing = [np.zeros(1)] * (read.layout.places - len(names))
    return stack([read.values.number(path, "t/t", 0.0) for path in paths] + missing)


def _fuel_shift(values: Values, block: Block) -> FloatArray:
    """What changes when a kiln's coal is all replaced by waste and biomass, (C, F, T, S)."""
    energy = block.parameters.technique.energy
    waste = values.number("cement.alternative_fuel_waste_share", "1")
    clinker = FLEETS.index("clinker")
    width = np.broadcast_shapes(energy.shape[-1:], waste.shape)
    shift = np.zeros((*energy.shape[:-1], *width))
    coal = energy[CARRIERS.index("coal"), clinker]
    shift[CARRIERS.index("coal"), clinker] = -coal
    shift[CARRIERS.index("waste"), clinker] = waste * coal
    shift[CARRIERS.index("biomass"), clinker] = (1.0 - waste) * coal
    return shift


def _construction(values: Values) -> FloatArray:
    """Cement and steel in infrastructure in the last five observed years, (2, S) [Mt/yr]."""

    def mean(path: str) -> FloatArray:
        return np.array([level[-5:].mean() for _, level in values.knots(path, "Mt/yr")])

    yields = values.number("steel.finishing_yield", "1") * values.number(
        "steel.fabrication_yield", "1"
    )
    used = mean("steel.observed.steelmaking.output") - mean("steel.observed.net_export")
    split = values.number("steel.in_use.infrastructure.split", "1")
    return stack([mean("cement.observed.output"), used * yields * split])


def _reference_product(values: Values) -> SeriesSpec:
    """Gross domestic product with the growth of the data tables, whatever a scenario sets."""
    shipped = values.shipped
    growth = shipped["common.gdp_growth"]
    fine = np.arange(2015.0, 2061.0 + 1e-9, 1.0 / 64.0)
    known = np.array(growth.times), np.array(growth.values)
    knots = growth_knots(*known, values.history_end)
    rate = np.log1p(np.interp(fine, *knots))
    steps = 0.5 * (rate[1:] + rate[:-1]) * np.diff(fine)
    level = shipped["common.gdp_initial"].values[0] * np.exp(
        np.concatenate([[0.0], np.cumsum(steps)])
    )
    return SeriesSpec((((fine[::64], level[::64]),),), ())


def _road_prices(values: Values) -> FloatArray:
    """Pump prices at the end of history, (4, S) [CNY/GJ]."""
    paths = {"gasoline": "common.price.gasoline", "diesel": "common.price.diesel.road"}
    rows = []
    for fleet in VEHICLE_FLEETS:
        knots = values.knots(paths[ROAD_FUEL.get(fleet, "diesel")], "CNY/GJ")
        end = values.history_end
        rows.append(np.array([np.interp(end, times, level) for times, level in knots]))
    return stack(rows)


def _exits(values: Values, layout: Layout, block: Block) -> SeriesSpec:
    """Rebuilding of kilns below the baseline before their exit, (R) [1/yr]."""
    arcs = block.parameters.brownfield.arcs
    clinker = FLEETS.index("clinker")
    old = layout.technologies(layout.fleets[clinker]).index("kiln_below_baseline")
    place = clinker * layout.places + old
    dates = values.dates("cement.below_baseline_exit")
    leaving: tuple[Knots, ...] = tuple(_exit(float(date), values.history_end) for date in dates)
    rows = [leaving if source == place else (constant(0.0),) for source in arcs.source]
    return SeriesSpec(tuple(rows), (len(rows),))


def _exit(date: float, history_end: float) -> Knots:
    """Rate of rebuilding before and after a date; it never starts in observed history."""
    start = max(date - EXIT_YEARS, history_end)
    return np.array([start, max(date, start + EXIT_SHORTEST)]), np.array([0.0, EXIT_RATE])


def _group_weight(groups: GroupBlock) -> FloatArray:
    """Weight of each plain group in its sector's activity: its energy in the base year."""
    energy = groups.parameters.base_energy.sum(axis=0)
    weight = groups.membership[..., np.newaxis] * np.maximum(energy, 1e-9)
    total = weight.sum(axis=1, keepdims=True)
    return np.asarray(weight / np.where(total > 0, total, 1.0))
