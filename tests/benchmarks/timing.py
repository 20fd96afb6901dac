"""What every benchmark needs: CPU time of the best of a few repetitions."""

import sys
import time
from collections.abc import Callable
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
