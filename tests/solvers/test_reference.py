"""The reference engine on models whose answers are known."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_allclose

from simulator.errors import SolverError
from simulator.model.packing import Packing
from simulator.solvers.reference import solve


class Stocks(NamedTuple):
    young: Any
    old: Any


class Flow(NamedTuple):
    retired: Any
    power: Any


class Ageing:
    """Two age classes, an inflow that jumps at a bend of the grid, a known solution."""

    def __init__(self, grid: list[float]) -> None:
        self.grid = np.array(grid)
        self.seen: list[float] = []

    def initial(self) -> Stocks:
        return Stocks(np.array([8.0]), np.array([2.0]))

    def evaluate(self, time: float, state: Stocks) -> tuple[Stocks, Flow]:
        self.seen.append(time)
        inflow = 3.0 if time < 2016.5 else 0.0
        rate = 0.2
        change = Stocks(inflow - rate * state.young, rate * (state.young - state.old))
        return change, Flow(rate * state.old, np.array([time - 2015.0]))

    def jump(self, _: float, state: Stocks) -> Stocks:
        return state

    def describe(self, name: str) -> str:
        return name


def test_stocks_and_annual_integrals_balance_to_rounding() -> None:
    run = solve(Ageing([2015, 2016, 2016.5, 2017, 2018]))
    assert run.years == (2015, 2016, 2017)
    total = [np.sum(run.initial)] + [np.sum(state) for state in run.states]
    inflow = [3.0, 1.5, 0.0]
    for year in range(3):
        gap = total[year + 1] - total[year] - inflow[year] + run.flows[year].retired[0]
        assert abs(gap) < 1e-12


def test_the_solution_is_exact_to_its_tolerance() -> None:
    run = solve(Ageing([2015, 2016]), relative_tolerance=1e-9, absolute_tolerance=1e-10)
    assert_allclose(run.states[0].young, 15 + (8 - 15) * np.exp(-0.2), rtol=1e-8)
    assert_allclose(run.flows[0].power, 0.5, rtol=1e-9)


def test_no_evaluation_touches_a_bend() -> None:
    model = Ageing([2015, 2016, 2016.5, 2017])
    solve(model)
    assert all(abs(t - bend) > 1e-10 for t in model.seen for bend in (2016.5, 2017.0))


def test_a_state_that_is_not_finite_is_named() -> None:
    class Broken(Ageing):
        def evaluate(self, time: float, state: Stocks) -> tuple[Stocks, Flow]:
            change, flow = super().evaluate(time, state)
            return (change if time < 2015.5 else change._replace(old=np.array([np.nan]))), flow

    with pytest.raises(SolverError, match=r"old.*2015\.[5-9]"):
        solve(Broken([2015, 2016]))


def test_steps_that_collapse_end_with_the_stock_that_is_to_blame() -> None:
    class Chattering(Ageing):
        def evaluate(self, time: float, state: Stocks) -> tuple[Stocks, Flow]:
            change, flow = super().evaluate(time, state)
            back = np.where(state.old > 2.0, -1e6, 1e6)
            return (change if time < 2015.5 else change._replace(old=back)), flow

    with pytest.raises(SolverError, match=r"not get beyond 2015\.[5-9].*old.* changes faster"):
        solve(Chattering([2015, 2016]))


def test_packing_goes_there_and_back() -> None:
    tree = Stocks(np.arange(6.0).reshape(2, 3), np.full((1, 2), 7.0))
    packing = Packing.of(tree)
    back = packing.unpack(packing.pack(tree))
    assert_allclose(back.young, tree.young)
    assert_allclose(back.old, tree.old)
    assert packing.name_of(4) == "young[1, 1]"
    with pytest.raises(ValueError, match="old"):
        packing.pack(Stocks(tree.young, np.zeros((5, 5))))
