"""A CSV file with fixed columns: its sound rows, and everything that is wrong in it."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from simulator.errors import Problem


class Line(NamedTuple):
    """A row as it stands in the file."""

    cells: list[str]
    """One for each column, without space around."""
    number: int
    """Line on which it ends, counted from 1."""


class Sheet:
    """Reads one file and gathers its problems."""

    def __init__(self, file: str, path: Path) -> None:
        """Choose a file.

        Parameters
        ----------
        file
            What a reader calls it.
        path
            Where it is.
        """
        self.file = file
        self.path = path
        self.problems: list[Problem] = []

    def report(self, line: int, key: str, message: str) -> None:
        """Note a problem of a row."""
        self.problems.append(Problem(self.file, line, 1, key, message))

    def rows(self, columns: Sequence[str]) -> Iterator[Line]:
        """Read the rows that have a cell for each column; rows without text are left out."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.reader(stream, strict=True)
                if tuple(next(reader, [])) != tuple(columns):
                    self.report(1, "", f"the columns must be {','.join(columns)}")
                    return
                for cells in reader:
                    words = [cell.strip() for cell in cells]
                    if len(words) == len(columns):
                        if any(words):
                            yield Line(words, reader.line_num)
                    elif any(words):
                        found = f"{len(words)} cells, expected {len(columns)}"
                        message = f"{found}; quote a cell that has a comma"
                        self.report(reader.line_num, words[0], message)
        except UnicodeDecodeError:
            self.report(1, "", "the file is not UTF-8 text")
        except csv.Error as error:
            self.report(reader.line_num, "", f"the row cannot be read: {error}")
