"""Fuel, carbon and cost of generation, gross demand, closure by policy, the fit to history."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from simulator.dimensions import CARRIERS
from simulator.equations import adequacy, dispatch, power
from simulator.equations.schedule import read_clock
from simulator.model.assembly.power import assemble_power
from simulator.model.series import grid_of, place_on_grid
from simulator.model.values import Values
from simulator.reading.fleets import load_fleets
from simulator.reading.parameters import load_parameters

NAMES = tuple(load_fleets()["generators"].declaration.technologies)
PLACE = {name: place for place, name in enumerate(NAMES)}
CARRIER = {name: place for place, name in enumerate(CARRIERS)}
FOSSIL = np.zeros((12, 1))
FOSSIL[CARRIER["coal"]] = 0.0946
FOSSIL[CARRIER["gas"]] = 0.0561
CONTENT = FOSSIL.copy()
CONTENT[CARRIER["biomass"]] = 0.100
COST_2020 = np.array(
    [240, 225, 500, 480, 600, 62, 0, 0, 0, 0, 0, 20, 600, 700, 0, 0], dtype=float
)[:, None]

outputs = arrays(np.float64, (16, 2), elements=st.floats(0, 5000, allow_subnormal=False))
captures = arrays(np.float64, (16, 2), elements=st.floats(0, 1))


@cache
def shipped() -> tuple[Any, Any]:
    spec = assemble_power(Values([load_parameters()]), load_fleets()["generators"])
    grid = grid_of(spec, 2015.0, 2061.0)
    return place_on_grid(spec, grid), grid


def clock(time: float) -> Any:
    return read_clock(np, shipped()[1], time)


def fuel(time: float = 2030.0, coal: float = 0.0, gas: float = 0.0) -> Any:
    return power.fuel_rates(
        np, shipped()[0].fuel, clock(time),
        relative=np.ones((16, 1)), blend=np.array([[coal], [gas]]),
    )  # fmt: skip


def rates(burnt: Any, capture: Any) -> Any:
    return power.carbon_rates(
        np, fuel=burnt, emission_factor=FOSSIL, carbon_content=CONTENT, capture=capture
    )


@settings(max_examples=40)
@given(outputs, captures)
def test_carbon_is_emitted_or_captured(generation: Any, capture: Any) -> None:
    burnt = fuel()
    carbon = rates(burnt, capture)
    found = power.combustion(np, generation=generation, fuel=burnt, carbon=carbon)
    generated = (FOSSIL * found.fuel).sum(axis=0)
    emitted = found.emissions.sum(axis=0)
    assert_allclose(emitted + found.captured.sum(axis=0), generated, rtol=1e-9, atol=1e-6)
    assert_allclose(found.emissions_by_carrier.sum(axis=0), emitted, rtol=1e-9, atol=1e-6)
    assert_allclose(found.fuel, (burnt * generation).sum(axis=1))


def test_fossil_emissions_are_fuel_times_factor_less_capture() -> None:
    carbon = rates(fuel(), shipped()[0].fuel.capture)
    coal, gas, beccs = (PLACE[name] for name in ("coal_ccs", "gas", "beccs"))
    assert_allclose(carbon.direct[coal], 3.6 / 0.33 * 0.0946 * 0.1, rtol=1e-5)
    assert_allclose(carbon.captured[coal], 3.6 / 0.33 * 0.0946 * 0.9, rtol=1e-5)
    assert_allclose(carbon.direct[gas], 3.6 / 0.52 * 0.0561, rtol=1e-5)
    assert_allclose(carbon.direct[beccs], -3.6 / 0.25 * 0.100 * 0.9, rtol=1e-5)


def test_hydrogen_replaces_its_share_of_gas_and_no_energy_is_lost() -> None:
    plain, blended = fuel(), fuel(gas=0.3)
    gas = PLACE["gas"]
    assert_allclose(blended.sum(axis=0), plain.sum(axis=0))
    assert_allclose(blended[CARRIER["gas"], gas], 0.7 * plain[CARRIER["gas"], gas])
    assert_allclose(blended[CARRIER["hydrogen"], gas], 0.3 * plain[CARRIER["gas"], gas])
    coal = PLACE["coal_supercritical"]
    assert_allclose(blended[:, coal], plain[:, coal])
    assert fuel(coal=0.2)[CARRIER["hydrogen"], coal, 0] > 0


@pytest.mark.parametrize(("hydrogen", "target"), [(1.0, 0.6), (1e4, 0.0)])
def test_plants_adapt_to_hydrogen_when_it_pays(hydrogen: float, target: float) -> None:
    change = power.blend_change(
        np, shipped()[0].fuel, clock(2060.0), blend=np.array([[0.0], [0.2]]),
        prices=np.full((12, 1), 80.0), hydrogen_price=np.array([hydrogen]),
        emission_factor=FOSSIL, carbon_price=np.array([1000.0]),
    )  # fmt: skip
    assert_allclose(change[1], (target - 0.2) / 8.0, atol=1e-4)


def test_costs_of_a_plant_by_hand() -> None:
    burnt = fuel(2024.5)
    carbon = rates(burnt, shipped()[0].fuel.capture)
    prices = np.zeros((12, 1))
    prices[CARRIER["coal"]] = 27.0
    cost = power.generator_cost(
        np, capital=np.full((16, 1), 4000.0), recovery=np.full((16, 1), 0.1),
        variable=np.full((16, 1), 20.0), fuel=burnt, prices=prices, carbon=carbon,
        carbon_price=np.array([100.0]), storage_price=np.array([155.0]),
        capacity_factor=np.full((16, 1), 0.5),
    )  # fmt: skip
    ccs = PLACE["coal_ccs"]
    heat = 3.6 / 0.33
    expected = 20 + heat * 27 + 100 * heat * 0.0946 * 0.1 + 155 * heat * 0.0946 * 0.9
    assert_allclose(cost.short_run[ccs], expected, rtol=1e-5)
    assert_allclose(cost.levelised[ccs], expected + 400 / (8.76 * 0.5), rtol=1e-5)
    system = power.system_cost(
        np, generation=np.full((16, 1), 10.0), capacity=np.full((16, 1), 2.0), cost=cost,
        given=np.zeros((16, 1)),
    )  # fmt: skip
    assert_allclose(system.capacity, 400 * 2.0 / 10.0)
    assert_allclose(system.operation, cost.short_run.mean())
    assert_allclose(system.total, system.capacity + system.operation)
    given = np.full((16, 1), 7.0)
    aided = power.system_cost(
        np, generation=np.full((16, 1), 10.0), capacity=np.full((16, 1), 2.0), cost=cost,
        given=given,
    )  # fmt: skip
    assert_allclose(aided.total, system.total - 7.0)


def test_phase_out_spreads_over_the_years_left() -> None:
    p = shipped()[0].phase_out._replace(
        start=np.array([2032.0]), end=np.array([2055.0]), strength=np.array([0.6])
    )
    hazard = [power.phase_out_hazard(np, p, clock(t)) for t in (2031.9, 2032.0, 2054.9)]
    coal = PLACE["coal_supercritical"]
    assert hazard[0][coal, 0] == 0
    assert_allclose(hazard[1][coal, 0], 0.6 / 23)
    assert_allclose(hazard[2][coal, 0], 0.3)
    assert np.all(hazard[2][PLACE["coal_ccs"] :] == 0)
    full = power.phase_out_hazard(np, p._replace(strength=np.array([9.0])), clock(2060.0))
    assert full.max() == 0.5
    assert np.all(power.phase_out_hazard(np, shipped()[0].phase_out, clock(2060.0)) == 0)


def observed_year(year: int) -> tuple[Any, Any]:
    """Dispatch of an observed year with the mean of its capacities."""
    values, p = load_parameters(), shipped()[0]
    ends = [values[f"power.observed.generators.year_end_capacity.{name}"] for name in NAMES]
    capacity = np.array([[np.interp([year - 1, year], e.times, e.values).mean()] for e in ends])
    known = values["power.observed.generation.total"]
    demand = np.array([np.interp(year, known.times, known.values)])
    load = adequacy.average_load(np, demand)
    storage = adequacy.storage_use(np, p.adequacy, capacity=capacity, load=load)
    now = dispatch.dispatch(
        np, p.dispatch, clock(year + 0.5), demand=demand, capacity=capacity,
        short_run_cost=COST_2020, storage=storage, flexible=np.zeros(1),
    )  # fmt: skip
    burnt = fuel(year + 0.5)
    carbon = rates(burnt, p.fuel.capture)
    return now, power.combustion(np, generation=now.generation, fuel=burnt, carbon=carbon)


@pytest.mark.parametrize("year", range(2018, 2024))
def test_intensities_of_history(year: int) -> None:
    """Grid within 2 %, thermal within 2 %, and within 1 % in 2021, of the published values."""
    now, burnt = observed_year(year)
    burning = (fuel().sum(axis=0) > 0).astype(float)
    found = power.intensity(
        np, generation=now.generation, emissions=burnt.emissions, burning=burning
    )
    values = load_parameters()
    for name, tolerance in (("grid", 0.02), ("thermal", 0.01 if year == 2021 else 0.02)):
        known = values[f"power.observed.intensity.{name}"]
        expected = np.interp(year, known.times, known.values)
        assert_allclose(getattr(found, name), expected, rtol=tolerance)
    assert now.unmet[0] < 1e-9  # rounding of the sum of what plants give


def test_power_emits_four_and_a_third_gigatonnes_in_2020() -> None:
    _, burnt = observed_year(2020)
    assert_allclose(burnt.emissions.sum(), 4350, rtol=0.01)
