r"""The stock of materials that people wanted in known years, and where it was going.

Recorded outputs are put to use and age as in the model; what people must have wanted in a year
follows from the demand that drives projections, turned round:

.. math::

    a = \frac{\sum_j (F_j - O_j + S_j / \tau_j)}{N \sum_j s_j / \tau_j}

for the part :math:`a` of saturation :math:`s_j`, goods put to use :math:`F_j` and worn out
:math:`O_j`, the stock :math:`S_j`, the time :math:`\tau_j` in which a gap closes and :math:`N`
people. It goes on at the rate of the last years until it is whole, then it stays, as after 2024
in every projection: nobody wants more than saturation. Demand so goes on from the recorded
output without a break and falls as the stock fills up. Odds that go on, a logistic curve, told
the years before 2021 less well (steel of 2019 and 2020, known to 2018: -4 and -9 % against nil
and -1 %), so that nothing known then spoke for them.
"""

from math import exp, log
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.equations.materials import ALUMINIUM, CATEGORIES, CEMENT, STEEL, in_use

FloatArray = NDArray[np.float64]
Series = tuple[tuple[float, ...], tuple[float, ...]]

GOODS: Final = tuple(
    f"{name.replace('_', '.in_use.')}" if "_" in name else f"{name}.in_use"
    for name in CATEGORIES
)
"""Paths of the goods, in the order of the categories."""
OF: Final = {
    "steel": STEEL,
    "cement": slice(CEMENT, CEMENT + 1),
    "aluminium": slice(ALUMINIUM, ALUMINIUM + 1),
}
"""Categories of each material."""
OUTPUT: Final = {
    "steel": "steel.observed.steelmaking.output",
    "cement": "cement.observed.output",
    "aluminium": "aluminium.observed.smelting.output",
}
"""Recorded outputs [Mt/yr]."""
STEPS: Final = 64
"""Steps of a year, in which the stock ages; even, so that one ends in the middle."""
MIDDLE: Final = 0.5
"""Middle of a year [yr]."""
AHEAD: Final = 15
"""Years that growth goes on at most [yr]."""


class Known(Protocol):
    """What is known of the world, `simulator.reading.known_past.Past`."""

    def number(self, path: str) -> float:
        """A constant."""

    def at(self, path: str, time: float) -> float:
        """Known number of a day."""

    def series(self, path: str) -> Series:
        """Known knots."""


class Goods(NamedTuple):
    """What the goods of a material are like, (good, 1)."""

    lifetime: FloatArray
    """[yr]"""
    saturation: FloatArray
    """[t/person]"""
    adjustment_time: FloatArray
    """[yr]"""


def solved_with(path: str) -> bool:
    """Whether the wanted part was solved with a constant, which then cannot be moved alone."""
    return any(path == f"{goods}.{name}" for goods in GOODS for name in Goods._fields)


def wanted_part(past: Known, material: str, memory: float) -> Series:
    """Part of saturation that was wanted, in the middle of known years, and how it goes on.

    Parameters
    ----------
    past
        What is known.
    material
        Key of `OF`.
    memory
        Years whose rate of growth goes on [yr].
    """
    found = recorded_part(past, material)
    years = list(found)
    last = years[-1]
    first = max(last - memory, years[0])
    level, before = found[last], found[first]
    rate = log(level / before) / (last - first) if before < level < 1.0 else 0.0
    later = range(1, AHEAD + 1) if rate else ()
    times = (*(year + MIDDLE for year in years), *(last + MIDDLE + year for year in later))
    return times, (*found.values(), *(min(1.0, level * exp(rate * y)) for y in later))


def recorded_part(past: Known, material: str) -> dict[float, float]:
    """Part of saturation that recorded outputs say was wanted, by known year [1]."""
    paths = GOODS[OF[material]]
    goods = Goods(*(_column(past, paths, name) for name in Goods._fields))
    stock = np.stack([_column(past, paths, f"initial.age_{age}") for age in (1, 2, 3, 4)])
    closing = (goods.saturation / goods.adjustment_time).sum()
    found = {}
    for year in past.series(OUTPUT[material])[0]:
        for step in range(STEPS):
            worn = stock[-1] * (stock.shape[0] / goods.lifetime)
            used = _put_to_use(past, material, year, worn)
            if step == STEPS // 2:
                gap = used - worn + stock.sum(axis=0) / goods.adjustment_time
                people = past.at("common.population", year + MIDDLE)
                found[year] = float(gap.sum() / (people * closing))
            stock = stock + in_use(np, stock, used, goods.lifetime).change / STEPS
    return found


def _put_to_use(past: Known, material: str, year: float, worn: FloatArray) -> FloatArray:
    """Material in goods that the recorded output of a year became, (good, 1) [Mt/yr]."""

    def of_year(path: str) -> float:
        times, values = past.series(path)
        return values[times.index(year)]

    output = of_year(OUTPUT[material])
    if material == "cement":
        return np.array([[output]])
    output -= of_year(f"{material}.observed.net_export")
    if material == "aluminium":
        made = past.number("aluminium.metal_yield")
        returned = past.number("aluminium.new_scrap_recovery") * (1.0 - made)
        old = past.number("aluminium.collection") * worn
        return np.asarray((output + old) * made / (1.0 - returned))
    split = _column(past, GOODS[STEEL], "split")
    yields = past.number("steel.finishing_yield") * past.number("steel.fabrication_yield")
    return np.asarray(output * yields * split / split.sum())


def _column(past: Known, paths: tuple[str, ...], name: str) -> FloatArray:
    """A constant of goods, (good, 1)."""
    return np.array([[past.number(f"{path}.{name}")] for path in paths])
