"""One value as it is written: a number, a text with a unit, a date, or years with numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from simulator.errors import Problem, UnitError
from simulator.reading.suggest import did_you_mean
from simulator.reading.yaml_nodes import Node
from simulator.schema.numbers import NEVER
from simulator.units import convert, parse_quantity, same_dimension

FIRST_YEAR = 2015.0
LAST_YEAR = 2061.0

Kind = Literal["schedule", "date", "number"]


class Series(NamedTuple):
    """A value over time; a constant has no times."""

    times: tuple[float, ...]
    values: tuple[float, ...]

    def converted(self, source: str, target: str) -> "Series":
        """Return the series in another unit."""
        if source == target:
            return self
        return Series(
            self.times, tuple(convert(value, source, target) for value in self.values)
        )

    def same_as(self, other: "Series") -> bool:
        """Whether both say the same at every time."""
        if len({*self.values, *other.values}) == 1:
            return True
        return self == other


@dataclass(frozen=True)
class Expected:
    """What may stand in a place."""

    kind: Kind
    unit: str
    """Unit in which the value is wanted."""
    written_unit: str
    """Unit of a bare number."""
    low: float | None = None
    high: float | None = None

    def range(self) -> str:
        """Write the range with its unit."""
        unit = "" if self.unit in ("1", "year") else f" {self.unit}"
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}{unit}"
        return (
            f"at least {self.low:g}{unit}"
            if self.low is not None
            else f"at most {self.high:g}{unit}"
        )

    def sentence(self) -> str:
        """Say what is expected."""
        unit = "" if self.unit == "1" else f" in {self.unit}"
        return {
            "schedule": f"a number{unit}, or a mapping of years to numbers,",
            "date": 'a year, "never" or "stage.<name>"',
            "number": f"a number{unit}",
        }[self.kind]


@dataclass
class SettingReader:
    """Reads the values of one file and gathers what is wrong with them."""

    file: str
    stages: Mapping[str, float]
    """Start of each stage of the roadmap, by name."""
    horizon_start: float
    problems: list[Problem]

    def report(self, node: Node, key: str, message: str) -> None:
        """Note a problem at a node."""
        self.problems.append(Problem(self.file, node.line, node.column, key, message))

    def read(self, node: Node, key: str, expected: Expected) -> Series | None:
        """Read a value; None when it is wrong, with the problems noted."""
        if isinstance(node.content, dict) and expected.kind == "schedule":
            return self.knots(node, key, expected)
        if expected.kind == "date":
            date = self.date(node, key, expected)
            return None if date is None else Series((), (date,))
        number = self.number(node, key, expected)
        return None if number is None else Series((), (number,))

    def knots(self, node: Node, key: str, expected: Expected) -> Series | None:
        """Read a mapping of years to numbers."""
        times: list[float] = []
        values: list[float] = []
        before = len(self.problems)
        for year, pair in node.pairs():
            at = f"{key}.{year}"
            time = self.year(pair.key, at)
            if time is not None and times and time <= times[-1]:
                message = f"the years must increase: {time:g} stands after {times[-1]:g}"
                self.report(pair.key, at, message)
            value = self.number(pair.value, at, expected)
            if time is not None:
                times.append(time)
            if value is not None:
                values.append(value)
        if not node.content:
            self.report(node, key, "an empty schedule; write at least one year with a number")
        if len(self.problems) > before:
            return None
        return Series(tuple(times), tuple(values))

    def year(self, node: Node, key: str) -> float | None:
        """Read the year of a knot."""
        year = node.content
        if isinstance(year, bool) or not isinstance(year, (int, float)):
            self.report(node, key, f"a year is expected, found {node.describe()}")
            return None
        if not FIRST_YEAR <= year <= LAST_YEAR:
            message = f"the year {year:g} is outside {FIRST_YEAR:g} to {LAST_YEAR:g}"
            self.report(node, key, message)
            return None
        return float(year)

    def number(self, node: Node, key: str, expected: Expected) -> float | None:
        """Read one number with or without its unit, inside the range."""
        found, unit = self.quantity(node.content, expected.written_unit)
        if found is None:
            hint = ""
            if isinstance(node.content, str) and "：" in node.content:
                hint = ' (a full-width colon "：" was found; use ": ")'
            self.report(
                node, key, f"{expected.sentence()} is expected, found {node.describe()}{hint}"
            )
            return None
        if math.isnan(found):
            return None
        try:
            value = convert(found, unit, expected.unit)
        except UnitError as error:
            self.report(node, key, f"{error}; {expected.sentence().rstrip(',')} is expected")
            return None
        below = expected.low is not None and value < expected.low
        if below or (expected.high is not None and value > expected.high):
            shown = (
                f"{value:g}" if expected.unit in ("1", "year") else f"{value:g} {expected.unit}"
            )
            self.report(node, key, f"{shown} is outside the range {expected.range()}")
            return None
        return value

    def quantity(self, content: object, unit: str) -> tuple[float | None, str]:
        """Take a number, or a text that is a number with a unit, apart."""
        if isinstance(content, (int, float)) and not isinstance(content, bool):
            return float(content), unit
        if isinstance(content, str):
            parts = parse_quantity(content)
            if parts and parts[1] and math.isfinite(parts[0]):
                return parts[0], parts[1]
        return None, unit

    def date(self, node: Node, key: str, expected: Expected) -> float | None:
        """Read a year, ``never``, or the start of a stage."""
        content = node.content
        if content in ("never", NEVER):
            return NEVER
        if isinstance(content, str) and content.startswith("stage."):
            return self.stage(node, key, content)
        if isinstance(content, bool) or not isinstance(content, (int, float)):
            self.report(
                node, key, f"{expected.sentence()} is expected, found {node.describe()}"
            )
            return None
        if math.isnan(content):
            return None
        if content < self.horizon_start:
            message = (
                f"{content:g} is before the horizon, which starts in {self.horizon_start:g}"
            )
        elif content > LAST_YEAR:
            message = (
                f'{content:g} is after {LAST_YEAR:g}; write "never" for what does not happen'
            )
        else:
            return self.number(node, key, expected)
        self.report(node, key, message)
        return None

    def stage(self, node: Node, key: str, text: str) -> float | None:
        """Read the start of a stage of the roadmap."""
        start = self.stages.get(text.removeprefix("stage."))
        if start is None:
            known = [f"stage.{name}" for name in self.stages]
            hint = did_you_mean(text, known) or f"; there are {', '.join(known) or 'none'}"
            self.report(node, key, f'the roadmap has no "{text[:60]}"{hint}')
        return start


def unit_problem(unit: str, expected: str) -> str:
    """Say what is wrong with a unit, or nothing."""
    try:
        if not same_dimension(unit, expected):
            return f'the unit "{unit}" does not fit; a unit like "{expected}" is expected'
    except UnitError as error:
        return f'{error}; a unit like "{expected}" is expected'
    return ""
