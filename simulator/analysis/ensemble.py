"""Many runs of one scenario over what is not known, told as bands and probabilities.

Members count as their weights say, or all alike. Where history is observed it is the same for
every member and cannot tell them apart; weights come from the past that each makes of its own.
"""

from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.results.headline import Line, headline

FloatArray = NDArray[np.float64]

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Parts of the members below the lines of a band."""

ROUNDING: Final = 1e-12
"""Part of the weight that rounding may miss."""

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
    effective: float
    """Members of equal weight that would tell as much."""


def summarise(dataset: xr.Dataset, weights: FloatArray | None = None) -> Ensemble:
    """Bands of the headline numbers in all years, and the chance of every milestone.

    Parameters
    ----------
    dataset
        Results of a sweep over `simulator.reading.sweep.load_ensemble`, along ``scenario``.
    weights
        How much each member counts, (scenario); all alike unless given.
    """
    done = dataset["status"].values == DONE
    ran = dataset.isel(scenario=np.flatnonzero(done)).load()
    counts = np.ones(len(done)) if weights is None else weights
    share = counts[done] / counts[done].sum() if done.any() else counts[:0]
    years = tuple(int(year) for year in ran["time"].values)
    tables = [
        headline(ran.isel(scenario=member), years) for member in range(ran.sizes["scenario"])
    ]
    bands = []
    for place, line in enumerate(tables[0].lines if tables else ()):
        values = np.array([table.lines[place].values for table in tables])
        bands.append(Band(line, weighted_quantiles(values, share)))
    return Ensemble(
        members=len(tables),
        failed=dataset.sizes["scenario"] - len(tables),
        years=years,
        bands=tuple(bands),
        chances=tuple(_chances(ran, share)),
        effective=float(1.0 / np.sum(share**2)) if done.any() else 0.0,
    )


def weighted_quantiles(values: FloatArray, share: FloatArray) -> FloatArray:
    """Quantiles of weighted members, (quantile, ...).

    Each is the smallest member up to which the members hold that part of the weight, so that a
    member without weight moves nothing.

    Parameters
    ----------
    values
        Members first, (member, ...).
    share
        Their weights, which sum to one.
    """
    order = np.argsort(values, axis=0, kind="stable")
    held = np.cumsum(share[order], axis=0)
    found = [
        np.argmax(held >= (part - ROUNDING) * held[-1], axis=0, keepdims=True)
        for part in QUANTILES
    ]
    ranked = np.take_along_axis(values, order, axis=0)
    return np.concatenate([np.take_along_axis(ranked, place, axis=0) for place in found])


def _chances(ran: xr.Dataset, share: FloatArray) -> list[Chance]:
    """How often each milestone holds among the members that can be judged by it."""
    status = ran["milestone_status"].values
    judged, met = share @ (status >= 0), share @ (status > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(judged > 0, met / judged, np.nan)
    labels = (
        ran[name].values for name in ("milestone", "milestone_label_en", "milestone_label_zh")
    )
    return [
        Chance(str(name), str(en), str(zh), float(part))
        for name, en, zh, part in zip(*labels, found, strict=True)
    ]
