"""Chemicals in a run: history is conventional, plants are paid for, mandates move routes."""

import re
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

import simulator
from simulator.model.layout import CHEMICALS
from simulator.model.national import NationalModel
from simulator.model.record import record_of
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load
from simulator.results.dataset import build
from simulator.solvers.reference import solve
from tests.every_number import with_moved

Run = Callable[[str], xr.Dataset]
HISTORY = slice(2015, 2024)
FLOOR = "petrochemicals.fleets.ammonia.floors.green_route"


def routes(run: xr.Dataset, name: str, quantity: str = "capacity") -> xr.DataArray:
    """Capacity of one route over the products, (time, chemical)."""
    keys = [f"{product}.{name}" for product in CHEMICALS]
    return run[quantity].sel(technology=keys)


def test_history_is_conventional_and_makes_what_was_observed(run_of: Run):
    run = run_of("current_policies").sel(time=HISTORY)
    known = load_parameters()
    for product in CHEMICALS:
        tonnes = known[f"petrochemicals.output.{product}"].values[0]
        index = np.array(known[f"groups.observed.{product}.activity"].values)
        made = run["chemical_output"].sel(chemical=product)
        assert_allclose(made, tonnes * index, rtol=1e-6)
    assert float(routes(run, "capture").max()) < 1e-9
    assert float(routes(run, "green").max()) < 1e-9


def test_plants_run_near_their_target_while_history_rules(run_of: Run):
    used = routes(run_of("current_policies").sel(time=HISTORY), "conventional", "utilisation")
    assert float(used.min()) > 0.75
    assert float(used.max()) < 0.95


def test_chemical_plants_are_paid_for():
    """Every year costs at least the fixed operation of what stands and what is built new."""
    known = load_parameters()
    machines = re.compile(r"equipment\.fleets\..*\.(capital_cost|cost_floor)")
    free = filter(machines.fullmatch, known)
    scenario = with_moved(load("national_targets").resolved, *free, to=0.0)
    model = NationalModel([scenario])
    run = build(model, record_of(solve(model)), scenario, {})
    bought, kept = 0.0, 0.0
    for product in CHEMICALS:
        base = f"petrochemicals.fleets.{product}.technologies.conventional"
        capital = known[f"{base}.capital_cost"].values[0] / 1e3
        name = f"{product}.conventional"
        bought = bought + capital * run["additions"].sel(technology=name)
        kept = kept + 0.03 * capital * run["capacity"].sel(technology=name)
    spent = run["cost_investment"].sel(sector="petrochemicals")
    running = run["cost_operation"].sel(sector="petrochemicals")
    assert bool((spent >= 0.999 * bought).all())
    assert_allclose(spent.sel(time=HISTORY), bought.sel(time=HISTORY), rtol=1e-6)
    assert bool(
        (running.sel(time=slice(2016, 2060)) > 0.9 * kept.sel(time=slice(2016, 2060))).all()
    )


def test_a_mandate_builds_green_plants_and_says_what_it_could_not():
    def until(year: int, floor: object) -> xr.Dataset:
        scenario = load("current_policies").replace({"horizon.end": year, FLOOR: floor})
        return simulator.run(scenario)

    floors = (0.0, {2025: 0.0, 2040: 0.2}, {2025: 0.0, 2027: 0.8})
    runs = [until(2040, floor) for floor in floors]
    share = [float(run["green_route_share"].sel(time=2040, chemical="ammonia")) for run in runs]
    assert share[1] > max(share[0], 0.17)
    missing = [run["mandate_shortfall"].sel(mandate="ammonia.green_route") for run in runs]
    assert float(missing[0].max()) == 0.0
    assert float(missing[1].sel(time=2040)) < 0.03
    assert float(missing[2].sel(time=2027)) > 0.3
    used = [run["final_energy"].sel(carrier="hydrogen", time=2040).sum() for run in runs]
    assert float(used[1]) > float(used[0])


@pytest.mark.parametrize("name", ["national_targets", "accelerated"])
def test_routes_take_time(run_of: Run, name: str):
    """A fleet that lives for a quarter of a century does not turn over in ten years."""
    run = run_of(name)
    old = routes(run, "conventional").sum("technology")
    assert float(old.sel(time=2035) / old.sel(time=2024)) > 0.5
    assert float(old.sel(time=2060) / old.sel(time=2024)) < 0.35


def test_recycling_of_plastics_lowers_what_is_made(run_of: Run):
    plain = run_of("current_policies")
    more = {"petrochemicals.plastics_recycling": {2025: 0.31, 2040: 0.6}, "horizon.end": 2040}
    run = simulator.run(load("current_policies").replace(more))
    for name, part in (("petroleum_olefins", 0.65), ("ammonia", 0.0)):
        made = [one["chemical_output"].sel(chemical=name, time=2040) for one in (run, plain)]
        assert float(made[0] / made[1]) == pytest.approx(1.0 - 0.285 * part, abs=0.02)
    assert float(run["emissions_gross"].sel(time=2040)) < float(
        plain["emissions_gross"].sel(time=2040)
    )
