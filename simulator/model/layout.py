"""Which fleet and technology sits where on the axes of the arrays.

Fleets share one block of shape ``(fleet, technology)``; a fleet with fewer technologies than
the widest one leaves its last places empty. The generators are a block of their own, since
there are more of them and they are ordered by two criteria; the routes of chemicals are one,
since they change the energy of plain groups.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import SECTORS
from simulator.errors import AssemblyError
from simulator.reading.fleets import Fleet

FloatArray = NDArray[np.float64]

MATERIAL_FLEETS: Final = ("steelmaking", "clinker", "smelting", "alumina")
HEAT_FLEETS: Final = (
    "textile_heat",
    "light_industry_heat",
    "metalworking_heat",
    "network_heat",
    "building_heat",
    "agriculture_heat",
)
SUPPLY_FLEETS: Final = ("hydrogen_production", "direct_air_capture")
VEHICLE_FLEETS: Final = ("cars", "buses", "light_trucks", "heavy_trucks")
MACHINE_FLEETS: Final = (
    "excavators",
    "loaders",
    "forklifts",
    "rollers",
    "bulldozers",
    "pavers",
    "graders",
    "other_machines",
)
EQUIPMENT_FLEETS: Final = ("motors", "fans", "pumps", "compressors", "transformers")
FLEETS: Final = (
    MATERIAL_FLEETS
    + HEAT_FLEETS
    + SUPPLY_FLEETS
    + VEHICLE_FLEETS
    + MACHINE_FLEETS
    + EQUIPMENT_FLEETS
)
"""Order of the fleet axis: plants first, then machines in use, each family contiguous."""

CHEMICALS: Final = (
    "oil_gas_extraction",
    "refining",
    "coal_chemicals",
    "petroleum_olefins",
    "ammonia",
    "phosphate",
    "chlor_alkali_soda",
    "calcium_carbide",
)
"""Products of petrochemicals that are made by routes; each is called after its plain group."""

GENERATORS: Final = "generators"
"""Name of the fleet of power plants and storage."""


def family(names: Sequence[str]) -> slice:
    """Part of the fleet axis that holds a contiguous family of fleets."""
    first = FLEETS.index(names[0])
    return slice(first, first + len(names))


@dataclass(frozen=True)
class Layout:
    """Fleets on an axis and their technologies in places."""

    fleets: tuple[Fleet, ...]

    @cached_property
    def places(self) -> int:
        """Number of places on the technology axis."""
        return max(len(fleet.declaration.technologies) for fleet in self.fleets)

    @cached_property
    def age_classes(self) -> int:
        """Number of places on the age axis."""
        return max(fleet.declaration.age_classes for fleet in self.fleets)

    def technologies(self, fleet: Fleet) -> tuple[str, ...]:
        """Names of the technologies of a fleet, in order."""
        return tuple(fleet.declaration.technologies)

    def slots(self) -> list[tuple[int, int, Fleet, str]]:
        """Every technology with its place: fleet index, place, fleet, name."""
        return [
            (row, place, fleet, name)
            for row, fleet in enumerate(self.fleets)
            for place, name in enumerate(fleet.declaration.technologies)
        ]

    def exists(self) -> FloatArray:
        """1 where a place holds a technology, ``(fleet, technology, 1)``."""
        mask = np.zeros((len(self.fleets), self.places, 1))
        for row, place, _, _ in self.slots():
            mask[row, place] = 1.0
        return mask

    def sectors(self) -> NDArray[np.intp]:
        """Index of the reporting sector of each fleet."""
        return np.array([SECTORS.index(fleet.declaration.sector) for fleet in self.fleets])


def layout_of(fleets: Mapping[str, Fleet], names: Sequence[str]) -> Layout:
    """Layout of named fleets; AssemblyError names what is missing."""
    missing = [name for name in names if name not in fleets]
    if missing:
        message = f"the data declare no fleet {', '.join(missing)}"
        raise AssemblyError(message)
    return Layout(tuple(fleets[name] for name in names))
