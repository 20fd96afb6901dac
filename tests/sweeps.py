"""A sweep whose results are arithmetic on the scenario's number, for tests of what runs it.

Nothing of the model is in it, so that a batch takes milliseconds, or as long as a test wants.
As a program (``python -c "from tests.sweeps import main; main()" FOLDER ...``) it is a sweep
that a test can kill.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from simulator.analysis import sweep as running
from simulator.analysis.evaluation import Evaluated
from simulator.errors import ScenarioError, SimulatorError
from simulator.reading.sweep import Input
from simulator.schema.numbers import Label

YEARS = (2030, 2045, 2060)
MILESTONES = ("first", "second")
UNLUCKY = 7
"""Every so many scenarios one fails."""

SLOW = 3.0


@dataclass(frozen=True)
class FakeSweep:
    """What `run_sweep` needs to know of a sweep."""

    rows: int
    name: str = "fake"
    label: Label = field(default_factory=lambda: Label(en="Fake", zh="假"))
    roadmap: str = "four_stage"
    bases: Any = (SimpleNamespace(name="here"), SimpleNamespace(name="there"))
    inputs: tuple[Input, ...] = (
        Input("price", "CNY/t", "Price", "价格", numeric=True, choices=()),
        Input("path", "1", "Path", "路径", numeric=False, choices=("low", "high")),
    )

    @property
    def table(self) -> np.ndarray:
        rows = np.arange(float(self.rows))
        return np.stack([100.0 + rows / 3.0, rows % 2], axis=1)

    def __len__(self) -> int:
        return len(self.bases) * self.rows

    def base_of(self, index: int) -> int:
        return index // self.rows

    def row_of(self, index: int) -> int:
        return index % self.rows

    @property
    def digest(self) -> str:
        return f"{self.rows} rows"

    def describe(self) -> dict[str, object]:
        return {"rows": self.rows}


@dataclass(frozen=True)
class Arithmetic:
    """A task; what goes wrong in it is chosen."""

    pause: float = 0.0
    slow: int | None = None
    """This scenario takes `SLOW` seconds."""
    deadly: int | None = None
    """This scenario kills its process."""
    once: str | None = None
    """This file, while it is there, makes a deadly scenario deadly: death removes it."""
    wrong: int | None = None
    """This scenario is a mistake of the reader's."""
    stopped: int | None = None
    """This scenario is where somebody presses Ctrl-C."""
    log: str | None = None
    """Folder in which every batch leaves a name."""

    def __call__(self, start: int, stop: int) -> Evaluated:
        numbers = range(start, stop)
        time.sleep(SLOW if self.slow in numbers else self.pause)
        if self.log is not None:
            Path(self.log, f"{start}-{stop}-{time.monotonic_ns()}").touch()
        if self.deadly in numbers and (self.once is None or Path(self.once).exists()):
            if self.once is not None:
                Path(self.once).unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.wrong in numbers:
            message = "the data are others here"
            raise ScenarioError(message)
        if self.stopped in numbers:
            raise KeyboardInterrupt
        failures = {i: f"scenario {i} was unlucky" for i in numbers if i % UNLUCKY == 5}
        return Evaluated(results(numbers, set(failures)), failures)


def results(numbers: range, lost: set[int]) -> xr.Dataset:
    """Results of some scenarios; not-a-number for the lost ones."""
    scenario = np.array(numbers, dtype=float)
    alive = np.array([i not in lost for i in numbers])
    net = np.sin(np.add.outer(scenario, np.array(YEARS)))
    margin = np.cos(np.add.outer(scenario, np.arange(2.0)))
    status = np.where(alive[:, None], margin > 0, -1).astype(np.int8)
    return xr.Dataset(
        {
            "emissions_net": (
                ("scenario", "time"),
                np.where(alive[:, None], net, np.nan),
                {"units": "Mt CO2/yr", "long_name": "Net emissions"},
            ),
            "peak_year": ("scenario", np.where(alive, 2020 + scenario % 9, np.nan)),
            "milestone_status": (("scenario", "milestone"), status),
        },
        {
            "time": list(YEARS),
            "milestone": list(MILESTONES),
            "milestone_label_zh": ("milestone", ["第一", "第二"]),
        },
    )


def blank(sweep: object, numbers: range, failures: dict[int, str]) -> Evaluated:
    """Results of scenarios that have none."""
    assert sweep is not None
    return Evaluated(results(numbers, set(numbers)), failures)


def engine_settings(sweep: object) -> dict[str, Any]:
    """An engine that is only a name."""
    assert sweep is not None
    return {"here": {"method": "arithmetic", "steps": 3.0}}


def stand_in(patch: pytest.MonkeyPatch, task: Arithmetic) -> None:
    """Let `run_sweep` do another task."""
    patch.setattr(running, "Task", lambda *_: task)
    patch.setattr(running, "blank", blank)
    patch.setattr(running, "engine_settings", engine_settings)


def content(folder: Path) -> Mapping[str, bytes]:
    """Every file of a store, without the lock that is no result."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def main() -> None:
    """Run a sweep of arithmetic, as a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=20)
    parser.add_argument("--batch", type=int, default=3)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--scheduler")
    arguments = parser.parse_args()
    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch, Arithmetic(pause=arguments.pause))
        try:
            running.run_sweep(
                FakeSweep(arguments.rows),  # type: ignore[arg-type]
                arguments.folder,
                workers=arguments.workers,
                scheduler=arguments.scheduler,
                batch=arguments.batch,
                resume=True,
                report=lambda state: print(state.done, flush=True),
            )
        except SimulatorError as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            sys.exit(130)
