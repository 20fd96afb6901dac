"""A file of published pathways: series of numbers by year, with their units, and their lines.

Three shapes are read, told apart by the first line:

* IAMC wide: ``Model, Scenario, Region, Variable, Unit`` and a column a year;
* IAMC long: the same with the columns ``Year`` and ``Value``;
* tidy: ``variable, unit, year, value``, and where there is more than one pathway ``scenario``,
  ``model`` or ``region``. ``dimension`` and ``label`` say what a variable is of, as the tidy
  table of this project has it.

Upper or lower case and the order of columns do not matter, Chinese names of columns are read,
and columns of other names are left alone. Only China is read. What the variables are is found
out in `simulator.results.published`.
"""

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from simulator.errors import Problem, ScenarioError

SIZE_LIMIT: Final = 50_000_000
"""Most bytes of a file; the tidy table of a run has ten million."""
PATHWAY_LIMIT: Final = 4
"""Most pathways of a file, so that a chart stays readable."""
REPORT_LIMIT: Final = 12
"""Problems that are named one by one."""
NAME_LIMIT: Final = 200
"""Most characters of a name."""

COLUMNS: Final[Mapping[str, str]] = {
    "模型": "model", "情景": "scenario", "地区": "region", "区域": "region", "变量": "variable",
    "单位": "unit", "年份": "year", "年": "year", "数值": "value", "值": "value",
}  # fmt: skip
"""Chinese names of the columns."""

KNOWN: Final = frozenset((*COLUMNS.values(), "dimension", "label"))
NEEDED: Final = ("variable", "unit")
CHINA: Final = frozenset((
    "", "china", "chn", "cn", "prc", "people's republic of china", "china (mainland)", "中国",
    "全国",
))  # fmt: skip
"""Names of the region that is read; a file without regions is of it."""
MISSING: Final = frozenset(("", "na", "n/a", "nan"))
"""Cells without a number."""

NO_UNIT: Final = "1"
"""Unit of a number without one; an IAMC table leaves the cell empty."""

_YEAR: Final = re.compile(r"(?:19|20|21)\d\d(?:\.0+)?")


class PublishedSeries(NamedTuple):
    """One variable of one published pathway."""

    pathway: str
    """Model and scenario, or the name of the file."""
    variable: str
    """As the file has it; with ``[dimension=label]`` where columns say so."""
    unit: str
    line: int
    """First line of the file that holds it, counted from 1."""
    years: tuple[int, ...]
    """In order."""
    values: tuple[float, ...]
    """One for each year, in `unit`."""


class Published(NamedTuple):
    """All that is read of a file."""

    file: str
    """The file as the reader knows it."""
    strict: bool
    """Whether each variable must be known: in a tidy table, which is written by hand."""
    series: tuple[PublishedSeries, ...]

    @property
    def pathways(self) -> tuple[str, ...]:
        """Names of the pathways, in the order of the file."""
        return tuple(dict.fromkeys(item.pathway for item in self.series))


class _Cell(NamedTuple):
    """One number of the file, with all that says what it is."""

    key: tuple[str, str]
    """Pathway and variable."""
    unit: str
    year: str
    text: str
    line: int
    column: int


def read_pathways(path: str | Path) -> Published:
    """Read a file of published pathways.

    Raises
    ------
    ScenarioError
        The file cannot be read, or something in it is wrong; every problem with its line.
    """
    reader = _Reader(Path(path))
    found = reader.read()
    if reader.problems:
        shown, more = reader.problems[:REPORT_LIMIT], len(reader.problems) - REPORT_LIMIT
        rest = [f"{reader.file}: and {more} more problems"] if more > 0 else []
        raise ScenarioError(*shown, *rest)
    return found


class _Reader:
    """Reads one file and gathers its problems."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = str(path)
        self.problems: list[Problem] = []
        self.columns: dict[str, int] = {}
        self.years: dict[int, int] = {}
        """Column of each year of a wide table."""
        self.regions: dict[str, None] = {}

    def report(self, line: int, column: int, key: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.file, line, column, key[:NAME_LIMIT], message))

    def read(self) -> Published:
        """Read the whole file."""
        rows = self.rows()
        series: dict[tuple[str, str], PublishedSeries] = {}
        _, head = next(rows, (1, list[str]()))
        self.header([cell.strip() for cell in head])
        if not self.problems:
            series = self.gathered(self.cells(rows, len(head)))
        known = [item for item in series.values() if item.years]
        if not self.problems and not known:
            self.nothing()
        found = Published(self.file, "model" not in self.columns, tuple(known))
        if len(names := found.pathways) > PATHWAY_LIMIT:
            shown = ", ".join(f'"{name}"' for name in names[: PATHWAY_LIMIT + 2])
            message = (
                f"{len(names)} pathways ({shown}, ...) are too many for one picture: keep the "
                f"rows of at most {PATHWAY_LIMIT} models and scenarios"
            )
            self.report(1, 1, "scenario", message)
        return found

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Walk the rows with the line on which each begins."""
        reader = csv.reader(io.StringIO(self.text(), newline=""), strict=True)
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            message = f"the row cannot be read: {error}; look for a quote that is not closed"
            self.report(line, 1, "", message)

    def text(self) -> str:
        """Read the file as text; empty when that is not possible."""
        message, line = "", 0
        content = b""
        try:
            if not self.path.is_file():
                message = "there is no such file; write the path of a CSV file after --with"
            elif self.path.stat().st_size > SIZE_LIMIT:
                message = (
                    f"the file is larger than {SIZE_LIMIT // 1_000_000} MB; keep the rows of "
                    "China and of the variables that are to be compared"
                )
            else:
                content = self.path.read_bytes()
                return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            book = content.startswith(b"PK")
            what = "the file is an Excel workbook" if book else "the file is not UTF-8 text"
            message = f'{what}; save it as "CSV UTF-8" and try again'
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            message = f"the file cannot be read: {reason}"
        self.report(line, 1, "", message)
        return ""

    def header(self, cells: Sequence[str]) -> None:
        """Find out what each column holds."""
        if self.problems:
            return
        for place, cell in enumerate(cells):
            name = COLUMNS.get(cell, cell.casefold())
            year = int(float(cell)) if _YEAR.fullmatch(cell) else None
            if name in self.columns or (year is not None and year in self.years):
                self.report(1, place + 1, cell, "two columns have this name; leave one out")
            elif name in KNOWN:
                self.columns[name] = place
            elif year is not None:
                self.years[year] = place
        missing = [name for name in NEEDED if name not in self.columns]
        if "year" in self.columns or "value" in self.columns or not self.years:
            missing += [name for name in ("year", "value") if name not in self.columns]
            self.years = {}
        if not missing:
            return
        found = ", ".join(cells)[:NAME_LIMIT] or "nothing"
        fix = (
            "a table has variable, unit, year, value, or the IAMC columns Model, Scenario, "
            "Region, Variable, Unit and one column a year"
        )
        if len(cells) == 1 and re.search("[;\t]", cells[0]):
            fix = "separate the columns by commas"
        self.report(1, 1, "", f"no column {' and '.join(missing)} in the head ({found}); {fix}")

    def cells(self, rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[_Cell]:
        """Walk the numbers of China; what is wrong with a row is noted."""
        for begins, row in rows:
            texts = [cell.strip() for cell in row]
            if not any(texts):
                continue
            if len(texts) != width:
                message = f"{len(texts)} cells, expected {width}; quote a cell that has a comma"
                self.report(begins, 1, texts[0], message)
                continue
            place = {name: texts[column] for name, column in self.columns.items()}
            region = place.get("region", "")
            self.regions.setdefault(region)
            if region.casefold() not in CHINA:
                continue
            key, unit = self.named(place), place["unit"]
            if "model" in self.columns:
                unit = unit or NO_UNIT
            if not place["variable"] or not unit:
                empty = "unit" if place["variable"] else "variable"
                message = f"the {empty} is empty; write it, as in the rows above and below"
                self.report(begins, 1 + self.columns[empty], key[1], message)
                continue
            if self.years:
                for year, column in self.years.items():
                    yield _Cell(key, unit, str(year), texts[column], begins, 1 + column)
            else:
                column = 1 + self.columns["value"]
                yield _Cell(key, unit, place["year"], place["value"], begins, column)

    def named(self, place: Mapping[str, str]) -> tuple[str, str]:
        """Pathway and variable of a row."""
        parts = [place[name] for name in ("model", "scenario") if place.get(name)]
        variable = place["variable"]
        if dimensions := place.get("dimension"):
            pairs = zip(dimensions.split("|"), place.get("label", "").split("|"), strict=False)
            variable += f"[{', '.join(f'{key}={text}' for key, text in pairs)}]"
        name = " ".join(parts) or self.path.stem
        return name[:NAME_LIMIT], variable[:NAME_LIMIT]

    def gathered(self, cells: Iterator[_Cell]) -> dict[tuple[str, str], PublishedSeries]:
        """Put the numbers of each series in order."""
        values: dict[tuple[str, str], dict[int, tuple[float, int]]] = {}
        units: dict[tuple[str, str], tuple[str, int]] = {}
        for cell in cells:
            unit, first = units.setdefault(cell.key, (cell.unit, cell.line))
            if unit != cell.unit:
                message = f'the unit is "{cell.unit}", but "{unit}" on line {first}; use one'
                self.report(cell.line, 1 + self.columns["unit"], cell.key[1], message)
                continue
            known = values.setdefault(cell.key, {})
            number, year = self.number(cell), self.year(cell)
            if number is None or year is None:
                continue
            if year in known:
                message = f"{year} stands already on line {known[year][1]}; leave one row out"
                self.report(cell.line, cell.column, cell.key[1], message)
                continue
            known[year] = number, cell.line
        found = {}
        for key, known in values.items():
            years = tuple(sorted(known))
            numbers = tuple(known[year][0] for year in years)
            found[key] = PublishedSeries(*key, *units[key], years, numbers)
        return found

    def number(self, cell: _Cell) -> float | None:
        """Read a number; None where the cell is empty or wrong."""
        if cell.text.casefold() in MISSING:
            return None
        try:
            value = float(cell.text)
        except ValueError:
            value = math.nan
        if math.isfinite(value) and "_" not in cell.text:
            return value
        message = f'"{cell.text[:40]}" is no number; write it like 11500 or 1.15e4'
        self.report(cell.line, cell.column, cell.key[1], f"{message}, without commas")
        return None

    def year(self, cell: _Cell) -> int | None:
        """Read a year; None where it is wrong."""
        if _YEAR.fullmatch(cell.year):
            return int(float(cell.year))
        message = f'"{cell.year[:40]}" is no year; write it like 2030'
        self.report(cell.line, 1 + self.columns["year"], cell.key[1], message)
        return None

    def nothing(self) -> None:
        """Say why there is nothing to compare."""
        regions = [name for name in self.regions if name.casefold() not in CHINA]
        if regions and len(regions) == len(self.regions):
            shown = ", ".join(f'"{name[:40]}"' for name in regions[:6])
            message = f'no rows of China; the regions are {shown}: call the one meant "China"'
            self.report(1, 1 + self.columns["region"], "region", message)
            return
        self.report(1, 1, "", "the file has no numbers; write a row for each value")
