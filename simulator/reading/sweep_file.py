"""From a sweep file to its bases, its columns and the table of its design."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Problem, ScenarioError
from simulator.reading.inheritance import DEFAULT_ROADMAP, SUFFIXES, Reader
from simulator.reading.library import Library, shipped
from simulator.reading.roadmap import load_roadmap
from simulator.reading.scenario import Scenario, load
from simulator.reading.settings import FIRST_YEAR, SettingReader
from simulator.reading.structure import Model, check, field_names
from simulator.reading.suggest import did_you_mean
from simulator.reading.sweep_columns import ColumnReader
from simulator.reading.sweep_design import DesignReader, Points
from simulator.reading.sweep_report import Report
from simulator.reading.sweep_targets import TargetFinder
from simulator.reading.sweep_values import Column
from simulator.reading.yaml_nodes import Document, Node, plain
from simulator.schema.sweep import DERIVED, Keep, SweepFile

FOLDER = "sweeps"
"""Folder of the shipped sweeps, inside that of the scenarios."""


class Parts(NamedTuple):
    """A sweep file, read."""

    content: SweepFile
    bases: tuple[Scenario, ...]
    columns: tuple[Column, ...]
    table: NDArray[np.float64]
    """Values of the design, ``(row, input)``."""
    years: tuple[int, ...]
    roadmap: str
    warnings: tuple[str, ...]


@cache
def quantity_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the variables of a run, and those that are registered but not modelled yet."""
    path = shipped().data / "quantities.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    missing = tuple(row["name"] for row in rows if "no run has it" in row["description"])
    return tuple(row["name"] for row in rows if row["name"] not in missing), missing


def sweep_names(library: Library) -> list[str]:
    """Name the shipped sweeps."""
    return names_in(library, FOLDER)


def names_in(library: Library, folder: str) -> list[str]:
    """Name the shipped files of a folder inside that of the scenarios."""
    return sorted(path.stem for path in (library.scenarios / folder).glob("*.yaml"))


def find_sweep(name_or_path: str | Path, library: Library) -> tuple[Path, str]:
    """Find the sweep that a person means, and how errors name it."""
    return find_named(name_or_path, library, FOLDER, "sweep")


def find_named(
    name_or_path: str | Path, library: Library, folder: str, what: str
) -> tuple[Path, str]:
    """Find the file that a person means, by the name of a shipped one or by path."""
    text = str(name_or_path)
    is_path = isinstance(name_or_path, Path) or text.endswith(SUFFIXES)
    if is_path or "/" in text or "\\" in text:
        return Path(text), text
    known = names_in(library, folder)
    if text not in known:
        hint = did_you_mean(text, known) or f"; there are {', '.join(known) or 'none'}"
        message = f'unknown {what} "{text[:60]}"{hint}; for a file of yours write its path'
        raise ScenarioError(message)
    path = library.scenarios / folder / f"{text}.yaml"
    return path, library.show(path)


class Sample(NamedTuple):
    """What takes the place of what a sweep says of its bases and its sample."""

    scenario: Scenario
    size: int
    seed: int
    keep: tuple[str, ...] | None = None
    """Variables that are stored of all years, and nothing derived; the file's unless given."""
    points: Points | None = None
    """Draws the sample; the file's design does unless given."""


@dataclass
class SweepReader:
    """Reads one sweep file and gathers all that is wrong with it."""

    path: Path
    library: Library
    report: Report
    given: Sample | None = None
    """A scenario that takes the place of the file's bases, and its sample."""
    content: SweepFile | None = None
    """What the document says, where something else has read it; else it is checked here."""
    bases: list[Scenario] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    """Keys that could not be read; what depends on them is not judged."""

    def read(self) -> Parts | None:
        """Read everything; None when something is wrong, with the problems noted."""
        document, problems = self.report.document, self.report.problems
        content, found_wrong = self.content, list[Problem]()
        if content is None:
            content, found_wrong = check(SweepFile, document)
        problems += [*document.problems, *found_wrong]
        if not isinstance(document.root.content, dict):
            return None
        if content is None:
            self.wrong = {problem.key.split(".")[0] for problem in found_wrong}
            content = stand_in(SweepFile, document, self.wrong, FILLER)
        if self.given is not None:
            content = self.replaced(content, self.given)
        if "name" not in self.wrong and content.name != self.path.stem:
            wanted = f'the name must be the file\'s, "{self.path.stem}"'
            message = f'{wanted}, found "{content.name}"'
            self.report.problem(self.report.at("name"), "name", message)
        self.read_bases(content)
        roadmap, stages = self.read_roadmap(content)
        years = self.read_keep(content)
        settings = SettingReader(document.file, stages, FIRST_YEAR, problems)
        resolved = [base.resolved for base in self.bases]
        reader = ColumnReader(settings, resolved, self.report.warnings)
        finder = TargetFinder(self.library, problems)
        sound = not self.wrong & {"design", "n", "seed", "table", "vary"}
        lenient = self.given is not None and self.content is None
        points = None if self.given is None else self.given.points
        designer = DesignReader(self.path, self.report, finder, reader, sound, lenient, points)
        found = designer.read(content)
        if problems or found is None:
            return None
        for base in self.bases:
            self.report.warnings += base.resolved.warnings
        warnings = tuple(dict.fromkeys(self.report.warnings))
        return Parts(content, tuple(self.bases), *found, years, roadmap, warnings)

    def replaced(self, content: SweepFile, given: Sample) -> SweepFile:
        """Put what is given in the place of what the file says."""
        update: dict[str, object] = {
            "base": (given.scenario.name,),
            "n": given.size,
            "seed": given.seed,
            "roadmap": None,
        }
        if given.points is not None:
            update |= {"design": "latin_hypercube", "table": None}
        if given.keep is not None:
            update |= {"keep": Keep(variables=given.keep), "derive": ()}
        return content.model_copy(update=update)

    def read_bases(self, content: SweepFile) -> None:
        """Load the scenarios that are run."""
        if self.given is not None:
            self.bases = [self.given.scenario]
            return
        if "base" in self.wrong:
            return
        nodes = self.report.items("base")
        for position, place in enumerate(nodes):
            text = content.base[position]
            if text in content.base[:position]:
                self.report.problem(place, "base", f'the base "{text}" is written twice')
                continue
            base = scenario_of(self.path, self.library, self.report, (place, "base", text))
            if base is not None:
                self.bases.append(base)
        ends = {base.resolved.end for base in self.bases}
        if len(ends) > 1:
            shown = ", ".join(f"{base.name} {base.resolved.end}" for base in self.bases)
            message = f"the bases end in different years ({shown}); run a sweep for each"
            self.report.problem(self.report.at("base"), "base", message)

    def read_roadmap(self, content: SweepFile) -> tuple[str, dict[str, float]]:
        """Return the roadmap that runs are scored against, and the starts of its stages."""
        names = list(dict.fromkeys(base.resolved.roadmap for base in self.bases))
        name = content.roadmap or (names[0] if names else DEFAULT_ROADMAP)
        if content.roadmap is None and len(names) > 1:
            message = (
                f"the bases are scored against {' and '.join(names)}; write which one counts, "
                f'like "roadmap: {names[0]}"'
            )
            self.report.problem(self.report.at("base"), "roadmap", message)
        try:
            roadmap = load_roadmap(name, self.library)
        except ScenarioError as error:
            self.report.problems += error.problems
            if not error.problems:
                self.report.problem(self.report.at("roadmap"), "roadmap", str(error))
            return name, {}
        return name, {stage.id: stage.window.start for stage in roadmap.stages}

    def read_keep(self, content: SweepFile) -> tuple[int, ...]:
        """Check what is stored; return the years, increasing."""
        if self.wrong & {"keep", "derive"}:
            return ()
        known, missing = quantity_names()
        for section, names, possible in (
            (("keep", "variables"), content.keep.variables, known),
            (("derive",), content.derive, DERIVED),
        ):
            nodes = self.report.items(*section)
            key = ".".join(section)
            for position, name in enumerate(names):
                message = ""
                if name in missing and possible is known:
                    message = f'"{name}" is not modelled yet; no run has it'
                elif name not in possible:
                    hint = did_you_mean(name, possible)
                    what = "variable" if possible is known else "derived value"
                    there = "" if possible is known else f"; there are {', '.join(DERIVED)}"
                    message = f'unknown {what} "{name[:60]}"{hint or there}'
                elif name in names[:position]:
                    message = f'"{name}" is written twice'
                if message:
                    self.report.problem(nodes[position], f"{key}.{position}", message)
        if not content.keep.variables and not content.derive:
            message = "nothing is kept; name variables, or leave out derive: []"
            self.report.problem(self.report.at("keep"), "keep", message)
        return self.read_years(content)

    def read_years(self, content: SweepFile) -> tuple[int, ...]:
        """Check the years that are stored; all of the horizon unless written."""
        first = int(FIRST_YEAR)
        last = min((base.resolved.end for base in self.bases), default=2060)
        years = content.keep.years
        if years is None:
            return tuple(range(first, last + 1))
        nodes = self.report.items("keep", "years")
        for position, year in enumerate(years):
            key = f"keep.years.{position}"
            if not first <= year <= last:
                message = f"the year {year} is outside the horizon {first} to {last}"
                self.report.problem(nodes[position], key, message)
            elif position and year <= years[position - 1]:
                message = f"the years must increase: {year} stands after {years[position - 1]}"
                self.report.problem(nodes[position], key, message)
        return years


def scenario_of(
    path: Path, library: Library, report: Report, named: tuple[Node, str, str]
) -> Scenario | None:
    """Load a scenario that a file names; what is wrong is noted.

    Parameters
    ----------
    path
        The file.
    library
        Where shipped scenarios are.
    report
        Takes what is wrong.
    named
        Where the name stands, under which key, and the name itself.
    """
    node, key, text = named
    target, refusal = Reader(library).locate(path, text)
    if target is None:
        report.problem(node, key, refusal)
        return None
    try:
        return load(target.stem if target.parent == library.scenarios else target, library)
    except ScenarioError as error:
        report.problems += error.problems
        if not error.problems:
            report.problem(node, key, str(error))
        return None


FILLER: Final = {
    "schema": 1,
    "name": "broken",
    "label": {"en": "broken", "zh": "broken"},
    "base": ["broken"],
    "design": "latin_hypercube",
    "keep": {"variables": []},
}
"""What takes the place of what is wrong in a sweep."""


def stand_in(
    model: type[Model], document: Document, wrong: set[str], filler: Mapping[str, object]
) -> Model:
    """Fill the place of what is wrong, so that the rest of the file is checked too.

    Parameters
    ----------
    model
        What the file should be.
    document
        The file.
    wrong
        Keys at the top that could not be read.
    filler
        A value for every key that is required.
    """
    known = field_names(model)
    sound = {
        str(key): plain(pair.value)
        for key, pair in document.root.pairs()
        if key in known and key not in wrong
    }
    return model.model_validate({**filler, **sound})
