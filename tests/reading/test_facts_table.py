"""The table of the documents' numbers: all are there, and what one claims to set, it sets."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from simulator.reading.catalogue import load_policies
from simulator.reading.inventory import load_facts
from simulator.reading.library import shipped
from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.roadmap import list_roadmaps, load_roadmap
from simulator.reading.sources import load_sources
from simulator.results.quantities import load_quantities
from simulator.units import convert

COLUMNS = (
    "id", "label_en", "label_zh", "value", "unit", "year",
    "source", "clause", "used_as", "target", "note",
)  # fmt: skip
USES = {"parameter", "calibration", "validation", "milestone", "policy", "unused"}
COUNT = 442
TOLERANCE = 1e-3
"""Difference at which a parameter no longer has the value of its fact [1]."""
REASONS = ("no counterpart: ", "contradicted: ", "superseded: ")
DERIVED = "derived: "
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def table() -> Path:
    return shipped().scenarios / "catalogue" / "facts.csv"


def facts() -> list[dict[str, str]]:
    with table().open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def targets(fact: dict[str, str]) -> list[str]:
    return [name for name in fact["target"].split(";") if name]


def kinds(name: str) -> set[str]:
    """Say what a name is; a folder of parameters ends in a star."""
    parameters = load_parameters()
    milestones = {
        item.id for roadmap in list_roadmaps() for item in load_roadmap(roadmap).milestones
    }
    folder = name.endswith(".*") and any(path.startswith(name[:-1]) for path in parameters)
    found = {
        "parameter": name in parameters or folder,
        "milestone": name in milestones,
        "policy": name in load_policies(),
        "variable": name in load_quantities(),
    }
    return {kind for kind, applies in found.items() if applies}


def at(parameter: Parameter, year: str) -> float:
    """Read a parameter in the year of a fact; a knot must stand there."""
    if not parameter.times:
        return parameter.values[0]
    return parameter.values[parameter.times.index(float(year))]


def agrees(fact: dict[str, str], parameter: Parameter) -> bool:
    value = convert(at(parameter, fact["year"]), parameter.unit, fact["unit"])
    ends = [float(word) for word in fact["value"].split("..")]
    slack = TOLERANCE * max(abs(end) for end in ends)
    return ends[0] - slack <= value <= ends[-1] + slack


def test_every_fact_stands_there_once() -> None:
    with table().open(encoding="utf-8", newline="") as stream:
        assert tuple(next(csv.reader(stream))) == COLUMNS
    twice = {name: n for name, n in Counter(fact["id"] for fact in facts()).items() if n > 1}
    assert not twice
    assert len(facts()) == COUNT


@pytest.mark.parametrize("column", ["id", "label_en", "label_zh", "value", "unit", "clause"])
def test_no_cell_is_empty(column: str) -> None:
    assert not [fact["id"] for fact in facts() if not fact[column].strip()]


def test_labels_are_in_both_languages_and_short() -> None:
    for fact in facts():
        assert CHINESE.search(fact["label_zh"]), fact["id"]
        assert not CHINESE.search(fact["label_en"]), fact["id"]
        assert len(fact["label_en"]) <= 90, fact["id"]
        assert len(fact["label_zh"]) <= 40, fact["id"]


def test_sources_are_in_the_bibliography() -> None:
    used = {fact["source"] for fact in facts()}
    assert used <= set(load_sources())
    assert len(used) == 5


def test_what_is_not_used_says_why() -> None:
    for fact in facts():
        unused = fact["used_as"] == "unused"
        assert fact["used_as"] in USES, fact["id"]
        assert unused is not bool(targets(fact)), fact["id"]
        assert unused is fact["note"].startswith(REASONS), fact["id"]


def test_targets_exist_and_the_first_is_what_the_row_says() -> None:
    allowed = {
        "parameter": {"parameter"},
        "calibration": {"parameter", "variable"},
        "validation": {"variable"},
        "milestone": {"milestone"},
        "policy": {"policy"},
    }
    for fact in facts():
        names = targets(fact)
        for name in names:
            assert kinds(name), f"{fact['id']}: nothing is called {name}"
        if names:
            assert kinds(names[0]) & allowed[fact["used_as"]], fact["id"]
        assert len(set(names)) == len(names), fact["id"]


def test_a_parameter_has_the_value_of_its_fact_or_the_note_says_how_it_follows() -> None:
    known, exact = load_parameters(), 0
    for fact in facts():
        if fact["used_as"] != "parameter" or fact["note"].startswith(DERIVED):
            continue
        for name in targets(fact):
            if name in known:
                assert agrees(fact, known[name]), f"{fact['id']}: {name}"
                exact += 1
    assert exact >= 8


def test_a_value_off_by_more_than_the_tolerance_is_found() -> None:
    ceiling = load_parameters()["aluminium.capacity_ceiling"]
    fact = {"value": "45", "unit": "Mt/yr", "year": ""}
    assert agrees(fact, ceiling)
    assert agrees(fact | {"value": "40..50"}, ceiling)
    assert not agrees(fact | {"value": "45.1"}, ceiling)
    assert not agrees(fact | {"value": "4500", "unit": "kt/yr"}, ceiling)


def test_known_errors_of_the_documents_name_what_was_used_instead() -> None:
    notes = {fact["id"]: fact["note"] for fact in facts()}
    for name, words in {
        "auto_co2_2021_130": "720 Mt",
        "industry_energy_2017_2021_table3": "3326",
        "motor_ie3_for_ie2_lca_cut": "1.64 %",
        "methane_gwp_sar": "28",
        "coal_co2_factor_at_90pct_carbon": "2.77",
        "cement_process_co2_clinker": "0.525",
        "cement_grinding_stage_share": "1.8 to 1.9 %",
        "national_co2_2017_2021": "Global Carbon Budget",
        "textile_stage_other": "2 % closes the sum",
        "electricity_demand_2025": "forecast",
        "nev_projection_2025": "12.9 million",
        "cm_nonfossil_share_2020": "electric forklifts left out",
        "crane_lca_use": "contradicts",
        "aluminium_stage_electrolysis": "434 Mt",
    }.items():
        assert words in notes[name], name


def test_the_reader_takes_every_row() -> None:
    read = load_facts()
    assert list(read) == [fact["id"] for fact in facts()]
    for fact in facts():
        assert (read[fact["id"]].value, read[fact["id"]].clause) == (
            fact["value"],
            fact["clause"],
        )


def number_of(name: str, part: str = "") -> float:
    """A printed number, or one part of several, ``emission=72.6; share_percent=0.02``."""
    text = load_facts()[name].value
    parts = dict(item.split("=") for item in text.split("; ")) if part else {"": text}
    return float(parts[part])


def test_printed_tables_add_up() -> None:
    """What the documents print as a sum is one, and what follows from two of their numbers."""
    sums = {"petchem_co2_total", "petchem_co2_2020", "petchem_co2_growth_13fyp"}
    products = [name for name in load_facts() if name.startswith("petchem_co2_")]
    products = [name for name in products if name not in sums]
    total = number_of("petchem_co2_total")
    assert len(products) == 8
    assert sum(map(number_of, products)) == pytest.approx(total, rel=1e-9)
    share = number_of("petchem_products_co2_share") / 100.0
    assert total / share == pytest.approx(1378.09, abs=0.005)
    stages = [
        f"transformer_lca_{stage}"
        for stage in ("raw_material", "manufacturing", "transport_sales", "use", "recycling")
    ]
    emitted = [number_of(name, "emission") for name in stages]
    assert sum(emitted) == pytest.approx(468_865.875, rel=1e-9)
    printed = number_of("transformer_lca_use", "share_percent")
    assert 100.0 * emitted[3] / sum(emitted) == pytest.approx(printed, abs=0.005)
