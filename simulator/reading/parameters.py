"""The numbers of the world: every table under ``simulator/data``, read once a process.

The rows are checked here by hand, because a run reads thousands of them and should start at
once. The same rules, as a schema with their meaning, are in `simulator.schema.numbers`.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from simulator.errors import Problem, ScenarioError
from simulator.reading.library import Library, Stamp, shipped, stamp
from simulator.reading.sheet import Sheet
from simulator.reading.sources import bibliography, load_sources
from simulator.reading.suggest import did_you_mean

COLUMNS = ("key", "year", "value", "unit", "low", "high", "source", "where", "standing", "note")
STANDINGS = ("measured", "literature", "calibrated", "assumption")
_KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")


@dataclass(frozen=True)
class Parameter:
    """A number or a series of the world, with its unit and where it comes from."""

    path: str
    """Folder and key, for example ``steel.technologies.scrap_eaf.lifetime``."""
    times: tuple[float, ...]
    """Decimal years of the knots, or calendar years of observations; empty for a constant."""
    values: tuple[float, ...]
    """One value, or one a knot, in `unit`."""
    unit: str
    low: float | None
    """Lower end of the plausible range; the lowest of a series."""
    high: float | None
    """Upper end of the plausible range; the highest of a series."""
    source: str
    where: str
    standing: str
    note: str
    file: str
    line: int
    """Line of the first row, counted from 1."""


class Row(NamedTuple):
    """A row as it stands in a file."""

    path: str
    year: float | None
    value: float
    low: float | None
    high: float | None
    cells: list[str]
    line: int


def tables(library: Library) -> list[Path]:
    """List the data tables: every CSV file in a folder of the data folder."""
    return sorted(
        path for path in library.data.glob("*/*.csv") if path.parent.name != "sources"
    )


def load_parameters(library: Library | None = None) -> Mapping[str, Parameter]:
    """Read all parameters by path; cached until a file changes."""
    where = library or shipped()
    return _read(where, stamp([*tables(where), *bibliography(where)]))


@lru_cache(maxsize=4)
def _read(library: Library, files: Stamp) -> Mapping[str, Parameter]:
    """Read all tables in the state that `files` describes."""
    sources = set(load_sources(library)) | {"assumption"}
    found: dict[str, Parameter] = {}
    problems: list[Problem] = []
    for path, _, _ in files:
        if path.suffix != ".csv":
            continue
        table = _Table(library.show(path), path, sources)
        for parameter in table.parameters():
            known = found.setdefault(parameter.path, parameter)
            if known is not parameter:
                message = f"written twice; it stands already in {known.file}:{known.line}"
                table.sheet.report(parameter.line, parameter.path, message)
        problems += table.sheet.problems
    if problems:
        raise ScenarioError(*problems)
    return MappingProxyType(found)


def _number(text: str) -> float | None:
    """Read a finite number; NaN stands for text that is none, None for an empty cell."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


class _Table:
    """Reads one table and gathers what is wrong in it; an unknown source is named once."""

    def __init__(self, file: str, path: Path, sources: set[str]) -> None:
        self.sheet = Sheet(file, path)
        self.folder = path.parent.name
        self.sources = sources
        self.unknown: set[str] = set()

    def row(self, cells: list[str], line: int) -> Row | None:
        """Check one row; None when it cannot be used."""
        key, year, value, unit, low, high, source, where, standing, _ = cells
        path = f"{self.folder}.{key}"
        numbers = [_number(text) for text in (year, value, low, high)]
        names = ("year", "value", "low", "high")
        wrong = {
            f"the {name} is not a number": number is not None and math.isnan(number)
            for name, number in zip(names, numbers, strict=True)
        } | {
            "a key is lower-case words joined by dots": not _KEY.fullmatch(key),
            "the value is missing": not value,
            'the unit is missing; write "1" for a number without one': not unit,
            f'unknown source "{source}"': source not in self.sources,
            f'the standing "{standing}" is none of {", ".join(STANDINGS)}': standing
            not in STANDINGS,
            "the source is an assumption, the standing says otherwise": source == "assumption"
            and standing != "assumption",
            "an assumption needs low and high": "assumption" in (source, standing)
            and not (low and high),
            "say where in the source the number stands": source != "assumption" and not where,
        }
        for message, applies in wrong.items():
            if applies and message not in self.unknown:
                if "unknown" in message:
                    self.unknown.add(message)
                hint = did_you_mean(source, self.sources) if "unknown" in message else ""
                self.sheet.report(line, path, message + hint)
        time, number, lowest, highest = numbers
        if any(wrong.values()) or number is None:
            return None
        if (lowest is not None and number < lowest) or (
            highest is not None and number > highest
        ):
            self.sheet.report(
                line, path, f"the value {value} is outside its range {low}..{high}"
            )
        return Row(path, time, number, lowest, highest, cells, line)

    def parameters(self) -> Iterator[Parameter]:
        """Join the rows of a key to a parameter."""
        groups: dict[str, list[Row]] = {}
        for cells, line in self.sheet.rows(COLUMNS):
            row = self.row(cells, line)
            if row is not None:
                groups.setdefault(row.path, []).append(row)
        for path, rows in groups.items():
            yield self.parameter(path, rows)

    def parameter(self, path: str, rows: list[Row]) -> Parameter:
        """Check that the rows of a key fit together."""
        first = rows[0]
        _, _, _, unit, _, _, source, where, standing, note = first.cells
        previous = first
        for row in rows[1:]:
            if row.year is None or previous.year is None:
                self.sheet.report(
                    row.line, path, "several rows with this key, and one has no year"
                )
            elif row.year == previous.year:
                self.sheet.report(row.line, path, f"the year {row.year:g} is written twice")
            elif row.year < previous.year:
                self.sheet.report(
                    row.line, path, f"the years must increase: {row.year:g} comes late"
                )
            if row.cells[3] != unit:
                self.sheet.report(
                    row.line, path, f"the unit differs from the first row's {unit}"
                )
            previous = row
        lows = [row.low for row in rows if row.low is not None]
        highs = [row.high for row in rows if row.high is not None]
        return Parameter(
            path,
            tuple(row.year for row in rows if row.year is not None),
            tuple(row.value for row in rows),
            unit,
            min(lows) if lows else None,
            max(highs) if highs else None,
            source,
            where,
            standing,
            note,
            self.sheet.file,
            first.line,
        )
