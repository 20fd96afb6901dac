r"""The market for emission allowances: benchmarks, cap, auctions, carry-over and price.

Covered emissions E meet allowances A and offsets O. Until the absolute cap begins, allowances
are benchmarks times activity; then, over some years, the cap takes over: a share c of what the
covered sectors emitted when it was set. A share f is given free, the rest is offered at
auctions with a reserve price R: the lower end of the corridor, or the price floor of policy
where that is higher. At the reserve price nobody buys more than what is needed now, so the
rest W of what was offered is withheld and cancelled; a part above it, everything finds a buyer
who keeps it. What is left is carried over up to a limit, an amount for each firm and a multiple
of net sales; the rest X expires. What is missing is drawn from what was carried over; what that
cannot serve is a gap in compliance. Traders look h years ahead, at the trend of emissions and
at what was announced: the price grows where emissions are expected to exceed the allowances of
then and a part of the bank, inside a corridor.

.. math::

    A = (1 - w) \sum_s \chi_s b_s Q_s + w\,c \sum_s \chi_s E^0_s, \qquad
    \dot b_s = -\beta b_s, \qquad
    \dot B = A + O - E - W - X \ge -B/\tau_d

    W = \omega\,\Big(1 - \frac{P - R}{\delta R}\Big)_0^1 \min\big((1 - f) A,
        (A + O - E)^+\big), \qquad
    X = \lambda\,\big(B - (k_0 + k_1 v) E\big)^+/\tau_x

    E_f = \bar E + h\,\dot{\bar E}, \qquad
    \dot P = \kappa P\,\frac{E_f - (A_h + B/\tau_B)}{A_h}
             + (R - P)^+/\tau_c - (P - P_{max})^+/\tau_c

Balance: allowances + offsets + gap = covered emissions + change of the bank + withheld +
expired, exactly. Price and bank are stocks, so that no price needs the emissions that it causes
on the same day. With :math:`\omega = \lambda = 0` everything is sold and kept for good.

Emissions are averaged by sector before coverage counts, so that a sector that joins is not
taken for a trend. Benchmarks follow the intensity of their sector up to the end of history and
tighten from there; of power, only what burns fuel earns allowances. While observation rules,
the price follows the observed one and what is emitted is allowed. Linearised with a stock of
capital that answers in eight years with an elasticity of 0.4, the loop is damped with a ratio
of 0.44.

References: Rubin (1996), A model of intertemporal emission trading, banking and borrowing,
Journal of Environmental Economics and Management 31. Carry-over: allocation plans of the
Ministry of Ecology and Environment for power 2023 and 2024 (15 October 2024) and for steel,
cement and aluminium 2024 and 2025 (November 2025); there is no borrowing. Auctions and a
reserve are announced in the Opinions of 25 August 2025 without their rules. The reserve price
is California's (17 CCR 95911), where what is unsold is withheld; here it is cancelled, as the
reserve of the EU cancelled what it held beyond its limit. The scenario axis is last.
"""

from typing import Any, NamedTuple

from simulator.equations.carbon_market_parameters import MarketParameters, MarketState
from simulator.equations.schedule import Clock, Schedule, at

Array = Any

NOTHING = 1e-9
"""Covered emissions under which there is no market [Mt CO2/yr]."""


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
    reserve: Array
    """Price under which auctions sell nothing, (S) [CNY/t CO2]."""
    withheld: Array
    """Allowances offered at the reserve price that nobody buys, (S) [Mt CO2/yr]."""
    expired: Array
    """Allowances that may not be carried over, (S) [Mt CO2/yr]."""


DRAWING = 0.5
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


def reserve_price(xp: Any, p: MarketParameters, clock: Clock, *, policy: Array) -> Array:
    """Price under which auctions sell nothing, (S) [CNY/t CO2].

    The price floor of policy, where members pay both it and the market: who has to pay at
    least that for an emission pays no less for an allowance. `policy` is that floor, (S)
    [CNY/t CO2].
    """
    followed = p.reserve_follows * at(p.counts, clock) * policy
    price: Array = xp.maximum(at(p.minimum, clock), followed)
    return price


def withheld(
    xp: Any,
    p: MarketParameters,
    clock: Clock,
    *,
    price: Array,
    reserve: Array,
    allowances: Array,
    surplus: Array,
) -> Array:
    """Auctioned allowances that find no buyer, (S) [Mt CO2/yr].

    Parameters
    ----------
    price, reserve
        Of an allowance, and the least that auctions take, (S) [CNY/t CO2].
    allowances, surplus
        Given and offered, and what of them nobody needs now, (S) [Mt CO2/yr].
    """
    offered = (1.0 - at(p.free, clock)) * allowances
    above = (price - reserve) / xp.maximum(p.bidding_range * reserve, NOTHING)
    unsold: Array = (1.0 - xp.clip(above, 0.0, 1.0)) * xp.minimum(offered, surplus)
    return p.withholding * unsold


def expired(xp: Any, p: MarketParameters, *, bank: Array, covered: Array) -> Array:
    """Allowances beyond what may be carried over, (S) [Mt CO2/yr].

    `bank` is what is kept, (S) [Mt CO2]; `covered` the emissions that the limit is a share of,
    (S) [Mt CO2/yr].
    """
    limit = (p.carried_base + p.carried_per_sale * p.net_sales) * xp.maximum(covered, 0.0)
    lost: Array = p.limited * xp.maximum(bank - limit, 0.0) / p.expiry_time
    return lost


def market(
    xp: Any,
    p: MarketParameters,
    clock: Clock,
    *,
    state: MarketState,
    direct: Array,
    activity: Array,
    generation: Array,
    policy: Array,
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
    policy
        Carbon price that policy sets, (S) [CNY/t CO2].
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
    reserve = reserve_price(xp, p, clock, policy=policy)
    return Market(
        emissions=emissions,
        activity=made,
        covered=covered,
        allowances=allowances,
        offsets=offsets,
        gap=missing - xp.minimum(missing, state.bank / DRAWING),
        tightness=xp.clip(shortage, -TIGHTEST, TIGHTEST),
        reserve=reserve,
        withheld=withheld(
            xp,
            p,
            clock,
            price=state.price,
            reserve=reserve,
            allowances=allowances,
            surplus=xp.maximum(allowances + offsets - covered, 0.0),
        ),
        expired=expired(xp, p, bank=state.bank, covered=covered),
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
    price, low, high = state.price, now.reserve, at(p.maximum, clock)
    corridor = (xp.maximum(low - price, 0.0) - xp.maximum(price - high, 0.0)) / p.corridor_time
    free = p.response * price * now.tightness + corridor
    intensity = now.emissions / xp.maximum(now.activity, NOTHING)
    followed = (intensity - state.benchmark) / p.benchmark_time
    return MarketState(
        emissions=(now.emissions - state.emissions) / p.smoothing_time,
        reference=at(p.before, clock) * (now.emissions - state.reference) / REFERENCE_TIME,
        benchmark=(1.0 - projected) * followed
        - projected * p.benchmark_decline * state.benchmark,
        bank=now.allowances + now.offsets + now.gap - now.covered - now.withheld - now.expired,
        price=history * (observed - price) / PERCEPTION + (1.0 - history) * free,
    )
