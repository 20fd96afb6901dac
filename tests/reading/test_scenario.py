"""Scenarios: what extends what, who set which value, and changes from a program."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.composition import Composer
from simulator.reading.defaults import declared
from simulator.reading.library import Library, shipped
from simulator.reading.resolution import Resolved
from simulator.reading.roadmap import list_roadmaps, load_roadmap
from simulator.reading.scenario import Scenario, list_scenarios, load, parse_assignment, resolve
from simulator.units import parse

FIXTURES = Library(
    Path(__file__).parent / "fixtures" / "scenarios",
    Path(__file__).parent / "fixtures" / "data",
)
PRICE = "carbon_market.price_floor"
SOLAR = "power.minimum_build.solar"
WIND = "power.minimum_build.onshore_wind"
BAN = "power.technologies.coal_subcritical.ban"
LIFETIME = "steel.technologies.scrap_eaf.lifetime"


def values(resolved: Resolved, path: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    entry = resolved.parameters[path]
    return entry.times, entry.values


def write(folder: Path, name: str, body: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"schema: 1\nname: {name}\nlabel: {{en: a, zh: b}}\n{body}", "utf-8")
    return path


def test_a_scenario_sets_the_parameters_that_its_policies_act_on(library: Library) -> None:
    base = resolve(load("base", library))
    assert values(base, PRICE) == ((2025.0, 2030.0), (70.0, 100.0))
    assert values(base, SOLAR) == ((), (200.0,))
    assert values(base, BAN) == ((), (9999.0,))
    assert values(base, LIFETIME) == ((), (25.0,))
    assert (base.start, base.end, base.history, base.roadmap) == (
        2015, 2060, "observed", "four_stage",
    )  # fmt: skip
    assert base.warnings == base.inactive == ()


def test_lists_compose_from_left_to_right_and_a_common_ancestor_counts_once(
    library: Library,
) -> None:
    both = resolve(load("both", library))
    assert values(both, PRICE) == ((2030.0,), (300.0,))  # base, read again by right, loses
    assert values(both, SOLAR) == ((), (250.0,))
    assert values(both, BAN) == ((), (2030.0,))  # stage.transition, set by right after left
    assert values(both, WIND) == ((), (0.0,))  # removed with null
    assert values(both, LIFETIME) == ((), (30.0,))
    assert values(both, "power.phase_out.end") == ((), (9999.0,))
    assert (both.end, both.history) == (2050, "endogenous")


def test_order_matters(copied: Library) -> None:
    turned = write(copied.scenarios, "turned", "extends: [right, left]\n")
    left_last = turned.read_text("utf-8").replace("[right, left]", "[left, right]")
    late = write(copied.scenarios, "late", "policies:\n  coal_power_ban: {from: 2045}\n")
    assert left_last != turned.read_text("utf-8")
    first = write(copied.scenarios, "first", "extends: [late, left]\n")
    second = write(copied.scenarios, "second", "extends: [left, late]\n")
    assert late.is_file()
    assert values(load(first, copied).resolved, BAN)[1] == (2030.0,)
    assert values(load(second, copied).resolved, BAN)[1] == (2045.0,)


def test_the_chain_starts_at_the_data_and_names_every_file(library: Library) -> None:
    chain = resolve(load("both", library)).parameters[PRICE].chain
    assert [(origin.file, origin.line, origin.by) for origin in chain] == [
        ("simulator/data/carbon_market/policy.csv", 2, "data"),
        ("scenarios/base.yaml", 5, "policies.carbon_price_floor.schedule"),
        ("scenarios/left.yaml", 6, "policies.carbon_price_floor.schedule"),
    ]
    untouched = resolve(load("both", library)).parameters["steel.scrap_share"].chain
    assert [origin.by for origin in untouched] == ["data"]


def test_numbers_are_converted_to_the_unit_of_the_parameter(library: Library) -> None:
    changed = load("base", library).replace(
        {
            f"parameters.{LIFETIME}": "3504 day",
            "policies.carbon_price_floor": {"schedule": {2030: 0.3}, "unit": "CNY/kg CO2"},
        }
    )
    assert values(changed.resolved, LIFETIME)[1] == pytest.approx((9.6,))
    assert values(changed.resolved, PRICE)[1] == pytest.approx((300.0,))


def test_replace_gives_a_new_scenario(library: Library) -> None:
    base = load("base", library)
    digest = base.resolved.digest
    changed = base.replace(
        {
            "policies.carbon_price_floor.schedule": {2030: 300},
            "coal_power_ban.from": "stage.transition",
            LIFETIME: 28,
            "horizon.end": 2050,
            "history": "endogenous",
            "name": "dearer",
        }
    )
    assert values(changed.resolved, PRICE) == ((2030.0,), (300.0,))
    assert values(changed.resolved, BAN) == ((), (2030.0,))
    assert values(changed.resolved, LIFETIME) == ((), (28.0,))
    assert (changed.resolved.end, changed.resolved.history) == (2050, "endogenous")
    assert (changed.name, base.name) == ("dearer", "base")
    assert base.resolved.digest == digest != changed.resolved.digest
    assert changed.resolved.parameters[LIFETIME].chain[-1].file == "<replace>"
    again = changed.replace({"policies.carbon_price_floor": None})
    assert values(again.resolved, PRICE) == ((), (0.0,))


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("policies.carbon_price_flor.schedule", 1, 'did you mean "carbon_price_floor"'),
        ("carbon_price_flor", 1, 'did you mean "carbon_price_floor"'),
        ("policies.carbon_price_floor.schedule", float("nan"), "finite"),
        ("policies.carbon_price_floor.schedule", -1, "outside the range"),
        ("policies.carbon_price_floor.schedule", True, "found true"),
        ("policies.carbon_price_floor.schedule", {2040: 1, 2030: 1}, "must increase"),
        ("policies.carbon_price_floor.schedule", object(), "cannot stand"),
        ("horizon.end", 2100, "less than or equal to 2060"),
        ("history", "none", "observed or endogenous"),
        ("roadmap", "x", "unknown roadmap"),
        ("", 1, "unknown key"),
    ],
)
def test_a_wrong_replacement_is_refused(
    key: str, value: object, words: str, library: Library
) -> None:
    with pytest.raises(ScenarioError, match=words) as caught:
        load("base", library).replace({key: value})
    assert "<replace>" in str(caught.value)


CHANGES: tuple[dict[str, object], ...] = (
    {"policies.carbon_price_floor.schedule": {2025: 75, 2030: 300}},
    {"policies.carbon_price_floor": None},
    {"policies.carbon_price_floor.schedule": None},
    {
        "policies.electric_arc_furnace_floor": None,
        "policies.carbon_price_floor.schedule": {2040: 9},
    },
    {"history_end": 2021},
    {"horizon.end": 2050},
    {"parameters.coal_mining.discount_rate": 0.06},
    {"parameters.coal_mining.discount_rate": 0.5},
)


@pytest.mark.parametrize("changes", CHANGES, ids=str)
@pytest.mark.parametrize("first", [None, {"parameters.coal_mining.discount_rate": 0.5}])
def test_a_change_of_a_read_scenario_is_one_of_its_files(
    first: dict[str, object] | None,
    changes: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What its layers write is not read again; the scenario is as if it were."""
    found = []
    for again in (False, True):
        if again:
            monkeypatch.setattr(Composer, "known", lambda _: ())
        base = load("national_targets")
        base = base if first is None else base.replace(first)
        found.append(base.replace(changes).resolved)
    one, other = found
    assert (one.writes, one.warnings, one.yaml) == (other.writes, other.warnings, other.yaml)
    assert (one.digest, one.inactive) == (other.digest, other.inactive)


def test_an_assignment_of_the_command_line() -> None:
    assert parse_assignment("a.b={2030: 300}") == ("a.b", {2030: 300})
    assert parse_assignment("a.b=30 yr") == ("a.b", "30 yr")
    assert parse_assignment("a.b=1e3") == ("a.b", 1000.0)
    assert parse_assignment("a.b=null") == ("a.b", None)
    for text in ("nothing", "=3", "a=[1", "a=.nan"):
        with pytest.raises(ScenarioError):
            parse_assignment(text)


def test_the_resolved_scenario_is_a_file_with_the_same_meaning(copied: Library) -> None:
    both = load("both", copied).resolved
    alone = copied.scenarios / "alone" / "both.yaml"
    alone.parent.mkdir()
    alone.write_text(both.yaml, "utf-8")
    again = load(alone, copied).resolved
    assert again.digest == both.digest
    assert again.yaml == both.yaml
    assert "extends" not in both.yaml


def test_a_scenario_of_the_same_name_may_extend_the_shipped_one(
    copied: Library, tmp_path: Path
) -> None:
    own = write(tmp_path, "base", "extends: base\npolicies:\n  coal_power_ban: {from: 2033}\n")
    resolved = load(own, copied).resolved
    assert values(resolved, PRICE)[1] == (70.0, 100.0)
    assert values(resolved, BAN)[1] == (2033.0,)


def test_a_policy_that_the_model_lacks_is_reported(copied: Library) -> None:
    path = write(copied.scenarios, "cap", "policies:\n  carbon_market_cap: {schedule: 0.9}\n")
    assert load(path, copied).resolved.inactive == ("carbon_market_cap",)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("extends: base\n", "this scenario changes nothing"),
        ("extends: base\nparameters: {steel.scrap_share: 0.2}\n", "the same without it"),
        ("extends: base\npolicies: {coal_power_ban: null}\n", "nothing to remove"),
        (
            "extends: base\npolicies: {renewable_build_floor: {solar: {2020: 200, 2030: 200}}}",
            "the same without it",
        ),
        ("parameters: {steel.scrap_share: 0.6}\n", "outside its studied range 0.1 to 0.5"),
        ("parameters: {steel.observed.output: {2019: 990}}\n", "changes observed history"),
    ],
)
def test_a_doubtful_setting_gets_a_warning(body: str, words: str, copied: Library) -> None:
    path = write(copied.scenarios, "doubtful", body)
    warnings = load(path, copied).resolved.warnings
    assert any(words in warning and "doubtful.yaml:" in warning for warning in warnings)


@pytest.mark.parametrize(
    "body", ["history: endogenous\n", "policies: {coal_power_ban: {from: 2030}}\n"]
)
def test_a_scenario_that_changes_something_gets_no_warning(body: str, copied: Library) -> None:
    path = write(copied.scenarios, "fine", f"extends: base\n{body}")
    assert load(path, copied).resolved.warnings == ()


def test_a_file_of_its_own_that_changes_nothing_gets_a_warning(
    copied: Library, tmp_path: Path
) -> None:
    idle = write(tmp_path, "idle", "parameters: {steel.scrap_share: 0.2}\n")
    assert "changes nothing against the data" in load(idle, copied).resolved.warnings[0]
    shipped_reference = write(copied.scenarios, "reference", "")
    assert load(shipped_reference, copied).resolved.warnings == ()


def test_a_policy_on_a_missing_parameter_is_an_error(copied: Library) -> None:
    table = copied.data / "carbon_market" / "policy.csv"
    table.write_text(table.read_text("utf-8").replace("price_floor,", "other,"), "utf-8")
    with pytest.raises(ScenarioError, match="which no data table declares"):
        load("base", copied)


KEYS = st.sampled_from(
    [
        "schema", "name", "label", "extends", "policies", "parameters", "carbon_price_floor",
        "schedule", "from", "en", "zh", "unit", "horizon", "end", 2030, 2040, LIFETIME, None,
    ]
)  # fmt: skip
LEAVES = st.sampled_from(
    [1, 2030, -1.5, True, None, "base", "soon", "never", "stage.peaking", "30 yr", "CNY/t CO2"]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(KEYS, TREES, max_size=6))
@settings(max_examples=50)
def test_any_file_is_a_scenario_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[object, object]
) -> None:
    import yaml  # noqa: PLC0415 - only here, to write what a person would not

    path = tmp_path_factory.mktemp("drawn") / "drawn.yaml"
    header = {"schema": 1, "name": "drawn", "label": {"en": "a", "zh": "b"}}
    path.write_text(yaml.safe_dump({**header, **tree}, sort_keys=False), "utf-8")
    try:
        assert isinstance(load(path, FIXTURES), Scenario)
    except ScenarioError as error:
        assert error.problems


@given(st.binary(max_size=80))
@settings(max_examples=30)
def test_any_bytes_are_a_scenario_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("drawn") / "drawn.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError):
        load(path, FIXTURES)


def test_the_shipped_catalogue_reads_and_has_34_policies() -> None:
    levers = load_policies()
    assert sorted(lever.id for lever in levers.values()) == [f"L{n:02}" for n in range(1, 35)]
    for lever in levers.values():
        for setting in lever.settings.values():
            parse(setting.unit)


def test_active_policies_act_on_parameters_that_exist() -> None:
    data = declared(shipped())
    missing = [
        f"{name}.{word} -> {path}"
        for name, lever in load_policies().items()
        for word, setting in lever.settings.items()
        for path in setting.acts_on
        if lever.active and data.get(path) is None
    ]
    assert missing == []


@pytest.mark.parametrize("name", [summary.name for summary in list_scenarios()])
def test_every_shipped_scenario_resolves(name: str) -> None:
    resolved = load(name).resolved
    assert resolved.name == name
    assert resolved.warnings == ()


def test_the_shipped_scenarios_are_there() -> None:
    wanted = {"frozen", "current_policies", "national_targets", "accelerated", "delayed"}
    assert wanted <= {summary.name for summary in list_scenarios()}
    assert all(summary.label.zh for summary in list_scenarios())


@pytest.mark.parametrize("name", list_roadmaps(shipped()))
def test_every_shipped_roadmap_reads(name: str) -> None:
    assert load_roadmap(name).name == name
