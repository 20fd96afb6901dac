"""Where the four stages lie on a trajectory, whatever the roadmap declares.

Gross emissions are smoothed over three years (two at the ends) and measured against their peak:

1  peaking      until the last year on the plateau, within 2 % of the peak
2  transition   until emissions fall by 2.5 % of the peak a year, three years in a row
3  reduction    until net emissions are a quarter of the peak
4  neutrality   after that; reached when net emissions are zero and stay next to zero

A boundary that the trajectory does not reach is not-a-number, and later stages do not begin.
When net emissions reach the quarter before the fall was ever steep, stage 3 is empty.
"""

import math
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from simulator.results.expression import MissingDataError
from simulator.results.trajectory import (
    PLATEAU_DEPTH,
    first_year,
    in_a_row,
    plateau_end,
    smoothed,
)

FloatArray = NDArray[np.float64]


LEAST_YEARS: Final = 3
"""Years without which there are no stages."""


class StageRules(NamedTuple):
    """The definitions of the boundaries; shares are of the peak of smoothed gross emissions."""

    plateau_depth: float = PLATEAU_DEPTH
    """How far below the peak the plateau reaches [1]."""
    steep_decline: float = 0.025
    """Yearly fall that ends the transition [1/yr]."""
    steep_years: int = 3
    """Years in a row that the fall lasts."""
    sprint_share: float = 0.25
    """Net emissions at which the last stage begins [1]."""
    neutral_slack: float = 0.02
    """How far net emissions may rise again after neutrality [1]."""
    slow_growth: float = -0.002
    """Growth above which a falling intensity is still a relative reduction [1/yr]."""


RULES: Final = StageRules()


class StageBoundaries(NamedTuple):
    """Stages of one trajectory; arrays have one value a year."""

    peak_year: float
    """Year of the largest smoothed gross emissions."""
    peak: float
    """Their size, in the unit of the emissions."""
    t1: float
    """Last year of the plateau."""
    t2: float
    """First year of the steep decline."""
    t3: float
    """First year at a quarter of the peak."""
    t4: float
    """First year of lasting neutrality."""
    peaked_by_2030: bool
    """Whether the peak lies before 2030."""
    neutral_by_2060: bool
    """Whether neutrality is reached by 2060."""
    stage: NDArray[np.int64]
    """Stage of each year, 1 to 4; 0 throughout when there is no positive peak."""
    relative_reduction: NDArray[np.bool_]
    """Years in which emissions per GDP fall while emissions hardly do."""


def find_stages(
    years: ArrayLike,
    gross: ArrayLike,
    net: ArrayLike,
    gdp: ArrayLike,
    rules: StageRules = RULES,
) -> StageBoundaries:
    """Find the stage boundaries of annual series.

    Parameters
    ----------
    years
        Calendar years, one apart, at least three.
    gross, net
        Emissions of each year, in any one unit.
    gdp
        Output of each year, positive.
    """
    year = np.asarray(years, dtype=float)
    output, balance = np.asarray(gdp, dtype=float), np.asarray(net, dtype=float)
    _same_length(year, np.asarray(gross, dtype=float), balance, output)
    found = _boundaries(year, gross, balance, rules)
    emissions, peak = smoothed(gross), float(found.peak)
    if not peak > 0.0:
        return _without_peak(year.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        intensity_growth = np.gradient(np.log(emissions / output))
    peak_year, t4 = float(year[int(emissions.argmax())]), float(found.t4)
    return StageBoundaries(
        peak_year=peak_year,
        peak=peak,
        t1=float(found.t1),
        t2=float(found.t2),
        t3=float(found.t3),
        t4=t4,
        peaked_by_2030=peak_year < min(2030.0, year[-1]),
        neutral_by_2060=t4 <= 2060.0,
        stage=found.stage,
        relative_reduction=(intensity_growth < 0.0) & (found.growth >= rules.slow_growth),
    )


def stage_of_years(years: ArrayLike, gross: ArrayLike, net: ArrayLike) -> NDArray[np.int64]:
    """Stage of each year of many trajectories side by side, (time, ...)."""
    year = np.asarray(years, dtype=float)
    return _boundaries(year, gross, np.asarray(net, dtype=float), RULES).stage


class _Boundaries(NamedTuple):
    """Boundaries of trajectories side by side."""

    growth: FloatArray
    """Yearly change of smoothed emissions over their peak, (time, ...) [1/yr]."""
    peak: FloatArray
    t1: FloatArray
    t2: FloatArray
    t3: FloatArray
    t4: FloatArray
    stage: NDArray[np.int64]
    """(time, ...)."""


def _boundaries(
    year: FloatArray, gross: ArrayLike, net: FloatArray, rules: StageRules
) -> _Boundaries:
    """Find the boundaries of trajectories, (time, ...)."""
    emissions = smoothed(gross)
    peak = emissions.max(axis=0)
    when = year.reshape(-1, *[1] * peak.ndim)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.gradient(emissions, axis=0) / peak
    t1 = plateau_end(year, gross, rules.plateau_depth)
    steep = in_a_row(-growth >= rules.steep_decline, rules.steep_years)
    t2 = first_year(year, steep & (when > t1))
    t3 = first_year(year, (net <= rules.sprint_share * peak) & (when > t1))
    t2 = np.where(np.isnan(t2) | (t3 < t2), t3, t2)
    stays = np.maximum.accumulate(net[::-1])[::-1] <= rules.neutral_slack * peak
    t4 = first_year(year, (net <= 0.0) & stays)
    begun = sum((test.astype(np.int64) for test in (when > t1, when >= t2, when >= t3)), 1)
    return _Boundaries(growth, peak, t1, t2, t3, t4, np.where(peak > 0.0, begun, 0))


def stages(
    dataset: xr.Dataset, sector: str | None = None, rules: StageRules = RULES
) -> StageBoundaries:
    """Find the stages of the nation, or of one sector, in the results of one scenario.

    A sector is judged on its own emissions and those of the electricity, heat and hydrogen that
    it buys (scope 1 and 2); it has no sink, so its net emissions are its gross emissions.
    """
    names = ["gdp", "emissions_gross", "emissions_net"]
    if sector is not None:
        names = ["gdp", "emissions", "emissions_scope2"]
    if missing := [name for name in names if name not in dataset.data_vars]:
        message = f"the results have no variable {', '.join(missing)}"
        raise MissingDataError(message)
    if dataset.sizes.get("scenario", 1) > 1:
        message = "stages are of one run: choose one with dataset.sel(scenario=...)"
        raise MissingDataError(message)
    run = dataset.squeeze("scenario", drop=True) if "scenario" in dataset.dims else dataset
    years, gdp = run["time"].values, run["gdp"].values
    if sector is None:
        return find_stages(years, run[names[1]].values, run[names[2]].values, gdp, rules)
    if sector not in run["sector"].values:
        known = ", ".join(map(str, run["sector"].values))
        message = f'the results have no sector "{sector}"; there are {known}'
        raise MissingDataError(message)
    emissions = (run[names[1]] + run[names[2]].fillna(0.0)).sel(sector=sector).values
    return find_stages(years, emissions, emissions, gdp, rules)


def _same_length(year: FloatArray, *series: FloatArray) -> None:
    """Refuse series that cannot be judged."""
    if year.size < LEAST_YEARS or any(item.shape != year.shape for item in series):
        message = "stages need at least three years, and one value of each series a year"
        raise ValueError(message)
    if not np.all(np.diff(year) == 1.0) or not np.all(np.isfinite(np.array(series))):
        message = "stages need years one apart and finite values"
        raise ValueError(message)


def _without_peak(size: int) -> StageBoundaries:
    """Return what can be said of a trajectory that never emits."""
    none = np.zeros(size, dtype=bool)
    return StageBoundaries(
        peak_year=math.nan,
        peak=math.nan,
        t1=math.nan,
        t2=math.nan,
        t3=math.nan,
        t4=math.nan,
        peaked_by_2030=False,
        neutral_by_2060=False,
        stage=none.astype(np.int64),
        relative_reduction=none,
    )
