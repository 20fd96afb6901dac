"""Scenarios in one batch."""

from collections.abc import Sequence

import xarray as xr

from simulator.model.packing import mapped
from simulator.model.parameters import leaves_of
from simulator.model.record import Record
from simulator.model.recording import columns_of, differing_leaves
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario
from simulator.results.batches import Batch, BatchRunner
from simulator.results.dataset import build


def run_together(scenarios: Sequence[Resolved]) -> Batch:
    """Run scenarios side by side; columns beyond them repeat the last."""
    batch, _ = _run(scenarios)
    return batch


def results_together(scenarios: Sequence[Scenario]) -> list[xr.Dataset]:
    """What a run of each by the batch engine gives, from one engine for all.

    Books are closed and remarks are made as for a run of its own; steps keep to the knots of
    the first scenario.
    """
    resolved = [scenario.resolved for scenario in scenarios]
    batch, runner = _run(resolved)
    model, whole = batch.model, batch.model.parameters
    varied = differing_leaves(leaves_of(runner.model.parameters), leaves_of(whole))
    found = []
    for place, one in enumerate(resolved):
        here = slice(place, place + 1)
        bounds, flows = (
            mapped(tree, lambda array, here=here: array[..., here])
            for tree in (batch.record.bounds, batch.record.flows)
        )
        record = Record(years=batch.record.years, bounds=bounds, flows=flows)
        part = model.part(here, columns_of(whole, varied, here))
        found.append(build(part, record, one, runner.settings))
    return found


def _run(scenarios: Sequence[Resolved]) -> tuple[Batch, BatchRunner]:
    width = -(-len(scenarios) // 8) * 8  # what compiled code takes
    runner = BatchRunner(scenarios[0], scenarios[1:], width=width)
    (batch,) = runner.run(scenarios)
    assert list(batch.scenarios) == list(range(len(scenarios)))
    return batch, runner
