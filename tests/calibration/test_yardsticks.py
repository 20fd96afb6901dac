"""The two yardsticks: exact on what they assume, blind to what comes after the cut."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.yardsticks import errors, last_value, linear_trend

YEARS = np.arange(2012, 2025)
WANTED = np.arange(2021, 2025)


def test_the_last_value_is_carried_forward():
    assert last_value(YEARS, YEARS * 1.0, 2020, WANTED).tolist() == [2020.0] * 4


@given(st.floats(-5, 5), st.floats(10, 20))
def test_a_straight_line_goes_on(slope, start):
    values = start + slope * (YEARS - 2012.0)
    found = linear_trend(YEARS, values, 2020, WANTED)
    assert found == pytest.approx(start + slope * (WANTED - 2012.0), abs=1e-9)


def test_the_trend_is_drawn_through_five_years():
    """Years before them do not move it; with 2016 = 1 the line falls by 0.2 a year."""
    values = np.where(YEARS == 2016, 1.0, 0.0)
    assert linear_trend(YEARS, values, 2020, WANTED)[0] == pytest.approx(0.2 - 0.2 * 3)
    values = np.where(YEARS == 2015, 1.0, 0.0)
    assert linear_trend(YEARS, values, 2020, WANTED).tolist() == [0.0] * 4


def test_what_comes_after_the_cut_does_not_matter():
    values = np.sin(YEARS * 1.0)
    other = np.where(YEARS > 2020, 99.0, values)
    for yardstick in (last_value, linear_trend):
        assert (
            yardstick(YEARS, values, 2020, WANTED) == yardstick(YEARS, other, 2020, WANTED)
        ).all()


def test_without_a_past_there_is_no_forecast():
    late = np.array([2021, 2022, 2023, 2024])
    assert np.isnan(last_value(late, late * 1.0, 2020, WANTED)).all()
    assert np.isnan(linear_trend(late, late * 1.0, 2021, WANTED)).all()


def test_errors_are_relative_and_signed():
    found = errors(np.array([110.0, 80.0]), np.array([100.0, 100.0]))
    assert found == pytest.approx((0.15, -0.05))
    assert math.isnan(errors(np.array([np.nan]), np.array([1.0])).absolute)
