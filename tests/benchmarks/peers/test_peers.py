"""The comparison is fair only if every tool runs the same model, and it must notice if not."""

import subprocess

import numpy as np
import pytest

from simulator.model.array_namespace import FAST_NUMPY
from simulator.solvers.machine import NumpyMachine
from tests.benchmarks.peers import environment
from tests.benchmarks.peers.__main__ import check
from tests.benchmarks.peers.chain import (
    CAPACITIES,
    CHECKED,
    CLASSES,
    FLEETS,
    KNOTS,
    PRICE,
    TECHNOLOGIES,
    Scenario,
    first_stocks,
    numbers,
    scenario,
)
from tests.benchmarks.peers.vensim import scalar, scalar_stocks, subscripted
from tests.benchmarks.peers.with_scipy import change, euler, exact
from tests.benchmarks.peers.with_simulator import Engine, columns
from tests.benchmarks.peers.with_simulator import change as by_equations


@pytest.fixture(scope="module")
def right() -> np.ndarray:
    return np.array([exact(scenario(place)) for place in range(CHECKED)])


@pytest.mark.parametrize("year", [2015.0, 2031.7, 2059.9])
def test_the_equations_give_the_rates_of_the_hand_written_model(year):
    given = numbers()
    random = np.random.default_rng(3)
    stocks = first_stocks(given) * random.uniform(0.9, 1.5, CAPACITIES + FLEETS * TECHNOLOGIES)
    # the simulator does not use the curve below half of the first experience
    stocks[CAPACITIES:] = given.experience.ravel() * random.uniform(
        1.0, 9.0, stocks.size - CAPACITIES
    )
    chosen = Scenario(0.7, 3.3)
    demand = np.array([[np.interp(year, KNOTS, path)] for path in given.demand])
    price = np.array([np.interp(year, KNOTS, PRICE)])
    varied = np.array([[chosen.price_factor], [chosen.exponent]])
    rates = by_equations(
        FAST_NUMPY,
        given,
        stocks=stocks[:, np.newaxis],
        demand=demand,
        price=price,
        varied=varied,
    )
    expected = change(year, stocks, given, chosen)
    np.testing.assert_allclose(rates[:, 0], expected, rtol=1e-11, atol=1e-10)


def test_the_chain_loses_nothing_and_orders_what_demand_asks_for():
    given, stocks = numbers(), first_stocks(numbers())
    rates = change(2020.0, stocks, given, Scenario(1.0, 4.0))
    capacity = stocks[:CAPACITIES].reshape(CLASSES, FLEETS, TECHNOLOGIES)
    grown = rates[:CAPACITIES].reshape(CLASSES, FLEETS, TECHNOLOGIES).sum(axis=(0, 2))
    demand = np.array([np.interp(2020.0, KNOTS, path) for path in given.demand])
    np.testing.assert_allclose(grown, (demand - capacity.sum(axis=(0, 2))) / 2.0, rtol=1e-10)


def test_halved_steps_of_the_simulator_are_sixteen_times_as_exact(right):
    errors = [
        np.abs(Engine(CHECKED, NumpyMachine, step).run(columns(0, CHECKED)).T / right - 1).max()
        for step in (2.5, 1.25, 0.625)
    ]
    assert errors[0] / errors[1] > 11
    assert errors[1] / errors[2] > 11


def test_a_scenario_does_not_depend_on_those_beside_it():
    together = Engine(5, NumpyMachine).run(columns(0, 5))
    alone = Engine(1, NumpyMachine).run(columns(3, 1))
    np.testing.assert_allclose(together[:, 3], alone[:, 0], rtol=1e-12)
    assert np.ptp(together, axis=1).min() > 0.0


def test_only_what_its_method_allows_passes(right):
    by_hand = np.array([euler(scenario(place)) for place in range(CHECKED)])

    def said(stocks: np.ndarray, method: str) -> list[str]:
        found = {"tool": "a tool", "method": method, "stocks": stocks.tolist()}
        return check(found, right, by_hand)

    assert said(right, "RK4") == []
    assert said(by_hand, "Euler") == []
    # an exact answer is not what Euler's method gives
    (sentence,) = said(right, "Euler")
    assert "from the same steps by hand" in sentence
    for spoilt in (right * (1 + 2e-6), np.where(right == right.max(), np.nan, right)):
        (sentence,) = said(spoilt, "RK4")
        assert "its method allows 1e-06" in sentence


def test_the_vensim_model_without_subscripts_has_every_stock_once():
    text = scalar(numbers())
    assert text.count("INTEG") == first_stocks(numbers()).size == len(set(scalar_stocks()))
    for stock in scalar_stocks():
        assert text.count(f"{stock} = INTEG(") == 1


@pytest.mark.parametrize("write", [subscripted, scalar])
def test_the_vensim_models_have_every_number(write):
    text = write(numbers())
    for values in numbers():
        for value in values.ravel().tolist():
            assert repr(value) in text


def test_a_peer_that_cannot_be_installed_is_named_and_left_out(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def run(words):
        fails = words[-1] == "pysd" or "'pysd'" in words[-1]
        output = "ERROR: No matching distribution found for pysd" if fails else ""
        return subprocess.CompletedProcess(words, int(fails), "", output)

    monkeypatch.setattr(environment, "_run", run)
    assert environment.prepare() == ("BPTK-Py",)
    expected = "without pysd: pip could not install it: ERROR: No matching distribution"
    assert expected in capsys.readouterr().out


def test_every_peer_has_a_pinned_version():
    pinned = environment.REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    for peer in environment.PEERS:
        assert [line for line in pinned if line.startswith(f"{peer}==")]
