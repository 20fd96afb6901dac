"""Prices that reach the sectors: fuels, electricity, heat, hydrogen, carbon.

Fuel prices are given. Electricity costs what the system costs, as perceived over a year, plus
the retail adder of the user; heat and hydrogen cost the perceived cost of the plants that
make them. Perceived prices are states, so that no price needs itself on the same day.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class PriceParameters(NamedTuple):
    """Prices from the data and the scenario."""

    fuels: Schedule
    """Price of each carrier, zero where the model makes it, (C, sector) [CNY/GJ]."""
    power_fuels: Schedule
    """Price of each carrier at power stations, (C) [CNY/GJ]."""
    electricity_adder: Array
    """Retail adder by sector, (sector, S) [CNY/MWh]."""
    carbon: Schedule
    """Carbon price that policy sets, () [CNY/t CO2]."""
    carbon_coverage: Schedule
    """Share of each sector's emissions that pays it, (sector) [1]."""
    carbon_payers: Schedule
    """The same, where a sector that joined the market counts as a whole, (sector) [1]."""
    market_coverage: Schedule
    """Share of each sector's emissions that the carbon market covers, (sector) [1]."""
    market_member: Schedule
    """1 while the carbon market covers a sector, (sector) [1]."""
    perception_time: Array
    """Time over which the electricity price is perceived, (S) [yr]."""
    scarcity_response: Array
    """Rise of the electricity price per unmet share of demand, (S) [1]."""
    is_carrier: Array
    """1 for electricity, heat and hydrogen in turn, (3, C, 1) [1]."""


class Prices(NamedTuple):
    """Prices now."""

    carriers: Array
    """Price of each carrier in each sector without carbon, (C, sector, S) [CNY/GJ]."""
    power_fuels: Array
    """Price of each carrier at power stations, (C, S) [CNY/GJ]."""
    carbon: Array
    """Carbon price that members of the carbon market pay, (S) [CNY/t CO2]."""
    excess: Array
    """Part of it that the market asks above what policy sets, (S) [CNY/t CO2]."""
    sector_carbon: Array
    """Carbon price weighted by coverage, (sector, S) [CNY/t CO2]."""
    user_carbon: Array
    """Carbon price of those in a sector who pay it, (sector, S) [CNY/t CO2]."""


GJ_PER_MWH = 3.6


def prices(
    xp: Any,
    p: PriceParameters,
    clock: Clock,
    *,
    electricity: Array,
    heat: Array,
    hydrogen: Array,
    market: Array,
) -> Prices:
    """Put together what each sector pays.

    Parameters
    ----------
    electricity
        Perceived system cost, (S) [CNY/MWh].
    heat, hydrogen
        Perceived cost of supply, (S) [CNY/GJ].
    market
        Price of allowances where it counts, (S) [CNY/t CO2]. What policy sets is the least
        price; what the market asks above it is paid by its members only.

    """
    retail = (electricity + p.electricity_adder) / GJ_PER_MWH
    supplied = (
        p.is_carrier[0][:, xp.newaxis] * retail
        + p.is_carrier[1][:, xp.newaxis] * heat
        + p.is_carrier[2][:, xp.newaxis] * hydrogen
    )
    path = at(p.carbon, clock)
    excess = xp.maximum(market - path, 0.0)
    return Prices(
        carriers=supplied + at(p.fuels, clock),
        power_fuels=at(p.power_fuels, clock),
        carbon=path + excess,
        excess=excess,
        sector_carbon=path * at(p.carbon_coverage, clock)
        + excess * at(p.market_coverage, clock),
        user_carbon=path * at(p.carbon_payers, clock) + excess * at(p.market_member, clock),
    )


def scarce_price(*, cost: Array, unmet: Array, served: Array, response: Array) -> Array:
    """Price of electricity when part of the demand finds no plant, (S) [CNY/MWh].

    Parameters
    ----------
    cost
        Of the system, (S) [CNY/MWh].
    unmet, served
        Demand that finds no plant, and that does, (S) [TWh/yr].
    response
        Rise of the price per unmet share of demand, (S) [1].

    """
    short = unmet / (unmet + served)
    price: Array = cost * (1.0 + response * short)
    return price


def product_cost(xp: Any, *, cost: Array, capacity: Array) -> Array:
    """Cost of a product as the average over the capacity that makes it, (..., 1, S)."""
    total = xp.maximum(xp.sum(capacity, axis=-2, keepdims=True), 1e-12)
    return xp.sum(cost * capacity, axis=-2, keepdims=True) / total
