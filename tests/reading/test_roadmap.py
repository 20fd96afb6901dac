"""Roadmaps and catalogues that do not fit together are refused with their place."""

import pytest

from simulator.errors import ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.library import Library
from simulator.reading.roadmap import list_roadmaps, load_roadmap


def test_a_roadmap_has_stages_and_milestones(library: Library) -> None:
    roadmap = load_roadmap("four_stage", library)
    assert [stage.id for stage in roadmap.stages] == ["peaking", "transition"]
    assert roadmap.milestones[0].op == "<"
    assert list_roadmaps(library) == ("four_stage",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("stage: peaking", "stage: peeking", 'did you mean "peaking"'),
        ("id: transition", "id: peaking", "written twice"),
        ("start: 2030, end: 2040", "start: 2025, end: 2040", "before the last one ends"),
        ("start: 2030, end: 2040", "start: 2040, end: 2030", "not after"),
        ('op: "<"', "op: near", "is expected"),
        ('op: "<"', "op: within", "needs a tolerance"),
        ("unit: year", "unit: yeer", "unknown unit"),
        ("name: four_stage", "name: five_stage", "must be the file's"),
        ("by: 2030", "by: 2100", "less than or equal to 2060"),
    ],
)
def test_a_wrong_roadmap_is_refused(old: str, new: str, words: str, copied: Library) -> None:
    path = copied.scenarios / "roadmaps" / "four_stage.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ScenarioError, match=words) as caught:
        load_roadmap("four_stage", copied)
    assert caught.value.problems[0].file == "scenarios/roadmaps/four_stage.yaml"
    assert caught.value.problems[0].line >= 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: L04", "id: L01", "already the number of carbon_price_floor"),
        ("semantics: ban", "semantics: bans", 'did you mean "ban"'),
        ("unit: year, acts_on: [power.tech", "unit: yr, acts_on: [power.tech", 'unit "year"'),
        ("low: 0, high: 2500", "low: 3000, high: 2500", "is above high"),
        ("kind: number", "knd: number", 'did you mean "kind"'),
        ("active: false", "active: no", "true or false is expected"),
    ],
)  # fmt: skip
def test_a_wrong_catalogue_is_refused(old: str, new: str, words: str, copied: Library) -> None:
    path = copied.scenarios / "policies.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ScenarioError, match=words) as caught:
        load_policies(copied)
    assert caught.value.problems[0].file == "scenarios/policies.yaml"
