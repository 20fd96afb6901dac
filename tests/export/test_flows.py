"""What figures add up: sums are kept, and each figure refuses what it cannot draw."""

import numpy as np
import pytest

from simulator.dimensions import CARRIERS
from simulator.errors import ScenarioError
from simulator.export import plot
from simulator.export.bands import bands_of, shares
from simulator.export.figures_fleets import powertrains
from simulator.export.figures_use import cost_bands
from simulator.export.flows import final_energy
from simulator.export.palette import CARRIER_BANDS, FLEET_BANDS
from simulator.export.waterfall import steps
from simulator.reading.fleets import load_fleets
from simulator.results.joined import join
from tests.synthetic import MACHINES, dataset

RUN = dataset()


def test_energy_flows_keep_the_energy_of_the_year():
    run = RUN.copy(deep=True)
    run["final_energy"].values[:] = np.random.default_rng(7).uniform(
        0, 900, run["final_energy"].shape
    )
    flows = final_energy(run, 2040)
    used = run["final_energy"].sel(time=2040)
    assert flows.table.sum() == pytest.approx(float(used.sum()) / 1000)
    by_name = {
        band.key: row.sum() for band, row in zip(flows.carriers, flows.table, strict=True)
    }
    assert by_name["coal"] == pytest.approx(float(used.sel(carrier="coal").sum()) / 1000)
    steel = [band.key for band in flows.users].index("steel")
    assert flows.table[:, steel].sum() == pytest.approx(
        float(used.sel(sector="steel").sum()) / 1000
    )


def test_every_carrier_and_technology_has_a_band():
    members = [member for band in CARRIER_BANDS for member in band.members]
    assert sorted(members) == sorted(CARRIERS)
    for name, fleet in load_fleets().items():
        known = {member for band in FLEET_BANDS.get(name, ()) for member in band.members}
        assert set(fleet.declaration.technologies) <= known or name == "direct_air_capture"


def test_a_waterfall_reaches_its_end():
    other = dataset("current_policies", 0.6)
    other["sink"].values[:] += 100.0
    other["emissions_net"].values[:] -= 100.0
    for year in (2030, 2060):
        found = steps(RUN, other, year)
        assert found.start == pytest.approx(float(RUN["emissions_net"].sel(time=year)))
        assert found.end == pytest.approx(float(other["emissions_net"].sel(time=year)))
        total = found.start + sum(value for _, value in found.steps)
        assert total == pytest.approx(found.end)
        assert found.steps[-1][1] == pytest.approx(-100.0)


def test_shares_of_a_fleet_add_up_and_strangers_are_named():
    for name in ("steelmaking", "cars", "motors"):
        assert np.sum([values for _, values in shares(RUN, name)], axis=0) == pytest.approx(100)
    odd = RUN.assign_coords(
        technology=[str(item).replace("gas_dri", "magic") for item in RUN["technology"].values]
    )
    assert "magic" in [band.en for band in bands_of(odd, "steelmaking")]
    assert np.sum([values for _, values in shares(odd, "steelmaking")], axis=0) == (
        pytest.approx(100)
    )


def test_machines_of_all_kinds_are_counted_once():
    total = sum(
        float(RUN["capacity"].isel(time=3).values[place])
        for place, name in enumerate(RUN["fleet"].values)
        if name in MACHINES
    )
    assert sum(values[3] for _, values in powertrains(RUN)) == pytest.approx(total)


def test_parts_of_the_cost_add_up_to_that_of_the_nation():
    parts = sum(values for _, values in cost_bands(RUN))
    names = ("investment", "operation", "material", "energy", "storage")
    whole = sum(RUN[f"cost_{name}"].sum("sector").values for name in names)
    assert parts == pytest.approx(whole - RUN["cost_supplied"].sum("sector").values)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ScenarioError, match='"buildings" has no fleet'):
        plot.fleet(RUN, "buildings")
    with pytest.raises(ScenarioError, match="no year 2070: choose one from 2015 to 2060"):
        plot.energy_flows(RUN, 2070)
    with pytest.raises(ScenarioError, match="no scenario dream; there are a, b"):
        plot.between(join({"a": RUN, "b": RUN}), "a", "dream")
    with pytest.raises(ScenarioError, match="has no year 2070"):
        plot.waterfall(RUN, RUN, 2070)
