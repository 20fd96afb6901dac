"""The registry of outputs and the catalogue of labels, read once.

``simulator/data/quantities.csv`` has one row a variable of the result data set;
``simulator/data/labels.csv`` names sectors, carriers and technologies in both languages.
Attributes of the data set, exports, figures and the report read them here.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

Language = Literal["en", "zh"]
Kind = Literal["flow", "stock", "state", "ratio", "indicator"]

COORDINATE: Final = "coordinate:"
"""Begins the unit of a variable whose unit differs from label to label."""


class Quantity(NamedTuple):
    """One variable of the result data set."""

    name: str
    kind: Kind
    dims: tuple[str, ...]
    """Dimensions in order, time first."""
    unit: str
    """Unit, or ``coordinate:NAME`` where the coordinate NAME holds one for each label."""
    cell_method: str
    """CF cell method: ``time: sum``, ``time: mean`` or ``time: point``."""
    long_name: str
    long_name_zh: str
    description: str
    equation: str
    """Module and function that compute it, ``simulator.equations.power:intensity``."""
    iamc: str
    """Name in the IAMC common definitions of a national series that is that variable in that
    unit; empty elsewhere, also where ``simulator/data/iamc.csv`` works it out."""

    @property
    def unit_coordinate(self) -> str:
        """Name of the coordinate that holds the units, empty when there is one unit."""
        if not self.unit.startswith(COORDINATE):
            return ""
        return self.unit.removeprefix(COORDINATE).split("/")[0]

    def attributes(self) -> dict[str, str]:
        """Attributes of the variable in the data set; units are ``1`` if labels differ."""
        found = {
            "units": "1" if self.unit_coordinate else self.unit,
            "long_name": self.long_name,
            "long_name_zh": self.long_name_zh,
            "description": self.description,
            "cell_methods": self.cell_method,
        }
        if self.unit_coordinate:
            found["units_coordinate"] = self.unit.removeprefix(COORDINATE)
        return found


def _rows(name: str) -> list[dict[str, str]]:
    """Read a table of the data folder."""
    text = (files("simulator") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def load_quantities() -> Mapping[str, Quantity]:
    """Read the registry: every variable by name, in the order of the file."""
    found = {}
    for row in _rows("quantities.csv"):
        dims = tuple(row.pop("dims").split())
        found[row["name"]] = Quantity(dims=dims, **row)  # type: ignore[arg-type]
    return MappingProxyType(found)


@cache
def load_labels() -> Mapping[str, tuple[str, str]]:
    """Read the catalogue of labels: ``group.key`` to the English and the Chinese one."""
    return MappingProxyType({row["key"]: (row["en"], row["zh"]) for row in _rows("labels.csv")})


def label(group: str, key: str, language: Language) -> str:
    """Name a sector, carrier, generator...; the last part of a key serves too."""
    catalogue = load_labels()
    for name in (key, key.rsplit(".", 1)[-1]):
        pair = catalogue.get(f"{group}.{name}")
        if pair is not None:
            return pair[0 if language == "en" else 1]
    return key.replace("_", " ")
