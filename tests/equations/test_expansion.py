"""Orders of power plants: limits, both criteria, batch and single."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from simulator.equations import adequacy, expansion
from simulator.equations.schedule import at
from simulator.model.assembly.power import observed_share
from simulator.model.values import Values
from simulator.reading.fleets import load_fleets
from simulator.reading.known import load_known
from simulator.reading.library import shipped
from simulator.reading.parameters import load_parameters
from tests.plants import (
    COST,
    FLEET_2024,
    PLACE,
    clock,
    demands,
    fleets,
    order,
    power,
    run,
    stock,
)

orders_seen = arrays(np.float64, (16, 2), elements=st.floats(0, 60, allow_subnormal=False))


@settings(max_examples=40)
@given(fleets, demands, orders_seen, orders_seen)
def test_orders_keep_their_limits_and_both_criteria_close(
    capacity: Any, demand: Any, pipeline: Any, retirement: Any
) -> None:
    ordered, fleet = order(capacity, demand, pipeline=pipeline, retirement=retirement)
    p, now = power()[0], run(capacity, demand)[0]
    limits = expansion.order_limits(np, p.expansion, clock(2035.0), fleet)
    assert np.all(ordered.orders >= 0)
    assert np.all(ordered.orders <= limits * (1 + 1e-9) + 1e-9)
    usable = 1.0 - p.dispatch.variable * now.curtailment
    output = 8.76 * at(p.dispatch.capacity_factor, clock(2035.0)) * usable
    assert_allclose(
        (ordered.energy * output).sum(axis=0) + ordered.unmet_energy,
        ordered.energy_gap,
        rtol=1e-9,
        atol=1e-6,
    )
    storage = run(capacity, demand)[1]
    credit = np.maximum(adequacy.marginal_credit(p.adequacy, storage), p.expansion.least_credit)
    assert_allclose(
        (ordered.firm * credit).sum(axis=0) + ordered.unmet_firm,
        ordered.firm_gap,
        rtol=1e-9,
        atol=1e-6,
    )


def gap_of(
    *,
    pipeline: float = 0.0,
    retirement: float = 0.0,
    growth: float = 0.0,
    displace: bool = False,
) -> tuple[Any, Any]:
    """Energy gap of a fleet that runs as expected and builds only wind of 2 TWh/yr per GW."""
    p, capacity, demand = power()[0], stock(), np.array([9500.0])
    now, _ = run(capacity, demand)
    wind = np.zeros((16, 1))
    wind[PLACE["onshore_wind"]] = 1.0
    output = np.where(wind > 0, 2.0, 1e3)
    cost = np.full((16, 1), 150.0)
    special = p.expansion
    if not displace:
        special = special._replace(displacement_time=np.array([1e12]))
    gap = expansion.energy_gap(
        np,
        special,
        fleet=expansion.Fleet(capacity, pipeline * wind, retirement * wind, 1 + wind),
        outlook=expansion.Outlook(demand, np.array([growth]), cost, wind, COST, cost),
        now=now,
        cost=cost,
        weights=wind,
        output=output,
        thermal=p.dispatch.thermal,
    )
    return gap, now


def test_steady_growth_is_met_without_lag() -> None:
    """Orders a year equal growth when the pipeline holds what growth takes while building."""
    time = power()[0].expansion.construction_time[PLACE["onshore_wind"], 0]
    gap, _ = gap_of(growth=0.03, pipeline=0.03 * 9500 / 2.0 * time)
    assert_allclose(gap, 0.03 * 9500, rtol=1e-9)


def test_what_retires_is_replaced_by_its_output() -> None:
    gap, now = gap_of(retirement=20.0)
    per_capacity = now.generation[PLACE["onshore_wind"], 0] / stock()[PLACE["onshore_wind"], 0]
    assert_allclose(gap, 20 * per_capacity, rtol=1e-6)


def test_fuel_that_a_new_plant_undercuts_is_displaced() -> None:
    p = power()[0]
    gap, now = gap_of(displace=True)
    advantage = COST / 150.0 - 1.0 - p.expansion.displacement_threshold
    willing = 1.0 / (1.0 + np.exp(-advantage / p.expansion.displacement_margin))
    burning = (p.dispatch.thermal * now.generation * willing).sum()
    assert_allclose(gap, burning / p.expansion.displacement_time, rtol=1e-6)


def test_the_storage_mandate_is_closed_in_its_time() -> None:
    p, capacity = power()[0], stock()
    mandate = p.expansion.storage_mandate
    special = p.expansion._replace(
        storage_mandate=mandate._replace(start=0 * mandate.start + 0.2, slope=0 * mandate.slope)
    )
    retirement = np.zeros((16, 1))
    retirement[PLACE["battery"]] = 3.0
    beside = expansion.storage_orders(
        np,
        special,
        clock(2030.0),
        fleet=expansion.Fleet(capacity, 0 * capacity, retirement, 1 + 0 * capacity),
        variable=p.dispatch.variable,
        storage=p.adequacy.storage,
        share=np.array([0.25]),
        limits=np.full((16, 1), 100.0),
    )
    variable = 479 + 41 + 511 + 375
    expected = (0.2 * variable * 0.5 - (74 + 59)) / 3.0 + 3.0
    assert_allclose(beside.sum(), expected)
    assert_allclose(beside[PLACE["battery"], 0], expected)


def test_firm_choice_counts_the_hours_that_a_plant_runs() -> None:
    """Gas against coal by annual cost per firm kilowatt, fuel of 500 h included."""
    p = power()[0]
    only = p.expansion.firm_member * 0.0
    coal, gas = PLACE["coal_supercritical"], PLACE["gas"]
    only[[coal, gas]] = 1.0
    unlimited = p.expansion.maximum_build._replace(
        start=0 * p.expansion.maximum_build.start + 1e4
    )
    special = p.expansion._replace(
        firm_member=only, maximum_build=unlimited, ramp=np.full((16, 1), 100.0)
    )
    ordered, _ = order(stock(), [13000.0], growth=0.04, special=special)
    per_firm = [
        (300 + 0.5 * COST[place, 0]) / p.adequacy.credit[place, 0] for place in (coal, gas)
    ]
    weight, exponent = (
        np.exp(p.expansion.firm_log_weight),
        float(p.expansion.choice_exponent[0]),
    )
    assert exponent > 1.0
    expected = weight[gas, 0] / weight[coal, 0] * (per_firm[1] / per_firm[0]) ** -exponent
    firm = ordered.firm * p.adequacy.credit
    assert_allclose(firm[gas, 0] / firm[coal, 0], expected, rtol=1e-9)


def test_a_ban_stops_orders_and_what_stands_remains() -> None:
    open_ = np.ones((16, 1))
    banned = open_.copy()
    banned[[PLACE["coal_subcritical"], PLACE["coal_supercritical"]]] = 0
    free, _ = order(stock(), [11000.0], availability=open_, growth=0.05)
    kept, _ = order(stock(), [11000.0], availability=banned, growth=0.05)
    assert free.orders[PLACE["coal_supercritical"], 0] > 1
    assert kept.orders[PLACE["coal_supercritical"], 0] == 0
    all_banned, _ = order(stock(), [11000.0], availability=0 * open_, growth=0.05)
    assert np.all(all_banned.orders == 0)
    assert_allclose(all_banned.unmet_energy, all_banned.energy_gap)


def test_hydro_stops_at_its_potential() -> None:
    below, _ = order(stock(hydro=480), [11000.0])
    near, _ = order(stock(hydro=559), [11000.0])
    at_limit, _ = order(stock(hydro=560), [11000.0])
    place = PLACE["hydro"]
    assert below.orders[place, 0] > near.orders[place, 0] > 0
    assert at_limit.orders[place, 0] == 0


def test_minimum_builds_bind_in_total_and_only_when_higher() -> None:
    p = power()[0].expansion
    limits = np.full((16, 1), 200.0)
    low = np.full((16, 1), 10.0)
    floor = p.minimum_build._replace(
        start=p.minimum_build.start + np.array([240.0, 90.0, 5.0])[:, None]
    )
    raised = expansion.with_minimum(
        np, p._replace(minimum_build=floor), clock(2026.0), orders=low, limits=limits
    )
    solar = raised[PLACE["solar_utility"], 0] + raised[PLACE["solar_distributed"], 0]
    assert_allclose(solar, 240)
    assert_allclose(raised[PLACE["onshore_wind"], 0], 90)
    assert_allclose(raised[PLACE["offshore_wind"], 0], 10)
    assert_allclose(raised[PLACE["nuclear"], 0], 10)


def test_integration_cost_rises_with_wind_and_sun_only() -> None:
    p = power()[0]
    cost = np.full((16, 1), 200.0)
    now, _ = run(stock(solar_utility=2500, onshore_wind=1500), [11000.0])
    effective = expansion.effective_cost(np, p.expansion, p.dispatch, cost=cost, now=now)
    share, sun = now.variable_share[0], now.solar_share[0]
    expected = 200 + 250 * (share - 0.15) + 350 * (sun - 0.10) + 200 * now.curtailment[0]
    assert_allclose(effective[PLACE["solar_utility"]], expected)
    assert_allclose(effective[PLACE["onshore_wind"]], expected - 350 * (sun - 0.10))
    assert_allclose(effective[PLACE["nuclear"]], 200.0)


def test_anchored_weights_reproduce_observed_shares() -> None:
    p = power()[0].expansion
    share = observed_share(Values([load_parameters()]), load_fleets()["generators"])
    cost = np.linspace(150, 600, 16)[:, None]
    weights = expansion.anchor_weights(
        np, cost=cost, share=share, long_run=np.log(np.full((16, 1), 0.5)),
        exponent=p.choice_exponent, member=p.energy_member,
    )  # fmt: skip
    given_ = np.exp(weights) * cost ** (-p.choice_exponent) * (share > 0) * p.energy_member
    assert_allclose(given_ / given_.sum(), share, atol=1e-12)
    assert_allclose(weights[PLACE["coal_ccs"]], np.log(0.5))
    solar = share[PLACE["solar_utility"], 0] + share[PLACE["solar_distributed"], 0]
    assert 0.3 < solar < 0.6


def test_a_rush_before_support_ended_is_not_taken_for_what_is_usual() -> None:
    """Twice as much wind was added on land in 2020, the last year with support, as usual."""
    fleet = load_fleets()["generators"]
    known = load_known(shipped(), 2021.0)
    ends = known["power.observed.generators.year_end_capacity.onshore_wind"]
    stock_of = dict(zip(ends.times, ends.values, strict=True))
    lasting = {path: one for path, one in known.items() if "support_end" not in path}
    usual, rush = (
        observed_share(Values([data], 2021.0), fleet)[:, 0] for data in (known, lasting)
    )
    wind, others = PLACE["onshore_wind"], [PLACE["solar_utility"], PLACE["nuclear"]]
    odds = (usual[wind] / usual[others]) / (rush[wind] / rush[others])
    worn = stock_of[2019] / 25.0
    years = (stock_of[2020] - stock_of[2015]) / 5.0
    assert_allclose(odds, (years + worn) / (stock_of[2020] - stock_of[2019] + worn))
    assert (odds < 0.6).all()


@pytest.mark.parametrize("end", [2020.0, 2023.0, 2025.0])
def test_where_support_did_not_end_with_history_the_last_year_counts(end: float) -> None:
    fleet, known = load_fleets()["generators"], load_known(shipped(), end)
    lasting = {path: one for path, one in known.items() if "support_end" not in path}
    found, expected = (observed_share(Values([one], end), fleet) for one in (known, lasting))
    assert_allclose(found, expected)


def test_without_wind_sun_storage_or_anything_all_is_finite() -> None:
    for capacity in (stock(**dict.fromkeys(FLEET_2024, 0.0)), stock(battery=0, long_storage=0)):
        for demand in (0.0, 1e4):
            now, storage = run(capacity, [demand], 2060.5)
            ordered, _ = order(capacity, [demand], 2060.5)
            values = [*now, *storage, *ordered]
            assert all(np.all(np.isfinite(value)) for value in values)
    night = stock(onshore_wind=0, offshore_wind=0, solar_utility=0, solar_distributed=0)
    now, _ = run(night, [18000.0], 2060.5)
    assert now.variable_share[0] == 0
    assert now.unmet[0] > 0


def test_many_scenarios_at_once_equal_one_by_one() -> None:
    random = np.random.default_rng(7)
    capacity = random.uniform(0, 2000, (16, 64))
    demand = random.uniform(5e3, 2e4, 64)
    growth = random.uniform(-0.02, 0.06, 64)
    together, _ = order(capacity, demand, growth=growth)
    now, _ = run(capacity, demand)
    for one in range(64):
        pick = slice(one, one + 1)
        alone, _ = order(capacity[:, pick], demand[pick], growth=growth[pick])
        assert_allclose(alone.orders, together.orders[:, pick], rtol=1e-10, atol=1e-9)
        single, _ = run(capacity[:, pick], demand[pick])
        assert_allclose(single.generation, now.generation[:, pick], rtol=1e-10, atol=1e-9)
