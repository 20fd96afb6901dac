"""What every tool's process does: run, measure, and hand over one line of JSON.

Times are CPU time of the process [s]: other work on the machine does not count.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from tests.benchmarks.peers.chain import CHECKED

LONG_ENOUGH: Final = 1.0
"""Time for which one run is repeated, where it is shorter [s]."""


class Measuring:
    """Collects what is found about one tool."""

    def __init__(self, tool: str, method: str, precision: float) -> None:
        """Pin the process to one core and read what is asked of it.

        Parameters
        ----------
        tool, method
            Their names.
        precision
            Step of the method [yr], or its tolerance if it chooses its steps.
        """
        parser = argparse.ArgumentParser()
        parser.add_argument("--seconds", type=float, default=20.0)
        self._seconds: float = parser.parse_args().seconds
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        self.found: dict[str, Any] = {"tool": tool, "method": method, "precision": precision}

    def ready(self) -> AbstractContextManager[None]:
        """Measure from the imports, which are over, to the end of the first run."""
        self.found["imports"] = time.process_time()
        return self.timed("ready")

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Measure a part under a name."""
        start = time.process_time()
        yield
        self.found[name] = time.process_time() - start

    def single(self, run: Callable[[int], list[float]]) -> None:
        """Time one run by itself, and keep the stocks of the runs that are compared."""
        times, stocks = [], []
        for place in range(CHECKED):
            start = time.process_time()
            stocks.append(run(place))
            times.append(time.process_time() - start)
        while sum(times) < LONG_ENOUGH:
            start = time.process_time()
            run(0)
            times.append(time.process_time() - start)
        self.found |= {"one run": min(times), "stocks": stocks}

    def sweep(
        self, run: Callable[[int, int], Any], together: int = 1, name: str = "each"
    ) -> None:
        """Time as many scenarios as there is time for.

        Parameters
        ----------
        run
            Runs scenarios; it is given the first one and how many.
        together
            How many scenarios one call runs.
        name
            What the time of one scenario is called.
        """
        start, done = time.process_time(), 0
        while done == 0 or time.process_time() - start < self._seconds:
            run(done, together)
            done += together
        spent = time.process_time() - start
        self.found[name] = spent / done
        self.found[f"{name}, scenarios"] = done

    def hand_over(self, version: str) -> None:
        """Print what was found, as the last line."""
        print(json.dumps(self.found | {"version": version}), flush=True)
