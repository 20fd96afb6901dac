"""A calibration written down: tables for people and programs, and a scenario that uses it."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from calibration.calibrate import Calibration, Line
from calibration.evidence import PERSISTENCE
from calibration.factors import rows
from calibration.fitting import EVALUATIONS, ROUNDS, STEP
from simulator.reading.joint import Joint
from simulator.reading.parameters import Parameter, load_parameters
from simulator.results.writing import replaced_folder, write_json, write_table

PARAMETERS: Final = "parameters.csv"
RESIDUALS: Final = "residuals.csv"
CORRELATIONS: Final = "correlations.csv"
SCENARIO: Final = "calibrated.yaml"
SUMMARY: Final = "calibration.json"

DIGITS: Final = 6
"""Digits of numbers that are written."""

SHIPPED_DIGITS: Final = 4
"""Digits of a fitted number in the data: its interval is a hundred times wider."""

CLOSING_DECIMALS: Final = 6
"""Decimals of a factor that closes a total; of coal, half a millionth of 9 billion tonnes."""

FITTED: Final = Path(__file__).resolve().parent / "fitted"
"""The set that is shipped."""


def write_parameter_set(found: Calibration, folder: Path) -> None:
    """Replace a folder by the tables of a calibration."""
    with replaced_folder(folder) as target:
        _table(found.lines, target / PARAMETERS)
        _table(found.residuals, target / RESIDUALS)
        _table(found.correlations, target / CORRELATIONS)
        text = yaml.safe_dump(scenario_of(found), sort_keys=False, allow_unicode=True)
        (target / SCENARIO).write_text(text, encoding="utf-8")
        write_json(summary(found), target / SUMMARY)


def summary(found: Calibration) -> dict[str, Any]:
    """Tell a calibration in plain numbers."""
    return {
        "until": found.until,
        "data": found.data,
        "code_version": found.version,
        "settings": {
            "persistence": PERSISTENCE,
            "rounds": ROUNDS,
            "step": STEP,
            "evaluations": EVALUATIONS,
        },
        "parameters": [_record(line) for line in found.lines],
        "sizes": {
            series.name: size
            for fit in found.fits
            for series, size in zip(fit.series, fit.sizes, strict=True)
        },
        "not_constrained": [
            line.key for line in found.lines if line.verdict == "not constrained"
        ],
    }


def scenario_of(found: Calibration) -> dict[str, Any]:
    """A scenario file that sets what was found, to be extended by others."""
    parameters: dict[str, Any] = {}
    for line in found.lines:
        if line.year is None:
            parameters[line.key] = _short(line.value)
        else:
            parameters.setdefault(line.key, _series(load_parameters()[line.key]))
            parameters[line.key][line.year] = _short(line.value)
    return {
        "schema": 1,
        "name": "calibrated",
        "label": {"en": "Calibrated", "zh": "校准参数"},
        "description": {
            "en": f"Parameters fitted to the years up to {found.until}.",
            "zh": f"按截至{found.until}年的历史校准的参数。",
        },
        "extends": "current_policies",
        "parameters": parameters,
    }


def shipped_posterior() -> Joint:
    """Read the joint posterior that is shipped."""
    lines = rows(f"{FITTED.name}/{PARAMETERS}")
    paths = tuple(row["key"] for row in lines)
    low, high, deviation = (
        np.array([float(row[name]) for row in lines]) for name in ("low", "high", "deviation")
    )
    correlation = np.eye(len(paths))
    for row in rows(f"{FITTED.name}/{CORRELATIONS}"):
        first, second = paths.index(row["first"]), paths.index(row["second"])
        correlation[first, second] = correlation[second, first] = float(row["correlation"])
    found = Joint(paths, low, high, np.zeros(len(paths)), deviation, correlation)
    values = np.array([float(row["value"]) for row in lines])
    return found._replace(centre=found.inner(values))


def adopted(line: Line) -> float:
    """The number of a line as the data have it."""
    if line.year is not None:
        return round(line.value, CLOSING_DECIMALS)
    return float(f"{line.value:.{SHIPPED_DIGITS}g}")


def _series(parameter: Parameter) -> dict[int | float, float]:
    """Years and values of a series."""
    return {
        int(time) if time == int(time) else time: value
        for time, value in zip(parameter.times, parameter.values, strict=True)
    }


def _short(value: float) -> float:
    """Round a number as it is written."""
    return float(f"{value:.{DIGITS}g}")


def _record(line: Line) -> dict[str, Any]:
    """One parameter as a mapping, with rounded numbers."""
    return {
        name: _short(value) if isinstance(value, float) else value
        for name, value in line._asdict().items()
    }


def _table(lines: tuple[Any, ...], path: Path) -> None:
    """Write named tuples as a table; nothing where there are none."""
    if not lines:
        return
    rows = [
        {
            name: f"{value:.{DIGITS}g}" if isinstance(value, float) else str(value or "")
            for name, value in line._asdict().items()
        }
        for line in lines
    ]
    write_table(rows, list(rows[0]), path)
