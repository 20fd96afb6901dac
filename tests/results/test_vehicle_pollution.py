"""Pollutants of vehicles, held against the yearly totals of the ministry."""

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from tests.dead_numbers import at_both_ends, largest_move, ranged

VEHICLES = 0.95
"""Part of vehicles proper in the totals, which hold motorcycles and the like: above 0.9."""

MINISTRY = {
    "HC": {2019: 1892, 2020: 1902, 2021: 2004, 2022: 1912, 2023: 1872},
    "NOx": {2019: 6356, 2020: 6263, 2021: 5821, 2022: 5267, 2023: 4731},
    "PM": {2019: 74, 2020: 68, 2021: 69, 2022: 53, 2023: 44},
}
"""Motor vehicles [kt], reports on mobile sources of 2020 to 2024; 2020 sets the level."""


@pytest.fixture(scope="module")
def emitted(run_of) -> xr.DataArray:
    return run_of("national_targets").pollutants.sel(sector="automotive")


@pytest.mark.parametrize("gas", MINISTRY)
def test_the_level_is_that_of_2020(emitted: xr.DataArray, gas: str) -> None:
    printed = VEHICLES * MINISTRY[gas][2020]
    assert_allclose(emitted.sel(pollutant=gas, time=2020), printed, rtol=0.03)


@pytest.mark.parametrize(("gas", "within"), [("HC", 0.11), ("NOx", 0.16), ("PM", 0.22)])
def test_other_years_follow_from_the_standards(
    emitted: xr.DataArray, gas: str, within: float
) -> None:
    for year, printed in MINISTRY[gas].items():
        found = float(emitted.sel(pollutant=gas, time=year))
        assert abs(found / (VEHICLES * printed) - 1.0) < within, year


def test_they_fall_with_the_standards_and_end_with_the_engines(emitted: xr.DataArray) -> None:
    assert (emitted.sel(time=2035) < 0.55 * emitted.sel(time=2020)).all()
    assert (emitted.sel(time=2060) < 0.06 * emitted.sel(time=2020)).all()
    assert np.isfinite(emitted).all()
    assert (emitted >= 0.0).all()


@pytest.mark.slow
def test_no_number_of_them_is_dead() -> None:
    mine = ranged("vehicles.pollution.")
    found = at_both_ends(mine, 2031, ("pollutants",))
    assert {path for at, path in enumerate(mine) if largest_move(found, at) < 1e-6} == set()
