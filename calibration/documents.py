"""Numbers that published documents print, beside what the model makes of the same thing.

Values stand in ``documents.csv`` with the tolerance at which they hold, or with the range that
was printed, and why the model misses a number that it misses; where a document draws its
boundary differently, the number that bridges the gap stands in ``boundaries.csv``. What the
model does not resolve has no value. The facts of a row are rows of
``scenarios/catalogue/facts.csv``.

Where statistics, or the document's own table, say otherwise than a number, the row names that
observation. The number is then contradicted rather than missed, but only as long as the model
agrees with the observation: that standing can fail as well.
"""

import math
from typing import Final, NamedTuple

import xarray as xr

from calibration.factors import rows
from calibration.materials_side import materials_side
from calibration.nation_side import nation_side
from calibration.users_side import users_side
from simulator.reading.inventory import load_facts
from simulator.results.headline import one_run

VERDICTS: Final = ("met", "missed", "contradicted", "not represented")
OBSERVED: Final = ".observed"
"""Ends the key of the model's number that an observation is held against."""


class Observation(NamedTuple):
    """What was observed in place of a printed number, beside the model's."""

    value: float
    unit: str
    year: int | None
    """None where it belongs to no year."""
    model: float
    error: float
    """Model over observation, less one [1]."""
    tolerance: float
    """Largest error at which the model agrees [1]."""
    agrees: bool
    source: str
    where: str


class Document(NamedTuple):
    """One printed number beside the model's."""

    key: str
    year: int | None
    """None where the number belongs to no year."""
    en: str
    zh: str
    unit: str
    document: float
    """The number as printed; not-a-number where a range or a bound was printed."""
    low: float | None
    high: float | None
    """Ends of the range that was printed; None where it is open."""
    model: float
    """Not-a-number where the model does not resolve it."""
    error: float
    """Model over document, less one [1]; of a range, over the end that is passed."""
    tolerance: float | None
    """Largest error that still holds [1]; None for a range, which allows none beyond it."""
    met: bool | None
    """None where the model does not resolve it."""
    verdict: str
    """One of `VERDICTS`."""
    facts: tuple[str, ...]
    used_as: tuple[str, ...]
    """What each fact is used for: what sets the model or calibrates it cannot surprise."""
    source: str
    where: str
    reason_en: str
    """Why it is not met; empty beside what is."""
    reason_zh: str
    observation: Observation | None = None
    """What contradicts the number, where something does."""


def documents(dataset: xr.Dataset) -> tuple[Document, ...]:
    """Every printed number beside the model's, from one run and the shipped data."""
    run = one_run(dataset)
    model = nation_side(run) | materials_side(run) | users_side(run)
    return tuple(
        beside(row, model.get(row["key"], math.nan), model.get(row["key"] + OBSERVED))
        for row in rows("documents.csv")
    )


def beside(row: dict[str, str], model: float, observed: float | None = None) -> Document:
    """Hold one number of the model against a row of the table.

    Parameters
    ----------
    observed
        The model's side of what was observed; the number itself where that is the same thing.

    """
    low, high, printed = (_optional(row[name]) for name in ("low", "high", "value"))
    tolerance = _optional(row["tolerance"])
    if printed is None:
        error = _beyond(model, low, high)
        allowed = 0.0
    else:
        error = model / printed - 1.0
        allowed = tolerance or 0.0
    met = None if math.isnan(model) else bool(abs(error) <= allowed)
    against = _observation(row, model if observed is None else observed)
    verdict = "not represented" if met is None else "met" if met else "missed"
    if verdict == "missed" and against is not None and against.agrees:
        verdict = "contradicted"
    known, names = load_facts(), tuple(row["facts"].split(";"))
    return Document(
        key=row["key"],
        year=int(row["year"]) if row["year"] else None,
        en=row["en"],
        zh=row["zh"],
        unit=row["unit"],
        document=math.nan if printed is None else printed,
        low=low,
        high=high,
        model=model,
        error=error,
        tolerance=tolerance,
        met=met,
        verdict=verdict,
        facts=names,
        used_as=tuple(known[name].represented_by for name in names),
        source=row["source"],
        where=row["where"],
        reason_en="" if met else row["reason_en"],
        reason_zh="" if met else row["reason_zh"],
        observation=against,
    )


def _observation(row: dict[str, str], model: float) -> Observation | None:
    """Hold the model against what was observed, where a row names it."""
    value = _optional(row["observed"])
    if value is None:
        return None
    error, allowed = model / value - 1.0, float(row["observed_tolerance"])
    return Observation(
        value=value,
        unit=row["observed_unit"],
        year=int(row["observed_year"]) if row["observed_year"] else None,
        model=model,
        error=error,
        tolerance=allowed,
        agrees=abs(error) <= allowed,
        source=row["observed_source"],
        where=row["observed_where"],
    )


def _beyond(model: float, low: float | None, high: float | None) -> float:
    """Distance from a range, relative to the end that is passed; zero within it."""
    if math.isnan(model):
        return math.nan
    if low is not None and model < low:
        return model / low - 1.0
    if high is not None and model > high:
        return model / high - 1.0
    return 0.0


def _optional(text: str) -> float | None:
    return float(text) if text else None
