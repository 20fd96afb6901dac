"""Levers and couplings reach whom the documents name: plants, wells, makers of machines."""

from typing import Any

import pytest
import xarray as xr
from numpy.testing import assert_allclose

import simulator
from simulator.reading.scenario import load

DIGITAL = "policies.digital_energy_management.schedule"
REBUILT = "policies.circularity.remanufacture"
PAST = slice(2015, 2024)


@pytest.fixture(scope="module")
def changed() -> dict[str, xr.Dataset]:
    base = load("frozen").replace({"horizon.end": 2040})
    all_digital = {DIGITAL: {2015: 0.05, 2025: 0.12, 2030: 1.0}}
    effect = "parameters.common.digital_effect.power"
    changes: dict[str, dict[str, Any]] = {
        "plants without": {**all_digital, effect: 0.0},
        "plants with": {**all_digital, effect: 0.02},
        "none rebuilt": {},
        "half rebuilt": {REBUILT: {2025: 0.0, 2030: 0.5}},
    }
    return {name: simulator.run(base.replace(change)) for name, change in changes.items()}


def test_digital_control_saves_fuel_of_power_plants(changed: dict[str, xr.Dataset]) -> None:
    """A fiftieth at full adoption, of which 0.12 was there when history ended."""
    without, found = (changed[f"plants {name}"] for name in ("without", "with"))
    coal = {"generator": ["coal_subcritical", "coal_supercritical", "coal_ccs"]}

    def fuel(run: xr.Dataset) -> xr.DataArray:
        burnt = run["transformation_input"].sel(sector="power", carrier="coal")
        return burnt / run["generation"].sel(coal).sum("generator")

    assert_allclose(fuel(found).sel(time=PAST), fuel(without).sel(time=PAST), rtol=1e-12)
    later = (fuel(found) / fuel(without)).sel(time=slice(2031, 2040))
    assert_allclose(later, 1.0 - 0.02 * 0.88, rtol=5e-4)


@pytest.mark.parametrize(
    ("sector", "least", "most"),
    [("construction_machinery", 0.60, 0.63), ("heavy_machinery", 0.60, 0.73)],
)
def test_machines_that_are_rebuilt_are_not_made(
    changed: dict[str, xr.Dataset], sector: str, least: float, most: float
) -> None:
    """Half of them at a fifth of the energy take three fifths, but for the heat of furnaces."""
    name = "manufacturing_energy_intensity"
    new, rebuilt = (
        changed[f"{part} rebuilt"][name].sel(sector=sector) for part in ("none", "half")
    )
    assert_allclose(rebuilt.sel(time=PAST), new.sel(time=PAST), rtol=1e-12)
    later = (rebuilt / new).sel(time=slice(2031, 2040)).values
    assert least < later.min() < later.max() < most


def test_wells_leak_with_what_they_give(run_of) -> None:
    """Twice the output, twice the methane, whatever is written of the leaks of a year."""
    few, many = (run_of(name) for name in ("national_targets", "current_policies"))
    after = {"time": slice(2025, 2060)}
    output = [
        run["chemical_output"].sel(chemical="oil_gas_extraction", **after)
        for run in (few, many)
    ]
    leaked = [run["methane"].sel(sector="petrochemicals", **after) for run in (few, many)]
    assert_allclose(leaked[0] / leaked[1], output[0] / output[1], rtol=0.01)
    assert float((output[0] / output[1])[-1]) < 0.8
    assert float(few["methane"].sel(sector="petrochemicals", time=2020)) == pytest.approx(
        1.6, rel=0.02
    )
