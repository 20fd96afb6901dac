"""Where compiled code works: arrays that fit the caches, and how many vectors share them."""

import math
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

BAND: Final = 4
"""Vectors that take a step together where the arrays of one alone do not stay in a cache: each
function works on all of them before the next one is fetched."""

_CACHE: Final = Path("/sys/devices/system/cpu/cpu0/cache/index2/size")
"""Where Linux says how large the second level of a core's caches is, as ``2048K``."""

_LINE: Final = 64
"""Bytes of a line of the caches."""


def aligned(*shapes: tuple[int, ...]) -> list[FloatArray]:
    """Arrays of zeros that begin on a line of the caches.

    They lie in one stretch of memory, for which NumPy asks the operating system for large pages
    where it is long enough: a look-up of small ones takes as long as a miss of a cache.
    """
    line = _LINE // 8
    lengths = [-(-math.prod(shape) // line) * line for shape in shapes]
    array = np.zeros(sum(lengths) + line)
    first = -(array.ctypes.data // 8) % line
    parts = np.split(array[first:], np.cumsum(lengths))
    return [
        part[: math.prod(shape)].reshape(shape)
        for part, shape in zip(parts[:-1], shapes, strict=True)
    ]


def band_of(arrays: int) -> int:
    """How many vectors take a step together, of whose arrays each has some bytes.

    One alone where its arrays stay in the second level of the caches from stage to stage.
    """
    return 1 if cache_size() >= arrays else BAND


@cache
def cache_size() -> int:
    """Size of the second level of a core's caches [bytes]; nothing where it is not known."""
    try:
        size = _CACHE.read_text("ascii").strip()
    except OSError:
        return 0
    return 1024 * int(size[:-1]) if size[:-1].isdecimal() and size.endswith("K") else 0
