"""Roadmaps, by name."""

from collections.abc import Sequence
from functools import lru_cache

from simulator.errors import Problem, ScenarioError, UnitError
from simulator.reading.library import Library, Stamp, shipped, stamp
from simulator.reading.structure import check, unique
from simulator.reading.suggest import did_you_mean
from simulator.reading.yaml_nodes import Document, Node, read_yaml
from simulator.schema.roadmap import Milestone, Roadmap, Stage
from simulator.units import check as check_unit


def list_roadmaps(library: Library | None = None) -> tuple[str, ...]:
    """Name the shipped roadmaps."""
    folder = (library or shipped()).scenarios / "roadmaps"
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_roadmap(name: str, library: Library | None = None) -> Roadmap:
    """Read a shipped roadmap, or raise `ScenarioError`."""
    where = library or shipped()
    known = list_roadmaps(where)
    if name not in known:
        hint = did_you_mean(name, known) or f"; there are {', '.join(known) or 'none'}"
        message = f'unknown roadmap "{name[:60]}"{hint}'
        raise ScenarioError(message)
    path = where.scenarios / "roadmaps" / f"{name}.yaml"
    return _read(where, name, stamp([path]))


@lru_cache(maxsize=16)
def _read(where: Library, name: str, files: Stamp) -> Roadmap:
    """Read a roadmap in the state that `files` describes."""
    ((path, _, _),) = files
    document = read_yaml(path, where.show(path))
    roadmap, problems = check(Roadmap, document)
    problems = [*document.problems, *problems]
    if roadmap is not None:
        problems += _cross_checks(document, roadmap, name)
    if problems or roadmap is None:
        raise ScenarioError(*unique(problems))
    return roadmap


def _places(document: Document, section: str) -> list[Node]:
    """Return the nodes of a list of the document."""
    node = document.root.get(section)
    return node.content if node and isinstance(node.content, list) else []


def _twice(items: Sequence[Stage | Milestone]) -> set[int]:
    """Return the positions of items whose id stands before."""
    names = [item.id for item in items]
    return {place for place, name in enumerate(names) if name in names[:place]}


def _cross_checks(document: Document, roadmap: Roadmap, name: str) -> list[Problem]:
    """Check what no single field can show."""
    problems: list[Problem] = []

    def report(node: Node, key: str, message: str) -> None:
        problems.append(Problem(document.file, node.line, node.column, key, message))

    if roadmap.name != name:
        place = document.root.get("name") or document.root
        report(place, "name", f'the name must be the file\'s, "{name}"')
    nodes = _places(document, "stages")
    for position, stage in enumerate(roadmap.stages):
        key = f"stages.{position}"
        if position in _twice(roadmap.stages):
            report(nodes[position], key, f'the stage "{stage.id}" is written twice')
        if position and stage.window.start < roadmap.stages[position - 1].window.end:
            report(
                nodes[position], key, f'the stage "{stage.id}" starts before the last one ends'
            )
    stages = [stage.id for stage in roadmap.stages]
    nodes = _places(document, "milestones")
    for position, milestone in enumerate(roadmap.milestones):
        key = f"milestones.{position}"
        if position in _twice(roadmap.milestones):
            report(nodes[position], key, f'the milestone "{milestone.id}" is written twice')
        if stages and milestone.stage is not None and milestone.stage not in stages:
            hint = did_you_mean(milestone.stage, stages) or f"; there are {', '.join(stages)}"
            report(nodes[position], f"{key}.stage", f'unknown stage "{milestone.stage}"{hint}')
        try:
            check_unit(milestone.unit)
        except UnitError as error:
            report(nodes[position], f"{key}.unit", str(error))
    return problems
