"""How well the model did on history, as a table that is measured once and read by reports."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from simulator.errors import ScenarioError

FILE: Final = "history.json"
"""Name of the file of a measurement."""

OPEN: Final = "not constrained"
"""What is said of a parameter that history leaves as wide as it was."""


class Held(NamedTuple):
    """One series over years that the model did not see; errors relative to the observed."""

    name: str
    en: str
    zh: str
    first: int
    last: int
    model: float
    """Mean absolute error with drivers that were expected at the time [1]."""
    model_with_drivers: float
    """The same with observed drivers."""
    last_value: float
    """Mean absolute error of the last known value carried forward; not-a-number if none."""
    linear_trend: float
    """Mean absolute error of the trend of five years; not-a-number if none."""
    worst: float
    """Largest error of a year, with its sign."""
    bar: float | None
    """What each year should stay within; None where nothing was promised."""
    met: bool | None
    better: bool | None
    """Whether the model beats both yardsticks; None where there are none."""
    missing_en: str
    """Mechanism that the model lacks, where an error has that sign."""
    missing_zh: str


class Fitted(NamedTuple):
    """A parameter after the fit to history."""

    stage_en: str
    stage_zh: str
    key: str
    verdict: str
    narrowing: float | None
    """Width of its interval relative to what was known before [1]."""


class History(NamedTuple):
    """What is known of how the model does on history."""

    scenario: str
    digest: str
    version: str
    until: int
    """Last known year of the hindcast."""
    members: int
    coverage: float
    """Part of the observed points inside the 90 % bands [1]."""
    commands: tuple[str, ...]
    series: tuple[Held, ...]
    fitted: tuple[Fitted, ...]


def write_history(found: History, path: Path) -> None:
    """Write a measurement."""
    content = found._asdict() | {
        "series": [item._asdict() for item in found.series],
        "fitted": [item._asdict() for item in found.fitted],
    }
    text = json.dumps(_short(content), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_history(path: Path) -> History | None:
    """Read a measurement; None where there is none.

    Raises
    ------
    ScenarioError
        The file is there and is no measurement.
    """
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return History(
            **content
            | {
                "commands": tuple(content["commands"]),
                "series": tuple(Held(**_numbers(item)) for item in content["series"]),
                "fitted": tuple(Fitted(**item) for item in content["fitted"]),
            }
        )
    except (TypeError, KeyError, ValueError) as error:
        message = f"{path} is no measurement of history: {error}; write it anew"
        raise ScenarioError(message) from error


def _numbers(item: Mapping[str, Any]) -> dict[str, Any]:
    """Yardsticks that had nothing to go on are not-a-number, which JSON does not have."""
    none = float("nan")
    return {
        **item,
        **{name: none for name in ("last_value", "linear_trend") if item[name] is None},
    }


def _short(value: object) -> object:
    """Round numbers to what a report shows; what is no number becomes nothing."""
    if isinstance(value, float):
        return None if value != value else float(f"{value:.4g}")  # noqa: PLR0124
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_short(item) for item in value]
    return value
