"""How known series go on: the stock that people wanted, and what closes a total."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.equations import materials
from simulator.equations.materials import in_use
from simulator.reading.known import TABLE, known_until, load_known, load_rules, without_later
from simulator.reading.known_drift import drift
from simulator.reading.known_past import Past
from simulator.reading.known_stock import GOODS, OF, OUTPUT, recorded_part, wanted_part
from simulator.reading.known_switch import PLANNED, planned
from simulator.reading.library import shipped
from simulator.reading.parameters import load_parameters

DATA = load_parameters()


class World:
    """A world of one material with constants of its own, cement by its paths."""

    def __init__(self, outputs, **constants):
        self.outputs = outputs
        self.constants = constants

    def number(self, path):
        return self.constants[path.removeprefix("cement.in_use.")]

    def at(self, path, time):
        del path, time
        return 1000.0

    def series(self, path):
        assert path == OUTPUT["cement"]
        return tuple(2015.0 + year for year in range(len(self.outputs))), tuple(self.outputs)


def world(outputs, stock=100.0, life=50.0):
    ages = {f"initial.age_{age}": stock for age in (1, 2, 3, 4)}
    return World(outputs, lifetime=life, saturation=1.0, adjustment_time=10.0, **ages)


def test_a_stock_at_rest_wants_itself():
    """What wears out is replaced: 400 Mt of which 8 wear out, and 8 are made."""
    found = recorded_part(world([8.0, 8.0]), "cement")
    assert list(found.values()) == pytest.approx([0.4, 0.4])


def test_what_is_made_beyond_wear_is_the_gap_over_its_time():
    (part,) = recorded_part(world([8.0 + 1e-9]), "cement").values()
    (more,) = recorded_part(world([28.0]), "cement").values()
    # Half a year of 20 Mt more is in the stock, of which next to nothing has worn out.
    assert more - part == pytest.approx((20.0 * 10.0 + 10.0) / 1000.0, rel=1e-3)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(5.0, 60.0), min_size=3, max_size=8))
def test_it_is_the_demand_of_projections_turned_round(outputs):
    """The equation of projections makes the recorded output of the stock that was wanted."""
    here = world(outputs)
    parts = recorded_part(here, "cement")
    stock = np.full((4, 1, 1), 100.0)
    for year, made in enumerate(outputs):
        for step in range(64):
            if step == 32:
                worn = materials.wearing_out(stock, np.array([[50.0]]))
                wanted = 1000.0 * parts[2015.0 + year]
                assert worn + (wanted - stock.sum(axis=0)) / 10.0 == pytest.approx(made)
            change = in_use(np, stock, np.array([[made]]), np.array([[50.0]])).change
            stock = stock + change / 64


def test_growth_goes_on_to_the_whole_and_stays():
    times, values = wanted_part(world([30.0, 33.0, 36.0, 39.0]), "cement", 5.0)
    known = values[:4]
    rate = math.log(known[-1] / known[0]) / 3.0
    assert times[:5] == (2015.5, 2016.5, 2017.5, 2018.5, 2019.5)
    assert values[4] == pytest.approx(known[-1] * math.exp(rate))
    assert known[-1] < max(values) == 1.0
    assert all(later >= earlier for earlier, later in pairwise(values))


@pytest.mark.parametrize("outputs", [[70.0, 65.0, 60.0], [60.0, 90.0, 110.0]])
def test_what_falls_or_is_whole_stays(outputs):
    times, values = wanted_part(world(outputs, stock=150.0), "cement", 5.0)
    assert len(times) == len(values) == 3


def test_the_goods_are_those_of_the_data():
    assert all(f"{path}.saturation" in DATA for path in GOODS)


@pytest.mark.parametrize("material", OF)
def test_at_the_usual_end_it_is_what_was_shipped(material):
    """The stock wanted at the end of 2024 is the whole from which projections start."""
    found = recorded_part(Past(DATA, 2025.0), material)
    shipped_knots = DATA[f"{material}.maturity"]
    for year in (2018.0, 2024.0):
        then = np.interp(year + 0.5, shipped_knots.times, shipped_knots.values)
        assert found[year] == pytest.approx(then, abs=0.025)


def test_output_goes_on_without_a_break():
    past = Past(load_known(shipped(), 2021.0), 2021.0)
    for material in OF:
        known = recorded_part(past, material)
        times, values = wanted_part(past, material, 5.0)
        assert times[: len(known)] == tuple(year + 0.5 for year in known)
        assert values[: len(known)] == tuple(known.values())


@given(st.floats(-3.0, 3.0), st.floats(-5.0, 5.0), st.integers(4, 10))
def test_a_straight_line_drifts_on(change, start, years):
    values = [start + change * year for year in range(years)]
    expected = change if abs(change) > 1e-6 else 0.0
    assert drift(values, 5) == pytest.approx(expected, abs=1e-5)


def test_to_and_fro_stands_still():
    assert drift([1.0, -1.0, 1.0, -1.0, 1.0, -1.0], 5) == 0.0


def test_three_years_say_nothing_of_drift():
    assert drift([1.0, 2.0, 3.0], 5) == 0.0


ELECTRICITY_FACTOR = "groups.observed.unallocated_electricity.electricity_factor"
COAL_FACTOR = "groups.observed.unallocated_coal.coal_factor"


@pytest.mark.parametrize(
    ("end", "plan"), [(2017.0, 90), (2020.0, 90), (2021.0, 150), (2022.0, 200)]
)
def test_what_closes_electricity_rises_as_the_last_plan_asked_for(end, plan):
    known = load_known(shipped(), end)[ELECTRICITY_FACTOR]
    later = [
        value for time, value in zip(known.times, known.values, strict=True) if time >= end
    ]
    last = known.values[known.times.index(end - 1.0)]
    assert later[0] - last == pytest.approx(plan / 100.0)
    assert np.diff(later) == pytest.approx(plan / 100.0)


def test_coal_gives_way_until_none_is_left_and_what_is_not_there_stays():
    """8.5 PJ for a terawatt-hour of which 90 are planned: 0.765 of 1000 PJ a year."""
    early = load_known(shipped(), 2018.0)[COAL_FACTOR]
    last = early.values[early.times.index(2017.0)]
    later = [early.values[early.times.index(year)] for year in (2018.0, 2019.0, 2020.0, 2021.0)]
    assert later == pytest.approx([last - 0.765, last - 1.53, 0.0, 0.0])
    late = load_known(shipped(), 2021.0)[COAL_FACTOR]
    lasting = [
        value for time, value in zip(late.times, late.values, strict=True) if time >= 2020
    ]
    assert lasting[0] < 0.0
    assert set(lasting) == {lasting[0]}


def test_before_the_first_plan_and_without_one_residuals_drift():
    rules = load_rules(shipped().data / TABLE)
    without = {path: one for path, one in DATA.items() if path != PLANNED}
    assert planned(Past(DATA, 2016.0)) is planned(Past(without, 2021.0)) is None
    known = known_until(without, 2021.0, rules)
    power, coal = known[ELECTRICITY_FACTOR], known[COAL_FACTOR]
    first, last = power.values[0], power.values[5]
    assert power.values[6] - last == pytest.approx((last - first) / 5)
    assert coal.times[-1] == 2020.0


def test_a_scenario_that_holds_the_residual_itself_goes_on_with_the_plan_too():
    entries = {ELECTRICITY_FACTOR: DATA[ELECTRICITY_FACTOR]}
    found = without_later(entries, shipped(), 2021.0)[ELECTRICITY_FACTOR]
    assert found.values[6] - found.values[5] == pytest.approx(1.5)
