"""What a key of a sweep stands for: a setting of a policy or a parameter, or a part of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from simulator.errors import Problem
from simulator.reading.catalogue import load_policies
from simulator.reading.defaults import Declared, declared
from simulator.reading.library import Library
from simulator.reading.parameters import Parameter
from simulator.reading.resolution import Origin, Resolved
from simulator.reading.settings import (
    FIRST_YEAR,
    LAST_YEAR,
    Expected,
    Kind,
    Series,
    unit_problem,
)
from simulator.reading.suggest import did_you_mean
from simulator.reading.yaml_nodes import Node
from simulator.schema.numbers import Label
from simulator.schema.policy import Lever, Setting

Part = Literal["whole", "scale", "knot"]
"""All of a setting, a factor on its knots after history, or its value in one year."""

SCALE: Final = "scale"
_YEAR = re.compile(r"[0-9]{4}(?:\.[0-9]+)?")
_ENDING = re.compile(r"(.+?)\.(scale|[0-9]{4}(?:\.[0-9]+)?)")
HEADER: Final = ("horizon", "history", "roadmap", "name", "label", "description")


@dataclass(frozen=True)
class Target:
    """What a key of a sweep sets."""

    key: str
    """The key in full: a policy begins with ``policies.``, a parameter with its folder."""
    section: str
    """``policies`` or ``parameters``."""
    name: str
    """Policy, or path of the parameter."""
    setting: str
    """Setting of the policy, empty for a parameter."""
    part: Part
    year: float
    """Year of a knot, not-a-number otherwise."""
    kind: Kind
    """What the whole setting is."""
    acts_on: tuple[str, ...]
    """Paths of the parameters whose value it replaces."""
    unit: str
    """Unit of the setting, or of the parameter."""
    low: float | None
    """Smallest value that a policy may have; none for a parameter."""
    high: float | None
    """Largest value that a policy may have; none for a parameter."""
    parameter: Parameter | None
    """The parameter, none for a policy."""
    label: Label
    active: bool
    """Whether the model has the mechanism."""
    origin: Origin
    """Where the key stands."""

    @property
    def value_unit(self) -> str:
        """Unit of what is varied: a factor has none."""
        return "1" if self.part == "scale" else self.unit

    @property
    def place(self) -> tuple[str, str, str]:
        """The setting that is written, whatever part of it is varied."""
        return self.section, self.name, self.setting

    def expected(self, unit: str, *, studied: bool = False) -> Expected:
        """Say what a value may be; bare numbers are in `unit`.

        A number of the data may leave its studied range where it is written out, as in a
        scenario, which then warns; with `studied` it may not.
        """
        if self.part == "scale":
            return Expected("number", "1", unit, 0.0)
        kind: Kind = self.kind if self.part == "whole" else "number"
        low, high = self.low, self.high
        if studied and self.parameter is not None:
            low, high = self.parameter.low, self.parameter.high
        return Expected(kind, self.unit, unit, low, high)

    def of_base(self, base: Resolved) -> Series | None:
        """Return the whole setting as a base has it, None where the base does not set it."""
        if self.section == "policies":
            return base.policies.get(self.name, {}).get(self.setting)
        return base.parameters.series(self.name)


@dataclass
class TargetFinder:
    """Finds what keys stand for and gathers what is wrong with them."""

    library: Library
    problems: list[Problem]
    levers: Mapping[str, Lever] = field(init=False)
    data: Declared = field(init=False)
    scheduled: frozenset[str] = field(init=False)
    """Parameters that a policy may set as a schedule."""

    def __post_init__(self) -> None:
        """Read the catalogue and the data."""
        self.levers = load_policies(self.library)
        self.data = declared(self.library)
        settings = [one for lever in self.levers.values() for one in lever.settings.values()]
        self.scheduled = frozenset(
            path for one in settings if one.kind == "schedule" for path in one.acts_on
        )

    def find(self, file: str, node: Node, text: str, prefix: str) -> Target | None:
        """Return what a key stands for, or None with the problem noted at its node."""
        key = f"{prefix}{text}"
        found = self.parse(file, node, text)
        if isinstance(found, Target):
            return found
        self.problems.append(Problem(file, node.line, node.column, key, found))
        return None

    def parse(self, file: str, node: Node, text: str) -> Target | str:
        """Return what a key stands for, or what is wrong with it."""
        head, _, rest = text.partition(".")
        if head == "policies":
            return self.policy(file, node, rest)
        if head == "parameters":
            return self.parameter(file, node, rest)
        if head in self.levers:
            return self.policy(file, node, text)
        if head in HEADER:
            return (
                f"{head} cannot be varied; write a scenario for each and name them under base"
            )
        if not self.known(text):
            levers = [f"policies.{name}" for name in self.levers]
            hint = did_you_mean(text, [*levers, *self.levers, *self.data.parameters])
            return f'"{text[:100]}" is neither a policy nor a parameter{hint}'
        return self.parameter(file, node, text)

    def known(self, text: str) -> bool:
        """Whether a text is a parameter, with or without an ending."""
        ending = _ENDING.fullmatch(text)
        paths = [text, ending.group(1)] if ending else [text]
        return any(self.data.get(path) is not None for path in paths)

    def policy(self, file: str, node: Node, text: str) -> Target | str:
        """Find a setting of a policy, `text` being what follows ``policies.``."""
        name, _, rest = text.partition(".")
        lever = self.levers.get(name)
        if lever is None:
            return f'unknown policy "{name[:60]}"{did_you_mean(name, self.levers)}'
        word, _, ending = rest.partition(".")
        setting = lever.settings.get(word)
        if setting is None:
            known = " or ".join(f"policies.{name}.{one}" for one in lever.settings)
            if not word:
                return f"the setting is missing; write {known}"
            hint = did_you_mean(word, lever.settings) or f"; write {known}"
            return f'unknown setting "{word[:60]}" of {name}{hint}'
        missing = self.missing(setting) if lever.active else ""
        part = _part(ending, setting.kind)
        if missing or isinstance(part, str):
            return missing or str(part)
        whole = f"policies.{name}.{word}"
        return Target(
            f"{whole}{_suffix(*part)}",
            "policies",
            name,
            word,
            *part,
            setting.kind,
            setting.acts_on,
            setting.unit,
            setting.low,
            setting.high,
            None,
            _label(lever.label, setting.label, *part),
            lever.active,
            Origin(file, node.line, node.column, whole),
        )

    def missing(self, setting: Setting) -> str:
        """Say which parameter that a setting acts on is not there or does not fit."""
        for path in setting.acts_on:
            parameter = self.data.get(path)
            if parameter is None:
                return f"the policy acts on {path}, which no data table declares"
            message = unit_problem(setting.unit, parameter.unit)
            if message:
                return message
        return ""

    def parameter(self, file: str, node: Node, text: str) -> Target | str:
        """Find a parameter by its path, with or without an ending."""
        found, ending = self.data.get(text), ""
        match = _ENDING.fullmatch(text)
        if found is None and match is not None:
            found, ending = self.data.get(match.group(1)), match.group(2)
        if found is None:
            path = match.group(1) if match else text
            hint = did_you_mean(path, self.data.parameters)
            return f'unknown parameter "{path[:100]}"{hint}'
        kind: Kind = "schedule" if found.times or found.path in self.scheduled else "number"
        if found.unit == "year" and not found.times:
            kind = "date"
        part = _part(ending, kind)
        if not isinstance(part, tuple):
            return part
        name = Label(en=found.path, zh=found.path)
        return Target(
            f"{found.path}{_suffix(*part)}",
            "parameters",
            found.path,
            "",
            *part,
            kind,
            (found.path,),
            found.unit,
            None,
            None,
            found,
            _label(name, None, *part),
            active=True,
            origin=Origin(file, node.line, node.column, f"parameters.{found.path}"),
        )


def conflict(one: Target, other: Target) -> bool:
    """Whether two targets set the same thing."""
    if one.place == other.place and one.part == other.part == "knot":
        return one.year == other.year
    return bool(set(one.acts_on) & set(other.acts_on))


def _part(ending: str, kind: Kind) -> tuple[Part, float] | str:
    """Read the ending of a key, or say why it does not fit."""
    if not ending:
        return "whole", float("nan")
    if ending == SCALE:
        dated = "a date cannot be scaled; vary the date itself"
        return dated if kind == "date" else ("scale", float("nan"))
    if not _YEAR.fullmatch(ending):
        return (
            f'"{ending[:60]}" is no part of a setting; a key ends with the setting, '
            "a year of its schedule like 2030, or scale"
        )
    if kind != "schedule":
        what = "a date" if kind == "date" else "one number"
        return f"it is {what} and has no year {ending}; leave the year out"
    year = float(ending)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return f"the year {year:g} is outside {FIRST_YEAR:g} to {LAST_YEAR:g}"
    return "knot", year


def _suffix(part: Part, year: float) -> str:
    """Write the ending of a key."""
    return {"whole": "", "scale": ".scale", "knot": f".{year:.12g}"}[part]


def _label(name: Label, setting: Label | None, part: Part, year: float) -> Label:
    """Name a target in both languages."""
    words: Sequence[Label] = [name] if setting is None else [name, setting]
    endings = {
        "whole": [],
        "scale": [Label(en="factor", zh="倍数")],
        "knot": [Label(en=f"{year:.12g}", zh=f"{year:.12g}年")],
    }[part]
    labels = [*words, *endings]
    return Label(en=", ".join(one.en for one in labels), zh="，".join(one.zh for one in labels))
