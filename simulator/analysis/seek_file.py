"""From a target file to what should hold, and what may be moved on the way there.

search = load_seek("neutral_current_policies")
found = seek(search)
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from simulator.analysis.outputs import by_year, called, read_output, unit_of
from simulator.analysis.reach import Judged
from simulator.errors import ScenarioError
from simulator.reading.knobs import Varied
from simulator.reading.library import Library, shipped
from simulator.reading.reaches import VaryReader
from simulator.reading.roadmap import load_roadmap
from simulator.reading.scenario import Scenario
from simulator.reading.settings import (
    FIRST_YEAR,
    Expected,
    SettingReader,
    unit_problem,
)
from simulator.reading.structure import check, unique
from simulator.reading.suggest import did_you_mean
from simulator.reading.sweep_columns import ColumnReader
from simulator.reading.sweep_file import find_named, names_in, scenario_of, stand_in
from simulator.reading.sweep_report import Report
from simulator.reading.yaml_nodes import read_yaml
from simulator.results.grammar import Expression, parse
from simulator.results.milestones import ROUNDING, judge_all
from simulator.schema.numbers import Label, Source
from simulator.schema.roadmap import Milestone, Operator, Roadmap
from simulator.schema.seek import SeekFile

FOLDER: Final = "targets"
"""Folder of the shipped target files, inside that of the scenarios."""

FILLER: Final = {
    "schema": 1,
    "name": "broken",
    "label": {"en": "broken", "zh": "broken"},
    "scenario": "broken",
    "target": {"milestone": "broken"},
    "vary": {"broken": {}},
}
"""What takes the place of what is wrong in a target file."""


@dataclass(frozen=True)
class Goal:
    """What should hold."""

    milestone: Milestone
    margin: float
    """Room to spare that is asked for, in the unit of the milestone."""

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables that decide it."""
        return parse(self.milestone.metric).variables

    def judged(self, dataset: xr.Dataset, slack: float = 0.0) -> Judged:
        """Judge runs along ``scenario``; `slack` is asked for beyond the margin."""
        (verdict,) = judge_all(dataset, [self.milestone])
        asked = self.margin + slack
        room = np.asarray(verdict.margin - asked)
        rounding = ROUNDING * max(1.0, abs(self.milestone.target))
        met = verdict.met if asked == 0.0 else verdict.applicable & (room >= -rounding)
        return Judged(room, np.asarray(met))


@dataclass(frozen=True, eq=False)
class Search:
    """A target file, read and checked."""

    name: str
    label: Label
    scenario: Scenario = field(repr=False)
    """What should meet the target."""
    roadmap: Roadmap = field(repr=False)
    """What the scenario is scored against."""
    goal: Goal
    varied: tuple[Varied, ...]
    minimise: Expression | None
    """What the answer should have least of."""
    warnings: tuple[str, ...]
    """What a person should look at, each with its place."""


def seek_names(library: Library | None = None) -> list[str]:
    """Name the shipped target files."""
    return names_in(library or shipped(), FOLDER)


def load_seek(name_or_path: str | Path, library: Library | None = None) -> Search:
    """Read a target file by the name of a shipped one or by path; all errors come at once.

    Raises
    ------
    ScenarioError
        The file or what it names is wrong; one line for each problem.
    """
    where = library or shipped()
    path, file = find_named(name_or_path, where, FOLDER, "target file")
    report = Report(read_yaml(path, file))
    content, problems = check(SeekFile, report.document)
    report.problems += [*report.document.problems, *problems]
    if not isinstance(report.document.root.content, dict):
        raise ScenarioError(*unique(report.problems))
    wrong = {problem.key.split(".")[0] for problem in problems}
    if content is None:
        content = stand_in(SeekFile, report.document, wrong, FILLER)
    return _SeekReader(path, where, report, content, wrong).read()


@dataclass
class _SeekReader:
    """Reads one target file, and gathers all that is wrong with it."""

    path: Path
    library: Library
    report: Report
    content: SeekFile
    wrong: set[str]
    """Keys at the top that could not be read; what depends on them is not judged."""

    def read(self) -> Search:
        """Read everything, or raise with all that is wrong."""
        content, report = self.content, self.report
        if "name" not in self.wrong and content.name != self.path.stem:
            message = f'the name must be the file\'s, "{self.path.stem}", found'
            report.problem(report.at("name"), "name", f'{message} "{content.name}"')
        scenario = None
        if "scenario" not in self.wrong:
            named = report.at("scenario"), "scenario", content.scenario
            scenario = scenario_of(self.path, self.library, report, named)
        if scenario is None:
            raise ScenarioError(*unique(report.problems))
        base = scenario.resolved
        roadmap = load_roadmap(base.roadmap, self.library)
        stages = {stage.id: stage.window.start for stage in roadmap.stages}
        settings = SettingReader(report.document.file, stages, FIRST_YEAR, report.problems)
        goal = None if "target" in self.wrong else self.goal(roadmap, settings, base.end)
        varied: list[Varied] = []
        if "vary" not in self.wrong:
            columns = ColumnReader(settings, [base], report.warnings)
            varied = VaryReader(self.path, self.library, report, columns, base).read()
        least = self.least()
        if goal is None or report.problems:
            raise ScenarioError(*unique(report.problems))
        warnings = (*base.warnings, *dict.fromkeys(report.warnings))
        return Search(
            content.name, content.label, scenario, roadmap, goal, tuple(varied), least,
            warnings,
        )  # fmt: skip

    def least(self) -> Expression | None:
        """Read what the answer should have least of; what is wrong is noted."""
        text = self.content.minimise
        if "minimise" in self.wrong or text is None:
            return None
        place = self.report.at("minimise"), "minimise"
        found = read_output(self.report, *place, text)
        if found is not None and by_year(found.tree):
            message = f"it has a value every year: choose at({text[:60]}, 2060) or cumulative"
            self.report.problem(*place, message)
        elif found is not None and "vary" not in self.wrong and len(self.content.vary) < 2:
            message = "with one thing to move there is nothing to choose; leave it out"
            self.report.problem(*place, message)
        return found

    def goal(self, own: Roadmap, settings: SettingReader, end: int) -> Goal | None:
        """Read what should hold; None when it is wrong, with the problems noted."""
        if self.content.target.output is not None:
            return self.bound(self.content.target.output, settings, end)
        asked, report = self.content.target, self.report
        roadmap = own
        if asked.roadmap is not None:
            try:
                roadmap = load_roadmap(asked.roadmap, self.library)
            except ScenarioError as error:
                report.problem(report.at("target", "roadmap"), "target.roadmap", str(error))
                return None
        known = {milestone.id: milestone for milestone in roadmap.milestones}
        found = known.get(asked.milestone or "")
        if found is None:
            hint = did_you_mean(str(asked.milestone), known)
            hint = hint or "; `shuangtan run` prints them, the roadmap's file has their ids"
            message = f'{roadmap.name} has no milestone "{str(asked.milestone)[:60]}"{hint}'
            report.problem(report.at("target", "milestone"), "target.milestone", message)
            return None
        margin = None
        if asked.margin is not None:
            margin = self.number(settings, "margin", found.unit)
        elif asked.unit is not None:
            message = "without a margin there is nothing that has a unit; leave it out"
            report.problem(report.at("target", "unit"), "target.unit", message)
        return Goal(found, 0.0 if margin is None else margin)

    def bound(self, text: str, settings: SettingReader, end: int) -> Goal | None:
        """Read a bound on an output as a milestone of its own."""
        asked, report = self.content.target, self.report
        before = len(report.problems)
        output = read_output(report, report.at("target", "output"), "target.output", text)
        yearly = output is not None and by_year(output.tree)
        where = report.at("target", "year"), "target.year"
        if yearly and asked.year is None:
            message = "the output has a value every year: say in which one it counts"
            report.problem(report.at("target"), "target.year", message)
        elif output is not None and not yearly and asked.year is not None:
            message = "the output is one number by itself and has no year; leave it out"
            report.problem(*where, message)
        elif asked.year is not None and not FIRST_YEAR <= asked.year <= end:
            message = f"the year {asked.year} is outside the horizon {FIRST_YEAR:g} to {end}"
            report.problem(*where, message)
        word = "at_most" if asked.at_most is not None else "at_least"
        unit = (unit_of(output) if output else "") or asked.unit or "1"
        value = self.number(settings, word, unit)
        if output is None or value is None or len(report.problems) > before:
            return None
        most = word == "at_most"
        sign: Operator = "<=" if most else ">="
        english, chinese = ("at most", "不超过") if most else ("at least", "不低于")
        shown = f"{value:g}" if unit == "1" else f"{value:g} {unit}"
        when = "" if asked.year is None else f" in {asked.year}"
        zh = "" if asked.year is None else f"{asked.year}年"
        en_name, zh_name = called(text, output)
        label = Label(
            en=f"{en_name} {english} {shown}{when}", zh=f"{zh}{zh_name}{chinese}{shown}"
        )
        source = Source(title=report.document.file)
        milestone = Milestone(
            id="target", label=label, metric=text, by=asked.year, op=sign, target=value,
            unit=unit, source=source,
        )  # fmt: skip
        return Goal(milestone, 0.0)

    def number(self, settings: SettingReader, word: str, unit: str) -> float | None:
        """Read a number of the target in a unit; None when it is wrong."""
        node = self.report.at("target", word)
        bare = self.content.target.unit or unit
        message = unit_problem(bare, unit)
        if message:
            self.report.problem(self.report.at("target", "unit"), "target.unit", message)
            return None
        return settings.number(node, f"target.{word}", Expected("number", unit, bare))
