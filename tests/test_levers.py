"""No dead lever: every active policy moves the outcome, and most of them downwards alone."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
import yaml

from simulator.model.national import NationalModel
from simulator.reading.catalogue import load_policies
from simulator.reading.scenario import load
from simulator.solvers.reference import solve

END = 2045
"""Last year of the runs: reduced, so that the test stays short."""

ALONE_NO_CUT = {
    "low_carbon_build_cap": "nuclear and hydro displace wind and sun as well as coal",
    "aluminium_capacity_ceiling": "demand falls below the ceiling before it tightens",
    "hydrogen_steel_floor": "without other policies hydrogen comes from coal",
    "carbon_capture_support": "capture takes energy from a grid that still burns coal",
    "green_hydrogen": "electrolysis draws on a grid that still burns coal",
    "transformer_standard": "its saving is within the response of the power system",
    "coal_mine_methane": "it cuts methane, not carbon dioxide",
}
"""Levers that, pulled alone without any other policy, need not lower cumulative CO2."""


def outcome(changes: Mapping[str, Any]) -> tuple[float, float]:
    """Cumulative net CO2 [Mt] and methane [Mt] of the frozen scenario with changes."""
    scenario = load("frozen").replace({"horizon.end": END, **changes})
    flows = solve(NationalModel([scenario.resolved])).flows
    net = [
        f.emissions_by_carrier.sum() + f.emissions_process.sum() - f.sink.sum() for f in flows
    ]
    return float(np.sum(net)), float(sum(f.methane.sum() for f in flows))


@cache
def frozen() -> tuple[float, float]:
    return outcome({})


@cache
def strongest() -> dict[str, dict[str, Any]]:
    written: dict[str, dict[str, Any]] = yaml.safe_load(load("accelerated").resolved.yaml)[
        "policies"
    ]
    return written


ACTIVE = [name for name, policy in load_policies().items() if policy.active]


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTIVE)
def test_every_active_lever_acts(name: str) -> None:
    changes = {f"policies.{name}.{key}": value for key, value in strongest()[name].items()}
    carbon, methane = outcome(changes)
    before, methane_before = frozen()
    assert max(abs(carbon - before), abs(methane - methane_before)) > 1e-2
    if name not in ALONE_NO_CUT:
        assert carbon < before
