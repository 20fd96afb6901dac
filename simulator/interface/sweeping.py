"""The command ``sweep``: many scenarios from one file, to a store that survives."""

import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulator.errors import ScenarioError
from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.reading.sweep import load_sweep

if TYPE_CHECKING:
    from simulator.analysis.sweep import Progress

SHOWN: Final = 5
"""Failures that are told on the screen; all of them are in the store."""

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C."""

SELDOM: Final = 10.0
"""Seconds between two lines where they do not replace each other."""


def sweep_command(
    output: Output,
    sweep: str,
    *,
    out: str,
    workers: int | None,
    scheduler: str | None,
    batch: int | None,
    resume: bool,
) -> int:
    """Run a sweep, or go on with one."""
    if scheduler is not None and workers is not None:
        message = "choose between --workers and --scheduler: a cluster has workers of its own"
        raise ScenarioError(message)
    read = load_sweep(sweep)
    folder = Path(out) / read.name
    for warning in read.warnings:
        output.line("warning", text=warning)
    output.line("sweep_start", scenarios=len(read), inputs=len(read.inputs), folder=folder)
    from simulator.analysis.sweep import run_sweep  # noqa: PLC0415 - scipy, xarray

    meter = Meter(output)
    try:
        ended = run_sweep(
            read, folder, workers=workers or 1, scheduler=scheduler, batch=batch,
            resume=resume, report=meter.show,
        )  # fmt: skip
    except KeyboardInterrupt:
        meter.end()
        again = _command(sweep, out, workers, scheduler)
        output.error(say("sweep_stopped", output.language, folder=folder, command=again))
        return INTERRUPTED
    meter.end()
    _tell_failures(output, ended, folder)
    if ended.new == 0:
        output.line("sweep_nothing", folder=folder)
    output.line("sweep_done", done=ended.done, failed=len(ended.failures), folder=folder)
    output.json(
        {
            "sweep": read.name,
            "hash": read.digest,
            "folder": str(folder),
            "scenarios": ended.total,
            "computed": ended.new,
            "failed": {str(number): reason for number, reason in ended.failures.items()},
        }
    )
    return 1 if ended.failures else 0


def _tell_failures(output: Output, ended: "Progress", folder: Path) -> None:
    """Print the first failures, and how many more there are."""
    for number, reason in list(ended.failures.items())[:SHOWN]:
        output.error(say("sweep_failed", output.language, number=number, text=reason))
    if len(ended.failures) > SHOWN:
        more = len(ended.failures) - SHOWN
        output.error(say("sweep_more", output.language, count=more, folder=folder))


def _command(sweep: str, out: str, workers: int | None, scheduler: str | None) -> str:
    """What goes on with the sweep."""
    words = ["shuangtan", "sweep", sweep, "--out", out]
    if workers is not None:
        words += ["--workers", str(workers)]
    if scheduler is not None:
        words += ["--scheduler", scheduler]
    return shlex.join([*words, "--resume"])


class Meter:
    """How far a sweep is, how fast it goes and when it ends; on a terminal in one line."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._live = output.prose and sys.stderr.isatty()
        self._start = self._told = time.monotonic()

    def show(self, state: "Progress") -> None:
        """Tell the state; the first one is where the sweep starts from."""
        now = time.monotonic()
        if state.new == 0:
            self._start = self._told = now
            return
        last = state.done == state.total
        if not self._output.prose or not (self._live or last or now - self._told > SELDOM):
            return
        self._told = now
        rate = state.new / max(now - self._start, 1e-9)
        text = say(
            "sweep_progress", self._output.language, done=state.done, total=state.total,
            rate=rate, left=_span((state.total - state.done) / rate),
        )  # fmt: skip
        sys.stderr.write(f"\r\x1b[K{text}" if self._live else f"{text}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._live:
            sys.stderr.write("\n")


def _span(seconds: float) -> str:
    """Write a time span as h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
