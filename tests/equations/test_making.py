"""Makers follow sales: what is bought adds up, and indices move with what makers plan."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulator.equations import making
from simulator.equations.making import MakerState, MakingParameters
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.array(2030.0), np.array(0), np.array(0.0))
ORDERED = (
    "vehicle",
    "exported_vehicle",
    "machine",
    "power_battery",
    "storage_hours",
    "exports",
)
"""Parameters of what is asked for; the others concern heat and delay."""

AMOUNT = st.floats(0.0, 50.0)


def always(*values: float) -> Schedule:
    start = np.array(values)[np.newaxis, :, np.newaxis]
    return Schedule(start, 0.0 * start)


def single(value: float) -> Schedule:
    return Schedule(np.array([[value]]), np.array([[0.0]]))


def parameters(**changes: Any) -> MakingParameters:
    plain = MakingParameters(
        vehicle=np.array([[1.5], [9.0], [2.0], [6.0]]),
        exported_vehicle=np.array([1.7]),
        machine=np.arange(1.0, 9.0)[:, np.newaxis] * 1e5,
        power_battery=np.array([[0.0], [1.0], [0.0]]),
        storage_hours=single(4.0),
        exports=always(6.0, 400.0, 500.0),
        group=np.array([[[1.0], [0.0]], [[0.0], [1.0]], [[0.0], [0.0]], [[0.0], [0.0]]]),
        heat_share=np.array([[[0.3], [0.0]], [[0.1], [0.0]], [[0.0], [0.0]], [[0.0], [0.0]]]),
        last_heat=np.array([[1.1], [1.2]]),
        perception_time=np.array([0.5]),
    )
    return plain._replace(**changes)


def asked(p: MakingParameters, **changes: Any) -> np.ndarray:
    inputs = {
        "vehicles": np.array([[20.0], [0.2], [2.0], [1.0]]),
        "machines": np.full((8, 1), 0.1),
        "batteries": np.array([600.0]),
        "storage": np.array([[7.0], [50.0], [11.0]]),
        "aluminium": np.array([43.0]),
    } | changes
    return np.asarray(making.output(np, p, NOW, **inputs))


def test_goods_count_by_what_making_them_takes() -> None:
    expected = [
        [20 * 1.5 + 0.2 * 9 + 2 * 2 + 6 + 6 * 1.7],
        [360 + 400],
        [600 + 4 * 50 + 500],
        [43],
    ]
    assert_allclose(asked(parameters()), expected, rtol=1e-12)


@given(st.lists(AMOUNT, min_size=4, max_size=4), AMOUNT)
def test_what_two_kinds_take_adds_up(bought: list[float], more: float) -> None:
    p, column = parameters(), np.array(bought)[:, np.newaxis]
    extra = np.array([[more], [0.0], [0.0], [0.0]])
    whole, part = asked(p, vehicles=column + extra), asked(p, vehicles=column)
    assert_allclose(whole[0] - part[0], more * 1.5, rtol=1e-9, atol=1e-9)
    assert_allclose(whole[1:], part[1:], rtol=1e-12)


@pytest.mark.parametrize("field", ORDERED)
def test_every_parameter_moves_what_is_asked_for(field: str) -> None:
    p = parameters()
    known = getattr(p, field)
    is_series = isinstance(known, Schedule)
    twice = Schedule(2.0 * known.start, known.slope) if is_series else 2.0 * known
    assert not np.allclose(asked(p), asked(p._replace(**{field: twice})))


def test_plans_follow_a_step_of_sales_exactly() -> None:
    """After a step, what makers plan closes the gap as an exponential of their delay."""
    p, target, steps = parameters(), np.array([[200.0], [100.0], [50.0], [10.0]]), 4000
    plan, index = np.full((4, 1), 100.0), np.zeros((4, 1))
    step = 2.0 / steps
    for _ in range(steps):
        middle = plan + 0.5 * step * making.perceived_change(p, plan, target)
        index = index + step * making.growth(np, p, middle, target)
        plan = plan + step * making.perceived_change(p, middle, target)
    exact = target + (100.0 - target) * np.exp(-2.0 / 0.5)
    assert_allclose(plan, exact, rtol=1e-6)
    assert_allclose(np.exp(index), plan / 100.0, rtol=1e-5)


def test_nothing_sold_is_no_growth_but_a_fall() -> None:
    p = parameters()
    plan = np.array([[10.0], [20.0], [30.0], [40.0]])
    assert_allclose(making.growth(np, p, plan, plan), 0.0, atol=1e-15)
    assert_allclose(making.growth(np, p, plan, 0.0 * plan), -2.0, rtol=1e-12)


def heat(p: MakingParameters, **changes: Any) -> np.ndarray:
    then = np.array([[100.0], [200.0], [300.0], [400.0]])
    planned = changes.pop("planned", then * np.array([[1.5], [0.5], [9.0], [9.0]]))
    inputs = {
        "intensity": np.array([[0.8], [0.9]]),
        "index": np.array([[1.32], [0.6]]),
        "projected": np.array([1.0]),
    } | changes
    return np.asarray(making.heat_factor(np, p, MakerState(planned, then), **inputs))


def test_heat_of_makers_moves_with_their_output_and_the_rest_with_its_index() -> None:
    expected = 1.0 + 0.3 * (1.5 * 0.8 * 1.1 / 1.32 - 1.0) + 0.1 * (0.5 * 0.9 * 1.1 / 1.32 - 1.0)
    assert_allclose(heat(parameters()), [[expected], [1.0]], rtol=1e-12)
    assert_allclose(heat(parameters(), projected=np.array([0.0])), 1.0, rtol=1e-15)


@pytest.mark.parametrize("field", ["group", "heat_share", "last_heat"])
def test_every_parameter_moves_the_heat_of_makers(field: str) -> None:
    p = parameters()
    assert not np.allclose(heat(p), heat(p._replace(**{field: 0.5 * getattr(p, field)})))
