"""Fleet kernel: balances for any input, exact solutions, limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from simulator.equations import fleet
from simulator.equations.fleet import Chain

Array = NDArray[np.float64]


def chain(classes: int, lifetime: float, places: int = 4) -> Chain:
    """Chain of one fleet with one technology, padded to `places` age classes."""
    age = np.arange(1, places + 1)[:, None, None, None]
    return Chain(
        transfer=np.full((1, 1, 1), classes / lifetime),
        passes=(age < classes).astype(float),
        leaves=(age == classes).astype(float),
        age_weight=np.where(age <= classes, 2.0 * age / (classes + 1), 0.0),
    )


def age(capacity: Array, installed: float, hazard: float, links: Chain) -> fleet.Ageing:
    return fleet.ageing(
        np,
        links,
        capacity=capacity.reshape(4, 1, 1, 1),
        installations=np.full((1, 1, 1), installed),
        hazard=np.full((4, 1, 1, 1), hazard),
        retrofit_change=np.zeros((4, 1, 1, 1)),
    )


def run(
    initial: list[float], years: float, links: Chain, installed: float = 0, hazard: float = 0
) -> Array:
    solution = solve_ivp(
        lambda _, y: age(y, installed, hazard, links).change.ravel(),
        (0, years),
        initial,
        rtol=1e-11,
        atol=1e-12,
    )
    return solution.y[:, -1]


@settings(max_examples=50)
@given(
    arrays(np.float64, 4, elements=st.floats(0, 1e4, allow_subnormal=False)),
    st.floats(0, 1e3),
    st.floats(0, 1),
    st.integers(1, 4),
    st.floats(1, 80),
)
def test_nothing_is_created_or_lost(
    capacity: Array, installed: float, hazard: float, classes: int, lifetime: float
) -> None:
    capacity[classes:] = 0
    aged = age(capacity, installed, hazard, chain(classes, lifetime))
    gap = aged.change.sum() - (installed - aged.natural.sum() - aged.early.sum())
    assert abs(gap) <= 1e-12 * (1 + installed + np.abs(aged.change).sum() + capacity.sum())
    assert np.all(aged.change[classes:] == 0)
    assert np.all(aged.change.ravel()[capacity == 0] >= 0)


def test_one_class_decays_exponentially() -> None:
    assert_allclose(run([5, 0, 0, 0], 7, chain(1, 12)).sum(), 5 * math.exp(-7 / 12), rtol=1e-8)


@pytest.mark.parametrize("hazard", [0.0, 0.03])
def test_a_young_stock_survives_as_erlang(hazard: float) -> None:
    left = run([1, 0, 0, 0], 20, chain(4, 20), hazard=hazard).sum()
    survival = math.exp(-4) * sum(4**j / math.factorial(j) for j in range(4))
    assert_allclose(survival, 0.4334701204, atol=1e-10)
    assert_allclose(left, survival * math.exp(-20 * hazard), rtol=1e-8)


def test_constant_installations_fill_the_classes_evenly() -> None:
    end = run([0, 0, 0, 0], 2000, chain(4, 25), installed=3.0)
    assert_allclose(end, 3.0 * 25 / 4, rtol=1e-7)
    assert_allclose(age(end, 3.0, 0.0, chain(4, 25)).natural.sum(), 3.0, rtol=1e-7)


@pytest.mark.parametrize("growth", [0.02, 0.05, 0.08])
def test_growth_tilts_the_age_classes(growth: float) -> None:
    rate = 4 / 20
    ratio = rate / (rate + growth)
    profile = ratio ** np.arange(4)
    first = profile[0]
    installed = (rate + growth) * first
    change = age(profile, installed, 0.0, chain(4, 20)).change.ravel()
    assert_allclose(change, growth * profile)
    retired = rate * profile[-1]
    assert_allclose(retired / installed, ratio**4)


def test_closure_hazard_matches_its_two_anchors() -> None:
    def hazard(relative: float, utilisation: float) -> float:
        return fleet.closure_hazard(
            np,
            economic_rate=np.float64(0.08),
            relative_cost=np.float64(relative),
            idle_rate=np.float64(0.10),
            idle_below=np.float64(0.60),
            utilisation=np.float64(utilisation),
        )

    assert_allclose(hazard(1.15, 0.9), 0.04)
    assert_allclose(hazard(0.85, 0.9), 0.0018, atol=1e-4)
    assert_allclose(hazard(0.0, 0.3), 0.05, rtol=1e-4)


def test_expected_demand_is_right_in_steady_growth() -> None:
    growth, smoothing, trend = 0.04, 1.5, 4.0
    demand = 100.0
    expected = demand / (1 + growth * smoothing)
    reference = expected / (1 + growth * trend)
    outlook = fleet.expectation(
        np,
        demand=np.full((1, 1), demand),
        expected=np.full((1, 1), expected),
        reference=np.full((1, 1), reference),
        smoothing_time=np.full((1, 1), smoothing),
        trend_time=np.full((1, 1), trend),
        lead_time=np.full((1, 1), 2.0),
        growth_limit=np.full((1, 1), 0.1),
    )
    assert_allclose(outlook.change, growth * expected)
    assert_allclose(outlook.reference_change, growth * reference)
    assert_allclose(outlook.demand, expected * (1 + growth * (smoothing + 2.0)))


def test_a_shrinking_fleet_orders_nothing() -> None:
    orders = fleet.capacity_gap(
        np,
        required=np.array([[50.0], [100.0]]),
        capacity=np.array([[90.0], [80.0]]),
        pipeline=np.array([[5.0], [10.0]]),
        retirement=np.array([[4.0], [3.0]]),
        adjustment_time=np.full((2, 1), 2.0),
    )
    assert_allclose(orders[:, 0], [0.0, 3.0 + 5.0])


def test_construction_delays_or_passes_through() -> None:
    works = fleet.construction(
        np,
        orders=np.array([[[4.0], [4.0]]]),
        pipeline=np.array([[[6.0], [0.0]]]),
        construction_time=np.array([[[3.0], [0.0]]]),
    )
    assert_allclose(works.installations.ravel(), [2.0, 4.0])
    assert_allclose(works.pipeline_change.ravel(), [2.0, 0.0])


def test_intensity_relaxes_to_what_is_built_and_to_its_floor() -> None:
    def change(state: Array) -> Array:
        capacity, intensity = state
        return np.array(
            [
                2.0 - 0.1 * capacity,
                fleet.intensity_change(
                    intensity=intensity,
                    capacity_outflow_rate=0.1,
                    installations=2.0,
                    new_intensity=0.8,
                    improvement=0.05,
                    floor=0.7,
                    capacity=capacity,
                ),
            ]
        )

    solution = solve_ivp(lambda _, y: change(y), (0, 400), [20.0, 20.0], rtol=1e-10, atol=1e-12)
    capacity, intensity = solution.y[:, -1]
    assert_allclose(intensity / capacity, (0.1 * 0.8 + 0.05 * 0.7) / 0.15, rtol=1e-7)
