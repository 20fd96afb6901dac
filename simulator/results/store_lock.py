"""One process at a time writes to a store; a lock that the system takes from the dead."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final

from simulator.errors import ScenarioError

LOCK: Final = "lock"
"""The file that is locked. It stays: only whether someone holds it counts."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes out of a folder.

    Raises
    ------
    ScenarioError
        Another process is in it, or the folder may not be written to.
    """
    try:
        stream = (folder / LOCK).open("a+")
    except OSError as error:
        message = f'cannot write to "{folder}": {error.strerror}'
        raise ScenarioError(message) from error
    with stream:
        if not _taken(stream):
            message = f'another process is writing to "{folder}": wait for it, or stop it'
            raise ScenarioError(message)
        yield


def _taken(stream: IO[str]) -> bool:
    """Take the lock of an open file until it is closed; false where another process has it."""
    module: Any = import_module("msvcrt" if os.name == "nt" else "fcntl")
    try:
        if os.name == "nt":
            stream.seek(0)
            module.locking(stream.fileno(), module.LK_NBLCK, 1)
        else:
            module.flock(stream, module.LOCK_EX | module.LOCK_NB)
    except OSError:
        return False
    return True
