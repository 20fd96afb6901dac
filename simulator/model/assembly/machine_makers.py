"""Makers of machines: hot working; and the life of the batteries that they build in."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import SECTORS
from simulator.equations.battery_life import BatteryLifeParameters, BatteryState
from simulator.equations.hot_working import HotWorkingParameters, HotWorkingState
from simulator.model.assembly.heat import heat_feeds
from simulator.model.layout import HEAT_FLEETS
from simulator.model.series import later
from simulator.model.values import Values, at_end_of_history, stack

FloatArray = NDArray[np.float64]

STAGES: Final = ("casting", "forging", "heat_treatment")
"""Order of the axis of the stages of hot working."""

BATTERY_STAGES: Final = ("electrodes", "cells", "formation", "packs")
"""Order of the axis of the steps of making a battery."""

MACHINE_STAGES: Final = ("cutting", "welding", "surface", "assembly")
"""Order of the axis of the stages of making construction machines."""

MAKER: Final = "general_machinery"
"""Plain group whose hot working is modelled."""

METALWORKING: Final = "metalworking_heat"

BATTERY_AGES: Final = 3
"""Ages through which traction batteries pass."""

MIDDLE_OF_2022: Final = 2022.5

START: Final = 2015.0


def hot_working(values: Values, groups: tuple[str, ...]) -> HotWorkingParameters:
    """Parameters of hot working; series still have to be placed on the grid."""

    def number(name: str, unit: str = "1") -> FloatArray:
        return values.number(f"machinery.{name}", unit)

    paths = [f"machinery.stage_intensity.{stage}" for stage in STAGES]
    shares = stack([number(f"stage_share.{stage}") for stage in STAGES])
    return HotWorkingParameters(
        growth=number("growth", "1/yr"),
        standard=later(values.series("machinery.standard", "1")),
        standard_effect=number("standard_effect", "1/yr"),
        saving=number("saving"),
        share=number("share"),
        stage_share=shares / shares.sum(axis=0),
        stage_intensity=later(values.series_table(paths, "1")),
        last_intensity=stack([at_end_of_history(values, path, "1") for path in paths]),
        maker=np.array([[float(name == MAKER)] for name in groups]),
        heat_share=_heat_share(values),
    )


def _heat_share(values: Values) -> FloatArray:
    """Part of machine makers in the heat for metalworking, 0 for other heat, ``(6, S)``."""
    feeds = heat_feeds(values)[:, SECTORS.index("machinery")]
    metal = np.array([[float(name == METALWORKING)] for name in HEAT_FLEETS])
    return np.asarray(feeds * metal)


def hot_working_state(values: Values) -> HotWorkingState:
    """Efficient furnaces at the start, on the logistic curve through what 2022 had."""
    then = values.number("machinery.share_2022", "1")
    growth = values.number("machinery.growth", "1/yr")
    odds = then / (1.0 - then) * np.exp(-growth * (MIDDLE_OF_2022 - START))
    start = odds / (1.0 + odds)
    return HotWorkingState(efficient=start, reference=start)


def battery_life(values: Values) -> BatteryLifeParameters:
    """Parameters of the life of batteries; the series still has to be placed on the grid."""

    def number(name: str, unit: str = "1") -> FloatArray:
        return values.number(f"vehicles.battery_life.{name}", unit)

    return BatteryLifeParameters(
        first_life=number("first_life", "yr"),
        replacement_time=number("replacement_time", "yr"),
        formal_share=number("formal_share"),
        second_share=later(values.series("vehicles.battery_life.second_share", "1")),
        second_life=number("second_life", "yr"),
        capacity_left=number("capacity_left"),
        recycling_yield=number("recycling_yield"),
    )


def battery_state(standing: FloatArray) -> BatteryState:
    """Batteries of the vehicles at the start [GWh], all young; none has come out yet."""
    young = np.arange(BATTERY_AGES)[:, np.newaxis] == 0
    return BatteryState(in_use=young * standing, second_life=0.0 * standing)
