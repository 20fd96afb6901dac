"""When each sector peaks, goes through the four stages and uses no more energy."""

from typing import Final, NamedTuple

import numpy as np
import xarray as xr

from simulator.results.quantities import label
from simulator.results.stages import StageBoundaries, stages
from simulator.results.trajectory import peak_year, plateau_start
from simulator.results.wording import number, plain

COLUMNS: Final = (
    ("Sector", "行业"),
    ("CO₂ peak", "碳达峰"),
    ("Mt", "百万吨"),
    ("t1", "t1"),
    ("t2", "t2"),
    ("t3", "t3"),
    ("t4", "t4"),
    ("energy peak", "能耗达峰"),
    ("plateau from", "平台期始于"),
)
"""Headings of the table, in English and Chinese."""


class SectorPath(NamedTuple):
    """One sector, or the nation; years are not-a-number where the run does not reach them."""

    sector: str
    en: str
    zh: str
    peak_year: float
    """Year of the largest CO2 with purchased energy (scope 1 and 2), smoothed."""
    peak: float
    """Its size [Mt CO2/yr]."""
    t1: float
    """Last year on the plateau of the peak."""
    t2: float
    """First year of the steep decline."""
    t3: float
    """First year at a quarter of the peak."""
    t4: float
    """First year of lasting neutrality."""
    energy_peak: float
    """Year of the largest final energy, without feedstock."""
    energy_plateau: float
    """First year of five in which that energy changes by under half a percent."""

    def cells(self) -> list[str]:
        """Numbers as text, in the order of `COLUMNS`."""
        later = (self.t1, self.t2, self.t3, self.t4, self.energy_peak, self.energy_plateau)
        return [
            number(self.peak_year, "year"),
            plain(self.peak, 0),
            *(number(year, "year") for year in later),
        ]


def sector_paths(run: xr.Dataset) -> list[SectorPath]:
    """Read the path of the nation and of every sector that emits, in the order of the data set.

    What is largest in the last year of the run has no peak yet.
    """
    energy = run["final_energy"].sum("carrier") - run["final_energy"].sel(carrier="feedstock")
    nation = ("nation", "China", "全国")
    found = [_path(nation, stages(run), energy.sum("sector"))]
    for sector in map(str, run["sector"].values):
        texts = (sector, label("sector", sector, "en"), label("sector", sector, "zh"))
        path = _path(texts, stages(run, sector), energy.sel(sector=sector))
        if path.peak > 0.0:
            found.append(path)
    return found


def _path(texts: tuple[str, str, str], path: StageBoundaries, used: xr.DataArray) -> SectorPath:
    """Put together what emissions and energy say."""
    years = used["time"].values
    uses = bool((used > 0.0).any())
    energy_peak = float(peak_year(years, used)) if uses else np.nan
    return SectorPath(
        *texts,
        peak_year=path.peak_year if path.peak_year < years[-1] else np.nan,
        peak=path.peak,
        t1=path.t1,
        t2=path.t2,
        t3=path.t3,
        t4=path.t4,
        energy_peak=energy_peak if energy_peak < years[-1] else np.nan,
        energy_plateau=float(plateau_start(years, used)) if uses else np.nan,
    )
