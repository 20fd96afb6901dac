"""Keeps on disk what takes long to make, so that only the first process of a user makes it.

A file holds a line that names its kind and the format, the digest of the content, and the
content. One that is broken or of another format counts as missing, and so does a folder that
cannot be written: the content is then made again.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

KEPT: Final = 64
"""Number of files of a kind that are kept, those used last."""

VARIABLE: Final = "SHUANGTAN_CACHE"
"""Environment variable that names another folder."""

_DIGEST: Final = hashlib.sha256().digest_size


def folder() -> Path:
    """Where things are kept: the cache folder of the user, or what `VARIABLE` names."""
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


def kept(kind: str, about: bytes, make: Callable[[], bytes]) -> bytes:
    """What was made before, or what is made now; `about` is all that decides it."""
    key = hashlib.sha256(about).hexdigest()
    found = read(kind, key)
    if found is None:
        found = make()
        write(kind, key, found)
    return found


def read(kind: str, key: str) -> bytes | None:
    """What was kept under a key; None if there is nothing that is whole."""
    try:
        path = folder() / f"{key}.{kind}"
        content = path.read_bytes()
    except (OSError, RuntimeError):  # no folder, no home, no right to read
        return None
    header = _header(kind)
    start = len(header) + _DIGEST
    kept = content[start:]
    if content[:start] != header + hashlib.sha256(kept).digest():
        return None
    with suppress(OSError):  # it was used now: keep it longer than others
        os.utime(path)
    return kept


def write(kind: str, key: str, content: bytes) -> None:
    """Keep something under a key, and forget what of its kind was not used for longest.

    Another process finds either the whole file or none, also while both write the same one.
    """
    with suppress(OSError, RuntimeError):
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=".part", dir=place)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_header(kind) + hashlib.sha256(content).digest() + content)
            Path(name).replace(place / f"{key}.{kind}")
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _forget(place, kind)


def _header(kind: str) -> bytes:
    return f"shuangtan {kind} 1\n".encode()


def _forget(place: Path, kind: str) -> None:
    """Remove all but the files used last."""
    found = []
    for path in place.glob(f"*.{kind}"):
        with suppress(OSError):  # another process may have removed it
            found.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(found)[:-KEPT]:
        with suppress(OSError):
            path.unlink()
