"""Files that extend files: which layers a scenario is made of, from the first to the last."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from simulator.dimensions import HISTORY_END
from simulator.errors import Problem, ScenarioError
from simulator.reading.catalogue import CATALOGUE
from simulator.reading.library import Library
from simulator.reading.structure import check
from simulator.reading.suggest import did_you_mean
from simulator.reading.yaml_nodes import Document, Node, read_yaml
from simulator.schema.numbers import Label
from simulator.schema.scenario import Horizon, ScenarioFile

DEFAULT_ROADMAP = "four_stage"
LAYER_LIMIT = 40
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Layer:
    """One file of a scenario, checked by itself."""

    document: Document
    content: ScenarioFile
    path: Path | None
    """The file; none for values set by a program."""


def shipped_names(library: Library) -> list[str]:
    """Name the scenarios of the shipped folder."""
    return sorted(
        path.stem for path in library.scenarios.glob("*.yaml") if path.name != CATALOGUE
    )


def find(name_or_path: str | Path, library: Library) -> Path:
    """Find the file that a person means on the command line, or in a program."""
    text = str(name_or_path)
    is_path = isinstance(name_or_path, Path) or text.endswith(SUFFIXES) or "/" in text
    if is_path or "\\" in text:
        return Path(text)
    known = shipped_names(library)
    if text in known:
        return library.scenarios / f"{text}.yaml"
    hint = did_you_mean(text, known) or f"; there are {', '.join(known) or 'none'}"
    if "\0" not in text and len(text) < 200 and Path(f"{text}.yaml").is_file():
        hint = f'; to use the file in this folder write "{text}.yaml"'
    message = f'unknown scenario "{text[:60]}"{hint}'
    raise ScenarioError(message)


class Header(NamedTuple):
    """What a scenario has once, the last layer that writes it deciding."""

    horizon: Horizon
    history: str
    roadmap: str
    history_end: int


def header(layers: Sequence[Layer]) -> Header:
    """Return the header of layers put together."""
    found = Header(Horizon(), "observed", DEFAULT_ROADMAP, int(HISTORY_END))
    for layer in layers:
        written = layer.content
        found = Header(
            written.horizon or found.horizon,
            written.history or found.history,
            written.roadmap or found.roadmap,
            written.history_end or found.history_end,
        )
    return found


def _stand_in(document: Document, path: Path) -> ScenarioFile:
    """Replace a broken header, so that the rest of the file is checked too."""
    roadmap = document.root.get("roadmap")
    return ScenarioFile(
        schema=1,
        name="broken",
        label=Label(en=path.stem, zh=path.stem),
        roadmap=roadmap.content if roadmap and isinstance(roadmap.content, str) else None,
    )


@dataclass
class Reader:
    """Reads a file and all it extends, once each, and gathers what is wrong."""

    library: Library
    layers: list[Layer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    done: set[Path] = field(default_factory=set)

    def read(self, path: Path, file: str, chain: tuple[Path, ...] = ()) -> None:
        """Read the files that `path` extends, left to right, then `path` itself."""
        document = read_yaml(path, file)
        if len(self.done) >= LAYER_LIMIT:
            raise ScenarioError(
                Problem(file, 1, 1, "extends", f"more than {LAYER_LIMIT} files")
            )
        self.done.add(path.resolve())
        content, problems = check(ScenarioFile, document)
        self.problems += [*document.problems, *problems]
        place = document.root.get("name")
        if place is not None and isinstance(place.content, str) and place.content != path.stem:
            message = (
                f'the name must be the file\'s, "{path.stem}", found "{place.content[:60]}"'
            )
            self.report(document, place, "name", message)
        for node in self.extended(document):
            self.follow(path, document, node, (*chain, path.resolve()))
        if isinstance(document.root.content, dict):
            self.layers.append(Layer(document, content or _stand_in(document, path), path))

    def report(self, document: Document, node: Node, key: str, message: str) -> None:
        """Note a problem at a node."""
        self.problems.append(Problem(document.file, node.line, node.column, key, message))

    def extended(self, document: Document) -> list[Node]:
        """List the nodes that name what is extended."""
        node = document.root.get("extends")
        if node is None:
            return []
        nodes = node.content if isinstance(node.content, list) else [node]
        return [item for item in nodes if isinstance(item.content, str)][:20]

    def follow(
        self, path: Path, document: Document, node: Node, chain: tuple[Path, ...]
    ) -> None:
        """Read one file that another extends."""
        text = str(node.content)
        target, refusal = self.locate(path, text)
        if target is None:
            self.report(document, node, "extends", refusal)
            return
        real = target.resolve()
        if real in chain:
            names = [step.stem for step in (*chain[chain.index(real) :], real)]
            message = f"the files extend each other in a circle: {' -> '.join(names)}"
            self.report(document, node, "extends", message)
        elif real not in self.done:
            try:
                self.read(target, self.library.show(target), chain)
            except ScenarioError as error:
                self.problems += error.problems

    def locate(self, path: Path, text: str) -> tuple[Path | None, str]:
        """Find an extended file inside the allowed folders, or say why it is refused."""
        written = PurePosixPath(text)
        if "\0" in text or len(text) > 200:
            return None, "this is not the name of a scenario"
        if written.is_absolute() or "\\" in text or ":" in text or text.startswith("~"):
            return None, f'"{text}" is refused: write a name, or a path beside this file'
        if ".." in written.parts:
            return None, f'"{text}" is refused: ".." leaves the scenario folder'
        name = text if text.endswith(SUFFIXES) else f"{text}.yaml"
        folders = [path.parent, self.library.scenarios]
        targets = [folder / name for folder in folders if (folder / name).is_file()]
        others = [target for target in targets if target.resolve() != path.resolve()]
        for target in others or targets:
            if any(target.resolve().is_relative_to(root.resolve()) for root in folders):
                return target, ""
            return None, f'"{text}" is refused: the link leads out of the scenario folder'
        known = {file.stem for file in path.parent.glob("*.yaml") if file.name != CATALOGUE}
        known |= set(shipped_names(self.library))
        return None, f'unknown scenario "{text[:60]}"{did_you_mean(text, known - {path.stem})}'
