"""Observed history, 2000 to 2024: the series that the model is held against.

One tidy table a subject in ``calibration/observations``. Rows of a variable stand together,
years increase without gaps, and every variable carries the unit of its family and values that
it can have in that unit, so that a shuffled or mislabelled table is refused before it can spoil
a comparison. What somebody expected is no observation: a row that says so is refused too.
"""

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Problem, ScenarioError, UnitError
from simulator.units import convert

FloatArray = NDArray[np.float64]

FOLDER: Final = Path(__file__).resolve().parent / "observations"
COLUMNS: Final = (
    "variable", "unit", "year", "value", "uncertainty", "publisher", "licence", "note",
)  # fmt: skip
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2024

HEARSAY: Final = re.compile(
    r"\b(project(ed|ions?)|scenarios?|forecasts?|expected|STEPS|APS|targets?)\b|预测|情景|目标",
    re.IGNORECASE,
)
"""Words of a publisher or a note by which a number was not observed."""


class Family(NamedTuple):
    """Variables of one kind."""

    unit: str
    least: float
    """Smallest value that is believed, in the unit."""
    most: float


def _families() -> Mapping[str, Family]:
    """Read unit and range of each family, by the first word of the names of its variables."""
    with (FOLDER.parent / "families.csv").open(encoding="utf-8", newline="") as stream:
        return MappingProxyType({
            row["family"]: Family(row["unit"], float(row["least"]), float(row["most"]))
            for row in csv.DictReader(stream)
        })  # fmt: skip


FAMILIES: Final = _families()

UNITS: Final = MappingProxyType({name: family.unit for name, family in FAMILIES.items()})
"""Unit of each family of variables, by the first word of their names."""


@dataclass(frozen=True, eq=False)
class Observation:
    """One observed series; publisher, licence and note join those of its rows."""

    variable: str
    """Name, the family first: ``co2.coal``."""
    unit: str
    """Unit of the family."""
    years: NDArray[np.int64]
    """Calendar years, increasing by one."""
    values: FloatArray
    """Flow or mean of each year, or stock at its end."""
    uncertainty: FloatArray
    """Standard deviation relative to the value [1]."""
    publisher: str
    licence: str
    note: str
    file: str
    line: int
    """Line of the first row, counted from 1."""

    def until(self, year: int) -> "Observation":
        """The series without the years after `year`; empty where it begins later."""
        count = int(np.searchsorted(self.years, year, side="right"))
        return replace(
            self,
            years=self.years[:count],
            values=self.values[:count],
            uncertainty=self.uncertainty[:count],
        )

    def at(self, year: int) -> float:
        """Value of a year; KeyError outside the series."""
        place = year - int(self.years[0])
        if not 0 <= place < len(self.years):
            message = f"{self.variable} is observed {self.years[0]} to {self.years[-1]}"
            raise KeyError(message)
        return float(self.values[place])


@dataclass(frozen=True)
class _Row:
    """A row that is sound by itself, in the unit of its family."""

    variable: str
    unit: str
    year: int
    value: float
    uncertainty: float
    cells: tuple[str, ...]
    line: int


@cache
def load_observations(folder: Path = FOLDER) -> Mapping[str, Observation]:
    """Read every table; ScenarioError names each problem with its file and line."""
    problems: list[Problem] = []
    found: dict[str, Observation] = {}
    for path in sorted(folder.glob("*.csv")):
        file = f"{folder.name}/{path.name}"
        for series in _series(_rows(path, file, problems)):
            observation = _observation(series, file, problems)
            if observation.variable in found:
                known = found[observation.variable]
                text = f"stands already in {known.file}:{known.line}; keep its rows together"
                problems.append(_problem(file, series[0], text))
            else:
                found[observation.variable] = observation
    if problems:
        raise ScenarioError(*problems)
    return MappingProxyType(found)


def _problem(file: str, row: _Row, text: str) -> Problem:
    return Problem(file, row.line, 1, row.variable, text)


def _rows(path: Path, file: str, problems: list[Problem]) -> Iterator[_Row]:
    """Read the sound rows of a table and note what is wrong with the others."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header = tuple(next(reader, ()))
        if header != COLUMNS:
            text = f"the columns must be {','.join(COLUMNS)}"
            problems.append(Problem(file, 1, 1, "", text))
            return
        for cells in reader:
            line = reader.line_num
            try:
                yield _row(tuple(cells), line)
            except (ValueError, UnitError) as error:
                key = cells[0] if cells else ""
                problems.append(Problem(file, line, 1, key, str(error)))


def _row(cells: tuple[str, ...], line: int) -> _Row:
    """Check a row; ValueError or UnitError says what is wrong."""
    if len(cells) != len(COLUMNS):
        message = f"{len(cells)} cells, expected {len(COLUMNS)}; quote a cell that has a comma"
        raise ValueError(message)
    variable, unit, year, value, uncertainty, publisher, licence, _ = cells
    family = variable.split(".", maxsplit=1)[0]
    if family not in UNITS:
        message = f"no family of variables is called {family}; known are {', '.join(UNITS)}"
        raise ValueError(message)
    expected = UNITS[family]
    if unit != expected:
        factor = convert(1.0, unit, expected)
        message = (
            f'write it in "{expected}", the unit of its family, not in "{unit}": '
            f"multiply the values by {factor:g}"
        )
        raise ValueError(message)
    number, spread = float(value), float(uncertainty)
    _, least, most = FAMILIES[family]
    if not (math.isfinite(number) and least <= number <= most):
        message = (
            f"the value {value} must be a number from {least:g} to {most:g} {expected}"
            f"{_slip(number, least, most)}"
        )
        raise ValueError(message)
    if not 0 < spread <= 1:
        message = f"the uncertainty {uncertainty} must be relative, above 0 and up to 1"
        raise ValueError(message)
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        message = f"the year {year} lies outside {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(message)
    if not (publisher and licence):
        message = "say who published the number and under which licence"
        raise ValueError(message)
    if found := HEARSAY.search(f"{publisher} {cells[7]}"):
        message = (
            f'"{found.group()}" says that the number was not observed; a parameter of a '
            "scenario may hold it, or take the word out if it does not mean that"
        )
        raise ValueError(message)
    return _Row(variable, unit, int(year), number, spread, cells, line)


def _slip(number: float, least: float, most: float) -> str:
    """Guess that a prefix of the unit was overlooked."""
    if not math.isfinite(number):
        return ""
    for factor in (1e-3, 1e3, 1e-2, 1e-6, 1e6):
        if least <= number * factor <= most:
            return f"; is it in another unit? Multiplied by {factor:g} it would fit"
    return ""


def _series(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    """Group neighbouring rows of the same variable."""
    series: list[_Row] = []
    for row in rows:
        if series and series[-1].variable != row.variable:
            yield series
            series = []
        series.append(row)
    if series:
        yield series


def _observation(series: list[_Row], file: str, problems: list[Problem]) -> Observation:
    """Join rows to a series and note years that repeat, go back or leave a gap."""
    for before, row in pairwise(series):
        step = row.year - before.year
        if step == 0:
            lines = f"{before.line}, {row.line}"
            text = f"the year {row.year} is written twice; keep one of lines {lines}"
            problems.append(_problem(file, row, text))
        elif step < 0:
            text = (
                f"the years must increase: {row.year} comes after {before.year}; sort the rows "
                "of the variable by year"
            )
            problems.append(_problem(file, row, text))
        elif step > 1:
            text = (
                f"no value between {before.year} and {row.year}; a series has no gaps: add the "
                "years, or start the series after them"
            )
            problems.append(_problem(file, row, text))
    first = series[0]
    return Observation(
        variable=first.variable,
        unit=first.unit,
        years=np.array([row.year for row in series], dtype=np.int64),
        values=np.array([row.value for row in series]),
        uncertainty=np.array([row.uncertainty for row in series]),
        publisher=_joined(series, 5),
        licence=_joined(series, 6),
        note=_joined(series, 7),
        file=file,
        line=first.line,
    )


def _joined(series: list[_Row], cell: int) -> str:
    """Name each different text of a column once."""
    return "; ".join(dict.fromkeys(row.cells[cell] for row in series if row.cells[cell]))
