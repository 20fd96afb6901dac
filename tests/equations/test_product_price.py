"""Prices of products: what plants cost, what is passed on, and what buyers and makers see."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulator.equations.product_price import (
    LEAST,
    MOST,
    ProductPriceParameters,
    ProductPriceState,
    average_cost,
    energy_cost,
    group_response,
    machinery_cost_increase,
    perceived_change,
    price_ratio,
)

PRICE = 200.0


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, np.newaxis]


def cost(
    free: float, output: tuple[float, ...] = (30.0, 70.0), standing: float = 100.0
) -> float:
    """Two plants that cost 3000 and 4000 before carbon and emit 2 and 0.5 t/t."""
    direct = column(2.0, 0.5)
    levelised = column(3000.0, 4000.0) + PRICE * direct
    found = average_cost(
        np,
        levelised=levelised,
        direct=direct,
        free_value=np.full((1, 1), free * PRICE),
        output=column(*output),
        capacity=np.full((2, 1), standing),
    )
    return float(found[0])


def test_the_cost_is_that_of_what_is_made_with_what_is_not_free() -> None:
    plain, emitted = 0.3 * 3000.0 + 0.7 * 4000.0, 0.3 * 2.0 + 0.7 * 0.5
    assert cost(0.0) == pytest.approx(plain + PRICE * emitted, rel=1e-5)
    assert cost(1.0) == pytest.approx(plain, rel=1e-5)
    assert cost(0.4) == pytest.approx(plain + 0.6 * PRICE * emitted, rel=1e-5)


def test_plants_that_stand_idle_count_only_where_nothing_runs() -> None:
    assert cost(1.0, output=(0.0, 0.0)) == pytest.approx(3500.0)
    assert cost(1.0, output=(1e-1, 0.0)) == pytest.approx(3000.0, rel=1e-3)
    assert cost(1.0, output=(0.0, 0.0), standing=0.0) == 0.0


def parameters() -> ProductPriceParameters:
    return ProductPriceParameters(
        level=column(3000.0, 400.0, 20000.0),
        perception_time=np.array([2.0]),
        machinery_share=column(0.12, 0.0, 0.03),
        groups=np.array([1, 3]),
        group_place=np.eye(4)[:, [1, 3]],
        group_elasticity=np.array([-0.3]),
        energy_share=np.array([0.5]),
    )


def state(change: float) -> ProductPriceState:
    reference = column(3300.0, 350.0, 19000.0)
    energy = column(800.0, 50.0)
    return ProductPriceState(reference + change, reference, energy, energy)


def test_a_change_of_cost_moves_the_market_price_by_as_much() -> None:
    assert_allclose(price_ratio(np, parameters(), state(0.0)), 1.0)
    found = price_ratio(np, parameters(), state(300.0))
    assert_allclose(found[:, 0], [1.1, 1.75, 1.015])


@given(st.floats(-1e5, 1e5))
def test_relative_prices_stay_where_the_answer_holds(change: float) -> None:
    found = price_ratio(np, parameters(), state(change))
    assert np.all((found >= LEAST) & (found <= MOST))


def test_buyers_learn_in_the_time_that_it_takes() -> None:
    p, now = parameters(), state(0.0)
    target, step = now.reference + 100.0, 1.0 / 256
    for _ in range(2 * 256):
        change = perceived_change(p, now, cost=target, energy=now.energy)
        assert_allclose(change.energy, 0.0)
        assert_allclose(change.reference, 0.0)
        now = now._replace(perceived=now.perceived + step * change.perceived)
    assert_allclose(now.perceived, target - 100.0 * np.exp(-1.0), rtol=1e-4)


def test_chemicals_cost_their_energy_and_the_carbon_that_is_not_free() -> None:
    found = energy_cost(
        np,
        energy=np.array([[[10.0], [4.0]], [[2.0], [0.0]]]),
        prices=np.array([[[50.0]], [[150.0]]]),
        emissions=column(1.5, 0.5),
        paid=np.array([100.0]),
        activity=column(2.0, 0.5),
    )
    assert_allclose(found[:, 0], [(500.0 + 300.0 + 150.0) / 2.0, (200.0 + 50.0) / 0.5])


def test_only_chemicals_answer_and_by_the_share_of_energy() -> None:
    plain = state(0.0)
    assert_allclose(group_response(np, parameters(), plain), 1.0)
    dear = plain._replace(energy=plain.energy * column(1.4, 0.6))
    found = group_response(np, parameters(), dear)
    assert_allclose(found[:, 0], [1.0, 1.2**-0.3, 1.0, 0.8**-0.3])


def test_machines_cost_more_by_their_shares() -> None:
    rise = machinery_cost_increase(column(1.1, 5.0, 1.2), parameters().machinery_share)
    assert_allclose(rise, 0.12 * 0.1 + 0.03 * 0.2)
