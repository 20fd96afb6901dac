"""Firm capacity: what storage and plants are worth when demand peaks."""

import numpy as np
from numpy.testing import assert_allclose

from simulator.equations import adequacy, expansion
from simulator.reading.parameters import load_parameters
from tests.plants import COST, clock, power, run, stock


def test_storage_saturates_and_its_marginal_credit_is_the_slope() -> None:
    p, load = power()[0].adequacy, np.array([1000.0])

    def firm(battery: float) -> float:
        capacity = stock(battery=battery, long_storage=0)
        storage = adequacy.storage_use(np, p, capacity=capacity, load=load)
        return float(adequacy.firm_capacity(np, p, capacity=capacity, storage=storage)[0])

    here = adequacy.storage_use(np, p, capacity=stock(battery=300, long_storage=0), load=load)
    assert_allclose(firm(300.5) - firm(299.5), here.marginal_credit[0], rtol=1e-5)
    assert_allclose(firm(1e6) - firm(0), 0.9 * 0.45 * 1000, rtol=1e-9)


def test_firm_need_of_the_present_system() -> None:
    p = power()[0].adequacy
    need = adequacy.firm_need(np, p, clock(2025.0), np.array([8760.0]))
    data = load_parameters()
    load_factor, reserve = (
        data[f"power.adequacy.{name}"].values[0] for name in ("load_factor", "reserve_margin")
    )
    assert 0.6 < load_factor < 0.8
    assert_allclose(need, 1000 / load_factor * (1.0 + reserve) * 0.98)


def test_firm_gap_counts_what_leaves_and_what_is_ordered() -> None:
    p, capacity, demand = power()[0], stock(), np.array([14000.0])
    _, storage = run(capacity, demand)

    def gap(retired: float, ordered: float) -> float:
        found = expansion.firm_gap(
            np,
            p.expansion,
            p.adequacy,
            clock(2035.0),
            fleet=expansion.Fleet(
                capacity, 0 * capacity, np.full((16, 1), retired), 1 + 0 * capacity
            ),
            outlook=expansion.Outlook(demand, np.zeros(1), capacity, capacity, COST, capacity),
            storage=storage,
            weights=np.ones((16, 1)),
            ordered=np.full((16, 1), ordered),
        )
        return float(found[0])

    credit = adequacy.marginal_credit(p.adequacy, storage).sum()
    need = adequacy.firm_need(np, p.adequacy, clock(2035.0), demand)
    have = adequacy.firm_capacity(np, p.adequacy, capacity=capacity, storage=storage)
    assert_allclose(gap(0, 0), (need - have)[0] / p.expansion.adjustment_time[0])
    assert_allclose(gap(10, 0) - gap(0, 0), 10 * credit)
    assert_allclose(gap(10, 4) - gap(10, 0), -4 * credit)
