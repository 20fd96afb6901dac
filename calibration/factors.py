"""Numbers of single products from the shipped data: steel, motors, transformers."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from simulator.dimensions import BASE_YEAR, CARRIERS
from simulator.reading.parameters import load_parameters
from simulator.units import convert

FOLDER: Final = Path(__file__).resolve().parent
OLD_TRANSFORMERS: Final = ("s9", "s11", "s13")
NEW_TRANSFORMER: Final = "nx2"


@cache
def boundaries() -> Mapping[str, float]:
    """Numbers that bridge the boundaries of documents and model, by key."""
    return {row["key"]: float(row["value"]) for row in rows("boundaries.csv")}


def plateau(growth: float) -> float:
    """Yearly fall of energy per output that holds energy level: (1 + g)(1 - d) = 1."""
    return growth / (1.0 + growth)


def transformer_saving(throughput: float) -> float:
    """Electricity saved if every transformer up to S13 became one of class NX2 [TWh/yr]."""
    names = (*OLD_TRANSFORMERS, NEW_TRANSFORMER)
    base = "equipment.fleets.transformers.technologies"
    loss = {name: number(f"{base}.{name}.loss_share", "1") for name in names}
    share = {name: number(f"{base}.{name}.reference_share", "1") for name in names}
    better = [share[name] * (loss[name] - loss[NEW_TRANSFORMER]) for name in OLD_TRANSFORMERS]
    return throughput * sum(better)


def motor_efficiency(name: str) -> float:
    """Average efficiency of a motor class [1]."""
    return number(f"equipment.fleets.motors.technologies.{name}.efficiency", "1")


def motor_ratio(before: str, after: str) -> float:
    """Electricity of a drive with one motor class relative to another [1]."""
    return motor_efficiency(before) / motor_efficiency(after)


def driven_share() -> float:
    """Part of the electricity of all users that goes through a motor [1]."""
    known, drives = load_parameters(), ("fans", "pumps", "compressors", "other_drives")
    ending = ".electricity"
    users = [path for path in known if path.startswith("equipment.use.")]
    users = [path.removesuffix(ending) for path in users if path.endswith(ending)]
    used = {user: number(user + ending, "TWh/yr") for user in users}
    driven = sum(used[u] * sum(number(f"{u}.{d}", "1", 0.0) for d in drives) for u in users)
    return driven / sum(used.values())


def steel_unit(technology: str, bought: float, intensity: float) -> float:
    """Emissions of a tonne of steel with the electricity it buys [t CO2/t]."""
    return direct_unit(f"steel.technologies.{technology}") + bought * intensity


def direct_unit(path: str) -> float:
    """Emissions of fuels and process of one tonne in the base year [t CO2/t]."""
    process = number(f"{path}.process_emissions", "t CO2/t", 0.0)
    fuels = sum(number(f"{path}.energy.{name}", "GJ/t", 0.0) * burnt(name) for name in CARRIERS)
    return process + fuels


def group_unit(group: str, intensity: float) -> float:
    """Emissions of a plain group in the base year with its electricity [Mt CO2/yr].

    Parameters
    ----------
    intensity
        Emissions of the electricity that users receive [t CO2/MWh].

    """
    fuels = sum(
        number(f"groups.{group}.energy.{name}", "PJ/yr", 0.0) * burnt(name)
        for name in CARRIERS
        if name != "electricity"
    )
    electricity = number(f"groups.{group}.energy.electricity", "TWh/yr", 0.0)
    process = number(f"groups.{group}.process_emissions", "Mt CO2/yr", 0.0)
    return process + fuels + electricity * intensity


def burnt(carrier: str) -> float:
    """Emissions of a carrier when it is used [t CO2/GJ]."""
    return number(f"common.emission_factor.{carrier}", "t CO2/GJ")


def number(path: str, unit: str, default: float | None = None) -> float:
    """Read a constant in a unit."""
    known = load_parameters()
    if default is not None and path not in known:
        return default
    (value,) = known[path].values
    return convert(value, known[path].unit, unit)


def series(path: str, time: float) -> float:
    """Read a series between its knots."""
    known = load_parameters()[path]
    return float(np.interp(time, known.times, known.values))


def at_end(path: str, year: int = BASE_YEAR) -> float:
    """Read an observed state at the end of a year."""
    known = load_parameters()[path]
    return known.values[known.times.index(year)]


def coal_rate(year: int = BASE_YEAR) -> float:
    """Coal burnt per electricity that coal plants send out [Mtce/TWh]."""
    return at_end("power.observed.net_coal_rate", year) / 1000.0


def rows(name: str) -> list[dict[str, str]]:
    """Read a table of this folder."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
