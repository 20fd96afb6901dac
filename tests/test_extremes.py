"""Whatever a scenario sets inside its ranges, the run is finite, conserved and honest."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import simulator
from simulator.errors import SimulatorError
from simulator.model.packing import leaves
from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.scenario import load
from simulator.results.simulation import simulate

END = 2034
"""Last year of the runs: reduced, so that the tests stay short."""


def varied() -> list[Parameter]:
    """Constants with a range that is not a single point, outside the record of history."""
    return [
        p
        for p in load_parameters().values()
        if not p.times
        and p.low is not None
        and p.high is not None
        and p.high > p.low
        and p.unit != "year"
        and "observed" not in p.path
    ]


@settings(max_examples=6, deadline=None, derandomize=True)
@example(60219687)
@given(st.integers(0, 2**31))
def test_random_parameters_within_their_ranges_stay_finite_and_conserved(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chosen = rng.choice(np.array(varied(), dtype=object), 40, replace=False)
    changes = {f"parameters.{p.path}": float(rng.uniform(p.low, p.high)) for p in chosen}
    scenario = load("national_targets").replace({"horizon.end": END, **changes})
    _, record, dataset = simulate(scenario.resolved)
    assert all(np.all(np.isfinite(array)) for _, array in leaves(record.after))
    assert all(np.all(np.isfinite(array)) for _, array in leaves(record.flows))
    assert float(dataset["emissions_gross"].min()) > 0
    assert float(dataset["capacity"].min()) > -1e-3


ALL_BANS = {
    "policies.coal_power_ban.from": 2026,
    "policies.blast_furnace_moratorium.from": 2026,
    "policies.motor_standard.ie3": 2026,
    "policies.motor_standard.ie4": 2027,
    "policies.coal_boiler_ban.light_industry": 2026,
    "policies.coal_boiler_ban.textiles": 2026,
    "policies.coal_boiler_ban.buildings": 2026,
    "policies.coal_boiler_ban.network": 2026,
    "policies.coal_boiler_ban.metalworking": 2026,
}

EXTREMES = {
    "no carbon price": {"policies.carbon_price_floor.schedule": 0},
    "highest carbon price": {"policies.carbon_price_floor.schedule": {2025: 70, 2026: 2500}},
    "all bans at once": ALL_BANS,
    "no storage credit, no demand response": {
        "policies.flexibility.demand_response": 0,
        "policies.flexibility.storage": 0,
    },
    "everything electric at once": {
        "policies.new_energy_vehicle_mandate.car": {2025: 0.5, 2026: 1.0},
        "policies.new_energy_vehicle_mandate.heavy_truck": {2025: 0.2, 2026: 1.0},
    },
    "stagnation": {"parameters.common.gdp_growth": {2015: 0.06, 2024: 0.05, 2025: 0.0}},
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_are_finite_and_their_unmet_demand_is_reported(name: str) -> None:
    scenario = load("national_targets").replace({"horizon.end": END, **EXTREMES[name]})
    dataset = simulator.run(scenario)
    for variable in ("emissions_net", "capacity", "electricity_gross", "unmet_demand"):
        assert np.all(np.isfinite(dataset[variable].values)), variable
    if float(dataset["unmet_demand"].max()) > 1e-3:
        assert "found no plant" in str(dataset.attrs["warnings"])


def test_a_ban_stops_orders_at_its_date() -> None:
    scenario = load("frozen").replace({"horizon.end": END, **ALL_BANS})
    added = simulator.run(scenario)["additions"].sel(technology="power.coal_supercritical")
    # Only what was ordered before the ban is completed, with a construction time of 3 years.
    fading = float(added.sel(time=2034)) / float(added.sel(time=2033))
    assert fading == pytest.approx(np.exp(-1 / 3), rel=1e-3)


def test_a_collapse_of_the_input_is_an_error_and_not_a_traceback() -> None:
    with pytest.raises(SimulatorError, match="lifetime"):
        load("frozen").replace({"parameters.steel.technologies.scrap_eaf.lifetime": "-3 yr"})
