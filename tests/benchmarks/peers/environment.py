"""An environment for the peers alone, made once and used again."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

REQUIREMENTS: Final = Path(__file__).with_name("requirements.txt")
PEERS: Final = ("BPTK-Py", "pysd")


def folder() -> Path:
    """Where the environment lies: another one for other requirements or another Python."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache")
    key = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    return cache / "shuangtan" / f"peers-{key}"


def python() -> Path:
    """The interpreter of the environment, there or not."""
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return folder().joinpath(*inside)


def prepare() -> tuple[str, ...]:
    """Make the environment where there is none; the peers that are in it.

    A peer that cannot be installed is named in one sentence and left out.
    """
    if not python().exists():
        print(f"making an environment for the peers in {folder()}", flush=True)
        made = _run([sys.executable, "-m", "venv", str(folder())])
        if made.returncode:
            print(f"  no peers: python -m venv failed: {reason(made)}")
            return ()
    return tuple(peer for peer in PEERS if _installed(peer))


def _installed(peer: str) -> bool:
    """Whether a peer is there, after an attempt to install it where it is not."""
    there = f"import importlib.metadata as m; m.version({peer!r})"
    if _run([str(python()), "-c", there]).returncode == 0:
        return True
    words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint"]
    tried = _run([str(python()), *words, str(REQUIREMENTS), peer])
    if tried.returncode:
        print(f"  without {peer}: pip could not install it: {reason(tried)}", flush=True)
    return tried.returncode == 0


def _run(words: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, check=False, capture_output=True, text=True)


def reason(failed: "subprocess.CompletedProcess[str]") -> str:
    """The last line that a failed command wrote, or its last error."""
    lines = [line for line in (failed.stdout + failed.stderr).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or [f"exit code {failed.returncode}"])[-1].strip()
