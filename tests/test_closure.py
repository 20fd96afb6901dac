"""The results as a whole: history is met, books close, nothing is negative, ambition pays."""

import json

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

import simulator
from calibration.documents import documents
from calibration.hindcast import hindcast
from simulator.dimensions import SECTORS
from simulator.reading.scenario import load

HISTORY = range(2015, 2025)
BARS = {
    "co2.total": 0.025,
    "co2.coal": 0.05,
    "co2.oil": 0.05,
    "co2.gas": 0.05,
    "co2.process": 0.05,
    "co2.cement": 0.05,
    "generation.total": 0.02,
    "output.crude_steel": 0.03,
    "output.cement": 0.03,
    "output.clinker": 0.03,
    "output.primary_aluminium": 0.03,
    "output.raw_coal": 0.03,
}
"""What was promised for every year of history."""

MISSED = {
    # the document's own table gives 1.8 to 1.9 %
    "cement.grinding_share",
    # limestone at 0.525 t/t instead of 0.48
    "cement.kiln_process",
    "cement.kiln_total",
    # the energy statistic: less coal in mines, other boundaries of sectors
    "coal_mining.coal_share",
    "coal_mining.electricity_share",
    "coal_mining.oil_gas_share",
    "power.use_primary",
    "nation.intensity_13fyp",
    "nation.coal_chain",
    "machinery.industry_share",
    # methane of inventories, almost twice that of the document
    "coal_mining.emissions_2019",
    "coal_mining.methane_share",
    # printed with one digit; the shares of steel add up to 102 %, scrap of fabricators counts
    "steel.electricity_share",
    "steel.flux_share",
    "aluminium.recycled",
    # claimed, against the table of the same document
    "equipment.label_claim",
    # one assembler, who buys castings and forgings; the statistic of the branch makes them
    "construction_machinery.making_electricity",
    "construction_machinery.making_gas",
    "construction_machinery.making_oil",
    "construction_machinery.making_other",
    # what no fleet holds goes with the sales of fleets, at the ratio of 2020
    "construction_machinery.market_growth",
}
"""Printed numbers that the model does not meet, and why; no other may join them silently."""

CLOSED = 1e-6
"""Largest relative gap of what must balance."""

SERVED = 1e-5
"""Largest share of demand by which planners may fall short for a year: a hundred tonnes of
metal in ten million."""

SUPPLIERS = ("power", "heat_supply", "hydrogen")


@pytest.fixture(scope="module")
def current(run_of):
    return run_of("current_policies")


@pytest.mark.parametrize("name", BARS)
def test_history_is_met_in_every_year(current: xr.Dataset, name: str) -> None:
    lines = [line for line in hindcast(current) if line.name == name]
    assert [line.year for line in lines] == list(HISTORY)
    off = {line.year: round(line.error, 4) for line in lines if abs(line.error) > BARS[name]}
    assert not off, f"{name} is off by {off}"


@pytest.mark.parametrize(
    ("name", "published", "bar"),
    [("grid_carbon_intensity", 558.0, 0.02), ("thermal_carbon_intensity", 828.0, 0.01)],
)
def test_carbon_intensity_of_2021(
    current: xr.Dataset, name: str, published: float, bar: float
) -> None:
    assert_allclose(current[name].sel(time=2021), published, rtol=bar)


def test_printed_numbers_are_met_but_for_those_that_are_known(current: xr.Dataset) -> None:
    off = {
        line.key: round(line.error, 4)
        for line in documents(current)
        if line.met is False and line.key not in MISSED
    }
    assert not off


def test_history_is_the_same_in_every_scenario(
    shipped_run: xr.Dataset, current: xr.Dataset
) -> None:
    """Policy reaches history only through what is ordered ahead, by less than a thousandth."""
    past = slice(2015, 2024)
    here, there = (run.sel(time=past) for run in (shipped_run, current))
    assert_allclose(here["emissions"], there["emissions"], rtol=1e-3)
    assert_allclose(here["emissions_gross"], there["emissions_gross"], rtol=1e-4)
    assert_allclose(here["power_capacity"], there["power_capacity"], rtol=1e-4, atol=1e-4)


# --- the books --------------------------------------------------------------------------------


def gap(left: xr.DataArray, right: xr.DataArray, scale: xr.DataArray | None = None) -> float:
    """Largest difference relative to what is compared."""
    size = np.abs(right if scale is None else scale).max()
    return float(np.abs(left - right).max() / size)


def test_the_ledger_closes(shipped_run: xr.Dataset) -> None:
    ledger = json.loads(shipped_run.attrs["ledger"])
    assert len(ledger) >= 5
    assert {name: size for name, size in ledger.items() if not abs(size) < CLOSED} == {}


def test_national_carbon_is_the_sum_of_its_parts(shipped_run: xr.Dataset) -> None:
    run = shipped_run
    gross = run["emissions_gross"]
    assert gap(run["emissions"].sum("sector"), gross) < CLOSED
    parts = run["emissions_by_fuel"].sum("carrier") + run["emissions_process"]
    assert gap(parts, gross) < CLOSED
    assert gap(gross - run["sink"], run["emissions_net"], gross) < CLOSED


def test_users_cause_what_suppliers_emit(shipped_run: xr.Dataset) -> None:
    supplied = shipped_run["emissions"].sel(sector=list(SUPPLIERS)).sum("sector")
    assert gap(shipped_run["emissions_scope2"].sum("sector"), supplied) < CLOSED


def test_electricity_made_is_electricity_used_and_lost(shipped_run: xr.Dataset) -> None:
    run = shipped_run
    used = run["electricity_demand"].sum("sector")
    made = run["generation"].sum("generator") + run["unmet_electricity"]
    assert gap(made, used + run["electricity_losses"]) < CLOSED
    users = [sector for sector in SECTORS if sector not in SUPPLIERS]
    final = run["final_energy"].sel(carrier="electricity", sector=users) / 3.6
    assert gap(final, run["electricity_demand"].sel(sector=users)) < CLOSED


def test_stocks_change_by_what_enters_and_leaves(shipped_run: xr.Dataset) -> None:
    run = shipped_run
    flow = run["additions"] - run["retirements"] + run["retrofits"]
    step = run["capacity"].diff("time")
    scale = run["capacity"].max("time") + 1e-9
    assert float((np.abs(step - flow.isel(time=slice(1, None))) / scale).max()) < CLOSED


def test_nothing_is_negative_and_nothing_is_missing(shipped_run: xr.Dataset) -> None:
    run = shipped_run
    for name in (
        "capacity", "power_capacity", "storage_capacity", "in_use_stock", "chargers",
        "additions", "retirements", "generation", "curtailment",
    ):  # fmt: skip
        values = run[name]
        assert not values.isnull().any(), name
        assert float(values.min()) >= -1e-9 * float(values.max()), name
    for name in ("emissions", "final_energy", "emissions_scope2", "cost_energy"):
        assert np.isfinite(run[name]).all(), name
    assert set(run["sector"].values) == set(SECTORS)


def test_all_demand_is_met(shipped_run: xr.Dataset) -> None:
    run = shipped_run
    missing = run["unmet_electricity"] / run["electricity_gross"]
    assert float(missing.max()) < CLOSED
    assert float(run["unmet_demand"].max()) < SERVED


def test_shares_are_shares(shipped_run: xr.Dataset) -> None:
    for name in (
        "electrification_share", "electrified_share", "nonfossil_share", "clinker_ratio",
        "aluminium_clean_power_share", "new_energy_vehicle_share", "efficiency_mix",
    ):  # fmt: skip
        values = shipped_run[name]
        assert float(values.min()) >= -1e-9, name
        assert float(values.max()) <= 1 + 1e-9, name


# --- what policy does -------------------------------------------------------------------------

ORDER = ("frozen", "current_policies", "national_targets", "accelerated")


def test_more_ambition_emits_less(run_of) -> None:
    runs = [run_of(name) for name in ORDER]
    end = [float(run["emissions_net"].sel(time=2060)) for run in runs]
    total = [float(run["emissions_net"].sum("time")) for run in runs]
    assert end == sorted(end, reverse=True)
    assert len(set(end)) == len(end)
    assert total == sorted(total, reverse=True)
    assert len(set(total)) == len(total)


@pytest.mark.parametrize("year", range(2035, 2061, 5))
def test_scenarios_keep_their_order_in_every_five_years(run_of, year: int) -> None:
    order = ["frozen", "current_policies", "delayed", "national_targets", "accelerated"]
    if year == 2060:
        order.remove("delayed")  # neutral like the targets, by more direct air capture
    net = [float(run_of(name)["emissions_net"].sel(time=year)) for name in order]
    assert net == sorted(net, reverse=True)
    assert len(set(net)) == len(net)


def test_delay_emits_more_than_the_targets(run_of) -> None:
    late, wanted = (run_of(name)["emissions_net"].sum("time") for name in ("delayed", ORDER[2]))
    assert float(late) > float(wanted)


def test_the_model_runs_through_history_on_its_own() -> None:
    scenario = load("current_policies").replace({"history": "endogenous", "horizon.end": 2026})
    run = simulator.run(scenario)
    gross = run["emissions_gross"]
    assert np.isfinite(gross).all()
    lines = [line for line in hindcast(run) if line.name == "co2.total"]
    assert len(lines) == len(HISTORY)
    error = np.array([line.error for line in lines])
    assert np.abs(error).max() < 0.25
    assert np.abs(error[1:]).max() > 1e-4, "observed series still drive the run"
