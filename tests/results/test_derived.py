"""What is derived of many runs at once is what each of them says by itself."""

import json
import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.reading.roadmap import list_roadmaps, load_roadmap
from simulator.results.derived import DERIVED, MEASURES, Measure, derive
from simulator.results.expression import ExpressionError, MissingDataError
from simulator.results.headline import headline
from simulator.results.milestones import MilestoneResult, milestones
from simulator.schema.roadmap import Roadmap
from tests import synthetic
from tests.conftest import Runner

STATUS = {"pass": 1, "fail": 0, "not applicable": -1}
STACKED = ("current_policies", "national_targets", "accelerated")


def side_by_side(runs: list[xr.Dataset]) -> xr.Dataset:
    """Put runs along a new first dimension."""
    shared = runs[0]
    variables = {
        name: (("scenario", *array.dims), np.stack([run[name].values for run in runs]))
        for name, array in shared.data_vars.items()
    }
    return xr.Dataset(variables, shared.coords)


def scenario_last_in_memory(dataset: xr.Dataset) -> xr.Dataset:
    """The same data set over arrays in which the runs lie next to each other."""
    moved = {
        name: (array.dims, np.moveaxis(np.moveaxis(array.values, 0, -1).copy(), -1, 0))
        for name, array in dataset.data_vars.items()
    }
    return xr.Dataset(moved, dataset.coords)


def assert_same(derived: xr.Dataset, place: int, results: list[MilestoneResult]) -> None:
    """Compare one run of a batch with its scoreboard, to the last bit."""
    mine = derived.isel(scenario=place)
    assert mine["milestone"].values.tolist() == [item.id for item in results]
    margins = [item.margin for item in results]
    relative = [item.margin_relative for item in results]
    met = [math.nan if item.year_met is None else item.year_met for item in results]
    np.testing.assert_array_equal(mine["milestone_margin"], margins)
    np.testing.assert_array_equal(mine["milestone_margin_relative"], relative)
    np.testing.assert_array_equal(mine["milestone_year_met"], met)
    assert mine["milestone_status"].values.tolist() == [STATUS[item.status] for item in results]
    passed = sum(item.status == "pass" for item in results)
    judged = any(item.status != "not applicable" for item in results)
    np.testing.assert_array_equal(mine["milestones_met"], passed if judged else math.nan)


def emissions(*gross: list[float], start: int = 2025, sink: float = 2.0) -> xr.Dataset:
    """Runs with the gross emissions that are given and a sink that never changes."""
    values = np.array(gross)
    years = np.arange(start, start + values.shape[1])
    both = {"emissions_gross": values, "emissions_net": values - sink}
    found = {name: (("scenario", "time"), array) for name, array in both.items()}
    return xr.Dataset(found, coords={"time": years})


@pytest.fixture(scope="module")
def shipped(run_of: Runner) -> list[xr.Dataset]:
    """Several of the scenarios that ship."""
    return [run_of(name) for name in STACKED]


# --- many runs and one run ------------------------------------------------------------------


@pytest.mark.parametrize("roadmap", list_roadmaps())
def test_shipped_runs_have_the_scoreboard_that_they_have_alone(
    shipped: list[xr.Dataset], roadmap: str
) -> None:
    stacked = side_by_side(shipped)
    for dataset in (stacked, scenario_last_in_memory(stacked)):
        derived = derive(dataset, ["milestones"], roadmap)
        for place, run in enumerate(shipped):
            assert_same(derived, place, milestones(run, load_roadmap(roadmap)))


def test_shipped_runs_have_the_peak_of_their_headline(shipped: list[xr.Dataset]) -> None:
    derived = derive(side_by_side(shipped), DERIVED, "four_stage")
    for place, run in enumerate(shipped):
        mine, table = derived.isel(scenario=place), headline(run)
        assert float(mine["peak_year"]) == table.peak_year
        assert float(mine["peak_emissions"]) == table.peak
        net = run["emissions_net"].sel(time=slice(2025, None))
        assert float(mine["cumulative_emissions"]) == pytest.approx(float(net.sum()) / 1000.0)
        neutral = mine.sel(milestone="neutrality_2060")
        np.testing.assert_array_equal(mine["net_zero_year"], neutral["milestone_year_met"])


@st.composite
def batches(draw: st.DrawFn) -> list[xr.Dataset]:
    """Runs that never happened: noise on every number, holes, variables and years that lack."""
    first, last = draw(st.integers(2015, 2026)), draw(st.integers(2030, 2060))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    noise, holes = draw(st.sampled_from([0.0, 0.1, 1.0])), draw(st.sampled_from([0.0, 0.02]))
    runs = []
    for _ in range(draw(st.integers(1, 4))):
        run = synthetic.dataset(depth=random.uniform(0.0, 1.2)).sel(time=slice(first, last))
        noisy = {}
        for name, array in run.data_vars.items():
            factor = np.exp(noise * random.normal(size=array.shape))
            lost = random.random(array.shape) < holes
            noisy[name] = (array.dims, np.where(lost, np.nan, array.values * factor))
        runs.append(run.assign(noisy))
    if draw(st.booleans()):
        runs[-1] = runs[-1] * np.nan
    lacking = draw(st.sets(st.sampled_from(sorted(map(str, runs[0].data_vars))), max_size=8))
    return [run.drop_vars(lacking - {"emissions_gross", "emissions_net"}) for run in runs]


@settings(max_examples=20)
@given(batches(), st.sampled_from(list_roadmaps()))
def test_any_runs_have_the_scoreboard_that_they_have_alone(
    runs: list[xr.Dataset], roadmap: str
) -> None:
    derived = derive(side_by_side(runs), DERIVED, roadmap)
    reasons = json.loads(derived["milestone_status"].attrs.get("not_applicable", "{}"))
    boards = [milestones(run, load_roadmap(roadmap)) for run in runs]
    for place, board in enumerate(boards):
        assert_same(derived, place, board)
    for items in zip(*boards, strict=True):
        said = {item.reason for item in items}
        assert reasons.get(items[0].id, "") == (said.pop() if len(said) == 1 else "")


@settings(max_examples=20)
@given(batches())
def test_no_run_depends_on_those_beside_it(runs: list[xr.Dataset]) -> None:
    stacked = side_by_side(runs)
    together = derive(stacked, DERIVED, "four_stage")
    xr.testing.assert_identical(
        derive(scenario_last_in_memory(stacked), DERIVED, "four_stage"), together
    )
    for place in range(len(runs)):
        alone = derive(stacked.isel(scenario=[place]), DERIVED, "four_stage")
        xr.testing.assert_equal(alone, together.isel(scenario=[place]))


@settings(max_examples=50)
@given(
    st.lists(
        st.lists(st.sampled_from([math.nan, -3.0, 0.0, 1.0, 2.0, 5.0]), min_size=6, max_size=6),
        min_size=1,
        max_size=5,
    ),
    st.integers(2020, 2026),
)
def test_the_numbers_of_a_run_are_those_that_a_reader_would_count(
    gross: list[list[float]], start: int
) -> None:
    derived = derive(emissions(*gross, start=start), DERIVED[:4], "four_stage")
    for place, series in enumerate(gross):
        mine = {str(name): float(array[place]) for name, array in derived.data_vars.items()}
        by_year = dict(enumerate(series, start))
        known = {year: value for year, value in by_year.items() if not math.isnan(value)}
        peak = max(known.values(), default=math.nan)
        first = next((year for year, value in known.items() if value == peak), math.nan)
        late = [year for year in by_year if all(
            by_year[later] <= 2.0 for later in by_year if later >= year
        )]  # fmt: skip
        net = [value - 2.0 for year, value in by_year.items() if year >= 2025]
        whole = 2025 in by_year and not any(map(math.isnan, net))
        expected = {
            "peak_year": first,
            "peak_emissions": peak,
            "cumulative_emissions": sum(net) / 1000.0 if whole else math.nan,
            "net_zero_year": min(late, default=math.nan),
        }
        for name, value in expected.items():
            assert mine[name] == pytest.approx(value, nan_ok=True), name


# --- answers that are known -----------------------------------------------------------------


def test_peak_and_neutrality_of_runs_that_are_known() -> None:
    dataset = emissions(
        [5.0, 9.0, 9.0, 4.0, 1.0],  # two equal peaks: the first
        [1.0, 2.0, 3.0, 4.0, 5.0],  # still growing at the end
        [9.0, 1.0, 3.0, 2.0, 2.0],  # neutral, not neutral, neutral again
        [math.nan] * 5,  # a run that failed
    )
    derived = derive(dataset, DERIVED[:4], "four_stage")
    none = math.nan
    np.testing.assert_array_equal(derived["peak_year"], [2026, 2029, 2025, none])
    np.testing.assert_array_equal(derived["peak_emissions"], [9.0, 5.0, 9.0, none])
    np.testing.assert_array_equal(derived["net_zero_year"], [2029, none, 2028, none])
    expected = [0.018, 0.005, 0.007, none]
    np.testing.assert_allclose(derived["cumulative_emissions"], expected, rtol=1e-12)


def test_a_peak_in_the_last_year_is_no_milestone_but_one_before_is() -> None:
    roadmap = load_roadmap("four_stage")
    goal = next(item for item in roadmap.milestones if item.id == "peak_before_2030")
    only = roadmap.model_copy(update={"milestones": (goal,)})
    derived = derive(
        emissions([1.0, 3.0, 2.0], [1.0, 2.0, 3.0], [1.0, math.nan, math.nan]),
        ["milestones"],
        only,
    )
    assert derived["milestone_status"].values.tolist() == [[1], [-1], [1]]
    met = derived["milestone_year_met"].values[:, 0]
    np.testing.assert_array_equal(met, [2026, math.nan, 2025])
    np.testing.assert_array_equal(derived["milestone_margin"][:, 0], [4.0, math.nan, 5.0])
    np.testing.assert_array_equal(derived["milestones_met"], [1.0, math.nan, 1.0])
    assert "not_applicable" not in derived["milestone_status"].attrs


def test_a_run_that_failed_meets_nothing_and_misses_nothing() -> None:
    run = synthetic.dataset()
    derived = derive(side_by_side([run, run * np.nan]), ["milestones"], "four_stage")
    assert set(derived["milestone_status"].values[1].tolist()) == {-1}
    assert derived["milestones_met"].values[0] > 0
    assert math.isnan(derived["milestones_met"].values[1])


def test_a_milestone_without_its_variable_says_why_once_for_all() -> None:
    run = synthetic.dataset().drop_vars("grid_carbon_intensity")
    derived = derive(side_by_side([run, run]), ["milestones"], "four_stage")
    (goal,) = [
        item.id
        for item in load_roadmap("four_stage").milestones
        if item.metric == "grid_carbon_intensity"
    ]
    reasons = json.loads(derived["milestone_status"].attrs["not_applicable"])
    assert 'no variable "grid_carbon_intensity"' in reasons[goal]
    assert derived["milestone_status"].sel(milestone=goal).values.tolist() == [-1, -1]


# --- the data set ---------------------------------------------------------------------------


def test_every_variable_says_what_it_is() -> None:
    run = synthetic.dataset()
    dataset = side_by_side([run, run]).assign_coords(scenario=["a", "b"])
    derived = derive(dataset, DERIVED, "four_stage")
    assert set(derived.data_vars) == set(MEASURES)
    assert derived["scenario"].values.tolist() == ["a", "b"]
    goals = load_roadmap("four_stage").milestones
    columns = {
        "milestone": [goal.id for goal in goals],
        "milestone_label_en": [goal.label.en for goal in goals],
        "milestone_label_zh": [goal.label.zh for goal in goals],
        "milestone_unit": [goal.unit for goal in goals],
    }
    for name, texts in columns.items():
        assert derived[name].values.tolist() == texts
    for name, array in derived.data_vars.items():
        assert all(array.attrs[key] for key in Measure._fields), name
        assert array.dims[0] == "scenario"
    assert derived["milestone_status"].dtype == np.int8


def test_only_what_is_asked_for_is_derived() -> None:
    dataset = emissions([1.0, 2.0])
    for name in DERIVED[:4]:
        assert set(derive(dataset, [name], "a roadmap that nobody reads").data_vars) == {name}
    board = derive(dataset, ["milestones"], "four_stage")
    assert {str(name).split("_")[0] for name in board.data_vars} == {"milestone", "milestones"}
    assert not derive(dataset, [], "four_stage").data_vars


def test_no_runs_and_no_milestones_are_no_mistake() -> None:
    dataset = emissions([1.0, 2.0], [3.0, 4.0])
    none = derive(dataset.isel(scenario=[]), DERIVED, "four_stage")
    known = len(load_roadmap("four_stage").milestones)
    assert dict(none.sizes) == {"scenario": 0, "milestone": known}
    bare = load_roadmap("four_stage").model_copy(update={"milestones": ()})
    empty = derive(dataset, DERIVED, bare)
    assert dict(empty.sizes) == {"scenario": 2, "milestone": 0}
    assert np.isnan(empty["milestones_met"]).all()


def test_mistakes_are_explained() -> None:
    dataset = emissions([1.0, 2.0])
    with pytest.raises(ScenarioError, match='"peak_yaer", did you mean "peak_year"'):
        derive(dataset, ["peak_yaer"], "four_stage")
    with pytest.raises(ScenarioError, match='no "scenario"'):
        derive(dataset.isel(scenario=0), ["peak_year"], "four_stage")
    with pytest.raises(ScenarioError, match='unknown roadmap "for_stage"'):
        derive(dataset, ["milestones"], "for_stage")
    without = dataset.rename(emissions_gross="other", emissions_net="another")
    for name in DERIVED[:4]:
        with pytest.raises(MissingDataError, match='no variable "emissions_'):
            derive(without, [name], "four_stage")


def test_a_wrong_metric_names_its_milestone() -> None:
    shipped_one = load_roadmap("four_stage")
    goal = shipped_one.milestones[0].model_copy(update={"metric": "emissions_gross +"})
    wrong: Roadmap = shipped_one.model_copy(update={"milestones": (goal,)})
    with pytest.raises(ExpressionError, match=f"milestone {goal.id}: "):
        derive(emissions([1.0, 2.0]), ["milestones"], wrong)
