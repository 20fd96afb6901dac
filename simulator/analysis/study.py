"""Sensitivity studies: from a file, through a sweep, to indices over time.

    study = load_study("what_matters")
    run_sweep(study.sweep, folder, resume=True)
    found = sensitivity(study, open_sweep(folder))

A study is a sweep whose rows a method draws, so that it stops, resumes and spreads over
workers like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.analysis.indices import Layout, points
from simulator.analysis.outputs import read_output
from simulator.errors import ScenarioError
from simulator.reading.inheritance import SUFFIXES
from simulator.reading.library import Library, shipped
from simulator.reading.scenario import Scenario
from simulator.reading.structure import check, unique
from simulator.reading.suggest import did_you_mean
from simulator.reading.sweep import Sweep, sweep_of
from simulator.reading.sweep_file import (
    Sample,
    SweepReader,
    find_named,
    find_sweep,
    names_in,
    scenario_of,
    sweep_names,
)
from simulator.reading.sweep_report import Report
from simulator.reading.sweep_table import locate
from simulator.reading.sweep_values import Column
from simulator.reading.yaml_nodes import read_yaml
from simulator.results.grammar import Expression
from simulator.schema.study import StudyFile
from simulator.schema.sweep import Keep, SweepFile

FloatArray = NDArray[np.float64]

FOLDER: Final = "studies"
"""Folder of the shipped studies, inside that of the scenarios."""


@dataclass(frozen=True, eq=False)
class Study:
    """A study, read and checked."""

    content: StudyFile
    layout: Layout
    """The method, and the group of each input."""
    groups: tuple[str, ...]
    """Name of each group; the key of an input that stands alone."""
    labels: tuple[tuple[str, str], ...]
    """The same in English and Chinese."""
    sample: FloatArray = field(repr=False)
    """Points between 0 and 1, ``(row, input)``."""
    sweep: Sweep = field(repr=False)
    """What is to be run."""
    outputs: tuple[Expression, ...]


def study_names(library: Library | None = None) -> list[str]:
    """Name the shipped studies."""
    return names_in(library or shipped(), FOLDER)


def load_study(name_or_path: str | Path, library: Library | None = None) -> Study:
    """Read a study by the name of a shipped one or by path; all errors come at once.

    Raises
    ------
    ScenarioError
        The file or what it names is wrong, or SALib is not installed.
    """
    where = library or shipped()
    path, file = find_named(name_or_path, where, FOLDER, "study")
    report = Report(read_yaml(path, file))
    content, problems = check(StudyFile, report.document)
    report.problems += [*report.document.problems, *problems]
    if content is None:
        raise ScenarioError(*unique(report.problems))
    return _StudyReader(path, where, report, content).read()


@dataclass
class _StudyReader:
    """Reads one study, and gathers all that is wrong with it."""

    path: Path
    library: Library
    report: Report
    content: StudyFile

    def read(self) -> Study:
        """Read everything, or raise with all that is wrong."""
        content, report = self.content, self.report
        if content.name != self.path.stem:
            message = (
                f'the name must be the file\'s, "{self.path.stem}", found "{content.name}"'
            )
            report.problem(report.at("name"), "name", message)
        if content.method == "sobol" and content.n & (content.n - 1):
            message = f"method: sobol needs a power of two, found {content.n}"
            report.problem(report.at("n"), "n", message)
        for name in set(content.labels) - set(content.groups):
            message = f'"{name[:60]}" is no group{did_you_mean(name, list(content.groups))}'
            report.problem(report.at("labels", name), f"labels.{name}", message)
        outputs = self.outputs()
        base = self.base()
        if base is not None:
            self.check_years(base)
        if base is None or report.problems:
            raise ScenarioError(*unique(report.problems))
        return self.sampled(base, outputs)

    def sampled(self, base: Scenario, outputs: Sequence[Expression]) -> Study:
        """Draw the sample over what varies."""
        content = self.content
        drawn: list[tuple[Layout, list[str], FloatArray]] = []

        def draw(columns: Sequence[Column]) -> FloatArray:
            members, names = self.grouped([column.target.key for column in columns])
            layout = Layout(content.method, content.n, members, content.seed)
            drawn.append((layout, names, points(layout)))
            return drawn[-1][2]

        keep = tuple(sorted({name for output in outputs for name in output.variables}))
        reader = self.varying(Sample(base, content.n, content.seed, keep, draw))
        parts = reader.read()
        problems = [*self.report.problems, *reader.report.problems]
        if parts is None or problems:
            raise ScenarioError(*unique(problems))
        layout, names, sample = drawn[0]
        parts = parts._replace(content=_sweep_file(content, keep))
        sweep = sweep_of(parts, self.report.document.file)
        known = {item.key: (item.label_en, item.label_zh) for item in sweep.inputs}
        known |= {name: (own.en, own.zh) for name, own in content.labels.items()}
        labels = tuple(known.get(name, (name, name)) for name in names)
        return Study(content, layout, tuple(names), labels, sample, sweep, tuple(outputs))

    def outputs(self) -> list[Expression]:
        """Parse the outputs; what is wrong is noted at its line."""
        found = []
        for name, text in self.content.outputs.items():
            node, key = self.report.at("outputs", name), f"outputs.{name}"
            output = read_output(self.report, node, key, text)
            if output is not None:
                found.append(output)
        return found

    def base(self) -> Scenario | None:
        """Load the scenario; what is wrong is noted."""
        named = self.report.at("base"), "base", self.content.base
        return scenario_of(self.path, self.library, self.report, named)

    def check_years(self, base: Scenario) -> None:
        """Check that the years that are shown lie within the horizon."""
        last = base.resolved.end
        for place, year in enumerate(self.content.years):
            if not 2015 <= year <= last:
                message = f"the year {year} is outside the horizon 2015 to {last}"
                self.report.problem(
                    self.report.items("years")[place], f"years.{place}", message
                )

    def varying(self, given: Sample) -> SweepReader:
        """Read what varies: from the study, or from the sweep that it names."""
        if self.content.inputs is None:
            own = _sweep_file(self.content, given.keep or ())
            return SweepReader(self.path, self.library, self.report, given, own)
        text, node = self.content.inputs, self.report.at("inputs")
        if text.endswith(SUFFIXES):
            found, refusal = locate(self.path, text)
            if found is None:
                self.report.problem(node, "inputs", refusal)
                raise ScenarioError(*self.report.problems)
            file = self.library.show(found)
        else:
            known = sweep_names(self.library)
            if text not in known:
                hint = did_you_mean(text, known) or f"; there are {', '.join(known)}"
                self.report.problem(node, "inputs", f'unknown sweep "{text[:60]}"{hint}')
                raise ScenarioError(*self.report.problems)
            found, file = find_sweep(text, self.library)
        return SweepReader(found, self.library, Report(read_yaml(found, file)), given)

    def grouped(self, keys: list[str]) -> tuple[tuple[int, ...], list[str]]:
        """Group of each input, and the names of the groups in the order of their inputs."""
        group_of: dict[str, str] = {}
        for name, members in self.content.groups.items():
            for place, key in enumerate(members):
                node = self.report.items("groups", name)[place]
                where = f"groups.{name}.{place}"
                if key not in keys:
                    message = f'"{key[:60]}" does not vary{did_you_mean(key, keys)}'
                    self.report.problem(node, where, message)
                elif key in group_of:
                    message = f'"{key[:60]}" is in the group {group_of[key]} already'
                    self.report.problem(node, where, message)
                group_of[key] = name
        names = list(dict.fromkeys(group_of.get(key, key) for key in keys))
        return tuple(names.index(group_of.get(key, key)) for key in keys), names


def _sweep_file(content: StudyFile, keep: tuple[str, ...]) -> SweepFile:
    """Write a study as the sweep that it runs."""
    return SweepFile.model_construct(
        schema_version=1, name=content.name, label=content.label,
        description=content.description, base=(content.base,), roadmap=None,
        vary=content.vary, design="latin_hypercube", table=None, n=content.n,
        seed=content.seed, keep=Keep(variables=keep), derive=(),
    )  # fmt: skip
