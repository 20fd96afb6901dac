"""Scenarios by name or file: load, change, resolve."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from simulator.errors import Problem, ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.composition import compose
from simulator.reading.defaults import declared
from simulator.reading.inheritance import Layer, Reader, find, shipped_names
from simulator.reading.library import Library, shipped
from simulator.reading.parameters import load_parameters
from simulator.reading.resolution import Resolved
from simulator.reading.structure import check, unique
from simulator.reading.suggest import did_you_mean
from simulator.reading.yaml_nodes import (
    Document,
    Node,
    Pair,
    from_plain,
    plain,
    read_text,
    read_yaml,
)
from simulator.schema.numbers import Label
from simulator.schema.scenario import ScenarioFile

HEADER = ("name", "label", "description", "horizon", "history", "history_end", "roadmap")


class Summary(NamedTuple):
    """A shipped scenario, for a list."""

    name: str
    label: Label
    description: Label | None
    file: str


@dataclass(frozen=True)
class Scenario:
    """A scenario and all it extends, read and checked; an immutable value."""

    name: str
    label: Label
    description: Label | None
    layers: tuple[Layer, ...] = field(repr=False)
    """The files it is made of: what is extended first, the scenario itself last."""
    library: Library = field(repr=False)
    resolved: Resolved = field(repr=False)
    """The values of all parameters."""

    def replace(self, changes: Mapping[str, object], file: str = "<replace>") -> "Scenario":
        """Return a new scenario with settings changed.

        Keys are dotted: ``policies.carbon_price_floor.schedule``, ``parameters.<path>``,
        ``horizon.end``, ``history``, ``history_end``; the word ``policies`` or ``parameters``
        may be left out. Values are what stands in a file: numbers, ``"30 yr"``,
        ``{2030: 300}``, None to remove.
        """
        document = _overlay(self, changes, file)
        content, problems = check(ScenarioFile, document)
        if content is None:
            raise ScenarioError(*unique(problems))
        layers = (*self.layers, Layer(document, content, None))
        return _made(layers, self.library, problems, self.resolved)


def load(name_or_path: str | Path, library: Library | None = None) -> Scenario:
    """Read a scenario by name or path, with all it extends; all errors come at once."""
    where = library or shipped()
    path = find(name_or_path, where)
    reader = Reader(where)
    is_shipped = str(path) != str(name_or_path)
    reader.read(path, where.show(path) if is_shipped else str(path))
    return _made(tuple(reader.layers), where, reader.problems)


def resolve(scenario: Scenario) -> Resolved:
    """Return the scenario with every parameter, its value and its chain of origins."""
    return scenario.resolved


def parent(scenario: Scenario) -> Resolved | None:
    """Resolve what a scenario extends; None when it extends nothing."""
    if len(scenario.layers) < 2:
        return None
    return _made(scenario.layers[:-1], scenario.library, []).resolved


def list_scenarios(library: Library | None = None) -> tuple[Summary, ...]:
    """List the shipped scenarios; a broken one is listed under its file's name."""
    where = library or shipped()
    found = []
    for name in shipped_names(where):
        path = where.scenarios / f"{name}.yaml"
        try:
            content, _ = check(ScenarioFile, read_yaml(path))
        except ScenarioError:
            content = None
        label = content.label if content else Label(en=name, zh=name)
        description = content.description if content else None
        found.append(Summary(name, label, description, where.show(path)))
    return tuple(found)


def parse_assignment(text: str) -> tuple[str, object]:
    """Take ``KEY=VALUE`` of a command line apart; the value is read as YAML."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        message = f'"{text[:60]}" is not of the form KEY=VALUE'
        raise ScenarioError(Problem("<set>", 0, 0, "", message))
    document = read_text(value, "<set>") if value.strip() else None
    if document is None:
        return key.strip(), None
    if document.problems:
        raise ScenarioError(*document.problems)
    return key.strip(), plain(document.root)


def _made(
    layers: tuple[Layer, ...],
    library: Library,
    problems: list[Problem],
    like: Resolved | None = None,
) -> Scenario:
    """Resolve layers to a scenario, or raise all that is wrong with them."""
    resolved, found = compose(layers, library, like) if layers else (None, [])
    if problems or resolved is None:
        raise ScenarioError(*unique([*problems, *found]))
    top = layers[-1].content
    return Scenario(top.name, top.label, top.description, layers, library, resolved)


def _full_key(key: str, library: Library) -> tuple[str, ...]:
    """Split a dotted key into section, name and setting."""
    head, _, rest = key.partition(".")
    if head == "parameters" and rest:
        return head, rest
    if head == "policies" and rest:
        return (head, *rest.split(".", 1))
    if head in HEADER:
        return tuple(key.split("."))
    if head in load_policies(library):
        return ("policies", *key.split(".", 1))
    if declared(library).get(key) is not None:
        return "parameters", key
    known = [*HEADER, *load_policies(library), *load_parameters(library)]
    message = f"unknown key{did_you_mean(key, known)}"
    raise ScenarioError(Problem("<replace>", 0, 0, key, message))


def _overlay(scenario: Scenario, changes: Mapping[str, object], file: str) -> Document:
    """Write changes in the form of a file, each on a line of its own."""
    top: dict[str, object] = {"schema": 1, "name": scenario.name}
    for name in ("label", "description"):
        text: Label | None = getattr(scenario, name)
        if text is not None:
            top[name] = text.model_dump()
    root = from_plain(top)
    for line, (key, value) in enumerate(changes.items(), start=1):
        here = root
        *sections, last = _full_key(key, scenario.library)
        for section in sections:
            inner = here.get(section)
            if inner is None or not isinstance(inner.content, dict):
                inner = Node({}, line, 1)
                _put(here, section, inner, line)
            here = inner
        _put(here, last, from_plain(value, line), line)
    return Document(file, root, ())


def _put(mapping: Node, key: str, value: Node, line: int) -> None:
    """Set a key of a mapping that is being built."""
    assert isinstance(mapping.content, dict)  # noqa: S101 - narrows the type
    mapping.content[key] = Pair(Node(key, line, 1), value)
