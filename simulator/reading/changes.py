"""What one scenario has that another has not."""

from typing import NamedTuple

from simulator.reading.resolution import Origin, Resolved, origin_of
from simulator.reading.scenario import Scenario, parent
from simulator.reading.settings import Series
from simulator.schema.numbers import NEVER

Value = Series | str
"""A number or series of a parameter, or a word like ``observed``."""


class Change(NamedTuple):
    """One difference between two scenarios."""

    path: str
    """Path of a parameter, or ``history``, ``horizon.end``, ``roadmap``."""
    before: Value
    after: Value
    unit: str
    origin: Origin | None
    """The place that made the difference, when a file did."""


def show(value: Value, unit: str = "1") -> str:
    """Write a value in one line."""
    if isinstance(value, str):
        return value
    suffix = "" if unit in ("1", "year") else f" {unit}"
    if not value.times:
        number = value.values[0]
        return "never" if number == NEVER and unit == "year" else f"{number:g}{suffix}"
    knots = list(zip(value.times, value.values, strict=True))
    shown = knots if len(knots) <= 8 else [*knots[:4], *knots[-3:]]
    parts = [f"{time:g}: {number:g}" for time, number in shown]
    if len(knots) > 8:
        parts.insert(4, "...")
    return f"{{{', '.join(parts)}}}{suffix}"


def changes(a: Resolved, b: Resolved) -> list[Change]:
    """List what `b` has otherwise than `a`, header first, then parameters by path."""
    found: list[Change] = []
    for name, before, after in (
        ("history", a.history, b.history),
        ("history_end", str(a.history_end), str(b.history_end)),
        ("horizon.start", str(a.start), str(b.start)),
        ("horizon.end", str(a.end), str(b.end)),
        ("roadmap", a.roadmap, b.roadmap),
    ):
        if before != after:
            found.append(Change(name, before, after, "1", None))
    for path in sorted(set(a.parameters) | set(b.parameters)):
        old, new = a.parameters.series(path), b.parameters.series(path)
        if not old.same_as(new):
            found.append(
                Change(path, old, new, b.parameters.find(path).unit, _origin(a, b, path))
            )
    return found


def apart_in_time(a: Resolved, b: Resolved) -> str:
    """Say what of history and horizon two scenarios have otherwise; nothing if all is alike.

    No policy and no parameter explains or moves that.
    """
    named = ("history", "history_end", "horizon.start", "horizon.end")
    return next((change.path for change in changes(a, b) if change.path in named), "")


def changes_of(scenario: Scenario) -> list[Change]:
    """List what a scenario changes against the one it extends; empty when it extends none."""
    before = parent(scenario)
    return changes(before, scenario.resolved) if before is not None else []


def _origin(a: Resolved, b: Resolved, path: str) -> Origin:
    """Return the place that set the value of `b`, or of `a` when `b` only leaves it out."""
    for resolved in (b, a):
        entry = resolved.parameters.overrides.get(path)
        if entry is not None:
            return entry.chain[-1]
    return origin_of(b.parameters.find(path))
