"""A result data set drawn by hand: every variable of the registry, shaped like a real run."""

import json

import numpy as np
import xarray as xr

from simulator.dimensions import CARRIERS, POLLUTANTS, PROCESS_STAGES, SECTORS
from simulator.model.layout import CHEMICALS
from simulator.results.quantities import load_labels, load_quantities

YEARS = np.arange(2015, 2061)
GENERATORS = [
    name.removeprefix("generator.") for name in load_labels() if name.startswith("generator.")
]
ROUTES = ["blast_furnace", "blast_furnace_ccs", "scrap_eaf", "gas_dri", "hydrogen_dri"]
KILNS = ["kiln_below_baseline", "kiln_standard", "kiln_benchmark", "kiln_ccs", "kiln_electric"]
DRIVES = ["combustion", "hybrid", "plug_in_hybrid", "battery_electric", "fuel_cell"]
POWERTRAINS = [
    *(f"stage_{number}" for number in range(5)), "hybrid", "battery_electric", "fuel_cell",
]  # fmt: skip
MACHINES = ["excavators", "loaders", "forklifts"]
GRADES = ["grade_3", "grade_2", "grade_1"]
MOTORS = ["ie1", "ie2", "ie3", "ie4", "ie5"]
TRANSFORMERS = ["s9", "s11", "s13", "nx2", "nx1"]
EQUIPMENT = ["motors", "fans", "pumps", "compressors", "transformers"]
VEHICLES = ["cars", "buses", "light_trucks", "heavy_trucks"]
FLEETS: dict[str, tuple[str, str, list[str]]] = {
    "steelmaking": ("steel", "Mt/yr", ROUTES),
    "clinker": ("cement", "Mt/yr", KILNS),
    "smelting": ("aluminium", "Mt/yr", ["carbon_anode", "inert_anode"]),
    **dict.fromkeys(VEHICLES, ("automotive", "million", DRIVES)),
    **dict.fromkeys(MACHINES, ("construction_machinery", "million", POWERTRAINS)),
    **dict.fromkeys(
        ("refining", "coal_chemicals", "petroleum_olefins", "ammonia"),
        ("petrochemicals", "Mt/yr", ["conventional", "capture", "green"]),
    ),
    "motors": ("machinery", "GW", MOTORS),
    **dict.fromkeys(EQUIPMENT[1:4], ("machinery", "GW", GRADES)),
    "transformers": ("power", "TWh/yr", TRANSFORMERS),
}
SHARES_2024 = {
    "power": 5600, "steel": 1500, "cement": 1250, "petrochemicals": 1100, "aluminium": 90,
    "heat_supply": 700, "other_industry": 500, "buildings": 450, "automotive": 850,
    "other_transport": 180, "agriculture": 110, "construction_machinery": 90,
}  # fmt: skip
OUTPUT = {"steel": 1005.0, "cement": 1825.0, "aluminium": 44.0, "power": 10090.0}


def decline(start: float, end: float, peak: int = 2026) -> np.ndarray:
    """A path that grows to its peak and then falls along an S."""
    rise = start * (1 - 0.012 * np.clip(peak - YEARS, 0, None))
    fall = (start - end) / (1 + np.exp((YEARS - 2041) / 5))
    return np.where(peak >= YEARS, rise, np.minimum(rise, end + fall))


def wave(count: int) -> np.ndarray:
    """Shares that pass from the first to the last kind, (time, kind)."""
    centres = np.linspace(2010, 2060, count)
    weight = np.exp(-(((YEARS[:, None] - centres) / 13.0) ** 2))
    return weight / weight.sum(axis=1, keepdims=True)


def coordinates() -> dict[str, object]:
    """Every axis of the registry."""
    names, fleets, sectors, units = [], [], [], []
    for fleet, (sector, unit, technologies) in FLEETS.items():
        for name in technologies:
            names.append(f"{fleet}.{name}")
            fleets.append(fleet)
            sectors.append(sector)
            units.append(unit)
    return {
        "time": YEARS,
        "sector": list(SECTORS),
        "carrier": list(CARRIERS),
        "generator": GENERATORS,
        "technology": names,
        "fleet": ("technology", fleets),
        "technology_sector": ("technology", sectors),
        "technology_unit": ("technology", units),
        "sector_unit": ("sector", ["Mt/yr" if name in OUTPUT else "1" for name in SECTORS]),
        "equipment": EQUIPMENT,
        "efficiency_class": [*MOTORS, *GRADES, *TRANSFORMERS],
        "pollutant": list(POLLUTANTS),
        "material": ["steel", "cement", "aluminium"],
        "purchased": ["steel", "cement", "aluminium", "plastics"],
        "vehicle": VEHICLES,
        "mandate": ["steelmaking.electric_arc", "cars.new_energy", "build.solar"],
        "mandate_unit": ("mandate", ["1", "1", "GW/yr"]),
        "mandate_label_en": ("mandate", ["Steelmaking", "Cars", "Solar"]),
        "mandate_label_zh": ("mandate", ["炼钢", "乘用车", "光伏"]),
        "process_stage": [
            f"{sector}.{stage}" for sector, stages in PROCESS_STAGES.items() for stage in stages
        ],
        "mine_type": ["underground", "open_cast"],
        "mine_source": ["working", "abandoned"],
        "waste_route": ["landfill", "incineration", "other"],
        "waste_source": ["landfill", "sewage"],
        "water_service": ["supply", "sewage"],
        "heavy_family": ["metallurgical", "castings_forgings", "mining", "cranes", "conveyors"],
        "heavy_class": ["old", "efficient", "smart"],
        "chemical": list(CHEMICALS),
        "hot_stage": ["casting", "forging", "heat_treatment"],
        "battery_stage": ["electrodes", "cells", "formation", "packs"],
        "machine_stage": ["cutting", "welding", "surface", "assembly"],
        "heavy_user": ["steel", "mining_other", "coal_mining", "shipping", "heavy_machinery"],
    }  # fmt: skip


def dataset(name: str = "national_targets", depth: float = 1.0) -> xr.Dataset:
    """Results of a run that never happened; `depth` scales how far emissions fall."""
    sizes = xr.Dataset(coords=coordinates()).sizes
    arrays = {}
    for quantity in load_quantities().values():
        shape = [sizes[name] for name in quantity.dims]
        values = np.broadcast_to(
            np.linspace(0.3, 0.9, 46).reshape(-1, *[1] * (len(shape) - 1)), shape
        )
        arrays[quantity.name] = (quantity.dims, values.copy(), quantity.attributes())
    ds = xr.Dataset(arrays, coordinates())
    emissions = np.zeros((46, len(SECTORS)))
    for sector, start in SHARES_2024.items():
        emissions[:, SECTORS.index(sector)] = decline(start, start * (1 - 0.93 * depth))
    emissions[:, 1] -= np.clip(YEARS - 2050, 0, None) * 15 * depth
    ds["emissions"].values[:] = emissions
    ds["sink"].values[:] = np.linspace(900, 1160, 46)
    ds["emissions_gross"].values[:] = emissions.sum(axis=1)
    ds["emissions_net"].values[:] = ds["emissions_gross"] - ds["sink"]
    for sector, start in OUTPUT.items():
        ds["activity"].loc[{"sector": sector}] = decline(start, 0.6 * start)
    mix = wave(14)
    ds["generation"].values[:] = (
        np.append(mix, np.full((46, 2), 0.02), axis=1) * np.linspace(5800, 18500, 46)[:, None]
    )
    ds["power_capacity"].values[:] = ds["generation"] / 3.0
    ds["grid_carbon_intensity"].values[:] = decline(560, 12, 2020)
    for fleet in FLEETS:
        place = np.flatnonzero(ds["fleet"].values == fleet)
        ds["capacity"].values[:, place] = wave(len(place)) * 1000
        ds["additions"].values[:, place] = wave(len(place)) * 60
    classes = ds["efficiency_class"].values
    ds["efficiency_mix"].values[:] = np.nan
    for row, equipment in enumerate(ds["equipment"].values):
        names = FLEETS[equipment][2]
        places = [list(classes).index(item) for item in names]
        ds["efficiency_mix"].values[:, row, places] = wave(len(places))
    ds["gdp"].values[:] = 70000 * 1.035 ** (YEARS - 2015)
    ds.attrs = {
        "scenario": name,
        "label_en": name.replace("_", " ").capitalize(),
        "label_zh": "国家目标" if depth >= 1 else "现行政策",
        "scenario_yaml": f"schema: 1\nname: {name}\n",
        "scenario_hash": "0123456789abcdef" * 4,
        "code_version": "0.1.0",
        "solver": json.dumps({"method": "RK45", "relative_tolerance": 1e-5}),
        "ledger": json.dumps({"carbon": 1.2e-12, "energy": 3.4e-13}),
        "roadmap": "four_stage",
        "warnings": json.dumps([]),
        "inactive": json.dumps(["carbon_market_cap"]),
    }
    return ds
