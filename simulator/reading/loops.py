"""The feedback loops: what each is, the switch that cuts it, and what then moves."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from pydantic import ConfigDict

from simulator.reading.library import Library, shipped
from simulator.schema.numbers import Frozen, Label


class Loop(Frozen):
    """One feedback loop."""

    model_config = ConfigDict(strict=False)

    switch: str
    """Path of the parameter that cuts it."""
    label: Label
    """What people call it."""
    path: Label
    """What leads to what, back to the start."""
    output: Label
    """What shows best that it is cut."""
    direction: Literal["rises", "falls"]
    """Where that output moves when the loop is cut."""

    def note(self) -> str:
        """Say what goes round, and what cutting it does, in both languages."""
        moved = {"rises": "上升", "falls": "下降"}[self.direction]
        return (
            f"{self.path.en} / {self.path.zh}; when it is cut, {self.output.en}"
            f" {self.direction} / 切断后{self.output.zh}{moved}"
        )


def load_loops(library: Library | None = None) -> Mapping[str, Loop]:
    """Read every loop by its number, R1 to R8 (reinforcing) and B1 to B10 (balancing)."""
    return _load(library or shipped())


@cache
def _load(library: Library) -> Mapping[str, Loop]:
    from simulator.reading.yaml_nodes import read_own  # noqa: PLC0415  (a help page needs no YAML)

    path = library.data / "loops" / "loops.yaml"
    if not path.is_file():
        return MappingProxyType({})
    declared = read_own(path)
    return MappingProxyType(
        {number: Loop.model_validate(content) for number, content in declared.items()}
    )
