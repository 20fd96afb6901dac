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
    "aluminium_clean_power": "it says whose power smelters use, not how much there is",
}
"""Levers that, pulled alone without any other policy, need not lower cumulative CO2."""


WITH = {"free_allocation": "carbon_price_floor"}
"""Levers that mean nothing without another one."""


def outcome(changes: Mapping[str, Any]) -> tuple[float, float, float]:
    """Cumulative net CO2 and methane [Mt], and clean power of smelters at the end [%]."""
    scenario = load("frozen").replace({"horizon.end": END, **changes})
    run = solve(NationalModel([scenario.resolved]))
    flows = run.flows
    net = [
        f.emissions_by_carrier.sum() + f.emissions_process.sum() - f.sink.sum() for f in flows
    ]
    methane = float(sum(f.methane.sum() for f in flows))
    return float(np.sum(net)), methane, 100.0 * float(run.states[-1].clean_power[0])


@cache
def frozen() -> tuple[float, float, float]:
    return outcome({})


def settings(name: str) -> dict[str, Any]:
    """A policy as strong as any shipped scenario has it."""
    return {f"policies.{name}.{key}": value for key, value in strongest()[name].items()}


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
    changes = settings(name)
    companion = settings(WITH[name]) if name in WITH else {}
    before = outcome(companion) if companion else frozen()
    after = outcome({**companion, **changes})
    assert max(abs(a - b) for a, b in zip(after, before, strict=True)) > 1e-2
    if name not in ALONE_NO_CUT:
        assert after[0] < before[0]
