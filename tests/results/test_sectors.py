"""Paths of sectors: peaks, stages and plateaus of emissions and of energy."""

import math

import numpy as np
import pytest
import xarray as xr

from simulator.results.sectors import COLUMNS, sector_paths
from simulator.results.stages import stages
from tests.synthetic import YEARS, dataset


@pytest.fixture(scope="module")
def drawn() -> xr.Dataset:
    """Energy of steel is level from 2040, that of cement grows to the end."""
    run = dataset()
    run["final_energy"].values[:] = 0.0
    run["emissions_scope2"].values[:] = 0.0
    level = 100.0 * 1.02 ** np.minimum(YEARS - 2040.0, 0.0)
    run["final_energy"].loc[{"sector": "steel", "carrier": "coal"}] = level
    run["final_energy"].loc[{"sector": "cement", "carrier": "coal"}] = 1.02 ** (YEARS - 2015.0)
    run["final_energy"].loc[{"sector": "cement", "carrier": "feedstock"}] = 1e6
    return run


def test_a_sector_has_its_stages_and_the_plateau_of_its_energy(drawn: xr.Dataset) -> None:
    nation, *rest = sector_paths(drawn)
    found = {path.sector: path for path in rest}
    whole = stages(drawn)
    assert (nation.peak_year, nation.t4) == (whole.peak_year, whole.t4)
    steel, direct = found["steel"], stages(drawn, "steel")
    assert (steel.peak_year, steel.t1, steel.t2) == (direct.peak_year, direct.t1, direct.t2)
    assert (steel.energy_peak, steel.energy_plateau) == (2040, 2040)
    assert math.isnan(found["cement"].energy_peak)  # it is largest when the run ends
    assert math.isnan(found["cement"].energy_plateau)
    assert math.isnan(found["power"].energy_peak)  # it buys none
    assert "carbon_removal" not in found  # it never emits


def test_every_line_has_a_cell_for_each_column(drawn: xr.Dataset) -> None:
    for path in sector_paths(drawn):
        assert len(path.cells()) == len(COLUMNS) - 1
        assert path.zh != path.en


def test_machinery_is_level_by_2030_where_targets_are_kept(run_of) -> None:
    """What the industry's outlook calls its plateau comes later where policy stands still."""
    year = {
        name: {path.sector: path for path in sector_paths(run_of(name))}["machinery"]
        for name in ("national_targets", "current_policies", "accelerated")
    }
    assert year["accelerated"].energy_plateau <= year["national_targets"].energy_plateau
    assert year["national_targets"].energy_plateau <= year["current_policies"].energy_plateau
