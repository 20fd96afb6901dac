"""A stretch of a sweep worked out: kept variables, what is derived, and what failed."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.errors import SolverError
from simulator.model.balances import broken
from simulator.model.packing import leaves
from simulator.reading.sweep import Sweep
from simulator.results.batches import Batch, BatchRunner, UnforeseenError, runner_for
from simulator.results.dataset import side_by_side, variables
from simulator.results.derived import derive, needed

STATUS = "milestone_status"
"""The one derived variable that holds whole numbers."""


class Evaluated(NamedTuple):
    """Results of consecutive scenarios of a sweep."""

    dataset: xr.Dataset
    """Kept and derived variables, (scenario, ...); not-a-number where a scenario failed."""
    failures: dict[int, str]
    """Why scenarios failed, by their number in the sweep."""


def engine_settings(sweep: Sweep) -> dict[str, Any]:
    """What decides the results besides the sweep: method, steps, machine."""
    return {
        base.name: _runner(sweep, number).settings for number, base in enumerate(sweep.bases)
    }


def evaluate(sweep: Sweep, start: int, stop: int) -> Evaluated:
    """Run the scenarios from `start` up to `stop`.

    A scenario that fails does not disturb the others; its numbers are missing, and the reason
    is told.
    """
    parts: list[xr.Dataset] = []
    failures: dict[int, str] = {}
    for base, numbers in groupby(range(start, stop), sweep.base_of):
        chosen = list(numbers)
        runner = _runner(sweep, base)
        width = runner.engine.width
        for first in range(0, len(chosen), width * _AT_ONCE):
            part = chosen[first : first + width * _AT_ONCE]
            for found, lost in _run(sweep, runner, part):
                parts.append(found)
                failures |= lost
    return Evaluated(xr.concat(parts, "scenario", **_JOIN), failures)


_AT_ONCE = 8
"""Blocks of the engine that are assembled together: more hold more memory, and save little."""

_JOIN: Any = {
    "data_vars": "minimal",
    "coords": "minimal",
    "compat": "override",
    "join": "override",
}


@lru_cache(maxsize=4)
def _runner(sweep: Sweep, base: int, *, whole: bool = False) -> BatchRunner:
    """The engine for one base, made once a process."""
    return runner_for(sweep, base, whole=whole)


def _run(
    sweep: Sweep, runner: BatchRunner, numbers: Sequence[int]
) -> Iterator[tuple[xr.Dataset, dict[int, str]]]:
    """Run scenarios together; where that is refused, find out which of them is to blame.

    One that differs where no extreme of the sweep does has an engine that allows for more.
    """
    scenarios = [sweep.resolved(number) for number in numbers]
    try:
        found = _evaluated(sweep, runner.run(scenarios), numbers)
    except SolverError as error:
        if len(numbers) > 1:
            half = len(numbers) // 2
            yield from _run(sweep, runner, numbers[:half])
            yield from _run(sweep, runner, numbers[half:])
            return
        if isinstance(error, UnforeseenError):
            wider = _runner(sweep, sweep.base_of(numbers[0]), whole=True)
            if runner is not wider:
                yield from _run(sweep, wider, numbers)
                return
        lost = blank(sweep, numbers, {numbers[0]: str(error)})
        found = (lost.dataset, lost.failures)
    yield found


def _evaluated(
    sweep: Sweep, batches: Iterable[Batch], numbers: Sequence[int]
) -> tuple[xr.Dataset, dict[int, str]]:
    """Keep what the sweep keeps of batches, with what it derives."""
    wanted = needed(sweep.derive, sweep.roadmap).union(sweep.keep)
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
    derived = derive(whole, sweep.derive, sweep.roadmap)
    kept = whole[list(sweep.keep)].sel(time=list(sweep.years))
    used = {str(name) for variable in kept.variables.values() for name in variable.dims}
    unused = [
        name for name, item in kept.coords.items() if not set(map(str, item.dims)) <= used
    ]
    dataset = xr.merge([kept.drop_vars(unused), derived], compat="override", join="override")
    return dataset, {numbers[place]: reason for place, reason in lost.items()}


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
    runner = _runner(sweep, sweep.base_of(numbers[0]))
    found, _ = _evaluated(sweep, runner.run([runner.base]), numbers[:1])
    none = found.map(lambda item: item * np.nan if item.dtype.kind == "f" else item * 0 - 1)
    none = none.map(lambda item: item.astype(found[item.name].dtype))
    return Evaluated(none.isel(scenario=[0] * len(numbers)), failures)
