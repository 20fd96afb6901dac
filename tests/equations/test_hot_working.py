"""Hot working: furnaces spread along the curve, stages add up, the plateau is exact."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.dimensions import BASE_YEAR
from simulator.equations.hot_working import (
    HotWorkingParameters,
    HotWorkingState,
    adoption,
    plateau_cut,
    relative_energy,
    stage_energy,
)
from simulator.equations.schedule import Clock, Schedule, read_clock
from simulator.model.assembly.machine_makers import hot_working, hot_working_state
from simulator.model.values import Values
from simulator.reading.parameters import load_parameters

NOW = Clock(np.array(2030.0), np.array(0), np.array(0.0))


def one(value: float) -> np.ndarray:
    return np.array([value])


def always(values: Any) -> Schedule:
    start = np.asarray(values, dtype=float)[np.newaxis, ..., np.newaxis]
    return Schedule(start, 0.0 * start)


def parameters(**changes: Any) -> HotWorkingParameters:
    plain = HotWorkingParameters(
        growth=one(0.3),
        standard=always(0.5),
        standard_effect=one(0.04),
        saving=one(0.2),
        share=one(0.5),
        stage_share=np.array([[0.5], [0.3], [0.2]]),
        stage_intensity=always([1.0, 0.9, 1.0]),
        last_intensity=np.array([[1.0], [0.95], [1.0]]),
        maker=np.array([[1.0], [0.0]]),
        heat_share=np.array([[0.0], [0.2]]),
    )
    return plain._replace(**changes)


def run_to(years: float, start: float, p: HotWorkingParameters) -> float:
    found = solve_ivp(
        lambda _, y: adoption(p, NOW, y), (0.0, years), one(start), rtol=1e-11, atol=1e-13
    )
    return float(found.y[0, -1])


def test_without_a_standard_the_curve_is_logistic() -> None:
    p = parameters(standard=always(0.0))
    odds = 0.02 / 0.98 * np.exp(0.3 * 9.0)
    assert_allclose(run_to(9.0, 0.02, p), odds / (1.0 + odds), rtol=1e-8)


def test_with_a_standard_the_curve_is_that_of_bass() -> None:
    push, pull = 0.02, 0.3
    fade = np.exp(-(push + pull) * 9.0)
    expected = (1.0 - fade) / (1.0 + pull / push * fade)
    assert_allclose(run_to(9.0, 0.0, parameters()), expected, rtol=1e-8)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_no_share_leaves_zero_to_one(efficient: float, standard: float) -> None:
    change = adoption(parameters(standard=always(standard)), NOW, one(efficient))
    assert change[0] >= 0.0
    assert adoption(parameters(), NOW, one(1.0))[0] == 0.0


def test_energy_by_hand_and_as_observed_before() -> None:
    held = HotWorkingState(one(0.6), one(0.1))
    furnaces = (1.0 - 0.2 * 0.6) / (1.0 - 0.2 * 0.1)
    stages = (0.7 + 0.3 * 0.9) / (0.7 + 0.3 * 0.95)
    found = relative_energy(np, parameters(), NOW, held, 1.0)
    assert_allclose(found, 1.0 + 0.5 * (furnaces * stages - 1.0))
    assert relative_energy(np, parameters(), NOW, held, 0.0) == 1.0


@given(st.floats(0.1, 0.9), st.floats(0.7, 1.0))
def test_stages_add_up_to_hot_working(share: float, furnaces: float) -> None:
    weight = np.array([[0.5], [0.27], [0.2]])
    hot = 1.0 + share * (furnaces - 1.0)
    found = stage_energy(energy=one(640.0), share=one(share), hot=one(hot), weight=weight)
    assert_allclose(found.sum(axis=0), 640.0 * share * furnaces / hot)
    assert_allclose(found[1] * 0.5, found[0] * 0.27)


@given(st.floats(-0.5, 1.0))
def test_the_plateau_is_exact(growth: float) -> None:
    assert_allclose((1.0 + growth) * (1.0 - plateau_cut(growth)), 1.0, rtol=1e-12)


@pytest.mark.parametrize(("growth", "cut"), [(0.06, 0.0566), (0.08, 0.0741)])
def test_the_plateau_of_the_documents(growth: float, cut: float) -> None:
    assert_allclose(plateau_cut(growth), cut, atol=5e-5)


def test_shipped_furnaces_pass_two_percent_in_2022() -> None:
    values = Values([load_parameters()])
    block = hot_working(values, ("general_machinery",))
    grid = np.array([2015.0, 2061.0])
    placed = block._replace(standard=block.standard.on_grid(grid))  # type: ignore[attr-defined]
    clock = read_clock(np, grid, np.array(BASE_YEAR + 0.0))
    start = hot_working_state(values).efficient
    found = solve_ivp(
        lambda _, y: adoption(placed, clock, y), (2015.0, 2022.5), start, rtol=1e-10, atol=1e-13
    )
    assert_allclose(found.y[0, -1], 0.02, rtol=1e-6)


@pytest.mark.parametrize("name", HotWorkingParameters._fields[:7])
def test_every_parameter_moves_an_output(name: str) -> None:
    def outputs(p: HotWorkingParameters) -> np.ndarray:
        held = HotWorkingState(one(0.6), one(0.1))
        energy = relative_energy(np, p, NOW, held, 1.0)
        return np.concatenate([energy, adoption(p, NOW, held.efficient)])

    value = getattr(parameters(), name)
    if name.startswith("stage_"):
        uneven = np.array([[1.2], [0.8], [1.0]])
        moved = (
            value * uneven
            if name == "stage_share"
            else Schedule(value.start * uneven, 0.0 * value.slope)
        )
    elif name == "standard":
        moved = always(0.9)
    else:
        moved = 1.3 * value
    change = outputs(parameters(**{name: moved})) - outputs(parameters())
    assert np.abs(change).max() > 1e-5
