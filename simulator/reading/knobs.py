"""Settings on their way from what a scenario has to a far end.

A knob moves one setting, or all of a policy, in proportion to a step between 0 and 1. Its
values are those that a scenario file could have, so that what was found can be written down.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.reading.canonical import write_extending
from simulator.reading.resolution import Resolved
from simulator.reading.settings import LAST_YEAR, Series
from simulator.reading.sweep_overlay import overlay
from simulator.reading.sweep_targets import Target
from simulator.reading.sweep_values import Column, scaled, with_knot
from simulator.schema.numbers import NEVER, Label

DIGITS: Final = 3
"""Decimal places, relative to the way that a number goes, to which findings are written."""


@dataclass(frozen=True)
class Part:
    """One setting on its way, or a knot or factor of it."""

    target: Target
    start: Series
    """What the scenario has: the whole setting, or the value of a knot or factor."""
    end: Series
    """The far end."""

    def at(self, step: float, *, tidy: bool = False) -> Series:
        """Return the value at a step; with `tidy` in short numbers, a little further on."""
        if step in (0.0, 1.0):
            return self.end if step else self.start
        start, end = self.start, self.end
        if self.target.kind == "date":
            start, end = _in_time(start), _in_time(end)
        found = blend(start, end, step)
        if not tidy:
            return found
        ends = [blend(start, end, one, found.times).values for one in (0.0, 1.0)]
        return Series(found.times, tuple(map(_tidy, found.values, *ends)))

    def applied(self, whole: Series, step: float, *, tidy: bool = False) -> Series:
        """Return the whole setting, `whole` before, with this part at a step."""
        value = self.at(step, tidy=tidy)
        if self.target.part == "knot":
            return with_knot(whole, self.target.year, value.values[0])
        return scaled(whole, value.values[0]) if self.target.part == "scale" else value


@dataclass(frozen=True)
class Knob:
    """Something that is moved as one."""

    key: str
    """As a person wrote it."""
    label: Label
    parts: tuple[Part, ...]
    weight: float = 1.0
    """How far it goes where what it is moved with goes all the way."""


@dataclass(frozen=True)
class Varied:
    """A key of a target file: one way to go, or two where either may help."""

    key: str
    label: Label
    ways: tuple[Knob, ...]


def settings(
    base: Resolved, knobs: Iterable[Knob], step: float, *, tidy: bool = False
) -> dict[tuple[str, str, str], tuple[Target, Series]]:
    """Return every setting that knobs write at a step, whole, by its place."""
    found: dict[tuple[str, str, str], tuple[Target, Series]] = {}
    for part, gone in ((part, step * knob.weight) for knob in knobs for part in knob.parts):
        place = part.target.place
        whole = found[place][1] if place in found else of_scenario(part.target, base)
        if whole is not None:
            found[place] = part.target, part.applied(whole, gone, tidy=tidy)
    return found


def moved(base: Resolved, knobs: Sequence[Knob], step: float) -> Resolved:
    """Return a scenario with knobs at a step, without reading anything again."""
    if step == 0.0:
        return base
    written = settings(base, knobs, step).values()
    columns = [
        Column(target, target.label, choices=(series,), texts=(target.key,))
        for target, series in written
    ]
    return overlay(base, columns).resolved([0.0] * len(columns))


def changes(
    base: Resolved, knobs: Sequence[Knob], step: float, *, tidy: bool = True
) -> dict[str, object]:
    """Return what `Scenario.replace` takes to put knobs at a step."""
    found: dict[str, object] = {}
    for (section, name, setting), (_, series) in settings(base, knobs, step, tidy=tidy).items():
        key = ".".join(word for word in (section, name, setting) if word)
        found[key] = written(series)
    return found


def as_file(
    base: Resolved, knobs: Sequence[Knob], step: float, *, name: str, label: Label, extends: str
) -> str:
    """Write the scenario with knobs at a step as a file, in short numbers.

    Parameters
    ----------
    base
        The scenario without them.
    knobs, step
        What is moved, and how far.
    name, label
        Of the scenario.
    extends
        How the file names the base.
    """
    policies: dict[str, dict[str, Series]] = {}
    parameters: dict[str, Series] = {}
    for (section, word, setting), (_, series) in settings(base, knobs, step, tidy=True).items():
        if section == "policies":
            policies.setdefault(word, {})[setting] = series
        else:
            parameters[word] = series
    return write_extending(name, {"label": label}, extends, policies, parameters)


def written(series: Series) -> object:
    """Write a value as it stands in a scenario file."""
    if series.times:
        return dict(zip(series.times, series.values, strict=True))
    return "never" if series.values[0] == NEVER else series.values[0]


def of_scenario(target: Target, base: Resolved) -> Series | None:
    """Return the whole setting that a scenario has, in the unit of the target.

    A policy that is not set has what its parameters have by themselves; none where those are
    not alike, or where the model does not have them yet.
    """
    found = target.of_base(base)
    if found is not None:
        return found
    if any(base.parameters.base.get(path) is None for path in target.acts_on):
        return None
    known = [base.parameters.find(path) for path in target.acts_on]
    series = [Series(one.times, one.values).converted(one.unit, target.unit) for one in known]
    return series[0] if all(one.same_as(series[0]) for one in series) else None


def blend(
    start: Series, end: Series, step: float, times: tuple[float, ...] | None = None
) -> Series:
    """Return what lies between two values, knot by knot.

    Parameters
    ----------
    start, end
        Numbers, dates or schedules.
    step
        Share of the way.
    times
        Years of the knots; those of both unless given.
    """
    if times is None:
        times = tuple(sorted({*start.times, *end.times}))
    sides = [
        np.interp(times, one.times, one.values)
        if one.times
        else np.full(max(len(times), 1), one.values[0])
        for one in (start, end)
    ]
    between = (1.0 - step) * sides[0] + step * sides[1]
    return Series(times, tuple(between.tolist()))


def _in_time(date: Series) -> Series:
    """Put the year after all runs in the place of never."""
    return Series((), (LAST_YEAR,)) if date.values[0] == NEVER else date


def _tidy(value: float, start: float, end: float) -> float:
    """Round a number towards its far end, to a share of the way that it goes."""
    way = abs(end - start)
    if way == 0.0:
        return value
    places = DIGITS - math.floor(math.log10(way))
    step = 10.0**-places
    steps = value / step
    rounded = math.ceil(steps - 1e-9) if end > start else math.floor(steps + 1e-9)
    found = round(rounded * step, max(places, 0))
    return min(max(found, min(start, end)), max(start, end))
