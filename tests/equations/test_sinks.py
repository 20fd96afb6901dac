"""Forest sink: area balance, exact ageing, and the inventories of 2020 and 2060."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.equations import sinks
from simulator.model.assembly.removal import sink_parameters, sink_state
from simulator.model.values import Values
from simulator.reading.parameters import load_parameters

areas = arrays(np.float64, (3, 2), elements=st.floats(0, 300, allow_subnormal=False))


def change(area, afforestation, residence=(25.0, 30.0)):
    return sinks.forest_change(
        np,
        area=area,
        afforestation=np.atleast_1d(afforestation),
        residence=np.array(residence)[:, np.newaxis],
    )


@settings(max_examples=50)
@given(areas, st.floats(0, 5))
def test_forest_grows_by_afforestation_only(area, afforestation):
    assert_allclose(change(area, afforestation).sum(axis=0), afforestation, atol=1e-11)


@settings(max_examples=50)
@given(areas, st.integers(0, 2))
def test_an_empty_cohort_does_not_shrink(area, empty):
    area[empty] = 0
    assert np.all(change(area, 0.0)[empty] >= 0)


def test_ageing_is_exact():
    young, mature, years, new = 25.0, 30.0, 12.0, 1.5
    solution = solve_ivp(
        lambda _, y: change(y[:, np.newaxis], new, (young, mature)).ravel(),
        (0, years),
        [80.0, 0.0, 5.0],
        rtol=1e-11,
        atol=1e-11,
    ).y[:, -1]
    fixed = new * young
    a, b = 1 / young, 1 / mature
    first = fixed + (80 - fixed) * np.exp(-a * years)
    pulse = a * (80 - fixed) / (b - a) * (np.exp(-a * years) - np.exp(-b * years))
    second = new * mature * (1 - np.exp(-b * years)) + pulse
    assert_allclose(solution[:2], [first, second], rtol=1e-8)
    assert_allclose(solution.sum(), 85 + new * years, rtol=1e-9)


def test_uptake_is_area_times_rate():
    uptake = sinks.forest_uptake(
        np,
        area=np.array([[95.0], [75.0], [61.0]]),
        uptake=np.array([[7.0], [6.0], [2.0]]),
    )
    assert uptake.item() == pytest.approx(1237)


def test_the_data_meet_2020_and_2060():
    values = Values([load_parameters()])
    p = sink_parameters(values)
    times, knots = values.knots("carbon_removal.afforestation", "Mha/yr")[0]
    solution = solve_ivp(
        lambda t, y: change(
            y[:, np.newaxis], np.interp(t, times, knots), p.residence[:, 0]
        ).ravel(),
        (2015, 2061),
        sink_state(values).area[:, 0],
        rtol=1e-8,
        dense_output=True,
    )
    end_2020, end_2060 = solution.sol(2021), solution.sol(2061)
    assert_allclose(end_2020, [95, 75, 61], atol=0.2)
    uptake = [
        sinks.forest_uptake(np, area=area, uptake=p.uptake[:, 0])
        for area in (end_2020, end_2060)
    ]
    assert uptake[0] == pytest.approx(1237, abs=3)
    assert uptake[1] == pytest.approx(1163, abs=15)
