"""A world in which net emissions are arithmetic on policies, for tests of what searches in it.

Its data set is the one drawn by hand; only net emissions, and gross ones of a year on request,
follow from what a scenario sets.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import xarray as xr

from simulator.analysis import evaluation
from simulator.analysis.evaluation import Evaluated
from simulator.reading.resolution import Resolved
from simulator.results.derived import derive
from tests.synthetic import YEARS, dataset

SECTORS = ("power", "steel")
SHARES = np.array([0.75, 0.25])
"""What each has of net emissions."""

Law = Callable[[Resolved], float]
"""Net emissions of 2060 [Mt CO2/yr]."""


def at(resolved: Resolved, path: str, year: float) -> float:
    """What a scenario has for a parameter in a year."""
    series = resolved.parameters.series(path)
    return float(np.interp(year, *series)) if series.times else series.values[0]


def price(resolved: Resolved, year: float = 2060.0) -> float:
    """Floor of the price of carbon [CNY/t CO2]."""
    return at(resolved, "carbon_market.price_floor", year)


def capture(resolved: Resolved) -> float:
    """Direct air capture that is aimed at in 2060 [Mt CO2/yr]."""
    return at(resolved, "carbon_removal.direct_air_capture_target", 2060.0)


class World:
    """Runs scenarios by a law, and remembers how many."""

    def __init__(self, law: Law, engine: Law | None = None, cost: Law | None = None) -> None:
        self.law, self.engine, self.cost = law, engine or law, cost
        self.failures: dict[int, str] = {}
        self.together = 0
        self.apart = 0

    def solve(self, resolved: Resolved) -> xr.Dataset:
        """Run one scenario by itself."""
        self.apart += 1
        found = dataset(resolved.name, 0.6)
        found["emissions_net"].loc[{"time": 2060}] = self.law(resolved)
        if self.cost is not None:
            found["system_cost_total"].loc[{"time": 2060}] = self.cost(resolved)
        return found

    def evaluate_all(
        self, asked: Any, _: object, numbers: Sequence[int], resolved: Any, report: Any = None
    ) -> Evaluated:
        """Run scenarios together."""
        self.together += len(numbers)
        net = np.full((len(numbers), len(YEARS)), 5000.0)
        net[:, -1] = [self.engine(resolved(number)) for number in numbers]
        cost = 7.0 - 0.5 * net
        if self.cost is not None:
            cost[:, -1] = [self.cost(resolved(number)) for number in numbers]
        known = {
            "emissions_net": (("scenario", "time"), net),
            "emissions": (("scenario", "time", "sector"), net[..., np.newaxis] * SHARES),
            "system_cost_total": (("scenario", "time"), cost),
        }
        if report is not None:
            report(len(numbers))
        found = {name: known[name] for name in asked.keep}
        axes = {"time": YEARS, "sector": list(SECTORS)} if "emissions" in found else {
            "time": YEARS
        }  # fmt: skip
        kept = xr.Dataset(found, axes)
        return Evaluated(kept.merge(derive(kept, asked.derive, asked.roadmap)), self.failures)

    def installed(self, patch: pytest.MonkeyPatch, *modules: Any) -> "World":
        """Take the place of the batch engine."""
        for module in modules:
            patch.setattr(module, "evaluate_all", self.evaluate_all)
        assert evaluation.evaluate_all is not self.evaluate_all
        return self
