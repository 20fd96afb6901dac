"""Side by side: what is joined comes apart again, differences are differences."""

import pytest

from simulator.analysis.compare import compare_runs
from simulator.errors import ScenarioError
from simulator.reading.roadmap import load_roadmap
from simulator.results.joined import join, split
from simulator.results.milestones import milestones
from tests.synthetic import dataset

RUNS = {"shallow": dataset("shallow", 0.6), "deep": dataset("deep")}
BOARDS = {name: milestones(run, load_roadmap("four_stage")) for name, run in RUNS.items()}


def test_join_and_split_are_inverse():
    joined = join(RUNS)
    assert list(joined["scenario"].values) == ["shallow", "deep"]
    for name, run in split(joined).items():
        assert run.attrs == RUNS[name].attrs
        for variable in RUNS[name].data_vars:
            assert run[variable].equals(RUNS[name][variable]), variable
            assert run[variable].attrs == RUNS[name][variable].attrs


def test_one_run_is_split_to_itself():
    assert list(split(RUNS["deep"])) == ["deep"]


def test_nothing_cannot_be_joined():
    with pytest.raises(ScenarioError):
        join({})


def test_differences_are_to_the_baseline():
    found = compare_runs(RUNS, BOARDS, "deep")
    assert found.names == ("deep", "shallow")
    line = next(
        item for item in found.outcomes if (item.key, item.year) == ("emissions_gross", 2060)
    )
    gap = float((RUNS["shallow"] - RUNS["deep"])["emissions_gross"].sel(time=2060))
    assert line.differences == (0.0, pytest.approx(gap))
    assert gap > 1000


def test_only_milestones_that_differ_are_named():
    found = compare_runs(RUNS, BOARDS)
    names = {item.id for item in found.milestones}
    status = {name: {item.id: item.status for item in board} for name, board in BOARDS.items()}
    assert names == {
        name for name in status["deep"] if status["deep"][name] != status["shallow"][name]
    }
    assert names


def test_an_unknown_baseline_is_refused():
    with pytest.raises(ScenarioError, match="middle"):
        compare_runs(RUNS, BOARDS, "middle")
