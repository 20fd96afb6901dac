"""Many runs of one scenario over what is not known, told as bands and probabilities.

Every member has the same observed history, so that history does not tell them apart: all count
alike, and the bands are those of the ranges that the sources give.
"""

from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.results.headline import Line, headline

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Parts of the members below the lines of a band."""

DONE: Final = 1
"""Status of a member that ran to its end."""


class Band(NamedTuple):
    """One headline number over the members."""

    line: Line
    """What it is; its values are of no meaning here."""
    quantiles: NDArray[np.float64]
    """Lines of the band, (quantile, year) [unit of the line]."""


class Chance(NamedTuple):
    """How often a milestone holds."""

    id: str
    label_en: str
    label_zh: str
    probability: float
    """Part of the members that could be judged [1]; not-a-number if none could."""


class Ensemble(NamedTuple):
    """What the members say together."""

    members: int
    """Members that ran."""
    failed: int
    years: tuple[int, ...]
    bands: tuple[Band, ...]
    chances: tuple[Chance, ...]


def summarise(dataset: xr.Dataset) -> Ensemble:
    """Bands of the headline numbers in all years, and the chance of every milestone.

    Parameters
    ----------
    dataset
        Results of a sweep over `simulator.reading.sweep.load_ensemble`, along ``scenario``.
    """
    ran = dataset.isel(scenario=np.flatnonzero(dataset["status"].values == DONE)).load()
    years = tuple(int(year) for year in ran["time"].values)
    tables = [
        headline(ran.isel(scenario=member), years) for member in range(ran.sizes["scenario"])
    ]
    bands = []
    for place, line in enumerate(tables[0].lines if tables else ()):
        values = np.array([table.lines[place].values for table in tables])
        bands.append(Band(line, np.quantile(values, QUANTILES, axis=0)))
    return Ensemble(
        members=len(tables),
        failed=dataset.sizes["scenario"] - len(tables),
        years=years,
        bands=tuple(bands),
        chances=tuple(_chances(ran)),
    )


def _chances(ran: xr.Dataset) -> list[Chance]:
    """How often each milestone holds among the members that can be judged by it."""
    status = ran["milestone_status"].values
    judged, met = (status >= 0).sum(axis=0), (status > 0).sum(axis=0)
    with np.errstate(invalid="ignore"):
        found = np.where(judged > 0, met / np.maximum(judged, 1), np.nan)
    labels = (
        ran[name].values for name in ("milestone", "milestone_label_en", "milestone_label_zh")
    )
    return [
        Chance(str(name), str(en), str(zh), float(part))
        for name, en, zh, part in zip(*labels, found, strict=True)
    ]
