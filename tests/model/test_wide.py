"""Scenarios side by side may differ in any parameter, also in those that few of them change."""

import numpy as np
import pytest

from simulator.model.national import NationalModel
from simulator.model.packing import leaves
from simulator.reading.scenario import load

CHANGES = (
    {"environmental_protection.landfilled": 0.4},
    {"power.technologies.coal_subcritical.initial_age.1": 0.2},
    {"groups.observed.refining.activity": 1.0},
    {"petrochemicals.refining_furnaces": 0.7},
)
"""Each once broke a run beside others, or is read late."""


@pytest.mark.parametrize("year", [2018.3, 2025.6])
def test_any_parameter_may_differ_beside_others(year: float) -> None:
    base = load("current_policies").replace({"horizon.end": 2026})
    changed = [
        base.replace({f"parameters.{path}": value for path, value in change.items()}).resolved
        for change in CHANGES
    ]
    model = NationalModel([base.resolved, *changed])
    state = model.initial()
    alone = NationalModel([changed[0]])
    for (_, wide), (_, single) in zip(
        leaves(model.evaluate(year, state)[0]),
        leaves(alone.evaluate(year, alone.initial())[0]),
        strict=True,
    ):
        assert np.isfinite(wide).all()
        mine = np.broadcast_to(wide, (*wide.shape[:-1], 1 + len(CHANGES)))[..., 1]
        np.testing.assert_allclose(mine, single[..., 0], rtol=1e-9, atol=1e-9)
