"""Scenarios in one batch."""

from collections.abc import Sequence

from simulator.reading.resolution import Resolved
from simulator.results.batches import Batch, BatchRunner


def run_together(scenarios: Sequence[Resolved]) -> Batch:
    """Run scenarios side by side; columns beyond them repeat the last."""
    width = -(-len(scenarios) // 8) * 8  # what compiled code takes
    (batch,) = BatchRunner(scenarios[0], scenarios[1:], width=width).run(scenarios)
    assert list(batch.scenarios) == list(range(len(scenarios)))
    return batch
