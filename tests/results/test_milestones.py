"""The scoreboard: status, margin and year met on runs whose answers are known."""

import csv
import io
import math
import operator

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.reading.roadmap import list_roadmaps, load_roadmap
from simulator.results.expression import ExpressionError, parse
from simulator.results.milestones import COLUMNS, MilestoneResult, judge, milestones, rows
from simulator.results.quantities import load_quantities
from simulator.schema.numbers import Label, Source
from simulator.schema.roadmap import Milestone, Operator, Roadmap
from tests import synthetic

YEARS = np.arange(2015, 2061)


def milestone(metric: str = "net", **changes: object) -> Milestone:
    """Return net emissions <= 0 by 2060, or what the test needs."""
    given_here: dict[str, object] = {
        "id": "goal",
        "label": Label(en="Goal", zh="目标"),
        "metric": metric,
        "by": 2060,
        "op": "<=",
        "target": 0.0,
        "unit": "Mt CO2/yr",
        "source": Source(title="A plan", clause="2"),
    }
    return Milestone.model_validate({**given_here, **changes})


@pytest.fixture
def run() -> xr.Dataset:
    """Net emissions fall by 100 a year from 4000 in 2015: zero in 2055, -500 in 2060."""
    return xr.Dataset(
        {
            "net": ("time", 4000.0 - 100.0 * (YEARS - 2015)),
            "bump": ("time", np.where((YEARS == 2030) | (YEARS >= 2040), 1.0, 0.0)),
            "hill": ("time", -((YEARS - 2028.0) ** 2)),
            "growing": ("time", YEARS * 1.0),
            "empty": ("time", np.full(YEARS.size, np.nan)),
            "by_sector": (("time", "sector"), np.ones((YEARS.size, 2))),
        },
        coords={"time": YEARS, "sector": ["steel", "cement"]},
    )


def test_a_goal_that_is_met(run: xr.Dataset) -> None:
    result = judge(run, milestone())
    assert (result.status, result.value, result.margin) == ("pass", -500.0, 500.0)
    assert result.year_met == 2055
    assert (result.label_en, result.label_zh, result.source_clause) == ("Goal", "目标", "2")


def test_a_goal_that_comes_too_late(run: xr.Dataset) -> None:
    result = judge(run, milestone(by=2050, target=400.0))
    assert (result.status, result.value, result.margin) == ("fail", 500.0, -100.0)
    assert result.margin_relative == pytest.approx(-0.25)
    assert result.year_met == 2051


@pytest.mark.parametrize(
    ("op", "target", "tolerance", "status", "margin"),
    [
        ("<", 500.0, None, "fail", 0.0),
        ("<=", 500.0, None, "pass", 0.0),
        (">", 500.0, None, "fail", 0.0),
        (">=", 500.0, None, "pass", 0.0),
        ("<=", 500.0 - 1e-8, None, "pass", -1e-8),
        ("<=", 499.0, None, "fail", -1.0),
        (">=", 499.0, None, "pass", 1.0),
        ("within", 490.0, 12.0, "pass", 2.0),
        ("within", 510.0, 12.0, "pass", 2.0),
        ("within", 510.0, 8.0, "fail", -2.0),
    ],
)
def test_margins_are_positive_where_the_target_holds(  # noqa: PLR0917 - a table of cases
    run: xr.Dataset, op: str, target: float, tolerance: float | None, status: str, margin: float
) -> None:
    goal = milestone(by=2050, op=op, target=target, tolerance=tolerance)
    result = judge(run, goal)
    assert result.status == status
    assert result.margin == pytest.approx(margin, abs=1e-10)


@settings(max_examples=50)
@given(st.sampled_from(["<", "<=", ">", ">="]), st.floats(-1e4, 1e4))
def test_the_sign_of_the_margin_is_the_verdict(op: Operator, target: float) -> None:
    series = xr.Dataset({"net": ("time", [5.0, 3.0])}, coords={"time": [2059, 2060]})
    result = judge(series, milestone(op=op, target=target))
    verdict = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
    holds = verdict[op](3.0, target)
    if abs(target - 3.0) > 1e-6:
        assert (result.status == "pass") == holds == (result.margin > 0)


def test_met_means_until_the_end(run: xr.Dataset) -> None:
    assert judge(run, milestone("bump", op=">=", target=1.0)).year_met == 2040
    assert judge(run, milestone("bump", by=2030, op=">=", target=1.0)).status == "pass"
    assert judge(run, milestone("bump", op="<=", target=0.5)).year_met is None
    assert judge(run, milestone("net", op="<=", target=9999.0)).year_met == 2015


def test_a_peak_is_met_in_its_own_year(run: xr.Dataset) -> None:
    passing = judge(
        run, milestone("peak_year(hill)", by=None, op="<", target=2030.0, unit="year")
    )
    assert (passing.status, passing.value, passing.year_met, passing.margin) == (
        "pass", 2028.0, 2028, 2.0,
    )  # fmt: skip
    failing = judge(run, milestone("peak_year(growing)", by=None, op="<", target=2030.0))
    assert (failing.status, failing.value, failing.year_met) == ("fail", 2060.0, None)


def test_growth_up_to_the_end_of_a_short_run_is_no_peak(run: xr.Dataset) -> None:
    short = run.sel(time=slice(2015, 2026))
    result = judge(short, milestone("peak_year(hill)", by=None, op="<", target=2030.0))
    assert result.status == "not applicable"
    assert "2026" in result.reason


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("nett", 'no variable "nett", did you mean "net"'),
        ("by_sector[sector=paper]", 'no label "paper"'),
        ("empty", "no value"),
        ("at(net, 2010)", "year 2010 is outside"),
        ("net / (net - net)", "no value"),
    ],
)
def test_what_the_run_does_not_have_is_not_applicable(
    run: xr.Dataset, metric: str, reason: str
) -> None:
    result = judge(run, milestone(metric))
    assert result.status == "not applicable"
    assert reason in result.reason
    assert math.isnan(result.value)
    assert math.isnan(result.margin)
    assert result.year_met is None


def test_a_year_after_a_short_run_is_not_applicable(run: xr.Dataset) -> None:
    result = judge(run.sel(time=slice(2015, 2040)), milestone(by=2050))
    assert result.status == "not applicable"
    assert "year 2050 is outside the results (2015 to 2040)" in result.reason


@pytest.mark.parametrize("metric", ["by_sector", "net +", "peek_year(net)"])
def test_a_wrong_metric_names_its_milestone(run: xr.Dataset, metric: str) -> None:
    with pytest.raises(ExpressionError, match="milestone goal: "):
        judge(run, milestone(metric))


def test_a_yearly_metric_needs_a_year(run: xr.Dataset) -> None:
    with pytest.raises(ExpressionError, match='say in which year with "by"'):
        judge(run, milestone(by=None))


def test_several_scenarios_are_refused_and_one_is_taken(run: xr.Dataset) -> None:
    roadmap = Roadmap.model_validate(
        {"schema": 1, "name": "x", "label": Label(en="x", zh="x"), "milestones": [milestone()]}
    )
    assert milestones(run.expand_dims(scenario=["a"]), roadmap)[0].status == "pass"
    with pytest.raises(ScenarioError, match="choose one"):
        milestones(run.expand_dims(scenario=["a", "b"]), roadmap)


def test_rows_survive_a_csv_file(run: xr.Dataset) -> None:
    results = [judge(run, milestone(note="Mind, the comma")), judge(run, milestone("empty"))]
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(rows(results))
    first, second = csv.DictReader(io.StringIO(file.getvalue()))
    assert (first["status"], first["value"], first["year_met"]) == ("pass", "-500", "2055")
    assert first["note_en"] == first["note_zh"] == "Mind, the comma"
    assert (second["status"], second["value"], second["margin"]) == ("not applicable", "", "")


# --- the roadmaps that ship -------------------------------------------------------------------


def full_dataset() -> xr.Dataset:
    """Return every variable of the registry, growing by a hundredth of 2015 a year."""
    run = synthetic.dataset()
    growth = xr.DataArray(1.0 + 0.01 * (YEARS - 2015), {"time": YEARS}, ("time",))
    return run.assign({name: xr.ones_like(run[name]) * growth for name in run.data_vars})


@pytest.fixture(scope="module")
def complete() -> xr.Dataset:
    return full_dataset()


@pytest.mark.parametrize("name", list_roadmaps())
def test_every_shipped_milestone_can_be_judged(complete: xr.Dataset, name: str) -> None:
    results = milestones(complete, load_roadmap(name))
    assert results
    assert {item.id: item.reason for item in results if item.reason} == {}
    assert all(item.status in {"pass", "fail"} for item in results)


@pytest.mark.parametrize("name", list_roadmaps())
def test_shipped_metrics_read_only_variables_that_are_described(name: str) -> None:
    for goal in load_roadmap(name).milestones:
        assert set(parse(goal.metric).variables) <= set(load_quantities()), goal.id
        assert goal.source.title, goal.id
        assert goal.source.clause, goal.id


def only(results: list[MilestoneResult], name: str) -> MilestoneResult:
    return next(item for item in results if item.id == name)


def test_shipped_metrics_compute_what_they_say(complete: xr.Dataset) -> None:
    """A few whose answer follows by hand from the growing data set."""
    results = milestones(complete, load_roadmap("four_stage"))
    steel = only(results, "electric_steel_2030")
    assert steel.value == pytest.approx(3 / 5)
    assert only(results, "wind_solar_2035").value == pytest.approx(5 * 1.20)
    assert only(results, "renewables_tripled_2030").value == pytest.approx(1.15 / 1.07)
    assert only(results, "efficient_equipment_2025").value == pytest.approx(
        (0.4 + 0.4 + 2 / 3) / 3
    )
    assert only(results, "new_energy_sales_2025").value == pytest.approx(4 * 3 * 1.10)
    assert only(results, "electricity_2025").value == pytest.approx(14 * 1.10)
    assert only(results, "gas_level").value == pytest.approx(1.45 / 2.184)
    assert only(results, "carbon_intensity_2030").value == pytest.approx(0.481)
    assert only(results, "neutrality_2060").status == "fail"
    ratio = only(results, "greenhouse_gas_2035")
    assert ratio.value == pytest.approx(1.2 / 1.45)


def test_the_four_stages_follow_each_other() -> None:
    stages = load_roadmap("four_stage").stages
    assert [stage.id for stage in stages] == [
        "peaking",
        "transition",
        "reduction",
        "neutrality",
    ]
    edges = [(stage.window.start, stage.window.end) for stage in stages]
    assert edges == [(2020, 2030), (2030, 2035), (2035, 2050), (2050, 2060)]
    assert all(stage.emphasis for stage in stages)


def test_every_stage_has_milestones_in_its_time() -> None:
    roadmap = load_roadmap("four_stage")
    windows = {stage.id: stage.window for stage in roadmap.stages}
    for goal in roadmap.milestones:
        assert goal.stage is not None, goal.id
        if goal.by is not None:
            assert windows[goal.stage].start <= goal.by <= windows[goal.stage].end, goal.id
    assert {goal.stage for goal in roadmap.milestones} == set(windows)


@pytest.mark.parametrize("name", [item for item in list_roadmaps() if item != "four_stage"])
def test_company_milestones_say_that_they_are_proxies(name: str) -> None:
    for goal in load_roadmap(name).milestones:
        assert isinstance(goal.note, Label), goal.id
        assert "proxy" in goal.note.en, goal.id
        assert "代理" in goal.note.zh, goal.id
