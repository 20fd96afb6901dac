"""The model's own history, run for many sets of parameters at once.

Every set is a column of one run of the batch engine, so that the differences that a fit asks
for cost little more than a single run.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.hindcast import Comparison
from calibration.knobs import Knob, moved
from simulator.reading.parameters import load_parameters
from simulator.reading.resolution import Resolved
from simulator.results.batches import BatchRunner
from simulator.results.dataset import side_by_side, variables
from simulator.results.expression import Evaluation, parse

FloatArray = NDArray[np.float64]

APART: Final = 0.5
"""How far probes are from the centre, in standard deviations of the prior."""


class Past:
    """Runs one scenario with knobs turned and reads off what was observed.

    Parameters
    ----------
    base
        The scenario; its history is what the runs show.
    knobs
        What differs from run to run.
    comparisons
        What is read off.
    """

    def __init__(
        self, base: Resolved, knobs: Sequence[Knob], comparisons: Sequence[Comparison]
    ) -> None:
        self.base = base
        self.knobs = tuple(knobs)
        self.comparisons = tuple(comparisons)
        self._runner = BatchRunner(base, list(self._probes()))
        self.years: NDArray[np.int64] = self._runner.model.grid[:1].astype(np.int64)

    def _probes(self) -> Iterator[Resolved]:
        """Scenarios that each move one knob."""
        centre = [knob.inner(knob.centre) for knob in self.knobs]
        for place, knob in enumerate(self.knobs):
            for way in (APART, -APART):
                turned = list(centre)
                turned[place] += way * knob.spread
                yield moved(self.base, self.knobs, turned)

    def tables(self, coordinates: FloatArray) -> list[FloatArray]:
        """Series of the model, one table (run, year) a comparison.

        Parameters
        ----------
        coordinates
            Those of the knobs, (run, knob).
        """
        scenarios = [moved(self.base, self.knobs, row.tolist()) for row in coordinates]
        tables, self.years = read_off(self._runner, scenarios, self.comparisons)
        return tables


def read_off(
    runner: BatchRunner, scenarios: Sequence[Resolved], comparisons: Sequence[Comparison]
) -> tuple[list[FloatArray], NDArray[np.int64]]:
    """Run scenarios: one table (run, year) a comparison, and the years."""
    expressions = [parse(item.model) for item in comparisons]
    wanted = frozenset().union(*(one.variables for one in expressions))
    parts: list[list[FloatArray]] = []
    years = np.zeros(0, dtype=np.int64)
    for batch in runner.run(scenarios):
        found = variables(batch.model, batch.record, wanted)
        count = len(batch.scenarios)
        own = {name: array[..., :count] for name, array in found.items()}
        years = batch.record.years
        evaluation = Evaluation(side_by_side(batch.model, years, own))
        parts.append([evaluation.table(one) for one in expressions])
    tables = [np.concatenate(pieces) for pieces in zip(*parts, strict=True)]
    read = [table * _factor(item) for table, item in zip(tables, comparisons, strict=True)]
    return read, years


def _factor(item: Comparison) -> float:
    """The parameter that multiplies a comparison."""
    return load_parameters()[item.factor].values[0] if item.factor else 1.0
