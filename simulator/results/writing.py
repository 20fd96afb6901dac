"""Results on disk: a folder that is either the old one or the new one, never half of one.

Files are written to a hidden folder beside the target, which then takes the target's place:
in one step where the system can exchange two folders, else in two that no Ctrl-C can part.
"""

import csv
import ctypes
import json
import math
import os
import secrets
import shutil
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulator.errors import ScenarioError

if TYPE_CHECKING:
    import xarray as xr

DATASET: Final = "results.nc"
MILESTONES: Final = "milestones.csv"
SUMMARY: Final = "summary.json"
REPORT: Final = "report.html"
FIGURES: Final = "figures"
PUBLISHED: Final = "published.csv"
SCORES: Final = "published_scores.csv"
OURS: Final = (DATASET, MILESTONES, SUMMARY, REPORT, FIGURES, PUBLISHED, SCORES)
"""Everything that a run writes; what else lies in the folder is the reader's and stays."""

_EXCHANGE: Final = 2
_HERE: Final = -100


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder to write to; it becomes `target` only if all went well.

    Raises
    ------
    ScenarioError
        The target cannot be a folder, because a file has its name or may not be written.
    """
    try:
        if target.exists() and not target.is_dir():
            message = f'"{target}" is a file: choose another folder with --out'
            raise ScenarioError(message)
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = target.parent / f".{target.name}.{secrets.token_hex(4)}"
        staging.mkdir()
    except OSError as error:
        message = f'cannot write to "{target.parent}": {error.strerror}'
        raise ScenarioError(message) from error
    try:
        yield staging
        if target.is_dir():
            _keep_foreign(target, staging)
        _swap(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _keep_foreign(target: Path, staging: Path) -> None:
    """Carry files that no run writes from the old folder to the new one."""
    for item in target.iterdir():
        if item.name in OURS:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.copytree(item, staging / item.name, symlinks=True, copy_function=_link)
        else:
            _link(item, staging / item.name)


def _link(source: str | Path, target: str | Path) -> str:
    """Give a file a second name, or copy it where that is not possible."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return str(target)


def _swap(new: Path, target: Path) -> None:
    """Put the new folder in the target's place; the old one takes the new one's name."""
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        aside = new.with_name(f"{new.name}.old")
        with undisturbed():
            target.rename(aside)
            new.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step; false where the system cannot."""
    if sys.platform != "linux":
        return False
    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    result: int = function(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE)
    return result == 0


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let an interrupt wait until the block is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: waiting.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if waiting:
        raise KeyboardInterrupt


def write_dataset(dataset: "xr.Dataset", path: Path) -> None:
    """Write a data set as NetCDF, compressed."""
    encoding = {
        str(name): {"zlib": True, "complevel": 1}
        for name, variable in dataset.data_vars.items()
        if variable.size > 1000
    }
    dataset.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def read_dataset(path: str | Path) -> "xr.Dataset":
    """Read the results of a run from its folder or file, whole, and close the file."""
    import xarray as xr  # noqa: PLC0415 - half a second that other commands spare

    file = Path(path) / DATASET if Path(path).is_dir() else Path(path)
    if not file.is_file():
        message = f'there are no results at "{path}": expected a folder that "run" wrote'
        raise ScenarioError(message)
    try:
        return xr.load_dataset(file, engine="h5netcdf")
    except (OSError, ValueError) as error:
        message = f'"{file}" is not a file of results: {error}'
        raise ScenarioError(message) from error


def write_table(rows: Sequence[Mapping[str, str]], columns: Sequence[str], path: Path) -> None:
    """Write a CSV table; the mark at its start tells Excel that it is UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write JSON that a person can read."""
    path.write_text(
        json.dumps(finite(content), ensure_ascii=False, indent=2, allow_nan=False) + "\n",
        encoding="utf-8",
    )


def finite(value: Any) -> Any:  # noqa: ANN401 - any tree of mappings and lists
    """Put none in the place of not-a-number and of infinity, which JSON does not know."""
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read_json(path: Path) -> dict[str, Any]:
    """Read what `write_json` wrote; empty where there is none or it is broken."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
