"""Many scenarios at once, by the engine that suits the machine."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Final, NamedTuple

import numpy as np

from simulator.errors import SolverError
from simulator.model.national import NationalModel
from simulator.model.parameters import leaves_of
from simulator.model.record import Record
from simulator.model.recording import Varied, differing_leaves
from simulator.reading.resolution import Resolved
from simulator.reading.sweep import Sweep
from simulator.solvers.batch import BatchEngine
from simulator.solvers.machine import Machine, NumpyMachine
from simulator.solvers.steps import step_grid, stretches_of

NUMPY_WIDTH: Final = 128
"""Scenarios that NumPy works out together: beyond, calls cost little against arithmetic."""

COMPILED_WIDTH: Final = 64
"""Scenarios that compiled code works out together: more gain nothing."""

LASTING: Final = 5_000
"""Scenarios of a sweep from which code that is quicker makes up for the time to make it."""


class Batch(NamedTuple):
    """Scenarios that were run together."""

    model: NationalModel
    record: Record
    scenarios: range
    """Which of those that were asked for they are; columns beyond are padding."""


def machine_class(*, lasting: bool = True) -> type[Machine]:
    """What runs programs here: compiled code with the extra ``fast``, else NumPy.

    Parameters
    ----------
    lasting
        Whether a program runs long enough that code should rather be quick than soon made.
    """
    if find_spec("llvmlite") is None:
        return NumpyMachine
    native = import_module("simulator.solvers.native")
    found: type[Machine] = native.NativeMachine if lasting else native.QuickNativeMachine
    return found


def runner_for(
    sweep: Sweep, base: int, make: type[Machine] | None = None, *, whole: bool = False
) -> "BatchRunner":
    """Make a runner for the scenarios of one base of a sweep.

    Which inputs vary is found from the rows that hold their extremes, so that it does not
    depend on which scenarios are run, nor in which order. With `whole` the arrays that vary
    may do so in all their elements.
    """
    rows: set[int] = set()
    for column, item in zip(sweep.table.T, sweep.inputs, strict=True):
        rows |= {int(np.argmin(column)), int(np.argmax(column))}
        if not item.numeric:
            rows |= {int(np.flatnonzero(column == value)[0]) for value in np.unique(column)}
    first = base * len(sweep.table)
    probes = [sweep.resolved(first + row) for row in sorted(rows)]
    make = make or machine_class(lasting=len(sweep.table) >= LASTING)
    return BatchRunner(sweep.bases[base].resolved, probes, make=make, whole=whole)


class UnforeseenError(SolverError):
    """A scenario differs in something in which no probe did: make another runner."""


class BatchRunner:
    """Runs scenarios that differ from a base in the inputs in which the probes do."""

    def __init__(
        self,
        base: Resolved,
        probes: Sequence[Resolved] = (),
        width: int | None = None,
        make: type[Machine] | None = None,
        *,
        whole: bool = False,
    ) -> None:
        """Make an engine.

        Parameters
        ----------
        base
            The scenario whose knots the steps keep to.
        probes
            Scenarios that between them differ from the base in everything in which any
            scenario will.
        width
            How many scenarios are worked out together; what suits the machine unless given.
        make
            The machine; unless given the fastest that is installed, in code that is soon made,
            but for a single scenario at a time: such engines are used again and again.
        whole
            Whether scenarios may differ in every element of the arrays in which probes differ
            anywhere; slower.
        """
        grid = step_grid(NationalModel([base]).grid, history_end=base.history_end)
        self.base = base
        self.probes = tuple(probes)
        self.model = NationalModel([base], grid)
        self._leaves = leaves_of(self.model.parameters)
        many = NationalModel([base, *probes], grid, self.model)
        self._varied = [
            {place: elements | whole for place, elements in found.items()}
            for found in self._differing(many)
        ]
        make = make or machine_class(lasting=width == 1)
        suits = NUMPY_WIDTH if make is NumpyMachine else COMPILED_WIDTH
        self.engine = BatchEngine(self.model, self._varied, width or suits, make)

    def _differing(self, model: NationalModel) -> list[Varied]:
        """Leaves and elements in which a model differs from the base, in history and later."""
        leaves = leaves_of(model.parameters)
        return [
            differing_leaves(self._leaves, leaves, stretch)
            for stretch in stretches_of(self.model.grid, self.model.history_end)
        ]

    @property
    def settings(self) -> dict[str, str | float]:
        """What decides the numbers besides the scenarios."""
        return self.engine.settings

    def run(self, scenarios: Sequence[Resolved]) -> Iterator[Batch]:
        """Run scenarios; the results come in blocks, one in memory at a time.

        Raises
        ------
        SolverError
            A scenario has no finite start, or differs from the base in something in which no
            probe did.
        """
        width = self.engine.width
        padded = [*scenarios, *[scenarios[-1]] * (-len(scenarios) % width)]
        model = NationalModel(padded, self.model.grid, self.model)
        ends = self.base.end, self.base.history_end
        other_end = any((one.end, one.history_end) != ends for one in scenarios)
        pairs = zip(self._differing(model), self._varied, strict=True)
        if other_end or any(_beyond(found, known) for found, known in pairs):
            message = "a scenario changes what the batch engine was not made for"
            raise UnforeseenError(message)
        for block in self.engine.solve(model):
            end = min(block.scenarios.stop, len(scenarios))
            yield Batch(block.model, block.record, range(block.scenarios.start, end))


def _beyond(found: Varied, known: Varied) -> bool:
    """Whether scenarios differ in an element that was not known to."""
    return any(
        place not in known or bool((elements & ~known[place]).any())
        for place, elements in found.items()
    )
