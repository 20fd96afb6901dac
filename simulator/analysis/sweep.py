"""A sweep from its file to its store, whatever happens in between."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from simulator.analysis.evaluation import blank, engine_settings
from simulator.analysis.execution import ATTEMPTS, Job, Result, Task, executor
from simulator.errors import ScenarioError
from simulator.reading.sweep import Sweep
from simulator.results.store import CUT, SweepStore, open_store
from simulator.results.store_arrays import Columns
from simulator.results.writing import undisturbed
from simulator.version import code_version

BATCH: Final = 256
"""Scenarios of a batch."""


class Progress(NamedTuple):
    """How far a sweep has come."""

    done: int
    """Scenarios that are in the store."""
    new: int
    """Those of them that this call worked out."""
    total: int
    failures: dict[int, str]
    """Why scenarios failed, by number."""


def identity(sweep: Sweep, settings: Mapping[str, Any], batch: int) -> dict[str, Any]:
    """Everything that decides the results of a sweep, in parts that can be compared."""
    return {
        "sweep": sweep.describe(),
        "digest": sweep.digest,
        "engine": dict(settings),
        "code_version": code_version(),
        "size": len(sweep),
        CUT: batch,
    }


def run_sweep(
    sweep: Sweep,
    folder: Path,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    batch: int | None = None,
    resume: bool = False,
    report: Callable[[Progress], None] | None = None,
) -> Progress:
    """Run what is not in the store yet.

    Parameters
    ----------
    sweep
        What to run.
    folder
        Where the store is, or will be.
    workers
        Processes; 1 is this one.
    scheduler
        Address or file of a Dask scheduler, in place of processes.
    batch
        Scenarios of a batch; that of the store, or `BATCH`, unless given.
    resume
        Whether an unfinished store may be gone on with.
    report
        Called at the start and after every batch.

    Raises
    ------
    ScenarioError
        The store belongs to something else, or an extra or a scheduler is missing.
    StoreError
        The disk is full; what was finished is kept.
    KeyboardInterrupt
        Ctrl-C; what was finished is kept.
    """
    settings = engine_settings(sweep)
    wanted = identity(sweep, settings, batch or BATCH)
    with open_store(folder, wanted, resume=resume) as store:
        if batch is not None and batch != store.batch:
            message = (
                f'"{folder}" is cut into batches of {store.batch}: leave out --batch {batch}'
            )
            raise ScenarioError(message)
        done = store.done()
        jobs = [Job(number, rows) for number, rows in enumerate(store.batches())]
        keeper = _Keeper(sweep, store, sum(len(jobs[number].rows) for number in done), report)
        todo = [job for job in jobs if job.number not in done]
        if todo:
            with executor(Task(sweep, settings), workers, scheduler) as chosen:
                try:
                    for result in chosen.results(todo):
                        keeper.keep(result)
                except KeyboardInterrupt:
                    for result in chosen.ready():
                        keeper.keep(result)
                    raise
        return keeper.state


class _Keeper:
    """Writes what comes back, and knows how far it is."""

    def __init__(
        self,
        sweep: Sweep,
        store: SweepStore,
        done: int,
        report: Callable[[Progress], None] | None,
    ) -> None:
        self._sweep, self._store, self._report = sweep, store, report
        self.state = Progress(done, 0, len(sweep), store.failures())
        self._tell()

    def _tell(self) -> None:
        if self._report is not None:
            self._report(self.state)

    def keep(self, result: Result) -> None:
        """Write a batch; Ctrl-C waits for it."""
        sweep, state = self._sweep, self.state
        rows = self._store.batches()[result.number]
        found = result.found
        if found is None:
            why = f"its worker died, {ATTEMPTS} times; perhaps the memory was not enough"
            found = blank(sweep, rows, dict.fromkeys(rows, why))
        with undisturbed():
            if state.new == 0:
                self._store.begin(found.dataset, _columns(sweep), _attributes(sweep))
            inputs = {number: _inputs(sweep, number) for number in found.failures}
            self._store.write(result.number, found.dataset, found.failures, inputs)
            self.state = Progress(
                state.done + len(rows),
                state.new + len(rows),
                state.total,
                state.failures | found.failures,
            )
            self._tell()


def _inputs(sweep: Sweep, number: int) -> dict[str, Any]:
    """What a scenario sets, as a person wrote it."""
    row = sweep.table[sweep.row_of(number)].tolist()
    pairs = zip(sweep.inputs, row, strict=True)
    return {"base": sweep.bases[sweep.base_of(number)].name} | {
        item.key: value if item.numeric else item.choices[int(value)] for item, value in pairs
    }


def _columns(sweep: Sweep) -> Columns:
    """Inputs of every scenario, with the base."""
    names = [item.key for item in sweep.inputs]
    values = np.tile(sweep.table, (len(sweep.bases), 1))
    told: list[Mapping[str, Any]] = [
        {"units": item.unit, "long_name": item.label_en, "long_name_zh": item.label_zh}
        | ({} if item.numeric else {"choices": list(item.choices)})
        for item in sweep.inputs
    ]
    number = np.repeat(np.arange(float(len(sweep.bases))), len(sweep.table))[:, np.newaxis]
    bases = {
        "units": "1",
        "long_name": "Base scenario",
        "long_name_zh": "基础情景",
        "choices": [base.name for base in sweep.bases],
    }
    return Columns(["base", *names], np.concatenate([number, values], axis=1), [bases, *told])


def _attributes(sweep: Sweep) -> dict[str, str]:
    """What the store says of itself."""
    return {
        "Conventions": "CF-1.11",
        "sweep": sweep.name,
        "label_en": sweep.label.en,
        "label_zh": sweep.label.zh,
        "sweep_hash": sweep.digest,
        "code_version": code_version(),
        "roadmap": sweep.roadmap,
    }
