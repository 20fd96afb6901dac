"""Construction machinery: exact laws, limits, and the inventories that the data reproduce."""

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

from simulator.equations import construction_machinery as machinery
from simulator.equations.fleet import Chain, ageing
from simulator.equations.schedule import Clock, Schedule, read_clock
from simulator.model.assembly.mobile import machinery_parameters
from simulator.model.layout import MACHINE_FLEETS
from simulator.model.series import grid_of, place_on_grid
from simulator.model.values import Values
from simulator.reading.fleets import load_fleets
from simulator.reading.parameters import load_parameters

Array = NDArray[np.float64]
TECHNOLOGIES = tuple(load_fleets()["excavators"].declaration.technologies)
FOLDER = "construction_machinery"
STEPS = 32
NOW, LATER = np.zeros(1), np.ones(1)


def fixed(value: Any) -> Schedule:
    """A series that stays at `value`, scenario axis last."""
    start = np.asarray(value, dtype=np.float64)[None]
    return Schedule(start, np.zeros_like(start))


STOCK = machinery.MachineStock(
    observed=fixed([[3.0], [1.0]]),
    reference=np.array([[2.0], [1.0]]),
    last=np.array([[4.0], [1.0]]),
    elasticity=np.array([0.8]),
    adjustment_time=np.array([4.0]),
    sharing=fixed([0.1]),
)
POLLUTION = machinery.Pollution(
    emission_factor=np.array([[[8.0], [0.0]], [[50.0], [0.0]], [[5.0], [0.0]]]),
    type_multiplier=np.array([[[1.5]], [[1.0]], [[1.0]]]),
    heating_value=np.array([40.0]),
)
RENEWAL = machinery.Renewal(
    is_old=np.array([[1.0], [1.0], [0.0]]),
    old_stage_exit=fixed([0.08]),
    remanufacture_share=fixed([0.2]),
    remanufacture_saving=np.array([0.8]),
)


def wanted(time: float, index: float, history: Array = NOW) -> Array:
    return machinery.wanted_stock(
        np,
        STOCK,
        Clock(time, 0, 0.0),
        construction_index=np.array([index]),
        history=history,
    )


def test_the_stock_goes_on_from_the_last_observation() -> None:
    assert_allclose(wanted(2025.0, 0.3), STOCK.last)
    assert_allclose(wanted(2020.0, 0.3, LATER)[:, 0], [3.0, 1.0])


def test_the_stock_ends_where_construction_asks() -> None:
    assert_allclose(wanted(2525.0, 0.5), STOCK.reference * 0.5**0.8 * 0.9)


def test_the_stock_relaxes_exponentially() -> None:
    called_for = 2.0 * 0.9
    expected = called_for + (4.0 - called_for) * np.exp(-2 / 4)
    assert_allclose(wanted(2027.0, 1.0)[0], expected)


@settings(max_examples=50)
@given(st.floats(2025, 2061), st.floats(0, 3))
def test_the_stock_is_finite_and_not_negative(time: float, index: float) -> None:
    stock = wanted(time, index)
    assert np.isfinite(stock).all()
    assert (stock >= 0).all()
    assert (wanted(time, index + 0.1) >= stock).all()


def test_hours_are_recorded_and_then_assumed() -> None:
    work = machinery.Work(observed_hours=fixed([[1.1]]), hours=fixed([[0.9]]))
    assert_allclose(machinery.usage(work, Clock(2020.0, 0, 0.0), history=LATER), 1.1)
    assert_allclose(machinery.usage(work, Clock(2030.0, 0, 0.0), history=NOW), 0.9)


def test_a_petajoule_of_diesel_in_an_old_engine() -> None:
    emitted = machinery.pollutants(POLLUTION, diesel=np.array([[[40.0], [7.0]]]))
    assert emitted.shape == (3, 1, 2, 1)
    assert_allclose(emitted[:, 0, 0, 0], [12.0, 50.0, 5.0])
    assert_allclose(emitted[:, 0, 1, 0], 0.0)


fuels = arrays(np.float64, (1, 2, 1), elements=st.floats(0, 1e4))


@settings(max_examples=50)
@given(fuels, fuels)
def test_pollutants_add_up_over_fuel(first: Array, second: Array) -> None:
    both = machinery.pollutants(POLLUTION, diesel=first + second)
    apart = [machinery.pollutants(POLLUTION, diesel=part) for part in (first, second)]
    assert_allclose(both, apart[0] + apart[1], atol=1e-9)
    assert (both >= 0).all()


def test_only_old_machines_are_asked_to_leave() -> None:
    hazard = machinery.exit_hazard(RENEWAL, Clock(2030.0, 0, 0.0))
    assert_allclose(hazard[:, 0], [0.08, 0.08, 0.0])


def test_remanufacturing_saves_energy_in_making() -> None:
    assert_allclose(machinery.manufacturing_factor(RENEWAL, Clock(2030.0, 0, 0.0)), 0.84)


@cache
def values() -> Values:
    return Values([load_parameters()])


def table(template: str, unit: str, default: float | None = None) -> Array:
    """Numbers of every fleet and technology, (8, 8, 1)."""
    paths = [template.format(f, t) for f in MACHINE_FLEETS for t in TECHNOLOGIES]
    return values().table(paths, unit, default).reshape(8, 8, 1)


def start() -> tuple[Chain, Array]:
    """Ageing chain and the stock at the end of 2014, each stage as old as its sales."""
    lifetime = table(FOLDER + ".fleets.{}.technologies.{}.lifetime", "yr")
    age = np.arange(1, 4)[:, None, None, None]
    profile = np.ones((3, 1, 8, 1)) / 3
    for place, name in enumerate(TECHNOLOGIES):
        path = f"{FOLDER}.technologies.{name}.initial_age"
        if values().has(f"{path}.1"):
            profile[:, 0, place] = values().table([f"{path}.{a}" for a in (1, 2, 3)], "1")
    total = table(FOLDER + ".fleets.{}.technologies.{}.initial_capacity", "million")
    leaves = (age == 3).astype(float)
    return Chain(3 / lifetime, 1 - leaves, leaves, np.ones(3)), total * profile


class Year(NamedTuple):
    stock: Array
    diesel: Array
    pollutants: Array


@cache
def history() -> Mapping[int, Year]:
    """Run the fleets through history as recorded."""
    known = values()
    paths = [f"{FOLDER}.observed.{f}.year_end_total" for f in MACHINE_FLEETS]
    totals = np.stack([known.knots(path, "million")[0][1] for path in paths])
    paths = [
        f"{FOLDER}.observed.{f}.addition_share.{t}"
        for f in MACHINE_FLEETS
        for t in TECHNOLOGIES
    ]
    shares = np.stack([known.knots(path, "1")[0][1] for path in paths]).reshape(8, 8, 10, 1)
    energy = table(FOLDER + ".fleets.{}.technologies.{}.energy.diesel", "GJ/vehicle", 0.0)
    specification = machinery_parameters(known)
    grid = grid_of(specification, 2015.0, 2026.0)
    p = place_on_grid(specification, grid)
    chain, stock = start()
    zero = np.zeros_like(stock)
    found = {}
    for year in range(2015, 2025):
        index, step = year - 2015, 1 / STEPS
        burnt = np.zeros((8, 8, 1))
        for part in range(STEPS):
            clock = read_clock(np, grid, np.array(year + (part + 0.5) * step))
            held = stock.sum(axis=0)
            hours = machinery.usage(p.work, clock, history=LATER)
            burnt = burnt + energy * held * hours[:, None] * step
            retired = (stock * chain.leaves).sum(axis=0) * chain.transfer
            growth = (totals[:, index + 1] - totals[:, index])[:, None]
            whole = (growth + retired.sum(axis=1))[:, None]
            assert (whole > 0).all()
            moved = ageing(
                np,
                chain,
                capacity=stock,
                installations=shares[:, :, index] * whole,
                hazard=zero,
                retrofit_change=zero,
            )
            stock = stock + moved.change * step
        emitted = machinery.pollutants(p.pollution, diesel=burnt)
        found[year] = Year(stock.sum(axis=0)[:, :, 0], burnt[:, :, 0], emitted[..., 0])
    return found


def test_the_stock_of_2020_is_ten_million() -> None:
    assert_allclose(history()[2020].stock.sum(), 10.04, rtol=2e-3)
    assert_allclose(start()[1].sum(), 7.5, rtol=1e-6)
    fossil_free = history()[2020].stock[:, 6:].sum() / history()[2020].stock.sum()
    assert 0 < fossil_free < 0.01


def test_diesel_of_2020() -> None:
    burnt = history()[2020].diesel.sum()
    assert_allclose(burnt / 42.65, 35.0, rtol=0.01)
    assert_allclose(burnt * 0.0741, 110.7, rtol=0.01)


def test_activity_by_stage_in_2020() -> None:
    burnt = history()[2020].diesel
    shares = burnt.sum(axis=0) / burnt.sum()
    assert_allclose(shares[:4], [0.038, 0.084, 0.359, 0.519], atol=0.01)


@pytest.mark.parametrize(("index", "inventory"), [(0, 119.9), (1, 1497.0), (2, 77.0)])
def test_the_inventory_of_2020(index: int, inventory: float) -> None:
    assert_allclose(history()[2020].pollutants[index].sum(), inventory, rtol=0.015)


@pytest.mark.parametrize(("year", "inventory"), [(2021, 1437.0), (2022, 1351.0)])
def test_nitrogen_oxides_fall_as_recorded(year: int, inventory: float) -> None:
    assert_allclose(history()[year].pollutants[1].sum(), inventory, rtol=0.015)


def test_hydrocarbons_by_type_in_2020() -> None:
    by_type = history()[2020].pollutants[0].sum(axis=1)[:7]
    recorded = {"loaders": 47.0, "excavators": 34.8, "forklifts": 9.0, "rollers": 4.4}
    recorded |= {"bulldozers": 3.0, "pavers": 1.2, "graders": 0.6}
    for fleet, share in recorded.items():
        part = by_type[MACHINE_FLEETS.index(fleet)] / by_type.sum()
        assert_allclose(part, share / 100, atol=0.006)


def test_hydrocarbons_by_stage_in_2020() -> None:
    by_stage = history()[2020].pollutants[0].sum(axis=0)
    assert_allclose(by_stage[:4] / by_stage.sum(), [0.09, 0.134, 0.45, 0.326], atol=0.015)


@pytest.mark.parametrize("fleet", MACHINE_FLEETS)
def test_recorded_shares_are_shares(fleet: str) -> None:
    paths = [f"{FOLDER}.observed.{fleet}.addition_share.{t}" for t in TECHNOLOGIES]
    shares = np.stack([values().knots(path, "1")[0][1] for path in paths])
    assert_allclose(shares.sum(axis=0), 1.0, atol=1e-9)
    assert shares.min() >= 0


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_a_stage_is_on_full_sale_when_the_one_before_is_banned(stage: int) -> None:
    on_sale = values().dates(f"{FOLDER}.technologies.stage_{stage}.availability")
    banned = values().dates(f"{FOLDER}.technologies.stage_{stage - 1}.ban")
    assert_allclose(banned - on_sale, 5.0)


def test_a_wider_block_gets_neutral_places() -> None:
    wide = machinery_parameters(values(), places=10)
    assert wide.pollution.emission_factor.shape == (3, 10, 1)
    assert_allclose(wide.pollution.emission_factor[:, 8:], 0)
    assert_allclose(wide.battery_capacity[:, 8:], 0)
    assert_allclose(wide.renewal.is_old[:, 0], [1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    assert_allclose(machinery_parameters(values()).battery_capacity[0, 6], 358.0)
