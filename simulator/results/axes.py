"""Axes of the result data set: names, labels in both languages, units, and how to fill them."""

from collections import Counter
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import CARRIERS, POLLUTANTS, PROCESS_STAGES, SECTORS
from simulator.model.assembly import heavy_machinery, machine_makers
from simulator.model.layout import CHEMICALS, EQUIPMENT_FLEETS, FLEETS, VEHICLE_FLEETS, Layout
from simulator.model.national import NationalModel
from simulator.reading.fleets import Fleet
from simulator.results.mandates import mandates
from simulator.results.quantities import label

FloatArray = NDArray[np.float64]

MATERIALS: Final = ("steel", "cement", "aluminium")
"""Order of the material axis."""

PURCHASED: Final = (*MATERIALS, "plastics")
"""Order of the axis of materials that sectors buy."""

LABELS_OF: Final = {"vehicle": "fleet", "purchased": "material"}
"""Group of labels of an axis, where it is not called as the axis."""

SECTOR_UNITS: Final = {
    "coal_mining": "Mt/yr",
    "power": "TWh/yr",
    "steel": "Mt/yr",
    "cement": "Mt/yr",
    "aluminium": "Mt/yr",
    "automotive": "million",
    "construction_machinery": "million",
    "heat_supply": "PJ/yr",
    "hydrogen": "PJ/yr",
    "carbon_removal": "Mt CO2/yr",
}
"""Unit of a sector's activity where it is not an index with 2020 = 1."""


MINE_TYPES: Final = PROCESS_STAGES["coal_mining"][:2]

WASTE_ROUTES: Final = ("landfill", "incineration", "other")
WASTE_SOURCES: Final = ("landfill", "sewage")
WATER_SERVICES: Final = ("supply", "sewage")

STAGES: Final = tuple(
    f"{sector}.{stage}" for sector, stages in PROCESS_STAGES.items() for stage in stages
)
"""Stages of production, in the order of their axis."""


class Technologies(NamedTuple):
    """The technology axis: every technology of every fleet, then generators, then chemicals."""

    names: tuple[str, ...]
    fleets: tuple[Fleet, ...]
    """Fleet of each name."""
    keys: tuple[str, ...]
    """Name of the technology inside its fleet."""
    layouts: tuple[Layout, Layout, Layout]

    def spread(self, *found: FloatArray) -> FloatArray:
        """Read (time, F, T, scenario) of the three blocks onto (time, technology, ...)."""
        blocks = []
        for layout, block in zip(self.layouts, found, strict=True):
            years, fleets, width, scenarios = block.shape
            slots = [row * width + place for row, place, _, _ in layout.slots()]
            blocks.append(block.reshape(years, fleets * width, scenarios).take(slots, axis=1))
        return np.concatenate(blocks, axis=1)


def technologies_of(model: NationalModel) -> Technologies:
    """Name every technology, as shortly as its folder allows.

    A technology is called after its folder, ``steel.scrap_eaf``; where fleets of a folder share
    names of technologies, after its fleet, ``cars.battery_electric``.
    """
    layouts = (model.layout, model.generators, model.chemicals)
    slots = [slot for layout in layouts for slot in layout.slots()]
    count = Counter((fleet.folder, key) for _, _, fleet, key in slots)
    shared = {folder for (folder, _), number in count.items() if number > 1}
    names = [
        f"{fleet.name if fleet.folder in shared else fleet.folder}.{key}"
        for _, _, fleet, key in slots
    ]
    return Technologies(
        names=tuple(names),
        fleets=tuple(fleet for _, _, fleet, _ in slots),
        keys=tuple(key for _, _, _, key in slots),
        layouts=layouts,
    )


def generators_of(model: NationalModel) -> tuple[str, ...]:
    """Names of the power plants and stores, in order."""
    return model.generators.technologies(model.generators.fleets[0])


def equipment_classes(model: NationalModel) -> list[tuple[int, tuple[str, ...]]]:
    """Row on the fleet axis and classes of each kind of equipment."""
    rows = [FLEETS.index(name) for name in EQUIPMENT_FLEETS]
    return [(row, model.layout.technologies(model.layout.fleets[row])) for row in rows]


def efficiency_classes(model: NationalModel) -> tuple[str, ...]:
    """Every efficiency class, in the order in which the kinds of equipment name them."""
    return tuple(dict.fromkeys(key for _, keys in equipment_classes(model) for key in keys))


def coordinates(model: NationalModel, years: NDArray[np.int64]) -> dict[str, Any]:
    """Every axis with its labels."""
    made = technologies_of(model)
    axes: dict[str, tuple[str, ...]] = {
        "sector": SECTORS,
        "carrier": CARRIERS,
        "generator": generators_of(model),
        "equipment": EQUIPMENT_FLEETS,
        "efficiency_class": efficiency_classes(model),
        "pollutant": POLLUTANTS,
        "material": MATERIALS,
        "purchased": PURCHASED,
        "vehicle": VEHICLE_FLEETS,
        "heavy_family": heavy_machinery.FAMILIES,
        "heavy_class": heavy_machinery.CLASSES,
        "heavy_user": heavy_machinery.USERS,
        "process_stage": STAGES,
        "mine_type": MINE_TYPES,
        "mine_source": ("working", "abandoned"),
        "waste_route": WASTE_ROUTES,
        "waste_source": WASTE_SOURCES,
        "water_service": WATER_SERVICES,
        "chemical": CHEMICALS,
        "hot_stage": machine_makers.STAGES,
        "battery_stage": machine_makers.BATTERY_STAGES,
        "machine_stage": machine_makers.MACHINE_STAGES,
    }
    found: dict[str, Any] = {
        "time": ("time", years, {"long_name": "Year", "long_name_zh": "年"})
    }
    for axis, names in axes.items():
        group = LABELS_OF.get(axis, axis)
        found[axis] = (axis, list(names))
        for language, suffix in (("en", "label_en"), ("zh", "label_zh")):
            texts = [label(group, name, language) for name in names]  # type: ignore[arg-type]
            found[f"{axis}_{suffix}"] = (axis, texts)
    found["sector_unit"] = ("sector", [SECTOR_UNITS.get(name, "1") for name in SECTORS])
    declared = [
        fleet.declaration.technologies[key].label
        for fleet, key in zip(made.fleets, made.keys, strict=True)
    ]
    on_axis = {
        "technology": made.names,
        "technology_fleet": [fleet.name for fleet in made.fleets],
        "technology_sector": [fleet.declaration.sector for fleet in made.fleets],
        "technology_unit": [fleet.declaration.unit for fleet in made.fleets],
        "technology_label_en": [text.en for text in declared],
        "technology_label_zh": [text.zh for text in declared],
    }
    found |= {name: ("technology", list(texts)) for name, texts in on_axis.items()}
    floors = mandates(model.layout, model.chemicals)
    found["mandate"] = ("mandate", [item.name for item in floors])
    found["mandate_unit"] = ("mandate", [item.unit for item in floors])
    found["mandate_label_en"] = ("mandate", [item.en for item in floors])
    found["mandate_label_zh"] = ("mandate", [item.zh for item in floors])
    return found


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """Quotient of annual integrals; zero where there is nothing to divide by."""
    found = np.zeros(np.broadcast_shapes(np.shape(above), np.shape(below)))
    return np.divide(above, below, out=found, where=np.abs(below) > 1e-12)
