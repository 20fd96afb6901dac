"""The workbook holds every number, says what it is, and reads back."""

from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xarray as xr

from simulator.export.workbook import workbook
from simulator.export.workbook_layout import FORMATS, LINE, digits, shown, signs
from simulator.interface.cli import invoke
from simulator.reading.roadmap import load_roadmap
from simulator.results.milestones import milestones
from simulator.results.quantities import label, load_labels, load_quantities

NAME = "national_targets"


@pytest.fixture(scope="module")
def dataset(run_of) -> xr.Dataset:
    return run_of(NAME)


def made(dataset: xr.Dataset, language: str = "en") -> bytes:
    board = milestones(dataset, load_roadmap("four_stage"))
    return workbook(dataset, board, ["A source"], language)  # type: ignore[arg-type]


def read(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


@pytest.fixture(scope="module")
def book(dataset: xr.Dataset) -> openpyxl.Workbook:
    return read(made(dataset))


def table(sheet) -> list[dict]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_every_sheet_is_in_the_contents(book: openpyxl.Workbook) -> None:
    listed = [cell.value for cell in book["Contents"]["A"][4:]]
    assert ["Contents", *listed] == book.sheetnames
    for name in listed:
        assert len(name) <= 31


def test_it_prints_on_pages_as_wide_as_its_tables(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth in {None, 1, 2}
        assert sheet.page_setup.fitToHeight == 0
        headed = sheet["B1"].value in {"Key", "Unit", "Variable"}
        assert sheet.print_title_rows == ("$1:$1" if headed else None), sheet.title
    longest = max(len(cell.value) for cell in book["Contents"]["B"] if cell.value)
    assert longest < 400


def printed(cell) -> str:
    """What a cell shows."""
    if not isinstance(cell.value, (int, float)):
        return str(cell.value or "")
    if cell.number_format in FORMATS:
        return shown(cell.value, FORMATS.index(cell.number_format))
    return f"{cell.value:.1%}" if "%" in cell.number_format else f"{cell.value:g}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_cell_is_cut_off_in_print(dataset: xr.Dataset, language: str) -> None:
    long = "资料来源 and others " * 20
    board = milestones(dataset, load_roadmap("four_stage"))
    book = read(workbook(dataset, board, [long, "A source"], language))  # type: ignore[arg-type]
    for sheet in book.worksheets[1:]:
        # Neighbours of the same width are kept as one.
        widths = {
            place: of.width
            for of in sheet.column_dimensions.values()
            for place in range(of.min, of.max + 1)
        }
        for row in sheet.iter_rows():
            lines = (sheet.row_dimensions[row[0].row].height or LINE) / LINE
            for cell in row:
                width = widths[cell.column]
                wraps = cell.alignment.wrap_text
                room = (width - 1) * lines if wraps else width
                assert signs(printed(cell)) <= room, (sheet.title, cell.coordinate)
    assert book.worksheets[-1].row_dimensions[1].height >= 3 * LINE


def test_text_beside_numbers_stands_apart(book: openpyxl.Workbook) -> None:
    for cell in (book["Milestones"]["G2"], book["Milestones"]["I2"]):
        assert cell.alignment.indent == 1
        assert cell.alignment.horizontal == "left"


def test_numbers_have_about_four_digits_in_print() -> None:
    for value, text in (
        (12345.678, "12,346"), (-345.678, "-345.7"), (34.5678, "34.57"), (3.45678, "3.457"),
        (0.345678, "0.3457"), (0.00012345, "1.23E-04"), (0.0, "0"),
    ):  # fmt: skip
        assert shown(value, digits([value, float("nan")])) == text
    assert shown(float("nan"), 0) == ""
    assert digits([]) == 0


def test_every_number_reads_back_with_its_unit(
    book: openpyxl.Workbook, dataset: xr.Dataset
) -> None:
    found = {}
    axes = [label("axis", str(dim), "en") for dim in dataset.dims if dim != "time"]
    for sheet in book.worksheets:
        if sheet["B1"].value != "Key":
            continue
        for row in table(sheet):
            place = tuple(row[name] for name in axes if name in row)
            years = [row[int(year)] for year in dataset["time"].values]
            found[row["Key"], place] = (row["Unit"], np.array(years, float))
    for key, variable in dataset.data_vars.items():
        dims = [dim for dim in variable.dims if dim != "time"]
        if dims:
            assert any(name == key for name, _ in found) or not variable.any(), key
        else:
            unit, values = found[key, ()]
            np.testing.assert_allclose(values, variable.values, rtol=1e-12)
            assert unit == variable.attrs["units"]
    steel = found["emissions", ("Steel",)]
    np.testing.assert_allclose(steel[1], dataset["emissions"].sel(sector="steel"), rtol=1e-12)
    assert found["capacity", ("Blast furnace and converter",)][0] == "Mt/yr"


def test_the_scoreboard_is_that_of_the_run(
    book: openpyxl.Workbook, dataset: xr.Dataset
) -> None:
    rows = table(book["Milestones"])
    board = milestones(dataset, load_roadmap("four_stage"))
    assert [row["Key"] for row in rows] == [item.id for item in board]
    words = {"pass": "met", "fail": "missed", "not applicable": "not applicable"}
    assert [row["Status"] for row in rows] == [words[item.status] for item in board]
    assert all(row["Source"] for row in rows)


def test_it_is_chinese_where_that_is_asked(dataset: xr.Dataset) -> None:
    found = read(made(dataset, "zh"))
    assert found.sheetnames[0] == "目录"
    assert "钢铁" in {cell.value for cell in found["行业"]["C"]}


def test_every_axis_has_a_name_of_its_own_in_both_languages(dataset: xr.Dataset) -> None:
    known = load_labels()
    axes = {dim for quantity in load_quantities().values() for dim in quantity.dims}
    for dim in (axes | set(map(str, dataset.dims))) - {"time"}:
        assert f"axis.{dim}" in known, dim
    chinese = [sheet for sheet in read(made(dataset, "zh")).worksheets[3:] if sheet["B1"].value]
    for sheet in chinese:
        assert not sheet.title.isascii()
        head = [cell.value for cell in sheet[1] if isinstance(cell.value, str)]
        assert not any(word in axes for word in head), sheet.title


def test_a_label_that_looks_like_a_formula_stays_text(dataset: xr.Dataset) -> None:
    evil = dataset.assign_attrs(label_en="=HYPERLINK(1)", scenario_yaml="=1+1\n")
    found = read(made(evil))
    for sheet, cell in (("Contents", "A1"), ("Scenario", "A1")):
        assert found[sheet][cell].data_type == "s"
        assert str(found[sheet][cell].value).startswith("=")


def test_equal_results_give_equal_files(dataset: xr.Dataset) -> None:
    assert made(dataset) == made(dataset)


def test_the_command_writes_beside_the_results(tmp_path: Path, capsys) -> None:
    words = ["run", NAME, "--engine", "batch", "--no-report", "-q", "--out", str(tmp_path)]
    assert invoke(words) == 0
    assert invoke(["export", str(tmp_path / NAME), "--format", "xlsx"]) == 0
    assert (tmp_path / NAME / "results.xlsx").is_file()
    assert not list((tmp_path / NAME).glob(".*"))
    missing = str(tmp_path / "nowhere" / "x.xlsx")
    words = ["export", str(tmp_path / NAME), "--format", "xlsx", "--out", missing]
    assert invoke(words) == 2
    assert "cannot write" in capsys.readouterr().err
