"""Which mix of things that can be moved meets a target with least of something.

A mix is a direction: how far each thing goes where the one that goes furthest goes all the way.
Along a direction the smallest step that meets the target is found as along any line, and what
is to be least is compared there. Directions are spread over all mixes first, with many in which
things stay where they are or go all the way, as answers often have; then around the best one,
ever closer, and each thing is left out of it or let go all the way in turn. It is a search, not
a proof: what it finds is the least of all that was tried.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.analysis.reach import Reached
from simulator.reading.sampling import unit_cube

FloatArray = NDArray[np.float64]

FIRST: Final = 32
"""Directions of the first turn."""

AROUND: Final = 16
"""Directions around the best one in each later turn, beside those that change one thing."""

SPREADS: Final = (0.5, 0.25, 0.12, 0.06, 0.03)
"""How far they lie around it."""

PARTS: Final = (8, 8, 8)
"""Into how many parts a line is cut in the search."""

SEED: Final = 1
"""From which directions are drawn."""

Finder = Callable[[Sequence[FloatArray]], list[Reached]]
"""Finds along each direction the smallest step that meets the target."""

Price = Callable[[Sequence[FloatArray]], FloatArray]
"""Works out at places what is to be least."""


class Mix(NamedTuple):
    """A mix that meets the target."""

    direction: FloatArray
    """How far each thing goes, the largest 1."""
    price: float
    """What is to be least, where the target is just met."""


def cheapest(find: Finder, price: Price, things: int) -> Mix | None:
    """Search for the mix that meets the target with least; none where none that is tried does.

    Parameters
    ----------
    find
        Finds steps along directions.
    price
        Works out what is to be least.
    things
        How many things are mixed.
    """
    cube = unit_cube("sobol", FIRST, things, SEED)
    spread = np.clip(2.0 * cube - 0.5, 0.0, 1.0)
    best = _best([np.ones(things), *np.eye(things), *spread], find, price, None)
    generator = np.random.default_rng(SEED)
    for width in SPREADS if best is not None else ():
        assert best is not None  # noqa: S101 - the loop has no turn otherwise
        around = best.direction + width * generator.uniform(-1.0, 1.0, (AROUND, things))
        single = [
            np.where(np.arange(things) == thing, end, best.direction)
            for thing in range(things)
            for end in (0.0, 1.0)
        ]
        best = _best([*np.clip(around, 0.0, 1.0), *single], find, price, best)
    return best


def _best(
    directions: Sequence[FloatArray], find: Finder, price: Price, best: Mix | None
) -> Mix | None:
    """Return the mix with least, of those that directions lead to and the best before."""
    tried = {tuple(one / one.max()) for one in directions if one.max() > 0.0}
    lines = [np.array(one) for one in sorted(tried)]
    met = [
        (line, found.step) for line, found in zip(lines, find(lines), strict=True) if found.met
    ]
    if not met:
        return best
    values = price([line * step for line, step in met])
    if not np.isfinite(values).any():
        return best
    least = int(np.nanargmin(values))
    if best is not None and best.price <= values[least]:
        return best
    return Mix(met[least][0], float(values[least]))
