"""YAML as plain values that know their line and column, within limits.

The parser is PyYAML's safe C parser, read event by event, so a hostile file is refused before
anything is built from it. Scalars follow YAML 1.2: ``1e9`` is a number, ``yes`` and ``off``
are text, ``12:30`` is text. Tags, merge keys, duplicate keys, not-a-number and infinities are
refused. Sizes, depth and aliases are bounded, and an alias may not grow the document.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from simulator.errors import Problem, ScenarioError

SIZE_LIMIT = 1_000_000
DEPTH_LIMIT = 20
ALIAS_LIMIT = 50
NODE_LIMIT = 50_000

Scalar = str | int | float | bool | None

_INTEGER = re.compile(r"[-+]?[0-9]{1,299}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NOT_PRINTABLE = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_own(path: Path) -> Any:  # noqa: ANN401 - any YAML
    """Read a file of the project's own as plain values; no place is kept, nothing bounded."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - safe loaders


class Pair(NamedTuple):
    """A key of a mapping and its value."""

    key: "Node"
    value: "Node"


@dataclass(slots=True)
class Node:
    """A value with its place; the content of a mapping is keyed by plain value."""

    content: Scalar | list["Node"] | dict[Scalar, Pair]
    line: int
    column: int
    size: int = 1
    height: int = 0

    def pairs(self) -> Iterator[tuple[Scalar, Pair]]:
        """Walk a mapping; nothing for any other node."""
        if isinstance(self.content, dict):
            yield from self.content.items()

    def get(self, key: Scalar) -> "Node | None":
        """Return the value under a key of a mapping."""
        pair = self.content.get(key) if isinstance(self.content, dict) else None
        return pair.value if pair else None

    def describe(self) -> str:
        """Name what stands here, for an error sentence."""
        match self.content:
            case None:
                return "nothing"
            case bool(flag):
                return "true" if flag else "false"
            case str(text):
                return f'the text "{text if len(text) <= 40 else text[:37] + "..."}"'
            case int() | float() as number:
                return f"the number {number:.12g}"
            case list():
                return "a list"
            case _:
                return "a mapping"


class Document(NamedTuple):
    """One file as nodes, with what is wrong that did not stop the reading."""

    file: str
    root: Node
    problems: tuple[Problem, ...]


def plain(node: Node) -> Any:  # noqa: ANN401 - the values of a document
    """Strip the places: lists, dictionaries and scalars."""
    if isinstance(node.content, list):
        return [plain(item) for item in node.content]
    if isinstance(node.content, dict):
        return {key: plain(pair.value) for key, pair in node.content.items()}
    return node.content


def from_plain(value: object, line: int = 1) -> Node:
    """Give plain values of a program the form of a document, all on one line."""
    if isinstance(value, dict):
        pairs = {
            key: Pair(from_plain(key, line), from_plain(item, line))
            for key, item in value.items()
        }
        return Node(pairs, line, 1)
    if isinstance(value, (list, tuple)):
        return Node([from_plain(item, line) for item in value], line, 1)
    if isinstance(value, (int, float)) and not -1e300 < value < 1e300:
        message = f"{value!s:.40} is not a finite number; write a number"
        raise ScenarioError(Problem("<replace>", line, 1, "", message))
    if value is None or isinstance(value, (str, bool, int, float)):
        return Node(value, line, 1)
    item: Callable[[], object] | None = getattr(value, "item", None)
    if item is None or getattr(value, "ndim", None) != 0:
        message = f"a {type(value).__name__} cannot stand in a scenario"
        raise ScenarioError(Problem("<replace>", line, 1, "", message))
    return from_plain(item(), line)


def resolve_scalar(text: str) -> Scalar:
    """Read a plain scalar by the core rules of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return math.nan
    return text


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open."""

    node: Node
    anchor: str | None
    key: Node | None = None
    items: int = 0


@dataclass(slots=True)
class _Builder:
    """Builds nodes from parser events."""

    file: str
    root: Node | None = None
    stack: list[_Frame] = field(default_factory=list)
    anchors: dict[str, Node | None] = field(default_factory=dict)
    aliases: int = 0
    nodes: int = 0
    problems: list[Problem] = field(default_factory=list)

    def path(self) -> str:
        """Return the dotted path of the place being read."""
        parts = []
        for frame in self.stack:
            if isinstance(frame.node.content, list):
                parts.append(str(len(frame.node.content)))
            elif frame.key is not None:
                parts.append(str(frame.key.content))
        return ".".join(parts)

    def problem(self, event: Any, message: str) -> Problem:  # noqa: ANN401 - yaml events
        """Describe a problem at an event."""
        mark = event.start_mark
        return Problem(self.file, mark.line + 1, mark.column + 1, self.path(), message)

    def feed(self, event: Any) -> None:  # noqa: ANN401 - yaml events are untyped
        """Take one event."""
        if getattr(event, "tag", None) is not None:
            raise ScenarioError(self.problem(event, f'tags like "{event.tag}" are not allowed'))
        match event:
            case yaml.AliasEvent():
                self.alias(event)
            case yaml.ScalarEvent():
                self.scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.close(event)
            case yaml.DocumentStartEvent() if self.root is not None:
                raise ScenarioError(
                    self.problem(event, "a second document starts here; write one per file")
                )
            case _:
                pass

    def open(self, event: Any) -> None:  # noqa: ANN401
        """Begin a list or a mapping."""
        if len(self.stack) >= DEPTH_LIMIT:
            raise ScenarioError(
                self.problem(event, f"nested more than {DEPTH_LIMIT} levels deep")
            )
        mark = event.start_mark
        empty: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(_Frame(Node(empty, mark.line + 1, mark.column + 1), event.anchor))

    def close(self, event: Any) -> None:  # noqa: ANN401
        """End a list or a mapping."""
        frame = self.stack.pop()
        if frame.anchor:
            self.anchors[frame.anchor] = frame.node
        self.add(event, frame.node)

    def alias(self, event: Any) -> None:  # noqa: ANN401
        """Repeat an anchored node."""
        self.aliases += 1
        if self.aliases > ALIAS_LIMIT:
            raise ScenarioError(self.problem(event, f"more than {ALIAS_LIMIT} aliases"))
        target = self.anchors.get(event.anchor)
        if target is None:
            why = "refers to itself" if event.anchor in self.anchors else "has no anchor"
            raise ScenarioError(self.problem(event, f'the alias "*{event.anchor}" {why}'))
        self.add(event, target)

    def scalar(self, event: Any) -> None:  # noqa: ANN401
        """Read a scalar; only unquoted ones can be numbers."""
        mark = event.start_mark
        value: Scalar = resolve_scalar(event.value) if event.implicit[0] else event.value
        if isinstance(value, float) and not math.isfinite(value):
            message = f'"{event.value[:40]}" is not a finite number; write a number'
            self.problems.append(self.problem(event, message))
            value = math.nan
        node = Node(value, mark.line + 1, mark.column + 1)
        if event.anchor:
            self.anchors[event.anchor] = node
        self.add(event, node)

    def add(self, event: Any, node: Node) -> None:  # noqa: ANN401
        """Put a finished node where it belongs."""
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        parent = frame.node
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        if parent.size > NODE_LIMIT or len(self.stack) + node.height > DEPTH_LIMIT:
            message = f"grows beyond {NODE_LIMIT} values or {DEPTH_LIMIT} levels"
            raise ScenarioError(self.problem(event, message))
        if isinstance(parent.content, list):
            parent.content.append(node)
        elif frame.key is None:
            self.take_key(event, frame, node)
        else:
            assert isinstance(parent.content, dict)  # noqa: S101 - narrows the type
            key = frame.key.content
            assert not isinstance(key, (list, dict))  # noqa: S101
            if key not in parent.content:
                parent.content[key] = Pair(frame.key, node)
            frame.key = None

    def take_key(self, event: Any, frame: _Frame, node: Node) -> None:  # noqa: ANN401
        """Check a key: one word or number, not yet used, no merge."""
        if isinstance(node.content, (list, dict)):
            message = f"{node.describe()} cannot be a key; a key is one word or number"
            raise ScenarioError(self.problem(event, message))
        frame.key = node
        if node.content == "<<":
            self.problems.append(
                self.problem(event, 'merge keys "<<" are not allowed; use "extends"')
            )
        known = frame.node.content
        if isinstance(known, dict) and node.content in known:
            first = known[node.content].key.line
            message = (
                f'the key "{node.content}" is written twice; it stands already in line {first}'
            )
            self.problems.append(self.problem(event, message))


def _hint(text: str, line: int) -> str:
    """Guess what a person did to a line that the parser cannot read."""
    lines = text.split("\n")
    around = "\n".join(lines[max(0, line - 2) : line])
    if "：" in around:
        return ' (a full-width colon "：" was found; use ": ")'
    if "\t" in around:
        return " (a tab was found; indent with spaces)"
    return ""


def _decode(data: bytes, file: str) -> str:
    """Turn bytes into text, or say why they are none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        message = "the file is not UTF-8 text; save it with the encoding UTF-8"
        raise ScenarioError(Problem(file, line, column, "", message)) from None
    wrong = _NOT_PRINTABLE.search(text)
    if wrong:
        before_wrong = text[: wrong.start()]
        column = wrong.start() - (before_wrong.rfind("\n") + 1) + 1
        message = (
            f"a control character (U+{ord(wrong.group()):04X}) was found; is this a text file?"
        )
        raise ScenarioError(Problem(file, before_wrong.count("\n") + 1, column, "", message))
    return text


def read_text(data: bytes | str, file: str) -> Document:
    """Read YAML from memory; `file` is the name used in errors."""
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if len(raw) > SIZE_LIMIT:
        message = f"the file is larger than {SIZE_LIMIT // 1_000_000} MB"
        raise ScenarioError(Problem(file, 1, 1, "", message))
    text = _decode(raw, file)
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=Loader):
            builder.feed(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = getattr(error, "problem", None) or "the text cannot be read as YAML"
        message = f"{said}{_hint(text, line)}"
        raise ScenarioError(Problem(file, line, column, builder.path(), message)) from None
    if builder.root is None:
        raise ScenarioError(Problem(file, 1, 1, "", "the file is empty"))
    return Document(file, builder.root, tuple(builder.problems))


def read_yaml(path: Path, file: str | None = None) -> Document:
    """Read a YAML file; `file` is how errors name it, by default its path."""
    shown = file or str(path)
    try:
        if path.is_dir():
            raise ScenarioError(Problem(shown, 0, 0, "", "this is a folder, not a file"))
        if not path.is_file():
            raise ScenarioError(Problem(shown, 0, 0, "", "there is no such file"))
        with path.open("rb") as stream:
            data = stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"the file cannot be read: {reason}"
        raise ScenarioError(Problem(shown, 0, 0, "", message)) from None
    return read_text(data, shown)
