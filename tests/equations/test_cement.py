"""Cement: shares relax exactly, clinker follows them, fuel keeps its heat."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.equations import cement
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.float64(2030.5), 0, np.float64(0.0))


def always(value: Any) -> Schedule:
    start = np.array(value, dtype=float)[None, ..., None]
    return Schedule(start, np.zeros_like(start))


def parameters(**changes: Any) -> cement.CementParameters:
    plain = cement.CementParameters(
        clinker_ratio_target=always(0.55),
        low_carbon_binder_limit=always(0.15),
        alternative_fuel_target=always(0.35),
        observed_clinker=always([1500.0]),
        adjustment_time=np.array([[12.0], [10.0], [8.0]]),
        history_time=np.array([0.25]),
        avoided_emissions=np.array([0.35]),
        binder_premium=np.array([120.0]),
        binder_premium_spread=np.array([60.0]),
        auxiliary_electricity=np.array([0.034]),
        stage_electricity=np.array([[0.0015], [0.03], [0.0025]]),
        alternative_fuel_waste_share=np.array([0.9]),
    )
    return plain._replace(**changes)


def mix(shares: Any, *, price: float = 300.0, history: float = 0.0, **changes: Any) -> Any:
    return cement.mix(
        np,
        np.array(shares, dtype=float).reshape(3, 1),
        parameters(**changes),
        NOW,
        cement_output=np.array([2000.0]),
        carbon_price=np.array([price]),
        history=np.array([history]),
    )


def test_shares_relax_exponentially() -> None:
    solution = solve_ivp(
        lambda _, y: mix(y).change.ravel(), (0, 15), [0.66, 0.0, 0.02], rtol=1e-9, atol=1e-11
    )
    accepted = 0.15 / (1 + np.exp(-(300 * 0.35 - 120) / 60))
    expected = [
        0.55 + 0.11 * np.exp(-15 / 12),
        accepted * (1 - np.exp(-15 / 10)),
        0.35 - 0.33 * np.exp(-15 / 8),
    ]
    assert_allclose(solution.y[:, -1], expected, rtol=1e-7)


def test_half_of_the_binders_sell_when_carbon_covers_their_premium() -> None:
    at_premium = mix([0.6, 0.0, 0.0], price=120 / 0.35).change[1, 0]
    assert_allclose(at_premium, 0.5 * 0.15 / 10)
    assert_allclose(mix([0.6, 0.0, 0.0], price=1e5).change[1, 0], 0.15 / 10)


def test_clinker_is_cement_times_ratio_without_low_carbon_binders() -> None:
    made = mix([0.6, 0.1, 0.2])
    assert_allclose(made.clinker_output, 2000 * 0.6 * 0.9)
    assert_allclose(made.electricity, 2000 * 0.034)


def test_history_makes_the_recorded_clinker_and_the_ratio_follows() -> None:
    made = mix([0.6, 0.0, 0.02], history=1.0)
    assert_allclose(made.clinker_output, 1500)
    assert_allclose(made.change[0], (0.75 - 0.6) / 0.25)


@settings(max_examples=50)
@given(*[st.floats(0, 1)] * 3, st.floats(0, 5000), st.floats(0, 1))
def test_shares_stay_between_zero_and_one(
    ratio: float, binder: float, fuel: float, price: float, history: float
) -> None:
    shares = np.array([ratio, binder, fuel])
    empty = mix(np.where(shares < 0.5, 0, shares), price=price, history=history).change[:, 0]
    assert np.all(empty[shares < 0.5] >= 0)
    full = mix(np.where(shares > 0.5, 1, shares), price=price, history=history).change[:, 0]
    assert np.all(full[shares > 0.5] <= 0)


@settings(max_examples=40)
@given(st.floats(0, 1e4), st.floats(0, 1), st.floats(0, 1))
def test_alternative_fuel_keeps_the_heat(heat: float, share: float, waste_share: float) -> None:
    coal, waste, biomass = cement.alternative_fuel(
        np.array([heat]), np.array([share]), np.array([waste_share])
    )
    assert_allclose(coal + waste + biomass, heat, rtol=1e-9, atol=1e-9)
    assert_allclose(waste, heat * share * waste_share, atol=1e-9)
    assert np.all(coal >= -1e-9)
