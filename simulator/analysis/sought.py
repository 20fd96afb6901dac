"""What was found: how far things have to go, what else they move, and a file that says so."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from simulator.analysis.compare import Comparison
from simulator.analysis.reach import Reached
from simulator.analysis.seek_file import Search
from simulator.errors import ScenarioError
from simulator.reading.knobs import Knob, as_file
from simulator.reading.scenario import Scenario
from simulator.reading.settings import Series
from simulator.results.closing import Closing
from simulator.results.milestones import MilestoneResult
from simulator.schema.numbers import Label


class Moved(NamedTuple):
    """One setting before and after."""

    key: str
    label: Label
    unit: str
    before: Series
    after: Series
    """As found; as far as it goes, where that does not meet the target."""


@dataclass(frozen=True)
class Attempt:
    """What moving one thing alone, or all together, achieves."""

    label: Label
    knobs: tuple[Knob, ...] = field(repr=False)
    reached: Reached
    settings: tuple[Moved, ...]

    @property
    def met(self) -> bool:
        """Whether it meets the target."""
        return self.reached.met

    def closing(self, missing: float) -> Closing:
        """Say how much it closes of what is missing; nothing where that has no number."""
        share = 1.0 if self.met else 1.0 + self.reached.room / missing
        known = share if math.isfinite(share) else 0.0
        return Closing(self.label.en, self.label.zh, known, self.reached.step)


@dataclass(frozen=True)
class Answer:
    """The scenario that meets the target, as the reference engine runs it."""

    attempt: Attempt
    scenario: Scenario
    result: MilestoneResult
    """The milestone, judged on it."""
    room: float
    """Room to spare beyond the margin that is asked for [unit of the milestone]."""
    comparison: Comparison
    """What else moves, against the scenario as it was."""
    cumulative: tuple[float, float]
    """Net emissions from 2025 to the end, before and after [Gt CO2]."""
    minimised: tuple[float, float] | None
    """What was to be least, before and after; none where nothing was."""

    @property
    def won(self) -> list[MilestoneResult]:
        """Milestones that are met now and were not."""
        return self._turned(1)

    @property
    def lost(self) -> list[MilestoneResult]:
        """Milestones that were met and are not now."""
        return self._turned(0)

    def _turned(self, place: int) -> list[MilestoneResult]:
        """Milestones that are met in one of the two runs alone, as that one has them."""
        found = (line.results for line in self.comparison.milestones)
        pairs = ((both[place], both[1 - place]) for both in found)
        return [
            one
            for one, other in pairs
            if one and one.status == "pass" and not (other and other.status == "pass")
        ]


@dataclass(frozen=True)
class Sought:
    """What it takes to meet a target."""

    search: Search
    before: MilestoneResult
    """The milestone, judged on the scenario as it is."""
    missing: float
    """What it lacks of the target with its margin; none or less if it meets it [unit]."""
    alone: tuple[Attempt, ...]
    """Each thing that may be moved, by itself; empty if nothing is needed."""
    together: Attempt | None
    """All along one line; none where there is one thing only."""
    least: Attempt | None
    """The mix with least of what is to be least; none where nothing is, or no mix is enough."""
    answer: Answer | None
    """None where nothing is needed, or nothing helps enough."""
    runs: int
    """How many scenarios were run."""

    @property
    def needless(self) -> bool:
        """Whether the scenario meets the target already."""
        return not self.alone

    @property
    def met(self) -> bool:
        """Whether the target can be met."""
        return self.needless or self.answer is not None


def write_found(found: Sought, path: Path) -> None:
    """Write the scenario that was found as a file that extends the one it starts from.

    Raises
    ------
    ScenarioError
        Nothing was found, the file is there already, or it could not find what it extends.
    """
    extends = extended(found.search, path)
    if found.answer is None:
        message = "there is nothing to write: no scenario was found"
        raise ScenarioError(message)
    scenario, attempt = found.answer.scenario, found.answer.attempt
    base, step = found.search.scenario.resolved, attempt.reached.step
    text = as_file(
        base, attempt.knobs, step, name=path.stem, label=scenario.label, extends=extends
    )
    path.write_text(text, encoding="utf-8")


def extended(search: Search, path: Path) -> str:
    """Return how a scenario file names what the search starts from; raises where it cannot."""
    scenario, message = search.scenario, ""
    own = scenario.layers[-1].path
    if path.suffix not in (".yaml", ".yml"):
        message = f'"{path}" is no scenario file: its name must end with .yaml'
    elif path.exists():
        message = f'"{path}" is there already: choose another name'
    elif not path.parent.is_dir():
        message = f'there is no folder "{path.parent}"'
    elif own is None:
        message = f"{scenario.name} was made by a program: write it to a file first"
    elif own.parent == scenario.library.scenarios:
        return scenario.name
    elif own.resolve().parent != path.resolve().parent:
        message = f'it extends "{own}": write it into the same folder'
    if message:
        raise ScenarioError(message)
    assert own is not None  # noqa: S101 - the message would say so
    return own.name
