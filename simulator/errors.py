"""What can go wrong, as one tree.

* SimulatorError
  x ScenarioError   what a person wrote in YAML, CSV or on the command line is wrong
    x UnitError     a unit is unknown, or of another dimension than the one expected
    x ExpressionError    an expression of a milestone or of a sweep is wrong
      x MissingDataError   it names what the results do not hold
  x AssemblyError   valid pieces that do not fit together
  x SolverError     the integration failed or left its physical range
    x UnforeseenError    the batch engine was made for other differences
  x StoreError      the disk does not take what a sweep computed
  x BalanceError    a conservation law does not close
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file, and where."""

    file: str
    """The file as a reader knows it, or a name in angle brackets for values from a program."""
    line: int
    """Line, counted from 1; 0 when the problem has no place in the file."""
    column: int
    """Column, counted from 1."""
    key: str
    """Dotted path of the key, empty for the file as a whole."""
    message: str
    """One sentence: what was found, what was expected, what to do."""

    def __str__(self) -> str:
        """Write ``file:line:column: key: sentence``."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, self.message) if part)


class SimulatorError(Exception):
    """Root of every error raised on purpose by this package."""


class ScenarioError(SimulatorError):
    """A scenario or data file is wrong; one line a problem, each with its place and remedy."""

    def __init__(self, *problems: Problem | str) -> None:
        super().__init__(*problems)
        self.problems = tuple(item for item in problems if isinstance(item, Problem))

    def __str__(self) -> str:
        """Write one problem a line."""
        return "\n".join(str(problem) for problem in self.args)


class UnitError(ScenarioError):
    """A unit is unknown, or of another dimension than the one expected."""


class AssemblyError(SimulatorError):
    """Valid pieces do not fit together, for example a missing technology."""


class SolverError(SimulatorError):
    """The integration failed or left its physical range."""


class BalanceError(SimulatorError):
    """A conservation law does not close; the message names the law and the gap."""
