"""What it takes to meet a milestone: the smallest step from a scenario that does.

Each thing that may be moved is tried alone, all the way, then all together along one line and,
where something is to be least, in many mixes. Runs go through the batch engine, side by side.
The answer itself is written in short numbers and run by the reference engine, as ``shuangtan
run`` would: where that one misses by what the engines differ in, the search goes on with so
much more room.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

import xarray as xr

from simulator.analysis.cheapest import PARTS, FloatArray, cheapest
from simulator.analysis.compare import compare_runs
from simulator.analysis.evaluation import Kept, Runners, evaluate_all
from simulator.analysis.reach import Judged, Point, Reached, reach
from simulator.analysis.seek_file import Search, load_seek
from simulator.analysis.sought import Answer, Attempt, Moved, Sought
from simulator.errors import ScenarioError
from simulator.reading.knobs import Knob, changes, moved
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario
from simulator.results.batches import BatchRunner
from simulator.results.derived import derive
from simulator.results.expression import Evaluation
from simulator.results.grammar import Expression
from simulator.results.milestones import MilestoneResult, judge, milestones
from simulator.results.simulation import simulate
from simulator.schema.numbers import Label

TURNS: Final = 3
"""How often the search goes on because the engines differ."""

MORE: Final = 1.1
"""How much more than that difference is then asked for."""

TRIFLE: Final = 0.005
"""Share of its way below which a thing in a mix stays where it is."""

LEAST: Final = 0.01
"""Share of what is missing from which something that is moved with others is said to help."""

Solve = Callable[[Resolved], xr.Dataset]
"""Runs a scenario by itself."""


class _Seeker:
    """Runs what a search asks for, and counts."""

    def __init__(self, search: Search, report: Callable[[int], None] | None) -> None:
        self.search = search
        self.base = search.scenario.resolved
        self.report = report
        self.runs = 0
        years = tuple(range(self.base.start, self.base.end + 1))
        named = {
            *search.goal.variables,
            *(search.minimise.variables if search.minimise else ()),
        }
        self.asked = Kept(tuple(sorted(named)), years, (), search.roadmap.name)

    @cached_property
    def runners(self) -> Runners:
        """The engines, made for everything at its far end."""
        ways = [way for varied in self.search.varied for way in varied.ways]
        probes = [moved(self.base, [way], 1.0) for way in ways]
        return Runners(lambda whole: BatchRunner(self.base, probes, whole=whole))

    def ran(self, lines: Sequence[Sequence[Knob]], points: Sequence[Point]) -> xr.Dataset:
        """Run places on lines."""
        self.runs += len(points)
        found = evaluate_all(
            self.asked,
            self.runners,
            range(len(points)),
            lambda at: moved(self.base, lines[points[at].line], points[at].step),
            self.report,
        )
        return found.dataset

    def judged(
        self, lines: Sequence[Sequence[Knob]], points: Sequence[Point], slack: float = 0.0
    ) -> Judged:
        """Run places on lines and judge them."""
        return self.search.goal.judged(self.ran(lines, points), slack)

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
                part.at(step * knob.weight, tidy=True),
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
        lost = reached.room - self.judged(lines, points).room
        kept = [knob for knob, one in zip(knobs, lost.tolist(), strict=True)
                if not one < LEAST * missing]  # fmt: skip
        if not kept or len(kept) == len(knobs):
            return attempt
        (found,) = self.reach([kept])
        return self.attempt(attempt.label, kept, found) if found.met else attempt

    def least(self, knobs: Sequence[Knob], wanted: Expression) -> Attempt | None:
        """Look for the mix that meets the target with least of something."""

        def weighted(shares: FloatArray) -> list[Knob]:
            pairs = zip(knobs, shares.tolist(), strict=True)
            return [replace(knob, weight=share) for knob, share in pairs if share > TRIFLE]

        def find(directions: Sequence[FloatArray]) -> list[Reached]:
            lines = [weighted(one) for one in directions]
            return reach(lambda points: self.judged(lines, points), len(lines), PARTS)

        def price(places: Sequence[FloatArray]) -> FloatArray:
            points = [Point(line, 1.0) for line in range(len(places))]
            dataset = self.ran([weighted(place) for place in places], points)
            return Evaluation(dataset).table(wanted)

        mix = cheapest(find, price, len(knobs))
        if mix is None:
            return None
        chosen = weighted(mix.direction)
        (found,) = self.reach([chosen])
        label = Label(en=f"least {wanted.text}", zh=f"{wanted.text}最小")
        return self.attempt(label, chosen, found) if found.met else None

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
        least = None
        if search.minimise is not None:
            one, two = (float(Evaluation(x).table(search.minimise)[0]) for x in runs.values())
            least = one, two
        return Answer(
            attempt, scenario, judge(after, search.goal.milestone), room,
            compare_runs(runs, boards), (first, second), least,
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
        return Sought(search, before, missing, (), None, None, None, 1)
    alone = tuple(seeker.alone())
    together, least = None, None
    knobs = [knob for attempt in alone for knob in attempt.knobs]
    if len(alone) > 1:
        label = Label(en="all together", zh="全部同时")
        together = seeker.attempt(label, knobs, seeker.reach([knobs])[0])
    if search.minimise is not None:
        least = seeker.least(knobs, search.minimise)
    tried = [least] if least else []
    tried += [seeker.needed(together, missing)] if together and together.met else []
    tried += sorted((one for one in alone if one.met), key=lambda one: one.reached.step)
    found = None
    for attempt in tried:
        found = seeker.answer(attempt, dataset, run)
        if found is not None:
            break
    return Sought(search, before, missing, alone, together, least, found, seeker.runs + 1)


def _order(reached: Reached) -> tuple[bool, float]:
    """Order of two ways: those that get there by their step, the others by their room."""
    if reached.met:
        return False, reached.step
    return True, -reached.room if reached.room == reached.room else float("inf")


def _later(result: MilestoneResult) -> bool:
    """Whether a run cannot be judged only because its peak is its last year."""
    return result.reason.startswith("the run ends in")
