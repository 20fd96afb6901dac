"""What plants ran when history ends is set against what stood in that year, not at its end."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from simulator.equations.choice import waterfill
from simulator.equations.schedule import Schedule
from simulator.model.anchoring import _operation
from simulator.results.simulation import run

EXPONENT = 2.0
COST = np.array([3.0, 5.0, 4.0])[np.newaxis, :, np.newaxis]
END = np.array([40.0, 20.0, 8.0])[np.newaxis, :, np.newaxis]
"""Capacity when history ends."""
OUTPUT = np.array([36.0, 15.0, 3.0])[np.newaxis, :, np.newaxis]
"""Output of the last year."""


def weights(change: NDArray[np.float64]) -> NDArray[np.float64]:
    block = SimpleNamespace(
        technique=SimpleNamespace(operating_exponent=np.full((1, 1, 1), EXPONENT)),
        observed=SimpleNamespace(
            by_output=np.ones((1, 1, 1)),
            net_change=Schedule(np.stack([change, 0.0 * change]), np.zeros((2, 1, 3, 1))),
        ),
    )
    parameters = SimpleNamespace(
        fleets=block, grid=np.array([2024.0, 2025.0, 2026.0]), history_end=2025.0
    )
    seen = SimpleNamespace(levelised=COST, short_run=COST, activity=OUTPUT)
    return _operation(SimpleNamespace(capacity=END[np.newaxis]), seen, parameters)


@pytest.mark.parametrize("change", [[0.0, 0.0, 0.0], [-4.0, 2.0, 4.0]])
def test_what_stood_in_the_last_year_runs_as_it_ran(change: list[float]) -> None:
    moved = np.array(change)[np.newaxis, :, np.newaxis]
    stood = END - 0.5 * moved
    merit = stood * np.exp(weights(moved)) * COST**-EXPONENT
    shared = waterfill(np, merit, OUTPUT.sum(axis=1), np.full_like(stood, 1e9))
    assert_allclose(shared.amount, OUTPUT, rtol=1e-12)


def test_stoves_that_leave_are_not_run_harder_at_once() -> None:
    """Coal stoves fell by 6 % in 2024; beside their number at its end, use rose to .90."""
    use = run("current_policies").utilisation.squeeze()
    coal = use.sel(technology="building_heat.coal")
    assert abs(float(coal.sel(time=2025) - coal.sel(time=2024))) < 0.03
