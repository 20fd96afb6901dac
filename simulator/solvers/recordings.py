"""What the right-hand side is taken apart into, kept on disk: the same stretch is taken once.

That takes a second and more, as long as a run of it: for many scenarios as a program, for one
as a plan of what to call together. What it gives depends on nothing but the parameters of its
stretch of time, the state it is recorded from, what the scenarios differ in and the code, so
that is the key; processes of one sweep, and scenarios with one past, find each other's work.
"""

import hashlib
import pickle
import zlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator import disk_cache
from simulator.equations.schedule import Schedule
from simulator.model.lowering import VARYING, Lowering
from simulator.model.packing import Packing
from simulator.model.parameters import Parameters, leaves_of, rebuilt
from simulator.model.program import assemble
from simulator.model.recording import Recorded, Varied, record
from simulator.model.series import INSIDE
from simulator.model.state import State
from simulator.model.tracing import Given
from simulator.solvers.numpy_plan import Plan, plan_of

FloatArray = NDArray[np.float64]

KIND: Final = "recorded"
"""Kind of files that hold recorded programs."""

PLANNED: Final = "planned"
"""Kind of files that hold what to call for one scenario."""

_QUICK: Final = 1
"""Level of compression: a sixth of the size in a hundredth of a second."""


def recorded(
    parameters: Parameters, state: State, stretch: slice, varied: Varied, *, observe: bool
) -> Recorded:
    """What `record` gives, found on disk where it was recorded before."""
    here, count = within(parameters, stretch), stretch.stop - stretch.start
    places = sorted((place, elements.tobytes()) for place, elements in varied.items())

    def make() -> Recorded:
        return record(here, state, slice(0, count), varied, observe=observe)

    found: Recorded = _kept(KIND, (here, state, places, observe), make)
    return found


class Planned(NamedTuple):
    """A stretch of time for one scenario: what to call, and what comes of it."""

    plan: Plan
    scalars: FloatArray
    """Value of each scalar of the plan."""
    places: NDArray[np.int64]
    """Element of rates and flows that each output of the plan is; others are zero."""
    flows: Packing
    """Shapes of the flows, which follow the rates."""


def planned(parameters: Parameters, stocks: Packing) -> Planned:
    """What to call on vectors of `Given` in a stretch of time, found on disk if it was made.

    Parameters
    ----------
    parameters
        Those of one scenario, within the stretch: see `within`.
    stocks
        Shapes of the stocks.
    """

    def make() -> Planned:
        return _plan(parameters, stocks)

    found: Planned = _kept(PLANNED, (parameters, stocks.shapes), make)
    return found


def _plan(parameters: Parameters, stocks: Packing) -> Planned:
    """Take the right-hand side apart; everything that moves counts as different each time."""
    given = Given(parameters, stocks)
    vector = np.empty(given.size)
    vector[: stocks.size] = stocks.pack(stocks.example)
    given.fill(vector, float(parameters.grid[0]) + INSIDE)
    tape, outputs, flows = given.on_tape(vector)
    lowering = Lowering()
    inputs = lowering.input(vector, VARYING)
    lowered = lowering.lower(tape.calls(outputs), outputs)
    wanted, moving = np.concatenate(lowered.outputs), lowered.kinds == VARYING
    places = np.flatnonzero(moving[wanted])
    program = assemble(lowered.groups, moving, inputs, wanted[places], reuse=False)
    values = lowered.values[program.scalars]
    return Planned(plan_of(program), values, places, flows)


def _kept(kind: str, about: Any, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - of any kind
    """What was kept on disk of what follows from this and the code, or what is made now."""

    def packed() -> bytes:
        return zlib.compress(pickle.dumps(make()), _QUICK)

    key = _code() + pickle.dumps((np.__version__, about))
    # from the folder of the user, whose compiled code is run as well
    return pickle.loads(zlib.decompress(disk_cache.kept(kind, key, packed)))  # noqa: S301


def within(parameters: Parameters, stretch: slice) -> Parameters:
    """Parameters without what their schedules say of other stretches of time."""

    def cut(leaf: Any) -> Any:  # noqa: ANN401 - a schedule, an array or a number
        if not isinstance(leaf, Schedule):
            return leaf
        return Schedule(leaf.start[stretch], leaf.slope[stretch])

    found: Parameters = rebuilt(parameters, map(cut, leaves_of(parameters)))
    return found._replace(grid=parameters.grid[stretch.start : stretch.stop + 1])


@cache
def _code() -> bytes:
    """Digest of the sources of the package."""
    digest = hashlib.sha256()

    def add(folder: Traversable) -> None:
        for item in sorted(folder.iterdir(), key=lambda item: item.name):
            if item.is_dir():
                add(item)
            elif item.name.endswith(".py"):
                digest.update(item.name.encode() + item.read_bytes())

    add(resources.files("simulator"))
    return digest.digest()
