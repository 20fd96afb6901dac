"""Batches of a sweep on a Dask cluster; those of a lost worker go to another one.

Needs the extra ``dask``, so it is imported only where a scheduler is asked for.
"""

import pickle
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import distributed

from simulator.analysis.evaluation import Evaluated
from simulator.analysis.execution import Job, Result, Work
from simulator.errors import ScenarioError, SimulatorError

PATIENCE: Final = 30
"""Seconds to wait for a scheduler, and for its first worker."""

dask: Any = distributed
"""Its functions have no types."""

_TASKS: dict[str, Work] = {}
"""Tasks of a worker, by the name of their sweep."""


class Bring(distributed.WorkerPlugin):
    """Takes the task to every worker, once; also to those that come later."""

    def __init__(self, name: str, task: Work) -> None:
        self.name = name
        self.packed = pickle.dumps(task)

    def setup(self, worker: Any) -> None:  # noqa: ANN401, ARG002 - a worker of Dask
        """Unpack the task."""
        _TASKS[self.name] = pickle.loads(self.packed)  # noqa: S301 - sent by this package

    def teardown(self, worker: Any) -> None:  # noqa: ANN401, ARG002 - a worker of Dask
        """Forget the task."""
        _TASKS.pop(self.name, None)


def _work(name: str, first: int, last: int) -> Evaluated:
    return _TASKS[name](first, last)


class Cluster:
    """The workers of a Dask scheduler."""

    def __init__(self, task: Work, scheduler: str) -> None:
        """Choose a cluster.

        Parameters
        ----------
        task
            What is done.
        scheduler
            Address such as ``tcp://10.0.0.1:8786``, or a scheduler file.
        """
        self._task = task
        self._scheduler = scheduler
        self._name = f"shuangtan-{uuid.uuid4().hex}"
        self._running: dict[Any, Job] = {}
        self._client: Any = None

    def __enter__(self) -> Self:
        """Connect, and take the task to the workers.

        Raises
        ------
        ScenarioError
            There is no scheduler, or it has no workers, or they cannot do the task.
        """
        place: dict[str, Any] = {"address": self._scheduler}
        if Path(self._scheduler).is_file():
            place = {"scheduler_file": self._scheduler}
        try:
            self._client = dask.Client(**place, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            message = f'there is no Dask scheduler at "{self._scheduler}": {error}'
            raise ScenarioError(message) from error
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
            self._client.register_plugin(Bring(self._name, self._task))
        except TimeoutError as error:
            self._client.close()
            message = (
                f'the Dask scheduler at "{self._scheduler}" has no workers:'
                f" start some with: dask worker {self._scheduler}"
            )
            raise ScenarioError(message) from error
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give up what still runs, and leave the cluster as it was."""
        if kind is None:
            self._client.unregister_worker_plugin(self._name)
        self._client.close()

    def results(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Work out batches; one that Dask gives up, as its workers died, comes back empty."""
        waiting = list(reversed(jobs))
        while waiting or self._running:
            at_once = 2 * len(self._client.nthreads()) + 1  # so that none of them waits
            while waiting and len(self._running) < at_once:
                self._submit(waiting.pop())
            self._wait()
            for future in [future for future in self._running if future.done()]:
                found = self._fetch(future)
                yield Result(self._running.pop(future).number, found)

    def _submit(self, job: Job) -> None:
        """Hand a batch to the cluster."""
        key = f"{self._name}-{job.number}"
        future = self._client.submit(_work, self._name, job.rows.start, job.rows.stop, key=key)
        self._running[future] = job

    def _wait(self) -> None:
        """Wait for a batch.

        Raises
        ------
        SimulatorError
            The scheduler is gone.
        """
        try:
            dask.wait(list(self._running), return_when="FIRST_COMPLETED")
        except (CancelledError, OSError) as error:
            raise self._gone() from error

    def _fetch(self, future: Any) -> Evaluated | None:  # noqa: ANN401 - a future of Dask
        """Bring a result here; none where workers died of it."""
        try:
            found: Evaluated = future.result()
        except dask.KilledWorker:
            return None
        except (CancelledError, OSError) as error:
            raise self._gone() from error
        return found

    def _gone(self) -> SimulatorError:
        message = (
            f'the Dask scheduler at "{self._scheduler}" went away;'
            " what was finished is kept: --resume"
        )
        return SimulatorError(message)

    def ready(self) -> list[Result]:
        """Hand over what the cluster has finished."""
        return [
            Result(job.number, future.result())
            for future, job in self._running.items()
            if future.status == "finished"
        ]
