"""The result data set: complete, labelled, and right where it can be computed by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import simulator
from simulator.dimensions import CARRIERS, SECTORS
from simulator.errors import BalanceError, ScenarioError
from simulator.reading.parameters import load_parameters
from simulator.reading.roadmap import list_roadmaps, load_roadmap
from simulator.reading.scenario import load
from simulator.results.axes import ratio
from simulator.results.dataset import NOT_MODELLED, build
from simulator.results.expression import parse
from simulator.results.quantities import load_quantities
from simulator.results.simulation import ENGINES, Simulation, run, simulate
from simulator.results.variables_fleets import TRACE, Block, _mean_age, _present
from simulator.units import parse as parse_unit

END = 2031


@pytest.fixture(scope="module")
def scenario():
    return load("national_targets").replace({"horizon.end": END})


@pytest.fixture(scope="module")
def done(scenario) -> Simulation:
    return simulate(scenario.resolved)


@pytest.fixture(scope="module")
def ds(done) -> xr.Dataset:
    return done.dataset


def at(array: xr.DataArray, year: int, **places: str) -> float:
    return float(array.sel(time=year, **places))


# --- shape and labels ---------------------------------------------------------------------


def test_every_row_of_the_registry_is_there_or_named_as_not_modelled(ds):
    assert set(load_quantities()) - set(ds.data_vars) == set(NOT_MODELLED)
    assert set(ds.data_vars) <= set(load_quantities())


def test_names_dimensions_and_attributes_are_those_of_the_registry(ds):
    for name, variable in ds.data_vars.items():
        quantity = load_quantities()[str(name)]
        assert variable.dims == quantity.dims, name
        for key in ("units", "long_name", "long_name_zh", "description", "cell_methods"):
            assert variable.attrs[key], (name, key)


def test_every_unit_is_one_that_the_program_reads(ds):
    units = {variable.attrs["units"] for variable in ds.data_vars.values()}
    for coordinate in ("technology_unit", "sector_unit", "mandate_unit"):
        units |= set(ds[coordinate].values.tolist())
    for unit in units:
        assert parse_unit(unit).factor > 0, unit


def test_unit_coordinates_exist(ds):
    for variable in ds.data_vars.values():
        named = variable.attrs.get("units_coordinate", "").split("/")[0]
        assert not named or named in variable.coords


def test_time_is_whole_years(ds):
    assert ds["time"].dtype == np.int64
    assert ds["time"].values.tolist() == list(range(2015, END + 1))


def test_nothing_is_missing(ds):
    for name, variable in ds.data_vars.items():
        assert np.isfinite(variable.values).all(), name


def test_labels_are_unique_and_in_both_languages(ds):
    for axis in ("sector", "carrier", "generator", "equipment", "efficiency_class",
                 "pollutant", "material", "vehicle", "technology"):  # fmt: skip
        names = ds[axis].values.tolist()
        assert len(set(names)) == len(names)
        assert all(ds[f"{axis}_label_en"].values)
        assert all(ds[f"{axis}_label_zh"].values)
    chinese = ds["technology_label_zh"].sel(technology="steel.scrap_eaf").item()
    assert any("一" <= letter <= "鿿" for letter in chinese)


@pytest.mark.parametrize(
    ("name", "fleet", "sector"),
    [
        ("steel.scrap_eaf", "steelmaking", "steel"),
        ("cement.kiln_ccs", "clinker", "cement"),
        ("aluminium.carbon_anode", "smelting", "aluminium"),
        ("aluminium.coal_alumina", "alumina", "aluminium"),
        ("cars.battery_electric", "cars", "automotive"),
        ("network_heat.coal", "network_heat", "heat_supply"),
        ("hydrogen.grid_electrolysis", "hydrogen_production", "hydrogen"),
        ("power.solar_utility", "generators", "power"),
        ("motors.ie4", "motors", "machinery"),
    ],
)
def test_technologies_are_named_by_folder_or_fleet(ds, name, fleet, sector):
    found = ds["capacity"].sel(technology=name)
    assert found["technology_fleet"].item() == fleet
    assert found["technology_sector"].item() == sector


def test_every_roadmap_reads_only_variables_that_runs_have(ds):
    for roadmap in map(load_roadmap, list_roadmaps()):
        for milestone in roadmap.milestones:
            assert set(parse(milestone.metric).variables) <= set(ds.data_vars), milestone.id


def test_no_milestone_is_left_out_for_want_of_data(ds):
    for item in simulator.milestones(ds):
        assert "variable" not in item.reason, item
        assert "label" not in item.reason, item


# --- sums, ratios and stocks ----------------------------------------------------------------


def test_totals_are_sums_of_parts(ds):
    sums = {
        "emissions_gross": ds["emissions"].sum("sector"),
        "emissions_net": ds["emissions_gross"] - ds["sink"],
        "electricity_gross": ds["generation"].sum("generator"),
    }
    for name, expected in sums.items():
        np.testing.assert_allclose(ds[name], expected, rtol=1e-12)
    parts = ds["emissions_by_fuel"].sum("carrier") + ds["emissions_process"]
    np.testing.assert_allclose(ds["emissions_gross"], parts, rtol=1e-12)


def test_scope_2_is_what_supply_emits_and_its_share_by_hand(ds):
    supply = ds["emissions"].sel(sector=["power", "heat_supply", "hydrogen"])
    np.testing.assert_allclose(
        ds["emissions_scope2"].sum("sector"), supply.sum("sector"), rtol=1e-9
    )
    taken = (ds["final_energy"] + ds["transformation_input"]).sel(time=2025)
    expected = 0.0
    for carrier, sector in (
        ("electricity", "power"),
        ("heat", "heat_supply"),
        ("hydrogen", "hydrogen"),
    ):
        use = taken.sel(carrier=carrier)
        share = float(use.sel(sector="textiles") / use.sum())
        expected += share * at(ds["emissions"], 2025, sector=sector)
    assert at(ds["emissions_scope2"], 2025, sector="textiles") == pytest.approx(expected)


def test_emissions_of_a_sector_without_processes_are_fuel_times_factors(ds):
    data = load_parameters()
    factors = [data[f"common.emission_factor.{name}"].values[0] for name in CARRIERS]
    expected = (ds["final_energy"].sel(sector="agriculture") * np.array(factors)).sum("carrier")
    np.testing.assert_allclose(ds["emissions"].sel(sector="agriculture"), expected, rtol=1e-9)


def test_what_makes_energy_is_not_final(ds):
    suppliers = ["power", "heat_supply", "hydrogen"]
    users = [name for name in SECTORS if name not in suppliers]
    assert not ds["final_energy"].sel(sector=suppliers).any()
    assert not ds["transformation_input"].sel(sector=users).any()
    burnt = ds["transformation_input"].sel(sector="power", carrier="coal", time=2020)
    made = at(
        ds["generation"]
        .sel(generator=["coal_subcritical", "coal_supercritical"])
        .sum("generator"),
        2020,
    )
    assert 8.0 < float(burnt) / made < 10.5  # PJ of coal per TWh


def test_ratios_are_ratios_of_integrals(ds):
    power = ds["emissions"].sel(sector="power")
    np.testing.assert_allclose(
        ds["grid_carbon_intensity"], 1000.0 * power / ds["electricity_gross"], rtol=1e-12
    )
    energy = ds["final_energy"].sel(sector="steel")
    share = energy.sel(carrier="electricity") / (
        energy.sum("carrier") - energy.sel(carrier="feedstock")
    )
    np.testing.assert_allclose(ds["electrification_share"].sel(sector="steel"), share)
    sold = ds["additions"].isel(technology=ds["technology_fleet"].values == "cars")
    new = sold.sel(
        technology=["cars.plug_in_hybrid", "cars.battery_electric", "cars.fuel_cell"]
    )
    expected = new.sum("technology") / sold.sum("technology")
    np.testing.assert_allclose(ds["new_energy_vehicle_share"].sel(vehicle="cars"), expected)


def test_capacity_changes_by_its_turnover(ds):
    change = ds["capacity"].diff("time")
    flows = ds["additions"] - ds["retirements"] + ds["retrofits"]
    whole = ds["capacity"].max("time")
    gap = np.abs(change - flows.isel(time=slice(1, None))) / np.maximum(whole, 1e-6)
    assert float(gap.max()) < 1e-9


def test_output_is_utilisation_times_capacity(done, ds):
    made = (ds["mean_capacity"] * ds["utilisation"]).sel(time=2030)
    steel = made.isel(technology=ds["technology_fleet"].values == "steelmaking").sum()
    whole = at(ds["activity"], 2030, sector="steel")
    assert float(steel) == pytest.approx(whole, rel=TRACE)  # what is a trace has no use
    layout, output = done.model.layout, done.record.flows.fleets.output[2030 - 2015, :, :, 0]
    row = [fleet.name for fleet in layout.fleets].index("steelmaking")
    for place, name in enumerate(layout.technologies(layout.fleets[row])):
        own = float(made.sel(technology=f"steel.{name}"))
        assert own in (pytest.approx(output[row, place], rel=1e-9), 0.0), name
    nuclear = float(made.sel(technology="power.nuclear")) * 8.76
    assert nuclear == pytest.approx(at(ds["generation"], 2030, generator="nuclear"), rel=1e-9)


def test_power_capacity_is_the_capacity_of_the_generators(ds):
    same = ds["capacity"].sel(technology="power.hydro")
    np.testing.assert_array_equal(ds["power_capacity"].sel(generator="hydro"), same)


def test_efficiency_classes_add_up_and_belong_to_their_equipment(ds):
    np.testing.assert_allclose(ds["efficiency_mix"].sum("efficiency_class"), 1.0, rtol=1e-12)
    assert at(ds["efficiency_mix"], 2025, equipment="fans", efficiency_class="ie3") == 0.0
    motors = ds["capacity"].isel(technology=ds["technology_fleet"].values == "motors")
    share = motors.sel(technology="motors.ie3") / motors.sum("technology")
    mix = ds["efficiency_mix"].sel(equipment="motors", efficiency_class="ie3")
    np.testing.assert_allclose(mix, share)


def test_mean_age_of_a_steady_stock_is_that_of_an_erlang_chain(done):
    p, state = done.model.parameters.fleets, done.record.after.fleets
    steady = state._replace(capacity=np.ones_like(state.capacity[:, :4]))
    standing = steady.capacity.sum(axis=1)
    block = Block(p, steady, done.record.flows.fleets, 1.0, standing)
    classes = 4
    lifetime = classes / p.chain.transfer[0, 0, 0]
    expected = lifetime * (classes + 1) / (2 * classes)
    assert _mean_age(block)[0, 0, 0, 0] == pytest.approx(expected)


def test_use_is_over_what_stood_on_average(done, ds):
    """Of what grows in the year as of what stands still; a trace has none."""
    grown = ds["capacity"].sel(time=2030) / ds["capacity"].sel(time=2029)
    assert float(grown.max()) > 2.0
    flows = done.record.flows.fleets
    most = (flows.output[:, 0] / np.maximum(flows.standing[:, 0], 1e-12)).max()
    assert most <= done.model.parameters.fleets.technique.maximum_utilisation[0].max() + 1e-9
    standing = np.array([[1.0, 2.0 * TRACE, 0.5 * TRACE], [0.1, 1e-9, 0.0]])
    found = _present(standing[:, np.newaxis, :, np.newaxis])[:, 0, :, 0]
    np.testing.assert_array_equal(found, [[1.0, 2.0 * TRACE, 0.0], [0.1, 0.0, 0.0]])


def test_manufacturing_intensity_leaves_out_vehicles_in_use(ds):
    series = ds["manufacturing_energy_intensity"].sel(sector="automotive")
    assert at(series, 2020) == pytest.approx(1.0)
    energy = ds["final_energy"].sel(sector="automotive").sum("carrier")
    whole = energy / ds["activity"].sel(sector="automotive")
    assert abs(at(series, 2015) - at(whole, 2015) / at(whole, 2020)) > 0.01


def test_ratio_of_nothing_is_nothing():
    np.testing.assert_array_equal(ratio(np.array([1.0, 3.0]), np.array([0.0, 2.0])), [0.0, 1.5])


# --- what others have published ---------------------------------------------------------------


def test_grid_intensity_of_2021_is_near_the_published_one(ds):
    assert at(ds["grid_carbon_intensity"], 2021) == pytest.approx(558.0, rel=0.02)
    assert at(ds["thermal_carbon_intensity"], 2021) == pytest.approx(828.0, rel=0.02)


@pytest.mark.parametrize(("year", "share"), [(2019, 0.153), (2020, 0.159), (2023, 0.179)])
def test_nonfossil_share_is_near_the_published_one(ds, year, share):
    assert at(ds["nonfossil_share"], year) == pytest.approx(share, abs=0.008)


def test_industry_grows_as_published(ds):
    series = ds["industrial_value_added"]
    published = 1.096 * 1.034 * 1.042 * 1.057
    assert at(series, 2024) / at(series, 2020) == pytest.approx(published, rel=0.02)
    assert at(series, 2020) == pytest.approx(31307.0, rel=0.02)


# --- provenance -------------------------------------------------------------------------------


def test_attributes_say_what_was_run_and_how_well_it_closes(ds, scenario):
    assert ds.attrs["scenario"] == "national_targets"
    assert ds.attrs["scenario_yaml"] == scenario.resolved.yaml
    assert ds.attrs["scenario_hash"] == scenario.resolved.digest
    assert ds.attrs["code_version"] == simulator.__version__
    assert json.loads(ds.attrs["solver"])["engine"] == "reference"
    ledger = json.loads(ds.attrs["ledger"])
    assert len(ledger) > 20
    assert max(ledger.values()) < 1e-6


def test_the_same_input_gives_the_same_bits(ds, scenario):
    again = run(scenario)
    assert again.identical(ds)
    for name, variable in again.data_vars.items():
        assert variable.values.tobytes() == ds[name].values.tobytes(), name


def first_year(flow):
    """One in the first year, nothing later."""
    return np.where(np.arange(len(flow)) == 0, 1.0, 0.0)[:, np.newaxis]


def test_a_flow_that_does_not_fit_its_stock_is_refused(done, scenario):
    flows = done.record.flows
    lost = flows._replace(injected=flows.injected + first_year(flows.injected))
    broken = replace(done.record, flows=lost)
    with pytest.raises(BalanceError, match="storage"):
        build(done.model, broken, scenario.resolved, {})


def test_unmet_demand_becomes_a_remark(done, scenario):
    flows = done.record.flows
    told = "were not generated"
    assert told not in done.dataset.attrs["warnings"]
    missing = 50.0 * first_year(flows.power.unmet)
    short = flows.power._replace(
        unmet=flows.power.unmet + missing, losses=flows.power.losses + missing
    )
    broken = replace(done.record, flows=flows._replace(power=short))
    found = build(done.model, broken, scenario.resolved, {})
    assert told in found.attrs["warnings"]


# --- the public names -------------------------------------------------------------------------


def test_public_names_are_sorted_and_there():
    assert simulator.__all__ == sorted(simulator.__all__)
    for name in simulator.__all__:
        assert getattr(simulator, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        simulator.runn  # noqa: B018


def test_compare_puts_short_runs_side_by_side():
    names = ("current_policies", "frozen")
    short = [load(name).replace({"horizon.end": 2025}) for name in names]
    both = simulator.compare(short)
    assert both["scenario"].values.tolist() == list(names)
    alone = run(short[1])
    np.testing.assert_array_equal(both["emissions"].sel(scenario="frozen"), alone["emissions"])
    with pytest.raises(ScenarioError, match="frozen"):
        simulator.compare([short[1], short[1]])


def test_an_unknown_engine_is_named_with_the_known_ones(scenario):
    with pytest.raises(ScenarioError, match="reference"):
        run(scenario, engine="steam")
    assert "reference" in ENGINES
