"""What each uncertain assumption does to an output, as a table that travels beside a run."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from simulator.errors import ScenarioError
from simulator.results.writing import write_table

FILE: Final = "assumptions.csv"
"""Name of the table inside the folder of a run."""


class Effect(NamedTuple):
    """One assumption at the two ends of its range, and an output in a year, all else alike."""

    scenario: str
    """Scenario around which it was measured."""
    digest: str
    """Hash of everything that this scenario depends on."""
    version: str
    """Version of the program that measured."""
    output: str
    """Variable of the result data set."""
    output_unit: str
    key: str
    """What was moved, as sweeps name it."""
    label_en: str
    label_zh: str
    unit: str
    value: float
    """What the scenario has."""
    low: float
    high: float
    source: str
    """Key of the bibliography, ``assumption``, or the document of a policy."""
    where: str
    """Place inside the source, and what it says."""
    year: int
    base: float
    """The output of the scenario in that year."""
    at_low: float
    """The output with the assumption at the lower end."""
    at_high: float

    @property
    def size(self) -> float:
        """How far the output moves between the two ends, or from either end to the base."""
        ends = (self.at_low, self.at_high, self.base)
        return max(ends) - min(ends)


def ranked_effects(found: Sequence[Effect], year: int) -> list[Effect]:
    """Effects in one year, the largest first."""
    own = [item for item in found if item.year == year]
    return sorted(own, key=lambda item: (-item.size, item.key))


def write_effects(found: Sequence[Effect], path: Path) -> None:
    """Write the table."""
    rows = [
        {
            name: f"{value:.6g}" if isinstance(value, float) else str(value)
            for name, value in item._asdict().items()
        }
        for item in found
    ]
    write_table(rows, Effect._fields, path)


def read_effects(path: Path) -> tuple[Effect, ...]:
    """Read the table; nothing where there is none.

    Raises
    ------
    ScenarioError
        The file is there and is no such table.
    """
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != Effect._fields:
            message = f"{path} is no table of assumptions: write it again with --assumptions"
            raise ScenarioError(message)
        return tuple(_effect(row, path, reader.line_num) for row in reader)


def _effect(row: dict[str, Any], path: Path, line: int) -> Effect:
    """Read one row."""
    kinds = Effect.__annotations__
    try:
        return Effect(**{name: kinds[name](text) for name, text in row.items()})
    except (TypeError, ValueError, KeyError) as error:
        message = f"{path}:{line}: {error}"
        raise ScenarioError(message) from error
