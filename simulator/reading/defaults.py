"""Numbers that are declared once for many: what a technology or a fleet has by default.

A number of a technology is looked up for the fleet, then for the technology, then among the
defaults of all technologies; a number of a fleet among the defaults of all fleets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from simulator.dimensions import HISTORY_END
from simulator.reading.fleets import load_fleets
from simulator.reading.known import load_known
from simulator.reading.library import Library
from simulator.reading.parameters import Parameter

TECHNOLOGY_DEFAULTS = "common.technology_defaults"
FLEET_DEFAULTS = "common.fleet_defaults"


@dataclass(frozen=True)
class Declared:
    """All parameters of the data, and those that follow from a default."""

    library: Library
    parameters: Mapping[str, Parameter]

    def get(self, path: str) -> Parameter | None:
        """Return a parameter, or the default under its path; None for an unknown one."""
        found = self.parameters.get(path)
        if found is not None:
            return found
        for candidate in self.candidates(path):
            default = self.parameters.get(candidate)
            if default is not None:
                return replace(default, path=path)
        return None

    def under(self, prefix: str) -> list[str]:
        """Paths that begin with a prefix, in their order."""
        if prefix not in self._below:
            self._below[prefix] = [path for path in self.parameters if path.startswith(prefix)]
        return self._below[prefix]

    @cached_property
    def lines(self) -> dict[str, str]:
        """All of every parameter that a run depends on, by path."""
        return {path: line_of(path, item) for path, item in self.parameters.items()}

    @cached_property
    def ordered(self) -> list[str]:
        """Paths of `lines`, sorted."""
        return sorted(self.lines)

    @cached_property
    def entries(self) -> dict[str, Any]:
        """Parameters that scenarios leave as they are, in the form that scenarios have them."""
        return {}

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """Answers of `under`."""
        return {}

    def candidates(self, path: str) -> Iterator[str]:
        """List where the default of a number of a declared fleet may stand."""
        folder, *rest = path.split(".")
        fleets = [
            fleet for fleet in load_fleets(self.library.data).values() if fleet.folder == folder
        ]
        if rest[:1] == ["fleets"] and len(rest) > 2:
            fleets = [fleet for fleet in fleets if fleet.name == rest[1]]
            rest = rest[2:]
            if fleets and rest[0] != "technologies":
                yield f"{FLEET_DEFAULTS}.{'.'.join(rest)}"
        if rest[:1] == ["technologies"] and len(rest) > 2:
            known = {name for fleet in fleets for name in fleet.declaration.technologies}
            if rest[1] in known:
                yield f"{folder}.{'.'.join(rest)}"
                yield f"{TECHNOLOGY_DEFAULTS}.{'.'.join(rest[2:])}"


def line_of(path: str, parameter: Parameter) -> str:
    """All of a parameter that a run depends on."""
    return f"{path} {parameter.unit} {parameter.times!r} {parameter.values!r}"


def declared(library: Library, history_end: float = HISTORY_END) -> Declared:
    """Read the data of a library, as they were known when history ended."""
    parameters = load_known(library, history_end)
    found = _KNOWN.get((library, history_end))
    if found is None or found.parameters is not parameters:
        found = _KNOWN[library, history_end] = Declared(library, parameters)
    return found


_KNOWN: dict[tuple[Library, float], Declared] = {}
"""What was read last; the same object as long as no file changes, so that it can remember."""
