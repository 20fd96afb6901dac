"""What every benchmark needs: CPU time of the best of a few repetitions, and memory."""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

QUICK = "--quick" in sys.argv
"""One repetition and fewer cases: a smoke test."""


def cpu(work: Callable[[], Any], repeat: int = 3) -> float:
    """Least CPU time of a few repetitions [s]."""
    times = []
    for _ in range(1 if QUICK else repeat):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def say(title: str) -> None:
    """Head a part of the report."""
    print(f"\n{title}", flush=True)


def peak_memory() -> float:
    """Largest memory that this process has held [MB].

    Where there is no /proc it is what the system keeps for the process, which may count its
    parent as well.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return float(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
