"""Plain scipy: a right-hand side written by hand in NumPy, ``solve_ivp`` in a loop.

The same right-hand side gives the exact solution that all tools are compared with, and Euler's
method with the step of the tools that know no other.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import scipy
from scipy.integrate import solve_ivp

from tests.benchmarks.peers.chain import (
    ADJUSTMENT_TIME,
    CAPACITIES,
    CLASSES,
    END,
    EULER_STEP,
    FLEETS,
    KNOTS,
    PRICE,
    START,
    TECHNOLOGIES,
    FloatArray,
    Numbers,
    Scenario,
    first_stocks,
    numbers,
    scenario,
)
from tests.benchmarks.peers.measuring import Measuring

TOLERANCE = 1e-6
"""Relative and absolute tolerance of the measured runs."""


def change(time: float, stocks: FloatArray, given: Numbers, chosen: Scenario) -> FloatArray:
    """Rate of change of all stocks [unit/yr]."""
    capacity = stocks[:CAPACITIES].reshape(CLASSES, FLEETS, TECHNOLOGIES)
    experience = stocks[CAPACITIES:].reshape(FLEETS, TECHNOLOGIES)
    price = chosen.price_factor * np.interp(time, KNOTS, PRICE)
    demand = np.array([np.interp(time, KNOTS, path) for path in given.demand])
    gained = (experience / given.experience) ** -given.learning_exponent
    capital = given.capital_floor + (given.capital - given.capital_floor) * gained
    cost = capital + given.running + price * given.emissions
    weight = given.share_weight * cost**-chosen.exponent
    ageing = capacity * (CLASSES / given.lifetime)
    gap = (demand - capacity.sum(axis=(0, 2))) / ADJUSTMENT_TIME
    orders = np.maximum(ageing[-1].sum(axis=1) + gap, 0.0)
    bought = orders[:, np.newaxis] * weight / weight.sum(axis=1, keepdims=True)
    arriving = np.concatenate([bought[np.newaxis], ageing[:-1]])
    return np.concatenate([(arriving - ageing).ravel(), bought.ravel()])


def integrate(chosen: Scenario, **options: Any) -> FloatArray:
    """Stocks at the end, by a method of scipy, one stretch between bends after the other."""
    given = numbers()
    stocks = first_stocks(given)
    for stretch in pairwise(KNOTS):
        stocks = solve_ivp(change, stretch, stocks, args=(given, chosen), **options).y[:, -1]
    return stocks


def exact(chosen: Scenario) -> FloatArray:
    """Stocks at the end, as exactly as numbers allow."""
    return integrate(chosen, method="DOP853", rtol=1e-12, atol=1e-12)


def euler(chosen: Scenario) -> FloatArray:
    """Stocks at the end, by Euler's method."""
    given = numbers()
    stocks = first_stocks(given)
    for place in range(round((END - START) / EULER_STEP)):
        time = START + place * EULER_STEP
        stocks = stocks + EULER_STEP * change(time, stocks, given, chosen)
    return stocks


def main() -> None:
    """Measure."""
    measuring = Measuring("scipy", "RK45", TOLERANCE)

    def run(place: int, _: int = 1) -> list[float]:
        chosen = scenario(place)
        stocks = integrate(chosen, method="RK45", rtol=TOLERANCE, atol=TOLERANCE)
        return [float(stock) for stock in stocks]

    with measuring.ready():
        run(0)
    measuring.single(run)
    measuring.sweep(run)
    measuring.hand_over(version=scipy.__version__)


if __name__ == "__main__":
    main()
