"""The layers of a scenario put together: which parameter has which value, and who said so."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from simulator.dimensions import HISTORY_END
from simulator.reading.canonical import Canonical, write_yaml
from simulator.reading.defaults import Declared, line_of
from simulator.reading.parameters import Parameter
from simulator.reading.settings import Series
from simulator.schema.numbers import Label


@dataclass(frozen=True, slots=True)
class Origin:
    """A place that sets a value."""

    file: str
    line: int
    column: int
    by: str
    """``data``, ``policies.<policy>.<setting>`` or ``parameters.<path>``."""

    def __str__(self) -> str:
        """Write ``file:line:column (by)``."""
        return f"{self.file}:{self.line}:{self.column} ({self.by})"


@dataclass(frozen=True)
class Entry(Parameter):
    """A parameter as a scenario has it, with the chain of places that set it."""

    chain: tuple[Origin, ...]
    """The data table first, then every setting in the order it was applied."""


class Write(NamedTuple):
    """One setting of one layer, already checked."""

    layer: int
    section: str
    """``policies`` or ``parameters``."""
    name: str
    """Policy, or path of the parameter."""
    setting: str
    """Setting of the policy, empty for a parameter."""
    acts_on: tuple[str, ...]
    unit: str
    series: Series
    origin: Origin


class Removal(NamedTuple):
    """A null: what was written before under this name counts no more."""

    layer: int
    section: str
    name: str
    setting: str
    origin: Origin

    def hits(self, write: Write) -> bool:
        """Whether a write is removed."""
        same = (write.section, write.name) == (self.section, self.name)
        return same and self.setting in ("", write.setting)


def surviving(events: Iterable[Write | Removal]) -> list[Write]:
    """Return the writes that no later removal takes back, in order."""
    kept: list[Write] = []
    for event in events:
        if isinstance(event, Removal):
            kept = [write for write in kept if not event.hits(write)]
        else:
            kept.append(event)
    return kept


def origin_of(parameter: Parameter) -> Origin:
    """Return the place of a parameter in the data."""
    return Origin(parameter.file, parameter.line, 1, "data")


def apply(base: Declared, writes: Iterable[Write]) -> dict[str, Entry]:
    """Return the parameters that the writes set, each with its last value and whole chain."""
    set_by: dict[str, list[Write]] = {}
    for write in writes:
        for path in write.acts_on:
            set_by.setdefault(path, []).append(write)
    entries: dict[str, Entry] = {}
    for path, these in set_by.items():
        known = base.get(path)
        if known is None:
            continue
        series = these[-1].series.converted(these[-1].unit, known.unit)
        chain = (origin_of(known), *(write.origin for write in these))
        own = {**vars(known), "times": series.times, "values": series.values}
        entries[path] = Entry(**own, chain=chain)
    return entries


class Entries(Mapping[str, Entry]):
    """All parameters of a scenario: the data, with what the scenario sets laid over.

    A default that a scenario overrides for one fleet or technology is a parameter here.
    """

    def __init__(self, base: Declared, overrides: Mapping[str, Entry]) -> None:
        self.base = base
        self.overrides = overrides

    def __getitem__(self, path: str) -> Entry:
        """Return a parameter by its path."""
        found = self.overrides.get(path)
        if found is not None:
            return found
        entry: Entry | None = self.base.entries.get(path)
        if entry is None:
            known = self.base.parameters[path]
            entry = Entry(**vars(known), chain=(origin_of(known),))
            self.base.entries[path] = entry
        return entry

    def __contains__(self, path: object) -> bool:
        """Whether there is such a parameter."""
        return path in self.base.parameters or path in self.overrides

    def __iter__(self) -> Iterator[str]:
        """Walk the paths."""
        yield from self.base.parameters
        yield from (path for path in self.overrides if path not in self.base.parameters)

    def __len__(self) -> int:
        """Count the parameters."""
        return sum(1 for _ in self)

    def find(self, path: str) -> Parameter:
        """Return a parameter as it stands, also one that follows from a default."""
        found = self.overrides.get(path) or self.base.get(path)
        if found is None:
            raise KeyError(path)
        return found

    def series(self, path: str) -> Series:
        """Return only the times and values of a parameter."""
        found = self.find(path)
        return Series(found.times, found.values)


@dataclass(frozen=True)
class Resolved:
    """A scenario with nothing left to look up: what the model is assembled from."""

    name: str
    label: Label
    description: Label | None
    history: str
    """``observed`` or ``endogenous``."""
    history_end: int
    """First calendar year of which nothing that was observed is known."""
    start: int
    end: int
    """First and last calendar year."""
    roadmap: str
    parameters: Entries
    """Every parameter by path, as this scenario has it."""
    warnings: tuple[str, ...]
    """What a person should look at, each with its place."""
    inactive: tuple[str, ...]
    """Policies that are set, but whose mechanism the model does not have yet."""
    writes: tuple[Write, ...]
    """Every setting in force, in the order it was applied."""

    @cached_property
    def policies(self) -> dict[str, dict[str, Series]]:
        """The settings of policies in force, in the units of the catalogue."""
        found: dict[str, dict[str, Series]] = {}
        for write in self.writes:
            if write.section == "policies":
                settings = found.pop(write.name, {})
                found[write.name] = {**settings, write.setting: write.series}
        return found

    @cached_property
    def changed_parameters(self) -> dict[str, Series]:
        """The parameters set by path and not overruled by a policy later."""
        found: dict[str, Series] = {}
        for write in self.writes:
            for path in write.acts_on:
                found.pop(path, None)
            if write.section == "parameters":
                found[write.name] = write.series
        return found

    @cached_property
    def yaml(self) -> str:
        """The whole scenario as one file that extends nothing."""
        return write_yaml(
            Canonical(
                self.name,
                self.label,
                self.description,
                self.start,
                self.end,
                self.history,
                self.history_end,
                self.policies,
                self.changed_parameters,
                self.roadmap,
            )
        )

    @cached_property
    def digest(self) -> str:
        """A hash of all that a run depends on: every parameter, the horizon and the history."""
        base = self.parameters.base
        over = {path: line_of(path, entry) for path, entry in self.parameters.overrides.items()}
        lines = base.lines | over
        added = [path for path in over if path not in base.lines]
        paths = sorted([*base.ordered, *added]) if added else base.ordered
        text = [f"{self.start} {self.end} {self.history}"]
        if self.history_end != HISTORY_END:
            text.append(f"{self.history_end}")
        text += [lines[path] for path in paths]
        return hashlib.sha256("\n".join(text).encode()).hexdigest()
