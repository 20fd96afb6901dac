"""From a scenario to its results."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import xarray as xr

from simulator.errors import ScenarioError
from simulator.model.national import NationalModel
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario, load
from simulator.results.dataset import build
from simulator.solvers.protocol import Trajectory
from simulator.solvers.reference import solve

ENGINES: Final = ("reference",)
"""Engines that run one scenario."""


class Simulation(NamedTuple):
    """A run with everything behind it."""

    model: NationalModel
    trajectory: Trajectory
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
    model = NationalModel([resolved])
    trajectory = solve(model, **options)
    return Simulation(model, trajectory, build(model, trajectory, resolved))


def run(
    scenario: str | Path | Scenario,
    engine: str = "reference",
    **options: Any,  # noqa: ANN401 - settings of the solver
) -> xr.Dataset:
    """Run a scenario, given by name, by path or as a value; return its results."""
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    return simulate(chosen.resolved, engine, **options).dataset
