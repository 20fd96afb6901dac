"""The batch engine: many scenarios at once, by a Runge-Kutta method of fixed step.

The classical method of fourth order, on the same right-hand side as the reference engine. Every
knot of the scenario that the engine was made for lies on its grid, and no step is longer than
`STEPS` say. What differs from one scenario to the next is worked out for a fixed number of them
together, so that a result does not depend on which others were run beside it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SolverError
from simulator.model.day import Perception
from simulator.model.national import NationalModel
from simulator.model.packing import Packing, arrays_of, packed
from simulator.model.parameters import leaves_of
from simulator.model.record import Record
from simulator.model.recording import Inputs, Varied, columns_of
from simulator.model.series import INSIDE
from simulator.model.state import State
from simulator.solvers.machine import Machine, NumpyMachine
from simulator.solvers.phase import Phase, moments_observed
from simulator.solvers.steps import stretches_of

FloatArray = NDArray[np.float64]


class Block(NamedTuple):
    """Scenarios that were run together."""

    scenarios: slice
    """Which of the scenarios of the model they are."""
    model: NationalModel
    """Their model."""
    record: Record
    """Their years."""


class BatchEngine:
    """Runs scenarios that differ from one of them in a few inputs."""

    def __init__(
        self,
        base: NationalModel,
        varied: Sequence[Varied],
        width: int,
        make: type[Machine] = NumpyMachine,
    ) -> None:
        """Record the programs.

        Parameters
        ----------
        base
            The model of one scenario, on the grid of the steps.
        varied
            Leaves and elements of its parameters in which the scenarios differ, in history and
            later.
        width
            How many scenarios are worked out together.
        make
            What runs a program.
        """
        self.grid = base.grid
        self.history_end = base.history_end
        self.asked = moments_observed(base.history_end)
        """Moments at which the model asks what people perceive."""
        self.width = width
        self._varied = frozenset().union(*varied)
        self._known: list[FloatArray] | None = None
        self.settings: dict[str, str | float] = {
            "engine": "batch",
            "method": "RK4",
            "steps": float(len(base.grid) - 1),
            "machine": make.name,
            "width": float(width),
        }
        pairs = zip(stretches_of(self.grid, self.history_end), varied, strict=True)
        self.phases = [Phase(base, stretch, leaves) for stretch, leaves in pairs]
        state = base.cold_start()
        self._packing = Packing.of(state)
        self._stocks = self._packing.size
        self._machines = [
            make(phase.recorded.program, self._moving(phase), width) for phase in self.phases
        ]
        self._flows = Packing.of(base.evaluate(float(self.grid[0]) + INSIDE, state)[1])
        self._seen = Packing.of(base.observe(self.asked[0], state))
        years = [int(t) for t in self.grid if float(t).is_integer()][:-1]
        self._years = np.array(years, dtype=np.int64)
        self._border = sum(year < self.history_end for year in years)
        self._states = np.zeros((len(years) + 1, self._stocks, width))
        self._yearly = np.zeros((len(years), self._flows.size, width))

    def solve(self, model: NationalModel) -> Iterator[Block]:
        """Run the scenarios of a model, as many together as the engine is wide.

        The model stands on the engine's grid, its scenarios are a multiple of the width and
        differ in nothing but what the engine was made for. Only one block at a time is held in
        memory: the next one takes the place of its arrays.

        Raises
        ------
        SolverError
            A state is not finite at the start, or the model does not fit the engine.
        """
        count = len(model.values)
        same = np.array_equal(model.grid, self.grid) and model.history_end == self.history_end
        if count % self.width or not same:
            message = "the batch engine was made for another grid, width or end of history"
            raise SolverError(message)
        leaves = leaves_of(model.parameters)
        inputs = [phase.inputs(leaves, count) for phase in self.phases]
        blocks = [slice(n, n + self.width) for n in range(0, count, self.width)]
        alike = not self.phases[0].recorded.read.anything and _same(model.cold_start())

        def observe(time: float, state: State) -> Perception:
            return self._observed(inputs[0], self.asked.index(time), state, blocks)

        initial = model.initial(observe)
        start = packed(initial).reshape(self._stocks, count)
        for number, block in enumerate(blocks):
            if number == 0 or not alike:
                self._history(inputs[0], start[:, block], block)
            yield self._finish(model, inputs, block)

    def _history(self, inputs: Inputs, stocks: FloatArray, block: slice) -> None:
        """Run a block through history, unless the last one had the same."""
        given = [*(array[..., block] for array in inputs), stocks]
        if self._known is not None and all(map(np.array_equal, self._known, given)):
            return
        self._known = None
        self._integrate(0, inputs, stocks, block)
        self._known = [array.copy() for array in given]

    def _finish(self, model: NationalModel, inputs: Sequence[Inputs], block: slice) -> Block:
        """Take a block on from the end of history."""
        part = model.part(block, columns_of(model.parameters, self._varied, block))
        here = [Inputs(*(array[..., block] for array in part_inputs)) for part_inputs in inputs]
        whole = slice(0, self.width)

        def observe(time: float, state: State) -> Perception:
            return self._observed(here[0], self.asked.index(time), state, [whole])

        before = _over_years(self._packing, self._states[self._border])
        after = Packing.of(before).pack(part.jump(self.history_end, before, observe))
        self._integrate(1, here[1], after.reshape(self._stocks, -1), whole)
        record = Record(
            years=self._years,
            bounds=_over_years(self._packing, self._states),
            flows=_over_years(self._flows, self._yearly),
        )
        return Block(block, part, record)

    def _observed(
        self, inputs: Inputs, which: int, state: State, blocks: Sequence[slice]
    ) -> Perception:
        """What people perceive, by the program of history."""
        phase, machine = self.phases[0], self._machines[0]
        found = phase.recorded
        stocks = packed(state).reshape(self._stocks, -1)
        seen = np.zeros((self._seen.size, stocks.shape[1]))
        first = self._stocks + self._flows.size
        here = int(np.searchsorted(found.places, first))
        rows = found.places[here:] - first
        for block in blocks:
            self._enter(machine, phase, inputs, stocks[:, block], block)
            phase.fill(machine, inputs, len(phase.elapsed) - len(self.asked) + which, block)
            seen[rows, block] = machine.outputs(here)
        result: Perception = _over_years(self._seen, seen)
        return result

    def _enter(
        self, machine: Machine, phase: Phase, inputs: Inputs, stocks: FloatArray, block: slice
    ) -> None:
        """Fill stocks and what does not change with time."""
        machine.give(0, stocks[phase.recorded.order])
        machine.give(self._stocks, inputs.fixed[:, block])

    def _integrate(self, which: int, inputs: Inputs, stocks: FloatArray, block: slice) -> None:
        """Run one block through history or projection, writing its years."""
        phase, machine = self.phases[which], self._machines[which]
        found = phase.recorded
        self._enter(machine, phase, inputs, stocks, block)
        moving = self._moving(phase)
        changing = found.order[:moving]
        perceived = np.searchsorted(found.places, self._stocks + self._flows.size)
        flows = found.places[moving:perceived] - self._stocks
        still = found.order[moving:]
        machine.sums(self._yearly[0], flows[:0])
        year = self._border if which else 0
        if year == 0:
            self._states[0] = stocks
        for end, length in zip(phase.grid[1:], phase.walk(machine, inputs, block), strict=True):
            machine.step(length)
            if float(end).is_integer():
                machine.sums(self._yearly[year], flows)
                year += 1
                self._states[year, still] = stocks[still]
                machine.stocks(self._states[year], changing)

    def _moving(self, phase: Phase) -> int:
        """How many stocks change; their rates are the first outputs."""
        return int(np.searchsorted(phase.recorded.places, self._stocks))


def _over_years(packing: Packing, arrays: FloatArray) -> Any:  # noqa: ANN401 - any tree
    """A tree of views of (..., element, scenario)."""
    *lead, _, width = arrays.shape
    places = zip(packing.offsets[:-1], packing.offsets[1:], packing.shapes, strict=True)
    return packing.rebuilt(
        arrays[..., start:end, :].reshape(*lead, *shape[:-1], width)
        for start, end, shape in places
    )


def _same(state: State) -> bool:
    """Whether all scenarios start from the same stocks."""
    return all(bool((leaf == leaf[..., :1]).all()) for leaf in arrays_of(state))
