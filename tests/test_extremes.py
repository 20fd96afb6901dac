"""Whatever a scenario sets inside its ranges, the run is finite, conserved and honest."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
import xarray as xr
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

import simulator
from simulator.analysis.evaluation import evaluate
from simulator.errors import SimulatorError
from simulator.model.packing import leaves
from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.scenario import Scenario, load
from simulator.reading.sweep import load_ensemble
from simulator.results.simulation import simulate
from tests.together import results_together

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


@settings(max_examples=6, derandomize=True)
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


GOODS = ("buildings", "infrastructure", "machinery", "vehicles")
VARIABLE = ("solar_utility", "solar_distributed", "onshore_wind", "offshore_wind")
STEEL = {"buildings": 4.6, "infrastructure": 2.2, "machinery": 2.35, "vehicles": 2.25}


def materials(times: float) -> dict[str, float]:
    """Materials in use per person multiplied."""
    return {f"parameters.steel.in_use.{g}.saturation": v * times for g, v in STEEL.items()} | {
        "parameters.cement.in_use.saturation": 50.0 * times,
        "parameters.aluminium.in_use.saturation": 0.9 * times,
    }


ALONE = {
    "carbon price of 10 000": {
        "policies.carbon_price_floor": None,
        "parameters.carbon_market.price_floor": {2025: 70, 2030: 10_000},
    },
    "no new wind and sun": {"policies.renewable_build_floor": None}
    | {f"parameters.power.technologies.{name}.share_weight": 1e-6 for name in VARIABLE},
    "no storage": {
        "policies.flexibility": None,
        "parameters.power.technologies.battery.share_weight": 1e-6,
        "parameters.power.technologies.long_storage.share_weight": 1e-6,
    },
    "no scrap": {
        "parameters.steel.scrap.new_scrap_recovery": 0.0,
        "parameters.steel.scrap.imported": 0.0,
    }
    | {f"parameters.steel.in_use.{name}.collection": 0.0 for name in GOODS},
    "no demand for materials": materials(1e-3),
    "twice the demand for materials": materials(2.0),
    "recession and recovery": {
        "parameters.common.gdp_growth": {
            2015: 0.069, 2024: 0.05, 2027: 0.05, 2028: -0.05, 2030: -0.05, 2031: 0.1,
            2033: 0.1, 2034: 0.036, 2060: 0.017,
        }
    },
}  # fmt: skip
"""Extremes that no policy has: by the batch engine to 2060."""

LATE = "everything five years later"


@cache
def to_2060() -> Mapping[str, xr.Dataset]:
    """Extremes that no policy has, side by side, and a world that does all later."""
    base = load("national_targets")
    changes = {**ALONE, LATE: five_years_later(base)}
    scenarios = [base, *(base.replace(one) for one in changes.values())]
    return dict(zip(("", *changes), results_together(scenarios), strict=True))


@pytest.mark.parametrize("name", [*EXTREMES, *ALONE])
def test_extremes_are_finite_and_their_unmet_demand_is_reported(name: str) -> None:
    if name in EXTREMES:
        changed = load("national_targets").replace({"horizon.end": END, **EXTREMES[name]})
        dataset = simulator.run(changed)
    else:
        dataset = to_2060()[name]
    for variable in dataset.data_vars.values():
        if variable.dtype.kind == "f":
            assert np.all(np.isfinite(variable.values)), variable.name
    if float(dataset["unmet_demand"].max()) > 1e-3:
        assert "found no plant" in str(dataset.attrs["warnings"])


def test_policy_that_comes_five_years_later_brings_neutrality_later() -> None:
    """What is written for a year after 2025 holds five years later."""
    on_time, delayed = (to_2060()[name]["emissions_net"] for name in ("", LATE))
    level = float(on_time.sel(time=2050))
    crossed = int(delayed["time"][int((delayed.values <= level).argmax())])
    assert 2053 <= crossed <= 2056


def five_years_later(base: Scenario) -> dict[str, object]:
    """Settings of the policies of a scenario, all later."""
    written = yaml.safe_load(base.resolved.yaml)["policies"]
    return {
        f"policies.{policy}.{name}": _later(value)
        for policy, settings in written.items()
        for name, value in settings.items()
    }


def _later(value: object) -> object:
    """A setting five years later; what holds by 2025 stays."""
    if isinstance(value, dict):
        moved = {year + 5 if year > 2025 else year: v for year, v in value.items()}
        end = float(np.interp(2060, list(moved), list(moved.values())))
        return {year: v for year, v in moved.items() if year < 2060} | {2060: end}
    late = isinstance(value, int) and 2025 < value <= 2060
    return value + 5 if late else value  # type: ignore[operator]


@pytest.mark.slow
def test_a_thousand_draws_stay_finite_and_conserved() -> None:
    sweep = load_ensemble(load("national_targets"), 1000, 3)
    found = evaluate(sweep, 0, len(sweep))
    assert found.failures == {}
    assert np.all(np.isfinite(found.dataset["emissions_net"].values))


def test_a_ban_stops_orders_at_its_date() -> None:
    scenario = load("frozen").replace({"horizon.end": END, **ALL_BANS})
    added = simulator.run(scenario)["additions"].sel(technology="power.coal_supercritical")
    # Only what was ordered before the ban is completed, with a construction time of 3 years.
    fading = float(added.sel(time=2034)) / float(added.sel(time=2033))
    assert fading == pytest.approx(np.exp(-1 / 3), rel=1e-3)


def test_a_collapse_of_the_input_is_an_error_and_not_a_traceback() -> None:
    with pytest.raises(SimulatorError, match="lifetime"):
        load("frozen").replace({"parameters.steel.technologies.scrap_eaf.lifetime": "-3 yr"})
