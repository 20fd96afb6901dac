"""Variables of the exchange tables: names of the IAM consortium, and how each is worked out.

Variables have the names and units of the IAM consortium's common definitions where those have
one. A name stands once: in the column ``iamc`` of ``simulator/data/quantities.csv`` where a
national series is that variable in that unit, else in ``simulator/data/iamc.csv``, which says
how it is worked out. Every other national series keeps its own label and unit.
"""

import csv
from functools import lru_cache
from typing import NamedTuple

from simulator.reading.library import shipped
from simulator.results.quantities import Quantity, load_quantities


class Definition(NamedTuple):
    """A variable of the common definitions."""

    variable: str
    zh: str
    unit: str
    expression: str
    """How it is worked out, in the language of milestones."""
    expression_unit: str
    note: str


@lru_cache(maxsize=1)
def definitions() -> tuple[Definition, ...]:
    """Variables that a run has as they are, and those that are worked out."""
    plain = [
        Definition(item.iamc, item.long_name_zh, item.unit, name, item.unit, item.description)
        for name, item in load_quantities().items()
        if item.iamc
    ]
    with (shipped().data / "iamc.csv").open(encoding="utf-8", newline="") as stream:
        return (*plain, *(Definition(**row) for row in csv.DictReader(stream)))


@lru_cache(maxsize=1)
def own_variables() -> tuple[Quantity, ...]:
    """National series without a name in the common definitions, which keep their own."""
    known = {item.expression for item in definitions()}
    return tuple(
        item
        for name, item in load_quantities().items()
        if item.dims == ("time",) and name not in known
    )
