"""The carbon market as arrays."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import SECTORS
from simulator.equations.carbon_market import MarketParameters, MarketState
from simulator.model.assembly.economy import covered
from simulator.model.values import Knots, SeriesSpec, Values, later, stack

FOLDER: Final = "carbon_market"
PRICE: Final = "CNY/t CO2"

FloatArray = NDArray[np.float64]


def market_parameters(values: Values) -> MarketParameters:
    """Coverage by date, cap, allocation and corridor; series still have to be placed."""

    def number(name: str, unit: str) -> FloatArray:
        return values.number(f"{FOLDER}.{name}", unit)

    begin, blend = number("cap_start", "year"), number("cap_blend", "yr")
    horizon = number("horizon", "yr")
    cap = values.knots(f"{FOLDER}.absolute_cap", "1")
    return MarketParameters(
        coverage=later(_coverage(values)),
        coverage_then=_coverage_at(values, begin),
        cap=later(SeriesSpec((cap,), ())),
        cap_ahead=later(SeriesSpec((_earlier(cap, horizon),), ())),
        phase=later(SeriesSpec((_steps(begin, blend, 0.0, 1.0),), ())),
        before=later(SeriesSpec((_steps(begin, 0.0 * blend, 1.0, 0.0),), ())),
        free=later(values.series(f"{FOLDER}.free_allocation_share", "1")),
        minimum=later(values.series(f"{FOLDER}.corridor.minimum", PRICE)),
        maximum=later(values.series(f"{FOLDER}.corridor.maximum", PRICE)),
        response=number("response", "1/yr"),
        horizon=horizon,
        smoothing_time=number("smoothing_time", "yr"),
        bank_time=number("bank_time", "yr"),
        corridor_time=number("corridor_time", "yr"),
        forecast_range=stack(
            [number("forecast.minimum", "1"), number("forecast.maximum", "1")]
        ),
    )


def market_state() -> MarketState:
    """Stocks at the start: there is no market yet."""
    nothing = np.zeros(1)
    return MarketState(nothing, nothing, nothing, nothing)


def _steps(begin: FloatArray, length: FloatArray, old: float, new: float) -> tuple[Knots, ...]:
    """A level that changes from a date on, at once or over a time."""
    return tuple(
        (np.array([start, start + over]), np.array([old, new]))
        for start, over in zip(*np.broadcast_arrays(begin, length), strict=True)
    )


def _earlier(knots: tuple[Knots, ...], horizon: FloatArray) -> tuple[Knots, ...]:
    """A series as it will be one horizon later."""
    wide = max(len(knots), len(horizon))
    return tuple(
        (
            knots[n % len(knots)][0] - horizon[n % len(horizon)],
            knots[n % len(knots)][1],
        )
        for n in range(wide)
    )


def _coverage(values: Values) -> SeriesSpec:
    """Share of the emissions of each sector that needs allowances, from its date on."""
    rows = [
        tuple(
            (np.array([date, date]), np.array([0.0, share]))
            for date, share in covered(values, sector)
        )
        for sector in SECTORS
    ]
    return SeriesSpec(tuple(rows), (len(SECTORS),))


def _coverage_at(values: Values, when: FloatArray) -> FloatArray:
    """Coverage of each sector at a date, (sector, scenario) [1]."""
    pairs = [np.array(covered(values, sector)) for sector in SECTORS]
    return stack([np.where(found[:, 0] <= when, found[:, 1], 0.0) for found in pairs])
