"""The scenarios and the catalogue that ship: complete, bilingual, in range, in order."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import yaml

from simulator.reading.catalogue import load_policies
from simulator.reading.library import shipped
from simulator.reading.parameters import load_parameters
from simulator.reading.roadmap import list_roadmaps, load_roadmap
from simulator.reading.scenario import load
from simulator.schema.numbers import Label, Source

PARENT = {
    "frozen": None,
    "current_policies": "frozen",
    "national_targets": "current_policies",
    "accelerated": "national_targets",
    "delayed": "current_policies",
}
NEVER = 9999.0
CATALOGUE = load_policies()
PARAMETERS = load_parameters()

LOWER_IS_STRICTER = {
    "carbon_market_cap.schedule",
    "free_allocation.schedule",
    "aluminium_capacity_ceiling.schedule",
    "clinker_substitution.clinker_ratio",
}
"""Of every other path or number more is stricter, and of every date the earlier one is."""

STOPS_SOONER = {("accelerated", "green_hydrogen.support")}
"""Support that starts higher and ends sooner than in the scenario it extends."""


def written(name: str) -> dict[str, Any]:
    """Return a scenario file as it stands."""
    text = (shipped().scenarios / f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def own(name: str) -> dict[str, object]:
    """Return what a file sets by itself, by ``lever.setting``."""
    return {
        f"{lever}.{setting}": value
        for lever, settings in written(name)["policies"].items()
        for setting, value in settings.items()
    }


def inherited(name: str | None) -> dict[str, object]:
    """Return what a scenario sets, setting by setting, with all that it extends."""
    return {} if name is None else {**inherited(PARENT[name]), **own(name)}


def kind(key: str) -> str:
    """Return what kind of setting ``lever.setting`` is."""
    lever, setting = key.split(".")
    return CATALOGUE[lever].settings[setting].kind


def date(value: object) -> float:
    """Return a date as a decimal year."""
    if isinstance(value, str) and value.startswith("stage."):
        stages = {stage.id: stage for stage in load_roadmap("four_stage").stages}
        return float(stages[value.removeprefix("stage.")].window.start)
    assert isinstance(value, int | float)
    return float(value)


def knots(value: object) -> dict[float, float]:
    """Return a path as years and values."""
    assert isinstance(value, Mapping)
    return {float(year): float(number) for year, number in value.items()}


def path(value: object, years: np.ndarray) -> np.ndarray:
    """Return a path in given years: straight between knots, constant outside."""
    points = knots(value)
    return np.interp(years, list(points), list(points.values()))


def value_at(name: str, key: str, year: float) -> float:
    """Return a setting of a scenario in a year."""
    value = inherited(name)[key]
    return float(path(value, np.array([year]))[0]) if kind(key) == "schedule" else date(value)


def strictness(key: str, value: object, years: np.ndarray) -> np.ndarray:
    """Return numbers that grow with strictness; what is not set is the weakest."""
    if kind(key) == "date":
        return np.array([-(NEVER if value is None else date(value))])
    if value is None:
        return np.array([-np.inf])
    numbers = path(value, years) if kind(key) == "schedule" else np.array([float(str(value))])
    return -numbers if key in LOWER_IS_STRICTER else numbers


# --- the catalogue -------------------------------------------------------------------


def test_all_levers_are_there() -> None:
    assert [lever.id for lever in CATALOGUE.values()] == [f"L{n:02d}" for n in range(1, 35)]


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_lever_is_described_in_both_languages_and_sourced(name: str) -> None:
    lever = CATALOGUE[name]
    assert lever.description is not None
    for text in (lever.label, lever.description, *(s.label for s in lever.settings.values())):
        assert_bilingual(text)
    sources = [lever.source] if isinstance(lever.source, Source) else lever.source
    assert sources
    assert all(source.title and source.clause for source in sources)


def assert_bilingual(label: Label) -> None:
    """Check that each language is the one it claims to be."""
    assert label.en.isascii(), label
    assert any("\u4e00" <= letter <= "\u9fff" for letter in label.zh), label


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_setting_has_a_range(name: str) -> None:
    for setting in CATALOGUE[name].settings.values():
        assert setting.low is not None
        assert setting.kind == "date" or setting.high is not None


def test_no_two_settings_act_on_the_same_parameter() -> None:
    targets = [
        target
        for lever in CATALOGUE.values()
        for setting in lever.settings.values()
        for target in setting.acts_on
    ]
    assert len(targets) == len(set(targets))


def test_every_policy_is_active() -> None:
    assert not [lever.id for lever in CATALOGUE.values() if not lever.active]


# --- the files -----------------------------------------------------------------------


def test_the_shipped_scenarios_are_these() -> None:
    files = {path.stem for path in shipped().scenarios.glob("*.yaml")} - {"policies"}
    assert files == set(PARENT)


@pytest.mark.parametrize("name", PARENT)
def test_a_scenario_says_who_it_is(name: str) -> None:
    content = written(name)
    assert content["name"] == name
    assert content.get("extends") == PARENT[name]
    assert_bilingual(Label(**content["label"]))
    assert_bilingual(Label(**content["description"]))
    assert len((shipped().scenarios / f"{name}.yaml").read_text("utf-8").splitlines()) <= 85


@pytest.mark.parametrize("name", PARENT)
def test_a_scenario_loads(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name


@pytest.mark.parametrize("name", list_roadmaps())
def test_roadmap_texts_are_bilingual(name: str) -> None:
    roadmap = load_roadmap(name)
    for item in (roadmap, *roadmap.stages, *roadmap.milestones):
        assert_bilingual(item.label)
    for goal in roadmap.milestones:
        if isinstance(goal.note, Label):
            assert_bilingual(goal.note)


SETTINGS = [(name, key, value) for name in PARENT for key, value in own(name).items()]
"""Every setting that a shipped file writes."""


@pytest.mark.parametrize(("name", "key", "value"), SETTINGS)
def test_a_setting_is_in_the_catalogue_in_order_and_in_range(
    name: str, key: str, value: object
) -> None:
    lever, setting_name = key.split(".")
    assert lever in CATALOGUE, name
    setting = CATALOGUE[lever].settings[setting_name]
    if setting.kind == "date":
        values, years = [date(value)], [2025.0]
        assert setting.low is not None
        assert values[0] >= setting.low
        assert values[0] < 2061.0
        return
    if setting.kind == "schedule":
        years, values = list(knots(value)), list(knots(value).values())
    else:
        years, values = [2025.0], [float(str(value))]
    assert all(before < after for before, after in pairwise(years))
    assert years[0] >= 2015.0
    assert years[-1] <= 2060.0
    assert setting.low is not None
    assert setting.high is not None
    assert all(setting.low <= number <= setting.high for number in values)


@pytest.mark.parametrize(("name", "key", "value"), SETTINGS)
def test_a_setting_changes_what_it_extends(name: str, key: str, value: object) -> None:
    assert inherited(PARENT[name]).get(key) != value


@pytest.mark.parametrize(("name", "key", "value"), SETTINGS)
def test_policies_leave_history_alone(name: str, key: str, value: object) -> None:
    """Dates lie after 2024; paths pass through the values that hold without the policy."""
    if kind(key) == "date":
        assert date(value) >= 2025.0 or (name, key) == ("frozen", "transformer_standard.s13")
    elif kind(key) == "schedule":
        years = np.array([2015.0, 2020.0, 2024.0])
        lever, setting = key.split(".")
        for target in CATALOGUE[lever].settings[setting].acts_on:
            quiet = PARAMETERS[target]
            times = quiet.times or (2015.0,)
            without = np.interp(years, times, quiet.values)
            assert path(value, years) == pytest.approx(without, rel=0.015, abs=1e-9), target


@pytest.mark.parametrize("pair", [("current_policies", "national_targets"),
                                  ("national_targets", "accelerated")])  # fmt: skip
def test_ambition_grows_in_every_setting_and_every_year(pair: tuple[str, str]) -> None:
    weaker, stronger = (inherited(name) for name in pair)
    assert set(weaker) <= set(stronger)
    for key, value in stronger.items():
        if (pair[1], key) in STOPS_SOONER:
            continue
        years = np.arange(2025.0, 2061.0, 0.25)
        less, more = strictness(key, weaker.get(key), years), strictness(key, value, years)
        assert np.all(more >= less - 1e-12), key


def test_delayed_is_near_current_policies_early_and_far_beyond_late() -> None:
    key = "carbon_price_floor.schedule"
    early = value_at("delayed", key, 2030) / value_at("current_policies", key, 2030)
    late = value_at("delayed", key, 2060) / value_at("current_policies", key, 2060)
    assert early < 1.0
    assert late > 4.0


@pytest.mark.parametrize(
    ("name", "key", "year", "expected"),
    [
        ("current_policies", "carbon_price_floor.schedule", 2025, 70),
        ("current_policies", "carbon_price_floor.schedule", 2060, 250),
        ("national_targets", "carbon_price_floor.schedule", 2040, 480),
        ("accelerated", "carbon_price_floor.schedule", 2050, 1400),
        ("delayed", "carbon_price_floor.schedule", 2040, 250),
        ("national_targets", "carbon_market_cap.schedule", 2050, 0.28),
        ("national_targets", "free_allocation.schedule", 2045, 0),
        ("current_policies", "coal_power_ban.from", 0, 2035),
        ("national_targets", "coal_power_ban.from", 0, 2030),
        ("accelerated", "coal_power_ban.from", 0, 2027),
        ("delayed", "coal_power_ban.from", 0, 2035),
        ("national_targets", "coal_power_phase_out.end", 0, 2055),
        ("delayed", "coal_power_phase_out.strength", 0, 0.9),
        ("national_targets", "renewable_build_floor.solar", 2026, 240),
        ("national_targets", "renewable_build_floor.solar", 2032, 150),
        ("delayed", "renewable_build_floor.onshore_wind", 2028, 70),
        ("accelerated", "low_carbon_build_cap.nuclear", 2030, 12),
        ("accelerated", "low_carbon_build_cap.hydro", 2030, 6),
        ("national_targets", "flexibility.demand_response", 2040, 0.15),
        ("accelerated", "aluminium_capacity_ceiling.schedule", 2045, 36),
        ("delayed", "inert_anode.floor", 2055, 0.2),
        ("national_targets", "electric_arc_furnace_floor.schedule", 2026, 0.15),
        ("national_targets", "electric_arc_furnace_floor.schedule", 2050, 0.50),
        ("national_targets", "blast_furnace_moratorium.from", 0, 2030),
        ("accelerated", "hydrogen_steel_floor.schedule", 2040, 0.30),
        ("delayed", "hydrogen_steel_floor.schedule", 2060, 0.40),
        ("national_targets", "carbon_capture_support.schedule", 2040, 200),
        ("accelerated", "carbon_capture_support.schedule", 2060, 0),
        ("accelerated", "clinker_substitution.clinker_ratio", 2030, 0.52),
        ("delayed", "kiln_benchmark.below_baseline_exit", 0, 2030),
        ("delayed", "kiln_benchmark.floor", 2030, 0.2),
        ("national_targets", "alternative_fuel.schedule", 2030, 0.35),
        ("accelerated", "motor_standard.ie4", 0, 2033),
        ("national_targets", "transformer_standard.early_replacement", 2030, 0.03),
        ("national_targets", "driven_equipment.grade_floor", 2035, 0.9),
        ("national_targets", "coal_boiler_ban.metalworking", 0, 2042),
        ("accelerated", "electrification_support.schedule", 2030, 14),
        ("national_targets", "green_hydrogen.support", 2033, 2.5),
        ("delayed", "green_hydrogen.support", 2040, 5),
        ("national_targets", "new_energy_vehicle_mandate.car", 2035, 0.90),
        ("current_policies", "new_energy_vehicle_mandate.heavy_truck", 2040, 0.50),
        ("delayed", "charging_network.schedule", 2030, 0.9),
        ("national_targets", "construction_machinery_transition.new_energy_floor", 2040, 0.7),
        ("accelerated", "construction_machinery_transition.old_stage_exit", 2030, 0.15),
        ("accelerated", "material_efficiency.schedule", 2050, 0.18),
        ("national_targets", "circularity.remanufacture", 2040, 0.20),
        ("national_targets", "digital_energy_management.schedule", 2035, 0.7),
        ("national_targets", "building_programme.retrofit_rate", 2030, 0.018),
        ("national_targets", "carbon_sinks.direct_air_capture", 2050, 150),
        ("delayed", "carbon_sinks.direct_air_capture", 2060, 450),
        ("current_policies", "carbon_sinks.afforestation", 2040, 1.2),
    ],
)
def test_values_are_those_of_the_scenario_design(
    name: str, key: str, year: float, expected: float
) -> None:
    assert value_at(name, key, year) == pytest.approx(expected)
