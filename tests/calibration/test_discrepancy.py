"""What the model cannot know, from its errors at earlier cuts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration import discrepancy as module
from calibration.discrepancy import (
    FIRST_ORIGIN,
    Discrepancy,
    PastError,
    discrepancy,
    estimate,
    growth,
    past_errors,
    widened,
)
from calibration.heldout import Point
from simulator.errors import ScenarioError
from simulator.reading.scenario import load

YEARS = range(2015, 2025)


@pytest.fixture
def forecasts(monkeypatch):
    """Forecasts of a growing world that are off by a tenth a year; yields what was observed."""
    world = {year: 100.0 + 3.0 * (year - 2015) for year in YEARS}

    def held_out(origin, scenario):
        del scenario
        return tuple(
            Point(origin, name, "Mt", year, world[year], off, off / 2.0, 1.0, 1.0)
            for name in ("output.cement", "output.crude_steel")
            for year in YEARS
            if year > origin
            for off in [(100.0 + 3.0 * (year - 2015)) * np.exp(0.1 * (year - origin))]
        )

    monkeypatch.setattr(module, "held_out", held_out)
    module._forecast.cache_clear()
    yield world
    module._forecast.cache_clear()


def test_errors_are_those_of_every_earlier_origin_in_known_years(forecasts):
    assert forecasts
    found = past_errors(2020, load("frozen"))
    assert {one.origin for one in found} == {2016, 2017, 2018, 2019}
    assert {one.origin + one.lead for one in found} == {2017, 2018, 2019, 2020}
    assert [one.error / one.lead for one in found] == pytest.approx([0.1] * len(found))


def test_nothing_observed_after_the_cut_is_read(forecasts):
    before = discrepancy(2020, load("frozen"))
    for year in (2021, 2022, 2023, 2024):
        forecasts[year] *= 7.0
    module._forecast.cache_clear()
    assert discrepancy(2020, load("frozen")) == before
    forecasts[2020] *= 1.01
    module._forecast.cache_clear()
    assert discrepancy(2020, load("frozen")) != before


def test_errors_of_the_run_that_is_judged_count(forecasts):
    assert forecasts
    half = past_errors(2020, load("frozen"), "observed")[0].error
    assert half == pytest.approx(past_errors(2020, load("frozen"))[0].error - np.log(2.0))


def test_before_there_are_two_origins_nothing_is_said():
    with pytest.raises(ScenarioError, match="2017"):
        past_errors(FIRST_ORIGIN)


def some(name, errors, origins=(2016, 2017, 2018, 2019)):
    return [PastError(name, o, lead, error) for o in origins for lead, error in errors.items()]


@given(st.floats(0.05, 0.95), st.floats(0.001, 0.5))
def test_growth_with_the_lead_is_found_again(power, size):
    errors = some("co2.coal", {lead: size * lead**power for lead in (1, 2, 3, 4)})
    assert growth(errors) == pytest.approx(power)
    assert growth([one._replace(error=-one.error) for one in errors]) == pytest.approx(power)


def test_growth_stays_between_none_and_a_drift():
    assert growth(some("a.b", {1: 0.1, 2: 0.01})) == 0.0
    assert growth(some("a.b", {1: 0.01, 2: 0.2})) == 1.0


def test_a_series_like_its_family_has_the_size_of_its_errors():
    flat = {1: 0.03, 2: -0.03, 3: 0.03, 4: -0.03}
    found = estimate([*some("output.cement", flat), *some("output.crude_steel", flat)])
    assert found.growth == pytest.approx(0.0)
    assert found.freedom == 4
    assert found.spread("output.cement", 3) == pytest.approx(0.03)
    assert found.spread("a series that had not begun", 3) == pytest.approx(0.03)


def test_an_odd_series_is_wider_and_does_not_widen_its_family():
    flat = dict.fromkeys((1, 2, 3, 4), 0.02)
    usual = [one for name in "abc" for one in some(f"output.{name}", flat)]
    odd = some("output.odd", dict.fromkeys(flat, 0.4))
    alone, together = estimate(usual), estimate([*usual, *odd])
    assert together.size["output.a"] == pytest.approx(alone.size["output.a"])
    assert together.size["output.odd"] > 0.3


def test_members_that_are_as_wide_are_not_widened():
    column = np.exp(np.random.default_rng(1).normal(0.0, 0.1, 4000))
    draws = np.random.default_rng(2).standard_normal(4000)
    narrow, wide = (Discrepancy({"x": size}, 0.0, 0.0, 4) for size in (0.05, 0.3))
    assert widened(column, "x", 1, narrow, draws) == pytest.approx(column)
    spread = np.log(widened(column, "x", 1, wide, draws)).std()
    assert spread == pytest.approx(0.3, rel=0.05)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_bands_of_errors_like_those_before_hold_nine_points_in_ten(seed):
    """Many series whose errors are a random walk: what comes lies in the band as it should."""
    random = np.random.default_rng(seed)
    inside = []
    for _ in range(150):
        steps = random.normal(0.0, 0.04, (5, 4)).cumsum(axis=1)
        errors = [
            PastError("co2.coal", 2016 + origin, lead + 1, float(steps[origin, lead]))
            for origin in range(4)
            for lead in range(4 - origin)
        ]
        found = estimate(errors)._replace(growth=0.5)
        size = found.size["co2.coal"]
        draws = random.standard_t(found.freedom, 400)
        low, high = np.quantile(size * draws, (0.05, 0.95))
        inside.append(low <= steps[4, 0] <= high)
    assert 0.8 <= np.mean(inside) <= 0.98


def test_points_are_told_apart_by_scenario(forecasts):
    assert forecasts
    one = load("frozen")
    other = one.replace({"horizon.end": 2050})
    assert module._Same("a", one) == module._Same("a", other)
    assert module._Same("a", one) != replace(module._Same("a", one), digest="b")
