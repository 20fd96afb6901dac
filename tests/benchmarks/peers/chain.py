"""The model that every tool runs: numbers and scenarios; NumPy and the standard library only.

Six products, each made by six technologies. Capacity grows old in four classes of equal
residence. Orders replace what retires and close the gap to a demand that bends at given years;
they go to technologies by a logit on cost. Cost falls with experience and rises with a carbon
price. All is smooth between the years at which demand and price bend.

A scenario is a factor on the carbon price and an exponent of the choice.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

FLEETS: Final = 6
TECHNOLOGIES: Final = 6
CLASSES: Final = 4
CAPACITIES: Final = CLASSES * FLEETS * TECHNOLOGIES
"""Stocks of capacity; as many of experience follow as there are technologies in all."""

START: Final = 2015
END: Final = 2060
EULER_STEP: Final = 1 / 8
"""Step of the tools that know Euler's method only [yr]."""
RK4_STEP: Final = 1 / 2
"""Step of the simulator: as many evaluations a year as Euler's method at its step [yr]."""

KNOTS: Final = (2015, 2025, 2035, 2045, 2060)
"""Years at which demand and price bend; every step ends on them."""
PRICE: Final = (0.0, 0.1, 0.4, 0.9, 1.5)
"""Carbon price in those years, in thousands of CNY per tonne."""
ADJUSTMENT_TIME: Final = 2.0
"""Time in which a gap is closed [yr]."""


class Numbers(NamedTuple):
    """Parameters and first stocks; technology arrays are (fleet, technology)."""

    demand: FloatArray
    """Demand in the years of `KNOTS`, (fleet, knot) [unit]."""
    lifetime: FloatArray
    """Mean life [yr]."""
    share_weight: FloatArray
    """What the cost does not explain of a choice [1]."""
    capital: FloatArray
    """Capital cost at the first experience, as a yearly payment [CNY per unit]."""
    capital_floor: FloatArray
    """What it falls to [CNY per unit]."""
    learning_exponent: FloatArray
    """Exponent of the experience curve [1]."""
    running: FloatArray
    """Energy and operation [CNY per unit]."""
    emissions: FloatArray
    """Emissions [t per thousand units]."""
    capacity: FloatArray
    """Capacity at the start, spread evenly over the classes [unit]."""
    experience: FloatArray
    """Experience at the start [unit]."""


def numbers() -> Numbers:
    """The same invented world every time."""
    random = np.random.default_rng(7)
    shape = (FLEETS, TECHNOLOGIES)

    def some(low: float, high: float) -> FloatArray:
        return np.round(random.uniform(low, high, shape), 3)

    demand = np.round(
        random.uniform(50.0, 400.0, (FLEETS, 1))
        * np.array([1.0, 1.5, 1.7, 1.75, 1.85])
        * random.uniform(0.95, 1.05, (FLEETS, len(KNOTS))),
        3,
    )
    share = np.array([0.55, 0.2, 0.1, 0.07, 0.05, 0.03])
    dirty = np.array([1.0, 0.8, 0.5, 0.3, 0.1, 0.05])
    capital = some(0.8, 1.2) * np.array([1.0, 1.1, 1.4, 1.8, 2.4, 3.0])
    capacity = np.round(demand[:, :1] * share, 3)
    return Numbers(
        demand=demand,
        lifetime=some(15.0, 40.0),
        share_weight=some(0.5, 1.5),
        capital=capital,
        capital_floor=np.round(0.3 * capital, 3),
        learning_exponent=some(0.1, 0.35),
        running=some(0.5, 1.5),
        emissions=np.round(some(0.8, 1.2) * dirty * 2.0, 3),
        capacity=capacity,
        experience=np.round(2.0 * capacity + 1.0, 3),
    )


class Scenario(NamedTuple):
    """What differs from one run to the next."""

    price_factor: float
    """Factor on the carbon price [1]."""
    exponent: float
    """Exponent of the choice [1]."""


PLASTIC: Final = 1.32471795724474602596
"""Its powers fill a square most evenly (Roberts 2018, a recurrence in two dimensions)."""


def scenario(place: int) -> Scenario:
    """One of endlessly many scenarios; the first is the middle of them."""
    across, along = ((0.5 + place / PLASTIC**power) % 1.0 for power in (1, 2))
    return Scenario(0.25 + 1.5 * across, 2.0 + 4.0 * along)


CHECKED: Final = 4
"""Scenarios whose final stocks every tool hands over to be compared."""


def first_stocks(given: Numbers) -> FloatArray:
    """Stocks at the start: capacity (class, fleet, technology), then experience, flat."""
    classes = np.broadcast_to(given.capacity / CLASSES, (CLASSES, FLEETS, TECHNOLOGIES))
    return np.concatenate([classes.ravel(), given.experience.ravel()])
