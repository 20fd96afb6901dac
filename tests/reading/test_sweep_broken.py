"""A broken sweep file gets a place, a key and a sentence that helps; nothing else."""

from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.reading.library import Library
from simulator.reading.sweep import load_sweep
from tests.reading.spoilt import Case, problems, put

SOUND = """\
schema: 1
name: broken
label: {en: a, zh: b}
base: base
design: latin_hypercube
n: 4
seed: 1
keep: {variables: [emissions_net], years: [2030]}
derive: [peak_year]
vary:
  steel.scrap_share: {range: [0.2, 0.4]}
"""

PRICE = "policies.carbon_price_floor.schedule"
SHARE = "steel.scrap_share"
LIFETIME = "steel.technologies.scrap_eaf.lifetime"
STRENGTH = "policies.coal_power_phase_out.strength"
START = "policies.coal_power_phase_out.start"


def block(name: str, key: str, content: str, below: str, words: str) -> Case:
    """Vary something in the last line."""
    return Case(name, 11, f"  {key}: {content}", f"vary.{key}{below}", words)


CASES = (
    Case("schema_two", 1, "schema: 2", "schema", "1 is expected, found the number 2"),
    Case("other_name", 2, "name: other", "name", 'must be the file\'s, "broken"'),
    Case("no_chinese", 3, "label: {en: a}", "label.zh", "required"),
    Case("unknown_key", 9, "derived: [peak_year]", "derived", 'did you mean "derive"'),
    Case("base_missing", 4, "", "base", "required", 1),
    Case("base_unknown", 4, "base: bsae", "base", 'did you mean "base"'),
    Case("base_twice", 4, "base: [base, base]", "base", "written twice"),
    Case("base_outside", 4, "base: ../base", "base", "leaves the scenario folder"),
    Case("base_absolute", 4, "base: /etc/passwd", "base", "refused"),
    Case("base_is_a_number", 4, "base: 3", "base", "a list is expected"),
    Case("base_empty", 4, "base: []", "base", "at least 1 item"),
    Case("base_ends_earlier", 4, "base: [base, both]", "base", "end in different years"),
    Case("roadmap_unknown", 9, "roadmap: four_stag", "roadmap", 'did you mean "four_stage"'),
    Case("design_unknown", 5, "design: latin", "design", "latin_hypercube"),
    Case("n_missing", 6, "", "n", "required with design: latin_hypercube", 5),
    Case("seed_missing", 7, "", "seed", "required with design: latin_hypercube", 5),
    Case("n_is_zero", 6, "n: 0", "n", "greater than or equal to 1"),
    Case("n_is_a_fraction", 6, "n: 2.5", "n", "a whole number"),
    Case("n_is_huge", 6, "n: 1000001", "n", "less than or equal to 1000000"),
    Case("seed_is_negative", 7, "seed: -1", "seed", "greater than or equal to 0"),
    Case("table_with_a_sample", 9, "table: a.csv", "table", "write design: table"),
    Case("keep_missing", 8, "", "keep", "required", 1),
    Case(
        "keep_unknown",
        8,
        "keep: {variables: [emissions_nett]}",
        "keep.variables.0",
        'did you mean "emissions_net"',
    ),
    Case(
        "keep_twice",
        8,
        "keep: {variables: [sink, emissions_net, sink]}",
        "keep.variables.2",
        "written twice",
    ),
    Case(
        "year_outside",
        8,
        "keep: {variables: [sink], years: [2030, 2061]}",
        "keep.years.1",
        "outside the horizon 2015 to 2060",
    ),
    Case(
        "years_turn_back",
        8,
        "keep: {variables: [sink], years: [2040, 2030]}",
        "keep.years.1",
        "must increase",
    ),
    Case("derive_unknown", 9, "derive: [peak_yeer]", "derive.0", 'did you mean "peak_year"'),
    Case("nothing_varied", 11, "  {}", "vary", "nothing is varied"),
    Case("vary_is_a_list", 11, "  - steel.scrap_share", "vary", "a mapping is expected", 11),
    block("unknown_policy", "policies.carbon_price_flor.schedule", "{values: [1]}", "",
          'did you mean "carbon_price_floor"'),
    block("unknown_setting", "policies.renewable_build_floor.solr", "{values: [1]}", "",
          'did you mean "solar"'),
    block("no_setting", "policies.coal_power_phase_out", "{values: [1]}", "",
          "the setting is missing; write policies.coal_power_phase_out.start"),
    block("unknown_parameter", "parameters.steel.scrap_shar", "{}", "",
          f'did you mean "{SHARE}"'),
    block("neither", "steel.scrap_shar", "{}", "", f'did you mean "{SHARE}"'),
    block("header", "horizon.end", "{values: [2050]}", "", "cannot be varied"),
    block("not_a_part", f"{PRICE}.first", "{values: [1]}", "", "no part of a setting"),
    block("year_of_a_number", f"{STRENGTH}.2030", "{range: [0, 1]}", "", "one number"),
    block("year_of_a_date", f"{START}.2030", "{values: [2030]}", "", "it is a date"),
    block("year_too_late", f"{PRICE}.2070", "{values: [1]}", "", "outside 2015 to 2061"),
    block("scaled_date", f"{START}.scale", "{range: [0, 1]}", "", "cannot be scaled"),
    block("knot_of_a_constant", "policies.renewable_build_floor.solar.2030",
          "{range: [1, 2]}", "", "is one number in the base base"),
    block("scale_of_nothing", f"{STRENGTH}.scale", "{range: [0.5, 2]}", "",
          "the base base does not set policies.coal_power_phase_out.strength"),
    block("scale_below_zero", f"{PRICE}.scale", "{range: [-1, 2]}", ".range.0",
          "outside the range at least 0"),
    block("scale_too_far", f"{PRICE}.scale", "{range: [1, 26]}", ".range.1",
          "makes 2600, which is outside the range 0 to 2500 CNY/t CO2 for the base base"),
    block("scale_with_unit", f"{PRICE}.scale", "{range: [1, 2], unit: CNY/t CO2}", ".unit",
          "does not fit"),
    block("above_the_catalogue", f"{PRICE}.2030", "{range: [100, 3000]}", ".range.1",
          "outside the range 0 to 2500 CNY/t CO2"),
    block("value_above", STRENGTH, "{values: [0.5, 1.5]}", ".values.1", "outside the range"),
    block("outside_the_data", LIFETIME, "{range: [20, 40]}", ".range.1",
          "outside the range 20 to 35 yr"),
    block("impossible", SHARE, "{values: [0.2, 1.5]}", ".values.1", "between 0 and 1"),
    block("wrong_dimension", f"{PRICE}.2030", "{range: [1, 2], unit: CNY/t}", ".unit",
          'a unit like "CNY/t CO2" is expected'),
    block("unknown_unit", LIFETIME, "{range: [20, 30], unit: jahre}", ".unit", "unknown unit"),
    block("wrong_unit_of_one", LIFETIME, '{values: [20, "30 t"]}', ".values.1",
          "a number in yr is expected"),
    block("range_turned", SHARE, "{range: [0.4, 0.2]}", ".range", "must rise"),
    block("range_of_nothing", SHARE, "{range: [0.2, 0.2]}", ".range", "write values: [0.2]"),
    block("range_of_three", SHARE, "{range: [0.2, 0.3, 0.4]}", ".range", "at most 2"),
    block("range_is_text", SHARE, "{range: [0.2, much]}", ".range.1",
          'found the text "much"'),
    block("range_not_finite", SHARE, "{range: [0.2, .inf]}", ".range.1", "finite number"),
    block("range_to_never", START, "{range: [2030, never]}", ".range.1", "ends at a year"),
    block("no_range", "steel.technologies.scrap_eaf.capital_cost", "{}", "",
          "the data give no range"),
    block("range_to_never_in_data", "power.phase_out.end", "{}", "", 'ends at "never"'),
    block("range_of_a_policy", STRENGTH, "{}", "", "what is allowed"),
    block("range_of_a_series", "steel.technologies.scrap_eaf.energy_new.2060", "{}", "",
          "only a constant"),
    block("nothing", SHARE, "", "", "a mapping is expected, found nothing"),
    block("bare_number", SHARE, "0.3", "", "a mapping is expected, found the number 0.3"),
    block("unknown_word", SHARE, "{rang: [0.2, 0.4]}", ".rang", 'did you mean "range"'),
    block("values_and_range", SHARE, "{values: [0.2], range: [0.2, 0.4]}", ".range",
          'either "values" or "range"'),
    block("values_twice", SHARE, "{values: [0.2, 0.3, 0.20]}", ".values.2", "stands twice"),
    block("schedules_twice", PRICE, "{values: [{2025: 1}, {2025: 1.0}]}", ".values.1",
          "stands twice"),
    block("schedule_turns_back", PRICE, "{values: [{2040: 1, 2030: 2}]}",
          ".values.0.2030", "must increase"),
    block("schedule_for_a_number", STRENGTH, "{values: [{2030: 1}]}", ".values.0",
          "found a mapping"),
    block("unknown_stage", START, "{values: [stage.transitio]}", ".values.0",
          'did you mean "stage.transition"'),
    block("unknown_distribution", SHARE, "{range: [0.2, 0.4], distribution: flat}",
          ".distribution", "uniform"),
    block("mode_missing", SHARE, "{range: [0.2, 0.4], distribution: triangular}", ".mode",
          "needs mode"),
    block("mode_outside", SHARE, "{range: [0.2, 0.4], distribution: triangular, mode: 0.5}",
          ".mode", "outside 0.2 to 0.4"),
    block("mode_idle", SHARE, "{range: [0.2, 0.4], mode: 0.3}", ".mode", "leave it out"),
    block("sd_missing", SHARE, "{distribution: normal, mean: 0.3}", ".sd",
          "needs mean and sd"),
    block("sd_is_zero", SHARE, "{distribution: normal, mean: 0.3, sd: 0}", ".sd",
          "above zero"),
    block("mean_outside", SHARE, "{distribution: normal, mean: 0.9, sd: 1}", ".mean",
          "outside 0.1 to 0.5"),
    block("log_of_zero", "steel.demand_growth", "{distribution: loguniform}", ".range",
          "above zero"),
)  # fmt: skip


def broken(case: Case, library: Library) -> list[tuple[int, str, str]]:
    """Spoil the sound file."""
    return problems("\n".join(case.spoils(SOUND)) + "\n", "sweeps", library, load_sweep)


def test_the_file_is_sound_before_it_is_spoilt(copied: Library) -> None:
    put(SOUND, "sweeps", copied)
    assert len(load_sweep("broken", copied)) == 4
    assert len({case.name for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_explained_in_one_line_at_its_place(case: Case, copied: Library) -> None:
    found = broken(case, copied)
    line, key, message = found[0]
    assert (line, key) == (case.at or case.line, case.key), found
    assert case.words in message
    assert len(found) == 1, found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (PRICE, "carbon_price_floor.schedule"),
        (PRICE, f"{PRICE}.2030"),
        (f"{PRICE}.scale", f"{PRICE}.2030"),
        (f"{PRICE}.2030", f"{PRICE}.2030.0"),
        (PRICE, "carbon_market.price_floor"),
        (SHARE, f"parameters.{SHARE}"),
        ("policies.coal_power_ban.from", "power.technologies.coal_supercritical.ban"),
    ],
)
def test_two_keys_that_set_the_same_thing_are_refused(
    first: str, second: str, copied: Library
) -> None:
    values = "{values: [2030]}" if "ban" in first else "{values: [0.2, 0.3]}"
    text = f"  {first}: {values}\n  {second}: {values}"
    found = broken(Case("", 11, text, "", ""), copied)
    assert len(found) == 1, found
    assert found[0][:2] == (12, f"vary.{second}")
    assert f"the same as vary.{first} in line 11" in found[0][2]


def test_two_knots_of_a_schedule_are_two_things(copied: Library) -> None:
    path = copied.scenarios / "sweeps" / "broken.yaml"
    path.parent.mkdir()
    knots = f"  {PRICE}.2030: {{range: [1, 2]}}\n  {PRICE}.2031: {{range: [1, 2]}}\n"
    path.write_text(SOUND + knots, "utf-8")
    assert len(load_sweep("broken", copied).inputs) == 3


def test_all_mistakes_come_at_once(copied: Library) -> None:
    sweeps = copied.scenarios / "sweeps"
    sweeps.mkdir()
    (sweeps / "many.yaml").write_text(
        "schema: 2\n"
        "name: other\n"
        "base: bsae\n"
        "design: sobol\n"
        "n: 5\n"
        "keep: {variables: [emissions_nett]}\n"
        "vary:\n"
        f"  {SHARE}: {{range: [0.4, 0.2]}}\n"
        "  steel.scrap_shar: {}\n"
        f"  {STRENGTH}: {{range: [0, 2], unit: yr}}\n",
        "utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load_sweep("many", copied)
    found = {(problem.line, problem.key) for problem in caught.value.problems}
    assert found == {
        (1, "schema"), (1, "label"), (2, "name"), (3, "base"), (4, "seed"), (5, "n"),
        (6, "keep.variables.0"), (8, f"vary.{SHARE}.range"), (9, "vary.steel.scrap_shar"),
        (10, f"vary.{STRENGTH}.unit"),
    }  # fmt: skip


@pytest.mark.parametrize(("number", "near"), [(5, "4 or 8"), (1000, "512 or 1024")])
def test_a_sobol_sequence_of_another_length_is_told_the_two_nearest(
    number: int, near: str, copied: Library
) -> None:
    case = Case("", 5, f"design: sobol\nn: {number}\nseed: 1", "", "")
    lines = SOUND.splitlines()
    lines[4:7] = [case.text]
    path = copied.scenarios / "sweeps" / "broken.yaml"
    path.parent.mkdir()
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ScenarioError, match=f"found {number}; write {near}") as caught:
        load_sweep("broken", copied)
    assert [problem.line for problem in caught.value.problems] == [6]


def test_a_grid_needs_values_and_no_sample(copied: Library) -> None:
    found = broken(Case("", 5, "design: grid", "", ""), copied)
    assert [item[:2] for item in found] == [(6, "n"), (7, "seed"), (11, f"vary.{SHARE}")]
    assert "write values" in found[2][2]


def test_a_grid_that_is_too_large_is_refused_before_it_is_made(copied: Library) -> None:
    many = ", ".join(str(2000 + number) for number in range(101))
    knots = "\n".join(f"  {PRICE}.{2030 + at}: {{values: [{many}]}}" for at in range(3))
    lines = [line for line in SOUND.splitlines()[:10] if not line.startswith(("n:", "seed:"))]
    path = copied.scenarios / "sweeps" / "large.yaml"
    path.parent.mkdir()
    text = "\n".join([*lines, knots]).replace("latin_hypercube", "grid")
    path.write_text(text.replace("broken", "large"), "utf-8")
    with pytest.raises(ScenarioError, match="101 x 101 x 101 = 1030301 rows"):
        load_sweep("large", copied)


def test_mistakes_of_a_base_stand_in_its_own_file(copied: Library) -> None:
    (copied.scenarios / "bad.yaml").write_text(
        "schema: 1\nname: bad\nlabel: {en: a, zh: b}\nparameters: {steel.scrap_shar: 1}\n",
        "utf-8",
    )
    sweeps = copied.scenarios / "sweeps"
    sweeps.mkdir()
    (sweeps / "broken.yaml").write_text(
        SOUND.replace("base: base", "base: [base, bad]"), "utf-8"
    )
    with pytest.raises(ScenarioError) as caught:
        load_sweep("broken", copied)
    assert [(one.file, one.line) for one in caught.value.problems] == [
        ("scenarios/bad.yaml", 4)
    ]


def test_an_unknown_sweep_gets_a_suggestion(copied: Library, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match='did you mean "carbon_price_grid"'):
        load_sweep("carbon_price_gird")
    with pytest.raises(ScenarioError, match="there are none"):
        load_sweep("anything", copied)
    with pytest.raises(ScenarioError, match="there is no such file"):
        load_sweep(tmp_path / "absent.yaml", copied)
