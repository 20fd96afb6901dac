"""Called together on vectors, the right-hand side gives what its equations give."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from simulator import disk_cache
from simulator.errors import SolverError
from simulator.model.national import NationalModel
from simulator.model.packing import Packing
from simulator.reading.scenario import load, resolve
from simulator.solvers import recordings
from simulator.solvers.reference import solve
from simulator.solvers.vectors import OnVectors, on_vectors
from tests.model.test_batch import EXACT, worst


def prepared(model: NationalModel) -> tuple[OnVectors, Packing, np.ndarray]:
    """The right-hand side of a model, the shapes of its stocks, and these at the start."""
    state = model.initial()
    stocks = Packing.of(state)
    return on_vectors(model, stocks, state), stocks, stocks.pack(state)


def assert_same(found: np.ndarray, on: OnVectors, stocks: Packing, expected: Any) -> None:
    """Rates and flows agree, relative to the largest number of each array."""
    change, flows = expected
    assert worst(stocks.unpack(found[: stocks.size]), [change]) < EXACT
    assert worst(on.flows.unpack(found[stocks.size :]), [flows]) < EXACT


@pytest.mark.parametrize("name", ["frozen", "national_targets"])
def test_rates_and_flows_are_those_of_the_equations(name: str) -> None:
    """Taken apart once, for other states and times, in history and after it, to and fro."""
    model = NationalModel([resolve(load(name))])
    evaluate, stocks, start = prepared(model)
    for seed, time in enumerate([2016.2, 2024.9, 2019.4, 2031.7, 2025.1, 2060.9, 2016.2]):
        vector = start * np.random.default_rng(seed).uniform(0.9, 1.1, start.size)
        expected = model.evaluate(time, stocks.unpack(vector))
        assert_same(evaluate(time, vector), evaluate, stocks, expected)


def test_a_result_is_not_overwritten_by_the_next_call() -> None:
    evaluate, _, start = prepared(NationalModel([resolve(load("frozen"))]))
    first = evaluate(2030.5, start)
    kept = first.copy()
    evaluate(2050.5, 1.1 * start)
    assert_array_equal(first, kept)


def test_other_parameters_are_taken_apart_anew(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path / "kept"))
    model = NationalModel([resolve(load("frozen"))])
    evaluate, _, start = prepared(model)
    before = evaluate(2030.5, start)
    sinks = model.parameters.sinks
    model.parameters = model.parameters._replace(
        sinks=sinks._replace(uptake=2.0 * sinks.uptake)
    )
    evaluate, stocks, _ = prepared(model)
    after = evaluate(2030.5, start)
    assert not np.array_equal(before, after)
    assert_same(after, evaluate, stocks, model.evaluate(2030.5, stocks.unpack(start)))
    assert len(list(disk_cache.folder().glob(f"*.{recordings.PLANNED}"))) == 4


def test_a_stretch_is_taken_apart_once(tmp_path, monkeypatch) -> None:
    """Also where another scenario has the same past."""
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path / "kept"))
    base = load("frozen").replace({"horizon.end": 2026})
    first, _, start = prepared(NationalModel([base.resolved]))
    found = first(2016.2, start)
    monkeypatch.setattr(recordings, "plan_of", None)  # a second time is an error
    later = base.replace({"policies.carbon_price_floor.schedule": {2026: 500}})
    assert_array_equal(prepared(NationalModel([later.resolved]))[0](2016.2, start), found)


def test_a_rate_that_stops_being_a_number_is_named_with_its_time() -> None:
    model = NationalModel([resolve(load("frozen").replace({"horizon.end": 2025}))])
    sinks = model.parameters.sinks
    broken = np.where(np.arange(sinks.uptake.shape[0])[:, None] > 0, np.nan, sinks.uptake)
    model.parameters = model.parameters._replace(sinks=sinks._replace(uptake=broken))
    with pytest.raises(SolverError, match=r"sink.* is not finite at 2015\."):
        solve(model)
