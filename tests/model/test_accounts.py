"""Accounts of money: what is rebuilt is paid for, by the fleet that is rebuilt."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulator.model.accounts import _rebuilding
from simulator.model.layout import FLEETS
from simulator.model.national import NationalModel
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load


def test_rebuilding_a_plant_costs_what_the_data_say():
    model = NationalModel([load("current_policies").resolved])
    block = model.parameters.fleets
    kilns = model.layout.fleets[FLEETS.index("clinker")]
    arcs = [tuple(arc) for arc in kilns.declaration.retrofits]
    start = sum(
        len(f.declaration.retrofits) for f in model.layout.fleets[: FLEETS.index("clinker")]
    )
    converted = np.zeros((len(block.brownfield.capital), 1))
    converted[start : start + len(arcs)] = 2.0
    shape = (len(FLEETS), model.layout.places, 1)
    building = SimpleNamespace(additions=np.zeros(shape), converted=converted)
    spent = _rebuilding(np, block, building)[:, 0]
    known = load_parameters()
    paths = [f"cement.technologies.{target}.retrofit_cost" for _, target in arcs]
    cost = [known[path].values[0] for path in paths if path in known]
    assert sum(cost) > 1000.0
    assert spent[FLEETS.index("clinker")] == pytest.approx(2.0 * sum(cost))
    assert np.count_nonzero(spent) == 1
