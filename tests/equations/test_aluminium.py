"""Aluminium: metal balances, the ceiling binds, electrolysis emits what is published."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.equations import aluminium
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.float64(2030.5), 0, np.float64(0.0))


def always(value: Any) -> Schedule:
    start = np.array(value, dtype=float)[None, ..., None]
    return Schedule(start, np.zeros_like(start))


def parameters(**changes: Any) -> aluminium.AluminiumParameters:
    plain = aluminium.AluminiumParameters(
        ore_share=np.array([0.01]),
        reference_alumina=np.array([68.7]),
        capacity_ceiling=always(45.0),
        ceiling_utilisation=np.array([0.98]),
        collection=np.array([0.7]),
        reference_collection=np.array([0.87]),
        metal_yield=np.array([0.8]),
        new_scrap_recovery=np.array([0.95]),
        grade_limit=always(0.6),
        alumina_per_metal=np.array([1.93]),
        alumina_import_share=np.array([0.04]),
        recycling_energy=np.array([[2.8], [0.3]]),
        clean_power_floor=always(0.5),
        clean_power_baseline=always(0.3),
        observed_clean_power=always([0.2]),
        clean_power_time=np.array([3.0]),
        history_time=np.array([0.25]),
    )
    return plain._replace(**changes)


def serve(
    demand: float, goods: float, old: float, history: float = 0.0
) -> aluminium.AluminiumBalance:
    inflow, outflow = np.zeros((6, 1)), np.zeros((6, 1))
    inflow[5], outflow[5] = goods, old
    return aluminium.balance(
        np,
        np.array([demand]),
        parameters(),
        NOW,
        inflow=inflow,
        outflow=outflow,
        collection=np.array([0.87]),
        history=np.array([history]),
    )


@settings(max_examples=60)
@given(st.floats(0, 200), st.floats(0, 200), st.floats(0, 200), st.floats(0, 1))
def test_metal_balances_within_limits(
    demand: float, goods: float, old: float, history: float
) -> None:
    served = serve(demand, goods, old, history)
    assert_allclose(served.primary + served.recycled + served.imported, demand, atol=1e-9)
    scrap = 0.7 * old + 0.95 * goods * (1 / 0.8 - 1)
    assert_allclose(served.recycled + served.unused_scrap, scrap, atol=1e-9)
    for flow in served[:5]:
        assert np.all(flow >= -1e-9)
    assert np.all(serve(demand, goods, old).primary <= 45 * 0.98 + 1e-9)


def test_scrap_comes_first_and_alumina_follows_primary() -> None:
    served = serve(50.0, 40.0, 10.0)
    assert_allclose(served.recycled, 7 + 9.5)
    assert_allclose(served.primary, 33.5)
    assert_allclose(served.alumina, 1.93 * 33.5 * 0.96)
    assert_allclose(served.recycling_energy[:, 0], [2.8 * 16.5, 0.3 * 16.5])


def test_ceiling_binds_and_imports_fill() -> None:
    served = serve(70.0, 40.0, 10.0)
    assert_allclose(served.primary, 44.1)
    assert_allclose(served.imported, 70 - 16.5 - 44.1)
    assert_allclose(serve(70.0, 40.0, 10.0, history=1.0).imported, 0)


def test_grade_limits_recycled_metal() -> None:
    served = serve(50.0, 40.0, 100.0)
    assert_allclose(served.recycled, 30)
    assert_allclose(served.unused_scrap, 70 + 9.5 - 30)


@pytest.mark.parametrize(("history", "goal", "pace"), [(0.0, 0.5, 3.0), (1.0, 0.2, 0.25)])
def test_clean_power_relaxes_exponentially(history: float, goal: float, pace: float) -> None:
    weight = np.array([history])
    solution = solve_ivp(
        lambda _, y: aluminium.clean_power_change(np, y, parameters(), NOW, weight),
        (0, 4),
        [0.1],
        rtol=1e-9,
        atol=1e-11,
    )
    assert_allclose(solution.y[0, -1], goal + (0.1 - goal) * np.exp(-4 / pace), rtol=1e-7)


@pytest.mark.parametrize(("baseline", "goal"), [(0.3, 0.5), (0.95, 0.95)])
def test_a_floor_that_rises_is_reached(baseline: float, goal: float) -> None:
    """The gap to the floor closes as it would to one that stands still: nothing trails it."""
    rising = Schedule(np.array([[0.34]]), np.array([[0.04]]))
    changed = parameters(clean_power_floor=rising, clean_power_baseline=always(baseline))
    solution = solve_ivp(
        lambda t, y: aluminium.clean_power_change(
            np, y, changed, Clock(np.float64(2030.0 + t), 0, np.float64(t)), np.zeros(1)
        ),
        (0, 4),
        [0.2],
        rtol=1e-9,
        atol=1e-11,
    )
    start = max(0.34, baseline)
    assert_allclose(solution.y[0, -1], goal + (0.2 - start) * np.exp(-4 / 3.0), rtol=1e-7)


def test_electrolysis_emits_what_the_industry_association_published() -> None:
    intensity = aluminium.electrolysis_intensity(
        electricity=np.array([13.45]),
        direct=np.array([1.85]),
        clean_share=np.array([0.20]),
        coal_power=np.array([0.915]),
    )
    assert_allclose(intensity, 11.7, rtol=5e-3)


def test_ore_goes_with_alumina_and_takes_what_mining_takes() -> None:
    """A hundredth of 90 and 30 PJ at half the alumina, from mines that are twice as busy."""
    found = aluminium.ore_energy(
        parameters(),
        alumina=np.array([68.7 / 2.0]),
        mining=np.array([[180.0], [60.0]]),
        index=np.array([2.0]),
    )
    assert_allclose(found, [[0.45], [0.15]])
