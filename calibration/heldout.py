"""The model on years that it has not seen, series by series, beside two yardsticks.

History is known to a year; from there the model runs by itself, without any later number
(`simulator.reading.known`). What came out is held against what was observed, and so are the
last known value and the straight line through the last five years. Population and the gross
product are inputs of every projection: they follow their trend of that time; a second run has
the observed ones, which tells errors of the model from errors of its drivers.
"""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from calibration.hindcast import Comparison, load_comparisons
from calibration.observations import LAST_YEAR, UNITS, load_observations
from calibration.yardsticks import Errors, errors, last_value, linear_trend
from simulator.reading.known import TABLE as KNOWN
from simulator.reading.known import Rule, load_rules
from simulator.reading.library import shipped
from simulator.reading.parameters import load_parameters
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
TOTAL: Final = "co2.total"
PARTS: Final = ("co2.coal", "co2.oil", "co2.gas", "co2.process")
"""National CO2 and what it is made of."""
DRIVERS: Final = ("common.gdp_growth", "common.population")
"""Inputs of every projection, which the second run has as they were observed."""


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
    """With population and product on the trend of that time."""
    model_with_drivers: float
    """With the observed ones."""
    last_value: float
    linear_trend: float


class Score(NamedTuple):
    """One series over all the years that the model did not see."""

    until: int
    name: str
    en: str
    zh: str
    unit: str
    first: int
    last: int
    """First and last year that is scored."""
    model: Errors
    model_with_drivers: Errors
    last_value: Errors
    linear_trend: Errors
    worst: float
    """Largest error of a year, with its sign [1]."""
    bar: float | None
    met: bool | None
    """Whether every year is within the bar; None without a bar."""
    better: bool | None
    """Whether the model is better than both yardsticks; None where there are none."""
    missing_en: str
    """What the model lacks; empty where nothing explains an error of this sign."""
    missing_zh: str


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


def with_drivers(scenario: Scenario) -> Scenario:
    """Return the scenario with the observed population and product."""
    changes = {}
    for path in DRIVERS:
        observed = load_parameters()[path]
        pairs = zip(observed.times, observed.values, strict=True)
        changes[f"parameters.{path}"] = {time: value for time, value in pairs if time <= END}
    return scenario.replace(changes, "<hindcast>")


def foreknown(scenario: Scenario, until: int) -> tuple[str, ...]:
    """Settings of a scenario that move in the years that the model should not see.

    They are policies, which were announced; a reader should know that they act.
    """
    found = [
        f"{write.name}.{write.setting}".removesuffix(".")
        for write in scenario.resolved.writes
        if any(until < time <= LAST_YEAR + 1 for time in write.series.times)
        or (not write.series.times and until < write.series.values[0] <= LAST_YEAR + 1)
    ]
    return tuple(dict.fromkeys(found))


def in_hindsight() -> tuple[Rule, ...]:
    """Constants that were set with the whole of history in view, and are not set again."""
    rules = load_rules(shipped().data / KNOWN)
    return tuple(rule for rule in rules if rule.rule == "hindsight")


def held_out(
    until: int, scenario: Scenario | None = None, engine: str = "reference"
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
    """
    early = blind(scenario or load(SCENARIO), until)
    runs = [
        simulate(chosen.resolved, engine).dataset for chosen in (early, with_drivers(early))
    ]
    return points(until, *runs)


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


def scores(found: Sequence[Point]) -> tuple[Score, ...]:
    """Sum up the years of each series and each cut."""
    groups: dict[tuple[int, str], list[Point]] = {}
    for point in found:
        groups.setdefault((point.until, point.name), []).append(point)
    declared = {item.name: item for item in load_heldout()}
    return tuple(_score(declared[name], own) for (_, name), own in groups.items())


def offsetting(found: Sequence[Point], until: int) -> tuple[float, float]:
    """Mean absolute error of the parts of national CO2 added up, and of their total [Mt/yr]."""

    def error(name: str) -> float:
        own = [p for p in found if (p.until, p.name) == (until, name)]
        return sum(abs(p.model - p.observed) for p in own) / len(own)

    return sum(map(error, PARTS)), error(TOTAL)


def share_better(found: Sequence[Score]) -> tuple[int, int]:
    """Count the series in which the model beats both yardsticks, and those that have any."""
    judged = [score.better for score in found if score.better is not None]
    return sum(judged), len(judged)


def observed_of(name: str) -> dict[int, float]:
    """What was observed of a series, by year."""
    comparisons = {item.name: item for item in load_comparisons()}
    item = next(item for item in load_heldout() if item.name == name)
    years, values, _ = _observed([comparisons[part] for part in item.series])
    return dict(zip(years.tolist(), values.tolist(), strict=True))


def uncertainty_of(name: str, year: int) -> float:
    """Relative standard deviation of what was observed of a series in a year [1]."""
    comparisons = {item.name: item for item in load_comparisons()}
    item = next(item for item in load_heldout() if item.name == name)
    parts = [load_observations()[o] for part in item.series for o in comparisons[part].observed]
    values = np.array([series.at(year) for series in parts])
    spread = np.array(
        [float(series.uncertainty[year - int(series.years[0])]) for series in parts]
    )
    return float(np.sqrt(((values * spread) ** 2).sum()) / values.sum())


def _score(item: HeldOut, own: Sequence[Point]) -> Score:
    observed = np.array([point.observed for point in own])
    model, drivers, last, trend = (
        errors(np.array([getattr(point, name) for point in own]), observed)
        for name in ("model", "model_with_drivers", "last_value", "linear_trend")
    )
    worst = max((point.model / point.observed - 1.0 for point in own), key=abs)
    yardstick = min(
        (e.absolute for e in (last, trend) if np.isfinite(e.absolute)), default=None
    )
    side = "over" if model.bias > 0.0 else "under"
    explained = item.where in (side, "either")
    return Score(
        until=own[0].until, name=item.name, en=item.en, zh=item.zh, unit=own[0].unit,
        first=own[0].year, last=own[-1].year,
        model=model, model_with_drivers=drivers, last_value=last, linear_trend=trend,
        worst=worst, bar=item.bar,
        met=None if item.bar is None else abs(worst) <= item.bar,
        better=None if yardstick is None else model.absolute < yardstick,
        missing_en=item.missing_en if explained else "",
        missing_zh=item.missing_zh if explained else "",
    )  # fmt: skip


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
