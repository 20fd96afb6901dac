"""The charge at the European border as arrays."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.equations.border import BorderParameters
from simulator.model.series import SeriesSpec, later
from simulator.model.values import Values

FOLDER: Final = "carbon_market.border"

CHARGED: Final = ("steel", "aluminium")
"""Order of the rows: sectors whose exports are charged."""

FloatArray = NDArray[np.float64]


def border_parameters(values: Values) -> BorderParameters:
    """Rules and trade; series still have to be placed on the grid."""

    def rows(name: str, unit: str) -> FloatArray:
        return values.table([f"{FOLDER}.{name}.{sector}" for sector in CHARGED], unit)

    start = values.dates(f"{FOLDER}.start")
    begun = tuple((np.array([date, date]), np.array([0.0, 1.0])) for date in start)
    phase = values.annual_knots(f"{FOLDER}.phase_in", "1")
    return BorderParameters(
        price=later(values.series("carbon_market.border_price", "CNY/t CO2")),
        begun=later(SeriesSpec((begun,), ())),
        phase=later(SeriesSpec((phase,), ())),
        deducted=values.number(f"{FOLDER}.deducted", "1"),
        scope=rows("scope", "1"),
        benchmark=rows("benchmark", "t CO2/t"),
        exports=rows("exports", "Mt/yr"),
        value=rows("value", "CNY/t"),
        elasticity=values.number(f"{FOLDER}.elasticity", "1"),
        response_time=values.number(f"{FOLDER}.response_time", "yr"),
    )


def initial_exports(values: Values) -> FloatArray:
    """Exports before any charge, (2, S) [Mt/yr]."""
    return values.table([f"{FOLDER}.exports.{sector}" for sector in CHARGED], "Mt/yr")
