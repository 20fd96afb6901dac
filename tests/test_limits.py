"""Limits that no shipped pathway passes, and what carbon costs those who emit it."""

import numpy as np
import xarray as xr
from numpy.testing import assert_allclose

from simulator.reading.parameters import load_parameters

ROUNDING = 1e-6
CEILING = 45.0
"""Capacity of aluminium smelters that policy allows [Mt/yr]."""

SYSTEM = ("investment", "operation", "material", "energy", "storage")


def test_nothing_is_built_beyond_its_limit(shipped_run: xr.Dataset) -> None:
    run = shipped_run
    hydro = load_parameters()["power.technologies.hydro.potential"].values[0]
    built = run["power_capacity"].sel(generator="hydro")
    assert float(built.max()) <= hydro * (1 + ROUNDING)
    smelters = run["capacity"].sel(technology=run["technology_fleet"] == "smelting")
    assert float(smelters.sum("technology").max()) <= CEILING * (1 + ROUNDING)


def test_what_is_captured_is_stored(shipped_run: xr.Dataset) -> None:
    run = shipped_run
    captured = (run["carbon_captured"] + run["direct_air_capture"]).isel(time=slice(1, None))
    stored = run["carbon_stored"].diff("time")
    assert_allclose(stored, captured, rtol=ROUNDING, atol=ROUNDING)


def test_carbon_costs_no_more_than_its_price_and_is_a_transfer(shipped_run: xr.Dataset) -> None:
    """Who removes carbon is paid at most that price; nothing of it is a cost of the system."""
    run = shipped_run
    whole = run["carbon_price"] * run["emissions"] / 1e3
    paid = run["cost_carbon"]
    # The product of two yearly means is not the mean of the product, least where power plants
    # turn from emitting to removing within a year.
    size = np.abs(whole).rolling(time=3, center=True, min_periods=1).max()
    slack = 0.03 * size + 0.01
    assert bool((paid <= whole.clip(min=0.0) + slack).all())
    assert bool((paid >= whole.clip(max=0.0) - slack).all())
    assert float(paid.sum()) > 0.0
    resources = sum(run[f"cost_{name}"] for name in SYSTEM)
    assert_allclose(run["system_cost"], resources, rtol=1e-9, atol=1e-9)


def test_nobody_is_charged_at_the_border_for_less_than_nothing(shipped_run: xr.Dataset) -> None:
    assert float(shipped_run["cbam_cost"].min()) >= 0.0
    assert float(shipped_run["exports_eu"].min()) >= 0.0
