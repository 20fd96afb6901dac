r"""The market for emission allowances: benchmarks, cap, bank, anticipation and price.

Covered emissions E meet allowances A and offsets O. Until the absolute cap begins, allowances
are benchmarks times activity; then, over some years, the cap takes over: a share c of what the
covered sectors emitted when it was set. What is not used is banked, and what is missing is
drawn from the bank as long as there is one; the rest is a gap in compliance. Traders look h
years ahead, at the trend of emissions and at what was announced: the price grows where
emissions are expected to exceed the allowances of then and a part of the bank, inside a
corridor.

.. math::

    A = (1 - w) \sum_s \chi_s b_s Q_s + w\,c \sum_s \chi_s E^0_s, \qquad
    \dot b_s = -\beta b_s, \qquad
    \dot B = A + O - E \ge -B/\tau_d

    E_f = \bar E + h\,\dot{\bar E}, \qquad
    \dot P = \kappa P\,\frac{E_f - (A_h + B/\tau_B)}{A_h}
             + (P_{min} - P)^+/\tau_c - (P - P_{max})^+/\tau_c

Balance: allowances + offsets + gap = covered emissions + change of the bank, exactly. Price and
bank are stocks, so that no price needs the emissions that it causes on the same day.

Emissions are averaged by sector before coverage counts, so that a sector that joins is not
taken for a trend. Benchmarks follow the intensity of their sector up to the end of history and
tighten from there; of power, only what burns fuel earns allowances. While observation rules,
the price follows the observed one and what is emitted is allowed. Linearised with a stock of
capital that answers in eight years with an elasticity of 0.4, the loop is damped with a ratio
of 0.44.

Reference: Rubin (1996), A model of intertemporal emission trading, banking and borrowing,
Journal of Environmental Economics and Management 31. The scenario axis is last.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any

NOTHING = 1e-9
"""Covered emissions under which there is no market [Mt CO2/yr]."""


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
    """Share of the benchmark emissions given free of charge, () [1]."""
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


class Market(NamedTuple):
    """The market at one moment."""

    emissions: Array
    """Emissions of the members, covered or not, (member, S) [Mt CO2/yr]."""
    activity: Array
    """Their activity that earns allowances, (member, S) [million units/yr]."""
    covered: Array
    """Emissions that need allowances, (S) [Mt CO2/yr]."""
    allowances: Array
    """Allowances given or sold, (S) [Mt CO2/yr]."""
    offsets: Array
    """Certified reductions handed in, (S) [Mt CO2/yr]."""
    gap: Array
    """Emissions without an allowance, (S) [Mt CO2/yr]."""
    tightness: Array
    """Expected shortage relative to the allowances of then, (S) [1]."""


DRAWING = 0.25
"""Shortest time in which the bank can be emptied [yr]."""

PERCEPTION = 0.25
"""Time in which the market learns an observed price [yr]."""

REFERENCE_TIME = 0.25
"""Time over which the emissions are averaged that the cap refers to [yr]."""

TIGHTEST = 1.0
"""Largest relative shortage or surplus that traders reckon with [1]."""

LEAST_CAP = 0.05
"""Smallest cap that a shortage is measured against, over the reference [1]."""

FULL = 0.01
"""Cut below one from which a cap counts in full [1]."""


def absolute(xp: Any, p: MarketParameters, clock: Clock, phase: Schedule) -> Array:
    """Part of the allowances that an absolute cap rules; none where the cap is one, (S) [1]."""
    return at(phase, clock) * xp.clip((1.0 - at(p.cap_ahead, clock)) / FULL, 0.0, 1.0)


def market_price(p: MarketParameters, clock: Clock, *, state: MarketState) -> Array:
    """Price that members pay to the market where its price counts, (S) [CNY/t CO2]."""
    price: Array = at(p.counts, clock) * state.price
    return price


def left_to_pay(p: MarketParameters, clock: Clock, *, price: Array) -> Array:
    """What a price costs with what is given free, same shape [CNY/t CO2]."""
    paid: Array = price * (1.0 - at(p.free, clock))
    return paid


def revenue(
    p: MarketParameters,
    clock: Clock,
    *,
    policy: Array,
    excess: Array,
    taxed: Array,
    covered: Array,
) -> Array:
    """What the state takes for carbon, (S) [million CNY/yr].

    Parameters
    ----------
    policy, excess
        Price that policy sets, and what the market asks above it, (S) [CNY/t CO2].
    taxed, covered
        Emissions that pay the one and the other, (S) [Mt CO2/yr].
    """
    return left_to_pay(p, clock, price=policy * taxed + excess * covered)


def market(
    xp: Any,
    p: MarketParameters,
    clock: Clock,
    *,
    state: MarketState,
    direct: Array,
    activity: Array,
    generation: Array,
) -> Market:
    """Compare covered emissions with allowances, now and ahead.

    Parameters
    ----------
    direct
        Direct emissions by sector, (sector, S) [Mt CO2/yr].
    activity
        Activity of every sector in its own unit, (sector, S) [million units/yr].
    generation
        Of every generator, (generator, S) [TWh/yr].
    """
    projected = xp.where(clock.time >= clock.history_end, 1.0, 0.0)
    burning = xp.sum(p.thermal * generation, axis=0)
    made = (1.0 - p.power) * activity[p.sectors] + p.power * burning
    emissions, coverage = direct[p.sectors], at(p.coverage, clock)
    covered, smoothed, reference, earned = (
        xp.sum(coverage * part, axis=0)
        for part in (emissions, state.emissions, state.reference, state.benchmark * made)
    )
    share, ahead = absolute(xp, p, clock, p.phase), absolute(xp, p, clock, p.phase_ahead)
    trend = (covered - smoothed) / p.smoothing_time
    forecast = xp.clip(
        smoothed + p.horizon * trend,
        p.forecast_range[0] * xp.maximum(smoothed, 0.0),
        p.forecast_range[1] * xp.maximum(smoothed, 0.0) + NOTHING,
    )
    given = share * at(p.cap, clock) * reference + (1.0 - share) * earned
    allowances = projected * given + (1.0 - projected) * covered
    offsets = projected * p.offset_share * xp.maximum(covered, 0.0)
    tightened = earned * xp.exp(-p.benchmark_decline * p.horizon)
    then = ahead * at(p.cap_ahead, clock) * reference + (1.0 - ahead) * tightened
    least = xp.maximum(then, LEAST_CAP * reference + NOTHING)
    shortage = (forecast - (then + state.bank / p.bank_time)) / least
    missing = xp.maximum(covered - allowances - offsets, 0.0)
    return Market(
        emissions=emissions,
        activity=made,
        covered=covered,
        allowances=allowances,
        offsets=offsets,
        gap=missing - xp.minimum(missing, state.bank / DRAWING),
        tightness=xp.clip(shortage, -TIGHTEST, TIGHTEST),
    )


def market_rates(
    xp: Any,
    p: MarketParameters,
    clock: Clock,
    *,
    state: MarketState,
    now: Market,
    observed: Array,
    history: Array,
) -> MarketState:
    """Rates of change of the stocks of the market.

    Parameters
    ----------
    observed
        Price of the record, which the market learns in history, (S) [CNY/t CO2].
    history
        1 while observation rules, (S) [1].
    """
    projected = xp.where(clock.time >= clock.history_end, 1.0, 0.0)
    price, low, high = state.price, at(p.minimum, clock), at(p.maximum, clock)
    corridor = (xp.maximum(low - price, 0.0) - xp.maximum(price - high, 0.0)) / p.corridor_time
    free = p.response * price * now.tightness + corridor
    intensity = now.emissions / xp.maximum(now.activity, NOTHING)
    followed = (intensity - state.benchmark) / p.benchmark_time
    return MarketState(
        emissions=(now.emissions - state.emissions) / p.smoothing_time,
        reference=at(p.before, clock) * (now.emissions - state.reference) / REFERENCE_TIME,
        benchmark=(1.0 - projected) * followed
        - projected * p.benchmark_decline * state.benchmark,
        bank=now.allowances + now.offsets + now.gap - now.covered,
        price=history * (observed - price) / PERCEPTION + (1.0 - history) * free,
    )
