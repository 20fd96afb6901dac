"""Makers in the whole model: history as observed, and afterwards output moves with sales."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from simulator.model.assembly.groups import DRIVERS, load_groups
from simulator.model.assembly.making import GOODS
from simulator.model.national import NationalModel
from simulator.model.record import Record, record_of
from simulator.reading.scenario import load
from simulator.solvers.reference import solve

FOLLOWERS = {
    "vehicles": "vehicle_manufacturing",
    "machines": "construction_machinery_manufacturing",
    "batteries": "battery_manufacturing",
    "aluminium": "aluminium_products",
}
ELECTRICAL = ("battery_manufacturing", "electrical_equipment")
AFTER = slice(9, None)
"""Years whose end lies after observed history."""


@pytest.fixture(scope="module")
def run() -> tuple[NationalModel, Record]:
    model = NationalModel([load("national_targets").replace({"horizon.end": 2035}).resolved])
    return model, record_of(solve(model, relative_tolerance=1e-6))


@pytest.mark.parametrize("good", GOODS)
def test_the_index_of_a_maker_moves_with_what_it_plans(run, good):
    model, record = run
    group = model.groups.groups.names.index(FOLLOWERS[good])
    plan = np.log(record.after.makers.planned[AFTER, GOODS.index(good), 0])
    index = record.after.groups.log_activity[AFTER, group, 0]
    assert_allclose(np.diff(index), np.diff(plan), atol=1e-5)
    assert np.ptp(plan) > 0.05


def test_only_makers_of_goods_follow_goods():
    groups = load_groups()
    marks = groups.follows()[:, :, 0]
    for good, group in FOLLOWERS.items():
        row = marks[DRIVERS.index(good)]
        assert row.sum() == 1.0
        assert row[groups.names.index(group)] == 1.0


def test_batteries_and_electrical_equipment_keep_their_observed_sum(run):
    """Electricity and value added of both together are those of electrical machinery."""
    model, _ = run
    block, values = model.groups, model.values
    places = [block.groups.names.index(name) for name in ELECTRICAL]
    base = block.parameters.base_energy.sum(axis=0)[places, 0]

    def observed(name: str) -> np.ndarray:
        paths = [f"groups.observed.{group}.{name}" for group in ELECTRICAL]
        return np.stack([values.knots(path, "1")[0][1] for path in paths])

    index = base @ observed("activity")
    energy = base @ (observed("activity") * observed("electricity_factor"))
    assert_allclose(base.sum(), 92 * 3.6, rtol=1e-6)
    assert_allclose(index[[0, 5, 9]] / base.sum(), [0.702264, 1.0, 1.64029], rtol=1e-6)
    assert_allclose(energy, index, rtol=1e-6)
