"""Assumptions one at a time: what is written is what the model says, and it reads back."""

import re
from pathlib import Path

import pytest

import simulator
from simulator.analysis.effects import effects
from simulator.errors import ScenarioError
from simulator.interface.reporting import MEASURED
from simulator.reading.scenario import load
from simulator.reading.sweep import load_ensemble
from simulator.results.effects import (
    FILE,
    Effect,
    ranked_effects,
    read_effects,
    write_effects,
)

SHIPPED = read_effects(MEASURED / FILE)


@pytest.fixture(scope="module")
def found() -> tuple[Effect, ...]:
    return effects(load("current_policies"), years=(2030, 2040, 2070))


def test_every_assumption_is_measured_in_every_year_of_the_run(found):
    scenario = load("current_policies")
    keys = [item.key for item in load_ensemble(scenario, 2, 1).inputs]
    for year in (2030, 2040):
        assert [item.key for item in found if item.year == year] == keys
    assert {item.year for item in found} == {2030, 2040}
    assert {item.digest for item in found} == {scenario.resolved.digest}
    assert all(item.low <= item.value <= item.high for item in found)
    assert all(item.label_zh and item.source for item in found)


def test_an_end_is_the_run_that_it_says(found):
    item = next(one for one in found if one.key == "cement.in_use.saturation")
    scenario = load("current_policies")
    path = "parameters.cement.in_use.saturation"
    for value, told in ((item.low, item.at_low), (item.high, item.at_high)):
        run = simulator.run(scenario.replace({path: value}), engine="batch")
        net = float(run["emissions_net"].sel(time=item.year))
        assert told == pytest.approx(net, abs=0.5)
        assert abs(net - item.base) > 20.0


def test_the_largest_effect_ranks_first(found):
    sizes = [item.size for item in ranked_effects(found, 2040)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 3 * sizes[len(sizes) // 2]
    one = found[0]._replace(base=5.0, at_low=9.0, at_high=8.0)
    assert one.size == 4.0


def test_a_table_reads_back(found, tmp_path):
    write_effects(found, tmp_path / FILE)
    back = read_effects(tmp_path / FILE)
    assert [item.key for item in back] == [item.key for item in found]
    assert [item.at_low for item in back] == pytest.approx([i.at_low for i in found], rel=1e-5)
    assert read_effects(tmp_path / "none.csv") == ()


def test_a_table_of_something_else_is_refused(tmp_path: Path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no table of assumptions"):
        read_effects(tmp_path / "a.csv")
    row = [*Effect._fields]
    row[Effect._fields.index("year")] = "soon"
    text = ",".join(Effect._fields) + "\n" + ",".join(row) + "\n"
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=re.escape("b.csv:2: ")):
        read_effects(tmp_path / "b.csv")


def test_only_a_total_of_the_nation_is_measured():
    with pytest.raises(ScenarioError, match="more than one value a year"):
        effects(load("current_policies"), "emissions")


def test_the_shipped_table_is_of_the_shipped_list_and_near_the_model():
    """Near, not equal: ``docs/measure.py`` writes the table anew, not every change."""
    scenario = load("national_targets")
    inputs = {item.key: item.label_zh for item in load_ensemble(scenario, 2, 1).inputs}
    for year in (2030, 2060):
        own = {item.key: item.label_zh for item in SHIPPED if item.year == year}
        assert own == inputs, "run python docs/measure.py"
    first = ranked_effects(SHIPPED, 2030)[0]
    now = {
        item.key: item for item in effects(scenario, years=(2030, 2060)) if item.year == 2030
    }
    assert first.size == pytest.approx(now[first.key].size, rel=0.3), "run docs/measure.py"
    top = [item.key for item in ranked_effects(list(now.values()), 2030)[:3]]
    assert set(top) <= {item.key for item in ranked_effects(SHIPPED, 2030)[:6]}
