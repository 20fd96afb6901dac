"""Plain groups: energy and carbon balance, shares relax exactly, observed years are exact."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.dimensions import CARRIERS
from simulator.equations import activity
from simulator.equations.activity import GroupDrivers, GroupParameters, GroupState
from simulator.equations.schedule import Clock, Schedule

PAST = Clock(np.float64(2019.5), 0, np.float64(0.0))
FUTURE = Clock(np.float64(2030.5), 0, np.float64(0.0))
C = len(CARRIERS)
COAL, GAS, ELECTRICITY = (CARRIERS.index(c) for c in ("coal", "gas", "electricity"))
HYDROGEN, FEEDSTOCK = CARRIERS.index("hydrogen"), CARRIERS.index("feedstock")
DIESEL = CARRIERS.index("diesel")
OBSERVED = np.array([1.2, 0.8])


def always(value: Any) -> Schedule:
    start = np.array(value, dtype=float)[None, ..., None]
    return Schedule(start, np.zeros_like(start))


def mask(*carriers: int) -> np.ndarray:
    found = np.zeros((C, 1, 1))
    found[list(carriers)] = 1.0
    return found


def way(carrier: int, potential: float, ratio: float, premium: float) -> activity.Substitution:
    pair = np.ones((2, 1))
    return activity.Substitution(
        target=always([0.05, 0.0]),
        potential=potential * pair,
        ratio=ratio * pair,
        premium=premium * pair,
        carrier=mask(carrier),
    )


def parameters(**changes: Any) -> GroupParameters:
    """Two groups: the first grows with income, the second follows coal."""
    energy = np.zeros((C, 2, 1))
    energy[COAL, :, 0] = [100.0, 40.0]
    energy[GAS, :, 0] = [50.0, 0.0]
    energy[ELECTRICITY, :, 0] = [80.0, 20.0]
    energy[FEEDSTOCK, :, 0] = [30.0, 0.0]
    factor = np.zeros((C, 1, 1))
    factor[COAL], factor[GAS] = 0.0946, 0.0561
    fuel = energy * mask(COAL, GAS)
    plain = GroupParameters(
        observed_activity=always(OBSERVED),
        energy_factor=always(np.full((C, 2), 1.1)),
        process_factor=always([1.05, 0.9]),
        base_energy=energy,
        base_process=np.array([[3.0], [1.0]]),
        emission_factor=factor,
        coal=mask(COAL),
        diesel=mask(DIESEL),
        is_fuel=mask(COAL, GAS),
        fuel_share=fuel / fuel.sum(axis=0),
        elasticity=always([0.7, 0.4]),
        follows=np.array([[[0.0], [1.0]], [[0.0], [0.0]], [[0.0], [0.0]]]),
        following_time=np.array([1.5]),
        improvement=always([0.02, 0.01]),
        intensity_floor=np.array([[0.6], [0.7]]),
        electric=way(ELECTRICITY, 0.5, 0.7, 10.0),
        hydrogen=way(HYDROGEN, 0.3, 0.9, 12.0),
        choice_scale=np.array([15.0]),
        transition_time=np.array([[8.0], [5.0]]),
        capture=activity.Capture(
            target=always([0.6, 0.3]),
            cost=np.array([[400.0], [700.0]]),
            scale=np.array([80.0]),
            electricity=np.array([0.9]),
        ),
        price_elasticity=np.array([[-0.1], [-0.2]]),
    )
    return plain._replace(**changes)


def drivers(**changes: Any) -> GroupDrivers:
    prices = np.full((C, 1), 50.0)
    prices[ELECTRICITY], prices[HYDROGEN] = 150.0, 120.0
    plain = GroupDrivers(
        income_growth=np.array([0.04]),
        followed_growth=np.array([[-0.02], [0.01], [0.03]]),
        prices=prices,
        carbon_price=np.array([300.0]),
        capture_support=np.array([100.0]),
        electrification_support=np.array([5.0]),
        hydrogen_support=np.array([10.0]),
        hydrogen_slack=np.array([1.0]),
    )
    return plain._replace(**changes)


def state(**changes: Any) -> GroupState:
    pair = np.ones((2, 1))
    plain = GroupState(0.1 * pair, 0.9 * pair, 0.2 * pair, 0.1 * pair, 0.25 * pair)
    return plain._replace(**changes)


def flows(held: GroupState, history: float = 0.0, **changes: Any) -> activity.GroupFlows:
    settings_ = {
        "equipment_factor": np.array([[0.95], [0.9]]),
        "digital_saving": np.array([[0.02], [0.0]]),
        "electricity_price_ratio": np.array([1.1]),
        "coal_factor": np.array([0.97]),
        "diesel_factor": np.array([[0.9], [0.8]]),
        "electricity_for_diesel": np.array([[0.03], [0.06]]),
        "process_per_activity": np.array([[1.2], [0.8]]),
    }
    given_parameters = changes.pop("parameters", parameters())
    return activity.group_flows(
        np,
        given_parameters,
        held,
        changes.pop("clock", FUTURE),
        history=np.array([history]),
        **(settings_ | changes),
    )


share = st.floats(0.0, 0.5)


@settings(max_examples=40)
@given(electrified=share, hydrogen=share, captured=st.floats(0.0, 0.95))
def test_fuel_that_moves_is_fuel_that_is_no_longer_burnt(
    electrified: float, hydrogen: float, captured: float
) -> None:
    pair = np.ones((2, 1))
    moved = flows(
        state(
            electrified=electrified * pair, hydrogen=hydrogen * pair, captured=captured * pair
        )
    )
    still = flows(state(electrified=0 * pair, hydrogen=0 * pair, captured=0 * pair))
    before = still.energy[[COAL, GAS]].sum(axis=0)
    after = moved.energy[[COAL, GAS]].sum(axis=0)
    added = moved.energy[ELECTRICITY] - still.energy[ELECTRICITY] - 0.9 * moved.captured
    assert_allclose(added / 0.7 + moved.energy[HYDROGEN] / 0.9 + after, before, rtol=1e-12)
    generated = moved.fuel_emissions.sum(axis=0) + moved.process_emissions
    assert_allclose(moved.captured, captured * generated, rtol=1e-12)
    assert (moved.energy >= -1e-12).all()


def test_one_group_by_hand() -> None:
    found = flows(state())
    fuel = 1.1 * np.exp(0.1) * 0.9 * 0.98
    assert_allclose(found.energy[COAL, 0, 0], 97.0 * fuel * 0.7)
    assert_allclose(found.energy[FEEDSTOCK, 0, 0], 30.0 * fuel)
    carbon = 0.7 * fuel * (97.0 * 0.0946 + 50.0 * 0.0561) + 1.2 * 3.15 * np.exp(0.1)
    assert_allclose(found.captured[0, 0], 0.25 * carbon)
    electricity = 80.0 * fuel * 0.95 * 1.1**-0.1 + 147.0 * fuel * 0.2 * 0.7
    assert_allclose(found.energy[ELECTRICITY, 0, 0], electricity + 0.9 * 0.25 * carbon)
    assert_allclose(found.energy[HYDROGEN, 0, 0], 147.0 * fuel * 0.1 * 0.9)


def test_machines_burn_less_diesel_and_take_electricity_instead() -> None:
    burning = parameters().base_energy.copy()
    burning[DIESEL, 1] = 60.0
    factor = parameters().emission_factor.copy()
    factor[DIESEL] = 0.0741
    given = parameters(base_energy=burning, emission_factor=factor)
    then, now = np.ones((2, 1)), np.array([[1.0], [0.7]])
    before = flows(
        state(), parameters=given, diesel_factor=then, electricity_for_diesel=0.0 * then
    )
    after = flows(
        state(), parameters=given, diesel_factor=now, electricity_for_diesel=0.1 * then
    )
    diesel = before.energy[DIESEL, 1, 0]
    assert diesel > 50.0
    assert_allclose(after.energy[DIESEL, 1, 0], 0.7 * diesel)
    saved = 0.3 * diesel * 0.0741
    assert_allclose(before.fuel_emissions.sum() - after.fuel_emissions.sum(), saved)
    added = 0.1 * diesel - 0.25 * saved * 0.9
    assert_allclose(after.energy[ELECTRICITY, 1, 0] - before.energy[ELECTRICITY, 1, 0], added)


def test_an_observed_year_reads_its_index_whatever_the_stock_holds() -> None:
    for log_activity in (-1.0, 0.0, 2.0):
        found = flows(state(log_activity=np.full((2, 1), log_activity)), 1.0, clock=PAST)
        assert_allclose(found.activity[:, 0], OBSERVED)


def rates(held: GroupState, clock: Clock = FUTURE, history: float = 0.0, **changes: Any) -> Any:
    return activity.group_rates(
        np,
        changes.pop("parameters", parameters()),
        held,
        clock,
        history=np.array([history]),
        drivers=drivers(**changes),
    )


def run_to(years: float, start: GroupState, **changes: Any) -> GroupState:
    shape = (5, 2, 1)

    def derivative(_: float, y: np.ndarray) -> np.ndarray:
        return np.stack(rates(GroupState(*y.reshape(shape)), **changes)).ravel()

    found = solve_ivp(derivative, (0.0, years), np.stack(start).ravel(), rtol=1e-10, atol=1e-12)
    return GroupState(*found.y[:, -1].reshape(shape))


def test_every_stock_relaxes_exactly() -> None:
    start, years = state(), 7.0
    end = run_to(years, start)
    assert_allclose(end.log_activity[0], 0.1 + 0.7 * 0.04 * years, rtol=1e-8)
    assert_allclose(end.log_activity[1], 0.1 - 0.02 * years, rtol=1e-8)
    rate, floor = np.array([[0.02], [0.01]]), np.array([[0.6], [0.7]])
    assert_allclose(end.intensity, floor + (0.9 - floor) * np.exp(-rate * years), rtol=1e-8)
    fade = np.exp(-years / np.array([[8.0], [5.0]]))
    electric, hydrogen = activity.substitution_targets(np, parameters(), FUTURE, drivers())
    capture = activity.capture_target(np, parameters(), FUTURE, drivers())
    assert_allclose(end.electrified, electric + (0.2 - electric) * fade, rtol=1e-8)
    assert_allclose(end.hydrogen, hydrogen + (0.1 - hydrogen) * fade, rtol=1e-8)
    assert_allclose(end.captured, capture + (0.25 - capture) * fade, rtol=1e-8)


def test_nothing_moves_while_observation_rules() -> None:
    assert all((rate == 0).all() for rate in rates(state(), PAST, history=1.0))


def test_an_endogenous_past_grows_but_neither_improves_nor_substitutes() -> None:
    found = rates(state(), PAST, history=0.0)
    assert_allclose(found.log_activity[0], 0.7 * 0.04)
    assert all((rate == 0).all() for rate in found[1:])


def test_equal_costs_take_half_the_potential() -> None:
    avoided = 50.0 + 300.0 * (100 * 0.0946 + 50 * 0.0561) / 150
    price = (avoided - 10.0) / 0.7 + 5.0 / 0.7
    prices = drivers().prices.copy()
    prices[ELECTRICITY] = price
    electric, _ = activity.substitution_targets(
        np, parameters(), FUTURE, drivers(prices=prices)
    )
    assert_allclose(electric[0], 0.25, rtol=1e-10)


def test_support_equal_to_the_cost_takes_half_the_capture() -> None:
    found = activity.capture_target(np, parameters(), FUTURE, drivers())
    assert_allclose(found[0], 0.3, rtol=1e-12)
    assert found[1, 0] < 0.01


@pytest.mark.parametrize(
    "name", ["carbon_price", "electrification_support", "capture_support", "hydrogen_support"]
)
def test_paying_more_never_emits_more(name: str) -> None:
    def emitted(paid: float) -> float:
        end = run_to(10.0, state(), **{name: np.array([paid])})
        found = flows(end)
        total = found.fuel_emissions.sum() + found.process_emissions.sum()
        return float(total - found.captured.sum())

    few, some, many = (emitted(paid) for paid in (20.0, 60.0, 140.0))
    assert few > some > many


def test_sectors_add_up_to_the_groups() -> None:
    membership = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    energy = flows(state()).energy
    found = activity.sum_by_sector(np, membership, energy)
    assert found.shape == (C, 3, 1)
    assert_allclose(found[:, :2], energy)
    assert_allclose(found.sum(axis=1), energy.sum(axis=1))
