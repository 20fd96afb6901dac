"""Parameters of heat demand and of policy on heat and hydrogen as arrays."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import SECTORS
from simulator.equations.heat import HeatParameters, HeatState
from simulator.equations.hydrogen import HydrogenParameters
from simulator.equations.schedule import Schedule
from simulator.model.layout import HEAT_FLEETS
from simulator.model.series import SeriesSpec
from simulator.model.values import Values, stack
from simulator.reading.fleets import load_fleets

FloatArray = NDArray[np.float64]

HEAT_PUMP = "heat_pump"
"""The technology that can only give heat of low temperature."""

NETWORKS = "network_heat"
"""The fleet whose heat goes through networks."""

NO_LIMIT = 1e6
"""Share of a technology without a limit of its own."""


def heat_parameters(values: Values, places: int) -> HeatParameters:
    """Look up and stack what the equations of heat need.

    `places` is the length of the technology axis of the block that holds the heat fleets.
    """
    level, index, growth, rooms = (
        [f"heat.demand.{fleet}.{name}" for fleet in HEAT_FLEETS]
        for name in ("level", "index", "gdp_elasticity", "space_heating_share")
    )
    return HeatParameters(
        level=values.table(level, "PJ/yr"),
        reference_demand=_series(values.series_table(index, "1")),
        gdp_elasticity=values.table(growth, "1"),
        price_elasticity=values.number("heat.demand.price_elasticity", "1"),
        space_heating_share=values.table(rooms, "1"),
        loss=_losses(values, "network_loss"),
        renewed_loss=_losses(values, "renewed_network_loss"),
        retrofit_rate=_series(values.series("buildings.retrofit_rate", "1/yr")),
        retrofit_saving=values.number("buildings.retrofit_saving", "1"),
        low_temperature_share=low_temperature_share(values, places),
        support=_series(values.series("heat.electrification_support", "CNY/GJ")),
        support_eligible=_eligible(values, "heat", HEAT_FLEETS[0], places)[np.newaxis],
        feeds=heat_feeds(values),
    )


def _losses(values: Values, name: str) -> FloatArray:
    """Loss of heat networks, zero for heat made where it is used, ``(fleet, scenario)``."""
    lost = values.number(f"heat.{name}", "1")
    return stack([lost if fleet == NETWORKS else np.zeros(1) for fleet in HEAT_FLEETS])


def heat_state() -> HeatState:
    """Nothing is renovated yet: renovation before 2025 is part of the observed demand."""
    return HeatState(renovated=np.zeros(1))


def hydrogen_parameters(values: Values, places: int) -> HydrogenParameters:
    """Look up the policy on hydrogen; `places` as for heat."""
    return HydrogenParameters(
        support=_series(values.series("hydrogen.support", "CNY/kg")),
        support_eligible=_eligible(values, "hydrogen", "hydrogen_production", places),
        lower_heating_value=values.number("hydrogen.lower_heating_value", "GJ/kg"),
    )


def low_temperature_share(values: Values, places: int) -> FloatArray:
    """Largest share of each technology in its fleet, ``(fleet, technology, scenario)``."""
    rows = []
    for fleet in HEAT_FLEETS:
        limit = values.number(f"heat.fleets.{fleet}.low_temperature_share", "1")
        cells = [np.full(1, NO_LIMIT)] * places
        cells[_technologies(fleet).index(HEAT_PUMP)] = limit
        rows.append(stack(cells))
    return stack(rows)


def heat_feeds(values: Values) -> FloatArray:
    """Share of the heat of each fleet that a sector uses, ``(fleet, sector, scenario)``.

    Shares are brought to a sum of one, so that nothing is lost when one of them is changed.
    """
    table = [
        values.table([f"heat.feeds.{fleet}.{sector}" for sector in SECTORS], "1", 0.0)
        for fleet in HEAT_FLEETS
    ]
    shares = stack(table)
    total: FloatArray = shares.sum(axis=1, keepdims=True)
    return shares / total


def _eligible(values: Values, folder: str, fleet: str, places: int) -> FloatArray:
    """1 where support is paid, ``(technology, scenario)``."""
    paths = [f"{folder}.support_eligible.{name}" for name in _technologies(fleet)]
    cells = [values.number(path, "1") for path in paths]
    return stack(cells + [np.zeros(1)] * (places - len(cells)))


def _technologies(fleet: str) -> Sequence[str]:
    return tuple(load_fleets()[fleet].declaration.technologies)


def _series(spec: SeriesSpec) -> Schedule:
    """Stand in for the schedule that the series becomes on the grid of the run."""
    return cast("Schedule", spec)
