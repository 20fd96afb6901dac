"""What the market for emission allowances is told, and its stocks."""

from typing import Any, NamedTuple

from simulator.equations.schedule import Schedule

Array = Any


class MarketParameters(NamedTuple):
    """What the market is told."""

    sectors: Array
    """Places of the sectors that are covered sooner or later, (member,)."""
    power: Array
    """1 for power among the members, (member, 1) [1]."""
    thermal: Array
    """1 for generators whose output earns allowances, (generator, 1) [1]."""
    coverage: Schedule
    """Share of each member's emissions that needs allowances, (member) [1]."""
    counts: Schedule
    """1 while members pay the price of the market, () [1]."""
    cap: Schedule
    """Allowances over the emissions when the cap was set, () [1]; one is no cap."""
    cap_ahead: Schedule
    """The same one horizon later, () [1]."""
    phase: Schedule
    """Share of the allowances that the absolute cap decides, () [1]."""
    phase_ahead: Schedule
    """The same one horizon later, () [1]."""
    before: Schedule
    """1 until the absolute cap begins, () [1]."""
    free: Schedule
    """Share of the allowances given free of charge, () [1]; the rest is auctioned."""
    minimum: Schedule
    """Lower end of the corridor, () [CNY/t CO2]."""
    maximum: Schedule
    """Upper end of the corridor, () [CNY/t CO2]."""
    benchmark_decline: Array
    """Yearly tightening of benchmarks, (S) [1/yr]."""
    benchmark_time: Array
    """Time in which benchmarks follow intensities in history, (S) [yr]."""
    offset_share: Array
    """Certified reductions handed in over covered emissions, (S) [1]."""
    response: Array
    """Growth of the price per relative shortage, (S) [1/yr]."""
    horizon: Array
    """How far traders look ahead, (S) [yr]."""
    smoothing_time: Array
    """Time over which emissions are averaged, (S) [yr]."""
    bank_time: Array
    """Time over which traders mean to use the bank, (S) [yr]."""
    corridor_time: Array
    """Time in which the price returns to the corridor, (S) [yr]."""
    forecast_range: Array
    """Forecast over average emissions, least and most, (2, S) [1]."""
    withholding: Array
    """Share of what finds no buyer at the reserve price that is cancelled, (S) [1]."""
    reserve_follows: Array
    """Share of the price floor of policy that auctions take as reserve price, (S) [1]."""
    bidding_range: Array
    """Rise above the reserve price at which all is sold, over that price, (S) [1]."""
    limited: Array
    """1 where carry-over has a limit, 0 where allowances are kept for good, (S) [1]."""
    carried_base: Array
    """Carry-over that every firm has, over covered emissions, (S) [1]."""
    carried_per_sale: Array
    """Carry-over earned by net sales, over those sales, (S) [1]."""
    net_sales: Array
    """Net sales of those who hold more than they need, over covered emissions, (S) [1]."""
    expiry_time: Array
    """Time in which what is beyond the limit expires, (S) [yr]."""


class MarketState(NamedTuple):
    """Stocks of the market."""

    emissions: Array
    """Average emissions of the members, (member, S) [Mt CO2/yr]."""
    reference: Array
    """Their emissions when the cap was set, (member, S) [Mt CO2/yr]."""
    benchmark: Array
    """Allowances per unit of their activity, (member, S) [t CO2 per unit]."""
    bank: Array
    """Allowances not yet used, (S) [Mt CO2]."""
    price: Array
    """(S) [CNY/t CO2]."""
