"""Parameters of one or many scenarios as arrays, in the unit that the model asks for.

The scenario axis is last, of length one where all scenarios agree. Time series leave this
module as a `SeriesSpec` and become a `Schedule` on the common grid of the run when everything
is assembled (`on_grid`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, cast

import numpy as np

from simulator.dimensions import HISTORY_END
from simulator.errors import AssemblyError
from simulator.model.series import FloatArray, Knots, SeriesSpec
from simulator.reading.defaults import Declared, declared
from simulator.reading.library import shipped
from simulator.units import convert


class Entry(Protocol):
    """What the model needs to know of a resolved parameter."""

    @property
    def times(self) -> tuple[float, ...]:
        """Decimal years of the knots, empty for a constant."""

    @property
    def values(self) -> tuple[float, ...]:
        """Values at the knots, one for a constant."""

    @property
    def unit(self) -> str:
        """Unit of the values."""


Made = TypeVar("Made", FloatArray, SeriesSpec)
"""What may be taken over from another model."""


class Values:
    """Look up parameters of several scenarios at once."""

    def __init__(
        self,
        scenarios: Sequence[Mapping[str, Entry]],
        history_end: float = HISTORY_END,
        whole: "Values | None" = None,
    ) -> None:
        """Look up parameters of scenarios, which may be some of those of another (`whole`)."""
        self.scenarios = tuple(scenarios)
        self.history_end = history_end
        """Decimal year at which observed history ends, in all of them."""
        self.differing: frozenset[str] | None = (
            _differing(self.scenarios) if whole is None else whole.differing
        )
        """Paths that may not be the same in all of them; None where that is unknown."""
        self.read: set[str] = set()
        """Paths that were asked for."""
        self._entries: dict[str, tuple[Entry, ...]] = {}
        """Answers of `entries` where scenarios differ."""
        self._changed: frozenset[str] | None = None
        self._before: dict[str, tuple[FloatArray | SeriesSpec, frozenset[str]]] = {}
        """What another made, each with the paths that it was made from."""
        self._made: dict[str, tuple[FloatArray | SeriesSpec, frozenset[str]]] = {}
        """Those that were made here."""
        self._data: Declared = getattr(scenarios[0], "base", None) or declared(shipped())
        """What the scenarios were laid over."""

    def __len__(self) -> int:
        """Return how many scenarios there are."""
        return len(self.scenarios)

    def changes(self, other: "Values") -> frozenset[str] | None:
        """Paths that hold something else than in another; None where that is unknown."""
        mine, theirs = self.scenarios[0], other.scenarios[0]
        own = _differing((mine, theirs))
        if own is None or self.differing is None or other.differing is None:
            return None
        over = [getattr(scenario, "overrides", {}) for scenario in (mine, theirs)]
        real = {path for path in own if not _equal(over[0].get(path), over[1].get(path))}
        return frozenset(real) | self.differing | other.differing

    def recall(self, known: "Values") -> frozenset[str] | None:
        """Take arrays over from another where nothing that they are made of has changed.

        Returns the paths that have changed; None where that is unknown.
        """
        self._before = known._made  # noqa: SLF001 - of the same class
        self._changed = self.changes(known)
        return self._changed

    def shared(self, name: str, make: Callable[[], Made]) -> Made:
        """Make an array or a series, unless it was made before from the same values."""
        before = self._before.get(name)
        if before is not None and self._changed is not None and not before[1] & self._changed:
            self.read |= before[1]
            self._made[name] = before
            return cast("Made", before[0])
        outside, self.read = self.read, set()
        found = make()
        if isinstance(found, np.ndarray):
            found.flags.writeable = False  # it is shared from now on
        self._made[name] = found, frozenset(self.read)
        self.read |= outside
        return found

    @property
    def shipped(self) -> Mapping[str, Entry]:
        """The data that the scenarios were laid over."""
        return self._data.parameters

    def part(self, columns: slice) -> "Values":
        """The parameters of some of the scenarios."""
        return Values(self.scenarios[columns], self.history_end, self)

    def under(self, prefix: str) -> list[str]:
        """Paths of the data that begin with a prefix, in their order."""
        return self._data.under(prefix)

    def has(self, path: str) -> bool:
        """Whether a parameter exists in any of the scenarios."""
        self.read.add(path)
        if self.differing is not None and path not in self.differing:
            return path in self.scenarios[0]
        return any(path in scenario for scenario in self.scenarios)

    def entries(self, path: str) -> tuple[Entry, ...]:
        """The parameter in each scenario, or once where all scenarios share it."""
        self.read.add(path)
        if self.differing is not None and path not in self.differing:
            return (self._entry(self.scenarios[0], path),)
        known = self._entries.get(path)
        if known is None:
            found = tuple(self._entry(scenario, path) for scenario in self.scenarios)
            first = found[0]
            same = all(e.times == first.times and e.values == first.values for e in found[1:])
            known = self._entries[path] = found[:1] if same else found
        return known

    def _entry(self, scenario: Mapping[str, Entry], path: str) -> Entry:
        """One scenario's parameter, or its default where only another scenario sets it."""
        if path in scenario:
            return scenario[path]
        default: Entry | None = self._data.get(path)
        if default is None:
            message = f"the data hold no parameter {path}, which the model needs"
            raise AssemblyError(message)
        return default

    def number(self, path: str, unit: str, default: float | None = None) -> FloatArray:
        """A constant in `unit`, shape ``(scenario,)``."""
        if default is not None and not self.has(path):
            return np.full(1, default)
        entries = self.entries(path)
        if any(len(entry.values) != 1 for entry in entries):
            message = f"{path} is a time series where the model needs one number"
            raise AssemblyError(message)
        return np.array([convert(entry.values[0], entry.unit, unit) for entry in entries])

    def table(
        self, paths: Sequence[str], unit: str, default: float | None = None
    ) -> FloatArray:
        """Constants stacked, shape ``(len(paths), scenario)``."""
        return stack([self.number(path, unit, default) for path in paths])

    def knots(self, path: str, unit: str) -> tuple[Knots, ...]:
        """Knots of a series, linear between them and constant outside."""
        found = []
        for entry in self.entries(path):
            factor = convert(1.0, entry.unit, unit)
            times = np.array(entry.times or (0.0,), dtype=np.float64)
            values = np.array(entry.values, dtype=np.float64)
            if _set_by_policy(entry):
                shipped = self._data.parameters.get(path)
                times, values = _after_history(shipped, times, values, self.history_end)
            found.append((times, values * factor))
        return tuple(found)

    def series(self, path: str, unit: str) -> SeriesSpec:
        """One time series."""
        return SeriesSpec((self.knots(path, unit),), ())

    def series_table(self, paths: Sequence[str], unit: str) -> SeriesSpec:
        """Time series stacked, shape ``(len(paths),)``."""
        return SeriesSpec(tuple(self.knots(path, unit) for path in paths), (len(paths),))

    def annual_knots(self, path: str, unit: str) -> tuple[Knots, ...]:
        """Knots of an observed annual flow: constant within each calendar year."""
        return tuple(
            (
                np.repeat(times, 2) + np.tile([0.0, 1.0], len(times)),
                np.repeat(values, 2),
            )
            for times, values in self.knots(path, unit)
        )

    def annual(self, paths: Sequence[str], unit: str) -> SeriesSpec:
        """Observed annual flows as step series, shape ``(len(paths),)``."""
        return SeriesSpec(tuple(self.annual_knots(path, unit) for path in paths), (len(paths),))

    def year_end_knots(self, path: str, unit: str) -> tuple[Knots, ...]:
        """Knots of an observed year-end stock: the state one year after the year's start."""
        return tuple((times + 1.0, values) for times, values in self.knots(path, unit))

    def year_end(self, paths: Sequence[str], unit: str) -> SeriesSpec:
        """Observed year-end stocks, linear in between, shape ``(len(paths),)``."""
        knots = tuple(self.year_end_knots(path, unit) for path in paths)
        return SeriesSpec(knots, (len(paths),))

    def dates(self, path: str) -> FloatArray:
        """A calendar date as a decimal year, shape ``(scenario,)``; 9999 is never."""
        return self.number(path, "year")


def _differing(scenarios: Sequence[Any]) -> frozenset[str] | None:
    """Paths that are not one and the same object in all scenarios; None where that is unknown.

    Scenarios of a sweep lay a few values over the same data; to look for them in thousands of
    parameters of thousands of scenarios would take longer than to run them.
    """
    shared = getattr(scenarios[0], "overrides", None)
    data = [getattr(getattr(item, "base", None), "parameters", None) for item in scenarios]
    if shared is None or any(item is None or item is not data[0] for item in data):
        return None
    found: set[str] = set()
    for item in scenarios[1:]:
        for path, entry in item.overrides.items():
            if shared.get(path) is not entry:
                found.add(path)
        if len(item.overrides) != len(shared):
            found.update(path for path in shared if path not in item.overrides)
    return frozenset(found)


def _equal(one: Entry | None, other: Entry | None) -> bool:
    """Whether two parameters say the same, and were both set by policies or neither."""
    if one is None or other is None:
        return one is other
    same = (one.times, one.values, one.unit) == (other.times, other.values, other.unit)
    return same and _set_by_policy(one) == _set_by_policy(other)


def at_end_of_history(values: Values, path: str, unit: str) -> FloatArray:
    """Value of a series where observed history ends, shape ``(scenario,)``."""
    found = values.knots(path, unit)
    return np.array([float(np.interp(values.history_end, *knots)) for knots in found])


def stack(rows: Sequence[FloatArray]) -> FloatArray:
    """Stack rows whose scenario axes may be one or many, shape ``(len(rows), scenario)``."""
    if not rows:
        return np.zeros((0, 1))
    return np.stack(np.broadcast_arrays(*rows))


def _set_by_policy(entry: Entry) -> bool:
    """Whether a policy of a scenario wrote the values, not the data or a parameter override."""
    chain: Any = getattr(entry, "chain", None)
    return bool(chain) and str(chain[-1].by).startswith("policies.")


def _after_history(
    shipped: Entry | None, times: FloatArray, values: FloatArray, end: float
) -> Knots:
    """Keep the shipped series to the end of history: a policy cannot change the past."""
    if shipped is None:
        return times, values
    old_times = np.array(shipped.times or (0.0,), dtype=np.float64)
    old_values = np.array(shipped.values, dtype=np.float64)
    before, after = old_times < end, times > end
    old_end = float(np.interp(end, old_times, old_values))
    new_start = float(np.interp(end, times, values))
    return (
        np.concatenate([old_times[before], [end, end], times[after]]),
        np.concatenate([old_values[before], [old_end, new_start], values[after]]),
    )
