"""Prices of products: free allocation lowers them, and demand answers (loop B4)."""

from typing import Any

import numpy as np
import pytest

from simulator.dimensions import SECTORS
from simulator.equations.materials import ALUMINIUM, CEMENT, STEEL
from simulator.equations.schedule import Clock, read_clock
from simulator.model.derivative import work_out
from simulator.model.layout import FLEETS
from simulator.model.national import NationalModel
from simulator.reading.scenario import load

NAME = "accelerated"


def model_of(**changes: Any) -> NationalModel:
    return NationalModel([load(NAME).replace(changes).resolved])


@pytest.fixture(scope="module")
def model() -> NationalModel:
    return model_of()


@pytest.fixture(scope="module")
def state(model: NationalModel) -> Any:
    return model.initial()


def clock_of(model: NationalModel, year: float) -> Clock:
    return read_clock(np, model.parameters.grid, np.float64(year))


def test_what_is_given_free_is_not_in_the_price(state):
    costs = []
    for share in (0.0, 1.0):
        other = model_of(**{"policies.free_allocation.schedule": share})
        clock = clock_of(other, 2035.5)
        day = work_out(np, clock, state, other.parameters)
        costs.append(day.product_cost[:, 0])
        paid = day.now.prices.sector_carbon[SECTORS.index("steel"), 0]
    row = FLEETS.index("steelmaking")
    made = day.fleets.activity[row, :, 0]
    emitted = (made * day.fleets.unit.direct[row, :, 0]).sum() / made.sum()
    assert paid > 300.0
    assert costs[0][0] - costs[1][0] == pytest.approx(paid * emitted, rel=1e-4)
    assert np.all(costs[0] > costs[1])


@pytest.mark.parametrize(
    ("product", "goods", "name"),
    [(0, STEEL, "steel"), (1, CEMENT, "cement"), (2, ALUMINIUM, "aluminium")],
)
def test_demand_answers_to_the_perceived_price(model, state, product, goods, name):
    p = model.parameters
    elasticity = float(model.values.number(f"{name}.price_elasticity", "1")[0])
    assert elasticity < -0.05
    rise = 0.2 * p.product_prices.level * (np.arange(3) == product)[:, np.newaxis]
    prices = state.product_prices
    dear = state._replace(product_prices=prices._replace(perceived=prices.perceived + rise))
    for year, expected in ((2035.5, 1.2**elasticity), (2020.5, 1.0)):
        clock = clock_of(model, year)
        before, after = (
            work_out(np, clock, held, p).asked.demand.inflow[goods].sum()
            for held in (state, dear)
        )
        assert before > 0.0
        assert after / before == pytest.approx(expected, rel=1e-9)


def test_demand_for_chemicals_answers_and_that_for_fuels_does_not(model, state):
    p, prices = model.parameters, state.product_prices
    dear = state._replace(product_prices=prices._replace(energy=1.4 * prices.energy))
    names = model.groups.groups.names
    share = float(p.product_prices.energy_share[0])
    for year, factor in ((2035.5, (1.0 + 0.4 * share) ** -0.3), (2020.5, 1.0)):
        clock = clock_of(model, year)
        before, after = (
            work_out(np, clock, held, p).groups.activity[:, 0] for held in (state, dear)
        )
        ratio = dict(zip(names, after / before, strict=True))
        assert ratio["ammonia"] == pytest.approx(factor, rel=1e-9)
        assert ratio["refining"] == ratio["residential"] == 1.0


def test_a_cut_loop_leaves_demand_alone(state):
    other = model_of(**{"parameters.loops.demand_response": 0})
    prices = state.product_prices
    dear = state._replace(product_prices=prices._replace(perceived=2.0 * prices.perceived))
    clock = clock_of(other, 2035.5)
    before, after = (
        work_out(np, clock, held, other.parameters).asked.demand.inflow
        for held in (state, dear)
    )
    np.testing.assert_array_equal(before, after)
