"""The solver: methods and tolerances agree, events come in order, failures have a name."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from simulator.dimensions import HISTORY_END
from simulator.errors import SolverError
from simulator.model.national import NationalModel
from simulator.model.packing import Packing, leaves
from simulator.reading.scenario import load, resolve
from simulator.solvers.protocol import Trajectory
from simulator.solvers.reference import (
    ABSOLUTE_TOLERANCE,
    DEFAULT_METHOD,
    RELATIVE_TOLERANCE,
    solve,
)
from simulator.solvers.vectors import on_vectors

Array = NDArray[np.float64]

END = 2030
AGREED = 1e-3
"""Largest relative difference of net carbon dioxide in any year."""


@cache
def model(name: str = "national_targets", **changes: Any) -> NationalModel:
    return NationalModel([resolve(load(name).replace({"horizon.end": END} | changes))])


@cache
def reference() -> Trajectory:
    return solve(model())


def net(flows: Any) -> Array:
    carbon = flows.emissions_by_carrier.sum(axis=(0, 1)) + flows.emissions_process.sum(axis=0)
    return np.asarray(carbon - flows.sink.sum(axis=0))


def difference(run: Trajectory, other: Trajectory, of: Callable[[Any], Array] = net) -> float:
    pairs = zip(run.flows, other.flows, strict=True)
    return max(float(np.abs(of(a) / of(b) - 1.0).max()) for a, b in pairs)


class Moving(NamedTuple):
    """The stocks that move at all."""

    values: Any


class Net(NamedTuple):
    """The one flow that is compared."""

    total: Any


class Window:
    """A few years of the model with only the stocks that move: small enough to invert.

    An implicit method inverts a matrix as wide as the state, and most places of the state are
    empty because fleets have fewer technologies than the block has places.
    """

    def __init__(self, whole: NationalModel, run: Trajectory, start: int, end: int) -> None:
        self.whole = whole
        self.grid = whole.grid[(whole.grid >= start) & (whole.grid <= end)]
        first = run.years.index(start - 1)
        self.packing = Packing.of(run.states[first])
        self.base = self.packing.pack(run.states[first])
        later = [self.packing.pack(state) for state in run.states[first + 1 :]]
        self.moves = np.any([vector != self.base for vector in later], axis=0)
        self.rates = on_vectors(whole, self.packing, run.states[first])

    def vector(self, small: Moving) -> Array:
        vector = self.base.copy()
        vector[self.moves] = small.values
        return vector

    def small(self, state: Any) -> Moving:
        return Moving(self.packing.pack(state)[self.moves])

    def initial(self) -> Moving:
        return Moving(self.base[self.moves])

    def evaluate(self, time: float, small: Moving) -> tuple[Moving, Net]:
        found = self.rates(time, self.vector(small))
        flows = self.rates.flows.unpack(found[self.packing.size :])
        return Moving(found[: self.packing.size][self.moves]), Net(net(flows))

    def jump(self, time: float, small: Moving) -> Moving:
        return self.small(self.whole.jump(time, self.packing.unpack(self.vector(small))))

    def describe(self, name: str) -> str:
        return self.whole.describe(name)


def total(flows: Net) -> Array:
    return np.asarray(flows.total)


# --- agreement -------------------------------------------------------------------------------


def test_half_the_tolerance_changes_nothing() -> None:
    fine = solve(
        model(),
        relative_tolerance=RELATIVE_TOLERANCE / 2,
        absolute_tolerance=ABSOLUTE_TOLERANCE / 2,
    )
    assert fine.evaluations > reference().evaluations
    assert 0 < difference(fine, reference()) < AGREED


@pytest.mark.slow
def test_the_whole_horizon_holds_too() -> None:
    """Net emissions cross zero before 2060, so differences are relative to the gross."""
    whole = NationalModel([resolve(load("national_targets"))])
    coarse = solve(whole)
    fine = solve(
        whole,
        relative_tolerance=RELATIVE_TOLERANCE / 2,
        absolute_tolerance=ABSOLUTE_TOLERANCE / 2,
    )
    for year, a, b in zip(coarse.years, coarse.flows, fine.flows, strict=True):
        gross = float((net(b) + b.sink.sum(axis=0))[0])
        assert abs(float((net(a) - net(b))[0])) < AGREED * gross, year


@pytest.mark.slow
@pytest.mark.parametrize("method", sorted({"RK45", "RK23", "LSODA"} - {DEFAULT_METHOD}))
def test_other_methods_agree(method: str) -> None:
    assert 0 < difference(solve(model(), method=method), reference()) < AGREED


@pytest.mark.slow
def test_an_implicit_method_agrees() -> None:
    """In the first year after history, where preferences jump and policy sets in."""
    window = Window(model(), reference(), 2025, 2026)
    explicit = solve(window)
    whole = [net(f) for f in reference().flows[reference().years.index(2025) :]]
    assert 0 < difference(solve(window, method="BDF"), explicit, total) < AGREED
    for flows, known in zip(explicit.flows, whole, strict=False):
        assert abs(float(total(flows)[0] / known[0]) - 1.0) < AGREED


def test_the_same_run_twice_is_the_same_to_the_last_bit() -> None:
    scenario = load("national_targets").replace({"horizon.end": END})
    again = solve(NationalModel([resolve(scenario)]))
    for first, second in zip(reference().flows, again.flows, strict=True):
        for (_, a), (name, b) in zip(leaves(first), leaves(second), strict=True):
            assert_array_equal(a, b, err_msg=name)


# --- events ----------------------------------------------------------------------------------


def test_events_come_once_and_in_order() -> None:
    whole, seen = model(), []

    class Watched:
        grid = whole.grid

        def __getattr__(self, name: str) -> Any:
            return getattr(whole, name)

        def jump(self, time: float, state: Any) -> Any:
            seen.append(("jump", time))
            return whole.jump(time, state)

        def evaluate(self, time: float, state: Any) -> Any:
            seen.append(("evaluate", time))
            return whole.evaluate(time, state)

    solve(Watched())
    jumps = [time for kind, time in seen if kind == "jump"]
    assert jumps == sorted(set(jumps))
    assert jumps == list(whole.grid[:-1])
    assert jumps.count(HISTORY_END) == 1
    bounds = iter([*whole.grid[1:], math.inf])
    start, end = whole.grid[0], whole.grid[0]
    for kind, time in seen[1:]:
        if kind == "jump":
            start, end = time, next(bounds)
        else:
            assert start <= time <= end


def test_a_policy_has_no_effect_before_its_date() -> None:
    """Orders wind down in the year before a ban; before that nothing differs in any bit."""
    banned = solve(model(**{"policies.blast_furnace_moratorium.from": 2027.0}))
    free = solve(model(**{"policies.blast_furnace_moratorium.from": None}))
    for year, a, b in zip(free.years, free.flows, banned.flows, strict=True):
        same = all(
            np.array_equal(x, y) for (_, x), (_, y) in zip(leaves(a), leaves(b), strict=True)
        )
        assert same is (year < 2026), f"the moratorium of 2027 shows wrongly in {year}"


# --- failures --------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("steel.technologies.scrap_eaf.lifetime", r"scrap_eaf.*sector steel"),
        ("power.technologies.nuclear.lifetime", r"nuclear.*sector power"),
    ],
)
def test_a_parameter_that_is_not_a_number_is_found(path: str, words: str) -> None:
    resolved = resolve(load("frozen").replace({"horizon.end": 2025}))
    broken = dict(resolved.parameters)
    broken[path] = replace(broken[path], values=(math.nan,))
    chosen = SimpleNamespace(
        parameters=broken,
        history=resolved.history,
        history_end=resolved.history_end,
        end=resolved.end,
    )
    with pytest.raises(SolverError, match=words):
        solve(NationalModel([chosen]))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_stock_that_stops_being_a_number_is_named_with_its_time() -> None:
    whole = NationalModel([resolve(load("frozen").replace({"horizon.end": 2025}))])
    fleet = next(i for i, f in enumerate(whole.layout.fleets) if f.name == "steelmaking")
    place = whole.layout.technologies(whole.layout.fleets[fleet]).index("scrap_eaf")

    class Spoiled:
        grid = whole.grid

        def __getattr__(self, name: str) -> Any:
            return getattr(whole, name)

        def evaluate(self, time: float, state: Any) -> Any:
            change, flows = whole.evaluate(time, state)
            if time > 2016.25:
                capacity = change.fleets.capacity.copy()
                capacity[0, fleet, place] = math.nan
                change = change._replace(fleets=change.fleets._replace(capacity=capacity))
            return change, flows

    with pytest.raises(SolverError, match=r"scrap_eaf \(sector steel\).* 2016\."):
        solve(Spoiled())
