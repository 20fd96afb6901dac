"""What the kernel needs to know of a block of fleets: the parameters, named and shaped.

Shapes use F fleets, T technologies, A age classes, C carriers, M mandated sets, R retrofit
arcs and S scenarios. "u" is the unit of activity of a fleet: one tonne, one GJ of useful
heat, one machine-year, one kW.
"""

from typing import Any, NamedTuple

from simulator.equations.fleet import Chain
from simulator.equations.retrofit import Arcs
from simulator.equations.schedule import Schedule

Array = Any


class Planning(NamedTuple):
    """How a fleet decides how much to order."""

    smoothing_time: Array
    """Time over which demand is perceived, (F, S) [yr]."""
    trend_time: Array
    """Time over which a trend is perceived, (F, S) [yr]."""
    lead_time: Array
    """Construction time that planners look ahead, (F, S) [yr]."""
    adjustment_time: Array
    """Time in which a gap is closed, (F, S) [yr]."""
    target_utilisation: Array
    """Activity wanted per unit of capacity, (F, S) [1]."""
    growth_limit: Array
    """Fastest growth that planners believe in, (F, S) [1/yr]."""
    is_stock: Array
    """1 for machines in use, whose demand is the stock itself, (F, 1) [1]."""
    construction_time: Array
    """(F, T, S) [yr]."""
    ramp: Array
    """Most orders per unit of capacity standing or under construction, (F, T, S) [1/yr]."""
    seed: Array
    """Orders a technology can take from nothing, per unit of its fleet, (F, T, S) [1/yr]."""
    replacement_ratio: Array
    """Capacity that has to retire for a unit of new capacity, 0 without such a rule,
    (F, T, S) [1]."""
    economic_rate: Array
    """Fastest closure of plants that no longer pay, (F, 1, S) [1/yr]."""
    idle_rate: Array
    """Fastest closure of idle plants, (F, 1, S) [1/yr]."""
    idle_below: Array
    """Utilisation under which plants count as idle, (F, 1, S) [1]."""


class Choosing(NamedTuple):
    """How a fleet decides what to order."""

    availability: Schedule
    """0 before a technology is on sale and after a ban, (F, T) [1]."""
    long_run_log_share_weight: Array
    """(F, T, S) [1]."""
    share_weight_time: Array
    """Time over which history's preferences fade, (F, 1, S) [yr]."""
    operating_weight_time: Array
    """Time over which history's habits of running fade, (F, 1, S) [yr]."""
    exponent: Array
    """Choice exponent, (F, 1, S) [1]."""
    perception_time: Array
    """Time over which costs are perceived, (F, 1, S) [yr]."""
    floor_members: Array
    """(M, F, T, 1) [1]."""
    floor_outside: Array
    """1 for technologies that the share of a floor is not of, (M, F, T, 1) [1]."""
    floor_shares: Schedule
    """(M, F) [1]."""
    floor_on_output: Array
    """1 where a floor also binds what runs, not only what is ordered, (M, F, 1) [1]."""


class Technique(NamedTuple):
    """What a unit of activity takes and gives."""

    energy: Array
    """Energy per unit of activity, (C, F, T, S) [GJ/u]."""
    new_energy: Schedule
    """Fuel intensity of new plants relative to the base year's fleet, (F, T) [1]."""
    energy_floor: Array
    """Lowest relative intensity that improvement in place can reach, (F, T, S) [1]."""
    improvement: Array
    """Rate of improvement in place, (F, 1, S) [1/yr]."""
    process: Array
    """Process emissions, (F, T, S) [t CO2/u]."""
    capture: Array
    """Share of carbon captured, (F, T, S) [1]."""
    operating_exponent: Array
    """Preference for low short-run cost in operation, (F, 1, S) [1]."""
    maximum_utilisation: Array
    """Most activity per unit of capacity, (F, 1, S) [1]."""
    reported: Array
    """1 where the energy counts in the balance, (F, 1, 1) [1]."""


class Economics(NamedTuple):
    """What a unit of capacity costs."""

    capital: Array
    """Capital cost at the reference experience, (F, T, S) [CNY/u]."""
    capital_floor: Array
    """Capital cost that learning cannot pass, (F, T, S) [CNY/u]."""
    learning_exponent: Array
    """(F, T, S) [1]."""
    reference_experience: Array
    """Cumulative installations at which `capital` holds, (F, T, S) [unit]."""
    spill_over: Array
    """Experience from the rest of the world per domestic addition, (F, T, S) [1]."""
    pooling: Array
    """1 where a technology learns from another of its fleet, (F, T, T) [1]."""
    recovery: Array
    """Capital recovery factor plus fixed operation, (F, T, S) [1/yr]."""
    fixed: Array
    """Fixed operation as a share of capital, (F, T, S) [1/yr]."""
    variable: Array
    """Variable cost other than energy, (F, T, S) [CNY/u]."""


class Brownfield(NamedTuple):
    """Retrofits of a block."""

    arcs: Arcs
    """Where from and where to."""
    capital: Array
    """Capital cost of a retrofit, (R, S) [CNY/unit]."""
    annual_cost: Array
    """Annual cost of a retrofit, (R, S) [CNY/u]."""
    maximum: Array
    """Fastest rate, (R, S) [1/yr]."""


class Observed(NamedTuple):
    """What history says; each with a mask that is 1 where it is known."""

    net_change: Schedule
    """Observed change of capacity by technology, (F, T) [unit/yr]."""
    by_technology: Array
    """(F, 1, 1) [1]."""
    total_change: Schedule
    """Observed change of the whole fleet, (F, 1) [unit/yr]."""
    by_total: Array
    """(F, 1, 1) [1]."""
    addition_share: Schedule
    """Observed shares in additions, (F, T) [1]."""
    output_share: Schedule
    """Observed shares in output, (F, T) [1]."""
    by_output: Array
    """(F, 1, 1) [1]."""


class FleetParameters(NamedTuple):
    """All parameters of a block of fleets."""

    chain: Chain
    planning: Planning
    choosing: Choosing
    technique: Technique
    economics: Economics
    brownfield: Brownfield
    observed: Observed
    exists: Array
    """1 where a place holds a technology, (F, T, 1) [1]."""


class FleetState(NamedTuple):
    """Stocks of a block of fleets."""

    capacity: Array
    """Capacity by age class, (A, F, T, S) [unit]."""
    pipeline: Array
    """Under construction, (F, T, S) [unit]."""
    experience: Array
    """Cumulative installations, (F, T, S) [unit]."""
    intensity: Array
    """Capacity times its relative fuel intensity, (F, T, S) [unit]."""
    perceived_cost: Array
    """Perceived levelised cost, (F, T, S) [CNY/u]."""
    log_share_weight: Array
    """Preference that costs do not explain, (F, T, S) [1]."""
    log_operating_weight: Array
    """Preference in operation that short-run costs do not explain, (F, T, S) [1]."""
    expected: Array
    """Expected demand, (F, S) [unit]."""
    reference: Array
    """Reference demand of the trend, (F, S) [unit]."""
