"""A stretch of a sweep worked out: kept variables, what is derived, and what failed."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, NamedTuple, Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.errors import SolverError
from simulator.model.balances import broken
from simulator.model.packing import leaves
from simulator.reading.resolution import Resolved
from simulator.reading.sweep import Sweep
from simulator.results.batches import Batch, BatchRunner, UnforeseenError, runner_for
from simulator.results.dataset import side_by_side, variables
from simulator.results.derived import derive, needed

STATUS = "milestone_status"
"""The one derived variable that holds whole numbers."""


class Asked(Protocol):
    """What is kept and derived of every run; a sweep says it, too."""

    @property
    def keep(self) -> tuple[str, ...]:
        """Variables that are kept."""
        ...

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years that are kept."""
        ...

    @property
    def derive(self) -> tuple[str, ...]:
        """What is derived."""
        ...

    @property
    def roadmap(self) -> str:
        """Roadmap whose milestones are derived."""
        ...


class Kept(NamedTuple):
    """What is `Asked` of runs that no sweep file tells of."""

    keep: tuple[str, ...]
    years: tuple[int, ...]
    derive: tuple[str, ...]
    roadmap: str


class Evaluated(NamedTuple):
    """Results of consecutive scenarios of a sweep."""

    dataset: xr.Dataset
    """Kept and derived variables, (scenario, ...); not-a-number where a scenario failed."""
    failures: dict[int, str]
    """Why scenarios failed, by their number in the sweep."""


class Runners:
    """An engine for what was foreseen and, made when it is needed, one that allows for more."""

    def __init__(self, make: Callable[[bool], BatchRunner]) -> None:
        """Remember how to make an engine; it is asked whether whole arrays may differ."""
        self._make = make

    @cached_property
    def narrow(self) -> BatchRunner:
        """The engine for scenarios that differ where the probes do."""
        return self._make(False)  # noqa: FBT003 - the one thing that is asked

    @cached_property
    def whole(self) -> BatchRunner:
        """The engine for scenarios that differ elsewhere in the same arrays."""
        return self._make(True)  # noqa: FBT003


def engine_settings(sweep: Sweep) -> dict[str, Any]:
    """What decides the results besides the sweep: method, steps, machine."""
    return {
        base.name: _runners(sweep, number).narrow.settings
        for number, base in enumerate(sweep.bases)
    }


def evaluate(sweep: Sweep, start: int, stop: int) -> Evaluated:
    """Run the scenarios from `start` up to `stop`.

    A scenario that fails does not disturb the others; its numbers are missing, and the reason
    is told.
    """
    parts: list[xr.Dataset] = []
    failures: dict[int, str] = {}
    for base, numbers in groupby(range(start, stop), sweep.base_of):
        found = evaluate_all(sweep, _runners(sweep, base), list(numbers), sweep.resolved)
        parts.append(found.dataset)
        failures |= found.failures
    return Evaluated(xr.concat(parts, "scenario", **_JOIN), failures)


def evaluate_all(
    asked: Asked,
    runners: Runners,
    numbers: Sequence[int],
    resolved: Callable[[int], Resolved],
    report: Callable[[int], None] | None = None,
) -> Evaluated:
    """Run scenarios that differ from one base, as `evaluate` does.

    Parameters
    ----------
    asked
        What is kept and derived.
    runners
        The engines of the base.
    numbers
        Names of the scenarios, by which failures are told.
    resolved
        Makes a scenario from its number.
    report
        Called with the count of scenarios that have just been run.
    """
    parts: list[Evaluated] = []
    size = runners.narrow.engine.width * _AT_ONCE
    for first in range(0, len(numbers), size):
        part = [(number, resolved(number)) for number in numbers[first : first + size]]
        parts += _run(asked, runners, runners.narrow, part)
        if report is not None:
            report(len(part))
    failures = {number: reason for part in parts for number, reason in part.failures.items()}
    whole = xr.concat([part.dataset for part in parts], "scenario", **_JOIN)
    return Evaluated(whole, failures)


_AT_ONCE = 8
"""Blocks of the engine that are assembled together: more hold more memory, and save little."""

_JOIN: Any = {
    "data_vars": "minimal",
    "coords": "minimal",
    "compat": "override",
    "join": "override",
}


@lru_cache(maxsize=4)
def _runners(sweep: Sweep, base: int) -> Runners:
    """The engines for one base, made once a process."""
    return Runners(lambda whole: runner_for(sweep, base, whole=whole))


def _run(
    asked: Asked,
    runners: Runners,
    runner: BatchRunner,
    chosen: Sequence[tuple[int, Resolved]],
) -> Iterator[Evaluated]:
    """Run scenarios together; where that is refused, find out which of them is to blame.

    One that differs where no probe does has an engine that allows for more.
    """
    numbers = [number for number, _ in chosen]
    try:
        found = _evaluated(asked, runner.run([scenario for _, scenario in chosen]), numbers)
    except SolverError as error:
        if len(chosen) > 1:
            half = len(chosen) // 2
            yield from _run(asked, runners, runner, chosen[:half])
            yield from _run(asked, runners, runner, chosen[half:])
            return
        if isinstance(error, UnforeseenError) and runner is not runners.whole:
            yield from _run(asked, runners, runners.whole, chosen)
            return
        found = _blank(asked, runner, numbers, {numbers[0]: str(error)})
    yield found


def _evaluated(asked: Asked, batches: Iterable[Batch], numbers: Sequence[int]) -> Evaluated:
    """Keep what is asked of batches, with what is derived."""
    wanted = needed(asked.derive, asked.roadmap).union(asked.keep)
    found: dict[str, NDArray[Any]] = {}
    lost: dict[int, str] = {}
    for batch in batches:
        count = len(batch.scenarios)
        here = slice(batch.scenarios.start, batch.scenarios.stop)
        with np.errstate(all="ignore"):
            gone = _lost(batch, count)
            values = variables(batch.model, batch.record, wanted)
        for name, array in values.items():
            if name not in found:
                found[name] = np.empty((*array.shape[:-1], len(numbers)), array.dtype)
            found[name][..., here] = array[..., :count]
        lost |= {batch.scenarios[place]: reason for place, reason in gone.items()}
    for array in found.values():
        array[..., list(lost)] = np.nan if array.dtype.kind == "f" else -1
    whole = side_by_side(batch.model, batch.record.years, found)
    derived = derive(whole, asked.derive, asked.roadmap)
    kept = whole[list(asked.keep)].sel(time=list(asked.years))
    used = {str(name) for variable in kept.variables.values() for name in variable.dims}
    unused = [
        name for name, item in kept.coords.items() if not set(map(str, item.dims)) <= used
    ]
    dataset = xr.merge([kept.drop_vars(unused), derived], compat="override", join="override")
    return Evaluated(dataset, {numbers[place]: reason for place, reason in lost.items()})


def _lost(batch: Batch, count: int) -> dict[int, str]:
    """Scenarios whose numbers are not finite or whose books do not close."""
    found: dict[int, str] = {}
    for tree in (batch.record.after, batch.record.flows):
        for name, array in leaves(tree):
            if math.isfinite(array.sum()):  # what is not finite would show in the sum
                continue
            finite = np.isfinite(array)
            bad = ~finite.reshape(-1, finite.shape[-1]).all(axis=0)
            for scenario in np.flatnonzero(bad).tolist():
                years = ~finite[..., scenario].reshape(len(finite), -1).all(axis=1)
                year = batch.record.years[int(np.argmax(years))]
                found.setdefault(scenario, f"{name} is not finite in {year}")
    found = broken(batch.model, batch.record) | found
    return {scenario: reason for scenario, reason in found.items() if scenario < count}


def blank(sweep: Sweep, numbers: Sequence[int], failures: dict[int, str]) -> Evaluated:
    """Places for scenarios that have no numbers at all."""
    runners = _runners(sweep, sweep.base_of(numbers[0]))
    return _blank(sweep, runners.narrow, numbers, failures)


def _blank(
    asked: Asked, runner: BatchRunner, numbers: Sequence[int], failures: dict[int, str]
) -> Evaluated:
    """Places for scenarios without numbers, shaped as a run of the base is."""
    found, _ = _evaluated(asked, runner.run([runner.base]), numbers[:1])
    none = found.map(lambda item: item * np.nan if item.dtype.kind == "f" else item * 0 - 1)
    none = none.map(lambda item: item.astype(found[item.name].dtype))
    return Evaluated(none.isel(scenario=[0] * len(numbers)), failures)
