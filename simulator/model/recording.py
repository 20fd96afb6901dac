"""The right-hand side of a stretch of time as a program, for scenarios that differ a little.

Recorded once from one scenario: what the scenarios share is folded in, what they differ in
becomes a row of the program, and what follows from the time alone is worked out beforehand for
all times of the run.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.equations.schedule import Clock, Schedule
from simulator.model import derivative
from simulator.model.array_namespace import FAST_NUMPY
from simulator.model.lowering import CONSTANT, UNIFORM, VARYING, Lowered, Lowering, Nodes
from simulator.model.packing import Packing, mapped
from simulator.model.parameters import Parameters, leaves_of, rebuilt
from simulator.model.program import Program, assemble
from simulator.model.state import State
from simulator.model.tape import Tape
from simulator.model.tracing import Now, is_constant, outputs_of

Array = NDArray[Any]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Places = frozenset[int]
"""Leaves of the parameters, by their place in `leaves_of`."""
Varied = Mapping[int, BoolArray]
"""Leaves in which scenarios differ, and in which of their elements, (element,)."""


def differing_leaves(
    one: Sequence[Any], many: Sequence[Any], stretch: slice = slice(None)
) -> Varied:
    """Leaves and elements in which the scenarios of `many` differ from one scenario.

    Parameters
    ----------
    one, many
        Leaves of parameters on one grid.
    stretch
        Intervals of the grid that count.
    """

    def apart(a: Any, b: Any) -> BoolArray:
        if isinstance(a, Schedule):
            parts = [mine[stretch] != its[stretch] for mine, its in zip(a, b, strict=True)]
            either: Any = parts[0].any(axis=(0, -1)) | parts[1].any(axis=(0, -1))
            return np.asarray(either.ravel())
        return np.asarray(np.atleast_1d(np.asarray(a) != np.asarray(b)).any(axis=-1).ravel())

    pairs = zip(one, many, strict=True)
    found = {place: apart(a, b) for place, (a, b) in enumerate(pairs) if a is not b}
    return {place: elements for place, elements in found.items() if elements.any()}


def columns_of(parameters: Parameters, varied: Container[int], columns: slice) -> Parameters:
    """Parameters of some scenarios, of those of all that differ in `varied`."""

    def cut(array: FloatArray) -> FloatArray:
        return array[..., columns] if array.shape[-1] > 1 else array

    def chosen() -> Iterator[Any]:
        for place, leaf in enumerate(leaves_of(parameters)):
            if place not in varied:
                yield leaf
            elif isinstance(leaf, Schedule):
                yield Schedule(cut(leaf.start), cut(leaf.slope))
            else:
                yield cut(leaf)

    result: Parameters = rebuilt(parameters, chosen())
    return result


class Inputs(NamedTuple):
    """Values of leaves in the order of the rows or scalars that they fill."""

    fixed: FloatArray
    """Values that do not change with time, (element, scenario)."""
    start: FloatArray
    """Schedules at the start of each interval, (interval, element, scenario)."""
    slope: FloatArray
    """Their slopes, same shape."""


class Read(NamedTuple):
    """Which of the values that differ between scenarios a program reads."""

    fixed: BoolArray
    """By element of those that do not change with time."""
    moving: BoolArray
    """By element of schedules."""

    @property
    def anything(self) -> bool:
        """Whether it reads any of them."""
        return bool(self.fixed.any() or self.moving.any())


class Recorded(NamedTuple):
    """A stretch of time as a program."""

    program: Program
    uniform: Program
    """Works out the scalars that change with time, one column a time."""
    constants: FloatArray
    """Value of each scalar of the program where it is a constant."""
    uniform_constants: FloatArray
    """The same for the uniform program."""
    moving: NDArray[np.int64]
    """Scalars that change with time."""
    source: NDArray[np.int64]
    """Output of the uniform program that each of them takes."""
    places: NDArray[np.int64]
    """Element of the outputs that each output row of the program is; others are zero."""
    order: NDArray[np.int64]
    """Stock in each of the first rows: those that change come first."""
    varied: Varied
    steady: Places
    """Leaves that do not change with time in this stretch."""
    read: Read
    """What the program reads of what the scenarios differ in: the rows after the stocks."""


def record(
    parameters: Parameters,
    state: State,
    stretch: slice,
    varied: Varied,
    *,
    observe: bool,
) -> Recorded:
    """Record the right-hand side for the intervals of a stretch.

    Parameters
    ----------
    parameters, state
        Those of one scenario.
    stretch
        Intervals of the grid.
    varied
        What the scenarios differ in; other elements that keep one value are constants.
    observe
        Whether the outputs are, besides rates and flows, what people perceive.
    """
    packing, tape, lowering = Packing.of(state), Tape(), Lowering()
    elapsed = np.array(1e-3)
    time = parameters.grid[stretch.start] + elapsed
    stocks = packing.pack(state)
    leaves = leaves_of(parameters)
    steady = frozenset(
        place for place, leaf in enumerate(leaves)
        if not isinstance(leaf, Schedule)
        or (place not in varied and is_constant(leaf, stretch))
    )  # fmt: skip
    here = {place: _arrays(leaf, stretch.start) for place, leaf in enumerate(leaves)}
    different = frozenset(varied)
    kinds = {
        place: (_kinds(leaves[place], elements, stretch),) * len(here[place])
        for place, elements in varied.items()
    }
    rows = [stocks, *_ordered(here, different, steady)]
    row_kinds: list[Any] = [VARYING, *_ordered(kinds, different, steady)]
    columns = _ordered(here, frozenset(here) - different - steady, steady)
    row_nodes = [lowering.input(*row) for row in zip(rows, row_kinds, strict=True)]
    column_nodes = [lowering.input(array, UNIFORM) for array in (time, elapsed, *columns)]

    def traced() -> Iterator[Any]:
        for place, leaf in enumerate(leaves):
            arrays = here[place]
            if place in steady and place not in varied:
                yield Schedule(Now(arrays[0]), Now(0.0)) if len(arrays) > 1 else leaf
            elif len(arrays) > 1:
                yield Schedule(*(Now(tape.input(array)) for array in arrays))
            else:
                yield tape.input(arrays[0])

    clock = Clock(tape.input(time), 0, tape.input(elapsed), parameters.history_end)
    p = rebuilt(parameters, traced())
    inside = mapped(packing.unpack(stocks), tape.input)
    change, flows, seen = derivative.evaluate_and_observe(FAST_NUMPY, clock, inside, p)
    outputs = outputs_of(tape, packing, change, flows, *([seen] if observe else []))
    lowered = lowering.lower(tape.calls(outputs), outputs)
    row_inputs, column_inputs = np.concatenate(row_nodes), np.concatenate(column_nodes)
    differing = row_inputs[len(stocks) :]
    fixed = sum(here[place][0].size for place in different & steady)
    return _recorded(
        lowered,
        row_inputs[: len(stocks)],
        np.split(differing, [fixed, (fixed + len(differing)) // 2]),
        column_inputs,
        varied,
        steady,
    )


def _recorded(
    lowered: Lowered,
    stocks: Nodes,
    differing: Sequence[Nodes],
    columns: Nodes,
    varied: Varied,
    steady: Places,
) -> Recorded:
    """Two programs: one for what follows from the time alone, one for the scenarios.

    What differs between scenarios are values that do not change with time, and schedules: what
    they are at the start of an interval and their slopes.
    """
    kinds, values = lowered.kinds, lowered.values
    outputs = np.concatenate(lowered.outputs)
    places = np.flatnonzero(kinds[outputs] == VARYING)
    changing = places[places < len(stocks)]
    order = np.concatenate([changing, np.setdiff1d(np.arange(len(stocks)), changing)])
    used = np.zeros(len(kinds), bool)
    for nodes in (outputs, *(nodes for group in lowered.groups for nodes in group.operands)):
        used[nodes] = True
    used &= kinds == VARYING
    fixed, starts, slopes = (used[nodes] for nodes in differing)
    read = Read(fixed, starts | slopes)
    given = zip(differing, (read.fixed, read.moving, read.moving), strict=True)
    rows = np.concatenate([stocks[order], *(nodes[here] for nodes, here in given)])
    program = assemble(lowered.groups, kinds == VARYING, rows, outputs[places])
    moving = np.flatnonzero(kinds[program.scalars] == UNIFORM)
    needed, source = np.unique(program.scalars[moving], return_inverse=True)
    uniform = assemble(lowered.groups, kinds == UNIFORM, columns, needed)
    return Recorded(
        program=program,
        uniform=uniform,
        constants=np.where(kinds[program.scalars] == CONSTANT, values[program.scalars], 0.0),
        uniform_constants=values[uniform.scalars],
        moving=moving,
        source=source,
        places=places,
        order=order,
        varied=varied,
        steady=steady,
        read=read,
    )


def inputs_of(
    leaves: Sequence[Any],
    chosen: Places,
    steady: Places,
    stretch: slice,
    scenarios: int,
    read: Read | None = None,
) -> Inputs:
    """Values of some leaves for many scenarios, in the order of `record`.

    Parameters
    ----------
    leaves
        All leaves of parameters.
    chosen
        Those that are asked for.
    steady
        Those of all that do not change with time.
    stretch
        Intervals of the grid that are asked for.
    scenarios
        How many there are.
    read
        Elements of the chosen leaves that are asked for; all unless given.
    """
    intervals = stretch.stop - stretch.start

    def joined(
        arrays: Sequence[FloatArray], wanted: BoolArray | None, *lead: int
    ) -> FloatArray:
        flat = [array.reshape(*lead, -1, array.shape[-1]) for array in map(np.asarray, arrays)]
        sizes = [array.shape[-2] for array in flat]
        asked = np.ones(sum(sizes), bool) if wanted is None else wanted
        parts = [here.nonzero()[0] for here in np.split(asked, np.cumsum(sizes))]
        found, first = np.empty((*lead, int(asked.sum()), scenarios)), 0
        for array, elements in zip(flat, parts[:-1], strict=True):
            last = first + len(elements)
            found[..., first:last, :] = array[..., elements, :]
            first = last
        return found

    of_fixed, of_moving = (None, None) if read is None else (read.fixed, read.moving)
    moving = [leaves[place] for place in sorted(chosen - steady)]
    return Inputs(
        joined([leaves[place] for place in sorted(chosen & steady)], of_fixed),
        joined([leaf.start[stretch] for leaf in moving], of_moving, intervals),
        joined([leaf.slope[stretch] for leaf in moving], of_moving, intervals),
    )


def _arrays(leaf: Any, interval: int) -> tuple[FloatArray, ...]:
    """Arrays of a leaf in one interval, with memory of their own."""
    if isinstance(leaf, Schedule):
        return np.array(leaf.start[interval]), np.array(leaf.slope[interval])
    array = np.asarray(leaf)
    return (np.array(array) if array.dtype == np.float64 else array,)


def _kinds(leaf: Any, elements: BoolArray, stretch: slice) -> NDArray[np.int8]:
    """Kinds of the elements of a leaf, of which some differ from scenario to scenario."""
    moves: Any = False
    if isinstance(leaf, Schedule):
        start, slope = (part[stretch].reshape(-1, elements.size) for part in leaf)
        moves = slope.any(axis=0) | (start != start[0]).any(axis=0)
    return np.where(elements | moves, VARYING, CONSTANT).astype(np.int8)


def _ordered(
    here: Mapping[int, tuple[Array, ...]], chosen: Places, steady: Places
) -> Sequence[Array]:
    """Arrays of chosen leaves: steady ones, then where schedules start, then their slopes."""
    fixed = [here[place][0] for place in sorted(chosen & steady)]
    moving = sorted(chosen - steady)
    starts = [here[place][0] for place in moving]
    return [*fixed, *starts, *(here[place][1] for place in moving)]
