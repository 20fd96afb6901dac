"""Bands around a hindcast: what members move, and what part of the points they hold."""

import numpy as np
import pytest

from calibration import bands as module
from calibration.bands import Outlook, bands, load_outlooks
from calibration.discrepancy import Discrepancy
from calibration.heldout import Point, blind
from calibration.stages import load_knobs, not_of_later_years
from simulator.reading.known import TABLE, UNCHANGED, load_rules, rule_of
from simulator.reading.library import shipped
from simulator.reading.scenario import load

EARLY = blind(load("frozen"), 2020).resolved


def entry(path, kind, factor):
    (found,) = Outlook(path, kind, 0.0, 2.0, "").entries(EARLY, factor)
    return found


def test_a_level_steps_where_history_ends():
    found = entry("coal_mining.import_share", "level", 1.5)
    known = EARLY.parameters.find("coal_mining.import_share")
    assert found.values[: len(known.values)] == known.values
    assert found.times[-2:] == (2021.0, 2021.0)
    assert found.values[-1] == pytest.approx(1.5 * known.values[-1])


@pytest.mark.parametrize(("factor", "growth"), [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)])
def test_a_rate_stops_goes_on_or_doubles(factor, growth):
    path = "steel.maturity"
    found, known = entry(path, "rate", factor), EARLY.parameters.find(path)

    def level(one, time):
        return float(np.interp(time, one.times, one.values))

    assert level(found, 2020.0) == level(known, 2020.0)
    trend = np.log(level(known, 2024.5) / level(known, 2021.0))
    assert np.log(level(found, 2024.5) / level(found, 2021.0)) == pytest.approx(growth * trend)


def test_draws_stay_inside_their_range():
    one = Outlook("steel.maturity", "rate", 0.0, 2.0, "")
    assert (one.factor(0.0), one.factor(-9.0), one.factor(9.0)) == (1.0, 0.0, 2.0)
    assert one.factor(1.0) == pytest.approx(1.5)


def test_every_outlook_moves_something_and_history_nowhere():
    for one in load_outlooks():
        moved = list(one.entries(EARLY, one.high))
        assert moved, one.path
        for found in moved:
            known = EARLY.parameters.find(found.path)
            past = np.arange(2015.0, 2021.0, 0.5)
            now = np.interp(past, found.times, found.values)
            then = np.interp(past, known.times or (2015.0,), known.values)
            assert now == pytest.approx(then)


def test_no_behaviour_is_drawn_around_a_number_of_later_years():
    rules = load_rules(shipped().data / TABLE)
    paths = [knob.path for knob in not_of_later_years(load_knobs())]
    assert len(paths) > 50
    assert "vehicles.ownership.income_response" not in paths
    decided = [rule_of(rules, path) for path in paths]
    assert {rule.rule for rule in decided if rule is not None} <= UNCHANGED


def made(name, year, observed):
    return Point(2020, name, "", year, observed, 1.0, 1.0, 1.0, 1.0)


NOTHING = Discrepancy({}, 0.0, 1.0, 4)
"""A model that lacks nothing."""


@pytest.fixture
def spread_evenly(monkeypatch):
    """Members of 0 to 100 in every year and series."""
    column = np.linspace(0.0, 100.0, 101)

    def run(scenarios, base, comparisons):
        del base
        assert len(scenarios) == 101
        return [2021], {item.name: column[:, np.newaxis] for item in comparisons}

    monkeypatch.setattr(module, "_run", run)
    return monkeypatch


POINTS = [made("output.cement", 2021, x) for x in (4.0, 50.0, 94.0, 96.0)]


def test_coverage_is_the_part_of_the_points_inside(spread_evenly):
    spread_evenly.setattr(module, "discrepancy", lambda *_: NOTHING)
    found = bands(2020, POINTS, 101, load("frozen"))
    assert found.ends[2020, "output.cement", 2021] == pytest.approx((5.0, 95.0))
    assert found.coverage == found.coverage_of_members == 0.5


def test_what_the_model_lacks_widens_the_band_and_members_alone_stay(spread_evenly):
    lacking = Discrepancy({"output.cement": 2.0}, 0.0, 1.0, 4)
    spread_evenly.setattr(module, "discrepancy", lambda *_: lacking)
    found = bands(2020, POINTS, 101, load("frozen"))
    low, high = found.ends[2020, "output.cement", 2021]
    assert low < 4.0
    assert high > 96.0
    assert (found.coverage, found.coverage_of_members) == (1.0, 0.5)


def test_with_observed_drivers_no_outlook_on_them_is_drawn():
    kept = [one.path for one in load_outlooks() if not one.of_drivers]
    assert "common.gdp_growth" not in kept
    assert "steel.net_export" not in kept
    assert not [path for path in kept if path.startswith("common.price")]
    assert "groups.*.elasticity" in kept


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bands():
    points = [made("co2.total", 2024, 12289.0), made("capacity.solar", 2024, 887.0)]
    one, two, other = (bands(2020, points, 6, seed=seed) for seed in (1, 1, 2))
    assert one == two
    assert one.ends != other.ends
    low, high = one.ends[2020, "co2.total", 2024]
    assert 8000 < low < high < 18000
