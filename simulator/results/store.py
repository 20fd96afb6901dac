"""Results of a sweep on disk: a Zarr store that a stopped sweep leaves whole, and goes on with.

A sweep has a folder::

    identity.json    what decides the results, and how the store is cut into batches
    results.zarr     Zarr version 3: inputs, kept and derived variables, and `status`
    failures/        which scenarios failed, with their inputs and the reason, a file a batch

One chunk along ``scenario`` is one batch. Chunks are encoded in a folder aside and renamed into
place one by one; the chunk of `status` comes last, so that a batch is there, whole, from the
moment in which that one name appears, and not before. A batch that has a status is never
written again. A single file a batch would be simpler still, but no reader of Zarr knows one
that holds several variables.
"""

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simulator.errors import ScenarioError, SimulatorError
from simulator.results.store_arrays import DONE, FAILED, STATUS, Columns, make_arrays
from simulator.results.store_lock import locked

if TYPE_CHECKING:
    import xarray as xr

IDENTITY: Final = "identity.json"
RESULTS: Final = "results.zarr"
FAILURES: Final = "failures"
STAGING: Final = ".batch"

CUT: Final = "batch"
"""The part of an identity that does not decide the results."""

_ROOM: Final = 64 * 2**20
"""Disk that is left to others [bytes]."""


class StoreError(SimulatorError):
    """The disk does not take what was computed; what was finished before stays."""


class SweepStore:
    """A store that is open for writing; `open_store` makes sure that it is open only once."""

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder = folder
        self.size = int(identity["size"])
        self.batch = int(identity[CUT])

    @property
    def results(self) -> Path:
        """The Zarr group."""
        return self.folder / RESULTS

    def batches(self) -> list[range]:
        """Scenarios of every batch."""
        return [
            range(first, min(first + self.batch, self.size))
            for first in range(0, self.size, self.batch)
        ]

    def done(self) -> set[int]:
        """Batches that are there."""
        chunks = (self.results / STATUS).glob("c.*")
        return {int(item.name.removeprefix("c.")) for item in chunks}

    def failures(self) -> dict[int, str]:
        """Why scenarios of finished batches failed, by number."""
        found: dict[int, str] = {}
        for number in sorted(self.done()):
            path = self._failures(number)
            if path.exists():
                told = json.loads(path.read_text(encoding="utf-8"))
                found |= {int(item["scenario"]): str(item["reason"]) for item in told}
        return found

    def _failures(self, number: int) -> Path:
        """File of a batch in which something failed."""
        return self.folder / FAILURES / f"{number:06d}.json"

    def begin(
        self, example: "xr.Dataset", columns: Columns, attributes: Mapping[str, str]
    ) -> None:
        """Make the arrays if there are none yet, after the shapes of one batch.

        Raises
        ------
        StoreError
            The disk has not enough room for all that is still to come.
        """
        left = self.size - sum(len(self.batches()[number]) for number in self.done())
        needed = _bytes(example) * left + columns.values.nbytes + _ROOM
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            message = (
                f"the results need up to {needed / 1e6:.0f} MB, {free / 1e6:.0f} MB are free in"
                f' "{self.folder}": keep fewer variables or years, or choose another --out'
            )
            raise StoreError(message)
        if self.results.exists():
            return
        staging = self.folder / f"{STAGING}-new"
        with _disk(self.folder):
            shutil.rmtree(staging, ignore_errors=True)
            make_arrays(staging, example, columns, attributes, size=self.size, batch=self.batch)
            for path in sorted(staging.rglob("*")):
                _settle(path)
            staging.replace(self.results)
            _settle(self.folder)

    def write(
        self,
        number: int,
        dataset: "xr.Dataset",
        failures: Mapping[int, str],
        inputs: Mapping[int, Mapping[str, Any]],
    ) -> None:
        """Publish a batch.

        Parameters
        ----------
        number
            Which batch.
        dataset
            Its variables, (scenario, ...).
        failures
            Why scenarios of it failed, by their number in the sweep.
        inputs
            What those scenarios set, by the same numbers.

        Raises
        ------
        StoreError
            The disk is full, or the store cannot be written to.
        """
        if (self.results / STATUS / f"c.{number}").exists():
            message = f"batch {number} is written already"
            raise ValueError(message)
        told = [
            {"scenario": key, "reason": reason, "inputs": dict(inputs[key])}
            for key, reason in sorted(failures.items())
        ]
        staging = self.folder / f"{STAGING}-{number}"
        try:
            with _disk(self.folder):
                staging.mkdir()
                self._publish_failures(number, told, staging)
                self._publish(number, dataset, sorted(failures), staging)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _publish_failures(
        self, number: int, told: Sequence[Mapping[str, Any]], staging: Path
    ) -> None:
        """Write the file of failures; none where nothing failed."""
        target = self._failures(number)
        if not told:
            target.unlink(missing_ok=True)  # of an attempt that was cut off
            return
        target.parent.mkdir(exist_ok=True)
        write_whole(target, json.dumps(told, ensure_ascii=False, indent=1), staging)

    def _publish(
        self, number: int, dataset: "xr.Dataset", failed: Sequence[int], staging: Path
    ) -> None:
        """Write the chunks of a batch, and rename them into place."""
        import zarr  # noqa: PLC0415 - half a second that other commands spare

        rows = self.batches()[number]
        where = slice(rows.start, rows.stop)
        status = np.where(np.isin(rows, failed), FAILED, DONE).astype(np.int8)
        arrays = {str(name): item.values for name, item in dataset.data_vars.items()}
        with zarr.config.set({"array.write_empty_chunks": True}):
            for name, values in {**arrays, STATUS: status}.items():
                (staging / name).mkdir()
                shutil.copyfile(self.results / name / "zarr.json", staging / name / "zarr.json")
                zarr.open_array(staging / name, mode="r+", zarr_format=3)[where] = values
        for name in [*arrays, STATUS]:  # the status last
            for path in sorted((staging / name).glob("c.*")):
                _settle(path)
                path.replace(self.results / name / path.name)
            _settle(self.results / name)


def _bytes(example: "xr.Dataset") -> int:
    """Room that one scenario takes before compression [bytes]."""
    total = sum(item.nbytes for item in example.data_vars.values())
    return int(total / max(example.sizes["scenario"], 1)) + 1


def write_whole(target: Path, text: str, staging: Path) -> None:
    """Write a text so that its file is either not there or whole."""
    draft = staging / f"{STAGING}-{target.name}"
    draft.write_text(text + "\n", encoding="utf-8")
    _settle(draft)
    draft.replace(target)
    _settle(target.parent)


def _settle(path: Path) -> None:
    """Wait until the disk has a file, or the names in a folder, so that no outage undoes it."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders, and needs none of this
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """Say what a disk refuses."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            message = (
                f'the disk of "{folder}" is full; what was finished is kept:'
                " make room and go on with --resume"
            )
        else:
            message = f'cannot write to "{folder}": {error.strerror or error}'
        raise StoreError(message) from error


# --- opening ----------------------------------------------------------------------------------


@contextmanager
def open_store(
    folder: Path, identity: Mapping[str, Any], *, resume: bool
) -> Iterator[SweepStore]:
    """Open a store for writing, new or to go on with.

    Parameters
    ----------
    folder
        Where it is, or will be.
    identity
        What decides the results, as plain JSON; `size` is the number of scenarios, `batch`
        cuts them and only matters to a new store.
    resume
        Whether an unfinished store may be gone on with.

    Raises
    ------
    ScenarioError
        Something else is in the folder, other inputs made the store, another process has it,
        or it is unfinished and `resume` was not asked for.
    """
    _check_free(folder)
    with locked(folder):
        known = read_identity(folder)
        if known is None:
            known = dict(identity)
            with _disk(folder):
                text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
                write_whole(folder / IDENTITY, text, folder)
        if differing := differences(known, identity):
            message = (
                f'"{folder}" was made by something else: {"; ".join(differing)}.'
                " Choose another --out, or delete it"
            )
            raise ScenarioError(message)
        store = SweepStore(folder, known)
        done, every = len(store.done()), len(store.batches())
        if 0 < done < every and not resume:
            message = (
                f'"{folder}" holds {done} of {every} batches of this sweep:'
                " go on with --resume, or choose another --out"
            )
            raise ScenarioError(message)
        for leftover in folder.glob(f"{STAGING}-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield store


def _check_free(folder: Path) -> None:
    """Make the folder, and refuse one that holds something else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {item.name for item in folder.iterdir()}
    except FileExistsError as error:
        message = f'"{folder}" is a file: choose another folder with --out'
        raise ScenarioError(message) from error
    except OSError as error:
        message = f'cannot write to "{folder}": {error.strerror}'
        raise ScenarioError(message) from error
    strangers = sorted(name for name in names if not name.startswith((STAGING, "lock")))
    if strangers and IDENTITY not in names:
        message = f'"{folder}" holds {strangers[0]}, which is no sweep: choose another --out'
        raise ScenarioError(message)


def read_identity(folder: Path) -> dict[str, Any] | None:
    """Return what made a store; None where there is none."""
    try:
        found = json.loads((folder / IDENTITY).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        message = f'"{folder / IDENTITY}" cannot be read: {error}'
        raise ScenarioError(message) from error
    return found if isinstance(found, dict) else {}


def differences(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Say in which parts two identities differ; how they are cut into batches is none."""
    found = []
    for key in sorted(set(known) | set(wanted)):
        its, mine = known.get(key), wanted.get(key)
        if key == CUT or its == mine:
            continue
        if isinstance(its, dict) and isinstance(mine, dict):
            found += [f"{key}: {text}" for text in differences(its, mine)]
        else:
            found.append(f"{key} was {_short(its)}, is {_short(mine)}")
    return found


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
