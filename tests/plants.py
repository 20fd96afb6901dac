"""The power plants of 2024, and any others, dispatched and ordered; for tests."""

from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulator.equations import adequacy, dispatch, expansion
from simulator.equations.schedule import read_clock
from simulator.model.assembly.power import assemble_power
from simulator.model.series import grid_of, place_on_grid
from simulator.model.values import Values
from simulator.reading.fleets import load_fleets
from simulator.reading.parameters import load_parameters

NAMES = tuple(load_fleets()["generators"].declaration.technologies)
PLACE = {name: place for place, name in enumerate(NAMES)}
FLEET_2024 = {
    "coal_subcritical": 464, "coal_supercritical": 726, "gas": 140, "nuclear": 61,
    "hydro": 377, "onshore_wind": 479, "offshore_wind": 41, "solar_utility": 511,
    "solar_distributed": 375, "csp": 0.8, "biomass": 46, "battery": 74, "long_storage": 59,
}  # fmt: skip
COST = np.array([300, 280, 500, 600, 700, 62, 0, 0, 0, 0, 0, 20, 660, 400, 0, 0], dtype=float)[
    :, None
]
fleets = arrays(np.float64, (16, 2), elements=st.floats(0, 3000, allow_subnormal=False))
demands = arrays(np.float64, 2, elements=st.floats(0, 30000, allow_subnormal=False))
times = st.sampled_from([2016.4, 2024.9, 2025.0, 2035.3, 2060.5])


@cache
def power() -> tuple[Any, Any]:
    spec = assemble_power(Values([load_parameters()]), load_fleets()["generators"])
    grid = grid_of(spec, 2015.0, 2061.0)
    return place_on_grid(spec, grid), grid


def clock(time: float) -> Any:
    return read_clock(np, power()[1], time)


def stock(**change: float) -> np.ndarray:
    named = {**FLEET_2024, **change}
    return np.array([[float(named.get(name, 0.0))] for name in NAMES])


def run(
    capacity: Any, demand: Any, time: float = 2035.0, flexible: Any = 0.0, habit: Any = 0.0
) -> Any:
    p, demand = power()[0], np.asarray(demand, dtype=float)
    load = adequacy.average_load(np, demand)
    storage = adequacy.storage_use(np, p.adequacy, capacity=capacity, load=load)
    now = dispatch.dispatch(
        np, p.dispatch, clock(time), demand=demand, capacity=capacity,
        short_run_cost=COST, storage=storage, flexible=np.asarray(flexible), habit=habit,
    )  # fmt: skip
    return now, storage


def order(capacity: Any, demand: Any, time: float = 2035.0, **given_: Any) -> Any:
    p, zero = power()[0], 0.0 * np.asarray(capacity)
    now, storage = run(capacity, demand, time)
    fleet = expansion.Fleet(
        capacity=capacity,
        pipeline=given_.get("pipeline", zero),
        retirement=given_.get("retirement", zero),
        availability=given_.get("availability", zero + 1.0),
    )
    outlook = expansion.Outlook(
        demand=np.asarray(demand, dtype=float),
        growth=np.asarray(given_.get("growth", 0.02)),
        cost=given_.get("cost", zero + 300.0),
        log_share_weight=given_.get("weights", zero),
        short_run_cost=COST,
        capacity_cost=zero + 300.0,
    )
    special = given_.get("special", p.expansion)
    ordered = expansion.orders(
        np, special, p.dispatch, p.adequacy, clock(time),
        fleet=fleet, outlook=outlook, now=now, storage=storage,
    )  # fmt: skip
    return ordered, fleet
