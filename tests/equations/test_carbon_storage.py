"""Carbon storage: balance, ramp limit, exact approach to the target, cost within its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.equations import carbon_storage as storage
from simulator.model.assembly.removal import storage_parameters, storage_state
from simulator.model.values import Values
from simulator.reading.parameters import load_parameters

flows = st.floats(0, 5e3, allow_subnormal=False)


@pytest.fixture(scope="module")
def values():
    return Values([load_parameters()])


@pytest.fixture(scope="module")
def p(values):
    return storage_parameters(values)


def state(injection, construction, expected, stored=0.0):
    return storage.StorageState(
        *(np.array([float(x)]) for x in (injection, construction, expected, stored))
    )


def rates(p, before, wanted=0.0, captured=0.0):
    return storage.storage_change(
        np, p, before, wanted=np.array([wanted]), captured=np.array([captured])
    )


@settings(max_examples=50)
@given(flows, flows, flows)
def test_orders_are_the_only_source_and_stay_within_the_ramp(
    p, injection, construction, expected
):
    change = rates(p, state(injection, construction, expected))
    orders = (change.injection + change.construction).item()
    network = injection + construction
    assert orders >= -1e-9 * (1 + network)
    assert orders <= p.growth.item() * network + p.seed.item() + 1e-9 * (1 + network)
    if construction == 0:
        assert change.construction.item() >= 0


def test_no_capture_no_orders(p):
    change = rates(p, state(2, 0, 0))
    assert change.injection.item() == 0
    assert change.construction.item() == 0


def test_ramp_is_growth_and_seed(p):
    change = rates(p, state(10, 6, 1000))
    completed = 6 / p.construction_time.item()
    assert change.injection.item() == pytest.approx(completed)
    assert (change.construction + change.injection).item() == pytest.approx(0.30 * 16 + 1)


def test_network_approaches_its_target_exactly(p):
    """With a ramp that never binds, injection and construction together close the gap."""
    free = p._replace(growth=np.array([1e6]))
    expected, years = 100.0, 5.0

    def slope(_, y):
        change = rates(free, state(y[0], y[1], expected))
        return [change.injection.item(), change.construction.item()]

    end = solve_ivp(slope, (0, years), [20.0, 10.0], rtol=1e-10, atol=1e-10).y[:, -1]
    target = p.margin.item() * expected
    exact = target - (target - 30.0) * np.exp(-years / p.planning_time.item())
    assert_allclose(end.sum(), exact, rtol=1e-8)


def test_network_never_outgrows_its_limit(p):
    change = rates(p, state(p.maximum_injection.item(), 0, 1e6))
    assert (change.injection + change.construction).item() == 0


def test_planners_smooth_what_they_see_and_stores_fill(p):
    change = rates(p, state(1, 1, 10), wanted=25, captured=7)
    assert change.expected.item() == pytest.approx(15 / p.expectation_time.item())
    assert change.stored.item() == 7


@settings(max_examples=50)
@given(flows, flows)
def test_capture_never_exceeds_injection(wanted, injection):
    share = storage.capture_share(
        np, wanted=np.array([wanted]), injection=np.array([injection])
    )
    assert 0 <= share.item() <= 1
    assert wanted * share.item() <= injection * (1 + 1e-12)
    if wanted <= injection and injection > 1e-9:
        assert share.item() == pytest.approx(1)


def test_cost_falls_with_size_between_limits(p):
    size = np.array([0.0, 1.0, 50.0, 100.0, 1e4])
    cost = storage.transport_cost(np, p, injection=size)
    assert cost[2] == pytest.approx(155)
    assert cost[3] == pytest.approx(155 * 2**-0.2)
    assert cost[0] == cost[1] == 200
    assert cost[4] == 80
    assert np.all(np.diff(cost) <= 0)


def test_2020_has_two_megatonnes(values):
    start = storage_state(values)
    assert start.injection.item() == 2
    assert start.stored.item() == 0
