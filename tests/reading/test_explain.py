"""Explanations, differences and the schema for editors."""

import pytest

from simulator.errors import ScenarioError
from simulator.reading.changes import changes, changes_of, show
from simulator.reading.explain import explain
from simulator.reading.json_schema import json_schema
from simulator.reading.library import Library
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load
from simulator.reading.settings import Series

LIFETIME = "steel.technologies.scrap_eaf.lifetime"


def test_a_parameter_is_explained_with_its_source_and_chain(library: Library) -> None:
    found = explain(LIFETIME, load("both", library).resolved, library)
    assert found.value == Series((), (30.0,))
    assert (found.unit, found.low, found.high) == ("yr", 20.0, 35.0)
    assert "global steel transformation" in found.title
    assert (found.where, found.standing) == ("table 13", "literature")
    assert [origin.file for origin in found.chain] == [
        "simulator/data/steel/technologies.csv",
        "scenarios/right.yaml",
    ]
    assert "  value: 30 yr" in found.lines()


@pytest.mark.parametrize("name", ["carbon_price_floor", "policies.carbon_price_floor", "L01"])
def test_a_policy_is_explained_with_its_settings(name: str, library: Library) -> None:
    found = explain(name, load("base", library).resolved, library)
    assert found.kind == "policy"
    setting = found.parts[0]
    assert setting.value == Series((2025.0, 2030.0), (70.0, 100.0))
    assert (setting.unit, setting.high) == ("CNY/t CO2", 2500.0)
    assert setting.parts[0].path == "carbon_market.price_floor"
    assert "not yet active" in explain("carbon_market_cap", None, library).standing


def test_a_setting_is_explained_by_itself(library: Library) -> None:
    found = explain("coal_power_phase_out.strength", None, library)
    assert (found.kind, found.value, found.unit) == ("setting", None, "1")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("steel.technologies.scrap_eaf.lifetme", LIFETIME),
        ("scrap_share", "steel.scrap_share"),
        ("carbon_price_flor", "carbon_price_floor"),
        ("coal_power_phase_out.strenth", "coal_power_phase_out.strength"),
    ],
)
def test_a_near_miss_gets_a_suggestion(name: str, meant: str, library: Library) -> None:
    with pytest.raises(ScenarioError, match=meant):
        explain(name, None, library)


def test_every_shipped_parameter_is_explained() -> None:
    parameters = load_parameters()
    assert parameters
    for path in list(parameters)[:: max(1, len(parameters) // 200)]:
        found = explain(path)
        assert found.value is not None
        assert found.unit
        assert found.title


def test_changes_are_what_differs_and_nothing_else(library: Library) -> None:
    left, right = load("left", library).resolved, load("right", library).resolved
    found = {
        change.path: (show(change.before), show(change.after))
        for change in changes(left, right)
    }
    assert found == {
        "carbon_market.price_floor": ("{2030: 300}", "{2025: 70, 2030: 100}"),
        "power.minimum_build.solar": ("200", "250"),
        LIFETIME: ("25", "30"),
    }
    assert changes(left, left) == []


def test_a_change_names_the_place_that_made_it(library: Library) -> None:
    found = {change.path: change.origin for change in changes_of(load("left", library))}
    origin = found["carbon_market.price_floor"]
    assert origin is not None
    assert (origin.file, origin.line) == ("scenarios/left.yaml", 6)
    assert changes_of(load("base", library)) == []


def test_changes_of_the_header(library: Library) -> None:
    found = {change.path for change in changes_of(load("both", library))}
    assert {"history", "horizon.end", "power.minimum_build.onshore_wind"} <= found


def test_a_long_series_is_shortened() -> None:
    long = Series(tuple(float(year) for year in range(2015, 2040)), tuple([1.0] * 25))
    assert (
        show(long, "GW")
        == "{2015: 1, 2016: 1, 2017: 1, 2018: 1, ..., 2037: 1, 2038: 1, 2039: 1} GW"
    )
    assert show(Series((), (9999.0,)), "year") == "never"


def test_the_json_schema_lists_policies_and_settings(library: Library) -> None:
    schema = json_schema(library)
    policies = schema["properties"]["policies"]
    assert set(policies["properties"]) == {
        "carbon_price_floor", "carbon_market_cap", "coal_power_ban", "coal_power_phase_out",
        "renewable_build_floor",
    }  # fmt: skip
    assert policies["additionalProperties"] is False
    floor = policies["properties"]["carbon_price_floor"]["properties"]["schedule"]
    assert "碳" in policies["properties"]["carbon_price_floor"]["title"]
    assert {"type": "number", "minimum": 0.0, "maximum": 2500.0} in floor["anyOf"]
    assert schema["properties"]["roadmap"]["anyOf"][0]["enum"] == ["four_stage"]
    assert {"schema", "name", "label"} == set(schema["required"])
    assert schema["additionalProperties"] is False
