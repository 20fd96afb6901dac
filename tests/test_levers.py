"""No dead lever: each moves the outcome, most of them down, and half of one does part of it."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import yaml

from simulator.reading.catalogue import load_policies
from simulator.reading.parameters import Parameter
from simulator.reading.resolution import Entries, Resolved
from simulator.reading.scenario import load
from simulator.results.dataset import variables
from tests.together import run_together

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

LATER = 10.0
"""Years by which a date at half strength comes later."""

SLACK = 1.0
"""What the response of the rest of the economy may add [Mt over all years]."""

NEVER = 9999.0
WANTED = {"emissions_net", "methane", "aluminium_clean_power_share"}


def halfway(off: Parameter | None, full: Parameter) -> Parameter:
    """A parameter between two: a mean, or a date that comes later."""
    if full.unit == "year":
        latest = off.values[0] if off else NEVER
        late = tuple(min(year + LATER, latest) if year > 2025 else year for year in full.values)
        return replace(full, values=late)
    assert off is not None
    times = sorted({*off.times, *full.times})
    if not times:
        return replace(full, values=(0.5 * (off.values[0] + full.values[0]),))
    ends = [
        np.interp(times, one.times, one.values) if one.times else np.array(one.values)
        for one in (off, full)
    ]
    return replace(full, times=tuple(times), values=tuple((0.5 * (ends[0] + ends[1])).tolist()))


def at_half(low: Resolved, high: Resolved) -> Resolved:
    """A scenario whose changed parameters lie halfway."""
    over = dict(high.parameters.overrides)
    for path, full in over.items():
        off = low.parameters.get(path)
        if off is None or (off.times, off.values) != (full.times, full.values):
            over[path] = halfway(off, full)
    return replace(high, parameters=Entries(high.parameters.base, over))


@cache
def outcomes() -> dict[str, np.ndarray]:
    """Net CO2 and methane over all years, clean power of smelters: at no, half, full force."""
    frozen = load("frozen").replace({"horizon.end": END})
    runs = []
    for name in ACTIVE:
        beside = settings(WITH[name]) if name in WITH else {}
        low, high = (frozen.replace(beside | more).resolved for more in ({}, settings(name)))
        runs += [low, at_half(low, high), high]
    batch = run_together(runs)
    found = variables(batch.model, batch.record, WANTED)
    table = np.stack([
        found["emissions_net"].sum(axis=0), found["methane"].sum(axis=(0, 1)),
        100.0 * found["aluminium_clean_power_share"][-1],
    ])[:, : len(runs)]  # fmt: skip
    return dict(zip(ACTIVE, np.moveaxis(table.reshape(3, -1, 3), 1, 0), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTIVE)
def test_every_active_lever_acts(name: str) -> None:
    none, _, full = outcomes()[name].T
    assert np.abs(full - none).max() > 1e-2
    if name not in ALONE_NO_CUT:
        assert full[0] < none[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTIVE)
def test_half_the_strength_does_part_of_what_the_whole_does(name: str) -> None:
    none, half, full = outcomes()[name].T
    lowest, highest = np.minimum(none, full) - SLACK, np.maximum(none, full) + SLACK
    assert ((lowest <= half) & (half <= highest)).all()
    assert (np.abs(full - none) > 1e-2).any()
