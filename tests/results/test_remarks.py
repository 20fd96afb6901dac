"""What a run tells its reader: what was not built, not served, and how much of how much."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import xarray as xr

import simulator
from simulator.model.national import NationalModel
from simulator.model.record import record_of
from simulator.reading.scenario import load
from simulator.results.about import about
from simulator.results.remarks import remarks
from simulator.solvers.reference import solve

SHORT = {"horizon.end": 2030}


def test_orders_that_nobody_can_fill_are_told_with_year_amount_and_unit(
    run_of: Callable[[str], xr.Dataset],
) -> None:
    """Capture from air is ordered faster than its makers can grow."""
    run = run_of("national_targets")
    (told,) = [one for one in about(run).remarks if "Direct air capture" in one[0]]
    assert "Mt/yr ordered in 20" in told[0]
    assert told[1].startswith("直接空气捕集：20")
    assert told[0] in about(run).warnings


def test_demand_that_no_plant_serves_is_told_where_it_is_worst() -> None:
    model = NationalModel([load("current_policies").replace(SHORT).resolved])
    record = record_of(solve(model))
    layouts = (model.layout, model.chemicals)
    run = simulator.run(load("current_policies").replace(SHORT))
    assert not [one for one in remarks(layouts, record, run) if "demand" in one.en]
    flows = record.flows
    unmet, power = np.array(flows.unmet), np.array(flows.power.unmet)
    unmet[[-3, -2], 0], power[-1] = [[12.0], [34.0]], 500.0
    short = flows._replace(unmet=unmet, power=flows.power._replace(unmet=power))
    told = [one.en for one in remarks(layouts, replace(record, flows=short), run)]
    (steel,) = [one for one in told if one.startswith("Steelmaking")]
    assert steel.startswith("Steelmaking: 34 of ")
    assert steel.endswith("Mt/yr of demand in 2029 found no plant")
    (electricity,) = [one for one in told if one.startswith("Electricity")]
    assert electricity.startswith("Electricity: 500 of ")
    assert "asked for in 2030" in electricity
