"""Hydrogen mandated in steel from ore closes blast furnaces early; scrap goes on growing."""

import numpy as np
import pytest
import xarray as xr

from simulator import run
from simulator.reading.scenario import load

YEARS = [2030, 2040, 2050, 2060]
FLOOR = "policies.hydrogen_steel_floor.schedule"
FURNACES = ["steel.blast_furnace", "steel.blast_furnace_ccs"]


def scrap(found: xr.Dataset, name: str = "scrap_used") -> np.ndarray:
    return found[name].sel(material="steel", time=YEARS).values.ravel()


def over_years(found: xr.Dataset, name: str, technology: str | list[str]) -> float:
    """What is built or closed from 2031 to 2050 [Mt/yr]."""
    return float(found[name].sel(technology=technology, time=slice(2031, 2050)).sum())


@pytest.fixture(scope="module")
def without() -> xr.Dataset:
    return run(load("accelerated").replace({FLOOR: 0.0}))


def test_scrap_in_use_grows_also_where_hydrogen_is_mandated(run_of, without) -> None:
    mandated, free = scrap(run_of("accelerated")), scrap(without)
    assert mandated[0] < mandated[2] < mandated[3]
    assert np.all(mandated > 0.7 * free)


def test_furnaces_for_scrap_are_built_all_the_same(run_of, without) -> None:
    mandated, free = run_of("accelerated"), without
    hydrogen = [over_years(f, "additions", "steel.hydrogen_dri") for f in (mandated, free)]
    furnaces = [over_years(f, "additions", "steel.scrap_eaf") for f in (mandated, free)]
    assert hydrogen[0] > 5.0 * hydrogen[1]
    assert furnaces[0] > 0.6 * furnaces[1]
    assert furnaces[1] - furnaces[0] < hydrogen[0] - hydrogen[1]


def test_blast_furnaces_make_room_for_hydrogen(run_of, without) -> None:
    mandated, free = (
        found["mean_capacity"].sel(technology=FURNACES, time=YEARS).sum("technology").values
        for found in (run_of("accelerated"), without)
    )
    assert np.all(mandated[1:].ravel() < 0.95 * free[1:].ravel())
