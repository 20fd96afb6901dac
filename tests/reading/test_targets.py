"""Every target of the documents has milestones or tests that decide it, or a reason."""

import csv

import pytest

from simulator.reading.library import shipped
from simulator.reading.roadmap import list_roadmaps, load_roadmap
from tests.named_tests import exists

COLUMNS = ("id", "label_en", "label_zh", "decided_by", "target", "note")
COUNT = 25


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    path = shipped().scenarios / "catalogue" / "targets.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        assert tuple(reader.fieldnames or ()) == COLUMNS
        return list(reader)


def test_every_target_is_there_in_both_languages(rows: list[dict[str, str]]) -> None:
    assert {row["id"] for row in rows} == {f"T{number:02}" for number in range(1, COUNT + 1)}
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    for row in rows:
        assert row["label_en"]
        assert any("\u4e00" <= letter <= "\u9fff" for letter in row["label_zh"])


def test_what_decides_a_target_is_there(rows: list[dict[str, str]]) -> None:
    known = {item.id for name in list_roadmaps() for item in load_roadmap(name).milestones}
    for row in rows:
        named = [name for name in row["target"].split(";") if name]
        assert bool(named) == (row["decided_by"] != "outside"), row
        there = {"milestone": known.__contains__, "test": exists}.get(row["decided_by"])
        assert there is not None or row["decided_by"] == "outside", row
        assert not [name for name in named if there and not there(name)], row


def test_what_no_run_decides_says_why(rows: list[dict[str, str]]) -> None:
    assert all(row["note"] for row in rows if row["decided_by"] != "milestone")
    decided = {row["id"] for row in rows if row["decided_by"] == "milestone"}
    assert {f"T{n:02}" for n in range(1, COUNT + 1)} - decided == {"T20", "T24"}
