"""What is derived of every run of many: its peak, its sum, its neutrality and its milestones.

Each is one number a run, or one a run and milestone, so it can be kept where the years cannot.
Every formula is the one that judges a single run.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.dimensions import HISTORY_END
from simulator.errors import ScenarioError
from simulator.reading.roadmap import load_roadmap
from simulator.reading.suggest import did_you_mean
from simulator.results.expression import Evaluation, parse
from simulator.results.milestones import ROUNDING, Verdict, first_lasting, judge_all
from simulator.schema.roadmap import Roadmap
from simulator.schema.sweep import DERIVED

FIRST_YEAR: Final = int(HISTORY_END)
"""First year of `cumulative_emissions`: the first that the model decides itself."""

MT_PER_GT: Final = 1000.0

MET: Final = 1
MISSED: Final = 0
NOT_APPLICABLE: Final = -1


class Measure(NamedTuple):
    """What a reader should know of a derived variable."""

    units: str
    long_name: str
    long_name_zh: str
    description: str


MEASURES: Final = {
    "peak_year": Measure(
        "year",
        "Peak year of CO2 emissions",
        "二氧化碳达峰年份",
        "First year of the largest gross emissions; the last year of the run where emissions "
        "grow to its end.",
    ),
    "peak_emissions": Measure(
        "Mt CO2/yr",
        "Peak of CO2 emissions",
        "二氧化碳排放峰值",
        "Largest gross emissions of a year.",
    ),
    "cumulative_emissions": Measure(
        "Gt CO2",
        "Cumulative net CO2 emissions",
        "累计二氧化碳净排放",
        f"Net emissions added up from {FIRST_YEAR} to the end of the run; missing where the "
        f"run does not have {FIRST_YEAR}.",
    ),
    "net_zero_year": Measure(
        "year",
        "Year of carbon neutrality",
        "碳中和年份",
        "First year from which net emissions are zero or less until the end of the run; "
        "missing where they never are.",
    ),
    "milestone_margin": Measure(
        "1",
        "Margin of the milestone",
        "里程碑裕度",
        "Room to spare, negative by what is missing, in the unit of the milestone; missing "
        "where it is not applicable.",
    ),
    "milestone_margin_relative": Measure(
        "1",
        "Relative margin of the milestone",
        "里程碑相对裕度",
        "Margin over the size of the target; missing for a target of zero.",
    ),
    "milestone_year_met": Measure(
        "year",
        "Year in which the milestone is met",
        "里程碑达成年份",
        "First year from which the target holds until the end of the run, or the peak year "
        "that passes; missing if it never does.",
    ),
    "milestone_status": Measure(
        "1",
        "Status of the milestone",
        "里程碑状态",
        f"{MET} met, {MISSED} missed, {NOT_APPLICABLE} not applicable.",
    ),
    "milestones_met": Measure(
        "1",
        "Milestones met",
        "达成的里程碑数",
        "Number of milestones that are met; missing where none is applicable.",
    ),
}
"""Every derived variable by name."""

_READS: Final = {
    "peak_year": ("emissions_gross",),
    "peak_emissions": ("emissions_gross",),
    "net_zero_year": ("emissions_net",),
    "cumulative_emissions": ("emissions_net",),
}
"""Variables that a derived one is made of."""


def derive(dataset: xr.Dataset, names: Sequence[str], roadmap: str | Roadmap) -> xr.Dataset:
    """Derive one number a run of everything that is asked.

    Parameters
    ----------
    dataset
        Results of scenarios along the dimension ``scenario``, with all their variables. A run
        that failed is not-a-number throughout.
    names
        What to derive, of `DERIVED`.
    roadmap
        A roadmap or its name, for ``milestones``; not read otherwise.

    Returns
    -------
    xarray.Dataset
        The variables of `MEASURES` that the names stand for, along ``scenario`` and, for those
        of a milestone, ``milestone``; not-a-number where a run has none.

    Raises
    ------
    ScenarioError
        A name or the roadmap is not known, or the data set has no ``scenario``.
    ExpressionError
        The data set lacks a variable that a name needs (a milestone does not need any: it is
        then not applicable), or a metric is wrong.
    """
    if unknown := [name for name in names if name not in DERIVED]:
        hint = did_you_mean(unknown[0], DERIVED) or f"; there are {', '.join(DERIVED)}"
        message = f'nothing is derived by the name "{unknown[0]}"{hint}'
        raise ScenarioError(message)
    if "scenario" not in dataset.dims:
        message = (
            'derived values are of runs side by side, but the data set has no "scenario": '
            'use dataset.expand_dims("scenario")'
        )
        raise ScenarioError(message)
    evaluation = Evaluation(dataset)
    found: dict[str, NDArray[Any]] = {
        name: _national(name, evaluation) for name in names if name != "milestones"
    }
    coordinates: dict[str, Any] = {}
    if "scenario" in dataset.coords:
        coordinates["scenario"] = dataset.coords["scenario"].variable
    extra: dict[str, dict[str, Any]] = {}
    if "milestones" in names:
        chosen = load_roadmap(roadmap) if isinstance(roadmap, str) else roadmap
        verdicts = judge_all(dataset, chosen.milestones)
        found |= _scoreboard(verdicts, dataset.sizes["scenario"])
        coordinates |= _milestone_axis(chosen)
        extra = {
            "milestone_margin": {"units_coordinate": "milestone_unit"},
            "milestone_status": _status_attributes(chosen, verdicts),
        }
    variables = {
        name: (
            ("scenario", "milestone")[: values.ndim],
            values,
            MEASURES[name]._asdict() | extra.get(name, {}),
        )
        for name, values in found.items()
    }
    return xr.Dataset(variables, coordinates)


def needed(names: Sequence[str], roadmap: str | Roadmap) -> frozenset[str]:
    """Name the variables that `derive` reads; those of milestones may not all exist."""
    found = {of for name in names for of in _READS.get(name, ())}
    if "milestones" in names:
        chosen = load_roadmap(roadmap) if isinstance(roadmap, str) else roadmap
        for goal in chosen.milestones:
            found |= set(parse(goal.metric).variables)
    return frozenset(found)


def _national(name: str, evaluation: Evaluation) -> NDArray[np.float64]:
    """Work out one number a run for the nation, (scenario,)."""
    match name:
        case "peak_year":
            return evaluation.table("peak_year(emissions_gross)")
        case "peak_emissions":
            return evaluation.table("maximum(emissions_gross)")
        case "net_zero_year":
            net = evaluation.table("emissions_net")
            return first_lasting(net <= ROUNDING, evaluation.years)
    net = evaluation.table("emissions_net")
    if FIRST_YEAR not in evaluation.years:
        return np.full(net.shape[0], np.nan)
    last = int(evaluation.years[-1])
    return evaluation.table(f"cumulative(emissions_net, {FIRST_YEAR}, {last})") / MT_PER_GT


def _scoreboard(verdicts: Sequence[Verdict], runs: int) -> dict[str, NDArray[Any]]:
    """Put the verdicts side by side, (scenario, milestone)."""

    def table(name: str, kind: type = float) -> NDArray[Any]:
        columns = [getattr(verdict, name) for verdict in verdicts]
        return np.array(columns, dtype=kind).reshape(len(verdicts), runs).T.copy()

    met, applicable = table("met", bool), table("applicable", bool)
    judged = np.where(met, MET, MISSED)
    return {
        "milestone_margin": table("margin"),
        "milestone_margin_relative": table("margin_relative"),
        "milestone_year_met": table("year_met"),
        "milestone_status": np.where(applicable, judged, NOT_APPLICABLE).astype(np.int8),
        "milestones_met": np.where(applicable.any(axis=1), met.sum(axis=1), np.nan),
    }


def _milestone_axis(roadmap: Roadmap) -> dict[str, Any]:
    """Names, labels in both languages and units of the milestones."""
    goals = roadmap.milestones
    texts = {
        "milestone": [goal.id for goal in goals],
        "milestone_label_en": [goal.label.en for goal in goals],
        "milestone_label_zh": [goal.label.zh for goal in goals],
        "milestone_unit": [goal.unit for goal in goals],
    }
    return {name: ("milestone", np.array(column, dtype=str)) for name, column in texts.items()}


def _status_attributes(roadmap: Roadmap, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Say what the numbers mean, and why no run at all can be judged by some milestones."""
    reasons = {}
    for goal, verdict in zip(roadmap.milestones, verdicts, strict=True):
        found = set(verdict.reason)
        if len(found) == 1 and "" not in found:
            (reasons[goal.id],) = found
    attributes: dict[str, Any] = {
        "flag_values": [MET, MISSED, NOT_APPLICABLE],
        "flag_meanings": "met missed not_applicable",
    }
    if reasons:
        attributes["not_applicable"] = json.dumps(reasons, ensure_ascii=False)
    return attributes
