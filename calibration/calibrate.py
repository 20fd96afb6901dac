"""All stages of calibration, one after the other, as one table of parameters."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.closing import Closing, Factor, close
from calibration.evidence import Series, evidence
from calibration.fitting import NORMAL_95, Fit, fit
from calibration.knobs import moved
from calibration.observations import FOLDER, LAST_YEAR, Observation
from calibration.past import Past
from calibration.stages import Stage, chosen_stages, load_stages, not_of_later_years
from simulator.errors import ScenarioError
from simulator.model.national import START
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario, load
from simulator.version import code_version

FloatArray = NDArray[np.float64]

SCENARIO: Final = "frozen"
"""Scenario whose history is fitted: the one with the fewest policies."""

FIRST_UNTIL: Final = 2018
"""Earliest last year: before, there are too few years to fit anything."""

AT_END: Final = 0.02
"""Distance from the end of a range that counts as being there, in prior spreads."""

VERDICTS: Final = ("closed", "constrained", "at the end of its range", "not constrained")
"""What the data do to a parameter."""


class Line(NamedTuple):
    """One parameter, of one year if it is a series."""

    stage: str
    key: str
    year: int | None
    unit: str
    value: float
    lower: float
    """Lower end of the 90 % interval."""
    upper: float
    low: float
    """Lower end of the range of the data."""
    high: float
    centre: float | None
    """Most likely value before history was looked at; None for what only closes a total."""
    shipped: float
    """Value that the scenarios use."""
    narrowing: float | None
    """Width of the interval relative to that of the prior [1]."""
    deviation: float | None
    """Standard deviation, of the logarithm where the range is above zero."""
    verdict: str
    """One of `VERDICTS`."""
    why: str
    """What in history tells of it."""


class Residual(NamedTuple):
    """One series in one year."""

    stage: str
    series: str
    year: int
    observed: float
    before: float
    """Model over observation, less one, at the centre of the priors [1]."""
    after: float
    """The same of the fit."""
    size: float
    """Standard deviation that the fit was weighted with [1]."""


class Correlation(NamedTuple):
    """How the errors of two parameters of one stage go together."""

    stage: str
    first: str
    second: str
    correlation: float


class Calibration(NamedTuple):
    """What all stages found."""

    until: int
    lines: tuple[Line, ...]
    residuals: tuple[Residual, ...]
    correlations: tuple[Correlation, ...]
    fits: tuple[Fit, ...]
    closing: Closing | None
    data: str
    """Hash of the observations and of every parameter at the start."""
    version: str


def calibrate(
    until: int = LAST_YEAR,
    stage: str | None = None,
    report: Callable[[Stage, int, float], None] | None = None,
    observations: Mapping[str, Observation] | None = None,
) -> Calibration:
    """Fit the stages in their order, or one of them, to the years up to `until`.

    Parameters
    ----------
    until
        Last year of observations that is used; no later number is read at all.
    stage
        Name of the only stage to fit.
    report
        Called with the stage, the number of its round and half the sum of squares.
    observations
        What was observed; the tables of the project unless given.

    Raises
    ------
    ScenarioError
        There is no such stage, or the year leaves too little history.
    """
    if not FIRST_UNTIL <= until <= LAST_YEAR:
        message = f"calibrate to a year from {FIRST_UNTIL} to {LAST_YEAR}, not to {until}"
        raise ScenarioError(message)
    chosen = chosen_stages(stage)
    if until < LAST_YEAR:
        # The prior of such a knob was read off the years that the fit must not see.
        chosen = tuple(x._replace(knobs=not_of_later_years(x.knobs)) for x in chosen)
    changes = {"horizon.end": LAST_YEAR + 1, "history_end": until + 1}
    scenario = load(SCENARIO).replace(changes)
    own = scenario.replace({"history": "endogenous"}).resolved
    closing, fits = None, []
    for item in _after(chosen[0]) if until == LAST_YEAR else load_stages().values():
        # Nothing rests on what was found before, of a later stage or of later years.
        own = moved(own, item.knobs, [knob.inner(knob.centre) for knob in item.knobs])
    for item in chosen:
        if item.method == "closed":
            closing = close(scenario, item, until, observations)
        else:
            found = _fitted(own, item, until, report, observations)
            own = moved(own, found.knobs, found.coordinates.tolist())
            fits.append(found)
    return _told(scenario, closing, tuple(fits), until)


def _after(stage: Stage) -> tuple[Stage, ...]:
    """The stages that come after one."""
    names = list(load_stages())
    return tuple(load_stages()[name] for name in names[names.index(stage.name) + 1 :])


def _fitted(
    base: Resolved,
    stage: Stage,
    until: int,
    report: Callable[[Stage, int, float], None] | None,
    observations: Mapping[str, Observation] | None,
) -> Fit:
    """Fit one stage."""
    series = [evidence(item, int(START), until, observations) for item in stage.comparisons]
    empty = [item.name for item in series if not item.years.size]
    if empty:
        message = (
            f"nothing is observed of {', '.join(empty)} up to {until}; calibrate to a later "
            f"year, or leave out the stage {stage.name}"
        )
        raise ScenarioError(message)
    past = Past(base, stage.knobs, stage.comparisons)
    return fit(past, series, (lambda *words: report(stage, *words)) if report else None)


def _told(
    scenario: Scenario, closing: Closing | None, fits: tuple[Fit, ...], until: int
) -> Calibration:
    """Turn fits into tables."""
    lines: list[Line] = []
    residuals: list[Residual] = []
    correlations: list[Correlation] = []
    if closing:
        lines += [line for factor in closing.factors for line in _closed(factor)]
        for series, before, after in zip(
            closing.series, closing.before, closing.after, strict=True
        ):
            residuals += _residuals("closing", series, before, after, 0.0)
    for found in fits:
        stage = found.knobs[0].stage
        lines += _constrained(found, scenario.resolved)
        for series, before, after, size in zip(
            found.series, found.before, found.after, found.sizes, strict=True
        ):
            residuals += _residuals(stage, series, before, after, size)
        table = found.correlation
        for row, first in enumerate(found.knobs):
            for column, second in enumerate(found.knobs[:row]):
                pair = (second.path, first.path, float(table[row, column]))
                correlations.append(Correlation(stage, *pair))
    return Calibration(
        until,
        tuple(lines),
        tuple(residuals),
        tuple(correlations),
        fits,
        closing,
        digest(scenario),
        code_version(),
    )


def _closed(factor: Factor) -> list[Line]:
    """Lines of a factor that closes a total."""
    return [
        Line(
            "closing", factor.path, year, "1", value, value - NORMAL_95 * spread,
            value + NORMAL_95 * spread, factor.low, factor.high, None, shipped, None,
            None, "closed", "the difference between the total and what the model explains",
        )
        for year, value, spread, shipped in zip(
            factor.years, factor.values, factor.spread, factor.shipped, strict=True
        )
    ]  # fmt: skip


def _constrained(found: Fit, base: Resolved) -> list[Line]:
    """Lines of a fit."""
    lines = []
    for place, knob in enumerate(found.knobs):
        narrowing = float(found.spread[place] / found.prior[place])
        value, here = found.values[place], float(found.coordinates[place])
        ends = (here - knob.inner(knob.low), knob.inner(knob.high) - here)
        verdict = "constrained" if found.informed[place] else "not constrained"
        if min(ends) < AT_END * knob.spread:
            verdict = "at the end of its range"
        lines.append(
            Line(
                knob.stage, knob.path, None, knob.unit, value, *found.interval(place),
                knob.low, knob.high, knob.centre, knob.shipped(base), narrowing,
                float(found.spread[place]), verdict, knob.why,
            )
        )  # fmt: skip
    return lines


def _residuals(
    stage: str, series: Series, before: FloatArray, after: FloatArray, size: float
) -> list[Residual]:
    """Lines of one series."""
    return [
        Residual(
            stage, series.name, int(year), float(value), float(np.expm1(first)),
            float(np.expm1(last)), float(np.hypot(spread, size)),
        )
        for year, value, spread, first, last in zip(
            series.years, series.values, series.uncertainty, before, after, strict=True
        )
    ]  # fmt: skip


def digest(scenario: Scenario) -> str:
    """Hash of what a fit starts from: the tables of observations and every parameter."""
    found = hashlib.sha256(scenario.resolved.digest.encode())
    tables = [*FOLDER.glob("*.csv"), *FOLDER.parent.glob("*.csv")]
    for path in sorted(tables):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()
