"""The model on years that it has not seen, series by series, beside two yardsticks.

History is known to a year; from there the model runs by itself, without any later number
(`simulator.reading.known`). What came out is held against what was observed, and so are the
last known value and the straight line through the last five years. Drivers of every projection
are those that were expected; a second run has the observed ones (`calibration.drivers`), which
tells errors of the model from errors of its drivers. Either of the two can be judged.
"""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from calibration.drivers import KINDS, with_drivers
from calibration.hindcast import Comparison, load_comparisons
from calibration.knobs import moved
from calibration.observations import LAST_YEAR, UNITS, load_observations
from calibration.refit import Posterior
from calibration.stages import load_knobs, not_of_later_years
from calibration.yardsticks import last_value, linear_trend
from simulator.reading.known import TABLE as KNOWN
from simulator.reading.known import Rule, load_rules
from simulator.reading.library import shipped
from simulator.reading.parameters import load_parameters
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario, load
from simulator.results.expression import evaluate
from simulator.results.headline import one_run
from simulator.results.simulation import simulate

FloatArray = NDArray[np.float64]

TABLE: Final = Path(__file__).resolve().parent / "heldout.csv"
SCENARIO: Final = "frozen"
"""Scenario that is run unless another is named: nothing in it was decided later."""
ROLLING: Final = (2018, 2019, 2020, 2021, 2022)
"""Last known years of the rolling hindcast."""
END: Final = 2025
"""Last year that is run; the horizon of a scenario does not end before."""


class HeldOut(NamedTuple):
    """One series that is scored."""

    name: str
    series: tuple[str, ...]
    """Names of the comparisons that are added up."""
    bar: float | None
    """Relative error that each year should stay within; None where nothing was promised."""
    en: str
    zh: str
    where: str
    """Side on which the next two explain an error: ``over``, ``under``, ``either`` or none."""
    missing_en: str
    """What the model lacks where it is off."""
    missing_zh: str


class Point(NamedTuple):
    """One series in one year that the model did not see."""

    until: int
    """Last known year."""
    name: str
    unit: str
    year: int
    observed: float
    model: float
    """With the drivers that were expected."""
    model_with_drivers: float
    """With the observed ones."""
    last_value: float
    linear_trend: float


@cache
def load_heldout(path: Path = TABLE) -> tuple[HeldOut, ...]:
    """Read which series are scored."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(
            HeldOut(
                name=row["name"],
                series=tuple(row["series"].split("+")),
                bar=float(row["bar"]) if row["bar"] else None,
                en=row["en"],
                zh=row["zh"],
                where=row["where"],
                missing_en=row["missing_en"],
                missing_zh=row["missing_zh"],
            )
            for row in csv.DictReader(stream)
        )


def blind(scenario: Scenario, until: int) -> Scenario:
    """Return the scenario as it was known at the end of a year, to run on to the last one."""
    return scenario.replace({"history_end": until + 1, "horizon.end": END}, "<hindcast>")


def start(until: int, scenario: Scenario | None, fitted: Posterior | None) -> Resolved:
    """What is run: the scenario as it was known, with a fit of its own if there is one.

    Else what is fitted to the whole of history stands where its prior has it, but for what the
    scenario itself sets and for priors that were read off later years.
    """
    early = blind(scenario or load(SCENARIO), until).resolved
    if fitted is not None:
        return fitted.at_its_best(early)
    prior = not_of_later_years(load_knobs())
    knobs = [one for one in prior if one.path not in early.parameters.overrides]
    return moved(early, knobs, [knob.inner(knob.centre) for knob in knobs])


def foreknown(scenario: Scenario, until: int) -> tuple[str, ...]:
    """Settings of a scenario that move in the years that the model should not see.

    They are policies, which were announced, of the scenario or before the cut; a reader should
    know that they act.
    """
    found = [
        f"{write.name}.{write.setting}".removesuffix(".")
        for write in scenario.resolved.writes
        if any(until < time <= LAST_YEAR + 1 for time in write.series.times)
        or (not write.series.times and until < write.series.values[0] <= LAST_YEAR + 1)
    ]
    known, rules = load_parameters(), load_rules(shipped().data / KNOWN)
    announced = [
        rule.path
        for rule in rules
        if rule.rule == "announced" and until + 1 > known[rule.source].values[0]
    ]
    return tuple(dict.fromkeys([*found, *announced]))


def in_hindsight() -> tuple[Rule, ...]:
    """Constants that were set with the whole of history in view, and are not set again."""
    rules = load_rules(shipped().data / KNOWN)
    return tuple(rule for rule in rules if rule.rule == "hindsight")


def held_out(
    until: int,
    scenario: Scenario | None = None,
    engine: str = "reference",
    fitted: Posterior | None = None,
) -> tuple[Point, ...]:
    """Run with history known to the end of a year and hold what follows against observation.

    Parameters
    ----------
    until
        Last known calendar year.
    scenario
        What to run; `SCENARIO` unless given.
    engine
        Which solver runs it.
    fitted
        What a fit of the years up to then found; the shipped parameters unless given.
    """
    early = start(until, scenario, fitted)
    runs = [_run(chosen, engine) for chosen in (early, with_drivers(early))]
    return points(until, *runs)


def by_driver(
    until: int,
    found: Sequence[Point],
    scenario: Scenario | None = None,
    engine: str = "reference",
    fitted: Posterior | None = None,
) -> dict[str, dict[str, float]]:
    """How much of the bias of each series each kind of driver takes away, run alone [1].

    What the drivers do together is not their sum; what is left with all of them is the bias
    with observed drivers, the model's own.
    """
    early = start(until, scenario, fitted)
    own = [point for point in found if point.until == until]
    moved: dict[str, dict[str, float]] = {point.name: {} for point in own}
    for kind in KINDS:
        run = _run(with_drivers(early, (kind,)), engine)
        for name, group in by_series(points(until, run, run)):
            expected = {point.year: point.model for point in own if point.name == name}
            parts = [(p.model - expected[p.year]) / p.observed for p in group]
            moved[name][kind] = sum(parts) / len(parts)
    return moved


def _run(chosen: Resolved, engine: str) -> xr.Dataset:
    return simulate(chosen, engine).dataset


def points(until: int, trend: xr.Dataset, observed: xr.Dataset) -> tuple[Point, ...]:
    """Hold two runs, without and with observed drivers, against the years after a cut."""
    runs = [one_run(trend), one_run(observed)]
    comparisons = {item.name: item for item in load_comparisons()}
    found: list[Point] = []
    for item in load_heldout():
        years, values, unit = _observed([comparisons[name] for name in item.series])
        wanted = years[(years > until) & (years <= LAST_YEAR)]
        if not len(wanted):
            continue
        modelled = [_modelled([comparisons[n] for n in item.series], run) for run in runs]
        rows = zip(
            wanted,
            values[np.isin(years, wanted)],
            *(series.sel(time=wanted).values for series in modelled),
            last_value(years, values, until, wanted),
            linear_trend(years, values, until, wanted),
            strict=True,
        )
        for year, *numbers in rows:
            found.append(Point(until, item.name, unit, int(year), *map(float, numbers)))
    return tuple(found)


def by_series(found: Sequence[Point]) -> list[tuple[str, list[Point]]]:
    """Points of one cut by series, in their order."""
    groups: dict[str, list[Point]] = {}
    for point in found:
        groups.setdefault(point.name, []).append(point)
    return list(groups.items())


def observed_of(name: str) -> dict[int, float]:
    """What was observed of a series, by year."""
    comparisons = {item.name: item for item in load_comparisons()}
    item = next(item for item in load_heldout() if item.name == name)
    years, values, _ = _observed([comparisons[part] for part in item.series])
    return dict(zip(years.tolist(), values.tolist(), strict=True))


def _observed(items: Sequence[Comparison]) -> tuple[NDArray[np.int64], FloatArray, str]:
    """Years, values and unit of a sum of observations, over the years that all have."""
    names = [name for item in items for name in item.observed]
    found = [load_observations()[name] for name in names]
    years = found[0].years
    for series in found[1:]:
        years = np.intersect1d(years, series.years)
    total = np.sum([[series.at(int(year)) for year in years] for series in found], axis=0)
    return years, total, UNITS[found[0].variable.split(".")[0]]


def _modelled(items: Sequence[Comparison], run: xr.Dataset) -> xr.DataArray:
    """What the model has for a sum of series."""
    total = sum(evaluate(item.model, run) * _factor(item) for item in items)
    assert isinstance(total, xr.DataArray)  # noqa: S101 - a sum of at least one
    return total


def _factor(item: Comparison) -> float:
    return load_parameters()[item.factor].values[0] if item.factor else 1.0
