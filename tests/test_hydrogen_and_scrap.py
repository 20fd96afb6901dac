"""Hydrogen mandated in steel from ore takes the orders that scrap furnaces would get."""

import numpy as np
import pytest
import xarray as xr

from simulator import run
from simulator.reading.scenario import load

YEARS = [2030, 2040, 2050, 2060]
FLOOR = "policies.hydrogen_steel_floor.schedule"


def scrap(found: xr.Dataset, name: str = "scrap_used") -> np.ndarray:
    return found[name].sel(material="steel", time=YEARS).values.ravel()


@pytest.fixture(scope="module")
def without() -> xr.Dataset:
    return run(load("accelerated").replace({FLOOR: 0.0}))


def test_scrap_in_use_falls_behind_where_hydrogen_is_mandated(run_of, without) -> None:
    mandated, free = scrap(run_of("accelerated")), scrap(without)
    assert mandated[2] < 0.7 * mandated[0]
    assert np.all(np.diff(free) > 0.0)
    assert free[2] > 2.0 * mandated[2]


def test_it_is_not_for_want_of_scrap(run_of) -> None:
    """The price stands at its least, so yards are full and buy only part of what is offered."""
    found = run_of("accelerated")
    least = 1500.0
    prices = found["scrap_price"].sel(time=slice(2031, 2059)).values
    assert np.all(prices < 1.001 * least)


def test_furnaces_of_hydrogen_take_the_place_of_those_of_scrap(run_of, without) -> None:
    names = ["steel.scrap_eaf", "steel.hydrogen_dri"]
    mandated, free = (
        found["additions"].sel(technology=names, time=slice(2031, 2050)).sum("time").values
        for found in (run_of("accelerated"), without)
    )
    assert mandated[1] > 5.0 * free[1]
    assert mandated[0] < 0.5 * free[0]
