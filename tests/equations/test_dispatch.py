"""Dispatch, adequacy and orders: balances for any fleet, bounds, limits, batch and single."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from simulator.equations import adequacy, dispatch, expansion
from simulator.equations.schedule import at, read_clock
from simulator.model.assembly.power import assemble_power, observed_share
from simulator.model.values import Values, grid_of, place_on_grid
from simulator.reading.fleets import load_fleets
from simulator.reading.parameters import load_parameters

NAMES = tuple(load_fleets()["generators"].declaration.technologies)
PLACE = {name: place for place, name in enumerate(NAMES)}
FLEET_2024 = {
    "coal_subcritical": 464, "coal_supercritical": 726, "gas": 140, "nuclear": 61,
    "hydro": 377, "onshore_wind": 479, "offshore_wind": 41, "solar_utility": 511,
    "solar_distributed": 375, "csp": 0.8, "biomass": 46, "battery": 74, "long_storage": 59,
}  # fmt: skip
COST = np.array([300, 280, 500, 600, 700, 62, 0, 0, 0, 0, 0, 20, 660, 400, 0, 0], dtype=float)[
    :, None
]

fleets = arrays(np.float64, (16, 2), elements=st.floats(0, 3000, allow_subnormal=False))
demands = arrays(np.float64, 2, elements=st.floats(0, 30000, allow_subnormal=False))
times = st.sampled_from([2016.4, 2024.9, 2025.0, 2035.3, 2060.5])


@cache
def power() -> tuple[Any, Any]:
    spec = assemble_power(Values([load_parameters()]), load_fleets()["generators"])
    grid = grid_of(spec, 2015.0, 2061.0)
    return place_on_grid(spec, grid), grid


def clock(time: float) -> Any:
    return read_clock(np, power()[1], time)


def stock(**change: float) -> np.ndarray:
    named = {**FLEET_2024, **change}
    return np.array([[float(named.get(name, 0.0))] for name in NAMES])


def run(capacity: Any, demand: Any, time: float = 2035.0, flexible: Any = 0.0) -> Any:
    p, demand = power()[0], np.asarray(demand, dtype=float)
    load = adequacy.average_load(np, demand)
    storage = adequacy.storage_use(np, p.adequacy, capacity=capacity, load=load)
    now = dispatch.dispatch(
        np, p.dispatch, clock(time), demand=demand, capacity=capacity,
        short_run_cost=COST, storage=storage, flexible=np.asarray(flexible),
    )  # fmt: skip
    return now, storage


def order(capacity: Any, demand: Any, time: float = 2035.0, **given_: Any) -> Any:
    p, zero = power()[0], 0.0 * np.asarray(capacity)
    now, storage = run(capacity, demand, time)
    fleet = expansion.Fleet(
        capacity=capacity,
        pipeline=given_.get("pipeline", zero),
        retirement=given_.get("retirement", zero),
        availability=given_.get("availability", zero + 1.0),
    )
    outlook = expansion.Outlook(
        demand=np.asarray(demand, dtype=float),
        growth=np.asarray(given_.get("growth", 0.02)),
        cost=given_.get("cost", zero + 300.0),
        log_share_weight=given_.get("weights", zero),
        short_run_cost=COST,
        capacity_cost=zero + 300.0,
    )
    special = given_.get("special", p.expansion)
    ordered = expansion.orders(
        np, special, p.dispatch, p.adequacy, clock(time),
        fleet=fleet, outlook=outlook, now=now, storage=storage,
    )  # fmt: skip
    return ordered, fleet


@settings(max_examples=50, deadline=None)
@given(fleets, demands, times)
def test_generation_and_unmet_equal_demand_and_storage_loss(
    capacity: Any, demand: Any, time: float
) -> None:
    now, storage = run(capacity, demand, time)
    served = now.generation.sum(axis=0) + now.unmet
    assert_allclose(served, demand + storage.loss, rtol=1e-9, atol=1e-6)
    assert np.all(now.generation >= 0)
    assert np.all(now.curtailed >= -1e-9 * (1 + now.generation))
    assert np.all(np.isfinite(now.generation))


@settings(max_examples=50, deadline=None)
@given(fleets, demands)
def test_no_plant_runs_above_its_limit(capacity: Any, demand: Any) -> None:
    now, _ = run(capacity, demand)
    p = power()[0].dispatch
    most = p.maximum_utilisation * p.thermal + at(p.capacity_factor, clock(2035.0)) * (
        1.0 - p.thermal
    )
    assert np.all(now.generation <= 8.76 * most * capacity * (1 + 1e-12) + 1e-9)
    short = now.unmet > 1e-6
    thermal = now.generation * p.thermal
    full = 8.76 * p.maximum_utilisation * capacity * p.thermal
    assert_allclose(np.where(short, thermal, full), full, rtol=1e-9, atol=1e-6)


shares_of_demand = st.floats(0, 3)


@settings(max_examples=50, deadline=None)
@given(shares_of_demand, shares_of_demand, st.floats(0, 2), st.floats(0, 1))
def test_curtailment_is_bounded_and_monotone(
    low: float, high: float, storage: float, flexible: float
) -> None:
    p = power()[0].dispatch.curtailment
    low, high = min(low, high), max(low, high)

    def curtailed(share: float, stored: float, flex: float) -> float:
        return float(
            dispatch.curtailment_share(np, p, share=share, storage=stored, flexible=flex)[0]
        )

    few, many = curtailed(low, storage, flexible), curtailed(high, storage, flexible)
    assert p.base[0] <= few <= many <= p.maximum[0]
    assert curtailed(high, storage + 0.1, flexible) <= many
    assert curtailed(high, storage, min(flexible + 0.1, 1.0)) <= many


def test_curtailment_is_the_published_curve() -> None:
    p = power()[0].dispatch.curtailment
    found = dispatch.curtailment_share(
        np, p, share=np.array([0.7]), storage=np.array([0.2]), flexible=np.array([0.5])
    )
    assert_allclose(found, 0.03 + 0.9 * (0.7 - (0.30 + 0.35 * 0.2 + 0.10 * 0.5)) ** 1.2)


def test_a_surplus_is_spilled_in_reverse_order() -> None:
    capacity = stock(nuclear=100, hydro=100)
    now, _ = run(capacity, [500.0])
    assert now.unmet[0] == 0
    assert_allclose(now.generation[PLACE["nuclear"], 0], 500.0, rtol=0.05)
    assert now.generation[PLACE["hydro"], 0] == 0
    assert now.generation[PLACE["solar_utility"], 0] == 0
    assert now.generation[PLACE["coal_supercritical"], 0] == 0
    assert now.curtailed[PLACE["hydro"], 0] > 0


def test_dearer_coal_runs_less_and_the_split_is_the_power_of_cost() -> None:
    now, _ = run(stock(coal_ccs=0), [10000.0])
    poor, good = (PLACE[name] for name in ("coal_subcritical", "coal_supercritical"))
    ratio = now.generation[poor, 0] / now.generation[good, 0]
    assert_allclose(ratio, 464 / 726 * (300 / 280) ** -4.0, rtol=1e-9)


@pytest.mark.parametrize("time", [2016.5, 2020.5, 2024.5])
def test_history_curtails_nothing_and_meters_gas(time: float) -> None:
    now, _ = run(stock(), [9000.0], time)
    assert now.curtailment[0] == 0
    factor = at(power()[0].dispatch.capacity_factor, clock(time))[PLACE["gas"], 0]
    assert_allclose(now.generation[PLACE["gas"], 0], 8.76 * factor * 140)


def test_observed_capacity_factors_reproduce_observed_generation() -> None:
    """A fleet as observed makes what the statistics say, source by source."""
    values = load_parameters()
    groups = {"wind": ("onshore_wind", "offshore_wind"), "hydro": ("hydro",), "gas": ("gas",)}
    for source, members in groups.items():
        known = values[f"power.observed.generation.{source}"]
        for year, output in zip(known.times, known.values, strict=True):
            made = 0.0
            for name in members:
                ends = values[f"power.observed.generators.year_end_capacity.{name}"]
                mean = np.mean(np.interp([year - 1, year], ends.times, ends.values))
                factor = at(power()[0].dispatch.capacity_factor, clock(year + 0.5))
                made += 8.76 * mean * factor[PLACE[name], 0]
            assert_allclose(made, output, rtol=1e-9)


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


def test_storage_saturates_and_its_marginal_credit_is_the_slope() -> None:
    p, load = power()[0].adequacy, np.array([1000.0])

    def firm(battery: float) -> float:
        capacity = stock(battery=battery, long_storage=0)
        storage = adequacy.storage_use(np, p, capacity=capacity, load=load)
        return float(adequacy.firm_capacity(np, p, capacity=capacity, storage=storage)[0])

    here = adequacy.storage_use(np, p, capacity=stock(battery=300, long_storage=0), load=load)
    assert_allclose(firm(300.5) - firm(299.5), here.marginal_credit[0], rtol=1e-5)
    assert_allclose(firm(1e6) - firm(0), 0.9 * 0.45 * 1000, rtol=1e-9)


def test_firm_need_of_the_present_system() -> None:
    p = power()[0].adequacy
    need = adequacy.firm_need(np, p, clock(2025.0), np.array([8760.0]))
    assert_allclose(need, 1000 / 0.72 * 1.1 * 0.98)


orders_seen = arrays(np.float64, (16, 2), elements=st.floats(0, 60, allow_subnormal=False))


@settings(max_examples=40, deadline=None)
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


def test_firm_gap_counts_what_leaves_and_what_is_ordered() -> None:
    p, capacity, demand = power()[0], stock(), np.array([14000.0])
    _, storage = run(capacity, demand)

    def gap(retired: float, ordered: float) -> float:
        found = expansion.firm_gap(
            np,
            p.expansion,
            p.adequacy,
            clock(2035.0),
            fleet=expansion.Fleet(
                capacity, 0 * capacity, np.full((16, 1), retired), 1 + 0 * capacity
            ),
            outlook=expansion.Outlook(demand, np.zeros(1), capacity, capacity, COST, capacity),
            storage=storage,
            weights=np.ones((16, 1)),
            ordered=np.full((16, 1), ordered),
        )
        return float(found[0])

    credit = adequacy.marginal_credit(p.adequacy, storage).sum()
    need = adequacy.firm_need(np, p.adequacy, clock(2035.0), demand)
    have = adequacy.firm_capacity(np, p.adequacy, capacity=capacity, storage=storage)
    assert_allclose(gap(0, 0), (need - have)[0] / p.expansion.adjustment_time[0])
    assert_allclose(gap(10, 0) - gap(0, 0), 10 * credit)
    assert_allclose(gap(10, 4) - gap(10, 0), -4 * credit)


def test_firm_choice_counts_the_hours_that_a_plant_runs() -> None:
    """Gas against coal by the cube of annual cost per firm kilowatt, fuel of 500 h included."""
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
    weight = np.exp(p.expansion.firm_log_weight)
    expected = weight[gas, 0] / weight[coal, 0] * (per_firm[1] / per_firm[0]) ** -3.0
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


def test_flexible_demand_counts_up_to_its_full_share() -> None:
    p = power()[0].dispatch.flexibility
    load = np.array([1000.0])
    some = dispatch.flexibility(
        np, p, electrolysers=np.array([50.0]), charging=np.array([100.0]), load=load
    )
    assert_allclose(some, (50 + 10) / 200)
    full = dispatch.flexibility(
        np, p, electrolysers=np.array([500.0]), charging=np.array([0.0]), load=load
    )
    assert full[0] == 1
