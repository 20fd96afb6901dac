"""Heavy machinery: ages leave on time, classes are chosen, users feel what stands."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp
from scipy.stats import gamma

from simulator.equations import heavy_machinery
from simulator.equations.heavy_machinery import (
    HeavyMachineryParameters,
    HeavyMachineryState,
    costs,
    effect,
    needs,
    sales_shares,
    turnover,
)
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.array(2030.0), np.array(0), np.array(0.0))
SERVICE = np.array([[1.1], [0.8], [1.3]])
SHARE = np.array([[[0.6], [0.3], [0.1]], [[0.2], [0.3], [0.5]]])
"""Two families, three classes."""


def one(value: float) -> np.ndarray:
    return np.array([value])


def parameters(**changes: Any) -> HeavyMachineryParameters:
    """Two families and three users: a fleet of plants and two groups."""
    plain = HeavyMachineryParameters(
        lifetime=np.array([[18.0], [12.0]]),
        adjustment_time=one(2.0),
        capital=np.array([[[1.0], [1.1], [1.3]], [[1.0], [1.15], [1.2]]]),
        electricity_use=np.array([[0.008], [0.004]]),
        diesel_use=np.array([[0.012], [0.002]]),
        weight=np.array([[[1.0], [0.8], [0.5]], [[1.0], [0.7], [0.4]]]),
        exponent=one(4.0),
        floor=Schedule(np.array([[0.3]]), np.array([[0.0]])),
        saving=np.array([[0.2], [0.15]]),
        middle=one(0.5),
        hybrid_saving=one(0.15),
        electric_ratio=one(0.33),
        electricity_exposure=np.array([[[0.25], [0.1], [0.0]], [[0.1], [0.0], [0.3]]]),
        diesel_exposure=np.array([[[0.5], [0.4], [0.0]], [[0.1], [0.0], [0.2]]]),
        serves=np.array([[[0.6], [0.4], [0.1]], [[0.2], [0.3], [0.5]]]),
        digital_gain=one(0.1),
        steel_reference=one(1000.0),
        group_of_user=np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        fleet_of_user=np.array([[1.0, 0.0, 0.0]]),
    )
    return plain._replace(**changes)


def machines(total: float = 1.0) -> np.ndarray:
    age = np.array([0.5, 0.3, 0.2])[:, None]
    return total * SHARE[:, :, None] * age


def state() -> HeavyMachineryState:
    return HeavyMachineryState(machines(), SHARE[:, ::-1])


PRICES = {"electricity_price": one(160.0), "diesel_price": one(190.0), "support": one(5.0)}


def turned(held: HeavyMachineryState, **changes: Any) -> Any:
    p = changes.pop("parameters", parameters())
    given_cost = changes.pop("cost", costs(np, p, **PRICES))
    inputs = {"service": SERVICE, "digital": one(0.2), "cost": given_cost} | changes
    return turnover(np, p, NOW, held, **inputs)


@settings(max_examples=40)
@given(st.lists(st.floats(0.0, 2.0), min_size=18, max_size=18), st.floats(0.0, 3.0))
def test_what_comes_less_what_goes_is_the_change(found: list[float], asked: float) -> None:
    held = HeavyMachineryState(np.array(found).reshape(2, 3, 3, 1), SHARE)
    change, flow = turned(held, service=asked * SERVICE)
    assert_allclose(
        change.machines.sum(axis=2), flow.additions - flow.retirements, rtol=1e-9, atol=1e-12
    )
    assert (flow.additions >= 0.0).all()
    assert (change.reference == 0.0).all()


def test_machines_leave_an_erlang_time_after_they_came() -> None:
    start = np.zeros((2, 3, 3, 1))
    start[:, :, 0] = 1.0
    none = {"service": 0.0 * SERVICE}

    def derivative(_: float, y: np.ndarray) -> np.ndarray:
        held = HeavyMachineryState(y.reshape(2, 3, 3, 1), SHARE)
        change, flow = turned(held, **none)
        assert (flow.additions == 0.0).all()
        return np.asarray(change.machines).ravel()

    end = solve_ivp(derivative, (0.0, 11.0), start.ravel(), rtol=1e-9, atol=1e-12).y[:, -1]
    left = end.reshape(2, 3, 3, 1).sum(axis=2)[:, 0, 0]
    expected = [gamma.sf(11.0, 3, scale=life / 3.0) for life in (18.0, 12.0)]
    assert_allclose(left, expected, rtol=1e-6)


def test_stock_that_is_enough_only_replaces_what_retires() -> None:
    p = parameters()
    asked = (p.serves * SERVICE).sum(axis=1) / (1.0 + 0.1 * 0.2)
    held = machines() * asked[:, None, None]
    _, flow = turned(HeavyMachineryState(held, SHARE))
    assert_allclose(flow.additions.sum(axis=1), flow.retirements.sum(axis=1), rtol=1e-12)


def test_costs_by_hand() -> None:
    found = costs(np, parameters(), **PRICES)
    assert_allclose(found[0, 0, 0], 1.0 + 0.008 * 160 + 0.012 * 190)
    assert_allclose(found[0, 1, 0], 1.1 + 0.008 * 0.9 * 160 + 0.012 * 0.85 * 190)
    smart = 1.3 + (0.008 * 0.8 + 0.012 * 0.33) * 160 - 0.012 * 5.0
    assert_allclose(found[0, 2, 0], smart)


def test_equal_costs_and_weights_share_evenly() -> None:
    p = parameters(weight=np.ones((2, 3, 1)))
    found = sales_shares(np, p, np.full((2, 3, 1), 2.0), one(0.0))
    assert_allclose(found, 1.0 / 3.0)


@settings(max_examples=40)
@given(st.floats(0.0, 1.0))
def test_a_floor_holds_and_keeps_the_proportion_of_the_efficient(floor: float) -> None:
    p = parameters()
    cost = costs(np, p, **PRICES)
    free = sales_shares(np, p, cost, one(0.0))
    held = sales_shares(np, p, cost, one(floor))
    assert_allclose(held.sum(axis=1), 1.0)
    expected = np.maximum(free[:, 1:].sum(axis=1), floor)
    assert_allclose(held[:, 1:].sum(axis=1), expected, rtol=1e-9)
    assert_allclose(held[:, 1] * free[:, 2], held[:, 2] * free[:, 1], rtol=1e-9)


def test_needs_by_hand() -> None:
    electricity, diesel, moved = needs(np, parameters(), SHARE)
    first = 1.0 - 0.25 * 0.2 * (0.1 + 0.5 * 0.3)
    second = 1.0 - 0.1 * 0.15 * (0.5 + 0.5 * 0.3)
    assert_allclose(electricity[0, 0], first * second)
    burnt = (1.0 - 0.5 * (0.1 + 0.15 * 0.3)) * (1.0 - 0.1 * (0.5 + 0.15 * 0.3))
    assert_allclose(diesel[0, 0], burnt)
    assert_allclose(moved[0, 0], 0.33 * (0.5 * 0.1 + 0.1 * 0.5))


def test_old_machines_change_nothing_and_history_holds_them() -> None:
    old = np.zeros((2, 3, 1))
    old[:, 0] = 1.0
    electricity, diesel, moved = needs(np, parameters(), old)
    assert (electricity == 1.0).all()
    assert (diesel == 1.0).all()
    assert (moved == 0.0).all()
    past = effect(np, parameters(), state(), 0.0)
    assert all((part == target).all() for part, target in zip(past, (1, 1, 0), strict=True))
    same = effect(np, parameters(), HeavyMachineryState(machines(), SHARE), 1.0)
    assert_allclose(np.stack(same[:2]), 1.0)
    assert_allclose(same.added, 0.0, atol=1e-15)


def test_users_without_heavy_machines_feel_nothing() -> None:
    factor = np.array([[0.9], [0.8], [0.7]])
    found = heavy_machinery.to_users(parameters().group_of_user, factor)
    assert_allclose(found[:, 0], [0.8, 0.7])
    rest = heavy_machinery.to_users(np.zeros((4, 3)), factor)
    assert (rest == 1.0).all()


def outputs(p: HeavyMachineryParameters) -> np.ndarray:
    feels = effect(np, p, state(), 1.0)
    change, flow = turned(state(), parameters=p)
    steel = 1.0 / p.steel_reference
    spread = [heavy_machinery.to_users(m, feels.electricity) for m in p[-2:]]
    parts = (*feels, change.machines, *flow, steel, *spread)
    return np.concatenate([np.ravel(part) for part in parts])


@pytest.mark.parametrize("name", HeavyMachineryParameters._fields)
def test_every_parameter_moves_an_output(name: str) -> None:
    value = getattr(parameters(), name)
    if name == "floor":
        moved = Schedule(np.array([[0.9]]), value.slope)
    elif name == "weight":
        moved = value * np.array([[[1.0], [1.3], [1.0]]])
    else:
        moved = 1.3 * value
    before, after = outputs(parameters()), outputs(parameters(**{name: moved}))
    assert np.abs(after - before).max() > 1e-6
