"""The data tables: every number has its unit, source and place, and errors name the line."""

import csv
from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.reading.library import Library, shipped
from simulator.reading.parameters import COLUMNS, load_parameters, tables
from simulator.reading.sources import load_sources, read_bibtex
from simulator.schema.numbers import SourcedNumber
from simulator.units import parse

GOOD = "scrap_share,,0.2,1,0.1,0.5,yearbook,table 1,measured,"


def test_a_constant_and_a_series(library: Library) -> None:
    parameters = load_parameters(library)
    lifetime = parameters["steel.technologies.scrap_eaf.lifetime"]
    assert (lifetime.times, lifetime.values, lifetime.unit) == ((), (25.0,), "yr")
    assert (lifetime.low, lifetime.high, lifetime.line) == (20.0, 35.0, 2)
    assert lifetime.file == "simulator/data/steel/technologies.csv"
    energy = parameters["steel.technologies.scrap_eaf.energy_new"]
    assert (energy.times, energy.values) == ((2020.0, 2060.0), (1.0, 0.8))


def test_the_tables_are_read_again_only_when_they_change(copied: Library) -> None:
    first = load_parameters(copied)
    assert load_parameters(copied) is first
    table = copied.data / "steel" / "technologies.csv"
    table.write_text(
        table.read_text("utf-8").replace("lifetime,,25", "lifetime,,26.5"), "utf-8"
    )
    assert load_parameters(copied)["steel.technologies.scrap_eaf.lifetime"].values == (26.5,)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("scrap_share,,,1,,,yearbook,t,measured,", "the value is missing"),
        ("scrap_share,,many,1,,,yearbook,t,measured,", "the value is not a number"),
        ("scrap_share,,nan,1,,,yearbook,t,measured,", "the value is not a number"),
        ("scrap_share,,0.2,,,,yearbook,t,measured,", "the unit is missing"),
        ("scrap_share,,0.2,1,,,yearbok,t,measured,", 'did you mean "yearbook"'),
        ("scrap_share,,0.2,1,,,yearbook,,measured,", "say where in the source"),
        ("scrap_share,,0.2,1,,,yearbook,t,sure,", "none of measured"),
        ("scrap_share,,0.2,1,,,assumption,,assumption,", "needs low and high"),
        ("scrap_share,,0.2,1,0,1,assumption,,measured,", "standing says otherwise"),
        ("scrap_share,,0.7,1,0.1,0.5,yearbook,t,measured,", "outside its range 0.1..0.5"),
        ("scrap_share,,0.2,1,,,yearbook,t,measured", "9 cells, expected 10"),
        ("Scrap,,0.2,1,,,yearbook,t,measured,", "lower-case words"),
        (GOOD + "\n" + GOOD, "one has no year"),
        ("a,2020,1,1,,,yearbook,t,measured,\na,2020,2,1,,,yearbook,t,measured,", "twice"),
        ("a,2030,1,1,,,yearbook,t,measured,\na,2020,2,1,,,yearbook,t,measured,", "increase"),
        ("a,2020,1,t,,,yearbook,t,measured,\na,2030,2,kt,,,yearbook,t,measured,", "differs"),
    ],
)
def test_a_wrong_row_is_named(row: str, words: str, copied: Library) -> None:
    table = copied.data / "steel" / "wrong.csv"
    table.write_text(",".join(COLUMNS) + "\n" + row + "\n", "utf-8")
    with pytest.raises(ScenarioError, match=words) as caught:
        load_parameters(copied)
    assert caught.value.problems[0].file == "simulator/data/steel/wrong.csv"
    assert caught.value.problems[0].line == 2 + row.count("\n")


def test_a_key_in_two_tables_is_refused(copied: Library) -> None:
    table = copied.data / "steel" / "wrong.csv"
    table.write_text(",".join(COLUMNS) + "\n" + GOOD + "\n", "utf-8")
    with pytest.raises(ScenarioError, match=r"technologies\.csv:6"):
        load_parameters(copied)


@pytest.mark.parametrize("text", ["key,value\n", "", '"open\n'])
def test_a_table_without_the_columns_is_refused(text: str, copied: Library) -> None:
    (copied.data / "steel" / "wrong.csv").write_text(text, "utf-8")
    with pytest.raises(ScenarioError, match=r"columns must be|cannot be read"):
        load_parameters(copied)


def test_the_bibliography_is_read(library: Library) -> None:
    sources = load_sources(library)
    assert set(sources) == {"agora_steel", "yearbook"}
    assert sources["agora_steel"].citation() == (
        "Agora Industry, Wuppertal Institute. Low-carbon technologies for the global steel "
        "transformation. Agora. 2024"
    )
    assert sources["yearbook"].fields["title"] == "China Energy Statistical Yearbook"


def test_a_broken_entry_ends_where_the_file_ends() -> None:
    assert read_bibtex("@book{a, title = {never closed", "f")[0].key == "a"


def rows() -> list[tuple[Path, int, dict[str, str]]]:
    """Every row that ships."""
    found = []
    for path in tables(shipped()):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            found += [(path, line, row) for line, row in enumerate(csv.DictReader(stream), 2)]
    return found


def test_every_shipped_number_has_a_unit_and_a_source() -> None:
    sources = set(load_sources()) | {"assumption"}
    wrong = []
    for path, line, row in rows():
        numbers = {
            name: float(row[name]) if row[name] else None
            for name in ("year", "value", "low", "high")
        }
        try:
            number = SourcedNumber.model_validate({**row, **numbers})
            parse(number.unit)
            assert number.source in sources, f"unknown source {number.source}"
        except (ValueError, AssertionError, ScenarioError) as error:
            wrong.append(f"{path.parent.name}/{path.name}:{line}: {error}")
    assert not wrong, "\n".join(wrong[:30])
    assert len(rows()) > 0


def test_every_shipped_source_has_a_title_and_a_year() -> None:
    for reference in load_sources().values():
        assert reference.fields.get("title"), reference.key
        assert reference.fields.get("year"), reference.key
