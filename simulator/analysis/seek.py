"""What it takes to meet a milestone: the smallest step from a scenario that does.

Each thing that may be moved is tried alone, all the way, and then all together along one line.
Many runs go through the batch engine, side by side. The answer itself is written in short
numbers and run by the reference engine, as ``shuangtan run`` would: where that one misses by
what the engines differ in, the search goes on with so much more room.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import xarray as xr

from simulator.analysis.compare import Comparison, compare_runs
from simulator.analysis.evaluation import Runners, evaluate_all
from simulator.analysis.reach import Judged, Point, Reached, reach
from simulator.analysis.seek_file import Search, load_seek
from simulator.errors import ScenarioError
from simulator.reading.canonical import write_extending
from simulator.reading.knobs import Knob, changes, moved, settings
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario
from simulator.reading.settings import Series
from simulator.results.batches import BatchRunner
from simulator.results.derived import derive
from simulator.results.milestones import MilestoneResult, judge, milestones
from simulator.results.simulation import simulate
from simulator.schema.numbers import Label

TURNS: Final = 3
"""How often the search goes on because the engines differ."""

MORE: Final = 1.1
"""How much more than that difference is then asked for."""

LEAST: Final = 0.01
"""Share of what is missing from which something that is moved with others is said to help."""

Solve = Callable[[Resolved], xr.Dataset]
"""Runs a scenario by itself."""


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


class _Asked(NamedTuple):
    """What is kept of the runs of a search."""

    keep: tuple[str, ...]
    years: tuple[int, ...]
    derive: tuple[str, ...]
    roadmap: str


class _Seeker:
    """Runs what a search asks for, and counts."""

    def __init__(self, search: Search, report: Callable[[int], None] | None) -> None:
        self.search = search
        self.base = search.scenario.resolved
        self.report = report
        self.runs = 0
        years = tuple(range(self.base.start, self.base.end + 1))
        self.asked = _Asked(search.goal.variables, years, (), search.roadmap.name)

    @cached_property
    def runners(self) -> Runners:
        """The engines, made for everything at its far end."""
        ways = [way for varied in self.search.varied for way in varied.ways]
        probes = [moved(self.base, [way], 1.0) for way in ways]
        return Runners(lambda whole: BatchRunner(self.base, probes, whole=whole))

    def judged(
        self, lines: Sequence[Sequence[Knob]], points: Sequence[Point], slack: float
    ) -> Judged:
        """Run places on lines and judge them."""
        self.runs += len(points)
        found = evaluate_all(
            self.asked,
            self.runners,
            range(len(points)),
            lambda at: moved(self.base, lines[points[at].line], points[at].step),
            self.report,
        )
        return self.search.goal.judged(found.dataset, slack)

    def reach(self, lines: Sequence[Sequence[Knob]], slack: float = 0.0) -> list[Reached]:
        """Find the smallest step of each line that meets the target."""
        return reach(lambda points: self.judged(lines, points, slack), len(lines))

    def alone(self) -> list[Attempt]:
        """Try each thing by itself; of two ways the shorter, or the one that helps more."""
        ways = [way for varied in self.search.varied for way in varied.ways]
        found = dict(zip(map(id, ways), self.reach([[way] for way in ways]), strict=True))
        return [
            self.attempt(varied.label, [way], found[id(way)])
            for varied in self.search.varied
            for way in [min(varied.ways, key=lambda one: _order(found[id(one)]))]
        ]

    def attempt(self, label: Label, knobs: Sequence[Knob], reached: Reached) -> Attempt:
        """Say what is moved, and to where."""
        step = reached.step if reached.met else 1.0
        told = tuple(
            Moved(
                part.target.key, part.target.label, part.target.value_unit, part.start,
                part.at(step, tidy=True),
            )
            for knob in knobs
            for part in knob.parts
        )  # fmt: skip
        return Attempt(label, tuple(knobs), reached, told)

    def needed(self, attempt: Attempt, missing: float) -> Attempt:
        """Leave out what does not help where all are moved together.

        Each is left out in turn. Those without which hardly anything is lost stay as they are,
        and the rest goes as far as it then has to.
        """
        knobs, reached = attempt.knobs, attempt.reached
        lines = [[one for one in knobs if one is not knob] for knob in knobs]
        points = [Point(line, reached.step) for line in range(len(lines))]
        lost = reached.room - self.judged(lines, points, 0.0).room
        kept = [knob for knob, one in zip(knobs, lost.tolist(), strict=True)
                if not one < LEAST * missing]  # fmt: skip
        if not kept or len(kept) == len(knobs):
            return attempt
        (found,) = self.reach([kept])
        return self.attempt(attempt.label, kept, found) if found.met else attempt

    def answer(self, attempt: Attempt, before: xr.Dataset, solve: Solve) -> Answer | None:
        """Run the scenario that an attempt found; none where no other engine confirms it."""
        goal, knobs = self.search.goal, attempt.knobs
        slack = 0.0
        for _ in range(TURNS):
            scenario = self.scenario(knobs, attempt.reached.step)
            after = solve(scenario.resolved)
            self.runs += 1
            judged = goal.judged(after)
            if judged.met[0]:
                return self.told(attempt, scenario, before, after)
            here = attempt.reached.room + slack
            slack = max(slack, MORE * (here - float(judged.room[0])))
            (reached,) = self.reach([knobs], slack)
            if not reached.met:
                return None
            found = reached._replace(room=reached.room + slack)
            attempt = self.attempt(attempt.label, knobs, found)
        return None

    def told(
        self, attempt: Attempt, scenario: Scenario, before: xr.Dataset, after: xr.Dataset
    ) -> Answer:
        """Compare what was found with the scenario as it was."""
        search, runs = self.search, {self.base.name: before, scenario.name: after}
        boards = {name: milestones(run, search.roadmap) for name, run in runs.items()}
        sums = [
            derive(run.expand_dims("scenario"), ["cumulative_emissions"], search.roadmap)
            for run in runs.values()
        ]
        first, second = (float(one["cumulative_emissions"][0]) for one in sums)
        room = float(search.goal.judged(after).room[0])
        return Answer(
            attempt, scenario, judge(after, search.goal.milestone), room,
            compare_runs(runs, boards), (first, second),
        )  # fmt: skip

    def scenario(self, knobs: Sequence[Knob], step: float) -> Scenario:
        """Return the scenario with knobs at a step, in short numbers."""
        search, goal = self.search, self.search.goal.milestone.label
        own = search.scenario.label
        label = {"en": f"{own.en}, until: {goal.en}", "zh": f"{own.zh}，直至：{goal.zh}"}
        name = search.name if search.name != self.base.name else f"{search.name}_met"
        return search.scenario.replace(
            {"name": name, "label": label, **changes(self.base, knobs, step)}, "<seek>"
        )


def seek(
    target: str | Path | Search,
    *,
    solve: Solve | None = None,
    report: Callable[[int], None] | None = None,
) -> Sought:
    """Find the smallest step from a scenario that meets a milestone.

    Parameters
    ----------
    target
        A target file, by the name of a shipped one or by path, or read already.
    solve
        Runs a scenario by itself; the reference engine unless given.
    report
        Called with the count of scenarios that have just been run.

    Raises
    ------
    ScenarioError
        The file is wrong, or the scenario has no data for the milestone.
    """
    search = target if isinstance(target, Search) else load_seek(target)
    run = solve or (lambda resolved: simulate(resolved).dataset)
    seeker = _Seeker(search, report)
    dataset = run(seeker.base)
    before = judge(dataset, search.goal.milestone)
    if before.status == "not applicable" and not _later(before):
        message = f"{search.name}: {seeker.base.name} cannot be judged: {before.reason}"
        raise ScenarioError(message)
    judged = search.goal.judged(dataset)
    missing = -float(judged.room[0])
    if judged.met[0]:
        return Sought(search, before, missing, (), None, None, 1)
    alone = tuple(seeker.alone())
    together = None
    if len(alone) > 1:
        knobs = [knob for attempt in alone for knob in attempt.knobs]
        label = Label(en="all together", zh="全部同时")
        together = seeker.attempt(label, knobs, seeker.reach([knobs])[0])
    tried = [seeker.needed(together, missing)] if together and together.met else []
    tried += sorted((one for one in alone if one.met), key=lambda one: one.reached.step)
    found = None
    for attempt in tried:
        found = seeker.answer(attempt, dataset, run)
        if found is not None:
            break
    return Sought(search, before, missing, alone, together, found, seeker.runs + 1)


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
    scenario, step = found.answer.scenario, found.answer.attempt.reached.step
    policies: dict[str, dict[str, Series]] = {}
    parameters: dict[str, Series] = {}
    written = settings(
        found.search.scenario.resolved, found.answer.attempt.knobs, step, tidy=True
    )
    for (section, name, setting), (_, series) in written.items():
        if section == "policies":
            policies.setdefault(name, {})[setting] = series
        else:
            parameters[name] = series
    texts = {"label": scenario.label}
    text = write_extending(path.stem, texts, extends, policies, parameters)
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


def _order(reached: Reached) -> tuple[bool, float]:
    """Order of two ways: those that get there by their step, the others by their room."""
    if reached.met:
        return False, reached.step
    return True, -reached.room if reached.room == reached.room else float("inf")


def _later(result: MilestoneResult) -> bool:
    """Whether a run cannot be judged only because its peak is its last year."""
    return result.reason.startswith("the run ends in")
