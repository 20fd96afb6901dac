"""From checked files to a resolved scenario: names, units, ranges, stages and dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulator.errors import Problem, ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.defaults import Declared, declared
from simulator.reading.inheritance import Layer, header
from simulator.reading.known import without_later
from simulator.reading.library import Library
from simulator.reading.plausibility import impossible, remarkable
from simulator.reading.resolution import (
    Entries,
    Origin,
    Removal,
    Resolved,
    Write,
    apply,
    surviving,
)
from simulator.reading.roadmap import load_roadmap
from simulator.reading.settings import Expected, Kind, SettingReader, unit_problem
from simulator.reading.structure import unique
from simulator.reading.suggest import did_you_mean
from simulator.reading.yaml_nodes import Node, Pair
from simulator.schema.policy import Lever, Setting

SUGGESTION_LIMIT = 20
"""Names that get a "did you mean"; a file full of noise should not keep a person waiting."""


@dataclass
class Composer:
    """Reads the settings of all layers against the catalogue and the data."""

    library: Library
    layers: Sequence[Layer]
    like: Resolved | None = None
    """The scenario of all layers but the last, whose data and writes are taken over where
    dates mean the same."""
    levers: Mapping[str, Lever] = field(init=False)
    data: Declared = field(init=False)
    stages: dict[str, float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    events: list[Write | Removal] = field(default_factory=list)
    scheduled: set[str] = field(default_factory=set)
    unknown: int = 0

    def __post_init__(self) -> None:
        """Read the catalogue and the data."""
        self.levers = load_policies(self.library)
        end = header(self.layers).history_end
        if self.like is not None and self.like.history_end == end:
            self.data = self.like.parameters.base
        else:
            self.data = declared(self.library, end)
        for lever in self.levers.values():
            for setting in lever.settings.values():
                if setting.kind == "schedule":
                    self.scheduled.update(setting.acts_on)

    def compose(self) -> Resolved | None:
        """Put the layers together; None when something is wrong, with the problems noted."""
        self.read_roadmap()
        known = self.known()
        self.events += known
        first = len(self.layers) - 1 if known else 0
        for number, layer in enumerate(self.layers[first:], first):
            self.read_layer(number, layer)
        if self.problems or not self.layers:
            return None
        writes = surviving(self.events)
        head = header(self.layers)
        entries = without_later(apply(self.data, writes), self.library, head.history_end)
        self.find_idle()
        top = self.layers[-1].content
        used = {write.name for write in writes if write.section == "policies"}
        inactive = [
            name for name, lever in self.levers.items() if name in used and not lever.active
        ]
        return Resolved(
            top.name,
            top.label,
            top.description,
            head.history,
            head.history_end,
            head.horizon.start,
            head.horizon.end,
            head.roadmap,
            Entries(self.data, entries),
            tuple(dict.fromkeys(self.warnings)),
            tuple(inactive),
            tuple(writes),
        )

    def known(self) -> Sequence[Write]:
        """What all layers but the last write; nothing where they are to be read for it.

        Warnings of reading them would be told again, those of the last of them would not.
        """
        like, head = self.like, header(self.layers)
        if like is None or like.warnings:
            return ()
        same = (like.start, like.history_end, like.roadmap)
        return (
            like.writes if same == (head.horizon.start, head.history_end, head.roadmap) else ()
        )

    def read_roadmap(self) -> None:
        """Find the starts of the roadmap's stages."""
        setters = [layer for layer in self.layers if layer.content.roadmap]
        try:
            roadmap = load_roadmap(header(self.layers).roadmap, self.library)
        except ScenarioError as error:
            layer = setters[-1] if setters else self.layers[-1]
            node = layer.document.root.get("roadmap") or layer.document.root
            self.problems += error.problems
            if not error.problems:
                self.report(layer, node, "roadmap", str(error))
        else:
            self.stages = {stage.id: stage.window.start for stage in roadmap.stages}

    def report(self, layer: Layer, node: Node, key: str, message: str) -> None:
        """Note a problem at a node of a layer."""
        place = Problem(layer.document.file, node.line, node.column, key, message)
        self.problems.append(place)

    def warn(self, origin: Origin, key: str, message: str) -> None:
        """Note what a person should look at."""
        self.warnings.append(
            str(Problem(origin.file, origin.line, origin.column, key, message))
        )

    def hint(self, word: str, known: Sequence[str] | Mapping[str, object]) -> str:
        """Suggest a name, for the first unknown names only."""
        self.unknown += 1
        return did_you_mean(word, known) if self.unknown <= SUGGESTION_LIMIT else ""

    def read_layer(self, number: int, layer: Layer) -> None:
        """Read the policies and the parameters of one file."""
        reader = SettingReader(
            layer.document.file, self.stages, header(self.layers).horizon.start, self.problems
        )
        policies = layer.document.root.get("policies")
        for name, pair in policies.pairs() if policies else ():
            self.read_policy(number, layer, reader, str(name), pair)
        parameters = layer.document.root.get("parameters")
        for path, pair in parameters.pairs() if parameters else ():
            self.read_parameter(number, layer, reader, str(path), pair)

    def read_policy(
        self, number: int, layer: Layer, reader: SettingReader, name: str, pair: Pair
    ) -> None:
        """Read the settings of one policy."""
        key = f"policies.{name}"
        lever = self.levers.get(name)
        if lever is None:
            hint = self.hint(name, self.levers)
            self.report(layer, pair.key, key, f'unknown policy "{name[:60]}"{hint}')
            return
        origin = Origin(layer.document.file, pair.key.line, pair.key.column, key)
        if pair.value.content is None:
            self.events.append(Removal(number, "policies", name, "", origin))
            return
        if not isinstance(pair.value.content, dict):
            names = ", ".join(lever.settings)
            message = (
                f"a mapping with {names} is expected, found {pair.value.describe()}; "
                "to remove an inherited policy write null"
            )
            self.report(layer, pair.value, key, message)
            return
        unit = self.read_unit(layer, key, lever, pair.value)
        written = [(str(word), inner) for word, inner in pair.value.pairs() if word != "unit"]
        if not written:
            message = f"nothing is set; write {' or '.join(lever.settings)}"
            self.report(layer, pair.value, key, message)
        for word, inner in written:
            self.read_setting(number, layer, reader, (name, word, unit), inner)

    def read_setting(
        self,
        number: int,
        layer: Layer,
        reader: SettingReader,
        names: tuple[str, str, str],
        pair: Pair,
    ) -> None:
        """Read one setting of a policy; `names` are the policy, the setting and the unit."""
        name, word, unit = names
        lever = self.levers[name]
        key = f"policies.{name}.{word}"
        setting = lever.settings.get(word)
        if setting is None:
            hint = self.hint(word, lever.settings) or f"; write {' or '.join(lever.settings)}"
            message = f'unknown setting "{word[:60]}" of {name}{hint}'
            self.report(layer, pair.key, key, message)
            return
        place = Origin(layer.document.file, pair.key.line, pair.key.column, key)
        if pair.value.content is None:
            self.events.append(Removal(number, "policies", name, word, place))
            return
        bare = unit if unit and setting.kind != "date" else setting.unit
        expected = Expected(setting.kind, setting.unit, bare, setting.low, setting.high)
        series = reader.read(pair.value, key, expected)
        if series is not None and self.reaches(layer, pair.key, lever, setting, place):
            acts_on = setting.acts_on
            self.events.append(
                Write(number, "policies", name, word, acts_on, setting.unit, series, place)
            )

    def read_unit(self, layer: Layer, key: str, lever: Lever, block: Node) -> str:
        """Read the unit of a policy block; empty when none is written."""
        node = block.get("unit")
        if node is None:
            return ""
        units = {setting.unit for setting in lever.settings.values() if setting.kind != "date"}
        if not isinstance(node.content, str) and node.content != 1:
            message = f"a unit is expected, found {node.describe()}"
        elif len(units) != 1:
            message = (
                "the settings of this policy have different units; "
                'write the unit with the number, like "30 GW/yr"'
            )
        else:
            expected = units.pop()
            message = unit_problem(str(node.content), expected)
        if message:
            self.report(layer, node, f"{key}.unit", message)
            return ""
        return str(node.content)

    def reaches(
        self, layer: Layer, node: Node, lever: Lever, setting: Setting, place: Origin
    ) -> bool:
        """Check that the parameters that a setting acts on are there, in a fitting unit."""
        if not lever.active:
            return True
        sound = True
        for path in setting.acts_on:
            parameter = self.data.get(path)
            if parameter is None:
                message = f"the policy acts on {path}, which no data table declares"
            else:
                message = unit_problem(setting.unit, parameter.unit)
            if message:
                self.report(layer, node, place.by, message)
                sound = False
        return sound

    def read_parameter(
        self, number: int, layer: Layer, reader: SettingReader, path: str, pair: Pair
    ) -> None:
        """Read the value of one parameter."""
        key = f"parameters.{path}"
        parameter = self.data.get(path)
        if parameter is None:
            hint = self.hint(path, self.data.parameters)
            self.report(layer, pair.key, key, f'unknown parameter "{path[:100]}"{hint}')
            return
        origin = Origin(layer.document.file, pair.key.line, pair.key.column, key)
        if pair.value.content is None:
            self.events.append(Removal(number, "parameters", path, "", origin))
            return
        kind: Kind = "schedule" if parameter.times or path in self.scheduled else "number"
        if parameter.unit == "year" and not parameter.times:
            kind = "date"
        expected = Expected(kind, parameter.unit, parameter.unit)
        series = reader.read(pair.value, key, expected)
        if series is None:
            return
        message = impossible(parameter, series)
        if message:
            self.report(layer, pair.value, key, message)
            return
        for warning in remarkable(parameter, series):
            self.warn(origin, key, warning)
        self.events.append(
            Write(number, "parameters", path, "", (path,), parameter.unit, series, origin)
        )

    def find_idle(self) -> None:
        """Warn of settings of the last layer that change nothing."""
        last = len(self.layers) - 1
        earlier = surviving(event for event in self.events if event.layer < last)
        touched = {
            path for event in self.events if event.layer == last for path in _paths(event)
        }
        same = [write for write in earlier if not touched.isdisjoint(write.acts_on)]
        before = Entries(self.data, apply(self.data, same))
        moved = False
        for event in self.events:
            if event.layer != last:
                continue
            if isinstance(event, Removal):
                idle = not any(event.hits(write) for write in earlier)
                message = "changes nothing: there is nothing to remove"
            else:
                found = [self.data.get(path) for path in event.acts_on]
                known = [parameter for parameter in found if parameter is not None]
                idle = bool(known) and all(
                    event.series.converted(event.unit, one.unit).same_as(
                        before.series(one.path)
                    )
                    for one in known
                )
                message = "changes nothing: the value is the same without it"
            moved = moved or not idle
            if idle and last:
                self.warn(event.origin, event.origin.by, message)
        self.warn_idle(moved)

    def warn_idle(self, moved: bool) -> None:  # noqa: FBT001 - named at the only call
        """Warn of a scenario that changes nothing at all."""
        top = self.layers[-1]
        rest = header(self.layers[:-1])
        # A shipped scenario that extends nothing is what others are compared with.
        reference = len(self.layers) == 1 and self.is_shipped(top)
        if moved or reference or header(self.layers) != rest:
            return
        against = "what it extends" if self.layers[1:] else "the data as they are"
        node = top.document.root
        place = Origin(top.document.file, node.line, node.column, "")
        self.warn(place, "", f"this scenario changes nothing against {against}")

    def is_shipped(self, layer: Layer) -> bool:
        """Whether a layer is a file of the shipped folder."""
        return layer.path is not None and layer.path.is_relative_to(self.library.scenarios)


def _paths(event: Write | Removal) -> Sequence[str]:
    return event.acts_on if isinstance(event, Write) else ()


def compose(
    layers: Sequence[Layer], library: Library, like: Resolved | None = None
) -> tuple[Resolved | None, list[Problem]]:
    """Resolve layers, with the data of a scenario; return the scenario, or what is wrong."""
    composer = Composer(library, layers, like)
    resolved = composer.compose()
    return resolved, unique(composer.problems)
