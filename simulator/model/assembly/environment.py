"""Environmental protection: its parameters and initial stocks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import BASE_YEAR, PROCESS_STAGES, SECTORS
from simulator.equations.environment import EnvironmentParameters, EnvironmentState
from simulator.model.series import SeriesSpec, constant, later
from simulator.model.values import Values, at_end_of_history, stack

FloatArray = NDArray[np.float64]

SECTOR = "environmental_protection"
WATER = ("supply", "sewage")
VOLUMES = (*WATER, "solid_waste")
GROUP = "water_and_waste"
"""Plain group whose energy and burnt waste follow the volumes."""

CLEANING = "flue_gas"
"""Stage that cleans flue gas: what coal plants make decides on it, not a volume."""

MID_YEAR = 0.5


class EnvironmentBlock(NamedTuple):
    """Environmental protection ready to run."""

    parameters: EnvironmentParameters
    """Parameters, with series still to be placed on the grid."""
    initial: EnvironmentState
    """Stocks at the start."""


def assemble_environment(values: Values) -> EnvironmentBlock:
    """Parameters and initial stocks of environmental protection."""

    def number(name: str, unit: str) -> FloatArray:
        return values.number(f"{SECTOR}.{name}", unit)

    def series(name: str, unit: str = "1") -> SeriesSpec:
        return values.series(f"{SECTOR}.{name}", unit)

    treating = [stage for stage in PROCESS_STAGES[SECTOR] if stage != CLEANING]
    parameters = EnvironmentParameters(
        waste_per_head=later(series("waste_per_head", "t/person/yr")),
        landfilled=later(series("landfilled")),
        incinerated=later(series("incinerated")),
        water_per_head=later(
            values.series_table([f"{SECTOR}.water_per_head.{w}" for w in WATER], "m3/person/yr")
        ),
        electricity_per_volume=later(_electricity(values)),
        fuel_shares=values.table([f"{SECTOR}.fuel_share.{s}" for s in treating], "1"),
        reference_electricity=_reference_electricity(values),
        reference_activity=_reference_activity(values),
        burnt_base=_burnt_in_base_year(values),
        methane_potential=number("methane_potential", "t CH4/t"),
        decay_rate=number("decay_rate", "1/yr"),
        oxidised=number("oxidised", "1"),
        landfill_capture=later(series("landfill_capture")),
        sewage_capture=later(series("sewage_capture")),
        nitrous_avoided=later(series("nitrous_avoided")),
        fitting_time=number("fitting_time", "yr"),
        methane_per_sewage=number("methane_per_sewage", "Mt CH4/bcm"),
        nitrous_per_sewage=number("nitrous_per_sewage", "Mt N2O/bcm"),
        other_nitrous=later(_other_nitrous(values)),
    )
    initial = EnvironmentState(
        landfill=number("initial.landfill", "Mt CH4"),
        landfill_captured=number("initial.landfill_captured", "1"),
        sewage_captured=number("initial.sewage_captured", "1"),
        nitrous_avoided=number("initial.nitrous_avoided", "1"),
    )
    return EnvironmentBlock(parameters, initial)


def _electricity(values: Values) -> SeriesSpec:
    """Electricity of water, sewage and solid waste by volume, (3)."""
    paths = [f"{SECTOR}.electricity_per_volume.{name}" for name in VOLUMES]
    units = ("kWh/m3", "kWh/m3", "kWh/t")
    knots = [values.knots(path, unit) for path, unit in zip(paths, units, strict=True)]
    return SeriesSpec(tuple(knots), (len(VOLUMES),))


def _reference_electricity(values: Values) -> FloatArray:
    """Electricity of water, sewage and solid waste at the end of history, (3, S) [TWh/yr]."""
    population = at_end_of_history(values, "common.population", "million") / 1000.0
    amounts = [
        at_end_of_history(values, f"{SECTOR}.water_per_head.{w}", "m3/person/yr") for w in WATER
    ]
    waste = at_end_of_history(values, f"{SECTOR}.waste_per_head", "t/person/yr")
    units = ("kWh/m3", "kWh/m3", "kWh/t")
    return stack(
        [
            at_end_of_history(values, f"{SECTOR}.electricity_per_volume.{name}", unit)
            * amount
            * population
            for name, unit, amount in zip(VOLUMES, units, (*amounts, waste), strict=True)
        ]
    )


def _reference_activity(values: Values) -> FloatArray:
    """Index of activity at the end of history, (S): the last year's and half a year more."""
    found = values.knots(f"groups.observed.{GROUP}.activity", "1")
    last = np.array([float(index[-1]) for _, index in found])
    elasticity = at_end_of_history(values, f"groups.{GROUP}.elasticity", "1")
    growth = at_end_of_history(values, "common.gdp_growth", "1/yr")
    return np.asarray(last * np.exp(MID_YEAR * elasticity * growth))


def _burnt_in_base_year(values: Values) -> FloatArray:
    """Waste burnt in the base year, (S) [Mt/yr]."""
    when = BASE_YEAR + MID_YEAR
    factors = (
        ("common.population", "million"),
        (f"{SECTOR}.waste_per_head", "t/person/yr"),
        (f"{SECTOR}.incinerated", "1"),
    )
    burnt = np.ones(1)
    for path, unit in factors:
        found = values.knots(path, unit)
        burnt = burnt * np.array([float(np.interp(when, *knots)) for knots in found])
    return burnt


def _other_nitrous(values: Values) -> SeriesSpec:
    paths = [f"{SECTOR}.other_nitrous.{sector}" for sector in SECTORS]
    knots = [
        values.knots(path, "Mt N2O/yr") if values.has(path) else (constant(0.0),)
        for path in paths
    ]
    return SeriesSpec(tuple(knots), (len(SECTORS),))
