"""Drivers, prices and the digital programme as arrays."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import BASE_YEAR, CARRIERS, SECTORS
from simulator.equations.economy import EconomyParameters
from simulator.equations.operation import Carbon
from simulator.equations.prices import PriceParameters
from simulator.model.series import Knots, SeriesSpec, constant, later
from simulator.model.values import Values, at_end_of_history, stack
from simulator.schema.numbers import NEVER

FloatArray = NDArray[np.float64]

START: Final = 2015.0
"""First calendar year of observed history."""

SUPPLIED: Final = ("electricity", "heat", "hydrogen")
"""Carriers whose price the model makes."""

ROAD_SECTORS: Final = ("automotive", "construction_machinery", "other_transport", "agriculture")
"""Sectors that buy their fuel at the pump."""

HOUSEHOLD_SECTORS: Final = ("buildings",)
"""Sectors that pay the retail price of gas."""

MARK_UP: Final = {"buildings": "residential", "automotive": "commercial"}
"""Retail adder of electricity where it is not that of industry."""


def economy(values: Values) -> EconomyParameters:
    """Population, income, and programmes that reach every sector."""
    effects = [f"common.digital_effect.{sector}" for sector in SECTORS]
    adoption = values.knots("common.digital_adoption", "1")
    base = np.array([float(np.interp(2020.5, times, level)) for times, level in adoption])
    return EconomyParameters(
        population=later(values.series("common.population", "million")),
        income_growth=later(SeriesSpec((_growth(values),), ())),
        observed_product=later(SeriesSpec((_observed_product(values),), ())),
        digital_adoption=later(values.series("common.digital_adoption", "1")),
        digital_base=base,
        digital_known=at_end_of_history(values, "common.digital_adoption", "1"),
        digital_effect=values.table(effects, "1"),
        material_efficiency=later(values.series("common.material_efficiency", "1")),
        collection=later(values.series("common.collection_target", "1")),
    )


def growth_knots(times: FloatArray, growth: FloatArray, end: float) -> Knots:
    """Growth of the product over time from growth between calendar years.

    An observed growth from one year to the next rules from the middle of the first to the
    middle of the second; from `end`, where history ends, the series is linear between knots.
    """
    years = np.arange(START, end)
    after = times >= end
    edges = np.repeat(years, 2) + np.tile([-0.5, 0.5], len(years))
    observed = np.repeat(np.interp(years, times, growth), 2)
    return np.concatenate([edges, times[after]]), np.concatenate([observed, growth[after]])


def _growth(values: Values) -> tuple[Knots, ...]:
    found = values.knots("common.gdp_growth", "1/yr")
    return tuple(growth_knots(*knots, values.history_end) for knots in found)


def _observed_product(values: Values) -> tuple[Knots, ...]:
    """Product of each observed year, chained from that of the base year by its growth.

    Where the base year is not yet history, the product at the start is chained instead.
    """
    years = np.arange(START, values.history_end)
    known = bool((years == BASE_YEAR).any())
    path = "common.gdp_2020" if known else "common.gdp_initial"
    base = values.number(path, "bn CNY/yr")
    found, knots = [], values.knots("common.gdp_growth", "1/yr")
    for column in range(max(len(base), len(knots))):
        times, growth = knots[column % len(knots)]
        level = np.cumprod(1.0 + np.interp(years, times, growth))
        whole = level[years == BASE_YEAR] if known else np.sqrt(level[:1])
        scale = base[column % len(base)] / whole
        steps = np.repeat(years, 2) + np.tile([0.0, 1.0], len(years))
        found.append((steps, np.repeat(level * scale, 2)))
    return tuple(found)


def price_parameters(values: Values) -> PriceParameters:
    """Fuel prices of industry, power stations, roads and households, and the carbon price."""
    adders = [f"common.retail_adder.{MARK_UP.get(sector, 'industry')}" for sector in SECTORS]
    supplied = np.array(
        [[[float(name == carrier)] for carrier in CARRIERS] for name in SUPPLIED]
    )
    whole = len(CARRIERS), len(SECTORS)
    fuels = values.shared("prices.fuels", lambda: SeriesSpec(_fuels(values), whole))
    return PriceParameters(
        fuels=later(fuels),
        power_fuels=later(values.shared("prices.power_fuels", lambda: _power_fuels(values))),
        electricity_adder=values.table(adders, "CNY/MWh"),
        carbon=later(SeriesSpec((_carbon(values),), ())),
        carbon_coverage=later(_shared(values, _coverage, share=True)),
        carbon_payers=later(_shared(values, _coverage, share=False)),
        market_coverage=later(_shared(values, _market_coverage, share=True)),
        market_member=later(_shared(values, _market_coverage, share=False)),
        perception_time=values.number("common.price.electricity_perception_time", "yr"),
        scarcity_response=values.number("common.price.scarcity_response", "1"),
        is_carrier=supplied,
    )


def _fuels(values: Values) -> tuple[tuple[Knots, ...], ...]:
    """Price of each carrier in each sector, zero where the model makes it."""
    rows: list[tuple[Knots, ...]] = []
    for carrier in CARRIERS:
        for sector in SECTORS:
            kind = ".road" if sector in ROAD_SECTORS else ""
            kind = ".buildings" if sector in HOUSEHOLD_SECTORS else kind
            own, general = f"common.price.{carrier}{kind}", f"common.price.{carrier}"
            path = own if values.has(own) else general
            known = values.has(path) and carrier not in SUPPLIED
            rows.append(values.knots(path, "CNY/GJ") if known else (constant(0.0),))
    return tuple(rows)


def _power_fuels(values: Values) -> SeriesSpec:
    rows = []
    for carrier in CARRIERS:
        own, general = f"common.price.{carrier}.power", f"common.price.{carrier}"
        path = own if values.has(own) else general
        rows.append(values.knots(path, "CNY/GJ") if values.has(path) else (constant(0.0),))
    return SeriesSpec(tuple(rows), (len(CARRIERS),))


def _carbon(values: Values) -> tuple[Knots, ...]:
    """Observed price to the end of history, then the price that policy sets.

    Nothing where the market alone makes it.
    """
    observed = values.annual_knots("carbon_market.observed.price", "CNY/t CO2")
    floor = values.knots("carbon_market.price_floor", "CNY/t CO2")
    mode, end = price_mode(values), values.history_end
    width = max(len(observed), len(floor), len(mode))
    joined = []
    for column in range(width):
        times, price = observed[column if len(observed) > 1 else 0]
        later_times, later_price = floor[column if len(floor) > 1 else 0]
        before = times <= end
        after = later_times > end
        later_price = later_price * min(abs(mode[column % len(mode)] - 1.0), 1.0)
        start = float(np.interp(end, later_times, later_price))
        joined.append(
            (
                np.concatenate([times[before], [end], later_times[after]]),
                np.concatenate([price[before], [start], later_price[after]]),
            )
        )
    return tuple(joined)


def _shared(values: Values, make: Callable[..., SeriesSpec], **chosen: bool) -> SeriesSpec:
    """A series of every sector, taken over where nothing that it reads has changed."""
    name = f"prices.{make.__name__}.{chosen}"
    return values.shared(name, lambda: make(values, **chosen))


def _coverage(values: Values, *, share: bool) -> SeriesSpec:
    """Share of the emissions of each sector that pays what policy sets, (sector).

    The carbon price path of a scenario stands for market and tax together. At first the members
    of the market pay it; what the market does not cover joins between two dates. What the
    market asks above the path is paid by its members only. Without `share`, a member counts as
    a whole: it is those who pay that decide.
    """
    ramp = [values.dates(f"carbon_market.coverage.others.{name}") for name in ("start", "end")]
    rows = []
    for sector in SECTORS:
        dates, shares = np.array(covered(values, sector)).T
        whole = shares if share else (shares > 0.0).astype(float)
        several = np.broadcast_arrays(dates, whole, *ramp)
        rows.append(tuple(joining(*map(float, one)) for one in zip(*several, strict=True)))
    return SeriesSpec(tuple(rows), (len(SECTORS),))


def joining(date: float, share: float, start: float, end: float) -> Knots:
    """Share that pays where a part joins at a date and the rest between two others.

    The larger of the two, as knots: a step to `share` at `date`, a ramp from 0 to 1 from
    `start` to `end`.
    """
    crossing = start + share * (end - start)
    times = np.array([start, end])
    if share > 0.0 and date < end:
        times = np.unique(np.clip([date, max(date, crossing), start, end], None, end))
    ramp = np.clip((times - start) / (end - start), 0.0, 1.0)
    before = np.maximum(ramp, share * (times > date))
    after = np.maximum(ramp, share * (times >= date))
    step = np.where(after > before, 2, 1)
    return np.repeat(times, step), np.concatenate(
        [[low, high][2 - n :] for low, high, n in zip(before, after, step, strict=True)]
    )


def _market_coverage(values: Values, *, share: bool) -> SeriesSpec:
    """Share of the emissions of each sector in the market, or 1 for a member, (sector)."""
    rows = [
        tuple(
            (np.array([d, d]), np.array([0.0, s if share else float(s > 0.0)]))
            for d, s in covered(values, sector)
        )
        for sector in SECTORS
    ]
    return SeriesSpec(tuple(rows), (len(SECTORS),))


def covered(values: Values, sector: str) -> list[tuple[float, float]]:
    """Date from which the carbon market covers a sector, and the share covered.

    One pair a scenario, or one for all of them; a sector that it never covers has no share.
    """
    path = f"carbon_market.coverage.{sector}"
    if not values.has(f"{path}.start"):
        return [(NEVER, 0.0)]
    dates = values.dates(f"{path}.start")
    share = values.number(f"{path}.share", "1")
    return list(zip(*np.broadcast_arrays(dates, share), strict=True))


def carbon(values: Values) -> Carbon:
    """Emission factors and carbon contents of the carriers."""
    factors = values.table([f"common.emission_factor.{c}" for c in CARRIERS], "t CO2/GJ")
    biogenic = values.number("common.emission_factor.captured_biomass", "t CO2/GJ")
    content = [
        biogenic if carrier == "biomass" else factors[row]
        for row, carrier in enumerate(CARRIERS)
    ]
    electric = np.array([[[[float(carrier == "electricity")]]] for carrier in CARRIERS])
    return Carbon(factors, stack(content), electric)


def price_mode(values: Values) -> FloatArray:
    """Who makes the carbon price after history, (S).

    0 is what the scenario sets, 1 what the market asks, 2 the larger of both; what lies
    between two of them mixes them.
    """
    return values.number("carbon_market.price_mode", "1")
