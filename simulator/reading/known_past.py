"""The data as they were known when history ended, and what can be read off them."""

from collections.abc import Mapping
from math import exp, floor, log
from typing import Final

import numpy as np

from simulator.errors import Problem, ScenarioError
from simulator.reading.parameters import Parameter

START: Final = 2015.0
"""First day of observed history."""

Series = tuple[tuple[float, ...], tuple[float, ...]]
Data = Mapping[str, Parameter]


class Past:
    """The data as they were known when history ended."""

    def __init__(self, data: Data, end: float) -> None:
        self.data = data
        self.end = end

    def series(self, path: str, *, of_day: bool = False) -> Series:
        """Knots that were known: of years that are over, or of days that have come.

        Raises
        ------
        ScenarioError
            There is none.
        """
        known = self.data[path]
        chosen = [
            (time, value)
            for time, value in zip(known.times, known.values, strict=True)
            if (time if of_day else floor(time) + 1.0) <= self.end
        ]
        if not chosen:
            message = f"{path} has no knot before {self.end:g}, where history ends"
            raise ScenarioError(Problem(known.file, known.line, 1, path, message))
        times, values = zip(*chosen, strict=True)
        return times, values

    def last(self, path: str) -> float:
        """Last known value."""
        return self.series(path)[1][-1]

    def number(self, path: str) -> float:
        """A constant."""
        return self.data[path].values[0]

    def at(self, path: str, time: float) -> float:
        """Known number of a day."""
        return float(np.interp(time, *self.series(path, of_day=True)))

    def growth(self, first: int, last: int) -> float:
        """Logarithm of the growth of the product from one year to another."""
        years, values = self.series("common.gdp_growth")
        pairs = zip(years, values, strict=True)
        return sum(log(1.0 + value) for year, value in pairs if first < year <= last)

    def product(self) -> float:
        """Product on the last day of history [bn CNY/yr]."""
        years, values = self.series("common.gdp_growth")
        halves = 0.5 * (log(1.0 + values[0]) + log(1.0 + values[-1]))
        whole = self.growth(int(years[0]), int(years[-1]))
        return self.number("common.gdp_initial") * exp(halves + whole)

    def vehicles(self) -> dict[str, Series]:
        """Vehicles at the end of each year by path."""
        paths = [
            path for path in self.data
            if path.startswith("vehicles.observed.") and path.endswith(".year_end_total")
            and ".chargers." not in path
        ]  # fmt: skip
        return {path: self.series(path) for path in paths}

    def ownership(self, place: int) -> float:
        """Vehicles per person at the end of the first or last known year."""
        found = list(self.vehicles().values())
        year = found[0][0][place]
        people = self.at("common.population", year + 1.0)
        return sum(values[place] for _, values in found) / people

    def income(self, product: float, time: float) -> float:
        """Income per person of a day [CNY/yr]."""
        return product * 1000.0 / self.at("common.population", time)
