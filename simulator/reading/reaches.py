"""What a target file may move: from what a scenario has to its far ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from simulator.reading.knobs import Knob, Part, Varied, of_scenario
from simulator.reading.library import Library
from simulator.reading.resolution import Resolved
from simulator.reading.settings import Series, unit_problem
from simulator.reading.structure import check
from simulator.reading.sweep_columns import ColumnReader
from simulator.reading.sweep_file import scenario_of
from simulator.reading.sweep_report import Report
from simulator.reading.sweep_targets import Target, TargetFinder, conflict
from simulator.reading.yaml_nodes import Node, Pair
from simulator.schema.numbers import NEVER
from simulator.schema.seek import ReachBlock


def apart(targets: Sequence[Target], base: Resolved, other: Resolved) -> tuple[Part, ...]:
    """Settings that another scenario has otherwise, each on its way there."""
    ends = [
        (target, of_scenario(target, base), of_scenario(target, other)) for target in targets
    ]
    return tuple(
        Part(target, start, end)
        for target, start, end in ends
        if start and end and not start.same_as(end)
    )


def policies_apart(base: Resolved, other: Resolved, library: Library) -> tuple[Knob, ...]:
    """Every policy that another scenario has otherwise, as one knob that leads there.

    In the order of the catalogue; a setting that the model does not have yet stays as it is.
    """
    finder, nowhere = TargetFinder(library, []), Node("", 1, 1)
    found = []
    for name, lever in finder.levers.items():
        ways = [finder.policy("", nowhere, f"{name}.{setting}") for setting in lever.settings]
        parts = apart([way for way in ways if isinstance(way, Target)], base, other)
        if parts:
            found.append(Knob(f"policies.{name}", lever.label, parts))
    return tuple(found)


@dataclass
class VaryReader:
    """Reads what may be moved."""

    path: Path
    library: Library
    report: Report
    columns: ColumnReader
    base: Resolved
    finder: TargetFinder = field(init=False)
    taken: list[tuple[Target, Node, str]] = field(default_factory=list)
    """Targets that are moved, where they stand and under which key."""

    def __post_init__(self) -> None:
        """Read the catalogue and the data."""
        self.finder = TargetFinder(self.library, self.report.problems)

    def read(self) -> list[Varied]:
        """Read every key; what is wrong is noted."""
        block = self.report.document.root.get("vary")
        found = [self.one(str(word), pair) for word, pair in (block.pairs() if block else ())]
        return [item for item in found if item is not None]

    def one(self, word: str, pair: Pair) -> Varied | None:
        """Read the block under one key."""
        key, document = f"vary.{word}", self.report.document
        block, problems = check(ReachBlock, document, pair.value, key)
        self.report.problems += problems
        whole = word.removeprefix("policies.")
        if block is None:
            if whole not in self.finder.levers:
                self.finder.find(document.file, pair.key, word, "vary.")
            return None
        if whole in self.finder.levers and block.like is not None:
            return self.policy(whole, word, pair, block)
        target = self.finder.find(document.file, pair.key, word, "vary.")
        if target is None or not self.free(target, pair.key, key):
            return None
        if not self.columns.fits(target, pair.key, key):
            return None
        label = block.label or target.label
        ways = [
            Knob(target.key, label, (part,)) for part in self.parts(target, pair, block, key)
        ]
        return Varied(word, label, tuple(ways)) if ways else None

    def policy(self, name: str, word: str, pair: Pair, block: ReachBlock) -> Varied | None:
        """Move all of a policy towards what another scenario has."""
        key, lever = f"vary.{word}", self.finder.levers[name]
        other = self.like(pair, key, block)
        if other is None:
            return None
        targets: list[Target] = []
        for setting in lever.settings:
            text = f"policies.{name}.{setting}"
            target = self.finder.find(self.report.document.file, pair.key, text, "vary.")
            if target is None or not self.free(target, pair.key, key):
                return None
            self.columns.fits(target, pair.key, key)
            targets.append(target)
        parts = apart(targets, self.base, other)
        if not parts:
            message = f"{other.name} has this policy as {self.base.name} has it already"
            self.report.problem(pair.value, key, f"{message}: there is nowhere to go")
            return None
        label = block.label or lever.label
        return Varied(word, label, (Knob(f"policies.{name}", label, parts),))

    def free(self, target: Target, node: Node, key: str) -> bool:
        """Refuse two keys that move the same thing."""
        for other, place, name in self.taken:
            if conflict(target, other):
                message = f"moves the same as {name} in line {place.line}; leave one out"
                self.report.problem(node, key, message)
                return False
        self.taken.append((target, node, key))
        return True

    def parts(self, target: Target, pair: Pair, block: ReachBlock, key: str) -> Iterator[Part]:
        """Return the ways that a setting may go; none where something is wrong."""
        start = self.start(target, pair, key)
        unit = block.unit or target.value_unit
        message = unit_problem(unit, target.value_unit)
        if message:
            node = pair.value.get("unit") or pair.value
            self.report.problem(node, f"{key}.unit", message)
            return
        if start is None:
            return
        for end, node in self.far_ends(target, start, pair, block, (key, unit)):
            if not end.same_as(start):
                yield Part(target, start, end)
            elif pair.value.get("range") is None:
                message = f"{self.base.name} has this value already: there is nowhere to go"
                self.report.problem(node, key, message)

    def start(self, target: Target, pair: Pair, key: str) -> Series | None:
        """Return what the scenario has: the whole setting, a knot or a factor of one."""
        whole = of_scenario(target, self.base)
        if whole is None:
            message = (
                f"{self.base.name} does not set this policy, and the parameters on which it "
                "acts differ; set it in the scenario first"
            )
            self.report.problem(pair.key, key, message)
        elif target.part == "knot":
            return Series((), (float(np.interp(target.year, *whole)),))
        elif target.part == "scale":
            return Series((), (1.0,))
        return whole

    def far_ends(
        self,
        target: Target,
        start: Series,
        pair: Pair,
        block: ReachBlock,
        named: tuple[str, str],
    ) -> Sequence[tuple[Series, Node]]:
        """Return how far a setting may go, each with the node that says so."""
        key, unit = named
        node = pair.value.get("to")
        if node is not None:
            end = self.columns.value(target, node, f"{key}.to", unit)
            return [] if end is None else [(end, node)]
        if block.like is not None:
            return self.as_elsewhere(target, pair, key, block)
        return self.both_ends(target, start, pair, named)

    def as_elsewhere(
        self, target: Target, pair: Pair, key: str, block: ReachBlock
    ) -> Sequence[tuple[Series, Node]]:
        """Return what another scenario has."""
        other = self.like(pair, key, block)
        if other is not None and target.part != "whole":
            message = "only a whole setting has like; name it without its year or scale"
            self.report.problem(pair.value, f"{key}.like", message)
            return []
        found = None if other is None else of_scenario(target, other)
        return [] if found is None else [(found, pair.value)]

    def both_ends(
        self, target: Target, start: Series, pair: Pair, named: tuple[str, str]
    ) -> Sequence[tuple[Series, Node]]:
        """Return the ends of a range, between which the scenario has its value."""
        key, unit = named
        node, known = pair.value.get("range"), target.parameter
        mapping = isinstance(pair.value.content, dict)
        shown = node or (pair.key if mapping else pair.value)
        message = ""
        if node is None and (known is None or target.part != "whole" or known.times):
            message = 'write "to", how far it may go, "range", or "like" with a scenario'
        elif target.part == "whole" and target.kind == "schedule" and start.times:
            message = 'write "to" with a whole schedule, or vary a knot or scale of it'
        if message:
            self.report.problem(shown, key, message)
            return []
        ends = self.columns.ends(target, key, pair, unit)
        here = start.values[0]
        if ends is None:
            return []
        if here != NEVER and not ends[0] <= here <= ends[1]:
            message = (
                f"{self.base.name} has {here:g}, which is outside the range {ends[0]:g} to "
                f'{ends[1]:g}; write "to", or a range that holds it'
            )
            self.report.problem(shown, f"{key}.range", message)
            return []
        return [(Series((), (end,)), shown) for end in ends]

    def like(self, pair: Pair, key: str, block: ReachBlock) -> Resolved | None:
        """Load the scenario that has the far end; None when it is wrong."""
        node = pair.value.get("like") or pair.value
        named = node, f"{key}.like", str(block.like)
        found = scenario_of(self.path, self.library, self.report, named)
        return None if found is None else found.resolved
