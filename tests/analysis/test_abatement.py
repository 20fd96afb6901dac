"""Cost of a tonne: discounting by a closed form, signs, nothing divided by nothing."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import simulator
from simulator.analysis.abatement import FIRST_YEAR, READS, TEXTS, abatement_cost
from simulator.analysis.compare import compare_runs
from simulator.dimensions import SECTORS
from simulator.errors import ScenarioError
from simulator.results.variables_economy import SYSTEM_COSTS
from tests.synthetic import dataset

YEARS = np.arange(2015, 2061)
LAST = int(YEARS[-1])


def flat(cost: float = 0.0, emitted: float = 10.0, paid: float = 0.0) -> xr.Dataset:
    """A run in which every sector spends and emits the same in every year."""
    shape = (len(YEARS), len(SECTORS))
    by_sector = {
        "system_cost": cost,
        "cost_carbon": paid,
        "emissions": emitted,
        "emissions_scope2": 0.5 * emitted,
    }
    made = {name: (("time", "sector"), np.full(shape, x)) for name, x in by_sector.items()}
    made["system_cost_total"] = ("time", np.full(len(YEARS), 0.5 * cost * len(SECTORS)))
    made["emissions_net"] = ("time", np.full(len(YEARS), 0.8 * emitted * len(SECTORS) - 7.0))
    return xr.Dataset(made, {"time": YEARS, "sector": list(SECTORS)})


@given(
    rate=st.floats(0.001, 0.2),
    cost=st.floats(-50.0, 50.0),
    avoided=st.floats(0.5, 9.0),
    paid=st.floats(0.0, 90.0),
)
def test_a_constant_difference_is_an_annuity(rate, cost, avoided, paid):
    found = abatement_cost(flat(cost, 10.0 - avoided, paid), flat(), rate)
    number = LAST - FIRST_YEAR + 1
    annuity = (1.0 - (1.0 + rate) ** -number) / (1.0 - 1.0 / (1.0 + rate))
    here = found.sel(sector="steel")
    assert float(here["extra_cost"]) == pytest.approx(cost * annuity, rel=1e-9)
    assert float(here["carbon_payments"]) == pytest.approx(paid * annuity, rel=1e-9)
    assert float(here["avoided"]) == pytest.approx(1.5 * avoided * annuity, rel=1e-9)
    # Costs and tonnes are discounted alike, so a constant saving costs the same at any rate.
    price = 1000.0 * cost / (1.5 * avoided)
    assert float(here["abatement_cost"]) == pytest.approx(price, rel=1e-9, abs=1e-9)
    nation = 1000.0 * 0.5 * cost / (0.8 * avoided)
    assert float(found["abatement_cost_total"]) == pytest.approx(nation, rel=1e-9, abs=1e-9)


def test_what_is_spent_early_and_saved_late_costs_more_at_a_higher_rate():
    early = flat(0.0, 10.0)
    early["system_cost"].loc[{"time": FIRST_YEAR}] = 8.0
    early["emissions"].loc[{"time": LAST}] = 4.0
    years = LAST - FIRST_YEAR
    for rate in (0.0, 0.05):
        price = float(abatement_cost(early, flat(), rate)["abatement_cost"].sel(sector="steel"))
        missing = np.isnan(price)
        assert missing == (6.0 / (1 + rate) ** years < 1e-3 * _emitted(rate, years))
        if not missing:
            assert price == pytest.approx(1000.0 * 8.0 / 6.0 * (1 + rate) ** years)


def _emitted(rate: float, years: int) -> float:
    return float(sum(15.0 / (1 + rate) ** year for year in range(years + 1)))


def test_a_run_against_itself_has_no_price_of_a_tonne():
    found = abatement_cost(flat(3.0), flat(3.0))
    assert not found["extra_cost"].any()
    assert not found["avoided_total"].any()
    assert np.isnan(found["abatement_cost"]).all()
    assert np.isnan(found["abatement_cost_total"])


def test_signs_cheaper_and_cleaner_is_negative_dirtier_has_no_price():
    better = abatement_cost(flat(-2.0, 8.0), flat())
    assert (better["abatement_cost"] < 0).all()
    assert (better["avoided"] > 0).all()
    dirtier = abatement_cost(flat(-2.0, 12.0), flat())
    assert (dirtier["avoided"] < 0).all()
    assert np.isnan(dirtier["abatement_cost"]).all()


def test_carbon_payments_are_reported_and_cost_nothing():
    paid, free = (abatement_cost(flat(1.0, 8.0, paid), flat()) for paid in (50.0, 0.0))
    assert float(paid["carbon_payments_total"]) > 0
    xr.testing.assert_equal(paid["abatement_cost"], free["abatement_cost"])
    xr.testing.assert_equal(paid["extra_cost_total"], free["extra_cost_total"])


def test_it_says_the_rate_the_years_and_the_units():
    found = abatement_cost(flat(), flat(1.0), 0.03)
    assert found.attrs["discount_rate"] == 0.03
    assert (found.attrs["first_year"], found.attrs["last_year"]) == (FIRST_YEAR, LAST)
    assert set(found.data_vars) == set(TEXTS)
    assert all(found[name].attrs["long_name_zh"] for name in TEXTS)


@pytest.mark.parametrize("missing", READS)
def test_results_without_a_variable_are_refused(missing):
    with pytest.raises(ScenarioError, match=missing):
        abatement_cost(flat().drop_vars(missing), flat())


def test_no_common_year_and_a_senseless_rate_are_refused():
    with pytest.raises(ScenarioError, match="no year"):
        abatement_cost(flat().sel(time=slice(2015, 2020)), flat())
    with pytest.raises(ScenarioError, match="rate"):
        abatement_cost(flat(), flat(), -1.5)


def test_a_comparison_holds_every_scenario_against_the_baseline():
    runs = {"shallow": dataset("shallow", 0.6), "deep": dataset("deep")}
    table = compare_runs(runs, {}).costs
    direct = abatement_cost(runs["deep"], runs["shallow"])
    assert table.lines[0].avoided == (float(direct["avoided_total"]),)
    names = [line.sector for line in table.lines]
    assert names == ["", *SECTORS]
    cement = table.lines[names.index("cement")]
    assert cement.avoided == (float(direct["avoided"].sel(sector="cement")),)


# --- the accounts of a run --------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(run_of):
    return run_of("national_targets")


def test_the_system_cost_is_its_accounts_without_transfers(run):
    parts = sum(run[f"cost_{name}"] for name in SYSTEM_COSTS)
    np.testing.assert_allclose(run["system_cost"], parts, rtol=1e-12)
    nation = (run["system_cost"] - run["cost_supplied"]).sum("sector")
    np.testing.assert_allclose(run["system_cost_total"], nation, rtol=1e-12)
    assert "carbon" not in SYSTEM_COSTS
    assert float(run["cost_carbon"].sum()) > 0


def test_storage_is_paid_where_carbon_is_captured_within_the_range_of_its_cost(run):
    tonnes = run["carbon_captured"] + run["direct_air_capture"]
    paid = run["cost_storage"].sum("sector")
    late = tonnes.sel(time=slice(2030, 2060))
    price = 1000.0 * paid.sel(time=slice(2030, 2060)) / late
    assert ((price > 79.0) & (price < 201.0)).all()
    removal = run["cost_storage"].sel(sector="carbon_removal", time=2060)
    own = float(run["direct_air_capture"].sel(time=2060)) * float(price.sel(time=2060)) / 1000.0
    assert float(removal) == pytest.approx(own, rel=0.02)
    assert not run["cost_storage"].sel(sector="agriculture").any()


def test_what_suppliers_are_paid_is_part_of_what_energy_costs(run):
    assert (run["cost_supplied"] <= run["cost_energy"] + 1e-9).all()
    buys = run["electricity_demand"].sel(sector="buildings", time=2040)
    paid = float(run["cost_supplied"].sel(sector="buildings", time=2040))
    assert paid > 0.5e-3 * float(buys) * float(run["electricity_price"].sel(time=2040))


def test_frozen_policies_cost_nothing_against_themselves(run_of):
    found = simulator.abatement_cost(run_of("frozen"), run_of("frozen"))
    assert np.isnan(found["abatement_cost_total"])
