"""Batches of a sweep in processes beside this one; one that dies is replaced."""

import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from simulator.analysis.evaluation import Evaluated
from simulator.analysis.execution import ALL_DIED, ATTEMPTS, Job, Result, Work
from simulator.errors import SimulatorError

_TASK: list[bytes] = []
"""The task of a worker process, packed."""


def _prepare(packed: bytes) -> None:
    """Set a worker up: it leaves Ctrl-C to its parent, and goes when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _TASK[:] = [packed]
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """Leave when the parent has, also where it was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@cache
def _task() -> Work:
    """Unpack the task, once; what is wrong with it is an error of the batch that asks."""
    task: Work = pickle.loads(_TASK[0])  # noqa: S301 - sent by this package itself
    return task


def _work(first: int, last: int) -> Evaluated:
    return _task()(first, last)


class Processes:
    """A pool of processes.

    When a process dies, its whole pool is lost, and with it batches that are not to blame. All
    of them are tried again; those that it happens to a second time are tried alone, so that a
    batch that no process survives is found, and only that one.
    """

    def __init__(self, task: Work, workers: int) -> None:
        self._packed = pickle.dumps(task)
        self._workers = workers
        self._running: dict[Future[Evaluated], Job] = {}
        self._pool: ProcessPoolExecutor | None = None
        self._others: list[BaseProcess] = []

    def __enter__(self) -> Self:
        """Remember which processes are none of this pool."""
        self._others = active_children()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes, in the middle of a batch where they are."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        mine = [child for child in active_children() if child not in self._others]
        for child in mine:
            child.terminate()
        for child in mine:
            child.join()

    def results(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Work out batches; one that kills its process again and again comes back empty.

        Raises
        ------
        SimulatorError
            No process has survived any batch, so that the batches are not to blame.
        """
        waiting, suspects, fatal = deque(jobs), deque[Job](), list[Job]()
        deaths = dict.fromkeys((job.number for job in jobs), 0)
        proven = False
        while waiting or suspects:
            alone = bool(suspects)
            queue = deque([suspects.popleft()]) if alone else waiting
            try:
                for result in self._through(queue):
                    proven = True
                    yield result
            except BrokenProcessPool:
                lost = list(self._running.values()) + (list(queue) if alone else [])
                self._running.clear()
                self._pool = None
                for job in lost:
                    deaths[job.number] += 1
                    if deaths[job.number] == 1:
                        waiting.append(job)
                    elif deaths[job.number] < ATTEMPTS or not alone:
                        suspects.append(job)
                    else:
                        fatal.append(job)
        if fatal and not proven:
            raise SimulatorError(ALL_DIED)
        for job in fatal:
            yield Result(job.number, None)

    def _through(self, queue: deque[Job]) -> Iterator[Result]:
        """Take batches from a queue until it is empty and all of them are back."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers, get_context("spawn"), _prepare, (self._packed,)
            )
        while queue or self._running:
            while queue and len(self._running) < self._workers + 1:
                with _starting():
                    future = self._pool.submit(_work, queue[0].rows.start, queue[0].rows.stop)
                self._running[future] = queue.popleft()
            wait(self._running, return_when=FIRST_COMPLETED)
            for future in [future for future in self._running if future.done()]:
                found = future.result()
                yield Result(self._running.pop(future).number, found)

    def ready(self) -> list[Result]:
        """Hand over what came back and was not fetched."""
        return [
            Result(job.number, future.result())
            for future, job in self._running.items()
            if future.done() and not future.cancelled() and future.exception() is None
        ]


@contextmanager
def _starting() -> Iterator[None]:
    """Let workers that start here use one thread each, and leave Ctrl-C to this process.

    They are as many as the cores. A worker cannot turn Ctrl-C off before it has started, and
    would print a traceback; what is blocked here stays blocked there, and is told here later.
    """
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    mask = getattr(signal, "pthread_sigmask", None)
    if mask is not None:
        mask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if mask is not None:
            mask(signal.SIG_UNBLOCK, {signal.SIGINT})
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
