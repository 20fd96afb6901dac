"""The version of the program, without importing anything else of it."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def code_version() -> str:
    """Version of the installed program; ``unknown`` where it runs without being installed."""
    try:
        return version("shuangtan")
    except PackageNotFoundError:
        return "unknown"
