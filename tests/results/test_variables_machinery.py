"""What the makers of machines report, and the tables of the documents that it follows."""

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

BATTERY_STEPS = (0.28, 0.45, 0.25, 0.02)
MACHINE_STAGES = (0.33, 0.26, 0.19, 0.22)
OBSERVED = slice(2015, 2024)


@pytest.fixture(scope="module")
def targets(run_of) -> xr.Dataset:
    return run_of("national_targets")


def making(run: xr.Dataset, sector: str) -> xr.DataArray:
    """Energy of making goods in a sector without machines in use [PJ/yr]."""
    energy = run.final_energy.sel(sector=sector).drop_sel(carrier="feedstock")
    return energy.sum("carrier")


def test_half_of_the_energy_of_machinery_is_hot_working(targets: xr.Dataset) -> None:
    hot = targets.hot_working_energy.sum("hot_stage") / making(targets, "machinery")
    assert_allclose(hot.sel(time=OBSERVED), 0.5, rtol=1e-9)
    assert (hot.sel(time=slice(2025, None)) < 0.5).all()
    assert hot.sel(time=2060) > 0.35


def test_stages_have_the_shares_of_the_documents(targets: xr.Dataset) -> None:
    power = targets.battery_manufacturing_electricity
    share = power / power.sum("battery_stage")
    assert_allclose(share.sel(time=2020), BATTERY_STEPS, rtol=1e-9)
    parts = targets.construction_machinery_stage_energy
    assert_allclose(
        (parts / parts.sum("machine_stage")).sel(time=2020), MACHINE_STAGES, rtol=1e-9
    )


def test_efficient_furnaces_are_two_percent_in_2022(targets: xr.Dataset) -> None:
    share = targets.efficient_furnace_share
    assert share.sel(time=2021) < 0.02 < share.sel(time=2022)


def test_energy_of_machinery_falls_where_the_margin_is_positive(targets: xr.Dataset) -> None:
    energy = making(targets, "machinery").diff("time").values
    margin = targets.machinery_plateau_margin.values[1:]
    assert ((energy < 0.0) == (margin > 0.0)).all()
    assert (margin > 0.0).any()
    assert (margin < 0.0).any()


def test_high_efficiency_equipment_has_the_market_of_the_target(targets: xr.Dataset) -> None:
    share = targets.high_efficiency_market_share
    assert share.sel(time=2015) < 0.5
    assert share.sel(time=2025) > 0.6


def test_batteries_end_in_second_life_or_with_recyclers(targets: xr.Dataset) -> None:
    assert (targets.recycled_battery_capacity < targets.battery_scrap).all()
    assert 10.0 < targets.battery_scrap.sel(time=2021) < 50.0
    assert (np.diff(targets.second_life_batteries) > 0.0).all()
    scrapped = targets.vehicle_scrappage_rate.sel(vehicle="cars", time=2021)
    assert 0.01 < scrapped < 0.07


def test_classes_of_heavy_machinery_are_shares(targets: xr.Dataset) -> None:
    for name in ("heavy_machinery_class_share", "heavy_machinery_sales_share"):
        assert_allclose(targets[name].sum("heavy_class"), 1.0, rtol=1e-9)
    for name in ("heavy_machinery_electricity", "heavy_machinery_diesel"):
        assert (targets[name].sel(time=OBSERVED) == 1.0).all()
        assert (targets[name].sel(time=2060) < 1.0).any()
