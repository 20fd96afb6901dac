"""Values of a sweep laid over a scenario that is already resolved: no text is read again.

What `simulator.reading.resolution.apply` does for one more layer of settings, prepared once for
each base: a row of the design then costs some entries and one copy of a dictionary. Parameters
that the sweep does not vary keep the entries of the base, the same objects.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from simulator.reading.resolution import Entries, Entry, Resolved, Write, origin_of
from simulator.reading.settings import Series
from simulator.reading.sweep_targets import Target
from simulator.reading.sweep_values import Column, scaled, with_knot

SWEEP_LAYER = 1_000
"""Rank of the settings of a sweep, above every layer of a scenario."""


class Knots(NamedTuple):
    """A base's schedule with knots that a sweep sets or adds."""

    base: Series
    """The schedule, with a knot wherever the sweep sets one."""
    places: tuple[tuple[int, int], ...]
    """Position of a knot, and the column of the design that holds its value."""

    def series(self, row: Sequence[float]) -> Series:
        """Return the schedule of a row of the design."""
        values = list(self.base.values)
        for place, column in self.places:
            values[place] = row[column]
        return Series(self.base.times, tuple(values))

    def times(self) -> tuple[float, ...]:
        """List the years of the knots."""
        return self.base.times


class Factor(NamedTuple):
    """A base's schedule that a sweep multiplies."""

    base: Series
    column: int

    def series(self, row: Sequence[float]) -> Series:
        """Return the schedule of a row of the design."""
        return scaled(self.base, row[self.column])

    def times(self) -> tuple[float, ...]:
        """List the years of the knots."""
        return self.base.times


class Number(NamedTuple):
    """A setting that takes a number of the design."""

    column: int

    def series(self, row: Sequence[float]) -> Series:
        """Return the value of a row of the design."""
        return Series((), (row[self.column],))

    def times(self) -> tuple[float, ...]:
        """List the years of the knots: a number has none."""
        return ()


class Choice(NamedTuple):
    """A setting that takes one of several values; the design holds which."""

    choices: tuple[Series, ...]
    column: int

    def series(self, row: Sequence[float]) -> Series:
        """Return the value of a row of the design."""
        return self.choices[int(row[self.column])]

    def times(self) -> tuple[float, ...]:
        """List the years of the knots of all choices."""
        return tuple(time for one in self.choices for time in one.times)


Form = Knots | Factor | Number | Choice
"""How the value of a setting follows from a row of the design."""


class Channel(NamedTuple):
    """One setting of one base that a sweep varies."""

    target: Target
    form: Form
    entries: tuple[Entry, ...]
    """Parameters that it acts on as the base has them, the sweep last in their chain."""


class Overlay(NamedTuple):
    """One base, and where the values of the sweep go."""

    base: Resolved
    channels: tuple[Channel, ...]
    inactive: tuple[str, ...]
    """Policies that are set, but whose mechanism the model does not have yet."""

    def resolved(self, row: Sequence[float]) -> Resolved:
        """Return the scenario of a row of the design."""
        base, parameters = self.base, self.base.parameters
        overrides = dict(parameters.overrides)
        writes = list(base.writes)
        for target, form, entries in self.channels:
            series = form.series(row)
            writes.append(_write(target, series))
            for entry in entries:
                times, values = series.converted(target.unit, entry.unit)
                overrides[entry.path] = Entry(
                    **{**vars(entry), "times": times, "values": values}
                )
        return Resolved(
            base.name,
            base.label,
            base.description,
            base.history,
            base.history_end,
            base.start,
            base.end,
            base.roadmap,
            Entries(parameters.base, overrides),
            base.warnings,
            self.inactive,
            tuple(writes),
        )


def overlay(base: Resolved, columns: Sequence[Column]) -> Overlay:
    """Prepare a base for the columns of a design, which fit it."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, column in enumerate(columns):
        groups.setdefault(column.target.place, []).append(number)
    channels = tuple(_channel(base, columns, numbers) for numbers in groups.values())
    idle = [one.target.name for one in columns if not one.target.active]
    return Overlay(
        base,
        channels,
        tuple(dict.fromkeys([*base.inactive, *idle])),
    )


def _channel(base: Resolved, columns: Sequence[Column], numbers: Sequence[int]) -> Channel:
    """Prepare the one setting that these columns vary."""
    first = columns[numbers[0]]
    target = first.target
    series = target.of_base(base)
    form: Form = Number(numbers[0])
    if not first.numeric:
        form = Choice(first.choices, numbers[0])
    elif series is not None and target.part == "scale":
        form = Factor(series, numbers[0])
    elif series is not None and target.part == "knot":
        years = {number: columns[number].target.year for number in numbers}
        for year in years.values():
            series = with_knot(series, year, 0.0)
        places = tuple((series.times.index(year), number) for number, year in years.items())
        form = Knots(series, places)
    entries = [_entry(base, path, target) for path in target.acts_on]
    return Channel(target, form, tuple(one for one in entries if one is not None))


def _entry(base: Resolved, path: str, target: Target) -> Entry | None:
    """Return a parameter with the sweep as the last place that sets it."""
    known = base.parameters.base.get(path)
    if known is None:
        return None
    found = base.parameters.overrides.get(path)
    entry = found or Entry(**vars(known), chain=(origin_of(known),))
    return replace(entry, chain=(*entry.chain, target.origin))


def _write(target: Target, series: Series) -> Write:
    """Note the setting as one more layer would."""
    return Write(
        SWEEP_LAYER,
        target.section,
        target.name,
        target.setting,
        target.acts_on,
        target.unit,
        series,
        target.origin,
    )
