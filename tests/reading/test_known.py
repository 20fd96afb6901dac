"""What was known when an earlier year ended: no later number, in any disguise."""

from dataclasses import replace
from fnmatch import fnmatchcase
from math import exp, floor, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.reading.known import (
    OF_OBSERVED,
    TABLE,
    UNCHANGED,
    known_until,
    load_known,
    load_rules,
    rule_of,
)
from simulator.reading.library import shipped
from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.scenario import load

DATA = load_parameters()
RULES = load_rules(shipped().data / TABLE)


def test_every_series_that_bends_in_the_years_of_a_hindcast_has_a_rule():
    bending = [
        path for path, one in DATA.items() if any(2017 <= time <= 2026 for time in one.times)
    ]
    assert len(bending) > 250
    without = [path for path in bending if rule_of(RULES, path) is None]
    assert not without, "add what was known of them to simulator/data/known.csv"


def test_every_rule_decides_over_some_number():
    deciding = {rule_of(RULES, path) for path in DATA}
    assert not [rule.path for rule in RULES if rule not in deciding]


def test_every_observed_series_is_cut():
    observed = [path for path in DATA if fnmatchcase(path, "*.observed.*")]
    assert {rule_of(RULES, path).rule for path in observed} == OF_OBSERVED
    closing = [path for path in observed if rule_of(RULES, path).rule in ("drift", "planned")]
    assert all("unallocated" in path and path.endswith("_factor") for path in closing)


def test_what_is_kept_was_not_measured():
    """A series under `kept` holds no knot that somebody measured after the cut."""
    kept = [
        one for path, one in DATA.items()
        if (rule := rule_of(RULES, path)) is not None and rule.rule == "kept"
        and one.times and one.standing in ("measured", "calibrated")
        and any(2018 <= time <= 2024.5 for time in one.times)
    ]  # fmt: skip
    outlook = "vehicles.fleets."
    assert [one.path for one in kept if not one.path.startswith(outlook)] == []


def known_at(time: float, end: float, rule: str) -> bool:
    return (time if rule == "trend_of_day" else floor(time) + 1) <= end


def shaken(end: float, seed: int) -> dict[str, Parameter]:
    """The data with everything that was not known at `end` multiplied by chance."""
    random, found = np.random.default_rng(seed), {}
    for path, one in DATA.items():
        rule = rule_of(RULES, path)
        values = one.values
        if rule is not None and rule.rule not in UNCHANGED and one.times:
            values = tuple(
                value if known_at(time, end, rule.rule) else value * random.uniform(0.3, 3)
                for time, value in zip(one.times, one.values, strict=True)
            )
        found[path] = replace(one, values=values)
    return found


@settings(max_examples=6, deadline=None)
@given(st.sampled_from([2019.0, 2020.0, 2021.0, 2022.0, 2023.0]), st.integers(0, 2**31))
def test_no_later_number_reaches_what_was_known(end, seed):
    after = known_until(shaken(end, seed), end, RULES)
    before = known_until(DATA, end, RULES)
    assert {p: (x.times, x.values) for p, x in after.items()} == {
        p: (x.times, x.values) for p, x in before.items()
    }


def test_a_number_that_was_known_does_reach_it():
    path = "steel.observed.steelmaking.output"
    moved = dict(DATA)
    moved[path] = replace(DATA[path], values=(*DATA[path].values[:5], 1.0, 1.0, 1.0, 1.0, 1.0))
    assert known_until(moved, 2021.0, RULES)[path].values[-1] == 1.0


def test_at_the_usual_end_the_data_are_themselves():
    assert load_known(shipped(), 2025.0) is load_parameters()


@pytest.mark.parametrize(
    ("path", "within"),
    [
        ("vehicles.ownership.reference_ownership", 1e-3),
        ("vehicles.ownership.reference_income", 5e-3),
        ("vehicles.ownership.fleet_share.cars", 1e-5),
        ("cement.clinker_ratio_target", 1e-3),
    ],
)
def test_constants_read_off_history_come_out_as_they_were_shipped(path, within):
    found = known_until(DATA, 2025.0, RULES)[path].values
    assert found == pytest.approx(DATA[path].values[:1], rel=within)


def test_a_trend_goes_on_at_the_rate_of_the_last_five_years():
    found = known_until(DATA, 2021.0, RULES)["common.population"]
    assert found.times[:7] == (2015, 2016, 2017, 2018, 2019, 2020, 2021)
    people = dict(zip(DATA[found.path].times, DATA[found.path].values, strict=True))
    rate = log(people[2021] / people[2016]) / 5
    expected = people[2021] * exp(3 * rate)
    assert found.values[found.times.index(2024)] == pytest.approx(expected)


@pytest.mark.parametrize("name", ["coal_chemicals", "data_centres"])
def test_an_index_grows_on_as_it_grew_after_what_became_thriftier(name):
    """Activity that the model grows, less the intensity that it takes off, is the index."""
    path = f"groups.{name}"
    (found,) = known_until(DATA, 2025.0, RULES)[f"{path}.elasticity"].values
    index, growth = DATA[f"groups.observed.{name}.activity"], DATA["common.gdp_growth"]
    years = {
        time: log(1.0 + value) for time, value in zip(growth.times, growth.values, strict=True)
    }
    product = sum(years[year] for year in range(2016, 2025))
    (rate,) = DATA[f"{path}.efficiency_improvement"].values
    (floor,) = DATA[f"{path}.efficiency_floor"].values
    intensity = -rate * (1.0 - floor) * 9
    observed = log(index.values[-1] / index.values[0])
    assert found * product + intensity == pytest.approx(observed)


@pytest.mark.parametrize(
    ("end", "expected"), [(2019.0, (0.063, 0.06)), (2021.0, (0.08, 0.049))]
)
def test_growth_goes_on_as_the_last_outlook_before_the_end_expected(end, expected):
    found = known_until(DATA, end, RULES)["common.gdp_growth"]
    assert found.times[-2:] == (end, end + 1.0)
    assert found.values[-2:] == expected


@pytest.mark.parametrize(
    ("end", "most"), [(2020.0, 5000.0), (2021.0, 1064.7668), (2022.0, 1035.2437)]
)
def test_output_of_steel_is_limited_once_that_had_been_announced(end, most):
    found = known_until(DATA, end, RULES)["steel.output_limit"]
    assert found.values == pytest.approx((most,), rel=1e-3)


@pytest.mark.parametrize(
    ("plant", "source", "years"),
    [("nuclear", "nuclear", 1), ("biomass", "bioenergy", 1), ("hydro", "hydro", 5)],
)
def test_plants_are_expected_to_yield_what_they_yielded(plant, source, years):
    capacity = DATA[f"power.observed.generators.year_end_capacity.{plant}"]
    output = DATA[f"power.observed.generation.{source}"]
    stock = dict(zip(capacity.times, capacity.values, strict=True))
    made = dict(zip(output.times, output.values, strict=True))
    (found,) = known_until(DATA, 2021.0, RULES)[
        f"power.technologies.{plant}.capacity_factor"
    ].values
    recent = [made[y] / (8.76 * (stock[y - 1] + stock[y]) / 2) for y in range(2016, 2021)]
    assert found == pytest.approx(np.mean(recent[-years:]))


@pytest.mark.parametrize(("end", "closes"), [(2017.0, 0.0), (2018.0, 1.25), (2021.0, 1.25)])
def test_kilns_are_replaced_once_the_measures_were_issued(end, closes):
    path = "cement.technologies.kiln_standard.replacement_ratio"
    assert known_until(DATA, end, RULES)[path].values == (closes,)


def test_without_an_outlook_growth_goes_on_as_the_mean_of_the_last_five_years():
    without = {path: one for path, one in DATA.items() if "published_growth" not in path}
    found = known_until(without, 2021.0, RULES)["common.gdp_growth"]
    assert found.times[-1] == 2021.0
    assert found.values[-1] == pytest.approx((0.068 + 0.069 + 0.067 + 0.061 + 0.022) / 5)


def test_a_series_that_had_not_begun_is_refused():
    late = replace(DATA["common.price.coal"], times=(2023.0, 2024.0), values=(1.0, 2.0))
    with pytest.raises(ScenarioError, match="no knot before 2021"):
        known_until({"common.price.coal": late}, 2021.0, RULES)


def test_what_was_observed_later_only_is_not_there():
    path = "power.observed.intensity.grid"
    assert path not in known_until(DATA, 2018.0, RULES)
    assert known_until(DATA, 2019.0, RULES)[path].times == (2018.0,)


@pytest.mark.parametrize("bad", ["steel.*,guessed,,,,why\n", "steel.*,held,,,wish,why\n"])
def test_a_rule_or_driver_without_a_name_is_refused_with_its_line(tmp_path, bad):
    table = tmp_path / "known.csv"
    table.write_text("path,rule,from,value,driver,why\nsteel.*,held,,,,why\n" + bad)
    with pytest.raises(ScenarioError, match=r"known\.csv:3"):
        load_rules(table)


def test_a_scenario_says_where_its_history_ends():
    base = load("frozen")
    early = base.replace({"history_end": 2021})
    assert (base.resolved.history_end, early.resolved.history_end) == (2025, 2021)
    assert base.resolved.digest != early.resolved.digest
    assert "history_end: 2021" in early.resolved.yaml
    assert "history_end" not in base.resolved.yaml
    with pytest.raises(ScenarioError, match="history_end"):
        base.replace({"history_end": 2010})


def test_observations_that_a_scenario_sets_are_cut_too():
    """A calibrated scenario holds whole observed series."""
    path = "groups.observed.unallocated_gas.gas_factor"
    years = dict.fromkeys(range(2015, 2025), 2.0)
    base = load("frozen").replace({f"parameters.{path}": years})
    early = base.replace({"history_end": 2021})
    assert len(base.resolved.parameters[path].times) == 10
    assert early.resolved.parameters[path].times[-1] == 2020.0
    late = early.replace({"parameters.common.gdp_growth": {2015: 0.06, 2024: 0.05}})
    assert late.resolved.parameters["common.gdp_growth"].times[-1] == 2024.0
