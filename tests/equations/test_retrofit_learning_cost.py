"""Retrofit conserves, learning follows its curve, costs are annuities."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.equations.cost import (
    capital_recovery,
    conversion_capital,
    supplied_payment,
    unit_cost,
)
from simulator.equations.learning import capital_cost, experience_change, learning_exponent
from simulator.equations.retrofit import Arcs, limit_rate, retrofit, retrofit_rate

ARCS = Arcs(np.array([0, 1]), np.array([1, 2]), np.array([[-1.0, 0], [1, -1], [0, 1]]))


def test_retrofit_empties_the_old_class_and_conserves_the_whole() -> None:
    rate = np.array([[0.07], [0.0]])
    solution = solve_ivp(
        lambda _, y: retrofit(np, ARCS, capacity=y.reshape(2, 3, 1), rate=rate).change.ravel(),
        (0, 12),
        [3.0, 1.0, 0.0, 2.0, 0.5, 0.0],
        rtol=1e-10,
        atol=1e-12,
    )
    end = solution.y[:, -1].reshape(2, 3)
    assert_allclose(end[:, 0], np.array([3.0, 2.0]) * math.exp(-0.07 * 12), rtol=1e-8)
    assert_allclose(end.sum(axis=1), [4.0, 2.5])


def test_retrofit_flow_is_what_moves() -> None:
    moved = retrofit(np, ARCS, capacity=np.ones((2, 3, 1)), rate=np.array([[0.1], [0.2]]))
    assert_allclose(moved.flow[:, 0], [0.2, 0.4])
    assert_allclose(moved.change.sum(axis=1), 0, atol=1e-15)


def rate(gain: float, policy: float = 0.0, availability: float = 1.0) -> float:
    return float(
        retrofit_rate(
            np,
            source_cost=np.float64(100.0),
            target_cost=np.float64(60.0 - gain),
            annual_retrofit_cost=np.float64(40.0),
            maximum=np.float64(0.06),
            availability=np.float64(availability),
            policy=np.float64(policy),
        )
    )


def test_half_of_the_rate_at_break_even_and_all_of_it_far_above() -> None:
    assert_allclose(rate(0.0), 0.03)
    assert_allclose(rate(500.0), 0.06, rtol=1e-6)
    assert rate(-500.0) < 1e-8
    assert_allclose(rate(-500.0, policy=0.02), 0.02, atol=1e-8)
    assert rate(500.0, availability=0.0) == 0.0


def test_the_flow_never_passes_its_limit() -> None:
    limited = limit_rate(
        np,
        rate=np.array([0.5, 0.01]),
        source_capacity=np.array([100.0, 100.0]),
        limit=np.full(2, 5.0),
    )
    assert_allclose(limited, [0.05, 0.01])


@pytest.mark.parametrize("doublings", [0, 1, 3.5])
@pytest.mark.parametrize("learning", [0.1, 0.24])
def test_each_doubling_cuts_the_part_above_the_floor(doublings: float, learning: float) -> None:
    cost = capital_cost(
        np,
        reference_cost=np.float64(3900.0),
        cost_floor=np.float64(900.0),
        experience=np.float64(50 * 2**doublings),
        reference_experience=np.float64(50.0),
        exponent=learning_exponent(np, np.float64(learning)),
    )
    assert_allclose(cost, 900 + 3000 * (1 - learning) ** doublings)


def test_the_world_adds_to_experience() -> None:
    assert_allclose(experience_change(additions=10.0, spill_over=0.85 * 0.75), 16.375)


def test_an_annuity_pays_the_capital_back() -> None:
    recovery = capital_recovery(np, np.float64(0.08), np.float64(25.0))
    worth = sum(recovery / 1.08**year for year in range(1, 26))
    assert_allclose(worth, 1.0)


def test_levelised_cost_adds_every_part() -> None:
    cost = unit_cost(
        capital=1000.0,
        recovery=0.1,
        utilisation=0.8,
        variable=7.0,
        energy=20.0,
        carbon=5.0,
        support=2.0,
    )
    assert_allclose(cost.short_run, 30.0)
    assert_allclose(cost.levelised, 30.0 + 125.0)


def test_capital_of_retrofits_stands_where_they_lead_to() -> None:
    spent = conversion_capital(
        np,
        incidence=ARCS.incidence,
        converted=np.array([[2.0], [3.0]]),
        capital=np.array([[50.0], [700.0]]),
    )
    assert_allclose(spent[:, 0], [0.0, 100.0, 2100.0])


def test_suppliers_are_paid_for_each_carrier_what_it_costs_them() -> None:
    paid = supplied_payment(
        electricity=np.array([[1.0], [0.0]]),
        heat=np.array([[0.0], [10.0]]),
        hydrogen=np.array([[100.0], [0.0]]),
        coal=np.array([[0.0], [20.0]]),
        electricity_price=np.array([2.0]),
        heat_price=np.array([3.0]),
        hydrogen_price=np.array([5.0]),
        coal_cost=np.array([7.0]),
    )
    assert_allclose(paid[:, 0], [502.0, 170.0])
