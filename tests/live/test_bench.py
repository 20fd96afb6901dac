"""Policies on their way from one scenario to another: what can be moved, and what it says."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.analysis.attribute import groups_of
from simulator.errors import ScenarioError, SolverError
from simulator.live.bench import NAME, PERCENT, Bench
from simulator.live.view import setting_of
from simulator.reading.changes import changes
from simulator.reading.scenario import load
from tests.synthetic import dataset

BASE, GOAL = load("current_policies"), load("accelerated")
BENCH = Bench(BASE, GOAL)
FAILURE = SolverError("a state is not finite")
PAIRS = [
    ("current_policies", "national_targets"),
    ("frozen", "accelerated"),
    ("delayed", "accelerated"),
]


def place(**shares: int) -> tuple[int, ...]:
    return BENCH.place({name: str(share) for name, share in shares.items()})


def test_every_policy_that_differs_can_be_moved() -> None:
    assert [knob.key for knob in BENCH.knobs] == [group.key for group in groups_of(BASE, GOAL)]
    assert len(BENCH.names) > 30


@pytest.mark.parametrize("pair", PAIRS)
def test_all_the_way_is_the_goal(pair) -> None:
    bench = Bench(*map(load, pair))
    assert bench.beyond() == ()


def test_what_no_policy_moves_is_told() -> None:
    other = GOAL.replace({"cement.in_use.saturation": 47})
    assert Bench(BASE, other).beyond() == ("cement.in_use.saturation",)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, PERCENT), min_size=len(BENCH.names), max_size=len(BENCH.names)))
def test_the_file_of_a_place_is_the_scenario_that_is_run(shares) -> None:
    """Written, read again and compared parameter by parameter with what the engine is given."""
    here = tuple(shares)
    asked = {name: str(share) for name, share in zip(BENCH.names, shares, strict=True)}
    assert BENCH.place(asked) == here
    run = BASE.replace(BENCH.changes(here)).resolved
    path = Path.cwd() / f"{NAME}.yaml"
    try:
        path.write_text(BENCH.file(here), encoding="utf-8")
        assert changes(load(path).resolved, run) == []
    finally:
        path.unlink(missing_ok=True)


def test_one_may_go_on_from_a_pathway_of_before(tmp_path) -> None:
    """It does not take the name of the one it extends, nor its place on the page."""
    first = tmp_path / f"{NAME}.yaml"
    first.write_text(BENCH.file(place(carbon_price_floor=50)), encoding="utf-8")
    bench = Bench(load(first), GOAL)
    later = tmp_path / f"{bench.name}.yaml"
    later.write_text(bench.file(bench.place({"coal_power_ban": "50"})), encoding="utf-8")
    assert load(later).resolved.name == bench.name != NAME
    asked = place(carbon_price_floor=50, coal_power_ban=50)
    assert changes(load(later).resolved, BASE.replace(BENCH.changes(asked)).resolved) == []


def test_half_way_lies_between() -> None:
    half = BASE.replace(BENCH.changes(place(carbon_price_floor=50, coal_power_ban=50))).resolved
    price = half.parameters.series("carbon_market.price_floor")
    assert dict(zip(price.times, price.values, strict=True))[2060] == 0.5 * (250 + 1800)
    moved = {change.path: change for change in changes(BASE.resolved, half)}
    assert set(moved) == {
        "carbon_market.price_floor",
        "power.technologies.coal_subcritical.ban",
        "power.technologies.coal_supercritical.ban",
    }
    assert moved["power.technologies.coal_supercritical.ban"].after.values == (2031.0,)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            {"carbon_price_flor": "5"},
            'no policy "carbon_price_flor" .* mean "carbon_price_floor',
        ),
        ({"carbon_price_floor": "101"}, 'from 0 to 100, found "101"'),
        ({"carbon_price_floor": "-1"}, 'found "-1"'),
        ({"carbon_price_floor": "1e2"}, 'found "1e2"'),
        ({"carbon_price_floor": "٣"}, "whole number"),
        ({"carbon_price_floor": ""}, 'found ""'),
        ({"carbon_price_floor": "9" * 999}, "whole number"),
    ],
)
def test_what_is_asked_wrongly_is_told(asked, words) -> None:
    with pytest.raises(ScenarioError, match=words):
        BENCH.place(asked)


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (BASE, "no policy that differs"),
        (GOAL.replace({"name": BASE.name}), "both scenarios are called current_policies"),
        (GOAL.replace({"horizon.end": 2050}), "another horizon.end"),
    ],
)
def test_scenarios_between_which_nothing_moves_are_refused(goal, words) -> None:
    with pytest.raises(ScenarioError, match=words):
        Bench(BASE, goal)


def test_what_a_policy_says_is_told_in_a_few_years() -> None:
    told = BENCH.told(place(carbon_price_floor=100, coal_power_ban=100))
    (price,), (ban,) = told["carbon_price_floor"], told["coal_power_ban"]
    assert (price.unit, price.values) == (
        "CNY/t CO2", ((2026, 142.0), (2030, 330.0), (2040, 850.0), (2060, 1800.0)),
    )  # fmt: skip
    assert (
        setting_of(price)
        == "<span>2026: 142, 2030: 330, 2040: 850, 2060: 1800 CNY/t CO2</span>"
    )
    assert (ban.date, ban.values) == (True, ((0, 2027.0),))
    assert setting_of(ban) == "<span>2027</span>"
    start, end, strength = BENCH.told(BENCH.start)["coal_power_phase_out"]
    assert 'lang="en">never<' in setting_of(start)
    assert 'lang="zh-CN">无<' in setting_of(end)
    assert setting_of(strength).endswith("0 %</span>")


def test_a_place_is_run_once_and_a_failure_is_not_remembered(monkeypatch) -> None:
    bench, asked = Bench(BASE, GOAL), []

    class Engine:
        def run(self, given):
            asked.append(given)
            if len(asked) == 1:
                raise FAILURE
            return dataset("x", 0.5)

    monkeypatch.setitem(bench.__dict__, "session", Engine())
    with pytest.raises(SolverError):
        bench.run(bench.start)
    first, second = bench.run(bench.start), bench.run(bench.start)
    assert first is second
    assert len(asked) == 2
    assert asked[0]["name"] == NAME
