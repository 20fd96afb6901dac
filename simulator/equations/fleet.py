r"""The fleet: equipment that is ordered, built, grows old, is retrofitted and retires.

One implementation serves every fleet of the model; a fleet is data. Capacity is spread over
age classes of equal residence, so that lifetimes follow an Erlang distribution with mean
:math:`L` (Sterman 2000, Business Dynamics, chapters on delays and ageing chains):

.. math:: \dot K_1 = I - (\lambda + h_1) K_1, \quad
          \dot K_a = \lambda K_{a-1} - (\lambda + h_a) K_a, \quad \lambda = n / L

Balance: the classes together change by installations minus retirements plus what retrofits
bring in minus what they take out, exactly. Every outflow is proportional to its own stock.

Arrays have the axes ``(age, fleet, technology, scenario)`` or the last three of them.
"""

from typing import Any, NamedTuple

Array = Any


class Chain(NamedTuple):
    """Constants of the ageing chains."""

    transfer: Array
    """Rate from one age class to the next, ``(fleet, technology, scenario)`` [1/yr]."""
    passes: Array
    """1 where a class is followed by another, ``(age, fleet, 1, 1)`` [1]."""
    leaves: Array
    """1 where a class is the last of its fleet, ``(age, fleet, 1, 1)`` [1]."""
    age_weight: Array
    """How much more the old classes close early, mean 1, ``(age, fleet, 1, 1)`` [1]."""


class Ageing(NamedTuple):
    """Change of the age classes and what left them."""

    change: Array
    """Rate of change, ``(age, fleet, technology, scenario)`` [unit/yr]."""
    natural: Array
    """Retirement at the end of life, ``(fleet, technology, scenario)`` [unit/yr]."""
    early: Array
    """Retirement before the end of life, same shape [unit/yr]."""


def ageing(
    xp: Any,
    chain: Chain,
    *,
    capacity: Array,
    installations: Array,
    hazard: Array,
    retrofit_change: Array,
) -> Ageing:
    """Age every fleet.

    Parameters
    ----------
    capacity
        Stocks by age class, youngest first [unit].
    installations
        New capacity, into the youngest class, ``(fleet, technology, scenario)`` [unit/yr].
    hazard
        Early retirement, ``(age, fleet, technology, scenario)`` [1/yr].
    retrofit_change
        Capacity that retrofits bring (positive) or take (negative), by age class [unit/yr].

    """
    older = capacity * chain.transfer
    closed = capacity * hazard
    arriving = xp.concatenate([installations[xp.newaxis], (older * chain.passes)[:-1]], axis=0)
    return Ageing(
        change=arriving - older - closed + retrofit_change,
        natural=xp.sum(older * chain.leaves, axis=0),
        early=xp.sum(closed, axis=0),
    )


def natural_retirement(xp: Any, chain: Chain, capacity: Array) -> Array:
    """Capacity at the end of its life, ``(fleet, technology, scenario)`` [unit/yr]."""
    return xp.sum(capacity * chain.leaves, axis=0) * chain.transfer


def closure_hazard(
    xp: Any,
    *,
    economic_rate: Array,
    relative_cost: Array,
    idle_rate: Array,
    idle_below: Array,
    utilisation: Array,
) -> Array:
    r"""Hazard of early closure before age weighting, ``(fleet, technology, scenario)`` [1/yr].

    .. math:: h = h_{max} S((c / p - 1.15) / 0.08) + h_u (u_l - u)^+ / u_l

    A plant whose short-run cost `relative_cost` nears the full cost of its product closes;
    so does part of a fleet that stands idle.
    """
    uneconomic = economic_rate / (
        1.0 + xp.exp(-xp.clip((relative_cost - 1.15) / 0.08, -60, 60))
    )
    idle = idle_rate * xp.maximum(idle_below - utilisation, 0.0) / idle_below
    return uneconomic + idle


class Expectation(NamedTuple):
    """What planners expect of demand (Sterman's TREND function)."""

    change: Array
    """Rate of change of the expected demand, ``(fleet, scenario)`` [unit/yr2]."""
    reference_change: Array
    """Rate of change of the reference demand, same shape [unit/yr2]."""
    demand: Array
    """Demand expected when an order of today is completed, same shape [unit/yr]."""


def expectation(
    xp: Any,
    *,
    demand: Array,
    expected: Array,
    reference: Array,
    smoothing_time: Array,
    trend_time: Array,
    lead_time: Array,
    growth_limit: Array,
) -> Expectation:
    """Expected demand and its trend; all arrays ``(fleet, scenario)``, times in years.

    The expected growth is bounded by `growth_limit` either way [1/yr]: planners do not
    extrapolate the first years of a market that starts from nothing.
    """
    growth = (expected - reference) / (xp.maximum(reference, 1e-9) * trend_time)
    ahead = xp.clip(growth, -growth_limit, growth_limit) * (smoothing_time + lead_time)
    return Expectation(
        change=(demand - expected) / smoothing_time,
        reference_change=(expected - reference) / trend_time,
        demand=expected * (1.0 + ahead),
    )


def capacity_gap(
    xp: Any,
    *,
    required: Array,
    capacity: Array,
    pipeline: Array,
    retirement: Array,
    adjustment_time: Array,
    response: Array = 1.0,
) -> Array:
    """Orders that replace what retires and close the gap, ``(fleet, scenario)`` [unit/yr].

    No fleet orders less than nothing; what a shrinking fleet has too much retires.
    `response` is 1 where the gap is closed and 0 where only what retires is replaced [1].
    """
    gap = (required - capacity - pipeline) / adjustment_time
    return xp.maximum(retirement + response * gap, 0.0)


def replacement_limit(
    xp: Any, limits: Array, *, ratio: Array, retirement: Array, weights: Array
) -> Array:
    r"""Orders of new capacity where as much or more of the old has to go.

    Technologies of a fleet that a rule of replacement holds for share what their retirement
    allows, by their weights of choice, so that together they order at most

    .. math:: \sum_k \rho_k o_k \le \sum_k D_k

    with the ratio :math:`\rho` of old to new and the retirement D; at a ratio above 1 what
    stands under the rule shrinks, whatever is asked for. Without a rule (ratio 0) nothing
    binds.

    Parameters
    ----------
    limits
        Most orders that anything else allows, ``(fleet, technology, scenario)`` [unit/yr].
    ratio
        Same shape [1].
    retirement
        Same shape [unit/yr].
    weights
        Weights of choice, same shape [1].

    """
    ruled = xp.where(ratio > 0.0, 1.0, 0.0)
    gone = xp.sum(ruled * retirement, axis=-2, keepdims=True)
    asked = xp.sum(ratio * weights, axis=-2, keepdims=True)
    allowed = gone * weights / xp.maximum(asked, 1e-12)
    return xp.where(ratio > 0.0, xp.minimum(limits, allowed), limits)


class Construction(NamedTuple):
    """What is being built."""

    installations: Array
    """Capacity completed, ``(fleet, technology, scenario)`` [unit/yr]."""
    pipeline_change: Array
    """Orders minus completions, same shape [unit/yr]."""


def construction(
    xp: Any, *, orders: Array, pipeline: Array, construction_time: Array
) -> Construction:
    """First-order construction delay; without construction time orders are installed."""
    built = construction_time > 0
    completed = pipeline / xp.where(built, construction_time, 1.0)
    installations = xp.where(built, completed, orders)
    return Construction(installations, xp.where(built, orders - completed, 0.0 * orders))


def intensity_change(
    *,
    intensity: Array,
    capacity_outflow_rate: Array,
    installations: Array,
    new_intensity: Array,
    improvement: Array,
    floor: Array,
    capacity: Array,
) -> Array:
    """Coflow of energy intensity: change of capacity times its relative intensity [unit/yr].

    New plants bring `new_intensity`, what leaves takes the average, and improvement in place
    closes the gap to `floor` at the rate `improvement` [1/yr]. All ``(fleet, technology,
    scenario)``; `capacity_outflow_rate` is retirement and retrofit out per capacity [1/yr].
    """
    gained = installations * new_intensity
    lost = intensity * capacity_outflow_rate
    return gained - lost - improvement * (intensity - floor * capacity)
