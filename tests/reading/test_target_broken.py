"""A broken target file gets a place, a key and a sentence that helps; nothing else."""

import pytest

from simulator.analysis.seek_file import load_seek
from simulator.errors import ScenarioError
from simulator.reading.library import Library
from tests.reading.spoilt import Case, problems, put

SOUND = """\
schema: 1
name: broken
label: {en: a, zh: b}
scenario: base
target: {milestone: peak, margin: 2}
vary:
  policies.carbon_price_floor.schedule.2030: {to: 400, unit: CNY/t CO2}
  steel.scrap_share: {}
"""

PRICE = "policies.carbon_price_floor.schedule"
SHARE = "steel.scrap_share"


def target(name: str, content: str, below: str, words: str) -> Case:
    """Ask for something else."""
    return Case(name, 5, f"target: {content}", f"target{below}", words)


def block(name: str, key: str, content: str, below: str, words: str) -> Case:
    """Move something else in the last line."""
    return Case(name, 8, f"  {key}: {content}", f"vary.{key}{below}", words)


NET = "output: emissions_net, year: 2060"

CASES = (
    Case("schema_two", 1, "schema: 2", "schema", "1 is expected"),
    Case("other_name", 2, "name: other", "name", 'must be the file\'s, "broken"'),
    Case("no_chinese", 3, "label: {en: a}", "label.zh", "required"),
    Case("scenario_missing", 4, "", "scenario", "required", 1),
    Case("scenario_unknown", 4, "scenario: bsae", "scenario", 'did you mean "base"'),
    Case("scenario_outside", 4, "scenario: ../base", "scenario", "leaves the scenario folder"),
    Case("unknown_key", 3, "label: {en: a, zh: b}\nminimize: cost", "minimize", "unknown key",
         4),
    Case("least_of_every_year", 3, "label: {en: a, zh: b}\nminimise: system_cost_total",
         "minimise", "choose at(system_cost_total, 2060)", 4),
    Case("least_of_nothing", 3, "label: {en: a, zh: b}\nminimise: at(system_cost_totl, 2060)",
         "minimise", "unknown variable", 4),
    Case("target_missing", 5, "", "target", "required", 1),
    target("nothing_asked", "{}", "", "the id of a milestone, or an output"),
    target("both_asked", f"{{milestone: peak, {NET}, at_most: 0}}", "",
           "the id of a milestone, or an output"),
    target("milestone_with_bound", "{milestone: peak, at_most: 3}", "", "has no at_most"),
    target("output_with_margin", f"{{{NET}, at_most: 0, margin: 3}}", "", "has no margin"),
    target("no_bound", f"{{{NET}}}", "", "needs at_most or at_least"),
    target("two_bounds", f"{{{NET}, at_most: 0, at_least: 0}}", "", "one of them"),
    target("unknown_milestone", "{milestone: peek}", ".milestone", 'did you mean "peak"'),
    target("unknown_roadmap", "{milestone: peak, roadmap: four_stag}", ".roadmap",
           'did you mean "four_stage"'),
    target("unknown_word", "{milestone: peak, margn: 2}", ".margn", 'did you mean "margin"'),
    target("margin_is_text", "{milestone: peak, margin: much}", ".margin",
           "a number in year is expected"),
    target("margin_in_tonnes", '{milestone: peak, margin: "2 t"}', ".margin", "year"),
    target("margin_unit", "{milestone: peak, margin: 2, unit: kg}", ".unit", "does not fit"),
    target("unit_of_nothing", "{milestone: peak, unit: year}", ".unit", "leave it out"),
    target("unknown_output", "{output: emissions_nett, year: 2060, at_most: 0}", ".output",
           'did you mean "emissions_net"'),
    target("open_output", "{output: emissions, year: 2060, at_most: 0}", ".output",
           "leaves sector open"),
    target("no_expression", '{output: "os.system(1)", year: 2060, at_most: 0}', ".output",
           "no such function"),
    target("no_year", "{output: emissions_net, at_most: 0}", ".year", "say in which one"),
    target("needless_year", "{output: peak_year(emissions_net), year: 2030, at_most: 2030}",
           ".year", "has no year"),
    target("year_outside", "{output: emissions_net, year: 2061, at_most: 0}", ".year",
           "outside the horizon 2015 to 2060"),
    target("bound_in_other_unit", f'{{{NET}, at_most: "3 GW"}}', ".at_most", "Mt CO2/yr"),
    target("unit_does_not_fit", f"{{{NET}, at_most: 3, unit: GW}}", ".unit", "does not fit"),
    Case("nothing_moved", 6, "vary: {}", "vary", "at least 1 item"),
    block("unknown_policy", "policies.carbon_price_flor.schedule", "{to: 1}", "",
          'did you mean "carbon_price_floor"'),
    block("unknown_parameter", "steel.scrap_shar", "{}", "", f'did you mean "{SHARE}"'),
    block("policy_without_like", "policies.coal_power_ban", "{to: 2030}", "",
          "the setting is missing"),
    block("header", "horizon.end", "{to: 2050}", "", "cannot be varied"),
    block("two_ends", SHARE, "{to: 0.4, range: [0.2, 0.4]}", "", 'either "to" or "range"'),
    block("zero_is_an_end_too", SHARE, "{to: 0, range: [0.2, 0.4]}", "", "not both"),
    block("no_end", "policies.renewable_build_floor.solar", "{}", "", 'write "to"'),
    block("no_block", SHARE, "0.4", "", "a mapping is expected"),
    block("unknown_word_below", SHARE, "{too: 0.4}", ".too", 'did you mean "to"'),
    block("above_the_catalogue", "policies.renewable_build_floor.solar", "{to: 500}", ".to",
          "outside the range 0 to 400 GW/yr"),
    block("impossible", SHARE, "{to: 1.5}", ".to", "between 0 and 1"),
    block("wrong_unit", SHARE, "{to: 0.4, unit: yr}", ".unit", "does not fit"),
    block("text", SHARE, "{to: far}", ".to", "a number is expected"),
    block("range_turned", SHARE, "{range: [0.4, 0.2]}", ".range", "must rise"),
    block("range_elsewhere", SHARE, "{range: [0.45, 0.5]}", ".range",
          "which is outside the range 0.45 to 0.5"),
    Case("range_of_a_schedule", 7, f"  {PRICE}: {{range: [0, 400]}}", f"vary.{PRICE}",
         'write "to" with a whole schedule'),
    block("not_modelled", "policies.carbon_market_cap.schedule", "{to: 0}", "",
          "the parameters on which it acts differ"),
    block("same_value", "policies.renewable_build_floor.solar", "{to: 200}", "",
          "has this value already"),
    block("same_thing", f"{PRICE}.scale", "{to: 3}", "", "moves the same as"),
    block("year_of_a_number", f"{SHARE}.2030", "{to: 0.4}", "", "one number"),
    block("like_unknown", "policies.coal_power_ban.from", "{like: lefft}", ".like",
          'did you mean "left"'),
    block("like_the_same", "policies.renewable_build_floor", "{like: left}", "",
          "there is nowhere to go"),
    block("like_of_a_knot", "policies.renewable_build_floor.solar.scale", "{like: left}",
          ".like", "only a whole setting"),
    block("like_with_unit", "policies.coal_power_ban", "{like: left, unit: year}", "",
          "leave unit out"),
)  # fmt: skip


def broken(text: str, library: Library) -> list[tuple[int, str, str]]:
    """Read a spoilt target file."""
    return problems(text, "targets", library, load_seek)


def test_the_file_is_sound_before_it_is_spoilt(copied: Library) -> None:
    put(SOUND, "targets", copied)
    found = load_seek("broken", copied)
    assert (found.goal.milestone.id, found.goal.margin) == ("peak", 2.0)
    assert [len(item.ways) for item in found.varied] == [1, 2]
    assert len({case.name for case in CASES}) == len(CASES) >= 45


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_explained_in_one_line_at_its_place(case: Case, copied: Library) -> None:
    lines = case.spoils(SOUND)
    if case.name == "nothing_moved":
        del lines[6:]
    found = broken("\n".join(lines) + "\n", copied)
    line, key, message = found[0]
    assert (line, key) == (case.at or case.line, case.key), found
    assert case.words in message
    assert len(found) == 1, found


def test_one_thing_leaves_nothing_to_choose(copied: Library) -> None:
    text = (
        SOUND.rsplit("  steel", 1)[0]
        + 'minimise: "cumulative(system_cost_total, 2025, 2060)"\n'
    )
    ((line, key, message),) = broken(text, copied)
    assert (line, key) == (8, "minimise")
    assert "nothing to choose" in message


def test_all_mistakes_come_at_once(copied: Library) -> None:
    found = broken(
        "schema: 2\n"
        "name: other\n"
        "scenario: base\n"
        "target: {milestone: peek}\n"
        "vary:\n"
        f"  {PRICE}.2030: {{to: 3000}}\n"
        "  steel.scrap_shar: {}\n"
        f"  {SHARE}: {{rang: [0, 1]}}\n",
        copied,
    )
    assert {(line, key) for line, key, _ in found} == {
        (1, "schema"), (1, "label"), (2, "name"), (4, "target.milestone"),
        (6, f"vary.{PRICE}.2030.to"), (7, "vary.steel.scrap_shar"), (8, f"vary.{SHARE}.rang"),
    }  # fmt: skip


def test_mistakes_of_the_scenario_stand_in_its_own_file(copied: Library) -> None:
    (copied.scenarios / "bad.yaml").write_text(
        "schema: 1\nname: bad\nlabel: {en: a, zh: b}\nparameters: {steel.scrap_shar: 1}\n",
        "utf-8",
    )
    put(SOUND.replace("scenario: base", "scenario: bad"), "targets", copied)
    with pytest.raises(ScenarioError) as caught:
        load_seek("broken", copied)
    assert [(one.file, one.line) for one in caught.value.problems] == [
        ("scenarios/bad.yaml", 4)
    ]


def test_what_is_not_yaml_is_told(copied: Library) -> None:
    found = broken("- schema\n", copied)
    assert found[0][:2] == (1, "")


def test_an_unknown_target_gets_a_suggestion() -> None:
    with pytest.raises(ScenarioError, match='did you mean "neutral_2060"'):
        load_seek("neutral_2600")
