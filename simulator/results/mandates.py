"""What policy mandates: every floor of the model by name, and those that a run did not fill.

Four kinds: the share of technologies in what a fleet buys or makes, capacity that is to be
ordered in a year, storage beside wind and sun, and the share of clean power in smelting.
"""

from typing import Final, NamedTuple

import xarray as xr

from simulator.model.assembly.power import BUILD_GROUPS
from simulator.model.layout import Layout
from simulator.results.quantities import label

STORAGE: Final = "storage"
CLEAN_POWER: Final = "smelting.clean_power"

UNFILLED: Final = 0.05
"""Part of a mandate that is not filled from which a reader should know of it [1]."""


class Mandate(NamedTuple):
    """A floor that a policy may set."""

    name: str
    en: str
    zh: str
    unit: str


class Shortfall(NamedTuple):
    """The worst year of a mandate that was not filled."""

    name: str
    en: str
    zh: str
    unit: str
    year: int
    asked: float
    reached: float

    @property
    def part(self) -> float:
        """What is missing, relative to what is asked [1]."""
        return 1.0 - self.reached / self.asked if self.asked else 0.0


class FleetFloor(NamedTuple):
    """Place of a mandated share among the parameters of fleets."""

    rank: int
    row: int
    fleet: str
    name: str


def fleet_floors(layout: Layout) -> list[FleetFloor]:
    """Every mandated share of a fleet, in order."""
    return [
        FleetFloor(rank, row, fleet.name, name)
        for row, fleet in enumerate(layout.fleets)
        for rank, name in enumerate(fleet.declaration.floors)
    ]


def mandates(*layouts: Layout) -> list[Mandate]:
    """Every mandate of the model, in the order of its axis."""
    shares = []
    for layout in layouts:
        for floor in fleet_floors(layout):
            who = layout.fleets[floor.row].declaration.label
            en, zh = label("mandate", floor.name, "en"), label("mandate", floor.name, "zh")
            name = f"{floor.fleet}.{floor.name}"
            shares.append(Mandate(name, f"{who.en}: {en}", f"{who.zh}：{zh}", "1"))
    builds = [(f"build.{group}", "GW/yr") for group in BUILD_GROUPS]
    others = [*builds, (STORAGE, "GW"), (CLEAN_POWER, "1")]
    return shares + [
        Mandate(name, label("mandate", name, "en"), label("mandate", name, "zh"), unit)
        for name, unit in others
    ]


def unfilled_mandates(run: xr.Dataset) -> list[Shortfall]:
    """Mandates of one run that were not filled, each in the year that misses most of it."""
    if "mandate_shortfall" not in run:
        return []
    held = run.variables  # without the coordinates that a data array would gather
    missing, asked, reached = (
        held[f"mandate_{part}"].values for part in ("shortfall", "asked", "reached")
    )
    names, units, en, zh = (
        held[name].values.tolist()
        for name in ("mandate", "mandate_unit", "mandate_label_en", "mandate_label_zh")
    )
    years = held["time"].values
    found = []
    for place, name in enumerate(names):
        worst = int(missing[:, place].argmax())
        item = Shortfall(
            name=name,
            en=en[place],
            zh=zh[place],
            unit=units[place],
            year=int(years[worst]),
            asked=float(asked[worst, place]),
            reached=float(reached[worst, place]),
        )
        if item.part > UNFILLED:
            found.append(item)
    return found
