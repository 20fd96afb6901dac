"""The few numbers that everybody asks for first."""

from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

HEADLINE_YEARS: Final = (2020, 2024, 2030, 2035, 2050, 2060)

Series = NDArray[np.float64]


class Line(NamedTuple):
    """One line of the headline table."""

    key: str
    en: str
    zh: str
    unit: str
    """Unit as a reader sees it."""
    digits: int
    """Digits behind the point."""
    values: tuple[float, ...]
    """One value for each of `years`; not-a-number where the run has none."""


class Headline(NamedTuple):
    """The headline table of one run."""

    years: tuple[int, ...]
    lines: tuple[Line, ...]
    peak_year: int
    """Year of the largest gross emissions."""
    peak: float
    """Their size [Mt CO2/yr]."""


def headline(dataset: xr.Dataset, years: tuple[int, ...] = HEADLINE_YEARS) -> Headline:
    """Read the headline numbers of one run; years after its end are left out."""
    run = one_run(dataset)
    time = run["time"].values.astype(int)
    asked = tuple(year for year in years if year in time)
    places = [int(np.flatnonzero(time == year)[0]) for year in asked]
    gross = _values(run, "emissions_gross")
    top = int(np.nanargmax(gross))
    table = (
        ("emissions_gross", "CO2 emissions, gross", "二氧化碳总排放", "Mt", 0, gross),
        ("emissions_net", "CO2 emissions, net", "二氧化碳净排放", "Mt", 0,
         _values(run, "emissions_net")),
        ("grid_carbon_intensity", "Grid carbon intensity", "电力碳强度", "g/kWh", 0,
         _values(run, "grid_carbon_intensity")),
        ("electricity_gross", "Electricity generated", "发电量", "TWh", 0, electricity(run)),
        ("steel", "Crude steel", "粗钢", "Mt", 0, _activity(run, "steel")),
        ("cement", "Cement", "水泥", "Mt", 0, _activity(run, "cement")),
        ("aluminium", "Primary aluminium", "原铝", "Mt", 1, _activity(run, "aluminium")),
        ("electrified_share", "Electricity in final energy", "终端电气化率", "%", 1,
         100.0 * electrified_share(run)),
    )  # fmt: skip
    lines = tuple(
        Line(key, en, zh, unit, digits, tuple(float(series[place]) for place in places))
        for key, en, zh, unit, digits, series in table
    )
    return Headline(asked, lines, int(time[top]), float(gross[top]))


def one_run(dataset: xr.Dataset) -> xr.Dataset:
    """Drop the scenario axis of a data set with one scenario."""
    if "scenario" in dataset.dims:
        return dataset.squeeze("scenario", drop=True)
    return dataset


def electricity(run: xr.Dataset) -> Series:
    """Gross generation without what storage gives back, by year [TWh]."""
    generation = run["generation"]
    stores = [name in ("battery", "long_storage") for name in generation["generator"].values]
    plants = generation.isel(generator=np.flatnonzero(~np.array(stores)))
    return np.asarray(plants.sum("generator").values, dtype=float)


def electrified_share(run: xr.Dataset) -> Series:
    """Electricity over final energy without feedstock, by year [1]."""
    if "electrified_share" in run:
        return _values(run, "electrified_share")
    energy = run["final_energy"].sum("sector")
    total = energy.sum("carrier") - energy.sel(carrier="feedstock")
    return np.asarray((energy.sel(carrier="electricity") / total).values, dtype=float)


def _values(run: xr.Dataset, name: str) -> Series:
    """Return a variable over the years."""
    return np.asarray(run[name].values, dtype=float)


def _activity(run: xr.Dataset, sector: str) -> Series:
    """Return the output of a sector over the years."""
    return np.asarray(run["activity"].sel(sector=sector).values, dtype=float)
