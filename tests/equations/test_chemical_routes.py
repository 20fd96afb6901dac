"""Chemical routes: carbon closes, conventional plants change nothing, a tonne is exact."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulator.dimensions import CARRIERS
from simulator.equations.activity import GroupFlows
from simulator.equations.chemical_routes import (
    RouteParameters,
    demand,
    not_made,
    unit_flows,
    with_routes,
)
from simulator.equations.schedule import Clock, Schedule

C = len(CARRIERS)
COAL, ELECTRICITY = CARRIERS.index("coal"), CARRIERS.index("electricity")
HYDROGEN, FEEDSTOCK = CARRIERS.index("hydrogen"), CARRIERS.index("feedstock")
COAL_CARBON = 0.0946


def parameters(**changes: Any) -> RouteParameters:
    """Two groups, of which the second is a product of 50 Mt with three routes."""
    factor = np.zeros((C, 1, 1, 1))
    factor[COAL] = COAL_CARBON
    electric = np.zeros((C, 1, 1, 1))
    electric[ELECTRICITY] = 1.0
    kept = np.ones((C, 1, 3, 1))
    kept[:, 0, 2] = 0.0
    kept[FEEDSTOCK, 0, 2] = 0.5
    plain = RouteParameters(
        group=np.array([1]),
        place=np.array([[0.0], [1.0]]),
        base_output=np.array([[50.0]]),
        kept=kept,
        kept_process=np.array([1.0, 0.9, 0.1])[None, :, None],
        emission_factor=factor,
        capture_electricity=np.array([0.9]),
        electric=electric,
        uses_hydrogen=np.array([0.0, 0.0, 1.0])[None, :, None],
        plastics=np.array([[0.6]]),
        recycled=Schedule(np.array([[0.5]]), np.array([[0.0]])),
        recycled_reference=np.array([0.3]),
        recycling_electricity=np.array([2.5]),
    )
    return plain._replace(**changes)


def groups(activity: float = 1.2) -> GroupFlows:
    energy = np.zeros((C, 2, 1))
    energy[COAL, :, 0] = [300.0, 1500.0]
    energy[ELECTRICITY, :, 0] = [40.0, 240.0]
    energy[FEEDSTOCK, 1, 0] = 90.0
    factor = np.zeros((C, 1, 1))
    factor[COAL] = COAL_CARBON
    return GroupFlows(
        activity=np.array([[1.0], [activity]]),
        energy=energy,
        fuel_emissions=energy * factor,
        process_emissions=np.array([[2.0], [12.0]]),
        captured=np.array([[1.0], [0.0]]),
        fuel=energy[COAL],
    )


def added() -> np.ndarray:
    found = np.zeros((C, 1, 3, 1))
    found[HYDROGEN, 0, 2], found[ELECTRICITY, 0, 2] = 21.4, 4.7
    return found


NONE = np.zeros((1, 1))
NOW, PAST = (Clock(np.float64(time), 0, np.float64(0.0)) for time in (2030.5, 2019.5))
CAPTURE = np.array([0.0, 0.6, 0.0])[None, :, None]


def unit(p: RouteParameters, plain: GroupFlows) -> Any:
    wanted = demand(p, plain)
    return unit_flows(np, p, plain, wanted=wanted, added=added(), capture=CAPTURE)


def test_users_ask_for_tonnes():
    assert_allclose(demand(parameters(), groups()), [[60.0]])


def test_conventional_plants_leave_every_group_as_it_was():
    p, plain = parameters(), groups()
    made = np.array([60.0, 0.0, 0.0])[None, :, None]
    found = with_routes(np, p, plain, unit(p, plain), made=made, replaced=NONE)
    for name in GroupFlows._fields:
        assert_allclose(getattr(found, name), getattr(plain, name), rtol=1e-14, err_msg=name)


def test_a_tonne_of_each_route_is_what_the_table_says():
    found = unit(parameters(), groups())
    conventional, capturing, green = 25.0, 25.0 * COAL_CARBON + 0.2 * 0.9, 21.4
    assert_allclose(found.energy[COAL, 0, :, 0], [conventional, 25.0, 0.0])
    assert_allclose(found.energy[HYDROGEN, 0, :, 0], [0.0, 0.0, green])
    assert_allclose(found.energy[FEEDSTOCK, 0, :, 0], [1.5, 1.5, 0.75])
    assert_allclose(found.captured[0, :, 0], [0.0, 0.6 * capturing, 0.0])
    assert_allclose(found.energy[ELECTRICITY, 0, :, 0], [4.0, 4.0 + 0.9 * 0.6 * capturing, 4.7])
    assert_allclose(found.process[0, :, 0], [0.2, 0.18, 0.02])
    assert_allclose(found.generated[0, 2, 0], 0.02)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.0, 80.0), min_size=3, max_size=3), st.floats(0.2, 3.0))
def test_carbon_of_the_routes_is_that_of_what_they_burn(made: list[float], activity: float):
    p, plain = parameters(), groups(activity)
    output = np.array(made)[None, :, None]
    rates = unit(p, plain)
    found = with_routes(np, p, plain, rates, made=output, replaced=NONE)
    burnt = found.energy * p.emission_factor[:, :, 0]
    assert_allclose(found.fuel_emissions, burnt, atol=1e-9)
    whole = found.fuel_emissions.sum(axis=0)[1] + found.process_emissions[1]
    assert_allclose(whole, (rates.generated * output).sum(axis=(0, 1)), atol=1e-9)
    assert_allclose(found.captured[1], (rates.captured * output).sum(axis=(0, 1)), atol=1e-9)
    assert found.captured[1] <= 0.6 * whole + 1e-9
    assert_allclose(found.energy[:, 0], plain.energy[:, 0])


def test_recycled_plastics_are_not_made_again_and_take_electricity():
    p, plain = parameters(), groups()
    wanted = demand(p, plain)
    again = not_made(np, p, NOW, wanted)
    assert_allclose(again, 60.0 * 0.6 * 0.2)
    assert_allclose(not_made(np, p, PAST, wanted), 0.0)
    made = np.zeros((1, 3, 1))
    made[0, 0] = wanted[0] - again[0]
    found = with_routes(np, p, plain, unit(p, plain), made=made, replaced=again)
    assert_allclose(found.energy[COAL, 1], 0.88 * plain.energy[COAL, 1])
    expected = 0.88 * plain.energy[ELECTRICITY, 1] + 2.5 * again[0]
    assert_allclose(found.energy[ELECTRICITY, 1], expected)


def test_a_product_that_nobody_makes_takes_nothing():
    p, plain = parameters(), groups()
    found = with_routes(np, p, plain, unit(p, plain), made=np.zeros((1, 3, 1)), replaced=NONE)
    assert_allclose(found.energy[:, 1], 0.0, atol=1e-12)
    assert_allclose(found.process_emissions[1], 0.0, atol=1e-12)


@pytest.mark.parametrize(
    "name",
    [
        "base_output",
        "kept",
        "kept_process",
        "capture_electricity",
        "plastics",
        "recycled_reference",
        "recycling_electricity",
    ],
)
def test_every_parameter_moves_energy_or_carbon(name: str):
    made = np.array([20.0, 30.0, 10.0])[None, :, None]

    def total(p: RouteParameters) -> float:
        again = not_made(np, p, NOW, demand(p, groups()))
        found = with_routes(np, p, groups(), unit(p, groups()), made=made, replaced=again)
        return float(found.energy.sum() + found.process_emissions.sum())

    plain = parameters()
    other = plain._replace(**{name: 1.1 * getattr(plain, name)})
    assert abs(total(other) - total(plain)) > 1e-3
