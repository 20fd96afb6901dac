"""The carbon market: books, corridor, anticipation, and the loop that it closes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulator.equations.carbon_market import (
    expired,
    market,
    market_price,
    market_rates,
    reserve_price,
    withheld,
)
from simulator.equations.carbon_market_parameters import MarketParameters, MarketState
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.float64(2040.5), 0, np.float64(0.5))
NO = np.zeros(1)


def always(value: Any) -> Schedule:
    start = np.asarray(value, float)[np.newaxis, ..., np.newaxis]
    return Schedule(start, np.zeros_like(start))


def parameters(**changes: Any) -> MarketParameters:
    one = np.ones(1)
    return MarketParameters(
        sectors=np.array([0, 2]),
        power=np.array([[0.0], [0.0]]),
        thermal=np.array([[1.0], [0.0]]),
        coverage=always([1.0, 0.5]),
        counts=always(1.0),
        cap=always(0.5),
        cap_ahead=always(0.5),
        phase=always(1.0),
        phase_ahead=always(1.0),
        before=always(0.0),
        free=always(0.0),
        minimum=always(40.0),
        maximum=always(300.0),
        benchmark_decline=0.01 * one,
        benchmark_time=one,
        offset_share=NO,
        response=0.4 * one,
        horizon=5.0 * one,
        smoothing_time=0.5 * one,
        bank_time=8.0 * one,
        corridor_time=0.5 * one,
        forecast_range=np.array([[0.6], [1.4]]),
        withholding=one,
        reserve_follows=one,
        bidding_range=0.1 * one,
        limited=one,
        carried_base=0.02 * one,
        carried_per_sale=1.5 * one,
        net_sales=0.04 * one,
        expiry_time=one,
    )._replace(**changes)


FOR_GOOD = {"withholding": NO, "limited": NO}
"""All that is offered is sold, and kept as long as its holder likes."""


def state(**changes: Any) -> MarketState:
    """Emissions, reference and benchmark of the first member; the second has none yet."""
    found = {"emissions": 100.0, "reference": 200.0, "benchmark": 2.0} | {
        name: changes.pop(name)
        for name in ("emissions", "reference", "benchmark") & changes.keys()
    }
    each = {name: np.array([[value], [0.0]]) for name, value in found.items()}
    plain = {"bank": 0.0, "price": 100.0} | changes
    return MarketState(**each, **{name: np.array([value]) for name, value in plain.items()})


def rates(
    p: MarketParameters,
    s: MarketState,
    direct: Any,
    *,
    history: float = 0.0,
    activity: float = 50.0,
    when: Clock = NOW,
    policy: float = 0.0,
) -> Any:
    found = market(
        np,
        p,
        when,
        state=s,
        direct=np.asarray(direct, float).reshape(3, 1),
        activity=np.array([[activity], [1.0], [1.0]]),
        generation=np.array([[30.0], [70.0]]),
        policy=np.array([policy]),
    )
    change = market_rates(
        np, p, when, state=s, now=found, observed=np.array([60.0]), history=np.array([history])
    )
    return found, change


def test_only_covered_emissions_need_allowances() -> None:
    found, _ = rates(parameters(), state(), [60.0, 500.0, 40.0])
    assert_allclose(found.covered, 80.0)


@given(
    emitted=st.floats(-50.0, 400.0),
    cap=st.floats(0.0, 1.0),
    bank=st.floats(0.0, 1e3),
    phase=st.floats(0.0, 1.0),
    share=st.floats(0.0, 0.05),
    free=st.floats(0.0, 1.0),
    price=st.floats(0.0, 100.0),
)
def test_what_is_given_is_used_carried_over_cancelled_or_missing(
    *,
    emitted: float,
    cap: float,
    bank: float,
    phase: float,
    share: float,
    free: float,
    price: float,
) -> None:
    p = parameters(
        cap=always(cap),
        cap_ahead=always(cap),
        phase=always(phase),
        offset_share=np.full(1, share),
        free=always(free),
    )
    found, change = rates(p, state(bank=bank, price=price), [emitted, 0.0, 0.0])
    served = found.allowances + found.offsets + found.gap
    used = found.covered + found.withheld + found.expired
    assert_allclose(served - used, change.bank, atol=1e-9)
    assert found.offsets >= 0.0
    assert found.gap >= -1e-9
    assert 0.0 <= found.withheld <= (1.0 - free) * found.allowances + 1e-9
    assert 0.0 <= found.expired <= bank
    assert change.bank >= -bank / 0.25 - bank - 1e-9


def test_at_the_cap_with_an_empty_bank_the_price_stays() -> None:
    found, change = rates(parameters(), state(), [100.0, 0.0, 0.0])
    assert_allclose(found.tightness, 0.0, atol=1e-12)
    assert_allclose(change.price, 0.0, atol=1e-9)


def test_the_price_grows_with_the_shortage() -> None:
    """Emissions steadily a fifth above the cap: 0.4 a year times 0.2."""
    _, change = rates(parameters(), state(emissions=120.0), [120.0, 0.0, 0.0])
    assert_allclose(change.price, 100.0 * 0.4 * 0.2)


def test_a_bank_and_a_fall_ahead_are_reckoned_with() -> None:
    _, change = rates(parameters(), state(bank=80.0), [100.0, 0.0, 0.0])
    assert_allclose(change.price, -100.0 * 0.4 * 0.1)
    falling = parameters(cap_ahead=always(0.4))
    _, change = rates(falling, state(), [100.0, 0.0, 0.0])
    assert_allclose(change.price, 100.0 * 0.4 * 0.25)


def test_the_forecast_is_bounded() -> None:
    found, _ = rates(parameters(), state(), [200.0, 0.0, 0.0])  # doubling at once
    assert_allclose(found.tightness, (140.0 - 100.0) / 100.0)


def test_the_corridor_draws_the_price_back() -> None:
    for price, low in ((30.0, True), (400.0, False)):
        _, change = rates(parameters(response=NO), state(price=price), [100.0, 0.0, 0.0])
        assert_allclose(change.price, (10.0 if low else -100.0) / 0.5)


def test_benchmarks_give_allowances_for_what_is_made() -> None:
    """Before the cap, or without one; traders reckon with the tightening of five years."""
    for free in (
        parameters(phase=always(0.0), phase_ahead=always(0.0)),
        parameters(cap=always(1.0), cap_ahead=always(1.0)),
    ):
        found, change = rates(free, state(), [100.0, 0.0, 0.0], activity=50.0)
        assert_allclose(found.allowances, 2.0 * 50.0)
        assert_allclose(change.price, 100.0 * 0.4 * (np.exp(0.01 * 5.0) - 1.0))
        assert_allclose(change.benchmark, [[-0.01 * 2.0], [0.0]])
        kept = free._replace(**FOR_GOOD)
        cleaner, saved = rates(kept, state(emissions=90.0), [90.0, 0.0, 0.0], activity=50.0)
        assert_allclose(saved.bank, 10.0)
        assert_allclose(cleaner.gap, 0.0)
    half, _ = rates(parameters(phase=always(0.5)), state(), [100.0, 0.0, 0.0], activity=30.0)
    assert_allclose(half.allowances, 0.5 * 2.0 * 30.0 + 0.5 * 0.5 * 200.0)


def test_power_earns_allowances_only_for_what_burns() -> None:
    p = parameters(power=np.array([[1.0], [0.0]]))
    found, _ = rates(p, state(), [100.0, 0.0, 0.0], activity=1e4)
    assert_allclose(found.activity[:, 0], [30.0, 1.0])


def test_offsets_stand_in_for_allowances() -> None:
    p = parameters(offset_share=np.full(1, 0.05))
    found, change = rates(p, state(), [104.0, 0.0, 0.0])
    assert_allclose(found.offsets, 5.2)
    assert_allclose(change.bank, 100.0 + 5.2 - 104.0)


def test_at_the_reserve_price_only_what_is_needed_is_sold() -> None:
    """A hundred for seventy: thirty are too many, and a quarter of all is free."""
    few = parameters(free=always(0.25))
    for price, unsold in ((30.0, 30.0), (40.0, 30.0), (41.0, 22.5), (44.0, 0.0), (90.0, 0.0)):
        found, change = rates(few, state(price=price), [70.0, 0.0, 0.0])
        assert_allclose(found.withheld, unsold, atol=1e-9)
        assert_allclose(change.bank, 30.0 - unsold, atol=1e-9)
    mostly_free = parameters(free=always(0.9))
    found, change = rates(mostly_free, state(price=40.0), [70.0, 0.0, 0.0])
    assert_allclose(found.withheld, 10.0)
    assert_allclose(change.bank, 20.0)
    half = few._replace(withholding=np.full(1, 0.5))
    assert_allclose(rates(half, state(price=40.0), [70.0, 0.0, 0.0])[0].withheld, 15.0)
    short, _ = rates(few, state(price=40.0), [130.0, 0.0, 0.0])
    assert_allclose(short.withheld, 0.0)


def test_sales_fall_without_a_step() -> None:
    """A hair of the price moves a hair of the sales, wherever the price is."""
    prices = np.linspace(30.0, 50.0, 2001)
    sold = np.array(
        [
            rates(parameters(), state(price=price), [70.0, 0.0, 0.0])[0].withheld[0]
            for price in prices
        ]
    )
    steepest = 30.0 / (0.1 * 40.0)
    assert np.all(np.diff(sold) <= 1e-12)
    assert np.abs(np.diff(sold)).max() <= steepest * (prices[1] - prices[0]) * (1.0 + 1e-6)


def test_auctions_take_no_less_than_policy_asks() -> None:
    """Where both count; elsewhere, and where a scenario says so, the corridor alone."""
    policy = np.array([250.0])
    for changes, least in (
        ({}, 250.0),
        ({"reserve_follows": np.full(1, 0.5)}, 125.0),
        ({"reserve_follows": NO}, 40.0),
        ({"counts": always(0.0)}, 40.0),
        ({"minimum": always(300.0)}, 300.0),
    ):
        p = parameters(**changes)
        assert_allclose(reserve_price(np, p, NOW, policy=policy), least)
        _, change = rates(p, state(price=20.0), [100.0, 0.0, 0.0], policy=250.0)
        assert_allclose(change.price, (least - 20.0) / 0.5)
    found, _ = rates(parameters(), state(price=100.0), [70.0, 0.0, 0.0], policy=250.0)
    assert_allclose(found.withheld, 30.0)


def test_what_may_not_be_carried_over_expires() -> None:
    """Two per cent, and one and a half times sales of four: eight of a hundred."""
    for bank, lost in ((5.0, 0.0), (8.0, 0.0), (28.0, 20.0)):
        found, change = rates(parameters(), state(bank=bank), [100.0, 0.0, 0.0])
        assert_allclose(found.expired, lost, atol=1e-9)
        assert_allclose(change.bank, -lost, atol=1e-9)
    slow = parameters(expiry_time=np.full(1, 2.0))
    assert_allclose(rates(slow, state(bank=28.0), [100.0, 0.0, 0.0])[0].expired, 10.0)
    for_good = parameters(**FOR_GOOD)
    assert_allclose(rates(for_good, state(bank=1e4), [100.0, 0.0, 0.0])[0].expired, 0.0)


def test_holdings_settle_at_the_limit_and_what_a_period_adds() -> None:
    """With a steady surplus s the bank tends to its limit and s times the time of expiry."""
    p, s, bank, step = parameters(free=always(1.0)), state(), 0.0, 1e-3
    for _ in range(12_000):
        _, change = rates(p, s._replace(bank=np.full(1, bank)), [70.0, 0.0, 0.0])
        bank += step * float(change.bank[0])
    assert bank == pytest.approx(0.08 * 70.0 + 30.0, rel=1e-4)


def test_without_limit_or_withholding_everything_is_kept() -> None:
    p = parameters(**FOR_GOOD)
    found, change = rates(p, state(price=10.0, bank=500.0), [70.0, 0.0, 0.0], policy=250.0)
    assert_allclose(change.bank, 30.0)
    assert_allclose(found.withheld + found.expired, 0.0)
    assert withheld(
        np, p, NOW, price=NO, reserve=NO + 40.0, allowances=NO + 100.0, surplus=NO + 30.0
    ) == pytest.approx(0.0)
    assert expired(np, p, bank=NO + 1e6, covered=NO) == pytest.approx(0.0)


def test_a_sector_that_joins_is_no_trend() -> None:
    """The second member was emitting before; its coverage alone changes no forecast."""
    both = state()._replace(emissions=np.array([[100.0], [60.0]]))
    for coverage in ([1.0, 0.0], [1.0, 1.0]):
        p = parameters(coverage=always(coverage), cap_ahead=always(0.9))
        found, _ = rates(p, both, [100.0, 0.0, 60.0])
        forecast = (1.0 + found.tightness) * 0.9 * 200.0
        assert_allclose(forecast, found.covered)


def test_the_price_counts_where_it_is_told_to() -> None:
    assert_allclose(market_price(parameters(), NOW, state=state()), 100.0)
    assert_allclose(market_price(parameters(counts=always(0.0)), NOW, state=state()), 0.0)


PAST = Clock(np.float64(2020.5), 0, np.float64(0.5))


def test_history_is_observed_and_the_reference_waits_for_the_cap() -> None:
    found, change = rates(parameters(), state(), [150.0, 0.0, 0.0], history=1.0, when=PAST)
    assert change.price == pytest.approx((60.0 - 100.0) / 0.25)
    assert_allclose(change.reference, 0.0)
    assert_allclose(found.allowances, found.covered)
    assert_allclose(change.bank, 0.0)
    assert change.benchmark[0, 0] == pytest.approx(150.0 / 50.0 - 2.0)
    _, change = rates(parameters(before=always(1.0)), state(), [100.0, 0.0, 40.0])
    assert_allclose(change.reference[:, 0], [(100.0 - 200.0) / 0.25, 40.0 / 0.25])


def test_the_loop_with_capital_is_damped_as_it_should_be() -> None:
    """Emissions answer the price in eight years with an elasticity of 0.4."""
    lag, elasticity = 8.0, 0.4
    p = parameters(horizon=NO, bank_time=np.full(1, 1e12))

    def both(x: np.ndarray) -> np.ndarray:
        emissions, price = x
        _, change = rates(p, state(emissions=emissions, price=price), [emissions, 0.0, 0.0])
        wanted = 100.0 * (price / 100.0) ** -elasticity
        return np.array([(wanted - emissions) / lag, float(change.price[0])])

    centre, step = np.array([100.0, 100.0]), 1e-3
    jacobian = np.column_stack(
        [(both(centre + step * e) - both(centre - step * e)) / (2 * step) for e in np.eye(2)]
    )
    value = np.linalg.eigvals(jacobian)[0]
    damping = -value.real / abs(value)
    assert damping == pytest.approx(1.0 / (2.0 * np.sqrt(0.4 * elasticity * lag)), rel=1e-3)
    assert damping == pytest.approx(0.44, abs=0.01)
