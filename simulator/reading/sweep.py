"""Sweeps: many scenarios from one file, read once and made one after another from arrays.

    sweep = load_sweep("policy_and_parameters")
    len(sweep), sweep.resolved(17)

Scenario ``i`` is row ``i % rows`` of the design on base ``i // rows``. Nothing is read or
checked again for it; parameters that the sweep does not vary are the objects of the base.
"""

import hashlib
import io
import json
import pickle
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.errors import ScenarioError
from simulator.reading.defaults import Declared, declared
from simulator.reading.joint import Joint, with_joint
from simulator.reading.library import Library, shipped
from simulator.reading.resolution import Resolved
from simulator.reading.roadmap import load_roadmap
from simulator.reading.scenario import Scenario
from simulator.reading.structure import unique
from simulator.reading.sweep_file import Parts, Sample, SweepReader, find_sweep, sweep_names
from simulator.reading.sweep_overlay import Overlay, overlay
from simulator.reading.sweep_report import Report
from simulator.reading.sweep_values import Column
from simulator.reading.yaml_nodes import read_yaml
from simulator.schema.numbers import Label

UNCERTAINTY: Final = "uncertainty"
"""The shipped sweep of what is not known."""


@dataclass(frozen=True)
class Input:
    """A column of the design."""

    key: str
    """What is varied: ``policies.<policy>.<setting>`` or the path of a parameter, ending in a
    year for a knot and in ``scale`` for a factor."""
    unit: str
    """Unit of the numbers, also of those inside a choice; a factor has the unit ``1``."""
    label_en: str
    label_zh: str
    numeric: bool
    """Whether the column holds the numbers themselves; else the index of a choice."""
    choices: tuple[str, ...]
    """The values as text where the column holds an index, else empty."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """A sweep, read and checked; an immutable value that other processes may be sent."""

    name: str
    label: Label
    file: str
    bases: tuple[Scenario, ...] = field(repr=False)
    inputs: tuple[Input, ...] = field(repr=False)
    table: NDArray[np.float64] = field(repr=False)
    """Values of the design, ``(row, input)``; read only."""
    keep: tuple[str, ...]
    """Variables that are stored."""
    years: tuple[int, ...] = field(repr=False)
    """Calendar years that are stored, increasing."""
    derive: tuple[str, ...]
    """What is derived of every run, names of ``DERIVED``."""
    roadmap: str
    warnings: tuple[str, ...]
    """What a person should look at, each with its place."""
    design: str
    seed: int | None
    columns: tuple[Column, ...] = field(repr=False)
    """What the inputs set, in the order of `inputs`."""
    overlays: tuple[Overlay, ...] = field(repr=False)
    """The bases, prepared."""

    def __post_init__(self) -> None:
        """Protect the table from changes."""
        self.table.setflags(write=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process, which reads the data again and must find the same."""
        members = {one.name: getattr(self, one.name) for one in fields(self)}
        return _unpack, (_pack(members), self.digest)

    def __len__(self) -> int:
        """Count the scenarios."""
        return len(self.bases) * len(self.table)

    def base_of(self, index: int) -> int:
        """Return which base a scenario starts from; `IndexError` beyond the last scenario."""
        return self._place(index)[0]

    def row_of(self, index: int) -> int:
        """Return the row of the design that a scenario has."""
        return self._place(index)[1]

    def _place(self, index: int) -> tuple[int, int]:
        """Return base and row of a scenario."""
        if not 0 <= index < len(self):
            message = f"there is no scenario {index}; the sweep has {len(self)}"
            raise IndexError(message)
        return divmod(index, len(self.table))

    def resolved(self, index: int) -> Resolved:
        """Return a scenario, as `Scenario.replace` would make it of its base."""
        base, row = self._place(index)
        return self.overlays[base].resolved(self.table[row].tolist())

    @cached_property
    def digest(self) -> str:
        """A hash of everything that decides the results."""
        return _hash(json.dumps(self.describe(), sort_keys=True))

    def describe(self) -> dict[str, object]:
        """Return what `digest` is made of, in parts that plain JSON can hold."""
        bases = {
            f"base {number} {base.name}": _hash(_fingerprint(base.resolved))
            for number, base in enumerate(self.bases)
        }
        setters = [
            (
                one.target.key,
                one.target.acts_on,
                one.target.unit,
                one.choices if one.texts else (),
            )
            for one in self.columns
        ]
        table = np.ascontiguousarray(self.table, dtype="<f8")
        roadmap = load_roadmap(self.roadmap, self.bases[0].library)
        return {
            **bases,
            "inputs": [column.target.key for column in self.columns],
            "meaning of the inputs": _hash(repr(setters)),
            "rows": len(self.table),
            "values of the inputs": hashlib.sha256(table.tobytes()).hexdigest(),
            "keep": list(self.keep),
            "years": list(self.years),
            "derive": list(self.derive),
            "roadmap": self.roadmap,
            "content of the roadmap": _hash(roadmap.model_dump_json()),
        }


def load_sweep(path: str | Path, library: Library | None = None) -> Sweep:
    """Read a sweep by the name of a shipped one or by path; all errors come at once.

    Raises
    ------
    ScenarioError
        The file, its table or a base is wrong; one line for each problem.
    """
    return _loaded(path, library or shipped())


def load_ensemble(
    scenario: Scenario, size: int, seed: int, joint: Joint | None = None
) -> Sweep:
    """The first-order uncertainties sampled around a scenario, by Latin hypercube.

    A policy that is uncertain but not set by the scenario is left out.

    Parameters
    ----------
    scenario
        The scenario that is central.
    size
        Number of members.
    seed
        Whole number from which they are drawn.
    joint
        Parameters that are drawn together, such as the posterior of a fit; they replace the
        uncertainties of the same name.
    """
    sample = Sample(scenario, size, seed)
    return _loaded(UNCERTAINTY, scenario.library, sample, joint)


def _loaded(
    path: str | Path, where: Library, given: Sample | None = None, joint: Joint | None = None
) -> Sweep:
    """Read a sweep, or raise with everything that is wrong."""
    found, file = find_sweep(path, where)
    reader = SweepReader(found, where, Report(read_yaml(found, file)), given)
    parts = reader.read()
    if parts is None:
        raise ScenarioError(*unique(reader.report.problems))
    if given is not None and joint is not None:
        parts = with_joint(parts, joint, given.size, given.seed, file)
    return sweep_of(parts, file)


def sweep_of(parts: Parts, file: str) -> Sweep:
    """Make a sweep of what was read of its file.

    Parameters
    ----------
    parts
        Content, bases, columns and rows.
    file
        The file as a reader knows it.
    """
    content = parts.content
    return Sweep(
        content.name,
        content.label,
        file,
        parts.bases,
        tuple(_input(column) for column in parts.columns),
        parts.table,
        content.keep.variables,
        parts.years,
        content.derive,
        parts.roadmap,
        parts.warnings,
        content.design,
        content.seed,
        parts.columns,
        tuple(overlay(base.resolved, parts.columns) for base in parts.bases),
    )


def list_sweeps(library: Library | None = None) -> tuple[str, ...]:
    """Name the shipped sweeps."""
    return tuple(sweep_names(library or shipped()))


def _input(column: Column) -> Input:
    """Describe a column of the design."""
    target, label = column.target, column.label
    unit = target.value_unit
    return Input(target.key, unit, label.en, label.zh, column.numeric, column.texts)


def _fingerprint(resolved: Resolved) -> str:
    """Return what decides the results of a base: its values, and which a policy sets.

    A policy leaves history alone, a parameter of the same values does not.
    """
    overrides = resolved.parameters.overrides
    policies = sorted(
        path for path, entry in overrides.items() if entry.chain[-1].by.startswith("policies.")
    )
    return f"{resolved.digest} {policies}"


def _hash(text: str) -> str:
    """Hash a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class _Packer(pickle.Pickler):
    """Leaves out the data tables, which every process has, and the place where they lie."""

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - as pickle wants it
        """Say how to make what is left out."""
        if isinstance(value, Declared):
            return declared, (value.library,)
        if isinstance(value, Library) and value == shipped():
            return shipped, ()
        return NotImplemented


def _pack(members: dict[str, object]) -> bytes:
    """Turn the members of a sweep into bytes."""
    stream = io.BytesIO()
    _Packer(stream, protocol=5).dump(members)
    return stream.getvalue()


def _unpack(members: bytes, digest: str) -> Sweep:
    """Make the sweep again, or refuse where the data are others."""
    sweep = Sweep(**pickle.loads(members))  # noqa: S301 - sent by this package itself
    if sweep.digest != digest:
        message = (
            f"the sweep {sweep.name} gives other scenarios here than where it was read: the "
            "data, the policies or the roadmap differ; install the same version everywhere"
        )
        raise ScenarioError(message)
    return sweep
