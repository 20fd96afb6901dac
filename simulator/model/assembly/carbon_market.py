"""The carbon market as arrays."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import SECTORS
from simulator.equations.carbon_market_parameters import MarketParameters, MarketState
from simulator.model.assembly.economy import covered, price_mode
from simulator.model.series import Knots, SeriesSpec, later
from simulator.model.values import Values, stack

FOLDER: Final = "carbon_market"
PRICE: Final = "CNY/t CO2"

EARNING: Final = ("coal", "gas")
"""First word of the generators whose output earns allowances."""

FloatArray = NDArray[np.float64]


def members(values: Values) -> list[str]:
    """Sectors that the market covers sooner or later, in the order of every sector axis."""
    return [name for name in SECTORS if values.has(f"{FOLDER}.coverage.{name}.start")]


def market_parameters(values: Values, generators: Sequence[str]) -> MarketParameters:
    """Coverage by date, cap, allocation and corridor; series still have to be placed.

    `generators` are the technologies of power in their order.
    """

    def number(name: str, unit: str) -> FloatArray:
        return values.number(f"{FOLDER}.{name}", unit)

    begin, blend = number("cap_start", "year"), number("cap_blend", "yr")
    horizon = number("horizon", "yr")
    cap = values.knots(f"{FOLDER}.absolute_cap", "1")
    within, phase = members(values), _steps(begin, blend, 0.0, 1.0)
    return MarketParameters(
        sectors=np.array([SECTORS.index(name) for name in within]),
        power=np.array([[float(name == "power")] for name in within]),
        thermal=np.array([[float(name.split("_")[0] in EARNING)] for name in generators]),
        coverage=later(_coverage(values, within)),
        counts=later(SeriesSpec((_counts(values),), ())),
        cap=later(SeriesSpec((cap,), ())),
        cap_ahead=later(SeriesSpec((_earlier(cap, horizon),), ())),
        phase=later(SeriesSpec((phase,), ())),
        phase_ahead=later(SeriesSpec((_earlier(phase, horizon),), ())),
        before=later(SeriesSpec((_steps(begin, 0.0 * blend, 1.0, 0.0),), ())),
        free=later(values.series(f"{FOLDER}.free_allocation_share", "1")),
        minimum=later(values.series(f"{FOLDER}.corridor.minimum", PRICE)),
        maximum=later(values.series(f"{FOLDER}.corridor.maximum", PRICE)),
        benchmark_decline=number("benchmark_decline", "1/yr"),
        benchmark_time=number("benchmark_time", "yr"),
        offset_share=number("offset_share", "1"),
        response=number("response", "1/yr"),
        horizon=horizon,
        smoothing_time=number("smoothing_time", "yr"),
        bank_time=number("bank_time", "yr"),
        corridor_time=number("corridor_time", "yr"),
        forecast_range=stack(
            [number("forecast.minimum", "1"), number("forecast.maximum", "1")]
        ),
        withholding=number("auction.withholding", "1"),
        reserve_follows=number("auction.reserve_follows_floor", "1"),
        bidding_range=number("auction.bidding_range", "1"),
        limited=number("carry_over.limited", "1"),
        carried_base=number("carry_over.base", "1"),
        carried_per_sale=number("carry_over.per_sale", "1"),
        net_sales=number("carry_over.net_sales", "1"),
        expiry_time=number("carry_over.expiry_time", "yr"),
    )


def market_state(values: Values) -> MarketState:
    """Stocks at the start: there is no market yet."""
    nothing, each = np.zeros(1), np.zeros((len(members(values)), 1))
    return MarketState(each, each, each, nothing, nothing)


def _counts(values: Values) -> tuple[Knots, ...]:
    """1 after history where the market's price is paid.

    On its own it always is; beside a path (the larger of both) only in a scenario that
    announces an absolute cap: one without has the price that it says.
    """
    mode, caps = price_mode(values), values.knots(f"{FOLDER}.absolute_cap", "1")
    found = []
    for column in range(max(len(mode), len(caps))):
        own, cap = mode[column % len(mode)], caps[column % len(caps)][1]
        beside = float(np.clip(own - 1.0, 0.0, 1.0))
        paid = min(own, 1.0) + beside * (float(cap.min() < 1.0) - 1.0)
        found.append((np.full(2, values.history_end), np.array([0.0, paid])))
    return tuple(found)


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


def _coverage(values: Values, sectors: Sequence[str]) -> SeriesSpec:
    """Share of the emissions of each member that needs allowances, from its date on."""
    rows = [
        tuple(
            (np.array([date, date]), np.array([0.0, share]))
            for date, share in covered(values, sector)
        )
        for sector in sectors
    ]
    return SeriesSpec(tuple(rows), (len(sectors),))
