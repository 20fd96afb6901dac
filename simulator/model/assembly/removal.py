"""Parameters of carbon storage, forests and direct air capture as arrays."""

from typing import Final, cast

import numpy as np

from simulator.equations.carbon_storage import StorageParameters, StorageState
from simulator.equations.schedule import Schedule
from simulator.equations.sinks import SinkParameters, SinkState
from simulator.model.series import SeriesSpec
from simulator.model.values import Values

COHORTS: Final = ("young", "mature", "old")
"""Order of the cohorts of the forest."""


def storage_parameters(values: Values) -> StorageParameters:
    """Look up building and cost of transport and storage."""

    def number(name: str, unit: str) -> np.ndarray:
        return values.number(f"carbon_storage.{name}", unit)

    flow, cost = "Mt CO2/yr", "CNY/t CO2"
    return StorageParameters(
        growth=number("growth", "1/yr"),
        seed=number("seed", "Mt CO2/yr/yr"),
        construction_time=number("construction_time", "yr"),
        planning_time=number("planning_time", "yr"),
        expectation_time=number("expectation_time", "yr"),
        margin=number("margin", "1"),
        maximum_injection=number("maximum_injection", flow),
        reference_cost=number("cost.reference", cost),
        reference_injection=number("cost.reference_injection", flow),
        cost_exponent=number("cost.exponent", "1"),
        minimum_cost=number("cost.minimum", cost),
        maximum_cost=number("cost.maximum", cost),
        support=_series(values.series("carbon_storage.support", cost)),
    )


def storage_state(values: Values) -> StorageState:
    """Stocks at the start: what injects, nothing under construction, nothing expected."""
    injection = values.number("carbon_storage.initial_injection", "Mt CO2/yr")
    nothing = np.zeros_like(injection)
    return StorageState(
        injection=injection, construction=nothing, expected=nothing, stored=nothing
    )


def sink_parameters(values: Values) -> SinkParameters:
    """Look up forests and the removal that policy buys."""
    residence = [f"carbon_removal.forest.{name}.residence" for name in COHORTS[:2]]
    uptake = [f"carbon_removal.forest.{name}.uptake" for name in COHORTS]
    target = values.series("carbon_removal.direct_air_capture_target", "Mt CO2/yr")
    return SinkParameters(
        residence=values.table(residence, "yr"),
        uptake=values.table(uptake, "t CO2/ha/yr"),
        afforestation=_series(values.series("carbon_removal.afforestation", "Mha/yr")),
        capture_target=_series(target),
    )


def sink_state(values: Values) -> SinkState:
    """Forest by cohort at the start of 2015."""
    area = [f"carbon_removal.forest.{name}.initial_area" for name in COHORTS]
    return SinkState(area=values.table(area, "Mha"))


def _series(spec: SeriesSpec) -> Schedule:
    """Stand in for the schedule that the series becomes on the grid of the run."""
    return cast("Schedule", spec)
