"""Environmental protection: exact decay of a landfill, gas balance, volumes and electricity."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.equations import environment
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.float64(2030.5), 0, np.float64(0.0))
ONE = np.array([1.0])
PEOPLE = np.array([1400.0])


def always(*values: float) -> Schedule:
    start = np.array([values])[..., None] if len(values) > 1 else np.array([[values[0]]])
    return Schedule(start, np.zeros_like(start))


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def plain(**changes: Any) -> environment.EnvironmentParameters:
    return environment.EnvironmentParameters(
        waste_per_head=always(0.25),
        landfilled=always(0.2),
        incinerated=always(0.7),
        water_per_head=always(60.0, 50.0),
        electricity_per_volume=always(0.35, 0.4, 90.0),
        fuel_shares=column(0.1, 0.2, 0.7),
        reference_electricity=column(29.4, 28.0, 31.5),
        reference_activity=1.6 * ONE,
        burnt_base=245.0 * ONE,
        methane_potential=0.04 * ONE,
        decay_rate=0.1 * ONE,
        oxidised=0.2 * ONE,
        landfill_capture=always(0.5),
        sewage_capture=always(0.4),
        nitrous_avoided=always(0.3),
        fitting_time=5.0 * ONE,
        methane_per_sewage=0.05 * ONE,
        nitrous_per_sewage=0.0015 * ONE,
        other_nitrous=always(0.0, 0.9),
    )._replace(**changes)


def state(**changes: Any) -> environment.EnvironmentState:
    start = environment.EnvironmentState(50.0 * ONE, 0.25 * ONE, 0.1 * ONE, 0.2 * ONE)
    return start._replace(**changes)


def gases(p: environment.EnvironmentParameters, now: environment.EnvironmentState):
    handled = environment.volumes(np, p, NOW, PEOPLE)
    return environment.gases(p, now, handled)


def test_volumes_are_those_of_the_population() -> None:
    handled = environment.volumes(np, plain(), NOW, PEOPLE)
    assert_allclose(handled.waste[:, 0], [70.0, 245.0, 35.0])
    assert_allclose(handled.water[:, 0], [84.0, 70.0])


def test_a_landfill_decays_as_its_closed_form() -> None:
    """L(t) = L* + (L0 - L*) exp(-k t), with L* what is tipped over the rate of decay."""
    p = plain()

    def change(_: float, stock: np.ndarray) -> np.ndarray:
        now = state(landfill=stock)
        return environment.environment_rates(p, now, NOW, gases(p, now)).landfill

    found = solve_ivp(change, (0, 40), [50.0], rtol=1e-10, atol=1e-12, dense_output=True)
    times = np.array([5.0, 20.0, 40.0])
    level = 0.04 * 70.0 / 0.1
    assert_allclose(
        found.sol(times)[0], level + (50.0 - level) * np.exp(-0.1 * times), rtol=1e-8
    )


def test_a_closed_landfill_loses_half_of_its_gas_in_seven_years() -> None:
    p = plain(landfilled=always(0.0), decay_rate=np.log(2.0) / 7.0 * ONE)

    def change(_: float, stock: np.ndarray) -> np.ndarray:
        now = state(landfill=stock)
        return environment.environment_rates(p, now, NOW, gases(p, now)).landfill

    found = solve_ivp(change, (0, 7), [50.0], rtol=1e-10, atol=1e-12)
    assert_allclose(found.y[0, -1], 25.0, rtol=1e-8)


@settings(max_examples=40, deadline=None)
@given(captured=st.floats(0, 1), oxidised=st.floats(0, 1), sewage=st.floats(0, 1))
def test_gas_that_forms_goes_three_ways(
    captured: float, oxidised: float, sewage: float
) -> None:
    now = state(landfill_captured=captured * ONE, sewage_captured=sewage * ONE)
    found = gases(plain(oxidised=oxidised * ONE), now)
    ways = found.landfill_captured + found.landfill_oxidised + found.landfill_methane
    assert_allclose(found.decayed, ways, atol=1e-12)
    assert_allclose(found.decayed, 5.0)
    assert float(found.landfill_methane[0]) >= -1e-12
    assert_allclose(found.sewage_methane, 3.5 * (1.0 - sewage))


def test_gases_by_hand() -> None:
    found = gases(plain(), state())
    assert_allclose(found.deposited, 2.8)
    assert_allclose(found.landfill_methane, 5.0 * 0.75 * 0.8)
    assert_allclose(found.nitrous_oxide, 0.0015 * 70.0 * 0.8)


def test_plants_are_fitted_over_their_time() -> None:
    p = plain()
    change = environment.environment_rates(p, state(), NOW, gases(p, state()))
    assert_allclose(change.landfill_captured, 0.05)
    assert_allclose(change.sewage_captured, 0.06)
    assert_allclose(change.nitrous_avoided, 0.02)


@settings(max_examples=40, deadline=None)
@given(activity=st.floats(0.5, 4.0), people=st.floats(700, 1500))
def test_electricity_follows_volumes_and_no_longer_the_index(
    activity: float, people: float
) -> None:
    p = plain()
    for history in (0.0, 1.0):
        handled = environment.volumes(np, p, NOW, people * ONE)
        found = environment.environment_stages(
            np, p, NOW, history * ONE, handled=handled, activity=activity * ONE
        )
        assert_allclose(found.electricity.sum(axis=0), 1.0)
        assert_allclose(found.electricity[:, 0], np.array([29.4, 28.0, 31.5, 0.0]) / 88.9)
        by_volume = people / 1400.0
        expected = 1.0 if history else by_volume * 1.6 / activity
        assert_allclose(found.electricity_factor, expected)


def test_burnt_waste_and_not_the_index_decides_on_its_carbon() -> None:
    p = plain()
    handled = environment.volumes(np, p, NOW, PEOPLE)
    for activity in (0.8, 1.7):
        per_activity = environment.burning(p, handled, activity * ONE)
        assert_allclose(per_activity * activity, 1.0)
