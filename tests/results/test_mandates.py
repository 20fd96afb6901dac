"""Mandates: what is asked, what is reached, what is missing, and that a reader is told."""

import numpy as np
import pytest
import xarray as xr

import simulator
from simulator.reading.scenario import load
from simulator.results.about import about
from simulator.results.mandates import UNFILLED, unfilled_mandates

SHORT = {"horizon.end": 2032}
NEW_ENERGY = ("plug_in_hybrid", "battery_electric", "fuel_cell")


@pytest.fixture(scope="module")
def targets(run_of) -> xr.Dataset:
    return run_of("national_targets")


def test_what_is_missing_is_what_is_asked_less_what_is_reached(
    shipped_run: xr.Dataset,
) -> None:
    asked, reached, missing = (
        shipped_run[f"mandate_{name}"].values for name in ("asked", "reached", "shortfall")
    )
    assert (missing >= 0.0).all()
    np.testing.assert_allclose(missing, np.maximum(asked - reached, 0.0), atol=1e-4)
    shares = shipped_run["mandate_unit"].values == "1"
    assert (reached[:, shares] <= 1.0 + 1e-9).all()
    observed = shipped_run["time"].values < 2025
    assert not asked[observed].any()
    # Storage beside wind and sun is asked for before any policy of these scenarios.
    asked = asked[:, shipped_run["mandate"].values != "storage"]
    assert asked[~observed].any() == (shipped_run.attrs["scenario"] != "frozen")


def test_each_mandate_is_named_in_both_languages(targets: xr.Dataset) -> None:
    for english, chinese in zip(
        targets["mandate_label_en"].values, targets["mandate_label_zh"].values, strict=True
    ):
        assert english[0].isupper()
        assert english.isascii()
        assert not any(letter.isascii() and letter.isalpha() for letter in chinese)


def test_shares_are_those_of_the_technologies(targets: xr.Dataset) -> None:
    """Read off the published series, a mandate has the share that it has here."""
    sold = targets["additions"].sel(technology=targets["technology_fleet"] == "cars")
    new = sold.sel(technology=[f"cars.{key}" for key in NEW_ENERGY])
    share = (new.sum("technology") / sold.sum("technology")).sel(time=slice(2025, None))
    found = targets["mandate_reached"].sel(mandate="cars.new_energy", time=slice(2025, None))
    np.testing.assert_allclose(found, share, rtol=1e-9)
    assert float(found.sel(time=2045)) >= 0.999


def test_a_mandate_that_nothing_hinders_is_filled(targets: xr.Dataset) -> None:
    for name in ("cars.new_energy", "heavy_trucks.new_energy", "build.solar"):
        part = targets["mandate_shortfall"] / targets["mandate_asked"].clip(1e-9)
        assert float(part.sel(mandate=name).max()) < UNFILLED


def test_what_is_not_to_be_had_is_missed_and_told_in_both_languages() -> None:
    """Trucks on clean energy are mandated before anybody makes them."""
    wanted = {
        f"parameters.vehicles.fleets.heavy_trucks.technologies.{drive}.availability": 2060
        for drive in NEW_ENERGY
    }
    run = simulator.run(load("national_targets").replace(SHORT | wanted), engine="batch")
    (trucks,) = [
        item for item in unfilled_mandates(run) if item.name == "heavy_trucks.new_energy"
    ]
    assert trucks.part > 0.9
    told = about(run).remarks
    assert any("Heavy trucks" in en and "重型货车" in zh for en, zh in told)
    assert {en for en, _ in told} <= set(about(run).warnings)
