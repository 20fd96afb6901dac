r"""The market for emission allowances: cap, bank, anticipation and price.

Covered emissions E meet allowances A. Until the absolute cap begins, benchmarks give what is
emitted; then the cap is a share of what was covered before it. What is not used is banked, and
what is missing is drawn from the bank as long as there is one; the rest is a gap in compliance.
Traders look h years ahead: the price grows where emissions are expected to exceed the cap of
then and a part of the bank, inside a corridor.

.. math::

    \dot{\bar E} = (E - \bar E)/\tau_E, \qquad
    E_f = \bar E + h\,\dot{\bar E}, \qquad
    \dot B = A - E \ge -B/\tau_d, \qquad
    \dot P = \kappa P\,\frac{E_f - (A_h + B/\tau_B)}{A_h}
             + (P_{min} - P)^+/\tau_c - (P - P_{max})^+/\tau_c

Balance: allowances + gap = covered emissions + change of the bank, exactly. Price and bank are
stocks, so that no price needs the emissions that it causes on the same day. While observation
rules, the price follows the observed one. Linearised with a stock of capital that answers in
eight years with an elasticity of 0.4, the loop is damped with a ratio of 0.44.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any

NOTHING = 1e-9
"""Covered emissions under which there is no market [Mt CO2/yr]."""


class MarketParameters(NamedTuple):
    """What the market is told."""

    coverage: Schedule
    """Share of each sector's emissions that needs allowances, (sector) [1]."""
    coverage_then: Array
    """The same when the absolute cap begins, (sector, S) [1]."""
    cap: Schedule
    """Allowances over the emissions covered when the cap begins, () [1]; one is no cap."""
    cap_ahead: Schedule
    """The same one horizon later, () [1]."""
    phase: Schedule
    """Share of the allowances that the absolute cap decides, () [1]."""
    before: Schedule
    """1 until the absolute cap begins, () [1]."""
    free: Schedule
    """Share of the benchmark emissions given free of charge, () [1]."""
    minimum: Schedule
    """Lower end of the corridor, () [CNY/t CO2]."""
    maximum: Schedule
    """Upper end of the corridor, () [CNY/t CO2]."""
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
    """Stocks of the market, (S)."""

    emissions: Array
    """Average covered emissions [Mt CO2/yr]."""
    reference: Array
    """Covered emissions when the cap begins [Mt CO2/yr]."""
    bank: Array
    """Allowances not yet used [Mt CO2]."""
    price: Array
    """[CNY/t CO2]."""


class Market(NamedTuple):
    """The market at one moment, (S)."""

    covered: Array
    """Emissions that need allowances [Mt CO2/yr]."""
    allowances: Array
    """Allowances given or sold [Mt CO2/yr]."""
    gap: Array
    """Emissions without an allowance [Mt CO2/yr]."""
    comparable: Array
    """Emissions that the absolute cap will cover [Mt CO2/yr]."""
    tightness: Array
    """Expected shortage relative to the cap of then [1]."""


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


def active(xp: Any, p: MarketParameters, clock: Clock) -> Array:
    """Part of the market that the absolute cap rules; none where the cap is one, (S) [1]."""
    return at(p.phase, clock) * xp.clip((1.0 - at(p.cap_ahead, clock)) / FULL, 0.0, 1.0)


def market_price(xp: Any, p: MarketParameters, clock: Clock, *, state: MarketState) -> Array:
    """Price that the cap makes, zero before it begins, (S) [CNY/t CO2]."""
    return active(xp, p, clock) * state.price


def left_to_pay(p: MarketParameters, clock: Clock, *, price: Array) -> Array:
    """What a price costs with what is given free, same shape [CNY/t CO2]."""
    paid: Array = price * (1.0 - at(p.free, clock))
    return paid


def market(
    xp: Any, p: MarketParameters, clock: Clock, *, state: MarketState, direct: Array
) -> Market:
    """Compare covered emissions with allowances, now and ahead.

    Parameters
    ----------
    direct
        Direct emissions by sector, (sector, S) [Mt CO2/yr].
    """
    covered = xp.sum(at(p.coverage, clock) * direct, axis=0)
    share = active(xp, p, clock)
    trend = (covered - state.emissions) / p.smoothing_time
    forecast = xp.clip(
        state.emissions + p.horizon * trend,
        p.forecast_range[0] * xp.maximum(state.emissions, 0.0),
        p.forecast_range[1] * xp.maximum(state.emissions, 0.0) + NOTHING,
    )
    allowances = share * at(p.cap, clock) * state.reference + (1.0 - share) * covered
    ahead = share * at(p.cap_ahead, clock) * state.reference + (1.0 - share) * forecast
    least = xp.maximum(ahead, LEAST_CAP * state.reference + NOTHING)
    shortage = (forecast - (ahead + share * state.bank / p.bank_time)) / least
    drawn = xp.minimum(xp.maximum(covered - allowances, 0.0), state.bank / DRAWING)
    return Market(
        covered=covered,
        allowances=allowances,
        gap=xp.maximum(covered - allowances, 0.0) - drawn,
        comparable=xp.sum(p.coverage_then * direct, axis=0),
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
    price, low, high = state.price, at(p.minimum, clock), at(p.maximum, clock)
    corridor = (xp.maximum(low - price, 0.0) - xp.maximum(price - high, 0.0)) / p.corridor_time
    free = p.response * price * now.tightness + corridor
    return MarketState(
        emissions=(now.covered - state.emissions) / p.smoothing_time,
        reference=at(p.before, clock) * (now.comparable - state.reference) / REFERENCE_TIME,
        bank=now.allowances + now.gap - now.covered,
        price=history * (observed - price) / PERCEPTION + (1.0 - history) * free,
    )
