"""Places of a sweep file, and what is wrong or remarkable there."""

from dataclasses import dataclass, field

from simulator.errors import Problem
from simulator.reading.yaml_nodes import Document, Node


@dataclass
class Report:
    """Gathers what is said about one document."""

    document: Document
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def problem(self, node: Node, key: str, message: str) -> None:
        """Note what is wrong at a node."""
        place = Problem(self.document.file, node.line, node.column, key, message)
        self.problems.append(place)

    def warn(self, node: Node, key: str, message: str) -> None:
        """Note what a person should look at."""
        place = Problem(self.document.file, node.line, node.column, key, message)
        self.warnings.append(str(place))

    def at(self, *keys: str) -> Node:
        """Return the node under a key, or the nearest one above it that is there."""
        here = self.document.root
        for key in keys:
            here = here.get(key) or here
        return here

    def items(self, *keys: str) -> list[Node]:
        """Return the nodes of a list; a value that stands alone is a list of one."""
        node = self.at(*keys)
        return node.content if isinstance(node.content, list) else [node]
