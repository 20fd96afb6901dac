"""Environmental protection in a run: its chapter is met, gases add up, no number is dead."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

import simulator
from simulator.reading.scenario import load
from tests.changes import EARLY_END_OF_COAL
from tests.dead_numbers import at_both_ends, largest_move, ranged

SECTOR = "environmental_protection"
READ = (
    "stage_electricity", "stage_fuel", "waste_treated", "water_treated", "waste_methane",
    "landfill_methane_stock", "nitrous_oxide", "greenhouse_gases", "emissions_process",
    "limestone_emissions",
)  # fmt: skip


@pytest.fixture(scope="module")
def run(run_of) -> xr.Dataset:
    return run_of("national_targets")


def test_history_of_the_gases_is_that_of_the_inventories(run: xr.Dataset) -> None:
    """7.4 Mt of methane and 0.10 Mt of nitrous oxide of waste and sewage, 0.95 Mt of farms."""
    methane = run["methane"].sel(sector=SECTOR)
    assert_allclose(methane.sel(time=[2018, 2019, 2020]), [7.622, 7.501, 7.38], rtol=0.04)
    nitrous = run["nitrous_oxide"].sel(time=2020)
    assert_allclose(nitrous.sel(sector=SECTOR), 0.10, rtol=0.05)
    assert_allclose(nitrous.sel(sector="agriculture"), 0.95, rtol=0.01)
    assert_allclose(run["waste_methane"].sum("waste_source"), methane)


def test_greenhouse_gases_are_the_sum_of_the_gases(shipped_run: xr.Dataset) -> None:
    run = shipped_run
    together = run["emissions_gross"] + run["fluorinated_gases"]
    together = together + 28.0 * run["methane"].sum("sector")
    together = together + 265.0 * run["nitrous_oxide"].sum("sector")
    assert_allclose(run["greenhouse_gases"], together)
    assert_allclose(run["greenhouse_gases_net"], together - run["sink"])


def test_electricity_of_volumes_meets_the_statistic(run: xr.Dataset) -> None:
    """0.33 and 0.36 kWh per m3 and 95 kWh per tonne give the 77 TWh of 2020, near enough."""
    at_2020 = run.sel(time=2020)
    water = at_2020["water_treated"].values @ [0.33, 0.36]
    solid = 0.095 * at_2020["waste_treated"].sum("waste_route").item()
    assert_allclose(water + solid, 77.0, rtol=0.03)


def test_a_landfill_gives_off_gas_long_after_it_is_closed(run: xr.Dataset) -> None:
    methane = run["waste_methane"].sel(waste_source="landfill")
    tipped = run["waste_treated"].sel(waste_route="landfill")
    assert float(tipped.sel(time=2024) / tipped.sel(time=2018)) < 0.35
    assert float(methane.sel(time=2024) / methane.sel(time=2018)) > 0.65


# --- no dead number --------------------------------------------------------------------------


MINE = ranged(f"{SECTOR}.", "common.warming_potential.")
"""Parameters with a range that are looked at here."""


@cache
def ends() -> Mapping[str, np.ndarray]:
    return at_both_ends(MINE, 2032, READ)


@pytest.mark.slow
@pytest.mark.parametrize("path", MINE)
def test_no_parameter_is_dead(path: str) -> None:
    assert largest_move(ends(), MINE.index(path)) > 1e-6


# --- cleaning of flue gas --------------------------------------------------------------------

COAL = ["coal_subcritical", "coal_supercritical", "coal_ccs"]
STAGE = f"{SECTOR}.flue_gas"


@pytest.fixture(scope="module")
def cut() -> dict[str, xr.Dataset]:
    """With and without an early end of coal power, cleaning as it is and cut."""
    base = load("current_policies").replace({"horizon.end": 2040})
    early = EARLY_END_OF_COAL
    off = dict.fromkeys(
        (
            f"parameters.{SECTOR}.flue_gas.electricity",
            f"parameters.{SECTOR}.flue_gas.limestone",
        ),
        0.0,
    )
    changes = {"live": {}, "early": early, "cut": off, "early cut": early | off}
    return {name: simulator.run(base.replace(change)) for name, change in changes.items()}


def test_less_coal_power_is_less_cleaning(cut: dict[str, xr.Dataset]) -> None:
    coal, cleaned, stone = {}, {}, {}
    for name, run in cut.items():
        at_end = run.sel(time=2038)
        coal[name] = float(at_end["generation"].sel(generator=COAL).sum())
        cleaned[name] = float(at_end["stage_electricity"].sel(process_stage=STAGE))
        stone[name] = float(at_end["limestone_emissions"])
    assert coal["early"] < 0.7 * coal["live"]
    for found, factor in ((cleaned, 0.0135), (stone, 0.0044)):
        assert_allclose(found["live"] / coal["live"], factor, rtol=0.03)
        # where coal power ends in nine years, cleaning is half a year behind
        assert found["early"] < 0.8 * found["live"]
        assert found["cut"] == found["early cut"] == 0.0


def test_cleaning_that_is_cut_leaves_other_demand_and_history(
    cut: dict[str, xr.Dataset],
) -> None:
    live, gone = cut["live"], cut["cut"]
    past = slice(2015, 2024)
    assert_allclose(
        live["electricity_gross"].sel(time=past), gone["electricity_gross"].sel(time=past)
    )
    demand = [run["electricity_demand"].sel(sector=SECTOR) for run in (live, gone)]
    cleaned = live["stage_electricity"].sel(process_stage=STAGE)
    assert_allclose(demand[0] - demand[1], cleaned, rtol=0.02)
    saved = (live["electricity_gross"] - gone["electricity_gross"]).sel(time=2030)
    assert_allclose(saved, cleaned.sel(time=2030), rtol=0.15)


def test_the_sector_is_about_a_hundredth_of_the_nation(run: xr.Dataset) -> None:
    both = (run["emissions"] + run["emissions_scope2"]).sel(sector=SECTOR, time=2020)
    assert_allclose(both / run["emissions_gross"].sel(time=2020), 0.01, rtol=0.3)
    assert_allclose(run["limestone_emissions"].sel(time=2020), 20.4, rtol=0.05)
