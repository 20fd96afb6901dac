"""Traction batteries: none appears or vanishes, they wear out on time, all end somewhere."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp
from scipy.stats import gamma

from simulator.equations.battery_life import BatteryLifeParameters, BatteryState, flows
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.array(2030.0), np.array(0), np.array(0.0))
AMOUNT = st.floats(0.0, 1000.0)


def one(value: float) -> np.ndarray:
    return np.array([value])


def parameters(**changes: Any) -> BatteryLifeParameters:
    plain = BatteryLifeParameters(
        first_life=one(8.0),
        replacement_time=one(0.5),
        formal_share=one(0.6),
        second_share=Schedule(np.array([[0.3]]), np.array([[0.0]])),
        second_life=one(6.0),
        capacity_left=one(0.8),
        recycling_yield=one(0.92),
    )
    return plain._replace(**changes)


def state() -> BatteryState:
    return BatteryState(np.array([[300.0], [200.0], [100.0]]), one(50.0))


def moved(held: BatteryState, **changes: Any) -> Any:
    p = changes.pop("parameters", parameters())
    inputs = {"new": one(120.0), "needed": one(580.0), "collection": one(0.9)} | changes
    return flows(np, p, NOW, held, **inputs)


@given(st.lists(AMOUNT, min_size=4, max_size=4), AMOUNT, AMOUNT, st.floats(0.0, 1.0))
def test_batteries_balance(
    found: list[float], new: float, needed: float, collection: float
) -> None:
    held = BatteryState(np.array(found[:3])[:, np.newaxis], one(found[3]))
    change, flow = moved(held, new=one(new), needed=one(needed), collection=one(collection))
    assert_allclose(change.in_use.sum(axis=0), flow.made - flow.out, rtol=1e-9, atol=1e-6)
    again = 0.8 * (flow.to_second_life - flow.from_second_life)
    assert_allclose(change.second_life, again, rtol=1e-9, atol=1e-9)
    ends = flow.lost + flow.to_second_life + flow.recycled - flow.from_second_life
    assert_allclose(ends, flow.out, rtol=1e-9, atol=1e-9)
    assert all((part >= -1e-9).all() for part in flow)


def test_batteries_wear_out_by_an_erlang_law() -> None:
    def derivative(_: float, y: np.ndarray) -> np.ndarray:
        held = BatteryState(y[:3, np.newaxis], one(0.0))
        change, _ = moved(held, new=one(0.0), needed=held.in_use.sum(axis=0))
        return np.asarray(change.in_use)[:, 0]

    end = solve_ivp(derivative, (0.0, 7.0), [100.0, 0.0, 0.0], rtol=1e-10, atol=1e-10).y[:, -1]
    assert_allclose(end.sum(), 100.0 * gamma.sf(7.0, 3, scale=8.0 / 3.0), rtol=1e-7)


def test_second_life_fades_and_ends_with_recyclers() -> None:
    held = BatteryState(np.zeros((3, 1)), one(50.0))
    change, flow = moved(held, new=one(0.0), needed=one(0.0))
    assert_allclose(change.second_life, -50.0 / 6.0)
    assert_allclose(flow.recycled, 50.0 / 6.0 / 0.8)
    assert_allclose(flow.regained, 0.92 * flow.recycled)


def test_a_gap_is_replaced_and_a_surplus_leaves() -> None:
    _, short = moved(state(), needed=one(610.0))
    assert_allclose(short.made, 120.0 + 10.0 / 0.5)
    _, long = moved(state(), needed=one(590.0))
    worn = 100.0 * 3.0 / 8.0
    assert_allclose(long.made, 120.0)
    assert_allclose(long.out, worn + 10.0 / 0.5)


def test_all_collected_and_none_used_again_is_recycled() -> None:
    p = parameters(
        formal_share=one(1.0), second_share=Schedule(np.zeros((1, 1)), np.zeros((1, 1)))
    )
    held = state()._replace(second_life=one(0.0))
    _, flow = moved(held, parameters=p, collection=one(1.0))
    assert_allclose(flow.recycled, flow.out)
    assert_allclose(flow.lost, 0.0, atol=1e-12)


@pytest.mark.parametrize("name", BatteryLifeParameters._fields)
def test_every_parameter_moves_an_output(name: str) -> None:
    value = getattr(parameters(), name)
    other = Schedule(1.2 * value.start, value.slope) if name == "second_share" else 1.2 * value
    before, after = moved(state()), moved(state(), parameters=parameters(**{name: other}))
    gaps = [
        abs(a - b).max()
        for one_, two in zip(before, after, strict=True)
        for a, b in zip(one_, two, strict=True)
    ]
    assert max(gaps) > 1e-3
