"""Series out of a result data set: variables over the years, bands of labels, shares.

A page reads more than a thousand. They are taken as ``run.variables[name]``: to look for the
labels that belong to each, as ``run[name]`` does, takes longer than all else.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from simulator.export.canvas import Series
from simulator.export.palette import FLEET_BANDS, SPARE, Band
from simulator.reading.fleets import load_fleets

LAST_OBSERVED: Final = 2024
"""Last year of history, in which all runs are alike."""


def over_years(run: xr.Dataset, name: str) -> Series:
    """Return a variable over the years."""
    return np.asarray(run.variables[name].values, dtype=float)


def summed(
    values: xr.DataArray, dimension: str, bands: Sequence[Band]
) -> list[tuple[Band, Series]]:
    """Add up the labels of each band; a band without any label in the data is left out."""
    names = [str(name) for name in values[dimension].values]
    return _summed(names, values.transpose("time", dimension).values, bands)


def _summed(
    names: Sequence[str], values: Series, bands: Sequence[Band]
) -> list[tuple[Band, Series]]:
    """Add up the columns of each band."""
    table = np.nan_to_num(values.astype(float))
    found = []
    for band in bands:
        places = [place for place, name in enumerate(names) if name in band.members]
        if places:
            found.append((band, table[:, places].sum(axis=1)))
    return found


def fleet_names(run: xr.Dataset) -> list[str]:
    """Fleet of every technology, in the order of the technologies."""
    held = "fleet" if "fleet" in run.coords else "technology_fleet"
    return [str(name) for name in run.variables[held].values]


def fleets_of(run: xr.Dataset, sector: str) -> list[str]:
    """Fleets of a sector, in order."""
    sectors = run.variables["technology_sector"].values
    pairs = zip(fleet_names(run), sectors, strict=True)
    return list(dict.fromkeys(fleet for fleet, owner in pairs if str(owner) == sector))


def technologies(run: xr.Dataset, fleet: str, name: str = "capacity") -> xr.DataArray:
    """Return a variable of one fleet; its technologies by their names within the fleet."""
    places = _places(run, fleet)
    return run[name].isel(technology=places).assign_coords(technology=_short(run, places))


def _places(run: xr.Dataset, fleet: str) -> list[int]:
    """Places of a fleet among all technologies."""
    return [place for place, owner in enumerate(fleet_names(run)) if owner == fleet]


def _short(run: xr.Dataset, places: Sequence[int]) -> list[str]:
    """Names of technologies within their fleet."""
    names = run.variables["technology"].values
    return [str(names[place]).rsplit(".", 1)[-1] for place in places]


def bands_of(run: xr.Dataset, fleet: str) -> tuple[Band, ...]:
    """Bands of a fleet; a technology that the palette does not know gets a spare colour."""
    places = _places(run, fleet)
    names = _short(run, places)
    known = [
        band
        for band in FLEET_BANDS.get(fleet, ())
        if any(name in names for name in band.members)
    ]
    members = {name for band in known for name in band.members}
    rest = [
        (place, name) for place, name in zip(places, names, strict=True) if name not in members
    ]
    for order, (place, name) in enumerate(rest):
        en, zh = (
            str(run.variables[f"technology_label_{language}"].values[place])
            if f"technology_label_{language}" in run.variables
            else name.replace("_", " ")
            for language in ("en", "zh")
        )
        colour = SPARE[order % len(SPARE)]
        known.append(Band(name, en, zh, colour, (name,)))
    return tuple(known)


def shares(
    run: xr.Dataset, fleet: str, bands: Sequence[Band] | None = None
) -> list[tuple[Band, Series]]:
    """Shares of a fleet's technologies in its capacity [%]."""
    places = _places(run, fleet)
    capacity = run.variables["capacity"].transpose("time", "technology").values
    chosen = capacity[:, places].astype(float)
    total = np.nansum(chosen, axis=1)
    scale = 100.0 / np.where(total > 0.0, total, np.inf)
    parts = _summed(_short(run, places), chosen, bands or bands_of(run, fleet))
    return [(band, values * scale) for band, values in parts]


def named(run: xr.Dataset, dimension: str, key: str) -> tuple[str, str]:
    """English and Chinese name of a label."""
    place = [str(name) for name in run.variables[dimension].values].index(key)
    return tuple(  # type: ignore[return-value]
        str(run.variables[f"{dimension}_label_{language}"].values[place])
        if f"{dimension}_label_{language}" in run.variables
        else key.replace("_", " ")
        for language in ("en", "zh")
    )


def fleet_label(fleet: str) -> tuple[str, str]:
    """English and Chinese name of a fleet."""
    known = load_fleets().get(fleet)
    words = fleet.replace("_", " ")
    return (known.declaration.label.en, known.declaration.label.zh) if known else (words, words)
