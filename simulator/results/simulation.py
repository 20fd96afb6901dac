"""From a scenario to its results."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import xarray as xr

from simulator.errors import ScenarioError
from simulator.model.national import NationalModel
from simulator.model.record import Record, record_of
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario, load
from simulator.results.batches import BatchRunner
from simulator.results.dataset import build
from simulator.solvers.machine import NumpyMachine
from simulator.solvers.reference import solve

ENGINES: Final = ("reference", "batch")
"""Engines: the reference controls its errors, the batch engine takes fixed steps."""


class Simulation(NamedTuple):
    """A run with everything behind it."""

    model: NationalModel
    record: Record
    dataset: xr.Dataset


def simulate(
    resolved: Resolved,
    engine: str = "reference",
    **options: Any,  # noqa: ANN401 - settings of the solver
) -> Simulation:
    """Assemble the model, solve it, check its balances and read off the results.

    Parameters
    ----------
    resolved
        The scenario with all its parameters.
    engine
        Which solver runs it.
    options
        Settings of the solver, such as ``relative_tolerance``.

    Raises
    ------
    ScenarioError
        There is no such engine.
    SolverError
        The integration failed.
    BalanceError
        A conservation law does not close.
    """
    if engine not in ENGINES:
        message = f'there is no engine "{engine}"; there is {", ".join(ENGINES)}'
        raise ScenarioError(message)
    if engine == "batch":
        # a single run is over before code for it would be compiled
        runner = BatchRunner(resolved, width=1, make=NumpyMachine, **options)
        (batch,) = runner.run([resolved])
        model, record, settings = batch.model, batch.record, runner.settings
    else:
        model = NationalModel([resolved])
        trajectory = solve(model, **options)
        record, settings = record_of(trajectory), trajectory.settings
    return Simulation(model, record, build(model, record, resolved, settings))


def run(
    scenario: str | Path | Scenario,
    engine: str = "reference",
    **options: Any,  # noqa: ANN401 - settings of the solver
) -> xr.Dataset:
    """Run a scenario, given by name, by path or as a value; return its results."""
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    return simulate(chosen.resolved, engine, **options).dataset
