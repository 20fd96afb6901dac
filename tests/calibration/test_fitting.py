"""Least squares with priors: known answers, honest intervals, and the same bits twice."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from calibration import fitting
from calibration.evidence import LEVEL as LEVEL_PART
from calibration.evidence import (
    PERSISTENCE,
    Series,
    covariance,
    innovations,
    misfit,
    weighted,
)
from calibration.fitting import NORMAL_95, fit
from calibration.knobs import SIGMAS, Knob

YEARS = np.arange(2015, 2025)
NOISE = np.array([0.3, -0.2, 0.1, 0.25, -0.3, 0.05, -0.1, 0.2, -0.25, 0.15])


def knob(path: str, centre: float = 1.0, low: float = 0.5, high: float = 2.0) -> Knob:
    return Knob("test", path, "1", centre, low, high, why="")


class Growing:
    """A model that can be solved by hand, level exp(rate t); a third knob does nothing."""

    def __init__(self, *knobs: Knob) -> None:
        self.knobs = knobs
        self.years = YEARS
        self.runs = 0

    def tables(self, coordinates: np.ndarray) -> list[np.ndarray]:
        self.runs += 1
        time = (YEARS - 2015) / 10
        level, rate = coordinates[:, :1], coordinates[:, 1:2]
        return [np.exp(level + rate * time)]


LEVEL, RATE, IDLE = knob("level"), knob("rate", 0.5, -1.0, 2.0), knob("idle")


def observed(level: float, rate: float, noise: float = 0.0, unsure: float = 0.02) -> Series:
    time = (YEARS - 2015) / 10
    values = np.exp(level + rate * time + noise * NOISE)
    return Series("test", YEARS, values, np.full(len(YEARS), unsure))


def test_what_was_put_in_is_found() -> None:
    found = fit(Growing(LEVEL, RATE, IDLE), [observed(0.3, 1.2, unsure=1e-4)])
    assert_allclose(found.coordinates[:2], [0.3, 1.2], atol=1e-4)
    assert_allclose(found.values[0], math.exp(0.3), rtol=1e-4)
    assert_allclose(found.after[0], 0.0, atol=1e-4)


def test_the_covariance_is_that_of_linear_regression() -> None:
    """Generalised least squares with the covariance written out, prior included."""
    unsure = 0.05
    found = fit(Growing(LEVEL, RATE), [observed(0.2, 0.7, unsure=unsure)])
    assert found.sizes[0] < 0.1 * unsure
    design = np.column_stack([np.ones(10), (YEARS - 2015) / 10])
    lag = np.abs(np.subtract.outer(YEARS, YEARS))
    written = unsure**2 * (LEVEL_PART + (1 - LEVEL_PART) * PERSISTENCE**lag)
    written += found.sizes[0] ** 2 * PERSISTENCE**lag
    precision = design.T @ np.linalg.solve(written, design)
    precision += np.diag([1 / LEVEL.spread**2, 1 / RATE.spread**2])
    assert_allclose(found.covariance, np.linalg.inv(precision), rtol=1e-6)
    low, high = found.interval(1)
    half = NORMAL_95 * math.sqrt(np.linalg.inv(precision)[1, 1])
    assert_allclose([low, high], found.coordinates[1] + np.array([-half, half]), rtol=1e-6)


def test_what_history_does_not_tell_of_keeps_its_prior() -> None:
    found = fit(Growing(LEVEL, RATE, IDLE), [observed(0.3, 1.2)])
    assert_allclose(found.spread[2], IDLE.spread)
    assert_allclose(found.coordinates[2], IDLE.inner(IDLE.centre), atol=1e-6)
    assert_allclose(found.correlation[2, :2], 0.0, atol=1e-9)
    assert (found.spread[:2] < found.prior[:2]).all()


def test_a_knob_that_only_lessens_errors_of_the_model_stays_and_the_others_fit_without_it() -> (
    None
):
    """A third knob bends the series a little, as noise does that no knob should follow."""

    class Bent(Growing):
        def tables(self, coordinates: np.ndarray) -> list[np.ndarray]:
            (table,) = super().tables(coordinates)
            return [table * np.exp(0.02 * coordinates[:, 2:3] * NOISE)]

    series = [observed(0.3, 1.2, noise=0.3, unsure=0.02)]
    found = fit(Bent(LEVEL, RATE, IDLE), series)
    assert found.informed.tolist() == [True, True, False]
    assert found.coordinates[2] == IDLE.inner(IDLE.centre)
    alone = fit(Growing(LEVEL, RATE), series)
    assert_allclose(found.coordinates[:2], alone.coordinates, atol=1e-4)
    assert found.spread[2] < IDLE.spread


def test_where_history_tells_of_nothing_everything_stays() -> None:
    found = fit(Growing(IDLE, IDLE), [observed(0.3, 1.2, unsure=50.0)])
    assert not found.informed.any()
    assert (found.coordinates == [IDLE.inner(IDLE.centre)] * 2).all()


def test_nothing_is_bent_beyond_its_range() -> None:
    found = fit(Growing(LEVEL, RATE), [observed(0.3, 2.6, unsure=0.05)])
    assert RATE.high - 0.05 < found.values[1] <= RATE.high
    low, high = found.interval(1)
    assert RATE.low <= low <= high <= RATE.high


def test_a_series_that_the_model_cannot_follow_widens_the_intervals() -> None:
    good = fit(Growing(LEVEL, RATE), [observed(0.3, 1.0, unsure=0.01)])
    rough = fit(Growing(LEVEL, RATE), [observed(0.3, 1.0, noise=1.0, unsure=0.01)])
    assert rough.sizes[0] > 0.1
    assert (rough.spread > 2 * good.spread).all()


def test_twice_gives_the_same_bits() -> None:
    first, second = (
        fit(Growing(LEVEL, RATE, IDLE), [observed(0.3, 1.2, noise=0.5)]) for _ in range(2)
    )
    assert first.coordinates.tobytes() == second.coordinates.tobytes()
    assert first.covariance.tobytes() == second.covariance.tobytes()


def test_a_series_off_by_five_per_cent_moves_less_than_the_interval() -> None:
    series = observed(0.3, 1.0, noise=0.3)
    base = fit(Growing(LEVEL, RATE), [series])
    moved = fit(Growing(LEVEL, RATE), [series._replace(values=1.05 * series.values)])
    short = Series("test", YEARS[:-1], series.values[:-1], series.uncertainty[:-1])
    cut = fit(Growing(LEVEL, RATE), [short])
    for other in (moved, cut):
        assert (np.abs(other.coordinates - base.coordinates) < 2 * base.spread).all()
    assert not np.array_equal(moved.coordinates, base.coordinates)
    assert not np.array_equal(cut.coordinates, base.coordinates)


def test_residuals_and_derivatives_of_a_point_cost_one_run() -> None:
    model = Growing(LEVEL, RATE)
    problem = fitting._Problem(model, [observed(0.3, 1.0)])
    point = problem.centre
    problem.residuals(point)
    problem.jacobian(point)
    problem.misfits(point)
    assert model.runs == 1


def test_derivatives_are_those_of_the_residuals() -> None:
    problem = fitting._Problem(Growing(LEVEL, RATE), [observed(0.3, 1.0)])
    problem.sizes = (0.1,)
    point, step = np.array([0.1, 0.4]), 1e-4
    slope = problem.jacobian(point)
    for place in range(2):
        away = step * np.eye(2)[place]
        numeric = problem.residuals(point + away) - problem.residuals(point - away)
        assert_allclose(slope[:, place], numeric / (2 * step), rtol=1e-6, atol=1e-8)


@given(st.floats(0.01, 100), st.floats(1.01, 5), st.floats(0, 1))
def test_priors_in_ratios_are_two_sigma_to_the_ends(
    low: float, width: float, part: float
) -> None:
    one = knob("x", centre=low * width**part, low=low, high=low * width)
    assert_allclose(one.outer(one.inner(one.centre)), one.centre)
    assert_allclose(2 * SIGMAS * one.spread, math.log(width), rtol=1e-6)


def test_a_range_that_holds_zero_is_counted_in_differences() -> None:
    one = knob("x", centre=-0.1, low=-0.25, high=0.0)
    assert one.inner(-0.1) == -0.1
    assert_allclose(one.spread, 0.0625)
    assert one.outer(7.0) == 0.0


def test_innovations_take_out_what_persists() -> None:
    steady = 0.3 * PERSISTENCE ** np.arange(6)[np.newaxis]
    assert_allclose(innovations(steady)[0, 1:], 0.0, atol=1e-15)
    noise = np.random.default_rng(1).normal(size=(1, 200_000))
    error = noise.copy()
    for year in range(1, noise.shape[1]):
        error[:, year] = (
            PERSISTENCE * error[:, year - 1] + math.sqrt(1 - PERSISTENCE**2) * noise[:, year]
        )
    assert_allclose(innovations(error), noise, atol=1e-9)
    assert_allclose(misfit(error), 1.0, rtol=0.01)


@given(st.floats(0.0, 1.0), st.floats(0.001, 1.0))
def test_weighted_residuals_are_independent_and_of_size_one(size: float, unsure: float) -> None:
    series = observed(0.0, 0.0, unsure=unsure)
    root = np.linalg.cholesky(covariance(series, size))
    assert_allclose(weighted([series], [root.T], [size]), np.eye(10), atol=1e-9)
    assert_allclose(np.diag(covariance(series, size)), unsure**2 + size**2)


def test_an_error_of_the_level_counts_less_than_one_that_changes() -> None:
    series = observed(0.0, 0.0, unsure=0.05)
    same, swinging = np.full((1, 10), 0.05), 0.05 * (-1.0) ** YEARS[np.newaxis]
    level, swing = (
        float((weighted([series], [error], [0.0]) ** 2).sum()) for error in (same, swinging)
    )
    assert 1.0 < level < 2.0
    assert swing > 10 * level
