"""Factors that close the national balances, worked out from the gaps that they have to fill.

A factor adds ``base x activity`` to one total of one year and to no other year, so that the gap
over that is the step to take; electricity also moves the coal that is burnt for it, and is
partly lost on the way, for which the step is repeated until nothing moves any more.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.closure import base_flow
from calibration.evidence import Series, evidence
from calibration.hindcast import Comparison
from calibration.observations import Observation
from calibration.stages import Stage
from simulator.errors import SolverError
from simulator.model.national import START
from simulator.reading.parameters import Parameter
from simulator.reading.scenario import Scenario
from simulator.results.expression import evaluate
from simulator.results.simulation import run

FloatArray = NDArray[np.float64]

SETTLED: Final = 1e-5
"""Largest gap relative to a total that is left open [1]."""

STEPS: Final = 12
"""Most steps; each leaves a tenth of the gap of electricity, and far less of the others."""


class Factor(NamedTuple):
    """One closing factor over the years."""

    path: str
    low: float
    high: float
    years: tuple[int, ...]
    shipped: tuple[float, ...]
    values: tuple[float, ...]
    spread: tuple[float, ...]
    """Standard deviations that follow from the uncertainty of the totals."""


class Closing(NamedTuple):
    """Every closing factor, and what is left open."""

    factors: tuple[Factor, ...]
    series: tuple[Series, ...]
    before: tuple[FloatArray, ...]
    """Logarithms of model over observation with the shipped factors, one a series."""
    after: tuple[FloatArray, ...]
    """The same with the new ones."""


def close(
    scenario: Scenario,
    stage: Stage,
    until: int,
    observations: Mapping[str, Observation] | None = None,
) -> Closing:
    """Work out the closing factors of the years to `until`.

    Raises
    ------
    SolverError
        A gap does not close, because its factor no longer moves the total.
    """
    series = [evidence(item, int(START), until, observations) for item in stage.comparisons]
    known = scenario.resolved.parameters
    drivers = [known.find(item.driver) for item in stage.comparisons]
    weights = [
        _weight(known, driver, item) for driver, item in zip(drivers, series, strict=True)
    ]
    values = [
        _of_years(driver, item.years) for driver, item in zip(drivers, series, strict=True)
    ]
    shipped, before = [value.copy() for value in values], None
    for _ in range(STEPS):
        models = _models(scenario, stage.comparisons, drivers, values, series)
        gaps = [item.values - model for item, model in zip(series, models, strict=True)]
        found = tuple(
            np.log(model / item.values) for item, model in zip(series, models, strict=True)
        )
        before = before or found
        if max(float(np.abs(one).max()) for one in found) < SETTLED:
            factors = [
                Factor(
                    path=driver.path,
                    low=float(driver.low or 0.0),
                    high=float(driver.high or 0.0),
                    years=tuple(item.years.tolist()),
                    shipped=tuple(old.tolist()),
                    values=tuple(new.tolist()),
                    spread=tuple((item.uncertainty * item.values / weight).tolist()),
                )
                for driver, item, old, new, weight in zip(
                    drivers, series, shipped, values, weights, strict=True
                )
            ]
            return Closing(tuple(factors), tuple(series), before, found)
        values = [
            value + gap / weight
            for value, gap, weight in zip(values, gaps, weights, strict=True)
        ]
    message = (
        f"the national balances do not close in {STEPS} steps; look whether "
        f"{', '.join(driver.path for driver in drivers)} still move what they close"
    )
    raise SolverError(message)


def _models(
    scenario: Scenario,
    comparisons: tuple[Comparison, ...],
    drivers: list[Parameter],
    values: list[FloatArray],
    series: list[Series],
) -> list[FloatArray]:
    """Totals of the model with the factors set."""
    changes: dict[str, object] = {}
    for driver, value, item in zip(drivers, values, series, strict=True):
        whole = dict(zip(driver.times, driver.values, strict=True))
        whole |= dict(zip(map(float, item.years), value.tolist(), strict=True))
        changes[f"parameters.{driver.path}"] = whole
    dataset = run(scenario.replace(changes))
    return [
        evaluate(item.model, dataset).sel(time=one.years).values
        for item, one in zip(comparisons, series, strict=True)
    ]


def _of_years(parameter: Parameter, years: NDArray[np.int64]) -> FloatArray:
    """Values of a yearly series."""
    known = dict(zip(parameter.times, parameter.values, strict=True))
    return np.array([known[float(year)] for year in years])


def _weight(known: Mapping[str, Parameter], driver: Parameter, series: Series) -> FloatArray:
    """What a factor of one adds to the total of each year."""
    group, carrier = driver.path.split(".")[2], driver.path.rpartition(".")[2]
    activity = known[f"groups.observed.{group}.activity"]
    base = base_flow(known, group, carrier.removesuffix("_factor"))
    index = np.interp(series.years.astype(float), activity.times, activity.values)
    return np.asarray(base * index)
