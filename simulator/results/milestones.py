"""The scoreboard: every milestone of a roadmap, judged on one run.

A margin is positive where the target holds with room to spare and negative by what is missing,
whatever the direction of the comparison. A milestone whose data the run does not have is "not
applicable", with the reason; it never counts as met.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import xarray as xr

from simulator.errors import ScenarioError
from simulator.results.expression import (
    Expression,
    ExpressionError,
    MissingDataError,
    evaluate,
    parse,
)
from simulator.schema.roadmap import Milestone, Roadmap

Status = Literal["pass", "fail", "not applicable"]
ROUNDING: Final = 1e-9
"""Relative slack of comparisons that allow equality, against rounding."""


@dataclass(frozen=True, slots=True)
class MilestoneResult:
    """One line of the scoreboard; numbers are not-a-number where not applicable."""

    id: str
    """Name of the milestone."""
    label_en: str
    """English label."""
    label_zh: str
    """Chinese label."""
    stage: str
    """Stage of the roadmap, empty for an overlay."""
    status: Status
    """Whether the target holds."""
    value: float
    """What the run shows [unit]."""
    op: str
    """Comparison with the target."""
    target: float
    """What is asked [unit]."""
    margin: float
    """Room to spare, negative if missed [unit]."""
    margin_relative: float
    """Margin over the size of the target [1]; not-a-number for a target of zero."""
    by: int | None
    """Year in which the value is read; none when the metric is one number by itself."""
    year_met: int | None
    """First year from which the target holds until the end of the run; for a peak year that
    passes, that year; none if it never does, or if the metric has no years."""
    unit: str
    """Unit of value, target and margin."""
    source_title: str
    """Document that set the target."""
    source_clause: str
    """Clause of the document."""
    note_en: str
    """What a reader should know, in English."""
    note_zh: str
    """What a reader should know, in Chinese."""
    reason: str
    """Why the milestone is not applicable; empty otherwise."""


COLUMNS: Final = tuple(MilestoneResult.__dataclass_fields__)
"""Columns of ``milestones.csv``, in order."""


def milestones(dataset: xr.Dataset, roadmap: Roadmap) -> list[MilestoneResult]:
    """Judge one run by a roadmap.

    Parameters
    ----------
    dataset
        Results of one scenario.
    roadmap
        Targets to judge it by.

    Raises
    ------
    ExpressionError
        A metric is not an expression, or leaves a dimension open; the message names it.
    ScenarioError
        The data set holds several scenarios.
    """
    if dataset.sizes.get("scenario", 1) > 1:
        message = "milestones judge one run: choose one with dataset.sel(scenario=...)"
        raise ScenarioError(message)
    run = dataset.squeeze("scenario", drop=True) if "scenario" in dataset.dims else dataset
    return [judge(run, milestone) for milestone in roadmap.milestones]


def judge(dataset: xr.Dataset, milestone: Milestone) -> MilestoneResult:
    """Judge one run by one milestone."""
    value, reason, year_met = math.nan, "", None
    try:
        expression = parse(milestone.metric)
        series = evaluate(expression, dataset)
        value = _read(series, milestone.by)
        year_met = _year_met(expression, series, milestone)
        if expression.function == "peak_year" and year_met == dataset["time"].values[-1]:
            reason = f"the run ends in {year_met}, before anyone could call it a peak"
    except MissingDataError as error:
        reason = str(error)
    except ExpressionError as error:
        message = f"milestone {milestone.id}: {error}"
        raise ExpressionError(message) from error
    if math.isnan(value):
        reason = reason or "the run has no value for it"
    if reason:
        value, year_met = math.nan, None
    room = _room(np.asarray(value), milestone)
    status: Status = "pass" if _holds(room, milestone) else "fail"
    note = milestone.note
    return MilestoneResult(
        id=milestone.id,
        label_en=milestone.label.en,
        label_zh=milestone.label.zh,
        stage=milestone.stage or "",
        status="not applicable" if reason else status,
        value=value,
        op=milestone.op,
        target=float(milestone.target),
        margin=float(room),
        margin_relative=float(room) / abs(milestone.target) if milestone.target else math.nan,
        by=milestone.by,
        year_met=year_met,
        unit=milestone.unit,
        source_title=milestone.source.title,
        source_clause=milestone.source.clause,
        note_en=note if isinstance(note, str) else note.en if note else "",
        note_zh=note if isinstance(note, str) else note.zh if note else "",
        reason=reason,
    )


def rows(results: Sequence[MilestoneResult]) -> list[dict[str, str]]:
    """Return the scoreboard as text, one row a milestone, keys as in `COLUMNS`."""
    return [{name: _text(getattr(result, name)) for name in COLUMNS} for result in results]


def _text(value: str | float | None) -> str:
    """Write one cell; what is missing is empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _read(series: xr.DataArray, by: int | None) -> float:
    """Return the number that is judged."""
    if "time" not in series.dims:
        return float(series)
    if by is None:
        message = 'the metric has a value every year: say in which year with "by"'
        raise ExpressionError(message)
    years = series["time"].values
    if by not in years:
        message = f"year {by} is outside the results ({years.min()} to {years.max()})"
        raise MissingDataError(message)
    return float(series.sel(time=by))


def _room(values: np.ndarray, milestone: Milestone) -> np.ndarray:
    """Return the margin of each value [unit], positive where the target holds."""
    if milestone.op == "within":
        room = (milestone.tolerance or 0.0) - np.abs(values - milestone.target)
    else:
        sign = {"<": -1.0, "<=": -1.0, ">": 1.0, ">=": 1.0}[milestone.op]
        room = sign * (values - milestone.target)
    return np.asarray(room)


def _holds(room: np.ndarray, milestone: Milestone) -> np.ndarray:
    """Return where the margin is enough; never where it is missing."""
    if milestone.op in {"<", ">"}:
        return np.asarray(room > 0.0)
    return np.asarray(room >= -ROUNDING * max(1.0, abs(milestone.target)))


def _year_met(expression: Expression, series: xr.DataArray, milestone: Milestone) -> int | None:
    """Return the first year from which the target holds until the end of the run."""
    holds = _holds(_room(series.values, milestone), milestone)
    if "time" not in series.dims:
        return int(series) if expression.function == "peak_year" and holds else None
    if not holds.size or not holds[-1]:
        return None
    misses = np.flatnonzero(~holds)
    return int(series["time"].values[misses[-1] + 1 if misses.size else 0])
