"""Every feedback loop, cut: what it drives moves as stated, and history stays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from simulator.dimensions import SECTORS
from simulator.equations import coal_mining, fleet
from simulator.equations.equipment import with_rebound
from simulator.equations.loops import Loops, felt
from simulator.equations.prices import scarce_price
from simulator.equations.schedule import read_clock
from simulator.model.balances import broken
from simulator.model.layout import FLEETS, MACHINE_FLEETS, family
from simulator.model.national import NationalModel
from simulator.model.record import Record
from simulator.reading.explain import explain
from simulator.reading.inventory import LOOPS
from simulator.reading.loops import load_loops
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load
from simulator.results.axes import technologies_of
from simulator.results.dataset import variables
from tests.equations.test_fleet import chain
from tests.together import run_together

Array = NDArray[np.float64]


# --- the table of loops ----------------------------------------------------------------------


def test_every_switch_is_the_parameter_of_one_loop() -> None:
    switches = [loop.switch for loop in load_loops().values()]
    own = {f"loops.{name}" for name in Loops._fields}
    assert own == {path for path in load_parameters() if path.startswith("loops.")}
    assert own == {switch for switch in switches if switch.startswith("loops.")}
    assert len(set(switches)) == len(switches) == 18
    assert set(load_loops()) == set(LOOPS)


@pytest.mark.parametrize("number", load_loops())
def test_a_loop_is_explained_by_its_number_and_by_its_switch(number: str) -> None:
    loop = load_loops()[number]
    found = explain(number.lower())
    assert found == explain(loop.switch)
    assert found.path == loop.switch
    text = "\n".join(found.lines())
    assert f"{number} {loop.label.en}" in text
    assert loop.output.zh in text
    if loop.switch.startswith("loops."):
        assert (found.low, found.high, found.unit) == (0.0, 1.0, "1")


# --- the switch itself -----------------------------------------------------------------------

NUMBERS = st.floats(-1e12, 1e12)


@given(NUMBERS, NUMBERS, st.floats(0, 1))
def test_a_closed_loop_changes_no_bit_and_a_cut_one_nothing_else(
    live: float, frozen: float, between: float
) -> None:
    assert felt(1.0, live, frozen) == live
    assert felt(0.0, live, frozen) == frozen
    low, high = min(live, frozen), max(live, frozen)
    slack = 1e-12 * max(abs(low), abs(high))
    assert low - slack <= felt(between, live, frozen) <= high + slack


def test_the_rebound_is_the_elasticity_at_the_reference() -> None:
    """The derivative of log electricity to log factor is 1 + elasticity there."""
    step = 1e-6

    def electricity(factor: float) -> float:
        return with_rebound(factor=0.9 * factor, reference=0.9, elasticity=-0.2) / 0.9

    assert electricity(1.0) == 1.0
    slope = (electricity(1.0 + step) - electricity(1.0 - step)) / (2 * step)
    assert_allclose(slope, 0.8, rtol=1e-8)
    assert_allclose(with_rebound(factor=0.8, reference=1.0, elasticity=-0.2), 0.8 * 1.04)


def test_the_price_rises_with_the_unmet_share() -> None:
    price = scarce_price(cost=400.0, unmet=10.0, served=90.0, response=5.0)
    assert_allclose(price, 400.0 * 1.5)
    assert scarce_price(cost=400.0, unmet=0.0, served=90.0, response=5.0) == 400.0


# --- cuts on shipped scenarios ---------------------------------------------------------------

CUTS: tuple[tuple[str, ...], ...] = (
    (),
    *((name,) for name in Loops._fields),
    ("capacity_gap", "scarcity"),
)
"""Loops cut together in each run; none in the first."""


def place(year: int) -> int:
    """Where a year stands in a record."""
    return year - 2015


@dataclass(frozen=True)
class Runs:
    """A scenario with every cut of `CUTS`."""

    model: NationalModel
    record: Record
    technologies: tuple[str, ...]

    def column(self, *cut: str) -> int:
        return CUTS.index(cut)

    @property
    def found(self) -> Mapping[str, Array]:
        return variables(self.model, self.record)

    def at(self, values: Array, year: int) -> Array:
        return np.asarray(values[place(year)])

    def capacity(self, year: int, *names: str) -> Array:
        rows = [i for i, name in enumerate(self.technologies) if name in names]
        assert len(rows) == len(names)
        return np.asarray(self.at(self.found["capacity"], year)[rows].sum(axis=0))

    def output(self, year: int, name: str) -> Array:
        """Output of a fleet by technology, (T, S)."""
        return self.at(self.record.flows.fleets.output, year)[FLEETS.index(name)]

    def share(self, year: int, fleet_name: str, technology: str) -> Array:
        made = self.output(year, fleet_name)
        layout = self.model.layout
        row = layout.technologies(layout.fleets[FLEETS.index(fleet_name)]).index(technology)
        return np.asarray(made[row] / made.sum(axis=0))

    def utilisation(self, year: int, name: str) -> Array:
        row = FLEETS.index(name)
        before, after = self.record.before.fleets, self.record.after.fleets
        standing = sum(
            self.at(held.capacity, year)[:, row].sum(axis=(0, 1)) for held in (before, after)
        )
        return np.asarray(2.0 * self.output(year, name).sum(axis=0) / standing)

    def wind_and_sun(self, year: int) -> Array:
        made = self.at(self.record.flows.power.generation, year)
        names = self.model.generators.technologies(self.model.generators.fleets[0])
        rows = [i for i, name in enumerate(names) if name in VARIABLE]
        return np.asarray(made[rows].sum(axis=0) / made.sum(axis=0))


VARIABLE = ("onshore_wind", "offshore_wind", "solar_utility", "solar_distributed")
WIND_AND_SUN = tuple(f"power.{name}" for name in VARIABLE)


def run(name: str, *changes: Mapping[str, Any]) -> Runs:
    scenarios = [load(name).replace(dict(change)).resolved for change in changes]
    batch = run_together(scenarios)
    assert broken(batch.model, batch.record) == {}
    return Runs(batch.model, batch.record, technologies_of(batch.model).names)


@cache
def cuts(name: str) -> Runs:
    return run(name, *({f"parameters.loops.{loop}": 0 for loop in cut} for cut in CUTS))


class Cut(NamedTuple):
    """What a loop that is cut does."""

    scenario: str
    """Where the loop matters: mandates hide it elsewhere."""
    output: Callable[[Runs], Array]
    least: float
    """Least change relative to the run with the loop; its sign is that of the loop's table."""


ROAD = SECTORS.index("automotive")
MINING = SECTORS.index("coal_mining")

EXPECTED = {
    "R1": Cut("frozen", lambda r: r.capacity(2035, *WIND_AND_SUN), -0.02),
    "R2": Cut("frozen", lambda r: r.at(r.record.flows.power.final, 2050), -0.015),
    "R3": Cut("frozen", lambda r: r.share(2050, "steelmaking", "scrap_eaf"), -0.25),
    "R4": Cut("frozen", lambda r: r.at(r.found["new_energy_vehicle_share"], 2035)[0], -0.3),
    "R5": Cut("frozen", lambda r: r.share(2050, "steelmaking", "hydrogen_dri"), -0.04),
    "R6": Cut("frozen", lambda r: r.at(r.record.after.storage.injection, 2050), -0.03),
    "R7": Cut(
        "frozen",
        lambda r: r.capacity(2060, "motors.ie4", "motors.ie5"),
        -0.03,
    ),
    "R8": Cut("frozen", lambda r: r.output(2050, "smelting").sum(axis=0), 0.5),
    "B1": Cut("national_targets", lambda r: r.capacity(2050, *WIND_AND_SUN), -0.15),
    "B2": Cut("national_targets", lambda r: r.utilisation(2035, "clinker"), -0.08),
    "B4": Cut(
        "national_targets",
        lambda r: r.at(r.record.flows.energy, 2050)[:, ROAD].sum(axis=0),
        0.05,
    ),
    "B5": Cut("national_targets", lambda r: r.at(r.found["methane"], 2050)[MINING], 1.0),
    "B6": Cut("frozen", lambda r: r.wind_and_sun(2050), 0.05),
    "B7": Cut("national_targets", lambda r: r.at(r.record.flows.power.final, 2060), 0.03),
    "B8": Cut("national_targets", lambda r: r.at(r.record.after.storage.injection, 2040), 0.5),
    "B9": Cut(
        "national_targets",
        lambda r: r.at(r.record.flows.fleets.output, 2045)[family(MACHINE_FLEETS)].sum(
            axis=(0, 1)
        ),
        0.5,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("number", EXPECTED)
def test_a_cut_loop_moves_its_output(number: str) -> None:
    loop, expected = load_loops()[number], EXPECTED[number]
    runs = cuts(expected.scenario)
    values = expected.output(runs)
    on = values[runs.column()]
    moved = values[runs.column(loop.switch.removeprefix("loops."))] / on - 1.0
    assert (expected.least > 0) == (loop.direction == "rises")
    assert moved * np.sign(expected.least) > abs(expected.least)


@pytest.mark.slow
def test_scarcity_holds_demand_down_and_nothing_is_scarce_while_capacity_follows() -> None:
    """B10: with B1 cut supply runs short; its price then limits what is asked for."""
    runs = cuts("national_targets")
    power = runs.record.flows.power
    short = (power.unmet / power.gross)[-1]
    assert power.unmet[:, runs.column()].max() < 1e-6
    gap, both = runs.column("capacity_gap"), runs.column("capacity_gap", "scarcity")
    assert short[both] > 1.2 * short[gap] > 0.01
    assert power.final[-1, both] > 1.005 * power.final[-1, gap]
    on, cut = (power.final[:, runs.column(*names)] for names in ((), ("scarcity",)))
    assert_allclose(cut, on, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["frozen", "national_targets"])
def test_a_cut_leaves_history_as_observed(name: str) -> None:
    runs = cuts(name)
    last = place(2024)
    flows = runs.record.flows
    for array in (flows.emissions_by_carrier, flows.energy, flows.power.generation):
        past = array[: last + 1]
        assert_array_equal(past, np.broadcast_to(past[..., :1], past.shape))
        assert np.abs(np.diff(array[last + 1 :], axis=-1)).max() > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["frozen", "national_targets"])
def test_the_price_of_a_cut_network_and_market_stays_that_of_the_end_of_history(
    name: str,
) -> None:
    """R4 and R6: chargers and experience stand still from 2025 on."""
    runs = cuts(name)
    chargers = runs.record.after.adoption.chargers
    end = place(2024)
    cut = chargers[end:, runs.column("vehicle_adoption")]
    assert_allclose(cut, cut[0], rtol=1e-12)
    experience = runs.record.after.fleets.experience[end:]
    hydrogen = FLEETS.index("hydrogen_production")
    for loop, row in (("hydrogen_scale", hydrogen), ("learning", FLEETS.index("clinker"))):
        kept = experience[:, row, :, runs.column(loop)]
        assert_allclose(kept, np.broadcast_to(kept[:1], kept.shape), rtol=1e-12)
    other = experience[-1, hydrogen, :, runs.column("learning")]
    assert other.sum() > 1.1 * experience[0, hydrogen, :, runs.column("learning")].sum()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["frozen", "national_targets"])
def test_caps_of_resources_hold(name: str) -> None:
    """B8: hydropower, injection and its ramp, the ceiling of smelting."""
    runs = cuts(name)
    p, on = runs.model.parameters, runs.column()
    potential = p.power.expansion.potential[:, 0]
    capacity = runs.record.after.generators.capacity[..., on].sum(axis=1)[:, 0]
    rows = potential < 1e4
    assert rows.any()
    assert (capacity[:, rows] <= potential[rows] * (1 + 1e-6)).all()
    injection = runs.record.after.storage.injection
    assert injection[:, on].max() <= p.storage.maximum_injection[0]
    free = runs.column("resource_limits")
    middle = place(2040)
    assert injection[middle, free] > 1.1 * injection[middle, on]


@pytest.mark.slow
def test_without_storage_the_share_of_wind_and_sun_saturates() -> None:
    """B6: with none ordered nor mandated it rises no more after 2045, nor beyond a half."""
    never = {
        f"parameters.power.technologies.{name}.{limit}": 0
        for name in ("battery", "long_storage")
        for limit in ("ramp", "seed")
    }
    runs = run("national_targets", {}, {**never, "policies.flexibility.storage": 0})
    shares = np.array([runs.wind_and_sun(year) for year in range(2025, 2061)])
    with_storage, without = shares[:, 0], shares[:, 1]
    assert without.max() < 0.55 < with_storage.max()
    assert without[-15:].max() <= without[:-15].max() + 0.02
    assert without[-1] < with_storage[-1] - 0.08


# --- steps on the kernel ---------------------------------------------------------------------


def fleet_after(demand: float, *, gap: float = 1.0, idle: float = 0.10) -> Any:
    """Capacity of a fleet that stood in balance at a demand of 85, by year after a step."""
    life, target, adjustment, build = 25.0, 0.85, 2.0, 2.0
    links = chain(4, life)

    def rates(_: float, y: Array) -> Array:
        stock, pipeline, seen = y[:4].reshape(4, 1, 1, 1), y[4], y[5]
        hazard = links.age_weight * fleet.closure_hazard(
            np,
            economic_rate=np.zeros((1, 1, 1)),
            relative_cost=np.zeros((1, 1, 1)),
            idle_rate=np.full((1, 1, 1), idle),
            idle_below=np.full((1, 1, 1), 0.6),
            utilisation=np.full((1, 1, 1), demand / y[:4].sum()),
        )
        retired = fleet.natural_retirement(np, links, stock) + (stock * hazard).sum(axis=0)
        orders = fleet.capacity_gap(
            np,
            required=np.full((1, 1), seen / target),
            capacity=np.full((1, 1), y[:4].sum()),
            pipeline=np.full((1, 1), pipeline - build * retired.sum()),
            retirement=retired[0],
            adjustment_time=np.full((1, 1), adjustment),
            response=gap,
        )
        aged = fleet.ageing(
            np,
            links,
            capacity=stock,
            installations=np.full((1, 1, 1), pipeline / build),
            hazard=hazard,
            retrofit_change=np.zeros((4, 1, 1, 1)),
        )
        return np.concatenate(
            [
                aged.change.ravel(),
                [orders.item() - pipeline / build, (demand - seen) / 1.5],
            ]
        )

    start = [25.0] * 4 + [100.0 / life * build, 85.0]
    found = solve_ivp(rates, (0, 60), start, rtol=1e-8, t_eval=np.arange(61.0))
    return found.y[:4].sum(axis=0)


def test_capacity_follows_a_step_of_demand_without_much_overshoot() -> None:
    """B1: never more than 8 % above what is wanted; without the loop it stays behind."""
    wanted = 1.2 * 100.0
    followed, cut = fleet_after(1.2 * 85.0), fleet_after(1.2 * 85.0, gap=0.0)
    assert followed.max() < 1.08 * wanted
    assert_allclose(followed[-1], wanted, rtol=5e-3)
    assert cut.max() < 0.9 * wanted


def test_utilisation_returns_after_a_fall_of_demand() -> None:
    """B2: 0.75 twelve years after a fall by 30 %; without closure of what is idle later."""
    assert 0.7 * 85.0 / fleet_after(0.7 * 85.0)[12] >= 0.75
    fall = 0.5 * 85.0
    used, cut = fall / fleet_after(fall), fall / fleet_after(fall, idle=0.0)
    assert used[6] > 1.03 * cut[6]


@pytest.mark.slow
def test_methane_of_mines_falls_behind_coal() -> None:
    """B5: five years after coal is halved; closed mines leak on, so it falls by less."""
    runs = cuts("frozen")
    model, year = runs.model, place(2024)
    p = NationalModel([load("frozen").resolved], model.grid).parameters
    clock = read_clock(np, p.grid, np.float64(2025.5))
    held = type(runs.record.after.coal_mining)(
        *[array[year][..., :1] for array in runs.record.after.coal_mining]
    )
    demand = runs.record.after.society.coal_demand[year][:1]

    def methane(state: Any, coal: Array) -> tuple[Any, float]:
        now = coal_mining.coal_mining_flows(
            np, p.coal_mining, state, clock, history=np.zeros(1), coal_demand=coal
        )
        return now, (now.methane_active + now.methane_abandoned).item()

    _, before = methane(held, demand)
    step = 1.0 / 64
    for _ in range(5 * 64):
        now, _ = methane(held, demand / 2)
        change = coal_mining.coal_mining_rates(np, p.coal_mining, held, clock, now)
        held = type(held)(*[a + step * b for a, b in zip(held, change, strict=True)])
    _, after = methane(held, demand / 2)
    assert 0.35 < 1.0 - after / before < 0.47
