"""The rows of a sweep: every combination, a sample, or the lines of a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.reading.resolution import Resolved
from simulator.reading.sampling import (
    SAMPLES,
    choose,
    every_combination,
    powers_around,
    repeated_rows,
    unit_cube,
)
from simulator.reading.sweep_columns import ColumnReader
from simulator.reading.sweep_report import Report
from simulator.reading.sweep_table import TableReader, locate
from simulator.reading.sweep_targets import Target, TargetFinder, conflict
from simulator.reading.sweep_values import Column, scaled
from simulator.reading.yaml_nodes import Node
from simulator.schema.sweep import ROW_LIMIT, SweepFile

NAMED_LIMIT: Final = 5
"""Groups of equal rows that are named."""


Points = Callable[[Sequence[Column]], NDArray[np.float64]]
"""Draws the points of a sample over some inputs, ``(row, input)``, each between 0 and 1."""


class Rows(NamedTuple):
    """What is varied and the values that it takes."""

    columns: tuple[Column, ...]
    table: NDArray[np.float64]
    """Values, ``(row, input)``; the index of a choice where a column has texts."""


@dataclass
class DesignReader:
    """Reads what a sweep varies and makes its rows."""

    path: Path
    report: Report
    finder: TargetFinder
    reader: ColumnReader
    sound: bool = True
    """Whether the design itself could be read; if not, only what is varied is checked."""
    lenient: bool = False
    """Whether a setting that a base does not have is left out instead of refused."""
    points: Points | None = None
    """Draws the sample in place of the file's design; its rows may be the same."""

    def read(self, content: SweepFile) -> Rows | None:
        """Return the rows; None when something is wrong, with the problems noted."""
        if self.sound:
            self.check_sample(content)
            self.check_table(content)
        if content.design == "table":
            return self.read_table(content)
        return self.read_vary(content)

    def check_sample(self, content: SweepFile) -> None:
        """Check that a sample has its number of rows and its seed, and nothing else has."""
        drawn = content.design in SAMPLES
        for key, why in (("n", "the number of rows"), ("seed", "a whole number to draw from")):
            value = getattr(content, key)
            if drawn and value is None:
                message = f"this key is required with design: {content.design}, {why}"
                self.report.problem(self.report.at("design"), key, message)
            elif not drawn and value is not None:
                message = f"design: {content.design} has no {key}; leave it out"
                self.report.problem(self.report.at(key), key, message)
        if content.design != "sobol" or content.n is None:
            return
        near = powers_around(content.n)
        if len(near) > 1:
            message = (
                f"a Sobol sequence is balanced for powers of two only, found {content.n}; "
                f"write {near[0]} or {near[1]}"
            )
            self.report.problem(self.report.at("n"), "n", message)

    def check_table(self, content: SweepFile) -> None:
        """Check that a table has a file and no list of what is varied, the rest the reverse."""
        report, tabled = self.report, content.design == "table"
        if tabled and content.table is None:
            message = "this key is required with design: table, a CSV file beside this one"
            report.problem(report.at("design"), "table", message)
        elif not tabled and content.table is not None:
            message = f"design: {content.design} reads no table; write design: table"
            report.problem(report.at("table"), "table", message)
        if tabled and content.vary:
            message = "the columns of the table say what is varied; leave vary out"
            report.problem(report.at("vary"), "vary", message)
        elif not tabled and not content.vary:
            message = "nothing is varied; write a key of a policy or a parameter under vary"
            report.problem(report.at("vary"), "vary", message)

    def read_vary(self, content: SweepFile) -> Rows | None:
        """Read all that is varied and make the rows."""
        columns: list[Column] = []
        targets: list[tuple[Target, Node, str]] = []
        document = self.report.document
        varied = document.root.get("vary")
        for word, pair in varied.pairs() if varied else ():
            key = f"vary.{word}"
            target = self.finder.find(document.file, pair.key, str(word), "vary.")
            if target is None:
                continue
            if self.lenient and any(_idle(target, base) for base in self.reader.bases):
                continue
            self.check_conflict(target, pair.key, key, targets)
            column = self.reader.column(document, target, key, pair)
            if column is None:
                continue
            columns.append(column)
            if self.sound and content.design == "grid" and not column.choices:
                message = "a grid takes values in turn; write values, not a range"
                self.report.problem(pair.key, key, message)
        table = None if self.report.problems else self.rows(content, columns)
        if table is None:
            return None
        if self.points is None:
            self.warn_repeated(table, None)
        return Rows(tuple(columns), table)

    def check_conflict(
        self, target: Target, node: Node, key: str, before: list[tuple[Target, Node, str]]
    ) -> None:
        """Refuse two keys that set the same thing."""
        for other, place, name in before:
            if conflict(target, other):
                message = f"sets the same as {name} in line {place.line}; leave one out"
                self.reader.report(node, key, message)
                break
        before.append((target, node, key))

    def rows(self, content: SweepFile, columns: list[Column]) -> NDArray[np.float64] | None:
        """Make the rows of a grid or a sample; None when there are too many."""
        if content.design == "grid":
            counts = [len(column.choices) for column in columns]
            total = 1
            for count in counts:
                total *= count
            if total > ROW_LIMIT:
                shown = " x ".join(map(str, counts))
                message = (
                    f"the grid has {shown} = {total} rows; at most {ROW_LIMIT} are possible"
                )
                self.report.problem(self.report.at("vary"), "vary", message)
                return None
            places = every_combination(counts)
            made = [_chosen(column, places[:, at]) for at, column in enumerate(columns)]
        else:
            assert content.n is not None and content.seed is not None  # noqa: S101, PT018
            if self.points is not None:
                cube = self.points(columns)
            else:
                cube = unit_cube(content.design, content.n, len(columns), content.seed)
            made = [drawn(column, cube[:, at]) for at, column in enumerate(columns)]
        return np.stack(made, axis=1)

    def warn_repeated(self, table: NDArray[np.float64], lines: tuple[int, ...] | None) -> None:
        """Warn of rows that are the same: they are run for nothing."""
        groups = repeated_rows(table)
        key = "design" if lines is None else "table"
        word = "rows" if lines is None else "lines"
        for group in groups[:NAMED_LIMIT]:
            shown = [row if lines is None else lines[row] for row in group]
            first = ", ".join(map(str, shown[:-1])) if len(shown) <= 4 else f"{shown[0]}"
            last = f"{shown[-1]}" if len(shown) <= 4 else f"{len(shown) - 1} more"
            count = " (the first is row 0)" if lines is None else ""
            self.report.warn(
                self.report.at(key), key, f"{word} {first} and {last} are the same{count}"
            )
        if len(groups) > NAMED_LIMIT:
            message = f"{len(groups) - NAMED_LIMIT} more groups of rows are the same"
            self.report.warn(self.report.at(key), key, message)

    def read_table(self, content: SweepFile) -> Rows | None:
        """Read the rows from the file that is named."""
        if content.table is None:
            return None
        path, refusal = locate(self.path, content.table)
        if path is None:
            self.report.problem(self.report.at("table"), "table", refusal)
            return None
        file = self.finder.library.show(path)
        settings = replace(self.reader.settings, file=file)
        table = TableReader(self.finder, replace(self.reader, settings=settings)).read(path)
        if table is None or self.report.problems:
            return None
        self.warn_repeated(table.rows, table.lines)
        return Rows(table.columns, table.rows)


def _chosen(column: Column, places: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the values of a column from the places of its choices."""
    if not column.numeric:
        return places.astype(np.float64)
    return np.array([series.values[0] for series in column.choices])[places]


def drawn(column: Column, probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values of a column from points between 0 and 1."""
    if column.distribution is not None:
        return column.distribution.quantile(probability)
    return _chosen(column, choose(probability, len(column.choices)).astype(np.intp))


def _idle(target: Target, base: Resolved) -> bool:
    """Whether a base leaves nothing of a setting to vary."""
    series = target.of_base(base)
    return series is None or (target.part == "scale" and scaled(series, 2.0) == series)
