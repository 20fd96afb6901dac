"""How much of the balance is closed by hand: the size of every calibrated residual.

Plain groups called ``unallocated_*`` hold the difference between national statistics and what
the model explains; other groups carry smooth yearly factors. Both were fitted to the national
totals, so their size says more of the model than the totals that they close.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np

from calibration.observations import Observation, load_observations
from simulator.dimensions import CARRIERS
from simulator.reading.parameters import Parameter, load_parameters
from simulator.units import convert

UNALLOCATED: Final = "unallocated_"

FUELS: Final = {
    "coal": ("coal",),
    "oil": ("diesel", "gasoline", "other_oil", "lpg"),
    "gas": ("gas",),
    "process": ("process",),
    "electricity": ("electricity",),
}
"""What each balance is made of."""

TOTALS: Final = {
    "coal": ("co2.coal",),
    "oil": ("co2.oil",),
    "gas": ("co2.gas",),
    "process": ("co2.cement", "co2.other_process", "co2.flaring"),
    "electricity": ("generation.total",),
}
"""Observations that say how large each balance is."""

LABELS: Final = {
    "coal": ("Coal", "煤炭"),
    "oil": ("Oil", "石油"),
    "gas": ("Gas", "天然气"),
    "process": ("Processes", "工业过程"),
    "electricity": ("Electricity", "电力"),
}


class Residual(NamedTuple):
    """The residual of one balance in one year."""

    fuel: str
    en: str
    zh: str
    unit: str
    year: int
    unallocated: float
    """Put into the groups that nothing explains."""
    adjusted: float
    """Moved by the yearly factors of the other groups."""
    total: float
    """National total of the balance."""
    share: float
    """Unallocated over the total [1]."""


class _Part(NamedTuple):
    """One corrected flow of one group in one year."""

    fuel: str
    group: str
    year: int
    size: float


def residuals(
    parameters: Mapping[str, Parameter] | None = None,
) -> tuple[Residual, ...]:
    """Size of the residuals by fuel and year [Mt CO2/yr, electricity TWh/yr]."""
    parts = tuple(_parts(parameters or load_parameters()))
    found = []
    for fuel, names in TOTALS.items():
        observed = [load_observations()[name] for name in names]
        en, zh = LABELS[fuel]
        unit = "TWh/yr" if fuel == "electricity" else "Mt CO2/yr"
        for year in sorted({part.year for part in parts}):
            own = [p for p in parts if p.fuel == fuel and p.year == year]
            put = sum(p.size for p in own if p.group.startswith(UNALLOCATED))
            moved = sum(p.size for p in own if not p.group.startswith(UNALLOCATED))
            total = _total(observed, year)
            found.append(Residual(fuel, en, zh, unit, year, put, moved, total, put / total))
    return tuple(found)


def _total(observed: list[Observation], year: int) -> float:
    """National total of the balance of a year."""
    return sum(series.at(year) for series in observed)


def _parts(parameters: Mapping[str, Parameter]) -> Iterator[_Part]:
    """Go through every yearly correction of every group."""
    for path, correction in parameters.items():
        words = path.split(".")
        if words[:2] != ["groups", "observed"] or not words[-1].endswith("_factor"):
            continue
        group, carrier = words[2], words[3].removesuffix("_factor")
        fuel = next(name for name, carriers in FUELS.items() if carrier in carriers)
        neutral = 0.0 if group.startswith(UNALLOCATED) else 1.0
        base = base_flow(parameters, group, carrier)
        activity = parameters[f"groups.observed.{group}.activity"]
        for year, factor in zip(correction.times, correction.values, strict=True):
            index = float(np.interp(year, activity.times, activity.values))
            yield _Part(fuel, group, int(year), (factor - neutral) * base * index)


def base_flow(parameters: Mapping[str, Parameter], group: str, carrier: str) -> float:
    """Emissions, or electricity, that a factor of one stands for in the base year."""
    if carrier == "process":
        process = parameters[f"groups.{group}.process_emissions"]
        return convert(process.values[0], process.unit, "Mt CO2/yr")
    energy = parameters[f"groups.{group}.energy.{carrier}"]
    if carrier == "electricity":
        return convert(energy.values[0], energy.unit, "TWh/yr")
    assert carrier in CARRIERS  # noqa: S101 - the loader of the model refuses any other
    factor = parameters[f"common.emission_factor.{carrier}"]
    use = convert(energy.values[0], energy.unit, "PJ/yr")
    return use * convert(factor.values[0], factor.unit, "t CO2/GJ")
