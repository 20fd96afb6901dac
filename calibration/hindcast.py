"""The model against observed history, series by series and year by year.

What is compared with what stands in ``comparisons.csv``, together with an honest word on how
free the model was: a series that drives the model proves only that it was read, one that a
calibrated residual closes proves only that the residual did. `closure.residuals` prints those.
"""

import csv
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from calibration.observations import FIRST_YEAR, LAST_YEAR, UNITS, load_observations
from simulator.reading.parameters import load_parameters
from simulator.results.expression import evaluate
from simulator.results.headline import one_run

Role = Literal["input", "derived", "closed", "outcome"]
FloatArray = NDArray[np.float64]

TABLE: Final = Path(__file__).resolve().parent / "comparisons.csv"

ROLES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "input": ("drives the model", "模型输入"),
        "derived": ("follows from an input", "由输入推得"),
        "closed": ("closed by calibration", "校准闭合"),
        "outcome": ("outcome", "模型结果"),
    }
)
"""How free the model was, in English and Chinese."""


class Comparison(NamedTuple):
    """One series of the model and what it is held against."""

    name: str
    model: str
    """Expression over the variables of a result data set."""
    factor: str
    """Path of a parameter that multiplies it, or empty."""
    observed: tuple[str, ...]
    """Observations that are added up; none when the model is held against its own input."""
    role: Role
    driver: str
    """Path of the parameter that drives or closes the series; empty for an outcome."""
    bar: float | None
    """Relative error that a sound model stays within; None where nothing was promised."""
    en: str
    zh: str
    note: str


class Line(NamedTuple):
    """One series in one year."""

    name: str
    en: str
    zh: str
    unit: str
    role: Role
    driver: str
    year: int
    model: float
    observed: float
    error: float
    """Model over observation, less one [1]."""
    bar: float | None
    met: bool | None
    """Whether the error is within the bar; None without a bar."""
    note: str


@cache
def load_comparisons(path: Path = TABLE) -> tuple[Comparison, ...]:
    """Read what is compared with what."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return tuple(
        Comparison(
            name=row["name"],
            model=row["model"],
            factor=row["factor"],
            observed=tuple(row["observed"].split("+")) if row["observed"] else (),
            role=_role(row["role"]),
            driver=row["driver"],
            bar=float(row["bar"]) if row["bar"] else None,
            en=row["en"],
            zh=row["zh"],
            note=row["note"],
        )
        for row in rows
    )


def hindcast(dataset: xr.Dataset) -> tuple[Line, ...]:
    """Hold a run against every observation of the years that both have.

    Parameters
    ----------
    dataset
        Results of one scenario; `current_policies` by custom, though history is the same in
        every scenario that does not model it itself.

    """
    run = one_run(dataset)
    return tuple(line for item in load_comparisons() for line in _lines(item, run))


def missed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Keep the lines that break their bar."""
    return tuple(line for line in lines if line.met is False)


def _lines(item: Comparison, run: xr.Dataset) -> list[Line]:
    years, observed, unit = _observed(item)
    simulated = evaluate(item.model, run)
    if item.factor:
        (factor,) = load_parameters()[item.factor].values
        simulated = simulated * factor
    known = run["time"].values.astype(int)
    found = []
    for year, value in zip(years, observed, strict=True):
        if year not in known:
            continue
        model = float(simulated.sel(time=year))
        error = model / value - 1.0 if value else math.nan
        met = None if item.bar is None else bool(abs(error) <= item.bar)
        found.append(
            Line(
                item.name, item.en, item.zh, unit, item.role, item.driver,
                int(year), model, float(value), error, item.bar, met, item.note,
            )
        )  # fmt: skip
    return found


def _observed(item: Comparison) -> tuple[NDArray[np.int64], FloatArray, str]:
    """Years, values and unit of what a series is held against."""
    if not item.observed:
        own = load_parameters()[item.driver]
        chosen = [
            (int(time), value)
            for time, value in zip(own.times, own.values, strict=True)
            if FIRST_YEAR <= time <= LAST_YEAR
        ]
        years, values = zip(*chosen, strict=True)
        return np.array(years), np.array(values), own.unit
    found = [load_observations()[name] for name in item.observed]
    total = np.sum([series.values for series in found], axis=0)
    return found[0].years, total, UNITS[found[0].variable.split(".")[0]]


def _role(text: str) -> Role:
    """Check the word; ValueError names a wrong one."""
    for role in ("input", "derived", "closed", "outcome"):
        if text == role:
            return role
    message = f'"{text}" is no role; the roles are {", ".join(ROLES)}'
    raise ValueError(message)
