"""Dask clusters on loopback, for tests and benchmarks: each process one that can be killed."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).parents[1]
PATIENCE = 60
"""Seconds that a scheduler may take to start."""


class Started(NamedTuple):
    """A cluster that runs."""

    file: Path
    """Says where the scheduler is."""
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


def _start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    with (folder / f"{time.monotonic_ns()}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"],
            cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip


def scheduler(file: Path) -> subprocess.Popen[bytes]:
    """Start a scheduler that writes where it is to `file`; back when it has."""
    words = ("--port", "0", "--scheduler-file", str(file))
    process = _start(file.parent, "scheduler", *words)
    deadline = time.monotonic() + PATIENCE
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return process


def worker(file: Path, *, threads: int = 1, nanny: bool = False) -> subprocess.Popen[bytes]:
    """Start a worker; one with a nanny comes back when it dies."""
    words = ["--scheduler-file", str(file), "--local-directory", str(file.parent)]
    words += ["--nthreads", str(threads), *(() if nanny else ("--no-nanny",))]
    return _start(file.parent, "worker", *words)


def stop(*processes: subprocess.Popen[bytes]) -> None:
    """Kill processes and what they started."""
    for process in processes:
        alive = process.poll() is None
        children = psutil.Process(process.pid).children(recursive=True) if alive else []
        process.kill()
        process.wait()
        for child in children:
            if child.is_running():
                child.kill()


@contextmanager
def cluster(folder: Path, workers: int = 2, threads: int = 1) -> Iterator[Started]:
    """A scheduler and workers, whose files lie in a folder of their own."""
    file = folder / f"scheduler-{workers}.json"
    running = [scheduler(file)]
    try:
        running += [worker(file, threads=threads) for _ in range(workers)]
        yield Started(file, running[0], running[1:])
    finally:
        stop(*running)
