"""A design from a file: the first line names what is varied, every other line is a row."""

import csv
import math
import re
from array import array
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Problem, ScenarioError
from simulator.reading.settings import LAST_YEAR, Series, unit_problem
from simulator.reading.sweep_columns import ColumnReader
from simulator.reading.sweep_targets import Target, TargetFinder, conflict
from simulator.reading.sweep_values import Column, is_word, text_of
from simulator.reading.yaml_nodes import Node, from_plain, plain, read_text, resolve_scalar
from simulator.schema.sweep import ROW_LIMIT

SIZE_LIMIT: Final = 100_000_000
"""Most bytes of a table."""
COLUMN_LIMIT: Final = 1_000
REPORT_LIMIT: Final = 20
"""Wrong cells of a column that are named one by one."""

_HEAD = re.compile(r"\s*([^\[\]]+?)\s*(?:\[\s*([^\[\]]*?)\s*\]\s*)?")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,2})?")


class Table(NamedTuple):
    """A design that was read from a file."""

    columns: tuple[Column, ...]
    rows: NDArray[np.float64]
    """Values, shape ``(row, input)``."""
    lines: tuple[int, ...]
    """Line of each row, counted from 1."""


def locate(sweep: Path, text: str) -> tuple[Path | None, str]:
    """Find a table inside the folder of its sweep file, or say why it is refused."""
    written = PurePosixPath(text)
    if "\0" in text or not text.strip() or len(text) > 200:
        return None, "this is not the name of a file"
    leaves = written.is_absolute() or ".." in written.parts
    if leaves or "\\" in text or ":" in text or text.startswith("~"):
        return None, f'"{text}" is refused: write the name of a file beside this one'
    path = sweep.parent / text
    if not path.is_file():
        return None, f'there is no file "{text}" beside this one'
    if not path.resolve().is_relative_to(sweep.parent.resolve()):
        return None, f'"{text}" is refused: the link leads out of the folder'
    if path.stat().st_size > SIZE_LIMIT:
        return None, f'"{text}" is larger than {SIZE_LIMIT // 1_000_000} MB'
    return path, ""


class Cells:
    """One column while it is being read."""

    def __init__(self, target: Target, key: str, unit: str, reader: ColumnReader) -> None:
        self.target = target
        self.key = key
        self.unit = unit
        self.reader = reader
        self.numbers = array("d")
        self.words: dict[int, tuple[Series, str]] = {}
        """By row, what is no plain number, and how it is written."""
        self.known: dict[str, tuple[Series, str, bool] | None] = {}
        """What was found in cells that were looked at closely."""
        self.wrong = 0
        self.low, self.high = self.sure()

    def sure(self) -> tuple[float, float]:
        """Return the ends between which a bare number is right without a closer look."""
        target = self.target
        low, high = target.low, target.high
        if target.parameter is not None:
            low, high = target.parameter.low, target.parameter.high
            if low is None or high is None:
                return math.inf, -math.inf
        if self.unit != target.value_unit or target.part == "scale":
            return math.inf, -math.inf
        low, high = -math.inf if low is None else low, math.inf if high is None else high
        if target.kind == "date":
            low = max(low, self.reader.settings.horizon_start)
            high = min(high, LAST_YEAR)
        return low, high

    def take(self, text: str, line: int, position: int) -> None:
        """Read one cell."""
        if _NUMBER.fullmatch(text):
            number = float(text)
            if self.low <= number <= self.high:
                self.numbers.append(number)
                return
        if text not in self.known:
            self.known[text] = self.look(text, line, position)
        found = self.known[text]
        if found is None:
            self.wrong += 1
            self.numbers.append(math.nan)
            return
        series, shown, word = found
        if word:
            self.words[len(self.numbers)] = series, shown
        self.numbers.append(series.values[0])

    def look(self, text: str, line: int, position: int) -> tuple[Series, str, bool] | None:
        """Read a cell as it would stand in a scenario; None when it is wrong."""
        if self.wrong > REPORT_LIMIT:
            return None
        node = self.node(text, line, position)
        if node is None:
            return None
        series = self.reader.value(self.target, node, self.key, self.unit)
        return None if series is None else (series, text_of(node, series), is_word(node))

    def node(self, text: str, line: int, position: int) -> Node | None:
        """Give a cell the form of a document; None when it is no value at all."""
        content: Node | None = None
        message = ""
        if text.startswith("{"):
            try:
                document = read_text(text, self.reader.settings.file)
                found = [problem.message for problem in document.problems]
                content = from_plain(plain(document.root), line)
            except ScenarioError as error:
                found = [problem.message for problem in error.problems]
            message = found[0] if found else ""
        else:
            scalar = resolve_scalar(text)
            if isinstance(scalar, float) and not math.isfinite(scalar):
                message = f'"{text[:40]}" is not a finite number; write a number'
            content = Node(scalar, line, position)
        if message or content is None:
            self.reader.report(Node(text, line, position), self.key, message)
            return None
        return content

    def column(self) -> tuple[Column, NDArray[np.float64]]:
        """Return the column and its values: numbers, or which choice each row takes."""
        numbers = np.array(self.numbers, dtype=np.float64)
        column = Column(self.target, self.target.label)
        if not self.words:
            return column, numbers
        choices: dict[Series, tuple[int, str]] = {}
        for row, number in enumerate(self.numbers):
            series, text = self.words.get(row) or (Series((), (number,)), f"{number:.12g}")
            numbers[row] = choices.setdefault(series, (len(choices), text))[0]
        texts = tuple(text for _, text in choices.values())
        return replace(column, choices=tuple(choices), texts=texts), numbers


class TableReader:
    """Reads a table line by line and gathers what is wrong with it, under its own name."""

    def __init__(self, finder: TargetFinder, reader: ColumnReader) -> None:
        self.finder = finder
        self.reader = reader
        self.problems = reader.settings.problems
        self.cells: list[Cells] = []
        self.lines: list[int] = []

    def report(self, line: int, column: int, key: str, message: str) -> None:
        """Note a problem of a cell; lines and columns count from 1."""
        file = self.reader.settings.file
        self.problems.append(Problem(file, line, column, key, message))

    def read(self, path: Path) -> Table | None:
        """Read a file; None when something is wrong, with the problems noted."""
        before = len(self.problems)
        line = 1
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows = csv.reader(stream, strict=True)
                self.header(next(rows, []))
                for cells in rows if len(self.problems) == before else ():
                    line = rows.line_num
                    self.row([cell.strip() for cell in cells], line)
                    if len(self.lines) > ROW_LIMIT:
                        self.report(line, 1, "", f"the table has more than {ROW_LIMIT} rows")
                        break
        except UnicodeDecodeError:
            self.report(line, 1, "", "the file is not UTF-8 text; save it with that encoding")
        except csv.Error as error:
            self.report(line + 1, 1, "", f"the line cannot be read: {error}")
        except OSError as error:
            self.report(0, 0, "", f"the file cannot be read: {error.strerror}")
        return self.finished(before)

    def finished(self, before: int) -> Table | None:
        """Put the columns together."""
        for cells in self.cells:
            if cells.wrong > REPORT_LIMIT:
                message = f"{cells.wrong} cells of this column are wrong; the first are named"
                self.report(1, 1 + self.cells.index(cells), cells.key, message)
        if len(self.problems) == before and not self.lines:
            self.report(1, 1, "", "the table has no rows; write a line for each scenario")
        if len(self.problems) > before:
            return None
        found = [cells.column() for cells in self.cells]
        rows = np.stack([numbers for _, numbers in found], axis=1)
        return Table(tuple(column for column, _ in found), rows, tuple(self.lines))

    def header(self, cells: Sequence[str]) -> None:
        """Read what each column varies."""
        if not any(cell.strip() for cell in cells) or len(cells) > COLUMN_LIMIT:
            found = f"found {len(cells)}" if cells else "found nothing"
            message = f"the first line names 1 to {COLUMN_LIMIT} keys, one a column; {found}"
            self.report(1, 1, "", message)
            return
        for position, cell in enumerate(cells, start=1):
            node = Node(cell, 1, position)
            match = _HEAD.fullmatch(cell)
            if match is None:
                message = 'a key is expected, or a key with its unit like "key [Mt/yr]"'
                self.report(1, position, "", f"{message}, found {node.describe()}")
                continue
            key, unit = match.group(1), match.group(2)
            target = self.finder.find(self.reader.settings.file, node, key, "")
            if target is None or not self.reader.fits(target, node, key):
                continue
            message = unit_problem(unit, target.value_unit) if unit is not None else ""
            if message:
                self.report(1, position, key, message)
                continue
            same = [other.key for other in self.cells if conflict(target, other.target)]
            if same:
                message = f"sets the same as the column {same[0]}; leave one out"
                self.report(1, position, key, message)
            self.cells.append(Cells(target, key, unit or target.value_unit, self.reader))

    def row(self, cells: list[str], line: int) -> None:
        """Read one line; blank lines are left out."""
        if not cells:
            return
        if len(cells) != len(self.cells):
            found = f"{len(cells)} cells, expected {len(self.cells)}"
            self.report(line, 1, "", f"{found}; quote a cell that has a comma")
            return
        self.lines.append(line)
        for position, (column, text) in enumerate(zip(self.cells, cells, strict=True)):
            column.take(text, line, position + 1)
