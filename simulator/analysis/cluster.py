"""Batches of a sweep on a Dask cluster; those of a lost worker go to another one.

Needs the extra ``dask``, so it is imported only where a scheduler is asked for.
"""

import pickle
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import distributed

from simulator.analysis.evaluation import Evaluated
from simulator.analysis.execution import ALL_DIED, Job, Result, Work
from simulator.errors import ScenarioError, SimulatorError

CONNECT: Final = 10
"""Seconds to wait for the scheduler."""

FIRST_WORKER: Final = 60
"""Seconds to wait for a worker; a cluster may be slow to start."""

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
        self._keys = count()
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
            self._client = dask.Client(**place, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            message = f'there is no Dask scheduler at "{self._scheduler}": {error}'
            raise ScenarioError(message) from error
        try:
            self._client.wait_for_workers(1, timeout=FIRST_WORKER)
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
        """Work out batches; one that kills its workers again and again comes back empty.

        Dask gives up whatever was on several workers that died, so also what was there beside
        the batch that is to blame; such batches are tried once more, each alone.

        Raises
        ------
        SimulatorError
            The scheduler is gone, or no worker has survived any batch.
        """
        try:
            suspects = list[Job]()
            proven = False
            for number, found in self._through(jobs):
                if found is None:
                    suspects += [job for job in jobs if job.number == number]
                else:
                    proven = True
                    yield Result(number, found)
            fatal = list[Result]()
            for job in suspects:
                for result in self._through([job]):
                    if result.found is None:
                        fatal.append(result)
                    else:
                        proven = True
                        yield result
        except (CancelledError, OSError) as error:
            message = (
                f'the Dask scheduler at "{self._scheduler}" went away;'
                f" what was finished is kept: --resume ({error})"
            )
            raise SimulatorError(message) from error
        if fatal and not proven:
            raise SimulatorError(ALL_DIED)
        yield from fatal

    def _through(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Hand batches to the cluster, and take them back as they come."""
        waiting = list(reversed(jobs))
        back = dask.as_completed(loop=self._client.loop)
        while waiting or self._running:
            at_once = 2 * len(self._client.nthreads()) + 1  # so that no worker waits
            while waiting and len(self._running) < at_once:
                back.add(self._submit(waiting.pop()))
            future = next(back)
            try:
                found = future.result()
            except dask.KilledWorker:
                found = None
            yield Result(self._running.pop(future).number, found)

    def _submit(self, job: Job) -> Any:  # noqa: ANN401 - a future of Dask
        """Hand a batch to the cluster; its key is new each time, or Dask would remember it."""
        key = f"{self._name}-{job.number}-{next(self._keys)}"
        future = self._client.submit(_work, self._name, job.rows.start, job.rows.stop, key=key)
        self._running[future] = job
        return future

    def ready(self) -> list[Result]:
        """Hand over what the cluster has finished."""
        return [
            Result(job.number, future.result())
            for future, job in self._running.items()
            if future.status == "finished"
        ]
