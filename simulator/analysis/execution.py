"""Who works out the batches of a sweep: this process, processes beside it, or a Dask cluster.

All of them call the same `Task` with the same numbers of scenarios, and only the process that
holds the store writes; so the results do not depend on who worked them out, nor in which order.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, NamedTuple, Protocol

from simulator.analysis.evaluation import Evaluated, engine_settings, evaluate
from simulator.errors import ScenarioError
from simulator.reading.sweep import Sweep

ATTEMPTS: Final = 3
"""How often a batch is tried whose worker dies."""

ALL_DIED: Final = (
    "every worker process died; if the memory is not enough,"
    " fewer --workers or a smaller --batch take less"
)
"""What is told where no worker has survived any batch, so that the batches are not to blame."""

_ENGINE = threading.Lock()
"""An engine works on arrays of its own: in one thread at a time."""


@dataclass(frozen=True, eq=False)
class Task:
    """What every worker does; it travels to other processes."""

    sweep: Sweep
    settings: Mapping[str, Any]
    """Settings of the engine where the store is: a worker with others gives other bits."""

    def __call__(self, start: int, stop: int) -> Evaluated:
        """Run the scenarios from `start` up to `stop`.

        Raises
        ------
        ScenarioError
            The engine is another one here.
        """
        with _ENGINE:
            here = engine_settings(self.sweep)
            if here != self.settings:
                message = (
                    f"a worker has another engine than the store: {here}, not"
                    f" {dict(self.settings)}; install the same packages everywhere"
                )
                raise ScenarioError(message)
            return evaluate(self.sweep, start, stop)


class Job(NamedTuple):
    """A batch to do."""

    number: int
    rows: range
    """Its scenarios."""


class Result(NamedTuple):
    """A batch that came back."""

    number: int
    found: Evaluated | None
    """None where every worker died that tried it."""


Work = Callable[[int, int], Evaluated]
"""A task, or what stands for it."""


class Executor(Protocol):
    """Whoever works."""

    def results(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Work out batches; they come in any order, a few in memory at a time."""
        ...

    def ready(self) -> list[Result]:
        """Hand over what is worked out already, after `results` was interrupted."""
        ...


class Here:
    """One batch after the other, in the process that writes them."""

    def __init__(self, task: Work) -> None:
        self._task = task

    def results(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Work out batches in their order."""
        for number, rows in jobs:
            yield Result(number, self._task(rows.start, rows.stop))

    def ready(self) -> list[Result]:
        """Nothing: a batch is handed over as soon as it is done."""
        return []


@contextmanager
def _here(task: Work) -> Iterator[Executor]:
    yield Here(task)


def executor(
    task: Work, workers: int, scheduler: str | None
) -> AbstractContextManager[Executor]:
    """Choose who works.

    Parameters
    ----------
    task
        What is done.
    workers
        Processes; 1 is this one.
    scheduler
        Address or file of a Dask scheduler, in place of processes.

    Raises
    ------
    ScenarioError
        The extra ``dask`` is not installed.
    """
    if scheduler is not None:
        if find_spec("distributed") is None:
            message = (
                'shuangtan sweep --scheduler needs the extra "dask":'
                ' pip install "shuangtan[dask]"'
            )
            raise ScenarioError(message)
        found: Any = import_module("simulator.analysis.cluster").Cluster(task, scheduler)
    elif workers > 1:
        found = import_module("simulator.analysis.processes").Processes(task, workers)
    else:
        found = _here(task)
    chosen: AbstractContextManager[Executor] = found
    return chosen
