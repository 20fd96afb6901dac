"""Recorded programs kept on disk: the same stretch of the same model is recorded once.

Taking the right-hand side apart takes seconds, longer than a run of it. What it gives depends
on nothing but the parameters of its stretch of time, the state it is recorded from, what the
scenarios differ in and the code, so that is the key; processes of one sweep, and scenarios with
one past, find each other's work.
"""

import hashlib
import pickle
import zlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

import numpy as np

from simulator import disk_cache
from simulator.equations.schedule import Schedule
from simulator.model.parameters import Parameters
from simulator.model.recording import Recorded, Varied, leaves_of, rebuilt, record
from simulator.model.state import State

KIND: Final = "recorded"
"""Kind of files that hold recorded programs."""

_QUICK: Final = 1
"""Level of compression: a sixth of the size in a hundredth of a second."""


def recorded(
    parameters: Parameters, state: State, stretch: slice, varied: Varied, *, observe: bool
) -> Recorded:
    """What `record` gives, found on disk where it was recorded before."""
    here, count = _within(parameters, stretch), stretch.stop - stretch.start
    places = sorted((place, elements.tobytes()) for place, elements in varied.items())
    about = pickle.dumps((np.__version__, here, state, places, observe))

    def make() -> bytes:
        found = record(here, state, slice(0, count), varied, observe=observe)
        return zlib.compress(pickle.dumps(found), _QUICK)

    kept = zlib.decompress(disk_cache.kept(KIND, _code() + about, make))
    # from the folder of the user, whose compiled code is run as well
    found: Recorded = pickle.loads(kept)  # noqa: S301
    return found


def _within(parameters: Parameters, stretch: slice) -> Parameters:
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
