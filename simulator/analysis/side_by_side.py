"""Run several scenarios and put their results side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from simulator.errors import ScenarioError
from simulator.reading.scenario import Scenario, load
from simulator.results.joined import join
from simulator.results.simulation import run


def compare(
    scenarios: Sequence[str | Path | Scenario],
    engine: str = "reference",
    **options: Any,  # noqa: ANN401 - settings of the solver
) -> xr.Dataset:
    """Run scenarios one after the other; one data set with a ``scenario`` dimension.

    Raises
    ------
    ScenarioError
        Two scenarios have the same name, or one cannot be read.
    """
    loaded = [item if isinstance(item, Scenario) else load(item) for item in scenarios]
    names = [item.name for item in loaded]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        message = f"two of the scenarios are called {', '.join(twice)}; give them other names"
        raise ScenarioError(message)
    return join({item.name: run(item, engine, **options) for item in loaded})
