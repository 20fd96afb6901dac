"""What stands for a mechanism or a fact of the founding documents, with its present value."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.errors import Problem, ScenarioError
from simulator.reading.changes import show
from simulator.reading.inventory import (
    LOOPS,
    Named,
    Targets,
    load_facts,
    load_mechanisms,
    targets,
)
from simulator.reading.library import Library
from simulator.reading.resolution import Resolved
from simulator.reading.settings import Series
from simulator.reading.suggest import near
from simulator.schema.numbers import Label

SHOWN = 6
"""Parameters of a folder that are listed one by one."""


@dataclass(frozen=True)
class Counterpart:
    """One thing that stands for a mechanism, or takes up a fact."""

    name: str
    kind: str
    """``policy``, ``setting``, ``parameter``, ``loop``, ``milestone`` or ``variable``."""
    label: Label | None = None
    value: str = ""
    """Value with its unit, the target of a milestone, or the unit of a variable."""
    unset: bool = False
    """Whether it is a setting that the scenario does not write."""
    inactive: bool = False
    """Whether the model does not have it yet."""
    left_out: int = 0
    """Further parameters of the same folder, not listed."""


@dataclass(frozen=True)
class Account:
    """A mechanism or a fact with everything that stands for it."""

    named: Named
    counterparts: tuple[Counterpart, ...]


def explain_mechanism(
    name: str, resolved: Resolved | None = None, library: Library | None = None
) -> Account:
    """Say what represents a mechanism of the founding documents."""
    return _account(name, "mechanism", resolved, library)


def explain_fact(
    name: str, resolved: Resolved | None = None, library: Library | None = None
) -> Account:
    """Say what a number of the founding documents is used for."""
    return _account(name, "fact", resolved, library)


def _account(
    name: str, what: str, resolved: Resolved | None, library: Library | None
) -> Account:
    """Find a row of the inventory, or raise `ScenarioError` with the nearest ids."""
    rows = load_mechanisms(library) if what == "mechanism" else load_facts(library)
    if name not in rows:
        close = near(name, rows, 3) or _with_words(name, rows)
        hint = f", did you mean {' or '.join(close)}?" if close else ""
        raise ScenarioError(
            Problem("explain", 0, 0, name[:100], f"no {what} has this id{hint}")
        )
    known = targets(library)
    found = [
        item for word in rows[name].targets for item in _counterparts(word, known, resolved)
    ]
    return Account(rows[name], tuple(found))


def _with_words(name: str, known: Iterable[str]) -> list[str]:
    """Return ids that share a word with the one asked for, most words in common first."""
    words = {word for word in name.casefold().replace("-", "_").split("_") if len(word) > 2}
    shared = {item: len(words & set(item.casefold().split("_"))) for item in known}
    return sorted(filter(shared.get, shared), key=lambda item: -shared[item])[:3]


def _counterparts(name: str, known: Targets, resolved: Resolved | None) -> list[Counterpart]:
    """Describe one target."""
    kind = known.kind_of(name) or ""
    if kind == "policy":
        return _policy(name, known, resolved)
    if kind == "parameter":
        paths = known.paths(name)
        found = [_parameter(path, known, resolved) for path in paths[:SHOWN]]
        return [*found, *_rest(name, len(paths) - SHOWN)]
    if kind == "milestone":
        item = known.milestones[name]
        unit = "" if item.unit in ("1", "year") else f" {item.unit}"
        year = f" ({item.by})" if item.by else ""
        return [Counterpart(name, kind, item.label, f"{item.op} {item.target:g}{unit}{year}")]
    if kind == "variable":
        label, unit = known.variables[name]
        idle = name in known.not_modelled
        return [Counterpart(name, kind, label, unit.removeprefix("1"), inactive=idle)]
    return [Counterpart(name, kind, LOOPS.get(name))]


def _rest(name: str, count: int) -> list[Counterpart]:
    """Say how many parameters of a folder are not listed."""
    return [Counterpart(name, "parameter", left_out=count)] if count > 0 else []


def _policy(name: str, known: Targets, resolved: Resolved | None) -> list[Counterpart]:
    """Describe a policy with its settings, or one setting of it."""
    head, _, chosen = name.partition(".")
    lever = known.policies[head]
    written = resolved.policies.get(head, {}) if resolved else {}
    found = [Counterpart(head, "policy", lever.label, inactive=not lever.active)]
    for word, setting in lever.settings.items():
        if chosen in ("", word):
            value = written.get(word)
            found.append(
                Counterpart(
                    f"{head}.{word}",
                    "setting",
                    setting.label,
                    show(value, setting.unit) if value else "",
                    unset=value is None,
                )
            )
    return found


def _parameter(path: str, known: Targets, resolved: Resolved | None) -> Counterpart:
    """Describe one parameter with its value, in the scenario when there is one."""
    item = resolved.parameters.find(path) if resolved else known.parameters.get(path)
    if item is None:  # `paths` lists only what is declared
        return Counterpart(path, "parameter")
    value = show(Series(item.times, item.values), item.unit)
    return Counterpart(path, "parameter", value=value)
