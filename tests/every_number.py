"""Every parameter with a range, moved in a run of its own: how far it moves what is read.

One engine runs all of them, whatever scenario they are moved in: a scenario is a set of
parameters like another, so that what differs between them is only more that varies.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.resolution import Entries, Resolved
from simulator.reading.scenario import load
from simulator.results.batches import BatchRunner
from simulator.results.dataset import variables

BASE = "current_policies"

MOVES = 1e-9
"""Change of an element, in parts of its peak, that is more than rounding."""

SMALL = 1e-6
"""Part of a variable's peak that an element counts as if it stayed below."""

NOTHING = 1e-9
"""Peak below which a variable holds nothing but rounding, in its unit."""

WIDTH = 64
PROBES = 2
"""Times that the parameters are halved: each half is moved together, so that all that can
differ does in some probe, whatever is brought to a sum of one."""

Settings = Mapping[str, Any]
Outputs = Mapping[str, NDArray[Any]]


@cache
def ranged() -> tuple[str, ...]:
    """Every parameter with a range, in the order of the tables."""
    return tuple(
        path
        for path, parameter in load_parameters().items()
        if parameter.low is not None and parameter.low != parameter.high
    )


def moved(parameter: Parameter, to: float | None = None, *, near: bool = False) -> Parameter:
    """A number at the end of its range that is further off; a series goes from end to end.

    `near` takes the other end, or the way back. Where a value is given that is what the
    parameter becomes, in all years.
    """
    if to is not None:
        return replace(parameter, times=(), values=(to,))
    low, high = load_parameters()[parameter.path].low, load_parameters()[parameter.path].high
    assert low is not None
    assert high is not None
    if not parameter.times:
        value = parameter.values[0]
        falls = (value - low > high - value) != near
        return replace(parameter, values=(low if falls else high,))
    rising = np.linspace(low, high, len(parameter.times))
    back = np.allclose(rising, parameter.values, rtol=1e-3) != near
    return replace(parameter, values=tuple((rising[::-1] if back else rising).tolist()))


def with_moved(
    resolved: Resolved, *paths: str, to: float | None = None, near: bool = False
) -> Resolved:
    """A scenario in which some parameters are elsewhere in their range."""
    over: dict[str, Any] = dict(resolved.parameters.overrides)
    for path in paths:
        over[path] = moved(resolved.parameters[path], to, near=near)
    return replace(resolved, parameters=Entries(resolved.parameters.base, over))


class Move(NamedTuple):
    """A parameter moved in a scenario."""

    path: str
    scenario: str
    to: float | None = None
    """Where to, unless to an end of its range."""


class Mover:
    """Moves parameters in some scenarios, with one engine for all of them."""

    def __init__(
        self, scenarios: Mapping[str, tuple[str, Settings]], beyond: Mapping[str, float]
    ) -> None:
        """Make the engine.

        Parameters
        ----------
        scenarios
            By name which shipped scenario each is, and what is changed in it.
        beyond
            Values outside of their range that parameters will take.
        """
        self.scenarios = {
            name: (load(base).replace(changes) if changes else load(base)).resolved
            for name, (base, changes) in scenarios.items()
        }
        first = next(iter(self.scenarios.values()))
        every = np.array(ranged())
        draw = np.random.default_rng(1)
        halves = [draw.random(len(every)) < 0.5 for _ in range(PROBES)]
        probes = [
            with_moved(first, *every[half == one], near=near)
            for half, near in zip(halves, (False, True), strict=True)
            for one in (True, False)
        ]
        outside = [with_moved(first, path, to=to) for path, to in beyond.items()]
        self._runner = BatchRunner(
            first, [*self.scenarios.values(), *probes, *outside], width=WIDTH
        )
        names, bases = list(self.scenarios), list(self.scenarios.values())
        self._still = dict(zip(names, self._runs(bases), strict=True))

    def __call__(self, moves: Sequence[Move]) -> list[float]:
        """Largest change of any output by each move; infinite where one is not finite.

        What does nothing at the far end of its range is tried at the near one.
        """
        found = self._changes(moves, near=False)
        still = [n for n, change in enumerate(found) if change <= MOVES]
        again = self._changes([moves[n] for n in still], near=True) if still else []
        for n, change in zip(still, again, strict=True):
            found[n] = max(found[n], change)
        return found

    def _changes(self, moves: Sequence[Move], *, near: bool) -> list[float]:
        runs = [
            with_moved(self.scenarios[move.scenario], move.path, to=move.to, near=near)
            for move in moves
        ]
        pairs = zip(moves, self._runs(runs), strict=True)
        return [largest_change(self._still[move.scenario], run) for move, run in pairs]

    def _runs(self, scenarios: Sequence[Resolved]) -> Iterator[Outputs]:
        """Every variable of each scenario, (time, element)."""
        for batch in self._runner.run(scenarios):
            found = variables(batch.model, batch.record)
            for column in range(len(batch.scenarios)):
                yield {
                    name: array[..., column % array.shape[-1]].reshape(len(array), -1)
                    for name, array in found.items()
                }


def largest_change(before: Outputs, after: Outputs) -> float:
    """Largest change of an element of any output over its peak; infinite if one is infinite.

    Elements next to nothing within their variable, and variables that are rounding only, do
    not count for more than they are.
    """
    largest = 0.0
    for name, still in before.items():
        one, other = (
            np.nan_to_num(each.astype(float), posinf=np.inf) for each in (still, after[name])
        )
        if not np.isfinite(other).all():
            return np.inf
        peak = np.maximum(np.abs(one), np.abs(other)).max(axis=0)
        if peak.max(initial=0.0) > NOTHING:
            change = np.abs(other - one).max(axis=0)
            largest = max(largest, float((change / np.maximum(peak, SMALL * peak.max())).max()))
    return largest
