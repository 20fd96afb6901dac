"""The first year after the observed ones, beside what has been published of it since.

The model is held to observation to the end of 2024, so history cannot surprise it. 2025 is a
forecast of one year from what drives it: growth of the product, of value added by branch, of
homes and services, and trade are those of 2025 as far as published; emissions and what it
decides are its own. No parameter has its value from ``first_free_year.csv``. Where one was
chosen with a number of it in mind, its row says so.
"""

from typing import Final, Literal, NamedTuple

import xarray as xr

from calibration.factors import rows
from simulator.results.expression import evaluate
from simulator.results.headline import one_run

TABLE: Final = "first_free_year.csv"

Basis = Literal["level", "change"]


class Reported(NamedTuple):
    """One published number beside the model's."""

    key: str
    basis: Basis
    """A level, or a change against the year before."""
    year: int
    en: str
    zh: str
    unit: str
    reported: float
    model: float
    error: float
    """Of a level model over report, less one; of a change model less report [1]."""
    source: str
    where: str


def free_year(dataset: xr.Dataset) -> tuple[Reported, ...]:
    """Every published number beside the model's.

    Parameters
    ----------
    dataset
        Results of one scenario that reach the year; `current_policies` by custom.
    """
    run = one_run(dataset)
    last = int(run["time"].values[-1])
    return tuple(_beside(row, run) for row in rows(TABLE) if int(row["year"]) <= last)


def _beside(row: dict[str, str], run: xr.Dataset) -> Reported:
    year, reported = int(row["year"]), float(row["value"])
    series = evaluate(row["model"], run)
    model = float(series.sel(time=year))
    basis: Basis = "change" if row["basis"] == "change" else "level"
    if basis == "change":
        model = model / float(series.sel(time=year - 1)) - 1.0
        error = model - reported
    else:
        error = model / reported - 1.0
    return Reported(
        key=row["key"], basis=basis, year=year, en=row["en"], zh=row["zh"], unit=row["unit"],
        reported=reported, model=model, error=error, source=row["source"], where=row["where"],
    )  # fmt: skip
