"""A broken scenario file gets a place, a key and a sentence that helps; nothing else."""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from simulator.errors import ScenarioError
from simulator.reading.library import Library
from simulator.reading.scenario import load

BROKEN = Path(__file__).parent / "broken"


class Case(NamedTuple):
    """A file of the folder, and what must be said about it."""

    name: str
    line: int
    key: str
    words: str


CASES = (
    Case("unknown_top_level_key", 4, "extend", 'did you mean "extends"'),
    Case(
        "unknown_policy", 5, "policies.carbon_price_flor", 'did you mean "carbon_price_floor"'
    ),
    Case("unknown_setting", 5, "policies.renewable_build_floor.solr", 'did you mean "solar"'),
    Case(
        "unknown_parameter",
        5,
        "parameters.steel.technologies.scrap_eaf.lifetme",
        'did you mean "steel.technologies.scrap_eaf.lifetime"',
    ),
    Case("wrong_unit", 5, "policies.carbon_price_floor.unit", 'did you mean "CO2"'),
    Case("wrong_dimension", 5, "policies.carbon_price_floor.unit", '"CNY/t CO2" is expected'),
    Case("wrong_gas", 6, "policies.carbon_price_floor.schedule", "different things"),
    Case("wrong_currency", 6, "policies.carbon_price_floor.schedule.2030", "different things"),
    Case(
        "parameter_wrong_dimension",
        5,
        "parameters.steel.technologies.scrap_eaf.lifetime",
        "a number in yr is expected",
    ),
    Case(
        "parameter_unknown_unit",
        5,
        "parameters.steel.technologies.scrap_eaf.lifetime",
        'unknown unit "jahre"',
    ),
    Case(
        "above_range",
        8,
        "policies.carbon_price_floor.schedule.2040",
        "outside the range 0 to 2500 CNY/t CO2",
    ),
    Case(
        "below_range", 5, "policies.coal_power_phase_out.strength", "outside the range 0 to 1"
    ),
    Case(
        "impossible_lifetime", 5, "parameters.steel.technologies.scrap_eaf.lifetime", "duration"
    ),
    Case("zero_lifetime", 5, "parameters.steel.technologies.scrap_eaf.lifetime", "above zero"),
    Case("impossible_share", 5, "parameters.steel.scrap_share", "between 0 and 1"),
    Case(
        "negative_cost",
        5,
        "parameters.steel.technologies.scrap_eaf.capital_cost",
        "cannot be negative",
    ),
    Case("extends_itself", 4, "extends", "circle"),
    Case("cycle_first", 4, "extends", "cycle_first -> cycle_second -> cycle_first"),
    Case("cycle_second", 4, "extends", "cycle_second -> cycle_first -> cycle_second"),
    Case("extends_unknown", 4, "extends", 'did you mean "base"'),
    Case("extends_parent_folder", 4, "extends", "leaves the scenario folder"),
    Case("extends_absolute", 4, "extends", "refused"),
    Case("extends_link", 4, "extends", "link leads out"),
    Case("extends_number", 4, "extends", "a list is expected"),
    Case("extends_broken", 8, "policies.carbon_price_floor.schedule.2040", "outside the range"),
    Case("duplicate_key", 7, "policies.coal_power_ban", "written twice"),
    Case("duplicate_year", 6, "policies.carbon_price_floor.schedule.2030", "written twice"),
    Case("tab", 5, "policies", "tab"),
    Case("alias_bomb", 8, "e.6", "grows beyond"),
    Case("many_aliases", 5, "policies.50", "more than 50 aliases"),
    Case("self_alias", 4, "policies.carbon_price_floor", "refers to itself"),
    Case("unknown_alias", 4, "policies", "alias"),
    Case("too_deep", 4, "policies" + ".0" * 19, "20 levels"),
    Case("tag", 4, "policies", "tags"),
    Case("merge_key", 5, "policies.<<", "merge keys"),
    Case("second_document", 4, "", "second document"),
    Case("empty", 1, "", "the file is empty"),
    Case("only_a_comment", 1, "", "the file is empty"),
    Case("binary", 2, "", "not UTF-8"),
    Case("nul_bytes", 2, "", "control character"),
    Case("gbk", 3, "", "UTF-8"),
    Case("utf16", 1, "", "UTF-8"),
    Case("not_yaml", 4, "policies.a.2", "expected"),
    Case("full_width_colon", 5, "", "full-width colon"),
    Case("full_width_colon_alone", 1, "", "full-width colon"),
    Case("list_for_mapping", 5, "policies", "a mapping is expected, found a list"),
    Case("text_for_mapping", 4, "policies", 'a mapping is expected, found the text "none"'),
    Case("file_is_a_list", 1, "", "a mapping is expected, found a list"),
    Case(
        "policy_is_a_list",
        5,
        "policies.carbon_price_floor",
        "a mapping with schedule is expected, found a list",
    ),
    Case("policy_switched_off", 5, "policies.coal_power_ban", "write null"),
    Case("policy_sets_nothing", 5, "policies.coal_power_ban", "nothing is set; write from"),
    Case("list_for_schedule", 5, "policies.carbon_price_floor.schedule", "found a list"),
    Case(
        "schedule_out_of_order", 8, "policies.carbon_price_floor.schedule.2030", "must increase"
    ),
    Case(
        "schedule_turns_back",
        6,
        "policies.carbon_price_floor.schedule.2035",
        "2035 stands after 2040",
    ),
    Case(
        "schedule_after_the_end",
        5,
        "policies.carbon_price_floor.schedule.2070",
        "outside 2015 to 2061",
    ),
    Case(
        "schedule_before_the_start",
        5,
        "policies.carbon_price_floor.schedule.1990",
        "outside 2015 to 2061",
    ),
    Case(
        "schedule_year_is_text",
        5,
        "policies.carbon_price_floor.schedule.soon",
        "a year is expected",
    ),
    Case("empty_schedule", 5, "policies.carbon_price_floor.schedule", "empty schedule"),
    Case("date_before_horizon", 5, "policies.coal_power_ban.from", "before the horizon"),
    Case("date_after_the_end", 5, "policies.coal_power_ban.from", '"never"'),
    Case("date_is_text", 5, "policies.coal_power_ban.from", 'a year, "never" or'),
    Case("date_is_a_mapping", 5, "policies.coal_power_ban.from", "found a mapping"),
    Case("unknown_stage", 5, "policies.coal_power_ban.from", 'did you mean "stage.transition"'),
    Case("not_a_number", 5, "policies.carbon_price_floor.schedule.2030", "not a finite number"),
    Case(
        "infinite", 5, "parameters.steel.technologies.scrap_eaf.lifetime", "not a finite number"
    ),
    Case(
        "overflow", 5, "parameters.steel.technologies.scrap_eaf.lifetime", "not a finite number"
    ),
    Case(
        "true_for_number",
        5,
        "policies.coal_power_phase_out.strength",
        "a number is expected, found true",
    ),
    Case(
        "text_for_number",
        5,
        "policies.carbon_price_floor.schedule.2030",
        'found the text "high"',
    ),
    Case("text_for_schema", 1, "schema", '1 is expected, found the text "one"'),
    Case(
        "mapping_for_constant",
        5,
        "parameters.steel.technologies.scrap_eaf.lifetime",
        "a number in yr is expected, found a mapping",
    ),
    Case("unknown_schema_version", 1, "schema", "1 is expected, found the number 2"),
    Case("missing_name", 1, "name", "required"),
    Case("missing_label", 1, "label", "required"),
    Case("missing_chinese", 3, "label.zh", "required"),
    Case("other_name", 2, "name", 'must be the file\'s, "other_name"'),
    Case("bad_history", 4, "history", 'did you mean "observed"'),
    Case("early_start", 4, "horizon.start", "2015 is expected"),
    Case("early_end", 4, "horizon.end", "greater than or equal to 2025"),
    Case("late_end", 4, "horizon.end", "less than or equal to 2060"),
    Case("fractional_end", 4, "horizon.end", "a whole number"),
    Case("unknown_roadmap", 4, "roadmap", 'did you mean "four_stage"'),
    Case(
        "unit_with_several_settings",
        5,
        "policies.coal_power_phase_out.unit",
        'a unit like "1" is expected',
    ),
    Case("key_is_a_list", 4, "", "cannot be a key"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the broken files, with the link that a repository cannot hold everywhere."""
    shutil.copytree(BROKEN, tmp_path / "broken")
    outside = tmp_path / "link_out.yaml"
    outside.write_text("schema: 1\nname: link_out\nlabel: {en: a, zh: b}\n", "utf-8")
    (tmp_path / "broken" / "link_out.yaml").symlink_to(outside)
    return tmp_path / "broken"


def test_every_broken_file_has_a_case() -> None:
    files = {path.stem for path in BROKEN.glob("*.yaml") if path.is_file()}
    assert files == {case.name for case in CASES}
    assert len(CASES) >= 45


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_explained(case: Case, folder: Path, library: Library) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(folder / f"{case.name}.yaml", library)
    found = caught.value.problems
    named = [
        problem
        for problem in found
        if problem.line == case.line
        and problem.key == case.key
        and case.words in problem.message
    ]
    assert named, str(caught.value)
    assert all(problem.column >= 1 for problem in found)
    place = re.compile(rf".+\.yaml:{case.line}:\d+: ")
    assert any(place.match(line) for line in str(caught.value).splitlines())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_mistake_gives_one_line(case: Case, folder: Path, library: Library) -> None:
    several = {
        "alias_bomb", "full_width_colon", "key_is_a_list", "tab", "nul_bytes", "merge_key",
    }  # fmt: skip
    if case.name in several:
        pytest.skip("stops the reading, or spoils what stands around it")
    with pytest.raises(ScenarioError) as caught:
        load(folder / f"{case.name}.yaml", library)
    assert len(caught.value.problems) == 1, str(caught.value)


def test_a_column_points_at_the_offending_word(folder: Path, library: Library) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(folder / "wrong_unit.yaml", library)
    text = (folder / "wrong_unit.yaml").read_text("utf-8").splitlines()[4]
    assert caught.value.problems[0].column == text.index("CNY/t CO3") + 1


def test_all_mistakes_of_a_file_and_of_what_it_extends_come_at_once(
    folder: Path, library: Library
) -> None:
    (folder / "many.yaml").write_text(
        "schema: 2\n"
        "name: many\n"
        "label: {en: a}\n"
        "extends: above_range\n"
        "policies:\n"
        "  coal_power_ban: {from: 1999}\n"
        "  carbon_prize_floor: {schedule: 3}\n"
        "parameters: {steel.scrap_shar: 0.3}\n",
        "utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load(folder / "many.yaml", library)
    assert {(Path(problem.file).name, problem.line) for problem in caught.value.problems} == {
        ("above_range.yaml", 8), ("many.yaml", 1), ("many.yaml", 3), ("many.yaml", 6),
        ("many.yaml", 7), ("many.yaml", 8),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("folder_not_a_file.yaml", "this is a folder, not a file"),
        ("no_such_file.yaml", "there is no such file"),
        ("a\0b.yaml", "no such file"),
        ("x" * 5000 + ".yaml", "file"),
    ],
)
def test_what_is_no_file_is_refused(
    name: str, words: str, folder: Path, library: Library
) -> None:
    with pytest.raises(ScenarioError, match=words):
        load(folder / name, library)


def test_a_file_over_the_limit_is_refused(folder: Path, library: Library) -> None:
    large = folder / "large.yaml"
    large.write_text("# " + "x" * 1_000_001, "utf-8")
    with pytest.raises(ScenarioError, match="larger than 1 MB"):
        load(large, library)


def test_an_unknown_name_gets_a_suggestion(library: Library) -> None:
    with pytest.raises(ScenarioError, match='unknown scenario "bsae", did you mean "base"'):
        load("bsae", library)


def test_the_catalogue_is_no_scenario(library: Library) -> None:
    with pytest.raises(ScenarioError, match="unknown scenario"):
        load("policies", library)
