"""Materials in use and their scrap: balances for any input, exact solutions, limits."""

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from simulator.equations import materials, scrap
from simulator.equations.schedule import Clock, Schedule

Array = NDArray[np.float64]
NOW = Clock(np.float64(2030.5), 0, np.float64(0.0))
amounts = st.floats(0, 1e4, allow_subnormal=False)
shares = st.floats(0, 1)
stocks = arrays(np.float64, (4, 6, 2), elements=amounts)
flows = arrays(np.float64, (6, 2), elements=amounts)


def always(value: Any) -> Schedule:
    """A schedule that stays at `value`, shape ``(..., 1)``."""
    start = np.array(value, dtype=float)[None, ..., None]
    return Schedule(start, np.zeros_like(start))


def column(*values: float) -> Array:
    return np.array(values)[:, None]


def in_use_parameters(**changes: Any) -> materials.MaterialParameters:
    plain = materials.MaterialParameters(
        lifetime=column(38, 35, 20, 15, 60, 22),
        saturation=column(4.6, 2.2, 2.35, 2.25, 50, 0.7),
        maturity=always([1.0, 1.0, 1.0]),
        adjustment_time=column(7.5, 9, 10, 9, 14, 16),
        price_elasticity=column(-0.15, -0.1, -0.2),
        steel_split=column(0.4, 0.1, 0.2, 0.3),
        finishing_yield=np.array([0.925]),
        fabrication_yield=np.array([0.91]),
        aluminium_yield=np.array([0.8]),
        aluminium_new_scrap_recovery=np.array([0.95]),
        observed_output=always([1000.0, 2000.0, 40.0]),
        observed_net_export=always([60.0, 5.0]),
        net_export=always([90.0, 3.0]),
        output_limit=always(1e6),
    )
    return plain._replace(**changes)


def scrap_parameters(**changes: Any) -> scrap.ScrapParameters:
    plain = scrap.ScrapParameters(
        collection=column(0.9, 0.7, 0.9, 0.92),
        reference_collection=np.array([0.87]),
        fabrication_yield=np.array([0.91]),
        new_scrap_recovery=np.array([0.9]),
        full_cover=np.array([4.0]),
        imported=always(2.0),
        cover_time=np.array([0.15]),
        drawdown_time=np.array([0.25]),
        expectation_time=np.array([1.5]),
        reference_price=np.array([2300.0]),
        minimum_price=np.array([1500.0]),
        maximum_price=np.array([3200.0]),
        price_exponent=np.array([0.6]),
        converter_scrap=np.array([0.13]),
        converter_scrap_maximum=np.array([0.25]),
        furnace_scrap=np.array([1.1]),
        reduced_iron_scrap=np.array([0.05]),
    )
    return plain._replace(**changes)


def ask(
    stock: Array, p: materials.MaterialParameters, history: float, **changes: Any
) -> materials.MaterialDemand:
    settings_: dict[str, Any] = {
        "history": np.array([history]),
        "material_efficiency": np.zeros(1),
        "aluminium_collection": np.array([0.7]),
    }
    population = changes.pop("population", np.array([1400.0]))
    return materials.demand(np, stock, population, p, NOW, **(settings_ | changes))


@settings(max_examples=40)
@given(stocks, flows)
def test_goods_are_neither_made_nor_lost(stock: Array, inflow: Array) -> None:
    rates = materials.in_use(np, stock, inflow, in_use_parameters().lifetime)
    assert_allclose(
        rates.change.sum(axis=0),
        inflow - rates.outflow,
        rtol=1e-9,
        atol=1e-9 * (1 + stock.max()),
    )


@settings(max_examples=40)
@given(stocks, flows, st.integers(0, 3), st.integers(0, 5))
def test_an_empty_class_never_falls(stock: Array, inflow: Array, age: int, goods: int) -> None:
    stock[age, goods] = 0
    rates = materials.in_use(np, stock, inflow, in_use_parameters().lifetime)
    assert np.all(rates.change[age, goods] >= 0)


def test_a_pulse_wears_out_along_an_erlang_curve() -> None:
    lifetime = np.full((6, 1), 20.0)
    start = np.zeros((4, 6, 1))
    start[0] = 1.0
    years = np.linspace(0, 60, 241)
    solution = solve_ivp(
        lambda _, y: materials.in_use(
            np, y.reshape(4, 6, 1), np.zeros((6, 1)), lifetime
        ).change.ravel(),
        (0, 60),
        start.ravel(),
        t_eval=years,
        rtol=1e-10,
        atol=1e-12,
    )
    stock = solution.y.reshape(4, 6, -1)[:, 3]
    rate = 4 / 20
    erlang = rate**4 * years**3 * np.exp(-rate * years) / math.factorial(3)
    outflow = materials.wearing_out(stock[:, None, :], lifetime[:1])[0]
    assert_allclose(outflow, erlang, atol=1e-8)
    assert years[np.argmax(outflow)] == pytest.approx(3 * 20 / 4, abs=0.25)
    assert stock.sum(axis=0)[80] == pytest.approx(0.4334701204, rel=1e-8)


@settings(max_examples=40)
@given(stocks, st.floats(0, 1), st.floats(0, 0.3), st.floats(0.5, 2))
def test_steel_sold_is_steel_in_goods_plus_losses_and_exports(
    stock: Array, history: float, efficiency: float, price: float
) -> None:
    asked = ask(
        stock,
        in_use_parameters(),
        history,
        material_efficiency=np.array([efficiency]),
        price_ratio=np.full((3, 1), price),
    )
    exported = history * 60 + (1 - history) * 90
    in_goods = (asked.steel_output - exported) * 0.925 * 0.91
    assert_allclose(in_goods, asked.inflow[:4].sum(axis=0), rtol=1e-9, atol=1e-6)
    assert_allclose(asked.cement_output, asked.inflow[4])
    assert_allclose(
        asked.change.sum(axis=0),
        asked.inflow - asked.outflow,
        rtol=1e-9,
        atol=1e-9 * (1 + stock.max()),
    )


def test_history_makes_what_was_recorded() -> None:
    asked = ask(np.full((4, 6, 1), 100.0), in_use_parameters(), 1.0)
    assert_allclose(asked.steel_output, 1000)
    assert_allclose(asked.inflow[:4, 0], 940 * 0.925 * 0.91 * np.array([0.4, 0.1, 0.2, 0.3]))
    assert_allclose(asked.cement_output, 2000)
    remelted = 0.7 * asked.outflow[5] + 0.95 * asked.inflow[5] * (1 / 0.8 - 1)
    assert_allclose(asked.aluminium_demand, 40 + remelted)


def test_after_history_goods_are_replaced_and_the_gap_closes() -> None:
    stock = np.full((4, 6, 1), 100.0)
    p = in_use_parameters()
    asked = ask(stock, p, 0.0)
    expected = 100 * 4 / p.lifetime + (1400 * p.saturation - 400) / p.adjustment_time
    assert_allclose(asked.inflow, np.maximum(expected, 0))
    assert_allclose(asked.aluminium_demand, asked.inflow[5] / 0.8 + 3)


@settings(max_examples=40)
@given(stocks, st.floats(0, 2000))
def test_limited_output_makes_all_goods_of_steel_wait_alike(stock: Array, most: float) -> None:
    free = ask(stock, in_use_parameters(), 0.0)
    tight = ask(stock, in_use_parameters(output_limit=always(most)), 0.0)
    made = np.minimum(free.steel_output, max(most, 90.0))
    assert_allclose(tight.steel_output, made, rtol=1e-9, atol=1e-6)
    whole = np.maximum(free.inflow[:4].sum(axis=0), 1e-12)
    part = tight.inflow[:4].sum(axis=0) / whole
    assert_allclose(tight.inflow[:4], free.inflow[:4] * part, rtol=1e-9, atol=1e-9)
    assert_allclose(tight.inflow[4:], free.inflow[4:])


def test_recorded_output_is_not_limited() -> None:
    stock = np.full((4, 6, 1), 100.0)
    asked = ask(stock, in_use_parameters(output_limit=always(500.0)), 1.0)
    assert_allclose(asked.steel_output, 1000)


def test_saturated_goods_are_only_replaced() -> None:
    p = in_use_parameters()
    stock = np.repeat((1400 * p.saturation / 4)[None], 4, axis=0)
    asked = ask(stock, p, 0.0)
    assert_allclose(asked.change, 0, atol=1e-9)
    assert_allclose(asked.inflow, 1400 * p.saturation / p.lifetime)


def test_far_too_many_goods_stop_purchases_but_not_below_zero() -> None:
    asked = ask(np.full((4, 6, 1), 1e6), in_use_parameters(), 0.0)
    assert np.all(asked.inflow == 0)
    assert_allclose(asked.steel_output, 90)


def test_efficiency_and_price_lower_demand_by_what_they_say() -> None:
    stock = np.full((4, 6, 1), 100.0)
    p = in_use_parameters()
    plain = ask(stock, p, 0.0)
    lean = ask(stock, p, 0.0, material_efficiency=np.array([0.1]))
    assert_allclose(plain.inflow - lean.inflow, 0.1 * 1400 * p.saturation / p.adjustment_time)
    dear = ask(stock, p, 0.0, price_ratio=column(1.2, 1.5, 2.0))
    ratio = (dear.inflow / plain.inflow)[:, 0]
    assert_allclose(ratio[:4], 1.2**-0.15)
    assert_allclose(ratio[4:], [1.5**-0.1, 2.0**-0.2])


def test_half_the_maturity_closes_half_the_gap() -> None:
    p = in_use_parameters(maturity=always([0.5, 1.0, 1.0]))
    inflow = ask(np.zeros((4, 6, 1)), p, 0.0).inflow
    full = 1400 * p.saturation / p.adjustment_time
    assert_allclose(inflow[:4], full[:4] / 2)
    assert_allclose(inflow[4:], full[4:])


class Market(NamedTuple):
    supply: scrap.ScrapSupply
    state: scrap.ScrapMarket


def trade(pool: float, use: float, inflow: Array, outflow: Array, **changes: Any) -> Market:
    p = scrap_parameters(**changes)
    amount = np.array([pool])
    cover = scrap.pool_cover(np, amount, np.array([use]), p)
    supplied = scrap.supply(
        np, cover, p, NOW, inflow=inflow, outflow=outflow, collection=np.array([0.87])
    )
    return Market(supplied, scrap.market(np, amount, cover, supplied.total, p))


@settings(max_examples=60)
@given(st.floats(0, 500), st.floats(0, 500), flows, flows, st.tuples(amounts, amounts, amounts))
def test_scrap_balances_and_an_empty_pool_never_falls(
    pool: float, use: float, inflow: Array, outflow: Array, outputs: tuple[float, float, float]
) -> None:
    p = scrap_parameters()
    converter, furnace, reduced = outputs
    for level in (pool, 0.0):
        now = trade(level, use, inflow, outflow)
        rates = scrap.balance(
            np,
            np.array([use]),
            now.supply.total,
            now.state,
            p,
            converter_output=np.array([converter]),
            furnace_output=np.array([furnace]),
            reduced_iron_output=np.array([reduced]),
        )
        supplied = now.supply.old + now.supply.new + now.supply.imported
        wanted = now.state.converter_scrap * converter + 1.1 * furnace + 0.05 * reduced
        assert_allclose(rates.pool_change, supplied - rates.use, rtol=1e-9, atol=1e-9)
        total = np.broadcast_to(wanted, rates.use.shape)
        assert_allclose(rates.use + rates.unmet, total, rtol=1e-9, atol=1e-9)
        assert np.all(rates.use <= now.state.available * (1 + 1e-12))
        assert np.all(rates.unmet >= -1e-9)
        assert_allclose(rates.expected_use_change, (rates.use - use) / 1.5)
        assert np.all(rates.pool_change >= -level / 0.25 - 1e-6)


def test_scrap_supply_is_collection_times_what_wears_out() -> None:
    outflow, inflow = column(10, 20, 30, 40, 500, 9), column(100, 100, 100, 100, 500, 9)
    none = trade(0.0, 100.0, inflow, outflow).supply
    assert_allclose(none.old, 0.9 * 10 + 0.7 * 20 + 0.9 * 30 + 0.92 * 40)
    assert_allclose(none.new, 0.9 * 400 * (1 / 0.91 - 1))
    full = trade(4 * 15.0, 100.0, inflow, outflow).supply
    assert_allclose(full.old, none.old / 2)
    assert_allclose(full.old + full.left, none.old)


def test_collection_policy_shrinks_losses_alike() -> None:
    base = np.array([0.9, 0.7])
    assert_allclose(scrap.collection_share(base, 0.87, 0.87), base)
    assert_allclose(scrap.collection_share(base, 0.935, 0.87), [0.95, 0.85])
    assert_allclose(scrap.collection_share(base, 1.0, 0.87), 1)


def test_price_follows_cover_between_its_bounds() -> None:
    nothing = np.zeros((6, 1))
    for pool, price in ((15.0, 2300.0), (30.0, 2300 * 2**-0.6), (150.0, 1500.0), (0.1, 3200.0)):
        assert_allclose(trade(pool, 100.0, nothing, nothing).state.price, price)


def test_converters_take_the_reference_at_cover_one_and_saturate() -> None:
    nothing = np.zeros((6, 1))
    taken = [
        float(trade(pool, 100.0, nothing, nothing).state.converter_scrap[0])
        for pool in (0.0, 15.0, 15e6)
    ]
    assert_allclose(taken, [0, 0.13, 0.25], atol=1e-6)


def test_furnaces_get_what_converters_leave() -> None:
    inflow, outflow = np.zeros((6, 1)), column(100, 0, 0, 0, 0, 0)
    now = trade(15.0, 100.0, inflow, outflow)
    limit = scrap.furnace_limit(
        np,
        now.state,
        scrap_parameters(),
        converter_output=np.array([300.0]),
        reduced_iron_output=np.array([40.0]),
    )
    supplied = 90 / (1 + 1 / 16) + 2 + 15 / 0.25
    assert_allclose(limit, (supplied - 0.13 * 300 - 0.05 * 40) / 1.1)
    starved = scrap.furnace_limit(
        np,
        now.state,
        scrap_parameters(),
        converter_output=np.array([1e5]),
        reduced_iron_output=np.zeros(1),
    )
    assert_allclose(starved, 0)
