"""Keeps compiled code on disk, so that only the first process of a user compiles a program.

A file holds a line that names the format, the digest of the code, and the code. One that is
broken or of another format counts as missing, and so does a folder that cannot be written: the
code is then compiled again.
"""

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

KEPT: Final = 32
"""Number of files that are kept, those used last."""

VARIABLE: Final = "SHUANGTAN_CACHE"
"""Environment variable that names another folder."""

_HEADER: Final = b"shuangtan native code 1\n"
_SUFFIX: Final = ".native"
_DIGEST: Final = hashlib.sha256().digest_size


def folder() -> Path:
    """Where compiled code is kept: the cache folder of the user, or what `VARIABLE` names."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "shuangtan"


def read(key: str) -> bytes | None:
    """Code that was kept under a key; None if there is none that is whole."""
    try:
        path = folder() / (key + _SUFFIX)
        content = path.read_bytes()
    except (OSError, RuntimeError):  # no folder, no home, no right to read
        return None
    start = len(_HEADER) + _DIGEST
    code = content[start:]
    if content[:start] != _HEADER + hashlib.sha256(code).digest():
        return None
    with suppress(OSError):  # it was used now: keep it longer than others
        os.utime(path)
    return code


def write(key: str, code: bytes) -> None:
    """Keep code under a key, and forget what has not been used for longest.

    Another process finds either the whole file or none, also while both write the same one.
    """
    with suppress(OSError, RuntimeError):
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=".part", dir=place)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_HEADER + hashlib.sha256(code).digest() + code)
            Path(name).replace(place / (key + _SUFFIX))
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _forget(place)


def _forget(place: Path) -> None:
    """Remove all but the files used last."""
    found = []
    for path in place.glob("*" + _SUFFIX):
        with suppress(OSError):  # another process may have removed it
            found.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(found)[:-KEPT]:
        with suppress(OSError):
            path.unlink()
