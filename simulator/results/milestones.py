"""The scoreboard: every milestone of a roadmap, judged on one run or on many side by side.

A margin is positive where the target holds with room to spare and negative by what is missing,
whatever the direction of the comparison. A milestone whose data the run does not have is "not
applicable", with the reason; it never counts as met.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.errors import ScenarioError
from simulator.results.expression import (
    YEAR_OF,
    Evaluation,
    Expression,
    ExpressionError,
    MissingDataError,
    parse,
)
from simulator.results.grammar import Call
from simulator.schema.roadmap import Milestone, Roadmap

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Status = Literal["pass", "fail", "not applicable"]
YEARS_FOUND: Final = tuple(YEAR_OF)
"""Functions that find a year; a plateau that a run never has, or never leaves, is missed."""

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
    """What the run shows [unit]; not-a-number too where it never has, or leaves, a plateau."""
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


class Verdict(NamedTuple):
    """One milestone judged on runs side by side; arrays have one value a run, (scenario,)."""

    value: FloatArray
    """What each run shows [unit]; not-a-number where not applicable."""
    margin: FloatArray
    """Room to spare [unit]; not-a-number where not applicable."""
    margin_relative: FloatArray
    """Margin over the size of the target [1]; not-a-number for a target of zero too."""
    year_met: FloatArray
    """As `MilestoneResult.year_met`; not-a-number for none."""
    met: BoolArray
    """Where the target holds."""
    applicable: BoolArray
    """Where the run can be judged."""
    reason: NDArray[np.object_]
    """Why a run cannot be judged; empty texts otherwise."""


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
    verdicts = _of_one_run(dataset, roadmap.milestones)
    return [
        _result(verdict, milestone)
        for verdict, milestone in zip(verdicts, roadmap.milestones, strict=True)
    ]


def judge(dataset: xr.Dataset, milestone: Milestone) -> MilestoneResult:
    """Judge one run by one milestone."""
    (verdict,) = _of_one_run(dataset, [milestone])
    return _result(verdict, milestone)


def judge_all(dataset: xr.Dataset, goals: Sequence[Milestone]) -> list[Verdict]:
    """Judge runs side by side by milestones; a data set without ``scenario`` is one run.

    Raises
    ------
    ExpressionError
        A metric is not an expression, or leaves a dimension open; the message names it.
    """
    evaluation = Evaluation(dataset)
    return [_verdict(evaluation, milestone) for milestone in goals]


def _of_one_run(dataset: xr.Dataset, goals: Sequence[Milestone]) -> list[Verdict]:
    """Judge one run, or refuse."""
    if dataset.sizes.get("scenario", 1) != 1:
        message = "milestones judge one run: choose one with dataset.sel(scenario=...)"
        raise ScenarioError(message)
    return judge_all(dataset, goals)


def _verdict(evaluation: Evaluation, milestone: Milestone) -> Verdict:
    """Judge all runs by one milestone."""
    runs = evaluation.dataset.sizes.get("scenario", 1)
    value, year_met = np.full(runs, np.nan), np.full(runs, np.nan)
    reason, never = np.full(runs, "", dtype=object), np.zeros(runs, dtype=bool)
    try:
        expression = parse(milestone.metric)
        series = evaluation.table(expression)
        value = _read(series, evaluation, milestone.by)
        if series.ndim > 1:
            holds = _holds(_room(series, milestone), milestone)
            year_met = first_lasting(holds, evaluation.years)
        elif expression.function in YEARS_FOUND:
            holds = _holds(_room(value, milestone), milestone)
            year_met = np.where(holds, value, np.nan)
            last = evaluation.years[-1]
            if expression.function == "peak_year":
                reason[year_met == last] = (
                    f"the run ends in {last}, before anyone could call it a peak"
                )
            else:
                never = np.isnan(value) & _has_data(evaluation, expression)
    except MissingDataError as error:
        reason[:] = str(error)
    except ExpressionError as error:
        message = f"milestone {milestone.id}: {error}"
        raise ExpressionError(message) from error
    reason[np.isnan(value) & ~never & (reason == "")] = "the run has no value for it"
    applicable = reason == ""
    margin = np.where(applicable, _room(value, milestone), np.nan)
    with np.errstate(over="ignore"):
        margin_relative = margin / (abs(milestone.target) or math.nan)
    return Verdict(
        value=np.where(applicable, value, np.nan),
        margin=margin,
        margin_relative=margin_relative,
        year_met=np.where(applicable, year_met, np.nan),
        met=_holds(margin, milestone),
        applicable=applicable,
        reason=reason,
    )


def _result(verdict: Verdict, milestone: Milestone) -> MilestoneResult:
    """Return the line of the scoreboard for the first run of a verdict."""
    note, year_met = milestone.note, verdict.year_met[0]
    judged: Status = "pass" if verdict.met[0] else "fail"
    return MilestoneResult(
        id=milestone.id,
        label_en=milestone.label.en,
        label_zh=milestone.label.zh,
        stage=milestone.stage or "",
        status=judged if verdict.applicable[0] else "not applicable",
        value=float(verdict.value[0]),
        op=milestone.op,
        target=float(milestone.target),
        margin=float(verdict.margin[0]),
        margin_relative=float(verdict.margin_relative[0]),
        by=milestone.by,
        year_met=None if math.isnan(year_met) else int(year_met),
        unit=milestone.unit,
        source_title=milestone.source.title,
        source_clause=milestone.source.clause,
        note_en=note if isinstance(note, str) else note.en if note else "",
        note_zh=note if isinstance(note, str) else note.zh if note else "",
        reason=str(verdict.reason[0]),
    )


def rows(results: Sequence[MilestoneResult]) -> list[dict[str, str]]:
    """Return the scoreboard as text, one row a milestone, keys as in `COLUMNS`."""
    return [{name: _text(getattr(result, name)) for name in COLUMNS} for result in results]


def _text(value: str | float | None) -> str:
    """Write one cell; what is missing is empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _has_data(evaluation: Evaluation, expression: Expression) -> BoolArray:
    """Return where the series that a function looks at has values, (scenario,)."""
    tree = expression.tree
    if not isinstance(tree, Call):
        return np.zeros(evaluation.dataset.sizes.get("scenario", 1), dtype=bool)
    return np.asarray(np.isfinite(evaluation.table(tree.text)).any(axis=-1))


def _read(series: FloatArray, evaluation: Evaluation, by: int | None) -> FloatArray:
    """Return the number of each run that is judged."""
    if series.ndim == 1:
        return series
    if by is None:
        message = 'the metric has a value every year: say in which year with "by"'
        raise ExpressionError(message)
    return series[:, evaluation.place(by)]


def _room(values: FloatArray, milestone: Milestone) -> FloatArray:
    """Return the margin of each value [unit], positive where the target holds."""
    if milestone.op == "within":
        return (milestone.tolerance or 0.0) - np.abs(values - milestone.target)
    sign = -1.0 if milestone.op in {"<", "<="} else 1.0
    return sign * (values - milestone.target)


def _holds(margin: FloatArray, milestone: Milestone) -> BoolArray:
    """Return where the margin is enough; never where it is missing."""
    if milestone.op in {"<", ">"}:
        return np.asarray(margin > 0.0)
    return np.asarray(margin >= -ROUNDING * max(1.0, abs(milestone.target)))


def first_lasting(holds: BoolArray, years: NDArray[np.int64]) -> FloatArray:
    """Return the first year from which something holds until the last year.

    Parameters
    ----------
    holds
        Whether it holds, (scenario, time).
    years
        Calendar years, (time,).

    Returns
    -------
    Years, (scenario,); not-a-number where it does not hold in the last year.
    """
    if not years.size:
        return np.full(holds.shape[0], np.nan)
    lasting = np.logical_and.accumulate(holds[:, ::-1], axis=1)[:, ::-1]
    first = years[lasting.argmax(axis=1)].astype(np.float64)
    return np.where(lasting[:, -1], first, np.nan)
