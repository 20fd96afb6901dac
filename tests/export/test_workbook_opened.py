"""LibreOffice opens the workbook, and what it writes back has every cell."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from simulator.export.workbook import workbook
from simulator.reading.roadmap import load_roadmap
from simulator.results.milestones import milestones
from tests.synthetic import dataset

OFFICE = next(
    (path for name in ("soffice", "libreoffice") if (path := shutil.which(name))), None
)
pytestmark = pytest.mark.skipif(
    OFFICE is None,
    reason="no LibreOffice on this machine: apt-get install --no-install-recommends"
    " libreoffice-calc",
)
FORMULA = "=HYPERLINK(1)"


def cells(path: Path) -> dict[str, dict[str, object]]:
    """Every cell with something in it, by sheet and place."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: {
            cell.coordinate: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in book.worksheets
    }


@pytest.fixture(scope="module", params=["en", "zh"])
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The workbook as it was written, and as LibreOffice writes what it read."""
    folder = tmp_path_factory.mktemp("office")
    run = dataset().assign_attrs(label_en=FORMULA, label_zh=FORMULA)
    board = milestones(run, load_roadmap("four_stage"))
    path = folder / "results.xlsx"
    path.write_bytes(workbook(run, board, ["A source", "=1+1"], request.param))
    words = [
        str(OFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "xlsx", "--outdir", str(folder / "again"), str(path),
    ]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    again = folder / "again" / path.name
    assert again.is_file(), done.stderr
    return cells(path), cells(again)


def test_it_keeps_every_sheet_and_every_cell(books) -> None:
    ours, theirs = books
    assert list(theirs) == list(ours)
    for name, sheet in ours.items():
        assert theirs[name].keys() == sheet.keys(), name
        for place, value in sheet.items():
            found = theirs[name][place]
            if isinstance(value, str):
                assert found == value, (name, place)
            else:
                assert found == pytest.approx(value, rel=1e-12), (name, place)
    assert sum(map(len, ours.values())) > 50_000


def test_text_that_looks_like_a_formula_stays_text(books) -> None:
    _, theirs = books
    first = next(iter(theirs.values()))
    assert first["A1"] == FORMULA
