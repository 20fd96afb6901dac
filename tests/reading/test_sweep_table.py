"""Designs from a CSV file: what they may hold, and where what is wrong stands."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from simulator.errors import ScenarioError
from simulator.reading.library import Library
from simulator.reading.sweep import Sweep, load_sweep

SWEEP = """\
schema: 1
name: tabled
label: {en: a, zh: b}
base: base
design: table
table: rows.csv
keep: {variables: [emissions_net]}
"""
PRICE = "policies.carbon_price_floor.schedule"
START = "policies.coal_power_phase_out.start"
SHARE = "steel.scrap_share"
LIFETIME = "steel.technologies.scrap_eaf.lifetime"


def read(library: Library, table: str | bytes, text: str = SWEEP) -> Sweep:
    folder = library.scenarios / "sweeps"
    folder.mkdir(exist_ok=True)
    (folder / "tabled.yaml").write_text(text, "utf-8")
    data = table if isinstance(table, bytes) else table.encode()
    (folder / "rows.csv").write_bytes(data)
    return load_sweep("tabled", library)


def test_every_line_is_a_row_in_the_units_of_the_header(copied: Library) -> None:
    sweep = read(
        copied,
        f'{PRICE}.2030 [CNY/kg CO2],{LIFETIME},{START},"{PRICE}.2040"\n'
        '0.1,25,2030,3\n\n0.2,"8760 day",2031.5, 4 \n',
    )
    assert [one.key for one in sweep.inputs] == [
        f"{PRICE}.2030", LIFETIME, START, f"{PRICE}.2040",
    ]  # fmt: skip
    assert [one.unit for one in sweep.inputs] == ["CNY/t CO2", "yr", "year", "CNY/t CO2"]
    assert sweep.table == pytest.approx(np.array([[100, 25, 2030, 3], [200, 24, 2031.5, 4]]))
    base = sweep.bases[0]
    changed = base.replace(
        {
            PRICE: {2025: 70, 2030: "0.2 CNY/kg CO2", 2040: 4},
            LIFETIME: "8760 day",
            START: 2031.5,
        }
    )
    assert sweep.resolved(1).digest == changed.resolved.digest


def test_words_and_schedules_make_a_column_of_choices(copied: Library) -> None:
    sweep = read(
        copied,
        f"{START},{PRICE}\n"
        '2030,"{2025: 75, 2030: 200}"\n'
        "never,100\n"
        'stage.transition,"{2025: 75, 2030: 200}"\n'
        "2030,100\n",
    )
    start, price = sweep.inputs
    assert start.choices == ("2030", "never")  # the transition of this roadmap starts in 2030
    assert price.choices == ("{2025: 75, 2030: 200}", "100")
    assert sweep.table.tolist() == [[0, 0], [1, 1], [0, 0], [0, 1]]
    base = sweep.bases[0]
    changed = base.replace({START: "never", PRICE: 100})
    assert sweep.resolved(1).digest == changed.resolved.digest
    (warning,) = sweep.warnings
    assert "lines 2 and 4 are the same" in warning


def test_a_table_as_spreadsheets_save_it(copied: Library) -> None:
    sweep = read(copied, "\ufeff" + f"{SHARE},{LIFETIME}\r\n0.2,25\r\n0.3,1e1\r\n")
    assert sweep.table.tolist() == [[0.2, 25], [0.3, 10]]
    assert "rows.csv:3:2" in sweep.warnings[0]  # ten years were never studied


class Case(NamedTuple):
    """A table that is wrong, and what must be said about it."""

    name: str
    table: str | bytes
    line: int
    column: int
    key: str
    words: str


CASES = (
    Case("empty", "", 1, 1, "", "the first line names 1 to 1000 keys"),
    Case("blank_header", " , \n1,2\n", 1, 1, "", "the first line names"),
    Case("no_rows", f"{SHARE}\n", 1, 1, "", "the table has no rows"),
    Case("no_key", f"{SHARE},[yr]\n1,2\n", 1, 2, "", "a key is expected"),
    Case("unknown_key", "steel.scrap_shar\n1\n", 1, 1, "steel.scrap_shar", f'mean "{SHARE}"'),
    Case("wrong_unit", f"{LIFETIME} [t]\n1\n", 1, 1, LIFETIME, 'a unit like "yr"'),
    Case("no_unit", f"{LIFETIME} []\n1\n", 1, 1, LIFETIME, "cannot read the unit"),
    Case("same_twice", f"{SHARE},parameters.{SHARE}\n0.2,0.3\n", 1, 2,
         f"parameters.{SHARE}", "sets the same as the column"),
    Case("no_schedule", f"{START}.scale\n1\n", 1, 1, f"{START}.scale", "cannot be scaled"),
    Case("short_row", f"{SHARE},{LIFETIME}\n0.2,25\n0.2\n", 3, 1, "", "1 cells, expected 2"),
    Case("long_row", f"{SHARE}\n0.2\n0,2\n", 3, 1, "", "quote a cell that has a comma"),
    Case("empty_cell", f"{SHARE},{LIFETIME}\n0.2,25\n,25\n", 3, 1, SHARE, "found nothing"),
    Case("text_cell", f"{SHARE},{LIFETIME}\n0.2,old\n", 2, 2, LIFETIME, 'the text "old"'),
    Case("infinite", f"{SHARE}\n.inf\n", 2, 1, SHARE, "not a finite number"),
    Case("python_nan", f"{SHARE}\nnan\n", 2, 1, SHARE, 'the text "nan"'),
    Case("overflow", f"{SHARE}\n1e999\n", 2, 1, SHARE, "not a finite number"),
    Case("underscore", f"{LIFETIME}\n2_5\n", 2, 1, LIFETIME, 'unknown unit "_5"'),
    Case("impossible", f"{SHARE}\n0.2\n1.2\n", 3, 1, SHARE, "between 0 and 1"),
    Case("out_of_range", f"{PRICE}.2030\n100\n2501\n", 3, 1, f"{PRICE}.2030", "0 to 2500"),
    Case("out_of_range_in_unit", f"{PRICE}.2030 [CNY/kg CO2]\n0.1\n2.6\n", 3, 1,
         f"{PRICE}.2030", "0 to 2500"),
    Case("scaled_out_of_range", f"{PRICE}.scale\n1\n26\n", 3, 1, f"{PRICE}.scale",
         "makes 2600"),
    Case("date_too_early", f"{START}\n2010\n", 2, 1, START, "before the horizon"),
    Case("date_too_late", f"{START}\n2099\n", 2, 1, START, 'write "never"'),
    Case("unknown_stage", f"{START}\nstage.transitio\n", 2, 1, START, "did you mean"),
    Case("bad_schedule", f'{PRICE}\n"{{2030: 1, 2029: 2}}"\n', 2, 1, f"{PRICE}.2029",
         "must increase"),
    Case("half_a_schedule", f'{PRICE}\n"{{2030: 1"\n', 2, 1, PRICE, "expected"),
    Case("latin", f"{SHARE}\n0.2 \xe9\n".encode("latin-1"), 1, 1, "", "UTF-8"),
    Case("open_quote", f'{SHARE}\n0.2\n"0.3\n', 3, 1, "", "cannot be read"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_cell_is_named_with_its_line(case: Case, copied: Library) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(copied, case.table)
    (problem,) = caught.value.problems
    assert problem.file == "scenarios/sweeps/rows.csv"
    assert (problem.line, problem.column, problem.key) == (case.line, case.column, case.key)
    assert case.words in problem.message


def test_wrong_cells_are_named_until_it_is_enough(copied: Library) -> None:
    wrong = "".join(f"word{number}\n" for number in range(500))
    with pytest.raises(ScenarioError) as caught:
        read(copied, f"{SHARE}\n{wrong}")
    found = caught.value.problems
    assert len(found) < 30
    assert any("500 cells of this column are wrong" in one.message for one in found)
    assert {2, 3, 4} <= {one.line for one in found}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.csv", 'there is no file "absent.csv"'),
        ("../rows.csv", "refused"),
        ("sub/../../rows.csv", "refused"),
        ("/etc/passwd", "refused"),
        ("~/rows.csv", "refused"),
        ("link.csv", "the link leads out"),
        ("''", "not the name of a file"),
    ],
)
def test_a_table_lies_beside_its_sweep(name: str, words: str, copied: Library) -> None:
    folder = copied.scenarios / "sweeps"
    folder.mkdir()
    (copied.scenarios / "rows.csv").write_text(f"{SHARE}\n0.2\n", "utf-8")
    (folder / "link.csv").symlink_to(copied.scenarios / "rows.csv")
    with pytest.raises(ScenarioError) as caught:
        read(copied, f"{SHARE}\n0.2\n", SWEEP.replace("rows.csv", name))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("scenarios/sweeps/tabled.yaml", 6)
    assert problem.key == "table"
    assert words in problem.message


def test_a_table_that_is_too_large_is_not_opened(
    copied: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.reading.sweep_table.SIZE_LIMIT", 10)
    with pytest.raises(ScenarioError, match="is larger than"):
        read(copied, f"{SHARE}\n0.2\n")


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        (SWEEP.replace("table: rows.csv\n", ""), 5, "table", "required with design: table"),
        (f"{SWEEP}vary: {{{SHARE}: {{values: [0.2]}}}}\n", 8, "vary", "leave vary out"),
        (f"{SWEEP}n: 5\n", 8, "n", "has no n"),
        (f"{SWEEP}seed: 5\n", 8, "seed", "has no seed"),
    ],
)
def test_a_table_is_a_design_of_its_own(
    text: str, line: int, key: str, words: str, copied: Library
) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(copied, f"{SHARE}\n0.2\n", text)
    found = [one for one in caught.value.problems if one.key == key]
    assert [(one.line, words in one.message) for one in found] == [(line, True)]


def test_a_path_of_your_own(tmp_path: Path, library: Library) -> None:
    (tmp_path / "tabled.yaml").write_text(SWEEP, "utf-8")
    (tmp_path / "rows.csv").write_text(f"{SHARE}\n0.2\n0.25\n", "utf-8")
    sweep = load_sweep(tmp_path / "tabled.yaml", library)
    assert len(sweep) == 2
    assert sweep.file == str(tmp_path / "tabled.yaml")
