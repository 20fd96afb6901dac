"""Many scenarios at once, by the engine that suits the machine."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Final, NamedTuple

from simulator.errors import SolverError
from simulator.model.national import NationalModel
from simulator.model.record import Record
from simulator.model.recording import Varied, differing_leaves
from simulator.reading.resolution import Resolved
from simulator.solvers.batch import BatchEngine, step_grid
from simulator.solvers.machine import Machine, NumpyMachine

NUMPY_WIDTH: Final = 256
"""Scenarios that NumPy works out together: beyond, calls cost little against arithmetic."""

NATIVE_WIDTH: Final = 64
"""Scenarios that compiled code works out together: more would not fit its caches."""


class Batch(NamedTuple):
    """Scenarios that were run together."""

    model: NationalModel
    record: Record
    scenarios: range
    """Which of those that were asked for they are; columns beyond are padding."""


def machine_class() -> type[Machine]:
    """What runs programs here: compiled code with the extra ``fast``, else NumPy."""
    if find_spec("llvmlite") is None or find_spec("simulator.solvers.native") is None:
        return NumpyMachine
    found: type[Machine] = import_module("simulator.solvers.native").NativeMachine
    return found


class UnforeseenError(SolverError):
    """A scenario differs in something in which no probe did: make another runner."""


class BatchRunner:
    """Runs scenarios that differ from a base in the inputs in which the probes do."""

    def __init__(
        self, base: Resolved, probes: Sequence[Resolved] = (), width: int | None = None
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
        """
        grid = step_grid(NationalModel([base]).grid)
        self.base = base
        self.probes = tuple(probes)
        self.model = NationalModel([base], grid)
        varied: Varied = frozenset()
        if probes:
            many = NationalModel([base, *probes], grid, self.model)
            varied = differing_leaves(self.model.parameters, many.parameters)
        self._varied = varied
        make = machine_class()
        suits = NUMPY_WIDTH if make is NumpyMachine else NATIVE_WIDTH
        self.engine = BatchEngine(self.model, varied, width or suits, make)

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
        other_end = any(scenario.end != self.base.end for scenario in scenarios)
        unforeseen = differing_leaves(self.model.parameters, model.parameters) - self._varied
        if other_end or unforeseen:
            message = "a scenario changes what the batch engine was not made for"
            raise UnforeseenError(message)
        for block in self.engine.solve(model):
            end = min(block.scenarios.stop, len(scenarios))
            yield Batch(block.model, block.record, range(block.scenarios.start, end))
