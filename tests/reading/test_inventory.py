"""What the founding documents name: nothing is lost, and every target exists."""

import re
import shutil
from collections import Counter
from hashlib import sha256

import pytest

from simulator.errors import ScenarioError
from simulator.reading.explain_inventory import explain_mechanism
from simulator.reading.inventory import (
    FACT_COLUMNS,
    LOOPS,
    MECHANISM_COLUMNS,
    load_facts,
    load_mechanisms,
    targets,
)
from simulator.reading.library import Library, shipped
from simulator.reading.scenario import load

KINDS = {
    "technology_lever": 225,
    "digital_lever": 82,
    "policy_target": 70,
    "structural_lever": 55,
    "circularity_lever": 47,
    "feedback": 36,
    "market_mechanism": 30,
    "roadmap_stage": 9,
}
LEAST = dict.fromkeys(KINDS, 1.0) | dict.fromkeys(
    ("technology_lever", "structural_lever", "circularity_lever"), 0.9
)
"""Share of each kind that something in the model must represent [1]."""
DIGEST = "a706795dc24c4456"
"""Of the ids with kind and sector: none can be lost, or renamed, unnoticed."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SOUND = "m1,feedback,steel,Scrap returns,废钢回用,loop,R3;steel.scrap.cover_time,"
FACT = "f1,Blast furnace,高炉,1.68,t/t,2020,caict_2022,table 2,parameter,steel.ore_share,"


@pytest.fixture
def library(tmp_path):
    """The shipped data with an empty catalogue folder."""
    here = shipped()
    scenarios = tmp_path / "scenarios"
    (scenarios / "catalogue").mkdir(parents=True)
    shutil.copy(here.scenarios / "policies.yaml", scenarios)
    shutil.copytree(here.scenarios / "roadmaps", scenarios / "roadmaps")
    return Library(scenarios, here.data)


def write(library, *rows, name="mechanisms", columns=MECHANISM_COLUMNS):
    text = "\n".join([",".join(columns), *rows]) + "\n"
    path = library.scenarios / "catalogue" / f"{name}.csv"
    path.write_text(text, encoding="utf-8")


def test_a_sound_row_is_read(library):
    write(library, SOUND)
    row = load_mechanisms(library)["m1"]
    assert row.targets == ("R3", "steel.scrap.cover_time")
    assert row.label.zh == "废钢回用"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("feedback", "feedbak"), '"feedbak" is none of'),
        (("Scrap returns", ""), "a label is missing"),
        (("R3;", "R30;"), 'nothing has the name "R30"'),
        (("R3;steel.scrap.cover_time", ""), "name what represents it"),
        (("cover_time", "cover_tme"), 'did you mean "steel.scrap.cover_time"'),
        (("loop,R3", "policy,R3"), '"R3" is a loop, the row says policy'),
        (("loop", "magic"), '"magic" is none of'),
        (("loop", "outside"), "what is outside has no target"),
        (("loop,R3;steel.scrap.cover_time", "outside,"), "say in the note why"),
        (("steel,", ","), "the sector is missing"),
        (("m1,", ""), "7 cells, expected 8"),
        (("steel.scrap.cover_time", "steel.nothing.*"), "nothing has the name"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(library, change, message):
    write(library, SOUND.replace("m1", "m0"), SOUND.replace(*change, 1))
    with pytest.raises(ScenarioError) as caught:
        load_mechanisms(library)
    problems = caught.value.problems
    assert message in str(caught.value)
    assert {problem.line for problem in problems} == {3}
    assert {problem.file for problem in problems} == {"scenarios/catalogue/mechanisms.csv"}


def test_an_id_stands_once(library):
    write(library, SOUND, SOUND)
    with pytest.raises(ScenarioError, match="it stands already in line 2"):
        load_mechanisms(library)


def test_facts_have_their_own_columns_and_uses(library):
    with pytest.raises(ScenarioError, match=r"facts\.csv.*missing"):
        load_facts(library)
    fact = FACT.replace("steel.ore_share", "steel.technologies.blast_furnace.*")
    write(library, fact, name="facts", columns=FACT_COLUMNS)
    assert load_facts(library)["f1"].value == "1.68"
    write(library, fact.replace(",parameter,", ",loop,"), name="facts", columns=FACT_COLUMNS)
    with pytest.raises(ScenarioError, match='"loop" is none of'):
        load_facts(library)
    write(library, SOUND, name="facts")
    with pytest.raises(ScenarioError, match="the columns must be id,label_en,label_zh,value"):
        load_facts(library)


def test_every_target_exists_and_labels_differ():
    rows = load_mechanisms().values()
    known = targets()
    named = {name for row in rows for name in row.targets}
    assert all(known.kind_of(name) for name in named)
    for language in ("en", "zh"):
        labels = [getattr(row.label, language).casefold() for row in rows]
        assert len(set(labels)) == len(labels)


def test_every_mechanism_stands_there_with_its_kind():
    rows = load_mechanisms().values()
    assert Counter(row.kind for row in rows) == KINDS
    names = "\n".join(sorted(f"{row.id} {row.kind} {row.sector}" for row in rows))
    assert sha256(names.encode()).hexdigest()[:16] == DIGEST


@pytest.mark.parametrize(("kind", "least"), LEAST.items())
def test_enough_of_each_kind_is_represented(kind, least):
    rows = [row for row in load_mechanisms().values() if row.kind == kind]
    inside = [row for row in rows if row.represented_by != "outside"]
    assert len(inside) >= least * len(rows)


def test_digital_levers_are_represented_by_the_programme_with_its_effects():
    rows = [row for row in load_mechanisms().values() if row.kind == "digital_lever"]
    for row in rows:
        power = row.sector == "power"  # plants and grids have no digital effect
        assert power or "digital_energy_management" in row.targets, row.id
        effects = [name for name in row.targets if name.startswith("common.digital_effect.")]
        assert power or effects, row.id


def test_feedback_and_stages_are_what_they_say():
    known = targets()
    for row in load_mechanisms().values():
        if row.kind == "roadmap_stage":
            assert row.represented_by == "milestone", row.id
        if row.represented_by == "variable":
            assert row.targets[0] not in known.not_modelled, row.id


def test_labels_are_short_and_each_in_its_language():
    for row in load_mechanisms().values():
        assert CHINESE.search(row.label.zh), row.id
        assert not CHINESE.search(row.label.en), row.id
        assert len(row.label.en) <= 80, row.id
        assert len(row.label.zh) <= 30, row.id


def test_a_folder_stands_for_all_its_parameters():
    paths = targets().paths("steel.technologies.blast_furnace_ccs.*")
    assert "steel.technologies.blast_furnace_ccs.capture_rate" in paths
    assert all(path.startswith("steel.technologies.blast_furnace_ccs.") for path in paths)


def test_loops_are_the_eighteen_of_the_model():
    assert set(LOOPS) == {f"R{n}" for n in range(1, 9)} | {f"B{n}" for n in range(1, 11)}


def test_an_account_has_the_value_of_the_scenario():
    resolved = load("national_targets").resolved
    settings = {
        item.name: item for item in explain_mechanism("cbam_phase_in", resolved).counterparts
    }
    assert "2026" in settings["border_adjustment.eu_price"].value
    assert not settings["border_adjustment.eu_price"].unset
    bare = {item.name: item for item in explain_mechanism("cbam_phase_in").counterparts}
    assert bare["border_adjustment.eu_price"].unset


def test_a_long_folder_is_cut_and_says_so():
    found = explain_mechanism("steel_ccs_green_premium").counterparts
    listed = [item for item in found if item.kind == "parameter"]
    whole = targets().paths("steel.technologies.blast_furnace_ccs.*")
    assert len(listed) - 1 + listed[-1].left_out == len(whole)
