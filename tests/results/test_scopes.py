"""Scope 3 of a run: each tonne has one buyer, nothing of it enters the nation."""

from copy import copy
from dataclasses import replace

import numpy as np
import pytest

import simulator
from simulator.dimensions import SECTORS
from simulator.model.layout import EQUIPMENT_FLEETS
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load
from simulator.results.simulation import simulate
from simulator.results.variables_scopes import NAMES, _asked, scope_variables

SHORT = {"horizon.end": 2040}


@pytest.fixture(scope="module")
def done():
    return simulate(load("national_targets").replace(SHORT).resolved, "batch")


@pytest.fixture(scope="module")
def ds(done):
    return done.dataset


def test_scopes_2_and_3_are_never_added_to_the_nation(ds):
    twice = {
        f"parameters.{path}": f"{item.high} {item.unit}"
        for path, item in load_parameters().items()
        if path.startswith(("life_cycle.bought.", "life_cycle.product.battery."))
    }
    more = simulator.run(load("national_targets").replace(SHORT | twice), "batch")
    for name in set(ds.data_vars) - NAMES - {"battery_manufacturing_electricity"}:  # a memo too
        np.testing.assert_array_equal(more[name], ds[name], err_msg=str(name))
    assert not np.allclose(
        more["emissions_scope3_upstream"], ds["emissions_scope3_upstream"], rtol=1e-3
    )
    np.testing.assert_allclose(ds["emissions_gross"], ds["emissions"].sum("sector"), rtol=1e-12)


def test_each_tonne_used_at_home_has_one_buyer(done, ds):
    stuff = done.record.flows.materials
    bought = ds["materials_purchased"].sum("sector")
    made = ds["activity"].sel(sector="steel")
    np.testing.assert_allclose(
        bought.sel(purchased="steel"), made - stuff.net_export_steel[:, 0], rtol=1e-9
    )
    np.testing.assert_allclose(
        bought.sel(purchased="cement"), ds["activity"].sel(sector="cement"), rtol=1e-9
    )
    metal = ds["activity"].sel(sector="aluminium") + ds["aluminium_recycled"]
    assert float(bought.sel(purchased="aluminium", time=2020)) == pytest.approx(
        float(metal.sel(time=2020)), rel=0.15
    )
    assert (ds["materials_purchased"] >= 0).all()


def test_upstream_of_cement_is_what_its_makers_cause(ds):
    both = (ds["emissions"] + ds["emissions_scope2"]).sel(sector="cement")
    part = ds["materials_purchased"].sel(purchased="cement").sum("sector")
    np.testing.assert_allclose(
        part * ds["material_footprint"].sel(purchased="cement"), both, rtol=1e-9
    )


def test_upstream_is_what_is_bought_times_what_it_carries(ds):
    materials = (ds["materials_purchased"] * ds["material_footprint"]).sum("purchased")
    batteries = ds["batteries_purchased"] * ds["battery_footprint"] / 1000.0
    np.testing.assert_allclose(ds["emissions_scope3_upstream"], materials + batteries)
    assert float(ds["emissions_scope3_upstream"].sel(time=2020, sector="buildings")) > 1000
    assert not ds["emissions_scope3_upstream"].sel(sector="carbon_removal").any()


def test_scope_2_spreads_supply_and_bought_electricity_less(ds):
    supply = ds["emissions"].sel(sector=["power", "heat_supply", "hydrogen"]).sum("sector")
    np.testing.assert_allclose(ds["emissions_scope2"].sum("sector"), supply, rtol=1e-9)
    gap = ds["emissions_scope2"] - ds["emissions_scope2_purchased"]
    others = [name for name in SECTORS if name != "steel"]
    np.testing.assert_allclose(gap.sel(sector=others), 0.0, atol=1e-9)
    users = ds["electricity_demand"]
    factor = ds["emissions"].sel(sector="power") / users.sum("sector")
    own = 0.53 * users.sel(sector="steel") * factor
    np.testing.assert_allclose(gap.sel(sector="steel"), own, rtol=1e-9)


def test_losses_of_equipment_sold_by_hand(ds):
    factor = (
        ds["emissions"].sel(sector="power") / ds["electricity_demand"].sum("sector")
    ).values
    start, known, total = 2035, load_parameters(), 0.0
    for fleet in EQUIPMENT_FLEETS:
        chosen = ds["additions"].isel(technology=ds["technology_fleet"].values == fleet)
        for name in chosen["technology"].values:
            path = f"equipment.fleets.{fleet}.technologies.{name.split('.')[1]}"
            loss = known[f"{path}.energy.electricity"].values[0] / 3.6  # MWh a unit and year
            life = known[f"{path}.lifetime"].values[0]
            years = factor[ds["time"].values >= start]
            ahead = np.concatenate([[0.5], np.ones(len(years) - 1)])
            lived = float((years * ahead).sum() + years[-1] * (life - ahead.sum()))
            total += float(chosen.sel(time=start, technology=name)) * loss * lived
    found = float(ds["emissions_scope3_downstream"].sel(time=start, sector="machinery"))
    assert found == pytest.approx(total, rel=1e-6)


def test_vehicles_sold_emit_in_use_what_the_fleet_emits_over_the_years(ds):
    """In 2020 sales renew the fleet once in a life: their use is the fleet's, and growth."""
    down = ds["emissions_scope3_downstream"].sel(sector="automotive")
    fleet = ds["emissions"].sel(sector="automotive", time=2020)
    assert 0.9 < float(down.sel(time=2020) / fleet) < 2.2
    assert float(down.sel(time=2040)) < 0.3 * float(down.sel(time=2020))
    others = ["automotive", "construction_machinery", "machinery"]
    assert not ds["emissions_scope3_downstream"].drop_sel(sector=others).any()


def test_batteries_are_within_the_published_range_and_near_what_was_installed(ds):
    assert 61.0 <= float(ds["battery_footprint"].sel(time=2020)) <= 106.0
    installed = ds["batteries_purchased"].sel(sector="automotive")
    assert float(installed.sel(time=2020)) == pytest.approx(63.6, rel=0.15)


def test_only_what_is_asked_for_is_worked_out(done):
    from simulator.results.dataset import variables  # noqa: PLC0415

    found = variables(done.model, done.record, {"emissions_scope3_downstream"})
    assert set(found) == {"emissions_scope3_downstream"}


def test_material_of_power_plants_is_intensity_times_capacity(done, ds):
    prefix, total = "life_cycle.bought.cement.plant.", 0.0
    built = ds["additions"].sel(time=2030)
    for path, item in load_parameters().items():
        if path.startswith(prefix):
            plant = built.sel(technology=f"power.{path.removeprefix(prefix)}")
            total += float(plant) * item.values[0] / 1e3  # GW times kt/GW
    assert total > 1.0
    asked = _asked(done.model, done.record, "cement")[15, SECTORS.index("power"), 0]
    assert asked == pytest.approx(total, rel=1e-9)


def test_more_use_of_vehicles_is_more_downstream(done, ds):
    flows = done.record.flows
    longer = replace(done.record, flows=flows._replace(energy_in_use=1.5 * flows.energy_in_use))
    name = "emissions_scope3_downstream"
    found = scope_variables(done.model, longer, {name})[name][..., 0]
    ratio = {"automotive": 1.5, "construction_machinery": 1.5, "machinery": 1.0}
    for sector, factor in ratio.items():
        np.testing.assert_allclose(
            found[:, SECTORS.index(sector)], factor * ds[name].sel(sector=sector), rtol=1e-9
        )


def test_new_vehicles_use_what_new_vehicles_use(done, ds):
    """Half the energy of what is new, the same in use: half the use of what is sold."""
    model, name = copy(done.model), "emissions_scope3_downstream"
    technique = model.parameters.fleets.technique
    new = technique.new_energy
    half = technique._replace(new_energy=type(new)(0.5 * new.start, 0.5 * new.slope))
    fleets = model.parameters.fleets._replace(technique=half)
    model.parameters = model.parameters._replace(fleets=fleets)
    found = scope_variables(model, done.record, {name})[name][..., 0]
    np.testing.assert_allclose(found, 0.5 * ds[name], rtol=1e-9)


def test_industry_with_its_energy_emits_no_more_than_the_nation(ds):
    outside = ["power", "heat_supply", "hydrogen", "buildings", "automotive",
               "other_transport", "agriculture", "carbon_removal"]  # fmt: skip
    industry = (ds["emissions"] + ds["emissions_scope2"]).drop_sel(sector=outside)
    assert (industry.sum("sector") <= ds["emissions_gross"]).all()
