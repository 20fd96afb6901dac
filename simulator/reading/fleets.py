"""Declarations of fleets: which technologies exist, in which order, and what they are called.

The numbers of a technology are parameters like any other; a declaration only names things.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from simulator.dimensions import SECTORS
from simulator.errors import AssemblyError
from simulator.schema.numbers import Frozen, Label

DATA = Path(__file__).resolve().parents[1] / "data"


class TechnologyDeclaration(Frozen):
    """One technology of a fleet."""

    model_config = ConfigDict(strict=False)

    label: Label
    """What people call it."""
    learns_with: tuple[str, ...] = ()
    """Other technologies of the fleet whose additions count as experience too."""


class MandatedSet(Frozen):
    """Technologies that a policy may mandate a share for; a plain list is enough."""

    model_config = ConfigDict(strict=False)

    members: tuple[str, ...]
    """The technologies."""
    within: tuple[str, ...] = ()
    """Technologies of which the share is meant; of the whole fleet if there are none."""

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: object) -> object:
        return {"members": value} if isinstance(value, list | tuple) else value


class FleetDeclaration(Frozen):
    """One fleet: equipment that serves one demand."""

    model_config = ConfigDict(strict=False)

    sector: str
    """Reporting sector that owns the equipment and its emissions."""
    label: Label
    """What people call it."""
    unit: str = Field(min_length=1)
    """Unit of capacity."""
    kind: Literal["plant", "stock"]
    """Plants are dispatched by short-run cost; machines in a stock are all used alike."""
    age_classes: int = Field(ge=1, le=4)
    """Number of age classes of the chain."""
    technologies: Mapping[str, TechnologyDeclaration]
    """Technologies in their order."""
    retrofits: tuple[tuple[str, str], ...] = ()
    """Arcs from a technology to what it may become."""
    floors: Mapping[str, MandatedSet] = Field(default_factory=dict)
    """Sets of technologies that a policy may mandate a share for, at most two."""
    reported_energy: bool = True
    """False where the fleet acts on the efficiency of others and burns nothing itself."""


class Fleet(Frozen):
    """A declaration with its name and the data folder that holds its numbers."""

    name: str
    """Name of the fleet, unique over the model."""
    folder: str
    """Data folder, the first component of the paths of its parameters."""
    declaration: FleetDeclaration
    """What was declared."""


@cache
def load_fleets(data: Path = DATA) -> Mapping[str, Fleet]:
    """Every declared fleet by name; AssemblyError where a declaration does not fit."""
    from simulator.reading.yaml_nodes import read_own  # noqa: PLC0415  (a help page needs no YAML)

    fleets: dict[str, Fleet] = {}
    for path in sorted(data.glob("*/fleets.yaml")):
        declared = read_own(path)
        for name, content in declared.items():
            declaration = FleetDeclaration.model_validate(content)
            problems = _problems(declaration)
            if name in fleets:
                problems.append("is declared twice")
            if problems:
                message = f"{path.parent.name}/fleets.yaml: fleet {name} {'; '.join(problems)}"
                raise AssemblyError(message)
            fleets[name] = Fleet(name=name, folder=path.parent.name, declaration=declaration)
    return fleets


def _problems(declaration: FleetDeclaration) -> list[str]:
    known = set(declaration.technologies)
    named = {name for arc in declaration.retrofits for name in arc}
    named |= {
        name for one in declaration.floors.values() for name in (*one.members, *one.within)
    }
    problems = [f"names an unknown technology {name}" for name in sorted(named - known)]
    problems += [
        f"mandates {name} with members outside the technologies that its share is of"
        for name, one in declaration.floors.items()
        if one.within and not set(one.members) <= set(one.within)
    ]
    if declaration.sector not in SECTORS:
        problems.append(f"belongs to an unknown sector {declaration.sector}")
    if len(declaration.floors) > 2:
        problems.append("has more than two mandated sets")
    return problems
