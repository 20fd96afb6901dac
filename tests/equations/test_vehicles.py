"""Vehicles: exact laws, limits, and the recorded history that the data must reproduce."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from simulator.equations import vehicles
from simulator.equations.fleet import Chain, ageing
from simulator.equations.schedule import Clock, Schedule, read_clock
from simulator.model.assembly.mobile import mobile_start, vehicle_parameters
from simulator.model.layout import VEHICLE_FLEETS
from simulator.model.series import grid_of, place_on_grid
from simulator.model.values import Values
from simulator.reading.parameters import load_parameters

Array = NDArray[np.float64]
TECHNOLOGIES = ("combustion", "hybrid", "plug_in_hybrid", "battery_electric", "fuel_cell")
NEW = slice(2, 5)
STEPS = 32
NOW, LATER = np.zeros(1), np.ones(1)
CLOCK = Clock(2030.0, 0, 0.0)
AUTOMOBILES = [172, 194, 217, 240, 260, 281, 302, 319, 336, 353]
NEW_ENERGY = {2015: 0.583, 2017: 1.53, 2018: 2.61, 2019: 3.81, 2020: 4.92, 2021: 7.84}
NEW_ENERGY |= {2022: 13.10, 2023: 20.41, 2024: 31.40}
OIL = [1329, 1358, 1431, 1500, 1560, 1523, 1521, 1560, 1730, 1705]


def fixed(value: Any) -> Schedule:
    """A series that stays at `value`, scenario axis last."""
    start = np.asarray(value, dtype=np.float64)[None]
    return Schedule(start, np.zeros_like(start))


OWNERSHIP = vehicles.Ownership(
    observed=fixed([[90.0], [10.0]]),
    fleet_share=fixed([[0.8], [0.2]]),
    saturation=np.array([0.4]),
    reference_ownership=np.array([0.1]),
    reference_income=np.array([50_000.0]),
    income_response=np.array([5e-5]),
    look_ahead=np.array([3.0]),
)
TRAVEL = vehicles.Travel(
    observed=fixed([[12_000.0], [30_000.0]]),
    distance=fixed([[10_000.0], [36_000.0]]),
    reference=np.array([[10_000.0], [40_000.0]]),
    price_elasticity=np.array([-0.3]),
)
ADOPTION = vehicles.Adoption(
    is_new=np.array([[0.0], [1.0], [1.0]]),
    plugs_in=np.array([[0.0], [1.0], [0.0]]),
    charging_dependence=np.array([[0.0], [1.0], [0.0]]),
    advertising=np.array([0.01]),
    word_of_mouth=np.array([0.6]),
    forgetting=np.array([0.04]),
    vehicles_per_charger=fixed([8.0]),
    crowding=np.array([0.5]),
    charger_time=np.array([1.5]),
    charger_lifetime=np.array([10.0]),
    charger_funding=fixed([1.2]),
    observed_charger_change=fixed([0.7]),
)


def wanted(income: float, growth: float = 0.0, history: Array = NOW) -> Array:
    return vehicles.wanted_stock(
        np,
        OWNERSHIP,
        CLOCK,
        income=np.array([income]),
        population=np.array([1000.0]),
        income_growth=np.array([growth]),
        population_growth=np.zeros(1),
        history=history,
    )


def test_ownership_passes_through_the_last_observation() -> None:
    assert_allclose(wanted(50_000.0)[:, 0], [80.0, 20.0])


def test_ownership_is_the_curve_of_gompertz() -> None:
    """0.1 a person at 50 000 CNY with 0.4 in the end: a quarter to the power that is left."""
    assert_allclose(wanted(80_000.0).sum(), 1000 * 0.4 * 0.25 ** np.exp(-5e-5 * 30_000))
    assert_allclose(wanted(1e9).sum(), 400.0)
    steepest = 50_000.0 + np.log(np.log(4.0)) / 5e-5
    assert_allclose(wanted(steepest).sum(), 400.0 / np.e)


@given(st.floats(0.0, 3e5), st.floats(1.0, 1e5))
def test_more_income_never_asks_for_fewer_vehicles(income: float, more: float) -> None:
    poorer, richer = wanted(income).sum(), wanted(income + more).sum()
    assert 0.0 <= poorer <= richer <= 400.0 * (1.0 + 1e-12)


@given(st.floats(0.0, 3e5), st.floats(0.0, 3e5))
def test_what_is_lacking_falls_by_the_same_part_for_the_same_rise(a: float, b: float) -> None:
    """The law that the curve is the solution of, in logarithms of saturation over ownership."""
    first, last = (np.log(400.0 / wanted(income).sum()) for income in (a, b))
    assert_allclose(first * np.exp(5e-5 * a), last * np.exp(5e-5 * b), rtol=1e-6, atol=1e-9)


def test_buyers_look_ahead_so_that_a_growing_fleet_does_not_trail() -> None:
    assert_allclose(wanted(50_000.0, growth=0.05), wanted(50_000.0 * 1.15))
    assert wanted(50_000.0, growth=0.05).sum() > wanted(50_000.0).sum()


def test_a_fleet_whose_share_falls_is_not_ordered_for_the_share_of_today() -> None:
    """After three years on its course the share is what orders aim at now."""
    falling = Schedule(np.array([[[0.8], [0.2]]]), np.array([[[0.01], [-0.01]]]))
    found = vehicles.wanted_stock(
        np,
        OWNERSHIP._replace(fleet_share=falling),
        CLOCK._replace(elapsed=np.array(0.0)),
        income=np.array([50_000.0]),
        population=np.array([1000.0]),
        income_growth=np.zeros(1),
        population_growth=np.zeros(1),
        history=NOW,
    )
    assert_allclose(found[:, 0], [83.0, 17.0])
    assert_allclose(found.sum(), wanted(50_000.0).sum())


def test_buyers_look_ahead_to_fewer_people() -> None:
    fewer = vehicles.wanted_stock(
        np,
        OWNERSHIP,
        CLOCK,
        income=np.array([50_000.0]),
        population=np.array([1000.0]),
        income_growth=np.zeros(1),
        population_growth=np.array([-0.01]),
        history=NOW,
    )
    assert_allclose(fewer.sum(), 100.0 * 0.97)


def test_history_asks_for_what_was_observed() -> None:
    assert_allclose(wanted(80_000.0, history=LATER)[:, 0], [90.0, 10.0])


def test_dearer_fuel_shortens_trips_after_history_only() -> None:
    dear = np.full((2, 1), 2.0)
    after = vehicles.usage(np, TRAVEL, CLOCK, price_ratio=dear, history=NOW)
    assert_allclose(after[:, 0], np.array([1.0, 0.9]) * 2**-0.3)
    before = vehicles.usage(np, TRAVEL, CLOCK, price_ratio=dear, history=LATER)
    assert_allclose(before[:, 0], [1.2, 0.75])


stocks = arrays(np.float64, (2, 3, 1), elements=st.floats(0, 400))
known = arrays(np.float64, (2, 1), elements=st.floats(0.01, 1))
points = st.floats(0, 50)


def choose(stock: Array, familiarity: Array, chargers: float) -> Array:
    return vehicles.preference(
        np, ADOPTION, CLOCK, stock=stock, familiarity=familiarity, chargers=np.array([chargers])
    )


@settings(max_examples=50)
@given(stocks, known, points)
def test_multipliers_are_finite_and_positive(
    stock: Array, familiarity: Array, chargers: float
) -> None:
    multiplier = choose(stock, familiarity, chargers)
    assert np.isfinite(multiplier).all()
    assert (multiplier > 0).all()
    assert (multiplier <= 1.5 + 1e-12).all()
    assert_allclose(multiplier[:, 0], 1.0)
    assert_allclose(multiplier[:, 2], familiarity)


def test_chargers_that_serve_well_change_nothing_and_crowded_ones_put_off() -> None:
    stock = np.zeros((2, 3, 1))
    stock[0, 1] = 16.0
    familiarity = np.full((2, 1), 0.5)
    assert_allclose(choose(stock, familiarity, 2.0)[:, 1], 0.5)
    assert_allclose(choose(stock, familiarity, 1.0)[:, 1], 0.5 * 1.5 / 3.0)


def change(stock: Array, familiarity: Array, chargers: float, history: Array = NOW) -> Any:
    return vehicles.adoption_change(
        np,
        ADOPTION,
        CLOCK,
        stock=stock,
        familiarity=familiarity,
        chargers=np.array([chargers]),
        history=history,
    )


@settings(max_examples=50)
@given(stocks, known, points, st.sampled_from([NOW, LATER]))
def test_chargers_balance_and_never_fall_below_zero(
    stock: Array, familiarity: Array, chargers: float, history: Array
) -> None:
    rates = change(stock, familiarity, chargers, history)
    assert_allclose(rates.chargers, rates.chargers_built - rates.chargers_retired)
    assert_allclose(rates.chargers_retired, chargers / 10)
    assert (rates.chargers_built >= 0).all()
    assert (change(stock, familiarity, 0.0).chargers >= 0).all()


def test_chargers_follow_the_record_in_history_and_the_need_after_it() -> None:
    stock = np.zeros((2, 3, 1))
    stock[1, 1] = 16.0
    familiarity = np.full((2, 1), 0.5)
    assert_allclose(change(stock, familiarity, 1.0, LATER).chargers, 0.7)
    assert_allclose(change(stock, familiarity, 1.0).chargers_built, 1.2 * (1 / 1.5 + 0.1))
    assert_allclose(change(stock, familiarity, 9.0).chargers_built, 1.2 * 0.9)


@settings(max_examples=50)
@given(stocks, known)
def test_familiarity_stays_between_none_and_all(stock: Array, familiarity: Array) -> None:
    assert (change(stock, np.zeros((2, 1)), 1.0).familiarity > 0).all()
    assert (change(stock, np.ones((2, 1)), 1.0).familiarity <= 0).all()
    assert np.isfinite(change(stock, familiarity, 1.0).familiarity).all()


def test_familiarity_grows_by_word_of_mouth_and_is_forgotten() -> None:
    stock = np.array([[[3.0], [1.0], [0.0]], [[1.0], [0.0], [0.0]]])
    rate = change(stock, np.full((2, 1), 0.5), 1.0).familiarity
    assert_allclose(rate[0], 0.5 * (0.01 + 0.6 * 0.25) - 0.04 * 0.75 * 0.5)
    assert_allclose(rate[1], 0.5 * 0.01 - 0.04 * 0.5)


@cache
def values() -> Values:
    return Values([load_parameters()])


def table(template: str, unit: str, default: float | None = None) -> Array:
    """Numbers of every fleet and technology, (4, 5, 1)."""
    paths = [template.format(f, t) for f in VEHICLE_FLEETS for t in TECHNOLOGIES]
    return values().table(paths, unit, default).reshape(4, 5, 1)


def chain_and_stock() -> tuple[Chain, Array]:
    lifetime = table("vehicles.fleets.{}.technologies.{}.lifetime", "yr")
    growth = values().table(
        [f"vehicles.fleets.{f}.past_growth" for f in VEHICLE_FLEETS], "1/yr"
    )
    transfer = 4 / lifetime
    age = np.arange(1, 5)[:, None, None, None]
    profile = (transfer / (transfer + growth[:, None])) ** (age - 1)
    total = table("vehicles.fleets.{}.technologies.{}.initial_capacity", "million")
    chain = Chain(transfer, (age < 4).astype(float), (age == 4).astype(float), np.ones(4))
    return chain, total * profile / profile.sum(axis=0)


def road_emissions(stock: Array, usage: Array) -> Array:
    """CO2 of each fleet at the intensity of 2020, (4,) [Mt/yr]."""
    path = "vehicles.fleets.{}.technologies.{}.energy."
    petrol = table(path + "gasoline", "GJ/vehicle", 0.0) * 0.0693
    diesel = table(path + "diesel", "GJ/vehicle", 0.0) * 0.0741
    return ((petrol + diesel) * stock).sum(axis=1)[:, 0] * usage[:, 0]


class Year(NamedTuple):
    stock: Array
    additions: Array
    emissions: Array
    chargers: float
    battery_price: float


@cache
def history() -> Mapping[int, Year]:
    """Run the fleets through history as recorded: shares, totals, distances and chargers."""
    known = values()
    shares = np.stack(
        [
            known.knots(f"vehicles.observed.{f}.addition_share.{t}", "1")[0][1]
            for f in VEHICLE_FLEETS
            for t in TECHNOLOGIES
        ]
    ).reshape(4, 5, 10, 1)
    totals = np.stack(
        [
            known.knots(f"vehicles.observed.{f}.year_end_total", "million")[0][1]
            for f in VEHICLE_FLEETS
        ]
    )
    specification = vehicle_parameters(known)
    grid = grid_of(specification, 2015.0, 2026.0)
    p = place_on_grid(specification, grid)
    start = mobile_start(known)
    chain, stock = chain_and_stock()
    zero = np.zeros_like(stock)
    familiarity, chargers = start.familiarity, start.chargers
    batteries = start.battery_experience
    found = {}
    for year in range(2015, 2025):
        index, step = year - 2015, 1 / STEPS
        added, emitted = np.zeros((4, 5, 1)), np.zeros(4)
        for part in range(STEPS):
            clock = read_clock(np, grid, np.array(year + (part + 0.5) * step))
            held = stock.sum(axis=0)
            retired = (stock * chain.leaves).sum(axis=0) * chain.transfer
            growth = (totals[:, index + 1] - totals[:, index])[:, None]
            orders = shares[:, :, index] * (growth + retired.sum(axis=1))[:, None]
            use = vehicles.usage(
                np, p.travel, clock, price_ratio=np.ones((4, 1)), history=LATER
            )
            rates = vehicles.adoption_change(
                np,
                p.adoption,
                clock,
                stock=held,
                familiarity=familiarity,
                chargers=chargers,
                history=LATER,
            )
            made = vehicles.battery_experience_change(
                p.batteries, capacity=p.batteries.capacity, additions=orders
            )
            emitted = emitted + road_emissions(held, use) * step
            added = added + orders * step
            moved = ageing(
                np,
                chain,
                capacity=stock,
                installations=orders,
                hazard=zero,
                retrofit_change=zero,
            )
            stock = stock + moved.change * step
            familiarity = familiarity + rates.familiarity * step
            chargers = chargers + rates.chargers * step
            batteries = batteries + made * step
        price = vehicles.battery_price(np, p.batteries, batteries)
        found[year] = Year(
            stock.sum(axis=0)[:, :, 0], added[:, :, 0], emitted, chargers[0], price[0]
        )
    return found


@pytest.mark.parametrize("index", range(10))
def test_all_automobiles_are_the_recorded_stock(index: int) -> None:
    assert_allclose(history()[2015 + index].stock.sum(), AUTOMOBILES[index], rtol=2e-3)


@pytest.mark.parametrize("year", NEW_ENERGY)
def test_new_energy_vehicles_come_out_of_the_shares(year: int) -> None:
    assert_allclose(history()[year].stock[:, NEW].sum(), NEW_ENERGY[year], rtol=0.04)


def test_battery_electric_vehicles_of_2024() -> None:
    assert_allclose(history()[2024].stock[:, 3].sum(), 22.09, rtol=0.04)


def test_registrations_are_near_the_recorded_ones() -> None:
    recorded = [23.85, 27.52, 28.13, 26.73, 25.78, 24.24, 26.22, 23.23, 24.56, 26.90]
    added = [history()[year].additions.sum() for year in range(2015, 2025)]
    assert_allclose(np.sum(added), np.sum(recorded), rtol=0.06)
    assert_allclose(added, recorded, rtol=0.18)


def test_share_of_new_energy_vehicles_in_sales_of_2024() -> None:
    added = history()[2024].additions
    assert_allclose(added[:, NEW].sum() / added.sum(), 0.409, atol=0.02)


def test_emissions_of_use_in_2020() -> None:
    assert_allclose(history()[2020].emissions, [355, 46, 68, 257], rtol=0.01)


def test_road_emissions_follow_the_national_use_of_oil() -> None:
    road = np.array([history()[year].emissions.sum() for year in range(2015, 2025)])
    assert ((road / OIL > 0.44) & (road / OIL < 0.54)).all()
    assert road[5] < road[4]
    assert road[7] < road[8]


def test_public_chargers_are_the_recorded_ones() -> None:
    recorded = {2020: 0.81, 2021: 1.15, 2022: 1.76, 2023: 2.7, 2024: 3.58}
    for year, chargers in recorded.items():
        assert_allclose(history()[year].chargers, chargers, rtol=1e-6)


def test_battery_price_fell_as_recorded() -> None:
    assert_allclose(history()[2020].battery_price, 870, rtol=0.06)
    assert_allclose(history()[2024].battery_price, 510, rtol=0.06)


@pytest.mark.parametrize("fleet", VEHICLE_FLEETS)
def test_recorded_shares_are_shares(fleet: str) -> None:
    shares = [
        values().knots(f"vehicles.observed.{fleet}.addition_share.{t}", "1")[0][1]
        for t in TECHNOLOGIES
    ]
    assert_allclose(np.sum(shares, axis=0), 1.0, atol=1e-9)
    assert np.min(shares) >= 0


@pytest.mark.parametrize("time", [2025.0, 2030.0, 2047.0, 2060.0])
def test_shares_of_the_fleets_add_up(time: float) -> None:
    paths = [f"vehicles.ownership.fleet_share.{fleet}" for fleet in VEHICLE_FLEETS]
    total = sum(np.interp(time, *values().knots(path, "1")[0]) for path in paths)
    assert_allclose(total, 1.0, atol=2e-6)


def test_the_stock_of_the_day_goes_on_without_a_jump() -> None:
    specification = vehicle_parameters(values())
    grid = grid_of(specification, 2015.0, 2026.0)
    p = place_on_grid(specification, grid).ownership._replace(look_ahead=np.zeros(1))
    ends = [
        vehicles.wanted_stock(
            np,
            p,
            read_clock(np, grid, np.array(time)),
            income=p.reference_income,
            population=np.array([1408.28]),
            income_growth=np.zeros(1),
            population_growth=np.zeros(1),
            history=side,
        )
        for time, side in ((2025.0 - 1e-9, LATER), (2025.0, NOW))
    ]
    assert_allclose(ends[1], ends[0], rtol=2e-3)


def test_a_wider_block_gets_neutral_places() -> None:
    narrow, wide = vehicle_parameters(values()), vehicle_parameters(values(), places=8)
    assert wide.batteries.capacity.shape == (4, 8, 1)
    assert_allclose(wide.batteries.capacity[:, :5], narrow.batteries.capacity)
    assert_allclose(wide.batteries.capacity[:, 5:], 0)
    assert_allclose(wide.adoption.is_new[5:], 0)
    assert_allclose(wide.adoption.charging_dependence[5:], 0)
