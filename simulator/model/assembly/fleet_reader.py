"""Looking up the numbers of fleets: their own, those of their folder, or the defaults."""

import re
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.model.layout import GENERATORS, Layout
from simulator.model.series import Knots, SeriesSpec, constant
from simulator.model.values import Values, stack
from simulator.reading.fleets import Fleet

FloatArray = NDArray[np.float64]

ACTIVITY_UNITS: Final = {
    "Mt/yr": "t",
    "PJ/yr": "GJ",
    "TWh/yr": "MWh",
    "GW": "kW",
    "million": "vehicle",
}
"""Unit of activity behind each unit of capacity; capacity counts millions of them."""


class Reader:
    """Looks up the numbers of the fleets of one layout."""

    def __init__(self, values: Values, layout: Layout) -> None:
        self.values = values
        self.layout = layout

    def technology_path(self, fleet: Fleet, technology: str, name: str) -> str | None:
        """Path that holds a number of a technology: its own, its folder's, or the default."""
        for path in (
            f"{fleet.folder}.fleets.{fleet.name}.technologies.{technology}.{name}",
            f"{fleet.folder}.technologies.{technology}.{name}",
            f"common.technology_defaults.{name}",
        ):
            if self.values.has(path):
                return path
        return None

    def fleet_path(self, fleet: Fleet, name: str) -> str:
        """Path that holds a number of a fleet: its own or the default."""
        own = f"{fleet.folder}.fleets.{fleet.name}.{name}"
        return own if self.values.has(own) else f"common.fleet_defaults.{name}"

    def technologies(
        self, name: str, unit: str, missing: float | None = None, empty: float = 0.0
    ) -> FloatArray:
        """One number of every technology, (F, T, S); `unit` may name the unit of activity u."""
        key = f"{self.layout.fleets[0].name}: {name} {unit} {missing} {empty}"
        return self.values.shared(key, lambda: self._technologies(name, unit, missing, empty))

    def _technologies(
        self, name: str, unit: str, missing: float | None, empty: float
    ) -> FloatArray:
        shape = (len(self.layout.fleets), self.layout.places)
        cells = [np.full(1, empty) for _ in range(shape[0] * shape[1])]
        for row, place, fleet, technology in self.layout.slots():
            path = self.technology_path(fleet, technology, name)
            wanted = _unit(unit, fleet)
            if path is None and missing is None:
                path = f"{fleet.folder}.technologies.{technology}.{name}"
            index = row * shape[1] + place
            if path is None:
                cells[index] = np.full(1, missing)
            else:
                cells[index] = self.values.number(path, wanted)
        return stack(cells).reshape(*shape, -1)

    def fleets(self, name: str, unit: str) -> FloatArray:
        """One number of every fleet, (F, S)."""
        return stack(
            [self.values.number(self.fleet_path(f, name), unit) for f in self.layout.fleets]
        )

    def series(
        self, knots: Callable[[Fleet, str], tuple[Knots, ...] | None], empty: float = 0.0
    ) -> SeriesSpec:
        """One series of every technology, (F, T), from a function that may answer None."""
        shape = (len(self.layout.fleets), self.layout.places)
        cells: list[tuple[Knots, ...]] = [(constant(empty),)] * (shape[0] * shape[1])
        for row, place, fleet, technology in self.layout.slots():
            found = knots(fleet, technology)
            if found is not None:
                cells[row * shape[1] + place] = found
        return SeriesSpec(tuple(cells), shape)


def _unit(template: str, fleet: Fleet) -> str:
    """Unit of a number of a fleet: `u` of its activity, `c` and `K` of its capacity."""
    declared = fleet.declaration.unit
    if template == "K":
        return declared
    made = "MWh" if fleet.name == GENERATORS else ACTIVITY_UNITS[declared]
    units = {"u": made, "c": ACTIVITY_UNITS[declared]}
    return re.sub(r"\b[uc]\b", lambda match: units[match.group()], template)
