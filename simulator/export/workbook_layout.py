"""How cells of a workbook are laid out, so that a print of it can be read: widths, digits."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

LINE: Final = 17
"""Height of a line of text, Chinese or not [point]."""

WIDEST: Final = 60
"""Signs of a column at most; what is longer goes on in the next line."""

ONE_PAGE: Final = 230
"""Signs of a table that go on one page beside each other and can still be read."""

FORMATS: Final = ("#,##0", "#,##0.0", "0.00", "0.000", "0.0000", "0.00E+00")
"""Number formats by digits behind the point; the last one is for what is very small."""


def signs(text: str) -> int:
    """Width of a text; Chinese characters are twice as wide as letters."""
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)


def column(texts: Iterable[str], widest: int = WIDEST) -> int:
    """Width of a column that holds texts."""
    return min(widest, max(map(signs, texts), default=6) + 2)


def lines(text: str, width: int) -> int:
    """Lines that a text takes in a column."""
    return 1 + max(0, signs(text) - 1) // max(1, width - 1)


def digits(values: Sequence[float] | NDArray[np.float64]) -> int:
    """Digits behind the point, so that the largest of some numbers has about four in all."""
    found = np.abs(np.asarray(values, dtype=float))
    size = float(np.nanmax(found, initial=0.0)) if np.isfinite(found).any() else 0.0
    if size == 0.0:
        return 0
    for place, limit in enumerate((1000.0, 100.0, 10.0, 1.0, 0.01)):
        if size >= limit:
            return place
    return len(FORMATS) - 1


def shown(value: float, places: int) -> str:
    """Write a number as its format shows it."""
    if not np.isfinite(value):
        return ""
    return f"{value:.2E}" if places == len(FORMATS) - 1 else f"{value:,.{places}f}"
