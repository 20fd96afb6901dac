"""Where the shipped scenarios and the data are, in a checkout and in an installed package."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

Stamp = tuple[tuple[Path, int, int], ...]
"""Files with their time of change and size; what a cache of their content depends on."""


@dataclass(frozen=True, slots=True)
class Library:
    """The two folders that everything is read from."""

    scenarios: Path
    """Folder of the shipped scenarios, with the policy catalogue and the roadmaps."""
    data: Path
    """Folder of the data tables, one folder a subject."""

    def show(self, path: Path) -> str:
        """Name a file as a reader knows it, without the folders of this machine."""
        for name, folder in (("scenarios", self.scenarios), ("simulator/data", self.data)):
            if path.is_relative_to(folder):
                return f"{name}/{path.relative_to(folder).as_posix()}"
        here = Path.cwd()
        return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


@lru_cache(maxsize=1)
def shipped() -> Library:
    """Find the shipped folders: beside the package in a checkout, else inside it."""
    package = Path(str(files("simulator")))
    checkout = package.parent / "scenarios"
    beside = (package.parent / "pyproject.toml").is_file() and checkout.is_dir()
    return Library(checkout if beside else package / "shipped_scenarios", package / "data")


def stamp(paths: list[Path]) -> Stamp:
    """Describe the state of files, so that a cache notices an edit."""
    found = []
    for path in paths:
        status = path.stat()
        found.append((path, status.st_mtime_ns, status.st_size))
    return tuple(found)
