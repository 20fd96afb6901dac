"""Heat: demand by hand, renovation exactly, nothing lost between fleets and sectors, 2020."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.dimensions import SECTORS
from simulator.equations import heat, hydrogen
from simulator.model.assembly.heat import (
    heat_feeds,
    heat_parameters,
    heat_state,
    hydrogen_parameters,
    low_temperature_share,
)
from simulator.model.layout import HEAT_FLEETS
from simulator.model.values import Values
from simulator.reading.fleets import load_fleets
from simulator.reading.parameters import load_parameters

PLACES = 8


@pytest.fixture(scope="module")
def values():
    return Values([load_parameters()])


@pytest.fixture(scope="module")
def p(values):
    return heat_parameters(values, PLACES)


def demand(p, *, index=1.0, gdp=1.0, cost=1.0, renovated=0.0):
    return heat.heat_demand(
        np,
        p,
        index=np.full((6, 1), index),
        relative_gdp=np.array([gdp]),
        relative_cost=np.array([cost]),
        renovated=np.array([renovated]),
    )


def test_demand_by_hand(p):
    building = HEAT_FLEETS.index("building_heat")
    found = demand(p, index=1.1, gdp=1.2, cost=1.3, renovated=0.5)[building].item()
    elasticity = p.gdp_elasticity[building].item()
    saved = p.space_heating_share[building].item() * p.retrofit_saving.item() * 0.5
    by_hand = p.level[building].item() * 1.1 * 1.2**elasticity * 1.3**-0.2 * (1 - saved)
    assert found == pytest.approx(by_hand, rel=1e-12)
    assert elasticity > 0
    assert saved > 0.1


def test_renewed_networks_lose_less_and_give_as_much(p):
    """What arrives, made less lost, falls by what rooms save alone; others lose nothing."""
    network = HEAT_FLEETS.index("network_heat")
    assert (np.flatnonzero(p.loss[:, 0]) == [network]).all()
    for share in (0.0, 0.3, 1.0):
        lost = heat.network_loss(
            renovated=np.array([share]), loss=p.loss, renewed=p.renewed_loss
        )
        made = demand(p, renovated=share)
        rooms = heat.room_heat_factor(
            renovated=share, saving=p.retrofit_saving, share=p.space_heating_share
        )
        arrives = demand(p) * (1.0 - p.loss)
        assert_allclose(made * (1.0 - lost), arrives * rooms)
    assert_allclose(lost[network], p.renewed_loss[network])
    assert (demand(p, renovated=1.0)[network] < (demand(p) * rooms)[network]).all()


def test_the_base_year_is_the_level(p):
    assert_allclose(demand(p), p.level)


def test_renovation_spares_process_heat(p):
    before, after = demand(p), demand(p, renovated=1.0)
    process = [HEAT_FLEETS.index(f) for f in ("textile_heat", "metalworking_heat")]
    rooms = [HEAT_FLEETS.index(f) for f in ("network_heat", "building_heat")]
    assert_allclose(after[process], before[process])
    assert np.all(after[rooms] < before[rooms])


def test_renovation_follows_its_exact_solution():
    rate, years = 0.018, 30.0
    solution = solve_ivp(
        lambda _, share: heat.renovation(renovated=share, rate=rate, history=0.0),
        (0, years),
        heat_state().renovated,
        rtol=1e-10,
        atol=1e-12,
    )
    assert_allclose(solution.y[0, -1], 1 - np.exp(-rate * years), rtol=1e-8)


def test_renovation_of_the_past_is_not_counted_again():
    assert heat.renovation(renovated=0.0, rate=0.02, history=1.0) == 0


@settings(max_examples=40)
@given(arrays(np.float64, (3, 6, 2), elements=st.floats(0, 1e4)), st.data())
def test_sectors_receive_what_fleets_deliver(delivered, data):
    weights = data.draw(arrays(np.float64, (6, 5, 1), elements=st.floats(0.01, 1)))
    feeds = weights / weights.sum(axis=1, keepdims=True)
    received = heat.heat_by_sector(np, delivered=delivered, feeds=feeds)
    assert received.shape == (3, 5, 2)
    assert_allclose(received.sum(axis=1), delivered.sum(axis=1), rtol=1e-9, atol=1e-9)


def test_feeds_of_the_data_lose_nothing(values):
    feeds = heat_feeds(values)
    assert_allclose(feeds.sum(axis=1), 1.0)
    network = feeds[HEAT_FLEETS.index("network_heat"), :, 0]
    assert network[SECTORS.index("buildings")] == pytest.approx(0.293, abs=0.002)
    textile = feeds[HEAT_FLEETS.index("textile_heat"), :, 0]
    assert textile[SECTORS.index("textiles")] == 1


def test_support_goes_to_electric_heat_only(p):
    paid = heat.support(payment=np.array([8.0]), eligible=p.support_eligible)
    names = list(load_fleets()["building_heat"].declaration.technologies)
    expected = [8.0 if name in ("electric", "heat_pump") else 0.0 for name in names]
    assert_allclose(paid[0, :, 0], expected + [0.0] * (PLACES - len(names)))


def test_support_of_hydrogen_is_per_energy(values):
    policy = hydrogen_parameters(values, PLACES)
    paid = hydrogen.support(
        payment=np.array([6.0]),
        eligible=policy.support_eligible,
        lower_heating_value=policy.lower_heating_value,
    )
    assert_allclose(paid[:, 0], [0, 0, 0, 50, 0, 0, 0, 0])


def test_heat_pumps_give_low_temperature_only(values):
    limit = low_temperature_share(values, PLACES)
    pump = list(load_fleets()["building_heat"].declaration.technologies).index("heat_pump")
    assert limit[HEAT_FLEETS.index("metalworking_heat"), pump].item() == 0
    assert 0.5 < limit[HEAT_FLEETS.index("building_heat"), pump].item() < 1
    assert np.all(np.delete(limit, pump, axis=1) > 1e3)


FUEL_2020 = {  # PJ, final energy by industry and the energy balance
    ("textile_heat", "coal"): 68.4,
    ("textile_heat", "gas"): 233.2,
    ("light_industry_heat", "coal"): 479.6,
    ("light_industry_heat", "gas"): 395.7,
    ("metalworking_heat", "coal"): 368.8 - 0.25,  # what makes construction machines apart
    ("metalworking_heat", "gas"): 679.0 - 8.9,
    ("network_heat", "coal"): 6673.4 + 79.8,
    ("network_heat", "gas"): 659.7,
    ("building_heat", "coal"): 2465.7,
    ("building_heat", "gas"): 2561.7,
    ("agriculture_heat", "coal"): 512.8,
}


@pytest.mark.parametrize(("fleet", "fuel"), FUEL_2020)
def test_fuel_of_2020_is_that_of_the_energy_statistics(values, p, fleet, fuel):
    times, shares = values.knots(f"heat.observed.{fleet}.output_share.{fuel}", "1")[0]
    share = shares[list(times).index(2020)]
    per_heat = values.number(f"heat.fleets.{fleet}.technologies.{fuel}.energy.{fuel}", "1")
    burnt = p.level[HEAT_FLEETS.index(fleet)] * share * per_heat
    assert burnt.item() == pytest.approx(FUEL_2020[fleet, fuel], rel=2e-3)


@pytest.mark.parametrize("fleet", HEAT_FLEETS)
def test_observed_capacity_can_deliver_the_observed_heat(values, p, fleet):
    names = list(load_fleets()[fleet].declaration.technologies)
    level = p.level[HEAT_FLEETS.index(fleet)].item()
    times, index = values.knots(f"heat.demand.{fleet}.index", "1")[0]
    for year in range(2015, 2025):
        total = level * np.interp(year + 0.5, times, index)
        shares = 0.0
        for name in names:
            when, share = values.knots(f"heat.observed.{fleet}.output_share.{name}", "1")[0]
            path = f"heat.observed.{fleet}.year_end_capacity.{name}"
            ends, capacity = values.knots(path, "PJ/yr")[0]
            heat_given = total * share[list(when).index(year)]
            mean = np.interp([year - 1, year], ends, capacity).mean()
            assert heat_given <= 0.95 * mean + 1
            shares += share[list(when).index(year)]
        assert shares == pytest.approx(1, abs=1e-4)


def test_index_is_one_in_the_base_year(values):
    for fleet in HEAT_FLEETS:
        times, index = values.knots(f"heat.demand.{fleet}.index", "1")[0]
        assert np.interp(2020.5, times, index) == 1
        assert np.all(np.diff(times) > 0)


def test_network_heat_matches_what_users_bought(p):
    assert p.level[HEAT_FLEETS.index("network_heat")].item() == pytest.approx(5908, rel=0.005)
