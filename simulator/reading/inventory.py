"""What the founding documents name, and what stands for each here: nothing is lost silently.

``scenarios/catalogue/mechanisms.csv`` has one row a mechanism, ``facts.csv`` one row a number.
A target is the name of a policy (or ``policy.setting``), the path of a parameter (or a folder
of parameters, ending in ``.*``), a feedback loop, a milestone of a shipped roadmap, or a
variable of the results. The first target is what represents the row, others go along with it.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from simulator.errors import Problem, ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.defaults import Declared, declared
from simulator.reading.library import Library, Stamp, shipped, stamp
from simulator.reading.loops import load_loops
from simulator.reading.roadmap import list_roadmaps, load_roadmap
from simulator.reading.sheet import Sheet
from simulator.reading.suggest import did_you_mean
from simulator.schema.numbers import Label
from simulator.schema.policy import Lever
from simulator.schema.roadmap import Milestone

FOLDER: Final = "catalogue"
MECHANISM_COLUMNS: Final = (
    "id", "kind", "sector", "label_en", "label_zh", "represented_by", "target", "note",
)  # fmt: skip
FACT_COLUMNS: Final = (
    "id", "label_en", "label_zh", "value", "unit", "year", "source", "clause", "used_as",
    "target", "note",
)  # fmt: skip
KINDS: Final = (
    "technology_lever", "digital_lever", "policy_target", "structural_lever",
    "circularity_lever", "feedback", "market_mechanism", "roadmap_stage",
)  # fmt: skip
REPRESENTED_BY: Final = ("policy", "parameter", "loop", "milestone", "variable", "outside")
USED_AS: Final = ("parameter", "calibration", "validation", "milestone", "policy", "unused")
WITHOUT_TARGET: Final = ("outside", "unused")
OPTIONAL: Final = ("kind", "sector", "value", "unit", "year", "source", "clause")
"""Columns that only one of the two tables has."""

LOOPS: Final[Mapping[str, Label]] = MappingProxyType(
    {number: loop.label for number, loop in load_loops().items()}
)
"""Reinforcing (R) and balancing (B) feedback loops of the model."""


@dataclass(frozen=True)
class Named:
    """A mechanism or a number that a founding document names."""

    id: str
    label: Label
    represented_by: str
    """One of `REPRESENTED_BY` for a mechanism, of `USED_AS` for a fact."""
    targets: tuple[str, ...]
    note: str
    kind: str = ""
    """Kind of a mechanism, one of `KINDS`; empty for a fact."""
    sector: str = ""
    """Sector of a mechanism, as the documents divide them; empty for a fact."""
    value: str = ""
    """Number of a fact as it was printed; a range is text."""
    unit: str = ""
    year: str = ""
    source: str = ""
    """Document of a fact, a key of the bibliography; empty for a mechanism."""
    clause: str = ""


@dataclass(frozen=True)
class Targets:
    """Everything that may stand for a mechanism or take up a fact."""

    policies: Mapping[str, Lever]
    parameters: Declared
    milestones: Mapping[str, Milestone]
    variables: Mapping[str, tuple[Label, str]]
    """Label and unit of each variable of the results."""
    not_modelled: frozenset[str]
    """Variables that are registered, but in no run yet."""

    def kind_of(self, name: str) -> str | None:
        """Say what a name is; None when nothing has it."""
        head, _, setting = name.partition(".")
        lever = self.policies.get(head)
        found = {
            "loop": name in LOOPS,
            "policy": lever is not None and (not setting or setting in lever.settings),
            "milestone": name in self.milestones,
            "variable": name in self.variables,
            "parameter": bool(self.paths(name)),
        }
        return next((kind for kind, applies in found.items() if applies), None)

    def paths(self, name: str) -> tuple[str, ...]:
        """List the parameters that a path names; more than one for a folder, ``steel.*``."""
        if name.endswith(".*"):
            return tuple(
                path for path in self.parameters.parameters if path.startswith(name[:-1])
            )
        return (name,) if self.parameters.get(name) is not None else ()

    def names(self) -> list[str]:
        """List every name, for suggestions."""
        known = (self.policies, LOOPS, self.milestones, self.variables)
        return [*(name for names in known for name in names), *self.parameters.parameters]


def targets(library: Library | None = None) -> Targets:
    """Read everything that may be named as a target."""
    where = library or shipped()
    roadmaps = [load_roadmap(name, where) for name in list_roadmaps(where)]
    with (where.data / "quantities.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return Targets(
        load_policies(where),
        declared(where),
        {item.id: item for roadmap in roadmaps for item in roadmap.milestones},
        {
            row["name"]: (Label(en=row["long_name"], zh=row["long_name_zh"]), row["unit"])
            for row in rows
        },
        frozenset(row["name"] for row in rows if "no run has it" in row["description"]),
    )


def load_mechanisms(library: Library | None = None) -> Mapping[str, Named]:
    """Read all mechanisms by id; cached until the table changes."""
    return _load(library or shipped(), "mechanisms.csv")


def load_facts(library: Library | None = None) -> Mapping[str, Named]:
    """Read all facts by id; cached until the table changes."""
    return _load(library or shipped(), "facts.csv")


def _load(library: Library, name: str) -> Mapping[str, Named]:
    """Read a table of the inventory, or raise `ScenarioError` when it is not there."""
    path = library.scenarios / FOLDER / name
    if not path.is_file():
        message = "this table of the inventory is missing"
        raise ScenarioError(Problem(library.show(path), 0, 0, "", message))
    return _read(library, stamp([path]))


@lru_cache(maxsize=4)
def _read(library: Library, files: Stamp) -> Mapping[str, Named]:
    """Read and check a table in the state that `files` describes."""
    ((path, _, _),) = files
    table = _Table(library.show(path), path, targets(library))
    found = {row.id: row for row in table.rows()}
    if table.sheet.problems:
        raise ScenarioError(*table.sheet.problems)
    return MappingProxyType(found)


class _Table:
    """Reads one table and gathers what is wrong in it."""

    def __init__(self, file: str, path: Path, known: Targets) -> None:
        self.sheet = Sheet(file, path)
        self.known = known
        self.lines: dict[str, int] = {}

    def rows(self) -> Iterator[Named]:
        """Read the rows; the columns say which of the two tables it is."""
        mechanisms = self.sheet.path.stem == "mechanisms"
        columns = MECHANISM_COLUMNS if mechanisms else FACT_COLUMNS
        for cells, line in self.sheet.rows(columns):
            made = self.row(dict(zip(columns, cells, strict=True)), line)
            if made is not None:
                yield made

    def row(self, row: Mapping[str, str], line: int) -> Named | None:
        """Check one row; None when it cannot be used."""
        name = row["id"]
        use = row["represented_by"] if "kind" in row else row["used_as"]
        uses: Sequence[str] = REPRESENTED_BY if "kind" in row else USED_AS
        names = tuple(part.strip() for part in row["target"].split(";") if part.strip())
        before = self.lines.setdefault(name, line)
        wrong = {
            "the id is missing": not name,
            f"written twice; it stands already in line {before}": before != line,
            "a label is missing": not (row["label_en"] and row["label_zh"]),
            f'"{use}" is none of {", ".join(uses)}': use not in uses,
            f'"{row.get("kind")}" is none of {", ".join(KINDS)}': "kind" in row
            and row["kind"] not in KINDS,
            "the sector is missing": row.get("sector") == "",
            "the value is missing": row.get("value") == "",
            "name what represents it, or say that nothing does": use not in WITHOUT_TARGET
            and not names,
            "a target is named twice": len(set(names)) < len(names),
            f"what is {use} has no target": use in WITHOUT_TARGET and bool(names),
            f"say in the note why it is {use}": use in WITHOUT_TARGET and not row["note"],
        }
        for message, applies in wrong.items():
            if applies:
                self.sheet.report(line, name, message)
        self.check_targets(names, use, line, name)
        if any(wrong.values()):
            return None
        return Named(
            name,
            Label(en=row["label_en"], zh=row["label_zh"]),
            use,
            names,
            row["note"],
            **{key: row.get(key, "") for key in OPTIONAL},
        )

    def check_targets(self, names: Sequence[str], use: str, line: int, key: str) -> None:
        """Report targets that nothing has, and a first one that is not what the row says."""
        for place, name in enumerate(names):
            kind = self.known.kind_of(name)
            if kind is None:
                hint = did_you_mean(name, self.known.names())
                self.sheet.report(line, key, f'nothing has the name "{name}"{hint}')
            elif place == 0 and kind != use and use not in ("calibration", "validation"):
                self.sheet.report(line, key, f'"{name}" is a {kind}, the row says {use}')
