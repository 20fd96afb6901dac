"""Dispatch: balances for any fleet, bounds, limits."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulator.equations import dispatch
from simulator.equations.schedule import at
from simulator.reading.parameters import load_parameters
from tests.plants import COST, PLACE, clock, demands, fleets, power, run, stock, times


@settings(max_examples=50)
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


@settings(max_examples=50)
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


@settings(max_examples=50)
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


@settings(max_examples=25)
@given(st.floats(20.0, 250.0), st.floats(4000.0, 5500.0))
def test_a_habit_continues_what_was_metered(gas: float, coal: float) -> None:
    """Inverted on what ran, the weights of thermal plants give it again."""
    p, capacity = power()[0].dispatch, stock(coal_ccs=0, biomass=0, beccs=0)
    ran = np.zeros_like(capacity)
    ran[PLACE["gas"]], ran[PLACE["coal_supercritical"]] = gas, coal
    found = dispatch.habit(np, p, generation=ran, capacity=capacity, short_run_cost=COST)
    assert np.flatnonzero(found[:, 0]).tolist() == [PLACE["gas"]]
    demand = [9000.0]
    usual, _ = run(capacity, demand)
    now, _ = run(capacity, demand, habit=found)
    others = (p.thermal * (1.0 - p.metered) * now.generation).sum(axis=0)
    assert_allclose(now.generation[PLACE["gas"]] / others, gas / coal, rtol=1e-9)
    again = dispatch.habit(
        np, p, generation=usual.generation, capacity=capacity, short_run_cost=COST
    )
    assert_allclose(again, 0.0, atol=1e-9)


def test_what_did_not_run_leaves_no_habit() -> None:
    nothing = np.zeros_like(stock())
    p = power()[0].dispatch
    found = dispatch.habit(np, p, generation=nothing, capacity=stock(), short_run_cost=COST)
    assert not found.any()


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
