"""Weights by history: the best member counts most, and enough of them are left."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from calibration.evidence import Series, covariance, misfit
from calibration.weighting import KEPT, effective, weigh, weights_of
from simulator.reading.scenario import load
from simulator.reading.sweep import load_ensemble

YEARS = np.arange(2015, 2025)
SERIES = Series("test", YEARS, np.ones(10), np.full(10, 0.05))


def off(*sizes: float) -> np.ndarray:
    """Errors of members that are off by so much in every year, the median member first."""
    return np.array(sizes)[:, np.newaxis] * np.ones(10)


def test_the_weight_is_the_likelihood() -> None:
    found = weights_of([SERIES], [off(0.02, 0.0, 0.03, -0.03)])
    inverse = np.linalg.inv(covariance(SERIES, misfit(off(0.02))))
    cost = 0.5 * 0.03**2 * inverse.sum()
    assert_allclose(found.log_likelihood, [0.0, -cost, -cost])
    assert found.power == 1.0
    assert_allclose(found.values[1] / found.values[0], np.exp(-cost))
    assert_allclose(found.values.sum(), 1.0)


def test_two_series_multiply() -> None:
    one = weights_of([SERIES], [off(0.02, 0.0, 0.03)])
    two = weights_of([SERIES, SERIES], [off(0.02, 0.0, 0.03)] * 2)
    assert_allclose(two.log_likelihood, 2 * one.log_likelihood)


def test_enough_members_are_left() -> None:
    errors = off(0.01, *np.linspace(0.0, 5.0, 200))
    found = weights_of([SERIES], [errors])
    assert 0 < found.power < 1
    assert_allclose(found.effective, KEPT * 200, rtol=1e-6)
    assert found.values.argmax() == 0
    assert (np.diff(found.values) <= 0).all()


def test_a_member_that_did_not_run_counts_nothing() -> None:
    errors = off(0.02, 0.0, 0.01, 0.02)
    errors[3] = np.nan
    found = weights_of([SERIES], [errors])
    assert found.values[2] == 0.0
    assert_allclose(found.values.sum(), 1.0)


def test_equal_weights_are_as_many_as_there_are() -> None:
    assert_allclose(effective(np.full(8, 1 / 8)), 8.0)


@pytest.mark.slow
def test_members_that_tell_the_past_better_count_more() -> None:
    sweep = load_ensemble(load("frozen"), 40, 1)
    first, second = weigh(sweep), weigh(sweep)
    assert first.values.tobytes() == second.values.tobytes()
    assert first.effective >= KEPT * 40 * (1 - 1e-9)
    place = [item.key for item in sweep.inputs].index("cement.in_use.saturation")
    drawn = sweep.table[:, place]
    mean = first.values @ drawn
    assert np.sqrt(first.values @ (drawn - mean) ** 2) < 0.8 * drawn.std()
