"""Published pathways beside our own, in one unit, and how far apart they are.

Differences are ours less theirs, in the unit of our variable.
"""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.errors import Problem, ScenarioError
from simulator.reading.pathways import read_pathways
from simulator.results.counterparts import Counterpart, Prepared, prepare, refuse, resolved
from simulator.results.expression import Evaluation
from simulator.results.joined import split
from simulator.results.wording import NONE, number
from simulator.units import convert

FloatArray = NDArray[np.float64]

SCORE_YEARS: Final = (2030, 2050, 2060)
"""Years whose difference is told."""

ROUNDING: Final = 1e-9
"""Share of a number below which a difference is that of its digits in a table."""

SCORE_COLUMNS: Final = (
    ("years", "年份"),
    ("mean", "平均"),
    ("weighted", "加权"),
    *((str(year), f"{year}年") for year in SCORE_YEARS),
    ("sum", "累计"),
)
"""Heads of `score_cells` in English and Chinese."""

PER_YEAR: Final = "/yr"
"""Ends the unit of what can be added up over years."""


class Compared(NamedTuple):
    """A published series in our unit."""

    pathway: str
    variable: str
    """As the file has it."""
    ours: Counterpart
    years: tuple[int, ...]
    """Years that some of our runs have, too."""
    values: tuple[float, ...]


class Score(NamedTuple):
    """How far a run is from a published series: ours less theirs."""

    scenario: str
    pathway: str
    variable: str
    en: str
    zh: str
    unit: str
    first_year: int
    last_year: int
    years: int
    """How many years both have."""
    mean_difference: float
    """Mean of the sizes of the differences, over what is published [%]; not-a-number where
    what is published is zero."""
    weighted_difference: float
    """Sizes of all differences over the sizes of all that is published [%]: steady where a
    pathway passes through zero."""
    differences: Mapping[int, float]
    """In `SCORE_YEARS`, in `unit`; not-a-number where it is not published."""
    cumulative: float
    """Added up from the first to the last common year, in `cumulative_unit`, with straight
    lines between the published years; not-a-number for what is no flow."""
    cumulative_unit: str


class Overlay(NamedTuple):
    """A file of published pathways beside runs of our own."""

    file: str
    series: tuple[Compared, ...]
    own: Mapping[str, Mapping[str, FloatArray]]
    """Our values on the years of each run: by scenario, then by published variable."""
    years: Mapping[str, FloatArray]
    """Years of each run."""
    scores: tuple[Score, ...]
    left_out: tuple[str, ...]
    """Variables of the file without a counterpart here."""

    @property
    def pathways(self) -> tuple[str, ...]:
        """Names of the published pathways."""
        return tuple(dict.fromkeys(item.pathway for item in self.series))

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables that are compared, in the order of the file."""
        return tuple(dict.fromkeys(item.variable for item in self.series))

    def of(self, expression: str) -> tuple[Compared, ...]:
        """Return the published series of one of our variables."""
        return tuple(item for item in self.series if item.ours.expression == expression)


def overlay(runs: Mapping[str, xr.Dataset], prepared: Prepared) -> Overlay:
    """Put published series beside runs and score the differences.

    Parameters
    ----------
    runs
        Results by the name of the scenario.
    prepared
        The file, as `prepare` returns it.

    Raises
    ------
    ScenarioError
        A label is not known, its unit does not fit, or no year is published that a run has.
    """
    problems, series, scores = list[Problem](), list[Compared](), list[Score]()
    years = {name: run["time"].values.astype(float) for name, run in runs.items()}
    work = {name: Evaluation(run) for name, run in runs.items()}
    own: dict[str, dict[str, FloatArray]] = {name: {} for name in runs}
    ours_span = {int(year) for found in years.values() for year in found}
    for item, ours in prepared.matched:
        try:
            one = resolved(ours, next(iter(runs.values())))
            values = {name: _values(one, evaluation) for name, evaluation in work.items()}
            theirs = convert(np.array(item.values), item.unit, one.unit)
        except ScenarioError as error:
            problems.append(Problem(prepared.file, item.line, 1, item.variable, str(error)))
            continue
        kept = [place for place, year in enumerate(item.years) if year in ours_span]
        if not kept:
            continue
        found = Compared(
            item.pathway, item.variable, one, tuple(item.years[place] for place in kept),
            tuple(float(theirs[place]) for place in kept),
        )  # fmt: skip
        series.append(found)
        for name, mine in values.items():
            own[name][item.variable] = mine
            if (score := _score(name, found, years[name], mine)) is not None:
                scores.append(score)
    if not (series or problems):
        first = prepared.matched[0].published
        message = (
            f"the file has {first.years[0]} to {first.years[-1]}, the results have "
            f"{min(ours_span)} to {max(ours_span)}: no year is in both; add years of the run"
        )
        problems.append(Problem(prepared.file, first.line, 1, first.variable, message))
    refuse(prepared.file, problems)
    return Overlay(prepared.file, tuple(series), own, years, tuple(scores), prepared.left_out)


def _values(ours: Counterpart, evaluation: Evaluation) -> FloatArray:
    """Our values on the years of the run, in the unit of the comparison."""
    found = evaluation.value(ours.expression)
    return convert(
        np.asarray(found.spread(("time",)), np.float64), ours.expression_unit, ours.unit
    )


def overlay_file(dataset: xr.Dataset, path: str | Path) -> Overlay:
    """Read a file of published pathways, put it beside results and score the differences.

    Parameters
    ----------
    dataset
        Results of one scenario, or of several as `simulator.compare` returns them.
    path
        IAMC table, wide or long, or a tidy table with ``variable, unit, year, value``; CSV.

    Raises
    ------
    ScenarioError
        Something in the file is wrong; every problem with its line and what to do.
    """
    return overlay(split(dataset), prepare(read_pathways(path)))


def _score(
    scenario: str, theirs: Compared, years: FloatArray, mine: FloatArray
) -> Score | None:
    """Score a run; none where it has no year or no number of what is published."""
    ours = dict(zip((int(year) for year in years), map(float, mine), strict=True))
    common = [
        (year, ours[year], value)
        for year, value in zip(theirs.years, theirs.values, strict=True)
        if math.isfinite(ours.get(year, math.nan))
    ]
    if not common:
        return None
    gaps = {year: _gap(own, value) for year, own, value in common}
    parts = [
        100.0 * abs(gaps[year] / value) if value else 0.0
        for year, _, value in common
        if value or not gaps[year]
    ]
    flow = theirs.ours.unit.endswith(PER_YEAR)
    first, last = common[0][0], common[-1][0]
    total = math.nan
    if flow and first < last:
        every = np.array([year for year in sorted(ours) if first <= year <= last])
        between = np.interp(every, [x[0] for x in common], [x[2] for x in common])
        total = sum(
            gaps.get(int(year), ours[int(year)] - float(value))
            for year, value in zip(every, between, strict=True)
        )
    return Score(
        scenario=scenario,
        pathway=theirs.pathway,
        variable=theirs.variable,
        en=theirs.ours.en,
        zh=theirs.ours.zh,
        unit=theirs.ours.unit,
        first_year=first,
        last_year=last,
        years=len(common),
        mean_difference=float(np.mean(parts)) if parts else math.nan,
        weighted_difference=_over(gaps.values(), [x[2] for x in common]),
        differences={year: gaps.get(year, math.nan) for year in SCORE_YEARS},
        cumulative=total,
        cumulative_unit=theirs.ours.unit.removesuffix(PER_YEAR) if flow else "",
    )


def _over(gaps: Iterable[float], published: Iterable[float]) -> float:
    """Sizes of differences over the sizes of what is published [%]."""
    size, whole = (sum(map(abs, numbers)) for numbers in (gaps, published))
    return 100.0 * size / whole if whole else math.nan if size else 0.0


def _gap(own: float, value: float) -> float:
    """Difference of two numbers; none where it is rounding of a table."""
    return 0.0 if abs(own - value) <= ROUNDING * max(abs(own), abs(value)) else own - value


def score_cells(score: Score) -> tuple[str, ...]:
    """Write a score as people read it: the cells below `SCORE_COLUMNS` from the years on."""
    span = f"{score.first_year}–{score.last_year}"
    mean = number(score.mean_difference / 100.0, "1")
    total = _signed(score.cumulative)
    return (
        f"{span} ({score.years})" if score.years > 1 else str(score.first_year),
        mean,
        number(score.weighted_difference / 100.0, "1"),
        *(_signed(value) for value in score.differences.values()),
        total if total == NONE else f"{total} {score.cumulative_unit}",
    )


def _signed(value: float) -> str:
    """Write a difference with its sign."""
    return f"{'+' if value > 0 else ''}{number(value, '')}"
